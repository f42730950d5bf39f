"""Reads of gifts: what comes, what is planned, what must be bought, what was given (R34, R35)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.kernel.festivals import festivals_between
from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.kernel.quantity import Unit
from lib.members.birthdays.queries import Upcoming, upcoming
from lib.members.consents.queries import agreeing
from lib.members.consents.rules import Purpose
from lib.members.gifts import rules
from lib.members.gifts.choosing.queries import Suggestion, free_of, suggestions, unreserved
from lib.members.gifts.festivals.queries import ahead_in, needs_in
from lib.members.gifts.festivals.rules import Ahead
from lib.members.gifts.reading.queries import gifts_where
from lib.members.gifts.rules import BIRTHDAY, Gift, Need, State
from lib.members.profiles.queries import family_ids
from lib.shop.shop import DESK, Shop

__all__ = ["Suggestion", "suggestions"]

MOST_GIFTS = 500
MOST_OF_MEMBER = 50

_gift, _plan = schema.gift, schema.festival_plan
_product, _term, _supplier = schema.product, schema.supply_term, schema.supplier
_member = schema.member

OPEN = and_(_gift.c.given_at.is_(None), _gift.c.cancelled_at.is_(None))
STANDING = _gift.c.cancelled_at.is_(None)


@dataclass(frozen=True)
class Celebration:
    """A birthday ahead, its gift if one is planned or given, and how that stands.

    ``agrees_to_messages``: they may be written to in the private chat.
    """

    upcoming: Upcoming
    gift: Gift | None
    state: State
    agrees_to_messages: bool


@dataclass(frozen=True)
class LookAhead:
    """What comes: birthdays and festivals by day, and planned gifts whose day is over."""

    last: date
    birthdays: tuple[Celebration, ...]
    festivals: tuple[Ahead, ...]
    late: tuple[Gift, ...]


@dataclass(frozen=True)
class ToBuy:
    """A product of which too little is there for planned gifts.

    ``needed`` and ``missing`` in grams or sale units, ``by`` the day of the first gift that lacks.
    ``supplier`` is who usually delivers it, empty for those who may not see that.
    """

    product_id: int
    name: str
    unit: Unit
    needed: int
    missing: int
    by: date
    gifts: int
    supplier_id: int | None
    supplier: str


@dataclass(frozen=True)
class Spent:
    """What the gifts given in a month cost, by occasion; None for those who may not see cost."""

    month: date
    count: int
    total: Money | None
    by_occasion: tuple[tuple[str, int, Money | None], ...]


@dataclass(frozen=True)
class GiftsDue:
    """What is due for the Today page (E16).

    ``birthdays`` and ``festivals`` are ahead and have no gift yet, by day; ``late`` counts planned
    gifts whose day is over, ``to_buy`` products missing for what is planned.
    """

    birthdays: tuple[Celebration, ...]
    festivals: tuple[Ahead, ...]
    late: int
    to_buy: int

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.birthdays or self.festivals or self.late or self.to_buy)


def look_ahead(shop: Shop, days: int | None = None) -> LookAhead:
    """Return who has a birthday and which festivals come in ``days``, each with its state.

    Without ``days`` those of the setting; today counts (R34, R35).
    """
    shop.require(DESK)
    days = shop.settings.gift_first_notice_days if days is None else days
    last = shop.today + timedelta(days=days)
    with shop.read() as connection:
        born = _celebrations(connection, shop, last)
        festivals = ahead_in(connection, shop, days)
        late = _late(connection, shop, born)
    return LookAhead(last, born, festivals, late)


def due(shop: Shop) -> GiftsDue:
    """Return what of gifts is due, for Today; a few statements, bounded by the days ahead."""
    found = look_ahead(shop)
    return GiftsDue(
        tuple(one for one in found.birthdays if one.state is not State.GIVEN),
        tuple(
            one
            for one in found.festivals
            if one.state in (State.NOTHING, State.NOT_READY, State.PLANNED)
        ),
        len(found.late),
        len(to_buy(shop)) if _anything_planned(shop) else 0,
    )


def gifts_of(shop: Shop, member_id: int) -> tuple[Gift, ...]:
    """Return the gifts of a member and of files merged into theirs, the newest first.

    Those that were given up are left out.
    """
    shop.require(DESK)
    with shop.read() as connection:
        mine = _gift.c.member_id.in_(family_ids(connection, member_id))
        found = gifts_where(connection, shop.may_see_cost, mine, STANDING, most=MOST_OF_MEMBER)
    return tuple(gift for _key, gift in reversed(found))


def given_in(shop: Shop, month: date) -> tuple[Gift, ...]:
    """Return the gifts given in the month of ``month``, the newest first."""
    shop.require(DESK)
    with shop.read() as connection:
        found = gifts_where(connection, shop.may_see_cost, _in_month(shop, month), most=MOST_GIFTS)
    given = [gift for _key, gift in found]
    return tuple(sorted(given, key=_given, reverse=True))


def spent(shop: Shop, month: date) -> Spent:
    """Return what the gifts given in the month of ``month`` cost, the dearest occasion first."""
    shop.require(DESK)
    query = (
        select(_gift.c.occasion, func.count(), func.sum(_gift.c.cost_fen))
        .where(_in_month(shop, month))
        .group_by(_gift.c.occasion)
        .order_by(func.sum(_gift.c.cost_fen).desc(), _gift.c.occasion)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    seen = shop.may_see_cost
    parts = tuple(
        (occasion, int(count), Money(int(fen)) if seen else None) for occasion, count, fen in rows
    )
    whole = Money(sum(int(row[2]) for row in rows)) if seen else None
    return Spent(month.replace(day=1), sum(int(row[1]) for row in rows), whole, parts)


def to_buy(shop: Shop) -> tuple[ToBuy, ...]:
    """Return what is missing for planned gifts of the days ahead, the first day first (R34).

    Held against what lies in the shop and is not reserved; late gifts count for today.
    """
    shop.require(DESK)
    days = shop.settings.gift_first_notice_days
    last = shop.today + timedelta(days=days)
    with shop.read() as connection:
        needs = [*_needs(connection, shop.today, last), *needs_in(connection, shop, days)]
        ids = {need.product_id for need in needs}
        free = unreserved(connection, shop.today, ids)
        short = rules.shortages(needs, free)
        names = _names(connection, [one.product_id for one in short])
        sources = _sources(connection, names) if shop.may_see_cost else {}
    return tuple(
        ToBuy(
            one.product_id,
            *names[one.product_id],
            one.needed,
            one.missing,
            one.by,
            one.gifts,
            *sources.get(one.product_id, (None, "")),
        )
        for one in short
    )


def _given(gift: Gift) -> tuple[datetime, int]:
    assert gift.given_at is not None
    return gift.given_at, gift.id


def _celebrations(connection: Connection, shop: Shop, last: date) -> tuple[Celebration, ...]:
    """Return the birthdays from today to ``last`` with their gifts, by day."""
    born = upcoming(connection, shop.today, last, shop.settings)
    if not born:
        return ()
    gifts = _birthday_gifts(connection, shop, born)
    writes = agreeing(connection, Purpose.MESSAGES, [one.member_id for one in born])
    short = _short(connection, shop, [gift for gift in gifts.values() if gift.is_open])
    found = []
    for one in born:
        gift = gifts.get((one.member_id, one.year))
        state = rules.state_of(
            one.day,
            shop.today,
            shop.settings,
            planned=gift is not None,
            given=gift is not None and gift.given_at is not None,
            missing=gift is not None and gift.present.product_id in short,
        )
        found.append(Celebration(one, gift, state, one.member_id in writes))
    return tuple(found)


def _birthday_gifts(
    connection: Connection, shop: Shop, born: Sequence[Upcoming]
) -> dict[tuple[int, int], Gift]:
    """Return the gifts of these birthdays by member and year; given ones before planned ones."""
    ids = {one.member_id for one in born}
    family = select(_member.c.id).where(_member.c.id.in_(ids) | _member.c.merged_into.in_(ids))
    found = gifts_where(
        connection,
        shop.may_see_cost,
        _gift.c.occasion == BIRTHDAY,
        _gift.c.year.in_({one.year for one in born}),
        _gift.c.member_id.in_(family),
        STANDING,
        most=MOST_GIFTS,
    )
    given_last = sorted((gift for _key, gift in found), key=lambda gift: gift.given_at is not None)
    return {(gift.member_id, gift.year): gift for gift in given_last}


def _short(connection: Connection, shop: Shop, gifts: Iterable[Gift]) -> set[int]:
    """Return the products of which less lies there than planned gifts take."""
    ids = {gift.present.product_id for gift in gifts} - {None}
    free = free_of(connection, shop.today, ids)  # type: ignore[arg-type]
    # What is planned is taken off already: below zero means that it does not suffice. Goods whose
    # stock is not kept are missing in no list.
    return {product_id for product_id, left in free.items() if left < 0}


def _late(connection: Connection, shop: Shop, born: Sequence[Celebration]) -> tuple[Gift, ...]:
    shown = {one.gift.id for one in born if one.gift is not None}
    over = _gift.c.day < shop.today
    found = gifts_where(connection, shop.may_see_cost, OPEN, over, most=MOST_GIFTS)
    return tuple(gift for _key, gift in found if gift.id not in shown)


def _anything_planned(shop: Shop) -> bool:
    """Whether goods are planned as gifts, so that some may be missing."""
    last = shop.today + timedelta(days=shop.settings.gift_first_notice_days)
    gifts = select(_gift.c.id).where(OPEN, _gift.c.product_id.is_not(None), _gift.c.day <= last)
    years = {one.year for one in festivals_between(shop.today, last)}
    plans = select(_plan.c.id).where(_plan.c.product_id.is_not(None), _plan.c.year.in_(years))
    with shop.read() as connection:
        found = (connection.execute(query.limit(1)).first() for query in (gifts, plans))
        return any(row is not None for row in found)


def _needs(connection: Connection, today: date, last: date) -> list[Need]:
    query = (
        select(_gift.c.product_id, _gift.c.day, func.sum(_gift.c.quantity), func.count())
        .where(OPEN, _gift.c.product_id.is_not(None), _gift.c.day <= last)
        .group_by(_gift.c.product_id, _gift.c.day)
    )
    return [
        Need(product_id, max(day, today), int(quantity), int(count))
        for product_id, day, quantity, count in connection.execute(query)
    ]


def _names(connection: Connection, product_ids: Collection[int]) -> dict[int, tuple[str, Unit]]:
    if not product_ids:
        return {}
    query = select(
        _product.c.id, _product.c.name, _product.c.sale_unit, _product.c.unit_grams
    ).where(_product.c.id.in_(product_ids))
    return {
        row.id: (row.name, Unit(row.sale_unit, row.unit_grams)) for row in connection.execute(query)
    }


def _sources(connection: Connection, product_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return who usually delivers these products; the preferred supplier where there is one."""
    if not product_ids:
        return {}
    query = (
        select(_term.c.product_id, _supplier.c.id, _supplier.c.name)
        .join(_supplier, _supplier.c.id == _term.c.supplier_id)
        .where(_term.c.product_id.in_(product_ids))
        .order_by(_term.c.preferred, _term.c.id.desc())
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def _in_month(shop: Shop, month: date) -> ColumnElement[bool]:
    first = month.replace(day=1)
    begins = day_bounds(first, shop.settings.time_zone)[0]
    ends = day_bounds(months_later(first, 1), shop.settings.time_zone)[0]
    return and_(_gift.c.given_at >= begins, _gift.c.given_at < ends)
