"""Birthdays on screen: written as they are said, shown back, kept with consent (R34)."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.members.birthdays.queries import birthday_of
from lib.members.birthdays.rules import Birthday, Calendar, Leap
from lib.members.consents.commands import give_consent
from lib.members.consents.queries import consents_of
from lib.members.consents.rules import How, Purpose
from lib.shop.shop import Shop
from tests.members.birthdays.cast import keep, resident, rows
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])


@pytest.fixture
def wang(shop: Shop) -> int:
    return add_member(shop, "王奶奶", building="3", room="1203")


def file_of(screen: Open, shop: Shop, member_id: int, language: str = "en") -> AppTest:
    """Open a member's file with the form of the birthday."""
    at = screen(shop, "members", language)
    at.query_params["member"] = str(member_id)
    at.session_state["birthday-box"] = True
    at.run()
    assert not at.exception, at.exception
    return at


def part(found: Any, key: str) -> Any:
    """Return the widget of the birthday form called ``key``."""
    (one,) = [one for one in found if one.key and one.key.startswith(f"birthday-{key}")]
    return one


def type_in(at: AppTest, member_id: int, text: str) -> AppTest:
    part(at.text_input, f"{member_id}:text").set_value(text)
    return at.run()


def save(at: AppTest, member_id: int) -> AppTest:
    return part(at.button, f"{member_id}:save").click().run()


def agree(at: AppTest, member_id: int, how: str = "spoken") -> AppTest:
    return part(at.selectbox, f"{member_id}:how").set_value(how).run()


def test_what_was_understood_is_shown_back_before_it_is_kept(
    screen: Open, staff_shop: Shop, wang: int
) -> None:
    at = type_in(file_of(screen, staff_shop, wang, "zh_CN"), wang, "农历八月十五")
    shown = text_of(at)
    for words in ("农历八月十五", "今天", "周三 2027年9月15日", "写明了是哪个历"):
        assert words in shown.replace("\\", ""), words
    assert rows(staff_shop) == []
    save(agree(at, wang), wang)
    kept = birthday_of(staff_shop, wang)
    assert kept is not None
    assert (kept.birthday.calendar, kept.birthday.month, kept.birthday.day) == (
        Calendar.LUNAR, 8, 15,
    )  # fmt: skip
    newest = consents_of(staff_shop, wang).state(Purpose.BIRTHDAY).newest
    assert newest is not None
    assert newest.how is How.SPOKEN


@LANGUAGES
def test_without_consent_nothing_is_kept_and_nothing_typed_is_lost(
    screen: Open, shop: Shop, wang: int, language: str
) -> None:
    at = type_in(file_of(screen, shop, wang, language), wang, "正月初三")
    save(at, wang)
    said = {"en": "Without consent no birthday is kept", "zh_CN": "没有本人同意不记生日"}
    assert said[language] in at.error[0].value
    assert rows(shop) == []
    assert part(at.text_input, f"{wang}:text").value == "正月初三"
    save(agree(at, wang, "paper"), wang)
    assert len(rows(shop)) == 1


@LANGUAGES
def test_what_cannot_be_read_says_what_to_do(
    screen: Open, shop: Shop, wang: int, language: str
) -> None:
    at = type_in(file_of(screen, shop, wang, language), wang, "2月30日")
    said = {"en": "at most 29 days", "zh_CN": "最多 29 天"}
    assert said[language] in at.warning[0].value
    save(agree(at, wang), wang)
    assert rows(shop) == []
    assert part(at.text_input, f"{wang}:text").value == "2月30日"


def test_a_calendar_that_nobody_said_is_asked_and_not_guessed(
    screen: Open, shop: Shop, wang: int
) -> None:
    at = agree(type_in(file_of(screen, shop, wang), wang, "8月15"), wang)
    question = part(at.radio, f"{wang}:calendar")
    assert question.value is None
    assert question.options == ["solar 15 August", "lunar 8/15"]
    save(at, wang)
    assert rows(shop) == []
    part(at.radio, f"{wang}:calendar").set_value("lunar").run()
    save(at, wang)
    assert [(row.calendar, row.leap) for row in rows(shop)] == [("lunar", "unknown")]


def test_of_a_month_that_comes_twice_it_is_said_which(screen: Open, shop: Shop, wang: int) -> None:
    at = agree(type_in(file_of(screen, shop, wang), wang, "农历六月初二"), wang)
    part(at.selectbox, f"{wang}:leap").set_value("yes").run()
    part(at.checkbox, f"{wang}:both").set_value(True).run()
    save(at, wang)
    assert [(row.leap, row.leap_too) for row in rows(shop)] == [("yes", True)]


