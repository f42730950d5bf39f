"""Private addresses made and revoked, reports and answers of residents, on both databases."""

import threading

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.service.after_sales import commands as cases
from lib.service.after_sales.links import commands, queries, tries
from lib.service.after_sales.links.rules import Report
from lib.service.after_sales.merging.commands import merge_cases
from lib.service.after_sales.rules import Result
from lib.shop.files import photos
from lib.shop.shop import RESIDENT, Shop
from tests.service.after_sales.cast import (
    Bought,
    ask,
    kinds,
    opened,
    row,
    rows,
    set_to,
    solve,
    version,
)
from tests.shop.files import samples
from tests.stopping import leaves_nothing_when_stopped

KEY, OTHER_KEY = "a" * 32, "b" * 32
EGGS = Report("rotten", "鸡蛋", "3 个", "有味道", "小李", "3-201")
FAR = "203.0.113.0/24"


@pytest.fixture
def resident(shop: Shop) -> Shop:
    return shop.acting(RESIDENT)


@pytest.fixture
def token(resident: Shop) -> str:
    """A case that a resident reported."""
    return commands.report_case(resident, KEY, EGGS).token


def test_a_report_is_a_new_case_with_its_clocks(
    shop: Shop, resident: Shop, clock: FixedClock
) -> None:
    photo = photos.put(shop.place, samples.photo())
    found = commands.report_case(resident, KEY, EGGS, [photo])
    assert found.new
    case = row(shop, found.case_id)
    assert (case.source, case.status, case.created_by) == ("page", "new", None)
    assert KEY not in str(tuple(case))
    assert len(rows(shop, schema.case_turn, case_id=found.case_id)) == 1
    (entry,) = rows(shop, schema.case_entry)
    assert (entry.kind, entry.by_resident, entry.for_resident) == ("reported", True, True)
    (link,) = rows(shop, schema.case_link)
    assert link.token_hash != found.token
    assert (link.expires_at - clock.now()).days == shop.settings.case_link_days


def test_the_same_form_twice_is_one_case_and_one_address(shop: Shop, resident: Shop) -> None:
    first = commands.report_case(resident, KEY, EGGS)
    again = commands.report_case(resident, KEY, EGGS)
    assert (again.case_id, again.token, again.new) == (first.case_id, first.token, False)
    assert len(rows(shop, schema.after_sales_case)) == len(rows(shop, schema.case_link)) == 1
    with pytest.raises(Conflict):
        commands.report_case(resident, KEY, Report(**{**vars(EGGS), "what": "番茄"}))


def test_a_form_whose_sending_is_forgotten_is_no_second_case(shop: Shop, resident: Shop) -> None:
    """The keys of forms are kept a month; the case keeps its own."""
    commands.report_case(resident, KEY, EGGS)
    with shop.store.write() as connection:
        connection.execute(schema.form_key.delete())
    with pytest.raises(Conflict):
        commands.report_case(resident, KEY, EGGS)
    assert len(rows(shop, schema.after_sales_case)) == 1


def test_twenty_at_the_same_moment_are_one_case(shop: Shop, resident: Shop) -> None:
    """B4: the same key in many threads."""
    seen: list[str] = []

    def send() -> None:
        seen.append(commands.report_case(resident, KEY, EGGS).token)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(seen), len(set(seen))) == (8, 1)
    assert len(rows(shop, schema.after_sales_case)) == 1


def test_a_report_stopped_at_any_statement_leaves_nothing(shop: Shop, resident: Shop) -> None:
    photo = photos.put(shop.place, samples.photo())

    def send(stopped: Shop) -> object:
        return commands.report_case(stopped, KEY, EGGS, [photo])

    assert leaves_nothing_when_stopped(resident, send) > 5
    assert len(rows(shop, schema.case_link)) == 1


def test_a_closed_door_and_a_full_shop_take_nothing(shop: Shop, resident: Shop) -> None:
    shut = set_to(shop, case_door=False).acting(RESIDENT)
    for refuse in (
        lambda: commands.report_case(shut, KEY, EGGS),
        lambda: tries.check_report(shut, FAR),
    ):
        with pytest.raises(Refused, match="not taken"):
            refuse()
    assert not queries.takes_reports(shut)


def test_reports_nobody_looked_at_fill_the_shop(shop: Shop, resident: Shop) -> None:
    few = set_to(shop, most_waiting_cases=1).acting(RESIDENT)
    assert queries.takes_reports(few)
    found = commands.report_case(few, KEY, EGGS)
    assert not queries.takes_reports(few)
    with pytest.raises(Refused, match="wait to be read"):
        commands.report_case(few, OTHER_KEY, EGGS)
    cases.reply(shop, found.case_id, 1, "收到")
    assert queries.takes_reports(few)


def test_looking_costs_no_try(shop: Shop, resident: Shop, clock: FixedClock) -> None:
    slow = set_to(shop, cases_per_hour=1).acting(RESIDENT)
    for _ in range(3):
        tries.check_report(slow, FAR)
    tries.take_report(slow, FAR)
    for refuse in (tries.check_report, tries.take_report):
        with pytest.raises(Refused) as refused:
            refuse(slow, FAR)
        assert refused.value.values["minutes"] == 60
    tries.check_report(slow, "198.51.100.0/24")
    clock.forward(hours=1)
    tries.check_report(slow, FAR)


