"""Merging, taking apart, moving and adding at random: nobody who asked is lost (R15)."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest

from lib.kernel.errors import ShopError
from lib.shop.shop import Shop
from lib.trust.demands import commands
from lib.trust.demands.merging import queries
from lib.trust.demands.merging.commands import merge_demands, undo_merge
from lib.trust.demands.rules import Status
from tests.conftest import NOW
from tests.trust.demands.cast import add_wish, move, row, wish, wishes

TITLES = ("草莓", "芝麻酱", "牛腩", "糯玉米")
PEOPLE = ("王姐", "小李", "老周", "陈妈妈", "阿芳")


def merge(shop: Shop, keep: int, drop: int) -> int:
    return merge_demands(shop, keep, row(shop, keep).version, drop, row(shop, drop).version)


def root(shop: Shop, demand: int) -> int:
    into = row(shop, demand).merged_into
    return demand if into is None else root(shop, into)


def check(shop: Shop, demands: list[int], asked: dict[tuple[int, str], float]) -> None:
    """Everybody stands once where their wish went, and the clock runs from the earliest."""
    standing = [demand for demand in demands if row(shop, demand).merged_into is None]
    for demand in standing:
        found = wishes(shop, demand)
        assert len({one.name for one in found}) == len(found)
        assert row(shop, demand).first_asked_at == min(one.asked_at for one in found)
        for one in found:
            hours = [asked[mine, one.name] for mine in demands
                     if (mine, one.name) in asked and root(shop, mine) == demand]  # fmt: skip
            assert not hours or one.asked_at <= NOW - timedelta(hours=max(hours))
    for mine, name in asked:
        assert name in {one.name for one in wishes(shop, root(shop, mine))}


@pytest.mark.parametrize("seed", range(2))
def test_a_walk_of_merges_and_undos_loses_nobody(shop: Shop, seed: int) -> None:
    dice = random.Random(seed)
    demands, asked = [], {}
    for number, title in enumerate(TITLES):
        demands.append(add_wish(shop, title, PEOPLE[number], hours_ago=10 + number))
        asked[demands[-1], PEOPLE[number]] = 10.0 + number
    made: list[int] = []
    for _step in range(20):
        act, demand = (
            dice.choice(("add", "add", "merge", "merge", "undo", "move")),
            dice.choice(demands),
        )
        with suppress(ShopError):
            if act == "add":
                name, hours = dice.choice(PEOPLE), float(dice.randrange(1, 60))
                home = root(shop, demand)
                if commands.add_wishes(shop, home, [wish(name, hours)]).added:
                    asked[home, name] = hours  # somebody known stays with the wish they came with
            elif act == "merge":
                made.append(merge(shop, dice.choice(demands), demand))
            elif act == "undo" and made:
                undo_merge(shop, dice.choice(made))
            elif act == "move":
                move(shop, root(shop, demand), Status.CHECKING)
        check(shop, demands, asked)


def test_a_title_that_was_merged_is_offered_where_it_went(shop: Shop) -> None:
    grapes, other = add_wish(shop, "葡萄", "王姐"), add_wish(shop, "提子", "小李")
    fruit = add_wish(shop, "水果", "老周")
    first, second = merge(shop, grapes, other), merge(shop, fruit, grapes)
    (near,) = queries.near(shop, ["提 子"])["提 子"]
    assert (near.id, near.percent) == (fruit, 100)
    undo_merge(shop, second)
    assert queries.near(shop, ["提子"])["提子"][0].id == grapes
    undo_merge(shop, first)
    assert [one.id for one in queries.near(shop, ["提子"])["提子"]] == [other]


def test_taking_apart_starts_the_clock_where_somebody_asked_earlier_meanwhile(shop: Shop) -> None:
    keep, drop = add_wish(shop, "草莓", "王姐"), add_wish(shop, "牛腩", "小李", hours_ago=5)
    made = merge(shop, keep, drop)
    commands.add_wishes(shop, keep, [wish("小李", 20)])
    undo_merge(shop, made)
    assert row(shop, drop).first_asked_at == NOW - timedelta(hours=20)
    assert row(shop, keep).first_asked_at == NOW - timedelta(hours=1)
