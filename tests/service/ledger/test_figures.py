"""How quickly complaints were dealt with: counts that withdrawing and joining do not better."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.db import schema
from lib.kernel.errors import Refused
from lib.service.ledger.figures.queries import figures, month_figures
from lib.service.ledger.figures.rules import (
    ServiceFigures,
    Told,
    kept,
    owner_figures,
    percent,
    service_figures,
)
from lib.service.ledger.rules import Kept
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.cast import put
from tests.service.ledger.cast import DAY, HOUR, add_case, answered, at, breach, solved

SEPTEMBER = date(2026, 9, 1)
FEW = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("met", "stopped", "now", "broken", "held", "found"),
    [
        (None, None, 0, False, False, Kept.RUNNING),
        (None, None, 60, False, False, Kept.RUNNING),
        (None, None, 61, False, False, Kept.LATE),
        (None, None, 61, False, True, Kept.RUNNING),
        (60, None, 500, False, False, Kept.IN_TIME),
        (61, None, 500, False, False, Kept.LATE),
        (30, None, 500, True, False, Kept.LATE),
        (None, 60, 500, False, False, Kept.NOT_ASKED),
        (None, 61, 500, False, False, Kept.LATE),
        (30, 61, 500, False, False, Kept.IN_TIME),
    ],
)
def test_how_a_promise_was_kept(
    met: int | None, stopped: int | None, now: int, broken: bool, held: bool, found: Kept
) -> None:
    def minute(count: int | None) -> datetime | None:
        return None if count is None else NOW + count * FEW

    given_now = NOW + now * FEW
    due = NOW + 60 * FEW
    assert kept(due, minute(met), minute(stopped), given_now, broken=broken, held=held) is found


@given(
    st.lists(
        st.builds(
            Told,
            st.sampled_from(Kept),
            st.sampled_from(Kept),
            withdrawn=st.booleans(),
            reopened=st.booleans(),
        ),
        max_size=20,
    )
)
def test_what_was_broken_counts_whoever_withdraws(told: list[Told]) -> None:
    before = service_figures(SEPTEMBER, told)
    after = service_figures(SEPTEMBER, [replace(each, withdrawn=True) for each in told])
    assert after.answered_late_or_due == before.answered_late_or_due
    assert after.solved_late_or_due == before.solved_late_or_due
    assert before.replies <= before.reports
    assert after.answered_in_time == after.solved_in_time == 0
    assert owner_figures(SEPTEMBER, told, 0).service == before


def test_medians_are_the_middle() -> None:
    def told(minutes: int) -> Told:
        return Told(Kept.IN_TIME, Kept.IN_TIME, minutes * FEW, 60 * minutes * FEW)

    odd = owner_figures(SEPTEMBER, [told(5), told(90), told(20)], 0)
    assert (odd.reply_minutes, odd.solution_hours) == (20, 20)
    even = owner_figures(SEPTEMBER, [told(5), told(20), told(21), told(90)], 0)
    assert even.reply_minutes == 21  # 20.5, half-up
    none = owner_figures(SEPTEMBER, [Told(Kept.RUNNING, Kept.RUNNING)], 0)
    assert (none.reply_minutes, none.solution_hours, none.content_percent) == (None, None, None)


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert percent(999, 1000) == 99
    assert percent(0, 0) is None
    assert ServiceFigures(SEPTEMBER, 3, 2, 1, 0, 0, 3).answered_percent == 66


def test_a_month_counts_what_was_told_in_it(shop: Shop, resident_shop: Shop) -> None:
    early = at(date(2026, 9, 20))
    add_case(shop, early, **solved(early))  # both in time
    add_case(shop, early, first_reply_at=early + 2 * HOUR, status="solved",
             turn_values={"solved_at": early + 25 * HOUR})  # both late  # fmt: skip
    add_case(shop, NOW - 10 * FEW)  # both run
    add_case(shop, NOW - 2 * HOUR)  # the reply ran out, the solution runs
    add_case(shop, at(date(2026, 8, 31), 23, 59))  # told in August
    found = month_figures(resident_shop, date(2026, 9, 30))
    assert found == ServiceFigures(SEPTEMBER, 4, 1, 2, 1, 1, 2)


def test_a_month_without_complaints_is_none(resident_shop: Shop) -> None:
    found = month_figures(resident_shop, SEPTEMBER)
    assert found == ServiceFigures(SEPTEMBER)
    assert found.answered_percent is None


def test_a_double_counts_once_with_what_was_broken(shop: Shop) -> None:
    told = at(date(2026, 9, 20))
    keep = add_case(shop, told, **solved(told))
    drop = add_case(shop, told, status="merged", merged_into=keep)
    assert month_figures(shop, SEPTEMBER) == ServiceFigures(SEPTEMBER, 1, 1, 0, 1, 0, 0)
    breach(shop, drop, "reply", told + HOUR)
    assert month_figures(shop, SEPTEMBER) == ServiceFigures(SEPTEMBER, 1, 0, 1, 1, 0, 0)


def test_withdrawing_betters_no_figure(shop: Shop) -> None:
    told = at(date(2026, 9, 20))
    add_case(shop, told, status="withdrawn", closed_at=told + HOUR / 2)
    assert month_figures(shop, SEPTEMBER) == ServiceFigures(SEPTEMBER)
    add_case(shop, told, status="withdrawn", closed_at=told + 2 * HOUR)
    assert month_figures(shop, SEPTEMBER) == ServiceFigures(SEPTEMBER, 1, 0, 1, 0, 0, 0)


def test_opened_again_the_first_turn_counts(shop: Shop) -> None:
    told = at(date(2026, 9, 20))
    case = add_case(shop, told, **{**solved(told), "status": "working"}, turn=2)
    again = {"started_at": told + DAY, "solve_due_at": told + 2 * DAY}
    put(shop, schema.case_turn, case_id=case, turn=2, **again)
    breach(shop, case, "solution", told + 2 * DAY, turn=2)
    assert month_figures(shop, SEPTEMBER) == ServiceFigures(SEPTEMBER, 1, 1, 0, 1, 0, 0)
    this = figures(shop)[0]
    assert (this.reopened, this.reopened_percent, this.breaches) == (1, 100, 1)


def test_a_photo_that_is_awaited_keeps_the_solution_running(shop: Shop) -> None:
    told = NOW - 3 * DAY
    case = add_case(shop, told, **{**answered(told), "status": "waiting_photo"})
    put(shop, schema.case_pause, case_id=case, turn=1, from_at=told + HOUR)
    assert month_figures(shop, SEPTEMBER) == ServiceFigures(SEPTEMBER, 1, 1, 0, 0, 0, 1)


def test_the_owner_sees_months_with_what_is_behind_them(
    shop: Shop, resident_shop: Shop, staff_shop: Shop
) -> None:
    told = at(date(2026, 8, 10))
    case = add_case(shop, told, **solved(told))
    for result in ("not_satisfied", "no_answer", "satisfied"):
        put(shop, schema.case_follow_up, case_id=case, turn=1, result=result, by_resident=False,
            at=NOW)  # fmt: skip
    breach(shop, case, "reply", at(date(2026, 8, 10), 11))
    found = figures(staff_shop, 3)
    assert [each.service.month.month for each in found] == [9, 8, 7]
    august = found[1]
    assert (august.reply_minutes, august.solution_hours) == (20, 5)
    assert (august.content, august.asked, august.breaches) == (1, 1, 1)
    with pytest.raises(Refused):
        figures(resident_shop)


def test_the_commands_and_the_figures_agree(shop: Shop) -> None:
    from tests.service.after_sales import cast

    bought = cast.buy(shop)
    clock: Callable[..., object] = shop.clock.forward  # type: ignore[attr-defined]
    one, two = cast.opened(bought), cast.opened(bought)
    clock(minutes=30)
    cast.reply(shop, one)
    clock(minutes=45)
    cast.reply(shop, two)
    clock(hours=20)
    cast.solve(shop, one)
    clock(hours=8)
    cast.record(shop)
    found = month_figures(shop, SEPTEMBER)
    assert found == ServiceFigures(SEPTEMBER, 2, 1, 1, 1, 1, 0)
