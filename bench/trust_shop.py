"""The trust wing of the made shop: wishes, welfare items, the group calendar, messages, sheets.

All figures follow from numbers and are the same in every size: 5 thousand wishes of two years,
three welfare items, two activities and eight topics a month, a tip a day, a sheet a month. They are
put into the shop of :mod:`bench.supply_shop` once.
"""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench import supply_shop
from bench.supply_shop import MEMBERS, PAST_DAYS, PRODUCTS, TODAY
from lib.kernel.clock import FixedClock
from lib.shop.opening import Premises
from lib.shop.shop import Actor, Role, Shop
from lib.trust.books.sums.commands import settle
from lib.trust.community.tips.commands import fill_bank
from lib.trust.costs.commands import publish_sheet

DEMANDS, WISHES_EACH, MESSAGES, SHEETS = 5_000, 4, 3_000, 24

_STEPS = """
CREATE TEMP TABLE number AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
  WHERE i < 20000) SELECT i FROM n;
INSERT INTO message_channel (id, name, kind, sealed_address, active, created_at, created_by)
  VALUES (1, '群机器人', 'wecom', '-', 1, :since, 1);
INSERT INTO group_post (id, topic, subject, text, at, person_id)
  SELECT i, CASE i % 3 WHEN 0 THEN 'tip' WHEN 1 THEN 'open' ELSE 'welfare' END, 'round:' || i,
  '邻居们好，' || i, date(:today, ((i - :messages) / 4) || ' days') || 'T02:00:00.000000Z', 1
  FROM number WHERE i BETWEEN 1 AND :messages;
INSERT INTO message_delivery (channel_id, topic, subject, text, status, tries, next_try_at,
  created_at, sent_at, post_id)
  SELECT 1, topic, subject, text, 'sent', 1, at, at, at, id FROM group_post;
INSERT INTO message_delivery (channel_id, topic, subject, text, status, tries, next_try_at,
  last_error, created_at) SELECT 1, 'tip', 'tip:1', '小贴士' || i,
  CASE WHEN i < 4 THEN 'waiting' WHEN i < 6 THEN 'failed' ELSE 'perhaps' END, 1, :now, '', :now
  FROM number WHERE i BETWEEN 1 AND 6;
CREATE TEMP TABLE want AS SELECT i, CASE WHEN i > :demands - 12 THEN 'new'
  WHEN i > :demands - 30 THEN 'checking' WHEN i > :demands - 90 THEN 'not_yet'
  WHEN i % 5 < 3 THEN 'offered' ELSE 'declined' END AS status,
  datetime(:now, -((:demands - i) * 3 + (:demands - i) / 2) || ' hours') AS asked FROM number
  WHERE i BETWEEN 1 AND :demands;
UPDATE want SET asked = replace(asked, ' ', 'T') || '.000000Z';
INSERT INTO demand (id, title, folded_title, status, first_asked_at, status_at, product_id,
  round_id, offered_at, answered_at, reason, next_on, created_at, created_by)
  SELECT i, '想要商品' || i, '想要商品' || i, status, asked,
  CASE WHEN status IN ('new', 'checking') THEN asked ELSE later END,
  CASE WHEN status = 'offered' THEN i % :products + 1 END,
  CASE WHEN status = 'offered' THEN round_id END,
  CASE WHEN status = 'offered' THEN later END,
  CASE WHEN status NOT IN ('new', 'checking') THEN later END,
  CASE WHEN status IN ('not_yet', 'declined') THEN '没有找到' ELSE '' END,
  CASE WHEN status = 'not_yet' THEN date(:today, (i - :demands + 86) || ' days') END, asked, 1
  FROM (SELECT *, min(replace(datetime(asked, (10 + i % 80) || ' hours'), ' ', 'T')
  || '.000000Z', :now) AS later, (SELECT max(id) FROM buying_round WHERE opens_at <= asked)
  AS round_id FROM want);
INSERT INTO demand_wish (demand_id, member_id, name, folded_name, said, source, asked_at, told_at,
  told_by) SELECT demand.id, (demand.id * 7 + n.i * 501) % :members + 1,
  '住户' || ((demand.id * 7 + n.i * 501) % :members + 1),
  '住户' || ((demand.id * 7 + n.i * 501) % :members + 1), '有没有商品' || demand.id, 'chat',
  first_asked_at, CASE WHEN status = 'offered' AND demand.id < :demands - 150 THEN status_at END,
  CASE WHEN status = 'offered' AND demand.id < :demands - 150 THEN 1 END
  FROM demand JOIN number n ON n.i < :each;
INSERT INTO demand_source (demand_id, supplier_id, name, answer, asked_at, asked_by, unit, cost_fen,
  price_fen, created_at) SELECT id, id % 60 + 1, '合作社', CASE WHEN status = 'offered' THEN 'can'
  WHEN status IN ('new', 'checking') THEN 'waiting' ELSE 'cannot' END, first_asked_at, 1, '盒',
  CASE WHEN status = 'offered' THEN 500 END, CASE WHEN status = 'offered' THEN 700 END,
  first_asked_at FROM demand;
INSERT INTO heard_line SELECT printf('%064x', i), i % :demands + 1, :since, 1 FROM number
  WHERE i < 20000;
INSERT INTO wish_note (key, text, status, demand_id, at, decided_at, decided_by)
  SELECT 'k' || i, '想买商品' || i, CASE WHEN i > 390 THEN 'waiting' ELSE 'taken' END,
  CASE WHEN i <= 390 THEN i END, :now, CASE WHEN i <= 390 THEN :now END,
  CASE WHEN i <= 390 THEN 1 END FROM number WHERE i BETWEEN 1 AND 400;
CREATE TEMP TABLE month AS SELECT i, date(:today, 'start of month', -i || ' months') AS first
  FROM number WHERE i < 24;
INSERT INTO welfare_item (product_id, month, planned_on, price_fen, household_limit, available,
  reason, status, round_id, unit_cost_fen, body, offered_at, created_at, created_by)
  SELECT offer.product_id, month.first, buying_round.pickup_day, offer.price_fen,
  2 * coalesce(unit_grams, 1), 100 * coalesce(unit_grams, 1), 'at_cost', 'offered',
  buying_round.id, offer.price_fen + 40,
  '{"parts": [["purchase", ' || offer.price_fen || '], ["loss", 40]], "sheet": null}',
  opens_at, opens_at, 1
  FROM month JOIN number n ON n.i < 3 JOIN buying_round
  ON pickup_day = date(month.first, (n.i * 3 + 1) || ' days')
  JOIN round_offer offer ON offer.round_id = buying_round.id AND offer.position = 12
  JOIN product ON product.id = offer.product_id WHERE pickup_day <= date(:today, '1 days');
INSERT INTO welfare_item (product_id, month, planned_on, price_fen, household_limit, available,
  reason, status, created_at, created_by)
  SELECT n.i * 30 + 7, date(:today, 'start of month'), date(:today, (n.i * 3) || ' days'), 400,
  2 * coalesce(unit_grams, 1), 50 * coalesce(unit_grams, 1), 'thanks', 'planned', :now, 1
  FROM number n JOIN product ON product.id = n.i * 30 + 7 WHERE n.i < 3;
INSERT INTO activity (id, kind, title, day, starts, place, status, heads, created_at, created_by)
  SELECT month.i * 2 + n.i + 1, 'workshop', '做手工', date(first, (n.i * 12 + 2) || ' days'),
  '15:00', '会所', CASE WHEN month.i > 0 OR n.i = 0 THEN 'held' ELSE 'planned' END,
  CASE WHEN month.i > 0 THEN 14 END, first || 'T00:00:00.000000Z', 1
  FROM month JOIN number n ON n.i < 2;
INSERT INTO activity_task (activity_id, position, text, done_at, done_by)
  SELECT activity.id, n.i, '准备材料', CASE WHEN status = 'held' THEN created_at END,
  CASE WHEN status = 'held' THEN 1 END FROM activity JOIN number n ON n.i < 6;
INSERT INTO activity_guest SELECT activity.id, (activity.id * 31 + n.i * 67) % :members + 1,
  created_at FROM activity JOIN number n ON n.i < 14;
INSERT INTO activity_product SELECT activity.id, (activity.id * 31 + n.i) % :products + 1
  FROM activity JOIN number n ON n.i < 2;
INSERT INTO topic (id, question, planned_on, asked_at, created_at, created_by)
  SELECT i + 1, '大家最近想吃什么？' || i, date(:today, (1 - i * 4) || ' days'),
  CASE WHEN i > 0 THEN date(:today, (1 - i * 4) || ' days') || 'T03:00:00.000000Z' END, :since, 1
  FROM number WHERE i < 180;
UPDATE topic SET closed_at = asked_at WHERE id > 4;
INSERT INTO topic_answer (topic_id, member_id, name, text, demand_id, at, person_id)
  SELECT topic.id, n.i + 1, '住户' || (n.i + 1), '想吃菜', CASE WHEN topic.id > 3 THEN n.i + 1 END,
  asked_at, 1 FROM topic JOIN number n ON n.i < 10 WHERE asked_at IS NOT NULL;
INSERT INTO tip_sent (tip_id, day, at, person_id)
  SELECT tip.id, date(:today, -n.i || ' days'), date(:today, -n.i || ' days') ||
  'T02:00:00.000000Z', 1 FROM number n JOIN tip ON tip.id = n.i % (SELECT count(*) FROM tip) + 1
  WHERE n.i BETWEEN 1 AND 700;
INSERT INTO price_change (product_id, kind, price_fen, at, person_id)
  SELECT product.id, 'sale', price_fen + (n.i - 4) * 10,
  date(:today, (n.i * -90) || ' days') || 'T01:00:00.000000Z', 1
  FROM product JOIN number n ON n.i BETWEEN 1 AND 7 WHERE product.id % 2 = 0;
UPDATE round_offer SET compared_fen = price_fen + 80, compared_basis = '小票' WHERE position < 4
  AND round_id > (SELECT max(id) - 30 FROM buying_round);
"""


