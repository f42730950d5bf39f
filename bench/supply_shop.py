"""A shop of a chosen size, written in bulk: two years of orders, deliveries, shelf and statements.

All figures follow from numbers, so two builds are alike. Only the order lines grow with the size:
400 products of 60 suppliers come three times a week whatever is ordered, and every sum (stock,
demand, batches) agrees with its ledger.
"""

import json
import sqlite3
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.supply.statements.rules import Body, Line, body_to_json

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
"""Ten in the morning of a Wednesday in the shop."""
TODAY = date(2026, 6, 10)
PAST_DAYS = 729
MEMBERS, PRODUCTS, SUPPLIERS = 2_000, 400, 60

_STEPS = """
CREATE TEMP TABLE number AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
  WHERE i < :orders + 5000) SELECT i FROM n;
CREATE TEMP TABLE one_day (i INTEGER PRIMARY KEY, d TEXT, weekday INTEGER);
INSERT INTO one_day SELECT i, date(:today, (i - :past) || ' days'),
  (CAST(strftime('%w', date(:today, (i - :past) || ' days')) AS INTEGER) + 6) % 7
  FROM number WHERE i <= :past + 1;
INSERT INTO person (id, login, name, role, password_hash, must_change_password, active, created_at,
  password_changed_at) VALUES (1, 'fang', '芳姐', 'owner', '-', 0, 1, :since, :since);
INSERT INTO member (id, nickname, folded_nickname, created_at)
  SELECT i, '住户' || i, '住户' || i, :since FROM number WHERE i BETWEEN 1 AND :members;
INSERT INTO supplier (id, name, folded_name, kind, district, typed_metres, shows_name,
  shows_contact, created_at)
  SELECT i, '合作社' || i, '合作社' || i, 'grower', '崇明', i * 3000, 1, 0, :since
  FROM number WHERE i BETWEEN 1 AND :suppliers;
INSERT INTO product (id, name, folded_name, category, is_fresh, is_daily, is_fragile, sale_unit,
  unit_grams, price_fen, purchase_price_fen, created_at)
  SELECT i, '商品' || i, '商品' || i, '类' || i % 12, i % 3 = 0, 0, 0,
  CASE WHEN i % 4 = 0 THEN '斤' ELSE '盒' END, CASE WHEN i % 4 = 0 THEN 500 END,
  300 + i * 7 % 2000, 200 + i * 4 % 1200, :since FROM number WHERE i BETWEEN 1 AND :products;
CREATE TEMP TABLE goods (p INTEGER PRIMARY KEY, s INTEGER, base INTEGER);
INSERT INTO goods SELECT id, id * :suppliers / (:products + 1) + 1, coalesce(unit_grams, 1)
  FROM product;
INSERT INTO supply_term (supplier_id, product_id, price_fen, case_quantity, shelf_life_days,
  preferred, changed_at) SELECT s, p, purchase_price_fen, base * 6, 5, 1, :since
  FROM goods JOIN product ON id = p;
INSERT INTO agreement (supplier_id, starts_on, ends_on, cycle, minimum_order_fen, spoilage_by,
  created_at) SELECT i, date(:today, '-300 days'), date(:today, (i * 6) || ' days'), 'weekly',
  10000, 'shared', :since FROM number WHERE i BETWEEN 1 AND :suppliers;
INSERT INTO supplier_paper (supplier_id, kind, number, valid_until, created_at)
  SELECT supplier.id, k.kind, 'N' || supplier.id, date(:today, (supplier.id * 12 - 20) || ' days'),
  :since FROM supplier, (SELECT 'business_licence' AS kind UNION SELECT 'operation_permit'
  UNION SELECT 'other') k;
INSERT INTO staple SELECT p, :since FROM goods WHERE p % 10 = 0;
INSERT INTO closed_day SELECT d, '' FROM one_day WHERE i % 97 = 5;
INSERT INTO blob (sha256, media_type, size, width, height, created_at)
  SELECT printf('%064x', i), 'image/jpeg', 1000, 10, 10, :since
  FROM number WHERE i BETWEEN 1 AND :products + :suppliers;
INSERT INTO evidence (product_id, kind, title, blob, made_on, published_at, created_at)
  SELECT p, 'test_report', '', printf('%064x', p), date(:today, -(p % 90) || ' days'), :since,
  :since FROM goods WHERE p % 5 > 0;
INSERT INTO evidence (supplier_id, kind, title, blob, made_on, published_at, created_at)
  SELECT id, 'growing', '', printf('%064x', :products + id), date(:today, '-9 days'), :since,
  :since FROM supplier;
INSERT INTO community_label (id, product_id, number, title, approved_on, minimum_run, created_at)
  SELECT p, p, 1, '邻里', date(:today, '-300 days'), 1000, :since FROM goods WHERE p <= 10;
INSERT INTO label_movement (label_id, quantity, kind, at)
  SELECT p, 50000, 'printed', :since FROM goods WHERE p <= 10;
INSERT INTO buying_round (id, title, opens_at, cut_off_at, pickup_day, created_at)
  SELECT i + 1, d || '团', date(d, '-4 days') || 'T01:00:00.000000Z',
  date(d, '-1 days') || 'T04:00:00.000000Z', d, :since FROM one_day;
INSERT INTO round_offer (round_id, product_id, price_fen, available, position)
  SELECT day.i + 1, (day.i * 13 + n.i * 7) % :products + 1, 500,
  CASE WHEN n.i = 0 THEN 2 WHEN n.i < 10 THEN 1000000 END, n.i
  FROM one_day day, number n WHERE n.i < 40;
CREATE TEMP TABLE wanted AS SELECT i AS o, (i - 1) * (:past + 2) / :orders AS day FROM number
  WHERE i BETWEEN 1 AND :orders;
INSERT INTO customer_order (id, round_id, member_id, source, source_key, number, pickup_day,
  pickup_slot, delivery, status, placed_at)
  SELECT o, day + 1, o * 13 % :members + 1, 'chain', 'k' || o,
  o - (day * :orders + :past + 1) / (:past + 2), d, 'evening', 0, 'active',
  date(d, '-2 days') || 'T09:00:00.000000Z' FROM wanted JOIN one_day ON i = day;
INSERT INTO order_line (id, order_id, product_id, product_name, sale_unit, unit_grams, ordered,
  quantity, unit_price_fen, amount_fen)
  SELECT (o - 1) * 3 + k.i + 1, o, product.id, name, sale_unit, unit_grams, base * (1 + o % 3),
  base * (1 + o % 3), price_fen, price_fen * (1 + o % 3)
  FROM wanted JOIN number k ON k.i < 3 JOIN goods ON p = (o * 37 + k.i * 131) % :products + 1
  JOIN product ON product.id = p;
INSERT INTO payment (member_id, order_id, kind, method, amount_fen, business_day, at, person_id)
  SELECT o * 13 % :members + 1, o, 'payment', 'transfer', sum(amount_fen), d,
  d || 'T10:00:00.000000Z', 1 FROM wanted JOIN one_day ON i = day JOIN order_line ON order_id = o
  WHERE day < :past AND o % 100 > 0 GROUP BY o;
INSERT INTO handover (id, order_id, line_id, quantity, at, person_id)
  SELECT id, o, id, quantity, d || 'T10:00:00.000000Z', 1 FROM wanted JOIN one_day ON i = day
  JOIN order_line ON order_id = o WHERE day < :past - 7 OR (day < :past AND o % 100 > 0);
INSERT INTO demand_day SELECT product_id, pickup_day, sum(ordered), sum(amount_fen), count(*)
  FROM order_line JOIN customer_order ON customer_order.id = order_id GROUP BY 2, 1;
CREATE TEMP TABLE shelf AS SELECT p, i, d, base * (3 + (p + i) % 2) AS sold
  FROM goods, one_day WHERE i < :past AND NOT (p % 40 = 1 AND i >= :past - 10);
CREATE TEMP TABLE given AS SELECT handover.id, line_id, product_id AS p, pickup_day AS d,
  handover.quantity AS sold FROM handover JOIN order_line ON order_line.id = line_id
  JOIN customer_order ON customer_order.id = handover.order_id;
CREATE TEMP TABLE span AS SELECT p, s, base, i AS first,
  coalesce(lead(i) OVER (PARTITION BY p ORDER BY i), :past + 2) AS following
  FROM goods, one_day WHERE weekday IN (0, 2, 4) OR i = 0;
CREATE TEMP TABLE coming (id INTEGER PRIMARY KEY, p, s, base, first, following, sold, received);
INSERT INTO coming (p, s, base, first, following) SELECT * FROM span ORDER BY first, s, p;
CREATE TEMP TABLE batch_of (p INTEGER, d TEXT, i INTEGER, batch INTEGER, PRIMARY KEY (p, d))
  WITHOUT ROWID;
INSERT INTO batch_of SELECT p, d, i, id FROM coming JOIN one_day ON i >= first AND i < following;
CREATE TEMP TABLE sold_of (id INTEGER PRIMARY KEY, sold INTEGER);
INSERT INTO sold_of SELECT batch, sum(sold) FROM (SELECT p, d, sold FROM shelf UNION ALL
  SELECT p, d, sold FROM given) JOIN batch_of USING (p, d) GROUP BY batch;
UPDATE coming SET sold = coalesce((SELECT sold FROM sold_of WHERE sold_of.id = coming.id), 0);
UPDATE coming SET received = sold + base * CASE WHEN following > :past THEN 60
  WHEN p % 40 = 1 AND first >= :past - 14 THEN 300 ELSE 1 END;
CREATE TEMP TABLE trip (id INTEGER PRIMARY KEY, first INTEGER, s INTEGER, d TEXT);
INSERT INTO trip (first, s, d) SELECT DISTINCT first, s, d FROM coming JOIN one_day ON i = first
  ORDER BY 1, 2;
CREATE TEMP TABLE trip_of (first, s, id, PRIMARY KEY (first, s)) WITHOUT ROWID;
INSERT INTO trip_of SELECT first, s, id FROM trip;
INSERT INTO purchase_order (id, number, supplier_id, expected_on, status, created_at, sent_at,
  closed_at) SELECT id, d || '-' || s, s, d, 'closed', d || 'T00:00:00.000000Z',
  d || 'T00:00:00.000000Z', d || 'T01:00:00.000000Z' FROM trip;
INSERT INTO purchase_line (order_id, product_id, product_name, sale_unit, unit_grams, needed,
  quantity, unit_price_fen) SELECT t.id, p, name, sale_unit, unit_grams, received, received,
  purchase_price_fen FROM coming c JOIN trip_of t USING (first, s) JOIN product ON product.id = p;
INSERT INTO purchase_order (id, number, supplier_id, expected_on, status, created_at, sent_at)
  SELECT 1000000 + i, 'late-' || i, i, date(:today, -(i % 3) || ' days'), 'sent', :since, :since
  FROM number WHERE i BETWEEN 1 AND 15;
INSERT INTO purchase_line (order_id, product_id, product_name, sale_unit, unit_grams, needed,
  quantity, unit_price_fen) SELECT 1000000 + s, p, name, sale_unit, unit_grams, base, base,
  purchase_price_fen FROM goods JOIN product ON id = p WHERE s <= 15;
INSERT INTO delivery (id, supplier_id, purchase_order_id, arrived_on, at, person_id)
  SELECT id, s, id, d, d || 'T01:00:00.000000Z', 1 FROM trip;
INSERT INTO batch (id, code, token, delivery_id, supplier_id, product_id, product_name, sale_unit,
  unit_grams, arrived_on, shelf_life_days, best_before, best_before_printed, received,
  unit_price_fen, specification, supplier_name, supplier_address, supplier_contact, keep_until,
  on_hand, created_at, person_id)
  SELECT c.id, day.d || '-' || c.id, printf('%022d', c.id), t.id, s, p, name, sale_unit, unit_grams,
  day.d, 5, date(day.d, '5 days'), 0, received, purchase_price_fen, '一级', '合作社' || s, '崇明',
  '老王', date(day.d, '183 days'), 0, day.d || 'T01:00:00.000000Z', 1
  FROM coming c JOIN trip_of t USING (first, s) JOIN one_day day ON day.i = first
  JOIN product ON product.id = p;
INSERT INTO stock_movement (product_id, batch_id, kind, quantity, reason, line_id, handover_id,
  business_day, at, person_id)
  SELECT p, id, 'received', received, '', NULL, NULL, d, d || 'T01:00:00.000000Z' AS at, 1
  FROM coming JOIN one_day ON i = first
  UNION ALL SELECT p, batch, 'sold', -sold, '', NULL, NULL, d, d || 'T09:00:00.000000Z', 1
  FROM shelf JOIN batch_of USING (p, d)
  UNION ALL SELECT p, batch, 'sold', -sold, '', line_id, id, d, d || 'T10:00:00.000000Z', 1
  FROM given JOIN batch_of USING (p, d)
  UNION ALL SELECT p, id, 'wasted', sold - received, '过期', NULL, NULL, d,
  d || 'T12:00:00.000000Z', 1 FROM coming JOIN one_day ON i = following - 1
  WHERE following <= :past AND NOT (p % 40 = 1 AND first >= :past - 14) ORDER BY at;
CREATE TEMP TABLE lying (id INTEGER PRIMARY KEY, rest INTEGER);
INSERT INTO lying SELECT batch_id, sum(quantity) FROM stock_movement GROUP BY 1
  HAVING sum(quantity);
UPDATE batch SET on_hand = (SELECT rest FROM lying WHERE lying.id = batch.id)
  WHERE id IN (SELECT id FROM lying);
INSERT INTO stock_level SELECT product_id, sum(quantity), 0, :since FROM stock_movement GROUP BY 1;
CREATE TEMP TABLE moved AS SELECT product_id AS p, business_day AS d,
  sum((kind = 'received') * quantity) AS received, sum((kind = 'sold') * -quantity) AS sold,
  sum((kind = 'sold' AND line_id IS NULL) * -quantity) AS shelf_sold,
  sum((kind = 'wasted') * -quantity) AS wasted, sum(quantity) AS change
  FROM stock_movement GROUP BY 1, 2;
INSERT INTO stock_day (product_id, day, received, sold, shelf_sold, wasted, closing)
  SELECT p, d, received, sold, shelf_sold, wasted, sum(change) OVER (PARTITION BY p ORDER BY d)
  FROM moved ORDER BY d, p;
INSERT INTO recall (id, batch_id, reason, started_at, started_by)
  SELECT 1, batch, 'bench', :now, 1 FROM batch_of WHERE p = 5 AND i = :past - 3;
INSERT INTO recall_line (recall_id, line_id, member_id, quantity, certain)
  SELECT 1, line_id, member_id, ordered, 1 FROM recall JOIN stock_movement USING (batch_id)
  JOIN order_line ON order_line.id = line_id JOIN customer_order ON customer_order.id = order_id
  LIMIT 20;
INSERT INTO clearance (product_id, kind, price_fen, reason, starts_on, ends_on, on_hand,
  expected_sold, started_at) SELECT p, 'discount', 100, 'bench', :today, date(:today, '3 days'),
  10, 5, :now FROM goods WHERE p IN (1, 41);
"""


