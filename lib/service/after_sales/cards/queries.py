"""Reads of cases as cards, one statement a list: board, due, found, doubles. Every list is bounded.

The board holds cases until the resident was asked and is content. Closed and withdrawn cases, and
those that became part of another, are on no list of what is due; the search finds them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from lib.db import schema
from lib.kernel.quantity import Unit
from lib.kernel.text import clean, folded
from lib.members.profiles.queries import family_ids
from lib.members.profiles.rules import Home
from lib.service.after_sales import rules
from lib.service.after_sales.clocks import Clock, Pause, after_pause
from lib.service.after_sales.rules import (
    ON_BOARD,
    OPEN,
    ClockName,
    CountedIn,
    Defect,
    Source,
    Status,
)
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

MOST_ON_BOARD = 400
MOST_FOUND = 60
MOST_DOUBLES = 10
MOST_CLOSED_DAYS = 400

_case, _turn, _pause = schema.after_sales_case, schema.case_turn, schema.case_pause
_photo, _owed, _remedy = schema.case_photo, schema.owed_goods, schema.case_remedy
_member, _order, _line = schema.member, schema.customer_order, schema.order_line
_product = schema.product


@dataclass(frozen=True)
class Card:
    """A case in a list.

    ``name`` and ``home`` are those of the member and the order, before somebody found out who it
    is those that the resident typed. ``unit`` is None for something bought without an order and
    for service. ``bad`` of ``of_total`` count ``counted_in``. ``photos`` counts those of joined
    doubles, too. ``owed_open``: goods promised for it are not given yet.
    """

    id: int
    number: str
    member_id: int | None
    name: str
    home: str
    order_id: int | None
    line_id: int | None
    product_id: int | None
    product: str
    unit: Unit | None
    bad: int | None
    of_total: int | None
    counted_in: CountedIn | None
    defect: Defect
    said: str
    status: Status
    turn: int
    source: Source
    reported_at: datetime
    by_resident: bool
    reply: Clock
    solution: Clock
    photos: int
    owed_open: bool
    batch_id: int | None
    supplier_id: int | None
    follow_up_on: date | None
    closed_at: datetime | None
    merged_into: int | None
    version: int

    @property
    def matched(self) -> bool:
        """Whether it is known whose case it is."""
        return self.member_id is not None

    @property
    def next_clock(self) -> Clock:
        """The clock that runs out first of those not met; the solution when both are."""
        running = [each for each in (self.reply, self.solution) if each.met_at is None]
        return min(running, key=lambda each: each.due_at) if running else self.solution


@dataclass(frozen=True)
class AfterSalesDue:
    """What is due of after-sales, for the Today page; the most urgent first.

    ``replies`` wait for a first reply, ``solutions`` for a solution (a photo that is awaited stands
    still), ``follow_ups`` are solved cases to be asked about by today, ``unmatched`` are reports of
    residents of whom nobody said yet who they are.
    """

    replies: tuple[Card, ...]
    solutions: tuple[Card, ...]
    follow_ups: tuple[Card, ...]
    unmatched: tuple[Card, ...]


def board(shop: Shop) -> tuple[Card, ...]:
    """Return the cases of the board, the least time left first (R26, R27)."""
    shop.require(DESK)
    with shop.read() as connection:
        return _board(shop, connection)


def due(shop: Shop) -> AfterSalesDue:
    """Return what is due of after-sales now; one statement."""
    cards = board(shop)
    replies = [card for card in cards if card.reply.met_at is None and card.status in OPEN]
    return AfterSalesDue(
        tuple(sorted(replies, key=lambda card: (card.reply.due_at, card.id))),
        tuple(
            sorted(
                (card for card in cards if card.status in OPEN),
                key=lambda card: (card.solution.paused, card.solution.due_at, card.id),
            )
        ),
        tuple(
            card
            for card in cards
            if card.follow_up_on is not None and card.follow_up_on <= shop.today
        ),
        tuple(card for card in cards if not card.matched and card.status in OPEN),
    )


def find_cases(shop: Shop, text: str = "", limit: int = MOST_FOUND) -> tuple[Card, ...]:
    """Return cases whose number, resident, product or words contain ``text``, newest first."""
    shop.require(DESK)
    query = select_cards().order_by(_case.c.reported_at.desc(), _case.c.id.desc()).limit(limit)
    word = clean(text, 60)
    case_id = rules.case_id_of(word)
    if case_id is not None and not word.isdecimal():
        query = query.where(_case.c.id == case_id)
    elif word:
        query = query.where(_fits(word, case_id))
    with shop.read() as connection:
        return cards_of(shop, connection, query)


def cases_of(shop: Shop, member_id: int, limit: int = MOST_FOUND) -> tuple[Card, ...]:
    """Return a member's cases, the newest first; those of merged files are included."""
    shop.require(DESK)
    query = select_cards().order_by(_case.c.reported_at.desc(), _case.c.id.desc()).limit(limit)
    with shop.read() as connection:
        mine = _case.c.member_id.in_(family_ids(connection, member_id))
        return cards_of(shop, connection, query.where(mine))


