"""Whose past figures these are: products of the files held against the shop's own. Pure.

A product is known by what was answered last time, by its name, or by another name of it; everything
else is proposed as a new product, and the owner may choose otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from lib.kernel.errors import Refused
from lib.kernel.money import Money, half_up
from lib.kernel.quantity import WEIGHT_UNITS, Measure, Unit
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.supply.past.joining import Figure, PastGood
from lib.supply.past.values import SCALE
from lib.trade.products.rules import LONGEST_NAME, Details, checked

PIECES = "份"
"""The unit of new products where the files name none."""
_SOLD_AS = {"千克": "公斤", "kg": "公斤", "市斤": "斤", "500g": "斤", "g": "克"}
_PER_FEN = SCALE // 100

OTHER_UNIT = N_("{product} is sold by {unit}; the files count {other}. Choose another product.")
NOT_WHOLE = N_("{product}, {day}: {count} is not a whole number of {unit}; the day was left out.")


class Fit(StrEnum):
    """Why a product was proposed; the value is what the owner reads."""

    REMEMBERED = N_("as you chose last time")
    NAME = N_("same name")
    ALIAS = N_("another name of it")
    NEW = N_("not in the shop yet")
    CHOSEN = N_("your choice")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A product of the shop as far as past figures need it."""

    id: int
    name: str
    aliases: tuple[str, ...]
    unit: Unit
    conversions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the figures of a product go: to ``product_id``, to a new one, or nowhere."""

    product_id: int | None
    is_new: bool = False
    fit: Fit = Fit.CHOSEN


class DayRow(NamedTuple):
    """One product's day as it is booked: grams or sale units, money in fen per sale unit."""

    day: date
    prepared: int | None
    sold: int
    sold_out: bool
    amount_fen: int | None
    unit_cost_fen: int | None
    loss_per_10000: int | None


@dataclass(frozen=True, slots=True)
class Booked:
    """A product's days ready for the books; ``problems`` name the days that are not."""

    rows: tuple[DayRow, ...]
    problems: tuple[Refused, ...] = ()


def proposed(
    goods: Sequence[PastGood], shelf: Sequence[Shelf], remembered: Mapping[str, int]
) -> dict[str, Choice]:
    """Return the proposal for every product of the files, by its key."""
    known = {each.id for each in shelf}
    names = {folded(each.name): each.id for each in shelf}
    others: dict[str, set[int]] = {}
    for each in shelf:
        for alias in each.aliases:
            others.setdefault(folded(alias), set()).add(each.id)
    choices = {}
    for good in goods:
        said = folded(good.name)
        if remembered.get(good.key) in known:
            choices[good.key] = Choice(remembered[good.key], fit=Fit.REMEMBERED)
        elif said in names:
            choices[good.key] = Choice(names[said], fit=Fit.NAME)
        elif len(others.get(said, ())) == 1:
            choices[good.key] = Choice(next(iter(others[said])), fit=Fit.ALIAS)
        else:
            choices[good.key] = Choice(None, is_new=True, fit=Fit.NEW)
    return _each_once(choices)


def _each_once(choices: Mapping[str, Choice]) -> dict[str, Choice]:
    """Propose a product of the shop once: two columns of figures never flow together unasked."""
    taken: set[int] = set()
    found = {}
    for key, choice in choices.items():
        if choice.product_id in taken:
            found[key] = Choice(None, is_new=True, fit=Fit.NEW)
            continue
        found[key] = choice
        if choice.product_id is not None:
            taken.add(choice.product_id)
    return found


def twice_chosen(choices: Mapping[str, Choice]) -> frozenset[int]:
    """Return products that were chosen for more than one product of the files."""
    seen: set[int] = set()
    twice: set[int] = set()
    for choice in choices.values():
        if choice.product_id is not None:
            (twice if choice.product_id in seen else seen).add(choice.product_id)
    return frozenset(twice)


def factor_of(word: str, unit: Unit, conversions: Mapping[str, int]) -> Decimal | None:
    """Return how many grams or sale units one ``word`` of the files is for a product.

    Without a word the files count the product's own sale units. None when the two cannot be
    compared: kilograms of something sold by the box.
    """
    theirs = Unit.named(word)
    if not word or word == unit.word:
        return Decimal(unit.grams or 1)
    if theirs.grams is not None and unit.grams is not None:
        return Decimal(theirs.grams)
    if word in conversions:
        return Decimal(conversions[word])
    return None


def unit_of_new(word: str) -> str:
    """Return the sale unit of new products for figures counted in ``word``."""
    if word.lower() in WEIGHT_UNITS:
        return _SOLD_AS.get(word.lower(), word)
    return word or PIECES


def details_of(
    good: PastGood, word: str, *, is_fresh: bool, nameless: str = "No. {code}"
) -> Details:
    """Return the new product for ``good``: last seen prices, category kept.

    ``nameless`` names a product of which the files say only the code. Raises ``Refused``.
    """
    name = nameless.format(code=good.code) if good.name == good.code else good.name
    unit = Unit.named(unit_of_new(word))
    factor = factor_of(word or unit.word, unit, {})
    assert factor is not None
    return checked(
        Details(
            name=clean(name, LONGEST_NAME),
            unit=unit.word,
            price=Money(_price_fen(good.price or 0, unit, factor)),
            category=good.category,
            is_fresh=is_fresh,
            purchase_price=(
                None if good.cost is None else Money(_price_fen(good.cost, unit, factor))
            ),
        )
    )


def booked(good: PastGood, word: str, unit: Unit, conversions: Mapping[str, int]) -> Booked:
    """Return the days of ``good`` in the base quantity of a product sold by ``unit``."""
    factor = factor_of(word, unit, conversions)
    if factor is None:
        said = Refused(OTHER_UNIT, product=good.name, unit=unit.word, other=word)
        return Booked((), (said,))
    rows: list[DayRow] = []
    problems: list[Refused] = []
    for figure in good.figures:
        row = _row(good, figure, unit, factor)
        if row is None:
            count = f"{(Decimal(figure.sold) / SCALE).normalize():f}"
            problems.append(
                Refused(NOT_WHOLE, product=good.name, day=figure.day, count=count, unit=unit.word)
            )
        else:
            rows.append(row)
    return Booked(tuple(rows), tuple(problems))


def _row(good: PastGood, figure: Figure, unit: Unit, factor: Decimal) -> DayRow | None:
    prepared = figure.prepared
    if unit.measure is Measure.PIECE:
        for amount in (figure.sold, None if figure.reckoned else prepared):
            if amount is not None and amount * factor % SCALE:
                return None
    return DayRow(
        figure.day,
        None if prepared is None else half_up(prepared * factor / SCALE),
        half_up(figure.sold * factor / SCALE),
        figure.sold_out,
        None if figure.amount is None else half_up(Decimal(figure.amount) / _PER_FEN),
        None if figure.cost is None else _price_fen(figure.cost, unit, factor),
        good.loss,
    )


def _price_fen(price: int, unit: Unit, factor: Decimal) -> int:
    """Return a price per unit of the files (millionths of a yuan) as fen per sale unit."""
    return half_up(Decimal(price) * (unit.grams or 1) / factor / _PER_FEN)
