"""What a resident may report, and how long a private address holds. Without books."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.service.after_sales.links import rules
from lib.service.after_sales.links.rules import LONGEST, RESIDENTS_WORDS, Report, checked
from lib.service.after_sales.rules import LONGEST_SAID, LONGEST_TEXT, Defect, Source, Status
from lib.shop.people.rules import LOCAL
from tests.conftest import NOW
from tests.service.cast import TODAY

EGGS = Report("rotten", "鸡蛋", "3 个", "有味道", "小李", "3-201")
ENDED = NOW + timedelta(days=40)


def with_values(**values: str) -> Report:
    return Report(**{**vars(EGGS), **values})


def test_every_defect_can_be_chosen() -> None:
    assert set(RESIDENTS_WORDS) == set(Defect)
    assert {checked(with_values(defect=each.value)).defect for each in Defect} == set(Defect)


def test_a_report_becomes_a_case_from_the_page() -> None:
    new = checked(EGGS)
    assert (new.source, new.defect, new.said) == (Source.PAGE, Defect.ROTTEN, "3 个\n有味道")
    assert (new.product_name, new.reporter_name, new.reporter_home) == ("鸡蛋", "小李", "3-201")
    assert new.member_id is new.line_id is new.bad is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"defect": ""}, rules.CHOOSE_DEFECT),
        ({"defect": "ROTTEN"}, rules.CHOOSE_DEFECT),
        ({"what": " ", "said": "！"}, rules.WRITE_WHAT),
        ({"name": "？", "home": "\u202e"}, rules.WRITE_WHO),
        *(({name: "长" * (most + 1)}, sentence) for name, (most, sentence) in LONGEST.items()),
    ],
)
def test_what_says_too_little_or_too_much_is_refused(values: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(with_values(**values))
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    "values", [{"what": ""}, {"said": "", "bad": ""}, {"name": ""}, {"home": ""}]
)
def test_half_of_it_is_enough(values: dict[str, str]) -> None:
    checked(with_values(**values))


@given(st.fixed_dictionaries({name: st.text(max_size=600) for name in vars(EGGS)}))
def test_whatever_is_typed_is_taken_or_refused(values: dict[str, str]) -> None:
    try:
        new = checked(with_values(**{**values, "defect": "other"}))
    except Refused:
        return
    assert len(new.said) <= LONGEST_SAID
    assert not re.search(r"[\x00-\x08\u202e\ufffd]", new.said + new.product_name)
    assert "\n" not in new.product_name + new.reporter_name + new.reporter_home


def test_a_message_says_something_or_shows_something() -> None:
    with pytest.raises(Refused):
        rules.checked_message(" ！\n", photos=0)
    assert rules.checked_message("", photos=1) == ""
    assert rules.checked_message("a" * LONGEST_TEXT, photos=0) == "a" * LONGEST_TEXT
    with pytest.raises(Refused):
        rules.checked_message("a" * (LONGEST_TEXT + 1), photos=1)


def test_who_is_not_content_says_why() -> None:
    assert rules.checked_feedback("", content=True) == ""
    with pytest.raises(Refused):
        rules.checked_feedback("  ", content=False)


def test_a_token_is_long_unlike_others_and_not_in_the_books() -> None:
    tokens = {rules.token_of(f"{number:032x}", b"s" * 32) for number in range(200)}
    assert len(tokens) == 200
    assert all(rules.is_token(token) for token in tokens)
    key = "a" * 32
    assert rules.token_of(key, b"s" * 32) == rules.token_of(key, b"s" * 32)
    assert rules.token_of(key, b"s" * 32) != rules.token_of(key, b"t" * 32)
    assert rules.kept_key(key) not in rules.token_of(key, b"s" * 32)


@pytest.mark.parametrize("text", ["", "1", "A0001", "x" * 42, "x" * 44, "x" * 42 + "=", "值" * 43])
def test_what_is_no_token(text: str) -> None:
    assert not rules.is_token(text)


@pytest.mark.parametrize(
    ("status", "closed", "revoked", "days_later", "shows"),
    [
        (Status.NEW, False, False, 0, True),
        (Status.NEW, False, False, 400, True),
        (Status.SOLVED, False, False, 400, True),
        (Status.CLOSED, True, False, 40, True),
        (Status.CLOSED, True, False, 69, True),
        (Status.CLOSED, True, False, 70, False),
        (Status.WITHDRAWN, True, False, 70, False),
        (Status.NEW, False, True, 0, False),
        (Status.CLOSED, True, True, 40, False),
    ],
)
def test_how_long_an_address_holds(
    status: Status, closed: bool, revoked: bool, days_later: int, shows: bool
) -> None:
    """Made for 30 days, closed after 40."""
    now = NOW + timedelta(days=days_later)
    args = (NOW if revoked else None, status, ENDED if closed else None, 30, now)
    assert rules.shows(NOW + timedelta(days=30), *args) is shows


def test_a_network_is_counted_in_nobodys_name() -> None:
    key = rules.bucket("203.0.113.0/24", TODAY, b"s")
    assert key is not None
    assert "203" not in key.removeprefix("case:")[:6] or len(key) == 37
    assert key != rules.bucket("203.0.113.0/24", TODAY + timedelta(days=1), b"s")
    assert rules.bucket(LOCAL, TODAY, b"s") is None


def test_messages_are_more_than_reports() -> None:
    reports, messages = rules.reports_allowed(5), rules.messages_allowed(5)
    assert (reports.burst, messages.burst) == (5, 20)
    assert reports.every == timedelta(minutes=12)
