"""Keeping the limits of a round while orders are booked: steps that join a transaction.

They only read and refuse. One writer at a time holds the books, so of two residents who want the
last ones at the same moment one gets them (reliability B11).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lib.kernel.errors import Conflict, Refused
from lib.kernel.words import N_
from lib.shop.shop import Role, Tx
from lib.trade.orders.allowance.queries import allowances_in, households_of, standing
from lib.trade.orders.allowance.rules import Asked, Excess, Why, excesses
from lib.trade.orders.rules import Booking, Change, PricedLine, amounts


def refuse_beyond(
    tx: Tx,
    round_id: int | None,
    member_id: int,
    lines: Iterable[PricedLine],
    order_id: int | None = None,
) -> None:
    """Raise ``Refused`` when one order typed at the desk goes beyond what its round offers.

    The sentence says who of the household has how much, or how much is left in all. An order that
    changes (``order_id``) may keep what it has.
    """
    if round_id is None:
        return
    wanted = {line.product_id: line.amount for line in lines}
    held = allowances_in(tx.connection, round_id, wanted)
    if not held.limits:
        return
    name, household = households_of(tx.connection, [member_id])[member_id]
    asked = [Asked("", household, name, wanted, order_id)]
    for excess in excesses(held.limits, held.taken, asked):
        _refuse(excess)


def _refuse(excess: Excess) -> None:
    offer = excess.offer
    if excess.why is Why.AVAILABLE:
        left = offer.unit.said(excess.allowed) if excess.allowed else "0"
        raise Refused(
            N_("Only {left} of {product} is left in this round."), left=left, product=offer.name
        )
    assert offer.household is not None
    limit = offer.unit.said(offer.household)
    if not excess.holders:
        raise Refused(
            N_("{product} is limited to {limit} per household."), product=offer.name, limit=limit
        )
    raise Refused(
        N_("{product} is limited to {limit} per household; this home has {taken} already ({who})."),
        product=offer.name,
        limit=limit,
        taken=offer.unit.said(excess.taken),
        who=excess.held_by,
    )


def permitted_beyond(
    tx: Tx, round_id: int, booking: Booking, member_ids: Sequence[int]
) -> dict[str, list[str]]:
    """Return why orders of a booking that the owner lets go beyond the limits do so, by place.

    ``member_ids`` belong to ``booking.additions``. Places are those of :func:`place_of_addition`
    and :func:`place_of_change`. Raises ``Conflict`` for an order beyond a limit that nobody
    decided about (the books may have changed since the preview), ``Refused`` when somebody else
    than the owner lets one go beyond.
    """
    _require_owner(tx, booking)
    reasons: dict[str, list[str]] = {}
    leaving = [gone.order_id for gone in booking.cancellations]
    for number, asked in _asked(tx, round_id, booking, member_ids).items():
        held = allowances_in(tx.connection, number)
        for excess in excesses(held.limits, held.taken, asked, leaving):
            raise Conflict(
                N_(
                    "{who} wants {wanted} of {product} and may have {allowed}. Look at the "
                    "preview again and decide."
                ),
                who=excess.nickname,
                wanted=excess.offer.unit.said(excess.wanted),
                product=excess.offer.name,
                allowed=excess.offer.unit.said(excess.allowed) if excess.allowed else "0",
            )
        permitted = {one.key for one in asked if one.permitted}
        as_others = [replace(one, permitted=False) for one in asked] if permitted else []
        for excess in excesses(held.limits, held.taken, as_others, leaving):
            if excess.key in permitted:
                reasons.setdefault(excess.key, []).append(excess.why)
    return reasons


def place_of_addition(index: int) -> str:
    """Return how an order to be added is named among the reasons."""
    return f"new {index}"


def place_of_change(change: Change) -> str:
    """Return how an order to be changed is named among the reasons."""
    return f"order {change.order_id}"


def _require_owner(tx: Tx, booking: Booking) -> None:
    coming = [*booking.additions, *(change.incoming for change in booking.changes)]
    if any(one.beyond for one in coming) and tx.actor.role is not Role.OWNER:
        raise Refused(N_("Only the owner may let an order go beyond a limit."))


def _asked(
    tx: Tx, round_id: int, booking: Booking, member_ids: Sequence[int]
) -> Mapping[int, list[Asked]]:
    """Return what a booking wants, by round: a file may change orders of another one."""
    changes = {one.order_id: one for one in booking.changes if _moves_goods(one)}
    rows = standing(tx.connection, changes)
    homes = households_of(tx.connection, [*member_ids, *(row.member_id for row in rows)])
    found: dict[int, list[Asked]] = {}
    for index, (one, member_id) in enumerate(zip(booking.additions, member_ids, strict=True)):
        name, household = homes[member_id]
        asked = Asked(place_of_addition(index), household, name, amounts(one.wanted))
        found.setdefault(round_id, []).append(replace(asked, permitted=bool(one.beyond)))
    for row in rows:
        change, (name, household) = changes[row.order_id], homes[row.member_id]
        asked = Asked(
            place_of_change(change),
            household,
            name,
            amounts(change.incoming.wanted),
            row.order_id,
            bool(change.incoming.beyond),
        )
        if row.round_id is not None:
            found.setdefault(row.round_id, []).append(asked)
    return found


def _moves_goods(change: Change) -> bool:
    return change.parts is None or "goods" in change.parts
