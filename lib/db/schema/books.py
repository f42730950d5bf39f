"""Tables that make reading the books quick: what a day came to, settled once it is over (R20, E15).

A *settled day* is a day before today whose sums stand. Everything in these tables follows from
orders, stock and batches, and is never more than a short cut: a day that has no row in
``settled_day`` is read from the ledgers themselves, and what ``settled_sum`` still holds of it
counts for nothing. Whatever changes the past (an order moved to another day, its lines replaced,
goods taken back, a batch's price corrected) takes the row of its day away, in the same transaction.
Triggers do it, because the past is written in many places and one that forgot would make sheets
wrong without anybody seeing it.

Housekeeping settles what is open every hour: also the whole past of books that come from an older
version or out of a backup, a week at a time. Only one writer works at a time on either database, so
no change can fall between the reading of a day and its row.
"""

from sqlalchemy import Column, ForeignKey

from lib.db.schema.base import table
from lib.db.schema.triggers import trigger_statements
from lib.db.types import Day, Whole

# A day whose sums stand.
settled_day = table("settled_day", Column("day", Day, primary_key=True), clustered=True)

# What a day came to per product, in base quantities and fen. `sold`, `amount_fen` and the shares of
# `bags` and `wraps` are of the orders collected on that day; `counter` went over the counter
# without an order, `returned` came back. `gone` left to residents out of batches with a price and
# cost `gone_value` (fen per sale unit times base quantity), `loose` left out of others; likewise
# `lost`, `lost_value` and `lost_loose` for what was thrown away or missing.
settled_sum = table(
    "settled_sum",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("day", Day, primary_key=True, index=True),
    *(
        Column(name, Whole, nullable=False, server_default="0")
        for name in (
            "sold", "amount_fen", "bags", "wraps", "counter", "returned", "gone", "gone_value",
            "loose", "lost", "lost_value", "lost_loose",
        )
    ),
    clustered=True,
)  # fmt: skip

# Lines never change their order, and movements never change at all, so no event looks further than
# the row it is about. What days had to do with an edited product nobody knows: all are unsettled.
_OF_ORDER = (
    "DELETE FROM settled_day WHERE day IN "
    "(SELECT pickup_day FROM customer_order WHERE id = {row}.order_id)"
)
_TAGS = (
    "DELETE FROM settled_day WHERE OLD.is_fresh <> NEW.is_fresh OR OLD.is_fragile <> NEW.is_fragile"
    " OR coalesce(OLD.unit_grams, 0) <> coalesce(NEW.unit_grams, 0)"
)
_PRICE = (
    "DELETE FROM settled_day WHERE day IN "
    "(SELECT business_day FROM stock_movement WHERE batch_id = NEW.id)"
)

_TRIGGERS = (
    ("settled_line_added", "AFTER INSERT ON order_line", (_OF_ORDER.format(row="NEW"),)),
    (
        "settled_line_changed",
        "AFTER UPDATE OF quantity, amount_fen, cancelled_at, product_id ON order_line",
        (_OF_ORDER.format(row="NEW"),),
    ),
    ("settled_line_removed", "AFTER DELETE ON order_line", (_OF_ORDER.format(row="OLD"),)),
    (
        "settled_order_changed",
        "AFTER UPDATE OF status, pickup_day ON customer_order",
        ("DELETE FROM settled_day WHERE day IN (OLD.pickup_day, NEW.pickup_day)",),
    ),
    (
        "settled_stock_moved",
        "AFTER INSERT ON stock_movement",
        ("DELETE FROM settled_day WHERE day = NEW.business_day",),
    ),
    ("settled_price_changed", "AFTER UPDATE OF unit_price_fen, unit_grams ON batch", (_PRICE,)),
    (
        "settled_tags_changed",
        "AFTER UPDATE OF is_fresh, is_fragile, unit_grams ON product",
        (_TAGS,),
    ),
)


def settled_statements(dialect: str) -> list[str]:
    """Return the DDL of the triggers for ``sqlite`` or ``postgresql``."""
    return trigger_statements(_TRIGGERS, dialect)
