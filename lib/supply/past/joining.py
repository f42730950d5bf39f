"""Tables of daily figures put together: sales, wholesale prices, loss rates, names. Pure.

Tables are joined by product code, by name where a table has no code. Quantities come out in
millionths of one unit, that of the sales; money in millionths of a yuan. Where two tables say
different things of the same day, that day is left out and named.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lib.kernel.money import half_up
from lib.kernel.quantity import Unit
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.supply.past.headings import QUANTITIES, STOCKED, Field
from lib.supply.past.reading import DaySums, ReadFile, ReadTable
from lib.supply.past.tables import plain

MOST_FINDINGS = 500
OUT_OF = 10_000
"""Loss rates are counted in 1/10000."""

MORE_SOLD = N_("more was sold ({sold}) than was prepared ({prepared}); kept as it stands")
DISAGREE = N_("prepared {prepared} is not opening plus received ({sum}); that day was left out")
CONFLICT = N_("{product}, {day}: another table says something else; that day was left out")
NOT_SAID = N_("{product}, {day}: no table says how much was sold; that day was left out")
RETURNS = N_("{product}, {day}: more came back than was sold; kept as it stands")

SAME_FILE = N_("{file} was given twice; it was read once.")
OTHER_UNIT = N_("{table} counts in another unit than the sales and was not used.")
NO_USE = N_("{table} has no headings that are known, so nothing was read from it.")
REPEATED = N_("{count} product-days stand alike in two tables and were taken once.")
ZERO_SOLD = N_("{count} product-days were prepared and not sold at all: taken as 0 sold.")
ONLY_COST = N_("{count} purchase prices are for days without sales and were not used.")
RECEIVED_ONLY = N_("No table gives the opening stock: what was received is taken as prepared.")
NO_PREPARED = N_("No table says how much was prepared, so the slow-mover rule cannot judge.")


class Figure(NamedTuple):
    """One product's day; ``prepared`` None: nobody knows. ``reckoned``: out of the loss rate."""

    day: date
    sold: int
    prepared: int | None
    sold_out: bool
    amount: int | None
    cost: int | None
    reckoned: bool
    row: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is doubtful or left out, with the place where it stands."""

    file: str
    sheet: str
    row: int
    sentence: str
    values: dict[str, str]
    left_out: bool


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the whole import that the owner should know."""

    sentence: str
    values: dict[str, str | int] = field(default_factory=dict)


@dataclass
class PastGood:
    """A product of the files with its days; ``loss`` in 1/10000, prices as last seen."""

    key: str
    code: str
    name: str
    category: str
    loss: int | None
    figures: list[Figure] = field(default_factory=list)
    price: int | None = None
    cost: int | None = None

    @property
    def sold(self) -> int:
        """What was sold of it in all, in millionths."""
        return sum(figure.sold for figure in self.figures)


@dataclass
class Joined:
    """All files together. ``unit`` is the word quantities are counted in, empty for none."""

    unit: str
    goods: list[PastGood]
    findings: list[Finding]
    finding_count: int
    left_out: int
    notes: list[Note]
    rows: int
    reckoned: int

    @property
    def days(self) -> int:
        """How many product-days there are."""
        return sum(len(good.figures) for good in self.goods)

    @property
    def span(self) -> tuple[date, date] | None:
        """First and last day, None without any."""
        if not self.days:
            return None
        days = [figure.day for good in self.goods for figure in good.figures]
        return min(days), max(days)


def join(files: Sequence[ReadFile], *, reckon: bool = False) -> Joined:
    """Join the tables of ``files``.

    With ``reckon`` what was prepared is reckoned from what was sold and the loss rate where no
    table says it: sold ÷ (1 - loss).
    """
    return _Join(files).joined(reckon=reckon)


@dataclass
class _Day:
    """A product-day growing out of several tables."""

    table: ReadTable
    row: int
    said: dict[str, int]
    sold_out: bool = False
    bad: bool = False


_ADDED = ("sold", "opening", "received", "prepared")


