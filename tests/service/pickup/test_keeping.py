"""Until when goods nobody came for are kept (R22)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.service.pickup.commands import hand_over
from lib.service.pickup.keeping import keep_until, left_over_days
from lib.service.pickup.queries import kept_bags
from lib.shop.settings import Settings
from tests.service.cast import TODAY, Street, add_order, add_product, line

SETTINGS = Settings()


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("fresh", "closed", "days"),
    [
        ((True,), (), 1),
        ((False,), (), 3),
        ((True, False), (), 1),
        ((True,), (1,), 0),
        ((False,), (3,), 4),
        ((False,), (3, 4, 5), 6),
        ((False,), (1, 2), 3),
    ],
)
def test_the_earliest_of_its_goods_counts(
    fresh: tuple[bool, ...], closed: tuple[int, ...], days: int
) -> None:
    lines = [line(id=number, fresh=one) for number, one in enumerate(fresh)]
    shut = {after(day) for day in closed}
    assert keep_until(lines, TODAY, SETTINGS, shut) == after(days)


def test_what_was_given_is_not_kept() -> None:
    given_away = line(fresh=True, handed=1000)
    assert keep_until([given_away], TODAY, SETTINGS, ()) is None
    assert keep_until([given_away, line(fresh=False)], TODAY, SETTINGS, ()) == after(3)
    longer = replace(SETTINGS, keep_other_days=9)
    assert keep_until([line(fresh=False)], TODAY, longer, ()) == after(9)
    assert left_over_days(longer) == timedelta(days=10)
    assert left_over_days(SETTINGS) == timedelta(days=7)


@given(
    fresh=st.booleans(),
    days=st.integers(0, 30),
    closed=st.sets(st.integers(0, 40), max_size=10),
)
def test_nobody_is_sent_to_a_closed_door_and_fresh_goods_never_keep_longer(
    fresh: bool, days: int, closed: set[int]
) -> None:
    settings = replace(SETTINGS, keep_fresh_days=days, keep_other_days=days)
    shut = {after(day) for day in closed}
    until = keep_until([line(fresh=fresh)], TODAY, settings, shut)
    assert until is not None and until >= TODAY
    assert until not in shut or (fresh and until == TODAY)
    assert (until <= after(days)) if fresh else (until >= after(days))


def test_what_goes_first_stands_first(street: Street, clock: FixedClock) -> None:
    shop = street.shop
    noodles = add_product(shop, "挂面", "包", 650)
    order, _lines = add_order(shop, street.members["小李"], 31, (noodles, 2), pickup_day=TODAY)
    clock.forward(days=2)
    found = [(bag.number, until) for bag, until in kept_bags(shop)]
    assert found == [(11, TODAY), (11, after(1)), (12, after(1)), (14, after(1)), (31, after(3))]
    hand_over(shop, order)
    assert len(kept_bags(shop)) == 4
    with shop.store.write() as connection:
        connection.execute(insert(schema.closed_day).values(day=after(1)))
    assert [until for _bag, until in kept_bags(shop)] == [TODAY] * 4
