"""Reads what was earned, from the same books as the cost sheets (E15). Owner only."""

from datetime import date

from sqlalchemy import Connection, and_, func, select

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.shop.settings import Settings
from lib.shop.shop import OWNER_ONLY, Shop
from lib.trust.books.queries import measured
from lib.trust.books.rules import Scope, month_of, round_days
from lib.trust.costs.draft.queries import typed_costs
from lib.trust.costs.profit.rules import Profit, Stage, earned, loss_makers_first

MONTHS = 12
MOST_ROUNDS = 31

_round, _gift = schema.buying_round, schema.gift


def profit(shop: Shop, scope: Scope) -> Profit:
    """Return what every product that was sold in ``scope`` earned, loss makers first.

    What gifts cost in these days is a line of its own.
    """
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return _profit(connection, shop.settings, scope)


def months(shop: Shop, count: int = MONTHS) -> tuple[Stage, ...]:
    """Return what the last ``count`` months earned, this one so far, oldest first."""
    shop.require(OWNER_ONLY)
    this = shop.today.replace(day=1)
    firsts = [months_later(this, -ago) for ago in range(count - 1, -1, -1)]
    with shop.read() as connection:
        return tuple(
            Stage(first, _profit(connection, shop.settings, month_of(first, shop.today)))
            for first in firsts
        )


def rounds(shop: Shop, first: date, last: date) -> tuple[Stage, ...]:
    """Return what the rounds collected from ``first`` to ``last`` earned, newest first.

    At most :data:`MOST_ROUNDS`, cancelled orders left out as everywhere.
    """
    shop.require(OWNER_ONLY)
    query = (
        select(_round.c.id, _round.c.title, _round.c.pickup_day)
        .where(_round.c.pickup_day.between(first, last))
        .order_by(_round.c.pickup_day.desc(), _round.c.id.desc())
        .limit(MOST_ROUNDS)
    )
    days = shop.settings.cost_days
    with shop.read() as connection:
        return tuple(
            Stage(
                row.pickup_day,
                _profit(connection, shop.settings, round_days(row.id, row.pickup_day, days)),
                row.id,
                row.title,
            )
            for row in connection.execute(query).all()
        )


def _profit(connection: Connection, settings: Settings, scope: Scope) -> Profit:
    typed = {
        product_id: {part: cost for part, (cost, _version) in mine.items()}
        for product_id, mine in typed_costs(connection, scope).items()
    }
    found = measured(connection, settings, scope).values()
    lines = [
        earned(one, typed.get(one.product_id, {}))
        for one in found
        if one.quantity or one.revenue or one.cost
    ]
    return Profit(loss_makers_first(lines), _gifts(connection, settings, scope))


def _gifts(connection: Connection, settings: Settings, scope: Scope) -> Money:
    """Return what the gifts given in the days of ``scope`` cost; a round gives none."""
    if scope.round_id is not None:
        return Money(0)
    begins = day_bounds(scope.first, settings.time_zone)[0]
    ends = day_bounds(scope.last, settings.time_zone)[1]
    given = and_(_gift.c.given_at >= begins, _gift.c.given_at < ends)
    query = select(func.coalesce(func.sum(_gift.c.cost_fen), 0)).where(given)
    return Money(int(connection.execute(query).scalar_one()))
