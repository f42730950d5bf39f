"""Settings: what may be typed, saved all or none, told who changed what."""

from dataclasses import fields, replace
from datetime import time
from typing import Any

import pytest
from sqlalchemy import insert, select

from lib.db import schema
from lib.kernel.errors import Conflict, Refused
from lib.kernel.money import Money
from lib.shop import settings as rules
from lib.shop.opening import shop_for
from lib.shop.settings import DEFAULT_SLOTS, GROUPS, Settings, Slot, about, checked, to_json
from lib.shop.settings_commands import save_settings, stored_settings
from lib.shop.settings_effects import effect
from lib.shop.shop import Shop


def slot(key: str, start: int, end: int, name: str = "名") -> Slot:
    return Slot(key, name, time(start), time(end))


def now_in(shop: Shop) -> Settings:
    return shop_for(shop.store, shop.place, shop.clock, shop.actor).settings


@pytest.mark.parametrize("name", [item.name for item in fields(Settings)])
def test_every_setting_says_what_it_does_and_keeps_its_default(name: str) -> None:
    this = about(name)
    assert this.label
    assert this.explains
    assert this.group in GROUPS
    default = getattr(Settings(), name)
    if default != "" or name == "shop_name":
        assert checked(name, default) == default
    stored = to_json(name, default)
    assert getattr(rules.from_values({name: stored}), name) == default


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("usual_cut_off_hour", 24, "between 0 and 23"),
        ("usual_cut_off_hour", -1, "between 0 and 23"),
        ("delivery_fee", Money(-1), "negative"),
        ("round_off", "up", "offered"),
        ("time_zone", "Mars/Olympus", "time zone"),
        ("public_address", "shop.example.cn", "https"),
        ("public_address", "https://shop.example.cn/p", "https"),
        ("public_address", "javascript:alert(1)", "https"),
        ("slots", (), "at least one"),
        ("slots", (Slot("a", "A", time(9), time(9)),), "before it begins"),
        (
            "slots",
            (Slot("a", "A", time(9), time(11)), Slot("b", "B", time(10), time(12))),
            "overlap",
        ),
        ("slots", (Slot("a", "", time(9), time(11)),), "name"),
        (
            "slots",
            (Slot("a", "A", time(9), time(10)), Slot("a", "B", time(11), time(12))),
            "same key",
        ),
    ],
)
def test_impossible_values_are_refused(shop: Shop, name: str, value: Any, says: str) -> None:
    with pytest.raises(Refused, match=says):
        save_settings(shop, {"shop_name": "芳姐小店", name: value}, {})
    assert now_in(shop) == Settings()


@pytest.mark.parametrize("value", [0, 23])
def test_bounds_belong_to_the_range(shop: Shop, value: int) -> None:
    save_settings(shop, {"usual_cut_off_hour": value}, {})
    assert now_in(shop).usual_cut_off_hour == value


def test_values_are_saved_and_journalled_from_what_to_what(shop: Shop) -> None:
    slots = (*DEFAULT_SLOTS, Slot("late", "夜场", time(21), time(22)))
    save_settings(
        shop,
        {
            "shop_name": "  芳姐\u202e小店 ",
            "delivery_free_from": Money(4000),
            "slots": slots,
            "round_off": "none",
            "public_address": "https://shop.example.cn/",
        },
        {},
    )
    now = now_in(shop)
    assert (now.shop_name, now.delivery_free_from, now.slots) == ("芳姐小店", Money(4000), slots)
    assert now.public_address == "https://shop.example.cn"
    with shop.read() as connection:
        details = connection.execute(select(schema.journal.c.details)).scalar_one()
    notes = [details, *details["more"]]
    assert {"delivery_free_from": 3000} in [note["before"] for note in notes]
    assert {"delivery_free_from": 4000} in [note["after"] for note in notes]
    assert not [note for note in notes if "round_off" in (note["after"] or {})]


def test_a_stale_save_changes_nothing_and_says_who(shop: Shop) -> None:
    save_settings(shop, {"shop_name": "一"}, {})
    assert stored_settings(shop)["shop_name"].version == 1
    assert stored_settings(shop)["shop_name"].changed_by == "芳姐"
    with pytest.raises(Conflict, match="芳姐 changed this at 10:30"):
        save_settings(shop, {"community": "梧桐苑", "shop_name": "二"}, {})
    assert now_in(shop).community == ""
    save_settings(shop, {"shop_name": "二"}, {"shop_name": 1})
    assert now_in(shop).shop_name == "二"
    with pytest.raises(Conflict):
        save_settings(shop, {"shop_name": "三"}, {"shop_name": 1})


def test_settings_are_the_owners(staff_shop: Shop, resident_shop: Shop) -> None:
    for other in (staff_shop, resident_shop):
        with pytest.raises(Refused):
            stored_settings(other)
        with pytest.raises(Refused):
            save_settings(other, {"shop_name": "x"}, {})


def test_an_unknown_setting_is_a_fault(shop: Shop) -> None:
    with pytest.raises(KeyError):
        save_settings(shop, {"prices_for_friends": 1}, {})


