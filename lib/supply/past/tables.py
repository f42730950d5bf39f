"""One table of daily figures, read row by row and added up per product and day. Pure.

Memory grows with the number of product-days, not with the rows: a till's list of single sales is
summed while it is read. Every row ends in the sums, among the left-out rows, or as a problem with
its row number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from lib.kernel.quantity import Unit
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.supply.past import values
from lib.supply.past.headings import (
    QUANTITIES,
    STOCKED,
    Field,
    layout_fingerprint,
    meaning,
    proposed,
    unit_of,
)
from lib.supply.past.values import SCALE
from lib.trade.orders.sheets.tables import Cell
from lib.trade.orders.sheets.values import code, is_blank, text_of

MOST_PROBLEMS = 300
_HEAD_ROWS = 30
_TOTALS = frozenset(
    {"合计", "总计", "小计", "总合计", "汇总", "total", "sum", "subtotal", "grandtotal"}
)

UNREAD = N_("{column}: {text} cannot be read; the row was left out")
NO_PRODUCT = N_("the row names no product; it was left out")
NO_DAY = N_("the row names no day; it was left out")
NOT_SAID = N_("the row does not say how much was sold; it was left out")
FUTURE = N_("{day} lies in the future; the row was left out")
TWICE = N_("{product} stands for {day} in several rows; that day was left out")
NEGATIVE = N_("{column}: {text} is below zero; the row was left out")
CLOSED_SOLD = N_("closed, and yet something was sold; the row was left out")
CODE_LOST = N_("{column}: {text} lost its last digits in Excel; the row was left out")
BROKEN_LINE = N_("{column}: a line break stands in the cell; the row was left out")
TWO_COSTS = N_("{product} has two purchase prices for {day}; the first one was taken")
NO_RATE = N_("{column}: {text} is no loss rate below 100 %; it was left out")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row; ``left_out`` says whether its figures were not used."""

    row: int
    sentence: str
    values: dict[str, str]
    left_out: bool = True


@dataclass(slots=True)
class Sums:
    """One product's day in millionths of the file's unit, money in millionths of a yuan.

    What no row said is ``None``.
    """

    rows: int = 0
    first_row: int = 0
    sold: int | None = None
    opening: int | None = None
    received: int | None = None
    prepared: int | None = None
    amount: int | None = None
    price: int | None = None
    cost: int | None = None
    sold_out: bool = False
    bad: bool = False


