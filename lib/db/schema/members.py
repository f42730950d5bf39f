"""Tables of members: residents the shop knows."""

from sqlalchemy import Column, ForeignKey, Index, Text, text

from lib.db.schema.base import identity, moment, points_to, table, version, words
from lib.db.types import Document, Whole

BEGINNINGS = "text_pattern_ops"
"""What lets PostgreSQL find by an index how a text begins, whatever language it sorts by."""

# A resident. `folded_nickname` finds the one who writes in a chain; `initials` finds 小李 by "xl".
# A merged member points at the one it became and is hidden, never deleted.
member = table(
    "member",
    identity(),
    words("nickname"),
    words("folded_nickname"),
    words("initials", default=""),
    words("pinyin", default=""),
    words("phone", required=False),
    words("phone_tail", required=False),
    words("area", required=False),
    words("building", required=False),
    words("unit", required=False),
    words("room", required=False),
    words("note", default=""),
    words("usual_slot", required=False),
    # What the member's card says and its QR code holds; a lost card gets another.
    Column("card_code", Text),
    moment("created_at"),
    moment("erased_at", required=False),  # the personal data was erased, the books keep the row
    points_to("merged_into", "member.id", required=False),
    version(),
    Index(
        "ix_member_folded_nickname",
        "folded_nickname",
        postgresql_ops={"folded_nickname": BEGINNINGS},
    ),
    Index("ix_member_initials", "initials", postgresql_ops={"initials": BEGINNINGS}),
    Index("ix_member_pinyin", "pinyin", postgresql_ops={"pinyin": BEGINNINGS}),
    Index("ix_member_phone_tail", "phone_tail"),
    Index("ix_member_home", "building", "unit", "room"),
    Index("ix_member_room", "room"),
    Index("uq_member_card_code", "card_code", unique=True),
    Index(
        "uq_member_phone_in_use",
        "phone",
        unique=True,
        sqlite_where=text("merged_into IS NULL AND phone IS NOT NULL"),
        postgresql_where=text("merged_into IS NULL AND phone IS NOT NULL"),
    ),
)

# Other names a member has ordered under; a merge moves them here.
member_alias = table(
    "member_alias",
    Column("member_id", Whole, ForeignKey("member.id"), primary_key=True),
    Column("folded_nickname", Text, primary_key=True),
    words("nickname"),
    Index(
        "ix_member_alias_folded_nickname",
        "folded_nickname",
        "member_id",
        postgresql_ops={"folded_nickname": BEGINNINGS},
    ),
)

# "These two are not the same person": a suggestion that was declined does not come back.
not_same_member = table(
    "not_same_member",
    Column("first_id", Whole, ForeignKey("member.id"), primary_key=True),
    Column("second_id", Whole, ForeignKey("member.id"), primary_key=True),
    moment("at"),
)

# Two members found to be one. `moved` names the orders, names and blanks that went over, so that
# the merge can be taken back exactly.
member_merge = table(
    "member_merge",
    identity(),
    points_to("keep_id", "member.id"),
    points_to("drop_id", "member.id"),
    Column("moved", Document, nullable=False),
    moment("at"),
    points_to("person_id", "person.id", required=False),
    moment("undone_at", required=False),
)
