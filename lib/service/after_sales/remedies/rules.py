"""What the pledge promises, and whether a solution keeps it (R10, R11, R29). Pure.

Rotten fresh goods: whole sale units that are bad are paid back *and* as many more of the same are
given; so is the whole line. Where only a part inside a sale unit is bad (3 of 30 eggs), its share
is paid back *or* one more given, as the resident likes; the setting ``fresh_part`` can promise
both. A quality fault of daily goods: return or exchange of whole sale units, freight paid by the
shop. Anything else: the share back, or one more. A solution may be better than that, never less,
unless the resident wished so.

Goods that are fresh and daily at once count as fresh when they rot and as daily otherwise; goods
that are neither, as fresh: a missing tag must not cost the resident the pledge. What nobody counted
is meant as a whole.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lib.kernel.errors import Refused
from lib.kernel.money import Money, ratio, total
from lib.kernel.quantity import LARGEST_COUNT, Unit
from lib.kernel.words import N_
from lib.service.after_sales.rules import Cause, CountedIn, Defect
from lib.shop.settings import Settings

NOTHING = Money(0)


class Kind(StrEnum):
    """What is done: money, goods, or a word where neither was promised."""

    REFUND = "refund"
    ONE_MORE = "one_more"
    EXCHANGE = "exchange"
    RETURN = "return"
    WORD = "word"


KIND_NAMES: dict[Kind, str] = {
    Kind.REFUND: N_("Money back"),
    Kind.ONE_MORE: N_("One more of the same"),
    Kind.EXCHANGE: N_("Exchange"),
    Kind.RETURN: N_("Taken back, money back"),
    Kind.WORD: N_("Explained"),
}

MONEY = frozenset({Kind.REFUND, Kind.RETURN})
GOODS = frozenset({Kind.ONE_MORE, Kind.EXCHANGE})
COMES_BACK = frozenset({Kind.RETURN, Kind.EXCHANGE})
"""Kinds with which the resident may bring the bad goods back."""


class Disposal(StrEnum):
    """What became of bad goods (facts 3.4): they are recorded, whoever keeps them."""

    KEPT = "kept"
    THROWN_AWAY = "thrown_away"
    TO_SUPPLIER = "to_supplier"
    TO_SHELF = "to_shelf"


DISPOSAL_NAMES: dict[Disposal, str] = {
    Disposal.KEPT: N_("Nothing came back"),
    Disposal.THROWN_AWAY: N_("Came back and was destroyed"),
    Disposal.TO_SUPPLIER: N_("Came back and goes to the supplier"),
    Disposal.TO_SHELF: N_("Came back unopened, to the shelf"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a pledge is worked out from.

    ``quantity`` is the line's in grams or sale units of ``unit``, ``charged`` what it cost before
    anything was let go for a complaint, ``left`` what is still charged for it; all None for
    something bought without an order. ``bad`` of ``of_total`` count ``counted_in``; None: nobody
    counted, the whole line is meant. ``before`` is the part of the line that other complaints were
    paid back for: shares of one line add up to what it cost, to the fen.
    """

    defect: Defect
    fresh: bool
    daily: bool
    unit: Unit | None = None
    quantity: int | None = None
    charged: Money | None = None
    left: Money | None = None
    bad: int | None = None
    of_total: int | None = None
    counted_in: CountedIn | None = None
    before: Fraction = Fraction(0)

    @property
    def base(self) -> int:
        """Base quantities in one sale unit: grams, or 1 for pieces."""
        return (self.unit.grams or 1) if self.unit else 1

    @property
    def part(self) -> Fraction:
        """Which part of the line is bad."""
        if self.bad is None or self.of_total is None:
            return Fraction(1)
        return Fraction(self.bad, self.of_total)

    @property
    def share(self) -> Money | None:
        """What the bad part cost, half-up, at most what is still charged; None if unknown."""
        return self.share_of(self.part)

    @property
    def unit_share(self) -> Money | None:
        """What the sale units cost in which something is bad; None if unknown."""
        if not self.quantity or self.one_more is None:
            return None
        return self.share_of(Fraction(self.one_more, self.quantity))

    def share_of(self, part: Fraction) -> Money | None:
        """Return what ``part`` of the line cost after what was paid back before; None if unknown.

        At most what is still charged.
        """
        if self.charged is None or self.left is None:
            return None
        until = min(self.before + part, Fraction(1))
        share = _part_of(self.charged, until) - _part_of(self.charged, self.before)
        return max(NOTHING, min(share, self.left))

    @property
    def bad_quantity(self) -> int | None:
        """How much is bad in base quantities, rounded up; None if unknown."""
        return None if self.quantity is None else math.ceil(self.quantity * self.part)

    @property
    def whole_quantity(self) -> int | None:
        """How much of what is bad is whole sale units, or the whole line; None if unknown."""
        if self.quantity is None:
            return None
        if self.part == 1:
            return self.quantity
        return math.floor(self.quantity * self.part / self.base) * self.base

    @property
    def one_more(self) -> int | None:
        """How much of the same is one more: the bad part, up to whole sale units of the line.

        Goods bought without an order: as many sale units as were counted bad, else one.
        """
        if self.unit is None:
            return None
        bad = self.bad_quantity
        if bad is None or self.quantity is None:
            by_unit = self.counted_in is CountedIn.UNITS and self.bad is not None
            return (self.bad if by_unit and self.bad else 1) * self.base
        return min(math.ceil(Fraction(bad, self.base)) * self.base, self.quantity)


