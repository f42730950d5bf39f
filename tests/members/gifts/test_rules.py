"""Decisions on gifts: states, keys, households, costs, shortages, ideas. No database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.festivals import Festival
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.members.gifts.choosing.rules import Goods, Ground, Likings, ideas
from lib.members.gifts.festivals.rules import Resident, cost_in_all, households
from lib.members.gifts.rules import (
    Bought,
    Gift,
    Need,
    Present,
    State,
    birthday_key,
    cost_of,
    festival_key,
    household_in,
    household_of,
    shortages,
    state_of,
)
from lib.members.profiles.rules import Home
from lib.shop.settings import Settings
from lib.supply.stock.rules import Part
from tests.conftest import NOW

TODAY = date(2026, 9, 25)
JAR, JIN = Unit("瓶"), Unit.named("斤")
MOON = Festival.MID_AUTUMN


@pytest.mark.parametrize(
    ("days", "planned", "given", "missing", "state"),
    [
        (7, False, False, False, State.NOTHING),
        (2, False, False, False, State.NOTHING),
        (1, False, False, False, State.NOT_READY),
        (0, False, False, False, State.NOT_READY),
        (7, True, False, False, State.PLANNED),
        (7, True, False, True, State.PLANNED),
        (1, True, False, False, State.PLANNED),
        (1, True, False, True, State.NOT_READY),
        (0, True, False, False, State.PLANNED),
        (-1, True, False, False, State.NOT_READY),
        (-1, True, True, True, State.GIVEN),
        (7, True, True, False, State.GIVEN),
    ],
)
def test_how_a_gift_stands_with_its_day(
    days: int, planned: bool, given: bool, missing: bool, state: State
) -> None:
    found = state_of(
        TODAY + timedelta(days=days), TODAY, Settings(),
        planned=planned, given=given, missing=missing,
    )  # fmt: skip
    assert found is state


def test_the_last_notice_is_a_setting() -> None:
    later = replace(Settings(), gift_last_notice_days=3)
    day = TODAY + timedelta(days=3)
    assert state_of(day, TODAY, later, planned=False) is State.NOT_READY


def test_keys_name_who_gets_it_for_what_in_which_year() -> None:
    assert birthday_key(17, 2026) == "birthday:17:2026"
    assert festival_key(MOON, 2026, 17, Home()) == "mid_autumn:2026:member:17"
    one = festival_key(MOON, 2026, 17, Home("东区", "3", "1", "201"))
    assert one == festival_key(MOON, 2026, 99, Home("东区", "3", "1", "201"))
    assert one != festival_key(MOON, 2027, 17, Home("东区", "3", "1", "201"))
    assert household_in(one) == household_of(17, Home("东区", "3", "1", "201"))


@given(
    st.tuples(*[st.one_of(st.none(), st.text("0123AB", max_size=3))] * 4),
    st.tuples(*[st.one_of(st.none(), st.text("0123AB", max_size=3))] * 4),
)
@settings(max_examples=60)
def test_households_are_one_exactly_when_all_parts_are_the_same(one: Any, other: Any) -> None:
    first, second = Home(*(part or None for part in one)), Home(*(part or None for part in other))
    together = household_of(1, first) == household_of(2, second)
    assert together == (bool(first.room) and first == second)


def test_what_goods_cost_at_the_price_of_their_batches() -> None:
    batches = {1: Bought(Money(1200), JAR), 2: Bought(Money(1300), JAR)}
    parts = [Part(1, 2), Part(2, 1)]
    assert cost_of(parts, batches, JAR, None) == Money(3700)
    assert cost_of([Part(1, 1), Part(None, 1)], batches, JAR, Money(1000)) == Money(2200)
    assert cost_of([Part(None, 1)], batches, JAR, None) is None, "nobody knows"
    assert cost_of([Part(3, 1)], batches, JAR, Money(999)) == Money(999), "a batch without price"
    kilo = {1: Bought(Money(1000), Unit.named("公斤"))}
    assert cost_of([Part(1, 250)], kilo, JIN, None) == Money(250), "in the unit of the batch"


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2000)), min_size=1, max_size=6))
@settings(max_examples=50)
def test_costs_add_up_over_parts(found: list[tuple[int, int]]) -> None:
    batches = {number: Bought(Money(100 * number + 33), JIN) for number in (1, 2, 3)}
    parts = [Part(*each) for each in found]
    singly = [cost_of([part], batches, JIN, None) or Money(0) for part in parts]
    assert cost_of(parts, batches, JIN, None) == total(singly)


def test_what_is_missing_and_by_when() -> None:
    needs = [Need(1, TODAY + timedelta(days=5), 3, 3), Need(1, TODAY, 2), Need(2, TODAY, 1)]
    (one,) = shortages(needs, {1: 4, 2: 1})
    assert (one.product_id, one.needed, one.missing, one.gifts) == (1, 5, 1, 4)
    assert one.by == TODAY + timedelta(days=5), "the first two are there for today"
    assert shortages(needs, {1: 5, 2: 1}) == ()
    assert [(each.product_id, each.missing) for each in shortages(needs, {1: -7})] == [
        (1, 5), (2, 1),
    ]  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 6), st.integers(1, 9)), max_size=8),
    st.dictionaries(st.integers(1, 3), st.integers(-5, 30)),
)
@settings(max_examples=60)
def test_missing_is_what_is_needed_less_what_is_free(
    wanted: list[tuple[int, int, int]], free: dict[int, int]
) -> None:
    needs = [Need(one, TODAY + timedelta(days=days), count) for one, days, count in wanted]
    found = {one.product_id: one for one in shortages(needs, free)}
    for number in (1, 2, 3):
        needed = sum(need.quantity for need in needs if need.product_id == number)
        missing = max(needed - max(free.get(number, 0), 0), 0)
        assert (found[number].missing if number in found else 0) == missing


def goods(
    number: int, name: str, category: str = "", free: int = 9, fen: int | None = 500
) -> Goods:
    return Goods(number, name, category, JAR, free, None if fen is None else Money(fen))


HONEY, TEA, SOAP = goods(1, "蜂蜜", "干货"), goods(2, "龙井", "茶"), goods(3, "肥皂", "日用")


def chosen(known: Likings, *there: Goods, budget: int = 1000) -> list[tuple[int, Ground]]:
    found = ideas(there or (HONEY, TEA, SOAP), known, Money(budget))
    return [(idea.goods.product_id, idea.ground) for idea in found]


def test_what_is_liked_comes_before_what_is_bought() -> None:
    known = Likings(products=frozenset({3}), kinds=frozenset({"茶"}), bought={1: 9, 2: 2})
    assert chosen(known) == [(3, Ground.LIKED), (2, Ground.KIND), (1, Ground.BOUGHT)]


def test_a_tag_finds_goods_by_their_name_or_category() -> None:
    assert chosen(Likings(tags=frozenset({"蜂蜜"}))) == [(1, Ground.TAG)]
    assert chosen(Likings(tags=frozenset({"茶", "口味清淡"}))) == [(2, Ground.TAG)]


def test_never_what_was_rejected() -> None:
    known = Likings(
        products=frozenset({1}), not_products=frozenset({1}), not_kinds=frozenset({"茶"}),
        bought={1: 5, 2: 5, 3: 2},
    )  # fmt: skip
    assert chosen(known) == [(3, Ground.BOUGHT)]


def test_only_what_is_there_and_stays_within_the_budget() -> None:
    known = Likings(bought={1: 4, 2: 3, 3: 2})
    there = (goods(1, "蜂蜜", free=0), goods(2, "龙井", fen=1001), goods(3, "肥皂", fen=1000))
    assert chosen(known, *there) == [(3, Ground.BOUGHT)]
    assert chosen(known, goods(1, "蜂蜜", fen=None)) == [], "its cost is not known"


def test_what_was_bought_once_is_no_favourite() -> None:
    assert chosen(Likings(bought={1: 1, 2: 2})) == [(2, Ground.BOUGHT)]


def test_nothing_known_nothing_suggested() -> None:
    assert chosen(Likings()) == []


def gift(number: int, member: int, home: Home) -> Gift:
    return Gift(
        number, 1, member, "", home, MOON.value, 2026, TODAY, Present(), "", "", None,
        NOW, "", None,
    )  # fmt: skip


def test_households_in_walking_order_with_their_gift() -> None:
    door, other = Home(None, "12", None, "101"), Home(None, "3", None, "201")
    people = [
        Resident(5, "戊", Home()), Resident(2, "乙", door), Resident(1, "甲", door, True),
        Resident(3, "丙", other),
    ]  # fmt: skip
    had = gift(9, 3, other)
    found = households(people, {household_of(3, other): had}, {3: had})
    assert [one.names for one in found] == ["丙", "甲、乙", "戊"]
    assert [one.gift for one in found] == [had, None, None]
    assert (found[1].member_id, found[1].orders_then) == (1, True)


def test_what_all_of_them_cost() -> None:
    assert cost_in_all(Present(what="月饼", cost=Money(250)), 40) == Money(10_000)
    assert cost_in_all(Present(what="月饼"), 40) is None
