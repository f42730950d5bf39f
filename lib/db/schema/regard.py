"""Tables of regard: birthdays, gifts, what somebody likes, how often they come (R33-R35)."""

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Flag, Whole

# A birthday as the resident keeps it, without a year where none was said. `leap` says whether the
# lunar month is the leap one, `leap_too` that both are kept in a year that has it twice. The row is
# deleted, not hidden, when the consent is withdrawn.
birthday = table(
    "birthday",
    Column("member_id", Whole, ForeignKey("member.id"), primary_key=True),
    words("calendar"),
    Column("month", Whole, nullable=False),
    Column("day", Whole, nullable=False),
    words("leap"),
    Column("leap_too", Flag, nullable=False),
    Column("year", Whole),
    words("said_as", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    one_of("calendar", "solar", "lunar"),
    one_of("leap", "yes", "no", "unknown"),
    holds("month", "month BETWEEN 1 AND 12"),
    holds("day", "day BETWEEN 1 AND 31"),
    Index("ix_birthday_calendar_month_day", "calendar", "month", "day"),
)

# What the shop gives for a festival of a year, and how many households it reckons with.
festival_plan = table(
    "festival_plan",
    identity(),
    words("festival"),
    Column("year", Whole, nullable=False),
    points_to("product_id", "product.id", required=False),
    words("what", default=""),
    Column("quantity", Whole),
    Column("cost_fen", Whole, nullable=False, server_default="0"),
    Column("skipped", Flag, nullable=False),
    words("note", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    UniqueConstraint("festival", "year"),
    holds("quantity", "quantity > 0"),
    holds("cost", "cost_fen >= 0"),
)

# A gift: planned, then given, or given up. `key` names who gets it for what in which year
# ("birthday:17:2026"; of a festival the household): one stands per key, also when two browsers give
# at the same moment. `year` is the lunar one where the occasion is lunar. `quantity` is grams or
# sale units of a product out of the stock; `what` is anything else.
gift = table(
    "gift",
    identity(),
    points_to("member_id", "member.id"),
    words("occasion"),
    Column("year", Whole, nullable=False),
    words("key"),
    Column("day", Day, nullable=False, index=True),
    points_to("product_id", "product.id", required=False),
    words("what", default=""),
    Column("quantity", Whole),
    Column("cost_fen", Whole, nullable=False, server_default="0"),
    words("reason", default=""),  # why this gift: the preference and the count behind it
    words("note", default=""),
    moment("planned_at"),
    points_to("planned_by", "person.id", required=False),
    moment("wished_at", required=False),  # the good wishes were sent
    moment("given_at", required=False),
    points_to("given_by", "person.id", required=False),
    moment("cancelled_at", required=False),
    version(),
    holds("quantity", "quantity > 0"),
    holds("cost", "cost_fen >= 0"),
    holds("over", "given_at IS NULL OR cancelled_at IS NULL"),
    Index("ix_gift_occasion_year", "occasion", "year"),
    Index(
        "uq_gift_key_standing",
        "key",
        unique=True,
        sqlite_where=text("cancelled_at IS NULL"),
        postgresql_where=text("cancelled_at IS NULL"),
    ),
    Index(
        "ix_gift_open",
        "day",
        sqlite_where=text("given_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=text("given_at IS NULL AND cancelled_at IS NULL"),
    ),
)

# What somebody likes, as a person decided: a product, a category, or a neutral tag the resident
# named. `orders` in the days `from_on` to `until_on` are what the suggestion rested on.
preference = table(
    "preference",
    identity(),
    points_to("member_id", "member.id"),
    words("kind"),
    points_to("product_id", "product.id", required=False),
    words("name"),
    words("state"),
    Column("orders", Whole),
    Column("from_on", Day),
    Column("until_on", Day),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    version(),
    UniqueConstraint("member_id", "kind", "name"),
    one_of("kind", "product", "category", "tag"),
    one_of("state", "accepted", "rejected"),
    holds("product", "(kind = 'product') = (product_id IS NOT NULL)"),
)

# How often a member comes, reckoned from the orders once a day: a short cut, never the truth.
# `gap_days` is the usual time between two visits, null with too few of them.
member_rhythm = table(
    "member_rhythm",
    Column("member_id", Whole, ForeignKey("member.id"), primary_key=True),
    Column("visits", Whole, nullable=False),
    Column("first_on", Day, nullable=False, index=True),
    Column("last_on", Day, nullable=False, index=True),
    Column("gap_days", Whole),
    Column("expected_on", Day, index=True),  # when they should have been seen again, with patience
    Column("reckoned_on", Day, nullable=False),
    holds("visits", "visits > 0"),
)
