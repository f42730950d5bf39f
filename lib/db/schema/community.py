"""Tables of the group calendar: activities, daily tips, topics."""

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Day, Flag, Whole

# A craft workshop, a neighbours' swap (R12). `starts` is a wall time like 15:00.
activity = table(
    "activity",
    identity(),
    words("kind"),
    words("title"),
    Column("day", Day, nullable=False, index=True),
    words("starts", default=""),
    words("place", default=""),
    words("materials", default=""),
    words("note", default=""),
    Column("cost_fen", Whole),
    Column("expected_heads", Whole),
    Column("heads", Whole),
    words("status"),
    words("cancel_reason", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    one_of("kind", "workshop", "swap", "tasting", "other"),
    one_of("status", "planned", "held", "cancelled"),
    holds("title", "title <> ''"),
    holds("cost", "cost_fen >= 0"),
    holds("expected_heads", "expected_heads >= 0"),
    holds("heads", "heads >= 0"),
    holds("cancelled", "status <> 'cancelled' OR cancel_reason <> ''"),
)

# One thing to do for an activity.
activity_task = table(
    "activity_task",
    identity(),
    points_to("activity_id", "activity.id"),
    Column("position", Whole, nullable=False),
    words("text"),
    moment("done_at", required=False),
    points_to("done_by", "person.id", required=False),
    version(),
)

# Goods shown or tasted at an activity.
activity_product = table(
    "activity_product",
    Column("activity_id", Whole, ForeignKey("activity.id"), primary_key=True),
    Column("product_id", Whole, ForeignKey("product.id"), primary_key=True),
)

# Members who came: what they ordered afterwards is counted, nothing else is.
activity_guest = table(
    "activity_guest",
    Column("activity_id", Whole, ForeignKey("activity.id"), primary_key=True),
    Column("member_id", Whole, ForeignKey("member.id"), primary_key=True, index=True),
    moment("at"),
)

# Photos of an activity. One that shows children is published only with the parents' consent: who
# gave it and when stands here, never the child's name.
activity_photo = table(
    "activity_photo",
    identity(),
    points_to("activity_id", "activity.id"),
    Column("blob", Text, ForeignKey("blob.sha256"), nullable=False, index=True),
    words("caption", default=""),
    Column("shows_children", Flag, nullable=False),
    words("consent", default=""),
    moment("consent_at", required=False),
    moment("published_at", required=False),
    points_to("published_by", "person.id", required=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("removed_at", required=False),
    version(),
    holds("consent", "(consent_at IS NULL) = (consent = '')"),
    holds(
        "children",
        "published_at IS NULL OR shows_children = false OR consent_at IS NOT NULL",
    ),
)

# One useful thing for the group, no advertising (R13). `supplied` names a tip that came with the
# program. Months: when it fits, over the new year or not; null = all year.
tip = table(
    "tip",
    identity(),
    words("kind"),
    words("text"),
    Column("supplied", Text, unique=True),
    Column("from_month", Whole),
    Column("to_month", Whole),
    moment("created_at"),
    moment("archived_at", required=False),
    version(),
    one_of("kind", "choosing", "storing", "cooking", "cleaning", "season"),
    holds("text", "text <> ''"),
    holds("months", "(from_month IS NULL) = (to_month IS NULL)"),
    holds("from_month", "from_month BETWEEN 1 AND 12"),
    holds("to_month", "to_month BETWEEN 1 AND 12"),
)

# The tip of a day, sent; one row per tip and day.
tip_sent = table(
    "tip_sent",
    identity(),
    points_to("tip_id", "tip.id"),
    Column("day", Day, nullable=False, index=True),
    points_to("post_id", "group_post.id", required=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    UniqueConstraint("tip_id", "day"),
)

# A question for the group (R14).
topic = table(
    "topic",
    identity(),
    words("question"),
    Column("planned_on", Day, nullable=False, index=True),
    moment("asked_at", required=False),
    moment("closed_at", required=False),
    words("note", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    version(),
    holds("question", "question <> ''"),
    Index("ix_topic_asked_at", "asked_at"),
)

# What somebody answered; `demand_id` when it became a demand.
topic_answer = table(
    "topic_answer",
    identity(),
    points_to("topic_id", "topic.id"),
    points_to("member_id", "member.id", required=False),
    words("name", default=""),
    words("text"),
    points_to("demand_id", "demand.id", required=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    UniqueConstraint("topic_id", "name", "text"),
)
