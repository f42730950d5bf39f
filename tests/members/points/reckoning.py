"""Points reckoned a second time, another way: from the raw rows of payments, as a person would.

Nothing of the program is used but its tables. What was undone is struck out in pairs, what is left
is added up as yuan in fractions, and the whole order gives whole points.
"""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from lib.db import schema
from lib.shop.shop import Shop


class Books:
    """The rows of the tables points depend on, by table; of some ``orders`` only, if named."""

    def __init__(self, shop: Shop, orders: list[int] | None = None) -> None:
        self.rows: dict[str, list[Any]] = {}
        with shop.read() as connection:
            for table in (
                schema.customer_order, schema.order_line, schema.payment, schema.points_rule,
                schema.points_entry, schema.points_order, schema.points_due, schema.member,
            ):  # fmt: skip
                query = select(table)
                of = table.c.id if table is schema.customer_order else table.c.get("order_id")
                if orders is not None and of is not None and table is not schema.points_due:
                    query = query.where(of.in_(orders))
                self.rows[table.name] = list(connection.execute(query).all())

    def __getitem__(self, name: str) -> list[Any]:
        return self.rows[name]


def points_of(books: Books, order: Any) -> int:
    """The points an order should have given."""
    rule = None
    for one in sorted(books["points_rule"], key=lambda row: row.from_at):
        if one.from_at <= order.placed_at:
            rule = one
    if rule is None or order.status != "active":
        return 0
    moved = _standing([row for row in books["payment"] if row.order_id == order.id])
    cash = sum((Fraction(row.amount_fen, 100) for row in moved), Fraction(0))
    worth = _worth(books, order, moved)
    for_goods = min(cash - Fraction(order.delivery_fee_fen, 100), worth)
    if for_goods <= 0:
        return 0
    return int(for_goods / Fraction(rule.per_fen, 100) * rule.points)


def _standing(rows: list[Any]) -> list[Any]:
    undone = {row.reverses_id for row in rows if row.reverses_id}
    return [row for row in rows if row.id not in undone and not row.reverses_id]


def _worth(books: Books, order: Any, moved: list[Any]) -> Fraction:
    """What the goods of the order cost in the end."""
    refunds = [row for row in moved if row.kind == "refund"]
    worth = Fraction(0)
    for line in books["order_line"]:
        if line.order_id == order.id and line.cancelled_at is None:
            back = sum(row.forgiven_fen for row in refunds if row.line_id == line.id)
            worth += max(Fraction(0), Fraction(line.amount_fen - back, 100))
    rounded = sum(row.forgiven_fen for row in moved if row.kind == "payment")
    whole = sum(row.forgiven_fen for row in refunds if row.line_id is None)
    return worth - Fraction(rounded + whole + order.coupon_fen, 100)


def check(shop: Shop, orders: list[int] | None = None) -> None:
    """Hold the ledger against the reckoning, order by order and line by line."""
    books = Books(shop, orders)
    assert not books["points_due"]
    by_line, by_order = _ledger(books)
    settled = {row.order_id: row.settled_at for row in books["points_order"]}
    erased = {row.id for row in books["member"] if row.erased_at is not None}
    for order in books["customer_order"]:
        if order.member_id in erased:  # what lapsed with the file is gone for good
            continue
        pending, available = by_order[order.id]
        assert pending + available == points_of(books, order), order
        if settled.get(order.id) is None:
            assert available == 0, order
            assert pending >= 0, order
        else:
            assert pending == 0, order
    lines = {row.id: row for row in books["order_line"]}
    for line_id, (pending, available) in by_line.items():
        points = pending + available
        assert points >= 0
        if lines[line_id].cancelled_at is not None:
            assert points == 0


def _ledger(books: Books) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    by_line: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    by_order: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in books["points_entry"]:
        if row.order_id is not None:
            assert row.line_id is not None
            for sums in (by_line[row.line_id], by_order[row.order_id]):
                sums[0] += row.pending
                sums[1] += row.available
    return by_line, by_order


def balances(shop: Shop) -> dict[int, tuple[int, int]]:
    """Available and pending of every member who was not merged, added up row by row."""
    books = Books(shop)
    root = {row.id: row.merged_into or row.id for row in books["member"]}
    owner = {row.id: row.member_id for row in books["customer_order"]}
    found: dict[int, list[int]] = {row.id: [0, 0] for row in books["member"] if not row.merged_into}
    for row in books["points_entry"]:
        who = root[owner[row.order_id] if row.order_id is not None else row.member_id]
        found[who][0] += row.available
        found[who][1] += row.pending
    return {key: (sums[0], sums[1]) for key, sums in found.items()}
