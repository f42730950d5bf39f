"""The slow-mover rule (R6): its boundaries by name, and against a model written another way."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.money import Money
from lib.kernel.quantity import Measure, Unit
from lib.supply.clearance.rules import (
    VALUE_SCALE,
    DayFigure,
    Goods,
    category_days,
    filled,
    is_slow,
    runs,
)

FIRST = date(2026, 9, 1)


def day(number: int, prepared: int | None, sold: int, **more: bool) -> DayFigure:
    return DayFigure(FIRST + timedelta(days=number), prepared, sold, **more)


def days(*figures: tuple[int | None, int]) -> list[DayFigure]:
    return [day(number, *figure) for number, figure in enumerate(figures)]


def lengths(found: list[DayFigure], percent: int = 50, closed: tuple[int, ...] = ()) -> list[int]:
    shut = {FIRST + timedelta(days=number) for number in closed}
    return [run.length for run in runs(found, percent, 3, shut)]


@pytest.mark.parametrize(
    ("prepared", "sold", "slow"),
    [(10, 4, True), (10, 5, False), (10, 6, False), (9, 4, True), (9, 5, False), (1, 0, True),
     (10, 0, True), (10, -1, True), (0, 0, False), (None, 0, False), (1001, 500, True)],
)  # fmt: skip
def test_less_than_half_is_slow_and_exactly_half_is_not(
    prepared: int | None, sold: int, slow: bool
) -> None:
    assert is_slow(day(0, prepared, sold), 50) is slow


@pytest.mark.parametrize(("percent", "sold", "slow"), [(30, 2, True), (30, 3, False), (1, 0, True)])
def test_the_share_is_the_settings(percent: int, sold: int, slow: bool) -> None:
    assert is_slow(day(0, 10, sold), percent) is slow


def test_three_slow_days_make_a_run_and_two_do_not() -> None:
    assert lengths(days((10, 4), (10, 4), (10, 4))) == [3]
    assert lengths(days((10, 4), (10, 4))) == []
    assert lengths(days((10, 4), (10, 4), (10, 5), (10, 4))) == []


def test_sold_out_at_49_percent_is_slow_as_written() -> None:
    """R6 knows no exception for a day that ran out because the rest was thrown away."""
    sold_out = [day(number, 100, 49, sold_out=True) for number in range(3)]
    assert lengths(sold_out) == [3]


def test_a_closed_day_inside_the_run_neither_breaks_nor_feeds_it() -> None:
    found = days((10, 4), (10, 9), (10, 4), (10, 4))
    assert lengths(found) == []
    assert lengths(found, closed=(1,)) == [3]
    assert lengths(days((10, 4), (10, 4), (10, 4)), closed=(1,)) == []


def test_returned_goods_come_off_what_was_sold() -> None:
    """Five of ten sold is not slow; one brought back makes it four, which is."""
    sold, returned = 5, 1
    assert lengths(days(*[(10, sold)] * 3)) == []
    assert lengths(days(*[(10, sold - returned)] * 3)) == [3]


def test_nothing_prepared_neither_breaks_nor_feeds_the_run() -> None:
    assert lengths(days((10, 4), (0, 0), (10, 4), (-2, 1), (10, 4))) == [3]
    assert lengths(days((10, 4), (0, 0), (10, 4))) == []


def test_a_day_nobody_knows_breaks_the_run() -> None:
    assert lengths(days((10, 4), (10, 4), (None, 4), (10, 4))) == []


def test_a_run_is_open_until_a_trading_day_ends_it() -> None:
    [run] = runs(days((10, 4), (10, 4), (10, 4), (0, 0)), 50, 3)
    assert run.is_open
    assert (run.first.day, run.last.day, run.sold, run.prepared) == (1, 3, 12, 30)
    [run] = runs(days((10, 4), (10, 4), (10, 4), (10, 5)), 50, 3)
    assert not run.is_open


Figure = tuple[int | None, int, bool]
figure = st.tuples(st.one_of(st.none(), st.integers(-2, 12)), st.integers(-2, 12), st.booleans())


def model(
    figures: list[tuple[int | None, int, bool]], percent: int, least: int
) -> set[tuple[int, ...]]:
    """Return the runs as sets of days, found by trying every stretch of trading days."""
    trading = [
        number
        for number, (prepared, _, shut) in enumerate(figures)
        if not shut and not (prepared is not None and prepared <= 0)
    ]

    def slow(number: int) -> bool:
        prepared, sold, _ = figures[number]
        return prepared is not None and sold / prepared < percent / 100 - 1e-12

    found = set()
    for start in range(len(trading)):
        for end in range(start + least, len(trading) + 1):
            inside = trading[start:end]
            before = start > 0 and slow(trading[start - 1])
            after = end < len(trading) and slow(trading[end])
            if all(map(slow, inside)) and not before and not after:
                found.add(tuple(inside))
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(figure, max_size=25), st.sampled_from([25, 50, 100]), st.integers(1, 4))
def test_the_rule_finds_what_trying_every_stretch_finds(
    figures: list[Figure], percent: int, least: int
) -> None:
    sequence = [day(number, prepared, sold) for number, (prepared, sold, _) in enumerate(figures)]
    shut = {FIRST + timedelta(days=number) for number, one in enumerate(figures) if one[2]}
    found = runs(sequence, percent, least, shut)
    assert {tuple((one.day - FIRST).days for one in run.days) for run in found} == model(
        figures, percent, least
    )


def goods(number: int, unit: str, worth: int, category: str = "叶菜") -> Goods:
    return Goods(number, f"菜{number}", category, Unit.named(unit), Money(worth))


def test_a_category_is_added_up_in_weight_when_all_its_products_are_weighed() -> None:
    known = {1: goods(1, "斤", 300), 2: goods(2, "公斤", 900), 3: goods(3, "盒", 500, "菌")}
    found = category_days(known, {1: days((1000, 400)), 2: days((3000, 1000)), 3: days((4, 1))})
    assert [(one.category, one.measure, one.days[0][1:3]) for one in found] == [
        ("叶菜", Measure.WEIGHT, (4000, 1400)),
        ("菌", Measure.PIECE, (4, 1)),
    ]


def test_a_category_of_weights_and_pieces_is_reckoned_by_value() -> None:
    known = {1: goods(1, "斤", 300), 2: goods(2, "盒", 500)}
    [found] = category_days(known, {1: days((1000, 500)), 2: days((10, 2))})
    assert found.measure is None
    prepared, sold = found.days[0][1:3]
    assert (prepared, sold) == ((600 + 5000) * VALUE_SCALE, (300 + 1000) * VALUE_SCALE)


def test_unknown_days_and_goods_without_a_category_are_left_out_of_categories() -> None:
    known = {1: goods(1, "斤", 300), 2: goods(2, "斤", 300), 3: goods(3, "斤", 300, "")}
    figures = {1: days((1000, 400)), 2: days((None, 700)), 3: days((500, 0))}
    [found] = category_days(known, figures)
    assert found.days[0][1:3] == (1000, 400)


def test_goods_that_only_lie_there_are_a_slow_day() -> None:
    ledger = {FIRST: (10, 2, 8), FIRST + timedelta(days=3): (0, 8, 0)}
    found = filled(FIRST, FIRST + timedelta(days=4), ledger, None, {})
    assert [(one.prepared, one.sold) for one in found] == [(10, 2), (8, 0), (8, 0), (8, 8)]


def test_the_ledger_wins_on_a_day_that_has_both() -> None:
    past = {FIRST + timedelta(days=number): day(number, 5, 1) for number in range(3)}
    found = filled(FIRST, FIRST + timedelta(days=2), {FIRST: (10, 2, 8)}, 0, past)
    assert [(one.prepared, one.sold) for one in found] == [(10, 2), (5, 1), (5, 1)]
    assert filled(FIRST, FIRST, {}, None, past) == [past[FIRST]]


def test_what_lay_there_before_the_period_was_prepared() -> None:
    [only] = filled(FIRST, FIRST, {FIRST: (2, 3, 4)}, 5, {})
    assert (only.prepared, only.sold) == (7, 3)
