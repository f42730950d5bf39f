"""Settings of after-sales: what each does in one sentence, and hours of service of their own."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from lib.kernel.errors import Refused
from lib.shop.settings import Settings, Slot
from lib.shop.settings_commands import save_settings
from lib.shop.settings_effects import effect
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought
from tests.service.cast import TODAY, add_order

PERIODS = (Slot("b", "下午", time(14, 30), time(20)), Slot("a", "上午", time(8), time(12)))


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("reply_minutes", {}, "answered by 10:00."),
        ("reply_minutes", {"reply_minutes": 1440}, "09:00 of the next day"),
        ("reply_warning_minutes", {}, "amber 45 minutes"),
        ("reply_warning_minutes", {"reply_warning_minutes": 60}, "from its first minute"),
        ("solve_hours", {}, "1 days and 0 hours"),
        ("solve_hours", {"solve_hours": 36}, "1 days and 12 hours"),
        ("solve_warning_hours", {}, "amber 20 hours"),
        ("solve_warning_hours", {"solve_warning_hours": 24}, "from its first hour"),
        ("service_hours_on", {}, "at night as well"),
        (
            "service_hours_on",
            {"service_hours_on": True, "service_hours": PERIODS},
            "Only 08:00-12:00、14:30-20:00",
        ),
        (
            "service_hours",
            {"service_hours": PERIODS},
            "9 hours and 30 minutes a day; they begin at 08",
        ),
        ("follow_up_days", {}, "the 11th"),
        ("follow_up_days", {"follow_up_days": 0}, "very day"),
        ("after_sales_days", {}, "last 7 days"),
        ("same_photo_bits", {}, "58 of 64"),
        ("same_photo_bits", {"same_photo_bits": 0}, "all 64"),
    ],
)
def test_a_setting_says_what_it_does_with_its_own_figures(
    name: str, values: dict[str, Any], sentence: str
) -> None:
    found = effect(replace(Settings(), **values), name)

    assert found is not None
    assert sentence in found[0].format(**found[1])


def test_service_hours_are_no_pickup_slots(bought: Bought) -> None:
    """Orders wait in the evening slot; hours of service have no such slot, and are saved."""
    add_order(bought.shop, bought.li, 30, (bought.eggs, 1), pickup_day=TODAY)
    shop = cast.set_to(bought.shop, service_hours=PERIODS)

    assert shop.settings.service_hours == PERIODS
    with pytest.raises(Refused, match="still to be collected"):
        save_settings(shop, {"slots": PERIODS}, {})
