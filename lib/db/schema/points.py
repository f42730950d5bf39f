"""Tables of points: the promise, the ledger, what points are given for, coupons (R36, R37)."""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.schema.triggers import trigger_statements
from lib.db.types import Day, Whole

TAKEN = "available < 0 AND kind <> 'redeemed'"

# What is promised for money paid: `points` per `per_fen`, for orders placed from `from_at` on. A
# row is never changed; the next one follows it. Without a row points have not begun.
points_rule = table(
    "points_rule",
    identity(),
    Column("points", Whole, nullable=False),
    Column("per_fen", Whole, nullable=False),
    moment("from_at"),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    holds("points", "points >= 0"),
    holds("per_fen", "per_fen > 0"),
    UniqueConstraint("from_at"),
)

# Points that moved. Append-only: the sum of `available` is the balance, the sum of `pending` waits
# for the after-sales window. `event_key` names the event: none counts twice. Rows of an order
# belong to whoever the order belongs to; `member_id` is who that was then.
points_entry = table(
    "points_entry",
    identity(),
    points_to("member_id", "member.id"),
    words("kind"),
    Column("pending", Whole, nullable=False, server_default="0"),
    Column("available", Whole, nullable=False, server_default="0"),
    points_to("order_id", "customer_order.id", required=False),
    points_to("line_id", "order_line.id", required=False),
    points_to("payment_id", "payment.id", required=False),
    points_to("redemption_id", "redemption.id", required=False),
    Column("reverses_id", Whole, ForeignKey("points_entry.id"), unique=True),
    Column("event_key", Text, nullable=False, unique=True),
    words("reason", default=""),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("kind", "earned", "reversed", "settled", "redeemed", "returned", "adjusted", "lapsed"),
    holds("moves", "pending <> 0 OR available <> 0"),
    holds("of_order", "pending = 0 OR order_id IS NOT NULL"),
    # Who could owe points: besides redeeming few rows take any away.
    Index(
        "ix_points_entry_taken",
        "member_id",
        sqlite_where=text(TAKEN),
        postgresql_where=text(TAKEN),
    ),
)

# An order that gives points, and since when they are available; null: still pending. `handed_at` is
# when goods of it were handed over last (a trigger writes it): the orders whose window closed are
# found by it, however many nobody ever ticks.
points_order = table(
    "points_order",
    Column("order_id", Whole, ForeignKey("customer_order.id"), primary_key=True),
    points_to("rule_id", "points_rule.id"),
    moment("handed_at", required=False),
    moment("settled_at", required=False),
    Index(
        "ix_points_order_open",
        "handed_at",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
)

# Orders whose money or goods changed since their points were last reckoned. Triggers write it,
# because that happens in many places; the same transaction empties it again.
points_due = table(
    "points_due",
    Column("order_id", Whole, ForeignKey("customer_order.id"), primary_key=True),
)

# What points are given for. A changed reward is a new row of the same `series`: what was promised
# for points until then stays readable. `quantity` is grams or sale units, `threshold_fen` the least
# an order must come to for the coupon.
reward = table(
    "reward",
    identity(),
    Column("series", Whole, nullable=False, index=True),
    words("kind"),
    words("name"),
    Column("points", Whole, nullable=False),
    points_to("product_id", "product.id", required=False),
    Column("quantity", Whole),
    Column("value_fen", Whole),
    Column("threshold_fen", Whole),
    Column("valid_days", Whole),
    moment("from_at"),
    moment("until_at", required=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    one_of("kind", "product", "coupon"),
    holds("points", "points > 0"),
    holds("product", "kind <> 'product' OR (product_id IS NOT NULL AND quantity > 0)"),
    holds(
        "coupon", "kind <> 'coupon' OR (value_fen > 0 AND threshold_fen >= 0 AND valid_days > 0)"
    ),
)

# Points given for a reward, `times` at once. `points` is what it cost in all.
redemption = table(
    "redemption",
    identity(),
    points_to("member_id", "member.id"),
    points_to("reward_id", "reward.id"),
    Column("times", Whole, nullable=False),
    Column("points", Whole, nullable=False),
    points_to("owed_id", "owed_goods.id", required=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    moment("undone_at", required=False),
    points_to("undone_by", "person.id", required=False),
    words("undo_reason", default=""),
    version(),
    holds("times", "times > 0"),
    holds("points", "points > 0"),
    Index("ix_redemption_at", "at"),
)

# Money off one order, once, by its code. It is used while `order_id` is set; `void_at`: it will
# never be used, because its redemption was taken back.
coupon = table(
    "coupon",
    identity(),
    points_to("redemption_id", "redemption.id"),
    points_to("member_id", "member.id"),
    Column("code", Text, nullable=False, unique=True),
    Column("value_fen", Whole, nullable=False),
    Column("threshold_fen", Whole, nullable=False),
    Column("valid_until", Day, nullable=False),
    moment("issued_at"),
    moment("used_at", required=False),
    Column("order_id", Whole, ForeignKey("customer_order.id"), unique=True),
    moment("void_at", required=False),
    version(),
    holds("value", "value_fen > 0"),
    holds("threshold", "threshold_fen >= 0"),
    holds("used", "(used_at IS NULL) = (order_id IS NULL)"),
    Index(
        "ix_coupon_open",
        "valid_until",
        sqlite_where=text("order_id IS NULL AND void_at IS NULL"),
        postgresql_where=text("order_id IS NULL AND void_at IS NULL"),
    ),
)

_DUE = "INSERT INTO points_due (order_id) SELECT {order} WHERE {order} IS NOT NULL {rest}"


def _mark(order: str, condition: str = "") -> str:
    rest = f"{condition} ON CONFLICT DO NOTHING"
    return _DUE.format(order=order, rest=rest)


_TRIGGERS = (
    ("points_paid", "AFTER INSERT ON payment", (_mark("NEW.order_id"),)),
    # A line added to an order that was paid for before: what is left over pays for it.
    (
        "points_line_added",
        "AFTER INSERT ON order_line",
        (
            _mark(
                "NEW.order_id",
                "AND EXISTS (SELECT 1 FROM points_order WHERE order_id = NEW.order_id)",
            ),
        ),
    ),
    (
        "points_line_changed",
        "AFTER UPDATE ON order_line",
        (
            _mark(
                "NEW.order_id",
                "AND (OLD.amount_fen <> NEW.amount_fen "
                "OR (OLD.cancelled_at IS NULL) <> (NEW.cancelled_at IS NULL))",
            ),
        ),
    ),
    (
        "points_order_changed",
        "AFTER UPDATE ON customer_order",
        (
            _mark(
                "NEW.id",
                "AND (OLD.status <> NEW.status OR OLD.round_off_fen <> NEW.round_off_fen "
                "OR OLD.coupon_fen <> NEW.coupon_fen "
                "OR OLD.delivery_fee_fen <> NEW.delivery_fee_fen)",
            ),
        ),
    ),
    (
        "points_handed_over",
        "AFTER INSERT ON handover",
        (
            "UPDATE points_order SET handed_at = NEW.at "
            "WHERE order_id = NEW.order_id AND settled_at IS NULL",
        ),
    ),
)


def points_statements(dialect: str) -> list[str]:
    """Return the DDL of the triggers that fill ``points_due``."""
    return trigger_statements(_TRIGGERS, dialect)
