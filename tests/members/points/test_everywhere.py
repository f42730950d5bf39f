"""No command forgets the points: after each of them the ledger says what the books give (R36).

Whoever writes payments, lines, status, rounding, coupon or fee of an order lets :func:`follow` run
at the end. Here every command of every topic is done once on books in which points have begun, and
the ledger is held against the reckoning of the raw rows.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lib.db import schema
from lib.db.engine import open_store
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.members.points.commands import begin_points, follow
from lib.members.points.queries import rules_in
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Actor, Role, Shop
from lib.trade.orders import commands as orders
from lib.trade.orders.rules import Cancellation, Change, Wanted
from lib.trade.payments import commands as money
from tests.conftest import NOW, add_person
from tests.members.points.cast import version
from tests.members.points.reckoning import check
from tests.once import Act, Stage, Topic
from tests.test_once import TOPICS, commands
from tests.trade.orders.cast import EGGS, GREENS, TOFU, open_friday
from tests.trade.orders.test_orders import chain, incoming, keyed


def trade(shop: Shop) -> Stage:
    """A chain of three: one paid, one cancelled after paying, one unpaid; a balance."""
    round_id = open_friday(shop)
    booked = orders.book_intake(
        shop,
        round_id,
        chain(
            [
                keyed("a", "小李", Wanted(EGGS, 1000), Wanted(TOFU, 2)),
                keyed("b", "王姐", Wanted(TOFU, 3)),
                keyed("c", "老陈", Wanted(GREENS, 4), gross=Money(1400)),
            ],
        ),
    )
    paid, gone, platform = booked.added
    payment = money.pay_order(shop, paid)
    money.pay_order(shop, gone)
    orders.cancel_order(shop, gone, version(shop, gone), "不要了")
    unpaid = orders.add_order(shop, incoming(Wanted(EGGS, 1000), nickname="小李"))
    with shop.write("test.look") as tx:
        member = tx.row(schema.customer_order, paid).member_id
    money.top_up_balance(shop, member, Money(5000))
    known = {"round": round_id, "intake": booked.intake_id, "paid": paid, "gone": gone}
    return Stage({**known, "platform": platform, "unpaid": unpaid, "payment": payment,
                  "member": member, "line": 1})  # fmt: skip


def again(shop: Shop, it: Stage) -> object:
    """A newer paste: one order more, one changed, one gone."""
    booking = chain(
        [keyed("d", "新来的", Wanted(EGGS, 500), gross=Money(240), refunded=Money(40))],
        "b",
        basis=it.intake,
        changes=[Change(it.paid, version(shop, it.paid), keyed("a", "小李", Wanted(EGGS, 600)))],
        cancellations=[Cancellation(it.platform, 1, "no longer in the chain", Money(1400))],
    )
    return orders.book_intake(shop, it.round, booking)


TRADE: dict[str, Act] = {
    "orders.add_order": lambda shop, it: orders.add_order(shop, incoming(Wanted(EGGS, 500))),
    "orders.book_intake": again,
    "orders.cancel_order": lambda shop, it: orders.cancel_order(
        shop, it.paid, version(shop, it.paid), "不要了"
    ),
    "orders.restore_order": lambda shop, it: orders.restore_order(
        shop, it.gone, version(shop, it.gone)
    ),
    "orders.change_lines": lambda shop, it: orders.change_lines(
        shop, it.paid, version(shop, it.paid), [Wanted(GREENS, 1), Wanted(TOFU, 1)]
    ),
    "orders.change_pickup": lambda shop, it: orders.change_pickup(
        shop, it.paid, version(shop, it.paid), slot=None, delivery=True, note=""
    ),
    "orders.mark_checked": lambda shop, it: orders.mark_checked(
        shop, it.paid, version(shop, it.paid)
    ),
    "orders.save_mapping": lambda shop, it: orders.save_mapping(shop, "x", {"a": 1}),
    "payments.pay_order": lambda shop, it: money.pay_order(shop, it.unpaid, amount=Money(500)),
    "payments.pay_several": lambda shop, it: money.pay_several(shop, [it.unpaid]),
    "payments.top_up_balance": lambda shop, it: money.top_up_balance(shop, it.member, Money(100)),
    "payments.pay_out_balance": lambda shop, it: money.pay_out_balance(shop, it.member, Money(9)),
    "payments.refund_order": lambda shop, it: money.refund_order(
        shop, it.paid, Money(300), "坏了", "balance"
    ),
    "payments.refund_line": lambda shop, it: money.refund_line(shop, it.line, Money(300), "坏了"),
    "payments.reverse_payment": lambda shop, it: money.reverse_payment(shop, it.payment),
    "payments.weigh_line": lambda shop, it: money.weigh_line(shop, it.line, 700),
    "payments.cash_up": lambda shop, it: money.cash_up(shop, shop.today, Money(0)),
}

ALL = (*TOPICS, Topic("lib.trade", trade, TRADE, heavy=()))
NAMED = [(topic, name) for topic in ALL for name in sorted(topic.acts)]


def test_every_command_of_orders_and_payments_is_here() -> None:
    found = commands("lib.trade")
    wanted = {f"lib.trade.{name}" for name in TRADE}
    assert {one for one in found if one.split(".")[2] in ("orders", "payments")} == wanted


@dataclass(frozen=True)
class Made:
    """Books made once for a topic: where they lie, the stage they hold, and the owner."""

    folder: Path
    stage: Any
    owner: Actor


def _made(topic: Topic, folder: Path, template: Path, *, begins: bool) -> Made:
    place = Place.at(folder / "data")
    place.prepare()
    shutil.copy(template, place.folder / "shop.db")
    store = open_store(place.database_url)
    try:
        owner = add_person(store, "fang", "芳姐", Role.OWNER)
        shop = shop_for(store, place, FixedClock(NOW), owner)
        if begins:
            begin_points(shop, 1, 100)
        stage = topic.set_the_stage(shop)
        with shop.write("test.follow") as tx:  # stages put rows straight into the tables
            tx.at_end(follow)
        check(shop)
        with shop.read() as connection:
            assert rules_in(connection), topic.root
        store.checkpoint()
    finally:
        store.close()
    return Made(place.folder, stage, owner)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Callable[[str], Made]]:
    """Return the books of a topic in which points have begun, made when first asked for."""

    def make(root: str) -> Made:
        topic = next(each for each in ALL if each.root == root)
        try:
            return _made(topic, tmp_path_factory.mktemp("points"), sqlite_template, begins=True)
        except Refused:  # its stage begins points itself
            return _made(topic, tmp_path_factory.mktemp("points"), sqlite_template, begins=False)

    yield cache(make)


@pytest.mark.parametrize(
    ("topic", "name"), NAMED, ids=[f"{topic.root}.{name}" for topic, name in NAMED]
)
def test_after_every_command_the_ledger_says_what_the_books_give(
    made: Callable[[str], Made], tmp_path: Path, topic: Topic, name: str
) -> None:
    of = made(topic.root)
    place = Place.at(tmp_path / "copy")
    shutil.copytree(of.folder, place.folder)
    store = open_store(place.database_url)
    shop = shop_for(store, place, FixedClock(NOW + timedelta(hours=1)), of.owner)
    topic.acts[name](shop, of.stage)
    check(shop)
    store.close()
