"""Tables of after-sales: cases, their clocks and breaches, photos, what was done, letters."""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Document, Flag, Whole

# Something a resident is not content with, about one order line (R26-R31). `bad` of `of_total` say
# how much of it, both counted in `counted_in`: sale units, pieces inside them, or grams.
# A case that a resident opened has no member until somebody at the desk found out who it is;
# `reporter_name` and `reporter_home` are what was typed. `reported_at` starts the clocks; the
# moment the first reply is due is fixed then, and `first_reply_at` is the first reply ever: it
# stands when the case is opened again. `turn` counts the openings; each has its own solution clock
# in case_turn. `cause` is what was found out. A merged case points at the one it became and is
# hidden, never deleted. `key` is that of a resident's form.
after_sales_case = table(
    "after_sales_case",
    identity(),
    points_to("member_id", "member.id", required=False),
    points_to("order_id", "customer_order.id", required=False),
    points_to("line_id", "order_line.id", required=False),
    points_to("product_id", "product.id", required=False),
    points_to("batch_id", "batch.id", required=False),
    points_to("supplier_id", "supplier.id", required=False),
    words("product_name", default=""),
    words("source"),
    words("defect"),
    Column("bad", Whole),
    Column("of_total", Whole),
    words("counted_in", required=False),
    words("said", default=""),
    words("reporter_name", default=""),
    words("reporter_home", default=""),
    moment("reported_at"),
    moment("reply_due_at"),
    moment("first_reply_at", required=False),
    points_to("first_reply_by", "person.id", required=False),
    words("status"),
    Column("turn", Whole, nullable=False, server_default="1"),
    words("cause", default=""),
    words("cause_note", default=""),
    Column("follow_up_on", Day),
    points_to("claim_id", "supplier_claim.id", required=False),
    points_to("merged_into", "after_sales_case.id", required=False),
    moment("closed_at", required=False),
    Column("key", Text, unique=True),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    one_of("source", "counter", "chat", "phone", "page"),
    one_of(
        "defect", "rotten", "damaged", "quality", "short", "missing", "wrong", "service", "other"
    ),
    one_of("counted_in", "units", "pieces", "grams"),
    one_of("status", "new", "working", "waiting_photo", "solved", "closed", "withdrawn", "merged"),
    holds("bad", "bad > 0 AND bad <= of_total"),
    holds("counted", "(bad IS NULL) = (of_total IS NULL) AND (bad IS NULL) = (counted_in IS NULL)"),
    holds("merged", "(status = 'merged') = (merged_into IS NOT NULL)"),
    holds("closed", "(closed_at IS NOT NULL) = (status IN ('closed', 'withdrawn'))"),
    Index("ix_after_sales_case_status_reply_due_at", "status", "reply_due_at"),
    Index("ix_after_sales_case_reported_at", "reported_at"),
    Index("ix_after_sales_case_follow_up_on", "follow_up_on"),
)

# The solution clock of each opening of a case: it begins with the report, or when the case was
# opened again, and the moment it runs out moves only by pauses (R27). `offered` is what the pledge
# promised when the solution was agreed.
case_turn = table(
    "case_turn",
    identity(),
    points_to("case_id", "after_sales_case.id"),
    Column("turn", Whole, nullable=False),
    moment("started_at"),
    moment("solve_due_at"),
    moment("solved_at", required=False),
    points_to("solved_by", "person.id", required=False),
    Column("offered", Document),
    UniqueConstraint("case_id", "turn"),
    holds("turn", "turn > 0"),
    Index("ix_case_turn_solve_due_at", "solve_due_at"),
)

# When the solution clock stood still because the shop waits for the resident's photo. At most one
# is open per case.
case_pause = table(
    "case_pause",
    identity(),
    points_to("case_id", "after_sales_case.id"),
    Column("turn", Whole, nullable=False),
    moment("from_at"),
    moment("to_at", required=False),
    holds("times", "to_at >= from_at"),
    Index(
        "uq_case_pause_open",
        "case_id",
        unique=True,
        sqlite_where=text("to_at IS NULL"),
        postgresql_where=text("to_at IS NULL"),
    ),
)

# A promise that was not kept, written down when its time passed. Append-only: nothing erases it.
# `delivery` is the clock of owed goods, one row for each of them.
case_breach = table(
    "case_breach",
    identity(),
    points_to("case_id", "after_sales_case.id"),
    Column("turn", Whole, nullable=False),
    words("clock"),
    points_to("owed_id", "owed_goods.id", required=False),
    moment("due_at"),
    moment("recorded_at"),
    one_of("clock", "reply", "solution", "delivery"),
    holds("owed", "(clock = 'delivery') = (owed_id IS NOT NULL)"),
    Index(
        "uq_case_breach_clock",
        "case_id",
        "turn",
        "clock",
        unique=True,
        sqlite_where=text("owed_id IS NULL"),
        postgresql_where=text("owed_id IS NULL"),
    ),
    Index(
        "uq_case_breach_owed",
        "owed_id",
        unique=True,
        sqlite_where=text("owed_id IS NOT NULL"),
        postgresql_where=text("owed_id IS NOT NULL"),
    ),
    Index("ix_case_breach_due_at", "due_at"),
)

# What happened in a case, in order; append-only. `for_resident`: shown on the resident's own page.
case_entry = table(
    "case_entry",
    identity(),
    points_to("case_id", "after_sales_case.id"),
    words("kind"),
    words("text", default=""),
    Column("for_resident", Flag, nullable=False),
    Column("by_resident", Flag, nullable=False),
    Column("details", Document),
    moment("at"),
    points_to("person_id", "person.id", required=False),
)

