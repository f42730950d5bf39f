"""Writes of needs for delivery: taking one down with its consent, ending it, forgetting (R23).

What a hint says is never written to the journal: a journal keeps, and a hint goes with its need.
"""

from typing import Any

from sqlalchemy import Row, delete, func, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.members.profiles.queries import family_ids
from lib.members.profiles.rules import Home
from lib.service.delivery.needs import rules
from lib.service.delivery.needs.queries import hint_is_over, proof_is_over, to_forget
from lib.service.delivery.needs.rules import NewNeed
from lib.service.delivery.rules import WHY_NOT, Place, Verdict, place_of
from lib.shop.settings.homes import read_homes
from lib.shop.shop import SYSTEM_ONLY, Shop, Tx

_need = schema.delivery_need


def add_need(shop: Shop, new: NewNeed) -> int:
    """Take down that goods are brought to a resident, with the consent to it; returns the id.

    A renewal is a new need after the one that stands: consent is asked again. Raises ``Refused``
    for words about health, days that cannot be, without consent, for a home outside the community
    or without a building, and when another need stands on one of the days.
    """
    with shop.write("delivery.add_need") as tx:
        member = _member(tx, new.member_id)
        kept = rules.checked_need(new, tx.today)
        _refuse_home(tx, Home(member.area, member.building, member.unit, member.room))
        _refuse_overlap(tx, member, kept)
        need_id = tx.add(
            _need,
            member_id=member.id,
            from_on=kept.from_on,
            until_on=kept.until_on,
            hint=kept.hint,
            consent_on=kept.consent_on,
            consent_how=kept.consent_how,
            consent_text=kept.consent_text,
            created_at=tx.now,
            created_by=tx.actor.id,
        )
        tx.note(f"delivery_need:{need_id}", after={**_days(kept), "member_id": member.id})
        tx.result = need_id
    return need_id


def change_hint(shop: Shop, need_id: int, version: int, hint: str) -> None:
    """Write otherwise how goods are handed over. Raises ``Refused``, ``NotFound``, ``Conflict``."""
    with shop.write("delivery.change_hint") as tx:
        row = _standing(tx, need_id)
        tx.change(_need, row.id, version, hint=rules.checked_hint(hint))
        tx.note(f"delivery_need:{row.id}", after={"hint_changed": True})


def end_need(shop: Shop, need_id: int, version: int) -> None:
    """End a need and those that follow it: the resident took the consent back or needs it no more.

    How to hand over is deleted at once and cannot be brought back; that the need stood, and the
    shop's consent text, are kept as proof (PIPL 15, 47). Raises ``Refused`` when it ended before,
    ``NotFound``, and ``Conflict`` when it changed since ``version``.
    """
    with shop.write("delivery.end_need") as tx:
        row = _standing(tx, need_id)
        gone = {"hint": "", "ended_at": tx.now, "ended_by": tx.actor.id}
        tx.change(_need, row.id, version, **gone)
        following = update(_need).where(
            _need.c.member_id.in_(_family(tx, row.member_id)),
            _need.c.ended_at.is_(None),
            _need.c.from_on > row.from_on,
        )
        tx.execute(following.values(**gone, version=_need.c.version + 1))
        tx.note(f"delivery_need:{row.id}", before={"until_on": row.until_on}, after={"ended": True})


def forget_ended(shop: Shop) -> int:
    """Delete the hints of needs that ran out, and proof that is past its keeping; returns how many.

    For the program itself; writes nothing while there is nothing to forget.
    """
    with shop.read() as connection:
        if not to_forget(connection, shop.today):
            return 0
    with shop.write("delivery.forget", by=SYSTEM_ONLY) as tx:
        hints = tx.execute(
            update(_need).where(hint_is_over(tx.today)).values(hint="", version=_need.c.version + 1)
        )
        proofs = tx.execute(delete(_need).where(proof_is_over(tx.today)))
        tx.result = hints.rowcount + proofs.rowcount
        tx.note("delivery_need", after={"hints": hints.rowcount, "needs": proofs.rowcount})
    return int(tx.result)


def _member(tx: Tx, member_id: int) -> Row[Any]:
    members = schema.member
    row = tx.row(members, member_id)
    return row if row.merged_into is None else tx.row(members, row.merged_into)


def _family(tx: Tx, member_id: int) -> list[int]:
    return family_ids(tx.connection, _member(tx, member_id).id)


def _standing(tx: Tx, need_id: int) -> Row[Any]:
    row = tx.execute(select(_need).where(_need.c.id == need_id)).first()
    if row is None:
        raise NotFound(N_("This need is no longer kept."))
    if row.ended_at is not None or row.until_on < tx.today:
        raise Refused(N_("This need is over. Ask for consent anew."))
    return row


def _refuse_home(tx: Tx, home: Home) -> None:
    where = place_of(home, read_homes(tx.settings.delivery_homes))
    if where is Place.OUTSIDE:
        raise Refused(WHY_NOT[Verdict.OUTSIDE], home=str(home))
    if where is Place.UNKNOWN:
        raise Refused(N_("Write the building into the member's file first."))


def _refuse_overlap(tx: Tx, member: Row[Any], new: NewNeed) -> None:
    same_days = select(func.max(_need.c.until_on)).where(
        _need.c.member_id.in_(family_ids(tx.connection, member.id)),
        _need.c.ended_at.is_(None),
        _need.c.from_on <= new.until_on,
        _need.c.until_on >= new.from_on,
    )
    until = tx.execute(same_days).scalar()
    if until is not None:
        raise Refused(
            N_("A need stands until {day} already. A new one begins the day after."),
            day=until.isoformat(),
        )


def _days(new: NewNeed) -> dict[str, Any]:
    return {
        "from_on": new.from_on,
        "until_on": new.until_on,
        "consent_on": new.consent_on,
        "consent_how": new.consent_how,
    }
