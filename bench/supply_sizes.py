"""What the supply wing costs in a small, a middling and a large shop, beside the best SQL.

``python -m bench.supply_sizes --folder /var/tmp/sizes`` builds the same shop with 10 thousand,
100 thousand and 1 million order lines over 24 months (minutes the first time, about 2 GiB; built
shops are used again) and measures every job in one run, medians of 20: hand-written SQL, our
query, and its page beside an empty one. ``--sizes 10000`` measures one size, ``--runs 5`` takes
fewer runs, ``--only plan`` the jobs whose name holds the word, ``--no-pages`` the data layer alone,
``--commands`` the writes too. What is measured is told at once, the table at the end.

Compare the ratios, not the milliseconds. Goals: data layer at most twice the SQL and 0.3 ms a
statement; the page at 1 million at most 1.3 times its time at 10 thousand (1.5 for plan and
rhythm), and at most 15 ms more than an empty page (40 with a chart).
"""

import argparse
import gc
import secrets
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import streamlit.config
from sqlalchemy import event, insert
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from bench.import_orders import booking
from bench.supply_shop import PAST_DAYS, TODAY, built
from lib.db import schema
from lib.service.pickup.commands import hand_over
from lib.service.today.supply import supply_due
from lib.shop import opening
from lib.shop.opening import Premises
from lib.shop.people.queries import token_hash
from lib.shop.shop import RESIDENT, Actor, Role, Shop
from lib.supply.batches.queries import proofs
from lib.supply.clearance.queries import watch
from lib.supply.origin.queries import origin
from lib.supply.purchasing.receiving.commands import receive
from lib.supply.purchasing.receiving.queries import batches
from lib.supply.purchasing.receiving.rules import Arrival, ArrivalLine
from lib.supply.purchasing.records.queries import purchase_records
from lib.supply.recall.queries import reach
from lib.supply.rhythm.plan.queries import plan
from lib.supply.rhythm.queries import rhythms
from lib.supply.statements.queries import statements
from lib.supply.stock.queries import batches_left, stock
from lib.supply.suppliers.queries import month_share
from lib.trade.orders.commands import book_intake
from lib.ui import navigation
from lib.ui.session import COOKIE

RUNS = 20
ASKED_RUNS = [RUNS]
"""How many runs a median is taken of: the last one asked for."""
SIZES = (10_000, 100_000, 1_000_000)
SCRIPT = Path(__file__).parents[1] / "lib" / "ui" / "main.py"
MONDAY = TODAY - timedelta(days=TODAY.weekday())
MONTH = (TODAY - timedelta(days=28), TODAY - timedelta(days=1))
INTAKE = ("member", "customer_order", "order_line", "payment")

Statement = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Job:
    """One job: hand-written SQL, our query, and the page that shows it (``url``)."""

    name: str
    sql: Sequence[Statement]
    query: Callable[[Shop], object]
    url: str | None = None
    state: dict[str, object] = field(default_factory=dict)
    address: dict[str, str] = field(default_factory=dict)


@dataclass
class Taken:
    """Medians in ms, and how many statements our query makes."""

    sql: float
    ours: float
    statements: int
    page: float | None = None


