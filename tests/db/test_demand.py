"""``demand_day`` is what the orders say, whoever wrote them and whatever happened to them."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from lib.db import migrations, schema
from lib.db.engine import Store, open_store
from lib.db.schema.demand import REBUILD
from lib.kernel.clock import FixedClock
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Role, Shop
from tests.conftest import NOW, add_person
from tests.service.cast import TODAY, add_line, add_member, add_order, add_product

MANY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def kept(shop: Shop) -> dict[tuple[int, str], tuple[int, int, int]]:
    with shop.read() as connection:
        rows = connection.execute(select(schema.demand_day)).all()
    return {(row[0], str(row[1])): tuple(row[2:]) for row in rows if any(row[2:])}


def reckoned(shop: Shop) -> dict[tuple[int, str], tuple[int, int, int]]:
    with shop.read() as connection:
        rows = connection.execute(text(REBUILD)).all()
    return {(row[0], str(row[1])): tuple(int(part) for part in row[2:]) for row in rows}


def run(shop: Shop, statement: object) -> None:
    with shop.store.write() as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def test_every_kind_of_change_is_followed(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "瓶", 650)
    member = add_member(shop, "小李")
    first, lines = add_order(shop, member, 1, (eggs, 1000), (milk, 2))
    second, _ = add_order(shop, member, 2, (eggs, 500))
    day = str(TODAY)
    assert kept(shop) == {(eggs, day): (1500, 1440, 2), (milk, day): (2, 1300, 1)}

    line, order = schema.order_line, schema.customer_order
    run(shop, update(line).where(line.c.id == lines[1]).values(cancelled_at=NOW))
    assert kept(shop) == {(eggs, day): (1500, 1440, 2)}
    run(shop, update(line).where(line.c.id == lines[0]).values(quantity=400, amount_fen=384))
    assert kept(shop) == {(eggs, day): (1500, 864, 2)}, "a shortage lowers no demand"
    tomorrow = TODAY + timedelta(days=1)
    run(shop, update(order).where(order.c.id == second).values(pickup_day=tomorrow))
    assert kept(shop) == {(eggs, day): (1000, 384, 1), (eggs, str(tomorrow)): (500, 480, 1)}
    run(shop, update(order).where(order.c.id == first).values(status="cancelled"))
    assert kept(shop) == {(eggs, str(tomorrow)): (500, 480, 1)}
    run(shop, update(order).where(order.c.id == first).values(status="active"))
    assert kept(shop) == reckoned(shop) != {}


@pytest.fixture
def sqlite_shop(sqlite_store: Store, place: Place, clock: FixedClock) -> Shop:
    """A shop with three orders; every history goes on where the last one ended."""
    owner = add_person(sqlite_store, "fang", "芳姐", Role.OWNER)
    shop = shop_for(sqlite_store, place, clock, owner)
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    for number in range(3):
        add_order(shop, member, number + 1, (eggs, 500))
    return shop


@MANY
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(
                ["line", "amount", "stand", "cancel", "active", "gone", "move", "drop"]
            ),
            st.integers(0, 5),
            st.integers(1, 900),
        ),
        max_size=25,
    )
)
def test_any_history_of_orders_adds_up(
    sqlite_shop: Shop, steps: list[tuple[str, int, int]]
) -> None:
    shop = sqlite_shop
    line, order = schema.order_line, schema.customer_order
    with shop.read() as connection:
        orders = list(connection.execute(select(order.c.id).order_by(order.c.id)).scalars())
        eggs = connection.execute(select(schema.product.c.id)).scalars().first()
    for what, which, number in steps:
        order_id = orders[which % len(orders)]
        of_order = line.c.order_id == order_id
        if what == "line":
            add_line(shop, order_id, eggs, number)
        elif what == "amount":
            run(shop, update(line).where(of_order).values(ordered=number, amount_fen=number))
        elif what in ("stand", "cancel"):
            when = NOW if what == "cancel" else None
            run(shop, update(line).where(of_order).values(cancelled_at=when))
        elif what in ("active", "gone"):
            status = "active" if what == "active" else "cancelled"
            run(shop, update(order).where(order.c.id == order_id).values(status=status))
        elif what == "move":
            day = TODAY + timedelta(days=number % 4)
            changed = update(order).where(order.c.id == order_id)
            run(shop, changed.values(pickup_day=day, number=number * 100 + which))
        else:
            run(shop, delete(line).where(of_order))
        assert kept(shop) == reckoned(shop)


def test_an_older_database_is_filled(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'old.db'}")
    with store.write() as connection:
        command.upgrade(migrations.configuration(connection), "0001")
        for statement in (
            "INSERT INTO product (name, folded_name, is_fresh, is_daily, is_fragile, sale_unit,"
            " price_fen, created_at) VALUES ('蛋', '蛋', 1, 0, 0, '个', 100, '2026-09-25')",
            "INSERT INTO member (nickname, folded_nickname, created_at)"
            " VALUES ('小李', '小李', '2026-09-25')",
            "INSERT INTO customer_order (member_id, source, number, pickup_day, delivery, status,"
            " placed_at) VALUES (1, 'counter', 1, '2026-09-25', 0, 'active', '2026-09-25')",
            "INSERT INTO order_line (order_id, product_id, product_name, sale_unit, ordered,"
            " quantity, unit_price_fen, amount_fen) VALUES (1, 1, '蛋', '个', 3, 3, 100, 300)",
        ):
            connection.execute(text(statement))
    migrations.upgrade(store, NOW)
    with store.read() as connection:
        rows = connection.execute(select(schema.demand_day)).all()
    assert [tuple(row)[2:] for row in rows] == [(3, 300, 1)]
    store.close()
