"""How many views a second the light price page answers, beside a handler of one line.

``python bench/light_page.py`` builds a shop with 40 products in a temporary folder and calls both
handlers inside this process, in turns. Views are counted per second of processor time, so that
neither the figures nor their ratio depend on what else the machine does. Goals: 1,000 views a
second on one core and at least 0.3 of the one line (performance goal 5), 30 KiB on the wire.

The page shows promotions with the lowest price charged before. They are read anew when anything in
the books changes: a second measurement writes an order before every :data:`EVERY` th view.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import func, insert, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from lib.db import schema
from lib.kernel.clock import SystemClock
from lib.kernel.money import Money
from lib.shop import opening
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.shop import SYSTEM_ONLY
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.queries import proposed
from lib.trade.rounds.rules import Offered
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.rules import Cost, Part
from lib.trust.promotions.queries import running
from lib.web.headers import SecurityHeaders
from lib.web.prices import ROUTES

PRODUCTS, VIEWS, ROUNDS = 40, 1000, 5
ORDERS, PROMOTIONS, EVERY = 2_000, 8, 20


def fill(books: Premises) -> None:
    shop = books.shop()
    with books.store.write() as connection:
        for number in range(PRODUCTS):
            row = {
                "name": f"时令蔬菜第{number}号", "folded_name": f"{number}", "is_fresh": True,
                "is_daily": False, "is_fragile": False, "sale_unit": "斤", "unit_grams": 500,
                "price_fen": 580, "purchase_price_fen": 450, "created_at": shop.clock.now(),
            }  # fmt: skip
            connection.execute(insert(schema.product).values(**row))
    owner = {
        "login": "bench", "name": "bench", "role": "owner", "password_hash": "-",
        "must_change_password": False, "active": True, "created_at": shop.clock.now(),
        "password_changed_at": shop.clock.now(),
    }  # fmt: skip
    with books.store.write() as connection:
        connection.execute(insert(schema.person).values(**owner))
    from lib.shop.shop import Actor, Role

    shop = shop.acting(Actor(1, "bench", Role.OWNER))
    for number in range(1, PRODUCTS + 1):
        set_costs(shop, number, {Part.LOSS: Cost(Money(11)), Part.PACKAGING: Cost(Money(20))}, {})
    publish_sheet(shop, "周五团", shop.today, range(1, PRODUCTS + 1))
    sell(books, ORDERS, ago=timedelta(days=1))
    offers = [Offered(number, Money(480)) for number in range(1, PROMOTIONS + 1)]
    open_round(shop, Plan("周五团", proposed(shop)), offers)


def sell(books: Premises, count: int, ago: timedelta = timedelta(0)) -> None:
    """Book ``count`` orders of one line, each with its row of the journal."""
    shop, orders = books.shop(), schema.customer_order
    at = shop.clock.now() - ago
    with shop.write("bench.order", by=SYSTEM_ONLY) as tx:
        if tx.execute(select(schema.member.c.id)).first() is None:
            row = {"nickname": "阿芳", "folded_nickname": "阿芳", "created_at": at}
            tx.execute(insert(schema.member).values(**row))
        last = tx.execute(select(func.coalesce(func.max(orders.c.number), 0))).scalar_one()
        rows = [
            {"member_id": 1, "source": "counter", "number": last + number, "delivery": False,
             "pickup_day": shop.today, "status": "active", "placed_at": at}
            for number in range(1, count + 1)
        ]  # fmt: skip
        ids = tx.add_all(orders, rows)
        lines = [
            {"order_id": order, "product_id": order % PRODUCTS + 1, "product_name": "菜",
             "sale_unit": "斤", "unit_grams": 500, "ordered": 500, "quantity": 500,
             "unit_price_fen": 560 + order % 7 * 10, "amount_fen": 580}
            for order in ids
        ]  # fmt: skip
        tx.execute(insert(schema.order_line), lines)


async def view(app: Starlette, path: str) -> int:
    size = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal size
        size += len(message.get("body", b""))

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": b"", "http_version": "1.1",
        "headers": [(b"accept-encoding", b"gzip"), (b"accept-language", b"zh")],
        "scheme": "http", "server": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)
    return size


async def rate(app: Starlette, path: str, busy: Premises | None = None) -> float:
    """Return views a second of processor time; while ``busy`` orders come in (not counted)."""
    spent = 0.0
    for number in range(VIEWS):
        if busy is not None and number % EVERY == 0:
            sell(busy, 1)
        start = time.process_time()
        await view(app, path)
        spent += time.process_time() - start
    return VIEWS / spent


async def measure(books: Premises) -> None:
    one_line = Route("/one", lambda _request: PlainTextResponse("ok"))
    app = Starlette(routes=[one_line, *ROUTES], middleware=[Middleware(SecurityHeaders)])
    size = await view(app, "/p/prices")
    await view(app, "/one")
    light, plain, busy = [], [], []
    for _ in range(ROUNDS):
        plain.append(await rate(app, "/one"))
        light.append(await rate(app, "/p/prices"))
        busy.append(await rate(app, "/p/prices", books))
    ratios = [one / other for one, other in zip(light, plain, strict=True)]
    print(f"light page   {statistics.median(light):8.0f} views/s, {size:,} bytes on the wire")
    print(f"one line     {statistics.median(plain):8.0f} views/s")
    print(f"ratio        {statistics.median(ratios):8.2f}")
    print(f"orders come  {statistics.median(busy):8.0f} views/s, one before every {EVERY} views")
    start = time.perf_counter()
    for _ in range(100):
        running(books.shop())
    print(f"promotions   {(time.perf_counter() - start) * 10:8.1f} ms a reading")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Place.at(Path(folder))
        books = Premises(place, open_books(place, SystemClock()), SystemClock())
        opening.move_into(books)
        fill(books)
        asyncio.run(measure(books))
        books.store.close()


if __name__ == "__main__":
    main()
