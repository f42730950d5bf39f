"""What is due in service stands on the Today page, with the way to where it is dealt with (E16)."""

from datetime import timedelta

import pytest

from lib.kernel.clock import FixedClock
from lib.kernel.quantity import Unit
from lib.service.after_sales.commands import open_case
from lib.service.after_sales.rules import CountedIn, Defect, NewCase, Source
from lib.service.owed.commands import Promise, promise
from lib.service.packing.commands import buy
from lib.shop.shop import Shop
from lib.trade.packaging.rules import Packaging
from tests.pages.conftest import Open, text_of
from tests.service.cast import Street
from tests.service.conftest import street

__all__ = ["street"]


def complain(street: Street, name: str, minutes_ago: int) -> int:
    line = street.lines[name][0]
    counted = {"bad": 1, "of_total": None, "counted_in": CountedIn.GRAMS}
    reported = street.shop.clock.now() - timedelta(minutes=minutes_ago)
    new = NewCase(Source.CHAT, Defect.ROTTEN, "坏了", street.members[name], line,
                  reported_at=reported, **counted)  # fmt: skip
    return open_case(street.shop, new)


@pytest.fixture
def busy(street: Street, clock: FixedClock) -> Street:
    """A reply is late, one runs out; goods owed for long; bags down to the reorder point."""
    shop = street.shop
    with shop.write("owed.plan") as tx:
        goods = Promise(street.members["新邻居"], street.eggs, "土鸡蛋", Unit.named("斤"), 500)
        promise(tx, goods)
    clock.moment += timedelta(days=8)
    buy(shop, Packaging.FRESHNESS_BAG, 5)
    complain(street, "小李", 65)
    complain(street, "王阿姨", 50)
    return street


def test_replies_by_minutes_owed_goods_by_age_and_material(screen: Open, busy: Street) -> None:
    said = text_of(screen(busy.shop, "today"))
    for expected in (
        "First reply to 小李", "5 min late", "First reply to 王阿姨", "10 min left",
        "1 owed", "oldest 1 d 0 h late", "Freshness bag", "5 left",
    ):  # fmt: skip
        assert expected in said, expected


def test_staff_see_it_in_chinese(screen: Open, busy: Street, staff_shop: Shop) -> None:
    said = text_of(screen(staff_shop, "today", "zh_CN"))
    for expected in ("首次回复：小李", "5 分钟", "欠补 1 笔", "包材快用完"):
        assert expected in said, expected
    assert "3.99" not in said, "no purchase cost"


def test_a_quiet_day_shows_nothing_of_service(screen: Open, shop: Shop) -> None:
    said = text_of(screen(shop, "today"))
    assert "First reply" not in said
    assert "owed" not in said
