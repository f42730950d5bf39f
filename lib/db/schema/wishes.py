"""Tables of the demand inbox: what residents wish for, who wished it, and what came of it."""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Document, Whole

# Something residents asked the shop to buy (R15). `first_asked_at` starts the 72 hours (R16): it is
# the earliest of its wishes. `offered_at` and `answered_at` (offered, not yet, or declined) are the
# first time ever and stand when it is opened again: reopening erases no breach. `next_on` is the
# day on which a demand that cannot be met yet comes back (R17), and the day promised for one that
# was opened again. A merged demand points at the one it became and is hidden, never deleted.
demand = table(
    "demand",
    identity(),
    words("title"),
    words("folded_title"),
    words("note", default=""),
    words("status"),
    moment("first_asked_at"),
    moment("status_at"),
    points_to("product_id", "product.id", required=False),
    points_to("round_id", "buying_round.id", required=False),
    moment("offered_at", required=False),
    moment("answered_at", required=False),
    words("reason", default=""),
    Column("next_on", Day),
    Column("merged_into", Whole, ForeignKey("demand.id")),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    one_of("status", "new", "checking", "offered", "not_yet", "declined"),
    holds("title", "title <> ''"),
    holds("not_yet", "status <> 'not_yet' OR (reason <> '' AND next_on IS NOT NULL)"),
    holds("declined", "status <> 'declined' OR reason <> ''"),
    holds("offered", "(status = 'offered') <= (offered_at IS NOT NULL AND product_id IS NOT NULL)"),
    Index("ix_demand_status_first_asked_at", "status", "first_asked_at"),
    Index("ix_demand_status_status_at", "status", "status_at"),
    Index("ix_demand_next_on", "next_on"),
    Index("ix_demand_offered_at", "offered_at"),
    # Of merged ones only: nearly all are not, and a planner would read all of those by it.
    Index(
        "ix_demand_merged_into",
        "merged_into",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
)

# One resident who wished it, once per demand. `folded_name` is null for a wish without a name.
# `told_at`: the message with their @name was sent (R18).
demand_wish = table(
    "demand_wish",
    identity(),
    points_to("demand_id", "demand.id"),
    points_to("member_id", "member.id", required=False),
    words("name", default=""),
    words("folded_name", required=False),
    words("said", default=""),
    words("source"),
    moment("asked_at"),
    moment("told_at", required=False),
    points_to("told_by", "person.id", required=False),
    one_of("source", "chat", "typed", "topic", "page"),
    UniqueConstraint("demand_id", "folded_name"),
    UniqueConstraint("demand_id", "member_id"),
    Index(
        "ix_demand_wish_untold",
        "demand_id",
        "told_at",
        sqlite_where=text("folded_name IS NOT NULL"),
        postgresql_where=text("folded_name IS NOT NULL"),
    ),
)

# Two demands that turned out to be one. `moved` names the wishes and sources that went over and
# what the kept demand was before, so that the merge can be taken back exactly.
demand_merge = table(
    "demand_merge",
    identity(),
    points_to("keep_id", "demand.id"),
    points_to("drop_id", "demand.id"),
    Column("moved", Document, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    moment("undone_at", required=False),
)

# "These two are not the same wish": a suggestion that was declined does not come back.
not_same_demand = table(
    "not_same_demand",
    Column("first_id", Whole, ForeignKey("demand.id"), primary_key=True),
    Column("second_id", Whole, ForeignKey("demand.id"), primary_key=True),
    moment("at"),
)

# Who was asked whether they can deliver (R16): what they answered, what it would cost the shop and
# what it could be sold for. Amounts are for one `unit`.
demand_source = table(
    "demand_source",
    identity(),
    points_to("demand_id", "demand.id"),
    points_to("supplier_id", "supplier.id", required=False),
    words("name"),
    words("answer"),
    moment("asked_at", required=False),
    points_to("asked_by", "person.id", required=False),
    words("unit", default=""),
    Column("cost_fen", Whole),
    Column("price_fen", Whole),
    words("minimum", default=""),
    Column("ready_on", Day),
    words("note", default=""),
    moment("created_at"),
    version(),
    one_of("answer", "to_ask", "waiting", "can", "cannot"),
    holds("cost", "cost_fen >= 0"),
    holds("price", "price_fen >= 0"),
)

# A line of the group's chat that was taken as a wish or put aside: pasted again it is known. Only
# its fingerprint is kept.
heard_line = table(
    "heard_line",
    Column("fingerprint", Text, primary_key=True),
    points_to("demand_id", "demand.id", required=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
)

# A wish that a resident sent from the light page. Nothing of it is shown to anybody but the shop,
# and it becomes a demand only when a person takes it. `key` is that of the form.
wish_note = table(
    "wish_note",
    identity(),
    Column("key", Text, nullable=False, unique=True),
    words("text"),
    words("name", default=""),
    words("status"),
    points_to("demand_id", "demand.id", required=False),
    moment("at"),
    moment("decided_at", required=False),
    points_to("decided_by", "person.id", required=False),
    one_of("status", "waiting", "taken", "put_aside"),
    holds("decided", "(status = 'waiting') = (decided_at IS NULL)"),
    Index("ix_wish_note_status_at", "status", "at"),
)
