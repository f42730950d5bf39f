"""Reads of the books: what every product cost and brought in a scope (R20, E15).

``measured`` joins an open read or write; ``books`` asks for a whole shop and lets cost leave only
to those who may see it. Both give the same figures: cost sheets and the profit report stand on
them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    func,
    literal,
    select,
    true,
)

from lib.db import schema
from lib.kernel.clock import day_bounds, local_day
from lib.kernel.errors import Refused
from lib.kernel.money import Money, ratio
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from lib.trade.packaging.rules import is_warm
from lib.trust.books import rules
from lib.trust.books.bags.queries import unlike_the_rule
from lib.trust.books.promises.queries import given_away
from lib.trust.books.refunds.queries import given, never_brought
from lib.trust.books.rules import (
    BAG,
    NO_SUMS,
    NOTHING_GIVEN,
    Exact,
    Givens,
    Goods,
    Measured,
    Scope,
    Sums,
)
from lib.trust.books.sums.queries import TRADE, stock, sums, trade

_order, _line, _product = schema.customer_order, schema.order_line, schema.product
_payment, _movement, _batch = schema.payment, schema.stock_movement, schema.batch
_change, _counter = schema.price_change, schema.stock_day

MOST_BATCHES = 50


@dataclass(frozen=True)
class BatchShare:
    """How much of what left came out of one batch; ``code`` empty: out of no batch.

    ``quantity`` is in base quantities, ``price`` per sale unit of the batch (None: none known).
    """

    code: str
    arrived_on: date | None
    quantity: int
    price: Money | None


def books(shop: Shop, scope: Scope) -> tuple[Measured, ...]:
    """Return what the books say of every product in ``scope``, by category and name.

    Raises ``Refused`` for those who may not see cost.
    """
    _require_cost(shop)
    with shop.read() as connection:
        return tuple(measured(connection, shop.settings, scope).values())


def measured(connection: Connection, settings: Settings, scope: Scope) -> dict[int, Measured]:
    """Return what the books say of the products of ``scope``, by category and name.

    Products on sale are all there; archived ones if something happened to them. Asked for some
    products only, packaging and delivery are rounded by themselves instead of being shared to the
    fen; costs per unit are the same either way.
    """
    if scope.round_id is None:
        found, carried = _of_days(connection, settings, scope), dict[int, Exact]()
    else:
        found, carried = _of_round(connection, settings, scope)
    away = given_away(connection, settings, scope)
    gone = dict.fromkeys([*away.pledge, *away.points], NO_SUMS)
    goods = _goods(connection, scope, gone | found)
    reckoned = _reckoned(connection, settings, scope, found, goods)
    cost = settings.delivery_cost.fen
    idle = never_brought(connection, _of_orders(scope)) if cost else frozenset()
    let_go = given(connection, _of_orders(scope), cost, BAG, idle)
    delivery = _delivery(connection, cost, scope, idle)
    unlike = unlike_the_rule(connection, settings, _of_orders(scope))
    givens = {
        one.product_id: Givens(
            let_go.refunded.get(one.product_id, 0),
            reckoned.get(one.product_id, 0),
            delivery.get(one.product_id, 0) + let_go.fees.get(one.product_id, 0),
            carried.get(one.product_id),
            let_go.rounded.get(one.product_id, 0),
            unlike.get(one.product_id, 0),
            away.pledge.get(one.product_id, NOTHING_GIVEN),
            let_go.coupons.get(one.product_id, 0),
            away.points.get(one.product_id, NOTHING_GIVEN),
        )
        for one in goods
    }
    whole = scope.product_ids is None
    result = rules.measure(goods, found, givens, settings, whole=whole)
    return {one.product_id: one for one in result}


def batch_shares(shop: Shop, scope: Scope, product_id: int) -> tuple[BatchShare, ...]:
    """Return which batches the goods of a product came out of, the newest first.

    Raises ``Refused`` for those who may not see cost.
    """
    _require_cost(shop)
    left = _movement.c.kind.in_(("sold", "returned", "assigned"))
    query = (
        select(
            _batch.c.code,
            _batch.c.arrived_on,
            _batch.c.unit_price_fen,
            func.sum(-_movement.c.quantity).label("quantity"),
        )
        .select_from(_movement)
        .outerjoin(_batch, _batch.c.id == _movement.c.batch_id)
        .where(
            _movement.c.product_id == product_id,
            left,
            _movement.c.owed_handover_id.is_(None),
            _movement.c.gift_id.is_(None),
        )
        .group_by(_batch.c.id, _batch.c.code, _batch.c.arrived_on, _batch.c.unit_price_fen)
        .having(func.sum(-_movement.c.quantity) > 0)
        .order_by(_batch.c.arrived_on.desc(), _batch.c.id.desc())
        .limit(MOST_BATCHES)
    )
    if scope.round_id is None:
        query = query.where(_movement.c.business_day.between(scope.first, scope.last))
    else:
        query = (
            query.join(_line, _line.c.id == _movement.c.line_id)
            .join(_order, _order.c.id == _line.c.order_id)
            .where(_order.c.round_id == scope.round_id)
        )
    with shop.read() as connection:
        return tuple(
            BatchShare(row.code or "", row.arrived_on, int(row.quantity), _money(row[2]))
            for row in connection.execute(query)
        )


def _require_cost(shop: Shop) -> None:
    if not shop.may_see_cost:
        raise Refused(N_("This is not for you to see. Sign in as somebody who may."))


def _of_days(connection: Connection, settings: Settings, scope: Scope) -> dict[int, Sums]:
    warm = rules.warm_days(scope, settings)
    return sums(connection, scope.first, scope.last, warm, scope.product_ids)


def _of_round(
    connection: Connection, settings: Settings, scope: Scope
) -> tuple[dict[int, Sums], dict[int, Exact]]:
    """Return the sums of a round's lines, and the loss its goods carry per base quantity."""
    wanted = _order.c.round_id == scope.round_id
    found: dict[int, Sums] = {}
    for row in connection.execute(trade(wanted, scope.product_ids)):
        before = found.get(row.product_id, NO_SUMS)
        warm = settings.ice_pack and is_warm(
            row.day.month, settings.ice_pack_from_month, settings.ice_pack_to_month
        )
        sold, amount, bags, wraps = (int(row._mapping[name]) for name in TRADE)
        found[row.product_id] = replace(
            before,
            sold=before.sold + sold,
            amount=before.amount + amount,
            bags=before.bags + bags,
            warm_bags=before.warm_bags + (bags if warm else 0),
            wraps=before.wraps + wraps,
        )
    for row in connection.execute(stock(wanted, of_lines=True)):
        if row.product_id in found:
            before = found[row.product_id]
            found[row.product_id] = replace(
                before,
                gone=before.gone + int(row.gone),
                gone_value=before.gone_value + int(row.gone_value),
                loose=before.loose + int(row.loose),
                returned=before.returned + int(row.came_back),
            )
    return found, _carried(connection, scope, found)


