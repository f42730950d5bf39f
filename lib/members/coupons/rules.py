"""Decisions about coupons: their code, whether one may be used, and what it takes off. Pure.

A coupon is for a resident and the household: it stands for points of one of them. It takes money
off the goods of one order, once; what it is worth beyond them is lost, and said before.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lib.kernel import codes
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_

ALPHABET = codes.SIGNS
"""Signs of the code of a coupon."""


class State(StrEnum):
    """How a coupon stands."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    VOID = "void"


STATE_NAMES = {
    State.OPEN: N_("can be used"),
    State.USED: N_("used"),
    State.EXPIRED: N_("expired"),
    State.VOID: N_("taken back with its points"),
}


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon: ``value`` off an order whose goods come to ``threshold``, through ``valid_until``.

    ``member_id`` is whose points it was given for. ``order_id`` is the order it is used on.
    """

    id: int
    redemption_id: int
    member_id: int
    code: str
    value: Money
    threshold: Money
    valid_until: date
    issued_at: datetime
    order_id: int | None
    void: bool
    version: int

    def state(self, today: date) -> State:
        """Return how it stands on ``today``; it is valid through its last day."""
        if self.void:
            return State.VOID
        if self.order_id is not None:
            return State.USED
        return State.EXPIRED if self.valid_until < today else State.OPEN

    @property
    def said_code(self) -> str:
        """The code in two groups, as it is read out."""
        return f"{self.code[:4]} {self.code[4:]}"


def new_code() -> str:
    """Return a code nobody can guess; it says nothing of anybody."""
    return codes.new_code()


def read_code(text: str) -> str:
    """Return the code in what was typed or scanned: any case, spaces and dashes between.

    Raises ``Refused`` for what cannot be a code.
    """
    code = codes.bare(text)
    if not code:
        raise Refused(N_("Type or scan the code of the coupon."))
    if not codes.is_code(code):
        raise Refused(N_("{code} is not the code of a coupon: it has 8 letters and digits."),
                      code=text.strip()[:40])  # fmt: skip
    return code


def taken_off(coupon: Coupon, room: Money) -> Money:
    """Return what a coupon takes off an order in which ``room`` is still due for goods."""
    return min(coupon.value, max(Money(0), room))


def check_use(coupon: Coupon, today: date, goods: Money, room: Money) -> None:
    """Raise ``Refused`` unless a coupon may be used on an order.

    ``goods`` is what the goods of the order count towards its threshold, ``room`` what is still due
    for them.
    """
    state = coupon.state(today)
    if state is State.VOID:
        raise Refused(N_("This coupon was taken back: its points were given back."))
    if state is State.USED:
        raise Refused(N_("This coupon was used before; it holds once."))
    if state is State.EXPIRED:
        raise Refused(
            N_("This coupon ran out: it was valid through {day}."), day=coupon.valid_until
        )
    if goods < coupon.threshold:
        raise Refused(
            N_("This coupon holds from ¥{threshold} on; the goods of this order come to ¥{goods}."),
            threshold=coupon.threshold,
            goods=goods,
        )
    if not room:
        raise Refused(N_("Nothing is left to pay for goods here; the coupon stays unused."))
