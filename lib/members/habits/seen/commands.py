"""Reckoning who comes how often, once a day; noting that somebody was written to (R33)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, delete, insert, select
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
from lib.shop.shop import SYSTEM_ONLY, FormKey, Repeated, Shop

CHUNK = 100
"""Members reckoned in one transaction: nobody waits long for the lock."""

_KEY = "rhythm"

_rhythm, _member, _post = schema.member_rhythm, schema.member, schema.group_post


def reckon_rhythm(shop: Shop) -> int:
    """Reckon anew how often every member comes, once a day; return how many were reckoned.

    For the program itself. It is done again when a setting it depends on changed, and for single
    members whose files were merged or taken apart. Members are read and written in parts; several
    processes beside each other write the same. The journal says that it was done, once.
    """
    shop.require(SYSTEM_ONLY)
    today = shop.today
    if _is_done(shop, today):
        with shop.read() as connection:
            stale = list(connection.execute(_stale(today)).scalars())
        return sum(_reckon(shop, part, today) for part in _parts(stale))
    reckoned, after = 0, 0
    while part := _next_members(shop, after):
        reckoned += _reckon(shop, part, today)
        after = part[-1]
    _settle(shop, today, reckoned)
    return reckoned


def note_written(shop: Shop, member_id: int, text: str) -> int:
    """Note that a member who was missed was written to just now; returns the id in the log.

    Raises ``Refused`` without their consent to messages, when somebody wrote within the last
    month, and for an empty text.
    """
    with shop.write("member.win_back") as tx:
        row = tx.row(_member, member_id)
        kept = int(row.merged_into or row.id)
        if not agreeing(tx.connection, Purpose.MESSAGES, [kept]):
            raise Refused(N_("They have not agreed to messages. Ask first."))
        zone, first = tx.settings.time_zone, written_since(tx.today)
        family = [subject_of(one) for one in family_ids(tx.connection, kept)]
        before = select(_post.c.at).where(
            _post.c.topic == WIN_BACK.key,
            _post.c.subject.in_(family),
            _post.c.at >= at_local(first, time(0), zone),
        )
        newest: datetime | None = tx.execute(before.order_by(_post.c.at.desc())).scalar()
        if newest is not None:
            raise Refused(
                N_("Somebody wrote on {day}. Once a month is enough."),
                day=local_day(newest, zone).isoformat(),
            )
        tx.result = add_post(tx, WIN_BACK.key, subject_of(kept), text)
    return int(tx.result)


def _key(settings: Settings, today: date) -> str:
    """The key of a day's reckoning: with another setting it is another one."""
    known = (settings.missed_from_visits, settings.missed_after_gaps)
    return "-".join(map(str, (_KEY, today.isoformat(), *known)))


def _is_done(shop: Shop, today: date) -> bool:
    keys = schema.form_key
    mine = select(keys.c.key).where(keys.c.key == _key(shop.settings, today))
    with shop.read() as connection:
        return connection.execute(mine).first() is not None


def _settle(shop: Shop, today: date, reckoned: int) -> None:
    """Write down that the day is reckoned; whoever comes second to that changes nothing."""
    bound = shop.once(FormKey.of(_key(shop.settings, today), "rhythm"))
    try:
        with bound.write("member.rhythm", by=SYSTEM_ONLY) as tx:
            # Only the newest counts: a setting that is changed back is another reckoning.
            keys = schema.form_key
            others = keys.c.key.startswith(_KEY, autoescape=True)
            tx.execute(delete(keys).where(others))
            tx.note("member", after={"members": reckoned})
    except Repeated:
        return


def _next_members(shop: Shop, after: int) -> list[int]:
    standing = (_member.c.merged_into.is_(None), _member.c.erased_at.is_(None))
    query = select(_member.c.id).where(_member.c.id > after, *standing)
    with shop.read() as connection:
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


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _reckon(shop: Shop, ids: Sequence[int], today: date) -> int:
    """Reckon some members in one transaction, so that no order or merge slips in between."""
    with shop.store.write() as connection:
        visits = visits_of(connection, ids, today)
        found = {
            member_id: known
            for member_id in ids
            if (known := rhythm(visits.get(member_id, ()), shop.settings)) is not None
        }
        _replace(connection, ids, found, today)
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