def _carried(connection: Connection, scope: Scope, found: Mapping[int, Sums]) -> dict[int, Exact]:
    """Return the loss of the scope's days per base quantity sold in them."""
    around = sums(connection, scope.first, scope.last, (), found.keys()) if found else {}
    goods = _goods(connection, replace(scope, product_ids=frozenset(around)), around)
    carried = {}
    for one in goods:
        mine = around[one.product_id]
        if mine.quantity:
            lost = rules.loss(one, mine, rules.purchase_price(one, mine))
            carried[one.product_id] = Exact(lost.fen, lost.parts * mine.quantity)
    return {product_id: carried.get(product_id, rules.NO_COST) for product_id in found}


def _goods(connection: Connection, scope: Scope, found: Mapping[int, Sums]) -> list[Goods]:
    """Return the products of ``scope`` by category and name."""
    on_sale = _product.c.archived_at.is_(None)
    query = select(
        _product.c.id,
        _product.c.name,
        _product.c.sale_unit,
        _product.c.unit_grams,
        _product.c.price_fen,
        _product.c.purchase_price_fen,
        on_sale.label("on_sale"),
    ).order_by(_product.c.category, _product.c.name, _product.c.id)
    if scope.product_ids is not None:
        query = query.where(_product.c.id.in_(scope.product_ids))
    rows = [row for row in connection.execute(query).all() if row[-1] or row[0] in found]
    unknown = [
        row.id
        for row in rows
        if row.purchase_price_fen is None and found.get(row.id, NO_SUMS).gone <= 0
    ]
    newest = _newest_prices(connection, scope, unknown)
    return [
        Goods(key, name, Unit(word, grams), Money(shelf), _money(usual), newest.get(key))
        for key, name, word, grams, shelf, usual, _on_sale in rows
    ]


