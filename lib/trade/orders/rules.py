"""Decisions about orders that need no database.

The chain parser is ``lib.trade.orders.chain.parse_chain``, the reader of order files
``lib.trade.orders.sheets``; both are pure. Here stand the values they hand over, and what an order
comes to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lib.kernel.errors import Refused
from lib.kernel.money import Money, half_up, split, total
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.shop.settings import Settings

NOTHING = Money(0)


class Source(StrEnum):
    """How an order came in."""

    CHAIN = "chain"
    SHEET = "sheet"
    COUNTER = "counter"


@dataclass(frozen=True)
class Wanted:
    """So much of one product: ``amount`` in grams or sale units.

    ``paid_amount`` is what a platform charged for it, when an order file says so; None means the
    price of the round applies.
    """

    product_id: int
    amount: int
    paid_amount: Money | None = None


@dataclass(frozen=True)
class IncomingOrder:
    """One order as it came in and was checked by a person; nothing of it is booked yet.

    ``key`` recognises the order when the same chain or file comes again; ``body`` is what was
    read, to show what changed. ``gross`` and ``refunded`` are what a platform charged and gave
    back; None for orders that are paid at the shop. ``unused`` is the part of ``gross`` charged for
    goods that are not booked. ``beyond`` is the owner's reason to let the order go beyond a limit.
    """

    key: str | None
    nickname: str
    wanted: tuple[Wanted, ...]
    home: Home = field(default_factory=Home)
    phone: str | None = None
    member_id: int | None = None
    slot: str | None = None
    delivery: bool = False
    note: str = ""
    check_reason: str | None = None
    body: Mapping[str, Any] | None = None
    gross: Money | None = None
    refunded: Money | None = None
    unused: Money = NOTHING
    beyond: str = ""

    @property
    def for_goods(self) -> Money | None:
        """What a platform charged for the goods that are booked; None when paid at the shop."""
        return None if self.gross is None else self.gross - self.unused


STOPPED = N_(
    "{product} is not sold at present ({reason}). Take it out of the order, or let the owner "
    "release it first."
)

MOVED = "chain:moved:"
"""Begins the key of an order whose entry left the chain."""


@dataclass(frozen=True)
class BookedEntry:
    """An order that came in by chain or file, for comparing with a newer paste."""

    order_id: int
    version: int
    key: str
    body: Mapping[str, Any]
    active: bool
    round_id: int
    handed_over: bool

    @property
    def left_the_chain(self) -> bool:
        """Whether it was cancelled because its entry went; one cancelled by hand stays so."""
        return not self.active and self.key.startswith(MOVED)


@dataclass(frozen=True)
class Change:
    """An order already booked that came in again with other content.

    ``parts`` names what is taken over (``goods``, ``slot``, ``home``, ``note``), None for all of
    it: what the source did not change stays as the desk left it.
    """

    order_id: int
    version: int
    incoming: IncomingOrder
    parts: frozenset[str] | None = None


@dataclass(frozen=True)
class Cancellation:
    """An order already booked that the newer chain or file no longer has."""

    order_id: int
    version: int
    reason: str
    refunded: Money | None = None  # what a platform gave back for it in all


@dataclass(frozen=True)
class Booking:
    """Everything one paste or file changes, decided by a person in the preview.

    ``identity`` names the chain or the file layout, ``fingerprint`` its exact content. ``basis`` is
    the newest intake of that identity the preview was made against (None for the first one): when
    another came in meanwhile, nothing is booked. ``kept`` renames the keys of orders that did not
    change but moved within the chain: (order id, new key). ``freed`` are orders cancelled earlier
    that give up their keys.
    """

    kind: Source
    identity: str
    fingerprint: str
    basis: int | None
    content: str = ""
    file_name: str = ""
    additions: Sequence[IncomingOrder] = ()
    changes: Sequence[Change] = ()
    cancellations: Sequence[Cancellation] = ()
    kept: Sequence[tuple[int, str]] = ()
    freed: Sequence[int] = ()
    platform: str = ""


@dataclass(frozen=True)
class OfferTerms:
    """What a round (or the shop, for a walk-in) says of one product when it is ordered.

    ``stopped`` says why it is not sold now, None while it is; an order that already has
    ``ordered_before`` of it may keep that.
    """

    product_id: int
    name: str
    unit: Unit
    price: Money
    stopped: str | None = None
    ordered_before: int = 0


@dataclass(frozen=True)
class PricedLine:
    """An order line ready to be booked; ``amount`` in grams or sale units."""

    product_id: int
    name: str
    unit: Unit
    amount: int
    unit_price: Money
    money: Money


def priced(
    wanted: Sequence[Wanted], terms: Mapping[int, OfferTerms], gross: Money | None = None
) -> list[PricedLine]:
    """Return the lines of an order with their money.

    The same product named twice becomes one line. With ``gross``, the sum a platform charged, the
    lines add up to it to the fen: by the amounts the file gives, else split in proportion to the
    shop's prices. Raises ``Refused`` for an order without goods or a product that is not offered or
    stopped.
    """
    merged = _merged(wanted)
    if not merged:
        raise Refused(N_("Add at least one product with a quantity."))
    lines = [_priced_line(item, terms) for item in merged]
    if gross is None or total(line.money for line in lines) == gross:
        return lines
    parts = split(gross, [line.money.fen for line in lines])
    return [
        PricedLine(line.product_id, line.name, line.unit, line.amount, line.unit_price, part)
        for line, part in zip(lines, parts, strict=True)
    ]


def amounts(wanted: Iterable[Wanted]) -> dict[int, int]:
    """Return how much of each product is wanted, in grams or sale units."""
    found: dict[int, int] = {}
    for one in wanted:
        found[one.product_id] = found.get(one.product_id, 0) + one.amount
    return found


def cut_to(wanted: Sequence[Wanted], most: Mapping[int, int]) -> tuple[Wanted, ...]:
    """Return ``wanted`` with at most ``most`` of each product named there, the rest untouched.

    What a platform charged shrinks with the amount, half-up. Goods of which nothing is left go.
    """
    left, kept = dict(most), []
    for item in wanted:
        amount = min(item.amount, left.get(item.product_id, item.amount))
        if item.product_id in left:
            left[item.product_id] -= amount
        if amount <= 0:
            continue
        paid = item.paid_amount
        if paid is not None and amount < item.amount:
            paid = Money(half_up(Decimal(paid.fen) * amount / item.amount))
        kept.append(Wanted(item.product_id, amount, paid))
    return tuple(kept)


CUT = N_("cut to the limit: tell the resident")
"""Why an order of which less was booked than was asked for is to be looked at."""


def _merged(wanted: Iterable[Wanted]) -> list[Wanted]:
    merged: dict[int, Wanted] = {}
    for item in wanted:
        if item.amount <= 0:
            raise Refused(N_("A quantity must be more than nothing."))
        before = merged.get(item.product_id)
        if before is None:
            merged[item.product_id] = item
            continue
        paid = None
        if before.paid_amount is not None and item.paid_amount is not None:
            paid = before.paid_amount + item.paid_amount
        merged[item.product_id] = Wanted(item.product_id, before.amount + item.amount, paid)
    return list(merged.values())


def _priced_line(item: Wanted, terms: Mapping[int, OfferTerms]) -> PricedLine:
    offer = terms.get(item.product_id)
    if offer is None:
        raise Refused(N_("One of these products is not offered in this round. Add it there first."))
    if offer.stopped is not None and item.amount > offer.ordered_before:
        raise Refused(STOPPED, product=offer.name, reason=offer.stopped or "—")
    money = item.paid_amount
    if money is None:
        money = offer.unit.price_of(offer.price, item.amount)
    return PricedLine(item.product_id, offer.name, offer.unit, item.amount, offer.price, money)


def amount_for(unit: Unit, price: Money, before: int, amount: Money, now: int) -> Money:
    """Return what a line comes to when its quantity goes from ``before`` to ``now``, half-up.

    ``amount`` is what it came to. A line that a platform charged otherwise than at ``price`` keeps
    its own price per unit; of nothing, only ``price`` is known.
    """
    if not before or amount == unit.price_of(price, before):
        return unit.price_of(price, now)
    return Money(half_up(Decimal(amount.fen) * now / before))


def unusually_many(line: PricedLine, settings: Settings) -> bool:
    """Whether a line is so large that somebody should ask back before it is picked."""
    return line.unit.count(line.amount) >= Decimal(settings.many_units)
