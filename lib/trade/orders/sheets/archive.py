"""Looking into an .xlsx before anything unpacks it in full (reliability A18).

An .xlsx is a zip of XML parts. Its directory and its sheets are walked once, in a stream, so that
a bomb, a far cell or a declared entity is met before it costs memory. The same walk notes what
the fast reader drops without a word: error cells, formulas without a stored result, numbers
shown with leading zeros, and hidden rows.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from lib.trade.orders.sheets.errors import Unreadable
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.tables import UNCALCULATED

_CHUNK = 1 << 16
_SHEET_PART = re.compile(r"(?:^|/)worksheets/[^/]+\.xml$", re.IGNORECASE)
_XML_PART = re.compile(r"\.(?:xml|rels)$", re.IGNORECASE)
_ZEROS = re.compile(r"0{2,}")


@dataclass(slots=True)
class SheetNotes:
    """What one sheet part holds beside plain values; cells as (row, column) from 0."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    cells: int = 0


def column_number(letters: str) -> int:
    """Return the column of ``letters`` counted from 0 (``A`` is 0, ``XFD`` is 16383)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def inspect(stream: IO[bytes], limits: Limits) -> dict[str, SheetNotes]:
    """Return the notes of every sheet by sheet name. Raises :class:`Unreadable`."""
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_directory(archive, limits)
            names = _sheet_names(archive, limits)
            if len(names) > limits.sheets:
                raise Unreadable("too_many_sheets", limit=limits.sheets)
            return _walk_parts(archive, names, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("damaged") from error
    except (expat.ExpatError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise Unreadable("damaged") from error


def _check_directory(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    if len(parts) > limits.parts:
        raise Unreadable("unpacks_too_large")
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise Unreadable("unpacks_too_large")
    names = [part.filename.replace("\\", "/") for part in parts]
    for name in names:
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise Unreadable("unsafe_names")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("macros")
    if "xl/workbook.xml" not in (name.lower() for name in names):
        raise Unreadable("not_a_workbook")


def _chunks(archive: zipfile.ZipFile, name: str, budget: list[int]) -> Iterator[bytes]:
    """Yield a part piece by piece; ``budget`` is what may still be unpacked of the whole file."""
    with archive.open(name) as part:
        while piece := part.read(_CHUNK):
            budget[0] -= len(piece)
            if budget[0] < 0:
                raise Unreadable("unpacks_too_large")
            yield piece


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Unreadable("unsafe_entities")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _attributes(
    archive: zipfile.ZipFile, name: str, budget: list[int]
) -> list[tuple[str, dict[str, str]]]:
    """Return (element, attributes) of a small part in document order."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if len(found) < 200_000:
            found.append(
                (_local(element), {_local(key): value for key, value in attributes.items()})
            )

    parser = _parser()
    parser.StartElementHandler = start
    for piece in _chunks(archive, name, budget):
        parser.Parse(piece)
    parser.Parse(b"", True)
    return found


def _sheet_names(archive: zipfile.ZipFile, limits: Limits) -> dict[str, str]:
    """Return part name → sheet name, in the order of the workbook."""
    budget = [limits.unpacked_bytes]
    stored = {name.lower(): name for name in archive.namelist()}
    workbook = stored["xl/workbook.xml"]
    targets: dict[str, str] = {}
    if relations := stored.get("xl/_rels/workbook.xml.rels"):
        for element, attributes in _attributes(archive, relations, budget):
            if element == "Relationship":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else "xl/" + target
                targets[attributes.get("Id", "")] = posixpath.normpath(path)
    names: dict[str, str] = {}
    for element, attributes in _attributes(archive, workbook, budget):
        if element == "sheet":
            part = targets.get(attributes.get("id", ""), "")
            names[stored.get(part.lower(), f"?{len(names)}")] = attributes.get("name", "")
    return names


