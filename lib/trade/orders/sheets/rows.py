"""What a row of an order list says: who, which goods, how much money."""

import re
from dataclasses import dataclass, field

from lib.kernel.words import N_
from lib.trade.orders.sheets import goods, values
from lib.trade.orders.sheets.goods import Doubt
from lib.trade.orders.sheets.headings import Field, meaning
from lib.trade.orders.sheets.kinds import MONEY_FIELDS, WHO_FIELDS, Kind, kind_of
from lib.trade.orders.sheets.mapping import Heading, Table
from lib.trade.orders.sheets.orders import Origin, Problem, SheetLine
from lib.trade.orders.sheets.tables import Cell, Fault
from lib.trade.orders.sheets.values import folded, is_blank, text_of

UNREADABLE_MONEY = N_("{text} is not an amount of money")
UNREADABLE_COUNT = N_("{text} is not a quantity")
UNSOLVED = N_("the formula in this cell has no stored result; open and save the file in Excel")
PARALLEL_MISMATCH = N_("{text}: as many quantities as products are needed")
SEVERAL_ONE_COUNT = N_("{text}: the quantity does not say how much of each product")
COUNT_CONFLICT = N_("{text}: the goods cell and the quantity column differ; the column was taken")
NO_PRODUCT = N_("the list does not say which product; only the quantity is known")
TITLE_PRODUCT = N_("the list has no column of products; {text} was taken from its title")
ZERO_COUNT = N_("{text}: a quantity of 0 was left out")


@dataclass(slots=True)
class RowRead:
    """What one data row says; amounts in fen, ``None`` where nothing stands."""

    row: int
    who: dict[Field, str] = field(default_factory=dict)
    lines: list[SheetLine] = field(default_factory=list)
    money: dict[Field, int | None] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    embedded: bool = False


