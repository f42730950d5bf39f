"""What must happen though nobody looks: reminders are made, breaches written down (R22, R26)."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import insert, select

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.clock import FixedClock, SystemClock, local_day
from lib.members.erasure.commands import keep_up
from lib.members.habits.commands import reckon_rhythm
from lib.members.points.commands import settle_points
from lib.service.after_sales.commands import record_breaches
from lib.service.delivery.needs.commands import forget_ended
from lib.service.reminders.commands import make_notices
from lib.shop import incidents
from lib.shop.messages.channels.commands import add_channel
from lib.shop.messages.outbox.rules import Kind
from lib.shop.opening import Premises, open_books, shop_for
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.web import opening_hours
from lib.web.clockwork import DUTIES, Clockwork, Duty
from tests.robot import Robot, running_robot
from tests.service.cast import add_member, add_order, add_product
from tests.service.reminders.cast import made, make_at, queued, set_clock
from tests.serving import running

QUICK = 0.01


@pytest.fixture
def books(store: Store, place: Place, clock: FixedClock) -> Premises:
    return Premises(place, store, clock)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


def test_the_table_names_what_the_shop_promised() -> None:
    assert {duty.does for duty in DUTIES} == {
        keep_up,
        make_notices, record_breaches, forget_ended, reckon_rhythm, settle_points,
    }  # fmt: skip
    assert len({duty.name for duty in DUTIES}) == len(DUTIES)


def test_it_goes_round_until_it_is_stopped(books: Premises) -> None:
    looked: list[str] = []

    async def a_while() -> None:
        duty = Duty("one", lambda shop: looked.append(shop.actor.name))
        clockwork = Clockwork(books, (duty,), QUICK)
        await clockwork.start()
        assert looked == ["system"]  # what became due while the program was off, before all else
        await until(lambda: len(looked) > 2)
        await clockwork.stop()

    asyncio.run(a_while())
    count = len(looked)
    sleep(QUICK * 5)
    assert len(looked) == count


def test_a_fault_of_one_stops_no_other_and_is_logged_now_and_then(
    books: Premises, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[BaseException] = []
    monkeypatch.setattr(incidents, "record", lambda fault: logged.append(fault) or "K7QF-3M")
    tried: list[str] = []

    def fails(_shop: Shop) -> None:
        tried.append("failing")
        raise OSError("no space left")

    async def rounds() -> None:
        duties = (Duty("failing", fails), Duty("other", lambda _shop: tried.append("other")))
        clockwork = Clockwork(books, duties)
        clockwork.look()
        clockwork.look()
        assert tried == ["failing", "other", "other"]
        clock.forward(seconds=30)
        clockwork.look()
        clock.forward(seconds=30)
        clockwork.look()
        assert tried.count("failing") == 2  # it rests twice as long
        clock.forward(hours=-5)
        clockwork.look()
        assert tried.count("failing") == 3  # a clock that was turned back is no reason to rest

    asyncio.run(rounds())
    assert len(logged) == 3
    assert tried.count("other") == 5


def test_what_works_again_does_not_rest(books: Premises, clock: FixedClock) -> None:
    faults = [OSError("full"), None, OSError("full")]
    tried: list[object] = []

    def does(_shop: Shop) -> None:
        tried.append(1)
        fault = faults.pop(0) if faults else None
        if fault:
            raise fault

    async def rounds() -> None:
        clockwork = Clockwork(books, (Duty("one", does),))
        for _number in range(4):
            clockwork.look()
            clock.forward(seconds=30)

    asyncio.run(rounds())
    assert len(tried) == 4


@pytest.fixture
def robot(clock: FixedClock) -> Iterator[Robot]:
    with running_robot(clock) as running_one:
        yield running_one


def test_the_shop_opens_with_its_clockwork_before_the_sender(
    books: Premises, shop: Shop, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a robot could not send before its slot was over is not sent at the next start."""
    add_channel(shop, "小团", Kind.WECOM, robot.address)
    member, eggs = add_member(shop, "小李"), add_product(shop, "土鸡蛋")
    add_order(shop, member, 11, (eggs, 500), pickup_slot="evening", source="chain")
    make_at(shop, "17:00")
    assert [row.status for row in queued(shop)] == ["waiting"]
    set_clock(shop, "21:10")
    monkeypatch.setattr(opening_hours, "open_shop", lambda _fill: (None, books))
    monkeypatch.setattr(opening_hours, "close_shop", lambda *_taken: None)

    async def a_day() -> None:
        async with opening_hours.opening_hours(lambda _books: None)(None):
            await asyncio.sleep(0.3)

    asyncio.run(a_day())
    assert robot.heard == []
    assert [row.status for row in queued(shop)] == ["cancelled"]
    assert [row.done_how for row in made(shop) if row.slot == "evening"] == ["missed"]


def test_a_reminder_appears_in_the_running_program_though_nobody_looks(tmp_path: Path) -> None:
    """The real program on books with an order that is due now; no page is opened."""
    folder = tmp_path / "data"
    place, clock = Place.at(folder), SystemClock()
    store = open_books(place, clock)
    shop = shop_for(store, place, clock)
    now = clock.now()
    day = local_day(now, _zone_at_noon(now))
    member, eggs = add_member(shop, "小李"), add_product(shop, "土鸡蛋")
    with store.write() as connection:
        for name, value in (
            ("time_zone", _zone_at_noon(now)),
            ("slots", [["all", "All day", "00:30", "23:30"]]),
        ):
            row = {"name": name, "value": value, "changed_at": now, "version": 1}
            connection.execute(insert(schema.setting).values(**row))
    add_order(shop, member, 11, (eggs, 500), pickup_day=day, pickup_slot="all", source="chain")
    with running(folder):
        deadline = monotonic() + 30
        while not (found := _notices(store)) and monotonic() < deadline:
            sleep(0.1)
    store.close()
    assert [(row.day, row.slot, row.kind, row.waiting) for row in found] == [
        (day, "all", "before", 1)
    ]


def _zone_at_noon(now: datetime) -> str:
    """Return a time zone in which it is about noon: slots lie within one day."""
    ahead = 12 - now.astimezone(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def _notices(store: Store) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(schema.pickup_notice)))
