"""Reads of wishes: the board, one wish, what is due. Every list is bounded.

The board holds what is open, what waits for its day, and what was answered lately; answered wishes
leave it after the days in which purchases are counted, but never while somebody who asked was not
told (R18). What left it is found by :func:`found`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop
from lib.trust.demands import rules
from lib.trust.demands.rules import OPEN, Clock, Pace, Source, Status
from lib.trust.demands.sources.queries import counts_of

MOST_IN_COLUMN = 100
"""Cards of one column; the search finds the others."""
MOST_FOUND = 500
MOST_WISHES = 1000
MOST_HISTORY = 60
MOST_DUE = 50

_demand, _wish = schema.demand, schema.demand_wish
_DONE = (Status.OFFERED.value, Status.DECLINED.value)


@dataclass(frozen=True)
class Card:
    """A wish on the board.

    ``people`` counts everybody who asked, ``untold`` those with a name who were not told that it
    is on offer. ``due`` is when residents are owed the next answer (None: none is owed) and
    ``pace`` how that stands. ``answered`` of ``sources`` have said whether they can deliver.
    """

    id: int
    version: int
    title: str
    note: str
    status: Status
    first_asked_at: datetime
    status_at: datetime
    offered_at: datetime | None
    answered_at: datetime | None
    reason: str
    next_on: date | None
    product_id: int | None
    product: str
    round_id: int | None
    people: int
    untold: int
    answered: int
    sources: int
    due: datetime | None
    pace: Pace | None
    came_back: bool


@dataclass(frozen=True)
class Board:
    """The cards per state, those with the least time left first; ``more`` were left out."""

    columns: dict[Status, tuple[Card, ...]]
    more: frozenset[Status]

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards of the board."""
        return tuple(card for column in self.columns.values() for card in column)


@dataclass(frozen=True)
class Due:
    """What is due of the wishes, for the Today page; the most urgent first.

    ``late`` and ``soon`` are wishes never answered or opened again, ``came_back`` those whose
    residents were promised an answer by today, ``untold`` offers of which somebody was not told.
    """

    late: tuple[Card, ...]
    soon: tuple[Card, ...]
    came_back: tuple[Card, ...]
    untold: tuple[Card, ...]


@dataclass(frozen=True)
class Wish:
    """One resident who asked; ``member`` is the nickname in the member's file, if there is one."""

    id: int
    name: str
    said: str
    source: Source
    asked_at: datetime
    member_id: int | None
    member: str
    told_at: datetime | None
    told_by: str


@dataclass(frozen=True)
class Step:
    """One entry of a wish's history; amounts of money are not in it."""

    at: datetime
    actor: str
    action: str
    status: Status | None
    reason: str
    next_on: date | None
    wishes: int | None
    name: str


@dataclass(frozen=True)
class One:
    """A wish with everybody who asked and all that happened to it, newest first."""

    card: Card
    wishes: tuple[Wish, ...]
    history: tuple[Step, ...]


def board(shop: Shop) -> Board:
    """Return the board: a bounded number of statements, whatever the number of wishes."""
    shop.require(DESK)
    with shop.read() as connection:
        rows = [
            *_open_rows(connection),
            *_waiting_rows(connection),
            *_answered_rows(shop, connection),
        ]
        cards = _cards(shop, connection, rows)
    columns: dict[Status, tuple[Card, ...]] = {}
    more = set()
    for status in Status:
        mine = sorted((card for card in cards if card.status is status), key=_urgency)
        if len(mine) > MOST_IN_COLUMN:
            more.add(status)
        columns[status] = tuple(mine[:MOST_IN_COLUMN])
    return Board(columns, frozenset(more))


