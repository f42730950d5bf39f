"""Material in the books: ticked, used by handing over, bought, counted, taken back (R25)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.delivery.commands import mark_brought, undo_brought
from lib.service.owed.commands import Promise, promise
from lib.service.packing import commands, queries
from lib.service.packing.rules import Kind, MaterialStock, Packed
from lib.service.pickup.commands import hand_over, undo_handover
from lib.shop.shop import Role, Shop
from lib.trade.packaging.rules import Packaging
from tests.service.cast import Street, add_member, add_order, add_product
from tests.service.delivery.cast import lane

BAG, ICE, WRAP = Packaging.FRESHNESS_BAG, Packaging.ICE_PACK, Packaging.BUBBLE_WRAP


def of(shop: Shop, material: Packaging) -> MaterialStock:
    return next(one for one in queries.stock(shop) if one.material is material)


def packed(shop: Shop, order: int) -> dict[Packaging, int]:
    return {key: one.quantity for key, one in queries.packed(shop, [order]).get(order, {}).items()}


def test_handing_over_uses_what_the_rule_says_once(street: Street) -> None:
    shop, order = street.shop, street.orders["小李"]
    hand_over(shop, order, {street.lines["小李"][0]: 100})
    assert packed(shop, order) == {BAG: 1, ICE: 1, WRAP: 1}
    hand_over(shop, order)
    assert packed(shop, order) == {BAG: 1, ICE: 1, WRAP: 1}
    assert [of(shop, each).used for each in Packaging] == [1, 1, 1]
    assert all(of(shop, each).on_hand is None for each in Packaging), "nobody counted it"


def test_taking_goods_back_brings_no_used_bag_back(street: Street) -> None:
    shop, order = street.shop, street.orders["小李"]
    undo_handover(shop, hand_over(shop, order))
    assert of(shop, BAG).used == 1
    hand_over(shop, order)
    assert of(shop, BAG).used == 1


def test_what_is_brought_to_the_door_uses_a_bag_once(shop: Shop) -> None:
    here = lane(shop)
    order = here.orders["王奶奶"]
    done = mark_brought(shop, order, "hand")
    assert packed(shop, order) == {BAG: 1, ICE: 1}
    undo_brought(shop, done)
    mark_brought(shop, order, "door")
    assert of(shop, BAG).used == 1


def test_goods_that_need_nothing_use_nothing(street: Street) -> None:
    rice = add_product(street.shop, "大米", "袋")
    order, _lines = add_order(street.shop, street.members["小李"], 40, (rice, 1))
    hand_over(street.shop, order)
    assert packed(street.shop, order) == {}
    assert queries.movements(street.shop) == ()


def test_what_was_ticked_counts_and_can_be_said_again(street: Street) -> None:
    shop, order = street.shop, street.orders["小李"]
    commands.tick(shop, order, {BAG: 1, ICE: 2, WRAP: 0})
    hand_over(shop, order)
    assert packed(shop, order) == {BAG: 1, ICE: 2, WRAP: 0}
    commands.tick(shop, order, {ICE: 1})
    assert [of(shop, each).used for each in (BAG, ICE, WRAP)] == [1, 1, 0]
    assert queries.packed(shop, [order])[order][ICE] == Packed(1, 1)


def test_what_is_not_said_is_as_the_rule_says(street: Street) -> None:
    shop, order = street.shop, street.orders["小李"]
    commands.tick(shop, order, {ICE: 3})
    assert packed(shop, order) == {BAG: 1, ICE: 3, WRAP: 1}


def test_owed_goods_are_packed_with_the_order_they_join(shop: Shop) -> None:
    member, rice = add_member(shop, "小李"), add_product(shop, "大米", "袋")
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    order, _lines = add_order(shop, member, 11, (rice, 1))
    with shop.write("owed.test") as tx:
        promise(tx, Promise(member, eggs, "土鸡蛋", Unit.named("斤"), 500))
    hand_over(shop, order)
    assert queries.packed(shop, [order])[order] == {BAG: Packed(1, 0), ICE: Packed(1, 0)}


def test_who_cannot_be_packed(street: Street) -> None:
    with pytest.raises(NotFound):
        commands.tick(street.shop, 9999, {BAG: 1})
    orders = schema.customer_order
    with street.shop.store.write() as connection:
        mine = orders.c.id == street.orders["小李"]
        connection.execute(orders.update().where(mine).values(status="cancelled"))
    with pytest.raises(Refused):
        commands.tick(street.shop, street.orders["小李"], {BAG: 1})


def test_bought_after_use_begins_with_what_was_bought(street: Street) -> None:
    shop = street.shop
    hand_over(shop, street.orders["小李"])
    commands.buy(shop, BAG, 100, Money(800))
    assert of(shop, BAG).on_hand == 100
    hand_over(shop, street.orders["王阿姨"])
    assert of(shop, BAG).on_hand == 99


def test_a_count_books_the_difference(shop: Shop) -> None:
    commands.buy(shop, BAG, 100)
    commands.count(shop, BAG, 93)
    assert of(shop, BAG).on_hand == 93
    commands.count(shop, BAG, 93)
    assert of(shop, BAG).on_hand == 93
    commands.throw_away(shop, BAG, 3, "破")
    assert of(shop, BAG).on_hand == 90
    said = [(one.quantity, one.left) for one in queries.movements(shop)]
    assert said == [(-3, 90), (0, 93), (-7, 93), (100, 100)], "a count that fits is kept, too"


def test_an_empty_box_can_be_counted(shop: Shop) -> None:
    assert of(shop, BAG).on_hand is None
    commands.count(shop, BAG, 0)
    assert of(shop, BAG).on_hand == 0


def test_an_entry_is_taken_back_once(shop: Shop) -> None:
    entry = commands.buy(shop, BAG, 100)
    commands.undo_entry(shop, entry)
    assert of(shop, BAG).on_hand is None, "nobody knows it again"
    with pytest.raises(Refused):
        commands.undo_entry(shop, entry)
    newest = queries.movements(shop)[0]
    assert newest.takes_back
    with pytest.raises(Refused):
        commands.undo_entry(shop, newest.id)


def test_a_count_is_not_upset_by_taking_back_what_came_before(shop: Shop) -> None:
    bought = commands.buy(shop, BAG, 100)
    counted = commands.count(shop, BAG, 90)
    with pytest.raises(Refused):
        commands.undo_entry(shop, bought)
    assert [one.can_undo for one in queries.movements(shop)] == [True, False]
    commands.undo_entry(shop, counted)
    assert of(shop, BAG).on_hand == 100
    assert [one.can_undo for one in queries.movements(shop)] == [False, False, True]
    commands.undo_entry(shop, bought)
    assert of(shop, BAG).on_hand is None


def test_what_went_into_a_bag_is_not_undone_as_an_entry(street: Street) -> None:
    hand_over(street.shop, street.orders["小李"])
    used = next(one for one in queries.movements(street.shop) if one.kind is Kind.USED)
    with pytest.raises(Refused):
        commands.undo_entry(street.shop, used.id)


def test_use_is_read_from_the_days_of_the_setting(street: Street, clock: Any) -> None:
    hand_over(street.shop, street.orders["小李"])
    clock.moment += timedelta(days=street.shop.settings.packaging_use_days - 1)
    assert of(street.shop, BAG).used == 1
    clock.moment += timedelta(days=1)
    assert of(street.shop, BAG).used == 0


def test_due_when_the_reorder_point_is_reached(shop: Shop) -> None:
    low = replace(shop, settings=replace(shop.settings, freshness_bag_reorder=10))
    commands.buy(low, BAG, 11)
    assert queries.due(low) == ()
    commands.throw_away(low, BAG, 1)
    assert [one.material for one in queries.due(low)] == [BAG]


def test_staff_see_no_cost_unless_the_owner_allows_it(shop: Shop) -> None:
    commands.buy(shop, BAG, 100, Money(800))
    staff = shop.acting(replace(shop.actor, role=Role.STAFF))
    assert queries.movements(shop)[0].cost == Money(800)
    assert queries.movements(staff)[0].cost is None
    assert of(staff, BAG).cost is None


class Box:
    """A box of ice packs somebody keeps a tally of, beside the program."""

    def __init__(self, street: Street) -> None:
        self.shop, self.order = street.shop, street.orders["小李"]
        self.left: int | None = None
        self.entries: list[tuple[int, str, int]] = []
        self.in_bag = 0

    def do(self, act: str, number: int) -> None:
        if act == "buy":
            self._keep(commands.buy(self.shop, ICE, number), act, number)
            self.left = (self.left or 0) + number
        elif act == "count":
            self._keep(commands.count(self.shop, ICE, number), act, number - (self.left or 0))
            self.left = number
        elif act == "throw":
            self._keep(commands.throw_away(self.shop, ICE, number), act, -number)
            self._take(number)
        elif act == "tick":
            commands.tick(self.shop, self.order, {ICE: number})
            self._take(number - self.in_bag)
            self.in_bag = number
        elif self.entries:
            self._undo(*self.entries[number % len(self.entries)])

    def _keep(self, entry: int, act: str, quantity: int) -> None:
        self.entries.append((entry, act, quantity))

    def _take(self, quantity: int) -> None:
        self.left = None if self.left is None else self.left - quantity

    def _undo(self, entry: int, act: str, quantity: int) -> None:
        if any(other > entry and kind == "count" for other, kind, _ in self.entries):
            with pytest.raises(Refused):
                commands.undo_entry(self.shop, entry)
            return
        commands.undo_entry(self.shop, entry)
        self.entries.remove((entry, act, quantity))
        known = any(kind in ("buy", "count") for _, kind, _ in self.entries)
        self._take(quantity)
        self.left = self.left if known else None


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(("buy", "count", "throw", "tick", "undo")), st.integers(1, 20)),
        max_size=12,
    )
)
def test_what_is_left_is_what_a_tally_says(
    street: Street, boxes: dict[int, Box], steps: list[tuple[str, int]]
) -> None:
    box = boxes.setdefault(0, Box(street))
    for act, number in steps:
        box.do(act, number)
        assert of(box.shop, ICE).on_hand == box.left
    assert packed(box.shop, box.order).get(ICE, 0) == box.in_bag
    assert sum(-one.quantity for one in queries.movements(box.shop, ICE, 10_000)
               if one.kind is Kind.USED) == box.in_bag  # fmt: skip


@pytest.fixture
def boxes() -> dict[int, Box]:
    """The one box of all examples, as they share their books."""
    return {}