def similar_open(
    shop: Shop, member_id: int | None, line_id: int | None, besides: int | None = None
) -> tuple[Card, ...]:
    """Return cases on the board that may be the same one (R28), newest first.

    Same purchase, or the same resident within a day of now. ``besides`` is left out.
    """
    shop.require(DESK)
    ways: list[ColumnElement[bool]] = []
    if line_id is not None:
        ways.append(_case.c.line_id == line_id)
    if member_id is not None:
        since = shop.clock.now() - timedelta(days=1)
        ways.append(and_(_case.c.member_id == member_id, _case.c.reported_at >= since))
    if not ways:
        return ()
    query = select_cards().where(or_(*ways), _case.c.status.in_(ON_BOARD))
    if besides is not None:
        query = query.where(_case.c.id != besides)
    query = query.order_by(_case.c.reported_at.desc(), _case.c.id.desc()).limit(MOST_DOUBLES)
    with shop.read() as connection:
        return cards_of(shop, connection, query)


def select_cards() -> Select[Any]:
    """Return the statement that reads cards; everything of a card is in it."""
    root, double = _member.alias("root"), _case.alias("double")
    own = _photo.c.case_id == _case.c.id
    photos = _count_photos(select(func.count()).where(own)) + _count_photos(
        select(func.count())
        .join_from(double, _photo, _photo.c.case_id == double.c.id)
        .where(double.c.merged_into == _case.c.id)
    )
    owed = or_(
        _is_owed(select(_owed.c.id).where(_owed.c.case_id == _case.c.id)),
        _is_owed(
            select(_owed.c.id)
            .join_from(double, _owed, _owed.c.case_id == double.c.id)
            .where(double.c.merged_into == _case.c.id)
        ),
    )
    return (
        select(
            _case,
            func.coalesce(root.c.id, _member.c.id).label("who_id"),
            func.coalesce(root.c.nickname, _member.c.nickname).label("nickname"),
            *(
                func.coalesce(_order.c[part], root.c[part], _member.c[part]).label(part)
                for part in ("area", "building", "unit", "room")
            ),
            func.coalesce(_line.c.sale_unit, _product.c.sale_unit).label("sale_unit"),
            func.coalesce(_line.c.unit_grams, _product.c.unit_grams).label("unit_grams"),
            _product.c.name.label("product_now"),
            _turn.c.started_at,
            _turn.c.solve_due_at,
            _turn.c.solved_at,
            _pause.c.from_at,
            photos.label("photos"),
            owed.label("owed_open"),
        )
        .join(_turn, and_(_turn.c.case_id == _case.c.id, _turn.c.turn == _case.c.turn))
        .outerjoin(_pause, and_(_pause.c.case_id == _case.c.id, _pause.c.to_at.is_(None)))
        .outerjoin(_member, _member.c.id == _case.c.member_id)
        .outerjoin(root, root.c.id == _member.c.merged_into)
        .outerjoin(_order, _order.c.id == _case.c.order_id)
        .outerjoin(_line, _line.c.id == _case.c.line_id)
        .outerjoin(_product, _product.c.id == _case.c.product_id)
    )


def _count_photos(query: Select[Any]) -> ColumnElement[int]:
    return query.where(_photo.c.removed_at.is_(None)).scalar_subquery()


def _is_owed(query: Select[Any]) -> ColumnElement[bool]:
    return query.where(_owed.c.settled_at.is_(None), _owed.c.cancelled_at.is_(None)).exists()


def cards_of(shop: Shop, connection: Connection, query: Select[Any]) -> tuple[Card, ...]:
    """Return the cards that ``query``, made of :func:`select_cards`, reads."""
    rows = connection.execute(query).all()
    closed = closed_days(connection, shop.settings, rows)
    return tuple(card_of(shop, row, closed) for row in rows)


def card_of(shop: Shop, row: Row[Any], closed: Iterable[date]) -> Card:
    """Return one row of :func:`select_cards` as a card."""
    return Card(**card_values(shop, row, frozenset(closed)))


