"""Decisions about money; pure, in whole fen.

What an order comes to::

    goods = lines that stand, each less what was forgiven for it
          - rounding off - what was forgiven for the whole order
    owed  = goods - what a coupon takes off the goods (R37) + delivery         (never below zero)
    due   = owed - (payments - refunds)

A refund of money paid too much (after weighing, after a cancellation) forgives nothing: it only
gives back. A refund because something was bad makes the goods cheaper by that much, so that the
resident does not owe it again; that part is *forgiven*.

A coupon makes an order cheaper and is no money: nothing of it is ever given back in cash. It takes
off at most what the goods still cost, never the delivery fee.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.settings import Settings

ROUND_OFF_FEN = {"none": 1, "jiao": 10, "yuan": 100}
HEAVIEST_GRAMS = 500_000
"""Half a ton on one order line is a slip of the finger."""


class Method(StrEnum):
    """How money moves. ``PLATFORM`` is what an ordering platform took; people never choose it."""

    TRANSFER = "transfer"
    CASH = "cash"
    BALANCE = "balance"
    PLATFORM = "platform"


METHOD_NAMES = {
    Method.TRANSFER: N_("WeChat transfer"),
    Method.CASH: N_("Cash"),
    Method.BALANCE: N_("Balance"),
    Method.PLATFORM: N_("Ordering platform"),
}


HAND_METHODS = (Method.TRANSFER, Method.CASH, Method.BALANCE)
"""What a person may choose."""


class Kind(StrEnum):
    """What a payment row is."""

    PAYMENT = "payment"
    REFUND = "refund"
    TOP_UP = "top_up"
    PAY_OUT = "pay_out"
    REVERSAL = "reversal"


KIND_NAMES = {
    Kind.PAYMENT: N_("Payment"),
    Kind.REFUND: N_("Refund"),
    Kind.TOP_UP: N_("Balance topped up"),
    Kind.PAY_OUT: N_("Balance paid out"),
    Kind.REVERSAL: N_("Undone"),
}


class PayState(StrEnum):
    """How an order stands with its money."""

    UNPAID = "unpaid"
    PART = "part"
    PAID = "paid"
    OVERPAID = "overpaid"


STATE_NAMES = {
    PayState.UNPAID: N_("unpaid"),
    PayState.PART: N_("part paid"),
    PayState.PAID: N_("paid"),
    PayState.OVERPAID: N_("to give back"),
}


@dataclass(frozen=True)
class LineMoney:
    """What one standing line costs, and how much of that was forgiven by refunds for it."""

    amount: Money
    forgiven: Money = field(default_factory=Money)

    @property
    def left(self) -> Money:
        """What is still charged for the line."""
        return max(Money(0), self.amount - self.forgiven)


@dataclass(frozen=True)
class OrderMoney:
    """The money of one order. ``paid`` and ``refunded`` are sums without what was undone.

    ``lines`` are the standing ones by id (none of a cancelled order); ``forgiven`` is what refunds
    forgave for the order as a whole, ``coupon`` what a coupon may take off the goods.
    """

    lines: Mapping[int, LineMoney]
    delivery_fee: Money
    round_off: Money
    forgiven: Money
    paid: Money
    refunded: Money
    active: bool = True
    coupon: Money = field(default_factory=Money)

    @property
    def goods(self) -> Money:
        """What the standing lines cost."""
        return total(line.amount for line in self.lines.values())

    @property
    def allowance(self) -> Money:
        """What refunds took off the price, for lines that stand and for the order."""
        return self.goods - total(line.left for line in self.lines.values()) + self.forgiven

    @property
    def owed(self) -> Money:
        """What the order costs in all now."""
        if not self.active:
            return Money(0)
        return max(Money(0), self._goods_left - self.coupon_used + self.delivery_fee)

    @property
    def coupon_used(self) -> Money:
        """What a coupon takes off: at most what the goods cost after refunds and rounding."""
        return coupon_used(self.coupon, self._goods_left) if self.active else Money(0)

    @property
    def coupon_room(self) -> Money:
        """What a coupon could take off at most: what is still due, without the delivery fee."""
        return min(self.due, max(Money(0), self._goods_left - self.coupon_used))

    @property
    def _goods_left(self) -> Money:
        """What the goods cost after refunds and rounding; below zero where these took the fee."""
        left = total(line.left for line in self.lines.values())
        return left - self.round_off - self.forgiven

    @property
    def net(self) -> Money:
        """What the shop has received and kept."""
        return self.paid - self.refunded

    @property
    def balance(self) -> Money:
        """What is missing (positive) or was paid too much (negative)."""
        return self.owed - self.net

    @property
    def due(self) -> Money:
        """What is still to be paid; zero when nothing is."""
        return max(Money(0), self.balance)

    @property
    def overpaid(self) -> Money:
        """What is to be given back; zero when nothing is."""
        return max(Money(0), -self.balance)

    @property
    def state(self) -> PayState:
        """How the order stands."""
        if self.overpaid:
            return PayState.OVERPAID
        if not self.due:
            return PayState.PAID
        return PayState.PART if self.net else PayState.UNPAID


def coupon_used(coupon: Money, goods: Money) -> Money:
    """Return what of ``coupon`` comes off an order whose goods cost ``goods`` (R37)."""
    return min(coupon, max(Money(0), goods))


def round_off(due: Money, settings: Settings) -> Money:
    """Return what the setting proposes to let go of a cash payment: downwards only (抹零)."""
    return Money(due.fen % ROUND_OFF_FEN[settings.round_off]) if due.fen > 0 else Money(0)


def check_payment(
    money: OrderMoney,
    amount: Money,
    rounding: Money,
    method: Method,
    settings: Settings,
    *,
    more_than_due: bool = False,
) -> None:
    """Raise ``Refused`` unless ``amount`` with ``rounding`` may be paid for the order.

    More than is due is taken only by transfer and when said (``more_than_due``): a resident's slip
    happens, ours must not. Rounding needs cash, the setting, and a payment of all that is due.
    """
    if not money.due:
        raise Refused(N_("Nothing is due for this order."))
    if amount.fen <= 0:
        raise Refused(N_("Enter an amount above zero."))
    if rounding.fen < 0 or (rounding and method is not Method.CASH):
        raise Refused(N_("Only a cash payment is rounded off, and only downwards."))
    if rounding > round_off(money.due, settings):
        raise Refused(N_("The settings do not allow to round off that much."))
    if rounding and amount + rounding != money.due:
        raise Refused(N_("Only a payment of all that is due is rounded off."))
    if amount > money.due and not (more_than_due and method is Method.TRANSFER):
        raise Refused(N_("Only ¥{due} is due for this order."), due=money.due)


def refundable(money: OrderMoney, line_id: int | None = None) -> Money:
    """Return how much may be given back at most: what was paid, for a line what it costs.

    Of a line whose order was overpaid, the overpaid money may be given back with it.
    """
    if line_id is None:
        return max(Money(0), money.net)
    line = money.lines.get(line_id)
    left = line.left if line else Money(0)
    return max(Money(0), min(money.net, left + money.overpaid))


def still_charged(money: OrderMoney, line_id: int) -> Money:
    """Return how much a complaint about a line can still make good in money.

    What the line still costs, but no more than the order does: of an order that was rounded off or
    paid back in part, the rest.
    """
    line = money.lines.get(line_id)
    return min(line.left, money.owed) if line else Money(0)


def forgiven_by(money: OrderMoney, amount: Money) -> Money:
    """Return how much of a refund of ``amount`` makes the goods cheaper.

    Money paid too much is given back first; of a cancelled order everything is.
    """
    return max(Money(0), amount - money.overpaid)


def check_refund(money: OrderMoney, amount: Money, reason: str, line_id: int | None = None) -> None:
    """Raise ``Refused`` unless ``amount`` may be refunded: never more than was paid (B9)."""
    if amount.fen <= 0:
        raise Refused(N_("Enter an amount above zero."))
    if not reason:
        raise Refused(N_("A refund needs a reason."))
    most = refundable(money, line_id)
    if amount > most:
        raise Refused(N_("At most ¥{most} can be refunded here."), most=most)


@dataclass(frozen=True)
class Weighing:
    """A line after the scale: ``amount`` by actual weight, ``difference`` against before.

    A positive difference is to be paid (补), a negative one to be given back (退).
    """

    grams: int
    amount: Money
    difference: Money


def weighed(unit: Unit, price: Money, before: Money, grams: int) -> Weighing:
    """Return what a line comes to at ``grams`` really weighed, half-up to the fen.

    ``price`` is per ``unit``, ``before`` what the line came to so far. Raises ``Refused`` for
    goods sold by the piece and for a weight that cannot be meant.
    """
    if unit.grams is None:
        raise Refused(N_("These goods are sold by the piece; change the quantity instead."))
    if grams <= 0:
        raise Refused(N_("Enter the weight in grams. To leave a line out, change the order."))
    if grams > HEAVIEST_GRAMS:
        raise Refused(N_("That is more than half a ton. Enter the weight in grams."))
    amount = unit.price_of(price, grams)
    return Weighing(grams, amount, amount - before)


def spread(amount: Money, dues: Sequence[Money]) -> tuple[list[Money], Money]:
    """Return how one transfer covers several orders, first ones first, and what remains of it."""
    parts, rest = [], amount
    for due in dues:
        part = min(rest, due)
        parts.append(part)
        rest = rest - part
    return parts, rest


def change_for(due: Money, given: Money) -> Money | None:
    """Return the change when ``given`` is put on the counter for ``due``; None when too little."""
    return given - due if given >= due else None


@dataclass(frozen=True)
class TillCount:
    """A till counted: what should lie in it, what does, and the difference."""

    opening: Money
    cash: Money
    counted: Money

    @property
    def expected(self) -> Money:
        """What should lie in the till: the change of the morning and the day's cash."""
        return self.opening + self.cash

    @property
    def difference(self) -> Money:
        """Positive: more than the books say; negative: less."""
        return self.counted - self.expected
