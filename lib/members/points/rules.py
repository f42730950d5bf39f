"""What an order gives in points, and how its lines share them (R36). Pure, whole numbers only.

Money paid for goods is what the order holds after refunds, less its delivery fee (of a part payment
the fee counts as paid first), and never more than the goods cost now. What was rounded off and what
a coupon took off make the goods cheaper: nobody paid it. The order gives whole points, rounded
down; its lines share them by the running sum, so that they add up exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.text import clean
from lib.kernel.words import N_

LONGEST_REASON = 200
MOST_POINTS = 1_000_000
"""More than that at once is a slip of the finger."""
OPEN_CASES = ("new", "working", "waiting_photo")
"""What keeps the points of an order pending: complaints to which a solution is still owed."""


class Kind(StrEnum):
    """What a row of the ledger is."""

    EARNED = "earned"
    REVERSED = "reversed"
    SETTLED = "settled"
    REDEEMED = "redeemed"
    RETURNED = "returned"
    ADJUSTED = "adjusted"
    LAPSED = "lapsed"


KIND_NAMES: dict[Kind, str] = {
    Kind.EARNED: N_("Points earned"),
    Kind.REVERSED: N_("Points taken back"),
    Kind.SETTLED: N_("Points now available"),
    Kind.REDEEMED: N_("Points redeemed"),
    Kind.RETURNED: N_("Points given back"),
    Kind.ADJUSTED: N_("Points entered by hand"),
    Kind.LAPSED: N_("Points lapsed"),
}

PAYMENT = N_("payment")
REFUND = N_("refund for the order")
REFUND_OF_CASE = N_("refund of a case")
UNDONE = N_("payment or refund undone")
CANCELLED = N_("order cancelled")
RESTORED = N_("cancellation taken back")
WEIGHED = N_("weighed")
LEFT_OUT = N_("taken out of the order")
CHANGED = N_("order changed")
SETTLED = N_("after-sales time is over")


class Waits(StrEnum):
    """Why points of an order whose time is over are not available yet."""

    NOT_HANDED = "not_handed"
    PARTLY = "partly"
    CASE = "case"


WHY_WAITING: dict[Waits, str] = {
    Waits.NOT_HANDED: N_("goods not ticked as handed over"),
    Waits.PARTLY: N_("handed over in part"),
    Waits.CASE: N_("a case is open"),
}


@dataclass(frozen=True)
class Rule:
    """``points`` for each ``per_fen`` paid, for orders placed from ``from_at`` (UTC) on."""

    id: int
    points: int
    per_fen: int
    from_at: datetime

    def gives(self, base: Money) -> int:
        """Return the whole points for money paid for goods."""
        return max(0, base.fen) * self.points // self.per_fen


@dataclass(frozen=True)
class Line:
    """A standing order line: what it costs, and how much of that refunds for it forgave (fen)."""

    id: int
    amount: int
    forgiven: int = 0

    @property
    def cheaper(self) -> int:
        """By how much refunds made it cheaper; never more than it costs."""
        return min(max(0, self.forgiven), self.amount)

    @property
    def left(self) -> int:
        """What is still charged for it."""
        return self.amount - self.cheaper


@dataclass(frozen=True)
class Bill:
    """What an order's points depend on, in fen. ``lines`` are the standing ones in their order.

    ``net`` is what was paid and not given back; ``off`` is what was rounded off, taken off by a
    coupon and forgiven for the order as a whole.
    """

    lines: tuple[Line, ...]
    net: int
    fee: int = 0
    off: int = 0
    active: bool = True

    @property
    def base(self) -> int:
        """The money really paid for goods."""
        if not self.active:
            return 0
        goods = sum(line.left for line in self.lines) - self.off
        return max(0, min(self.net - self.fee, goods))


def points_by_line(bill: Bill, rule: Rule) -> dict[int, int]:
    """Return the points each standing line gives; together exactly what the order gives.

    A refund for a line lowers what that line holds first; only what it does not hold is taken from
    the others.
    """
    shares = _held(bill)
    given: dict[int, int] = {}
    before = running = 0
    for line, share in zip(bill.lines, shares, strict=True):
        running += share
        now = rule.gives(Money(running))
        given[line.id] = now - before
        before = now
    return given


def _held(bill: Bill) -> list[int]:
    """Return how much of the money paid for goods (fen) each line holds."""
    base = bill.base
    if not base:
        return [0] * len(bill.lines)
    cheaper = [line.cheaper for line in bill.lines]
    shares = _split(base + sum(cheaper), [line.amount for line in bill.lines])
    held = [share - less for share, less in zip(shares, cheaper, strict=True)]
    missing = -sum(fen for fen in held if fen < 0)
    held = [max(0, fen) for fen in held]
    for place in range(len(held)):
        taken = min(missing, held[place])
        held[place] -= taken
        missing -= taken
    return held


def _split(whole: int, weights: Sequence[int]) -> list[int]:
    """Split by the running sum, rounded down: what the first lines get depends on no later one."""
    heavy, before, running, parts = sum(weights), 0, 0, []
    for weight in weights:
        running += weight
        now = whole * running // heavy
        parts.append(now - before)
        before = now
    return parts


def rule_for(rules: Iterable[Rule], placed_at: datetime) -> Rule | None:
    """Return the rule in force when an order was placed; None before points began."""
    before = [rule for rule in rules if rule.from_at <= placed_at]
    return max(before, key=lambda rule: rule.from_at, default=None)


def available_on(last: date, after_sales_days: int) -> date:
    """Return the day on which points of goods last handed over on ``last`` are available.

    The after-sales window holds ``after_sales_days`` days beside that day itself, as the list of a
    resident's purchases has it.
    """
    return last + timedelta(days=after_sales_days + 1)


def checked_rule(points: int, per_fen: int) -> None:
    """Raise ``Refused`` for a rule that cannot be meant; no points at all ends them."""
    if not 0 <= points <= MOST_POINTS:
        raise Refused(N_("Enter points from 0 to {most}."), most=MOST_POINTS)
    if per_fen <= 0:
        raise Refused(N_("Enter an amount above zero."))


def checked_reason(text: str) -> str:
    """Return why points are entered by hand; raises ``Refused`` without a reason."""
    reason = clean(text, LONGEST_REASON)
    if not reason:
        raise Refused(N_("Say why; it stands in the ledger for good."))
    return reason


def checked_adjustment(points: int, available: int) -> None:
    """Raise ``Refused`` for an entry by hand that is nothing, a slip, or makes somebody owe."""
    if not points or abs(points) > MOST_POINTS:
        raise Refused(N_("Enter points, with a minus sign to take some away."))
    if points < 0 and available + points < 0:
        raise Refused(
            N_("Only {available} points are available; more cannot be taken away."),
            available=max(0, available),
        )


def difference(wanted: Mapping[int, int], booked: Mapping[int, int]) -> dict[int, int]:
    """Return per line what is to be booked so that the ledger says what is ``wanted``."""
    lines = sorted({*wanted, *booked})
    moves = {line: wanted.get(line, 0) - booked.get(line, 0) for line in lines}
    return {line: points for line, points in moves.items() if points}
