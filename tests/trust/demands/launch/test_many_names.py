"""Telling very many residents, with names as people give themselves (R18)."""

from dataclasses import replace

import pytest

from lib.shop.messages.cutting import pieces
from lib.shop.shop import Shop
from lib.trust.demands import queries as demands
from lib.trust.demands.launch.commands import Place, offer_product
from lib.trust.demands.launch.queries import telling
from tests.service.cast import add_product
from tests.trust.demands.cast import add_wish, row

NAMES = [
    *(f"{number}-201 小 李{number}" for number in range(1, 60)),
    *(f"@阿May{number}🌻" for number in range(60, 120)),
    *(f"{number}栋，妈妈（2孩）{{title}}" for number in range(120, 148)),
    "<b>x</b>",
    "所有人",
]


@pytest.mark.parametrize("most", [400, 2048])
def test_150_names_are_each_called_once_in_pieces_that_fit(shop: Shop, most: int) -> None:
    short = replace(shop, settings=replace(shop.settings, message_bytes=most))
    demand = add_wish(shop, "芝麻酱", *NAMES)
    version = row(shop, demand).version
    offer_product(shop, demand, version, add_product(shop, "芝麻酱"), Place())
    found = telling(short, demands.one(short, demand)).pieces
    called = [one.name for piece in found for one in piece.called]
    assert sorted(called) == sorted(name.lstrip("@") for name in NAMES)
    for piece in found:
        assert len(piece.text.encode()) <= most
        assert all(f"@{one.name}" in piece.text for one in piece.called)
        assert pieces(piece.text, most, [one.name for one in piece.called]) == [piece.text]
