"""What points cost: `python bench/points.py [orders] [ledger rows]`.

Prints the seconds of importing so many orders that a platform was paid for, before points begin and
with them, and the ratio; then milliseconds of reading a member's balance, of what all members hold
and of what Today asks, with a ledger of so many rows.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import event, insert

from bench.import_orders import booking, open_shop, prepare
from lib.db import schema
from lib.kernel.money import Money
from lib.members.points import queries
from lib.members.points.commands import begin_points, settle_points
from lib.shop.shop import SYSTEM, Shop
from lib.trade.orders.commands import book_intake
from lib.trade.products.commands import add_products
from lib.trade.products.rules import Details

MEMBERS = 20_000
PART = 20_000


def main() -> None:
    """Time both and print them."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        shop = open_shop(Path(folder) / "data")
        _import(shop, orders)
        _fill(shop, rows)
        _read(shop, rows)


def _import(shop: Shop, orders: int) -> None:
    products = add_products(shop, [Details(name, "份", Money(300)) for name in ("小白菜", "番茄")])
    found = []
    for name in ("warm", "without", "with"):
        if name == "with":
            begin_points(shop, 1, 100)
        round_id = prepare(shop, name, products)
        made = booking(orders, products, name)
        said: list[str] = []
        note = _noting(said)
        event.listen(shop.store.writer, "before_cursor_execute", note)
        start = time.perf_counter()
        book_intake(shop, round_id, made)
        found.append(time.perf_counter() - start)
        event.remove(shop.store.writer, "before_cursor_execute", note)
        print(f"{orders} orders {name} points: {found[-1]:.3f} s, {len(said)} statements")
    print(f"ratio {found[2] / found[1]:.2f}")


def _noting(said: list[str]) -> Callable[..., None]:
    return lambda *values: said.append(str(values[2]))


def _fill(shop: Shop, rows: int) -> None:
    """Put a ledger of many orders straight into the tables: one in a hundred came back late."""
    now, day = shop.clock.now(), shop.today
    with shop.store.write() as connection:
        members = [
            {"id": 10**6 + each, "nickname": "住户", "folded_nickname": "住户", "created_at": now}
            for each in range(MEMBERS)
        ]
        connection.execute(insert(schema.member), members)
        for start in range(0, rows // 2, PART):
            numbers = range(10**6 + start, 10**6 + min(start + PART, rows // 2))
            connection.execute(
                insert(schema.customer_order), [_order(n, day, now) for n in numbers]
            )
            connection.execute(insert(schema.order_line), [_line(n) for n in numbers])
            connection.execute(insert(schema.points_order), [_settled(n, now) for n in numbers])
            entries = [row for n in numbers for row in _entries(n, now)]
            connection.execute(insert(schema.points_entry), entries)


def _order(number: int, day: object, now: object) -> dict[str, object]:
    return {
        "id": number, "member_id": 10**6 + number % MEMBERS, "source": "counter", "number": number,
        "pickup_day": day, "delivery": False, "status": "active", "placed_at": now,
    }  # fmt: skip


def _line(number: int) -> dict[str, object]:
    return {
        "id": number, "order_id": number, "product_id": 1, "product_name": "小白菜",
        "sale_unit": "份", "ordered": 1, "quantity": 1, "unit_price_fen": 3000, "amount_fen": 3000,
    }  # fmt: skip


def _settled(number: int, now: object) -> dict[str, object]:
    open_ = number % 100 == 1
    return {
        "order_id": number,
        "rule_id": 1,
        "handed_at": now,
        "settled_at": None if open_ else now,
    }


def _entries(number: int, now: object) -> list[dict[str, object]]:
    late = number % 100 == 0
    moved = [("earned", 30, 0), ("reversed", 0, -30) if late else ("settled", -30, 30)]
    return [
        {
            "member_id": 10**6 + number % MEMBERS, "kind": kind, "pending": pending,
            "available": available, "order_id": number, "line_id": number,
            "event_key": f"line:{number}:{place}", "at": now,
        }
        for place, (kind, pending, available) in enumerate(moved, 1)
    ]  # fmt: skip


def _read(shop: Shop, rows: int) -> None:
    with shop.read() as connection:
        _time("balance of one member", lambda: queries.balance_in(connection, 10**6 + 7))
        some = list(range(10**6, 10**6 + 100))
        _time("balances of 100 members", lambda: queries.balances_in(connection, some))
        _time("what all members hold", lambda: queries.held(connection))
    _time("a member's standing", lambda: queries.standing(shop, 10**6 + 7))
    _time("what Today asks", lambda: queries.due(shop))
    clock = shop.acting(SYSTEM)
    _time("a look of the clock", lambda: settle_points(clock))
    print(f"({rows:,} rows, {timedelta(days=shop.settings.after_sales_days).days} days)")


def _time(name: str, does: Callable[[], object]) -> None:
    does()
    start = time.perf_counter()
    for _ in range(5):
        does()
    print(f"{name}: {(time.perf_counter() - start) / 5 * 1000:.2f} ms")


if __name__ == "__main__":
    main()
