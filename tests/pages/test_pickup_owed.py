"""Owed goods at the desk and on the pick list, as people use them (R29)."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.pages.test_pickup_pages import LANGUAGES, button, search
from tests.service.cast import TODAY
from tests.service.owed import cast
from tests.service.owed.cast import Owing, set_up
from tests.service.owed.test_commands import change


@pytest.fixture
def owing(shop: Shop) -> Owing:
    """小李 and 王姐, eggs and greens in stock."""
    return set_up(shop)


def opened(screen: Open, shop: Shop, **asked: str) -> AppTest:
    at = screen(shop, "pickup")
    for name, value in asked.items():
        at.query_params[name] = value
    return at.run()


def test_the_card_of_an_order_gives_what_is_owed_in_the_same_touch(
    screen: Open, staff_shop: Shop, owing: Owing
) -> None:
    owed = owing.owe(2)
    owing.order(owing.li, 12)
    at = search(screen(staff_shop, "pickup"), "0831")
    assert "owed, no charge" in text_of(at)
    at = button(at, "pays later")()
    assert cast.row(staff_shop, owed).settled_at == NOW
    assert "owed: 土鸡蛋 2盒" in text_of(at)
    button(at, "Undo")()
    assert cast.seen(staff_shop, owed).open == 2


def test_a_part_leaves_some_of_it(screen: Open, staff_shop: Shop, owing: Owing) -> None:
    owed = owing.owe(3)
    owing.order(owing.li, 12)
    at = search(screen(staff_shop, "pickup"), "小李")
    field = next(one for one in at.number_input if "owed" in one.label)
    field.set_value(1.0)
    at = button(at, "Hand over this")()
    assert not at.exception
    assert cast.seen(staff_shop, owed).open == 2


@LANGUAGES
def test_who_has_no_order_stands_among_those_to_come(
    screen: Open, staff_shop: Shop, owing: Owing, language: str
) -> None:
    owing.owe(2)
    at = screen(staff_shop, "pickup", language)
    said = {"en": "Goods owed, without an order: 1", "zh_CN": "有欠补、没有订单的：1户"}
    assert said[language] in text_of(at)
    assert any("小李" in one.label and "土鸡蛋 2盒" in one.label for one in at.button)
    assert "13800000831" not in text_of(at)


def test_a_card_of_its_own_gives_all_or_a_part(
    screen: Open, staff_shop: Shop, owing: Owing, clock: FixedClock
) -> None:
    eggs, greens = owing.owe(2), owing.owe_greens(500)
    at = search(screen(staff_shop, "pickup"), "3-201")
    assert "until" in text_of(at)
    field = next(one for one in at.number_input if "土鸡蛋" in one.label)
    field.set_value(1.5)
    at = button(at, "Hand over this")()
    assert "cannot be measured out" in text_of(at)
    field = next(one for one in at.number_input if "土鸡蛋" in one.label)
    assert field.value == 1.5, "what was typed stays"
    field.set_value(1.0)
    at = button(at, "Hand over this")()
    assert cast.seen(staff_shop, eggs).open == 1
    assert greens not in cast.open_ids(staff_shop)
    clock.forward(minutes=1)
    at = button(at, "Hand over all")()
    assert cast.open_ids(staff_shop) == []
    assert "土鸡蛋 1盒" in text_of(at)
    at = button(at, "Undo")()
    assert cast.seen(staff_shop, eggs).open == 1


def test_another_day_and_not_owed_any_more(screen: Open, staff_shop: Shop, owing: Owing) -> None:
    owed = owing.owe(1)
    at = opened(screen, staff_shop, owed=str(owing.li))
    at.date_input[0].set_value(TODAY + timedelta(days=2))
    at = button(at, "Set this day")()
    assert cast.seen(staff_shop, owed).pick_day == TODAY + timedelta(days=2)
    at = button(at, "Not owed any more")()
    assert "Say why it is not owed any more" in text_of(at)
    at.text_input[1].set_value("不要了")
    at = button(at, "Not owed any more")()
    assert cast.row(staff_shop, owed).cancel_reason == "不要了"
    assert "Nothing is owed to this resident" in text_of(at)


def test_what_is_late_says_how_late_and_what_is_stopped_stays(
    screen: Open, staff_shop: Shop, owing: Owing, clock: FixedClock
) -> None:
    owed = owing.owe(1)
    clock.moment += timedelta(days=9)
    at = opened(screen, staff_shop, owed=str(owing.li))
    assert "2 d late" in text_of(at) or "late" in text_of(at)
    change(owing, schema.batch, owing.batch, stopped_at=NOW)
    at = button(at, "Hand over all")()
    assert "may not be given out" in text_of(at)
    assert cast.open_ids(staff_shop) == [owed]


@LANGUAGES
def test_pick_list_and_slips_show_what_is_owed(
    screen: Open, staff_shop: Shop, owing: Owing, language: str
) -> None:
    owing.owe(2)
    owing.owe_greens(500, member=owing.wang)
    owing.order(owing.li, 12)
    at = screen(staff_shop, "pick", language)
    said = {"en": "2盒 of it owed", "zh_CN": "其中欠补 2盒"}
    assert said[language] in text_of(at)
    at.segmented_control[0].set_value("slips").run()
    text = text_of(at)
    assert {"en": "owed, no charge", "zh_CN": "欠补，不收钱"}[language] in text
    assert "王姐" in text, "who has no order has a slip, too"


def test_an_unknown_resident_in_the_address(screen: Open, staff_shop: Shop, owing: Owing) -> None:
    for asked in ("99", "x", "9" * 40):
        at = opened(screen, staff_shop, owed=asked)
        assert not at.exception


def test_the_way_to_owed_goods_leads_to_the_order_they_join(
    screen: Open, staff_shop: Shop, owing: Owing
) -> None:
    """A redemption in the member's file links here, whether or not an order takes it along."""
    owing.owe(2)
    owing.order(owing.li, 12)
    at = opened(screen, staff_shop, owed=str(owing.li))
    assert "owed, no charge" in text_of(at)
    assert "Nothing is owed" not in text_of(at)
