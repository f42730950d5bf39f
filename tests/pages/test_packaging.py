"""The page of packaging material and the ticks on slips, as people use them (R25)."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.service.packing import commands, queries
from lib.shop.shop import Shop
from lib.trade.packaging.rules import Packaging
from tests.pages.conftest import Open, text_of
from tests.service.cast import Street
from tests.service.conftest import street

__all__ = ["street"]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])


def left(shop: Shop) -> int | None:
    return queries.stock(shop)[0].on_hand


def press(at: AppTest, label: str) -> AppTest:
    found = [one for one in at.button if one.label == label]
    assert found, [one.label for one in at.button]
    found[0].click().run()
    assert not at.exception, at.exception
    return at


@LANGUAGES
def test_what_was_never_counted_is_said(screen: Open, staff_shop: Shop, language: str) -> None:
    shown = text_of(screen(staff_shop, "packaging", language))
    assert ("not counted yet" if language == "en" else "还没盘点过") in shown


def test_material_is_booked_and_a_second_touch_books_nothing(
    screen: Open, staff_shop: Shop
) -> None:
    at = screen(staff_shop, "packaging")
    pieces = next(one for one in at.number_input if one.key.startswith("material_bought:pieces"))
    pieces.set_value(500)
    press(at, "Book as bought")
    assert left(staff_shop) == 500
    assert "500" in text_of(at)


def test_a_refusal_keeps_what_was_typed(screen: Open, staff_shop: Shop) -> None:
    at = screen(staff_shop, "packaging")
    note = next(one for one in at.text_input if one.key.startswith("material_bought:note"))
    note.set_value("批发市场")
    press(at, "Book as bought")
    assert "Enter how many pieces." in text_of(at)
    kept = next(one for one in at.text_input if one.key.startswith("material_bought:note"))
    assert kept.value == "批发市场"
    assert left(staff_shop) is None


def test_down_to_the_reorder_point_there_is_a_text_that_orders_it(screen: Open, shop: Shop) -> None:
    commands.buy(shop, Packaging.FRESHNESS_BAG, 100, Money(1200))
    at = screen(shop, "packaging", "zh_CN")
    assert "该补货了" in text_of(at)
    assert any("保鲜袋 × 200" in one.value for one in at.code)


def test_the_owner_takes_the_new_price_into_the_price_sheet(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    commands.buy(shop, Packaging.ICE_PACK, 100, Money(3000))
    at = screen(shop, "packaging")
    press(at, "Reckon with ¥0.30")
    again = screen(shop, "packaging")
    assert "Reckon with" not in " ".join(one.label for one in again.button)
    assert "¥0.30 apiece" in text_of(again)
    staff = screen(staff_shop, "packaging")
    assert "0.30" not in text_of(staff)


def test_that_the_text_was_sent_is_kept_until_the_next_purchase(screen: Open, shop: Shop) -> None:
    commands.buy(shop, Packaging.FRESHNESS_BAG, 100)
    press(screen(shop, "packaging"), "Sent by hand")
    assert "Sent today" in text_of(screen(shop, "packaging"))
    commands.throw_away(shop, Packaging.FRESHNESS_BAG, 60)
    commands.buy(shop, Packaging.FRESHNESS_BAG, 50)
    assert "Sent today" not in text_of(screen(shop, "packaging"))


def test_the_rule_in_force_today_is_said(screen: Open, shop: Shop, clock: FixedClock) -> None:
    assert "One per bag with fresh goods, May to October." in text_of(screen(shop, "packaging"))
    clock.moment += timedelta(days=90)
    shown = text_of(screen(shop, "packaging", "zh_CN"))
    assert "有生鲜的袋子放一个，五月到十月；现在不放。" in shown


def test_a_bag_is_packed_as_listed_with_one_touch(screen: Open, street: Street) -> None:
    at = screen(street.shop, "pick")
    at.segmented_control(key="pick_view").set_value("slips").run()
    order = street.orders["小李"]
    key = f"packed_so_{order}:save"
    next(one for one in at.button if one.key.startswith(key)).click().run()
    assert not at.exception, at.exception
    packed = queries.packed(street.shop, [order])[order]
    assert {one.quantity for one in packed.values()} == {1}
    assert not [one for one in at.button if one.key.startswith(key)]
    assert "☑ Ice pack × 1" in text_of(at)


@LANGUAGES
def test_a_bag_is_ticked_on_its_slip(screen: Open, street: Street, language: str) -> None:
    at = screen(street.shop, "pick", language)
    at.segmented_control(key="pick_view").set_value("slips").run()
    order = street.orders["小李"]
    ice = next(one for one in at.number_input if one.key.startswith(f"packed_{order}:ice_pack"))
    assert ice.value == 1
    ice.set_value(2)
    saved = next(one for one in at.button if one.key.startswith(f"packed_{order}:save"))
    saved.click().run()
    assert not at.exception, at.exception
    packed = queries.packed(street.shop, [order])[order]
    assert {key.value: one.quantity for key, one in packed.items()} == {
        "freshness_bag": 1,
        "ice_pack": 2,
        "bubble_wrap": 1,
    }
    assert "☑" in text_of(at)
