"""Points become goods or coupons, once, and come back when that is taken back (R37)."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.members.points.commands import adjust_points
from lib.members.profiles.commands import merge_members, unmerge
from lib.members.rewards import commands, queries
from lib.members.rewards.rules import Kind
from lib.service.owed.commands import cancel_owed, give_owed
from lib.service.owed.queries import open_owed
from lib.service.owed.rules import Source
from lib.shop.shop import FormKey, Repeated, Shop
from lib.supply.stock.checks.queries import check_sums
from tests.conftest import NOW
from tests.members.rewards.cast import EGGS, Giving, change, rows
from tests.service.cast import TODAY


def test_redeemed_with_a_remainder_the_rest_stays(giving: Giving) -> None:
    """650 points: six times 100 for eggs, 50 are left; a seventh is refused."""
    redemption = commands.redeem(giving.shop, giving.li, giving.for_eggs, 6)
    assert giving.points() == 50
    (row,) = rows(giving.shop, schema.redemption)
    assert (row.id, row.times, row.points) == (redemption, 6, 600)
    with pytest.raises(Refused, match="50 points are available, 100 are needed"):
        commands.redeem(giving.shop, giving.li, giving.for_eggs)
    assert len(rows(giving.shop, schema.redemption)) == 1
    assert giving.points() == 50


def test_goods_are_owed_join_the_next_order_and_leave_the_stock_when_given(giving: Giving) -> None:
    shop = giving.shop
    commands.redeem(shop, giving.li, giving.for_eggs, 2)
    (owed,) = rows(shop, schema.owed_goods)
    assert (owed.source, owed.quantity, owed.product_name) == ("points", 1000, "土鸡蛋")
    order = giving.order(7)
    with shop.read() as connection:
        (seen,) = open_owed(connection, TODAY)
    assert (seen.order_id, seen.source, seen.open) == (order, Source.POINTS, 1000)
    assert rows(shop, schema.stock_movement, kind="redeemed") == []
    give_owed(shop, owed.id)
    (moved,) = rows(shop, schema.stock_movement, kind="redeemed")
    assert (moved.quantity, moved.batch_id) == (-1000, giving.batch)
    assert queries.redemptions_of(shop, giving.li)[0].open == 0
    assert check_sums(shop) == ()


def test_handed_over_at_once_leaves_the_stock_in_the_same_step(giving: Giving) -> None:
    commands.redeem(giving.shop, giving.li, giving.for_eggs, at_once=True)
    (owed,) = rows(giving.shop, schema.owed_goods)
    assert owed.settled_at == NOW
    assert rows(giving.shop, schema.batch, id=giving.batch)[0].on_hand == 9_500
    with giving.shop.read() as connection:
        assert open_owed(connection, TODAY) == []


def test_coupons_are_issued_one_for_each_time(giving: Giving) -> None:
    _redemption, codes = giving.coupon(3)
    assert len(set(codes)) == 3
    assert giving.points() == 50
    for one in queries.coupons_of(giving.shop, giving.li):
        assert (one.value, one.threshold) == (Money(1000), Money(3000))
        assert one.valid_until == TODAY + timedelta(days=90)


@pytest.mark.parametrize("times", [0, -1, 51])
def test_how_often_has_its_bounds(giving: Giving, times: int) -> None:
    with pytest.raises(Refused, match="once to 50 times"):
        commands.redeem(giving.shop, giving.li, giving.for_eggs, times)


def test_what_is_not_offered_is_not_given(giving: Giving) -> None:
    shop = giving.shop
    commands.end_reward(shop, giving.for_eggs, 1)
    with pytest.raises(Conflict, match="not offered now"):
        commands.redeem(shop, giving.li, giving.for_eggs)
    with pytest.raises(NotFound):
        commands.redeem(shop, giving.li, 99)
    again = commands.add_reward(shop, giving.terms(EGGS))
    change(shop, schema.product, giving.eggs, stopped_at=NOW, stop_reason="检测不合格")
    with pytest.raises(Refused, match="土鸡蛋 is not sold at present"):
        commands.redeem(shop, giving.li, again)
    change(shop, schema.member, giving.wang, erased_at=NOW)
    with pytest.raises(Refused, match="anonymous"):
        commands.redeem(shop, giving.wang, giving.for_coupon)
    assert giving.points() == 650


def test_nothing_returns_to_a_file_made_anonymous(giving: Giving) -> None:
    """Its points lapsed: taking a redemption back or entering points would bring some back."""
    shop, redemption = giving.shop, giving.coupon()[0]
    change(shop, schema.member, giving.li, erased_at=NOW)
    with pytest.raises(Refused, match="anonymous"):
        commands.undo_redemption(shop, redemption, 1, "算了")
    with pytest.raises(Refused, match="anonymous"):
        adjust_points(shop, giving.li, 50, "补记")
    assert giving.points() == 450


def test_terms_that_change_while_somebody_looks_are_not_redeemed(giving: Giving) -> None:
    """Versions: what was promised is never changed under the hand."""
    shop = giving.shop
    commands.change_reward(shop, giving.for_eggs, 1, giving.terms(replace(EGGS, points=300)))
    with pytest.raises(Conflict, match="terms changed"):
        commands.redeem(shop, giving.li, giving.for_eggs)


def test_taken_back_the_points_return_and_nothing_is_owed(giving: Giving) -> None:
    shop = giving.shop
    redemption = commands.redeem(shop, giving.li, giving.for_eggs, 2)
    with pytest.raises(Refused, match="Say why"):
        commands.undo_redemption(shop, redemption, 1, "  ")
    with pytest.raises(Conflict):
        commands.undo_redemption(shop, redemption, 9, "点错了")
    commands.undo_redemption(shop, redemption, 1, "点错了")
    assert giving.points() == 650
    (row,) = rows(shop, schema.redemption)
    assert (row.undone_at, row.undo_reason) == (NOW, "点错了")
    assert rows(shop, schema.owed_goods)[0].cancelled_at == NOW
    with pytest.raises(Refused, match="taken back already"):
        commands.undo_redemption(shop, redemption, 2, "再来")
    assert giving.points() == 650


def test_goods_with_the_resident_come_back_first_or_in_the_same_step(giving: Giving) -> None:
    shop = giving.shop
    redemption = commands.redeem(shop, giving.li, giving.for_eggs, 2, at_once=True)
    with pytest.raises(Refused, match="were handed over"):
        commands.undo_redemption(shop, redemption, 1, "退回")
    assert giving.points() == 450
    commands.undo_redemption(shop, redemption, 1, "退回", goods_back=True)
    assert giving.points() == 650
    assert rows(shop, schema.batch, id=giving.batch)[0].on_hand == 10_000
    assert check_sums(shop) == ()
    with shop.read() as connection:
        assert open_owed(connection, TODAY) == []


def test_given_in_part_it_is_taken_back_whole(giving: Giving) -> None:
    shop = giving.shop
    redemption = commands.redeem(shop, giving.li, giving.for_eggs, 2)
    give_owed(shop, rows(shop, schema.owed_goods)[0].id, 300)
    assert queries.redemption(shop, redemption).open == 700  # type: ignore[union-attr]
    commands.undo_redemption(shop, redemption, 1, "退回", goods_back=True)
    assert rows(shop, schema.batch, id=giving.batch)[0].on_hand == 10_000
    assert giving.points() == 650


def test_unused_coupons_are_void_and_a_used_one_comes_off_first(giving: Giving) -> None:
    shop = giving.shop
    redemption, codes = giving.coupon(2)
    order = giving.order(1)
    commands.use_coupon(shop, order, codes[0])
    with pytest.raises(Refused, match="The coupon is on order 1"):
        commands.undo_redemption(shop, redemption, 1, "不要了")
    assert giving.points() == 250
    commands.take_coupon_off(shop, order)
    commands.undo_redemption(shop, redemption, 1, "不要了")
    assert giving.points() == 650
    for code in codes:
        with pytest.raises(Refused, match="was taken back"):
            commands.use_coupon(shop, order, code)


def test_a_coupon_that_ran_out_gives_points_back_only_by_the_owner(
    giving: Giving, staff_shop: Shop, clock: FixedClock
) -> None:
    redemption, _codes = giving.coupon()
    clock.forward(days=91)
    with pytest.raises(Refused, match="ran out on"):
        commands.undo_redemption(staff_shop, redemption, 1, "过期")
    commands.undo_redemption(giving.shop, redemption, 1, "过期")
    assert giving.points() == 650


def test_goods_of_points_are_not_cancelled_at_the_desk_without_their_points(
    giving: Giving,
) -> None:
    commands.redeem(giving.shop, giving.li, giving.for_eggs)
    owed = rows(giving.shop, schema.owed_goods)[0]
    with pytest.raises(Refused, match="were given for points"):
        cancel_owed(giving.shop, owed.id, owed.version, "不要了")
    assert giving.points() == 550


def test_a_merged_file_spends_and_shows_what_both_have(giving: Giving) -> None:
    """Merged and taken apart again, a redemption stays with who made it."""
    shop = giving.shop
    commands.redeem(shop, giving.li, giving.for_eggs)
    merge_members(shop, giving.wang, giving.li, (1, 1))
    commands.redeem(shop, giving.wang, giving.for_coupon)
    commands.redeem(shop, giving.li, giving.for_coupon)
    assert giving.points(giving.wang) == 150
    seen = queries.redemptions_of(shop, giving.wang)
    assert [one.kind for one in seen] == [Kind.COUPON, Kind.COUPON, Kind.PRODUCT]
    assert {one.member_id for one in seen} == {giving.wang}
    assert len(queries.coupons_of(shop, giving.wang)) == 2
    (merge,) = rows(shop, schema.member_merge)
    unmerge(shop, merge.id)
    assert [one.kind for one in queries.redemptions_of(shop, giving.li)] == [Kind.PRODUCT]


def test_the_same_form_redeems_once(giving: Giving) -> None:
    bound = giving.shop.once(FormKey.of("form", "values"))
    redemption = commands.redeem(bound, giving.li, giving.for_eggs)
    with pytest.raises(Repeated) as known:
        commands.redeem(bound, giving.li, giving.for_eggs)
    assert known.value.result == redemption
    assert giving.points() == 550


def test_two_browsers_cannot_spend_the_same_points(giving: Giving) -> None:
    """650 points, two times four hundred at the same moment: one wins, the other is told."""
    barrier, refused = threading.Barrier(2), []

    def redeem_two() -> None:
        barrier.wait()
        try:
            commands.redeem(giving.shop, giving.li, giving.for_coupon, 2)
        except Refused as error:
            refused.append(error.sentence)

    threads = [threading.Thread(target=redeem_two) for _each in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 1
    assert giving.points() == 250


def test_staff_redeem_and_residents_do_not(
    giving: Giving, staff_shop: Shop, resident_shop: Shop
) -> None:
    commands.redeem(staff_shop, giving.li, giving.for_eggs)
    for act in (
        lambda: commands.redeem(resident_shop, giving.li, giving.for_eggs),
        lambda: queries.redemptions_of(resident_shop, giving.li),
        lambda: queries.coupons_of(resident_shop, giving.li),
        lambda: queries.rewards_now(resident_shop),
        lambda: queries.liability(staff_shop),
        lambda: queries.all_rewards(staff_shop),
    ):
        with pytest.raises(Refused):
            act()
