"""Costs typed before the books were read, and days that are settled (R20)."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from lib.db import migrations, schema
from lib.db.engine import open_store
from lib.shop.shop import Shop
from lib.supply.stock.rules import Kind
from lib.trust.books.sums.commands import settle
from lib.trust.books.sums.queries import sums
from tests.conftest import NOW
from tests.trust.books.cast import TODAY, add_batch, add_member, add_order, add_product, leave

BEFORE = TODAY - timedelta(days=9)


def test_costs_typed_before_survive(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'old.db'}")
    with store.write() as connection:
        command.upgrade(migrations.configuration(connection), "0002")
        connection.execute(
            text(
                "INSERT INTO product (name, folded_name, is_fresh, is_daily, is_fragile, sale_unit,"
                " price_fen, created_at) VALUES ('蛋', '蛋', 1, 0, 0, '个', 100, '2026-09-25')"
            )
        )
        for values in ("'loss', NULL, 240, '问过', 3", "'packaging', 0, NULL, '', 1"):
            connection.execute(
                text(
                    "INSERT INTO product_cost (product_id, kind, amount_fen, rate_per_10000, basis,"
                    f" version, changed_at) VALUES (1, {values}, '2026-09-25T00:00:00.000000Z')"
                )
            )
    migrations.upgrade(store, NOW)
    costs = schema.product_cost
    columns = (costs.c.id, costs.c.kind, costs.c.amount_fen, costs.c.rate_per_10000, costs.c.basis)
    with store.read() as connection:
        rows = connection.execute(select(*columns, costs.c.version).order_by(costs.c.id)).all()
    assert [tuple(row) for row in rows] == [
        (1, "loss", None, 240, "问过", 3),
        (2, "packaging", 0, None, "", 1),
    ]
    row = {"product_id": 1, "kind": "points", "amount_fen": 5, "changed_at": NOW}
    with store.write() as connection:
        connection.execute(insert(costs).values(**row))
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(insert(costs).values(**row))
    store.close()


def test_a_settled_day_is_unsettled_by_whatever_changes_it(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋", fresh=True), add_member(shop, "小李")
    order, (line,) = add_order(shop, member, 1, (eggs, 1000), pickup_day=BEFORE)
    add_order(shop, member, 2, (eggs, 500), pickup_day=BEFORE)
    assert settle(shop.store, TODAY) == 9
    assert settle(shop.store, TODAY) == 0
    lines, orders = schema.order_line, schema.customer_order
    changes = (
        update(lines).where(lines.c.id == line).values(quantity=900, amount_fen=864),
        update(orders).where(orders.c.id == order).values(status="cancelled"),
        update(orders).where(orders.c.id == order).values(status="active"),
        update(orders).where(orders.c.id == order).values(pickup_day=BEFORE + timedelta(days=1)),
    )
    for change, days in zip(changes, (1, 1, 1, 2), strict=True):
        with shop.store.write() as connection:
            connection.execute(change)
        assert settle(shop.store, TODAY) == days
    add_order(shop, member, 3, (eggs, 500), pickup_day=BEFORE)
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(is_fresh=True, name="蛋"))
    assert settle(shop.store, TODAY) == 1, "an edit that changes no tag unsettles nothing"
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(is_fresh=False))
    assert settle(shop.store, TODAY) == 9
    with shop.read() as connection:
        found = sums(connection, BEFORE, TODAY, ())[eggs]
    assert (found.sold, found.amount, found.bags) == (1900, 864 + 960, 0)


def test_goods_and_prices_of_the_past_unsettle_the_days_they_left_on(shop: Shop) -> None:
    eggs, tofu = add_product(shop, "土鸡蛋"), add_product(shop, "豆腐")
    member = add_member(shop, "小李")
    _order, (line,) = add_order(shop, member, 1, (eggs, 1000), pickup_day=BEFORE)
    after = BEFORE + timedelta(days=1)
    batch = add_batch(shop, eggs, 500, arrived_on=BEFORE)
    for day in (BEFORE, after):
        leave(shop, eggs, 100, batch, on=day)
    assert settle(shop.store, TODAY) == 9
    leave(shop, eggs, 100, batch, Kind.WASTED, on=after)
    assert settle(shop.store, TODAY) == 1
    lines, batches = schema.order_line, schema.batch
    changes = (
        (update(batches).where(batches.c.id == batch).values(unit_price_fen=510), 2),
        (update(batches).where(batches.c.id == batch).values(unit_grams=250), 2),
        (update(batches).where(batches.c.id == batch).values(lot="A7"), 0),
        (update(lines).where(lines.c.id == line).values(product_id=tofu), 1),
        (delete(lines).where(lines.c.id == line), 1),
        (update(schema.product).where(schema.product.c.id == eggs).values(unit_grams=250), 9),
    )
    for change, days in changes:
        with shop.store.write() as connection:
            connection.execute(change)
        assert settle(shop.store, TODAY) == days
    with shop.read() as connection:
        found = sums(connection, BEFORE, TODAY, ())
    assert (found[eggs].sold, found[eggs].gone_value, found[eggs].lost) == (0, 200 * 510, 100)
    assert tofu not in found


def test_today_and_empty_books_are_never_settled(shop: Shop) -> None:
    assert settle(shop.store, TODAY) == 0
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    add_order(shop, member, 1, (eggs, 1000))
    assert settle(shop.store, TODAY) == 0
