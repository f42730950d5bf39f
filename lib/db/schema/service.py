"""Tables of service: pickup, reminders, delivery, packaging."""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Document, Flag, Whole

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

# The list of who is still to come at a slot (R22): `before` it begins, `after` it ended. The key
# is the day, the slot and which of the two: it is made once, whoever comes first, also with several
# processes. `due_at` is when it was to be ready, `made_at` when it was: a program that was off
# makes it late. `body` names the orders and their homes as they were then. `done_at`: somebody at
# the desk sent it or put it aside.
pickup_notice = table(
    "pickup_notice",
    identity(),
    Column("day", Day, nullable=False),
    words("slot"),
    words("kind"),
    moment("due_at"),
    moment("made_at"),
    Column("waiting", Whole, nullable=False),
    Column("body", Document, nullable=False),
    moment("queued_at", required=False),
    moment("done_at", required=False),
    points_to("done_by", "person.id", required=False),
    words("done_how", default=""),
    version(),
    one_of("kind", "before", "after"),
    UniqueConstraint("day", "slot", "kind"),
    Index(
        "ix_pickup_notice_open",
        "due_at",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
)

# A resident to whom goods are brought (R23): from when until when, and how consent was given. Why
# is nobody's business and never stored. `hint` is how to hand over ("ring twice").
delivery_need = table(
    "delivery_need",
    identity(),
    points_to("member_id", "member.id"),
    Column("from_on", Day, nullable=False),
    Column("until_on", Day, nullable=False),
    words("hint", default=""),
    Column("consent_on", Day, nullable=False),
    words("consent_how"),
    words("consent_text"),
    moment("ended_at", required=False),
    points_to("ended_by", "person.id", required=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    one_of("consent_how", "spoken", "chat", "paper", "family"),
    holds("days", "until_on >= from_on"),
)

# What somebody decided about bringing one order (R23): `bring` it though no need stands, or let the
# resident `collect` it after all. `was_marked`: it was to be delivered before, for taking it back.
delivery_decision = table(
    "delivery_decision",
    Column("order_id", Whole, ForeignKey("customer_order.id"), primary_key=True),
    words("choice"),
    Column("was_marked", Flag, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("choice", "bring", "collect"),
)

# An order that was brought to the door. `handover_ids` are the goods handed over with it, which
# taking it back takes back, too. One row stands per order.
delivery_done = table(
    "delivery_done",
    identity(),
    points_to("order_id", "customer_order.id"),
    words("left_with"),
    words("note", default=""),
    Column("handover_ids", Document, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    moment("undone_at", required=False),
    points_to("undone_by", "person.id", required=False),
    one_of("left_with", "hand", "door", "neighbour", "guard"),
    Index(
        "uq_delivery_done_order",
        "order_id",
        unique=True,
        sqlite_where=text("undone_at IS NULL"),
        postgresql_where=text("undone_at IS NULL"),
    ),
    Index("ix_delivery_done_at", "at"),
)

# Packaging material that came and went (R25), in pieces; append-only. `left_after` is what is left
# after the row: the sum since the material was first bought or counted, NULL before, as nobody
# knows. It stands in the row so that nobody adds up years of bags.
packaging_entry = table(
    "packaging_entry",
    identity(),
    words("material"),
    words("kind"),
    Column("quantity", Whole, nullable=False),
    Column("left_after", Whole),
    Column("cost_fen", Whole),
    points_to("order_id", "customer_order.id", required=False),
    words("note", default=""),
    Column("reverses_id", Whole, ForeignKey("packaging_entry.id"), unique=True),
    Column("business_day", Day, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("material", "freshness_bag", "ice_pack", "bubble_wrap"),
    one_of("kind", "bought", "used", "counted", "thrown_away"),
    holds("quantity", "quantity <> 0 OR kind = 'counted'"),
    holds("cost", "cost_fen >= 0"),
    Index("ix_packaging_entry_material_business_day", "material", "business_day"),
    Index("ix_packaging_entry_material_id", "material", "id"),
)

# What of a material went into one bag, when the slip was ticked or the goods handed over; `ruled`
# is what the rule said then. Where the two differ the books count what was used.
packed_material = table(
    "packed_material",
    Column("order_id", Whole, ForeignKey("customer_order.id"), primary_key=True),
    Column("material", Text, primary_key=True),
    Column("quantity", Whole, nullable=False),
    Column("ruled", Whole, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("material", "freshness_bag", "ice_pack", "bubble_wrap"),
    holds("quantity", "quantity >= 0 AND ruled >= 0"),
    Index(
        "ix_packed_material_unlike",
        "order_id",
        sqlite_where=text("quantity <> ruled"),
        postgresql_where=text("quantity <> ruled"),
    ),
)