class _Join:
    def __init__(self, files: Sequence[ReadFile]) -> None:
        self.notes: list[Note] = []
        self.findings: list[Finding] = []
        self.finding_count = self.left_out = self.repeated = 0
        self.tables = self.used(files)
        self.unit = next((each.layout.unit for each in self.sales()), "")
        self.goods: dict[str, PastGood] = {}
        self.days: dict[tuple[str, date], _Day] = {}

    def sales(self) -> Iterable[ReadTable]:
        """Return the tables that say what was sold, then the others with quantities."""
        return sorted(
            (each for each in self.tables if QUANTITIES & each.tells),
            key=lambda each: Field.SOLD not in each.tells,
        )

    def used(self, files: Sequence[ReadFile]) -> list[ReadTable]:
        seen: set[str] = set()
        tables = []
        for read in files:
            if read.fingerprint in seen:
                self.notes.append(Note(SAME_FILE, {"file": read.name}))
                continue
            seen.add(read.fingerprint)
            for table in read.tables:
                if table.head:
                    tables.append(table)
                elif table.layout.headings:
                    self.notes.append(Note(NO_USE, {"table": said_table(table)}))
        return tables

    def joined(self, *, reckon: bool) -> Joined:
        names = self.codes_by_name()
        for table in self.tables:
            self.take(table, names)
        self.put_category_losses()
        for table in self.tables:
            self.finding_count += table.problem_count
            self.left_out += table.left_out
            for one in table.problems:
                self.note_row(table, one.row, one.sentence, one.values, one.left_out)
        reckoned = self.settle(reckon=reckon)
        self.findings.sort(key=lambda one: (one.file, one.sheet, one.row))
        goods = sorted(
            (each for each in self.goods.values() if each.figures), key=lambda each: each.key
        )
        _tell_apart(goods)
        rows = sum(table.rows for table in self.tables)
        return Joined(self.unit, goods, self.findings, self.finding_count, self.left_out,
                      self.notes, rows, reckoned)  # fmt: skip

    def codes_by_name(self) -> dict[str, str]:
        """Return folded name → key for names that belong to exactly one code."""
        found: dict[str, set[str]] = {}
        for table in self.tables:
            for key, good in table.goods.items():
                if good.code and good.name:
                    found.setdefault(folded(good.name), set()).add(key)
        return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}

    def take(self, table: ReadTable, names: dict[str, str]) -> None:
        keys = {}
        for key, good in table.goods.items():
            keys[key] = key if good.code else names.get(folded(good.name), key)
            mine = self.goods.setdefault(
                keys[key], PastGood(keys[key], good.code, good.name, good.category, good.loss)
            )
            mine.code, mine.name = mine.code or good.code, mine.name or good.name
            mine.category = mine.category or good.category
            mine.loss = good.loss if mine.loss is None else mine.loss
        factor = self.factor(table)
        if factor is None:
            if table.days:
                self.notes.append(Note(OTHER_UNIT, {"table": said_table(table)}))
            return
        for (key, day), sums in table.days.items():
            self.add(table, keys[key], day, sums, factor)

    def factor(self, table: ReadTable) -> Decimal | None:
        """Return how many of our units one of the table's is; None when they cannot be compared."""
        ours, theirs = Unit.named(self.unit), Unit.named(table.layout.unit)
        if not QUANTITIES & table.tells and not table.layout.unit:
            return Decimal(1)
        if ours.word == theirs.word:
            return Decimal(1)
        if ours.grams is None or theirs.grams is None:
            return None
        return Decimal(theirs.grams) / Decimal(ours.grams)

    def add(self, table: ReadTable, key: str, day: date, sums: DaySums, factor: Decimal) -> None:
        said = _said(sums, factor)
        mine = self.days.get((key, day))
        if mine is None:
            self.days[key, day] = _Day(table, sums.first_row, said, sums.sold_out)
            return
        both = said.keys() & mine.said.keys() - {"price"}
        if any(said[name] != mine.said[name] for name in both):
            mine.bad = True
            self.note_day(table, sums.first_row, CONFLICT, key, day)
            return
        self.repeated += "sold" in both
        if "sold" in said and "sold" not in mine.said:
            mine.table, mine.row = table, sums.first_row
        mine.said = said | mine.said
        mine.sold_out = mine.sold_out or sums.sold_out

    def put_category_losses(self) -> None:
        losses = {
            folded(name): loss
            for table in self.tables
            for name, loss in table.category_loss.items()
        }
        for good in self.goods.values():
            if good.loss is None and good.category:
                good.loss = losses.get(folded(good.category))

    def settle(self, *, reckon: bool) -> int:
        """Turn what the tables say of each day into figures; return how many were reckoned."""
        received_only = not any(Field.OPENING in table.tells for table in self.tables)
        sale_days = {
            day
            for table in self.tables
            if Field.SOLD in table.tells and not STOCKED & table.tells
            for _, day in table.days
        }
        counts = {"zero": 0, "cost": 0, "reckoned": 0, "received": 0}
        for (key, day), each in sorted(self.days.items(), key=lambda item: item[0][1]):
            if each.bad:
                self.left_out += 1
                continue
            prepared = self.prepared(each, counts, received_only=received_only)
            if prepared is _LEAVE_OUT:
                continue
            sold = each.said.get("sold")
            if sold is None:
                if prepared is None:
                    counts["cost"] += 1
                    continue
                if day not in sale_days:
                    self.note_day(each.table, each.row, NOT_SAID, key, day)
                    self.left_out += 1
                    continue
                counts["zero"] += 1
                sold = 0
            self.put(key, day, each, sold, prepared, counts, reckon=reckon)
        self.put_notes(counts)
        return counts["reckoned"]

    def prepared(self, each: _Day, counts: dict[str, int], *, received_only: bool) -> int | None:
        said = each.said
        opening, received = said.get("opening"), said.get("received")
        found = said.get("prepared")
        if opening is not None and received is not None:
            both = opening + received
            if found is not None and found != both:
                values = {"prepared": plain(found), "sum": plain(both)}
                self.note_row(each.table, each.row, DISAGREE, values, True, new=True)
                return _LEAVE_OUT
            return both
        if found is None and received is not None and received_only:
            counts["received"] += 1
            return received
        return found

    def put(
        self,
        key: str,
        day: date,
        each: _Day,
        sold: int,
        prepared: int | None,
        counts: dict[str, int],
        *,
        reckon: bool,
    ) -> None:
        good = self.goods[key]
        reckoned = False
        if prepared is None and reckon and good.loss is not None and sold >= 0:
            prepared, reckoned = reckoned_prepared(sold, good.loss), True
            counts["reckoned"] += 1
        if sold < 0:
            self.note_day(each.table, each.row, RETURNS, key, day, left_out=False)
        elif prepared is not None and sold > prepared:
            values = {"sold": plain(sold), "prepared": plain(prepared)}
            self.note_row(each.table, each.row, MORE_SOLD, values, False, new=True)
        good.price = each.said.get("price", good.price)
        good.cost = each.said.get("cost", good.cost)
        good.figures.append(
            Figure(day, sold, prepared, each.sold_out, each.said.get("amount"),
                   each.said.get("cost"), reckoned, each.row)
        )  # fmt: skip

    def put_notes(self, counts: dict[str, int]) -> None:
        for sentence, count in (
            (REPEATED, self.repeated),
            (ZERO_SOLD, counts["zero"]),
            (ONLY_COST, counts["cost"]),
        ):
            if count:
                self.notes.append(Note(sentence, {"count": count}))
        if counts["received"]:
            self.notes.append(Note(RECEIVED_ONLY))
        figures = [figure for good in self.goods.values() for figure in good.figures]
        if figures and all(figure.prepared is None for figure in figures):
            self.notes.append(Note(NO_PREPARED))

    def note_day(
        self,
        table: ReadTable,
        row: int,
        sentence: str,
        key: str,
        day: date,
        *,
        left_out: bool = True,
    ) -> None:
        good = self.goods[key]
        values = {"product": good.name or good.code, "day": day.isoformat()}
        self.note_row(table, row, sentence, values, left_out)
        self.finding_count += 1

    def note_row(
        self,
        table: ReadTable,
        row: int,
        sentence: str,
        values: dict[str, str],
        left_out: bool,
        *,
        new: bool = False,
    ) -> None:
        if new:
            self.finding_count += 1
            self.left_out += left_out
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(table.file, table.sheet, row, sentence, values, left_out))


