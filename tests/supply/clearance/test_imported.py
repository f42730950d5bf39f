"""What the page shows for imported files, against a reckoning that shares no code with it.

Random daily figures go through the import as files; the model works on the same random numbers
with the sentence of the mission alone: sold < half of prepared on three consecutive trading days.
"""

import random
from collections import defaultdict
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from lib.db import schema
from lib.shop.shop import Shop
from lib.supply.clearance import queries
from lib.supply.past.commands import import_past, undo_import
from lib.supply.past.joining import join
from tests.supply.past.cast import read
from tests.supply.past.test_commands import wanted

FIRST = date(2023, 6, 1)
NAMES = ("生菜", "西兰花", "茄子")

Figures = dict[str, dict[date, tuple[int, int, int]]]
"""Product → day → (opening, received, sold), in whole kilograms."""


def figures_of(seed: int, days: int) -> Figures:
    rng = random.Random(seed)
    found: Figures = defaultdict(dict)
    for name in NAMES:
        for number in range(days):
            if rng.random() < 0.8:
                prepared = rng.choice((0, 0, 4, 10, 11))
                opening = rng.randint(0, prepared)
                sold = rng.randint(0, max(prepared, 1)) if rng.random() < 0.5 else prepared // 3
                found[name][FIRST + timedelta(days=number)] = (opening, prepared - opening, sold)
    return found


def expected(figures: Figures, closed: set[date]) -> set[tuple[str, date, int]]:
    """Return (product, first day, length) of every run, reckoned day by day."""
    found = set()
    for name, by_day in figures.items():
        streak: list[date] = []
        for day in [*sorted(by_day), None]:
            if day is not None:
                opening, received, sold = by_day[day]
                prepared = opening + received
                if day in closed or prepared == 0:
                    continue
                if sold * 2 < prepared:
                    streak.append(day)
                    continue
            if len(streak) >= 3:
                found.add((name, streak[0], len(streak)))
            streak = []
    return found


def files_of(figures: Figures, seed: int) -> list[list[list[object]]]:
    """Return the figures as a list of single sales and a list of what was prepared."""
    rng = random.Random(seed)
    sales: list[list[object]] = [["销售日期", "时间", "品名", "销量(千克)", "销售类型"]]
    stock: list[list[object]] = [["日期", "品名", "期初(千克)", "到货(千克)"]]
    for name, by_day in figures.items():
        for day, (opening, received, sold) in by_day.items():
            stock.append([day, name, opening, received])
            back = rng.randint(0, 2)
            left = (sold + back) * 1000
            while left > 0:
                part = min(left, rng.randint(1, 4000))
                sales.append([day, "9:00", name, f"{part / 1000:.3f}", "销售"])
                left -= part
            if back:
                sales.append([day, "18:00", name, back, "退货"])
            elif sold == 0:
                sales.append([day, "9:00", name, 0, "销售"])
    return [sales, stock]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 10**6), st.integers(3, 40), st.sets(st.integers(0, 39), max_size=4))
def test_random_figures_through_the_import_give_what_the_mission_says(
    shop: Shop, seed: int, days: int, shut: set[int]
) -> None:
    figures = figures_of(seed, days)
    closed = {FIRST + timedelta(days=number) for number in shut}
    with shop.store.write() as connection:
        connection.execute(delete(schema.closed_day))
        for day in closed:
            connection.execute(insert(schema.closed_day).values(day=day, reason=""))
    sales, stock = files_of(figures, seed)
    joined = join([read(sales, "销售.csv"), read(stock, "备货.csv")])
    assert joined.left_out == 0
    done = import_past(shop, wanted(shop, joined, f"{seed}-{days}-{sorted(shut)}"))
    found = queries.period(shop, FIRST, FIRST + timedelta(days=60))
    assert done.import_id is not None
    undo_import(shop, done.import_id)
    assert {(one.name, one.run.first, one.run.length) for one in found.runs} == expected(
        figures, closed
    )
