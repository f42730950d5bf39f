"""How long past figures and the slow-mover rule take: `python bench/slow_movers.py [vegetables]`.

Writes daily figures of that many products (251 unless told) over three years, one row per product
and day with opening stock, received, sold, price and purchase price; reads the file in a process of
its own, joins and books it in one transaction, and finds every run of the three years, then what is
slow today. Prints seconds and the largest memory of the reading process and of this one.
"""

import csv
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.import_orders import open_shop
from lib.shop.shop import Shop
from lib.supply.clearance import queries
from lib.supply.past import joining, matching
from lib.supply.past.commands import Imported, PastProduct, Wanted, import_past
from lib.supply.past.joining import Joined
from lib.supply.past.reading import read_file

DAYS = 3 * 365
Result = TypeVar("Result")


def write(path: Path, vegetables: int, last: date) -> None:
    rng = random.Random(7)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(
            ["日期", "单品编码", "单品名称", "分类名称", "期初(千克)", "到货量(千克)", "销量(千克)",
             "销售单价(元/千克)", "批发价格(元/千克)"]
        )  # fmt: skip
        for number in range(DAYS):
            day = last - timedelta(days=DAYS - number)
            for each in range(vegetables):
                prepared = rng.randint(5_000, 30_000)
                sold = prepared * rng.randint(20, 100) // 100
                out.writerow(
                    [day, 102900005110000 + each, f"蔬菜{each}号", f"类{each % 6}",
                     f"{prepared / 4000:.3f}", f"{prepared * 3 / 4000:.3f}", f"{sold / 1000:.3f}",
                     "7.60", "4.32"]
                )  # fmt: skip


def book(shop: Shop, joined: Joined) -> Imported:
    goods = []
    for good in joined.goods:
        new = matching.details_of(good, joined.unit, is_fresh=True)
        done = matching.booked(good, joined.unit, new.sale_unit, {})
        goods.append(PastProduct(good.key, done.rows, new=new))
    return import_past(shop, Wanted("bench.csv", "bench", goods, joined.unit))


def timed(label: str, work: Callable[[], Result]) -> Result:
    start = time.perf_counter()
    found = work()
    print(f"{label:46} {time.perf_counter() - start:7.2f} s")
    return found


def memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for label, who in (
        ("reading process", resource.RUSAGE_CHILDREN),
        ("this process", resource.RUSAGE_SELF),
    ):
        print(f"{label:46} {resource.getrusage(who).ru_maxrss // 1024:7} MiB at most")


def main() -> None:
    vegetables = int(sys.argv[1]) if len(sys.argv) > 1 else 251
    with tempfile.TemporaryDirectory() as folder:
        shop = open_shop(Path(folder) / "data")
        path = Path(folder) / "figures.csv"
        write(path, vegetables, shop.today)
        print(f"{vegetables} products, {DAYS} days, {path.stat().st_size // 1024 // 1024} MiB")
        read = timed("read in a process of its own", lambda: read_file(path, path.name, shop.today))
        joined = timed("joined", lambda: joining.join([read]))
        done = timed("booked in one transaction", lambda: book(shop, joined))
        first = shop.today - timedelta(days=DAYS)
        found = timed("runs of three years", lambda: queries.period(shop, first, shop.today))
        watch = timed("what is slow today", lambda: queries.watch(shop))
        print(f"{done.days:,} product-days, {len(found.runs):,} runs, {len(watch.movers)} slow now")
        memory()
        shop.store.close()


if __name__ == "__main__":
    main()
