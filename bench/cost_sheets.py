"""What cost sheet and profit cost in a small, a middling and a large shop, beside the best SQL.

``python -m bench.cost_sheets --folder /var/tmp/sizes`` builds the shops of ``bench.supply_sizes``
(minutes the first time; built shops are used again) and measures in one run, medians of 20: the
best SQL over the daily sums, the same out of the ledgers, our query, and its page beside an empty
one. ``--sizes 10000 100000`` measures those sizes, ``--runs 5`` takes fewer runs, ``--no-pages``
the data layer alone.

Compare the ratios, not the milliseconds. Goals: our query at most twice the SQL and 0.3 ms a
statement; the page at 1 million lines at most 1.5 times its time at 10 thousand, and at most 15 ms
more than an empty page (40 with a chart).
"""

import argparse
import gc
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import streamlit.config
from streamlit.runtime.context import ContextProxy

from bench.supply_shop import TODAY, built
from bench.supply_sizes import (
    ASKED_RUNS,
    RUNS,
    SIZES,
    Job,
    Statement,
    Taken,
    empty_pages,
    median,
    open_page,
    owner_of,
    plain,
    sign_in,
    statements_of,
    table,
)
from lib.kernel.money import Money
from lib.shop import opening
from lib.shop.shop import Shop
from lib.trust.books.queries import books
from lib.trust.books.rules import last_days, month_of
from lib.trust.books.sums.commands import settle
from lib.trust.costs.draft.queries import draft_sheet, unit_cost
from lib.trust.costs.profit.queries import months, profit

MONTH = last_days(TODAY, 30)
_DAYS = (MONTH.first.isoformat(), MONTH.last.isoformat())

_SUMS: Statement = (
    "SELECT product_id, sum(sold), sum(amount_fen), sum(bags), sum(wraps), sum(counter),"
    " sum(returned), sum(gone), sum(gone_value), sum(loose), sum(lost), sum(lost_value),"
    " sum(lost_loose) FROM settled_sum WHERE product_id IN (SELECT id FROM product) AND day"
    " BETWEEN ? AND ? GROUP BY 1",
    _DAYS,
)
_LEDGERS: list[Statement] = [
    (
        "SELECT product_id, sum(quantity), sum(amount_fen), sum(CASE WHEN fresh THEN 720720 / goods"
        " END) FROM (SELECT l.product_id, l.quantity, l.amount_fen, p.is_fresh AS fresh,"
        " sum(p.is_fresh) OVER (PARTITION BY l.order_id) AS goods FROM customer_order o CROSS JOIN"
        " order_line l ON l.order_id = o.id JOIN product p ON p.id = l.product_id WHERE"
        " o.pickup_day BETWEEN ? AND ? AND o.status = 'active' AND l.cancelled_at IS NULL)"
        " GROUP BY 1",
        _DAYS,
    ),
    (
        "SELECT m.product_id, sum((m.kind = 'sold') * -m.quantity), sum((m.kind = 'sold') *"
        " -m.quantity * b.unit_price_fen), sum((m.kind = 'wasted') * -m.quantity *"
        " b.unit_price_fen) FROM stock_movement m LEFT JOIN batch b ON b.id = m.batch_id WHERE"
        " m.product_id IN (SELECT id FROM product) AND m.business_day BETWEEN ? AND ? GROUP BY 1",
        _DAYS,
    ),
]
_PRODUCTS: Statement = ("SELECT * FROM product WHERE archived_at IS NULL", ())
_TODAY: list[Statement] = [(sql, (TODAY.isoformat(),) * 2) for sql, _values in _LEDGERS]
"""The day that runs is never settled: it is read out of the ledgers whatever one does."""


def jobs() -> list[Job]:
    """Return all reads."""
    year_ago = (TODAY - timedelta(days=365)).isoformat()
    yearly = (_SUMS[0].replace("GROUP BY 1", "GROUP BY 1, substr(day, 1, 7)"),
              (year_ago, TODAY.isoformat()))  # fmt: skip
    return [
        Job("books, 30 days", [_SUMS, *_TODAY, _PRODUCTS], lambda shop: books(shop, MONTH)),
        Job("draft, 30 days", [_SUMS, *_TODAY, _PRODUCTS], draft_sheet, "costs"),
        Job("profit of this month", [_SUMS, *_TODAY, _PRODUCTS],
            lambda shop: profit(shop, month_of(TODAY, TODAY)), "profit"),
        Job("profit, 12 months", [yearly, *_TODAY, _PRODUCTS], months),
        Job("cost of one product", [(_SUMS[0].replace("SELECT id FROM product", "9"), _DAYS),
                                    *_TODAY], _one),
        Job("out of the ledgers", [*_LEDGERS, _PRODUCTS], lambda shop: books(shop, MONTH)),
    ]  # fmt: skip


def _one(shop: Shop) -> object:
    with shop.read() as connection:
        return unit_cost(connection, shop.settings, 9, shop.clock.now())


def measure(folder: Path, size: int, *, pages: bool) -> dict[str, Taken]:
    """Return the medians of every read in the shop of one size."""
    premises = built(folder, size)
    opening.move_into(premises)
    cookies: dict[str, str] = {}
    ContextProxy.cookies = property(lambda _: cookies)  # type: ignore[assignment,method-assign]
    sign_in(premises, cookies)
    assert premises.store.path is not None
    raw, shop = plain(premises.store.path), owner_of(premises)
    costs = {"freshness_bag_cost": Money(10), "delivery_cost": Money(300)}
    shop = replace(shop, settings=replace(shop.settings, **costs))
    began = time.perf_counter()
    days = settle(premises.store, TODAY)
    print(f"{size:>9,} {days} days settled in {time.perf_counter() - began:.1f} s", flush=True)
    gc.collect()
    gc.freeze()
    found = {}
    for job in jobs():
        if job.name == "out of the ledgers":
            with premises.store.write() as connection:
                connection.exec_driver_sql("DELETE FROM settled_day")
        taken = found[job.name] = Taken(
            median(lambda job=job: [raw.execute(*each).fetchall() for each in job.sql]),  # type: ignore[misc]
            median(lambda job=job: job.query(shop)),  # type: ignore[misc]
            statements_of(shop, lambda _shop, job=job: job.query(shop)),  # type: ignore[misc]
        )
        if pages and job.url is not None:
            taken.page = median(open_page(job).run)
        print(f"{size:>9,} {job.name:26}{taken.sql:9.1f}{taken.ours:9.1f}", flush=True)
    raw.close()
    premises.store.close()
    return found


def main() -> None:
    """Measure what was asked for and print it."""
    said = argparse.ArgumentParser()
    said.add_argument("--folder", type=Path, required=True)
    said.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    said.add_argument("--runs", type=int, default=RUNS)
    said.add_argument("--no-pages", action="store_true")
    asked = said.parse_args()
    ASKED_RUNS[:] = [asked.runs]
    streamlit.config.set_option("runner.postScriptGC", value=False)  # as the program sets it
    bare, framed = (0.0, 0.0) if asked.no_pages else empty_pages(asked.folder)
    found = {size: measure(asked.folder, size, pages=not asked.no_pages) for size in asked.sizes}
    table(found, bare, framed)


if __name__ == "__main__":
    main()