def _newest_prices(
    connection: Connection, scope: Scope, product_ids: list[int]
) -> dict[int, Money]:
    """Return the price of the newest batch, for products of which nothing else is known."""
    if not product_ids:
        return {}
    query = (
        select(
            _batch.c.product_id,
            _batch.c.unit_price_fen,
            func.coalesce(_product.c.unit_grams, 1).label("now"),
            func.coalesce(_batch.c.unit_grams, 1).label("then"),
        )
        .join(_product, _product.c.id == _batch.c.product_id)
        .where(
            _batch.c.product_id.in_(product_ids),
            _batch.c.arrived_on <= scope.last,
            _batch.c.unit_price_fen.is_not(None),
            _batch.c.undone_at.is_(None),
            _batch.c.received > 0,
        )
        .order_by(_batch.c.arrived_on, _batch.c.id)
    )
    return {
        row.product_id: Money(ratio(row.unit_price_fen * row.now, row.then))
        for row in connection.execute(query)
    }


def _of_orders(scope: Scope) -> ColumnElement[bool]:
    if scope.round_id is not None:
        return _order.c.round_id == scope.round_id
    return _order.c.pickup_day.between(scope.first, scope.last)


def _delivery(
    connection: Connection, cost: int, scope: Scope, idle: Collection[int]
) -> dict[int, int]:
    """Return what bringing orders cost the shop per product, in fen times :data:`BAG`.

    What the resident did not pay of its ``cost`` (fen), in equal parts to the goods of the order;
    ``idle`` orders were paid back before anybody went.
    """
    if not cost:
        return {}
    paid = _order.c.delivery_fee_fen
    lines = (
        select(
            _line.c.product_id,
            case((paid < cost, cost - paid), else_=0).label("fen"),
            func.count().over(partition_by=_line.c.order_id).label("goods"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .where(
            _of_orders(scope),
            _order.c.delivery == true(),
            _order.c.status == "active",
            _line.c.cancelled_at.is_(None),
            _line.c.quantity > 0,
            _order.c.id.not_in(idle),
        )
        .subquery("line")
    )
    share = lines.c.fen * literal(BAG, literal_execute=True) // lines.c.goods
    query = select(lines.c.product_id, func.sum(share)).group_by(lines.c.product_id)
    return {row[0]: int(row[1]) for row in connection.execute(query) if _wanted(scope, row[0])}


def _reckoned(
    connection: Connection,
    settings: Settings,
    scope: Scope,
    found: Mapping[int, Sums],
    goods: Iterable[Goods],
) -> dict[int, int]:
    """Return what counter sales come to at the prices that stood on the shelf, in fen."""
    sold = {product_id: each.counter for product_id, each in found.items() if each.counter}
    if scope.round_id is not None or not sold:
        return {}
    began, _end = day_bounds(scope.first, settings.time_zone)
    moved = select(_change.c.product_id).where(_change.c.kind == "sale", _change.c.at >= began)
    changed = set(connection.execute(moved).scalars()) & sold.keys()
    prices = _prices(connection, settings, changed)
    days = _counter_days(connection, scope, changed)
    reckoned = {}
    for one in goods:
        key = one.product_id
        if key not in sold:
            continue
        if key not in changed:
            reckoned[key] = one.unit.price_of(one.shelf, sold[key]).fen
            continue
        by_price: dict[int, int] = defaultdict(int)
        for day, quantity in days[key]:
            by_price[_price_on(prices[key], day)] += quantity
        reckoned[key] = sum(
            one.unit.price_of(Money(fen), quantity).fen for fen, quantity in by_price.items()
        )
    return reckoned


def _prices(
    connection: Connection, settings: Settings, product_ids: Collection[int]
) -> dict[int, list[tuple[date, int]]]:
    """Return the shelf prices products ever had with the day they began, oldest first."""
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    if product_ids:
        query = (
            select(_change.c.product_id, _change.c.at, _change.c.price_fen)
            .where(_change.c.product_id.in_(product_ids), _change.c.kind == "sale")
            .order_by(_change.c.at, _change.c.id)
        )
        for row in connection.execute(query):
            found[row.product_id].append((local_day(row.at, settings.time_zone), row.price_fen))
    return found


def _counter_days(
    connection: Connection, scope: Scope, product_ids: Collection[int]
) -> dict[int, list[tuple[date, int]]]:
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    if product_ids:
        query = select(_counter.c.product_id, _counter.c.day, _counter.c.shelf_sold).where(
            _counter.c.product_id.in_(product_ids),
            _counter.c.day.between(scope.first, scope.last),
            _counter.c.shelf_sold != 0,
        )
        for row in connection.execute(query):
            found[row.product_id].append((row.day, row.shelf_sold))
    return found


def _price_on(prices: Iterable[tuple[date, int]], day: date) -> int:
    """Return the price that stood at the end of ``day``; before the first known one, that."""
    found: int | None = None
    for began, fen in prices:
        if found is not None and began > day:
            break
        found = fen
    return found or 0


def _wanted(scope: Scope, product_id: int) -> bool:
    return scope.product_ids is None or product_id in scope.product_ids


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)
