"""A robot that listens on this machine, and the shop that sends to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from lib.kernel.clock import FixedClock
from lib.shop.messages.channels.commands import add_channel
from lib.shop.messages.outbox.rules import Kind
from lib.shop.shop import SYSTEM, Shop
from tests.robot import Robot, running_robot

Program = Callable[..., Shop]


@pytest.fixture
def robot(clock: FixedClock) -> Iterator[Robot]:
    with running_robot(clock) as running:
        yield running


@pytest.fixture
def channel(shop: Shop, robot: Robot) -> int:
    return add_channel(shop, "小团", Kind.WECOM, robot.address)


@pytest.fixture
def program(shop: Shop) -> Program:
    """Return ``program(**settings)``: the shop as the sender sees it."""

    def acting(**settings: object) -> Shop:
        changed = replace(shop.settings, **settings)  # type: ignore[arg-type]
        return replace(shop.acting(SYSTEM), settings=changed)

    return acting
