"""How too little is shared out among those who ordered (E6). Pure.

Quantities are grams or sale units. Whatever the way, the shares add up to what there is, nobody
gets more than ordered, and nobody less than was already handed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lib.kernel.errors import Refused
from lib.kernel.quantity import Measure, Unit
from lib.kernel.words import N_

GRAMS_A_STEP = 50
"""One liang (两): a scale at the counter shows it, and people reckon in it."""


class Way(StrEnum):
    """How a shortage is shared out."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    FIRST_COME = "first_come"
    BY_HAND = "by_hand"


WAY_NAMES: dict[Way, str] = {
    Way.PROPORTIONAL: N_("Same share for everybody"),
    Way.EQUAL: N_("Same quantity for everybody"),
    Way.FIRST_COME: N_("First come, first served"),
    Way.BY_HAND: N_("By hand"),
}


@dataclass(frozen=True)
class Wish:
    """What somebody ordered, and what of it was already handed over."""

    ordered: int
    given: int = 0


def step_of(unit: Unit) -> int:
    """Return the smallest amount shares differ by: whole pieces, or :data:`GRAMS_A_STEP`."""
    return 1 if unit.measure is Measure.PIECE else GRAMS_A_STEP


def share_out(available: int, wishes: Sequence[Wish], way: Way, step: int = 1) -> list[int]:
    """Return how much each of ``wishes``, in the order they were placed, gets of ``available``.

    Shares are whole steps where that is possible; what is left of a step goes to one of them, so
    that nothing is lost. ``BY_HAND`` begins with the proportional shares. Raises ``Refused`` when
    more was handed over than there is.
    """
    given = sum(wish.given for wish in wishes)
    if available < given:
        raise Refused(
            N_("More was handed over already than there is to share out. Count the stock first.")
        )
    rest = min(available, sum(wish.ordered for wish in wishes))
    if way is Way.FIRST_COME:
        return _first_come(rest - given, wishes)
    weights = [1 if way is Way.EQUAL else wish.ordered for wish in wishes]
    ideals = _ideals(rest, wishes, weights)
    return _in_steps(rest, wishes, ideals, step)


def check_shares(available: int, wishes: Sequence[Wish], shares: Sequence[int], unit: Unit) -> None:
    """Raise ``Refused`` unless ``shares`` keep the promise of this module."""
    for wish, share in zip(wishes, shares, strict=True):
        if share > wish.ordered:
            raise Refused(N_("Nobody gets more than was ordered."))
        if share < wish.given:
            raise Refused(
                N_("{given} was already handed over; less is not possible."),
                given=unit.said(wish.given),
            )
    whole = min(available, sum(wish.ordered for wish in wishes))
    difference = whole - sum(shares)
    if difference > 0:
        raise Refused(
            N_("{amount} is not given to anybody yet. The shares must add up to what there is."),
            amount=unit.said(difference),
        )
    if difference < 0:
        raise Refused(
            N_("{amount} too much is given out. The shares must add up to what there is."),
            amount=unit.said(-difference),
        )


def _first_come(rest: int, wishes: Sequence[Wish]) -> list[int]:
    shares = []
    for wish in wishes:
        more = min(rest, wish.ordered - wish.given)
        shares.append(wish.given + more)
        rest -= more
    return shares


def _ideals(rest: int, wishes: Sequence[Wish], weights: Sequence[int]) -> list[Fraction]:
    """Return exact shares: the same multiple of each weight, within what each may get.

    The multiple is found where the sum, which grows with it in straight pieces, comes to ``rest``.
    """

    def shares(level: Fraction) -> list[Fraction]:
        return [
            min(Fraction(wish.ordered), max(Fraction(wish.given), level * weight))
            for wish, weight in zip(wishes, weights, strict=True)
        ]

    bends = {Fraction(0)}
    for wish, weight in zip(wishes, weights, strict=True):
        if weight:
            bends |= {Fraction(wish.given, weight), Fraction(wish.ordered, weight)}
    levels = sorted(bends)
    low, high = 0, len(levels) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if sum(shares(levels[middle])) <= rest else (low, middle)
    below, above = sum(shares(levels[low])), sum(shares(levels[high]))
    if above <= rest or above == below:
        return shares(levels[high])
    part = Fraction(rest - below) / Fraction(above - below)
    return shares(levels[low] + (levels[high] - levels[low]) * part)


def _in_steps(
    rest: int, wishes: Sequence[Wish], ideals: Sequence[Fraction], step: int
) -> list[int]:
    """Round ``ideals`` down to steps and hand out what that leaves, largest remainder first."""
    shares = [
        max(wish.given, int(ideal // step) * step)
        for wish, ideal in zip(wishes, ideals, strict=True)
    ]
    left = rest - sum(shares)
    order = sorted(range(len(shares)), key=lambda index: (shares[index] - ideals[index], index))
    while left > 0:
        for index in order:
            more = min(step, left, wishes[index].ordered - shares[index])
            shares[index] += more
            left -= more
    return shares
