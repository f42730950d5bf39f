"""Decisions on cases: what is counted, when it was told, where it may go."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.quantity import Unit
from lib.service.after_sales import counting, rules
from lib.service.after_sales.counting import Amount, Goods
from lib.service.after_sales.rules import (
    CountedIn,
    Defect,
    NewCase,
    Source,
    Status,
)
from tests.conftest import NOW

UNITS, PIECES, GRAMS = CountedIn.UNITS, CountedIn.PIECES, CountedIn.GRAMS
TRAYS = Goods(Unit("板"), 2, content_pieces=30, content_grams=1800)
BOXES = Goods(Unit("盒"), 3)
TOMATOES = Goods(Unit("斤", 500), 1500)
ODD = Goods(Unit("斤", 500), 1230)


@pytest.mark.parametrize(
    ("goods", "way", "whole"),
    [
        (TRAYS, UNITS, 2),
        (TRAYS, PIECES, 60),
        (TRAYS, GRAMS, 3600),
        (BOXES, UNITS, 3),
        (BOXES, PIECES, None),
        (BOXES, GRAMS, None),
        (TOMATOES, UNITS, 3),
        (TOMATOES, GRAMS, 1500),
        (TOMATOES, PIECES, None),
        (ODD, UNITS, None),  # 2.46 斤 are no whole number of them
        (ODD, GRAMS, 1230),
    ],
)
def test_the_whole_of_a_line_in_each_way_of_counting(
    goods: Goods, way: CountedIn, whole: int | None
) -> None:
    assert counting.whole_of(goods, way) == whole


@pytest.mark.parametrize(
    ("goods", "ways"),
    [
        (TRAYS, (PIECES, UNITS, GRAMS)),
        (BOXES, (UNITS,)),
        (replace(BOXES, content_pieces=1), (UNITS, PIECES)),
        (TOMATOES, (GRAMS, UNITS, PIECES)),
        (ODD, (GRAMS, PIECES)),
    ],
)
def test_the_most_exact_way_to_count_is_offered_first(
    goods: Goods, ways: tuple[CountedIn, ...]
) -> None:
    assert counting.ways_to_count(goods) == ways


@pytest.mark.parametrize(
    ("typed", "goods", "kept"),
    [
        ((3, None, PIECES), TRAYS, Amount(3, 60, PIECES)),
        ((3, 30, PIECES), TRAYS, Amount(3, 60, PIECES)),  # only one tray was opened
        ((60, 60, PIECES), TRAYS, Amount(60, 60, PIECES)),
        ((2, None, UNITS), BOXES, Amount(2, 3, UNITS)),
        ((4, 12, PIECES), TOMATOES, Amount(4, 12, PIECES)),  # nobody knows how many potatoes
        ((4, 12, PIECES), BOXES, Amount(4, 12, PIECES)),
        ((250, None, GRAMS), ODD, Amount(250, 1230, GRAMS)),
        ((2, 10, PIECES), None, Amount(2, 10, PIECES)),
        ((None, None, None), TRAYS, None),
        ((None, 30, None), None, None),
    ],
)
def test_n_bad_of_m_as_it_is_kept(
    typed: tuple[int | None, int | None, CountedIn | None], goods: Goods | None, kept: Amount | None
) -> None:
    assert counting.checked_amount(*typed, goods) == kept


@pytest.mark.parametrize(
    ("typed", "goods", "sentence"),
    [
        ((3, None, None), TRAYS, "what you count"),
        ((None, None, UNITS), TRAYS, "how many are bad"),
        ((0, None, UNITS), TRAYS, "At least one"),
        ((-1, None, UNITS), TRAYS, "At least one"),
        ((61, None, PIECES), TRAYS, "61 bad of 60"),
        ((3, 61, PIECES), TRAYS, "bought 60, not 61"),
        ((5, 4, PIECES), TOMATOES, "5 bad of 4"),
        ((4, None, PIECES), TOMATOES, "of how many"),
        ((1, None, UNITS), ODD, "cannot be counted that way"),
        ((1, 2, PIECES), None, None),
        ((1, None, PIECES), None, "of how many"),
        ((1, 10**10, PIECES), None, "that many cannot be"),
    ],
)
def test_counts_that_cannot_be_are_refused(
    typed: tuple[int | None, int | None, CountedIn | None],
    goods: Goods | None,
    sentence: str | None,
) -> None:
    if sentence is None:
        assert counting.checked_amount(*typed, goods) is not None
        return
    with pytest.raises(Refused, match=sentence):
        counting.checked_amount(*typed, goods)


@effort(max_examples=80)
@given(
    st.integers(1, 100),
    st.one_of(st.none(), st.integers(1, 60)),
    st.integers(1, 4000),
    st.one_of(st.none(), st.integers(1, 4000)),
    st.sampled_from(CountedIn),
)
def test_what_is_kept_never_promises_more_than_was_bought(
    quantity: int, content: int | None, bad: int, total: int | None, way: CountedIn
) -> None:
    goods = Goods(Unit("板"), quantity, content_pieces=content)
    try:
        kept = counting.checked_amount(bad, total, way, goods)
    except Refused:
        return
    assert kept is not None
    whole = counting.whole_of(goods, way)
    assert 0 < kept.bad <= kept.of_total
    assert whole is None or kept.of_total == whole


@pytest.mark.parametrize(
    ("text", "case_id"),
    [("A0231", 231), ("a231", 231), (" 0231 ", 231), ("A12345", 12345), ("B1", None), ("A0", None)],
)
def test_a_case_is_called_by_its_number(text: str, case_id: int | None) -> None:
    assert rules.case_id_of(text) == case_id
    if case_id:
        assert rules.case_id_of(rules.number(case_id)) == case_id


def test_numbers_have_four_digits_at_least() -> None:
    assert (rules.number(231), rules.number(12345)) == ("A0231", "A12345")


def test_a_case_about_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="what it is about"):
        rules.checked_new(NewCase(Source.COUNTER, Defect.OTHER, said=" \n "))
    assert rules.checked_new(NewCase(Source.CHAT, Defect.OTHER, said=" 烂 ")).said == "烂"


def test_when_it_was_told_is_now_unless_said() -> None:
    assert rules.checked_report(None, NOW) == NOW
    assert rules.checked_report(NOW, NOW, NOW) == NOW
    edge = NOW - timedelta(days=rules.FURTHEST_REPORT_DAYS)
    assert rules.checked_report(edge, NOW) == edge


@pytest.mark.parametrize(
    ("stands", "wanted", "after"),
    [
        (Status.NEW, None, Status.WORKING),
        (Status.WORKING, None, Status.WORKING),
        (Status.WAITING_PHOTO, None, Status.WAITING_PHOTO),
        (Status.SOLVED, None, Status.SOLVED),
        (Status.NEW, Status.WAITING_PHOTO, Status.WAITING_PHOTO),
        (Status.WAITING_PHOTO, Status.WORKING, Status.WORKING),
        (Status.NEW, Status.NEW, Status.NEW),
    ],
)
def test_where_a_reply_leads(stands: Status, wanted: Status | None, after: Status) -> None:
    assert rules.after_reply(stands, wanted) is after


@pytest.mark.parametrize(
    ("stands", "wanted"),
    [(Status.NEW, Status.SOLVED), (Status.WORKING, Status.CLOSED), (Status.SOLVED, Status.WORKING)],
)
def test_a_reply_solves_closes_and_opens_nothing(stands: Status, wanted: Status) -> None:
    with pytest.raises(Refused):
        rules.after_reply(stands, wanted)


def test_every_word_of_after_sales_has_a_name() -> None:
    for names, words in (
        (rules.STATUS_NAMES, Status),
        (rules.DEFECT_NAMES, Defect),
        (rules.SOURCE_NAMES, Source),
        (rules.COUNTED_IN_NAMES, CountedIn),
        (rules.CAUSE_NAMES, rules.Cause),
        (rules.RESULT_NAMES, rules.Result),
        (rules.ENTRY_NAMES, rules.EntryKind),
        (rules.CLOCK_NAMES, rules.ClockName),
        (rules.NOT_NOW, Status),
    ):
        assert set(names) == set(words)
