"""Writes of consents: given with the words that were read out, taken back with effect at once.

Consents are appended, never changed: the newest row of a member's family counts.
"""

from typing import Any

from sqlalchemy import Row, delete, func, select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.members.consents.queries import agreeing, wording_in
from lib.members.consents.rules import ASKED, How, Purpose
from lib.members.profiles.present.queries import present_file
from lib.members.profiles.queries import family_ids
from lib.shop.shop import Shop, Tx

_consent, _text = schema.consent, schema.consent_text


def give_consent(shop: Shop, member_id: int, purpose: Purpose, how: How) -> int:
    """Note that a resident agreed to ``purpose`` in the words of today; returns the consent's id.

    Raises ``NotFound``, and ``Refused`` when nobody said how, and for a file made anonymous.
    """
    with shop.write("consent.give") as tx:
        consent_id = give(tx, member_id, purpose, how)
        tx.result = consent_id
    return consent_id


def withdraw_consent(shop: Shop, member_id: int, purpose: Purpose, how: How) -> None:
    """Note that a resident takes a consent back; what rested on it is gone at once (PIPL 15, 47).

    The birthday is deleted and planned birthday gifts are given up; likings are deleted; offers are
    no longer written. Raises ``NotFound``, and ``Refused`` when no consent stands.
    """
    with shop.write("consent.withdraw") as tx:
        withdraw(tx, member_id, purpose, how)


def give(tx: Tx, member_id: int, purpose: Purpose, how: How) -> int:
    """Write that a member agrees to ``purpose`` and return the consent's id.

    One that stands in the very words of today is returned as it is. The text becomes another
    version when it changed since. Part of the caller's journal row. Raises as
    :func:`give_consent`.
    """
    if how not in ASKED:
        raise Refused(N_("Say how the resident agreed."))
    member = present_file(tx, member_id)
    text_id = _text_id(tx, purpose)
    newest = _newest(tx, family_ids(tx.connection, member.id), purpose)
    # One of a merged file is not this file's own: it would leave with a merge taken back.
    mine = newest is not None and newest.member_id == member.id
    if newest is not None and mine and newest.given and newest.text_id == text_id:
        return int(newest.id)
    consent_id = _write(tx, member.id, purpose, how, text_id)
    after = {"member_id": member.id, "purpose": purpose, "given": True, "consent_how": how}
    tx.note(f"consent:{consent_id}", after=after)
    return consent_id


def withdraw(tx: Tx, member_id: int, purpose: Purpose, how: How) -> None:
    """Write that a member takes ``purpose`` back, and do what follows from it.

    Raises as :func:`withdraw_consent`.
    """
    member = present_file(tx, member_id)
    if not agreeing(tx.connection, purpose, [member.id]):
        raise Refused(N_("No such consent stands."))
    family = family_ids(tx.connection, member.id)
    first = None
    for relative in family:
        # Each file of a family that agreed, so that taking a merge back brings no consent back.
        mine = _newest(tx, [relative], purpose)
        if relative == member.id or (mine is not None and mine.given):
            consent_id = _write(tx, relative, purpose, how, None)
            first = first or consent_id
    gone = _EFFECTS[purpose](tx, family)
    after = {"member_id": member.id, "purpose": purpose, "given": False, "consent_how": how, **gone}
    tx.note(f"consent:{first}", after=after)


def _text_id(tx: Tx, purpose: Purpose) -> int:
    """Return the version of the wording of today, made when somebody first agrees to it."""
    text = wording_in(tx.connection, tx.settings, purpose)
    known = select(_text.c.id).where(_text.c.purpose == purpose, _text.c.text == text)
    found = tx.execute(known.order_by(_text.c.version.desc()).limit(1)).scalar()
    if found is not None:
        return int(found)
    last = select(func.coalesce(func.max(_text.c.version), 0)).where(_text.c.purpose == purpose)
    version = int(tx.execute(last).scalar_one()) + 1
    return tx.add(_text, purpose=purpose, version=version, text=text, made_at=tx.now)


def _newest(tx: Tx, member_ids: list[int], purpose: Purpose) -> Row[Any] | None:
    mine = _consent.c.member_id.in_(member_ids) & (_consent.c.purpose == purpose)
    return tx.execute(select(_consent).where(mine).order_by(_consent.c.id.desc()).limit(1)).first()


def _write(tx: Tx, member_id: int, purpose: Purpose, how: How, text_id: int | None) -> int:
    return tx.add(
        _consent,
        member_id=member_id,
        purpose=purpose,
        given=text_id is not None,
        text_id=text_id,
        how=how,
        at=tx.now,
        person_id=tx.actor.id,
    )


def forget_birthday(tx: Tx, family: list[int]) -> dict[str, int]:
    """Delete the birthdays of a family of files and give up the gifts planned for them.

    Returns how many of both.
    """
    days, gifts = schema.birthday, schema.gift
    gone = tx.execute(delete(days).where(days.c.member_id.in_(family))).rowcount
    planned = update(gifts).where(
        gifts.c.member_id.in_(family),
        gifts.c.occasion == "birthday",
        gifts.c.given_at.is_(None),
        gifts.c.cancelled_at.is_(None),
    )
    given_up = tx.execute(planned.values(cancelled_at=tx.now, version=gifts.c.version + 1))
    # No gift tells the day any more, neither one that was given nor one that was given up.
    mine = gifts.c.member_id.in_(family) & (gifts.c.occasion == "birthday")
    tx.execute(update(gifts).where(mine).values(day=tx.today))
    return {"birthdays": gone, "gifts": given_up.rowcount}


def _forget_likings(tx: Tx, family: list[int]) -> dict[str, int]:
    likings, gifts = schema.preference, schema.gift
    gone = tx.execute(delete(likings).where(likings.c.member_id.in_(family))).rowcount
    # Why a gift was chosen tells what somebody likes.
    reasoned = update(gifts).where(gifts.c.member_id.in_(family), gifts.c.reason != "")
    tx.execute(reasoned.values(reason="", version=gifts.c.version + 1))
    return {"preferences": gone}


def _write_no_more(_tx: Tx, _family: list[int]) -> dict[str, int]:
    """Nothing is stored: who is written to is asked of the consents each time."""
    return {}


_EFFECTS = {
    Purpose.BIRTHDAY: forget_birthday,
    Purpose.PREFERENCES: _forget_likings,
    Purpose.MESSAGES: _write_no_more,
}
