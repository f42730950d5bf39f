"""Spreadsheets that are really web pages or flat XML, though their name ends in .xls.

Many shop systems write an HTML table, or Excel's XML of 2003, and call it .xls; Excel opens both
with a shrug, and so does this module.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from xml.parsers import expat

from lib.trade.orders.sheets.errors import Unreadable
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.tables import Area
from lib.trade.orders.sheets.workbooks import Plain

_SPAN_LIMIT = 1_000


def looks_like(text: str) -> bool:
    """Return whether ``text`` is an HTML table or an Excel 2003 XML document."""
    head = text[:4_000].lstrip("\ufeff \t\r\n").lower()
    if not head.startswith("<"):
        return False
    return "<table" in text[:20_000].lower() or "<workbook" in head or ":workbook" in head


def sheets(
    data: bytes, text: str, limits: Limits
) -> Iterator[tuple[dict[str, object], Iterator[tuple[int, list[Plain]]]]]:
    """Yield (description, rows) of every table. Raises :class:`Unreadable`."""
    head = text[:4_000].lower()
    flat = "<workbook" in head or ":workbook" in head
    tables = _flat_xml(data, limits) if flat else _html(text, limits)
    if len(tables) > limits.sheets:
        raise Unreadable("too_many_sheets", limit=limits.sheets)
    for number, table in enumerate(tables, 1):
        description: dict[str, object] = {
            "name": table.name or (str(number) if len(tables) > 1 else ""),
            "hidden": False,
            "merged": table.merged,
            "hidden_rows": [],
        }
        yield description, _rows(table)


class _Table:
    """Cells by place, with what was merged."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.cells: dict[tuple[int, int], Plain] = {}
        self.taken: set[tuple[int, int]] = set()
        self.merged: list[Area] = []
        self.row, self.column = -1, 0

    def next_row(self, number: int | None = None) -> None:
        self.row = self.row + 1 if number is None else number
        self.column = 0
        if self.row >= self.limits.rows:
            raise Unreadable("too_many_rows", sheet=self.name or "1", limit=self.limits.rows)

    def put(self, value: Plain, across: int, down: int) -> None:
        while (self.row, self.column) in self.taken:
            self.column += 1
        if self.column >= self.limits.columns:
            raise Unreadable("too_many_columns", sheet=self.name or "1", limit=self.limits.columns)
        if value is not None:
            self.cells[self.row, self.column] = value
        if across > 1 or down > 1:
            last = (self.row + down - 1, self.column + across - 1)
            self.merged.append((self.row, self.column, *last))
            for row in range(self.row, last[0] + 1):
                self.taken.update((row, column) for column in range(self.column, last[1] + 1))
        self.column += across
        if len(self.cells) + len(self.taken) > self.limits.cells:
            raise Unreadable("too_many_cells", limit=self.limits.cells)


def _rows(table: _Table) -> Iterator[tuple[int, list[Plain]]]:
    rows: dict[int, list[Plain]] = {}
    for (row, column), value in sorted(table.cells.items()):
        cells = rows.setdefault(row, [])
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value
    yield from rows.items()


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _SPAN_LIMIT) if text and text.strip().isdecimal() else 1


class _Page(HTMLParser):
    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.tables: list[_Table] = []
        self.text: list[str] | None = None
        self.spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "table":
            self.tables.append(_Table("", self.limits))
        elif tag == "tr" and self.tables:
            self.close_cell()
            self.tables[-1].next_row()
        elif tag in ("td", "th") and self.tables:
            self.close_cell()
            self.text, self.spans = [], (_span(named.get("colspan")), _span(named.get("rowspan")))
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.close_cell()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def close_cell(self) -> None:
        if self.text is None or not self.tables:
            return
        text = "".join(self.text).strip().replace("\xa0", " ")
        self.text = None
        if self.tables[-1].row < 0:
            self.tables[-1].next_row()
        self.tables[-1].put(text or None, *self.spans)


def _html(text: str, limits: Limits) -> list[_Table]:
    page = _Page(limits)
    page.feed(text)
    page.close()
    page.close_cell()
    return [table for table in page.tables if table.cells]


class _FlatXml:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.tables: list[_Table] = []
        self.text: list[str] | None = None
        self.kind, self.spans = "String", (1, 1)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        named = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if element == "Worksheet":
            self.tables.append(_Table(named.get("Name", ""), self.limits))
        elif element == "Row" and self.tables:
            index = named.get("Index")
            self.tables[-1].next_row(int(index) - 1 if index else None)
        elif element == "Cell" and self.tables:
            if index := named.get("Index"):
                self.tables[-1].column = int(index) - 1
            across, down = named.get("MergeAcross", "0"), named.get("MergeDown", "0")
            self.spans = (min(int(across), _SPAN_LIMIT) + 1, min(int(down), _SPAN_LIMIT) + 1)
            self.kind, self.text = "String", []
        elif element == "Data":
            self.kind = named.get("Type", "String")

    def end(self, name: str) -> None:
        if name.rpartition(" ")[2] == "Cell" and self.text is not None and self.tables:
            text = "".join(self.text)
            self.text = None
            if self.tables[-1].row < 0:
                self.tables[-1].next_row()
            self.tables[-1].put(self.value(text), *self.spans)

    def value(self, text: str) -> Plain:
        if not text.strip():
            return None
        if self.kind == "DateTime":
            return {"d": text.strip().removesuffix(".000")}
        if self.kind == "Error":
            return {"e": text.strip()}
        return text

    def characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)


def _flat_xml(data: bytes, limits: Limits) -> list[_Table]:
    reading = _FlatXml(limits)
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise Unreadable("unsafe_entities")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.characters
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable("damaged") from error
    return [table for table in reading.tables if table.cells]
