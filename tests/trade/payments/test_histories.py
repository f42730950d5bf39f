"""Random days at the counter, reckoned again by hand: the books must say the same."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.payments import commands, queries
from tests.trade.payments.books import Booked, book, product, somebody

METHODS = st.sampled_from(["transfer", "cash", "balance"])
FEN = st.integers(1, 2500)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.integers(0, 1), METHODS, FEN),
        st.tuples(st.just("refund"), st.integers(0, 1), METHODS, FEN),
        st.tuples(st.just("refund_line"), st.integers(0, 1), METHODS, FEN),
        st.tuples(st.just("weigh"), st.integers(0, 1), st.just(""), st.integers(1, 1500)),
        st.tuples(st.just("top_up"), st.just(0), st.just("cash"), FEN),
        st.tuples(st.just("pay_out"), st.just(0), st.just("transfer"), FEN),
        st.tuples(st.just("undo"), st.integers(0, 30), st.just(""), FEN),
    ),
    max_size=14,
)


@dataclass
class Reckoning:
    """The same history in plain integers: what stands, not how it came about."""

    paid: list[int] = field(default_factory=lambda: [0, 0])
    refunded: list[int] = field(default_factory=lambda: [0, 0])
    lines: list[int] = field(default_factory=lambda: [1000, 1000])
    balance: int = 0
    cash: int = 0
    rows: list[tuple[int, str, int, str, int]] = field(default_factory=list)

    def note(self, row: int, kind: str, order: int, method: str, fen: int) -> None:
        self.rows.append((row, kind, order, method, fen))
        self.move(kind, order, method, fen)

    def move(self, kind: str, order: int, method: str, fen: int) -> None:
        incoming = kind in ("pay", "top_up")
        if kind == "pay":
            self.paid[order] += fen
        elif kind == "refund":
            self.refunded[order] += fen
        if method == "cash":
            self.cash += fen if incoming else -fen
        if kind in ("top_up", "pay_out"):
            self.balance += fen if incoming else -fen
        elif method == "balance":
            self.balance += -fen if incoming else fen

    def undo(self, place: int) -> None:
        _, kind, order, method, fen = self.rows.pop(place)
        self.move(kind, order, method, -fen)


def step(shop: Shop, book_: Reckoning, orders: list[Booked], member: int, what: tuple) -> None:
    kind, place, method, fen = what
    amount, order = Money(fen), orders[place % 2]
    if kind == "pay":
        row = commands.pay_order(shop, order.id, method, amount)
        book_.note(row, "pay", place, method, fen)
    elif kind == "refund":
        row = commands.refund_order(shop, order.id, amount, "坏了", method)
        book_.note(row, "refund", place, method, fen)
    elif kind == "refund_line":
        row = commands.refund_line(shop, order.lines[0], amount, "坏了", method)
        book_.note(row, "refund", place, method, fen)
    elif kind == "weigh":
        book_.lines[place] += commands.weigh_line(shop, order.lines[0], fen).fen
    elif kind == "top_up":
        book_.note(commands.top_up_balance(shop, member, amount, method), kind, 0, method, fen)
    elif kind == "pay_out":
        book_.note(commands.pay_out_balance(shop, member, amount, method), kind, 0, method, fen)
    elif book_.rows:
        place %= len(book_.rows)
        commands.reverse_payment(shop, book_.rows[place][0])
        book_.undo(place)


@pytest.fixture
def goods(shop: Shop) -> int:
    return product(shop)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_the_books_say_what_happened(shop: Shop, goods: int, steps: list[tuple]) -> None:
    member = somebody(shop)
    orders = [book(shop, member, 1000, product_id=goods) for _ in range(2)]
    by_hand, refused = Reckoning(), 0
    cash_before = queries.day_money(shop, shop.today).cash.fen
    for what in steps:
        try:
            step(shop, by_hand, orders, member, what)
        except Refused:
            refused += 1
        check(shop, by_hand, orders, member)
    assert queries.day_money(shop, shop.today).cash.fen - cash_before == by_hand.cash
    assert refused <= len(steps)


def check(shop: Shop, by_hand: Reckoning, orders: list[Booked], member: int) -> None:
    found = queries.money_of(shop, [order.id for order in orders])
    for place, order in enumerate(orders):
        money = found[order.id]
        assert money.paid.fen == by_hand.paid[place]
        assert money.refunded.fen == by_hand.refunded[place]
        assert money.goods.fen == by_hand.lines[place]
        assert money.refunded <= money.paid
        assert Money(0) <= money.owed <= money.goods
    held = queries.balance(shop, member)
    assert held.fen == by_hand.balance
    assert held >= Money(0)
    assert held.fen == ledger_by_rows(shop, member)


def ledger_by_rows(shop: Shop, member: int) -> int:
    """The balance from the payment rows alone, without the ledger."""
    rows = schema.payment
    with shop.read() as connection:
        found = connection.execute(select(rows).where(rows.c.member_id == member)).all()
    kinds = {row.id: row.kind for row in found}
    held = 0
    for row in found:
        kind = kinds[row.reverses_id] if row.kind == "reversal" else row.kind
        if kind in ("top_up", "pay_out"):
            held += row.amount_fen
        elif row.method == "balance":
            held -= row.amount_fen
    return held
