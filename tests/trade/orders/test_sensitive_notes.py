"""Notes of orders: what a resident wrote is booked and marked, what the desk types is refused."""

from dataclasses import replace

import pytest

from lib.kernel.errors import Refused
from lib.shop.shop import Shop
from lib.trade.orders.commands import TELLS_TOO_MUCH, add_order, change_pickup, mark_checked
from lib.trade.orders.queries import Order, order
from lib.trade.orders.rules import IncomingOrder, Wanted
from tests.trade.orders.cast import EGGS, open_friday

INCOMING = IncomingOrder(None, "小李", (Wanted(EGGS, 500),))


def booked(shop: Shop, note: str, **values: object) -> Order:
    round_id = open_friday(shop)
    incoming = replace(INCOMING, note=note, **values)  # type: ignore[arg-type]
    return order(shop, add_order(shop, incoming, round_id=round_id))


def test_an_order_that_tells_of_health_is_booked_to_be_looked_at(shop: Shop) -> None:
    found = booked(shop, "孕妇，要新鲜的")
    assert (found.note, found.check_reason) == ("孕妇，要新鲜的", TELLS_TOO_MUCH)
    mark_checked(shop, found.id, found.version)
    assert order(shop, found.id).check_reason is None


def test_other_reasons_to_look_stay(shop: Shop) -> None:
    found = booked(shop, "血糖高", check_reason="no home")
    assert found.check_reason == f"no home; {TELLS_TOO_MUCH}"


def test_an_ordinary_note_is_nothing_to_look_at(shop: Shop) -> None:
    assert booked(shop, "晚上来拿，要大的").check_reason is None


def test_the_desk_does_not_type_it(shop: Shop) -> None:
    found = booked(shop, "孕妇，要新鲜的")
    change = {"slot": None, "delivery": False}
    with pytest.raises(Refused, match="糖尿"):
        change_pickup(shop, found.id, found.version, note="糖尿病", **change)
    change_pickup(shop, found.id, found.version, note="孕妇，要新鲜的，晚上拿", **change)
    change_pickup(shop, found.id, found.version + 1, note="要新鲜的", **change)
    assert order(shop, found.id).note == "要新鲜的"


def test_the_desk_may_say_that_it_means_something_else(shop: Shop) -> None:
    found = booked(shop, "")
    note = "治咳嗽的梨膏"
    change_pickup(
        shop, found.id, found.version, slot=None, delivery=False, note=note, confirmed=True
    )
    assert order(shop, found.id).note == note
