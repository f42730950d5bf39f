"""The demo shop shows service as it is lived: every state and clock, money adds up (E18)."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.service.after_sales import queries as after_sales
from lib.service.after_sales.clocks import State
from lib.service.after_sales.rules import Source, Status
from lib.service.delivery import queries as delivery
from lib.service.delivery.needs import queries as needs
from lib.service.delivery.needs.rules import State as Need
from lib.service.ledger.causes.queries import month_causes
from lib.service.ledger.causes.rules import Trend
from lib.service.ledger.letters import queries as letters
from lib.service.owed.queries import open_now
from lib.service.owed.rules import Age
from lib.service.packing import queries as packing
from lib.service.reminders import queries as reminders
from lib.service.reminders.rules import How
from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.supply.statements.rules import ClaimStatus
from lib.trade.packaging.rules import Packaging
from lib.trade.payments.queries import money_of
from tests.demo.conftest import filled

pytestmark = pytest.mark.timeout(400)
"""The first test of a process fills the shop, which a busy machine does slowly."""

WARNING = timedelta(hours=4)
_case, _remedy, _owed = schema.after_sales_case, schema.case_remedy, schema.owed_goods


def _counts(books: Premises, column: Any) -> Counter[str]:
    query = select(column, func.count()).group_by(column)
    with books.store.read() as connection:
        return Counter({name: int(count) for name, count in connection.execute(query)})


def test_every_room_of_service_has_something(books: Premises) -> None:
    with books.store.read() as connection:
        for name, least in (
            ("after_sales_case", 35),
            ("case_photo", 4),
            ("case_pause", 1),
            ("case_merge", 1),
            ("case_link", 2),
            ("case_follow_up", 25),
            ("owed_goods", 5),
            ("owed_handover", 2),
            ("supplier_letter", 3),
            ("pickup_notice", 20),
            ("delivery_need", 3),
            ("delivery_done", 10),
            ("packaging_entry", 100),
        ):
            table = schema.metadata.tables[name]
            found = connection.execute(select(func.count()).select_from(table)).scalar_one()
            assert found >= least, name


def test_cases_stand_in_every_state_and_went_every_way(books: Premises) -> None:
    assert set(_counts(books, _case.c.status)) == set(Status)
    assert set(_counts(books, _case.c.source)) == set(Source)
    assert _counts(books, _case.c.turn)[2] >= 1  # type: ignore[index]
    assert {"refund", "one_more", "exchange"} <= set(_counts(books, _remedy.c.kind))
    results = _counts(books, schema.case_follow_up.c.result)
    assert results["satisfied"] > results["no_answer"] >= 1
    assert results["not_satisfied"] == 1


def test_the_board_waits_for_the_newcomer(owner: Shop) -> None:
    now = owner.clock.now()
    board = after_sales.board(owner)
    states = {card.solution.state(now, WARNING) for card in board}
    assert states >= {State.LATE, State.SOON, State.PAUSED, State.IN_ORDER, State.MET}
    due = after_sales.due(owner)
    assert len(due.replies) == 2
    assert [card.by_resident for card in due.unmatched] == [True]
    assert all(card.reply.left(now) > timedelta(0) for card in due.replies)
    assert [card.solution.left(now) < timedelta(0) for card in due.solutions].count(True) == 1
    assert due.follow_ups
    assert all(card.follow_up_on == owner.today for card in due.follow_ups)


def test_each_broken_promise_is_written_once_when_it_ran_out(books: Premises, owner: Shop) -> None:
    breach = schema.case_breach
    with books.store.read() as connection:
        rows = connection.execute(select(breach)).all()
    assert {row.clock for row in rows} == {"reply", "solution", "delivery"}
    assert all(timedelta(0) < row.recorded_at - row.due_at < timedelta(hours=1) for row in rows)
    for card in after_sales.board(owner):
        late = card.solution.met_at is None and card.solution.left(owner.clock.now()) < timedelta(0)
        assert late == any(
            row.case_id == card.id and row.clock == "solution" and row.turn == card.turn
            for row in rows
        )


def test_money_given_back_adds_up_and_nothing_is_owed_twice(books: Premises, owner: Shop) -> None:
    with books.store.read() as connection:
        remedies = connection.execute(select(_remedy).where(_remedy.c.undone_at.is_(None))).all()
        payment = schema.payment
        query = select(payment.c.id, payment.c.amount_fen).where(payment.c.case_id.is_not(None))
        paid = {row.id: row.amount_fen for row in connection.execute(query)}
        owed = connection.execute(select(_owed).where(_owed.c.source == "case")).all()
        gave = schema.owed_handover
        sums = select(gave.c.owed_id, func.sum(gave.c.quantity)).group_by(gave.c.owed_id)
        given = {owed_id: int(quantity) for owed_id, quantity in connection.execute(sums)}
        orders = connection.execute(select(_case.c.order_id).distinct()).scalars().all()
    for row in remedies:
        back = -paid.get(row.payment_id, 0)
        assert row.amount_fen == row.taken_off_fen + back
        assert (row.kind in ("one_more", "exchange")) == (row.owed_id is not None)
    assert sorted(paid) == sorted(row.payment_id for row in remedies if row.payment_id)
    assert sorted(row.id for row in owed) == sorted(row.owed_id for row in remedies if row.owed_id)
    assert all(given.get(row.id, 0) == (row.quantity if row.settled_at else 0) for row in owed)
    for found in money_of(owner, [one for one in orders if one is not None]).values():
        assert found.owed >= Money(0)


def test_goods_are_owed_late_in_todays_bag_and_to_nobody_with_an_order(owner: Shop) -> None:
    found = open_now(owner)
    ages = Counter(one.age(owner.clock.now(), owner.settings) for one in found)
    assert ages[Age.LATE] == 1
    assert [one for one in found if one.order_id is not None and one.pick_day == owner.today]
    assert [one for one in found if one.order_id is None and one.pick_day > owner.today]


def test_one_supplier_does_better_and_one_worse_and_letters_say_so(owner: Shop) -> None:
    last = months_later(owner.today.replace(day=1), -1)
    trends = {one.name: one.trend for one in month_causes(owner, last).suppliers}
    assert trends["青禾蔬菜合作社"] is Trend.BETTER
    assert trends["勾庄果品行"] is Trend.WORSE
    cards = letters.letters(owner, last)
    written = [letters.letter(owner, card.id) for card in cards if card.claim is not None]
    assert [one for one in written if one.body.pictures and one.sent_at is not None]
    before = letters.letters(owner, months_later(last, -1))
    assert ClaimStatus.ACCEPTED in {one.answer for one in (*cards, *before)}


def test_complaints_off_the_shelf_name_their_batch(books: Premises) -> None:
    query = select(_case.c.batch_id, _case.c.product_name).where(
        _case.c.line_id.is_(None), _case.c.closed_at.is_not(None)
    )
    with books.store.read() as connection:
        rows = connection.execute(query).all()
    assert len([row for row in rows if row.batch_id is not None]) >= 20


def test_lists_were_made_at_their_times_and_most_were_sent(owner: Shop) -> None:
    found = reminders.notices(owner, owner.today - timedelta(days=14), owner.today)
    assert not [one for one in found if one.late]
    told = Counter(one.how for one in found if one.waiting)
    assert told[How.SENT] > told[How.MISSED] >= 1
    assert reminders.due(owner)


def test_doors_were_walked_and_todays_walk_is_open(books: Premises, owner: Shop) -> None:
    left = set(_counts(books, schema.delivery_done.c.left_with))
    assert {"hand", "door", "neighbour"} <= left
    today = delivery.walk(owner, owner.today)
    assert len(today.stops) == 2
    assert len(today.undecided) == len(today.brought) == 1
    states = Counter(one.state for one in needs.needs(owner))
    assert states == {Need.RUNNING: 2, Need.ENDING: 1}


def test_material_was_counted_and_one_is_to_be_bought(books: Premises, owner: Shop) -> None:
    assert [one.material for one in packing.due(owner)] == [Packaging.BUBBLE_WRAP]
    assert all(one.on_hand is not None and one.on_hand > 0 for one in packing.stock(owner))
    packed = schema.packed_material
    query = select(packed.c.material, packed.c.quantity).where(packed.c.quantity > packed.c.ruled)
    with books.store.read() as connection:
        assert (Packaging.ICE_PACK.value, 2) in connection.execute(query).all()


@pytest.fixture
def elsewhen(tmp_path: Path) -> Iterator[Premises]:
    """The demo shop filled ten minutes after a month began, when everybody sleeps."""
    premises = filled(tmp_path, datetime(2027, 2, 28, 16, 10, tzinfo=UTC))
    yield premises
    premises.store.close()


def test_it_is_told_at_any_hour(elsewhen: Premises) -> None:
    assert {"new", "working", "waiting_photo", "solved", "closed"} <= set(
        _counts(elsewhen, _case.c.status)
    )
    assert set(_counts(elsewhen, schema.case_breach.c.clock)) >= {"solution", "delivery"}
    assert _counts(elsewhen, schema.supplier_letter.c.month)
