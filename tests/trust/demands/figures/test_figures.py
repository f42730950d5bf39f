"""What became of the wishes of a month (R16, R18)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.shop.shop import Shop
from lib.trust.demands.figures.queries import figures
from lib.trust.demands.figures.rules import Fate, days_between, months, most_wanted, percent
from lib.trust.demands.launch.commands import Place, offer_product
from lib.trust.demands.rules import Outcome, Status
from tests.conftest import NOW
from tests.service.cast import add_member, add_order, add_product
from tests.trust.demands.cast import add_wish, move, row

HOUR = timedelta(hours=1)
ZONE = "Asia/Shanghai"


def fate(outcome: Outcome, **values: object) -> Fate:
    plain = {"title": "草莓", "first_asked_at": NOW, "offered_at": None}
    return Fate(**{**plain, "outcome": outcome, **values})


def test_a_month_is_judged_by_what_could_be_met() -> None:
    (month,) = months(
        [
            fate(Outcome.OFFERED_IN_TIME, offered_at=NOW + 24 * HOUR, wished=4, known=3, bought=2),
            fate(Outcome.OFFERED_LATE, offered_at=NOW + 96 * HOUR, wished=1, known=1),
            fate(Outcome.ANSWERED_IN_TIME, wished=2, known=2),
            fate(Outcome.ANSWERED_LATE),
            fate(Outcome.OPEN_LATE),
            fate(Outcome.OPEN),
        ],
        ZONE,
    )
    assert (month.first, month.collected, month.offered) == (date(2026, 9, 1), 6, 2)
    assert (month.offered_in_time, month.could_be_met, month.hit_percent) == (1, 3, 33)
    assert (month.answered_in_time, month.judged, month.answered_percent) == (2, 5, 40)
    assert month.median_days == Decimal("2.5")
    assert (month.wished, month.known, month.bought, month.bought_percent) == (7, 4, 2, 50)


def test_months_are_those_of_the_shop_s_calendar() -> None:
    last_evening = datetime(2026, 8, 31, 15, 59, tzinfo=UTC)  # 23:59 on 31 August in the shop
    found = months(
        [
            fate(Outcome.OPEN, first_asked_at=last_evening),
            fate(Outcome.OPEN, first_asked_at=last_evening + timedelta(minutes=1)),
        ],
        ZONE,
    )
    assert [month.first for month in found] == [date(2026, 9, 1), date(2026, 8, 1)]
    assert (found[0].hit_percent, found[0].median_days) == (None, None)


@pytest.mark.parametrize(("part", "whole", "said"), [(0, 0, None), (199, 200, 99), (3, 3, 100)])
def test_all_is_said_of_nothing_but_all(part: int, whole: int, said: int | None) -> None:
    assert percent(part, whole) == said


@pytest.mark.parametrize(
    ("hours", "days"), [(0, "0"), (72, "3.0"), (30, "1.3"), (1.2, "0.1"), (1.1, "0.0")]
)
def test_days_have_one_decimal(hours: float, days: str) -> None:
    assert days_between(NOW, NOW + hours * HOUR) == Decimal(days)


def test_most_wanted_counts_residents() -> None:
    fates = [
        fate(Outcome.OPEN, title=title, wished=count)
        for title, count in (("草莓", 3), ("羊奶", 9), ("没人要", 0))
    ]
    assert most_wanted(fates, 5) == (("羊奶", 9), ("草莓", 3))


def test_from_the_books(shop: Shop, clock: FixedClock) -> None:
    zhang = add_member(shop, "张阿姨")
    add_member(shop, "李姐")
    hit = add_wish(shop, "芝麻酱", "张阿姨", "李姐", "没档案的", hours_ago=71)
    product = add_product(shop, "芝麻酱", "瓶")
    offer_product(shop, hit, 1, product, Place())
    add_order(shop, zhang, 1, (product, 1), placed_at=NOW)
    add_order(shop, zhang, 2, (product, 1), placed_at=NOW)
    answered = add_wish(shop, "羊奶", hours_ago=10)
    move(shop, answered, Status.NOT_YET, "没货", date(2026, 9, 28))
    late = add_wish(shop, "草莓", hours_ago=73)
    move(shop, late, Status.DECLINED, "没货")
    move(shop, add_wish(shop, "车厘子", hours_ago=24 * 40), Status.DECLINED, "没货")
    dropped = add_wish(shop, "丹东草莓")
    with shop.store.write() as connection:
        table = schema.demand
        connection.execute(update(table).where(table.c.id == dropped).values(merged_into=late))
    found = figures(shop)
    september, august = found.months
    assert (september.collected, september.offered_in_time, september.could_be_met) == (3, 1, 1)
    assert (september.answered_in_time, september.judged) == (2, 3)
    assert (september.known, september.bought) == (2, 1)
    assert september.median_days == Decimal("3.0")
    assert (august.first, august.collected) == (date(2026, 8, 1), 1)
    assert found.wanted[0] == ("芝麻酱", 3)
    clock.moment = NOW + timedelta(days=400)
    assert figures(shop).months == ()


def test_opening_a_wish_again_erases_no_breach(shop: Shop, clock: FixedClock) -> None:
    late = add_wish(shop, "草莓", hours_ago=100)
    move(shop, late, Status.DECLINED, "没货")
    clock.moment = NOW + timedelta(days=1)
    move(shop, late, Status.NEW)
    product = add_product(shop, "草莓")
    offer_product(shop, late, row(shop, late).version, product, Place())
    (month,) = figures(shop).months
    assert (month.offered_in_time, month.answered_in_time, month.judged) == (0, 0, 1)


def test_figures_are_for_the_desk(resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        figures(resident_shop)
