"""Today is read every half minute by every open tab: no part of it walks through a whole table."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from lib.db import schema
from lib.db.engine import Store
from lib.service.today.members import members_due
from lib.service.today.queries import today
from lib.service.today.service import service_due
from lib.service.today.supply import supply_due
from lib.service.today.trust import trust_due
from lib.shop.shop import Role, Shop
from lib.trust.demands.figures.queries import figures
from lib.trust.demands.launch.queries import orders_of_wishers
from lib.trust.welfare.queries import public_welfare
from tests.plant import plant

GROWING = (
    "customer_order", "order_line", "payment", "handover", "stock_movement", "stock_day", "batch",
    "supplier_statement", "purchase_order", "purchase_line", "demand_wish", "demand_source",
    "wish_note", "group_post", "message_delivery", "topic_answer", "activity_guest",
    "activity_task", "cost_sheet", "journal", "settled_sum", "after_sales_case", "case_entry",
    "case_photo", "case_turn", "case_remedy", "case_breach", "owed_goods", "owed_handover",
    "pickup_notice", "packed_material", "packaging_entry", "member", "member_rhythm", "birthday",
    "consent", "gift", "points_entry", "points_order", "coupon", "redemption", "member_opening",
    "preference", "intake",
)  # fmt: skip
"""Tables that grow by many rows with every month of the shop."""

FEW_ROWS = (
    "SCAN cost_sheet USING INDEX",
    "SCAN batch USING INDEX ix_batch_on_hand",
    "SCAN batch USING COVERING INDEX ix_batch_on_hand",
    "SCAN supplier_statement USING INDEX ix_supplier_statement_unpaid",
    "SCAN owed_goods USING INDEX ix_owed_goods_open",
    "SCAN pickup_notice USING INDEX ix_pickup_notice_open",
    "SCAN points_entry USING INDEX ix_points_entry_taken",
)
"""The newest sheet alone; the batches that lie in the shop now; what is not paid, given, done;
points that were taken away again."""


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Plans are read as SQLite writes them."""
    return sqlite_store


def asked(shop: Shop, read: Callable[[Shop], object]) -> list[tuple[str, Any]]:
    """The statements of a read with their values."""
    said: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            said.append((statement, values))

    event.listen(shop.store.reader, "before_cursor_execute", keep)
    read(shop)
    event.remove(shop.store.reader, "before_cursor_execute", keep)
    return said


def steps(shop: Shop, statement: str, values: Any) -> list[str]:
    """How the statement is carried out."""
    with shop.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    return [step[3] for step in plan]


def members_of_staff(shop: Shop) -> object:
    """What is due about members without the clean-up, which is counted once an hour only."""
    return members_due(shop.acting(replace(shop.actor, role=Role.STAFF)))


@pytest.mark.parametrize(
    ("read", "most"),
    [(today, 16), (supply_due, 48), (trust_due, 36), (service_due, 24),
     (members_of_staff, 40),
     (lambda shop: public_welfare(shop, shop.today.year), 3)],
    ids=["day", "supply", "trust", "service", "members", "welfare of a year"],
)  # fmt: skip
def test_no_part_of_today_walks_through_a_table(
    shop: Shop, read: Callable[[Shop], object], most: int
) -> None:
    if read is not supply_due:  # it does not read what a plant makes up
        plant(shop)
    said = asked(shop, read)
    assert len(said) <= most, "few statements, whatever the size"
    for statement, values in said:
        if "WHERE" not in statement and "LIMIT" in statement:
            continue  # asks whether there is a row at all
        for step in steps(shop, statement, values):
            walked = f"{step} ".startswith(tuple(f"SCAN {name} " for name in GROWING))
            assert not walked or step.startswith(FEW_ROWS), f"{step} in {statement}"


@pytest.mark.parametrize("read", [trust_due, figures], ids=["trust", "figures"])
def test_wishes_that_were_never_merged_are_not_found_by_that(
    shop: Shop, read: Callable[[Shop], object]
) -> None:
    """Nearly all of them are: such an index reads the whole table while it looks like a search."""
    plant(shop)
    for statement, values in asked(shop, read):
        plan = steps(shop, statement, values)
        assert not [step for step in plan if "ix_demand_merged_into" in step], statement


def test_who_bought_is_found_by_member_and_moment(shop: Shop) -> None:
    def read(shop: Shop) -> object:
        orders = schema.customer_order
        query = orders_of_wishers().where(
            schema.demand.c.id.in_([1, 2]), orders.c.placed_at < shop.clock.now()
        )
        with shop.read() as connection:
            return connection.execute(query).all()

    ((statement, values),) = asked(shop, read)
    plan = steps(shop, statement, values)
    assert any(
        "ix_customer_order_member_id_placed_at (member_id=? AND placed_at>? AND placed_at<?)"
        in step
        for step in plan
    ), plan
    assert not [step for step in plan if "product_id" in step], plan


def test_residents_not_told_are_found_in_the_index(shop: Shop) -> None:
    plant(shop)
    said = [each for each in asked(shop, trust_due) if "EXISTS" in each[0]]
    plans = [step for each in said for step in steps(shop, *each) if "demand_wish" in step]
    assert plans
    assert all("ix_demand_wish_untold" in step for step in plans), plans