def test_a_slot_with_orders_to_collect_stays(shop: Shop) -> None:
    with shop.store.write() as connection:
        member = connection.execute(
            insert(schema.member)
            .values(nickname="小李", folded_nickname="小李", created_at=shop.clock.now())
            .returning(schema.member.c.id)
        ).scalar_one()
        connection.execute(
            insert(schema.customer_order).values(
                member_id=member,
                source="counter",
                number=1,
                pickup_day=shop.today,
                pickup_slot="noon",
                delivery=False,
                status="active",
                placed_at=shop.clock.now(),
            )
        )
    without_noon = tuple(slot for slot in DEFAULT_SLOTS if slot.key != "noon")
    with pytest.raises(Refused, match="1 orders"):
        save_settings(shop, {"slots": without_noon}, {})
    without_morning = tuple(slot for slot in DEFAULT_SLOTS if slot.key != "morning")
    save_settings(shop, {"slots": without_morning}, {})
    assert now_in(shop).slots == without_morning


def said(**values: Any) -> dict[str, str]:
    settings, sentences = replace(Settings(), **values), {}
    for item in fields(Settings):
        found = effect(settings, item.name)
        if found:
            sentences[item.name] = found[0].format(**found[1])
    return sentences


@pytest.mark.parametrize(
    ("values", "name", "sentence"),
    [
        ({}, "delivery_fee", "An order of 25.80: 4.20 more for free delivery, otherwise 3.00"),
        ({"delivery_fee_mode": "shop_pays"}, "delivery_fee", "the shop pays"),
        ({"delivery_free_from": Money(420)}, "delivery_fee", "Orders of 4.20 or more"),
        ({"delivery_free_from": Money(421)}, "delivery_fee", "An order of 0.01"),
        ({"delivery_fee": Money(0)}, "delivery_fee", "the shop pays"),
        ({}, "delivery_homes", "every home whose building is known"),
        ({"delivery_homes": "1-20\n8弄"}, "delivery_homes", "20 buildings, and to 1 areas"),
        ({"delivery_homes": "?"}, "delivery_homes", "every home whose building is known"),
        ({}, "delivery_need_days", "Agreed on 2026-03-02: proposed until 2026-05-30"),
        ({"delivery_need_days": 1}, "delivery_need_days", "proposed until 2026-03-02"),
        ({}, "delivery_need_warning_days", "ends on 2026-05-30 is pointed out from 2026-05-23"),
        ({}, "points_per_yuan", "paid with 36.50 gives 36 points"),
        ({"points_per_yuan": 3}, "points_per_yuan", "gives 109 points"),
        ({}, "reward_goods_points", "100 points for 500 g: that is 100.00 paid"),
        ({}, "reward_coupon_points", "200.00 paid in the shop give 10.00 back: 5.0 %"),
        ({"points_per_yuan": 0}, "reward_coupon_points", "give 10.00 back: 0.0 %"),
        ({}, "coupon_valid_days", "given on 2026-09-25 is valid through 2026-12-24"),
        ({}, "gift_first_notice_days", "from 2026-09-18 on, and as late from 2026-09-24 on"),
        ({}, "missed_after_gaps", "every 7 days is missed after 14 days, until 180 days"),
        ({}, "keep_birthday_months", "on 2026-09-25 goes in the clean-up after 2028-09-25"),
        ({}, "round_off", "25.88 paid in cash: 25.88"),
        ({"round_off": "jiao"}, "round_off", "25.88 paid in cash: 25.80"),
        ({"round_off": "yuan"}, "round_off", "25.88 paid in cash: 25.00"),
        ({"usual_cut_off_hour": 8}, "usual_cut_off_hour", "08:00"),
        ({}, "slots", "open 7 h 00 min a day in 3 slots"),
        ({}, "ice_pack_to_month", "6 months"),
        ({"ice_pack_from_month": 11, "ice_pack_to_month": 2}, "ice_pack_to_month", "4 months"),
        ({"ice_pack": False}, "ice_pack_to_month", "No ice packs"),
        ({}, "plan_weekdays", "3 deliveries a week: the longest stretch to cover is 3 days"),
        ({"plan_weekdays": (1,)}, "plan_weekdays", "stretch to cover is 7 days"),
        ({}, "plan_weeks", "rests on the last 16 Mondays"),
        ({}, "plan_level_weeks", "rests on the last 28 days"),
        ({"plan_level_weeks": 15}, "plan_level_weeks", "rests on the last 105 days"),
        ({"plan_level_weeks": 16}, "plan_level_weeks", "the plain mean of 16 weeks"),
        ({"plan_safety_percent": 0}, "plan_safety_percent", "0 more are bought"),
        ({}, "plan_safety_percent", "Expected 84 until the next delivery: 13 more"),
        ({}, "plan_lead_days", "asks from day 9 on"),
        ({"plan_lead_days": 0}, "plan_lead_days", "on the delivery day itself"),
        ({"trend_percent": 20}, "trend_percent", "rising from 120 a week on, falling from 80"),
    ],
)
def test_effects_are_said_with_their_figures(
    values: dict[str, Any], name: str, sentence: str
) -> None:
    assert sentence in said(**values)[name]
