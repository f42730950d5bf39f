"""Wishes come in, once each; moves ask for what residents are owed (R15-R17)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trust.demands import commands
from lib.trust.demands.rules import NewWish, Source, Status
from tests.conftest import NOW
from tests.service.cast import add_member


def wish(name: str = "张阿姨", hours_ago: float = 0, **values: object) -> NewWish:
    plain = {"name": name, "said": "有没有芝麻酱", "source": Source.CHAT}
    return NewWish(**{**plain, "asked_at": NOW - timedelta(hours=hours_ago), **values})


def row(shop: Shop, demand_id: int):
    with shop.read() as connection:
        table = schema.demand
        return connection.execute(select(table).where(table.c.id == demand_id)).one()


def wishes(shop: Shop, demand_id: int):
    with shop.read() as connection:
        table = schema.demand_wish
        query = select(table).where(table.c.demand_id == demand_id).order_by(table.c.id)
        return connection.execute(query).all()


def test_a_wish_starts_its_clock_with_the_first_who_asked(shop: Shop) -> None:
    found = commands.add_demand(shop, " 现磨  芝麻酱 ", [wish("张阿姨", 3), wish("李姐", 20), wish("")])
    assert (found.added, found.known, found.created) == (3, 0, True)
    stands = row(shop, found.demand_id)
    assert stands.title == "现磨 芝麻酱"
    assert stands.first_asked_at == NOW - timedelta(hours=20)
    assert [one.name for one in wishes(shop, found.demand_id)] == ["张阿姨", "李姐", ""]


def test_the_same_title_is_the_same_wish_and_the_same_requester_counts_once(shop: Shop) -> None:
    first = commands.add_demand(shop, "现磨芝麻酱", [wish("@张阿姨", 1)])
    again = commands.add_demand(shop, "现磨 芝麻酱!", [wish("张阿姨", 5), wish("王叔", 2)])
    assert again.demand_id == first.demand_id
    assert (again.added, again.known, again.created) == (1, 1, False)
    assert row(shop, first.demand_id).first_asked_at == NOW - timedelta(hours=5)
    assert wishes(shop, first.demand_id)[0].asked_at == NOW - timedelta(hours=5)