def built(folder: Path, lines: int) -> Premises:
    """Return the open books of the shop with that many order lines, built when not there yet."""
    place = Place.at(folder / str(lines))
    clock = FixedClock(NOW)
    done = place.folder / "done"
    if done.exists():
        return Premises(place, open_books(place, clock), clock)
    place.prepare()
    store = open_books(place, clock)
    assert store.path is not None
    began = time.perf_counter()
    _fill(store, store.path, lines)
    size = store.path.stat().st_size / 1024 / 1024
    print(f"{lines:,} lines built in {time.perf_counter() - began:.0f} s, {size:.0f} MiB")
    done.touch()
    return Premises(place, store, clock)


def _fill(store: Store, path: Path, lines: int) -> None:
    store.checkpoint()
    books = sqlite3.connect(path)
    books.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA temp_store=2")
    triggers = books.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for name, _sql in triggers:
        books.execute(f"DROP TRIGGER {name}")
    since = f"{TODAY - timedelta(days=PAST_DAYS + 1)}T00:00:00.000000Z"
    values = {
        "orders": lines // 3, "today": TODAY.isoformat(), "past": PAST_DAYS, "since": since,
        "now": f"{NOW:%Y-%m-%dT%H:%M:%S.%fZ}", "members": MEMBERS, "products": PRODUCTS,
        "suppliers": SUPPLIERS,
    }  # fmt: skip
    for step in _STEPS.split(";"):
        if step.strip():
            books.execute(step, values)
    _close_weeks(books)
    for _name, sql in triggers:
        books.execute(sql)
    books.commit()
    books.close()
    store.checkpoint()


