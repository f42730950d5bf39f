"""Personal data on screen: the clean-up with its preview, consents, the notice, who looked."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.members.clean_up.rules import MOST_MEMBERS
from lib.members.consents.commands import give_consent
from lib.members.consents.queries import consents_of
from lib.members.consents.rules import How, Purpose
from lib.members.profiles.openings.commands import note_opening
from lib.members.profiles.queries import member
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from tests.members.clean_up.cast import old_member, old_post
from tests.members.clean_up.test_clean_up import VISIT
from tests.members.consents.cast import count, keep_birthday
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])


def part(screen: Open, shop: Shop, view: str, language: str = "en") -> AppTest:
    at = screen(shop, "privacy", language)
    at.query_params["view"] = view
    at.run()
    assert not at.exception, at.exception
    return at


def press(at: AppTest, label: str) -> AppTest:
    (found,) = [one for one in at.button if one.label == label]
    found.click()
    at.run()
    assert not at.exception, at.exception
    return at


@LANGUAGES
def test_the_clean_up_shows_what_it_will_do_and_does_it(
    screen: Open, shop: Shop, language: str
) -> None:
    old_member(shop, "走了的", VISIT)
    old_post(shop)
    at = part(screen, shop, "clean_up", language)
    assert "走了的" in text_of(at)
    label = {"en": "Clean up now", "zh_CN": "现在清理"}[language]
    (button,) = [one for one in at.button if one.label == label]
    assert button.disabled
    at.checkbox[0].check().run()
    press(at, label)
    seen = text_of(at)
    assert {"en": "Nothing is past its time.", "zh_CN": "没有到期"}[language] in seen
    assert "走了的" not in seen
    assert count(shop, schema.clean_up) == 1
    members = schema.member
    assert count(shop, members, members.c.erased_at.is_not(None)) == 1


def test_the_clean_up_says_how_many_files_are_left_for_the_next_touch(
    screen: Open, shop: Shop
) -> None:
    for number in range(MOST_MEMBERS + 2):
        old_member(shop, f"走了{number}", VISIT)
    assert "2 more follow with the next touches" in text_of(part(screen, shop, "clean_up"))


def test_consents_are_counted_with_their_wording(screen: Open, shop: Shop) -> None:
    give_consent(shop, add_member(shop, "小李"), Purpose.BIRTHDAY, How.CHAT)
    at = part(screen, shop, "consents")
    assert {metric.label: metric.value for metric in at.metric}["Agree: Birthday"] == "1"
    seen = text_of(at)
    assert "1 agree, 0 took it back" in seen
    assert "可以记下您的生日吗" in seen


@LANGUAGES
def test_the_notice_misses_a_contact_and_says_so_to_the_owner(
    screen: Open, shop: Shop, language: str
) -> None:
    missing = {"en": "does not say how residents reach you", "zh_CN": "还没写居民怎么联系您"}
    at = part(screen, shop, "notice", language)
    assert missing[language] in str([one.proto for one in at.main])
    assert "/p/privacy" in text_of(at)
    save_settings(shop, {"privacy_contact": "柜台", "shop_name": "芳邻"}, {})
    at = part(screen, shop, "notice", language)
    assert missing[language] not in str([one.proto for one in at.main])
    assert "柜台" in text_of(at) and "芳邻" in text_of(at)


def test_who_looked_is_listed(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    note_opening(staff_shop, add_member(shop, "小李"))
    at = part(screen, shop, "looks")
    assert "小吴" in at.dataframe[0].value.to_csv()


@pytest.fixture
def li(shop: Shop) -> int:
    return add_member(shop, "小李")


def open_file(screen: Open, shop: Shop, member_id: int, language: str = "en") -> AppTest:
    at = screen(shop, "members", language)
    at.query_params["member"] = str(member_id)
    at.query_params["part"] = "data"
    at.run()
    assert not at.exception, at.exception
    return at


@LANGUAGES
def test_a_consent_is_given_and_taken_back_in_the_file(
    screen: Open, staff_shop: Shop, shop: Shop, li: int, language: str
) -> None:
    at = open_file(screen, staff_shop, li, language)
    agreed, back = {"en": ("They agreed", "Consent withdrawn"), "zh_CN": ("已同意", "不再同意")}[
        language
    ]
    next(one for one in at.button if one.label == agreed).click()
    at.run()
    assert consents_of(shop, li).state(Purpose.BIRTHDAY).stands
    keep_birthday(shop, li)
    press(at, back)
    assert not consents_of(shop, li).state(Purpose.BIRTHDAY).stands
    assert count(shop, schema.birthday) == 0


def test_opening_a_file_is_written_down_once_each_time(
    screen: Open, staff_shop: Shop, li: int
) -> None:
    at = open_file(screen, staff_shop, li)
    at.run()
    openings = schema.member_opening
    assert count(staff_shop, openings, openings.c.times == 1) == 1
    at.query_params.pop("member")
    at.run()
    at.query_params["member"] = str(li)
    at.run()
    assert count(staff_shop, openings, openings.c.times == 2) == 1
    assert "小吴" in text_of(at)


def test_a_note_about_health_keeps_what_was_typed_and_asks(
    screen: Open, shop: Shop, li: int
) -> None:
    at = open_file(screen, shop, li)
    (note,) = [one for one in at.text_area if one.label == "Note"]
    note.set_value("治咳嗽的梨膏要两瓶")
    next(one for one in at.button if one.label == "Save" and "member" in str(one.key)).click()
    at.run()
    (note,) = [one for one in at.text_area if one.label == "Note"]
    assert note.value == "治咳嗽的梨膏要两瓶"
    assert "咳嗽" in text_of(at)
    assert member(shop, li).note == ""
    (tick,) = [one for one in at.checkbox if "nothing about anybody" in one.label]
    tick.check()
    next(one for one in at.button if one.label == "Save" and "member" in str(one.key)).click()
    at.run()
    assert member(shop, li).note == "治咳嗽的梨膏要两瓶"
