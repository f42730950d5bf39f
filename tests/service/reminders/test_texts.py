"""The second notice: homes with the day until which their goods are kept."""

from datetime import timedelta

from lib.members.profiles.rules import Home
from lib.service.picking.queries import Bag
from lib.service.reminders.texts import second_notice
from lib.shop.language import translator
from lib.shop.settings import Settings
from tests.service.cast import TODAY

SETTINGS = Settings()
NOON = SETTINGS.slots[1]
NOWHERE = Home()


def bag(number: int, home: Home = NOWHERE) -> Bag:
    return Bag(
        number, number, None, "", 1, "小李", "0831", home, TODAY, "noon", False, "", None, 1, ()
    )  # fmt: skip


def test_homes_stand_by_the_day_until_which_they_are_kept() -> None:
    tomorrow = TODAY + timedelta(days=1)
    kept = [
        (bag(1, Home(building="3", room="201")), tomorrow + timedelta(days=2)),
        (bag(2), tomorrow),
        (bag(3, Home(building="5", room="1")), tomorrow),
        (bag(4), TODAY),
    ]
    text = second_notice(SETTINGS, NOON, TODAY, TODAY, kept, translator("en"))
    assert text.splitlines()[1:4] == [
        "kept until today: #4",
        "kept until 9/26: #2  5-1",
        "kept until 9/28: 3-201",
    ]
    assert "4 orders" in text
    assert "小李" not in text


def test_made_late_it_asks_about_what_is_past_its_day() -> None:
    later = TODAY + timedelta(days=3)
    text = second_notice(SETTINGS, NOON, TODAY, later, [(bag(1), TODAY)], translator("zh_CN"))
    assert "#1" in text
    assert "9/25" in text
    assert second_notice(SETTINGS, NOON, TODAY, TODAY, [], translator("en")) == ""
