"""The page of wishes: the board, one wish, its sources, its offer, its messages (R15-R18)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.shop.shop import Shop
from lib.trust.demands import commands, queries
from lib.trust.demands.rules import NewWish, Source, Status
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of


def wished(shop: Shop, title: str = "现磨芝麻酱", *names: str, hours_ago: float = 1) -> int:
    asked = NOW - timedelta(hours=hours_ago)
    wishes = [NewWish(name, "有没有", Source.CHAT, asked) for name in names or ("张阿姨",)]
    return commands.add_demand(shop, title, wishes).demand_id


def test_an_empty_board_says_how_it_begins(screen: Open, shop: Shop) -> None:
    assert "No wishes yet" in text_of(screen(shop, "demands"))


def test_board(screen: Open, shop: Shop) -> None:
    wished(shop, "现磨芝麻酱", "张阿姨", "李姐", hours_ago=80)
    wished(shop, "草莓")
    at = screen(shop, "demands")
    print(text_of(at))
    at = screen(shop, "demands", "zh_CN")
    print(text_of(at))


def test_one(screen: Open, shop: Shop) -> None:
    demand_id = wished(shop, "现磨芝麻酱", "张阿姨", "李姐", hours_ago=80)
    at = screen(shop, "demands")
    at.query_params["demand"] = str(demand_id)
    at.run()
    assert not at.exception, at.exception
    print(text_of(at))
