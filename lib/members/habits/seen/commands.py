"""Reckoning who comes how often, once a day; noting that somebody was written to (R33)."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.sql import Select

from lib.db import schema
from lib.kernel.clock import at_local, local_day
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.members.consents.queries import agreeing
from lib.members.consents.rules import Purpose
from lib.members.habits.purchases.queries import visits_of
from lib.members.habits.rules import Rhythm, rhythm, subject_of, written_since
from lib.members.profiles.queries import family_ids
from lib.shop.messages.member_events import WIN_BACK
from lib.shop.posts import add_post
from lib.shop.settings import Settings
from lib.shop.shop import SYSTEM_ONLY, Repeated, Shop

CHUNK = 100
"""Members reckoned in one transaction: nobody waits long for the lock."""

PARTS_AT_ONCE = 10
"""Transactions in one go: other duties are due, too, and the program starts without waiting."""

_KEY, _ACTION, _DONE = "rhythm", "member.rhythm", -1

_rhythm, _member, _post = schema.member_rhythm, schema.member, schema.group_post
_keys = schema.form_key


def reckon_rhythm(shop: Shop) -> int:
    """Reckon anew how often members come, all of them once a day; return how many were reckoned.

    For the program itself, which calls it every few seconds. Each call does a bounded part and the
    next one goes on there, also after a stop and with several processes beside each other. It is
    done again when a setting it depends on changed, and for single members whose files were merged
    or taken apart. The journal says once a day that it was done.
    """
    shop.require(SYSTEM_ONLY)
    today, key = shop.today, _key(shop.settings, shop.today)
    with shop.read() as connection:
        done = _progress(connection, key) == _DONE
        stale = list(connection.execute(_stale(today)).scalars()) if done else []
    if done:
        return _reckon_stale(shop, stale) if stale else 0
    reckoned = 0
    for _part in range(PARTS_AT_ONCE):
        found = _reckon_next(shop, key)
        if found is None:
            _settle(shop, key)
            break
        reckoned += found
    return reckoned


def note_written(shop: Shop, member_id: int, text: str) -> int:
    """Note that a member who was missed was written to just now; returns the id in the log.

    Raises ``Refused`` without their consent to messages, when somebody wrote within the days
    of the setting, and for an empty text.
    """
    with shop.write("member.win_back") as tx:
        row = tx.row(_member, member_id)
        kept = int(row.merged_into or row.id)
        if not agreeing(tx.connection, Purpose.MESSAGES, [kept]):
            raise Refused(N_("They have not agreed to messages. Ask first."))
        zone, first = tx.settings.time_zone, written_since(tx.today, tx.settings)
        family = [subject_of(one) for one in family_ids(tx.connection, kept)]
        before = select(_post.c.at).where(
            _post.c.topic == WIN_BACK.key,
            _post.c.subject.in_(family),
            _post.c.at >= at_local(first, time(0), zone),
        )
        newest: datetime | None = tx.execute(before.order_by(_post.c.at.desc())).scalar()
        if newest is not None:
            raise Refused(
                N_("Somebody wrote on {day}. Once in {count} days is enough."),
                day=local_day(newest, zone).isoformat(),
                count=tx.settings.win_back_quiet_days,
            )
        tx.result = add_post(tx, WIN_BACK.key, subject_of(kept), text)
    return int(tx.result)


def _key(settings: Settings, today: date) -> str:
    """The key of a day's reckoning: with another setting it is another one."""
    known = (settings.missed_from_visits, settings.missed_after_gaps)
    return "-".join(map(str, (_KEY, today.isoformat(), *known)))


def _progress(connection: Connection, key: str) -> int | None:
    """Return the last member reckoned under ``key``: ``_DONE`` at the end, None before it began."""
    found: int | None = connection.execute(
        select(_keys.c.result).where(_keys.c.key == key)
    ).scalar()
    return found


def _reckon_next(shop: Shop, key: str) -> int | None:
    """Reckon the next members in one transaction; None when there are no more.

    What was reached is read and written in it, so that no order or merge slips in between and two
    processes never do the same part.
    """
    with shop.store.write() as connection:
        after = _progress(connection, key)
        if after is None:
            _begin(connection, shop, key)
        if after == _DONE:
            return None
        ids = _next_members(connection, after or 0)
        if not ids:
            return None
        reached = update(_keys).where(_keys.c.key == key).values(result=ids[-1])
        connection.execute(reached)
        return _reckon(connection, shop, ids)


def _begin(connection: Connection, shop: Shop, key: str) -> None:
    """Begin a day's reckoning; an earlier one no longer counts, also of another setting."""
    earlier = _keys.c.key.startswith(_KEY, autoescape=True)
    connection.execute(delete(_keys).where(earlier))
    row = {"key": key, "action": _ACTION, "fingerprint": "", "result": 0, "at": shop.clock.now()}
    connection.execute(insert(_keys).values(row))


def _settle(shop: Shop, key: str) -> None:
    """Write down that the day is reckoned; whoever comes second to that changes nothing."""
    try:
        with shop.write(_ACTION, by=SYSTEM_ONLY) as tx:
            if _progress(tx.connection, key) in (_DONE, None):
                raise Repeated(None)
            tx.execute(update(_keys).where(_keys.c.key == key).values(result=_DONE))
            today = select(func.count()).where(_rhythm.c.reckoned_on == tx.today)
            tx.note("member", after={"members": tx.execute(today).scalar_one()})
    except Repeated:
        return


def _next_members(connection: Connection, after: int) -> list[int]:
    standing = (_member.c.merged_into.is_(None), _member.c.erased_at.is_(None))
    query = select(_member.c.id).where(_member.c.id > after, *standing)
    found = connection.execute(query.order_by(_member.c.id).limit(CHUNK)).scalars()
    return [int(member_id) for member_id in found]


def _stale(today: date) -> Select[Any]:
    """Members whose files were merged or taken apart since they were reckoned."""
    return (
        select(_rhythm.c.member_id)
        .join(_member, _member.c.id == _rhythm.c.member_id)
        .where(
            _rhythm.c.reckoned_on < today,
            _member.c.merged_into.is_(None),
            _member.c.erased_at.is_(None),
        )
        .limit(CHUNK)
    )


def _reckon_stale(shop: Shop, ids: Sequence[int]) -> int:
    with shop.store.write() as connection:
        return _reckon(connection, shop, ids)


def _reckon(connection: Connection, shop: Shop, ids: Sequence[int]) -> int:
    """Reckon some members from their orders as they stand now; return how many ever came."""
    visits = visits_of(connection, ids, shop.today)
    found = {
        member_id: known
        for member_id in ids
        if (known := rhythm(visits.get(member_id, ()), shop.settings)) is not None
    }
    _replace(connection, ids, found, shop.today)
    return len(found)


def _replace(
    connection: Connection, ids: Sequence[int], found: dict[int, Rhythm], today: date
) -> None:
    connection.execute(delete(_rhythm).where(_rhythm.c.member_id.in_(ids)))
    # A file may have been merged or erased since its number was read.
    standing = select(_member.c.id).where(
        _member.c.id.in_(found), _member.c.merged_into.is_(None), _member.c.erased_at.is_(None)
    )
    rows = [
        {
            "member_id": member_id,
            "visits": found[member_id].visits,
            "first_on": found[member_id].first_on,
            "last_on": found[member_id].last_on,
            "gap_days": found[member_id].gap_days,
            "expected_on": found[member_id].expected_on,
            "reckoned_on": today,
        }
        for member_id in connection.execute(standing).scalars()
    ]
    if rows:
        connection.execute(insert(_rhythm), rows)