class RowReader:
    """Reads the data rows of one table with one mapping."""

    def __init__(self, table: Table, known: frozenset[str] = frozenset()) -> None:
        self.table, self.mapping, self.known = table, table.mapping, known
        self.prices = self._price_row()

    def _price_row(self) -> dict[int, int | None]:
        """Return column → fen from a row of prices under the product headings."""
        for row in self.table.body if self.mapping.products else ():
            if kind_of(self.table, row) is Kind.PRICES:
                return {
                    column.index: _or_none(self.table.sheet.cell(row, column.index))
                    for column in self.mapping.products
                }
        return {}

    def read(self, row: int) -> RowRead:
        """Return what ``row`` says; cells that cannot be read become problems of the row."""
        found = RowRead(row)
        for name in WHO_FIELDS:
            found.who[name] = self._who(row, name, found)
        self._template(row, found)
        for name in MONEY_FIELDS:
            found.money[name] = self._money(row, self.mapping.columns.get(name), found)
        if self.mapping.products:
            self._pivot_lines(row, found)
            return found
        sets = [self.mapping.columns, *self.mapping.more_goods]
        for columns in sets:
            self._lines(row, columns, found)
        return found

    def _template(self, row: int, found: RowRead) -> None:
        """Take name and place out of a cell of lines such as ``楼栋:12幢``, ``称呼:老陈``."""
        for key, value in template(self.table.spread_cell(row, Field.TEMPLATE)).items():
            if key is Field.RECEIVER and not re.search(r"[^\d*+ -]", found.who[Field.BUYER]):
                found.who[Field.BUYER] = value
            elif key in found.who and not found.who[key]:
                found.who[key] = value

    def origin(self, row: int) -> Origin:
        """Return where a row stands, as Excel numbers it."""
        return Origin(self.table.sheet.name, row + 1)

    def _who(self, row: int, name: Field, found: RowRead) -> str:
        cell = self.table.spread_cell(row, name)
        if name in (Field.ORDER_NO, Field.GROUP_NO):
            code = values.code(cell)
            if code.doubt:
                # Different orders may have been rounded to the same number: it is no number.
                found.doubts.append(Doubt(code.doubt, (("text", code.text),)))
                return ""
            return code.text
        if name in (Field.PHONE, Field.BUYER_PHONE):
            number = values.phone(cell)
            if number.doubt:
                found.doubts.append(Doubt(number.doubt, (("text", folded(cell)[:40]),)))
            return number.text
        return "" if is_blank(cell) else text_of(cell)

    def _money(self, row: int, heading: Heading | None, found: RowRead) -> int | None:
        cell = None if heading is None else self.table.sheet.cell(row, heading.index)
        if heading is None or is_blank(cell):
            return None
        if isinstance(cell, str) and re.search(r"\d\s*[;；\n]\s*\d", cell):
            return None
        try:
            is_price = heading == self.mapping.columns.get(Field.UNIT_PRICE)
            amount = values.unit_price(cell) if is_price else values.money(cell)
        except ValueError:
            self._problem(found, heading, cell, UNREADABLE_MONEY)
            return None
        if amount.doubt:
            told = (("column", heading.text), ("text", text_of(cell)[:60]))
            found.doubts.append(Doubt(amount.doubt, told))
        return amount.fen

    def _problem(self, found: RowRead, heading: Heading, cell: Cell, sentence: str) -> None:
        unsolved = isinstance(cell, Fault) and cell == "=?"
        text = (("text", text_of(cell)[:60]),)
        doubt = Doubt(UNSOLVED) if unsolved else Doubt(sentence, text)
        found.problems.append(Problem(self.origin(found.row), heading.text, doubt))

    def _pivot_lines(self, row: int, found: RowRead) -> None:
        for column in self.mapping.products:
            cell = self.table.sheet.cell(row, column.index)
            heading = Heading(column.index, column.text)
            number = self._count(cell, heading, found)
            if number is None or number.number == 0:
                continue
            price = self.prices.get(column.index, column.price_fen)
            found.lines.append(
                SheetLine(
                    column.name, "", number.number, f"{column.text} {text_of(cell)}", row + 1,
                    number.unit, price,
                )
            )  # fmt: skip

    def _count(self, cell: Cell, heading: Heading, found: RowRead) -> values.Count | None:
        try:
            return values.count(cell)
        except ValueError:
            self._problem(found, heading, cell, UNREADABLE_COUNT)
            return None

    def _lines(self, row: int, columns: dict[Field, Heading], found: RowRead) -> None:
        def cell(name: Field) -> Cell:
            heading = columns.get(name)
            return None if heading is None else self.table.sheet.cell(row, heading.index)

        text = "" if is_blank(cell(Field.GOODS)) else text_of(cell(Field.GOODS))
        number, heading = cell(Field.QUANTITY), columns.get(Field.QUANTITY)
        if not text:
            self._nameless(number, heading, found)
            return
        listed = _listed(number)
        if len(listed) > 1 and heading:
            self._parallel(text, listed, columns, found, heading)
            return
        count = self._count(number, heading, found) if heading else None
        lines = self._cell_lines(text, count, found)
        spec = "" if is_blank(cell(Field.SPEC)) else folded(cell(Field.SPEC))
        unit = "" if is_blank(cell(Field.SALE_UNIT)) else folded(cell(Field.SALE_UNIT))
        if len(lines) == 1:
            price = self._money(row, columns.get(Field.UNIT_PRICE), RowRead(row))
            amount = self._money(row, columns.get(Field.ITEM_AMOUNT), RowRead(row))
            lines = [_completed(lines[0], spec, unit, price, amount)]
        found.lines.extend(lines)

    def _nameless(self, number: Cell, heading: Heading | None, found: RowRead) -> None:
        count = self._count(number, heading, found) if heading else None
        if count is not None and count.number and Field.GOODS not in self.mapping.columns:
            name = _title_product(self.table.title)
            sentence = TITLE_PRODUCT if name else NO_PRODUCT
            found.doubts.append(Doubt(sentence, (("text", name),)))
            found.lines.append(
                SheetLine(name, "", count.number, text_of(number), found.row + 1, count.unit)
            )

    def _cell_lines(self, text: str, count: values.Count | None, found: RowRead) -> list[SheetLine]:
        """Read one goods cell with at most one quantity beside it."""
        parts = goods.pieces(text, self.known)
        if not parts or (count is not None and len(parts) == 1):
            return self._one_line(text, count, parts, found)
        found.embedded = True
        if count is not None and sum((p.count or 0) for p in parts) != count.number:
            found.doubts.append(Doubt(SEVERAL_ONE_COUNT, (("text", text[:60]),)))
        for part in parts:
            found.doubts.extend(part.doubts)
            if part.count == 0:
                found.doubts.append(Doubt(ZERO_COUNT, (("text", part.text[:60]),)))
        return [
            SheetLine(p.name, p.spec, p.count, p.text, found.row + 1, p.unit)
            for p in parts
            if p.count
        ]

    def _one_line(
        self, text: str, count: values.Count | None, parts: list[goods.Piece], found: RowRead
    ) -> list[SheetLine]:
        if count is None:
            return []
        name, spec = goods.split_name(text)
        if parts and parts[0].explicit and not _pack_size(parts[0]):
            found.embedded = True
            name, spec = parts[0].name, parts[0].spec
            if parts[0].count != count.number:
                found.doubts.append(Doubt(COUNT_CONFLICT, (("text", text[:60]),)))
        if not count.number:
            found.doubts.append(Doubt(ZERO_COUNT, (("text", text[:60]),)))
            return []
        return [SheetLine(name, spec, count.number, text, found.row + 1, count.unit)]

    def _parallel(
        self,
        text: str,
        listed: list[str],
        columns: dict[Field, Heading],
        found: RowRead,
        heading: Heading,
    ) -> None:
        """Read parallel columns: 商品 ``甲;乙``, 数量 ``2;1``, 单价 ``3.00;45.00``."""
        names = _listed(text)
        if len(names) != len(listed):
            self._problem(found, heading, text, PARALLEL_MISMATCH)
            return
        sheet, row = self.table.sheet, found.row
        aside: dict[Field, list[str]] = {}
        for name in (Field.SPEC, Field.UNIT_PRICE, Field.ITEM_AMOUNT):
            beside = columns.get(name)
            parts = _listed(sheet.cell(row, beside.index)) if beside else []
            aside[name] = parts if len(parts) == len(names) else [""] * len(names)
        for place, (name_text, number) in enumerate(zip(names, listed, strict=True)):
            count = self._count(number, heading, found)
            if count is None or not count.number:
                found.doubts.append(Doubt(ZERO_COUNT, (("text", name_text),)))
                continue
            base, spec = goods.split_name(name_text)
            found.lines.append(
                SheetLine(
                    base,
                    aside[Field.SPEC][place] or spec,
                    count.number,
                    name_text,
                    row + 1,
                    count.unit,
                    _or_none(aside[Field.UNIT_PRICE][place]),
                    _or_none(aside[Field.ITEM_AMOUNT][place]),
                )
            )


