"""What is brought: the walk, decisions, the touch at the door and its undo, on both databases."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.profiles.rules import Home
from lib.service.delivery import commands
from lib.service.delivery.needs.commands import end_need
from lib.service.delivery.queries import Walk, due, hints_of, walk
from lib.service.delivery.rules import Verdict
from lib.service.owed.commands import Promise, promise
from lib.service.picking.queries import Scope, pack_slips
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.service.pickup.queries import bag_of
from lib.shop.shop import Shop
from lib.trade.orders.commands import cancel_order
from lib.trade.payments.commands import pay_order, refund_order
from tests.service.cast import TODAY, add_order
from tests.service.delivery.cast import Lane, day, lane, need, row, rows, version


@pytest.fixture
def here(shop: Shop) -> Lane:
    return lane(shop)


def names(found: Walk) -> dict[str, list[str]]:
    return {
        "stops": [stop.bag.name for stop in found.stops],
        "undecided": [stop.bag.name for stop in found.undecided],
        "proposed": [bag.name for bag in found.proposed],
        "brought": [one.name for one in found.brought],
        "declined": [one.name for one in found.declined],
    }


def on(shop: Shop, days: int = 0, hours: int = 0) -> Shop:
    return replace(shop, clock=FixedClock(shop.clock.now() + timedelta(days=days, hours=hours)))


def stock_out(shop: Shop) -> int:
    moved = schema.stock_movement
    with shop.read() as connection:
        query = select(func.coalesce(func.sum(moved.c.quantity), 0)).where(moved.c.kind == "sold")
        return int(connection.execute(query).scalar_one())


def test_the_day_at_a_glance(shop: Shop, here: Lane) -> None:
    found = walk(shop, TODAY)
    assert names(found) == {
        "stops": ["王奶奶"],
        "undecided": ["小陈", "远客"],
        "proposed": ["李叔"],
        "brought": [],
        "declined": [],
    }
    assert Counter(stop.verdict for stop in found.undecided) == {
        Verdict.DECIDE: 1,
        Verdict.ASK_HOME: 1,
    }
    (stop,) = found.stops
    assert (stop.hint, stop.need_until, stop.due) == ("按两下门铃", day(29), Money.of("7.80"))
    assert found.due == Money.of("7.80")
    assert walk(shop, TODAY, "morning").stops == ()
    assert names(walk(shop, TODAY, "evening")) == names(found)


def test_all_of_the_day_are_marked_with_one_touch(shop: Shop, here: Lane) -> None:
    ids = [bag.order_id for bag in walk(shop, TODAY).proposed]
    assert commands.mark_for_delivery(shop, ids) == [here.orders["李叔"]]
    found = walk(shop, TODAY)
    assert names(found)["stops"] == ["李叔", "王奶奶"], "the third floor before the twelfth"
    assert found.proposed == ()
    marked = row(shop, schema.customer_order, here.orders["李叔"])
    assert (marked["delivery"], marked["delivery_fee_fen"]) == (True, 300)
    with pytest.raises(Refused, match="None of these"):
        commands.mark_for_delivery(shop, ids)


def test_what_changed_meanwhile_is_not_marked(shop: Shop, here: Lane) -> None:
    order = here.orders["李叔"]
    cancel_order(shop, order, version(shop, order), "改天")
    with pytest.raises(Refused, match="None of these"):
        commands.mark_for_delivery(shop, [order, here.orders["小陈"]])


def test_brought_anyway_stays_with_who_decided(shop: Shop, here: Lane) -> None:
    order = here.orders["小陈"]
    with pytest.raises(Refused, match="Decide first"):
        commands.mark_brought(shop, order, "hand")
    commands.bring_anyway(shop, order)
    found = walk(shop, TODAY)
    assert names(found)["stops"] == ["王奶奶", "小陈"]
    assert found.stops[1].decided_by == "芳姐"
    with pytest.raises(Refused, match="brought already"):
        commands.bring_anyway(shop, order)
    commands.undo_decision(shop, order)
    assert names(walk(shop, TODAY))["undecided"] == ["小陈", "远客"]
    with pytest.raises(Refused, match="Nothing was decided"):
        commands.undo_decision(shop, order)


def test_the_resident_collects_instead_and_pays_no_fee(shop: Shop, here: Lane) -> None:
    order = here.orders["小陈"]
    commands.collect_instead(shop, order, version(shop, order))
    found = walk(shop, TODAY)
    assert (names(found)["undecided"], names(found)["declined"]) == (["远客"], ["小陈"])
    collected = row(shop, schema.customer_order, order)
    assert (collected["delivery"], collected["delivery_fee_fen"]) == (False, 0)
    with pytest.raises(Conflict):
        commands.collect_instead(shop, order, 1)
    commands.undo_decision(shop, order)
    assert names(walk(shop, TODAY))["undecided"] == ["小陈", "远客"]
    assert row(shop, schema.customer_order, order)["delivery_fee_fen"] == 300


def test_who_collects_today_is_not_proposed_again(shop: Shop, here: Lane) -> None:
    order = here.orders["李叔"]
    commands.collect_instead(shop, order, version(shop, order))
    assert walk(shop, TODAY).proposed == ()
    with pytest.raises(Refused):
        commands.mark_for_delivery(shop, [order])
    commands.undo_decision(shop, order)
    assert names(walk(shop, TODAY))["proposed"] == ["李叔"]
    assert row(shop, schema.customer_order, order)["delivery"] is False


def test_an_order_without_a_building_asks_for_it(shop: Shop, here: Lane) -> None:
    order = here.orders["远客"]
    for try_it in (commands.bring_anyway, lambda one, it: commands.mark_brought(one, it, "hand")):
        with pytest.raises(Refused, match="Ask for the building"):
            try_it(shop, order)
    with pytest.raises(Refused, match="Ask for the building"):
        commands.set_home(shop, order, version(shop, order), Home.of(room="201"))
    commands.set_home(shop, order, version(shop, order), Home.of(building="9号楼", room="201室"))
    (stop,) = [one for one in walk(shop, TODAY).undecided if one.bag.name == "远客"]
    assert (stop.verdict, str(stop.bag.home)) == (Verdict.DECIDE, "9-201")


def test_nothing_is_brought_beyond_the_community(shop: Shop, here: Lane) -> None:
    near = replace(shop, settings=replace(shop.settings, delivery_homes="1-3"))
    far = replace(shop, settings=replace(shop.settings, delivery_homes="5-9"))
    commands.bring_anyway(shop, here.orders["小陈"])
    assert names(walk(near, TODAY))["stops"] == ["王奶奶"]
    assert names(walk(far, TODAY))["stops"] == ["小陈"]
    assert walk(far, TODAY).proposed == ()
    with pytest.raises(Refused, match="3-1-1203 lies outside"):
        commands.mark_brought(far, here.orders["王奶奶"], "hand")
    with pytest.raises(Refused, match="5-101 lies outside"):
        commands.mark_brought(near, here.orders["小陈"], "hand")


def test_brought_hands_everything_over_once(shop: Shop, here: Lane) -> None:
    order = here.orders["王奶奶"]
    done = commands.mark_brought(shop, order, "neighbour", "给 1204")
    found = walk(shop, TODAY)
    assert (names(found)["stops"], names(found)["brought"]) == ([], ["王奶奶"])
    (one,) = found.brought
    assert (one.left_with, one.note, one.by, one.id) == ("neighbour", "给 1204", "芳姐", done)
    assert stock_out(shop) == -500
    with pytest.raises(Refused, match="Nothing of this order is left"):
        commands.mark_brought(shop, order, "hand")
    assert stock_out(shop) == -500


def test_undone_the_goods_are_in_the_shop_again_and_money_stays(shop: Shop, here: Lane) -> None:
    order = here.orders["王奶奶"]
    pay_order(shop, order, "cash")
    done = commands.mark_brought(shop, order, "hand")
    commands.undo_brought(shop, done)
    assert names(walk(shop, TODAY))["stops"] == ["王奶奶"]
    assert (stock_out(shop), walk(shop, TODAY).stops[0].due) == (0, Money(0))
    with pytest.raises(Refused, match="already taken back"):
        commands.undo_brought(shop, done)
    with pytest.raises(NotFound):
        commands.undo_brought(shop, 99)
    commands.mark_brought(shop, order, "door")
    assert len(rows(shop, schema.delivery_done)) == 2


def test_goods_taken_back_at_the_desk_are_to_be_brought_again(shop: Shop, here: Lane) -> None:
    order = here.orders["王奶奶"]
    first = commands.mark_brought(shop, order, "hand")
    undo_last_handover(shop, order)
    found = walk(shop, TODAY)
    assert (names(found)["stops"], names(found)["brought"]) == (["王奶奶"], [])
    commands.mark_brought(shop, order, "hand")
    assert row(shop, schema.delivery_done, first)["undone_at"] is not None
    assert stock_out(shop) == -500


def test_undo_after_the_desk_took_the_goods_back(shop: Shop, here: Lane) -> None:
    done = commands.mark_brought(shop, here.orders["王奶奶"], "hand")
    undo_last_handover(shop, here.orders["王奶奶"])
    commands.undo_brought(shop, done)
    assert stock_out(shop) == 0


def test_owed_goods_go_along_and_come_back(shop: Shop, here: Lane) -> None:
    with shop.write("case.solve") as tx:
        goods = Promise(here.members["王奶奶"], here.eggs, "土鸡蛋", Unit.named("斤"), 250)
        promise(tx, goods)
    (stop,) = walk(shop, TODAY).stops
    assert [(one.product, one.open) for one in stop.bag.owed] == [("土鸡蛋", 250)]
    done = commands.mark_brought(shop, here.orders["王奶奶"], "hand")
    assert [one["quantity"] for one in rows(shop, schema.owed_handover)] == [250]
    commands.undo_brought(shop, done)
    assert [one["quantity"] for one in rows(shop, schema.owed_handover)] == [250, -250]
    assert stock_out(shop) == 0


@pytest.mark.parametrize(
    ("left_with", "note", "why"),
    [("window", "", "who got the goods"), ("hand", "孕妇拿了", "never why")],
)
def test_what_is_refused_at_the_door(
    shop: Shop, here: Lane, left_with: str, note: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        commands.mark_brought(shop, here.orders["王奶奶"], left_with, note)
    assert rows(shop, schema.delivery_done) == []


def test_what_is_not_to_be_brought_is_refused(shop: Shop, here: Lane) -> None:
    with pytest.raises(Refused, match="collected, not brought"):
        commands.mark_brought(shop, here.orders["李叔"], "hand")
    order = here.orders["王奶奶"]
    cancel_order(shop, order, version(shop, order), "改天")
    with pytest.raises(Refused, match="cancelled"):
        commands.mark_brought(shop, order, "hand")
    with pytest.raises(NotFound):
        commands.mark_brought(shop, 999, "hand")


def test_a_need_that_ended_a_moment_ago_decides(shop: Shop, here: Lane) -> None:
    end_need(shop, 1, 1)
    with pytest.raises(Refused, match="Decide first"):
        commands.mark_brought(shop, here.orders["王奶奶"], "hand")
    assert "王奶奶" in names(walk(shop, TODAY))["undecided"]


def test_a_partly_collected_order_brings_the_rest(shop: Shop, here: Lane) -> None:
    order, (line,) = here.orders["王奶奶"], here.lines["王奶奶"]
    hand_over(shop, order, {line: 200})
    done = commands.mark_brought(shop, order, "hand")
    commands.undo_brought(shop, done)
    assert stock_out(shop) == -200


def test_what_was_not_brought_stands_on_the_list_of_today(shop: Shop, here: Lane) -> None:
    tomorrow = on(shop, 1)
    found = walk(tomorrow, tomorrow.today)
    assert names(found)["stops"] == ["王奶奶"]
    assert found.stops[0].late
    assert walk(on(shop, 8), day(8)).stops == ()
    assert names(walk(tomorrow, TODAY))["stops"] == ["王奶奶"]


def test_refunded_goods_are_not_brought(shop: Shop, here: Lane) -> None:
    order = here.orders["王奶奶"]
    pay_order(shop, order)
    refund_order(shop, order, Money.of("7.80"), "没货")
    assert names(walk(shop, TODAY))["stops"] == []


def test_a_residents_words_about_health_stay_off_the_list(shop: Shop, here: Lane) -> None:
    with shop.store.write() as connection:
        note = update(schema.customer_order).values(note="腿骨折了，放门口")
        connection.execute(note.where(schema.customer_order.c.id == here.orders["王奶奶"]))
    assert walk(shop, TODAY).stops[0].note == "放门口"


def test_hints_for_slips_and_cards(shop: Shop, here: Lane) -> None:
    bags = pack_slips(shop, Scope(day=TODAY))
    assert hints_of(shop, bags) == {here.orders["王奶奶"]: "按两下门铃"}
    bag = bag_of(shop, here.orders["李叔"])
    assert bag is not None
    assert hints_of(shop, [bag]) == {}, "collected, so nobody needs to know"
    assert hints_of(on(shop, 40), bags) == {here.orders["王奶奶"]: "按两下门铃"}


def test_what_today_says(shop: Shop, here: Lane) -> None:
    found = due(shop)
    assert (found.open, found.late, found.to_decide) == (1, 0, 2)
    assert (found.proposed, found.ending) == (1, 0)
    assert due(on(shop, hours=12)).late == 1
    assert due(on(shop, 25)).ending == 2
    commands.mark_brought(shop, here.orders["王奶奶"], "hand")
    assert due(shop).open == 0


def test_a_later_order_of_somebody_with_a_need_is_proposed_for_its_day(
    shop: Shop, here: Lane
) -> None:
    li = here.members["李叔"]
    add_order(shop, li, 1, (here.eggs, 500), home=("3", "1", "302"), pickup_day=day(2))
    assert names(walk(shop, day(2)))["proposed"] == ["李叔"]
    add_order(shop, li, 1, (here.eggs, 500), home=("3", "1", "302"), pickup_day=day(40))
    assert names(walk(shop, day(40)))["proposed"] == [], "the need is over by then"
    need(shop, li, from_on=day(30), until_on=day(50))
    assert names(walk(shop, day(40)))["proposed"] == ["李叔"]
