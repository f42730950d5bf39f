"""Statements and claims in the books (R2). Today is Friday 25 September 2026."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.statements import commands, queries
from lib.supply.statements.rules import Body, ClaimDetails, ClaimStatus, State
from tests.conftest import NOW
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier

LAST, THIS = date(2026, 9, 14), date(2026, 9, 21)
WEDNESDAY = date(2026, 9, 16)
LONG_AGO = NOW - timedelta(days=90)


def add_partner(shop: Shop, name: str = "青禾合作社", since: datetime = LONG_AGO) -> int:
    return add_supplier(shop, name, created_at=since)


def close(shop: Shop, supplier: int, week: date = LAST) -> int:
    """Close the week as it stands."""
    found = queries.statement(shop, supplier, week)
    return commands.close_statement(shop, supplier, week, found.body if found else Body())


def of(shop: Shop, supplier: int, week: date) -> queries.Statement:
    """The statement, which must be there."""
    found = queries.statement(shop, supplier, week)
    assert found is not None
    return found


def test_received_times_cost_less_claims(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=LAST, rejected=500)
    add_batch(shop, eggs, 250, supplier_id=supplier, arrived_on=date(2026, 9, 20),
              unit_price_fen=555)  # fmt: skip
    add_batch(shop, eggs, 999, supplier_id=supplier, arrived_on=date(2026, 9, 13))
    claim = commands.add_claim(shop, supplier, ClaimDetails(Money(800), "坏了两斤", 1000))
    commands.decide_claim(shop, claim, 1, ClaimStatus.ACCEPTED, "认", WEDNESDAY)
    found = of(shop, supplier, LAST)
    assert [(line.accepted, line.rejected, line.amount) for line in found.body.lines] == [
        (5000, 500, Money(4000)),
        (250, 0, Money(278)),
    ]
    assert found.body.payable == Money(3478)
    assert found.state is State.TO_CLOSE


def test_a_week_without_deliveries_is_said_not_hidden(shop: Shop) -> None:
    supplier = add_partner(shop)
    found = queries.statements(shop, LAST)
    assert [(each.supplier_id, each.state, each.body.is_empty) for each in found] == [
        (supplier, State.NOTHING, True)
    ]
    assert queries.due(shop).to_close == ()


def test_a_supplier_has_no_statement_before_it_was_known(shop: Shop) -> None:
    """Fault of other systems: a supplier is not judged for weeks before it existed."""
    supplier = add_partner(shop, since=datetime(2026, 9, 20, 15, 59, tzinfo=NOW.tzinfo))
    later = add_partner(shop, "周一才来", datetime(2026, 9, 20, 16, 0, tzinfo=NOW.tzinfo))
    assert [each.supplier_id for each in queries.statements(shop, LAST)] == [supplier]
    assert {each.supplier_id for each in queries.statements(shop, THIS)} == {supplier, later}


def test_closing_freezes_the_lines(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=WEDNESDAY)
    close(shop, supplier)
    with shop.store.write() as connection:
        connection.execute(
            update(schema.batch).where(schema.batch.c.id == batch).values(received=4000)
        )
    found = of(shop, supplier, LAST)
    assert (found.body.payable, found.state) == (Money(4000), State.TO_PAY)
    told = queries.corrections(shop, found)
    assert [(each.before, each.now) for each in told] == [(Money(4000), Money(3200))]


def test_an_undone_batch_is_told_on_a_closed_statement(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=WEDNESDAY)
    close(shop, supplier)
    with shop.store.write() as connection:
        connection.execute(update(schema.batch).values(undone_at=NOW))
    assert [each.now for each in queries.corrections(shop, of(shop, supplier, LAST))] == [Money(0)]
    assert of(shop, supplier, THIS).body.is_empty


def test_a_running_week_and_a_missing_price_are_not_closed(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 500, supplier_id=supplier, arrived_on=TODAY)
    with pytest.raises(Refused, match="runs until Sunday"):
        close(shop, supplier, THIS)
    add_batch(shop, eggs, 500, supplier_id=supplier, arrived_on=LAST, unit_price_fen=None)
    with pytest.raises(Refused, match="has no price"):
        close(shop, supplier, LAST)


def test_a_statement_is_closed_once_and_only_as_it_was_seen(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    seen = of(shop, supplier, LAST).body
    add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=WEDNESDAY)
    with pytest.raises(Conflict, match="changed since you looked"):
        commands.close_statement(shop, supplier, LAST, seen)
    close(shop, supplier)
    with pytest.raises(Conflict, match="closed already"):
        close(shop, supplier)


def test_a_delivery_entered_after_closing_is_on_the_next_open_week(
    shop: Shop, clock: FixedClock
) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=LAST)
    close(shop, supplier)
    late = add_batch(shop, eggs, 1000, supplier_id=supplier, arrived_on=WEDNESDAY)
    found = of(shop, supplier, THIS)
    assert [(line.batch_id, line.late, line.arrived_on) for line in found.body.lines] == [
        (late, True, WEDNESDAY)
    ]
    assert of(shop, supplier, LAST).body.payable == Money(4000)
    clock.forward(days=5)
    assert [(each.supplier_id, each.week) for each in queries.due(shop).to_close] == [
        (supplier, THIS)
    ]
    close(shop, supplier, THIS)
    later = add_batch(shop, eggs, 300, supplier_id=supplier, arrived_on=WEDNESDAY,
                      created_at=clock.now())  # fmt: skip
    following = of(shop, supplier, THIS + timedelta(days=7))
    assert [line.batch_id for line in following.body.lines] == [later]
    assert following.body.payable + of(shop, supplier, THIS).body.payable == Money(1040)


def test_no_delivery_is_lost_or_counted_twice(shop: Shop, clock: FixedClock) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    weeks = [LAST + timedelta(days=7 * number) for number in range(4)]
    entered = []
    for week in weeks[:3]:
        clock.moment = datetime(week.year, week.month, week.day, 4, tzinfo=NOW.tzinfo)
        clock.forward(days=8)
        for arrived in (week, week - timedelta(days=3), LAST):
            entered.append(
                add_batch(
                    shop,
                    eggs,
                    500,
                    supplier_id=supplier,
                    arrived_on=arrived,
                    created_at=clock.now(),
                )
            )
        close(shop, supplier, week)
    on_statements = [
        line.batch_id
        for week in [LAST - timedelta(days=7), *weeks]
        for line in of(shop, supplier, week).body.lines
    ]
    assert sorted(on_statements) == sorted(entered)


def test_what_is_due(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    other = add_partner(shop, "米厂")
    add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=WEDNESDAY)
    add_batch(shop, eggs, 5000, supplier_id=other, arrived_on=WEDNESDAY)
    add_batch(shop, eggs, 5000, supplier_id=other, arrived_on=TODAY)
    close(shop, supplier)
    commands.add_claim(shop, supplier, ClaimDetails(Money(800), "坏了"))
    due = queries.due(shop)
    assert [(each.supplier_name, each.week) for each in due.to_close] == [("米厂", LAST)]
    assert [(each.supplier_id, each.payable) for each in due.to_pay] == [(supplier, Money(4000))]
    assert due.open_claims == 1


def test_paid_with_evidence_and_taken_back(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=WEDNESDAY)
    made = close(shop, supplier)
    tomorrow, before = TODAY + timedelta(days=1), LAST - timedelta(days=1)
    for day, how in ((TODAY, " "), (tomorrow, "转账"), (before, "转账")):
        with pytest.raises(Refused):
            commands.mark_paid(shop, made, 1, day, how)
    with pytest.raises(NotFound):
        commands.mark_paid(shop, made, 1, TODAY, "转账", "b" * 64)
    commands.mark_paid(shop, made, 1, TODAY, "微信转账")
    found = of(shop, supplier, LAST)
    assert (found.state, found.paid_on, found.paid_how) == (State.SETTLED, TODAY, "微信转账")
    assert queries.due(shop).to_pay == ()
    with pytest.raises(Conflict):
        commands.mark_paid(shop, made, 2, TODAY, "现金")
    commands.unmark_paid(shop, made)
    assert of(shop, supplier, LAST).state is State.TO_PAY


def test_claims_larger_than_the_goods_are_owed_by_the_supplier(shop: Shop) -> None:
    supplier = add_partner(shop)
    claim = commands.add_claim(shop, supplier, ClaimDetails(Money(800), "整箱坏了"))
    commands.decide_claim(shop, claim, 1, ClaimStatus.ACCEPTED, "", WEDNESDAY)
    close(shop, supplier)
    assert queries.due(shop).to_pay[0].payable == Money(-800)


def test_nothing_is_paid_on_an_empty_statement(shop: Shop) -> None:
    made = close(shop, add_partner(shop))
    with pytest.raises(Refused, match="nothing to pay"):
        commands.mark_paid(shop, made, 1, TODAY, "转账")


def test_a_claim_is_about_a_batch_of_its_supplier(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 900, supplier_id=supplier, arrived_on=WEDNESDAY, rejected=100)
    other = add_partner(shop, "米厂")
    with pytest.raises(Refused, match="another supplier"):
        commands.add_claim(shop, other, ClaimDetails(Money(5), "坏了"), batch)
    with pytest.raises(Refused, match="more than came"):
        commands.add_claim(shop, supplier, ClaimDetails(Money(5), "坏了", 1001), batch)
    commands.add_claim(shop, supplier, ClaimDetails(Money(5), "坏了", 1000), batch)
    found = queries.claims(shop, supplier)[0]
    assert (found.product, found.quantity, found.status) == ("土鸡蛋", 1000, ClaimStatus.OPEN)
    assert [one.id for one in queries.claimable(shop, supplier)] == [batch]


def test_an_answer_is_taken_back_only_while_its_week_is_open(shop: Shop) -> None:
    supplier = add_partner(shop)
    claim = commands.add_claim(shop, supplier, ClaimDetails(Money(800), "坏了"))
    commands.decide_claim(shop, claim, 1, ClaimStatus.ACCEPTED, "认", WEDNESDAY)
    with pytest.raises(Refused, match="decided already"):
        commands.decide_claim(shop, claim, 2, ClaimStatus.DECLINED)
    commands.reopen_claim(shop, claim)
    assert queries.claims(shop, supplier)[0].status is ClaimStatus.OPEN
    commands.decide_claim(shop, claim, 3, ClaimStatus.ACCEPTED, "认", WEDNESDAY)
    close(shop, supplier)
    assert queries.claims(shop, supplier)[0].week_closed
    with pytest.raises(Refused, match="is closed for this supplier"):
        commands.reopen_claim(shop, claim)


def test_a_later_claim_goes_to_a_later_week(shop: Shop) -> None:
    supplier = add_partner(shop)
    close(shop, supplier)
    claim = commands.add_claim(shop, supplier, ClaimDetails(Money(800), "坏了"))
    with pytest.raises(Refused, match="is closed for this supplier"):
        commands.decide_claim(shop, claim, 1, ClaimStatus.ACCEPTED, "", WEDNESDAY)
    with pytest.raises(Refused, match="future"):
        commands.decide_claim(shop, claim, 1, ClaimStatus.ACCEPTED, "", TODAY + timedelta(days=1))
    commands.decide_claim(shop, claim, 1, ClaimStatus.ACCEPTED)
    assert of(shop, supplier, THIS).body.payable == Money(-800)


def test_a_declined_claim_costs_nothing_and_can_be_reopened(shop: Shop) -> None:
    supplier = add_partner(shop)
    claim = commands.add_claim(shop, supplier, ClaimDetails(Money(800), "坏了"))
    commands.decide_claim(shop, claim, 1, ClaimStatus.DECLINED, "不是我们的", WEDNESDAY)
    assert of(shop, supplier, LAST).body.is_empty
    close(shop, supplier)
    commands.reopen_claim(shop, claim)


def test_an_altered_statement_is_not_shown(shop: Shop) -> None:
    supplier, eggs = add_partner(shop), add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=WEDNESDAY)
    close(shop, supplier)
    with shop.store.write() as connection:
        connection.execute(
            text("UPDATE supplier_statement SET received_fen = 1, payable_fen = 1 - claims_fen")
        )
    with pytest.raises(Refused, match="altered"):
        queries.statements(shop, LAST)


def test_statements_are_the_owners(shop: Shop, staff_shop: Shop) -> None:
    supplier = add_partner(shop)
    asked = (
        lambda: queries.statements(staff_shop, LAST),
        lambda: queries.due(staff_shop),
        lambda: queries.claims(staff_shop),
    )
    for ask in asked:
        with pytest.raises(Refused):
            ask()
    with pytest.raises(Refused):
        commands.close_statement(staff_shop, supplier, LAST, Body())