def built(folder: Path, lines: int) -> Premises:
    """Return the open books of the shop with that many order lines and its trust wing."""
    books = supply_shop.built(folder, lines)
    done = books.place.folder / "trust"
    if done.exists():
        return books
    owner = books.shop(Actor(1, "芳姐", Role.OWNER))
    fill_bank(owner)
    assert books.store.path is not None
    _fill(books.store.path)
    settle(books.store, TODAY)
    for months in reversed(range(SHEETS)):
        _publish(owner, TODAY - timedelta(days=30 * months + 5))
    books.store.checkpoint()
    done.touch()
    return books


def _fill(path: Path) -> None:
    database = sqlite3.connect(path)
    values = {
        "today": TODAY.isoformat(), "members": MEMBERS, "products": PRODUCTS, "demands": DEMANDS,
        "each": WISHES_EACH, "messages": MESSAGES,
        "since": f"{TODAY - timedelta(days=PAST_DAYS + 1)}T00:00:00.000000Z",
        "now": f"{supply_shop.NOW:%Y-%m-%dT%H:%M:%S.%fZ}",
    }  # fmt: skip
    with database:
        for step in _STEPS.split(";\n"):
            if step.strip():
                database.execute(step, values)
    database.close()


def _publish(owner: Shop, day: date) -> None:
    """Publish a sheet of every product, as the owner did on that day."""
    then = FixedClock(datetime(day.year, day.month, day.day, 1, tzinfo=UTC))
    publish_sheet(replace(owner, clock=then), "每月价目", day, range(1, PRODUCTS + 1))
