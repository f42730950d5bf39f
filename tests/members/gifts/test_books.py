"""What gifts do to the books: a line of their own, no loss, no sale; recalls find them (E15)."""

from datetime import timedelta

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.members.gifts.commands import Why, give_gift, undo_gift
from lib.members.gifts.festivals.commands import give_festival_gift, plan_festival
from lib.supply.recall.commands import start_recall
from lib.supply.recall.presents.queries import given_without_order
from lib.supply.recall.queries import reach, recall
from lib.supply.stock.checks.queries import check_sums
from lib.supply.stock.commands import assign_loose
from lib.trust.books.queries import batch_shares
from lib.trust.books.rules import last_days, month_of, round_days
from lib.trust.costs.profit.queries import months, profit
from lib.trust.costs.profit.rules import Profit
from lib.trust.costs.rules import Part
from tests.members.gifts.cast import MOON, TODAY, Folk, add_batch, rows
from tests.trust.books.cast import add_round


def month(folk: Folk) -> Profit:
    return profit(folk.shop, month_of(TODAY, TODAY))


def test_gifts_are_a_line_of_their_own_and_no_loss(folk: Folk) -> None:
    before = month(folk)
    give_gift(folk.shop, folk.plan(), 1)
    folk.plan_moon()
    give_festival_gift(folk.shop, MOON, 2026, folk.chen)
    found = month(folk)
    assert (before.gifts, found.gifts) == (Money(0), Money(1500))
    assert found.totals == before.totals
    assert found.totals[Part.LOSS] == Money(0)
    assert found.cost == before.cost + Money(1500)
    assert found.kept == before.kept - Money(1500)
    assert [line.quantity for line in found.lines] == [line.quantity for line in before.lines]


def test_a_gift_taken_back_costs_nothing(folk: Folk) -> None:
    planned = folk.plan()
    give_gift(folk.shop, planned, 1)
    undo_gift(folk.shop, planned, 2)
    assert month(folk).gifts == Money(0)


def test_gifts_count_on_the_day_they_were_given(folk: Folk, clock: FixedClock) -> None:
    planned = folk.plan()
    clock.moment += timedelta(days=1)
    give_gift(folk.shop, planned, 1)
    assert profit(folk.shop, last_days(TODAY, 5)).gifts == Money(0)
    assert profit(folk.shop, last_days(TODAY + timedelta(days=1), 1)).gifts == Money(1200)
    assert months(folk.shop, 2)[-1].profit.gifts == Money(1200)


def test_a_round_gives_no_gifts(folk: Folk) -> None:
    give_gift(folk.shop, folk.plan(), 1)
    scope = round_days(add_round(folk.shop), TODAY, 30)
    assert profit(folk.shop, scope).gifts == Money(0)


def test_a_gift_is_no_sale_also_when_its_batch_comes_later(folk: Folk) -> None:
    """Seven jars are given while five lie there; the batch of the other two comes afterwards."""
    planned = folk.plan(folk.jar(7), over_budget=True)
    give_gift(folk.shop, planned, 1)
    before = month(folk)
    later = add_batch(folk.shop, folk.honey, 4, unit_price_fen=1300)
    with folk.shop.write("stock.test") as tx:
        assert assign_loose(tx, folk.honey, later, 4) == 2
    moved = rows(folk.shop, schema.stock_movement, gift_id=planned)
    assert sum(row.quantity for row in moved) == -7
    assert {row.kind for row in moved} == {"redeemed", "assigned"}
    assert month(folk).totals == before.totals
    assert month(folk).gifts == Money(5 * 1200 + 2 * 399), "fixed when it was given"
    assert batch_shares(folk.shop, month_of(TODAY, TODAY), folk.honey) == ()


def test_the_ledger_and_its_sums_agree(folk: Folk) -> None:
    planned = folk.plan(folk.jar(7), over_budget=True)
    give_gift(folk.shop, planned, 1)
    undo_gift(folk.shop, planned, 2)
    give_gift(folk.shop, planned, 3)
    assert check_sums(folk.shop) == ()


def test_a_recall_finds_who_got_its_goods_as_a_gift(folk: Folk) -> None:
    """小李 has a jar of the batch for certain; what 老陈 got without a batch may be of it."""
    before = reach(folk.shop, folk.honey_batch).gone
    give_gift(folk.shop, folk.plan(), 1)
    plan_festival(folk.shop, MOON, 2026, folk.jar(5), Why(over_budget=True))
    give_festival_gift(folk.shop, MOON, 2026, folk.chen)
    assert reach(folk.shop, folk.honey_batch).gone == before, "it is known who has them"
    number = start_recall(folk.shop, folk.honey_batch, "发霉", "别吃")
    found = given_without_order(folk.shop, recall(folk.shop, number))
    assert [(one.name, one.quantity, one.certain) for one in found] == [
        ("小李", 1, True), ("老陈", 4, True), ("老陈", 1, False),
    ]  # fmt: skip
