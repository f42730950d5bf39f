"""Tables of supply: suppliers, what they deliver, what lies in the shop, the evidence for it.

Quantities are the product's base quantity: grams for goods sold by weight, sale units otherwise.
Prices are fen per sale unit. ``stock_movement`` is the ledger; ``batch.on_hand``, ``stock_level``
and ``stock_day`` are its sums, kept in the same transaction. ``demand_day`` is the sum of what
residents ordered per product and pickup day, kept by triggers on the orders (lib/db/schema/demand).
"""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Document, Flag, Whole


def _file(name: str) -> Column[str]:
    """Declare a column that may name a blob."""
    return Column(name, Text, ForeignKey("blob.sha256"), index=True)


# Somebody the shop buys from (R1). Address, contact and phone are for the shop; `district` and
# `story` are for residents, the name too where `shows_name`. Coordinates are millionths of a
# degree; a distance that was typed says how it was measured. `far_reason` is asked for beyond the
# radius.
supplier = table(
    "supplier",
    identity(),
    words("name"),
    words("folded_name"),
    words("kind"),
    words("contact_name", default=""),
    words("phone", default=""),
    words("address", default=""),
    words("district", default=""),
    words("story", default=""),
    Column("shows_name", Flag, nullable=False),
    Column("shows_contact", Flag, nullable=False),
    Column("latitude_e6", Whole),
    Column("longitude_e6", Whole),
    Column("typed_metres", Whole),
    words("distance_how", default=""),
    words("far_reason", default=""),
    words("note", default=""),
    moment("created_at"),
    moment("archived_at", required=False),
    version(),
    one_of("kind", "grower", "processor", "factory", "trader"),
    holds("latitude", "latitude_e6 BETWEEN -90000000 AND 90000000"),
    holds("longitude", "longitude_e6 BETWEEN -180000000 AND 180000000"),
    holds("position", "(latitude_e6 IS NULL) = (longitude_e6 IS NULL)"),
    holds("typed_metres", "typed_metres >= 0"),
    Index(
        "uq_supplier_name_in_use",
        "folded_name",
        unique=True,
        sqlite_where=text("archived_at IS NULL"),
        postgresql_where=text("archived_at IS NULL"),
    ),
)

# What a supplier delivers and on which terms: price per sale unit, case, least quantity, usual
# shelf life. `preferred` is the supplier the plan orders from.
supply_term = table(
    "supply_term",
    identity(),
    points_to("supplier_id", "supplier.id"),
    points_to("product_id", "product.id"),
    Column("price_fen", Whole, nullable=False),
    Column("case_quantity", Whole),
    Column("minimum_quantity", Whole),
    Column("shelf_life_days", Whole),
    Column("preferred", Flag, nullable=False),
    moment("changed_at"),
    moment("ended_at", required=False),
    version(),
    UniqueConstraint("supplier_id", "product_id"),
    holds("price", "price_fen >= 0"),
    holds("case_quantity", "case_quantity > 0"),
    holds("minimum_quantity", "minimum_quantity > 0"),
    holds("shelf_life", "shelf_life_days >= 0"),
)

# An agreement (R2): weekly settlement, supply on demand, no large prepayment. `ends_on` null runs
# until it is ended.
agreement = table(
    "agreement",
    identity(),
    points_to("supplier_id", "supplier.id"),
    Column("starts_on", Day, nullable=False),
    Column("ends_on", Day),
    words("cycle"),
    Column("minimum_order_fen", Whole),
    words("case_note", default=""),
    words("spoilage_by"),
    Column("notice_days", Whole, nullable=False, server_default="0"),
    Column("prepayment_fen", Whole, nullable=False, server_default="0"),
    _file("scan"),
    words("note", default=""),
    moment("created_at"),
    moment("ended_at", required=False),
    version(),
    one_of("cycle", "weekly", "fortnightly", "monthly", "on_delivery"),
    one_of("spoilage_by", "supplier", "shop", "shared"),
    holds("dates", "ends_on IS NULL OR ends_on >= starts_on"),
    holds("minimum_order", "minimum_order_fen >= 0"),
    holds("prepayment", "prepayment_fen >= 0"),
    holds("notice_days", "notice_days >= 0"),
)

