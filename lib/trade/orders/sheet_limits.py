"""Orders of a file beyond a limit: what booking would ask for (E4). Pure."""

from lib.trade.orders.allowance.rules import Coming
from lib.trade.orders.rules import amounts
from lib.trade.orders.sheet_review import Review, State, parts_of


def coming(preview: Review) -> list[Coming]:
    """Return what booking the file would ask for, by the key of the order (E4)."""
    return [
        Coming(
            row.entry.key,
            row.entry.hint,
            amounts(row.incoming.wanted),
            row.incoming.member_id,
            row.booked.order_id if row.booked else None,
            bool(row.incoming.beyond),
        )
        for row in preview.having(State.NEW, State.CHANGED)
        if row.incoming and (row.state is State.NEW or "goods" in parts_of(row))
    ]


def leaving(preview: Review) -> frozenset[int]:
    """Return the orders that booking the file would cancel."""
    rows = preview.having(State.CANCELLED)
    return frozenset(row.booked.order_id for row in rows if row.booked)
