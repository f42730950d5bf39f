"""The board, what is due, what is found; bounded whatever the number of wishes (R15-R18)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.shop.shop import Shop
from lib.trust.demands import commands, queries
from lib.trust.demands.queries import MOST_IN_COLUMN
from lib.trust.demands.rules import Pace, Status
from tests.conftest import NOW
from tests.service.cast import add_product
from tests.statements import statements_of
from tests.trust.demands.cast import add_wish, move, row, wish

DAY = timedelta(days=1)


def titles(cards) -> list[str]:
    return [card.title for card in cards]


def test_the_board_puts_the_least_time_left_first(shop: Shop) -> None:
    for title, hours in (("新的", 1), ("超时的", 80), ("快到的", 60)):
        add_wish(shop, title, hours_ago=hours)
    cards = queries.board(shop).columns[Status.NEW]
    assert titles(cards) == ["超时的", "快到的", "新的"]
    assert [card.pace for card in cards] == [Pace.LATE, Pace.SOON, Pace.IN_ORDER]
    assert cards[0].due == NOW - 8 * timedelta(hours=1)


def test_what_comes_back_stands_first_and_is_due(shop: Shop, clock: FixedClock) -> None:
    for title, day in (("明年的", date(2027, 3, 1)), ("到期的", date(2026, 9, 27))):
        move(shop, add_wish(shop, title), Status.NOT_YET, "没货", day)
    assert not queries.due(shop).came_back
    clock.moment = NOW + 2 * DAY
    column = queries.board(shop).columns[Status.NOT_YET]
    assert titles(column) == ["到期的", "明年的"]
    assert (column[0].came_back, column[0].pace) == (True, Pace.SOON)
    assert titles(queries.due(shop).came_back) == ["到期的"]
    clock.moment = NOW + 3 * DAY
    assert queries.board(shop).columns[Status.NOT_YET][0].pace is Pace.LATE


def test_due_tells_late_and_soon_by_the_settings(shop: Shop) -> None:
    add_wish(shop, "超时的", hours_ago=80)
    add_wish(shop, "快到的", hours_ago=60)
    add_wish(shop, "新的")
    due = queries.due(shop)
    assert (titles(due.late), titles(due.soon)) == (["超时的"], ["快到的"])
    patient = replace(shop, settings=replace(shop.settings, demand_hours=100))
    due = queries.due(patient)
    assert (titles(due.late), titles(due.soon)) == ([], ["超时的"])
    eager = replace(shop, settings=replace(shop.settings, demand_warning_hours=72))
    assert titles(queries.due(eager).soon) == ["快到的", "新的"]


def test_answered_wishes_leave_the_board_and_are_found(shop: Shop, clock: FixedClock) -> None:
    demand = add_wish(shop, "活鸡", "张阿姨", "李姐")
    move(shop, demand, Status.DECLINED, "没有许可")
    clock.moment = NOW + 14 * DAY - timedelta(seconds=1)
    assert titles(queries.board(shop).columns[Status.DECLINED]) == ["活鸡"]
    clock.moment = NOW + 14 * DAY
    assert not queries.board(shop).cards
    longer = replace(shop, settings=replace(shop.settings, demand_bought_days=30))
    assert titles(queries.board(longer).cards) == ["活鸡"]
    for text in ("活 鸡", "李姐", ""):
        assert titles(queries.found(shop, text)) == ["活鸡"]
    assert titles(queries.found(shop, "", [Status.DECLINED])) == ["活鸡"]
    assert not queries.found(shop, "", [Status.NEW])
    assert not queries.found(shop, "羊奶")
    assert not queries.found(shop, "%")


def test_merged_wishes_are_nowhere_and_lead_to_the_kept_one(shop: Shop) -> None:
    keep, drop, other = (add_wish(shop, title) for title in ("草莓", "丹东草莓", "奶油草莓"))
    with shop.store.write() as connection:
        table = schema.demand
        for one, into in ((drop, keep), (other, drop)):
            connection.execute(update(table).where(table.c.id == one).values(merged_into=into))
    assert titles(queries.board(shop).cards) == ["草莓"]
    assert titles(queries.found(shop)) == ["草莓"]
    assert queries.one(shop, other).card.id == keep
    with pytest.raises(NotFound):
        queries.one(shop, 99)


def test_one_wish_with_its_history(shop: Shop, staff_shop: Shop) -> None:
    demand = add_wish(shop, "羊奶", "张阿姨", "")
    commands.add_wishes(shop, demand, [wish("李姐", 9)])
    move(staff_shop, demand, Status.NOT_YET, "起订50箱", date(2026, 9, 28))
    found = queries.one(shop, demand)
    assert [each.name for each in found.wishes] == ["李姐", "张阿姨", ""]
    last, added, first = found.history
    assert (last.actor, last.status, last.reason) == ("小吴", Status.NOT_YET, "起订50箱")
    assert (last.next_on, added.wishes, first.action) == (date(2026, 9, 28), 1, "demand.add")
    assert (found.card.people, found.card.untold) == (3, 0)


def test_the_board_is_for_the_desk(shop: Shop, resident_shop: Shop) -> None:
    for read in (queries.board, queries.due, queries.found):
        with pytest.raises(Refused):
            read(resident_shop)
    with pytest.raises(Refused):
        queries.one(resident_shop, add_wish(shop))


def test_the_board_stays_bounded_with_5000_wishes(shop: Shop) -> None:
    """A handful of statements through indexes, and no more cards than a column holds."""
    product = add_product(shop, "芝麻酱", "瓶")
    past = [
        {
            "title": f"心愿{number}",
            "folded_title": f"心愿{number}",
            "status": ("offered", "declined", "not_yet", "new")[number % 4 if number < 600 else 0],
            "first_asked_at": NOW - number * timedelta(hours=2),
            "status_at": NOW - number * timedelta(hours=1),
            "product_id": product,
            "offered_at": NOW - number * timedelta(hours=1),
            "answered_at": NOW - number * timedelta(hours=1),
            "reason": "没货",
            "next_on": date(2026, 12, 1),
            "created_at": NOW,
        }
        for number in range(5000)
    ]
    with shop.store.write() as connection:
        connection.execute(insert(schema.demand), past)
    with statements_of(shop.store) as said:
        board = queries.board(shop)
    assert len(said) <= 9
    assert all(len(column) <= MOST_IN_COLUMN for column in board.columns.values())
    assert Status.NEW in board.more
    with statements_of(shop.store) as said:
        queries.due(shop)
    assert len(said) <= 7
    if shop.store.reader.dialect.name == "sqlite":
        with shop.read() as connection:
            for status in ("new", "offered"):
                plan = connection.exec_driver_sql(
                    "EXPLAIN QUERY PLAN SELECT * FROM demand WHERE merged_into IS NULL "
                    f"AND status = '{status}' AND status_at > '2026-09-11' "
                ).all()
                assert any("ix_demand_" in str(step) for step in plan), plan


def test_a_row_that_is_read_shows_what_stands_in_the_books(shop: Shop) -> None:
    demand = add_wish(shop, "草莓")
    assert queries.one(shop, demand).card.version == row(shop, demand).version
