"""Tables of trust: what things cost, and what was published of it."""

from sqlalchemy import Column, Text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Document, Whole

# The cost of one sale unit of a product as the owner keeps it, per kind. Purchase price is on the
# product itself.
product_cost = table(
    "product_cost",
    identity(),
    points_to("product_id", "product.id"),
    words("kind"),
    Column("amount_fen", Whole, nullable=False),
    words("basis", default=""),
    moment("changed_at"),
    version(),
    one_of("kind", "loss", "packaging", "delivery", "other"),
    holds("amount", "amount_fen >= 0"),
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
