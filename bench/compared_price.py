"""The rule of compared prices (facts 3.3 §16) over daily prices of a market.

``python bench/compared_price.py prices.csv`` reads columns ``product, day, price[, quantity]`` (a
row with quantity 0 sold nothing), and prints per product and day the lowest price of the 7 days
before. A day whose price is below the one before it is taken for a promotion: had the shop set the
price before beside it, the rule would have refused it unless nothing lower was charged in the 7
days before. ``--days 14`` takes another window, ``--quiet`` prints the sums only.

Without a file it makes a series of 46,000 rows from a seed, and checks every answer against one
counted by hand. The rule takes a moment at a time; here it walks a product's days in order and
hands it the charges that can matter: those of the window, and the last one before it.
"""

import argparse
import csv
import random
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.trade.charged.rules import Charge, Lowest, check_compared, lowest_before

DAYS, ROWS, SEED = 7, 46_000, 25


@dataclass(frozen=True)
class Row:
    """One product's price on one day; ``sold`` is False for a day without a sale."""

    product: str
    day: date
    price: Money
    sold: bool = True


@dataclass(frozen=True)
class Answer:
    """What the rule says at the beginning of a day; ``refused`` is None for no promotion."""

    row: Row
    lowest: Lowest | None
    refused: bool | None


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Row(
                row["product"],
                date(
                    *map(int, row["day"].replace("/", "-").split(" ")[0].split("T")[0].split("-"))
                ),
                Money.of(row["price"]),
                float(row.get("quantity") or 1) > 0,
            )
            for row in csv.DictReader(file)
        ]


def made(rows: int, seed: int) -> list[Row]:
    chance = random.Random(seed)
    found: list[Row] = []
    products = max(1, rows // 365)
    for number in range(products):
        fen, count = chance.randrange(150, 3000), rows // products + (number < rows % products)
        for offset in range(count):
            if chance.random() < 0.25:
                fen = max(50, round(fen * chance.choice([0.8, 0.9, 0.95, 1.05, 1.1, 1.25])))
            day = date(2025, 1, 1) + timedelta(days=offset)
            found.append(Row(f"p{number:03}", day, Money(fen), chance.random() > 0.3))
    return found


def start_of(day: date) -> datetime:
    return datetime.combine(day, wall(0), UTC)


def answers(rows: Sequence[Row], days: int) -> Iterator[Answer]:
    by_product: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_product[row.product].append(row)
    for found in by_product.values():
        found.sort(key=lambda row: row.day)
        window: deque[Charge] = deque()
        last: list[Charge] = []
        before: Money | None = None
        for row in found:
            at = start_of(row.day)
            while window and window[0].at < at - timedelta(days=days):
                last = _later(last, window.popleft())
            lowest = lowest_before([*last, *window], at, days)
            yield Answer(row, lowest, _refused(row, before, lowest, days))
            if row.sold:
                window.append(Charge(at, row.price))
            before = row.price


def _later(last: list[Charge], left: Charge) -> list[Charge]:
    """Return what is charged last before the window; of one moment every price counts."""
    return [*last, left] if last and last[0].at == left.at else [left]


def _refused(row: Row, before: Money | None, lowest: Lowest | None, days: int) -> bool | None:
    if before is None or row.price >= before:
        return None
    try:
        check_compared(row.price, before, "", lowest, days)
    except Refused:
        return True
    return False


def by_hand(rows: Sequence[Row], days: int) -> dict[tuple[str, date], int | None]:
    """The same by looking at every day of the product for every day of it."""
    sold: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in rows:
        if row.sold:
            sold[row.product].append((row.day, row.price.fen))
    expected: dict[tuple[str, date], int | None] = {}
    for row in rows:
        first = row.day - timedelta(days=days)
        inside = [fen for day, fen in sold[row.product] if first <= day < row.day]
        earlier = [(day, fen) for day, fen in sold[row.product] if day < first]
        newest = max((day for day, _fen in earlier), default=None)
        last = min((fen for day, fen in earlier if day == newest), default=None)
        expected[row.product, row.day] = min(inside) if inside else last
    return expected


def show(found: Sequence[Answer]) -> None:
    print("product,day,price,lowest,recent,compared_price")
    words = {None: "", True: "refused", False: "allowed"}
    for one in found:
        lowest = "" if one.lowest is None else one.lowest.price.yuan
        recent = "" if one.lowest is None else int(one.lowest.is_recent)
        print(
            f"{one.row.product},{one.row.day},{one.row.price.yuan},{lowest},{recent},"
            f"{words[one.refused]}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--quiet", action="store_true")
    asked = parser.parse_args()
    rows = read(asked.path) if asked.path else made(ROWS, SEED)
    began = time.perf_counter()
    found = list(answers(rows, asked.days))
    took = time.perf_counter() - began
    if asked.path and not asked.quiet:
        show(found)
    promotions = [one for one in found if one.refused is not None]
    refused = sum(bool(one.refused) for one in promotions)
    print(f"{len(found):,} rows in {took:.2f} s", file=sys.stderr)
    print(f"{len(promotions):,} promotions, {refused:,} compared prices refused", file=sys.stderr)
    if not asked.path:
        expected = by_hand(rows, asked.days)
        wrong = [
            one
            for one in found
            if expected[one.row.product, one.row.day]
            != (None if one.lowest is None else one.lowest.price.fen)
        ]
        print(f"{len(wrong):,} answers differ from those counted by hand", file=sys.stderr)
        sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
