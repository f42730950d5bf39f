"""How many views a second the light price page answers, beside a handler of one line.

``python bench/light_page.py`` builds a shop with 40 products in a temporary folder and calls both
handlers inside this process, in turns. Views are counted per second of processor time, so that
neither the figures nor their ratio depend on what else the machine does. Goal: 1,000 views a second
on one core (performance goal 5).
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import insert
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
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.rules import Cost, Part
from lib.web.headers import SecurityHeaders
from lib.web.prices import ROUTES

PRODUCTS, VIEWS, ROUNDS = 40, 1000, 5


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


async def rate(app: Starlette, path: str) -> float:
    start = time.process_time()
    for _ in range(VIEWS):
        await view(app, path)
    return VIEWS / (time.process_time() - start)


async def measure() -> None:
    one_line = Route("/one", lambda _request: PlainTextResponse("ok"))
    app = Starlette(routes=[one_line, *ROUTES], middleware=[Middleware(SecurityHeaders)])
    size = await view(app, "/p/prices")
    await view(app, "/one")
    light, plain = [], []
    for _ in range(ROUNDS):
        plain.append(await rate(app, "/one"))
        light.append(await rate(app, "/p/prices"))
    ratios = [one / other for one, other in zip(light, plain, strict=True)]
    print(f"light page   {statistics.median(light):8.0f} views/s, {size:,} bytes on the wire")
    print(f"one line     {statistics.median(plain):8.0f} views/s")
    print(f"ratio        {statistics.median(ratios):8.2f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Place.at(Path(folder))
        books = Premises(place, open_books(place, SystemClock()), SystemClock())
        opening.move_into(books)
        fill(books)
        asyncio.run(measure())
        books.store.close()


if __name__ == "__main__":
    main()
