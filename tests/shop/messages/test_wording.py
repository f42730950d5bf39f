"""Wordings: every event has one that works, and the owner can write another (E17)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.language import LANGUAGES, translator
from lib.shop.messages import wording
from lib.shop.messages.events import EVENTS, Event
from lib.shop.messages.filling import filled
from lib.shop.messages.templates.commands import change_wording, reset_wording
from lib.shop.messages.templates.queries import own_wordings, templates
from lib.shop.messages.templates.rules import LONGEST_WORDING, checked
from lib.shop.messages.trade_events import CUT_OFF, PICKUP
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from tests.statements import statements_of

OWN = "⏰ {when}截单！{left} 剩的不多"
VALUES = {"title": "周五团", "when": "今晚20:00", "day": "明天", "left": "豆腐只剩3盒"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.key)
def test_every_event_has_a_wording_that_passes_its_own_checks(event: Event, language: str) -> None:
    say = translator(language)
    default = checked(event, say(event.wording))
    samples = {each.name: say(each.sample) for each in event.placeholders}
    said = filled(default, samples)
    assert "{" not in said
    assert all(samples[name] in said for name in event.required)
    assert event.required <= event.names
    assert len(event.names) == len(event.placeholders)


def test_no_two_events_share_a_wording_or_a_key() -> None:
    assert len({event.wording for event in EVENTS.values()}) == len(EVENTS)
    assert all(key == event.key for key, event in EVENTS.items())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        ("晚上截单", r"must say \{when\}"),
        ("{when} {wann}", r"no placeholder \{wann\}"),
        ("{when} {}", "no placeholder"),
        ("{when} {0}", "no placeholder"),
        ("{when!r}", "no placeholder"),
        ("{when:>9}", "no placeholder"),
        ("{when.real}", "no placeholder"),
        ("{when[0]}", "no placeholder"),
        ("{when}\n好{", "line 2"),
        ("{when}}", "line 1"),
        ("{when", "line 1"),
        ("{when} {title\n}", "line 1"),
        ("{when}" + "好" * LONGEST_WORDING, "longer than"),
    ],
)
def test_a_wording_that_cannot_be_used_is_refused_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        checked(CUT_OFF, typed)


@pytest.mark.parametrize(
    ("typed", "kept", "text"),
    [
        ("{when}", "{when}", "今晚20:00"),
        ("｛when｝截单 ｛别的｝", "{when}截单 ｛别的｝", "今晚20:00截单 ｛别的｝"),
        ("{{满减}} {when}", "{{满减}} {when}", "{满减} 今晚20:00"),
        ("\r\n{when} {when}\r\n好", "{when} {when}\n好", "今晚20:00 今晚20:00\n好"),
    ],
)
def test_what_is_typed_literally_stays(typed: str, kept: str, text: str) -> None:
    assert checked(CUT_OFF, typed) == kept
    assert filled(kept, VALUES) == text


@given(st.dictionaries(st.sampled_from(sorted(VALUES)), st.text(min_size=1, max_size=30)))
@settings(max_examples=60)
def test_braces_and_anything_else_in_values_is_safe(values: dict[str, str]) -> None:
    everything = {**VALUES, **values}
    said = filled("{when}|{left}|{title}|{day}", everything)
    expected = "|".join(everything[name] for name in ("when", "left", "title", "day"))
    assert said == expected.rstrip()


def test_a_line_whose_values_are_all_empty_is_left_out() -> None:
    text = "一\n{left}\n{left}{title}\n\n{day} 二"
    assert filled(text, {**VALUES, "left": "", "day": ""}) == "一\n周五团\n"
    assert filled("{left}\n好 {left}\n{title}", {"left": "", "title": "团"}) == "团"
    assert filled("{gone} 好", {}) == "{gone} 好"


def test_the_owners_wording_is_used_everywhere_until_it_is_reset(shop: Shop) -> None:
    change_wording(shop, "cut_off", OWN, 0)
    assert wording.said(shop, CUT_OFF, **VALUES) == "⏰ 今晚20:00截单！豆腐只剩3盒 剩的不多"
    own = templates(shop)["cut_off"]
    assert (own.text, own.language, own.changed_by, own.version) == (OWN, "zh_CN", "芳姐", 1)
    change_wording(shop, "cut_off", "{when}", 1)
    reset_wording(shop, "cut_off", 2)
    assert wording.said(shop, CUT_OFF, **VALUES).startswith("⏰周五团 今晚20:00截单")
    assert own_wordings(shop) == {}
    with pytest.raises(NotFound):
        reset_wording(shop, "cut_off", 0)


def test_a_text_reads_the_wordings_once(shop: Shop) -> None:
    with statements_of(shop.store) as statements:
        say = wording.speaker(shop)
        say(CUT_OFF.wording)
        say(PICKUP.wording)
    assert len(statements) == 1


def test_the_owners_wording_stands_when_the_shop_changes_its_language(shop: Shop) -> None:
    change_wording(shop, "cut_off", OWN, 0)
    english = replace(shop, settings=Settings(language="en"))
    assert "截单" in wording.said(english, CUT_OFF, **VALUES)
    assert templates(english)["cut_off"].language == "zh_CN"
    assert "Bring a bag" in wording.speaker(english)(PICKUP.wording)


def test_two_people_editing_one_wording_are_told(shop: Shop) -> None:
    change_wording(shop, "cut_off", OWN, 0)
    with pytest.raises(Conflict, match="芳姐"):
        change_wording(shop, "cut_off", "{when}", 0)
    with pytest.raises(Conflict, match="芳姐"):
        reset_wording(shop, "cut_off", 7)
    assert templates(shop)["cut_off"].text == OWN


def test_wordings_are_the_owners(shop: Shop, staff_shop: Shop, resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        change_wording(staff_shop, "cut_off", OWN, 0)
    with pytest.raises(Refused):
        reset_wording(staff_shop, "cut_off", 0)
    with pytest.raises(Refused):
        templates(resident_shop)
    with pytest.raises(NotFound):
        change_wording(shop, "no_such_event", OWN, 0)
    assert templates(staff_shop) == {}