_TITLE_WORDS = re.compile(
    r"社区|团购|接龙|跟团|本期|今日|明日|[一二三四五六日天]团|订单|购买|采购|登记|统计|汇总|导出|明细|名单|清单|列表|"
    r"时间|[表单团]|周[一二三四五六日天]|\d{1,4}[-/.年月]\d{1,2}(?:[-/.月]\d{1,2})?[日号]?|[(【\[].*?[)】\]]"
)


def _title_product(title: str) -> str:
    """Return the product that a title such as 土鸡蛋团购 names, empty where it names none."""
    rest = _TITLE_WORDS.sub(" ", title.split("\n")[0])
    words = [word for word in re.split(r"[\s:,，。!！、|_-]+", rest) if word]
    return words[0] if len(words) == 1 and 1 < len(words[0]) <= 12 else ""


def template(cell: Cell) -> dict[Field, str]:
    """Return the fields of a cell with ``word:value`` on each line."""
    found: dict[Field, str] = {}
    for line in text_of(cell).splitlines():
        word, colon, value = folded(line).partition(":")
        meant = meaning(word)
        if colon and meant and value.strip():
            found.setdefault(meant[0], value.strip())
    return found


def _pack_size(piece: goods.Piece) -> bool:
    return any(doubt.sentence == goods.PACK_OR_COUNT for doubt in piece.doubts)


def _listed(cell: Cell) -> list[str]:
    """Return the parts of a cell that lists several values with ``;`` or on several lines."""
    if not isinstance(cell, str) or isinstance(cell, Fault):
        return []
    parts = [part.strip() for part in re.split(r"[;；\n]", cell.strip().strip(";；"))]
    return parts if len(parts) > 1 else []


def _or_none(cell: Cell) -> int | None:
    try:
        return values.unit_price(cell).fen
    except ValueError:
        return None


def _completed(
    line: SheetLine, spec: str, unit: str, price: int | None, amount: int | None
) -> SheetLine:
    return SheetLine(
        line.product, spec or line.spec, line.quantity, line.text, line.row, line.unit or unit,
        price, amount,
    )  # fmt: skip


def total_of(lines: list[SheetLine]) -> int | None:
    """Return what lines are worth together in fen, ``None`` if one of them is unknown."""
    worths = [line.worth_fen for line in lines]
    known = [worth for worth in worths if worth is not None]
    return sum(known) if known and len(known) == len(worths) else None
