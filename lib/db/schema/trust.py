"""Tables of trust: what things cost, and what was published of it."""

from sqlalchemy import Column, Text, UniqueConstraint

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Document, Whole

# The cost of one sale unit of a product as the owner keeps it, per kind: an amount, or for loss a
# rate in hundredths of a percent that follows the purchase price. Purchase price is on the product
# itself. `basis` is the owner's own note and is never published.
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
    one_of("kind", "loss", "packaging", "delivery", "other"),
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
