"""What counts as bought and as a visit, and what it adds up to (R33)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.members.habits.queries import favourites, rhythm_of, spending
from lib.members.profiles.commands import merge_members, unmerge
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.members.habits.cast import bought, came, give_back, hand, pay, take_back
from tests.service.cast import TODAY, add_member, add_product


@pytest.fixture
def lee(shop: Shop) -> int:
    return add_member(shop, "小李")


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋", "盒", 1000)


@pytest.fixture
def greens(shop: Shop) -> int:
    return add_product(shop, "青菜", "斤", 500)


def visits(shop: Shop, member_id: int) -> list[int]:
    """Return the visits of the last months as so many, newest last."""
    return [count for _month, count in rhythm_of(shop, member_id).months]


def test_favourites_say_how_often_how_much_and_when_last(
    shop: Shop, lee: int, eggs: int, greens: int
) -> None:
    came(shop, lee, eggs, 30, 20, 10)
    came(shop, lee, greens, 20)
    first, second = favourites(shop, lee)
    assert (first.name, first.times, first.quantity, first.spent) == (
        "土鸡蛋", 3, 3, Money(3000),
    )  # fmt: skip
    assert first.last_on == TODAY - timedelta(days=10)
    assert (second.name, second.quantity, second.unit.said(second.quantity)) == (
        "青菜", 500, "1斤",
    )  # fmt: skip


def test_cancelled_and_given_back_does_not_count(shop: Shop, lee: int, eggs: int) -> None:
    kept, _line = bought(shop, lee, eggs, 9)
    came(shop, lee, eggs, 8, status="cancelled")
    whole, line = bought(shop, lee, eggs, 7)
    give_back(shop, lee, whole, line, 1000)
    order, _line = bought(shop, lee, eggs, 6)
    give_back(shop, lee, order, None, 1000)
    half, line = bought(shop, lee, eggs, 5)
    give_back(shop, lee, half, line, 400)
    (found,) = favourites(shop, lee)
    assert (found.times, found.spent) == (2, Money(1600))
    rhythm = rhythm_of(shop, lee).rhythm
    assert rhythm is not None
    assert rhythm.visits == 2
    assert rhythm.last_on == TODAY - timedelta(days=5)
    assert kept


def test_a_line_taken_out_of_an_order_does_not_count(shop: Shop, lee: int, eggs: int) -> None:
    _order, line = bought(shop, lee, eggs, 9)
    with shop.store.write() as connection:
        lines = schema.order_line
        gone = update(lines).where(lines.c.id == line)
        connection.execute(gone.values(cancelled_at=NOW))
    assert favourites(shop, lee) == ()
    assert rhythm_of(shop, lee).rhythm is None


def test_a_visit_is_a_day_on_which_something_was_handed_over(
    shop: Shop, lee: int, eggs: int
) -> None:
    order, line = bought(shop, lee, eggs, 0)
    assert rhythm_of(shop, lee).rhythm is None  # today, and nothing collected yet
    handed = hand(shop, order, line)
    found = rhythm_of(shop, lee).rhythm
    assert found is not None
    assert found.last_on == TODAY
    take_back(shop, order, line, handed)
    assert rhythm_of(shop, lee).rhythm is None


def test_of_a_day_nobody_ticked_an_order_is_a_visit(shop: Shop, lee: int, eggs: int) -> None:
    came(shop, lee, eggs, 3, 3, -2)  # two orders of one day, and one that is still to come
    order, line = bought(shop, lee, eggs, 2)
    take_back(shop, order, line, hand(shop, order, line))  # ticked, then not: nobody came
    found = rhythm_of(shop, lee).rhythm
    assert found is not None
    assert (found.visits, found.last_on) == (1, TODAY - timedelta(days=3))


def test_rhythm_gap_and_when_they_are_expected(shop: Shop, lee: int, eggs: int) -> None:
    came(shop, lee, eggs, 24, 17, 10, 3)
    found = rhythm_of(shop, lee)
    assert found.rhythm is not None
    assert found.rhythm.gap_days == 7
    assert found.rhythm.next_on == TODAY + timedelta(days=4)
    assert (found.overdue, found.missed) == (0, False)
    assert sum(visits(shop, lee)) == 4
    assert found.months[-1][0] == date(2026, 9, 1)
    assert len(found.months) == 6


def test_spending_is_what_was_paid_and_kept(shop: Shop, lee: int, eggs: int) -> None:
    order, _line = bought(shop, lee, eggs, 40)
    pay(shop, lee, order, 1000, ago=40)
    other, line = bought(shop, lee, eggs, 2)
    pay(shop, lee, other, 1000, ago=2)
    give_back(shop, lee, other, line, 300)
    found = {one.month: one.spent for one in spending(shop, lee)}
    assert found[date(2026, 8, 1)] == Money(1000)
    assert found[date(2026, 9, 1)] == Money(700)
    assert next(iter(found)) == date(2026, 4, 1)


def test_merged_files_are_read_as_one_and_apart_again(shop: Shop, lee: int, eggs: int) -> None:
    other = add_member(shop, "李小姐")
    came(shop, lee, eggs, 30)
    paid = came(shop, other, eggs, 20, 10)
    pay(shop, other, paid[0], 1000)
    merge_id = merge_members(shop, lee, other, (1, 1))
    assert favourites(shop, lee)[0].times == 3
    assert sum(visits(shop, lee)) == 3
    assert spending(shop, lee)[-1].spent == Money(1000)
    unmerge(shop, merge_id)
    assert favourites(shop, lee)[0].times == 1
    assert favourites(shop, other)[0].times == 2
    assert spending(shop, lee)[-1].spent == Money(0)


def test_nobody_else_reads_them(resident_shop: Shop) -> None:
    for read in (favourites, rhythm_of, spending):
        with pytest.raises(Refused):
            read(resident_shop, 1)
