"""Bags into which something else went than the rule says, counted by hand (R20, R25)."""

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from lib.db import schema
from lib.kernel.money import Money, total
from lib.service.packing.commands import tick
from lib.service.pickup.commands import hand_over
from lib.shop.shop import Shop
from lib.trade.packaging.rules import Packaging, cost_of
from lib.trust.books.queries import books
from lib.trust.books.rules import Scope, round_days
from lib.trust.costs.draft.queries import unit_cost
from lib.trust.costs.profit.queries import profit
from lib.trust.costs.rules import Part
from tests.conftest import NOW
from tests.trust.books.cast import (
    TODAY,
    add_member,
    add_order,
    add_product,
    add_round,
    look,
    with_settings,
)
from tests.trust.books.test_by_hand import MORE, Busy, Hand
from tests.trust.books.test_histories import ACTS, FIRST, MANY, Street, street

__all__ = ["street"]

BAG, ICE, WRAP = Packaging.FRESHNESS_BAG, Packaging.ICE_PACK, Packaging.BUBBLE_WRAP
TODAY_ONLY = Scope(TODAY, TODAY)


@pytest.fixture
def packing_shop(shop: Shop) -> Shop:
    """A shop whose material costs 11, 31 and 7 fen apiece; today is in the warm months."""
    return with_settings(shop, freshness_bag_cost=11, ice_pack_cost=31, bubble_wrap_cost=7)


def packaging(shop: Shop, scope: Scope = TODAY_ONLY) -> dict[int, int]:
    return {key: one.packaging.fen for key, one in look(shop, scope).items() if one.packaging}


def test_a_second_ice_pack_is_shared_over_the_fresh_goods_of_its_bag(packing_shop: Shop) -> None:
    shop, member = packing_shop, add_member(packing_shop, "小李")
    eggs, greens = (add_product(shop, name, fresh=True) for name in ("鸡蛋", "小葱"))
    rice = add_product(shop, "大米", "袋")
    order, _ = add_order(shop, member, 1, (eggs, 500), (greens, 500), (rice, 1))
    add_order(shop, member, 2, (eggs, 500))
    assert sum(packaging(shop).values()) == 2 * (11 + 31)
    tick(shop, order, {BAG: 1, ICE: 2})
    assert packaging(shop) == {eggs: 42 + 36, greens: 37}, "73 for two, the odd fen once"
    tick(shop, order, {ICE: 0})
    assert sum(packaging(shop).values()) == 42 + 11
    tick(shop, order, {ICE: 1})
    assert sum(packaging(shop).values()) == 2 * 42


def test_material_no_rule_asked_for_is_borne_by_the_whole_bag(packing_shop: Shop) -> None:
    shop = packing_shop
    rice, noodles = add_product(shop, "大米", "袋"), add_product(shop, "挂面", "包")
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (rice, 1), (noodles, 2))
    assert packaging(shop) == {}
    tick(shop, order, {WRAP: 2})
    assert packaging(shop) == {rice: 7, noodles: 7}


def test_an_ice_pack_of_a_cold_month_costs_what_it_costs(packing_shop: Shop) -> None:
    shop = with_settings(packing_shop, ice_pack_from_month=6, ice_pack_to_month=8)
    eggs = add_product(shop, "鸡蛋", fresh=True)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 500))
    tick(shop, order, {BAG: 1, ICE: 1})
    assert packaging(shop) == {eggs: 11 + 31}


def test_a_rule_that_is_switched_later_changes_nothing_of_what_was_ticked(
    packing_shop: Shop,
) -> None:
    shop = packing_shop
    eggs = add_product(shop, "鸡蛋", fresh=True)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 500))
    tick(shop, order, {BAG: 1, ICE: 3})
    assert packaging(shop) == {eggs: 11 + 93}
    off = with_settings(shop, ice_pack=False)
    assert packaging(off) == {eggs: 11 + 93}
    tick(off, order, {ICE: 0})
    assert packaging(off) == {eggs: 11}
    assert packaging(shop) == {eggs: 11}