def _part_of(amount: Money, part: Fraction) -> Money:
    return Money(ratio(amount.fen * part.numerator, part.denominator))


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing done. ``quantity`` in grams or sale units; ``amount`` None: whatever was paid.

    ``freight_by_shop``: the shop bears what it costs to bring the goods (R11).
    """

    kind: Kind
    quantity: int | None = None
    amount: Money | None = None
    freight_by_shop: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One way to keep the pledge: everything in ``remedies``; ``practice`` promises it."""

    remedies: tuple[Remedy, ...]
    practice: str


@dataclass(frozen=True)
class Pledge:
    """What is promised at least; the resident chooses among ``options``. None: nothing is."""

    options: tuple[Option, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the pledge as it is kept with the turn it was offered in."""
        return {
            "options": [
                {
                    "practice": option.practice,
                    "remedies": [
                        {
                            "kind": one.kind.value,
                            "quantity": one.quantity,
                            "amount_fen": one.amount.fen if one.amount is not None else None,
                            "freight": one.freight_by_shop,
                        }
                        for one in option.remedies
                    ],
                }
                for option in self.options
            ]
        }


def pledge_from(stored: dict[str, Any] | None) -> Pledge:
    """Return a pledge that was kept by :meth:`Pledge.to_json`; an empty one for None."""
    options = [
        Option(
            tuple(
                Remedy(
                    Kind(one["kind"]),
                    one["quantity"],
                    None if one["amount_fen"] is None else Money(one["amount_fen"]),
                    one["freight"],
                )
                for one in option["remedies"]
            ),
            option["practice"],
        )
        for option in (stored or {}).get("options", ())
    ]
    return Pledge(tuple(options))


def pledge_for(facts: Facts, settings: Settings) -> Pledge:
    """Return what is promised for ``facts`` (R10, R11, R29); nothing for a complaint of service."""
    if facts.defect in (Defect.SERVICE, Defect.OTHER):
        return Pledge()
    back = Remedy(Kind.REFUND, facts.bad_quantity, facts.share)
    more = Remedy(Kind.ONE_MORE, facts.one_more)
    if facts.defect is Defect.ROTTEN and (facts.fresh or not facts.daily):
        return _fresh_pledge(facts, back, more, settings)
    if facts.daily and facts.defect in (Defect.ROTTEN, Defect.QUALITY, Defect.DAMAGED):
        returned = Remedy(Kind.RETURN, facts.one_more, facts.unit_share, freight_by_shop=True)
        other = Remedy(Kind.EXCHANGE, facts.one_more, freight_by_shop=True)
        return Pledge((Option((returned,), "R11"), Option((other,), "R11")))
    if facts.defect is Defect.WRONG:
        other = Remedy(Kind.EXCHANGE, facts.one_more)
        return Pledge((Option((back,), "R29"), Option((other,), "R29")))
    if facts.defect in (Defect.SHORT, Defect.MISSING):
        rest = Remedy(Kind.ONE_MORE, facts.bad_quantity or facts.one_more)
        return Pledge((Option((back,), "R29"), Option((rest,), "R29")))
    return Pledge((Option((back,), "R29"), Option((more,), "R29")))


def _fresh_pledge(facts: Facts, back: Remedy, more: Remedy, settings: Settings) -> Pledge:
    """Return what is promised for rotten goods: for whole sale units both, for a part either."""
    whole = facts.whole_quantity
    if whole is None:
        part = facts.bad is not None and facts.counted_in is not CountedIn.UNITS
        whole = 0 if part and facts.part < 1 else facts.one_more
    if whole == facts.one_more or settings.fresh_part == "share_and_one_more":
        return Pledge((Option((back, more), "R10"),))
    if not whole or not facts.quantity:
        return Pledge((Option((back,), "R29"), Option((more,), "R29")))
    of_whole = facts.share_of(Fraction(whole, facts.quantity))
    return Pledge(
        (
            Option((back, Remedy(Kind.ONE_MORE, whole)), "R10"),
            Option((Remedy(Kind.REFUND, whole, of_whole), more), "R10"),
        )
    )


def keeps(option: Option, done: Sequence[Remedy]) -> bool:
    """Whether what was ``done`` gives at least what ``option`` promises, in money and in goods."""
    money = total(one.amount for one in done if one.kind in MONEY and one.amount is not None)
    goods = sum(one.quantity or 0 for one in done if one.kind in GOODS)
    for one in option.remedies:
        if one.kind in MONEY:
            if money < one.amount if one.amount is not None else money <= NOTHING:
                return False
        elif one.kind in GOODS and goods < (one.quantity or 1):
            return False
    return True


def check_at_least(pledge: Pledge, done: Sequence[Remedy], below_pledge: str) -> None:
    """Raise ``Refused`` when ``done`` is less than any option of ``pledge`` (R10, R11).

    ``below_pledge`` says in words that the resident wished less.
    """
    if not pledge.options or below_pledge or any(keeps(one, done) for one in pledge.options):
        return
    raise Refused(
        N_(
            "This is less than what the shop promises. Give at least that, or write that the "
            "resident wishes less."
        )
    )


@dataclass(frozen=True)
class Solution:
    """What was agreed with the resident.

    ``method`` is how money goes back. ``planned_on`` is the day owed goods wait for a resident
    without an order. ``freight`` the shop bears besides. ``below_pledge`` says that the resident
    wished less. ``text`` is what the resident reads on the private page.
    """

    remedies: tuple[Remedy, ...]
    method: str = "transfer"
    planned_on: date | None = None
    freight: Money = field(default_factory=Money)
    disposal: Disposal = Disposal.KEPT
    below_pledge: str = ""
    cause: Cause | None = None
    cause_note: str = ""
    text: str = ""


def checked(solution: Solution, facts: Facts) -> tuple[Remedy, ...]:
    """Return what is to be done; raises ``Refused`` when it is nothing, or makes no sense."""
    found = solution.remedies
    if not found:
        raise Refused(N_("Choose what is done about it."))
    kinds = [one.kind for one in found]
    if len(set(kinds)) < len(kinds) or set(kinds) >= MONEY:
        raise Refused(N_("Money goes back once. Add the amounts up."))
    for one in found:
        _check_one(one)
    if solution.freight < NOTHING:
        raise Refused(N_("An amount cannot be negative."))
    _check_what_comes_back(solution, facts)
    return found


def _check_one(one: Remedy) -> None:
    if one.kind in MONEY and (one.amount is None or one.amount <= NOTHING):
        raise Refused(N_("Enter an amount above zero."))
    if one.kind in GOODS and (one.quantity is None or one.quantity <= 0):
        raise Refused(N_("Enter how much is given."))
    if one.quantity is not None and one.quantity > LARGEST_COUNT:
        raise Refused(N_("Check the number: that many cannot be."))


def _check_what_comes_back(solution: Solution, facts: Facts) -> None:
    """Goods that came back are recorded; only unopened daily goods are sold again (facts 3.4)."""
    if solution.disposal is Disposal.KEPT:
        return
    back = [one for one in solution.remedies if one.kind in COMES_BACK]
    if not back:
        raise Refused(N_("Goods come back with a return or an exchange. Choose one of them."))
    for one in back:
        if facts.quantity is not None and (one.quantity or 0) > facts.quantity:
            raise Refused(N_("More cannot come back than was bought."))
    if solution.disposal is Disposal.TO_SHELF:
        if facts.fresh or not facts.daily:
            raise Refused(N_("Fresh goods that came back are not sold again."))
        if facts.defect is Defect.ROTTEN:
            raise Refused(N_("What is rotten is not sold again."))