def due(shop: Shop) -> Due:
    """Return what is due of the wishes now."""
    shop.require(DESK)
    with shop.read() as connection:
        waiting = _chosen(
            connection,
            and_(_demand.c.status == Status.NOT_YET.value, _demand.c.next_on <= shop.today),
            _demand.c.next_on,
            MOST_DUE,
        )
        untold = _chosen(connection, _has_untold(), _demand.c.status_at, MOST_DUE)
        cards = sorted(
            _cards(shop, connection, [*_open_rows(connection), *waiting, *untold]), key=_urgency
        )
    still = [card for card in cards if card.status in OPEN]
    return Due(
        tuple(card for card in still if card.pace is Pace.LATE)[:MOST_DUE],
        tuple(card for card in still if card.pace is Pace.SOON)[:MOST_DUE],
        tuple(card for card in cards if card.came_back),
        tuple(card for card in cards if card.untold and card.status is Status.OFFERED),
    )


def one(shop: Shop, demand_id: int) -> One:
    """Return a wish, of a merged one the wish it became; raises ``NotFound``."""
    shop.require(DESK)
    with shop.read() as connection:
        row = _row(connection, demand_id)
        card = _cards(shop, connection, [row])[0]
        return One(card, _wishes(connection, row.id), _history(connection, row.id))


def found(
    shop: Shop, text: str = "", statuses: Iterable[Status] = (), limit: int = MOST_FOUND
) -> tuple[Card, ...]:
    """Return wishes whose title or requesters contain ``text``, newest first; all for no text."""
    shop.require(DESK)
    wanted = [Status(status).value for status in statuses]
    query = _demands().order_by(_demand.c.first_asked_at.desc(), _demand.c.id.desc())
    if wanted:
        query = query.where(_demand.c.status.in_(wanted))
    word = folded(clean(text, 60))
    if word:
        asked = select(_wish.c.demand_id).where(_wish.c.folded_name.contains(word, autoescape=True))
        titled = _demand.c.folded_title.contains(word, autoescape=True)
        query = query.where(or_(titled, _demand.c.id.in_(asked)))
    with shop.read() as connection:
        return _cards(shop, connection, connection.execute(query.limit(limit)).all())


def _urgency(card: Card) -> tuple[bool, float, float]:
    """Come back first, then the least time left; without a deadline the newest first."""
    due_in = card.due.timestamp() if card.due else float("inf")
    return (not card.came_back, due_in, -card.status_at.timestamp())


def _demands() -> Select[Any]:
    products = schema.product
    return (
        select(_demand, products.c.name.label("product"))
        .outerjoin(products, products.c.id == _demand.c.product_id)
        .where(_demand.c.merged_into.is_(None))
    )


def _chosen(
    connection: Connection,
    condition: ColumnElement[bool],
    order: ColumnElement[Any],
    limit: int = MOST_IN_COLUMN + 1,
) -> Sequence[Row[Any]]:
    query = _demands().where(condition).order_by(order, _demand.c.id).limit(limit)
    return connection.execute(query).all()


def _open_rows(connection: Connection) -> list[Row[Any]]:
    rows: list[Row[Any]] = []
    for status in (Status.NEW, Status.CHECKING):
        standing = _demand.c.status == status.value
        rows.extend(_chosen(connection, standing, _demand.c.first_asked_at))
    return rows


def _waiting_rows(connection: Connection) -> Sequence[Row[Any]]:
    return _chosen(connection, _demand.c.status == Status.NOT_YET.value, _demand.c.next_on)


def _answered_rows(shop: Shop, connection: Connection) -> list[Row[Any]]:
    since = rules.leaves_after(shop.clock.now(), shop.settings.demand_bought_days)
    rows: dict[int, Row[Any]] = {}
    for status in _DONE:
        lately = and_(_demand.c.status == status, _demand.c.status_at > since)
        for row in _chosen(connection, lately, _demand.c.status_at.desc()):
            rows[row.id] = row
    for row in _chosen(connection, _has_untold(), _demand.c.status_at, MOST_DUE):
        rows[row.id] = row
    return list(rows.values())


def _has_untold() -> ColumnElement[bool]:
    """On offer while somebody who asked with a name was not told."""
    untold = (
        select(_wish.c.id)
        .where(
            _wish.c.demand_id == _demand.c.id,
            _wish.c.told_at.is_(None),
            _wish.c.folded_name.is_not(None),
        )
        .exists()
    )
    return and_(_demand.c.status == Status.OFFERED.value, untold)


