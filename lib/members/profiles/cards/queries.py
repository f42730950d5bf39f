"""Reads of cards: whose a card is, and which cards to print."""

from collections.abc import Sequence

from sqlalchemy import func, select

from lib.db import schema
from lib.members.profiles.cards.rules import MOST_AT_ONCE, MemberCard
from lib.members.profiles.finding.queries import STANDING
from lib.members.profiles.finding.rules import card_in
from lib.shop.shop import DESK, Shop

_member = schema.member


def member_by_card(shop: Shop, text: str) -> int | None:
    """Return whose card was typed or scanned, of a merged member who they became; None for nobody.

    A code that was replaced by another finds nobody.
    """
    shop.require(DESK)
    code = card_in(text)
    if code is None:
        return None
    kept = func.coalesce(_member.c.merged_into, _member.c.id)
    with shop.read() as connection:
        found: int | None = connection.execute(
            select(kept).where(_member.c.card_code == code)
        ).scalar()
    return found


def cards_of(shop: Shop, member_ids: Sequence[int]) -> tuple[MemberCard, ...]:
    """Return the cards of some members, in the order asked for; who has none is left out."""
    shop.require(DESK)
    asked = list(dict.fromkeys(member_ids))[:MOST_AT_ONCE]
    query = select(_member.c.id, _member.c.nickname, _member.c.card_code).where(
        _member.c.id.in_(asked), _member.c.card_code.is_not(None), STANDING
    )
    with shop.read() as connection:
        found = {row.id: MemberCard(row.id, row.nickname, row.card_code)
                 for row in connection.execute(query)}  # fmt: skip
    return tuple(found[each] for each in asked if each in found)
