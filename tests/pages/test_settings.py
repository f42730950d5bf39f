"""The settings page: typed, saved, put back, and told of conflicts."""

from datetime import time
from typing import Any

from lib.kernel.money import Money
from lib.shop.opening import shop_for
from lib.shop.settings import GROUPS, Settings
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from tests.pages.conftest import Open, text_of


def widget(at: Any, kind: str, name: str) -> Any:
    return next(item for item in at.get(kind) if f":{name}:" in (item.key or ""))


def press(at: Any, name: str) -> None:
    widget(at, "button", name).click()
    at.run()
    assert not at.exception, at.exception


def now_in(shop: Shop) -> Settings:
    return shop_for(shop.store, shop.place, shop.clock, shop.actor).settings


def test_every_group_can_be_opened_and_saved_unchanged(screen: Open, shop: Shop) -> None:
    at = screen(shop, "settings")
    for group in GROUPS:
        at.button_group("group").set_value(group).run()
        assert not at.exception
        press(at, "save")
    assert now_in(shop) == Settings()


def test_a_name_is_saved_and_put_back(screen: Open, shop: Shop) -> None:
    at = screen(shop, "settings")
    widget(at, "text_input", "shop_name").set_value("芳姐小店")
    press(at, "save")
    assert now_in(shop).shop_name == "芳姐小店"
    widget(at, "multiselect", "names").set_value(["shop_name"])
    at.run()
    assert "芳姐小店 → empty" in text_of(at)
    next(b for b in at.button if (b.key or "").startswith("reset-")).click()
    at.run()
    assert now_in(shop).shop_name == ""
    assert widget(at, "text_input", "shop_name").value == ""


def test_money_and_slots_are_typed(screen: Open, shop: Shop) -> None:
    at = screen(shop, "settings")
    at.button_group("group").set_value(GROUPS[1]).run()
    assert "4.20 more for free delivery" in text_of(at).replace("\\", "")
    widget(at, "number_input", "delivery_free_from").set_value(40.1)
    widget(at, "text_input", "slot-name-").set_value("夜场")
    widget(at, "time_input", "slot-from-").set_value(time(21, 30))
    widget(at, "time_input", "slot-to-").set_value(time(22, 30))
    widget(at, "checkbox", "slot-drop-noon").check()
    press(at, "save")
    now = now_in(shop)
    assert now.delivery_free_from == Money(4010)
    assert [slot.name for slot in now.slots] == ["Morning", "Evening", "夜场"]
    assert len({slot.key for slot in now.slots}) == 3


def test_a_refused_value_keeps_what_was_typed(screen: Open, shop: Shop) -> None:
    at = screen(shop, "settings")
    widget(at, "text_input", "shop_name").set_value("芳姐小店")
    widget(at, "text_input", "time_zone").set_value("Mars")
    press(at, "save")
    assert "Mars is not a time zone" in text_of(at)
    assert widget(at, "text_input", "shop_name").value == "芳姐小店"
    assert now_in(shop) == Settings()


def test_a_change_from_elsewhere_is_not_overwritten_unseen(screen: Open, shop: Shop) -> None:
    at = screen(shop, "settings")
    save_settings(shop, {"shop_name": "别人的"}, {})
    widget(at, "text_input", "shop_name").set_value("我的")
    press(at, "save")
    assert "changed this at" in text_of(at)
    assert now_in(shop).shop_name == "别人的"
    press(at, "save")
    assert now_in(shop).shop_name == "我的"


def test_a_chinese_owner_sees_chinese_slots_and_keeps_their_names(screen: Open, shop: Shop) -> None:
    at = screen(shop, "settings", "zh_CN")
    at.button_group("group").set_value(GROUPS[1]).run()
    press(at, "save")
    assert now_in(shop).slots == Settings().slots
