"""A pickup day whose hours pass: the program, its robot, and what it made."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock, at_local
from lib.service.reminders.commands import make_notices
from lib.shop.shop import SYSTEM, Shop
from tests.service.cast import TODAY


def set_clock(shop: Shop, wall: str, day: date = TODAY) -> datetime:
    """Let the clock on the shop's wall show ``wall``."""
    assert isinstance(shop.clock, FixedClock)
    shop.clock.moment = at_local(day, time.fromisoformat(wall), shop.settings.time_zone)
    return shop.clock.moment


def make_at(shop: Shop, wall: str, day: date = TODAY) -> list[int]:
    """Let the program look at ``wall``."""
    set_clock(shop, wall, day)
    return make_notices(shop.acting(SYSTEM))


def made(shop: Shop) -> list[Any]:
    """Return every list that was made, in order."""
    with shop.read() as connection:
        return list(connection.execute(select(schema.pickup_notice).order_by("id")))


def queued(shop: Shop) -> list[Any]:
    """Return every message for a robot, in order."""
    with shop.read() as connection:
        return list(connection.execute(select(schema.message_delivery).order_by("id")))