def test_the_year_is_left_out_unless_it_is_wanted(screen: Open, shop: Shop, wang: int) -> None:
    at = agree(type_in(file_of(screen, shop, wang), wang, "1965年8月15日"), wang)
    assert "turns" not in text_of(at)
    save(at, wang)
    kept = birthday_of(shop, wang)
    assert kept is not None
    assert kept.birthday == Birthday(Calendar.SOLAR, 8, 15, Leap.NO)
    at = type_in(file_of(screen, shop, wang), wang, "1965年8月15日")
    part(at.checkbox, f"{wang}:year").set_value(True).run()
    assert "turns 62" in text_of(at)
    save(at, wang)
    assert [row.year for row in rows(shop)] == [1965]


def test_under_a_consent_that_stands_nobody_is_asked_again(
    screen: Open, shop: Shop, wang: int
) -> None:
    give_consent(shop, wang, Purpose.BIRTHDAY, How.CHAT)
    at = type_in(file_of(screen, shop, wang), wang, "3/8")
    assert not [one for one in at.selectbox if one.key and one.key.startswith("birthday-")]
    save(at, wang)
    assert len(rows(shop)) == 1
    assert len(consents_of(shop, wang).history) == 1


@LANGUAGES
def test_a_birthday_is_shown_with_its_next_two_dates_and_removed(
    screen: Open, shop: Shop, wang: int, language: str
) -> None:
    keep(shop, wang, "腊月三十")
    at = screen(shop, "members", language)
    at.query_params["member"] = str(wang)
    at.run()
    shown = text_of(at).replace("\\", "")
    words = {
        "en": ("lunar 12/30", "Fri 5 Feb 2027", "the month has 29 days"),
        "zh_CN": ("农历腊月三十", "周五 2027年2月5日", "农历腊月廿九", "只有 29 天"),
    }
    for word in words[language]:
        assert word in shown, word
    part(at.button, f"remove-{wang}:save").click().run()
    assert rows(shop) == []
    assert consents_of(shop, wang).state(Purpose.BIRTHDAY).stands


def test_a_change_of_somebody_else_is_told_and_not_overwritten(
    screen: Open, shop: Shop, wang: int
) -> None:
    keep(shop, wang, "3/8")
    at = type_in(file_of(screen, shop, wang), wang, "3/9")
    keep(shop, wang, "3/10", None, version=1)
    save(at, wang)
    assert "changed this" in at.error[0].value
    assert [row.day for row in rows(shop)] == [10]
    assert part(at.text_input, f"{wang}:text").value == "3/9"
    save(at, wang)
    assert [row.day for row in rows(shop)] == [9]


def calendar(screen: Open, shop: Shop, month: str = "", language: str = "en") -> AppTest:
    at = screen(shop, "gifts", language)
    at.query_params["view"] = "month"
    if month:
        at.query_params["month"] = month
    at.run()
    assert not at.exception, at.exception
    return at


@LANGUAGES
def test_the_month_shows_lunar_days_festivals_and_birthdays(
    screen: Open, staff_shop: Shop, language: str
) -> None:
    resident(staff_shop, "王*奶奶*", "农历八月十八", building="3", room="1203")
    at = calendar(screen, staff_shop, language=language)
    shown = text_of(at).replace("\u2060", "")
    words = {
        "en": ("September 2026", "Mid\\-Autumn Festival", "8\\/1]", "lunar 8\\/18"),
        "zh_CN": ("2026年9月", "中秋节", "十五", "八月", "农历八月十八", "教师节"),
    }
    for word in (*words[language], "王\\*奶奶\\*"):
        assert word in shown, word
    assert ":green-background[**25**]" in shown
    assert len([line for line in shown.split("\n") if line.startswith("| ")]) == 7


def test_the_months_are_turned_and_the_address_says_which(screen: Open, shop: Shop) -> None:
    resident(shop, "李姐", "腊月初八")
    at = calendar(screen, shop, "2027-01")
    assert "January 2027" in text_of(at)
    assert "李姐" in text_of(at)
    part_of = next(one for one in at.button if one.key == "calendar-:material/chevron_left:")
    part_of.click().run()
    assert at.query_params["month"] in ("2026-12", ["2026-12"])
    assert "李姐" not in text_of(at)
    for nonsense in ("1066-01", "x", "2026-13"):
        assert "September 2026" in text_of(calendar(screen, shop, nonsense))


def test_a_month_of_a_big_shop_stays_a_month(screen: Open, shop: Shop) -> None:
    for number in range(45):
        resident(shop, f"住户{number:02}", "9月26日")
    shown = text_of(calendar(screen, shop)).replace("\\", "")
    assert "+42" in shown
    assert "5 more birthdays this month" in shown


def test_nobody_is_drawn_whose_consent_was_taken_back(screen: Open, shop: Shop) -> None:
    resident(shop, "李姐", "9月26日")
    assert "李姐" in text_of(calendar(screen, shop))
    with shop.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM birthday")
    assert "李姐" not in text_of(calendar(screen, shop))