def card_values(shop: Shop, row: Row[Any], closed: frozenset[date]) -> dict[str, Any]:
    """Return the values of a card, by name."""
    home = str(Home(row.area, row.building, row.unit, row.room))
    return {
        "id": row.id,
        "number": rules.number(row.id),
        "member_id": row.who_id,
        "name": row.nickname or row.reporter_name,
        "home": home or row.reporter_home,
        "order_id": row.order_id,
        "line_id": row.line_id,
        "product_id": row.product_id,
        "product": row.product_name or row.product_now or "",
        "unit": Unit(row.sale_unit, row.unit_grams) if row.sale_unit else None,
        "bad": row.bad,
        "of_total": row.of_total,
        "counted_in": CountedIn(row.counted_in) if row.counted_in else None,
        "defect": Defect(row.defect),
        "said": row.said,
        "status": Status(row.status),
        "turn": row.turn,
        "source": Source(row.source),
        "reported_at": row.reported_at,
        "by_resident": row.source == Source.PAGE.value,
        "reply": reply_clock(row),
        "solution": solution_clock(row, shop.settings, closed, shop.clock.now()),
        "photos": row.photos,
        "owed_open": bool(row.owed_open),
        "batch_id": row.batch_id,
        "supplier_id": row.supplier_id,
        "follow_up_on": row.follow_up_on if row.status == Status.SOLVED.value else None,
        "closed_at": row.closed_at,
        "merged_into": row.merged_into,
        "version": row.version,
    }


def reply_clock(row: Row[Any]) -> Clock:
    """Return the clock of the first reply: an awaited photo never moves it (R26)."""
    return Clock(ClockName.REPLY, row.reply_due_at, row.first_reply_at, stopped_at=_stopped(row))


def solution_clock(
    row: Row[Any], settings: Settings, closed: Iterable[date], now: datetime
) -> Clock:
    """Return the solution clock of the case's turn; while a photo is awaited it moves on (R27)."""
    due_at = row.solve_due_at
    if row.from_at is not None:
        due_at = after_pause(due_at, Pause(row.from_at), settings, frozenset(closed), now)
    return Clock(
        ClockName.SOLUTION,
        due_at,
        row.solved_at,
        paused=row.from_at is not None,
        stopped_at=_stopped(row),
    )


def _stopped(row: Row[Any]) -> datetime | None:
    ended: datetime | None = row.closed_at
    return ended if row.status == Status.WITHDRAWN.value else None


def closed_days(
    connection: Connection, settings: Settings, rows: Iterable[Row[Any]] = ()
) -> frozenset[date]:
    """Return the shop's closed days that its clocks need; none while they run around the clock.

    With ``rows`` of cards: only where one of them stands still.
    """
    listed = list(rows)
    if not settings.service_hours_on or (listed and all(row.from_at is None for row in listed)):
        return frozenset()
    days = schema.closed_day
    query = select(days.c.day).order_by(days.c.day.desc()).limit(MOST_CLOSED_DAYS)
    return frozenset(connection.execute(query).scalars())


def _board(shop: Shop, connection: Connection) -> tuple[Card, ...]:
    query = (
        select_cards()
        .where(_case.c.status.in_(ON_BOARD))
        .order_by(_case.c.status, _case.c.reply_due_at)
        .limit(MOST_ON_BOARD)
    )
    return tuple(sorted(cards_of(shop, connection, query), key=_urgency))


def _urgency(card: Card) -> tuple[bool, bool, datetime, int]:
    """Open before solved, running before standing still, then the least time left."""
    clock = card.next_clock
    return (card.status not in OPEN, clock.paused, clock.due_at, card.id)


def _fits(word: str, case_id: int | None) -> ColumnElement[bool]:
    name = folded(word)
    root = _member.alias("found_root")
    whose = (
        select(_member.c.id)
        .outerjoin(root, root.c.id == _member.c.merged_into)
        .where(
            or_(
                _member.c.folded_nickname.contains(name, autoescape=True),
                root.c.folded_nickname.contains(name, autoescape=True),
            )
        )
    )
    ways: list[ColumnElement[bool]] = [
        _case.c.product_name.contains(word, autoescape=True),
        _case.c.reporter_name.contains(word, autoescape=True),
        _case.c.said.contains(word, autoescape=True),
    ]
    if name:
        ways.append(_case.c.member_id.in_(whose))
    if case_id is not None:
        ways.append(_case.c.id == case_id)
    return or_(*ways)
