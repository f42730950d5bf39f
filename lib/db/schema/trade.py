"""Tables of trade: products, rounds, orders, money."""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint, false, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Document, Flag, Whole

CUT_SHORT = "quantity < ordered AND weighed_at IS NULL AND cancelled_at IS NULL"

# Something the shop sells. Sold by weight: quantities are grams and the price is per `unit_grams`
# (500 for 斤). Sold by piece: quantities are sale units and `unit_grams` is null.
product = table(
    "product",
    identity(),
    words("name"),
    words("folded_name"),
    words("category", default=""),
    Column("is_fresh", Flag, nullable=False),
    Column("is_daily", Flag, nullable=False),
    Column("is_fragile", Flag, nullable=False),
    words("sale_unit"),
    Column("unit_grams", Whole),
    Column("content_grams", Whole),  # of one piece, for the price per 500 g
    Column("content_pieces", Whole),  # of one sale unit (30 eggs a tray)
    Column("price_fen", Whole, nullable=False),
    Column("purchase_price_fen", Whole),
    words("description", default=""),
    Column("photo", Text, ForeignKey("blob.sha256")),
    moment("created_at"),
    moment("archived_at", required=False),
    moment("stopped_at", required=False),  # not sold until released: a recall, a bad test
    words("stop_reason", default=""),
    version(),
    holds("price", "price_fen >= 0"),
    holds("purchase_price", "purchase_price_fen >= 0"),
    holds("unit_grams", "unit_grams > 0"),
    holds("content_grams", "content_grams > 0"),
    holds("content_pieces", "content_pieces > 0"),
    Index(
        "uq_product_name_in_use",
        "folded_name",
        unique=True,
        sqlite_where=text("archived_at IS NULL"),
        postgresql_where=text("archived_at IS NULL"),
    ),
)

# What residents call it. Two products may share an alias: then the parser asks, it never guesses.
product_alias = table(
    "product_alias",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("alias", Text, primary_key=True),
)

# How much of the base quantity (grams or sale units) a package word means: 1 板 = 30 个.
product_conversion = table(
    "product_conversion",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("word", Text, primary_key=True),
    Column("quantity", Whole, nullable=False),
    holds("quantity", "quantity > 0"),
)

# Every price a product ever had, with time: never updated.
price_change = table(
    "price_change",
    identity(),
    points_to("product_id", "product.id"),
    words("kind"),
    Column("price_fen", Whole),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("kind", "sale", "purchase"),
    Index("ix_price_change_at", "at"),
)

