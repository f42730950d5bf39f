"""Full slots are asked about, moves are taken back, habits are counted (R21; B11)."""

import threading
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from lib.db import schema
from lib.kernel.clock import at_local
from lib.kernel.errors import Conflict, Refused
from lib.members.profiles.commands import set_usual_slot
from lib.service.pickup.commands import hand_over, move_slot, undo_move
from lib.service.pickup.queries import bag_of, loads_ahead
from lib.service.pickup.rules import Was, days_offered, offered_times
from lib.service.pickup.usual.queries import habits_of
from lib.service.pickup.usual.rules import Habit, habit, slot_of
from lib.shop.settings import Settings
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.orders.commands import change_pickup
from lib.trade.orders.slots.rules import NEARLY_TENTHS, Fullness, SlotFull, fullness, usable
from tests.service.cast import TODAY, Street, add_member, add_order, add_product, put

SETTINGS = Settings()
TOMORROW = TODAY + timedelta(days=1)


def small(shop: Shop, capacity: int) -> Shop:
    """The same shop with slots that take so many orders."""
    return replace(shop, settings=replace(shop.settings, slot_capacity=capacity))


@pytest.mark.parametrize(
    ("orders", "capacity", "expected"),
    [
        (0, 40, Fullness.FREE),
        (31, 40, Fullness.FREE),
        (32, 40, Fullness.NEARLY),
        (39, 40, Fullness.NEARLY),
        (40, 40, Fullness.FULL),
        (55, 40, Fullness.FULL),
        (0, 1, Fullness.FREE),
        (1, 1, Fullness.FULL),
        (900, 0, Fullness.NO_LIMIT),
    ],
)
def test_how_full_a_slot_is(orders: int, capacity: int, expected: Fullness) -> None:
    assert NEARLY_TENTHS == 8
    assert fullness(orders, capacity) is expected


def test_a_full_slot_is_asked_about_first(street: Street) -> None:
    shop = small(street.shop, 1)
    order = street.orders["小李"]
    with pytest.raises(SlotFull, match="1 orders"):
        move_slot(shop, order, "noon", TODAY, 1)
    assert move_slot(shop, order, "noon", TODAY, 1, into_full=True) == 11
    bag = bag_of(shop, order)
    assert bag is not None and bag.slot == "noon"


def test_an_order_already_there_and_one_brought_take_no_second_place(street: Street) -> None:
    shop = small(street.shop, 1)
    # 小李 is the only one of the evening who collects; B座老张 is brought his goods.
    assert move_slot(shop, street.orders["小李"], "evening", TODAY, 1) == 11
    assert move_slot(shop, street.orders["B座老张"], "noon", TODAY, 1) == 13
    assert move_slot(shop, street.orders["新邻居"], "morning", TOMORROW, 1)
    without_limit = small(street.shop, 0)
    assert move_slot(without_limit, street.orders["小李"], "noon", TODAY, 2) == 11


def test_changing_the_pickup_of_an_order_asks_too(street: Street) -> None:
    shop, order = small(street.shop, 1), street.orders["小李"]
    with pytest.raises(SlotFull):
        change_pickup(shop, order, 1, slot="noon", delivery=False, note="")
    change_pickup(shop, order, 1, slot="evening", delivery=False, note="要大的")
    change_pickup(shop, order, 2, slot="noon", delivery=True, note="")
    with pytest.raises(SlotFull):
        change_pickup(shop, order, 3, slot="noon", delivery=False, note="")
    change_pickup(shop, order, 3, slot="noon", delivery=False, note="", into_full=True)


