"""What is due about members stands on the Today page, with the way to where it is dealt with."""

from datetime import date, timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.members.gifts.commands import give_gift
from lib.members.points.commands import begin_points
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.members.gifts.cast import Folk, put, set_up
from tests.pages.conftest import Open, text_of
from tests.service.cast import TODAY


@pytest.fixture
def folk(shop: Shop) -> Folk:
    """A birthday tomorrow and one in six days, Mid-Autumn today, National Day next week."""
    return set_up(shop)


def coupon(folk: Folk, days: int) -> None:
    """Give 小李 a coupon that runs out in so many days."""
    shop = folk.shop
    reward = put(
        shop, schema.reward, series=1, kind="coupon", name="券", points=200, value_fen=1000,
        threshold_fen=5000, valid_days=90, from_at=NOW, created_at=NOW,
    )  # fmt: skip
    redeemed = put(
        shop, schema.redemption, member_id=folk.li, reward_id=reward, times=1, points=200, at=NOW
    )
    put(
        shop, schema.coupon, redemption_id=redeemed, member_id=folk.li, code="ABCD2345",
        value_fen=1000, threshold_fen=5000, valid_until=TODAY + timedelta(days=days),
        issued_at=NOW,
    )  # fmt: skip


def rhythm(folk: Folk, member_id: int, last_on: date, **values: object) -> None:
    """Say how often somebody comes."""
    row = {"member_id": member_id, "visits": 5, "first_on": TODAY - timedelta(days=100),
           "last_on": last_on, "gap_days": 5, "expected_on": last_on + timedelta(days=10),
           "reckoned_on": TODAY, **values}  # fmt: skip
    with folk.shop.store.write() as connection:
        connection.execute(schema.member_rhythm.insert().values(**row))


def test_birthdays_and_festivals_ahead(screen: Open, folk: Folk) -> None:
    folk.plan()
    said = text_of(screen(folk.shop, "today"))
    for expected in (
        "2 birthdays", "小李、王姐", "tomorrow", "1 gifts planned", "National Day",
        "nothing planned", "2 households",
    ):  # fmt: skip
        assert expected in said, expected


def test_a_gift_given_is_due_no_more(screen: Open, folk: Folk) -> None:
    number = folk.plan()
    give_gift(folk.shop, number, 1)
    said = text_of(screen(folk.shop, "today"))
    assert "1 birthdays" in said
    assert "小李、王姐" not in said


def test_what_is_missing_for_gifts(screen: Open, folk: Folk) -> None:
    folk.plan(folk.jar(9), over_budget=True)
    said = text_of(screen(folk.shop, "today"))
    assert "Not enough of them for the gifts planned" in said
    assert "a gift is not ready" in said


def test_coupons_that_run_out(screen: Open, folk: Folk) -> None:
    coupon(folk, folk.shop.settings.coupon_notice_days)
    said = text_of(screen(folk.shop, "today"))
    for expected in ("1 coupons", "worth ¥10.00, of 小李", "the first runs out"):
        assert expected in said, expected


def test_coupons_with_time_are_not_due(screen: Open, folk: Folk) -> None:
    coupon(folk, folk.shop.settings.coupon_notice_days + 1)
    assert "1 coupons" not in text_of(screen(folk.shop, "today"))


def test_who_is_missed_and_who_came_once(screen: Open, folk: Folk) -> None:
    begin_points(folk.shop, 1, 100)
    walker = {"visits": 1, "gap_days": None, "expected_on": None}
    day = TODAY - timedelta(days=4)
    rhythm(folk, folk.chen, TODAY - timedelta(days=20))
    rhythm(folk, folk.walker, day, **walker, first_on=day)
    said = text_of(screen(folk.shop, "today"))
    for expected in (
        "1 missed", "老陈", "not here for twice their usual time", "1 newcomers",
        "were here once and not again yet",
    ):  # fmt: skip
        assert expected in said, expected


def test_the_clean_up_is_the_owners(
    screen: Open, folk: Folk, staff_shop: Shop, clock: FixedClock
) -> None:
    clock.moment += timedelta(days=2000)
    assert "the clean-up of this month" in text_of(screen(folk.shop, "today"))
    assert "the clean-up of this month" not in text_of(screen(staff_shop, "today"))


def test_staff_see_it_in_chinese(screen: Open, folk: Folk, staff_shop: Shop) -> None:
    folk.plan()
    said = text_of(screen(staff_shop, "today", "zh_CN"))
    for expected in ("2 个生日", "备了 1 份礼", "国庆", "还没计划"):
        assert expected in said, expected
    assert "12.00" not in said, "no purchase cost"


def test_a_quiet_day_shows_nothing_of_members(screen: Open, shop: Shop) -> None:
    said = text_of(screen(shop, "today"))
    for absent in ("birthdays", "coupons", "missed", "newcomers", "to clear"):
        assert absent not in said, absent