def test_an_address_of_the_desk_is_shown_once_and_kept_nowhere(shop: Shop, bought: Bought) -> None:
    case_id = opened(bought)
    path = commands.new_link(shop, case_id)
    again = commands.new_link(shop, case_id)
    assert path != again
    assert {queries.case_by_token(shop, each.rsplit("/", 1)[-1]) for each in (path, again)} != {
        None
    }
    assert kinds(shop, case_id)[-2:] == ["link", "link"]
    kept = str([tuple(each) for each in rows(shop, schema.case_link)])
    kept += str([tuple(each) for each in rows(shop, schema.journal)])
    assert path.rsplit("/", 1)[-1] not in kept


def test_a_revoked_address_shows_nothing_and_the_others_stay(shop: Shop, bought: Bought) -> None:
    case_id = opened(bought)
    first, second = (commands.new_link(shop, case_id).rsplit("/", 1)[-1] for _ in range(2))
    commands.revoke_link(shop, rows(shop, schema.case_link)[0].id)
    assert queries.case_by_token(shop, first) is None
    assert queries.case_by_token(shop, second) is not None
    with pytest.raises(NotFound):
        commands.revoke_link(shop, rows(shop, schema.case_link)[0].id)
    with pytest.raises(NotFound):
        commands.revoke_link(shop, 999)
    with pytest.raises(NotFound):
        commands.write_as_resident(shop.acting(RESIDENT), first, KEY, "还在吗")


def test_no_address_is_made_of_a_case_that_is_part_of_another(shop: Shop, bought: Bought) -> None:
    keep, drop = opened(bought), opened(bought)
    merge_cases(shop, keep, drop)
    with pytest.raises(Conflict):
        commands.new_link(shop, drop)
    with pytest.raises(NotFound):
        commands.new_link(shop, 999)


def test_a_message_twice_is_one(shop: Shop, resident: Shop, token: str) -> None:
    assert commands.write_as_resident(resident, token, OTHER_KEY, "再说一句")
    assert not commands.write_as_resident(resident, token, OTHER_KEY, "再说一句")
    assert kinds(shop, 1) == ["reported", "wrote"]
    for wrong in ("A" * 43, "1", ""):
        with pytest.raises(NotFound):
            commands.write_as_resident(resident, wrong, "c" * 32, "猜的")


def test_an_awaited_photo_lets_the_clock_go_on_in_the_same_breath(
    shop: Shop, resident: Shop, token: str, clock: FixedClock
) -> None:
    ask(shop, 1)
    clock.forward(hours=3)
    photo = photos.put(shop.place, samples.photo())

    def send(stopped: Shop) -> object:
        return commands.write_as_resident(stopped, token, OTHER_KEY, "整盒", [photo])

    assert leaves_nothing_when_stopped(resident, send) > 5
    assert row(shop, 1).status == "working"
    assert kinds(shop, 1)[-2:] == ["wrote", "photo"]


def test_an_answer_twice_is_one(shop: Shop, resident: Shop, token: str) -> None:
    with pytest.raises(Refused):
        commands.answer_as_resident(resident, token, KEY, content=True)
    solve(shop, 1)
    for new in (True, False):
        assert (
            commands.answer_as_resident(resident, token, OTHER_KEY, content=False, feedback="还坏")
            is new
        )
    assert (row(shop, 1).status, row(shop, 1).turn) == ("working", 2)
    assert len(rows(shop, schema.case_follow_up)) == 1


def test_a_case_takes_no_endless_story(
    shop: Shop, resident: Shop, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "MOST_SENDINGS", 2)
    commands.write_as_resident(resident, token, OTHER_KEY, "一")
    with pytest.raises(Refused):
        commands.write_as_resident(resident, token, "c" * 32, "二")


def test_the_desk_sees_its_addresses_and_who_wrote_again(
    shop: Shop, resident: Shop, token: str, clock: FixedClock
) -> None:
    commands.new_link(shop, 1)
    by_desk, by_report = queries.links_of(shop, 1)
    assert (by_desk.person, by_report.person) == ("芳姐", "")
    assert by_desk.holds
    assert by_desk.until is None
    assert queries.heard_from(shop, (1,)) == {}
    clock.forward(minutes=5)
    commands.write_as_resident(resident, token, OTHER_KEY, "人呢")
    assert queries.heard_from(shop, (1,)) == {1: clock.now()}
    cases.reply(shop, 1, version(shop, 1), "来了")
    assert queries.heard_from(shop, (1,)) == {}
    solve(shop, 1)
    cases.follow_up(shop, 1, version(shop, 1), Result.SATISFIED)
    clock.forward(days=shop.settings.case_link_days)
    assert [each.holds for each in queries.links_of(shop, 1)] == [False, False]
    assert queries.links_of(shop, 999) == ()
    for ask_for in (queries.links_of, queries.heard_from):
        with pytest.raises(Refused):
            ask_for(resident, 1 if ask_for is queries.links_of else (1,))
