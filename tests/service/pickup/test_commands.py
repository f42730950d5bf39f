"""Handing over, taking back, moving: on both databases."""

import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.service.picking.queries import Bag
from lib.service.picking.rules import Collected
from lib.service.pickup.commands import (
    hand_over,
    move_slot,
    undo_handover,
    undo_last_handover,
)
from lib.service.pickup.queries import bag_of, slot_load
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.payments.commands import pay_order, refund_order, reverse_payment
from lib.trade.payments.commands import refund_line as book_line_refund
from tests.service.cast import (
    TODAY,
    add_member,
    add_order,
    add_product,
    refund_line,
)


@dataclass
class Scene:
    shop: Shop
    eggs: int
    noodles: int
    member: int
    order: int
    egg_line: int
    noodle_line: int

    @property
    def bag(self) -> Bag:
        bag = bag_of(self.shop, self.order)
        assert bag is not None
        return bag


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """小李 of 3-201 ordered 1 jin of eggs and 3 packs of noodles."""
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    noodles = add_product(shop, "挂面", "包", 650)
    member = add_member(shop, "小李", phone="13800000831", phone_tail="0831", initials="xl")
    order, (egg_line, noodle_line) = add_order(
        shop, member, 12, (eggs, 500), (noodles, 3), home=("3", None, "201")
    )
    return Scene(shop, eggs, noodles, member, order, egg_line, noodle_line)


def ledger(shop: Shop) -> list[tuple[int, int]]:
    table = schema.handover
    with shop.read() as connection:
        rows = connection.execute(select(table.c.line_id, table.c.quantity).order_by(table.c.id))
        return [(row[0], row[1]) for row in rows]


def actions(shop: Shop) -> list[str]:
    with shop.read() as connection:
        table = schema.journal
        return list(connection.execute(select(table.c.action).order_by(table.c.id)).scalars())


def test_handing_over_all(scene: Scene) -> None:
    ids = hand_over(scene.shop, scene.order)
    assert len(ids) == 2
    assert ledger(scene.shop) == [(scene.egg_line, 500), (scene.noodle_line, 3)]
    assert scene.bag.state is Collected.DONE
    assert actions(scene.shop) == ["pickup.hand_over"]


def test_handing_over_a_part_then_the_rest(scene: Scene) -> None:
    hand_over(scene.shop, scene.order, {scene.noodle_line: 2, scene.egg_line: 0})
    assert scene.bag.state is Collected.PART
    with pytest.raises(Refused, match=r"Of 挂面 only 1包 is left"):
        hand_over(scene.shop, scene.order, {scene.noodle_line: 2})
    hand_over(scene.shop, scene.order)
    assert ledger(scene.shop) == [
        (scene.noodle_line, 2),
        (scene.egg_line, 500),
        (scene.noodle_line, 1),
    ]


def test_the_second_at_the_counter_is_told_who_was_faster(scene: Scene, staff_shop: Shop) -> None:
    hand_over(staff_shop, scene.order)
    with pytest.raises(Refused, match=r"小吴 already handed this over at 09-25 10:30"):
        hand_over(scene.shop, scene.order)
    assert len(ledger(scene.shop)) == 2


