"""Writes of birthdays: kept with the consent to it, changed, removed (R34).

What day it is is never written to the journal: a journal keeps, and a birthday goes with its
consent.
"""

from typing import Any

from sqlalchemy import Row, insert, select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.members.birthdays.checking import checked
from lib.members.birthdays.queries import family_row
from lib.members.birthdays.rules import Birthday, occasions_in
from lib.members.consents.commands import forget_birthday, give
from lib.members.consents.queries import agreeing
from lib.members.consents.rules import How, Purpose
from lib.members.profiles.present.queries import present_file
from lib.members.profiles.queries import family_ids
from lib.shop.shop import Shop, Tx

_birthday, _gift = schema.birthday, schema.gift


def set_birthday(
    shop: Shop, member_id: int, birthday: Birthday, how: How | None, version: int = 0
) -> None:
    """Keep a member's birthday, with the consent given ``how`` in the same transaction.

    ``how`` None is for a change under a consent that stands. ``version`` is that of the birthday as
    it was seen, 0 where none was. A gift planned for the old day moves to the new one; it is given
    up where the calendar changed, since then its year is another. Raises ``Refused`` without a
    consent, for a day that cannot be and for a child, ``NotFound``, and ``Conflict``.
    """
    with shop.write("birthday.set") as tx:
        member = present_file(tx, member_id)
        kept = checked(birthday, tx.today)
        family = family_ids(tx.connection, member.id)
        stood = _stood(tx, family)
        tx.note(f"birthday:{member.id}", after={"member_id": member.id, "birthday_changed": True})
        _refuse_stale(tx, member.id, stood, version)
        if how is not None:
            give(tx, member.id, Purpose.BIRTHDAY, how)
        elif not agreeing(tx.connection, Purpose.BIRTHDAY, [member.id]):
            raise Refused(N_("Without consent no birthday is kept. Say how the resident agreed."))
        _write(tx, member.id, kept, version)
        if stood is not None:
            _move_gifts(tx, family, stood, kept)


def remove_birthday(shop: Shop, member_id: int, version: int) -> None:
    """Delete a member's birthday and give up the gift planned for it; the consent stays.

    Raises ``Refused`` when none is kept, ``NotFound``, and ``Conflict`` when it changed since
    ``version``.
    """
    with shop.write("birthday.remove") as tx:
        member = present_file(tx, member_id)
        family = family_ids(tx.connection, member.id)
        stood = _stood(tx, family)
        if stood is None:
            raise Refused(N_("No birthday is kept of this member."))
        _refuse_stale(tx, member.id, stood, version)
        gone = forget_birthday(tx, family)
        tx.note(f"birthday:{member.id}", after={"member_id": member.id, **gone})


def _stood(tx: Tx, family: list[int]) -> Row[Any] | None:
    """Return the birthday as a screen showed it: none without a consent."""
    if not agreeing(tx.connection, Purpose.BIRTHDAY, family[:1]):
        return None
    return family_row(tx.connection, family)


def _refuse_stale(tx: Tx, member_id: int, stood: Row[Any] | None, version: int) -> None:
    if version != (0 if stood is None else stood.version):
        raise tx.conflict(f"birthday:{member_id}")


def _write(tx: Tx, member_id: int, kept: Birthday, version: int) -> None:
    """Write the row of the file itself; that of a merged one stays what it was."""
    values = {
        "calendar": kept.calendar,
        "month": kept.month,
        "day": kept.day,
        "leap": kept.leap,
        "leap_too": kept.leap_too,
        "year": kept.year,
        "said_as": kept.said_as,
        "version": version + 1,
    }
    mine = _birthday.c.member_id == member_id
    if tx.execute(update(_birthday).where(mine).values(**values)).rowcount:
        return
    made = {"member_id": member_id, "created_at": tx.now, "created_by": tx.actor.id}
    tx.execute(insert(_birthday).values(**values, **made))


def _move_gifts(tx: Tx, family: list[int], stood: Row[Any], kept: Birthday) -> None:
    """Let the gifts planned for the old day follow to the new one, in the year they are of."""
    open_gifts = select(_gift).where(
        _gift.c.member_id.in_(family),
        _gift.c.occasion == "birthday",
        _gift.c.given_at.is_(None),
        _gift.c.cancelled_at.is_(None),
    )
    for gift in tx.execute(open_gifts).all():
        values: dict[str, Any] = {"cancelled_at": tx.now}
        if stood.calendar == kept.calendar:
            values = {"day": occasions_in(kept, gift.year, tx.settings)[0].day}
        tx.execute(
            update(_gift).where(_gift.c.id == gift.id).values(**values, version=_gift.c.version + 1)
        )
