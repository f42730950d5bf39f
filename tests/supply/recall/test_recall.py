"""A recall reaches whoever has goods of the batch, stops its sale, and records all (section 63)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.shop.language import translator
from lib.shop.shop import FormKey, Repeated, Shop
from lib.supply.recall import commands, queries, rules, texts
from lib.supply.recall.rules import How, Reached
from lib.supply.stock.commands import take_out
from lib.supply.stock.rules import Kind
from lib.trade.payments.commands import pay_order, refund_line, reverse_payment
from lib.trade.payments.queries import money_of
from lib.trade.payments.rules import Method
from tests.conftest import NOW
from tests.service.cast import add_member, add_order
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, put


@dataclass
class Street:
    """Three residents who ordered eggs; 小李 and 老周 were given some of batch ``bad``."""

    eggs: int
    good: int
    bad: int
    orders: dict[str, int]
    lines: dict[str, int]
    members: dict[str, int]


@pytest.fixture
def street(shop: Shop) -> Street:
    eggs = add_product(shop, "土鸡蛋")
    supplier = add_supplier(shop, phone="0571-88880000")
    sooner = {"best_before": TODAY + timedelta(days=3)}
    bad = add_batch(shop, eggs, 1200, supplier_id=supplier, **sooner)
    good = add_batch(shop, eggs, 5000, supplier_id=supplier)
    orders, lines, members = {}, {}, {}
    for number, (name, quantity) in enumerate(
        {"小李": 500, "老周": 1000, "王阿姨": 500}.items(), 1
    ):
        members[name] = add_member(shop, name, phone_tail=f"000{number}")
        orders[name], (lines[name],) = add_order(
            shop, members[name], number, (eggs, quantity), home=("3", None, f"20{number}")
        )
    pay_order(shop, orders["小李"], Method.TRANSFER)
    hand_over(shop, orders["小李"])
    hand_over(shop, orders["老周"])
    return Street(eggs, good, bad, orders, lines, members)


def start(shop: Shop, street: Street, **more: bool) -> int:
    return commands.start_recall(shop, street.bad, "沙门氏菌超标", "请别吃", **more)


def who(shop: Shop, recall: int) -> dict[str, tuple[int, bool]]:
    return {
        one.nickname: (sum(each.quantity for each in one.bought), one.certain)
        for one in queries.buyers(shop, recall)
    }


def test_it_reaches_whoever_has_goods_of_the_batch(shop: Shop, street: Street) -> None:
    reach = queries.reach(shop, street.bad)
    assert (reach.certain, reach.possible, reach.waiting) == (2, 0, 1)
    recall = start(shop, street)
    # 老周's kilogram was 700 g of the bad batch and 300 g of the good one.
    assert who(shop, recall) == {"小李": (500, True), "老周": (700, True)}
    assert [one.nickname for one in queries.waiting(shop, recall)] == ["王阿姨"]


def test_what_was_taken_back_at_the_desk_is_not_reached(shop: Shop, street: Street) -> None:
    undo_last_handover(shop, street.orders["老周"])
    recall = start(shop, street)
    assert set(who(shop, recall)) == {"小李"}
    assert {one.nickname for one in queries.waiting(shop, recall)} == {"老周", "王阿姨"}


def test_goods_without_a_batch_may_be_of_it(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 500, arrived_on=TODAY)
    li, zhou = add_member(shop, "小李"), add_member(shop, "老周")
    first, _ = add_order(shop, li, 1, (eggs, 500))
    second, _ = add_order(shop, zhou, 2, (eggs, 500))
    hand_over(shop, first)
    hand_over(shop, second)  # more than was booked in: a movement without a batch
    recall = commands.start_recall(shop, batch, "有怪味", "")
    assert who(shop, recall) == {"小李": (500, True), "老周": (500, False)}


def test_goods_that_left_before_the_batch_came_are_not_of_it(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 100, arrived_on=TODAY - timedelta(days=9))
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 500))
    hand_over(shop, order)
    later = add_batch(shop, eggs, 500, arrived_on=TODAY + timedelta(days=1))
    recall = commands.start_recall(shop, later, "有怪味", "")
    assert who(shop, recall) == {}


def test_goods_assigned_to_a_batch_later_are_found_by_looking_again(
    shop: Shop, street: Street
) -> None:
    recall = start(shop, street)
    put(
        shop,
        schema.stock_movement,
        product_id=street.eggs,
        batch_id=street.bad,
        kind="assigned",
        quantity=-500,
        line_id=street.lines["王阿姨"],
        business_day=TODAY,
        at=NOW,
    )
    assert commands.look_again(shop, recall) == 1
    assert who(shop, recall)["王阿姨"] == (500, True)
    assert commands.look_again(shop, recall) == 0


def test_looking_again_drops_nobody_who_was_told(shop: Shop, street: Street) -> None:
    recall = start(shop, street)
    commands.tell(shop, recall, street.members["老周"], How.PHONE)
    undo_last_handover(shop, street.orders["老周"])
    undo_last_handover(shop, street.orders["小李"])
    commands.look_again(shop, recall)
    assert set(who(shop, recall)) == {"老周"}


def test_what_left_over_the_counter_is_said(shop: Shop, street: Street) -> None:
    with shop.write("stock.test") as tx:
        take_out(tx, street.eggs, 100, Kind.SOLD, batch_id=street.bad)
    assert queries.reach(shop, street.bad).gone == 0, "nothing was left of it"
    other = add_batch(shop, street.eggs, 900)
    with shop.write("stock.test") as tx:
        take_out(tx, street.eggs, 100, Kind.SOLD, batch_id=other)
    assert queries.reach(shop, other).gone == 100


def test_the_sale_is_stopped_and_only_the_owner_releases_it(
    shop: Shop, staff_shop: Shop, street: Street
) -> None:
    undo_last_handover(shop, street.orders["老周"])
    recall = start(staff_shop, street, stop_product=True)
    state = queries.state_of(shop, street.bad)
    assert state.stopped_at is not None
    assert state.product_stopped_at is not None
    assert state.product_stop_reason == state.stop_reason
    assert state.open_recall == recall
    with pytest.raises(Refused, match="owner"):
        commands.release_sale(staff_shop, street.bad, "查过了")
    with pytest.raises(Refused, match="recall"):
        commands.release_sale(shop, street.bad, "查过了")
    close(shop, recall)
    with pytest.raises(Refused, match="reason"):
        commands.release_sale(shop, street.bad, " ")
    commands.release_sale(shop, street.bad, "复检合格")
    state = queries.state_of(shop, street.bad)
    assert (state.stopped_at, state.product_stopped_at, state.stop_reason) == (None, None, "")


def test_goods_of_the_batch_are_not_handed_over_any_more(shop: Shop, street: Street) -> None:
    undo_last_handover(shop, street.orders["老周"])
    commands.stop_sale(shop, street.good, "一起查")
    start(shop, street)
    with pytest.raises(Refused, match="stopped"):
        hand_over(shop, street.orders["王阿姨"])


def test_one_recall_at_a_time(shop: Shop, street: Street) -> None:
    once = shop.once(FormKey("one form"))
    recall = commands.start_recall(once, street.bad, "沙门氏菌超标", "")
    with pytest.raises(Repeated) as again:
        commands.start_recall(once, street.bad, "沙门氏菌超标", "")
    assert again.value.result == recall
    with pytest.raises(Refused, match="already"):
        start(shop, street)
    with pytest.raises(NotFound):
        commands.start_recall(shop, 999, "x", "")
    with pytest.raises(Refused, match="reason"):
        commands.start_recall(shop, street.good, "  ", "")
    assert len(queries.recalls(shop)) == 1


def test_telling_is_ticked_once_and_can_be_taken_back(
    shop: Shop, staff_shop: Shop, street: Street
) -> None:
    recall, li = start(shop, street), street.members["小李"]
    commands.tell(staff_shop, recall, li, How.PHONE)
    with pytest.raises(Refused) as late:
        commands.tell(shop, recall, li, How.GROUP)
    assert "小吴" in str(late.value)
    told = {one.nickname: one for one in queries.buyers(shop, recall)}["小李"]
    assert (told.told_at, told.bought[0].told_by, told.bought[0].told_how) == (NOW, "小吴", "phone")
    assert (queries.recall(shop, recall).told.told, queries.recall(shop, recall).told.missing) == (
        1,
        1,
    )
    commands.take_back_tell(shop, recall, li)
    assert queries.recall(shop, recall).told.told == 0
    with pytest.raises(NotFound):
        commands.tell(shop, recall, street.members["王阿姨"], How.DOOR)


def test_refunds_are_read_from_the_payments(shop: Shop, street: Street) -> None:
    recall = start(shop, street)
    line, order = street.lines["小李"], street.orders["小李"]
    before = {one.nickname: one for one in queries.buyers(shop, recall)}["小李"]
    assert (before.refundable.fen, before.is_settled) == (480, False)
    money = money_of(shop, [order])[order].lines[line].left
    row = refund_line(shop, line, money, "召回")
    after = {one.nickname: one for one in queries.buyers(shop, recall)}["小李"]
    assert (after.refunded.fen, after.refundable.fen, after.is_settled) == (480, 0, True)
    reverse_payment(shop, row)
    again = {one.nickname: one for one in queries.buyers(shop, recall)}["小李"]
    assert (again.refunded.fen, again.is_settled) == (0, False)


def close(shop: Shop, recall: int) -> None:
    commands.supplier_told(shop, recall, queries.recall(shop, recall).version)
    version = queries.recall(shop, recall).version
    commands.close_recall(shop, recall, version, "0.5 公斤退回合作社，其余销毁")


def test_it_is_closed_only_with_the_record_the_law_asks_for(
    shop: Shop, staff_shop: Shop, street: Street
) -> None:
    recall = start(shop, street)
    version = queries.recall(shop, recall).version
    with pytest.raises(Refused, match="became of the goods"):
        commands.close_recall(shop, recall, version, "  ")
    with pytest.raises(Refused, match="supplier"):
        commands.close_recall(shop, recall, version, "销毁")
    with pytest.raises(Refused, match="owner"):
        commands.close_recall(staff_shop, recall, version, "销毁")
    commands.supplier_told(staff_shop, recall, version)
    with pytest.raises(Conflict):
        commands.close_recall(shop, recall, version, "销毁")
    commands.close_recall(shop, recall, version + 1, "销毁")
    done = queries.recall(shop, recall)
    assert (done.is_open, done.disposal, done.closed_by) == (False, "销毁", "芳姐")
    assert queries.open_recalls(shop) == ()
    assert queries.state_of(shop, street.bad).stopped_at is not None, "closing releases nothing"
    for refused in (
        lambda: commands.tell(shop, recall, street.members["小李"], How.DOOR),
        lambda: commands.look_again(shop, recall),
        lambda: commands.change_recall(shop, recall, done.version, "x", ""),
    ):
        with pytest.raises(Refused, match="closed"):
            refused()


def test_what_residents_read_can_be_corrected(shop: Shop, street: Street) -> None:
    recall = start(shop, street)
    commands.change_recall(shop, recall, 1, "大肠杆菌超标", "请退回")
    found = queries.recall(shop, recall)
    assert (found.reason, found.advice) == ("大肠杆菌超标", "请退回")
    with pytest.raises(Conflict):
        commands.change_recall(shop, recall, 1, "别的", "")


def test_residents_see_no_recall_list(resident_shop: Shop, shop: Shop, street: Street) -> None:
    recall = start(shop, street)
    for read in (
        lambda: queries.recalls(resident_shop),
        lambda: queries.buyers(resident_shop, recall),
        lambda: queries.waiting(resident_shop, recall),
        lambda: queries.reach(resident_shop, street.bad),
        lambda: queries.state_of(resident_shop, street.bad),
    ):
        with pytest.raises(Refused):
            read()


MESSAGE = texts.Message(
    "芳姐生鲜", "土鸡蛋", "B0001", "9月25日", "沙门氏菌超标", "请别吃", "https://x/p/origin/t"
)


def test_the_group_notice_names_nobody_and_the_personal_text_says_it_all() -> None:
    say = translator("zh_CN")
    notice = texts.to_group(MESSAGE, say)
    for said in ("土鸡蛋", "B0001", "9月25日", "沙门氏菌超标", "请别吃", "https://x/p/origin/t"):
        assert said in notice
    goods = [("9月25日", "1斤")]
    money = texts.money_line("¥4.80", refunded=False, say=say)
    certain = texts.to_resident(MESSAGE, "小李", goods, certain=True, money=money, say=say)
    for said in ("@小李", "1斤", "9月25日", "B0001", "沙门氏菌超标", "请别吃", "¥4.80", "芳姐生鲜"):
        assert said in certain
    possible = texts.to_resident(MESSAGE, "小李", goods, certain=False, money=money, say=say)
    assert "可能" in possible
    assert "可能" not in certain


@given(
    certain=st.dictionaries(st.integers(1, 9), st.integers(-5, 5)),
    loose=st.dictionaries(st.integers(1, 9), st.integers(-5, 5)),
)
def test_every_line_is_reached_once_with_what_it_holds(
    certain: dict[int, int], loose: dict[int, int]
) -> None:
    found = rules.reached(certain, loose)
    assert len({one.line_id for one in found}) == len(found)
    for one in found:
        assert one.quantity > 0
        assert one.certain == (certain.get(one.line_id, 0) > 0)
    held = sum(max(n, 0) for n in certain.values()) + sum(max(n, 0) for n in loose.values())
    assert sum(one.quantity for one in found) == held


@pytest.mark.parametrize(
    ("certain", "loose", "expected"),
    [
        ({}, {}, ()),
        ({1: 5}, {}, (Reached(1, 5, True),)),
        ({}, {1: 5}, (Reached(1, 5, False),)),
        ({1: 5}, {1: 3}, (Reached(1, 8, True),)),
        ({1: 0}, {1: 3}, (Reached(1, 3, False),)),
        ({1: -2}, {}, ()),
    ],
)
def test_whom_it_reaches(
    certain: dict[int, int], loose: dict[int, int], expected: tuple[Reached, ...]
) -> None:
    assert rules.reached(certain, loose) == expected


def test_progress_counts_residents() -> None:
    told = rules.progress([(True, True), (True, False), (False, False)])
    assert (told.residents, told.told, told.settled, told.missing) == (3, 2, 1, 1)