def _back(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def _rhythm(weeks: int) -> list[Statement]:
    window = (_back(weeks * 7), _back(1))
    return [
        (
            "SELECT product_id, strftime('%w', day), sum(ordered) FROM demand_day WHERE product_id"
            " IN (SELECT id FROM product) AND day BETWEEN ? AND ? GROUP BY 1, 2 UNION ALL"
            " SELECT product_id, strftime('%w', day), sum(shelf_sold) FROM stock_day WHERE"
            " product_id IN (SELECT id FROM product) AND day BETWEEN ? AND ? GROUP BY 1, 2",
            window * 2,
        ),
        ("SELECT id, name, sale_unit, unit_grams FROM product WHERE archived_at IS NULL", ()),
    ]


_RESERVED: Statement = (
    "SELECT l.product_id, sum(l.quantity) FROM customer_order o CROSS JOIN order_line l ON"
    " l.order_id = o.id WHERE o.pickup_day >= ? AND o.status = 'active' AND l.cancelled_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM handover h WHERE h.line_id = l.id) GROUP BY 1",
    (_back(7),),
)
_LEFT: Statement = (
    "SELECT id, code, product_id, product_name, on_hand, best_before, unit_price_fen FROM batch"
    " WHERE on_hand <> 0",
    (),
)
_LEVELS: Statement = (
    "SELECT p.id, name, category, sale_unit, unit_grams, on_hand, loose FROM stock_level"
    " JOIN product p ON p.id = product_id",
    (),
)
_WATCH: Statement = (
    "SELECT product_id, day, received, sold - returned, closing FROM stock_day"
    " WHERE product_id IN (SELECT id FROM product) AND day BETWEEN ? AND ?",
    (_back(15), _back(1)),
)
_PLAN: list[Statement] = [
    (
        "SELECT product_id, day, ordered FROM demand_day WHERE product_id IN (SELECT product_id"
        " FROM staple) AND day >= ? UNION ALL SELECT product_id, day, shelf_sold FROM stock_day"
        " WHERE product_id IN (SELECT product_id FROM staple) AND day >= ?",
        (_back(56), _back(56)),
    ),
    ("SELECT * FROM batch WHERE on_hand <> 0 AND product_id IN (SELECT product_id FROM staple)",
     ()),
    (_RESERVED[0].replace("GROUP BY", "AND l.product_id IN (SELECT product_id FROM staple)"
                          " GROUP BY"), _RESERVED[1]),
    ("SELECT * FROM supply_term WHERE product_id IN (SELECT product_id FROM staple)", ()),
]  # fmt: skip
_DUE: list[Statement] = [
    _WATCH,
    ("SELECT id FROM batch WHERE on_hand <> 0 AND best_before <= ?", (_back(-2),)),
    ("SELECT * FROM purchase_order WHERE status IN ('draft', 'sent') AND expected_on <= ?",
     (_back(0),)),
    ("SELECT supplier_id, valid_until FROM supplier_paper WHERE valid_until <= ?", (_back(-30),)),
    ("SELECT supplier_id, max(ends_on) FROM agreement GROUP BY 1", ()),
    ("SELECT DISTINCT supplier_id, arrived_on FROM batch WHERE arrived_on BETWEEN ? AND ?",
     (_back(58), _back(3))),
    ("SELECT supplier_id, week FROM supplier_statement WHERE week >= ?", (_back(58),)),
    ("SELECT supplier_id, week, payable_fen FROM supplier_statement WHERE paid_at IS NULL", ()),
    ("SELECT product_id, max(made_on) FROM evidence WHERE kind = 'test_report' GROUP BY 1", ()),
    ("SELECT DISTINCT product_id FROM batch WHERE on_hand <> 0", ()),
    ("SELECT product_id, sum(received) FROM batch WHERE product_id IN (SELECT product_id FROM"
     " community_label) AND arrived_on >= ? GROUP BY 1", (_back(300),)),
    ("SELECT * FROM recall WHERE closed_at IS NULL", ()),
]  # fmt: skip


def jobs(batch_id: int, token: str) -> list[Job]:
    """Return all reads; ``batch_id`` is one with goods handed over, ``token`` its address."""
    loose = (
        "SELECT m.line_id, sum(m.quantity), o.member_id FROM stock_movement m JOIN order_line l"
        " ON l.id = m.line_id JOIN customer_order o ON o.id = l.order_id WHERE m.batch_id = ?"
        " GROUP BY m.line_id"
    )
    evidence = (
        "SELECT * FROM evidence WHERE published_at IS NOT NULL AND (batch_id = ? OR product_id ="
        " (SELECT product_id FROM batch WHERE id = ?) OR supplier_id = (SELECT supplier_id FROM"
        " batch WHERE id = ?))"
    )
    return [
        Job("rhythm, 8 weeks", _rhythm(8), lambda shop: rhythms(shop, 8), "rhythm",
            {"rhythm-weeks": 8}),
        Job("rhythm, 52 weeks", _rhythm(52), lambda shop: rhythms(shop, 52), "rhythm",
            {"rhythm-weeks": 52}),
        Job("plan", _PLAN, plan, "plan"),
        Job("slow movers", [_WATCH], watch, "slow"),
        Job("stock", [_LEVELS, _LEFT, _RESERVED], lambda shop: (stock(shop), batches_left(shop)),
            "stock"),
        Job("supply due", _DUE, supply_due, "today"),
        Job("origin page", [("SELECT * FROM batch WHERE token = ?", (token,)),
                            (evidence, (batch_id,) * 3)],
            lambda shop: origin(shop, token), "origin", {}, {"batch": token}),
        Job("batches, 30 days", [("SELECT * FROM batch WHERE arrived_on BETWEEN ? AND ? ORDER BY"
                                  " arrived_on DESC, id DESC LIMIT 500", (_back(30), _back(0)))],
            _batches, "batches"),
        Job("statements of a week", [
            ("SELECT * FROM batch WHERE arrived_on BETWEEN ? AND ?",
             ((MONDAY - timedelta(days=7)).isoformat(), (MONDAY - timedelta(days=1)).isoformat())),
            ("SELECT id, name FROM supplier", ())],
            lambda shop: statements(shop, MONDAY - timedelta(days=7)), "statements"),
        Job("month share", [("SELECT supplier_id, unit_grams, sum(received * unit_price_fen) FROM"
                             " batch WHERE arrived_on BETWEEN ? AND ? GROUP BY 1, 2",
                             ("2026-05-01", "2026-05-31"))],
            lambda shop: month_share(shop, date(2026, 5, 15)), "suppliers"),
        Job("purchase records, 28 days", [
            ("SELECT b.*, d.voucher FROM batch b JOIN delivery d ON d.id = delivery_id WHERE"
             " b.arrived_on BETWEEN ? AND ?", tuple(day.isoformat() for day in MONTH))],
            lambda shop: purchase_records(shop, *MONTH)),
        Job("reach of a recall", [(loose, (batch_id,))], lambda shop: reach(shop, batch_id),
            "recall"),
    ]  # fmt: skip


def _batches(shop: Shop) -> object:
    found = batches(shop, arrived=(TODAY - timedelta(days=30), TODAY), limit=500)
    return proofs(shop, [one.id for one in found])


def median(work: Callable[[], object], runs: int | None = None) -> float:
    """Return the median milliseconds of ``work``, after one run that counts not."""
    runs = runs or ASKED_RUNS[0]
    work()
    taken = []
    for _number in range(runs):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def owner_of(books: Premises) -> Shop:
    """Return the shop as its owner sees it."""
    return books.shop(Actor(1, "芳姐", Role.OWNER))


def plain(path: Path) -> sqlite3.Connection:
    """Open the database as the program does, without the program."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=2; PRAGMA secure_delete=ON"
    )
    return connection


def statements_of(shop: Shop, query: Callable[[Shop], object]) -> int:
    """Return how many statements a query makes."""
    said: list[str] = []
    event.listen(shop.store.reader, "before_cursor_execute", lambda *each: said.append(each[2]))
    query(shop)
    return sum(statement != "BEGIN" for statement in said)


def open_page(job: Job) -> AppTest:
    """Return the page of a job, run once."""
    at = AppTest.from_file(str(SCRIPT), default_timeout=120)
    at.session_state["language"] = "zh_CN"
    for name, value in job.state.items():
        at.session_state[name] = value
    at.run()
    for name, value in job.address.items():
        at.query_params[name] = value
    assert job.url is not None
    at.switch_page(navigation.page(job.url))
    at.run()
    assert not at.exception, at.exception
    return at


def sign_in(books: Premises, cookies: dict[str, str]) -> None:
    """Let the owner in."""
    token, now = secrets.token_urlsafe(32), books.clock.now()
    with books.store.write() as connection:
        connection.execute(
            insert(schema.session).values(
                token_hash=token_hash(token), person_id=1, created_at=now, last_seen_at=now,
                expires_at=now + timedelta(days=1), network="bench",
            )
        )  # fmt: skip
    cookies[COOKIE] = token


def measure(folder: Path, size: int, only: str, *, pages: bool) -> dict[str, Taken]:
    """Return the medians of every read in the shop of one size."""
    books = built(folder, size)
    opening.move_into(books)
    cookies: dict[str, str] = {}
    ContextProxy.cookies = property(lambda _: cookies)  # type: ignore[assignment,method-assign]
    sign_in(books, cookies)
    assert books.store.path is not None
    raw, shop = plain(books.store.path), owner_of(books)
    # A batch of four days ago, all of it gone.
    batch_id, token = raw.execute(
        "SELECT id, token FROM batch WHERE arrived_on <= ? ORDER BY arrived_on DESC, id LIMIT 1",
        (_back(4),),
    ).fetchone()
    found = {}
    gc.collect()
    gc.freeze()
    for job in jobs(batch_id, token):
        if only not in job.name:
            continue
        asked = shop.acting(RESIDENT) if job.url == "origin" else shop
        taken = found[job.name] = Taken(
            median(lambda job=job: [raw.execute(*each).fetchall() for each in job.sql]),  # type: ignore[misc]
            median(lambda job=job, asked=asked: job.query(asked)),  # type: ignore[misc]
            statements_of(shop, lambda _shop, job=job, asked=asked: job.query(asked)),  # type: ignore[misc]
        )
        if pages and job.url is not None:
            taken.page = median(open_page(job).run)
        print(f"{size:>9,} {job.name:26}{taken.sql:9.1f}{taken.ours:9.1f} {_ms(taken.page)}",
              flush=True)  # fmt: skip
    raw.close()
    books.store.close()
    return found


def empty_pages(folder: Path) -> tuple[float, float]:
    """Return the milliseconds of a bare page and of our frame around nothing."""
    books = built(folder, SIZES[0])
    opening.move_into(books)
    cookies: dict[str, str] = {}
    ContextProxy.cookies = property(lambda _: cookies)  # type: ignore[assignment,method-assign]
    sign_in(books, cookies)
    bare = median(AppTest.from_string("import streamlit as st", default_timeout=60).run)
    frame = SCRIPT.read_text(encoding="utf-8").replace("page.run()", "")
    framed = median(AppTest.from_string(frame, default_timeout=60).run)
    books.store.close()
    return bare, framed


def commands(folder: Path, size: int) -> list[tuple[str, float]]:
    """Return the milliseconds of the writes, in a copy of the shop that is thrown away."""
    built(folder, size).store.close()
    copy = folder / "written"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / str(size), copy / str(size))
    books = built(copy, size)
    shop = owner_of(books)
    assert books.store.path is not None
    raw = plain(books.store.path)
    ids = [
        row[0]
        for row in raw.execute(
            "SELECT id FROM customer_order WHERE pickup_day = ? ORDER BY id LIMIT ?",
            (TODAY.isoformat(), RUNS + 1),
        )
    ]
    given = iter(ids)
    found = [("hand over one order of three goods", median(lambda: hand_over(shop, next(given)),
                                                           min(RUNS, len(ids) - 1)))]  # fmt: skip
    goods = raw.execute("SELECT product_id FROM supply_term WHERE supplier_id = 1").fetchall()
    arrival = Arrival(1, tuple(ArrivalLine(row[0], 1000) for row in goods))
    name = f"receive a delivery of {len(goods)} goods"
    found.append((name, median(lambda: receive(shop, arrival))))
    found += _intake(shop, raw)
    raw.close()
    books.store.close()
    shutil.rmtree(copy)
    return found


def _intake(shop: Shop, raw: sqlite3.Connection) -> list[tuple[str, float]]:
    """Book 1,000 orders, then write the same rows without the program."""
    before = {table: _last(raw, table) for table in INTAKE}
    wanted = booking(1_000, (1, 2), "bench")
    started = time.perf_counter()
    book_intake(shop, PAST_DAYS + 2, wanted)
    found = [("book 1,000 orders", (time.perf_counter() - started) * 1000)]
    rows = {
        table: raw.execute(f"SELECT * FROM {table} WHERE id > ?", (before[table],)).fetchall()
        for table in INTAKE
    }
    assert len(rows["customer_order"]) == 1_000
    names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for name in names:
        if not name.startswith("demand_"):
            raw.execute(f"DROP TRIGGER {name}")
    _remove(raw, before)
    found.append(("the same rows in SQL, with triggers", _write(raw, rows)))
    _remove(raw, before)
    for name in names:
        raw.execute(f"DROP TRIGGER IF EXISTS {name}")
    found.append(("the same rows in SQL, without triggers", _write(raw, rows)))
    return found


def _last(raw: sqlite3.Connection, table: str) -> int:
    return int(raw.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])


def _remove(raw: sqlite3.Connection, before: dict[str, int]) -> None:
    for table in reversed(INTAKE):
        raw.execute(f"DELETE FROM {table} WHERE id > ?", (before[table],))
    raw.commit()


def _write(raw: sqlite3.Connection, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    started = time.perf_counter()
    with raw:
        for table, values in rows.items():
            if values:
                marks = ",".join("?" * len(values[0]))
                raw.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    return (time.perf_counter() - started) * 1000


def table(found: dict[int, dict[str, Taken]], bare: float, framed: float) -> None:
    """Print every job: per size SQL, ours and page, then the ratios at the largest size."""
    sizes = sorted(found)
    print(f"empty page {bare:.1f} ms, our frame around nothing {framed:.1f} ms")
    heads = "".join(f"{size:>11,}: sql   ours   page" for size in sizes)
    print(f"{'':26}{heads}   statements  ours/allowed  page 1M/10k  page-frame")
    for name in found[sizes[0]]:
        cells = "".join(
            f"{one.sql:16.1f} {one.ours:6.1f} {_ms(one.page)}"
            for one in (found[size][name] for size in sizes)
        )
        small, large = found[sizes[0]][name], found[sizes[-1]][name]
        allowed = 2 * large.sql + 0.3 * large.statements
        ratio, more = "     -", "     -"
        if small.page and large.page:
            ratio, more = f"{large.page / small.page:6.2f}", f"{large.page - framed:6.1f}"
        print(f"{name:26}{cells} {large.statements:12} {large.ours / allowed:13.2f} {ratio:>12}"
              f" {more:>11}")  # fmt: skip


def _ms(value: float | None) -> str:
    return "     -" if value is None else f"{value:6.1f}"


def main() -> None:
    """Measure what was asked for and print it."""
    said = argparse.ArgumentParser()
    said.add_argument("--folder", type=Path, required=True)
    said.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    said.add_argument("--only", default="")
    said.add_argument("--runs", type=int, default=RUNS)
    said.add_argument("--commands", action="store_true")
    said.add_argument("--no-pages", action="store_true")
    asked = said.parse_args()
    ASKED_RUNS[:] = [asked.runs]
    streamlit.config.set_option("runner.postScriptGC", value=False)  # as the program sets it
    bare, framed = (0.0, 0.0) if asked.no_pages else empty_pages(asked.folder)
    found = {
        size: measure(asked.folder, size, asked.only, pages=not asked.no_pages)
        for size in asked.sizes
    }
    table(found, bare, framed)
    if asked.commands:
        for size in asked.sizes:
            print(f"writes at {size:,}")
            for name, taken in commands(asked.folder, size):
                print(f"  {name:42} {taken:8.1f} ms")


if __name__ == "__main__":
    main()
