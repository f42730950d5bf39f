"""The program's sender: wakes when a message is queued, sends what waited, ends with the shop."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.shop.messages.channels.commands import add_channel
from lib.shop.messages.outbox import bell, sending
from lib.shop.messages.outbox.commands import send_by_robot
from lib.shop.messages.outbox.rules import Kind
from lib.shop.opening import Premises
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.web.message_sender import Sender
from tests.robot import Robot, running_robot


@pytest.fixture
def robot(clock: FixedClock) -> Iterator[Robot]:
    with running_robot(clock) as running:
        yield running


@pytest.fixture
def books(store: Store, place: Place, clock: FixedClock) -> Premises:
    return Premises(place, store, clock)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


def test_what_waits_is_sent_at_the_start_and_what_comes_wakes_the_sender(
    books: Premises, shop: Shop, robot: Robot
) -> None:
    channel = add_channel(shop, "小团", Kind.WECOM, robot.address)
    send_by_robot(shop, channel, "round", "buying_round:1", "第一条")

    async def a_day() -> None:
        sender = Sender(books)
        await until(lambda: robot.texts == ["第一条"])
        await asyncio.to_thread(send_by_robot, shop, channel, "round", "buying_round:2", "第二条")
        await until(lambda: robot.texts == ["第一条", "第二条"])
        await sender.stop()

    asyncio.run(a_day())
    send_by_robot(shop, channel, "round", "buying_round:3", "关门以后")
    assert len(robot.heard) == 2


def test_a_fault_does_not_end_the_sending(
    books: Premises, shop: Shop, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = add_channel(shop, "小团", Kind.WECOM, robot.address)
    send_due, faults = sending.send_due, [OSError("no space left")]

    def failing(*given: object) -> object:
        if faults:
            raise faults.pop()
        return send_due(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "send_due", failing)

    async def a_day() -> None:
        sender = Sender(books)
        await until(lambda: not faults)
        await asyncio.to_thread(send_by_robot, shop, channel, "round", "buying_round:1", "第一条")
        await until(lambda: bool(robot.heard))
        await sender.stop()

    asyncio.run(a_day())
    assert robot.texts == ["第一条"]


def test_nobody_hears_the_bell_after_closing() -> None:
    rung: list[int] = []
    stop = bell.listen(lambda: rung.append(1))
    bell.ring()
    stop()
    bell.ring()
    assert rung == [1]
