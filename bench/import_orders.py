"""How long booking an order file takes: `python bench/import_orders.py [orders]`.

Prints seconds for one book_intake of that many orders (two lines, a payment and a new member each)
and for writing the same rows with bare sqlite3 in one transaction. The goal is at most twice the
bare time; the second booking meets members who are known already.
"""

import sqlite3
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lib.db import migrations
from lib.db.engine import open_store
from lib.kernel.clock import SystemClock
from lib.kernel.money import Money
from lib.members.profiles.rules import Home, reading
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Actor, Role, Shop
from lib.trade.orders.commands import book_intake
from lib.trade.orders.rules import Booking, IncomingOrder, Source, Wanted
from lib.trade.products.commands import add_products
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.rules import Offered, Times


def open_shop(folder: Path) -> Shop:
    place = Place.at(folder)
    place.prepare()
    store = open_store(place.database_url)
    clock = SystemClock()
    migrations.upgrade(store, clock.now())
    return shop_for(store, place, clock, Actor(None, "bench", Role.OWNER))


def prepare(shop: Shop, title: str, products: tuple[int, ...]) -> int:
    now = shop.clock.now()
    times = Times(now, now + timedelta(hours=8), shop.today + timedelta(days=1))
    return open_round(shop, Plan(title, times), [Offered(key, Money(300)) for key in products])


def booking(count: int, products: tuple[int, ...], name: str) -> Booking:
    orders = [
        IncomingOrder(
            key=f"有赞:{name}{number:08}",
            nickname=f"住户{number}",
            wanted=tuple(Wanted(key, 1 + number % 3) for key in products),
            home=Home(None, str(1 + number % 40), None, str(101 + number)),
            phone=f"138{number:08}",
            slot="evening",
            body={"goods": [["土鸡蛋", "30枚/板", "1"]], "amount": 900, "state": "counted"},
            gross=Money(900),
        )
        for number in range(count)
    ]
    return Booking(Source.SHEET, "sheet:bench", name, None, additions=orders, platform="有赞")


def bare(booked: Path, path: Path) -> float:
    """Write into an empty database what the booking wrote, with nothing but SQL."""
    copy = sqlite3.connect(path)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        copy.execute(f"PRAGMA {pragma}")
    tables = ("member", "customer_order", "order_line", "payment")
    rows = {}
    with sqlite3.connect(booked) as source:
        for table in tables:
            made = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index')"
            for (statement,) in source.execute(made, (table,)).fetchall():
                if statement:
                    copy.execute(statement)
            rows[table] = source.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
    start = time.perf_counter()
    with copy:
        for table, values in rows.items():
            marks = ",".join("?" * len(values[0]))
            copy.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    return time.perf_counter() - start


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    reading("小李")  # the dictionary of readings is loaded once per process
    with tempfile.TemporaryDirectory() as folder:
        shop = open_shop(Path(folder) / "data")
        products = add_products(
            shop, [Details("土鸡蛋", "板", Money(300)), Details("老豆腐", "盒", Money(300))]
        )
        for title, name in (("new members", "a"), ("known members", "b")):
            round_id = prepare(shop, title, products)
            wanted = booking(count, products, name)
            start = time.perf_counter()
            book_intake(shop, round_id, wanted)
            print(f"{title}: {time.perf_counter() - start:.3f} s")
            if name == "a":
                assert shop.store.path is not None
                shop.store.checkpoint()
                other = Path(folder) / "booked.db"
                other.write_bytes(shop.store.path.read_bytes())
        print(f"bare sqlite3: {bare(other, Path(folder) / 'rows.db'):.3f} s")


if __name__ == "__main__":
    main()
