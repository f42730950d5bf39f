"""What the settings of welfare items are said to do is what they do (R19)."""

from dataclasses import replace
from datetime import date

import pytest

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.quotas import Standing
from lib.shop.settings import Settings
from lib.shop.settings_effects import effect
from lib.trust.welfare import rules


def values(settings: Settings, name: str) -> dict[str, object]:
    said = effect(settings, name)
    assert said is not None
    return said[1]


@pytest.mark.parametrize("percent", [0, 3, 10, 33, 100])
def test_slightly_below_ends_at_the_price_that_is_said(percent: int) -> None:
    said = values(replace(Settings(), welfare_below_percent=percent), "welfare_below_percent")
    cost, price = said["cost"], said["price"]
    assert isinstance(cost, Money)
    assert isinstance(price, Money)
    assert not rules.is_far_below(price, cost, percent)
    assert price.fen == 0 or rules.is_far_below(Money(price.fen - 1), cost, percent)


def test_the_budget_is_enough_for_what_is_said() -> None:
    settings = replace(Settings(), welfare_budget=Money(12_345))
    said = values(settings, "welfare_budget")
    jin, added = said["jin"], said["added"]
    assert isinstance(jin, int)
    assert isinstance(added, Money)
    unit, cost = Unit.named("斤"), Money(500)
    assert rules.given(unit, cost - added, cost, jin * 500) <= settings.welfare_budget
    assert rules.given(unit, cost - added, cost, (jin + 1) * 500) > settings.welfare_budget


def test_the_nudge_comes_on_the_day_that_is_said() -> None:
    settings, first = Settings(), date(2026, 9, 1)
    day = values(settings, "welfare_least")["day"]
    assert isinstance(day, int)
    before, then = (first.replace(day=one) for one in (day - 1, day))
    assert rules.standing_of(0, 0, first, before, settings).standing is Standing.OPEN
    assert rules.standing_of(0, 0, first, then, settings).standing is Standing.NUDGE
    never = replace(settings, welfare_least=0)
    assert values(never, "welfare_least") == {}
    assert rules.standing_of(0, 0, first, then, never).standing is Standing.REACHED


def test_beyond_plan_begins_with_the_number_that_is_said() -> None:
    settings, first = replace(Settings(), welfare_most=4), date(2026, 9, 1)
    number = values(settings, "welfare_most")["count"]
    assert isinstance(number, int)
    standings = [
        rules.standing_of(done, 0, first, first, settings).standing for done in (number - 1, number)
    ]
    assert standings == [Standing.REACHED, Standing.BEYOND]