# A photo of a case. `look` is a fingerprint of what it shows (hexadecimal), so that a copy which
# WeChat saved anew is recognised as the same picture.
case_photo = table(
    "case_photo",
    identity(),
    points_to("case_id", "after_sales_case.id"),
    Column("blob", Text, ForeignKey("blob.sha256"), nullable=False, index=True),
    words("look", default=""),
    Column("by_resident", Flag, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    moment("removed_at", required=False),
    UniqueConstraint("case_id", "blob"),
    Index("ix_case_photo_at", "at"),
)

# What the shop did about a case: money back, one more of the same, an exchange, goods taken back.
# `amount_fen` is what the resident got in money: `payment_id` paid it out, `taken_off_fen` of it
# was taken off a price not paid yet. `freight_fen` the shop bore (R11). `below_pledge` says why
# less than the pledge was accepted, in the resident's own wish. `disposal` is what became of goods
# taken back. Undone rows stay.
case_remedy = table(
    "case_remedy",
    identity(),
    points_to("case_id", "after_sales_case.id"),
    Column("turn", Whole, nullable=False),
    words("kind"),
    Column("quantity", Whole),
    Column("amount_fen", Whole, nullable=False, server_default="0"),
    Column("taken_off_fen", Whole, nullable=False, server_default="0"),
    Column("freight_fen", Whole, nullable=False, server_default="0"),
    points_to("payment_id", "payment.id", required=False),
    points_to("owed_id", "owed_goods.id", required=False),
    words("below_pledge", default=""),
    words("disposal", default=""),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    moment("undone_at", required=False),
    points_to("undone_by", "person.id", required=False),
    one_of("kind", "refund", "one_more", "exchange", "return", "word"),
    holds("amount", "amount_fen >= taken_off_fen AND taken_off_fen >= 0"),
    holds("freight", "freight_fen >= 0"),
    holds("quantity", "quantity > 0"),
    Index("ix_case_remedy_at", "at"),
)

# Asking afterwards whether the resident is content (R30). The newest row of a turn counts.
case_follow_up = table(
    "case_follow_up",
    identity(),
    points_to("case_id", "after_sales_case.id"),
    Column("turn", Whole, nullable=False),
    words("result"),
    words("feedback", default=""),
    Column("by_resident", Flag, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("result", "satisfied", "not_satisfied", "no_answer"),
)

# Two cases that turned out to be one. `moved` names what went over, to take it back exactly.
case_merge = table(
    "case_merge",
    identity(),
    points_to("keep_id", "after_sales_case.id"),
    points_to("drop_id", "after_sales_case.id"),
    Column("moved", Document, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    moment("undone_at", required=False),
)

# A private address under which a resident follows a case without signing in. Only the hash of its
# secret part is kept.
case_link = table(
    "case_link",
    identity(),
    points_to("case_id", "after_sales_case.id"),
    Column("token_hash", Text, nullable=False, unique=True),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("expires_at"),
    moment("revoked_at", required=False),
)

# Goods promised and not given yet: one more of the same, an exchange (R29), later what points are
# redeemed for (R37). `quantity` is grams or sale units, `picked` is put out of it. What was given
# is the ledger owed_handover. `due_at` is the promise; they join the resident's next order by
# themselves, or wait for `planned_on`.
owed_goods = table(
    "owed_goods",
    identity(),
    points_to("member_id", "member.id"),
    points_to("case_id", "after_sales_case.id", required=False),
    points_to("line_id", "order_line.id", required=False),
    points_to("product_id", "product.id"),
    words("product_name"),
    words("sale_unit"),
    Column("unit_grams", Whole),
    words("source"),
    Column("quantity", Whole, nullable=False),
    Column("picked", Whole, nullable=False, server_default="0"),
    Column("planned_on", Day),
    moment("due_at"),
    words("note", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("settled_at", required=False),
    moment("cancelled_at", required=False),
    words("cancel_reason", default=""),
    version(),
    one_of("source", "case", "points"),
    holds("quantity", "quantity > 0"),
    holds("picked", "picked BETWEEN 0 AND quantity"),
    holds("over", "settled_at IS NULL OR cancelled_at IS NULL"),
    Index(
        "ix_owed_goods_open",
        "due_at",
        sqlite_where=text("settled_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL AND cancelled_at IS NULL"),
    ),
)

# Owed goods given to a resident, in grams or sale units. Append-only: an undo is a negative row
# that points at the one it takes back, once. `handover_id` is the handing over of the order's goods
# they went with in one touch: taking that back takes them back, too.
owed_handover = table(
    "owed_handover",
    identity(),
    points_to("owed_id", "owed_goods.id"),
    points_to("order_id", "customer_order.id", required=False),
    points_to("handover_id", "handover.id", required=False),
    Column("quantity", Whole, nullable=False),
    Column("reverses_id", Whole, ForeignKey("owed_handover.id"), unique=True),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    holds("quantity", "quantity <> 0"),
    holds("undo", "(quantity > 0) = (reverses_id IS NULL)"),
)

# One page for a supplier about one month (R32), as it was when it was written: `body` is never
# changed, a correction is the next edition.
supplier_letter = table(
    "supplier_letter",
    identity(),
    points_to("supplier_id", "supplier.id"),
    Column("month", Day, nullable=False),
    Column("edition", Whole, nullable=False),
    Column("body", Document, nullable=False),
    words("asks", default=""),
    points_to("claim_id", "supplier_claim.id", required=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("sent_at", required=False),
    words("sent_how", default=""),
    version(),
    UniqueConstraint("supplier_id", "month", "edition"),
)
