"""Tables of messages: the owner's wording, the robots that post, what they were given."""

from sqlalchemy import Column, Index, Text, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Flag, Whole

# What the owner wrote instead of the text that comes with the program, per event.
message_template = table(
    "message_template",
    Column("event", Text, primary_key=True),
    words("text"),
    moment("changed_at"),
    points_to("changed_by", "person.id", required=False),
    version(),
)

# Where a message can be sent by itself: a group robot, or any address that apprise understands.
# The address is a password: it is sealed with a key that lies outside the database.
message_channel = table(
    "message_channel",
    identity(),
    words("name"),
    words("kind"),
    words("sealed_address"),
    Column("active", Flag, nullable=False),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("archived_at", required=False),
    version(),
    one_of("kind", "wecom", "apprise"),
    holds("name", "name <> ''"),
)

# One message for one channel. It is sent outside any transaction: `leased_until` keeps two senders
# apart, `next_try_at` says when a failed one is tried again, `post_id` names its row in the log of
# what was sent.
message_delivery = table(
    "message_delivery",
    identity(),
    points_to("channel_id", "message_channel.id"),
    words("topic"),
    words("subject"),
    words("text"),
    words("status"),
    Column("tries", Whole, nullable=False, server_default="0"),
    moment("next_try_at"),
    moment("leased_until", required=False),
    words("last_error", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("sent_at", required=False),
    points_to("post_id", "group_post.id", required=False),
    one_of("status", "waiting", "sent", "failed", "cancelled"),
    holds("sent", "(status = 'sent') = (sent_at IS NOT NULL)"),
    Index(
        "ix_message_delivery_waiting",
        "next_try_at",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
    Index("ix_message_delivery_created_at", "created_at"),
)
