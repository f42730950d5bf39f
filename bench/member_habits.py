"""Who comes how often, with 20 thousand members and a million order lines (R33).

``python -m bench.member_habits`` writes two years of orders in bulk (``--lines``, ``--members``)
and says how long the daily reckoning takes, and how long each part of the members page reads.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lib.kernel.clock import FixedClock
from lib.members.habits import queries
from lib.members.habits.commands import reckon_rhythm
from lib.members.habits.doubles.queries import merge_preview
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.shop import SYSTEM, Actor, Role, Shop

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
TODAY = date(2026, 6, 10)
PAST_DAYS, PRODUCTS = 729, 400

_STEPS = """
CREATE TEMP TABLE number AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
  WHERE i < :orders) SELECT i FROM n;
CREATE TEMP TABLE three AS SELECT i FROM number WHERE i < 3;
INSERT INTO person (id, login, name, role, password_hash, must_change_password, active, created_at,
  password_changed_at) VALUES (1, 'fang', '芳姐', 'owner', '-', 0, 1, :since, :since);
INSERT INTO member (id, nickname, folded_nickname, created_at)
  SELECT i, '住户' || i, '住户' || i, :since FROM number WHERE i BETWEEN 1 AND :members;
INSERT INTO product (id, name, folded_name, category, is_fresh, is_daily, is_fragile, sale_unit,
  price_fen, created_at) SELECT i, '商品' || i, '商品' || i, '类' || i % 12, 0, 0, 0, '盒',
  300 + i * 7 % 2000, :since FROM number WHERE i BETWEEN 1 AND :products;
CREATE TEMP TABLE wanted AS SELECT i AS o, (i - 1) * (:past + 1) / :orders AS day,
  (i * 7919 + i / 31) % (:members * (1 + i % 3) / 3) + 1 AS who FROM number WHERE i > 0;
INSERT INTO customer_order (id, member_id, source, number, pickup_day, pickup_slot, delivery,
  status, placed_at) SELECT o, who, 'counter', o, date(:today, (day - :past) || ' days'),
  'evening', 0, CASE WHEN o % 50 = 0 THEN 'cancelled' ELSE 'active' END,
  date(:today, (day - :past - 1) || ' days') || 'T09:00:00.000000Z' FROM wanted;
INSERT INTO order_line (id, order_id, product_id, product_name, sale_unit, ordered, quantity,
  unit_price_fen, amount_fen) SELECT (o - 1) * 3 + k.i + 1, o, (who * 37 + k.i * 131 + o % 5)
  % :products + 1, '商品', '盒', 1 + o % 3, 1 + o % 3, 500, 500 * (1 + o % 3)
  FROM wanted JOIN three k;
INSERT INTO payment (member_id, order_id, kind, method, amount_fen, business_day, at, person_id)
  SELECT who, o, 'payment', 'transfer', 1500 * (1 + o % 3), date(:today, (day - :past) || ' days'),
  date(:today, (day - :past) || ' days') || 'T10:00:00.000000Z', 1 FROM wanted WHERE o % 100 > 0;
INSERT INTO payment (member_id, order_id, line_id, kind, method, amount_fen, forgiven_fen, reason,
  business_day, at, person_id) SELECT who, o, (o - 1) * 3 + 1, 'refund', 'transfer',
  -500 * (1 + o % 3), 500 * (1 + o % 3), '坏了', date(:today, (day - :past) || ' days'),
  date(:today, (day - :past) || ' days') || 'T11:00:00.000000Z', 1 FROM wanted WHERE o % 60 = 1;
INSERT INTO handover (order_id, line_id, quantity, at, person_id)
  SELECT o, (o - 1) * 3 + k.i + 1, 1 + o % 3, date(:today, (day - :past) || ' days')
  || 'T10:00:00.000000Z', 1 FROM wanted JOIN three k WHERE o % 50 > 0;
ANALYZE;
"""


def built(folder: Path, lines: int, members: int) -> Premises:
    """Return open books with so many order lines and members."""
    place = Place.at(folder / "shop")
    place.prepare()
    clock = FixedClock(NOW)
    books = Premises(place, open_books(place, clock), clock)
    assert books.store.path is not None
    database = sqlite3.connect(books.store.path)
    values = {
        "orders": lines // 3, "members": members, "products": PRODUCTS, "past": PAST_DAYS,
        "today": TODAY.isoformat(),
        "since": f"{TODAY - timedelta(days=PAST_DAYS + 1)}T00:00:00.000000Z",
    }  # fmt: skip
    with database:
        for step in _STEPS.split(";\n"):
            if step.strip():
                database.execute(step, values)
    database.close()
    return books


def took(what: str, does: Callable[[], object], times: int = 5) -> None:
    """Say how long ``does`` takes: the middle of several."""
    spans = []
    for _time in range(times):
        start = time.perf_counter()
        does()
        spans.append(time.perf_counter() - start)
    print(f"{what:32} {statistics.median(spans) * 1000:9.1f} ms")


def measure(books: Premises) -> None:
    """Say what the reckoning and the page cost."""
    owner: Shop = books.shop(Actor(1, "芳姐", Role.OWNER))
    system = books.shop(SYSTEM)
    took("reckon_rhythm, one go", lambda: reckon_rhythm(system), 1)
    took("reckon_rhythm, the rest of it", lambda: all(iter(lambda: reckon_rhythm(system), 0)), 1)
    took("reckon_rhythm, nothing to do", lambda: reckon_rhythm(system))
    print(queries.glance(owner))
    took("glance", lambda: queries.glance(owner))
    took("due", lambda: queries.due(owner))
    took("missed", lambda: queries.missed(owner))
    took("newcomers", lambda: queries.newcomers(owner))
    took("regulars", lambda: queries.regulars(owner))
    took("favourites", lambda: queries.favourites(owner, 5))
    took("rhythm_of", lambda: queries.rhythm_of(owner, 5))
    took("spending", lambda: queries.spending(owner, 5))
    took("suggested", lambda: queries.suggested(owner, 5))
    took("merge_preview", lambda: merge_preview(owner, 5, 6))


def main() -> None:
    """Build, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        books = built(asked.folder or Path(folder), asked.lines, asked.members)
        measure(books)
        books.store.close()


if __name__ == "__main__":
    main()
