"""What the settings of slots and reminders say is what the rules do."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lib.kernel.clock import local
from lib.service.pickup.keeping import keep_until
from lib.service.reminders.rules import Kind, occasions
from lib.shop.settings import Settings
from lib.shop.settings_effects import effect
from lib.trade.orders.slots.rules import Fullness, fullness
from tests.service.cast import TODAY, line


def said(name: str, **values: Any) -> tuple[str, dict[str, object]]:
    found = effect(replace(Settings(), **values), name)
    assert found is not None
    return found[0].format(**found[1]), found[1]


@pytest.mark.parametrize("capacity", [1, 40, 999])
def test_the_order_that_is_asked_about_is_the_first_that_finds_it_full(capacity: int) -> None:
    sentence, values = said("slot_capacity", slot_capacity=capacity)
    assert f"3 slots take {3 * capacity} orders" in sentence
    asked = values["next"]
    assert isinstance(asked, int)
    assert fullness(asked - 1, capacity) is Fullness.FULL
    assert fullness(asked - 2, capacity) is not Fullness.FULL
    assert "nothing is asked" in said("slot_capacity", slot_capacity=0)[0]


@pytest.mark.parametrize("minutes", [5, 60, 600])
def test_the_hours_of_the_lists(minutes: int) -> None:
    settings = replace(Settings(), reminder_minutes=minutes, second_notice_minutes=minutes)
    evening = {one.kind: one for one in occasions(TODAY, settings) if one.slot.key == "evening"}
    hours = {
        kind: f"{local(one.due_at, settings.time_zone):%H:%M}" for kind, one in evening.items()
    }
    before = said("reminder_minutes", reminder_minutes=minutes)
    after = said("second_notice_minutes", second_notice_minutes=minutes)
    assert before[1] == {"start": "18:00", "at": hours[Kind.BEFORE]}
    assert after[1] == {"hours": "18:00-21:00", "at": hours[Kind.AFTER]}


def test_who_sends_the_reminder() -> None:
    assert "At 17:00 the robots" in said("reminder_by_robot")[0]
    assert "you send it" in said("reminder_by_robot", reminder_by_robot=False)[0]


@pytest.mark.parametrize(("name", "fresh"), [("keep_fresh_days", True), ("keep_other_days", False)])
@pytest.mark.parametrize("days", [0, 1, 30])
def test_until_when_goods_are_kept(name: str, days: int, *, fresh: bool) -> None:
    values = said(name, **{name: days})[1]
    day, until = (date.fromisoformat(str(values[key])) for key in ("day", "until"))
    settings = replace(Settings(), **{name: days})
    assert keep_until([line(fresh=fresh)], day, settings, ()) == until
