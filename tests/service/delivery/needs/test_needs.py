"""Needs for delivery: with consent, for a time, without a reason; and how they end (R23)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.members.profiles.commands import merge_members, unmerge
from lib.service.delivery.needs.commands import add_need, change_hint, end_need, forget_ended
from lib.service.delivery.needs.queries import needs, needs_of, standing
from lib.service.delivery.needs.rules import LONGEST_DAYS, State, proposed_days, state_of
from lib.shop.settings import Settings
from lib.shop.shop import RESIDENT, SYSTEM, Shop
from tests.service.cast import TODAY, add_member
from tests.service.delivery.cast import CONSENT, day, need, new_need, row, rows

HINT = "按两下门铃"


@pytest.fixture
def wang(shop: Shop) -> int:
    return add_member(shop, "王奶奶", building="3", unit="1", room="1203")


def later(shop: Shop, days: int) -> Shop:
    return replace(shop, clock=FixedClock(shop.clock.now() + timedelta(days=days)))


def with_settings(shop: Shop, **values: object) -> Shop:
    return replace(shop, settings=replace(shop.settings, **values))  # type: ignore[arg-type]


def test_a_need_with_its_consent(shop: Shop, wang: int) -> None:
    need_id = need(shop, wang)
    (one,) = needs_of(shop, wang)
    assert (one.id, one.from_on, one.until_on, one.hint) == (need_id, TODAY, day(29), HINT)
    assert (one.consent_on, one.consent_how, one.consent_text) == (TODAY, "chat", CONSENT)
    assert (one.state, one.by, str(one.home)) == (State.RUNNING, "芳姐", "3-1-1203")
    assert [found.id for found in needs(shop)] == [need_id]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"hint": "孕妇，轻敲门"}, "never why"),
        ({"hint": "行动不便"}, "never why"),
        ({"from_on": day(-1)}, "today or later"),
        ({"until_on": day(-1)}, "before the first"),
        ({"until_on": day(LONGEST_DAYS)}, "a year at most"),
        ({"consent_on": day(1)}, "future"),
        ({"consent_how": "guessed"}, "how the resident agreed"),
        ({"consent_text": " \n "}, "Without a consent text"),
    ],
)
def test_what_is_refused_leaves_nothing(
    shop: Shop, wang: int, values: dict[str, object], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        need(shop, wang, **values)
    assert rows(shop, schema.delivery_need) == []


def test_a_home_outside_or_without_a_building_is_refused(shop: Shop, wang: int) -> None:
    outside = with_settings(shop, delivery_homes="1-2\n4-20")
    with pytest.raises(Refused, match="3-1-1203 lies outside"):
        need(outside, wang)
    with pytest.raises(Refused, match="Write the building"):
        need(shop, add_member(shop, "远客"))
    assert need(with_settings(shop, delivery_homes="1-3"), wang)


def test_a_renewal_begins_the_day_after(shop: Shop, wang: int) -> None:
    need(shop, wang)
    with pytest.raises(Refused, match="until 2026-10-24 already"):
        need(shop, wang, from_on=day(29), until_on=day(60))
    assert need(shop, wang, from_on=day(30), until_on=day(60))
    assert [one.state for one in needs(shop)] == [State.RUNNING, State.COMING]
    near = later(shop, 25)
    assert [one.state for one in needs(near)] == [State.RUNNING, State.COMING]
    with near.read() as connection:
        assert len(standing(connection, day(29), day(30))) == 2


def test_it_is_said_before_a_need_ends(shop: Shop, wang: int) -> None:
    need(shop, wang)
    assert needs(later(shop, 21))[0].state is State.RUNNING
    assert needs(later(shop, 22))[0].state is State.ENDING
    assert needs(later(shop, 29))[0].state is State.ENDING
    assert needs(later(shop, 30))[0].state is State.OVER
    assert needs(later(shop, 36))[0].state is State.OVER
    assert needs(later(shop, 37)) == []
    patient = with_settings(later(shop, 10), delivery_need_warning_days=19)
    assert needs(patient)[0].state is State.ENDING


@pytest.mark.parametrize(
    ("after", "proposed"),
    [(None, (TODAY, day(89))), (day(-3), (TODAY, day(89))), (day(4), (day(5), day(94)))],
)
def test_the_days_proposed(after: object, proposed: object) -> None:
    assert proposed_days(after, TODAY, Settings()) == proposed  # type: ignore[arg-type]


def test_the_length_proposed_is_the_setting() -> None:
    short = replace(Settings(), delivery_need_days=1)
    assert proposed_days(None, TODAY, short) == (TODAY, TODAY)


def test_states_by_day() -> None:
    def at(days: int, *, ended: bool = False, followed: bool = False) -> State:
        return state_of(day(0), day(10), day(days), 7, ended=ended, followed=followed)

    assert [at(-1), at(0), at(2), at(3), at(10), at(11)] == [
        State.COMING, State.RUNNING, State.RUNNING, State.ENDING, State.ENDING, State.OVER,
    ]  # fmt: skip
    assert at(5, followed=True) is State.RUNNING
    assert at(5, ended=True) is State.ENDED


def test_consent_taken_back_deletes_the_hint_and_keeps_the_proof(shop: Shop, wang: int) -> None:
    need_id = need(shop, wang)
    next_id = need(shop, wang, from_on=day(30), until_on=day(60))
    end_need(later(shop, 2), need_id, 1)
    for one in (need_id, next_id):
        kept = row(shop, schema.delivery_need, one)
        assert (kept["hint"], kept["ended_by"]) == ("", shop.actor.id)
        assert (kept["consent_text"], kept["consent_how"]) == (CONSENT, "chat")
    assert needs(shop) == []
    told = {one.id: one for one in needs_of(shop, wang)}
    assert (told[need_id].state, told[need_id].last_on) == (State.ENDED, day(2))
    with shop.read() as connection:
        assert standing(connection, TODAY, day(60)) == []
    with pytest.raises(Refused, match="is over"):
        end_need(shop, need_id, 2)
    assert need(shop, wang), "asked again the same day"


def test_nothing_of_a_hint_is_in_the_journal(shop: Shop, wang: int) -> None:
    need_id = need(shop, wang)
    change_hint(shop, need_id, 1, "放鞋柜上")
    end_need(shop, need_id, 2)
    told = str([line["details"] for line in rows(shop, schema.journal)])
    assert "门铃" not in told
    assert "鞋柜" not in told
    assert CONSENT not in told
    assert "until_on" in told


def test_a_hint_is_written_otherwise(shop: Shop, wang: int) -> None:
    need_id = need(shop, wang)
    change_hint(shop, need_id, 1, "放鞋柜上")
    assert needs(shop)[0].hint == "放鞋柜上"
    with pytest.raises(Conflict):
        change_hint(shop, need_id, 1, "放门口")
    with pytest.raises(Refused, match="never why"):
        change_hint(shop, need_id, 2, "糖尿病，慢慢来")
    with pytest.raises(NotFound):
        change_hint(shop, 99, 1, "放门口")
    with pytest.raises(Refused, match="is over"):
        change_hint(later(shop, 40), need_id, 2, "放门口")


def test_hints_of_needs_that_ran_out_are_forgotten_by_themselves(shop: Shop, wang: int) -> None:
    system = later(shop.acting(SYSTEM), 0)
    need_id = need(shop, wang)
    before = len(rows(shop, schema.journal))
    assert forget_ended(system) == 0
    assert forget_ended(later(system, 29)) == 0
    assert len(rows(shop, schema.journal)) == before, "nothing due, nothing written"
    assert needs_of(later(shop, 30), wang)[0].hint == "", "not shown before it is deleted either"
    assert forget_ended(later(system, 30)) == 1
    assert row(shop, schema.delivery_need, need_id)["hint"] == ""
    assert forget_ended(later(system, 30)) == 0
    assert forget_ended(later(system, 29 + 3 * 366)) == 0
    assert forget_ended(later(system, 30 + 3 * 366)) == 1
    assert rows(shop, schema.delivery_need) == []
    need(shop, wang)
    with pytest.raises(Refused):
        forget_ended(later(shop, 40))


def test_a_merged_file_keeps_the_need(shop: Shop, wang: int) -> None:
    keep = add_member(shop, "王阿姨", building="3", room="1203")
    need(shop, wang)
    merge_id = merge_members(shop, keep, wang, (1, 1))
    assert [one.member_id for one in needs(shop)] == [keep]
    assert len(needs_of(shop, keep)) == 1
    with shop.read() as connection:
        assert [one.member_id for one in standing(connection, TODAY, TODAY)] == [keep]
    with pytest.raises(Refused, match="already"):
        add_need(shop, new_need(keep))
    unmerge(shop, merge_id)
    assert (needs_of(shop, keep), len(needs_of(shop, wang))) == ([], 1)


def test_residents_and_strangers_see_no_need(shop: Shop, wang: int) -> None:
    need(shop, wang)
    for ask in (needs, lambda one: needs_of(one, wang)):
        with pytest.raises(Refused):
            ask(shop.acting(RESIDENT))
