"""Tables of service: pickup, delivery, after-sales."""

from sqlalchemy import Column, ForeignKey

from lib.db.schema.base import holds, identity, moment, points_to, table, words
from lib.db.types import Whole

# Goods given to a resident, in grams or sale units. Append-only: the sum per line is what was
# handed over; an undo is a negative row that points at the one it takes back, once.
handover = table(
    "handover",
    identity(),
    points_to("order_id", "customer_order.id"),
    points_to("line_id", "order_line.id"),
    Column("quantity", Whole, nullable=False),
    Column("reverses_id", Whole, ForeignKey("handover.id"), unique=True),
    words("note", default=""),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    holds("quantity", "quantity <> 0"),
    holds("undo", "(quantity > 0) = (reverses_id IS NULL)"),
)

# What has been put out for one order line, in grams or sale units, as it was when it was ticked off
# the pick list. A line whose quantity grew since shows how much is still missing.
picked_line = table(
    "picked_line",
    Column("line_id", Whole, ForeignKey("order_line.id"), primary_key=True),
    Column("quantity", Whole, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    holds("quantity", "quantity > 0"),
)
