"""Tables of trust: what things cost, what was published of it, welfare items."""

from sqlalchemy import Column, Text, UniqueConstraint

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Document, Whole

# The cost of one sale unit of a product as the owner types it, per kind: an amount, or for loss a
# rate in hundredths of a percent that follows the purchase price. A kind with a row is by hand and
# said to be; one without is what the books say. `basis` is the owner's own note and is never
# published.
product_cost = table(
    "product_cost",
    identity(),
    points_to("product_id", "product.id"),
    words("kind"),
    Column("amount_fen", Whole),
    Column("rate_per_10000", Whole),
    words("basis", default=""),
    moment("changed_at"),
    version(),
    one_of("kind", "loss", "packaging", "delivery", "points", "pledge", "other"),
    holds("amount", "amount_fen >= 0"),
    holds("rate", "rate_per_10000 BETWEEN 0 AND 9000"),
    holds("rate_is_loss", "rate_per_10000 IS NULL OR kind = 'loss'"),
    holds("one_of_two", "(amount_fen IS NULL) <> (rate_per_10000 IS NULL)"),
    UniqueConstraint("product_id", "kind"),
)

# A published sheet: never altered (triggers). The fingerprint covers the body and the fingerprint
# of the sheet before it, so nobody can rewrite history unnoticed.
cost_sheet = table(
    "cost_sheet",
    identity(),
    Column("number", Whole, nullable=False, unique=True),
    words("title"),
    Column("day", Day, nullable=False),
    moment("data_as_of"),
    moment("published_at"),
    points_to("published_by", "person.id", required=False),
    points_to("corrects_id", "cost_sheet.id", required=False),
    words("correction", default=""),
    Column("body", Document, nullable=False),
    words("previous_fingerprint"),
    Column("fingerprint", Text, nullable=False, unique=True),
)

# A welfare item (R19): goods at or slightly below cost, said aloud. `month` is its first day. The
# unit cost is what the books said when it was offered; it does not change afterwards, nor does
# `body`, the parts it was made of. Limits are grams or sale units. An offered one ends with its
# round; `ended_at` is when a planned one was called off.
welfare_item = table(
    "welfare_item",
    identity(),
    points_to("product_id", "product.id"),
    Column("month", Day, nullable=False, index=True),
    Column("planned_on", Day),
    Column("price_fen", Whole, nullable=False),
    Column("household_limit", Whole, nullable=False),
    Column("available", Whole, nullable=False),
    Column("budget_fen", Whole),
    words("reason"),
    words("note", default=""),
    words("status"),
    points_to("round_id", "buying_round.id", required=False),
    Column("unit_cost_fen", Whole),
    Column("body", Document),
    moment("offered_at", required=False),
    moment("ended_at", required=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    one_of("reason", "at_cost", "thanks", "fresh", "seasonal", "overstock"),
    one_of("status", "planned", "offered", "cancelled"),
    holds("price", "price_fen >= 0"),
    holds("household_limit", "household_limit > 0"),
    holds("available", "available > 0"),
    holds("budget", "budget_fen >= 0"),
    holds("offered", "(offered_at IS NULL) = (round_id IS NULL)"),
    UniqueConstraint("round_id", "product_id"),
)
