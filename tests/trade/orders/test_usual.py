"""Orders that come in without a slot get the usual one of their resident, marked as such (R21)."""

from datetime import timedelta

import pytest

from lib.kernel.clock import FixedClock
from lib.members.profiles.commands import set_usual_slot
from lib.shop.shop import Shop
from lib.trade.orders import commands, queries
from lib.trade.orders.rules import Booking, Change, IncomingOrder, Source, Wanted
from tests.conftest import NOW
from tests.service.cast import add_member
from tests.trade.orders.cast import EGGS, open_friday

FRIDAY = 1


def coming(slot: str | None = None, **more: object) -> IncomingOrder:
    return IncomingOrder(None, "小李", (Wanted(EGGS, 500),), slot=slot, **more)  # type: ignore[arg-type]


def stands(shop: Shop, order_id: int) -> tuple[str | None, bool]:
    order = queries.order(shop, order_id)
    return order.slot, order.slot_usual


@pytest.fixture
def li(shop: Shop) -> int:
    """小李 usually comes in the evening."""
    assert open_friday(shop) == FRIDAY
    member = add_member(shop, "小李")
    set_usual_slot(shop, member, "evening")
    return member


@pytest.mark.parametrize("source", [Source.CHAIN, Source.SHEET])
def test_an_order_of_a_chain_or_file_without_a_slot(shop: Shop, li: int, source: Source) -> None:
    entries = [
        IncomingOrder("a", "小李", (Wanted(EGGS, 500),), member_id=li),
        IncomingOrder("b", "小李", (Wanted(EGGS, 500),), member_id=li, slot="noon"),
        IncomingOrder("c", "小李", (Wanted(EGGS, 500),), member_id=li, delivery=True),
        IncomingOrder("d", "王姐", (Wanted(EGGS, 500),)),
    ]
    booking = Booking(source, "周五团", "x", additions=entries, basis=None, content="")
    booked = commands.book_intake(shop, FRIDAY, booking)
    assert [stands(shop, one) for one in booked.added] == [
        ("evening", True),
        ("noon", False),
        (None, False),
        (None, False),
    ]


def test_a_walk_in_gets_it_while_it_is_not_over(shop: Shop, li: int, clock: FixedClock) -> None:
    assert stands(shop, commands.add_order(shop, coming())) == ("evening", True)
    assert stands(shop, commands.add_order(shop, coming("noon"))) == ("noon", False)
    clock.moment = NOW + timedelta(hours=10, minutes=30)
    assert stands(shop, commands.add_order(shop, coming())) == (None, False)


def test_what_the_chain_says_later_wins_and_the_usual_one_comes_back(shop: Shop, li: int) -> None:
    first = Booking(
        Source.CHAIN, "周五团", "a", basis=None, content="",
        additions=[IncomingOrder("a", "小李", (Wanted(EGGS, 500),), member_id=li)],
    )  # fmt: skip
    booked = commands.book_intake(shop, FRIDAY, first)
    (order,), basis = booked.added, booked.intake_id

    def again(version: int, mark: str, slot: str | None, parts: frozenset[str]) -> None:
        nonlocal basis
        entry = IncomingOrder("a", "小李", (Wanted(EGGS, 500),), member_id=li, slot=slot)
        change = Change(order, version, entry, parts)
        booking = Booking(Source.CHAIN, "周五团", mark, changes=[change], basis=basis, content="")
        basis = commands.book_intake(shop, FRIDAY, booking).intake_id

    again(1, "b", "morning", frozenset({"slot"}))
    assert stands(shop, order) == ("morning", False)
    again(2, "c", None, frozenset({"note"}))
    assert stands(shop, order) == ("morning", False)
    again(3, "d", None, frozenset({"slot"}))
    assert stands(shop, order) == ("evening", True)


def test_an_order_that_stands_keeps_its_slot_when_the_habit_changes(shop: Shop, li: int) -> None:
    order = commands.add_order(shop, coming())
    set_usual_slot(shop, li, "noon")
    assert stands(shop, order) == ("evening", True)


def test_only_another_slot_is_one_that_somebody_said(shop: Shop, li: int) -> None:
    order = commands.add_order(shop, coming())
    commands.change_pickup(shop, order, 1, slot="evening", delivery=False, note="要大的")
    assert stands(shop, order) == ("evening", True)
    commands.change_pickup(shop, order, 2, slot="noon", delivery=False, note="")
    assert stands(shop, order) == ("noon", False)
