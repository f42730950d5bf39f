"""Reads of activities (R12): plan, checklist, who came, what they ordered before and after.

For owner and staff; who came is shown nowhere else, and leaves no list of the week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, distinct, func, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.members.profiles.queries import matches
from lib.members.profiles.rules import Hint
from lib.shop.language import translator
from lib.shop.messages.events import ACTIVITY, ACTIVITY_THANKS
from lib.shop.messages.wording import said
from lib.shop.shop import DESK, Shop
from lib.trust.community.activities import rules, texts
from lib.trust.community.activities.rules import Details, Kind, Orders, Status, Window

MOST = 200
"""Activities one list shows, latest day first."""
MOST_DUE = 20

_activity, _task = schema.activity, schema.activity_task
_guest, _goods, _photo = schema.activity_guest, schema.activity_product, schema.activity_photo
_member, _order, _line = schema.member, schema.customer_order, schema.order_line


@dataclass(frozen=True)
class Activity:
    """One activity with what is counted of it. ``heads`` is who really came, children too."""

    id: int
    details: Details
    status: Status
    cancel_reason: str
    heads: int | None
    tasks: int
    tasks_done: int
    guests: int
    photos: int
    published: int
    version: int

    @property
    def title(self) -> str:
        """Its title."""
        return self.details.title

    @property
    def day(self) -> date:
        """Its day."""
        return self.details.day

    @property
    def tasks_open(self) -> int:
        """Lines of the checklist that are still to be done."""
        return self.tasks - self.tasks_done

    @property
    def per_head(self) -> Money | None:
        """What it cost per person who came."""
        return rules.cost_per_head(self.details.cost, self.heads)


@dataclass(frozen=True)
class Task:
    """One line of a checklist; ``done_by`` is who ticked it."""

    id: int
    text: str
    done_at: datetime | None
    done_by: str
    version: int


@dataclass(frozen=True)
class Goods:
    """A product that is shown at an activity."""

    product_id: int
    name: str


@dataclass(frozen=True)
class Guest:
    """A member who came; a merged one stands under the member it became."""

    member_id: int
    nickname: str


@dataclass(frozen=True)
class NameMatch:
    """A pasted name and the one member it means, else the members it may mean."""

    name: str
    member: Guest | None
    candidates: tuple[Guest, ...] = ()


@dataclass(frozen=True)
class Effect:
    """Orders of the guests before and after. Side by side, no more: nobody knows why they order.

    ``over`` of ``days`` days after the activity are over.
    """

    days: int
    over: int
    window: Window
    before: Orders
    after: Orders

    @property
    def is_complete(self) -> bool:
        """Whether the time after it is over, so that both sides are of one length."""
        return self.over >= self.days


def activities(shop: Shop, limit: int = MOST) -> tuple[Activity, ...]:
    """Return the activities, latest day first."""
    shop.require(DESK)
    query = _activities().order_by(_activity.c.day.desc(), _activity.c.id.desc()).limit(limit)
    with shop.read() as connection:
        return _read(connection, query)


def activity(shop: Shop, activity_id: int) -> Activity:
    """Return one activity; raises ``NotFound``."""
    shop.require(DESK)
    with shop.read() as connection:
        found = _read(connection, _activities().where(_activity.c.id == activity_id))
    if not found:
        raise NotFound(N_("This activity does not exist."))
    return found[0]


def tasks(shop: Shop, activity_id: int) -> tuple[Task, ...]:
    """Return the checklist of an activity in its order."""
    shop.require(DESK)
    people = schema.person
    query = (
        select(_task, people.c.name)
        .outerjoin(people, people.c.id == _task.c.done_by)
        .where(_task.c.activity_id == activity_id)
        .order_by(_task.c.position, _task.c.id)
        .limit(rules.MOST_TASKS)
    )
    with shop.read() as connection:
        return tuple(
            Task(row.id, row.text, row.done_at, row.name or "", row.version)
            for row in connection.execute(query)
        )


def goods(shop: Shop, activity_id: int) -> tuple[Goods, ...]:
    """Return the goods that are shown, by name."""
    shop.require(DESK)
    with shop.read() as connection:
        return _shown(connection, activity_id)


def goods_to_show(shop: Shop, limit: int = 500) -> dict[int, str]:
    """Return the products on sale by id, for choosing what is shown."""
    shop.require(DESK)
    products = schema.product
    query = (
        select(products.c.id, products.c.name)
        .where(products.c.archived_at.is_(None))
        .order_by(products.c.name, products.c.id)
        .limit(limit)
    )
    with shop.read() as connection:
        return {row.id: row.name for row in connection.execute(query)}


def guests(shop: Shop, activity_id: int) -> tuple[Guest, ...]:
    """Return the members who came, by name."""
    shop.require(DESK)
    with shop.read() as connection:
        query = (
            select(_member.c.id, _member.c.nickname)
            .where(_member.c.id.in_(_guest_ids(activity_id)))
            .order_by(_member.c.nickname, _member.c.id)
        )
        return tuple(Guest(row.id, row.nickname) for row in connection.execute(query))


def matched(shop: Shop, names: Sequence[str]) -> tuple[NameMatch, ...]:
    """Return whom each of ``names`` means; a name that several bear names nobody."""
    found = matches(shop, [Hint(name) for name in names])
    ids = {each for match in found for each in (match.member_id, *match.candidates) if each}
    with shop.read() as connection:
        query = select(_member.c.id, _member.c.nickname).where(_member.c.id.in_(ids))
        known = {row.id: Guest(row.id, row.nickname) for row in connection.execute(query)}
    return tuple(
        NameMatch(
            name,
            known.get(match.member_id or 0) if match.attaches else None,
            tuple(known[each] for each in match.candidates if each in known),
        )
        for name, match in zip(names, found, strict=True)
    )


def effect(shop: Shop, activity_id: int) -> Effect:
    """Return what the guests ordered in the days before and after; raises ``NotFound``.

    Active orders by when they were placed, without cancelled lines, at the value of their goods.
    """
    this, days = activity(shop, activity_id), shop.settings.activity_order_days
    span = rules.window(this.day, this.details.starts, days, shop.settings.time_zone)
    with shop.read() as connection:
        before = _orders(connection, activity_id, span.before, span.at)
        after = _orders(connection, activity_id, span.at, span.until)
    return Effect(days, rules.days_over(span, shop.clock.now()), span, before, after)


def announcement_of(shop: Shop, this: Activity) -> str:
    """Return the announcement for the group."""
    shop.require(DESK)
    with shop.read() as connection:
        names = [one.name for one in _shown(connection, this.id)]
    say, details = translator(shop.settings.language), this.details
    values = texts.announcement_values(
        details.title, details.day, details.starts, details.place, details.note,
        names, shop.today, say,
    )  # fmt: skip
    return said(shop, ACTIVITY, **values)


def thanks_of(shop: Shop, this: Activity) -> str:
    """Return the thanks for the group."""
    say = translator(shop.settings.language)
    values = texts.thanks_values(this.title, this.heads, this.published, say)
    return said(shop, ACTIVITY_THANKS, **values)


def read_activities(connection: Connection, first: date, last: date) -> tuple[Activity, ...]:
    """Return the activities of the days ``first`` to ``last`` inside an open read, by time."""
    query = _activities().where(_activity.c.day >= first, _activity.c.day <= last)
    ordered = query.order_by(_activity.c.day, _activity.c.starts, _activity.c.id)
    return _read(connection, ordered.limit(MOST))


def read_uncounted(connection: Connection, today: date) -> tuple[Activity, ...]:
    """Return the activities of days gone by, in the last 60, that nobody counted heads of."""
    query = _activities().where(
        _activity.c.day < today,
        _activity.c.day >= today - timedelta(days=60),
        _activity.c.status != Status.CANCELLED.value,
        _activity.c.heads.is_(None),
    )
    return _read(connection, query.order_by(_activity.c.day, _activity.c.id).limit(MOST_DUE))


def _orders(connection: Connection, activity_id: int, first: datetime, until: datetime) -> Orders:
    placed = and_(
        _order.c.member_id.in_(_guest_ids(activity_id)),
        _order.c.status == "active",
        _order.c.placed_at >= first,
        _order.c.placed_at < until,
    )
    amount = (
        select(func.coalesce(func.sum(_line.c.amount_fen), 0))
        .select_from(_line.join(_order, _order.c.id == _line.c.order_id))
        .where(placed, _line.c.cancelled_at.is_(None))
    )
    count = select(func.count(), func.count(distinct(_order.c.member_id))).where(placed)
    orders, members = connection.execute(count).one()
    return Orders(orders, members, Money(int(connection.execute(amount).scalar_one())))


def _guest_ids(activity_id: int) -> Select[Any]:
    """Return the members that the guests are today: a merged one is the member it became."""
    who = func.coalesce(_member.c.merged_into, _member.c.id)
    return (
        select(who)
        .join(_guest, _guest.c.member_id == _member.c.id)
        .where(_guest.c.activity_id == activity_id)
    )


def _shown(connection: Connection, activity_id: int) -> tuple[Goods, ...]:
    products = schema.product
    query = (
        select(products.c.id, products.c.name)
        .join(_goods, _goods.c.product_id == products.c.id)
        .where(_goods.c.activity_id == activity_id)
        .order_by(products.c.name, products.c.id)
    )
    return tuple(Goods(row.id, row.name) for row in connection.execute(query))


def _activities() -> Select[Any]:
    def count(table: Any, *conditions: ColumnElement[bool]) -> Any:
        counted = select(func.count()).select_from(table)
        mine = counted.where(table.c.activity_id == _activity.c.id, *conditions)
        return mine.correlate(_activity).scalar_subquery()

    there = _photo.c.removed_at.is_(None)
    return select(
        _activity,
        count(_task).label("tasks"),
        count(_task, _task.c.done_at.is_not(None)).label("tasks_done"),
        count(_guest).label("guests"),
        count(_photo, there).label("photos"),
        count(_photo, there, _photo.c.published_at.is_not(None)).label("published"),
    )


def _read(connection: Connection, query: Select[Any]) -> tuple[Activity, ...]:
    return tuple(
        Activity(
            id=row.id,
            details=Details(
                Kind(row.kind), row.title, row.day, row.starts, row.place, row.materials,
                row.note, None if row.cost_fen is None else Money(row.cost_fen),
                row.expected_heads,
            ),
            status=Status(row.status),
            cancel_reason=row.cancel_reason,
            heads=row.heads,
            tasks=row.tasks,
            tasks_done=row.tasks_done,
            guests=row.guests,
            photos=row.photos,
            published=row.published,
            version=row.version,
        )
        for row in connection.execute(query)
    )  # fmt: skip