_LEAVE_OUT = -1
"""Stands for a day whose prepared quantity contradicts itself; quantities are never below zero."""


def reckoned_prepared(sold: int, loss: int) -> int:
    """Return what must have been prepared for ``sold`` at ``loss`` (1/10000): sold ÷ (1 - loss)."""
    return half_up(Decimal(sold * OUT_OF) / (OUT_OF - loss))


def said_table(table: ReadTable) -> str:
    """Return a table's place: file and sheet."""
    return f"{table.file} / {table.sheet}" if table.sheet else table.file


def _said(sums: DaySums, factor: Decimal) -> dict[str, int]:
    """Return what a table says of a day, in our unit."""
    said = {name: value for name in _ADDED if (value := getattr(sums, name)) is not None}
    if factor != 1:
        said = {name: half_up(value * factor) for name, value in said.items()}
    for name in ("price", "cost"):
        value = getattr(sums, name)
        if value is not None:
            said[name] = value if factor == 1 else half_up(Decimal(value) / factor)
    if sums.amount is not None:
        said["amount"] = sums.amount
    return said


def _tell_apart(goods: list[PastGood]) -> None:
    """Give products of one name and different codes the end of their code behind the name."""
    by_name: dict[str, list[PastGood]] = {}
    for good in goods:
        good.name = good.name or good.code
        by_name.setdefault(folded(good.name), []).append(good)
    for alike in by_name.values():
        if len(alike) > 1:
            for good in alike:
                good.name = f"{good.name[:32]} {good.code[-4:]}".strip()


def fingerprint_of(files: Iterable[ReadFile]) -> str:
    """Return the name of a set of files by their contents, whatever their names and order."""
    contents = "\x1f".join(sorted({read.fingerprint for read in files}))
    return hashlib.sha256(contents.encode()).hexdigest()