def _close_weeks(books: sqlite3.Connection) -> None:
    """Write the statement of every supplier and week but the two last; the last three unpaid."""
    this_monday = TODAY - timedelta(days=TODAY.weekday())
    until = this_monday - timedelta(weeks=1)
    found: dict[tuple[int, date], list[Line]] = defaultdict(list)
    rows = books.execute(
        "SELECT id, code, product_name, sale_unit, unit_grams, arrived_on, received,"
        " unit_price_fen, supplier_id FROM batch WHERE arrived_on < ?", (until.isoformat(),)
    )  # fmt: skip
    for key, code, name, unit, grams, day, received, fen, supplier in rows:
        arrived = date.fromisoformat(day)
        line = Line(key, code, name, Unit(unit, grams), arrived, received, 0, Money(fen), False)
        found[supplier, arrived - timedelta(days=arrived.weekday())].append(line)
    for (supplier, week), several in found.items():
        body = Body(tuple(several), ())
        closed = f"{week + timedelta(days=8)}T01:00:00.000000Z"
        paid = week < until - timedelta(weeks=3)
        books.execute(
            "INSERT INTO supplier_statement (supplier_id, week, body, received_fen, claims_fen,"
            " payable_fen, closed_at, paid_on, paid_at) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)",
            (
                supplier, week.isoformat(), json.dumps(body_to_json(body), ensure_ascii=False),
                body.received.fen, body.received.fen, closed, closed[:10] if paid else None,
                closed if paid else None,
            ),
        )  # fmt: skip
