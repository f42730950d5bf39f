"""What handing over an order costs, in statements and milliseconds, with the stock kept.

``python -m bench.stock`` fills a shop with products of three batches each in a temporary folder and
hands over orders of one, four and ten goods. Statements are the measure; milliseconds compare runs
on the same machine only.
"""

import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert

from lib.db import schema
from lib.kernel.clock import SystemClock
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.shop import Actor, Role, Shop
from lib.supply.stock.commands import Move, post
from lib.supply.stock.rules import Kind

PRODUCTS, BATCHES, ORDERS = 40, 3, 60


def put(shop: Shop, table: Any, **values: Any) -> int:
    """Insert one row and return its id."""
    with shop.store.write() as connection:
        done = connection.execute(insert(table).values(**values).returning(table.c.id))
        return int(done.scalar_one())


def fill(shop: Shop) -> list[int]:
    """Put products with their batches on the shelf and return their ids."""
    now, today = shop.clock.now(), shop.today
    supplier = put(
        shop, schema.supplier, name="合作社", folded_name="合作社", kind="grower",
        shows_name=True, shows_contact=False, created_at=now,
    )  # fmt: skip
    delivery = put(shop, schema.delivery, supplier_id=supplier, arrived_on=today, at=now)
    products = [
        put(
            shop, schema.product, name=f"商品{n}", folded_name=f"商品{n}", is_fresh=True,
            is_daily=False, is_fragile=False, sale_unit="盒", price_fen=500, created_at=now,
        )
        for n in range(PRODUCTS)
    ]  # fmt: skip
    for product in products:
        for n in range(BATCHES):
            batch = put(
                shop, schema.batch, code=f"B{product}-{n}", token=f"t{product}-{n}",
                delivery_id=delivery, supplier_id=supplier, product_id=product,
                product_name="商品", sale_unit="盒", arrived_on=today, best_before_printed=False,
                best_before=today + timedelta(days=n), received=2000, supplier_name="合作社",
                keep_until=today + timedelta(days=183), created_at=now,
            )  # fmt: skip
            with shop.write("stock.bench") as tx:
                post(tx, Move(product, Kind.RECEIVED, 2000, batch))
    return products


def add_order(shop: Shop, member: int, number: int, products: list[int]) -> int:
    """Book an order of one box of each of ``products``."""
    now = shop.clock.now()
    order = put(
        shop, schema.customer_order, member_id=member, source="counter", number=number,
        pickup_day=shop.today, delivery=False, status="active", placed_at=now,
    )  # fmt: skip
    for product in products:
        put(
            shop, schema.order_line, order_id=order, product_id=product, product_name="商品",
            sale_unit="盒", ordered=1, quantity=1, unit_price_fen=500, amount_fen=500,
        )  # fmt: skip
    return order


def measure(shop: Shop, orders: list[int], act: Any) -> tuple[float, float]:
    """Return statements and milliseconds of ``act`` on an order, medians."""
    statements: list[str] = []
    event.listen(
        shop.store.writer, "before_cursor_execute", lambda *said: statements.append(said[2])
    )
    taken, counts = [], []
    for order in orders:
        statements.clear()
        started = time.perf_counter()
        act(shop, order)
        taken.append((time.perf_counter() - started) * 1000)
        counts.append(len(statements))
    return statistics.median(counts), statistics.median(taken)


def run(books: Premises) -> None:
    """Fill the shop and print the table."""
    owner = put(
        books.shop(),
        schema.person,
        login="fang",
        name="芳姐",
        role="owner",
        password_hash="-",
        must_change_password=False,
        active=True,
        created_at=books.clock.now(),
        password_changed_at=books.clock.now(),
    )
    shop = books.shop(Actor(owner, "芳姐", Role.OWNER))
    products = fill(shop)
    member = put(
        shop, schema.member, nickname="小李", folded_nickname="小李", created_at=shop.clock.now()
    )
    number = 0
    print(f"{'goods':>6} {'hand over':>22} {'take back':>22}")
    for goods in (1, 4, 10):
        orders = []
        for _ in range(ORDERS):
            number += 1
            orders.append(add_order(shop, member, number, products[:goods]))
        given = measure(shop, orders, hand_over)
        back = measure(shop, orders, undo_last_handover)
        said = [f"{count:.0f} statements {ms:6.1f} ms" for count, ms in (given, back)]
        print(f"{goods:>6} {said[0]:>22} {said[1]:>22}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        place = Place.at(Path(folder) / "data")
        place.prepare()
        run(Premises(place, open_books(place, SystemClock()), SystemClock()))
