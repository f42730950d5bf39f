"""The lowest price really charged before a moment, and what may stand beside a price. Pure.

What counts as charged: a line of an active order that was not cancelled, with a quantity and a
price above zero, and whose money was not given back in full; at the moment the order was placed, at
its price per sale unit. Welfare and clearance prices are prices like any other. From figures of the
time before this program a day's average counts (facts of the field, 3.3 §16).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.text import clean, holds_phone
from lib.kernel.words import N_
from lib.trade.payments.rules import OrderMoney

LONGEST_BASIS = 60
SHORTEST_BASIS = 2
SAYS_NOTHING = ("原价", "划线价", "original price")
"""Words that claim an earlier price; a basis says where a price stands, not that it was."""


@dataclass(frozen=True)
class Charge:
    """One price per sale unit that somebody was charged ``at`` a moment (UTC).

    ``averaged``: what a day of past figures came to per sale unit, at that day's last moment.
    """

    at: datetime
    price: Money
    averaged: bool = False


@dataclass(frozen=True)
class Lowest:
    """The price that nothing compared may exceed, and when it was charged last.

    ``is_recent``: it is the lowest of the window; otherwise nothing was sold in the window and it
    is the last price charged before it.
    """

    price: Money
    at: datetime
    is_recent: bool
    averaged: bool = False


def lowest_before(charges: Iterable[Charge], at: datetime, days: int) -> Lowest | None:
    """Return the lowest price charged in the ``days`` before ``at``, that moment not included.

    The window is half-open: from ``at`` less ``days`` times 24 hours up to but not including
    ``at``. Without a sale in it the last price charged before it; None when nothing ever was
    (facts of the field, 3.3 §16; R20).
    """
    start = at - timedelta(days=days)
    known = [charge for charge in charges if charge.at < at]
    recent = [charge for charge in known if charge.at >= start]
    if recent:
        return _lowest_of(recent)
    if not known:
        return None
    last = max(charge.at for charge in known)
    cheapest = min((one for one in known if one.at == last), key=lambda one: one.price)
    return Lowest(cheapest.price, last, False, cheapest.averaged)


def lowest_for_offer(
    charges: Iterable[Charge], started: datetime, own: Money, now: datetime, days: int
) -> Lowest | None:
    """Return what a price beside an offer of price ``own``, begun at ``started``, may be at most.

    The days before the beginning count. So does what was charged since then at *another* price: a
    price that was lower an hour ago is no comparison for one that was raised since. Sales at the
    offer's own price are the offer itself. An offer not yet begun is judged by the days before
    ``now``.
    """
    began = min(started, now)
    earliest = began - timedelta(days=days)
    counted = [one for one in charges if one.at < began or (one.at < now and one.price != own)]
    recent = [one for one in counted if one.at >= earliest]
    if not recent:
        return lowest_before(counted, began, days)
    return _lowest_of(recent)


def given_back(money: OrderMoney) -> frozenset[int]:
    """Return the ids of the lines of an order that nobody was charged for in the end.

    Those whose price was refunded in full, and all of them where refunds left nothing of the goods
    to pay. Of an order paid in part with a coupon, a refund of the whole order leaves at most the
    coupon; where it paid for all goods, such a refund gives the delivery fee back. Money that was
    paid too much and given back is no refund of a price.
    """
    refunds = money.forgiven.fen + sum(line.forgiven.fen for line in money.lines.values())
    left = total(line.left for line in money.lines.values()) - money.round_off
    if money.forgiven and left > money.coupon:
        left -= money.forgiven + money.coupon
    if refunds > 0 and left.fen <= 0:
        return frozenset(money.lines)
    return frozenset(
        line_id
        for line_id, line in money.lines.items()
        if line.forgiven.fen > 0 and not line.left.fen
    )


def checked_basis(basis: str) -> str:
    """Return a written basis on one line, empty for none.

    Raises ``Refused`` for one too vague, and for a phone number: residents read it.
    """
    kept = clean(basis, LONGEST_BASIS)
    if not kept:
        return ""
    lowered = kept.casefold()
    claim = next((word for word in SAYS_NOTHING if word in lowered), None)
    if claim is not None:
        raise Refused(
            N_("“{word}” is no basis. Write whose price it is and when, for example 超市同款."),
            word=claim,
        )
    if holds_phone(kept):
        raise Refused(
            N_("There is a phone number in {text}. Everybody reads this on the price page."),
            text=kept,
        )
    if len(kept) < SHORTEST_BASIS:
        raise Refused(N_("Write whose price it is and when, for example 超市同款."))
    return kept


def check_compared(
    price: Money, compared: Money, basis: str, lowest: Lowest | None, days: int
) -> None:
    """Raise ``Refused`` unless ``compared`` may stand beside ``price`` (facts 3.3 §16, §17).

    ``basis`` is what :func:`checked_basis` returned: with one written, any higher price may stand
    there and is said to be that. Without one it is at most ``lowest``, the price of
    :func:`lowest_for_offer`.
    """
    if compared <= price:
        raise Refused(
            N_("The compared price {compared} is not above the price {price}: no comparison."),
            compared=compared,
            price=price,
        )
    if basis:
        return
    if lowest is None:
        raise Refused(
            N_("Nobody was ever charged for this, so there is nothing to compare with. Write what "
               "the compared price is based on, or leave it empty.")
        )  # fmt: skip
    if compared <= lowest.price:
        return
    if lowest.is_recent:
        raise Refused(
            N_("The compared price {compared} is higher than the lowest price really charged in "
               "the {days} days before, {lowest}. Take at most that, or write its basis."),
            compared=compared, days=days, lowest=lowest.price,
        )  # fmt: skip
    raise Refused(
        N_("The compared price {compared} is higher than the last price really charged, {lowest}. "
           "Take at most that, or write its basis."),
        compared=compared, lowest=lowest.price,
    )  # fmt: skip


def stands(price: Money, compared: Money, basis: str, lowest: Lowest | None) -> bool:
    """Whether a compared price kept with an offer may still be shown: the rule, asked again."""
    if compared <= price:
        return False
    return bool(basis) or (lowest is not None and compared <= lowest.price)


def _lowest_of(recent: Sequence[Charge]) -> Lowest:
    low = min(one.price for one in recent)
    newest = max((one for one in recent if one.price == low), key=lambda one: one.at)
    return Lowest(low, newest.at, True, newest.averaged)
