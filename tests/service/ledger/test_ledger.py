"""The ledger: every case with what became of it, and what the asked ones add up to (R31)."""

from datetime import date, timedelta

import pytest

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.service.after_sales.rules import Cause, Defect, Result
from lib.service.ledger.queries import case_ids, choices, ledger, sums
from lib.service.ledger.rules import Kept, Standing, Wanted
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.after_sales.cast import set_to
from tests.service.cast import add_member, add_product, put
from tests.service.ledger import cast
from tests.service.ledger.cast import DAY, HOUR, add_case, at, breach, give, owe, remedy, solved
from tests.supply.cast import add_batch, add_supplier

TODAY = date(2026, 9, 25)
MONTH = Wanted(date(2026, 9, 1), date(2026, 9, 30))


def only(shop: Shop, **values: object):  # type: ignore[no-untyped-def]
    """The one row of the month."""
    (row,) = ledger(shop, Wanted(MONTH.first, MONTH.last, **values))  # type: ignore[arg-type]
    return row


def test_a_case_with_all_that_became_of_it(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "板", 2880, fresh=True)
    li, grower = add_member(shop, "小李"), add_supplier(shop)
    batch = add_batch(shop, eggs, 40, supplier_id=grower, unit_price_fen=2100)
    told = at(date(2026, 9, 20))
    case = add_case(
        shop,
        told,
        **solved(told, cause="transport", cause_note="颠的"),
        member_id=li,
        product_id=eggs,
        batch_id=batch,
        supplier_id=grower,
        bad=3,
        of_total=30,
        counted_in="pieces",
    )
    remedy(shop, case, amount_fen=288, freight_fen=500)
    remedy(shop, case, amount_fen=999, undone_at=NOW)
    owed = owe(shop, case, li, eggs, settled_at=NOW)
    give(shop, owed, eggs, 1, TODAY, batch_id=batch)
    put(shop, schema.case_follow_up, case_id=case, turn=1, result="satisfied", feedback="谢谢",
        by_resident=False, at=NOW)  # fmt: skip
    row = only(shop)
    assert (row.card.number, row.card.name, row.card.product) == ("A0001", "小李", "土鸡蛋")
    assert (row.supplier, row.cause, row.cause_note) == ("青禾合作社", Cause.TRANSPORT, "颠的")
    assert (row.refund, row.freight, row.goods_cost) == (Money(288), Money(500), Money(2100))
    assert (row.result, row.feedback, row.reopened) == (Result.SATISFIED, "谢谢", 0)
    assert (row.reply.kept, row.solution.kept) == (Kept.IN_TIME, Kept.IN_TIME)
    assert row.delivery is not None
    assert row.delivery.kept is Kept.IN_TIME
    found = sums(shop, MONTH)
    assert (found.count, found.refunds, found.freight) == (1, Money(288), Money(500))
    assert (found.goods_cost, found.late, found.reopened) == (Money(2100), 0, 0)


def test_staff_are_told_no_cost(shop: Shop, staff_shop: Shop) -> None:
    eggs, li = add_product(shop, "土鸡蛋", "板"), add_member(shop, "小李")
    case = add_case(shop, at(TODAY, 9), member_id=li, product_id=eggs)
    give(shop, owe(shop, case, li, eggs), eggs, 1, TODAY)
    assert only(shop).goods_cost == Money(399)
    row = only(staff_shop)
    assert row.goods_cost is None
    assert [each.cost for each in row.given] == [None]
    assert sums(staff_shop, MONTH).goods_cost is None


def test_late_is_how_late_and_never_how_old(shop: Shop) -> None:
    told = at(date(2026, 9, 20))
    add_case(shop, told, first_reply_at=told + 2 * HOUR, status="solved",
             turn_values={"solved_at": told + 30 * HOUR})  # fmt: skip
    row = only(shop)
    assert (row.reply.kept, row.reply.late) == (Kept.LATE, HOUR)
    assert (row.solution.kept, row.solution.late) == (Kept.LATE, 6 * HOUR)


def test_an_open_case_is_late_from_its_moment_on(shop: Shop) -> None:
    add_case(shop, NOW - 25 * HOUR)
    add_case(shop, NOW - 10 * timedelta(minutes=1))
    late = ledger(shop, Wanted(MONTH.first, MONTH.last, late_only=True))
    assert [row.card.id for row in late] == [1]
    assert (late[0].reply.late, late[0].solution.late) == (24 * HOUR, HOUR)
    new = ledger(shop, MONTH)[0]
    assert (new.reply.kept, new.solution.kept) == (Kept.RUNNING, Kept.RUNNING)
    assert sums(shop, MONTH).late == 1


def test_a_breach_in_the_books_is_late_whatever_the_clocks_say(shop: Shop) -> None:
    told = at(date(2026, 9, 20))
    case = add_case(shop, told, **solved(told))
    breach(shop, case, "solution", told + 2 * HOUR)
    row = only(shop, late_only=True)
    assert row.solution == row.solution.__class__(Kept.LATE, 3 * HOUR)


def test_a_photo_that_is_awaited_holds_the_solution(shop: Shop) -> None:
    told = NOW - 25 * HOUR
    case = add_case(shop, told, first_reply_at=told + HOUR / 2, status="waiting_photo")
    put(shop, schema.case_pause, case_id=case, turn=1, from_at=told + HOUR)
    assert only(shop).solution.kept is Kept.RUNNING
    assert ledger(shop, Wanted(MONTH.first, MONTH.last, late_only=True)) == ()