def test_two_staff_at_once_give_the_goods_once(scene: Scene, staff_shop: Shop) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def give(shop: Shop) -> None:
        start.wait()
        try:
            hand_over(shop, scene.order)
            outcomes.append("given")
        except Refused:
            outcomes.append("refused")

    people = [scene.shop, staff_shop] * 4
    threads = [threading.Thread(target=give, args=(shop,)) for shop in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given"] + ["refused"] * 7
    assert len(ledger(scene.shop)) == 2


def test_a_double_click_is_one_handing_over(scene: Scene) -> None:
    form = FormKey.of("desk-1", [scene.order])
    ids = hand_over(scene.shop.once(form), scene.order, {scene.noodle_line: 1})
    with pytest.raises(Repeated) as repeated:
        hand_over(scene.shop.once(form), scene.order, {scene.noodle_line: 1})
    assert repeated.value.result == ids
    assert ledger(scene.shop) == [(scene.noodle_line, 1)]


def test_a_line_paid_back_in_full_stays_in_the_shop(scene: Scene) -> None:
    refund_line(scene.shop, scene.order, scene.egg_line, scene.member, 480)
    hand_over(scene.shop, scene.order)
    assert ledger(scene.shop) == [(scene.noodle_line, 3)]
    assert scene.bag.state is Collected.DONE
    with pytest.raises(Refused):
        hand_over(scene.shop, scene.order, {scene.egg_line: 500})


def test_a_share_paid_back_does_not_hold_the_goods(scene: Scene) -> None:
    refund_line(scene.shop, scene.order, scene.egg_line, scene.member, 200)
    hand_over(scene.shop, scene.order)
    assert (scene.egg_line, 500) in ledger(scene.shop)


def test_an_order_paid_back_as_a_whole_stays_in_the_shop(scene: Scene) -> None:
    pay_order(scene.shop, scene.order, "cash")
    refund_order(scene.shop, scene.order, scene.bag.money.paid - Money(1), "没来", "cash")
    assert scene.bag.state is Collected.OPEN, "a share was paid back"
    refund_order(scene.shop, scene.order, Money(1), "没来", "cash")
    assert scene.bag.state is Collected.NOTHING
    assert slot_load(scene.shop, TODAY).orders == 0
    with pytest.raises(Refused):
        hand_over(scene.shop, scene.order)


def test_a_refunded_line_through_the_books(scene: Scene) -> None:
    pay_order(scene.shop, scene.order)
    refund = book_line_refund(scene.shop, scene.egg_line, Money(480), "坏了")
    assert [line.product for line in scene.bag.open_lines] == ["挂面"]
    assert scene.bag.money.balance == Money(0)
    reverse_payment(scene.shop, refund)
    assert len(scene.bag.open_lines) == 2


def test_a_refund_taken_back_releases_the_goods_again(scene: Scene) -> None:
    refund = refund_line(scene.shop, scene.order, scene.egg_line, scene.member, 480)
    with scene.shop.store.write() as connection:
        row = connection.execute(select(schema.payment)).mappings().one()
        opposite = {**row, "id": refund + 1, "kind": "reversal", "reverses_id": refund}
        undone = {**opposite, "amount_fen": 480, "forgiven_fen": -480}
        connection.execute(insert(schema.payment).values(undone))
    assert [line.outstanding for line in scene.bag.lines] == [500, 3]


def test_cancelled_lines_and_orders_are_not_handed_over(scene: Scene) -> None:
    line, order = schema.order_line, schema.customer_order
    with scene.shop.store.write() as connection:
        connection.execute(
            update(line)
            .where(line.c.id == scene.egg_line)
            .values(cancelled_at=scene.shop.clock.now())
        )
    assert scene.bag.open_lines[0].product == "挂面"
    with scene.shop.store.write() as connection:
        connection.execute(update(order).values(status="cancelled"))
    with pytest.raises(Refused, match="cancelled"):
        hand_over(scene.shop, scene.order)
    with pytest.raises(NotFound):
        hand_over(scene.shop, 999)


def test_residents_hand_nothing_over(scene: Scene, resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        hand_over(resident_shop, scene.order)


def test_undo_brings_everything_back(scene: Scene, clock: FixedClock) -> None:
    hand_over(scene.shop, scene.order, {scene.noodle_line: 1})
    clock.forward(minutes=1)
    ids = hand_over(scene.shop, scene.order)
    undo_handover(scene.shop, ids)
    assert scene.bag.lines[1].handed == 1
    with pytest.raises(Refused, match="already taken back"):
        undo_handover(scene.shop, ids)
    undo_last_handover(scene.shop, scene.order)
    assert scene.bag.state is Collected.OPEN
    with pytest.raises(Refused, match="Nothing of this order"):
        undo_last_handover(scene.shop, scene.order)
    hand_over(scene.shop, scene.order)
    assert scene.bag.state is Collected.DONE
    assert len(ledger(scene.shop)) == 3 + 3 + 2, "nothing was deleted"


@pytest.mark.parametrize("ids", [[], [99], [1, 99]])
def test_undo_of_what_never_was(scene: Scene, ids: list[int]) -> None:
    hand_over(scene.shop, scene.order)
    with pytest.raises(NotFound):
        undo_handover(scene.shop, ids)
    assert scene.bag.state is Collected.DONE


def test_an_undo_cannot_itself_be_undone(scene: Scene) -> None:
    ids = undo_handover(scene.shop, hand_over(scene.shop, scene.order))
    with pytest.raises(NotFound):
        undo_handover(scene.shop, ids)


def test_two_staff_undo_once(scene: Scene, staff_shop: Shop) -> None:
    ids, outcomes = hand_over(scene.shop, scene.order), []

    def take_back(shop: Shop) -> None:
        try:
            undo_handover(shop, ids)
            outcomes.append("undone")
        except Refused:
            outcomes.append("refused")

    threads = [
        threading.Thread(target=take_back, args=(one,)) for one in [scene.shop, staff_shop] * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["undone"]
    assert sum(quantity for _, quantity in ledger(scene.shop)) == 0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("give"), st.integers(-1, 700), st.integers(0, 5)),
        st.tuples(st.just("all"), st.just(0), st.just(0)),
        st.tuples(st.just("undo"), st.just(0), st.just(0)),
        st.tuples(st.just("weigh"), st.integers(0, 600), st.just(0)),
    ),
    max_size=8,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_the_ledger_holds_whatever_happens(
    scene: Scene, clock: FixedClock, steps: list[tuple[str, int, int]]
) -> None:
    order, lines = add_order(
        scene.shop,
        scene.member,
        next_number(scene.shop),
        (scene.eggs, 500),
        (scene.noodles, 3),
    )
    for step, first, second in steps:
        clock.forward(seconds=1)
        with suppress(Refused):
            play(scene.shop, order, lines, step, first, second)
        assert_within(scene.shop, order, weighed=any(one[0] == "weigh" for one in steps))
    undo_everything(scene.shop, order, clock)
    bag = bag_of(scene.shop, order)
    assert bag is not None
    assert [line.handed for line in bag.lines] == [0, 0]


def assert_within(shop: Shop, order: int, *, weighed: bool) -> None:
    """Never less than nothing, never more than ordered (or than was once weighed)."""
    bag = bag_of(shop, order)
    assert bag is not None
    eggs, noodles = bag.lines
    assert 0 <= eggs.handed <= (600 if weighed else 500)
    assert 0 <= noodles.handed <= 3


def next_number(shop: Shop) -> int:
    with shop.read() as connection:
        table = schema.customer_order
        return int(connection.execute(select(func.max(table.c.number))).scalar() or 0) + 1


def play(shop: Shop, order: int, lines: list[int], step: str, first: int, second: int) -> None:
    if step == "give":
        hand_over(shop, order, {lines[0]: first, lines[1]: second})
    elif step == "all":
        hand_over(shop, order)
    elif step == "undo":
        undo_last_handover(shop, order)
    else:
        table = schema.order_line
        with shop.store.write() as connection:
            connection.execute(update(table).where(table.c.id == lines[0]).values(quantity=first))


def undo_everything(shop: Shop, order: int, clock: FixedClock) -> None:
    for _ in range(20):
        clock.forward(seconds=1)
        try:
            undo_last_handover(shop, order)
        except Refused:
            return
    pytest.fail("there is always a last handing over")


def test_moving_to_another_slot_and_day(scene: Scene) -> None:
    tomorrow = TODAY + timedelta(days=1)
    add_order(scene.shop, scene.member, 7, (scene.eggs, 500), pickup_day=tomorrow)
    assert move_slot(scene.shop, scene.order, "noon", TODAY, 1) == 12
    with pytest.raises(Conflict):
        move_slot(scene.shop, scene.order, "evening", TODAY, 1)
    assert move_slot(scene.shop, scene.order, None, tomorrow, 2) == 8, "numbers go on from 7"
    assert (scene.bag.day, scene.bag.slot, scene.bag.number) == (tomorrow, None, 8)
    assert actions(scene.shop) == ["pickup.move_slot"] * 2


def test_times_nobody_can_collect_at(scene: Scene) -> None:
    closed = TODAY + timedelta(days=2)
    with scene.shop.store.write() as connection:
        connection.execute(insert(schema.closed_day).values(day=closed, reason="中秋"))
    for slot, day, sentence in (
        ("midnight", TODAY, "does not exist"),
        ("noon", TODAY - timedelta(days=1), "over"),
        ("noon", closed, "closed"),
    ):
        with pytest.raises(Refused, match=sentence):
            move_slot(scene.shop, scene.order, slot, day, 1)
    hand_over(scene.shop, scene.order)
    with pytest.raises(Refused, match="left"):
        move_slot(scene.shop, scene.order, "noon", TODAY, 1)
