"""Entries of a pasted chain beyond a limit, and keeping them to it (E4). Pure."""

from collections.abc import Sequence
from dataclasses import replace

from lib.members.profiles.rules import Hint
from lib.trade.orders.allowance.rules import Coming, Excess
from lib.trade.orders.chain_review import Decision, Decisions, Review, Row, State
from lib.trade.orders.rules import Wanted, amounts, cut_to


def coming(review: Review, decisions: Decisions) -> list[Coming]:
    """Return what booking would ask for, by the index of the entry."""
    return [
        _coming(row, decisions.of(row))
        for row in review.rows
        if row.decidable and decisions.of(row).take
    ]


def leaving(review: Review, decisions: Decisions) -> frozenset[int]:
    """Return the orders that booking would cancel."""
    gone = {one.order_id for one in review.gone} - decisions.keep_gone
    cancelled = {
        row.booked.order_id
        for row in review.rows
        if row.state is State.CANCELLED and row.booked is not None
    }
    return frozenset(gone | cancelled)


def kept(row: Row, now: Decision, excesses: Sequence[Excess]) -> Decision:
    """Return the decision to keep an entry to the limits it goes beyond.

    An entry of which nothing is left is not booked at all.
    """
    most = {excess.offer.product_id: excess.allowed for excess in excesses}
    wanted = cut_to(wanted_of(row, now), most)
    return replace(now, take=False) if not wanted else replace(now, wanted=wanted, cut=True)


def wanted_of(row: Row, now: Decision) -> tuple[Wanted, ...]:
    """Return the goods of an entry as they were read or decided."""
    return row.wanted if now.wanted is None else now.wanted


def hint_of(row: Row, now: Decision) -> Hint:
    """Return what the entry says of who ordered, as far as it was decided."""
    home = now.home if now.home is not None else row.home
    phone = row.entry.phones[0] if row.entry.phones else None
    return Hint(now.nickname or row.entry.nickname, home, phone)


def _coming(row: Row, now: Decision) -> Coming:
    order_id = row.booked.order_id if row.state is State.CHANGED and row.booked else None
    wanted = amounts(wanted_of(row, now))
    return Coming(
        str(row.index), hint_of(row, now), wanted, now.member_id, order_id, bool(now.beyond)
    )