# A licence or certificate of a supplier (R9; facts of the field, 3.2). `valid_until` null: a paper
# that does not expire. Published: its picture may stand on the origin page.
supplier_paper = table(
    "supplier_paper",
    identity(),
    points_to("supplier_id", "supplier.id"),
    words("kind"),
    words("number", default=""),
    Column("issued_on", Day),
    Column("valid_until", Day, index=True),
    _file("scan"),
    moment("published_at", required=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("withdrawn_at", required=False),
    version(),
    holds("dates", "issued_on IS NULL OR valid_until IS NULL OR valid_until >= issued_on"),
)

# What is asked of a supplier. From a round's totals (`round_id`), from the plan (`plan_day`), or
# typed. Lines of a sent order stay as they were sent.
purchase_order = table(
    "purchase_order",
    identity(),
    Column("number", Text, nullable=False, unique=True),
    points_to("supplier_id", "supplier.id"),
    points_to("round_id", "buying_round.id", required=False),
    Column("plan_day", Day),
    Column("expected_on", Day, nullable=False),
    words("status"),
    words("note", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("sent_at", required=False),
    moment("closed_at", required=False),
    words("close_reason", default=""),
    version(),
    one_of("status", "draft", "sent", "closed", "cancelled"),
    Index("ix_purchase_order_status_expected_on", "status", "expected_on"),
)

# `needed` is what is wanted, `quantity` what is ordered after rounding to cases, `suggested` what
# the plan said and `why` the figures of its sentence.
purchase_line = table(
    "purchase_line",
    identity(),
    points_to("order_id", "purchase_order.id"),
    points_to("product_id", "product.id"),
    words("product_name"),
    words("sale_unit"),
    Column("unit_grams", Whole),
    Column("needed", Whole, nullable=False),
    Column("quantity", Whole, nullable=False),
    Column("case_quantity", Whole),
    Column("unit_price_fen", Whole),
    Column("suggested", Whole),
    Column("why", Document),
    UniqueConstraint("order_id", "product_id"),
    holds("needed", "needed >= 0"),
    holds("quantity", "quantity >= 0"),
    holds("case_quantity", "case_quantity > 0"),
    holds("unit_price", "unit_price_fen >= 0"),
)

# Goods that came in at one moment from one supplier; `voucher` is the photo of the delivery note.
delivery = table(
    "delivery",
    identity(),
    points_to("supplier_id", "supplier.id"),
    points_to("purchase_order_id", "purchase_order.id", required=False),
    Column("arrived_on", Day, nullable=False, index=True),
    _file("voucher"),
    words("note", default=""),
    moment("at"),
    points_to("person_id", "person.id", required=False),
)

# One product of one delivery: what a resident's goods lead back to (R8). `code` is called out and
# printed, `token` is the unguessable part of its public address. The columns from `specification`
# to `supplier_contact` are the purchase record of facts of the field, 3.1, as it was on that day;
# nothing of it is deleted before `keep_until`. `best_before_printed`: the date stands on the
# package and binds; otherwise it is the shop's own estimate. `on_hand` is the sum of its movements.
# A receiving that was a mistake is undone: nothing was received of its batches, and lists of
# batches leave them out.
batch = table(
    "batch",
    identity(),
    Column("code", Text, nullable=False, unique=True),
    Column("token", Text, nullable=False, unique=True),
    points_to("delivery_id", "delivery.id"),
    points_to("supplier_id", "supplier.id"),
    points_to("product_id", "product.id"),
    words("product_name"),
    words("sale_unit"),
    Column("unit_grams", Whole),
    Column("arrived_on", Day, nullable=False),
    Column("produced_on", Day),
    words("lot", default=""),
    Column("shelf_life_days", Whole),
    Column("best_before", Day),
    Column("best_before_printed", Flag, nullable=False),
    Column("ordered", Whole),
    Column("received", Whole, nullable=False),
    Column("rejected", Whole, nullable=False, server_default="0"),
    words("reject_reason", default=""),
    _file("photo"),
    Column("unit_price_fen", Whole),
    words("specification", default=""),
    words("certificate_number", default=""),
    words("supplier_name"),
    words("supplier_address", default=""),
    words("supplier_contact", default=""),
    Column("keep_until", Day, nullable=False),
    Column("on_hand", Whole, nullable=False, server_default="0"),
    moment("stopped_at", required=False),
    words("stop_reason", default=""),
    moment("undone_at", required=False),
    moment("created_at"),
    points_to("person_id", "person.id", required=False),
    version(),
    holds("received", "received >= 0"),
    holds("rejected", "rejected >= 0"),
    holds("something_came", "received + rejected > 0 OR undone_at IS NOT NULL"),
    holds("unit_price", "unit_price_fen >= 0"),
    # Whole: which weeks of which supplier have something on them is asked on every Today.
    Index(
        "ix_batch_arrived_on_supplier_id", "arrived_on", "supplier_id", "created_at", "undone_at"
    ),
    Index("ix_batch_product_id_arrived_on", "product_id", "arrived_on"),
    Index("ix_batch_supplier_id_arrived_on", "supplier_id", "arrived_on"),
    Index(
        "ix_batch_on_hand",
        "product_id",
        "on_hand",
        sqlite_where=text("on_hand <> 0"),
        postgresql_where=text("on_hand <> 0"),
    ),
)

# Goods that came in or went out, in base quantity: positive in, negative out. Append-only: the sum
# is the stock. A row without batch is stock nobody has assigned yet (sold before the delivery was
# entered, found by a count); `assigned` rows move it. Taking back is a row that points at the one
# it reverses, once.
stock_movement = table(
    "stock_movement",
    identity(),
    points_to("product_id", "product.id"),
    points_to("batch_id", "batch.id", required=False),
    words("kind"),
    Column("quantity", Whole, nullable=False),
    words("reason", default=""),
    points_to("line_id", "order_line.id", required=False),
    points_to("handover_id", "handover.id", required=False),
    Column("owed_handover_id", Whole, ForeignKey("owed_handover.id")),  # owed goods given
    Column("remedy_id", Whole, ForeignKey("case_remedy.id")),  # came back for a complaint (R11)
    Column("gift_id", Whole, ForeignKey("gift.id")),  # given as a gift (R34, R35)
    Column("reverses_id", Whole, ForeignKey("stock_movement.id"), unique=True),
    _file("photo"),
    Column("business_day", Day, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of(
        "kind", "received", "sold", "wasted", "sent_back", "returned", "redeemed", "counted",
        "assigned",
    ),
    holds("quantity", "quantity <> 0"),
    Index("ix_stock_movement_product_id_business_day", "product_id", "business_day"),
    # Goods given to make something good are few: the books read what they cost of these (R10).
    Index(
        "ix_stock_movement_owed_handover_id",
        "owed_handover_id",
        sqlite_where=text("owed_handover_id IS NOT NULL"),
        postgresql_where=text("owed_handover_id IS NOT NULL"),
    ),
    Index(
        "ix_stock_movement_owed_day",
        "business_day",
        sqlite_where=text("owed_handover_id IS NOT NULL"),
        postgresql_where=text("owed_handover_id IS NOT NULL"),
    ),
    Index(
        "ix_stock_movement_remedy_id",
        "remedy_id",
        sqlite_where=text("remedy_id IS NOT NULL"),
        postgresql_where=text("remedy_id IS NOT NULL"),
    ),
    Index(
        "ix_stock_movement_gift_id",
        "gift_id",
        sqlite_where=text("gift_id IS NOT NULL"),
        postgresql_where=text("gift_id IS NOT NULL"),
    ),
    # Goods that left without a batch are few: a recall looks through them.
    Index(
        "ix_stock_movement_loose",
        "product_id",
        "business_day",
        sqlite_where=text("batch_id IS NULL"),
        postgresql_where=text("batch_id IS NULL"),
    ),
)  # fmt: skip

# What lies in the shop now: the sum of a product's movements; `loose` is the part without batch.
# A product has a row from its first movement on: before that its stock is not kept.
stock_level = table(
    "stock_level",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("on_hand", Whole, nullable=False),
    Column("loose", Whole, nullable=False),
    moment("since"),
)

# Movements summed per product and day, all as positive numbers but `counted`. `sold` is what left
# to residents less what was taken back; `shelf_sold` is the part of it without an order line.
# `closing` is what lay there after the day's last movement.
stock_day = table(
    "stock_day",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("day", Day, primary_key=True, index=True),
    *(
        Column(name, Whole, nullable=False, server_default="0")
        for name in (
            "received", "sold", "shelf_sold", "returned", "wasted", "sent_back", "redeemed",
            "counted",
        )
    ),
    Column("closing", Whole, nullable=False),
    clustered=True,
)  # fmt: skip

# A count of the shelf, also one that found nothing wrong.
stock_count = table(
    "stock_count",
    identity(),
    points_to("product_id", "product.id"),
    points_to("batch_id", "batch.id", required=False),
    Column("expected", Whole, nullable=False),
    Column("counted", Whole, nullable=False),
    words("reason", default=""),
    Column("business_day", Day, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    holds("counted", "counted >= 0"),
)

# Orders summed per product and pickup day: `ordered` as ordered (a shortage does not lower it),
# of active orders and standing lines. Written by triggers only.
demand_day = table(
    "demand_day",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("day", Day, primary_key=True, index=True),
    Column("ordered", Whole, nullable=False),
    Column("amount_fen", Whole, nullable=False),
    Column("lines", Whole, nullable=False),
    clustered=True,
)

# A file of daily figures from before Linli, or from another till.
past_import = table(
    "past_import",
    identity(),
    words("file_name", default=""),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("rows", Whole, nullable=False),
    Column("first_day", Day, nullable=False),
    Column("last_day", Day, nullable=False),
    Column("summary", Document, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
)

# One product's day from such a file. `prepared` null: the file does not say what there was.
past_day = table(
    "past_day",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("day", Day, primary_key=True, index=True),
    points_to("import_id", "past_import.id"),
    Column("prepared", Whole),
    Column("sold", Whole, nullable=False),
    Column("sold_out", Flag, nullable=False),
    Column("amount_fen", Whole),
    Column("unit_cost_fen", Whole),
    Column("loss_per_10000", Whole),
    holds("prepared", "prepared >= 0"),
)

# A day on which somebody saw that a product had sold out: low sales then are no low demand (R4).
sold_out_mark = table(
    "sold_out_mark",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("day", Day, primary_key=True),
    moment("at"),
    points_to("person_id", "person.id", required=False),
)

# A product bought several times a week by the plan (R5).
staple = table(
    "staple",
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    moment("added_at"),
)

# What the owner decided for a product on a day of the plan; without a row the suggestion stands.
plan_choice = table(
    "plan_choice",
    Column("day", Day, primary_key=True),
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
    Column("quantity", Whole, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    holds("quantity", "quantity >= 0"),
)

# What is done about goods that do not sell (R7), and what the shop expected of it when it began.
clearance = table(
    "clearance",
    identity(),
    points_to("product_id", "product.id"),
    words("kind"),
    points_to("partner_id", "product.id", required=False),
    Column("price_fen", Whole, nullable=False),
    words("reason"),
    Column("starts_on", Day, nullable=False),
    Column("ends_on", Day, nullable=False),
    Column("on_hand", Whole, nullable=False),
    Column("expected_sold", Whole, nullable=False),
    Column("unit_cost_fen", Whole),
    words("text", default=""),
    moment("started_at"),
    points_to("started_by", "person.id", required=False),
    moment("ended_at", required=False),
    version(),
    one_of("kind", "buy_one_get_one", "bundle", "discount"),
    holds("price", "price_fen >= 0"),
    holds("dates", "ends_on >= starts_on"),
    Index("ix_clearance_ends_on", "ends_on"),
)

# A version of the community's own label on a product (R3), with the photo that was approved.
community_label = table(
    "community_label",
    identity(),
    points_to("product_id", "product.id"),
    Column("number", Whole, nullable=False),
    words("title"),
    _file("photo"),
    Column("approved_on", Day),
    Column("minimum_run", Whole),
    Column("label_cost_fen", Whole),
    Column("unit_cost_fen", Whole),
    words("note", default=""),
    moment("created_at"),
    moment("ended_at", required=False),
    version(),
    UniqueConstraint("product_id", "number"),
    holds("minimum_run", "minimum_run > 0"),
)

# Printed labels: positive printed, negative used or spoiled. The sum is what is left of the run.
label_movement = table(
    "label_movement",
    identity(),
    points_to("label_id", "community_label.id"),
    Column("quantity", Whole, nullable=False),
    words("kind"),
    points_to("batch_id", "batch.id", required=False),
    words("reason", default=""),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("kind", "printed", "used", "spoiled", "corrected"),
    holds("quantity", "quantity <> 0"),
)

# Something the shop wants back from a supplier; accepted ones lower the statement of the week they
# were accepted in.
supplier_claim = table(
    "supplier_claim",
    identity(),
    points_to("supplier_id", "supplier.id"),
    points_to("batch_id", "batch.id", required=False),
    Column("quantity", Whole),
    Column("amount_fen", Whole, nullable=False),
    words("reason"),
    _file("photo"),
    words("status"),
    Column("decided_on", Day),
    words("answer", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    one_of("status", "open", "accepted", "declined"),
    holds("amount", "amount_fen > 0"),
    holds("decided", "(status = 'open') = (decided_on IS NULL)"),
    Index("ix_supplier_claim_supplier_id_decided_on", "supplier_id", "decided_on"),
)

# The statement of one supplier for one week (R2), closed: its lines do not change any more.
# `week` is its Monday. Paid with evidence.
supplier_statement = table(
    "supplier_statement",
    identity(),
    points_to("supplier_id", "supplier.id"),
    Column("week", Day, nullable=False, index=True),
    Column("body", Document, nullable=False),
    Column("received_fen", Whole, nullable=False),
    Column("claims_fen", Whole, nullable=False),
    Column("payable_fen", Whole, nullable=False),
    moment("closed_at"),
    points_to("closed_by", "person.id", required=False),
    Column("paid_on", Day),
    words("paid_how", default=""),
    _file("evidence"),
    moment("paid_at", required=False),
    points_to("paid_by", "person.id", required=False),
    version(),
    UniqueConstraint("supplier_id", "week"),
    holds("adds_up", "payable_fen = received_fen - claims_fen"),
    Index(
        "ix_supplier_statement_unpaid",
        "week",
        sqlite_where=text("paid_at IS NULL"),
        postgresql_where=text("paid_at IS NULL"),
    ),
)

# A photo, clip or report that shows where goods come from (R8, R9): of a supplier, a product, or a
# batch. Residents see it while `published_at` stands. `made_on` is the day of the test or of the
# filming. Removed rows stay for the journal.
evidence = table(
    "evidence",
    identity(),
    points_to("supplier_id", "supplier.id", required=False),
    points_to("product_id", "product.id", required=False),
    points_to("batch_id", "batch.id", required=False),
    words("kind"),
    words("title"),
    Column("blob", Text, ForeignKey("blob.sha256"), nullable=False, index=True),
    Column("made_on", Day),
    words("issuer", default=""),
    words("result", default=""),
    moment("published_at", required=False),
    points_to("published_by", "person.id", required=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("removed_at", required=False),
    version(),
    one_of(
        "kind", "growing", "workshop", "test_report", "certificate", "quarantine", "receipt",
        "other",
    ),
    holds(
        "of_something",
        "supplier_id IS NOT NULL OR product_id IS NOT NULL OR batch_id IS NOT NULL",
    ),
)  # fmt: skip

# Calling a batch back (facts of the field, 3.1; food safety law, section 63).
recall = table(
    "recall",
    identity(),
    points_to("batch_id", "batch.id"),
    words("reason"),
    words("advice", default=""),
    moment("started_at"),
    points_to("started_by", "person.id", required=False),
    moment("supplier_told_at", required=False),
    words("disposal", default=""),
    moment("closed_at", required=False),
    points_to("closed_by", "person.id", required=False),
    version(),
)

# One order line that a recall reaches. `certain`: goods of this very batch were handed over;
# otherwise they may have been. What was paid back is read from the payments.
recall_line = table(
    "recall_line",
    identity(),
    points_to("recall_id", "recall.id"),
    points_to("line_id", "order_line.id"),
    points_to("member_id", "member.id"),
    Column("quantity", Whole, nullable=False),
    Column("certain", Flag, nullable=False),
    moment("told_at", required=False),
    points_to("told_by", "person.id", required=False),
    words("told_how", default=""),
    version(),
    UniqueConstraint("recall_id", "line_id"),
)