@dataclass(slots=True)
class Good:
    """What a table says of a product itself; ``loss`` in 1/10000."""

    code: str = ""
    name: str = ""
    category: str = ""
    loss: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read: headings, column → field, and the unit its quantities count."""

    headings: tuple[str, ...]
    columns: dict[int, Field]
    unit: str

    @property
    def fingerprint(self) -> str:
        """The name under which a correction of it is remembered."""
        return layout_fingerprint(self.headings)

    def index(self, wanted: Field) -> int | None:
        """Return the column of a field, None when there is none."""
        return next((at for at, found in self.columns.items() if found is wanted), None)

    @property
    def fields(self) -> frozenset[Field]:
        """The fields some column holds."""
        return frozenset(self.columns.values()) - {Field.IGNORED}

    def grams(self, wanted: Field | None = None) -> int | None:
        """Return the grams of the unit the quantities count in, or a price is for; None: pieces.

        A price column that names no unit is for the unit of the quantities.
        """
        at = None if wanted is None else self.index(wanted)
        own = "" if at is None else unit_of(self.headings[at])
        return Unit.named(own or self.unit).grams


def layout_of(
    headings: tuple[str, ...], corrections: Mapping[str, Mapping[str, Any]] | None = None
) -> Layout:
    """Return the layout the headings suggest, or the one remembered for them."""
    columns = proposed(headings)
    named = [(found, unit_of(headings[at])) for at, found in columns.items()]
    of_quantities = [unit for found, unit in named if unit and found in QUANTITIES]
    of_prices = [unit for found, unit in named if unit and found in (Field.PRICE, Field.COST)]
    unit = next(iter(of_quantities or of_prices), "")
    kept = (corrections or {}).get(layout_fingerprint(headings))
    if kept is not None:
        columns = dict.fromkeys(columns, Field.IGNORED)
        columns |= {int(at): Field(name) for at, name in kept["columns"].items()}
        unit = str(kept["unit"])
    return Layout(headings, columns, unit)


def heading_row(rows: list[tuple[int, list[Cell]]]) -> tuple[int, tuple[str, ...]] | None:
    """Return (position, headings) of the row that names the most fields, None without any."""
    best, found = 0, None
    for position, (_, cells) in enumerate(rows):
        words = [cell for cell in cells if not is_blank(cell)]
        if len(words) < 2 or any(not isinstance(cell, str) for cell in words):
            continue
        headings = tuple(text_of(cell) for cell in cells)
        known = {meaning(text) for text in headings if text} - {None, Field.IGNORED}
        score = len(known) if len(known) * 3 >= len(words) else 0
        if score > best and known & {Field.CODE, Field.NAME, Field.CATEGORY, Field.DAY}:
            best, found = score, (position, headings)
    return found if best > 1 else None


@dataclass
class TableReading:
    """A table as it was read. ``head`` 0 says that no headings were found."""

    sheet: str
    layout: Layout
    head: int
    examples: list[str] = field(default_factory=list)
    rows: int = 0
    left_out: int = 0
    total_rows: int = 0
    closed: int = 0
    returns: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    goods: dict[str, Good] = field(default_factory=dict)
    days: dict[tuple[str, date], Sums] = field(default_factory=dict)
    category_loss: dict[str, int] = field(default_factory=dict)

    def problem(
        self, row: int, sentence: str, said: Mapping[str, object], *, left_out: bool = True
    ) -> None:
        """Note a problem of ``row`` (numbered as in Excel); ``said`` fills the sentence."""
        self.problem_count += 1
        if left_out:
            self.left_out += 1
        if len(self.problems) < MOST_PROBLEMS:
            texts = {name: str(value)[:60] for name, value in said.items()}
            self.problems.append(Problem(row, sentence, texts, left_out))


class _LeftOut(Exception):  # noqa: N818 - carries the reason up to the row
    def __init__(self, sentence: str, **said: object) -> None:
        super().__init__(sentence)
        self.sentence, self.said = sentence, said


def read_table(
    sheet: str,
    rows: Iterator[tuple[int, list[Cell]]],
    today: date,
    corrections: Mapping[str, Mapping[str, Any]] | None = None,
    merged: Iterable[tuple[int, int, int, int]] = (),
) -> TableReading:
    """Read one sheet: ``rows`` as (number from 0, cells). Takes them one by one."""
    head = [row for _, row in zip(range(_HEAD_ROWS), rows, strict=False)]
    found = heading_row(head)
    if found is None:
        words = next((cells for _, cells in head if len(cells) > 1), [])
        headings = tuple(text_of(cell) for cell in words)
        kept = layout_fingerprint(headings) in (corrections or {})
        position = next((at for at, (_, cells) in enumerate(head) if cells is words), 0)
        found = (position, headings)
    else:
        kept = True
    position, headings = found
    reading = TableReading(sheet, layout_of(headings, corrections), head[position][0] + 1
                           if kept and head else 0)  # fmt: skip
    reading.examples = _examples(headings, head[position + 1 :])
    if reading.head:
        reader = _Reader(reading, today, merged)
        for number, cells in chain(head[position + 1 :], rows):
            reader.read(number, cells)
        reader.finish()
    return reading


def _examples(headings: tuple[str, ...], rows: list[tuple[int, list[Cell]]]) -> list[str]:
    examples = []
    for column in range(len(headings)):
        found = next(
            (cells[column] for _, cells in rows if column < len(cells) and cells[column]), None
        )
        examples.append(text_of(found)[:40])
    return examples


class _Reader:
    """Reads the rows below the headings into a :class:`TableReading`."""

    def __init__(
        self, reading: TableReading, today: date, merged: Iterable[tuple[int, int, int, int]]
    ) -> None:
        self.reading, self.today = reading, today
        layout = reading.layout
        self.unit, self.fields = layout.unit, layout.fields
        self.at = {name: at for name in Field if (at := layout.index(name)) is not None}
        self.per_price = {name: self.factor(name) for name in (Field.PRICE, Field.COST)}
        self.counted = tuple(name for name in QUANTITIES if name in self.at)
        self.stocked = bool(STOCKED & self.fields)
        self.tells_of_goods = bool({Field.CATEGORY, Field.LOSS} & self.fields)
        self.whole_days = self.stocked and not ({Field.TIME, Field.SALE_TYPE} & self.fields)
        self.merged = {(area[0], area[1]): area[2] for area in merged if area[2] > area[0]}
        self.carried: dict[int, tuple[int, Cell]] = {}
        self.keys: dict[tuple[Cell, Cell], str] = {}
        self.raw_losses: list[tuple[int, str, int, bool]] = []

    def factor(self, name: Field) -> tuple[int, int] | None:
        """Return how a price for another unit of weight becomes one for the quantities' unit."""
        own, other = self.reading.layout.grams(), self.reading.layout.grams(name)
        return (own, other) if own and other and own != other else None

    def price(self, cells: list[Cell], name: Field) -> int | None:
        found: int | None = self.value(cells, name, values.price)
        factor = self.per_price[name]
        return found if found is None or factor is None else found * factor[0] // factor[1]

    def read(self, number: int, cells: list[Cell]) -> None:
        """Take one row into the sums, or say why not."""
        if self.merged or self.carried:
            cells = self.unmerged(number, cells)
        self.reading.rows += 1
        try:
            self.take(number + 1, cells)
        except _LeftOut as reason:
            if all(is_blank(cell) for cell in cells):
                self.reading.rows -= 1
                return
            self.reading.problem(number + 1, reason.sentence, said=reason.said)

    def unmerged(self, number: int, cells: list[Cell]) -> list[Cell]:
        """Return the cells with the values of merged cells that reach down to this row."""
        cells = list(cells)
        for column, (last, value) in list(self.carried.items()):
            if number > last:
                del self.carried[column]
            elif column >= len(cells) or cells[column] is None:
                cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = value
        for column, cell in enumerate(cells):
            last = self.merged.get((number, column), 0)
            if last:
                self.carried[column] = (last, cell)
        return cells

    def take(self, row: int, cells: list[Cell]) -> None:
        reading = self.reading
        key = self.product(cells)
        if key is None:
            if self.is_total(cells):
                reading.total_rows += 1
                return
            if self.category_only(row, cells):
                return
            raise _LeftOut(NO_PRODUCT)
        if self.tells_of_goods:
            self.about(row, key, cells)
        if Field.DAY not in self.at:
            return
        day: date | None = self.value(cells, Field.DAY, values.day_of)
        if day is None:
            if self.is_total(cells):
                reading.total_rows += 1
                return
            raise _LeftOut(NO_DAY)
        if day > self.today:
            raise _LeftOut(FUTURE, day=day)
        self.add(row, key, day, cells)

    def cell(self, cells: list[Cell], name: Field) -> Cell:
        at = self.at.get(name)
        return cells[at] if at is not None and at < len(cells) else None

    def value(self, cells: list[Cell], name: Field, read: Any, *more: Any) -> Any:
        """Return what ``read`` makes of the field's cell; an unreadable one leaves the row out."""
        cell = self.cell(cells, name)
        if cell is None:
            return None
        try:
            return read(cell, *more)
        except (ValueError, OverflowError, ArithmeticError) as error:
            column = self.reading.layout.headings[self.at[name]]
            raise _LeftOut(UNREAD, column=column, text=text_of(cell)) from error

    def product(self, cells: list[Cell]) -> str | None:
        """Return the key of the row's product: its code, or its name; None without either."""
        code_cell, name_cell = self.cell(cells, Field.CODE), self.cell(cells, Field.NAME)
        known = self.keys.get((code_cell, name_cell))
        if known is not None:
            return known
        for name, cell in ((Field.CODE, code_cell), (Field.NAME, name_cell)):
            if isinstance(cell, str) and ("\n" in cell or "\r" in cell):
                raise _LeftOut(BROKEN_LINE, column=self.reading.layout.headings[self.at[name]])
        number = code(code_cell)
        if number.doubt:
            column = self.reading.layout.headings[self.at[Field.CODE]]
            raise _LeftOut(CODE_LOST, column=column, text=text_of(code_cell))
        called = clean(text_of(name_cell), 80)
        if not number.text and (not called or folded(called) in _TOTALS):
            return None
        key = f"c:{number.text}" if number.text else f"n:{folded(called)}"
        self.keys[code_cell, name_cell] = key
        good = self.reading.goods.setdefault(key, Good(number.text))
        good.name = good.name or called
        return key

    def is_total(self, cells: list[Cell]) -> bool:
        return any(isinstance(cell, str) and folded(cell) in _TOTALS for cell in cells)

    def category_only(self, row: int, cells: list[Cell]) -> bool:
        """Take a loss rate that is given for a category instead of a product."""
        category = clean(text_of(self.cell(cells, Field.CATEGORY)), 40)
        if not category or Field.LOSS not in self.at or Field.DAY in self.at:
            return False
        found, percent = self.value(cells, Field.LOSS, values.rate) or (None, False)
        if found is not None:
            self.raw_losses.append((row, f"k:{category}", found, percent))
        return True

    def about(self, row: int, key: str, cells: list[Cell]) -> None:
        """Note category and loss rate of a product."""
        good = self.reading.goods[key]
        if not good.category and Field.CATEGORY in self.at:
            good.category = clean(text_of(self.cell(cells, Field.CATEGORY)), 40)
        if Field.LOSS in self.at:
            found, percent = self.value(cells, Field.LOSS, values.rate) or (None, False)
            if found is not None:
                self.raw_losses.append((row, key, found, percent))

    def add(self, row: int, key: str, day: date, cells: list[Cell]) -> None:
        at = self.at
        if self.may_be_closed(cells):
            self.closed(cells)
            return
        said = {name: self.quantity(name, cells) for name in self.counted}
        sold = self.sold(cells, said)
        price = self.price(cells, Field.PRICE) if Field.PRICE in at else None
        amount = self.amount(cells, sold, price)
        cost = self.price(cells, Field.COST) if Field.COST in at else None
        sold_out = Field.SOLD_OUT in at and self.value(cells, Field.SOLD_OUT, values.flag)
        if sold is None and Field.SOLD in at and (cost is None or self.stocked):
            raise _LeftOut(NOT_SAID)
        sums = self.reading.days.get((key, day))
        if sums is None:
            sums = self.reading.days[key, day] = Sums(first_row=row)
        elif self.whole_days:
            sums.bad = True
            product = self.reading.goods[key]
            raise _LeftOut(TWICE, product=product.name or product.code, day=day)
        sums.rows += 1
        if sold is not None:
            sums.sold = (sums.sold or 0) + sold
        if self.stocked:
            sums.opening, sums.received = said.get(Field.OPENING), said.get(Field.RECEIVED)
            sums.prepared = said.get(Field.PREPARED)
        if amount is not None:
            sums.amount = (sums.amount or 0) + amount
        sums.price = price if price is not None else sums.price
        sums.sold_out = sums.sold_out or bool(sold_out)
        if cost is not None:
            self.put_cost(row, key, day, sums, cost)

    def may_be_closed(self, cells: list[Cell]) -> bool:
        """Return whether the row says that the shop was closed."""
        if values.says_closed(self.cell(cells, Field.SOLD)):
            return True
        return Field.CLOSED in self.at and bool(self.value(cells, Field.CLOSED, values.flag))

    def closed(self, cells: list[Cell]) -> None:
        sold = self.cell(cells, Field.SOLD)
        if not is_blank(sold) and not values.says_closed(sold) and values_differ_from_zero(sold):
            raise _LeftOut(CLOSED_SOLD)
        self.reading.closed += 1

    def quantity(self, name: Field, cells: list[Cell]) -> int | None:
        found: int | None = self.value(cells, name, values.quantity, self.unit)
        if found is not None and found < 0 and name is not Field.SOLD:
            column = self.reading.layout.headings[self.at[name]]
            raise _LeftOut(NEGATIVE, column=column, text=text_of(self.cell(cells, name)))
        return found

    def sold(self, cells: list[Cell], said: Mapping[Field, int | None]) -> int | None:
        """Return what was sold less what came back; rows of returns count below zero."""
        sold, returned = said.get(Field.SOLD), said.get(Field.RETURNED)
        if sold is None:
            return None
        if Field.SALE_TYPE in self.at and self.value(cells, Field.SALE_TYPE, values.is_return):
            sold = -abs(sold)
        if sold < 0 or returned:
            self.reading.returns += 1
        return sold - (returned or 0)

    def amount(self, cells: list[Cell], sold: int | None, price: int | None) -> int | None:
        """Return the takings of the row, reckoned from price and quantity where none stand."""
        amount = Field.AMOUNT in self.at
        found: int | None = self.value(cells, Field.AMOUNT, values.price) if amount else None
        if found is None:
            return None if sold is None or price is None else sold * price // SCALE
        return -abs(found) if sold is not None and sold < 0 else found

    def put_cost(self, row: int, key: str, day: date, sums: Sums, cost: int) -> None:
        if sums.cost is not None and sums.cost != cost:
            product = self.reading.goods[key]
            said = product.name or product.code
            values_said = {"product": said, "day": day}
            self.reading.problem(row, TWO_COSTS, values_said, left_out=False)
            return
        sums.cost = cost

    def finish(self) -> None:
        """Settle what only the whole table can say: rates, days that stand twice, what differs."""
        self.put_losses()
        for key, day in [place for place, sums in self.reading.days.items() if sums.bad]:
            del self.reading.days[key, day]

    def put_losses(self) -> None:
        """Read loss rates as percent or as fractions: by the sign, the heading, or all of them."""
        at = self.at.get(Field.LOSS)
        heading = self.reading.layout.headings[at] if at is not None else ""
        fractions = "%" not in heading and all(
            raw[2] <= SCALE for raw in self.raw_losses if not raw[3]
        )
        for row, key, found, percent in self.raw_losses:
            loss = (found if percent or not fractions else found * 100) // (SCALE // 100)
            if not 0 <= loss < 10_000:
                said = {"column": heading, "text": plain(found)}
                self.reading.problem(row, NO_RATE, said, left_out=False)
            elif key.startswith("k:"):
                self.reading.category_loss[key[2:]] = loss
            else:
                self.reading.goods[key].loss = loss


def values_differ_from_zero(cell: Cell) -> bool:
    """Return whether a cell holds anything but a zero; what cannot be read counts as something."""
    try:
        return bool(values.number(cell))
    except ValueError:
        return True


def plain(millionths: int) -> str:
    """Return a quantity in millionths as people write it: 1500000 is 1.5."""
    whole, rest = divmod(abs(millionths), SCALE)
    fraction = f".{rest:06}".rstrip("0") if rest else ""
    return f"{'-' if millionths < 0 else ''}{whole}{fraction}"
