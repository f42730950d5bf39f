"""Reads of festivals: what is planned, which households count, who has the gift (R35)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.festivals import Festival, FestivalDay, festival_day, festivals_between
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.members.gifts.choosing.queries import free_of
from lib.members.gifts.festivals import rules
from lib.members.gifts.festivals.rules import (
    BEHIND,
    CHILDREN_TAGS,
    Ahead,
    Household,
    Plan,
    Resident,
)
from lib.members.gifts.reading.queries import gifts_where
from lib.members.gifts.rules import Need, Present, household_in, household_of
from lib.members.profiles.rules import Home
from lib.shop.shop import DESK, Shop

MOST_RESIDENTS = 20_000

_plan, _gift, _product = schema.festival_plan, schema.gift, schema.product
_order, _member, _liking = schema.customer_order, schema.member, schema.preference


@dataclass(frozen=True)
class FestivalList:
    """A festival with its households in walking order. ``free`` is what lies there for it.

    ``free`` is None where nothing out of the stock is planned.
    """

    ahead: Ahead
    households: tuple[Household, ...]
    free: int | None

    @property
    def cost(self) -> Money | None:
        """What all households together cost at what one costs now; None when not known."""
        if self.ahead.plan is None:
            return None
        return rules.cost_in_all(self.ahead.plan.present, len(self.households))


def festival_list(shop: Shop, festival: Festival, year: int) -> FestivalList:
    """Return the households of a festival of ``year``; raises ``NotFound`` for an unknown year."""
    shop.require(DESK)
    day = festival_day(festival, year)
    if day is None:
        raise NotFound(N_("This festival is not known for that year."))
    on = FestivalDay(festival, day, year)
    with shop.read() as connection:
        plan = _plans(connection, shop, [on]).get((festival, year))
        inside = households_in(connection, shop, on)
        free = _free(connection, shop.today, [plan] if plan else [])
    ahead = _ahead(shop, on, plan, inside, free)
    product_id = plan.present.product_id if plan else None
    return FestivalList(ahead, inside, None if product_id is None else free.get(product_id, 0))


def festivals_ahead(shop: Shop, days: int) -> tuple[Ahead, ...]:
    """Return the festivals of the next ``days`` days, and planned ones of the last two weeks.

    By day. Those behind are there while a household has nothing yet.
    """
    shop.require(DESK)
    with shop.read() as connection:
        return ahead_in(connection, shop, days)


def ahead_in(connection: Connection, shop: Shop, days: int) -> tuple[Ahead, ...]:
    """Return what :func:`festivals_ahead` says, in an open transaction."""
    today = shop.today
    found = festivals_between(today - BEHIND, today + timedelta(days=days))
    plans = _plans(connection, shop, found)
    shown = [one for one in found if one.day >= today or _gives(plans.get(_key(one)))]
    free = _free(connection, today, [plan for plan in plans.values() if _runs(plan)])
    upcoming = [one for one in shown if one.day >= today]
    near = _near(connection, shop, upcoming, plans)
    every = []
    for one in shown:
        plan = plans.get(_key(one))
        if plan is not None and plan.skipped:
            inside: tuple[Household, ...] = ()
        else:
            known = near if one.day >= today else None
            inside = households_in(connection, shop, one, known)
        every.append(_ahead(shop, one, plan, inside, free))
    return tuple(one for one in every if one.festival_day.day >= today or one.left)


def needs_in(connection: Connection, shop: Shop, days: int) -> list[Need]:
    """Return the goods that planned festivals of the next ``days`` days still need."""
    return [
        Need(
            one.plan.present.product_id,
            max(one.festival_day.day, shop.today),
            one.plan.present.quantity * one.left,
            one.left,
        )
        for one in ahead_in(connection, shop, days)
        if one.plan is not None
        and not one.plan.skipped
        and one.plan.present.product_id is not None
        and one.plan.present.quantity is not None
        and one.left
    ]


def households_in(
    connection: Connection,
    shop: Shop,
    on: FestivalDay,
    residents: Sequence[Resident] | None = None,
) -> tuple[Household, ...]:
    """Return the households that count for a festival, in walking order, with their gifts (R35).

    Those that ordered within the setting's days before it, and those who have their gift already.
    ``residents`` are who ordered, where that is known.
    """
    mine = and_(_gift.c.occasion == on.festival.value, _gift.c.year == on.year)
    given = and_(mine, _gift.c.given_at.is_not(None))
    found = gifts_where(connection, shop.may_see_cost, given, most=MOST_RESIDENTS)
    by_member = {gift.member_id: gift for _key, gift in found}
    residents = list(_residents(connection, shop, on) if residents is None else residents)
    if on.festival is Festival.CHILDREN:
        residents = _tagged(connection, residents)
    there = {one.member_id for one in residents}
    residents += [
        Resident(gift.member_id, gift.name, gift.home)
        for gift in by_member.values()
        if gift.member_id not in there
    ]
    by_door = {household_in(key): gift for key, gift in found}
    return rules.households(residents, by_door, by_member)


def tagged_for_children(connection: Connection, member_ids: Collection[int]) -> set[int]:
    """Return those of ``member_ids`` whose parents asked for something on Children's Day."""
    relative = _member.alias("relative")
    root = func.coalesce(relative.c.merged_into, relative.c.id)
    query = (
        select(root)
        .join(_liking, _liking.c.member_id == relative.c.id)
        .where(
            _liking.c.kind == "tag",
            _liking.c.state == "accepted",
            func.lower(_liking.c.name).in_(CHILDREN_TAGS),
        )
    )
    return set(connection.execute(query).scalars()) & set(member_ids)