def test_of_two_who_move_into_the_last_place_one_wins_and_one_is_asked(street: Street) -> None:
    """B11: at the same moment, each with a connection of its own."""
    shop = small(street.shop, 2)
    ready, outcomes = threading.Barrier(2), []

    def move(name: str) -> None:
        ready.wait(20)
        try:
            move_slot(shop, street.orders[name], "noon", TODAY, 1)
            outcomes.append("moved")
        except SlotFull:
            outcomes.append("asked")

    threads = [threading.Thread(target=move, args=(name,)) for name in ("小李", "新邻居")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["asked", "moved"]
    (load,) = loads_ahead(shop, [TODAY])
    assert load.of("noon").orders == 2


def test_a_move_is_taken_back_with_its_number(street: Street) -> None:
    shop, order = street.shop, street.orders["小李"]
    was = Was(TODAY, "evening", False, 11)
    move_slot(shop, order, "noon", TOMORROW, 1)
    assert undo_move(shop, order, 2, was) == 11
    bag = bag_of(shop, order)
    assert bag is not None
    assert (bag.day, bag.slot, bag.number) == (TODAY, "evening", 11)
    with pytest.raises(Conflict):
        undo_move(shop, order, 2, was)


def test_a_number_given_away_meanwhile_is_not_given_twice(street: Street) -> None:
    shop, order = street.shop, street.orders["新邻居"]
    move_slot(shop, order, "noon", TOMORROW, 1)
    add_order(shop, street.members["小李"], 14, (street.milk, 1))
    assert undo_move(shop, order, 2, Was(TODAY, None, False, 14)) == 15


def test_moving_and_taking_back_twice_saves_once(street: Street) -> None:
    shop, order = street.shop, street.orders["小李"]
    bound = shop.once(FormKey.of("form", 1))
    move_slot(bound, order, "noon", TODAY, 1)
    with pytest.raises(Repeated):
        move_slot(bound, order, "noon", TODAY, 1)
    back = shop.once(FormKey.of("back", 1))
    undo_move(back, order, 2, Was(TODAY, "evening", False, 11))
    with pytest.raises(Repeated):
        undo_move(back, order, 2, Was(TODAY, "evening", False, 11))


def test_the_load_of_days_ahead(street: Street) -> None:
    shop = street.shop
    move_slot(shop, street.orders["新邻居"], "noon", TOMORROW, 1)
    hand_over(shop, street.orders["王阿姨"])
    today, tomorrow, later = loads_ahead(shop, [TODAY, TOMORROW, TOMORROW + timedelta(days=1)])
    assert [(one.slot, one.orders, one.waiting) for one in today.slots] == [
        ("morning", 0, 0),
        ("noon", 1, 0),
        ("evening", 1, 1),
    ]
    assert (today.delivery.orders, today.of(None).orders) == (1, 0)
    assert (tomorrow.of("noon").orders, later.orders) == (1, 0)


def at(wall: str, day: date = TODAY) -> datetime:
    return at_local(day, time.fromisoformat(wall), SETTINGS.time_zone)


def test_times_offered_skip_what_is_over_closed_days_and_where_it_stands() -> None:
    monday = TODAY + timedelta(days=3)
    closed = {TOMORROW, TOMORROW + timedelta(days=1)}
    assert offered_times("evening", TODAY, at("12:30"), SETTINGS, closed) == [
        (TODAY, "noon"),
        (monday, "morning"),
        (monday, "noon"),
        (monday, "evening"),
    ]
    assert offered_times("evening", TODAY, at("21:00"), SETTINGS, ()) == [
        (TOMORROW, "morning"),
        (TOMORROW, "noon"),
        (TOMORROW, "evening"),
    ]
    assert days_offered(TODAY, {TODAY}) == [TOMORROW]


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ([], None),
        (["noon", "noon"], None),
        (["noon"] * 3, Habit("noon", 3, 3)),
        (["noon", "noon", "noon", "evening"], Habit("noon", 3, 4)),
        (["noon", "noon", "noon", "evening", "evening", "evening"], None),
        (["noon", None, "noon", None, "noon", None], None),
        (["noon", None, "noon", None, "noon"], Habit("noon", 3, 5)),
        (["noon"] * 8 + ["evening"] * 20, Habit("noon", 8, 8)),
    ],
)
def test_a_habit_is_most_of_the_last_orders(
    slots: list[str | None], expected: Habit | None
) -> None:
    assert habit(slots) == expected


@given(st.lists(st.sampled_from(["morning", "noon", "evening", None]), max_size=20))
def test_a_habit_is_always_true_of_the_last_orders(slots: list[str | None]) -> None:
    found = habit(slots)
    if found is not None:
        last = slots[:8]
        assert last.count(found.slot) == found.count >= 3
        assert found.of == len(last) < found.count * 2


def test_when_goods_were_collected_counts_before_what_was_said() -> None:
    assert slot_of("morning", at("18:30"), SETTINGS) == "evening"
    assert slot_of("morning", at("15:00"), SETTINGS) == "morning"
    assert slot_of(None, None, SETTINGS) is None
    assert slot_of("gone", None, SETTINGS) is None


def test_a_habit_is_suggested_until_it_is_remembered(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    for age in range(1, 5):
        order_id, (line,) = add_order(
            shop, member, age, (eggs, 500), pickup_day=TODAY - timedelta(days=age),
            pickup_slot="morning" if age == 1 else None,
        )  # fmt: skip
        if age > 1:
            came = at("18:40", TODAY - timedelta(days=age))
            put(shop, schema.handover, order_id=order_id, line_id=line, quantity=500, at=came)
    assert habits_of(shop, [member]) == {member: Habit("evening", 3, 4)}
    set_usual_slot(shop, member, "evening")
    assert habits_of(shop, [member]) == {}


def test_a_usual_slot_is_set_once_and_taken_back(shop: Shop, resident_shop: Shop) -> None:
    member = add_member(shop, "小李")
    bound = shop.once(FormKey.of("form", member))
    assert set_usual_slot(bound, member, "noon") is None
    with pytest.raises(Repeated):
        set_usual_slot(bound, member, "noon")
    assert set_usual_slot(shop, member, None) == "noon"
    with pytest.raises(Refused):
        set_usual_slot(shop, member, "midnight")
    with pytest.raises(Refused):
        set_usual_slot(resident_shop, member, "noon")


def test_a_slot_nobody_said_is_no_evidence_of_a_habit(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    for age in range(1, 5):
        add_order(
            shop, member, age, (eggs, 500), pickup_day=TODAY - timedelta(days=age),
            pickup_slot="noon", slot_usual=True,
        )  # fmt: skip
    assert habits_of(shop, [member]) == {}


def test_moving_an_order_says_its_slot(street: Street) -> None:
    shop, order = street.shop, street.orders["小李"]
    orders = schema.customer_order
    with shop.store.write() as connection:
        connection.execute(update(orders).where(orders.c.id == order).values(slot_usual=True))
    move_slot(shop, order, "noon", TODAY, 1)
    bag = bag_of(shop, order)
    assert bag is not None and not bag.slot_usual
    undo_move(shop, order, 2, Was(TODAY, "evening", True, 11))
    bag = bag_of(shop, order)
    assert bag is not None and bag.slot_usual


def test_a_usual_slot_is_used_while_it_exists_and_is_not_over() -> None:
    assert usable("evening", TODAY, SETTINGS, at("20:59"))
    assert not usable("evening", TODAY, SETTINGS, at("21:00"))
    assert usable("evening", TOMORROW, SETTINGS, at("21:00"))
    assert not usable("gone", TODAY, SETTINGS, at("06:00"))
    assert not usable(None, TODAY, SETTINGS, at("06:00"))