def test_a_cancelled_order_costs_no_bag(packing_shop: Shop) -> None:
    shop = packing_shop
    eggs = add_product(shop, "鸡蛋", fresh=True)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 500))
    tick(shop, order, {ICE: 3})
    with shop.store.write() as connection:
        orders = schema.customer_order
        connection.execute(update(orders).where(orders.c.id == order).values(status="cancelled"))
    assert packaging(shop) == {}


def test_profit_and_sheet_tell_the_same_packaging(packing_shop: Shop) -> None:
    shop = packing_shop
    eggs = add_product(shop, "鸡蛋", fresh=True)
    round_id = add_round(shop)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 500), round_id=round_id)
    tick(shop, order, {ICE: 2})
    hand_over(shop, order)
    spent = Money(11 + 2 * 31)
    for scope in (TODAY_ONLY, round_days(round_id, TODAY, 30)):
        assert total(one.packaging for one in books(shop, scope)) == spent
        assert profit(shop, scope).totals[Part.PACKAGING] == spent
    with shop.read() as connection:
        sheet = unit_cost(connection, shop.settings, eggs, NOW)
    assert sheet is not None
    assert sheet.packaging == spent


class Packing(Busy):
    """A busy street where some bags are packed by hand, and some rules are switched."""

    def pack(self, which: int, amount: int) -> None:
        order = self._one(schema.customer_order, which)
        if order is None:
            return
        packed, material = schema.packed_material, list(Packaging)[amount % 3]
        mine = (packed.c.order_id == order.id, packed.c.material == material.value)
        values = {"quantity": amount % 4, "ruled": amount // 4 % 2}
        with self.shop.store.write() as connection:
            done = connection.execute(update(packed).where(*mine).values(values))
            if not done.rowcount:
                key = {"order_id": order.id, "material": material.value, "at": NOW}
                connection.execute(insert(packed).values(key | values))


class Pencil(Hand):
    """Beside the rule it knows what was written on the slips."""

    def shared(self) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
        _by_rule, delivery = super().shared()
        settings, tags = self.shop.settings, {row.id: row for row in self.rows["product"]}
        with self.shop.read() as connection:
            rows = connection.execute(select(schema.packed_material)).all()
        said = {(row.order_id, row.material): row for row in rows if row.quantity != row.ruled}
        found: dict[int, Fraction] = defaultdict(Fraction)
        for order_id, lines in self.lines.items():
            some, month = [one for one in lines if one.quantity], self.orders[order_id].pickup_day
            cold = not settings.ice_pack_from_month <= month.month <= settings.ice_pack_to_month
            for material in Packaging:
                tag = "is_fragile" if material is WRAP else "is_fresh"
                kept = [one for one in some if getattr(tags[one.product_id], tag)]
                pieces = int(bool(kept) and not (material is ICE and cold))
                row = said.get((order_id, material.value))
                pieces = row.quantity if row is not None else pieces
                for one in kept or some:
                    fen = pieces * cost_of(material, settings).fen
                    found[one.product_id] += Fraction(fen, len(kept or some))
        return found, delivery


@settings(MANY, max_examples=15)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from((*ACTS, *MORE, "order", *["pack"] * 8)),
            st.integers(0, 40),
            st.integers(1, 3000),
        ),
        max_size=40,
    )
)
def test_any_history_agrees_with_the_slips(
    street: Street, steps: list[tuple[str, int, int]]
) -> None:
    street.__class__ = Packing
    for act, which, amount in steps:
        doing: Callable[[int, int], Any] = getattr(street, act)
        doing(which, amount)
    days = Pencil(street.shop, FIRST, TODAY, None)
    days.agrees(street.goods)
    Pencil(street.shop, FIRST, TODAY, street.round).agrees(street.goods, around=days)
