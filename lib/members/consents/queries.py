"""Reads of consents. Of merged files the newest row of the whole family counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    Select,
    func,
    select,
    true,
    union_all,
)

from lib.db import schema
from lib.members.consents.rules import How, Purpose
from lib.members.consents.texts import wording
from lib.members.profiles.queries import family_ids
from lib.shop.messages.templates.queries import own_wordings_in
from lib.shop.messages.wording import speaking
from lib.shop.settings import Settings
from lib.shop.shop import DESK, OWNER_ONLY, Shop

MOST_ENTRIES = 100
PART = 400

_consent, _text, _person = schema.consent, schema.consent_text, schema.person
# Made once: an alias of a table costs more than a look-up.
_standing, _relative = _consent.alias("standing"), schema.member.alias("relative")


@dataclass(frozen=True)
class Entry:
    """A consent given or taken back. ``version`` and ``text`` are what was agreed to."""

    id: int
    purpose: Purpose
    given: bool
    how: How
    at: datetime
    by: str
    version: int | None
    text: str | None


@dataclass(frozen=True)
class State:
    """Where one purpose stands. ``newest`` is None when it was never asked.

    ``reworded`` says that the text of today is another than the one agreed to.
    """

    purpose: Purpose
    newest: Entry | None
    reworded: bool

    @property
    def stands(self) -> bool:
        """Whether the member agrees now."""
        return self.newest is not None and self.newest.given


@dataclass(frozen=True)
class Consents:
    """A member's consents: one state per purpose, and the history, newest first."""

    states: tuple[State, ...]
    history: tuple[Entry, ...]

    def state(self, purpose: Purpose) -> State:
        """Return where ``purpose`` stands."""
        return next(state for state in self.states if state.purpose is purpose)


@dataclass(frozen=True)
class Wording:
    """One version of the text of a purpose, and how many members stand by it."""

    purpose: Purpose
    version: int
    text: str
    made_at: datetime
    members: int


@dataclass(frozen=True)
class Overview:
    """How one purpose stands in the whole shop: members who agree, and who took it back."""

    purpose: Purpose
    agree: int
    taken_back: int
    wordings: tuple[Wording, ...]


def agrees(purpose: Purpose) -> ColumnElement[bool]:
    """Return the condition on ``schema.member`` that the member agrees to ``purpose`` now.

    It reads a few consents by index for each member of the query it stands in.
    """
    standing = select(_standing.c.id).where(
        _standing.c.id == _newest(purpose, schema.member), _standing.c.given == true()
    )
    return standing.correlate(schema.member).exists()


def agreeing(
    connection: Connection, purpose: Purpose, member_ids: Collection[int]
) -> frozenset[int]:
    """Return those of ``member_ids`` who agree to ``purpose`` now."""
    ids, found, member = sorted(set(member_ids)), set[int](), schema.member
    for start in range(0, len(ids), PART):
        mine = member.c.id.in_(ids[start : start + PART])
        found.update(connection.execute(select(member.c.id).where(mine, agrees(purpose))).scalars())
    return frozenset(found)


def consents_of(shop: Shop, member_id: int) -> Consents:
    """Return where each purpose stands for a member, and what was said before."""
    shop.require(DESK)
    with shop.read() as connection:
        entries = [
            _entry(row)
            for row in connection.execute(
                _entries(family_ids(connection, member_id)).limit(MOST_ENTRIES)
            )
        ]
        states = [_state(connection, shop.settings, purpose, entries) for purpose in Purpose]
    return Consents(tuple(states), tuple(entries))


def wording_in(connection: Connection, settings: Settings, purpose: Purpose) -> str:
    """Return the text of ``purpose`` as it is read out today, in an open transaction."""
    say = speaking(settings.language, own_wordings_in(connection))
    return wording(purpose, settings, say)


def wordings_now(shop: Shop) -> dict[Purpose, str]:
    """Return the text of every purpose as it is read out today."""
    shop.require(DESK)
    with shop.read() as connection:
        return {purpose: wording_in(connection, shop.settings, purpose) for purpose in Purpose}


def overview(shop: Shop) -> tuple[Overview, ...]:
    """Return for every purpose how many members agree and to which wording; for the owner."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return tuple(_overview(connection, purpose) for purpose in Purpose)


def _newest(purpose: Purpose, member: FromClause) -> ScalarSelect[int]:
    """The id of the newest consent of a member's family, null without one.

    The family is a list of the file and those merged into it, found by index each. Joined, or with
    one condition for both, SQLite walks through all members or all consents for every member.
    """
    root = func.coalesce(member.c.merged_into, member.c.id)
    merged = select(_relative.c.id).where(_relative.c.merged_into == root)
    family = union_all(select(root).correlate(member), merged.correlate(member))
    return (
        select(func.max(_consent.c.id))
        .where(_consent.c.member_id.in_(family), _consent.c.purpose == purpose)
        .correlate(member)
        .scalar_subquery()
    )


def _entries(member_ids: Collection[int]) -> Select[Any]:
    return (
        select(
            _consent,
            _text.c.version,
            _text.c.text,
            func.coalesce(_person.c.name, "").label("by"),
        )
        .outerjoin(_text, _text.c.id == _consent.c.text_id)
        .outerjoin(_person, _person.c.id == _consent.c.person_id)
        .where(_consent.c.member_id.in_(member_ids))
        .order_by(_consent.c.id.desc())
    )


def _entry(row: Any) -> Entry:
    return Entry(
        row.id,
        Purpose(row.purpose),
        row.given,
        How(row.how),
        row.at,
        row.by,
        row.version,
        row.text,
    )


def _state(
    connection: Connection, settings: Settings, purpose: Purpose, entries: list[Entry]
) -> State:
    newest = next((entry for entry in entries if entry.purpose is purpose), None)
    if newest is None or not newest.given:
        return State(purpose, newest, reworded=False)
    return State(purpose, newest, newest.text != wording_in(connection, settings, purpose))


def _overview(connection: Connection, purpose: Purpose) -> Overview:
    member = schema.member
    newest_id = (
        select(
            func.coalesce(member.c.merged_into, member.c.id).label("root"),
            func.max(_consent.c.id).label("consent_id"),
        )
        .join(member, member.c.id == _consent.c.member_id)
        .where(_consent.c.purpose == purpose)
        .group_by(func.coalesce(member.c.merged_into, member.c.id))
        .subquery()
    )
    counts = (
        select(_consent.c.given, _consent.c.text_id, func.count().label("members"))
        .join(newest_id, newest_id.c.consent_id == _consent.c.id)
        .group_by(_consent.c.given, _consent.c.text_id)
    )
    rows = connection.execute(counts).all()
    standing = {row.text_id: row.members for row in rows if row.given}
    texts = select(_text).where(_text.c.purpose == purpose).order_by(_text.c.version.desc())
    wordings = tuple(
        Wording(purpose, row.version, row.text, row.made_at, standing.get(row.id, 0))
        for row in connection.execute(texts)
    )
    taken_back = sum(row.members for row in rows if not row.given)
    return Overview(purpose, sum(standing.values()), taken_back, wordings)
