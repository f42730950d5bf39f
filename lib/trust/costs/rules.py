"""Decisions on costs: lines that add up, remarks before publishing, fingerprints (R20).

All amounts are for one sale unit, in whole fen. ``purchase + loss + packaging + delivery + points +
pledge + other + kept = price`` holds by construction: what the shop keeps is the rest, and a
negative rest is money the shop gives. A loss rate raises the purchase price to
``purchase / (1 - rate)`` (facts of the field, 4.2) and the difference is a line of its own, not a
factor over the other lines.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lib.kernel.errors import Refused
from lib.kernel.money import LARGEST_FEN, Money, half_up, total
from lib.kernel.quantity import price_per_jin
from lib.kernel.text import holds_phone
from lib.kernel.words import N_

FIRST_FINGERPRINT = ""
FIRST_SHAPE = 1
SHAPE = 2
"""Number of the body's layout; a later layout gets another number, old sheets keep theirs.

Shape 2 brought points, the pledge, which parts are by hand, and the days the books were read for.
"""

WHOLE_RATE = 10_000
HIGHEST_RATE = 9_000
"""A loss rate is in hundredths of a percent; above 90 % it is a typing slip."""

ALTERED = N_("Sheet {number} was altered after it was published and is not shown.")

NOTHING = Money(0)


class Part(StrEnum):
    """Where a part of the price goes."""

    PURCHASE = "purchase"
    LOSS = "loss"
    PACKAGING = "packaging"
    DELIVERY = "delivery"
    POINTS = "points"
    PLEDGE = "pledge"
    OTHER = "other"
    KEPT = "kept"


KEPT_BY_OWNER = (
    Part.LOSS,
    Part.PACKAGING,
    Part.DELIVERY,
    Part.POINTS,
    Part.PLEDGE,
    Part.OTHER,
)
"""The parts that may be typed by hand (``product_cost``); the purchase price never is."""

_SINCE_SHAPE_2 = (Part.POINTS, Part.PLEDGE)

LABELS: dict[Part, str] = {
    Part.PURCHASE: N_("Purchase price"),
    Part.LOSS: N_("Loss"),
    Part.PACKAGING: N_("Packaging"),
    Part.DELIVERY: N_("Delivery"),
    Part.POINTS: N_("Points given"),
    Part.PLEDGE: N_("Made good"),
    Part.OTHER: N_("Other"),
    Part.KEPT: N_("The shop keeps"),
}
GIVEN = N_("The shop adds")
"""What the last line is called when the shop keeps less than nothing."""


@dataclass(frozen=True)
class Cost:
    """One kind of cost of one sale unit: an ``amount``, or for loss a ``rate`` (250 = 2.5 %).

    ``basis`` is the owner's own note and is never published.
    """

    amount: Money | None = None
    rate: int | None = None
    basis: str = ""


NO_COST = Cost(NOTHING)


@dataclass(frozen=True)
class Line:
    """One product on a sheet: its price and where every fen of it goes.

    ``grams`` is what one sale unit weighs, ``pieces`` how many it holds; None when not known.
    ``photo`` is the SHA-256 of a picture. ``by_hand`` names the parts that somebody typed: all
    others are what the books say. ``PURCHASE`` is among them where no batch says what it cost.
    """

    product_id: int
    name: str
    unit: str
    grams: int | None
    pieces: int | None
    price: Money
    purchase: Money
    loss: Money
    packaging: Money
    delivery: Money
    other: Money
    photo: str | None = None
    points: Money = NOTHING
    pledge: Money = NOTHING
    by_hand: frozenset[Part] = frozenset()

    @property
    def cost(self) -> Money:
        """What one sale unit costs the shop in all."""
        return total(
            (
                self.purchase,
                self.loss,
                self.packaging,
                self.delivery,
                self.points,
                self.pledge,
                self.other,
            )
        )

    @property
    def kept(self) -> Money:
        """What the shop keeps of the price; negative when it adds money of its own."""
        return self.price - self.cost

    @property
    def is_given(self) -> bool:
        """Whether the shop sells below cost."""
        return self.kept.fen < 0

    @property
    def per_jin(self) -> Money | None:
        """The price of 500 g, None when the weight is not known."""
        return price_per_jin(self.price, self.grams)

    @property
    def per_piece(self) -> Money | None:
        """The price of one of the pieces a sale unit holds, None when it holds just one."""
        if not self.pieces or self.pieces < 2:
            return None
        return Money(half_up(Decimal(self.price.fen) / self.pieces))

    @property
    def parts(self) -> list[tuple[Part, Money]]:
        """Every part that is not zero, in the order of the sheet; they add up to the price.

        Purchase price and what the shop keeps are always there, zero or not.
        """
        amounts = [(part, getattr(self, part.value)) for part in Part]
        always = (Part.PURCHASE, Part.KEPT)
        return [(part, amount) for part, amount in amounts if amount or part in always]


@dataclass(frozen=True)
class Period:
    """The days whose books a sheet was computed from, ``last`` included."""

    first: date
    last: date


@dataclass(frozen=True)
class Sheet:
    """A sheet as published. ``day`` is the shop's day it is for, moments are UTC.

    ``corrects`` is the number of the sheet it corrects, ``correction`` says why. ``period`` is None
    on sheets from before the books were read (shape 1).
    """

    number: int
    title: str
    day: date
    data_as_of: datetime
    lines: tuple[Line, ...]
    corrects: int | None
    correction: str
    previous: str
    fingerprint: str
    period: Period | None = None
    shape: int = SHAPE

    @property
    def short(self) -> str:
        """The fingerprint as people compare it."""
        return short_fingerprint(self.fingerprint)


@dataclass(frozen=True)
class Remark:
    """Something the owner should look at before publishing: a msgid and its values."""

    sentence: str
    values: Mapping[str, object]


def loss_of(purchase: Money, cost: Cost) -> Money:
    """Return the loss line for ``purchase``: the amount, or what the rate makes of it, half-up.

    2.4 % of 5.00 is 5.00 / 0.976 - 5.00 = 0.12: the sold goods carry what was thrown away.
    """
    if cost.rate is None:
        return cost.amount or Money(0)
    raised = Decimal(purchase.fen) * WHOLE_RATE / (WHOLE_RATE - cost.rate)
    return Money(half_up(raised)) - purchase


def checked_cost(part: Part, cost: Cost) -> Cost:
    """Return ``cost`` if ``part`` may have it; raises ``Refused`` with what is wrong."""
    if (cost.amount is None) == (cost.rate is None):
        raise Refused(N_("Give either an amount or a rate."))
    if cost.rate is not None and part is not Part.LOSS:
        raise Refused(N_("Only loss can be a rate; the other costs are amounts."))
    if cost.rate is not None and not 0 <= cost.rate <= HIGHEST_RATE:
        raise Refused(N_("A loss rate lies between 0 and 90 percent."))
    if cost.amount is not None and not 0 <= cost.amount.fen <= LARGEST_FEN:
        raise Refused(N_("A cost cannot be negative."))
    return cost


def remarks_on(line: Line) -> list[Remark]:
    """Return what the owner should look at before ``line`` is published."""
    found = []
    if not line.price:
        found.append(Remark(N_("{name} has no price."), {"name": line.name}))
    elif line.is_given:
        found.append(
            Remark(
                N_("{name} is sold below cost: the shop adds {amount} per {unit}. Say why."),
                {"name": line.name, "amount": -line.kept, "unit": line.unit},
            )
        )
    elif line.kept.fen * 2 > line.price.fen:
        found.append(
            Remark(
                N_("{name}: the shop keeps more than half of the price. Is a cost missing?"),
                {"name": line.name},
            )
        )
    if Part.PURCHASE in line.by_hand:
        found.append(
            Remark(
                N_("{name}: no batch says what it cost; its usual purchase price is taken."),
                {"name": line.name},
            )
        )
    if not line.purchase:
        found.append(Remark(N_("{name} has a purchase price of zero."), {"name": line.name}))
    if line.purchase and line.loss.fen * 3 > line.purchase.fen:
        found.append(
            Remark(
                N_("{name}: loss is more than a third of the purchase price. Is that right?"),
                {"name": line.name},
            )
        )
    return found


def check_published_text(text: str) -> None:
    """Raise ``Refused`` when ``text``, about to be public for good, holds a phone number."""
    if holds_phone(text):
        raise Refused(
            N_("There is a phone number in {text}. What is published cannot be taken back."),
            text=text,
        )


def body_of(
    lines: Sequence[Line], period: Period | None = None, shape: int = SHAPE
) -> dict[str, Any]:
    """Return the body of a sheet as it is stored: amounts in fen, what the shop keeps included."""
    body: dict[str, Any] = {"shape": shape, "lines": [_line_body(line, shape) for line in lines]}
    if shape > FIRST_SHAPE:
        days = None if period is None else [period.first.isoformat(), period.last.isoformat()]
        body["period"] = days
    return body


def period_of(body: Mapping[str, Any]) -> Period | None:
    """Return the days a stored ``body`` was computed from; None where it does not say."""
    days = body.get("period")
    return None if days is None else Period(*(date.fromisoformat(day) for day in days))


def lines_of(body: Mapping[str, Any]) -> tuple[Line, ...]:
    """Return the lines of a stored ``body``.

    Raises ``ValueError`` when a stored line does not add up to its price or is not a line at all,
    and when its days are no days.
    """
    try:
        shape = body.get("shape", FIRST_SHAPE)
        period_of(body)
        return tuple(_line_of(item, shape) for item in body["lines"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not the body of a sheet") from error


def check_intact(sheet: Sheet, body: Mapping[str, Any]) -> Sheet:
    """Return ``sheet`` if it is what its stored ``body`` says and still has its fingerprint.

    Raises ``Refused``: figures that were altered after publication are not shown to anybody.
    """
    again = body_of(sheet.lines, sheet.period, sheet.shape)
    if again != body or fingerprint_of(text_of(sheet)) != sheet.fingerprint:
        raise Refused(ALTERED, number=sheet.number)
    return sheet


def digest(lines: Sequence[Line], period: Period | None = None) -> str:
    """Return a fingerprint of ``lines`` alone: what is published must be what was looked at."""
    return hashlib.sha256(_canonical(body_of(lines, period)).encode()).hexdigest()


def sealed_text(
    number: int,
    title: str,
    day: date,
    data_as_of: datetime,
    body: Mapping[str, Any],
    corrects: int | None,
    correction: str,
    previous: str,
) -> str:
    """Return the text whose SHA-256 is the fingerprint of a sheet: JSON with sorted keys.

    It is public (``/p/prices/<number>.json``), so that anybody can compute it again.
    """
    return _canonical(
        {
            "number": number,
            "title": title,
            "day": day.isoformat(),
            "data_as_of": data_as_of.isoformat(),
            "body": body,
            "corrects": corrects,
            "correction": correction,
            "previous": previous,
        }
    )


def fingerprint_of(text: str) -> str:
    """Return the SHA-256 of a sealed ``text`` in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def text_of(sheet: Sheet) -> str:
    """Return the sealed text of ``sheet``."""
    return sealed_text(
        sheet.number,
        sheet.title,
        sheet.day,
        sheet.data_as_of,
        body_of(sheet.lines, sheet.period, sheet.shape),
        sheet.corrects,
        sheet.correction,
        sheet.previous,
    )


