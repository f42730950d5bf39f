"""What the ledger of complaints costs at 22,000 cases of two years (R31, R32).

``python -m bench.ledger [--cases N]`` puts cases with their turns, entries, remedies, breaches,
doubles and follow-ups into the made shop of :mod:`bench.supply_shop`, asks for every reading of the
ledger's page, and sets each beside the same reading at a tenth of the cases: what grows with the
years, and what does not. Ratios of one run are the measure.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import insert, select, text

from bench import supply_shop
from bench.supply_shop import MEMBERS, NOW, PAST_DAYS, PRODUCTS, SUPPLIERS, TODAY
from lib.db import schema
from lib.service.after_sales.breaches.queries import ran_out
from lib.service.after_sales.cards.queries import board
from lib.service.after_sales.rules import Cause, Defect
from lib.service.ledger import queries
from lib.service.ledger.causes.queries import month_causes
from lib.service.ledger.figures.queries import figures, month_figures
from lib.service.ledger.letters.queries import facts
from lib.service.ledger.rules import Wanted
from lib.shop.shop import Actor, Role, Shop

LINES, RUNS, SEED = 30_000, 7, 7
MONTH = TODAY.replace(day=1)
CAUSES = (*Cause, "")


def fill(shop: Shop, cases: int) -> None:
    """Write cases evenly over two years: every fiftieth a double, every tenth opened again."""
    chance = Random(SEED)
    with shop.store.write() as connection:
        lines = connection.execute(
            select(schema.order_line.c.id, schema.order_line.c.order_id).limit(cases)
        ).all()
        connection.execute(
            insert(schema.after_sales_case),
            [_case(chance, number, cases, lines[number % len(lines)])
             for number in range(1, cases + 1)],
        )  # fmt: skip
        for table, rows in _history(chance, cases).items():
            connection.execute(insert(schema.metadata.tables[table]), rows)
        connection.execute(text("ANALYZE"))


def _reported(number: int, cases: int) -> datetime:
    return NOW - timedelta(days=PAST_DAYS) * (1 - number / (cases + 1))


def _case(chance: Random, number: int, cases: int, line: Any) -> dict[str, Any]:
    at, product = _reported(number, cases), chance.randint(1, PRODUCTS)
    double = number % 50 == 0
    is_open = number > cases - 12 and not double
    status = "merged" if double else "working" if is_open else "closed"
    return {
        "id": number,
        "member_id": chance.randint(1, MEMBERS),
        "order_id": line.order_id,
        "line_id": line.id,
        "product_id": product,
        "supplier_id": product % SUPPLIERS + 1,
        "product_name": f"商品{product}",
        "source": chance.choice(("chat", "counter", "page")),
        "defect": chance.choice(tuple(Defect)),
        "bad": 1,
        "of_total": 2,
        "counted_in": "units",
        "said": f"有一个坏了，第{number}号",
        "reported_at": at,
        "reply_due_at": at + timedelta(hours=1),
        "first_reply_at": at + timedelta(minutes=chance.randint(2, 70)),
        "status": status,
        "turn": 2 if number % 10 == 1 else 1,
        "cause": chance.choice(CAUSES),
        "merged_into": number - 1 if double else None,
        "closed_at": at + timedelta(days=1) if status == "closed" else None,
        "created_at": at,
    }


def _history(chance: Random, cases: int) -> dict[str, list[dict[str, Any]]]:
    """Return what hangs on the cases, by table."""
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("case_turn", "case_entry", "case_remedy", "case_breach",
                              "case_follow_up")
    }  # fmt: skip
    for number in range(1, cases + 1):
        at = _reported(number, cases)
        case, solved = {"case_id": number}, at + timedelta(hours=chance.randint(1, 26))
        for turn in (1, 2) if number % 10 == 1 else (1,):
            due = at + timedelta(days=turn)
            found["case_turn"].append({**case, "turn": turn, "started_at": at,
                                       "solve_due_at": due, "solved_at": solved})  # fmt: skip
        seen = {"for_resident": True, "by_resident": False, "at": at}
        found["case_entry"] += [{**case, "kind": "note", "text": "已回复", **seen}] * 3
        found["case_remedy"].append(
            {**case, "turn": 1, "kind": "refund", "amount_fen": 288, "taken_off_fen": 0,
             "freight_fen": 50 * (number % 7 == 0), "at": solved}
        )  # fmt: skip
        if number % 20 == 3:
            late = {"clock": "reply", "due_at": at + timedelta(hours=1)}
            found["case_breach"].append({**case, "turn": 1, **late, "recorded_at": solved})
        if number % 3:
            found["case_follow_up"].append(
                {**case, "turn": 1, "result": "satisfied", "by_resident": False, "at": solved}
            )
    return found


def readings(shop: Shop) -> dict[str, Callable[[], Any]]:
    """Return every reading of the ledger's page by what it is for."""
    month = Wanted(MONTH, TODAY)
    years = Wanted(TODAY - timedelta(days=PAST_DAYS), TODAY)
    late = Wanted(years.first, years.last, late_only=True)
    found = Wanted(years.first, years.last, text="第1")
    return {
        "a page of this month": partial(queries.ledger, shop, month),
        "sums of this month": partial(queries.sums, shop, month),
        "a page of two years": partial(queries.ledger, shop, years),
        "page 100 of two years": partial(queries.ledger, shop, years, offset=99 * queries.PAGE),
        "sums of two years": partial(queries.sums, shop, years),
        "late ones of two years": partial(queries.ledger, shop, late),
        "a word in two years": partial(queries.ledger, shop, found),
        "choices of two years": partial(queries.choices, shop, years),
        "numbers of two years": partial(queries.case_ids, shop, years),
        "causes of a month": partial(month_causes, shop, MONTH),
        "a supplier's month": partial(facts, shop, 7, MONTH),
        "service of a month": partial(month_figures, shop, MONTH),
        "figures of 12 months": partial(figures, shop),
        "the board": partial(board, shop),
        "clocks that ran out": partial(_clocks, shop),
    }


def _clocks(shop: Shop) -> object:
    with shop.read() as connection:
        return ran_out(connection, shop.clock.now())


def measured(act: Callable[[], Any]) -> tuple[float, float]:
    """Return the best and the median of some runs in ms."""
    act()
    times = []
    for _run in range(RUNS):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return min(times), statistics.median(times)


def taken(folder: Path, cases: int) -> dict[str, tuple[float, float]]:
    """Return what each reading takes in a shop with so many cases."""
    books = supply_shop.built(folder / str(cases), LINES)
    shop = books.shop(Actor(1, "芳姐", Role.OWNER))
    began = time.perf_counter()
    fill(shop, cases)
    print(f"{cases:,} cases written in {time.perf_counter() - began:.0f} s")
    times = {name: measured(act) for name, act in readings(shop).items()}
    books.store.close()
    return times


def main() -> None:
    """Print one line a reading: at a tenth of the cases, at all of them, and how it grew."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=22_000)
    cases = asked.parse_args().cases
    with tempfile.TemporaryDirectory() as folder:
        few, many = (taken(Path(folder), each) for each in (cases // 10, cases))
    print(f"\n{'':24} {cases // 10:>9,} {cases:>11,}   (best of {RUNS}, median)   grew")
    for name, (best, median) in many.items():
        print(f"{name:24} {few[name][0]:>7.1f}ms {best:>9.1f}ms {median:>9.1f}ms"
              f" {best / few[name][0]:>12.1f} x")  # fmt: skip


if __name__ == "__main__":
    main()