# One group-buy round. Open while now < cut_off_at and closed_at is null and cancelled_at is null.
# The table is called buying_round because "round" is a function in SQL.
buying_round = table(
    "buying_round",
    identity(),
    words("title"),
    moment("opens_at"),
    moment("cut_off_at"),
    moment("closed_at", required=False),
    Column("pickup_day", Day, nullable=False),
    words("note", default=""),
    points_to("copied_from", "buying_round.id", required=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    holds("times", "cut_off_at > opens_at"),
    Index("ix_buying_round_cut_off_at", "cut_off_at"),
    Index("ix_buying_round_pickup_day", "pickup_day"),
)

# `compared_fen` is a price set beside the offer ("原价"): no higher than the lowest one really
# charged in the days before, unless `compared_basis` says in writing what it is, with a photo.
round_offer = table(
    "round_offer",
    identity(),
    points_to("round_id", "buying_round.id"),
    points_to("product_id", "product.id"),
    Column("price_fen", Whole, nullable=False),
    Column("household_limit", Whole),  # grams or sale units per household, null = no limit
    Column("available", Whole),  # grams or sale units in all, null = no limit
    Column("position", Whole, nullable=False),
    Column("compared_fen", Whole),
    words("compared_basis", default=""),
    Column("compared_photo", Text, ForeignKey("blob.sha256")),
    UniqueConstraint("round_id", "product_id"),
    holds("price", "price_fen >= 0"),
    holds("household_limit", "household_limit > 0"),
    holds("available", "available > 0"),
)

# Days without pickup.
closed_day = table(
    "closed_day",
    Column("day", Day, primary_key=True),
    words("reason", default=""),
)

# A chain paste or an order file that was booked. The fingerprint makes a repeat recognisable; the
# text is kept to show what changed between two pastes of one chain.
intake = table(
    "intake",
    identity(),
    words("kind"),
    points_to("round_id", "buying_round.id"),
    words("identity"),  # of the chain (header and title) or of the file's layout
    words("fingerprint"),  # of the exact content
    words("file_name", default=""),
    words("content", default=""),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    Column("summary", Document, nullable=False),
    UniqueConstraint("round_id", "fingerprint"),
    one_of("kind", "chain", "sheet"),
    Index("ix_intake_round_id_identity", "round_id", "identity"),
)

# A column mapping the owner corrected, remembered per layout of headers.
sheet_mapping = table(
    "sheet_mapping",
    Column("header_fingerprint", Text, primary_key=True),
    Column("mapping", Document, nullable=False),
    moment("saved_at"),
    points_to("person_id", "person.id", required=False),
)

# One resident's order. Address and slot are as ordered; `number` is what is called out at the desk
# and is unique within a pickup day.
customer_order = table(
    "customer_order",
    identity(),
    points_to("round_id", "buying_round.id", required=False),
    Column("member_id", Whole, ForeignKey("member.id"), nullable=False),
    points_to("intake_id", "intake.id", required=False),
    words("source"),
    words("source_key", required=False),
    Column("source_body", Document),  # the entry as it came in, to show what changed
    Column("number", Whole, nullable=False),
    Column("pickup_day", Day, nullable=False),
    words("pickup_slot", required=False),
    # Nobody said the slot: it is the one the resident usually comes in (R21).
    Column("slot_usual", Flag, nullable=False, server_default=false()),
    Column("delivery", Flag, nullable=False),
    words("area", required=False),
    words("building", required=False),
    words("unit", required=False),
    words("room", required=False),
    words("note", default=""),
    words("status"),
    words("check_reason", required=False),  # why a person should look at it; null = nothing
    moment("placed_at"),
    moment("cancelled_at", required=False),
    words("cancel_reason", required=False),
    Column("delivery_fee_fen", Whole, nullable=False, server_default="0"),
    Column("round_off_fen", Whole, nullable=False, server_default="0"),
    Column("coupon_fen", Whole, nullable=False, server_default="0"),  # what a coupon took off (R37)
    version(),
    one_of("source", "chain", "sheet", "counter"),
    one_of("status", "active", "cancelled"),
    holds("round_off", "round_off_fen >= 0"),
    holds("delivery_fee", "delivery_fee_fen >= 0"),
    UniqueConstraint("round_id", "source_key"),
    UniqueConstraint("pickup_day", "number"),
    Index("ix_customer_order_pickup_day_slot", "pickup_day", "pickup_slot"),
    Index("ix_customer_order_source_key", "source_key"),
    # Few orders are brought to the door: what that cost the shop is read of these alone (R20).
    Index(
        "ix_customer_order_delivered",
        "pickup_day",
        sqlite_where=text("delivery = 1"),
        postgresql_where=text("delivery"),
    ),
    Index("ix_customer_order_member_id_placed_at", "member_id", "placed_at"),
    Index("ix_customer_order_placed_at", "placed_at"),  # what was charged in a window of days
    # Words of orders as they came in are kept for some months: those that have them still.
    Index(
        "ix_customer_order_with_words",
        "placed_at",
        sqlite_where=text("source_body IS NOT NULL"),
        postgresql_where=text("source_body IS NOT NULL"),
    ),
)

# `ordered` and `quantity` are grams or sale units; quantity differs after weighing or a shortage.
# amount_fen is what is owed for the line now.
order_line = table(
    "order_line",
    identity(),
    points_to("order_id", "customer_order.id"),
    Column("product_id", Whole, ForeignKey("product.id"), nullable=False),
    words("product_name"),
    words("sale_unit"),
    Column("unit_grams", Whole),
    Column("ordered", Whole, nullable=False),
    Column("quantity", Whole, nullable=False),
    Column("unit_price_fen", Whole, nullable=False),
    Column("amount_fen", Whole, nullable=False),
    moment("weighed_at", required=False),
    moment("cancelled_at", required=False),
    holds("ordered", "ordered > 0"),
    holds("quantity", "quantity >= 0"),
    holds("amount", "amount_fen >= 0"),
    # The lines of a product in one round lie side by side: order ids rise with time.
    Index("ix_order_line_product_id_order_id", "product_id", "order_id"),
    # Lines cut by a shortage are few: on such days more was wanted than sold (R4).
    Index(
        "ix_order_line_cut_short",
        "product_id",
        sqlite_where=text(CUT_SHORT),
        postgresql_where=text(CUT_SHORT),
    ),
)

# Money that moved between a resident and the shop. Positive comes in, negative goes out. Rows are
# never changed; a mistake is reversed by a row that points at it, once. `forgiven_fen` is what the
# shop lets go with the row: the rounding of a payment, or the part of a refund that makes the goods
# cheaper (and is not the giving back of money paid too much). Method `platform` is money that an
# ordering platform collected or gave back: it never lay in the till or in the shop's own account.
payment = table(
    "payment",
    identity(),
    points_to("member_id", "member.id"),
    points_to("order_id", "customer_order.id", required=False),
    words("kind"),
    words("method"),
    Column("amount_fen", Whole, nullable=False),
    Column("forgiven_fen", Whole, nullable=False, server_default="0"),
    words("reason", default=""),
    points_to("line_id", "order_line.id", required=False),
    Column("case_id", Whole, ForeignKey("after_sales_case.id")),  # of a refund: what was put right
    Column("reverses_id", Whole, ForeignKey("payment.id"), unique=True),
    Column("business_day", Day, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("kind", "payment", "refund", "top_up", "pay_out", "reversal"),
    one_of("method", "transfer", "cash", "balance", "platform"),
    holds("amount", "amount_fen <> 0"),
    holds("refund_reason", "kind <> 'refund' OR reason <> ''"),
    Index(
        "ix_payment_case_id",
        "case_id",
        sqlite_where=text("case_id IS NOT NULL"),
        postgresql_where=text("case_id IS NOT NULL"),
    ),
    Index("ix_payment_business_day", "business_day"),
    # Few payments let something go: what was given back is read of these alone (R20).
    Index(
        "ix_payment_forgiven",
        "order_id",
        sqlite_where=text("forgiven_fen <> 0"),
        postgresql_where=text("forgiven_fen <> 0"),
    ),
)

# What the shop holds for a resident. The sum of a member's rows is the balance.
balance_entry = table(
    "balance_entry",
    identity(),
    points_to("member_id", "member.id"),
    Column("amount_fen", Whole, nullable=False),
    points_to("payment_id", "payment.id"),
    moment("at"),
    holds("amount", "amount_fen <> 0"),
)

# Counting the till against the books. A day may be counted again; the last row counts.
cash_up = table(
    "cash_up",
    identity(),
    Column("business_day", Day, nullable=False, index=True),
    Column("opening_fen", Whole, nullable=False),
    Column("expected_cash_fen", Whole, nullable=False),
    Column("counted_cash_fen", Whole, nullable=False),
    Column("transfer_fen", Whole, nullable=False),
    Column("counted_transfer_fen", Whole),
    words("note", default=""),
    moment("at"),
    points_to("person_id", "person.id", required=False),
)
