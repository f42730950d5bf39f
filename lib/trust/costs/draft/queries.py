"""Reads what the next sheet would say of every product on sale (R20).

A part of the price that the owner typed (``product_cost``) stands as typed and is marked; every
other part is what the books say for the chosen days or round. The draft and the profit report read
the same books, so they say the same of the same days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.kernel.money import Money
from lib.shop.settings import Settings
from lib.shop.shop import OWNER_ONLY, Shop
from lib.trust.books.queries import measured
from lib.trust.books.rules import Measured, Scope, last_days
from lib.trust.costs.draft.rules import IN_BOOKS, by_hand, unit_costs
from lib.trust.costs.rules import (
    Cost,
    Line,
    Part,
    Period,
    Remark,
    digest,
    remarks_on,
)

MOST_PRODUCTS, MOST_ROUNDS = 500, 40

_product, _cost = schema.product, schema.product_cost
_round, _offer = schema.buying_round, schema.round_offer


@dataclass(frozen=True)
class DraftLine:
    """A product as the next sheet would show it; no ``line`` while its purchase price is missing.

    ``costs`` and ``versions`` are what the owner typed per part (version 0: nothing typed).
    ``measured`` is what the books say.
    ``round_title`` names the round whose price is used instead of the product's own.
    """

    product_id: int
    name: str
    unit: str
    category: str
    line: Line | None
    costs: Mapping[Part, Cost]
    versions: Mapping[Part, int]
    measured: Measured
    round_title: str | None = None

    @property
    def books(self) -> dict[Part, Money]:
        """What the books say per sale unit, of every part they know."""
        said = {part: self.measured.unit_cost(part) for part in IN_BOOKS}
        return {part: amount for part, amount in said.items() if amount is not None}


@dataclass(frozen=True)
class Draft:
    """What could be published now, and the names of the products that miss a purchase price.

    ``scope`` is what of the books was read.
    """

    products: tuple[DraftLine, ...]
    scope: Scope

    @property
    def period(self) -> Period:
        """The days whose books were read."""
        return Period(self.scope.first, self.scope.last)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are complete."""
        return tuple(item.line for item in self.products if item.line is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the products without a purchase price."""
        return tuple(item.name for item in self.products if item.line is None)

    def chosen(self, product_ids: Iterable[int]) -> tuple[Line, ...]:
        """Return the complete lines of ``product_ids`` in the order of the draft."""
        wanted = set(product_ids)
        return tuple(line for line in self.lines if line.product_id in wanted)

    def remarks(self, product_ids: Iterable[int]) -> list[Remark]:
        """Return what to look at before these products are published."""
        return [remark for line in self.chosen(product_ids) for remark in remarks_on(line)]

    def digest(self, product_ids: Iterable[int]) -> str:
        """Return the fingerprint of what the owner sees of these products now, days included."""
        return digest(self.chosen(product_ids), self.period)


def draft_sheet(shop: Shop, scope: Scope | None = None) -> Draft:
    """Return the costs of every product on sale as the next sheet would show them. Owner only.

    ``scope`` None reads the last ``cost_days`` days.
    """
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return draft(connection, shop.settings, shop.clock.now(), scope)


def draft(
    connection: Connection, settings: Settings, now: datetime, scope: Scope | None = None
) -> Draft:
    """Return the draft as of ``now`` inside an open transaction.

    With the scope of a round its goods alone are there, at the round's prices; otherwise all
    products on sale, those of open rounds at their price there.
    """
    scope = scope or usual_scope(settings, now)
    typed = typed_costs(connection, scope)
    offered = _offered_prices(connection, now, scope.round_id)
    query = (
        select(_product)
        .where(_product.c.archived_at.is_(None))
        .order_by(_product.c.category, _product.c.name, _product.c.id)
        .limit(MOST_PRODUCTS)
    )
    if scope.product_ids is not None:
        query = query.where(_product.c.id.in_(scope.product_ids))
    rows = connection.execute(query).all()
    if scope.round_id is not None:
        rows = [row for row in rows if row.id in offered]
    found = measured(connection, settings, scope)
    return Draft(
        tuple(
            _draft_line(row, typed.get(row.id, {}), offered.get(row.id), found[row.id])
            for row in rows
        ),
        scope,
    )


def unit_cost(
    connection: Connection, settings: Settings, product_id: int, now: datetime
) -> Line | None:
    """Return the line a product would have on the next sheet.

    None for a product that is not on sale or whose purchase price nobody knows.
    """
    scope = replace(usual_scope(settings, now), product_ids=frozenset({product_id}))
    found = draft(connection, settings, now, scope).lines
    return found[0] if found else None


def usual_scope(settings: Settings, now: datetime) -> Scope:
    """Return what of the books is read where nobody chose: the last ``cost_days`` days."""
    return last_days(local_day(now, settings.time_zone), settings.cost_days)


@dataclass(frozen=True)
class RoundName:
    """A round as one chooses it."""

    id: int
    title: str
    pickup_day: date


def recent_rounds(shop: Shop, limit: int = MOST_ROUNDS) -> tuple[RoundName, ...]:
    """Return the rounds collected last or to be collected, latest first. Owner only."""
    shop.require(OWNER_ONLY)
    query = (
        select(_round.c.id, _round.c.title, _round.c.pickup_day)
        .order_by(_round.c.pickup_day.desc(), _round.c.id.desc())
        .limit(limit)
    )
    with shop.read() as connection:
        return tuple(RoundName(*row) for row in connection.execute(query))


def typed_costs(connection: Connection, scope: Scope) -> dict[int, dict[Part, tuple[Cost, int]]]:
    """Return what the owner typed, with its version: product → part → cost of one sale unit."""
    typed: dict[int, dict[Part, tuple[Cost, int]]] = {}
    query = select(_cost)
    if scope.product_ids is not None:
        query = query.where(_cost.c.product_id.in_(scope.product_ids))
    for row in connection.execute(query):
        amount = None if row.amount_fen is None else Money(row.amount_fen)
        cost = Cost(amount, row.rate_per_10000, row.basis)
        typed.setdefault(row.product_id, {})[Part(row.kind)] = (cost, row.version)
    return typed


def _draft_line(
    row: Row[Any],
    typed: Mapping[Part, tuple[Cost, int]],
    offered: tuple[int, str] | None,
    found: Measured,
) -> DraftLine:
    costs = {part: cost for part, (cost, _version) in typed.items()}
    amounts = unit_costs(found, costs)
    line = None
    if amounts is not None:
        line = Line(
            product_id=row.id,
            name=row.name,
            unit=row.sale_unit,
            grams=row.unit_grams or row.content_grams,
            pieces=row.content_pieces,
            price=Money(offered[0] if offered else row.price_fen),
            photo=row.photo,
            by_hand=by_hand(found, costs),
            **{part.value: amount for part, amount in amounts.items()},
        )
    return DraftLine(
        row.id,
        row.name,
        row.sale_unit,
        row.category,
        line,
        costs,
        {part: version for part, (_cost, version) in typed.items()},
        found,
        offered[1] if offered else None,
    )


def _offered_prices(
    connection: Connection, now: datetime, round_id: int | None
) -> dict[int, tuple[int, str]]:
    """Prices of a round, or of those not yet cut off; of several the highest: none too low."""
    wanted = and_(_round.c.cut_off_at > now, _round.c.closed_at.is_(None))
    if round_id is not None:
        wanted = and_(_round.c.id == round_id)
    rows = connection.execute(
        select(_offer.c.product_id, _offer.c.price_fen, _round.c.title)
        .join(_round, _round.c.id == _offer.c.round_id)
        .where(wanted)
        .order_by(_offer.c.price_fen, _round.c.id)
    )
    return {row.product_id: (row.price_fen, row.title) for row in rows}
