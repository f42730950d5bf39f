"""Tables every wing stands on: people, sessions, settings, journal, form keys, files, drafts."""

from sqlalchemy import Column, ForeignKey, Index, Text

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, version, words
from lib.db.types import Document, Flag, Whole

# Owner and staff. Residents have no account: they are members (schema/members.py).
person = table(
    "person",
    identity(),
    Column("login", Text, nullable=False, unique=True),
    words("name"),
    words("role"),
    words("password_hash"),
    Column("must_change_password", Flag, nullable=False),
    Column("active", Flag, nullable=False),
    moment("created_at"),
    moment("password_changed_at"),
    version(),
    one_of("role", "owner", "staff"),
    holds("login_folded", "login = lower(login) AND length(login) > 0"),
)

# A signed-in browser. Only the hash of the cookie is kept; a revoked row is dead at the next run.
session = table(
    "session",
    identity(),
    Column("token_hash", Text, nullable=False, unique=True),
    points_to("person_id", "person.id"),
    moment("created_at"),
    moment("last_seen_at"),
    moment("expires_at"),
    moment("revoked_at", required=False),
    words("revoked_because", required=False),
    words("network"),
)

# The bridge from a checked password (websocket) to an HttpOnly cookie (plain HTTP): 30 seconds,
# redeemable once.
login_code = table(
    "login_code",
    Column("code_hash", Text, primary_key=True),
    points_to("person_id", "person.id"),
    moment("expires_at"),
    moment("used_at", required=False),
)

# A browser that entered successfully before has a bucket of its own, so that a stranger's wrong
# tries never keep the owner out.
known_device = table(
    "known_device",
    Column("token_hash", Text, primary_key=True),
    points_to("person_id", "person.id"),
    moment("created_at"),
    moment("last_used_at"),
)

# Token buckets that survive a restart: (what, who) -> when the next try is allowed.
rate_bucket = table(
    "rate_bucket",
    Column("key", Text, primary_key=True),
    Column("tokens_thousandths", Whole, nullable=False),
    moment("filled_at"),
)

login_event = table(
    "login_event",
    identity(),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    words("outcome"),
    words("network"),
    Index("ix_login_event_at", "at"),
)

setting = table(
    "setting",
    Column("name", Text, primary_key=True),
    Column("value", Document, nullable=False),
    moment("changed_at"),
    points_to("changed_by", "person.id", required=False),
    version(),
)

# Who did what, when, from what to what. Append-only (triggers) and sealed: each seal is an HMAC
# over the row and the seal before it.
journal = table(
    "journal",
    identity(),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    words("actor"),
    words("action"),
    words("subject"),
    Column("details", Document, nullable=False),
    words("previous_seal"),
    Column("seal", Text, nullable=False, unique=True),
    # The erasure that took a resident's data out of `details`: the seal is of what stood there.
    Column("erasure_id", Whole, ForeignKey("erasure.id")),
    Index("ix_journal_subject", "subject"),
    Index("ix_journal_at", "at"),
)

# One row per saved form. The key is made when the form is first shown; a double click, a second
# tab or a retry finds it here and changes nothing.
form_key = table(
    "form_key",
    Column("key", Text, primary_key=True),
    words("action"),
    words("fingerprint"),
    points_to("person_id", "person.id", required=False),
    Column("result", Document),
    moment("at"),
    Index("ix_form_key_at", "at"),
)

# Bytes under their SHA-256 in the uploads folder. A row exists only after the file is in place.
# `small` is a photo's thumbnail, a blob of its own. `look` is a fingerprint of what a photo shows.
blob = table(
    "blob",
    Column("sha256", Text, primary_key=True),
    words("media_type"),
    words("look", default=""),
    Column("size", Whole, nullable=False),
    Column("width", Whole),
    Column("height", Whole),
    Column("seconds", Whole),  # of a clip
    Column("small", Text, ForeignKey("blob.sha256")),
    moment("created_at"),
    points_to("created_by", "person.id", required=False),
    holds("size", "size > 0"),
)

# Pictures of a blob that is no picture itself: the pages of a PDF, the poster frame of a clip
# (position 0). They are what residents see of it.
blob_page = table(
    "blob_page",
    Column("blob", Text, ForeignKey("blob.sha256"), primary_key=True),
    Column("position", Whole, primary_key=True),
    Column("picture", Text, ForeignKey("blob.sha256"), nullable=False, index=True),
)

# What was posted in the group: `topic` is the kind of text, `subject` the row it was about
# (`batch:12`). `channel_id` names the robot that posted it; null: somebody did by hand.
group_post = table(
    "group_post",
    identity(),
    words("topic"),
    words("subject"),
    words("text"),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    points_to("channel_id", "message_channel.id", required=False),
    Index("ix_group_post_topic_at", "topic", "at"),
    Index("ix_group_post_subject", "subject"),
)

# Text being typed in a long form, kept so that a lost connection loses nothing.
draft = table(
    "draft",
    Column("person_id", Whole, ForeignKey("person.id"), primary_key=True),
    Column("form", Text, primary_key=True),
    Column("body", Document, nullable=False),
    moment("saved_at"),
)
