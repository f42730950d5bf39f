"""Ticking goods off the pick list: on both databases."""

from dataclasses import dataclass, replace

import pytest

from lib.service.picking.commands import mark_picked, unmark_picked
from lib.service.picking.queries import Scope, pick_list
from lib.shop.shop import Shop
from tests.service.cast import TODAY, add_line, add_member, add_order, add_product


@dataclass
class Scene:
    shop: Shop
    eggs: int
    noodles: int
    member: int
    order: int


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """小李 ordered 1 jin of eggs and 3 packs of noodles."""
    eggs, noodles = add_product(shop, "土鸡蛋"), add_product(shop, "挂面", "包", 650)
    member = add_member(shop, "小李")
    order, _ = add_order(shop, member, 12, (eggs, 500), (noodles, 3))
    return Scene(shop, eggs, noodles, member, order)


def test_a_tick_on_the_pick_list_is_shared_and_late_orders_show(
    scene: Scene, staff_shop: Shop
) -> None:
    scope = Scope(day=TODAY)
    assert mark_picked(staff_shop, scope, scene.eggs) == 1
    assert mark_picked(staff_shop, scope, scene.eggs) == 0, "a second tick changes nothing"
    rows = {row.product_id: row for row in pick_list(scene.shop, scope)}
    assert rows[scene.eggs].done
    assert not rows[scene.noodles].done
    add_order(scene.shop, scene.member, 13, (scene.eggs, 250))
    row = next(row for row in pick_list(scene.shop, scope) if row.product_id == scene.eggs)
    assert (row.quantity, row.to_pick, row.orders) == (750, 250, 2)
    assert mark_picked(scene.shop, scope, scene.eggs) == 1
    assert unmark_picked(scene.shop, scope, scene.eggs) == 2
    assert pick_list(scene.shop, scope)[0].to_pick == 750


def test_ticking_one_round_leaves_the_other(scene: Scene) -> None:
    add_line(scene.shop, scene.order, scene.noodles, 2)
    other = replace(Scope(day=TODAY), slot="noon")
    assert mark_picked(scene.shop, other, scene.noodles) == 0
    assert mark_picked(scene.shop, Scope(day=TODAY, slot="evening"), scene.noodles) == 2