def test_what_hangs_on_doubles_of_doubles_is_of_the_case_kept(shop: Shop) -> None:
    told = at(date(2026, 9, 20))
    keep = add_case(shop, told, **solved(told))
    drop = add_case(shop, told, status="merged", merged_into=keep)
    deep = add_case(shop, told, status="merged", merged_into=drop)
    remedy(shop, keep, amount_fen=100)
    remedy(shop, deep, amount_fen=30, freight_fen=7)
    breach(shop, deep, "reply", told + HOUR)
    row = only(shop)
    assert (row.card.id, row.refund, row.freight) == (keep, Money(130), Money(7))
    assert row.reply.kept is Kept.LATE
    found = sums(shop, MONTH)
    assert (found.count, found.refunds, found.freight, found.late) == (1, Money(130), Money(7), 1)
    assert len(ledger(shop, Wanted(MONTH.first, MONTH.last, late_only=True))) == 1


def test_every_filter_leaves_what_was_asked_for(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    grower = add_supplier(shop)
    li = add_member(shop, "小李")
    told = at(date(2026, 9, 20))
    one = add_case(shop, told, product_id=eggs, supplier_id=grower, cause="grower", member_id=li)
    two = add_case(shop, told + HOUR, **solved(told), product_id=milk, product_name="牛奶",
                   said="酸了", defect="quality")  # fmt: skip
    gone = add_case(shop, told, status="withdrawn", closed_at=told)

    def found(**values: object) -> set[int]:
        wanted = Wanted(MONTH.first, MONTH.last, **values)  # type: ignore[arg-type]
        assert sums(shop, wanted).count == len(ledger(shop, wanted))
        assert set(case_ids(shop, wanted)) == {row.card.id for row in ledger(shop, wanted)}
        return {row.card.id for row in ledger(shop, wanted)}

    assert found() == {one, two, gone}
    assert found(product_id=eggs) == {one}
    assert found(supplier_id=grower) == {one}
    assert found(supplier_id=0) == {two, gone}
    assert found(cause=Cause.GROWER) == {one}
    assert found(cause="") == {two, gone}
    assert found(defect=Defect.QUALITY) == {two}
    assert found(standing=Standing.OPEN) == {one}
    assert found(standing=Standing.SOLVED) == {two}
    assert found(standing=Standing.WITHDRAWN) == {gone}
    assert found(text="小李") == {one}
    assert found(text="酸") == {two}
    assert found(text="a0001") == {one}
    assert found(text="100%") == set()
    assert found(case_ids=frozenset({two})) == {two}
    assert choices(shop, MONTH) == ({eggs: "土鸡蛋", milk: "牛奶"}, {grower: "青禾合作社"})
    assert sums(shop, MONTH).withdrawn == 1


def test_days_are_those_of_the_shops_wall(shop: Shop) -> None:
    add_case(shop, at(date(2026, 8, 31), 23, 59))
    add_case(shop, at(date(2026, 9, 1), 0, 0))
    add_case(shop, at(date(2026, 9, 30), 23, 59))
    add_case(shop, at(date(2026, 10, 1), 0, 0))
    assert {row.card.id for row in ledger(shop, MONTH)} == {2, 3}


def test_pages_follow_each_other(shop: Shop) -> None:
    for number in range(5):
        add_case(shop, at(date(2026, 9, 20)) + number * HOUR)
    pages = [ledger(shop, MONTH, limit=2, offset=first) for first in (0, 2, 4)]
    assert [[row.card.id for row in page] for page in pages] == [[5, 4], [3, 2], [1]]


def test_days_that_cannot_be_are_refused(shop: Shop) -> None:
    with pytest.raises(Refused, match="first day"):
        ledger(shop, Wanted(date(2026, 9, 2), date(2026, 9, 1)))
    with pytest.raises(Refused, match="two years"):
        sums(shop, Wanted(date(2020, 9, 2), date(2026, 9, 1)))


def test_residents_see_no_ledger(resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        ledger(resident_shop, MONTH)
    with pytest.raises(Refused):
        sums(resident_shop, MONTH)


def test_goods_taken_back_cost_nothing(shop: Shop) -> None:
    eggs, li = add_product(shop, "土鸡蛋", "板"), add_member(shop, "小李")
    case = add_case(shop, at(TODAY, 9), member_id=li, product_id=eggs)
    owed = owe(shop, case, li, eggs, quantity=3)
    first = give(shop, owed, eggs, 1, TODAY)
    give(shop, owed, eggs, 2, TODAY)
    give(shop, owed, eggs, -1, TODAY, takes_back=first)
    assert only(shop).goods_cost == Money(2 * 399)


def test_service_hours_are_the_cases_own(shop: Shop) -> None:
    hours = set_to(shop, service_hours_on=True)
    told = NOW - 2 * DAY
    case = add_case(shop, told, status="waiting_photo", first_reply_at=told)
    put(shop, schema.case_pause, case_id=case, turn=1, from_at=told + HOUR)
    assert only(hours).solution.kept is Kept.RUNNING
    assert hours.settings.time_zone == cast.ZONE