def _cards(shop: Shop, connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Card, ...]:
    ids = list({row.id: None for row in rows})
    people = _people(connection, ids)
    asked = counts_of(connection, ids)
    now = shop.clock.now()
    return tuple(
        _card(shop, now, row, people.get(row.id, (0, 0)), asked.get(row.id, (0, 0)))
        for row in {row.id: row for row in rows}.values()
    )


def _card(
    shop: Shop, now: datetime, row: Row[Any], people: tuple[int, int], asked: tuple[int, int]
) -> Card:
    status = Status(row.status)
    settings = shop.settings
    clock = Clock(status, row.first_asked_at, row.answered_at, row.next_on)
    due_at = rules.next_due(clock, settings.demand_hours, settings.time_zone)
    return Card(
        id=row.id,
        version=row.version,
        title=row.title,
        note=row.note,
        status=status,
        first_asked_at=row.first_asked_at,
        status_at=row.status_at,
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        reason=row.reason,
        next_on=row.next_on,
        product_id=row.product_id,
        product=row.product or "",
        round_id=row.round_id,
        people=people[0],
        untold=people[1] if status is Status.OFFERED else 0,
        answered=asked[0],
        sources=asked[1],
        due=due_at,
        pace=rules.pace(due_at, now, settings.demand_warning_hours) if due_at else None,
        came_back=rules.has_come_back(status, row.next_on, shop.today),
    )


def _people(connection: Connection, demand_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Per demand: how many asked, and how many of those with a name were not told."""
    waits = and_(_wish.c.told_at.is_(None), _wish.c.folded_name.is_not(None))
    query = (
        select(_wish.c.demand_id, func.count(), func.sum(case((waits, 1), else_=0)))
        .where(_wish.c.demand_id.in_(demand_ids))
        .group_by(_wish.c.demand_id)
    )
    return {row[0]: (row[1], int(row[2])) for row in connection.execute(query)}


def _row(connection: Connection, demand_id: int) -> Row[Any]:
    wanted: int | None = demand_id
    while (merged := _became(connection, wanted)) is not None:
        wanted = merged
    row = connection.execute(_demands().where(_demand.c.id == wanted)).first()
    if row is None:
        raise NotFound(N_("This wish does not exist."))
    return row


def _became(connection: Connection, demand_id: int | None) -> int | None:
    query = select(_demand.c.merged_into).where(_demand.c.id == demand_id)
    found_id: int | None = connection.execute(query).scalar()
    return found_id


def _wishes(connection: Connection, demand_id: int) -> tuple[Wish, ...]:
    members, people = schema.member, schema.person
    query = (
        select(_wish, members.c.nickname, people.c.name.label("told_by_name"))
        .outerjoin(members, members.c.id == _wish.c.member_id)
        .outerjoin(people, people.c.id == _wish.c.told_by)
        .where(_wish.c.demand_id == demand_id)
        .order_by(_wish.c.asked_at, _wish.c.id)
        .limit(MOST_WISHES)
    )
    return tuple(
        Wish(
            row.id,
            row.name,
            row.said,
            Source(row.source),
            row.asked_at,
            row.member_id,
            row.nickname or "",
            row.told_at,
            row.told_by_name or "",
        )
        for row in connection.execute(query)
    )


def _history(connection: Connection, demand_id: int) -> tuple[Step, ...]:
    log = schema.journal
    query = (
        select(log.c.at, log.c.actor, log.c.action, log.c.details)
        .where(log.c.subject == f"demand:{demand_id}")
        .order_by(log.c.id.desc())
        .limit(MOST_HISTORY)
    )
    return tuple(_step(row) for row in connection.execute(query))


def _step(row: Any) -> Step:
    after = (row.details or {}).get("after") or {}
    before = (row.details or {}).get("before") or {}
    status, day = after.get("status"), after.get("next_on")
    return Step(
        row.at,
        row.actor,
        row.action,
        Status(status) if status in set(Status) else None,
        str(after.get("reason") or ""),
        date.fromisoformat(day) if day else None,
        after.get("wishes"),
        str(after.get("name") or before.get("name") or ""),
    )
