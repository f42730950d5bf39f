"""Random histories of orders through the real commands, reckoned a second time (R36).

After every command the ledger of every order says what the reckoning of the raw payments gives, and
every balance is what its rows add up to; what was settled, spent and given back is kept beside in
plain numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.clock import FixedClock, local_day
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.members.points import commands, queries
from lib.members.profiles.commands import add_member, merge_members, unmerge
from lib.members.profiles.rules import Home
from lib.service.after_sales.commands import open_case
from lib.service.after_sales.remedies.commands import solve, undo_remedy
from lib.service.after_sales.remedies.rules import Kind, Remedy, Solution
from lib.service.after_sales.rules import Defect, NewCase, Source
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Role, Shop
from lib.trade.orders import commands as orders
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.payments import commands as money
from tests.conftest import NOW, add_person
from tests.members.points.cast import by_clock, give_back, redeem
from tests.members.points.reckoning import Books, balances, check
from tests.trade.orders.cast import EGGS, GREENS, TOFU, stock_up

GOODS = (EGGS, GREENS, TOFU)
METHODS = ("transfer", "cash", "balance")
DAYS = 7


@dataclass
class History:
    """The shop, and what happened so far."""

    shop: Shop
    clock: FixedClock
    members: list[int]
    orders: list[int] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    merges: list[int] = field(default_factory=list)
    redeemed: list[int] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)

    def some(self, ids: list[int], number: int) -> int:
        """One of ``ids``; refuses when there is none yet."""
        if not ids:
            raise Refused("nothing yet")
        return ids[number % len(ids)]

    def order(self, number: int) -> Any:
        """The row of one of the orders."""
        return self.row(schema.customer_order, self.some(self.orders, number))

    def line(self, number: int) -> Any:
        """One of the lines of the orders."""
        with self.shop.read() as connection:
            lines = schema.order_line
            query = select(lines).where(lines.c.order_id.in_(self.orders)).order_by(lines.c.id)
            found = connection.execute(query).all()
        return found[number % len(found)]

    def row(self, table: Any, row_id: int) -> Any:
        """A row as it stands now."""
        with self.shop.read() as connection:
            return connection.execute(select(table).where(table.c.id == row_id)).one()

    def due_now(self) -> set[int]:
        """Orders the clock should settle now, found out in plain Python."""
        books, today = Books(self.shop), self.shop.today
        with self.shop.read() as connection:
            handed = connection.execute(select(schema.handover)).all()
            cases = connection.execute(select(schema.after_sales_case)).all()
        due = set()
        for row in books["points_order"]:
            order = next(one for one in books["customer_order"] if one.id == row.order_id)
            rows = [one for one in handed if one.order_id == order.id]
            lines = [
                one
                for one in books["order_line"]
                if one.order_id == order.id and one.cancelled_at is None
            ]
            back = {
                line.id: sum(one.forgiven_fen for one in books["payment"] if one.line_id == line.id)
                for line in lines
            }
            given_ = all(
                sum(one.quantity for one in rows if one.line_id == line.id) >= line.quantity
                or back[line.id] >= max(line.amount_fen, 1)
                or (line.amount_fen == 0 and line.unit_price_fen > 0)
                for line in lines
            )
            open_ = {"new", "working", "waiting_photo"}
            quiet = not any(one.order_id == order.id and one.status in open_ for one in cases)
            last = max([order.pickup_day, *(local_day(one.at, "Asia/Shanghai") for one in rows)])
            over = last + timedelta(days=DAYS) < today
            if order.status == "active" and rows and given_ and quiet and over:
                due.add(order.id)
        return due - self.settled


def place(it: History, number: int, fen: int) -> None:
    wanted = [Wanted(GOODS[number % 3], 500 + fen % 700 if number % 3 == 0 else 1 + fen % 4)]
    if fen % 2:
        wanted.append(Wanted(GOODS[(number + 1) % 3], 500 if number % 3 == 2 else 2))
    member = it.some(it.members, number)
    incoming = IncomingOrder(
        None, f"邻居{member}", tuple(wanted), Home("", "3", "", "201"), None, member,
        delivery=fen % 3 == 0,
    )  # fmt: skip
    it.orders.append(orders.add_order(it.shop, incoming))


def change(it: History, number: int, fen: int) -> None:
    order = it.order(number)
    wanted = [Wanted(GOODS[fen % 3], 400 if fen % 3 == 0 else 1)]
    if fen % 2:
        wanted.append(Wanted(GOODS[(fen + 1) % 3], 600 if fen % 3 == 2 else 3))
    orders.change_lines(it.shop, order.id, order.version, wanted)


def bring(it: History, number: int, fen: int) -> None:
    order = it.order(number)
    orders.change_pickup(
        it.shop, order.id, order.version, slot=None, delivery=not order.delivery, note=""
    )


def cancel(it: History, number: int, fen: int) -> None:
    order = it.order(number)
    if order.status == "active":
        orders.cancel_order(it.shop, order.id, order.version, "不要了")
    else:
        orders.restore_order(it.shop, order.id, order.version)


def pay(it: History, number: int, fen: int) -> None:
    way = METHODS[fen % 3]
    amount = None if fen % 2 else Money(1 + fen % 400)
    money.pay_order(it.shop, it.order(number).id, way, amount, more_than_due=way == "transfer")


def round_off(it: History, number: int, fen: int) -> None:
    money.pay_order(it.shop, it.order(number).id, "cash", round_off=Money(fen % 10))


def refund(it: History, number: int, fen: int) -> None:
    money.refund_order(it.shop, it.order(number).id, Money(1 + fen % 700), "坏了", METHODS[fen % 3])


def refund_line(it: History, number: int, fen: int) -> None:
    money.refund_line(it.shop, it.line(number).id, Money(1 + fen % 300), "坏了", METHODS[fen % 3])


def undo_payment(it: History, number: int, fen: int) -> None:
    with it.shop.read() as connection:
        table = schema.payment
        query = select(table.c.id).where(table.c.order_id.in_(it.orders))
        ids = list(connection.execute(query).scalars())
    money.reverse_payment(it.shop, it.some(ids, number * 7 + fen))


def weigh(it: History, number: int, fen: int) -> None:
    money.weigh_line(it.shop, it.line(0).id, 100 + fen)


def top_up(it: History, number: int, fen: int) -> None:
    money.top_up_balance(it.shop, it.some(it.members, number), Money(fen))


def complain(it: History, number: int, fen: int) -> None:
    case = NewCase(
        source=Source.COUNTER, defect=Defect.QUALITY, said="不新鲜", line_id=it.line(number).id
    )
    it.cases.append(open_case(it.shop, case))


def make_good(it: History, number: int, fen: int) -> None:
    if not it.cases:
        complain(it, number, fen)
    case = it.row(schema.after_sales_case, it.some(it.cases, number))
    back = Solution(
        (Remedy(Kind.REFUND, None, Money(1 + fen % 250)),), below_pledge="只要退款", text="退款"
    )
    solve(it.shop, case.id, case.version, back)


def take_solution_back(it: History, number: int, fen: int) -> None:
    with it.shop.read() as connection:
        ids = [row.id for row in connection.execute(select(schema.case_remedy.c.id))]
    undo_remedy(it.shop, it.some(ids, number))


def give(it: History, number: int, fen: int) -> None:
    order = it.order(number)
    if fen % 4 == 0:
        undo_last_handover(it.shop, order.id)
    else:
        hand_over(it.shop, order.id)


def merge(it: History, number: int, fen: int) -> None:
    if it.merges:
        unmerge(it.shop, it.merges.pop())
        return
    keep, drop = (it.members[place] for place in ((0, 1) if fen % 2 else (1, 0)))
    versions = (it.row(schema.member, keep).version, it.row(schema.member, drop).version)
    it.merges.append(merge_members(it.shop, keep, drop, versions))


def wait(it: History, number: int, fen: int) -> None:
    it.clock.forward(days=1 + fen % 5, hours=number)


def settle(it: History, number: int, fen: int) -> None:
    due = it.due_now()
    assert commands.settle_points(by_clock(it.shop)) == len(due)
    it.settled |= due


def spend(it: History, number: int, fen: int) -> None:
    member = it.some(it.members, number)
    mine = _family_orders(it, member) & it.due_now()
    it.redeemed.append(redeem(it.shop, member, 1 + fen % 12))
    it.settled |= mine


def take_back(it: History, number: int, fen: int) -> None:
    give_back(it.shop, it.some(it.redeemed, number))


def by_hand(it: History, number: int, fen: int) -> None:
    member = it.some(it.members, number)
    mine = _family_orders(it, member) & it.due_now()
    commands.adjust_points(it.shop, member, fen % 40 - 10, "补记")
    it.settled |= mine


def _family_orders(it: History, member: int) -> set[int]:
    books = Books(it.shop)
    root = {row.id: row.merged_into or row.id for row in books["member"]}
    return {row.id for row in books["customer_order"] if root[row.member_id] == root[member]}


STEPS: tuple[Callable[[History, int, int], None], ...] = (
    place, place, change, bring, cancel, pay, pay, pay, round_off, refund, refund_line,
    undo_payment, weigh, top_up, complain, make_good, take_solution_back, give, give, merge, wait,
    wait, settle, spend, take_back, by_hand,
)  # fmt: skip
HISTORIES = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 5), st.integers(1, 2500)),
    min_size=8,
    max_size=30,
)


def play(shop: Shop, clock: FixedClock, steps: list[tuple[int, int, int]]) -> None:
    """Let a history happen to two new residents."""
    clock.moment = NOW
    started = _next(shop)
    it = History(shop, clock, [add_member(shop, f"邻居{started}{name}") for name in "甲乙"])
    place(it, 0, 1)
    money.pay_order(shop, it.orders[0])
    hand_over(shop, it.orders[0])
    it.settled |= _already_settled(shop)
    for step, number, fen in steps:
        clock.forward(seconds=1)
        try:
            STEPS[step](it, number, fen)
        except Refused:
            continue
        check(shop, it.orders)
    check(shop)
    _hold_balances(it)


def _next(shop: Shop) -> int:
    with shop.read() as connection:
        return len(connection.execute(select(schema.member.c.id)).all())


def _already_settled(shop: Shop) -> set[int]:
    return {row.order_id for row in Books(shop)["points_order"] if row.settled_at is not None}


def _hold_balances(it: History) -> None:
    books = Books(it.shop)
    settled = {row.order_id for row in books["points_order"] if row.settled_at is not None}
    assert settled == it.settled
    by_hand_ = balances(it.shop)
    with it.shop.read() as connection:
        found = queries.balances_in(connection, by_hand_)
        assert {key: (one.available, one.pending) for key, one in found.items()} == by_hand_
        below = {key: sums[0] for key, sums in by_hand_.items() if sums[0] < 0}
        assert queries.owing_in(connection) == below
        held = queries.held(connection)
    assert held.available == sum(max(0, sums[0]) for sums in by_hand_.values())
    assert held.pending == sum(sums[1] for sums in by_hand_.values())
    assert held.owed == -sum(below.values())


def stage(store: Store, place: Place, clock: FixedClock) -> Shop:
    """Three products, rounding to the tenth, delivery free from thirty yuan; points begin."""
    shop = shop_for(store, place, clock, add_person(store, "fang", "芳姐", Role.OWNER))
    stock_up(shop)
    commands.begin_points(shop, 1, 100)
    said = replace(shop.settings, round_off="jiao", delivery_fee_mode="free_from")
    return replace(shop, settings=said)


@pytest.fixture
def on_sqlite(sqlite_store: Store, place: Place, clock: FixedClock) -> Shop:
    return stage(sqlite_store, place, clock)


@pytest.fixture
def on_postgresql(postgres_store: Store, place: Place, clock: FixedClock) -> Shop:
    return stage(postgres_store, place, clock)


ONE_SHOP = (HealthCheck.function_scoped_fixture,)


@settings(max_examples=40, suppress_health_check=ONE_SHOP)
@given(steps=HISTORIES)
def test_the_ledger_says_what_a_second_reckoning_says(
    on_sqlite: Shop, clock: FixedClock, steps: list[tuple[int, int, int]]
) -> None:
    play(on_sqlite, clock, steps)


@pytest.mark.postgresql
@settings(max_examples=6, suppress_health_check=ONE_SHOP)
@given(steps=HISTORIES)
def test_it_does_on_postgresql_too(
    on_postgresql: Shop, clock: FixedClock, steps: list[tuple[int, int, int]]
) -> None:
    play(on_postgresql, clock, steps)