def _padding_styles(archive: zipfile.ZipFile, budget: list[int]) -> dict[int, int]:
    """Return style number → digits, for formats such as ``00000`` that show leading zeros."""
    stored = {name.lower(): name for name in archive.namelist()}
    if "xl/styles.xml" not in stored:
        return {}
    codes: dict[str, str] = {}
    styles: list[str] = []
    inside = False
    for element, attributes in _attributes(archive, stored["xl/styles.xml"], budget):
        if element == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
            inside = element == "cellXfs"
        elif element == "xf" and inside:
            styles.append(attributes.get("numFmtId", ""))
    return {
        number: len(codes[key])
        for number, key in enumerate(styles)
        if _ZEROS.fullmatch(codes.get(key, ""))
    }


def _walk_parts(
    archive: zipfile.ZipFile, names: dict[str, str], limits: Limits
) -> dict[str, SheetNotes]:
    budget = [limits.unpacked_bytes]
    padding = _padding_styles(archive, budget)
    notes: dict[str, SheetNotes] = {}
    filled = 0
    for part in archive.namelist():
        if _SHEET_PART.search(part):
            walk = _SheetWalk(names.get(part, part), padding, limits, limits.cells - filled)
            for piece in _chunks(archive, part, budget):
                walk.feed(piece)
            walk.close()
            filled += walk.notes.cells
            notes[names.get(part, part)] = walk.notes
        elif _XML_PART.search(part):
            parser = _parser()
            for piece in _chunks(archive, part, budget):
                parser.Parse(piece)
            parser.Parse(b"", True)
    return notes


class _SheetWalk:
    """One pass over a sheet part, counting filled cells and noting the odd ones."""

    def __init__(self, sheet: str, padding: dict[int, int], limits: Limits, cells: int) -> None:
        self.notes = SheetNotes()
        self.sheet, self.padding, self.limits, self.allowed = sheet, padding, limits, cells
        self.row, self.column = -1, -1
        self.last_row = self.last_column = 0
        self.kind, self.style, self.text = "", "", ""
        self.formula = self.value = self.in_value = False
        self.parser = _parser()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.feed = self.parser.Parse

    def close(self) -> None:
        self.parser.Parse(b"", True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _local(name)
        if element == "c":
            self._begin_cell(attributes)
        elif element == "row":
            self.row = int(attributes.get("r", self.row + 2)) - 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true") and len(self.notes.hidden_rows) < 20_000:
                self.notes.hidden_rows.add(self.row)
        elif element == "f":
            self.formula = True
        elif element in ("v", "is"):
            self.value = self.in_value = True

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if reference := attributes.get("r"):
            letters = reference.rstrip("0123456789")
            self.column = column_number(letters)
            self.row = int(reference[len(letters) :]) - 1
        else:
            self.column += 1
        self.kind, self.style = attributes.get("t", ""), attributes.get("s", "")
        self.formula = self.value = False
        self.text = ""

    def characters(self, text: str) -> None:
        if self.in_value and len(self.text) < 64:
            self.text += text

    def end(self, name: str) -> None:
        element = _local(name)
        if element in ("v", "is"):
            self.in_value = False
        elif element == "c" and (self.value or self.formula):
            self._end_cell()

    def _end_cell(self) -> None:
        limits, place = self.limits, (self.row, self.column)
        if self.row >= limits.rows:
            raise Unreadable("too_many_rows", sheet=self.sheet, limit=limits.rows)
        if self.column >= limits.columns:
            raise Unreadable("too_many_columns", sheet=self.sheet, limit=limits.columns)
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        self.notes.cells += 1
        if self.notes.cells > self.allowed:
            raise Unreadable("too_many_cells", limit=limits.cells)
        if (self.last_row + 1) * (self.last_column + 1) > limits.area:
            raise Unreadable("too_many_columns", sheet=self.sheet, limit=limits.columns)
        if self.kind == "e":
            self.notes.faults[place] = self.text or UNCALCULATED
        elif self.formula and not self.text and self.kind != "str":
            self.notes.faults[place] = UNCALCULATED
        elif self.style.isdigit() and int(self.style) in self.padding and self.kind in ("", "n"):
            self.notes.padded[place] = self.padding[int(self.style)]
