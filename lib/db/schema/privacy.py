"""Tables of data protection: consents, who looked, what was erased and cleared."""

from sqlalchemy import Column, Index, Text, UniqueConstraint

from lib.db.schema.base import holds, identity, moment, one_of, points_to, table, words
from lib.db.types import Day, Document, Flag, Whole

# What residents were told when they agreed, word for word. A changed text is the next version.
consent_text = table(
    "consent_text",
    identity(),
    words("purpose"),
    Column("version", Whole, nullable=False),
    words("text"),
    moment("made_at"),
    UniqueConstraint("purpose", "version"),
    one_of("purpose", "birthday", "preferences", "messages"),
)

# Consent given and withdrawn. Append-only: the newest row of a member and purpose counts.
consent = table(
    "consent",
    identity(),
    points_to("member_id", "member.id"),
    words("purpose"),
    Column("given", Flag, nullable=False),
    points_to("text_id", "consent_text.id", required=False),
    words("how"),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("purpose", "birthday", "preferences", "messages"),
    one_of("how", "spoken", "chat", "paper", "family", "clean_up"),
    holds("text", "NOT given OR text_id IS NOT NULL"),
    Index("ix_consent_member_id_purpose", "member_id", "purpose", "id"),
)

# Who opened, exported or printed a member's file, counted per person and day.
member_opening = table(
    "member_opening",
    identity(),
    points_to("member_id", "member.id"),
    points_to("person_id", "person.id"),
    Column("day", Day, nullable=False, index=True),
    words("what"),
    Column("times", Whole, nullable=False),
    moment("first_at"),
    moment("last_at"),
    UniqueConstraint("person_id", "member_id", "day", "what"),
    one_of("what", "opened", "exported", "printed"),
    holds("times", "times > 0"),
)

# A member whose personal data was erased (anonymised): why, and how many rows of which table lost
# what named them. Nothing in it tells who it was.
erasure = table(
    "erasure",
    identity(),
    points_to("member_id", "member.id"),
    words("why"),
    Column("counts", Document, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    one_of("why", "asked", "retention"),
)

# Has a row only within a transaction that erases: then rows of append-only tables may lose what
# names a resident. It is empty whenever somebody else looks.
erasing = table("erasing", Column("id", Text, primary_key=True))

# A monthly clean-up that was done: what went, in numbers.
clean_up = table(
    "clean_up",
    identity(),
    Column("month", Day, nullable=False, index=True),
    Column("counts", Document, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
)
