"""Reads of what the books hold of limited offers, inside a transaction or for a preview."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from lib.db import schema
from lib.kernel.quantity import Unit
from lib.members.profiles.queries import foreseen
from lib.members.profiles.rules import Home
from lib.shop.shop import DESK, Shop
from lib.trade.orders.allowance.rules import (
    Asked,
    Coming,
    Excess,
    Household,
    Limits,
    Taken,
    excesses,
    household_of,
)

PART = 500
"""Ids named in one statement at most."""


@dataclass(frozen=True)
class Allowances:
    """The limited offers of a round, and what standing orders have of them."""

    limits: tuple[Limits, ...] = ()
    taken: tuple[Taken, ...] = ()


def allowances_in(
    connection: Connection, round_id: int, product_ids: Iterable[int] | None = None
) -> Allowances:
    """Return the limited offers of a round with what was ordered of them; empty without limits.

    Of ``product_ids``, or of all.
    """
    limits = _limits(connection, round_id, product_ids)
    if not limits:
        return Allowances()
    return Allowances(tuple(limits), tuple(_taken(connection, round_id, limits)))


def beyond(
    shop: Shop, round_id: int, coming: Sequence[Coming], leaving: Collection[int] = ()
) -> list[Excess]:
    """Return which orders of a preview go beyond the limits of their round, in their order.

    It decides as :func:`lib.trade.orders.commands.book_intake` will, with the members that orders
    would belong to. Orders in ``leaving`` are about to be cancelled.
    """
    shop.require(DESK)
    with shop.read() as connection:
        rows = {row.order_id: row for row in standing(connection, _order_ids(coming))}
        numbers = {round_id} | {row.round_id for row in rows.values() if row.round_id is not None}
        held = {number: allowances_in(connection, number) for number in sorted(numbers)}
        if not any(one.limits for one in held.values()):
            return []
        homes = households_of(connection, (row.member_id for row in rows.values()))
    new = [one for one in coming if one.order_id is None]
    members = foreseen(shop, [(one.hint, one.member_id) for one in new])
    foreseen_homes = {
        one.key: household_of(member.home, member.id)
        for one, member in zip(new, members, strict=True)
    }
    by_round: dict[int | None, list[Asked]] = {}
    for one in coming:
        row = rows.get(one.order_id or 0)
        household = foreseen_homes[one.key] if row is None else homes[row.member_id][1]
        asked = Asked(
            one.key, household, one.hint.nickname, one.wanted, one.order_id, one.permitted
        )
        by_round.setdefault(round_id if row is None else row.round_id, []).append(asked)
    found = [
        excess
        for number, asked_there in by_round.items()
        if number in held
        for excess in excesses(held[number].limits, held[number].taken, asked_there, leaving)
    ]
    places = {one.key: place for place, one in enumerate(coming)}
    return sorted(found, key=lambda excess: places[excess.key])


def _order_ids(coming: Iterable[Coming]) -> list[int]:
    return [one.order_id for one in coming if one.order_id is not None]


def households_of(
    connection: Connection, member_ids: Iterable[int]
) -> dict[int, tuple[str, Household]]:
    """Return nickname and household of each member."""
    members, found = schema.member, {}
    wanted = sorted(set(member_ids))
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        for row in connection.execute(select(members).where(members.c.id.in_(part))):
            home = Home(row.area, row.building, row.unit, row.room)
            found[row.id] = (row.nickname, household_of(home, row.id))
    return found


@dataclass(frozen=True)
class Standing:
    """An order as a limit sees it: whose it is and in which round, None for the shelf."""

    order_id: int
    round_id: int | None
    member_id: int


def standing(connection: Connection, order_ids: Iterable[int]) -> list[Standing]:
    """Return round and member of orders."""
    orders, found = schema.customer_order, []
    wanted = sorted(set(order_ids))
    for start in range(0, len(wanted), PART):
        query = select(orders.c.id, orders.c.round_id, orders.c.member_id).where(
            orders.c.id.in_(wanted[start : start + PART])
        )
        found += [Standing(*row) for row in connection.execute(query)]
    return found


def _limits(
    connection: Connection, round_id: int, product_ids: Iterable[int] | None
) -> list[Limits]:
    offers, products = schema.round_offer, schema.product
    query = (
        select(offers, products.c.name, products.c.sale_unit, products.c.unit_grams)
        .join(products, products.c.id == offers.c.product_id)
        .where(
            offers.c.round_id == round_id,
            offers.c.household_limit.is_not(None) | offers.c.available.is_not(None),
        )
        .order_by(offers.c.position, offers.c.id)
    )
    if product_ids is not None:
        query = query.where(offers.c.product_id.in_(sorted(set(product_ids))))
    rows = connection.execute(query).all()
    others = _welfare_rounds(connection, round_id, [row.product_id for row in rows])
    return [
        Limits(
            row.product_id,
            row.name,
            Unit(row.sale_unit, row.unit_grams),
            row.household_limit,
            row.available,
            others.get(row.product_id, frozenset()),
        )
        for row in rows
    ]


def _welfare_rounds(
    connection: Connection, round_id: int, product_ids: Sequence[int]
) -> dict[int, frozenset[int]]:
    """Return the other rounds of the month in which a welfare item of this round is offered."""
    here, there = schema.welfare_item, schema.welfare_item.alias("there")
    query = (
        select(there.c.product_id, there.c.round_id)
        .join(here, (here.c.product_id == there.c.product_id) & (here.c.month == there.c.month))
        .where(
            here.c.round_id == round_id,
            here.c.product_id.in_(list(product_ids)),
            there.c.round_id.is_not(None),
            there.c.round_id != round_id,
        )
    )
    found: dict[int, frozenset[int]] = {}
    for row in connection.execute(query) if product_ids else ():
        found[row.product_id] = found.get(row.product_id, frozenset()) | {row.round_id}
    return found


def _taken(connection: Connection, round_id: int, limits: Collection[Limits]) -> list[Taken]:
    orders, lines, members = schema.customer_order, schema.order_line, schema.member
    by_product = {one.product_id: {round_id, *one.elsewhere} for one in limits}
    rounds = set().union(*by_product.values())
    query = (
        select(
            orders.c.id, orders.c.round_id, lines.c.product_id, lines.c.ordered, lines.c.quantity,
            members.c.id.label("member_id"), members.c.nickname, members.c.area,
            members.c.building, members.c.unit, members.c.room,
        )
        .join(lines, lines.c.order_id == orders.c.id)
        .join(members, members.c.id == orders.c.member_id)
        .where(
            orders.c.round_id.in_(sorted(rounds)),
            orders.c.status == "active",
            lines.c.product_id.in_(sorted(by_product)),
            lines.c.cancelled_at.is_(None),
        )
        .order_by(orders.c.id, lines.c.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    return [_one(row, round_id) for row in rows if row.round_id in by_product[row.product_id]]


def _one(row: Any, round_id: int) -> Taken:
    home = Home(row.area, row.building, row.unit, row.room)
    return Taken(
        row.id,
        row.product_id,
        household_of(home, row.member_id),
        row.nickname,
        min(row.ordered, row.quantity),
        row.quantity,
        row.round_id == round_id,
    )
