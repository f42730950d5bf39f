"""What happens around a complaint while it runs: orders cancelled, goods weighed.

Each of these works, or is refused with a sentence; no fen and no promise is lost.
"""

from datetime import timedelta
from typing import Any

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.members.profiles.commands import merge_members, unmerge
from lib.service.after_sales import commands, queries
from lib.service.after_sales.remedies.commands import solve, undo_remedy
from lib.service.after_sales.remedies.rules import Kind, Remedy, Solution
from lib.service.after_sales.rules import CountedIn, Defect
from lib.service.owed import commands as owed
from lib.service.owed.queries import owed_of
from lib.service.pickup import commands as pickup
from lib.shop.shop import Shop
from lib.supply.recall.commands import start_recall
from lib.supply.stock.checks.queries import check_sums
from lib.trade.orders.commands import cancel_order, change_lines, restore_order
from lib.trade.orders.rules import Wanted
from lib.trade.payments.commands import pay_order, top_up_balance, weigh_line
from lib.trade.payments.queries import money_of
from lib.trade.payments.rules import OrderMoney
from lib.trade.products.commands import archive_product
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, breaches, opened, record, row, rows, version
from tests.service.cast import add_order


def refund(fen: int, method: str = "cash") -> Solution:
    """So much money back; what else was promised the resident does not want."""
    return Solution((Remedy(Kind.REFUND, None, Money(fen)),), method, below_pledge="居民只要退款")


def one_more(quantity: int = 1) -> Solution:
    return Solution((Remedy(Kind.ONE_MORE, quantity),), below_pledge="居民只要补货")


def agree(shop: Shop, case_id: int, solution: Solution) -> Any:
    """Solve a case as it stands and return what was done."""
    solve(shop, case_id, version(shop, case_id), solution)
    return rows(shop, schema.case_remedy, case_id=case_id)[-1]


def money(bought: Bought, order_id: int | None = None) -> OrderMoney:
    order = bought.order if order_id is None else order_id
    return money_of(bought.shop, [order])[order]


def uncollected(bought: Bought, eggs: int = 2, tomatoes: int = 1000) -> tuple[int, list[int]]:
    """An order of 小李 that still waits: eggs for 28.80 each, tomatoes for 4.80 the jin."""
    return add_order(
        bought.shop, bought.li, 30, (bought.eggs, eggs), (bought.tomatoes, tomatoes),
        placed_at=bought.shop.clock.now() - timedelta(hours=5),
    )  # fmt: skip


def about(bought: Bought, line_id: int, **values: Any) -> int:
    """A complaint about all of an order line."""
    about_it = cast.new(line_id, **{"bad": None, "counted_in": None, **values})
    return commands.open_case(bought.shop, about_it)


def stock(shop: Shop) -> list[tuple[str, int]]:
    """How far batches are from the ledger: the fixture puts its sales in by hand."""
    found = check_sums(shop)
    return [(one.of, one.booked - one.ledger) for one in found if one.what == "batch"]


def test_a_cancelled_order_has_nothing_left_to_pay_back_for_a_complaint(bought: Bought) -> None:
    order, (line, _other) = uncollected(bought)
    pay_order(bought.shop, order)
    case = about(bought, line)
    cancel_order(bought.shop, order, 1, "居民不要了")

    before = money(bought, order)
    with pytest.raises(Refused):
        agree(bought.shop, case, refund(100))
    assert money(bought, order) == before
    assert before.overpaid == Money(5760 + 960)


def test_what_was_taken_off_comes_back_when_its_order_was_cancelled_and_restored(
    bought: Bought,
) -> None:
    order, (line, _other) = uncollected(bought)
    done = agree(bought.shop, about(bought, line), refund(500))
    cancel_order(bought.shop, order, 2, "先不要")
    assert money(bought, order).due == Money(0)
    undo_remedy(bought.shop, done.id)
    restore_order(
        bought.shop, order, int(rows(bought.shop, schema.customer_order, id=order)[0].version)
    )

    assert money(bought, order).due == Money(5760 + 960)


def test_weighed_down_after_the_refund_nothing_is_charged_twice(bought: Bought) -> None:
    order, (_eggs, line) = uncollected(bought)
    pay_order(bought.shop, order)
    case = about(bought, line, defect=Defect.DAMAGED)
    agree(bought.shop, case, refund(900))
    weigh_line(bought.shop, line, 500)

    stands = money(bought, order)
    assert (stands.net, stands.owed, stands.overpaid) == (
        Money(5760 + 960 - 900), Money(5760), Money(60),
    )  # fmt: skip


def test_weighed_below_what_was_taken_off_is_refused(bought: Bought) -> None:
    order, (_eggs, line) = uncollected(bought)
    agree(bought.shop, about(bought, line, defect=Defect.DAMAGED), refund(900))
    with pytest.raises(Refused):
        weigh_line(bought.shop, line, 500)
    assert money(bought, order).due == Money(5760 + 60)


def test_a_complaint_is_paid_beside_what_was_paid_too_much(bought: Bought) -> None:
    order, (_eggs, line) = uncollected(bought)
    pay_order(bought.shop, order)
    weigh_line(bought.shop, line, 900)
    agree(bought.shop, about(bought, line, defect=Defect.DAMAGED), refund(50))

    stands = money(bought, order)
    assert (stands.overpaid, stands.allowance) == (Money(96), Money(50))


