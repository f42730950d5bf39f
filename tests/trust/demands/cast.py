"""Wishes of the tests: taken in by the program's own commands, at given hours before now."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from lib.db import schema
from lib.shop.shop import Shop
from lib.trust.demands import commands
from lib.trust.demands.rules import NewWish, Source, Status
from tests.conftest import NOW


def wish(name: str = "张阿姨", hours_ago: float = 0, **values: Any) -> NewWish:
    """One resident's wish, written in the chat."""
    plain = {"name": name, "said": "有没有芝麻酱", "source": Source.CHAT}
    return NewWish(**{**plain, "asked_at": NOW - timedelta(hours=hours_ago), **values})


def add_wish(
    shop: Shop, title: str = "现磨芝麻酱", *names: str, hours_ago: float = 1, **values: Any
) -> int:
    """Take a wish in with those who asked for it; returns the demand."""
    asked = [wish(name, hours_ago, **values) for name in names or ("张阿姨",)]
    return commands.add_demand(shop, title, asked).demand_id


def move(shop: Shop, demand_id: int, status: Status, *more: Any) -> None:
    """Move a wish from the state it has now."""
    commands.move_demand(shop, demand_id, row(shop, demand_id).version, status, *more)


def row(shop: Shop, demand_id: int) -> Row[Any]:
    """The demand as it stands in the books."""
    table = schema.demand
    with shop.read() as connection:
        return connection.execute(select(table).where(table.c.id == demand_id)).one()


def wishes(shop: Shop, demand_id: int) -> Sequence[Row[Any]]:
    """Those who asked, in the order they came in."""
    table = schema.demand_wish
    query = select(table).where(table.c.demand_id == demand_id).order_by(table.c.id)
    with shop.read() as connection:
        return connection.execute(query).all()


def journal(shop: Shop, action: str) -> list[Any]:
    """The rows of the journal that name ``action``."""
    table = schema.journal
    with shop.read() as connection:
        query = select(table).where(table.c.action == action).order_by(table.c.id)
        return list(connection.execute(query))