def _tagged(connection: Connection, residents: list[Resident]) -> list[Resident]:
    """Return those behind a door where a parent asked for the tag."""
    tagged = tagged_for_children(connection, [one.member_id for one in residents])
    doors = rules.households([one for one in residents if one.member_id in tagged], {}, {})
    keys = {one.key for one in doors}
    return [one for one in residents if household_of(one.member_id, one.home) in keys]


def _near(
    connection: Connection,
    shop: Shop,
    upcoming: Sequence[FestivalDay],
    plans: Mapping[tuple[Festival, int], Plan],
) -> list[Resident]:
    """Return who ordered before festivals that come; read once for all that are not left out."""
    wanted = [one for one in upcoming if _key(one) not in plans or _runs(plans[_key(one)])]
    return _residents(connection, shop, wanted[-1]) if wanted else []


def _residents(connection: Connection, shop: Shop, on: FestivalDay) -> list[Resident]:
    """Return who ordered within the setting's days before a festival, or before today."""
    today = shop.today
    first = min(on.day, today) - timedelta(days=shop.settings.festival_household_days)
    last = max(on.day, today)
    root = func.coalesce(_member.c.merged_into, _member.c.id)
    then = func.max(case((_order.c.pickup_day == on.day, 1), else_=0))
    inner = (
        select(root.label("id"), then.label("then"))
        .join(_member, _member.c.id == _order.c.member_id)
        .where(_order.c.status == "active", _order.c.pickup_day.between(first, last))
        .group_by(root)
        .subquery("came")
    )
    query = (
        select(_member, inner.c.then)
        .join(inner, inner.c.id == _member.c.id)
        .where(_member.c.erased_at.is_(None))
        .order_by(_member.c.id)
        .limit(MOST_RESIDENTS)
    )
    return [
        Resident(
            row.id, row.nickname, Home(row.area, row.building, row.unit, row.room), bool(row.then)
        )
        for row in connection.execute(query)
    ]


def _plans(
    connection: Connection, shop: Shop, days: Iterable[FestivalDay]
) -> dict[tuple[Festival, int], Plan]:
    wanted = [(one.festival.value, one.year) for one in days]
    if not wanted:
        return {}
    query = (
        select(_plan, _product.c.name, _product.c.sale_unit, _product.c.unit_grams)
        .outerjoin(_product, _product.c.id == _plan.c.product_id)
        .where(or_(*(_named(*pair) for pair in wanted)))
    )
    found = (_plan_of(row, shop.may_see_cost) for row in connection.execute(query))
    return {(one.festival, one.year): one for one in found}


def _named(festival: str, year: int) -> Any:
    return and_(_plan.c.festival == festival, _plan.c.year == year)


def _plan_of(row: Row[Any], may_see_cost: bool) -> Plan:
    unit = None if row.product_id is None else Unit(row.sale_unit, row.unit_grams)
    cost = Money(row.cost_fen) if may_see_cost else None
    what = row.what if row.product_id is None else row.name
    present = Present(row.product_id, row.quantity, what, cost, unit)
    return Plan(
        row.id, row.version, Festival(row.festival), row.year, present, row.skipped, row.note
    )


def _free(connection: Connection, today: date, plans: Iterable[Plan]) -> dict[int, int]:
    products = {plan.present.product_id for plan in plans}
    return free_of(connection, today, products - {None})  # type: ignore[arg-type]


def _ahead(
    shop: Shop,
    on: FestivalDay,
    plan: Plan | None,
    inside: tuple[Household, ...],
    free: dict[int, int],
) -> Ahead:
    given = sum(one.gift is not None for one in inside)
    left = len(inside) - given
    missing = False
    if plan is not None and plan.present.product_id is not None:
        needed = (plan.present.quantity or 0) * left
        missing = needed > free.get(plan.present.product_id, 0)
    state = rules.festival_state(
        on.day,
        shop.today,
        shop.settings,
        plan,
        households=len(inside),
        given=given,
        missing=missing,
    )
    return Ahead(on, plan, len(inside), given, state)


def _runs(plan: Plan | None) -> bool:
    return plan is not None and not plan.skipped


def _gives(plan: Plan | None) -> bool:
    return plan is not None and not plan.skipped and not plan.present.is_wishes


def _key(one: FestivalDay) -> tuple[Festival, int]:
    return one.festival, one.year
