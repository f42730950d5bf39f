"""Tables of messages: the owner's wording, the robots that post, what they were given."""

from sqlalchemy import Column, Index, Text, text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Flag, Whole

# What the owner wrote instead of the text that comes with the program, per event. `language` is the
# shop's at that time: the wording stays when the shop changes its language, and the screen says so.
message_template = table(
    "message_template",
    Column("event", Text, primary_key=True),
    words("text"),
    words("language"),
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
# what was sent. A long text is several rows: each waits until the one it comes after (`after_id`)
# was sent, and the last one has the `whole` text for the log. `perhaps`: it was given away and no
# answer came, so only a person may send it again. `last_error` is a word of the program, never an
# answer or an address.
message_delivery = table(
    "message_delivery",
    identity(),
    points_to("channel_id", "message_channel.id"),
    words("topic"),
    words("subject"),
    words("text"),
    words("whole", default=""),
    points_to("after_id", "message_delivery.id", required=False),
    words("status"),
    Column("tries", Whole, nullable=False, server_default="0"),
    moment("next_try_at"),
    moment("leased_until", required=False),
    words("last_error", default=""),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    moment("sent_at", required=False),
    points_to("post_id", "group_post.id", required=False),
    one_of("status", "waiting", "sent", "perhaps", "failed", "cancelled"),
    holds("sent", "(status = 'sent') = (sent_at IS NOT NULL)"),
    Index(
        "ix_message_delivery_waiting",
        "next_try_at",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
    Index("ix_message_delivery_created_at", "created_at"),
    Index("ix_message_delivery_sent_at", "sent_at"),
    Index("ix_message_delivery_status_subject", "status", "subject"),
)
