"""Triggers that keep ``demand_day``: what residents ordered per product and pickup day.

Orders are written in many places (chains, files, the counter, changes, cancellations, moves to
another day), and a sum that one of them forgot would be wrong without anybody seeing it. The
database keeps it therefore, in the same transaction as the line. A line counts while it stands and
its order is active.
"""

from lib.db.schema.triggers import trigger_statements

_SUM = (
    "INSERT INTO demand_day (product_id, day, ordered, amount_fen, lines) {rows} "
    "ON CONFLICT (product_id, day) DO UPDATE SET "
    "ordered = demand_day.ordered + excluded.ordered, "
    "amount_fen = demand_day.amount_fen + excluded.amount_fen, "
    "lines = demand_day.lines + excluded.lines"
)

REBUILD = (
    "SELECT l.product_id, o.pickup_day, SUM(l.ordered), SUM(l.amount_fen), COUNT(*) "
    "FROM order_line l JOIN customer_order o ON o.id = l.order_id "
    "WHERE o.status = 'active' AND l.cancelled_at IS NULL GROUP BY l.product_id, o.pickup_day"
)
"""The sums as they should be; a test compares, and a migration fills an older database."""


def _line(row: str, sign: str) -> str:
    rows = (
        f"SELECT {row}.product_id, pickup_day, {sign}{row}.ordered, {sign}{row}.amount_fen, "
        f"{sign}1 FROM customer_order "
        f"WHERE id = {row}.order_id AND status = 'active' AND {row}.cancelled_at IS NULL"
    )
    return _SUM.format(rows=rows)


def _order(row: str, sign: str) -> str:
    rows = (
        f"SELECT product_id, {row}.pickup_day, {sign}SUM(ordered), {sign}SUM(amount_fen), "
        f"{sign}COUNT(*) FROM order_line "
        f"WHERE order_id = {row}.id AND cancelled_at IS NULL AND {row}.status = 'active' "
        "GROUP BY product_id"
    )
    return _SUM.format(rows=rows)


_TRIGGERS = (
    ("demand_line_added", "AFTER INSERT ON order_line", (_line("NEW", ""),)),
    (
        "demand_line_changed",
        "AFTER UPDATE OF ordered, amount_fen, cancelled_at, product_id ON order_line",
        (_line("OLD", "-"), _line("NEW", "")),
    ),
    ("demand_line_removed", "AFTER DELETE ON order_line", (_line("OLD", "-"),)),
    (
        "demand_order_changed",
        "AFTER UPDATE OF status, pickup_day ON customer_order",
        (_order("OLD", "-"), _order("NEW", "")),
    ),
)


def demand_statements(dialect: str) -> list[str]:
    """Return the DDL of the triggers for ``sqlite`` or ``postgresql``."""
    return trigger_statements(_TRIGGERS, dialect)


def fill_statement() -> str:
    """Return the statement that fills an empty ``demand_day`` from the orders there are."""
    return f"INSERT INTO demand_day (product_id, day, ordered, amount_fen, lines) {REBUILD}"
