"""Giving cards to members. The journal names who got one, never its code."""

from collections.abc import Sequence

from sqlalchemy import and_, select, update

from lib.db import schema
from lib.kernel.codes import new_code
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.members.profiles.cards.rules import MOST_AT_ONCE
from lib.shop.shop import Shop, Tx

_member = schema.member


def give_card(shop: Shop, member_id: int) -> str:
    """Give a member a card and return its bare code; one they had before finds nothing any more.

    So it is with cards of files that were merged into theirs. Raises ``NotFound`` for nobody and
    for a file that was made anonymous.
    """
    with shop.write("member.card") as tx:
        return _give(tx, member_id)


def give_cards(shop: Shop, member_ids: Sequence[int]) -> int:
    """Give a card to those of some members who have none; return how many got one.

    Raises ``Refused`` when all have one, or for more than :data:`MOST_AT_ONCE` at once.
    """
    if len(member_ids) > MOST_AT_ONCE:
        raise Refused(N_("At most {count} cards at once."), count=MOST_AT_ONCE)
    with shop.write("member.card") as tx:
        without = select(_member.c.id).where(
            _member.c.id.in_(member_ids),
            _member.c.card_code.is_(None),
            _member.c.merged_into.is_(None),
            _member.c.erased_at.is_(None),
        )
        ids = tx.execute(without.order_by(_member.c.id)).scalars().all()
        if not ids:
            raise Refused(N_("They all have a card already."))
        for member_id in ids:
            _give(tx, member_id)
        tx.result = len(ids)
    return len(ids)


def _give(tx: Tx, member_id: int) -> str:
    row = tx.row(_member, member_id)
    if row.merged_into is not None:
        row = tx.row(_member, row.merged_into)
    if row.erased_at is not None:
        raise NotFound(N_("This file was made anonymous."))
    joined = and_(_member.c.merged_into == row.id, _member.c.card_code.is_not(None))
    tx.execute(update(_member).where(joined).values(card_code=None))
    code = _free_code(tx)
    tx.change(_member, row.id, row.version, card_code=code)
    tx.note(f"member:{row.id}", after={"card": "replaced" if row.card_code else "given"})
    return code


def _free_code(tx: Tx) -> str:
    while True:
        code = new_code()
        if tx.execute(select(_member.c.id).where(_member.c.card_code == code)).first() is None:
            return code
