"""The board and a case stay quick after years of complaints: no list walks through a table.

One statement a list, however many cases; the recorder looks every few seconds, so it must cost
nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from lib.db import schema
from lib.db.engine import Store
from lib.service.after_sales import commands, queries
from lib.shop.shop import SYSTEM, Shop
from tests.conftest import NOW
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, opened
from tests.service.cast import put

YEARS = 1500
WALKED = ("after_sales_case", "case_turn", "case_entry", "case_photo", "case_breach", "handover")


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Plans are read as SQLite writes them."""
    return sqlite_store


@pytest.fixture
def years(bought: Bought) -> Bought:
    """Many closed cases, each with its history and photos, and twelve on the board."""
    shop, gone = bought.shop, []
    blob = {"media_type": "image/jpeg", "size": 1, "created_at": NOW, "look": "0" * 16}
    plain = {"source": "chat", "defect": "rotten", "status": "closed", "member_id": bought.wang}
    for number in range(YEARS):
        at = NOW - timedelta(hours=8 * number + 48)
        when = {"reported_at": at, "reply_due_at": at, "first_reply_at": at, "closed_at": at}
        gone.append({**plain, **when, "created_at": at})
    goods = {"product_id": bought.eggs, "product_name": "土鸡蛋", "sale_unit": "板", "ordered": 1}
    price = {"quantity": 1, "unit_price_fen": 2880, "amount_fen": 2880}
    lines = [{"order_id": bought.order, **goods, **price}] * YEARS
    with shop.store.write() as connection:
        connection.execute(insert(schema.order_line), lines)
        for number, case in enumerate(gone):
            case["line_id"] = bought.others + 1 + number
        connection.execute(insert(schema.blob), [{**blob, "sha256": "a" * 64}])
        connection.execute(insert(schema.after_sales_case), gone)
        ids = range(1, YEARS + 1)
        start = {"turn": 1, "started_at": NOW, "solve_due_at": NOW, "solved_at": NOW}
        connection.execute(insert(schema.case_turn), [{"case_id": each, **start} for each in ids])
        said = {"kind": "note", "for_resident": False, "by_resident": False, "at": NOW}
        connection.execute(insert(schema.case_entry), [{"case_id": each, **said} for each in ids])
        seen = {"blob": "a" * 64, "look": "0" * 16, "by_resident": False}
        connection.execute(
            insert(schema.case_photo),
            [{"case_id": case, "at": NOW - timedelta(hours=8 * case), **seen} for case in ids],
        )
        broken = {"turn": 1, "clock": "reply", "due_at": NOW, "recorded_at": NOW}
        connection.execute(
            insert(schema.case_breach), [{"case_id": each, **broken} for each in ids]
        )
        handed = {"order_id": bought.order, "line_id": bought.by_weight, "quantity": 1, "at": NOW}
        connection.execute(insert(schema.handover), [handed] * 200)
    for number in range(12):
        opened(bought, number)
    put(shop, schema.case_photo, case_id=YEARS + 1, at=NOW, **seen | {"look": "f" * 16})
    with shop.store.write() as connection:
        connection.execute(text("ANALYZE"))
    return bought


READS: dict[str, tuple[Callable[[Shop, Bought], Any], int]] = {
    "board": (lambda shop, _it: queries.board(shop), 1),
    "due": (lambda shop, _it: queries.due(shop), 1),
    "case": (lambda shop, _it: queries.case_of(shop, YEARS + 1), 18),
    "purchases": (lambda shop, it: queries.purchases(shop, it.li), 4),
    "similar": (lambda shop, it: queries.similar_open(shop, it.li, it.line), 1),
    "recorder": (lambda shop, _it: commands.record_breaches(shop.acting(SYSTEM)), 3),
}


@pytest.mark.parametrize("read", READS)
def test_a_read_walks_through_no_table_and_has_few_statements(years: Bought, read: str) -> None:
    does, most = READS[read]
    said: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            said.append((statement, values))

    event.listen(years.shop.store.reader, "before_cursor_execute", keep)
    does(years.shop, years)
    event.remove(years.shop.store.reader, "before_cursor_execute", keep)

    assert len(said) <= most
    with years.shop.read() as connection:
        for statement, values in said:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            walked = [row[3] for row in plan if row[3].startswith("SCAN")]
            for table in WALKED:
                scans = {f"SCAN {table}", f"SCAN {table} LEFT-JOIN"}
                assert not scans & set(walked), f"{table} in {statement}"


def test_the_board_has_as_many_statements_for_one_case_as_for_twelve(years: Bought) -> None:
    assert len(queries.board(years.shop)) == 12
    assert {card.id for card in queries.board(years.shop)} == set(range(YEARS + 1, YEARS + 13))
    assert cast.record(years.shop) == 0