def test_a_line_cancelled_after_its_complaint(bought: Bought) -> None:
    order, (line, _other) = uncollected(bought)
    case = about(bought, line)
    change_lines(bought.shop, order, 1, [Wanted(bought.tomatoes, 1000)])

    with pytest.raises(Refused):
        agree(bought.shop, case, refund(1))
    done = agree(bought.shop, case, one_more())
    assert money(bought, order).due == Money(960)
    assert [each.quantity for each in owed_of(bought.shop, bought.li)] == [1]
    undo_remedy(bought.shop, done.id)
    assert owed_of(bought.shop, bought.li)[0].cancelled_at is not None


def test_a_solution_stays_with_the_purchase_it_was_given_for(bought: Bought) -> None:
    order, (line, other) = uncollected(bought)
    case = about(bought, line)
    done = agree(bought.shop, case, refund(500))
    with pytest.raises(Refused):
        commands.match_case(bought.shop, case, version(bought.shop, case), bought.li, other)
    undo_remedy(bought.shop, done.id)
    commands.match_case(bought.shop, case, version(bought.shop, case), bought.li, other)

    assert {number: one.left for number, one in money(bought, order).lines.items()} == {
        line: Money(5760), other: Money(960),
    }  # fmt: skip


def test_two_files_of_one_resident_joined_while_a_case_runs(bought: Bought) -> None:
    shop = bought.shop
    case = opened(bought)
    agree(shop, case, Solution((Remedy(Kind.REFUND, None, Money(288)),)))
    commands.reopen(shop, case, version(shop, case), "还有坏的")
    pay_order(shop, bought.order)
    top_up_balance(shop, bought.wang, Money(1000))
    goods = agree(shop, case, one_more())
    merge = merge_members(shop, bought.wang, bought.li, (1, 1))

    found = queries.case_of(shop, case)
    assert found is not None and found.member_id == bought.wang
    assert bought.line in {each.line_id for each in queries.purchases(shop, bought.wang)}
    assert [each.id for each in owed_of(shop, bought.wang)] == [goods.owed_id]
    undo_remedy(shop, goods.id)
    agree(shop, case, refund(300, "balance"))
    owed_now = owed_of(shop, bought.wang)
    assert owed_now[0].cancelled_at is not None
    unmerge(shop, merge)
    again = queries.case_of(shop, case)
    assert again is not None and again.member_id == bought.li


def test_goods_taken_out_of_use_are_still_owed_and_given(bought: Bought) -> None:
    shop, case = bought.shop, opened(bought)
    goods, before = agree(shop, case, one_more()), stock(shop)
    archive_product(shop, bought.eggs)

    owed.give_owed(shop, goods.owed_id)
    assert owed_of(shop, bought.li)[0].given == 1
    other = opened(bought, counted_in=CountedIn.UNITS, bad=1)
    agree(shop, other, Solution((Remedy(Kind.REFUND, 1, Money(2880)), Remedy(Kind.ONE_MORE, 1))))
    assert stock(shop) == before


def test_a_batch_called_back_holds_owed_goods_and_nothing_else(bought: Bought) -> None:
    shop = bought.shop
    goods, before = agree(shop, opened(bought), one_more()), stock(shop)
    order, (_eggs, tomatoes) = uncollected(bought, tomatoes=500)
    start_recall(shop, bought.batch, "沙门氏菌", "请带回来")

    with pytest.raises(Refused, match="is stopped or past its date"):
        owed.give_owed(shop, goods.owed_id)
    with pytest.raises(Refused, match="is stopped or past its date"):
        pickup.hand_over(shop, order)
    pickup.hand_over(shop, order, {tomatoes: 500})
    assert owed_of(shop, bought.li)[0].given == 0
    assert owed_of(shop, bought.li)[0].settled_at is None
    assert stock(shop) == before


def test_settings_changed_while_a_case_runs_move_no_promise_that_was_given(
    bought: Bought, clock: FixedClock
) -> None:
    case = opened(bought)
    shop = cast.set_to(bought.shop, reply_minutes=5, solve_hours=1, owed_days=1)
    clock.forward(minutes=30)
    record(shop)
    assert breaches(shop, case) == []
    goods = agree(shop, case, one_more())
    later = cast.set_to(shop, fresh_part="share_and_one_more")
    clock.forward(days=2)
    record(later)

    assert breaches(later, case) == [("delivery", 1)]
    assert rows(later, schema.owed_goods, id=goods.owed_id)[0].due_at < clock.now()


def test_a_clock_set_back_breaks_nothing_and_loses_nothing(
    bought: Bought, clock: FixedClock
) -> None:
    shop, case = bought.shop, opened(bought)
    cast.ask(shop, case)
    clock.forward(hours=-3)
    commands.resume(shop, case, version(shop, case))
    cast.reply(shop, case)
    done = agree(shop, case, one_more())
    undo_remedy(shop, done.id)
    agree(shop, case, refund(288))
    commands.reopen(shop, case, version(shop, case), "又坏了")
    clock.forward(hours=2)
    record(shop)

    assert breaches(shop, case) == []
    kept = row(shop, case)
    assert (kept.status, kept.turn) == ("working", 2)
    due = cast.turn(shop, case).solve_due_at
    assert due >= kept.reported_at + timedelta(hours=24)
