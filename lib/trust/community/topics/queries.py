"""Reads of topics (R14): the plan, what was answered, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from lib.db import schema
from lib.kernel.clock import day_bounds, local_day
from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.language import translator
from lib.shop.messages.events import TOPIC, TOPIC_THANKS
from lib.shop.messages.wording import said
from lib.shop.shop import DESK, Shop
from lib.trust.community.topics import texts
from lib.trust.community.topics.bank import SUGGESTED
from lib.trust.community.topics.rules import MOST_ANSWERS, Question
from lib.trust.community.topics.texts import Wished

MOST = 200
"""Topics one list shows, newest first."""

_topic, _answer = schema.topic, schema.topic_answer
_demand, _wish = schema.demand, schema.demand_wish


@dataclass(frozen=True)
class Topic:
    """A question for the group; ``answers`` that came, ``wishes`` how many became a demand."""

    id: int
    question: str
    planned_on: date
    note: str
    asked_at: datetime | None
    closed_at: datetime | None
    answers: int
    wishes: int
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it was asked and not closed."""
        return self.asked_at is not None and self.closed_at is None

    def day(self, time_zone: str) -> date:
        """Return the day it belongs to: when it was asked, else the one it is planned for."""
        return local_day(self.asked_at, time_zone) if self.asked_at else self.planned_on


@dataclass(frozen=True)
class Answer:
    """What somebody answered; ``demand_id`` and ``demand`` name the wish it became."""

    id: int
    member_id: int | None
    name: str
    text: str
    at: datetime
    demand_id: int | None
    demand: str


@dataclass(frozen=True)
class Suggestion:
    """A question that comes with the program, in the shop's language, and when it was last used."""

    about: Question
    text: str
    last: date | None


def topics(shop: Shop, limit: int = MOST) -> tuple[Topic, ...]:
    """Return the topics, latest day first."""
    shop.require(DESK)
    query = _topics().order_by(_topic.c.planned_on.desc(), _topic.c.id.desc()).limit(limit)
    with shop.read() as connection:
        return _read(connection, query)


def topic(shop: Shop, topic_id: int) -> Topic:
    """Return one topic; raises ``NotFound``."""
    shop.require(DESK)
    with shop.read() as connection:
        found = _read(connection, _topics().where(_topic.c.id == topic_id))
    if not found:
        raise NotFound(N_("This topic does not exist."))
    return found[0]


def answers(shop: Shop, topic_id: int) -> tuple[Answer, ...]:
    """Return what was answered, in the order in which it came."""
    shop.require(DESK)
    query = (
        select(_answer, _demand.c.title)
        .outerjoin(_demand, _demand.c.id == _answer.c.demand_id)
        .where(_answer.c.topic_id == topic_id)
        .order_by(_answer.c.at, _answer.c.id)
        .limit(MOST_ANSWERS * 5)
    )
    with shop.read() as connection:
        return tuple(
            Answer(
                row.id, row.member_id, row.name, row.text, row.at, row.demand_id, row.title or ""
            )
            for row in connection.execute(query)
        )


def suggestions(shop: Shop) -> tuple[Suggestion, ...]:
    """Return the questions that come with the program, the longest unused first."""
    shop.require(DESK)
    say = translator(shop.settings.language)
    used = select(_topic.c.question, func.max(_topic.c.planned_on)).group_by(_topic.c.question)
    with shop.read() as connection:
        last = {row[0]: row[1] for row in connection.execute(used.limit(MOST * 5))}
    found = [
        Suggestion(question, say(question.text), last.get(say(question.text)))
        for question in SUGGESTED
    ]
    return tuple(sorted(found, key=lambda one: one.last or date.min))


def text_of(shop: Shop, this: Topic) -> str:
    """Return the question as the group reads it."""
    values = texts.topic_values(this.question, this.note, shop.settings.demand_hours)
    return said(shop, TOPIC, **values)


def thanks_of(shop: Shop, this: Topic) -> str:
    """Return the thanks for the answers, with what was wished for and is on offer by now."""
    shop.require(DESK)
    with shop.read() as connection:
        wishes = _wished(connection, this.id)
    say = translator(shop.settings.language)
    return said(shop, TOPIC_THANKS, **texts.thanks_values(this.question, this.answers, wishes, say))


def read_topics(shop: Shop, connection: Connection, first: date, last: date) -> tuple[Topic, ...]:
    """Return the topics of the days ``first`` to ``last`` inside an open read, earliest first.

    One that was asked belongs to the day on which it was, the others to their planned day.
    """
    zone = shop.settings.time_zone
    since, until = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    asked = and_(_topic.c.asked_at >= since, _topic.c.asked_at < until)
    planned = and_(
        _topic.c.asked_at.is_(None), _topic.c.planned_on >= first, _topic.c.planned_on <= last
    )
    query = _topics().where(or_(asked, planned)).order_by(_topic.c.planned_on, _topic.c.id)
    return _read(connection, query.limit(MOST))


def read_waiting(connection: Connection, today: date) -> tuple[Topic, ...]:
    """Return the topics planned for ``today`` or before that were not asked, inside a read."""
    query = _topics().where(
        _topic.c.asked_at.is_(None), _topic.c.closed_at.is_(None), _topic.c.planned_on <= today
    )
    return _read(connection, query.order_by(_topic.c.planned_on, _topic.c.id).limit(20))


def read_unread(connection: Connection) -> tuple[Topic, ...]:
    """Return the open topics with answers that nobody made a wish of, inside a read."""
    free = select(_answer.c.id).where(
        _answer.c.topic_id == _topic.c.id, _answer.c.demand_id.is_(None)
    )
    query = _topics().where(
        _topic.c.asked_at.is_not(None), _topic.c.closed_at.is_(None), free.exists()
    )
    return _read(connection, query.order_by(_topic.c.asked_at, _topic.c.id).limit(20))


def _wished(connection: Connection, topic_id: int) -> Sequence[Wished]:
    came = (
        select(func.coalesce(_demand.c.merged_into, _demand.c.id))
        .join(_answer, _answer.c.demand_id == _demand.c.id)
        .where(_answer.c.topic_id == topic_id)
    )
    people = (
        select(func.count()).where(_wish.c.demand_id == _demand.c.id).correlate(_demand)
    ).scalar_subquery()
    query = select(_demand.c.title, _demand.c.status, people.label("people")).where(
        _demand.c.id.in_(came), _demand.c.merged_into.is_(None)
    )
    return [
        Wished(row.title, row.people, row.status == "offered")
        for row in connection.execute(query.order_by(_demand.c.id).limit(100))
    ]


def _topics() -> Select[Any]:
    count = (
        select(func.count())
        .where(_answer.c.topic_id == _topic.c.id)
        .correlate(_topic)
        .scalar_subquery()
    )
    wishes = (
        select(func.count(_answer.c.demand_id))
        .where(_answer.c.topic_id == _topic.c.id)
        .correlate(_topic)
        .scalar_subquery()
    )
    return select(_topic, count.label("answers"), wishes.label("wishes"))


def _read(connection: Connection, query: Select[Any]) -> tuple[Topic, ...]:
    return tuple(
        Topic(
            id=row.id,
            question=row.question,
            planned_on=row.planned_on,
            note=row.note,
            asked_at=row.asked_at,
            closed_at=row.closed_at,
            answers=row.answers,
            wishes=row.wishes,
            version=row.version,
        )
        for row in connection.execute(query)
    )
