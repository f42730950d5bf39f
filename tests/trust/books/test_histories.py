"""Whatever happens in the shop, the books add up, and settled days say what the ledgers say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.kernel.money import total
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Role, Shop
from lib.supply.stock.rules import Kind
from lib.trade.packaging.rules import cost_of, material_on
from lib.trust.books.queries import books
from lib.trust.books.rules import Cost, Measured, Scope, round_days
from lib.trust.books.sums.commands import settle
from lib.trust.books.sums.queries import how_kept
from tests.conftest import NOW, add_person
from tests.trust.books.cast import (
    TODAY,
    add_batch,
    add_member,
    add_order,
    add_product,
    add_round,
    leave,
    make_case,
    promise,
    put,
    refund,
    with_settings,
)

DAYS = 5
FIRST = TODAY - timedelta(days=DAYS)
WEEK = Scope(FIRST, TODAY)

MANY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Street:
    """A small shop in which things happen; every history goes on where the last one ended."""

    def __init__(self, shop: Shop) -> None:
        self.shop = with_settings(
            shop, freshness_bag_cost=11, ice_pack_cost=31, bubble_wrap_cost=7, delivery_cost=450
        )
        self.goods = [
            add_product(shop, "土鸡蛋", fresh=True, fragile=True),
            add_product(shop, "小葱", fresh=True),
            add_product(shop, "大米", "袋", 3280),
        ]
        self.member, self.round = add_member(shop, "小李"), add_round(shop)
        self.batches = [add_batch(shop, each, 10_000, arrived_on=FIRST) for each in self.goods]
        self.number = 0

    def order(self, which: int, amount: int) -> None:
        self.number += 1
        chosen = self.goods[: which % 3 + 1]
        add_order(
            self.shop, self.member, self.number, *((each, amount % 4000 + 1) for each in chosen),
            pickup_day=FIRST + timedelta(days=which % (DAYS + 1)),
            delivery=amount % 3 == 0, delivery_fee_fen=amount % 600,
            round_id=self.round if which % 2 else None,
        )  # fmt: skip

    def sell(self, which: int, amount: int) -> None:
        batch = self.batches[which % 3] if amount % 4 else None
        leave(self.shop, self.goods[which % 3], amount, batch, on=self._day(amount))

    def waste(self, which: int, amount: int) -> None:
        kind = Kind.WASTED if amount % 2 else Kind.COUNTED
        out = amount if amount % 5 else -amount
        leave(self.shop, self.goods[which % 3], out, self.batches[which % 3], kind,
              on=self._day(amount))  # fmt: skip

    def hand_over(self, which: int, amount: int) -> None:
        line = self._one(schema.order_line, which)
        if line is not None:
            batch = self.batches[self.goods.index(line.product_id)]
            leave(self.shop, line.product_id, amount, batch, on=self._day(amount), line_id=line.id)

    def undo(self, which: int, _amount: int) -> None:
        moved = schema.stock_movement
        later = moved.alias("later")
        open_ = moved.c.reverses_id.is_(None) & moved.c.kind.in_(("sold", "wasted"))
        taken = select(later.c.id).where(later.c.reverses_id == moved.c.id).exists()
        row = self._one(moved, which, open_ & ~taken)
        if row is not None:
            leave(self.shop, row.product_id, row.quantity, row.batch_id, Kind(row.kind),
                  on=row.business_day, line_id=row.line_id, reverses_id=row.id)  # fmt: skip

    def give_back(self, which: int, amount: int) -> None:
        line = self._one(schema.order_line, which)
        if line is not None:
            of_line = line.id if amount % 2 else None
            refund(self.shop, line.order_id, self.member, amount, of_line)

    def weigh(self, which: int, amount: int) -> None:
        line = self._one(schema.order_line, which)
        if line is not None:
            self._change(schema.order_line, line.id, quantity=amount % 900, amount_fen=amount)

    def cancel(self, which: int, amount: int) -> None:
        if amount % 2:
            line = self._one(schema.order_line, which)
            if line is not None:
                at = None if line.cancelled_at else NOW
                self._change(schema.order_line, line.id, cancelled_at=at)
            return
        order = self._one(schema.customer_order, which)
        if order is not None:
            status = "active" if order.status == "cancelled" else "cancelled"
            self._change(schema.customer_order, order.id, status=status)

    def move(self, which: int, amount: int) -> None:
        order = self._one(schema.customer_order, which)
        if order is not None:
            self._change(schema.customer_order, order.id, pickup_day=self._day(amount),
                         number=10_000 + self.number)  # fmt: skip
            self.number += 1

    def reprice(self, which: int, amount: int) -> None:
        price = amount if amount % 6 else None
        self._change(schema.batch, self.batches[which % 3], unit_price_fen=price)

    def retag(self, which: int, amount: int) -> None:
        product = self.goods[which % 3]
        tags = {"is_fresh": amount % 2 == 0, "is_fragile": amount % 3 == 0}
        self._change(schema.product, product, **tags)

    def keep_promise(self, which: int, amount: int) -> None:
        """Goods given to make something good; sometimes their batch is found out later."""
        product = self.goods[which % 3]
        line = self._one(schema.order_line, which) if which % 4 else None
        if line is not None:
            product = line.product_id
        case = make_case(self.shop, product, self.member, line)
        batch = self.batches[self.goods.index(product)] if amount % 3 else None
        given = promise(self.shop, case, product, self.member, amount)
        more = {"on": self._day(amount), "owed_handover_id": given,
                "line_id": line.id if line is not None else None}  # fmt: skip
        leave(self.shop, product, amount, batch, Kind.REDEEMED, **more)
        if batch is None and amount % 2:
            where = self.batches[self.goods.index(product)]
            leave(self.shop, product, -amount, None, Kind.ASSIGNED, **more)
            leave(self.shop, product, amount, where, Kind.ASSIGNED, **more)

    def take_promise_back(self, which: int, _amount: int) -> None:
        given, moved = schema.owed_handover, schema.stock_movement
        later = given.alias("later")
        taken = select(later.c.id).where(later.c.reverses_id == given.c.id).exists()
        row = self._one(given, which, given.c.quantity > 0, ~taken)
        if row is None:
            return
        undone = put(self.shop, given, owed_id=row.owed_id, quantity=-row.quantity,
                     reverses_id=row.id, at=NOW)  # fmt: skip
        with self.shop.read() as connection:
            moves = connection.execute(select(moved).where(moved.c.owed_handover_id == row.id))
            rows = moves.all()
        for one in rows:
            leave(self.shop, one.product_id, one.quantity, one.batch_id, Kind(one.kind),
                  on=one.business_day, line_id=one.line_id, reverses_id=one.id,
                  owed_handover_id=undone)  # fmt: skip

    def bear_freight(self, which: int, amount: int) -> None:
        line = self._one(schema.order_line, which) if which % 4 else None
        product = line.product_id if line is not None else self.goods[which % 3]
        case = make_case(self.shop, product, self.member, line)
        at = NOW - timedelta(days=amount % (DAYS + 1))
        put(self.shop, schema.case_remedy, case_id=case, turn=1, kind="return",
            freight_fen=amount, at=at, undone_at=NOW if amount % 5 == 0 else None)  # fmt: skip

    def raise_price(self, which: int, amount: int) -> None:
        product = self.goods[which % 3]
        at = NOW - timedelta(days=amount % (DAYS + 2))
        with self.shop.store.write() as connection:
            row = {"product_id": product, "kind": "sale", "price_fen": amount, "at": at}
            connection.execute(insert(schema.price_change).values(**row))

    def settle(self, _which: int, _amount: int) -> None:
        settle(self.shop.store, TODAY)

    def _day(self, amount: int) -> Any:
        return FIRST + timedelta(days=amount % (DAYS + 1))

    def _one(self, table: Any, which: int, *wanted: Any) -> Any:
        with self.shop.read() as connection:
            rows = connection.execute(select(table).where(*wanted).order_by(table.c.id)).all()
        return rows[which % len(rows)] if rows else None

    def _change(self, table: Any, row_id: int, **values: Any) -> None:
        with self.shop.store.write() as connection:
            connection.execute(update(table).where(table.c.id == row_id).values(**values))


ACTS = (
    "order", "order", "sell", "waste", "hand_over", "undo", "give_back", "weigh", "cancel", "move",
    "reprice", "retag", "raise_price", "settle", "keep_promise", "take_promise_back",
    "bear_freight",
)  # fmt: skip


@pytest.fixture
def street(sqlite_store: Store, place: Place, clock: FixedClock) -> Street:
    owner = add_person(sqlite_store, "fang", "芳姐", Role.OWNER)
    return Street(shop_for(sqlite_store, place, clock, owner))


@MANY
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 40), st.integers(1, 3000)), max_size=30
    )
)
def test_any_history_adds_up(street: Street, steps: list[tuple[str, int, int]]) -> None:
    for act, which, amount in steps:
        doing: Callable[[int, int], None] = getattr(street, act)
        doing(which, amount)
    shop = street.shop
    found = books(shop, WEEK)
    with shop.store.write() as connection:
        connection.execute(schema.settled_day.delete())
    assert books(shop, WEEK) == found, "a settled day says what the ledgers say"
    settle(shop.store, TODAY)
    with shop.read() as connection:
        assert how_kept(connection, FIRST, TODAY).open == ((TODAY, TODAY),)
    assert books(shop, WEEK) == found
    _adds_up(shop, found, WEEK)
    of_round = books(shop, round_days(street.round, TODAY, DAYS + 1))
    _adds_up(shop, of_round, Scope(FIRST, TODAY, round_id=street.round))
    for one, part in zip(found, of_round, strict=True):
        assert part.revenue <= one.revenue
        assert part.pledge <= one.pledge


def _adds_up(shop: Shop, found: tuple[Measured, ...], scope: Scope) -> None:
    for one in found:
        assert min(getattr(one, cost.value).fen for cost in Cost) >= 0
        assert one.kept + one.cost == one.revenue
        for cost in Cost:
            _unit_fits_total(one, cost)
    with shop.read() as connection:
        assert total(one.packaging for one in found) == _bags(shop, connection, scope)
        brought = _brought(shop, connection, scope)
        assert total(one.delivery for one in found) >= brought, "more where a fee was given back"


def _unit_fits_total(one: Measured, cost: Cost) -> None:
    """A unit is rounded by at most half a fen, a total by at most one (largest remainder)."""
    unit = one.unit_cost(cost)
    if unit is None or not one.quantity:
        return
    apart = abs(unit.fen * one.quantity - getattr(one, cost.value).fen * one.base)
    assert 2 * apart <= one.quantity + 2 * one.base


def _orders(connection: Any, scope: Scope) -> dict[int, list[Any]]:
    order, line, product = schema.customer_order, schema.order_line, schema.product
    query = (
        select(line, order.c.pickup_day, order.c.delivery, order.c.delivery_fee_fen,
               product.c.is_fresh, product.c.is_fragile)
        .join(order, order.c.id == line.c.order_id)
        .join(product, product.c.id == line.c.product_id)
        .where(order.c.status == "active", line.c.cancelled_at.is_(None), line.c.quantity > 0)
        .where(order.c.pickup_day.between(scope.first, scope.last))
    )  # fmt: skip
    if scope.round_id is not None:
        query = query.where(order.c.round_id == scope.round_id)
    found: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.order_id, []).append(row)
    return found


def _bags(shop: Shop, connection: Any, scope: Scope) -> Any:
    paid = []
    for lines in _orders(connection, scope).values():
        for material in material_on(shop.settings, lines[0].pickup_day):
            tag = "is_fragile" if material == "bubble_wrap" else "is_fresh"
            if any(getattr(line, tag) for line in lines):
                paid.append(cost_of(material, shop.settings))
    return total(paid)


def _brought(shop: Shop, connection: Any, scope: Scope) -> Any:
    payments = list(connection.execute(select(schema.payment)).all())
    orders = {row.id: row for row in connection.execute(select(schema.customer_order)).all()}
    fees = [
        lines[0]
        for order_id, lines in _orders(connection, scope).items()
        if lines[0].delivery and not nobody_went(orders[order_id], lines, payments)
    ]
    cost = shop.settings.delivery_cost
    return total(cost - type(cost)(min(row.delivery_fee_fen, cost.fen)) for row in fees)


def nobody_went(order: Any, lines: list[Any], payments: list[Any]) -> bool:
    """Whether all that was ordered was paid back or taken off; here nothing is ever handed over."""
    back: dict[int | None, int] = {}
    for row in payments:
        if row.order_id == order.id and (row.line_id is not None or not _rounded(row)):
            back[row.line_id] = back.get(row.line_id, 0) + row.forgiven_fen
    whole = sum(line.amount_fen for line in lines) - order.round_off_fen - order.coupon_fen
    if back.get(None, 0) > 0 and back[None] >= whole:
        return True
    return all(
        (line.amount_fen == 0 and line.unit_price_fen > 0)
        or 0 < back.get(line.id, 0) >= line.amount_fen
        for line in lines
    )


def _rounded(row: Any) -> bool:
    return bool(row.kind == "payment" or (row.kind == "reversal" and row.amount_fen < 0))