def short_fingerprint(fingerprint: str) -> str:
    """Return the first eight characters in two groups, as people compare them: ``3f2a 91bc``."""
    return f"{fingerprint[:4]} {fingerprint[4:8]}"


def _line_body(line: Line, shape: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "product": line.product_id,
        "name": line.name,
        "unit": line.unit,
        "grams": line.grams,
        "pieces": line.pieces,
        "price": line.price.fen,
        "photo": line.photo,
    }
    if shape > FIRST_SHAPE:
        body["by_hand"] = sorted(part.value for part in line.by_hand)
    return body | {part.value: getattr(line, part.value).fen for part in _parts_in(shape)}


def _parts_in(shape: int) -> list[Part]:
    return [part for part in Part if shape > FIRST_SHAPE or part not in _SINCE_SHAPE_2]


def _line_of(item: Mapping[str, Any], shape: int) -> Line:
    amounts = {part.value: Money(item[part.value]) for part in _parts_in(shape)}
    kept = amounts.pop(Part.KEPT.value)
    line = Line(
        product_id=item["product"],
        name=item["name"],
        unit=item["unit"],
        grams=item["grams"],
        pieces=item["pieces"],
        price=Money(item["price"]),
        photo=item["photo"],
        by_hand=frozenset(Part(name) for name in item.get("by_hand", ())),
        **amounts,
    )
    if line.kept != kept:
        raise ValueError(f"the lines of product {line.product_id} do not add up to its price")
    return line


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
