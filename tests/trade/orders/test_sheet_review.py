"""Order files become bookings: matching goods, comparing with the books, booking on both databases.

Files are written as CSV in each test, so that what is booked can be read beside it.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select, update

from lib.db import schema
from lib.kernel.errors import Conflict, Refused
from lib.kernel.money import Money
from lib.shop.settings import DEFAULT_SLOTS
from lib.shop.shop import Shop
from lib.trade.orders import queries, sheet_goods, sheet_mapping, sheet_review
from lib.trade.orders.allowance.queries import beyond
from lib.trade.orders.commands import Booked, book_intake, save_mapping
from lib.trade.orders.rules import CUT, Booking
from lib.trade.orders.sheet_entries import entries_of, home_of, note_of
from lib.trade.orders.sheet_goods import Answer, Fit, GoodsText
from lib.trade.orders.sheet_limits import coming, leaving
from lib.trade.orders.sheet_review import Decisions, Review, State
from lib.trade.orders.sheets import (
    Field,
    Heading,
    Mapping,
    ProductColumn,
    Reading,
    SheetOrder,
    file_fingerprint,
    propose,
    read_workbook,
)
from lib.trade.products.queries import CatalogueItem, catalogue
from tests.trade.orders.sheet_cast import SAMPLES, open_round

HEAD = (
    "订单号,下单人,商品,数量,订单金额,退款金额,订单状态,收货人,联系电话,详细地址,买家备注,"
    "支付时间\n"
)
ONE = (
    "T1,小李,土鸡蛋 30枚/板,2,57.60,0,已支付,李禾,138****0077,3幢2单元501室,晚上拿,"
    "2026-09-24 10:00\n"
)
TWO = "T2,王姐,老豆腐,3,9.00,0,已支付,王芬,13900139000,1-302,,2026-09-24 10:05\n"


def read(text: str) -> tuple[Reading, str]:
    data = text.encode()
    return propose(read_workbook(data)), file_fingerprint(data)


def look(
    shop: Shop,
    round_id: int,
    text: str,
    decisions: Decisions | None = None,
    answers: dict[str, Answer] | None = None,
) -> tuple[Review, Booking | None]:
    """What the preview shows, and what its button would book; None when nothing is to be booked."""
    reading, fingerprint = read(text)
    decided = decisions or Decisions()
    entries = entries_of(reading.orders, shop.settings.slots)
    booked = queries.file_booked(shop, fingerprint)
    lasting = [one.key for one in entries if booked or not one.passing]
    passing = [one.key for one in entries if one.passing and not booked]
    known = queries.booked_by_key(shop, lasting) | queries.booked_by_key(shop, passing, round_id)
    identity = sheet_review.identity_of(reading)
    compared = sheet_review.compare(
        entries, known, queries.booked_entries(shop, round_id, identity),
        with_unpaid=decided.with_unpaid,
    )  # fmt: skip
    offers = {item.product_id: item for item in catalogue(shop, round_id)}
    asked = [one.entry.order for one in compared if sheet_review.needs_goods(one)]
    goods = sheet_goods.goods_of(asked, list(offers.values()), offers, answers or {}, {})
    preview = sheet_review.review(compared, [None] * len(compared), goods, offers, decided, str)
    if preview.open_goods or not preview.touches:
        return preview, None
    newest = queries.basis(shop, round_id, identity)
    again = any(one.round_id == round_id for one in booked)
    wanted = sheet_review.booking(
        preview, reading, fingerprint, newest.intake_id if newest else None, decided, again=again
    )
    return preview, wanted


def book(shop: Shop, round_id: int, text: str, **more: object) -> Booked:
    _preview, wanted = look(shop, round_id, text, **more)  # type: ignore[arg-type]
    assert wanted is not None
    return book_intake(shop, round_id, wanted)


def payments(shop: Shop, order_id: int) -> list[tuple[str, str, int]]:
    table = schema.payment
    with shop.read() as connection:
        rows = connection.execute(
            select(table.c.kind, table.c.method, table.c.amount_fen)
            .where(table.c.order_id == order_id)
            .order_by(table.c.id)
        )
        return [tuple(row) for row in rows]


def test_an_order_of_a_file_is_booked_with_all_it_says(shop: Shop) -> None:
    round_id = open_round(shop)
    booked = book(shop, round_id, HEAD + ONE + TWO)
    first = queries.order(shop, booked.added[0])
    assert (first.nickname, str(first.home), first.slot) == ("小李", "3-2-501", "evening")
    assert [line.said for line in first.standing] == ["土鸡蛋 2板"]
    assert first.goods == Money(5760)
    assert "晚上拿" in first.note
    assert "0077" in first.note
    assert first.phone_tail is None, "a masked phone is nobody's phone"
    assert payments(shop, first.id) == [("payment", "platform", 5760)]
    assert queries.order(shop, booked.added[1]).phone_tail == "9000"


def test_the_same_file_again_adds_nothing(shop: Shop) -> None:
    round_id = open_round(shop)
    _preview, wanted = look(shop, round_id, HEAD + ONE)
    assert wanted is not None
    book_intake(shop, round_id, wanted)
    preview, nothing = look(shop, round_id, HEAD + ONE)
    assert [row.state for row in preview.rows] == [State.KNOWN]
    assert nothing is None
    with pytest.raises(Refused):
        book_intake(shop, round_id, wanted)
    assert len(queries.orders(shop, round_id=round_id)) == 1


def test_a_longer_export_adds_only_what_is_new(shop: Shop) -> None:
    round_id = open_round(shop)
    book(shop, round_id, HEAD + ONE)
    booked = book(shop, round_id, HEAD + ONE + TWO)
    assert len(booked.added) == 1
    assert {one.nickname for one in queries.orders(shop, round_id=round_id)} == {"小李", "王姐"}


def test_a_file_is_known_in_another_round(shop: Shop) -> None:
    first = open_round(shop)
    book(shop, first, HEAD + ONE)
    preview, nothing = look(shop, first + 1, HEAD + ONE)
    assert [row.state for row in preview.rows] == [State.KNOWN]
    assert nothing is None


def test_last_weeks_list_without_numbers_is_not_this_weeks(shop: Shop) -> None:
    """小李 orders the same two tofu every week: next week is a new order, the same file is not."""
    first = open_round(shop)
    own = "姓名,商品,数量\n小李,老豆腐,2\n"
    book(shop, first, own)
    other = own + "王姐,老豆腐,1\n"
    offers = catalogue(shop, first)
    from lib.trade.rounds.commands import Plan
    from lib.trade.rounds.commands import open_round as open_it
    from lib.trade.rounds.queries import one_round
    from lib.trade.rounds.rules import Offered, Times

    running = one_round(shop, first)
    times = Times(running.opens_at, running.cut_off_at, running.pickup_day)
    second = open_it(shop, Plan("下周", times), [Offered(o.product_id, o.price) for o in offers])
    preview, _wanted = look(shop, second, other)
    assert [row.state for row in preview.rows] == [State.NEW, State.NEW]
    preview, nothing = look(shop, second, own)
    assert [row.state for row in preview.rows] == [State.KNOWN]
    assert nothing is None


def test_a_list_without_amounts_stays_unpaid_at_the_rounds_prices(shop: Shop) -> None:
    round_id = open_round(shop)
    booked = book(shop, round_id, "姓名,商品,数量\n小李,老豆腐,2\n")
    order = queries.order(shop, booked.added[0])
    assert order.comes_to == Money(600)
    assert payments(shop, order.id) == []
    assert order.check_reason is None, "a list without amounts is nothing to worry about"


def test_amounts_to_be_paid_here_are_owed_and_not_paid(shop: Shop) -> None:
    round_id = open_round(shop)
    booked = book(shop, round_id, HEAD + ONE, decisions=Decisions(paid=False))
    order = queries.order(shop, booked.added[0])
    assert order.comes_to == Money(5760)
    assert payments(shop, order.id) == []


def test_a_refund_that_comes_later_is_booked_once_and_said(shop: Shop) -> None:
    round_id = open_round(shop)
    order_id = book(shop, round_id, HEAD + ONE).added[0]
    later = HEAD + ONE.replace(",0,已支付", ",5.00,部分退款")
    preview, _wanted = look(shop, round_id, later)
    (row,) = preview.rows
    assert row.state is State.CHANGED
    assert next((one.label, one.old, one.new) for one in row.differences) == (
        "refunded", "¥0.00", "¥5.00",
    )  # fmt: skip
    assert book(shop, round_id, later).changed == 1
    assert payments(shop, order_id)[1:] == [("refund", "platform", -500)]
    assert look(shop, round_id, later)[1] is None


def test_changed_goods_are_shown_and_applied(shop: Shop) -> None:
    round_id = open_round(shop)
    order_id = book(shop, round_id, HEAD + ONE).added[0]
    later = HEAD + ONE.replace(",2,57.60", ",3,86.40")
    preview, _wanted = look(shop, round_id, later)
    said = {one.label: (one.old, one.new) for one in preview.rows[0].differences}
    assert said["goods"] == ("土鸡蛋 30枚/板 ×2", "土鸡蛋 30枚/板 ×3")
    assert said["amount"] == ("¥57.60", "¥86.40")
    book(shop, round_id, later)
    order = queries.order(shop, order_id)
    assert order.goods == Money(8640)
    assert [fen for _k, _m, fen in payments(shop, order_id)] == [5760, 2880]


def test_a_change_leaves_alone_what_the_desk_changed(shop: Shop) -> None:
    from lib.trade.orders.commands import change_pickup

    round_id = open_round(shop)
    order_id = book(shop, round_id, HEAD + ONE).added[0]
    version = queries.order(shop, order_id).version
    change_pickup(shop, order_id, version, slot="noon", delivery=False, note="放前台")
    book(shop, round_id, HEAD + ONE.replace(",2,57.60", ",3,86.40"))
    order = queries.order(shop, order_id)
    assert (order.slot, order.note) == ("noon", "放前台")


def test_an_order_cancelled_since_is_cancelled_and_given_back(shop: Shop) -> None:
    round_id = open_round(shop)
    order_id = book(shop, round_id, HEAD + ONE + TWO).added[0]
    later = HEAD + ONE.replace(",0,已支付", ",57.60,已退款") + TWO
    assert book(shop, round_id, later).cancelled == 1
    order = queries.order(shop, order_id)
    assert not order.active
    assert payments(shop, order_id)[1:] == [("refund", "platform", -5760)]


def test_an_order_handed_over_is_not_cancelled(shop: Shop) -> None:
    round_id = open_round(shop)
    order_id = book(shop, round_id, HEAD + ONE).added[0]
    line = queries.order(shop, order_id).lines[0]
    with shop.write("test.handover") as tx:
        columns = {"order_id": order_id, "line_id": line.id, "quantity": 2, "at": tx.now}
        names = {column.name for column in schema.handover.columns}
        extra = {"person_id": tx.actor.id} if "person_id" in names else {}
        tx.add(schema.handover, **columns, **extra)
    later = HEAD + ONE.replace(",0,已支付", ",57.60,已退款")
    booked = book(shop, round_id, later)
    assert (booked.changed, booked.cancelled) == (1, 0)
    order = queries.order(shop, order_id)
    assert order.active
    assert "handed over" in (order.check_reason or "")
    assert [said.said for said in order.standing] == ["土鸡蛋 2板"]
    assert payments(shop, order_id)[1:] == [("refund", "platform", -5760)]
    assert look(shop, round_id, later)[1] is None


def test_a_group_number_finds_the_order_whose_goods_changed(shop: Shop) -> None:
    round_id = open_round(shop)
    head = "跟团号,下单人,团员备注,商品,订单金额,退款金额,订单状态\n"
    order_id = book(shop, round_id, head + "1,小李,,老豆腐 x2,6.00,0,已支付\n").added[0]
    booked = book(shop, round_id, head + "1,小李,,老豆腐 x3,9.00,0,已支付\n")
    assert (booked.added, booked.changed) == ((), 1)
    assert queries.order(shop, order_id).goods == Money(900)


@pytest.mark.parametrize("status", ["已取消", "待支付", "已退款"])
def test_orders_that_do_not_count_are_left_out_with_the_reason(shop: Shop, status: str) -> None:
    round_id = open_round(shop)
    preview, nothing = look(shop, round_id, HEAD + ONE.replace("已支付", status))
    assert preview.rows[0].state is State.LEFT_OUT
    assert preview.rows[0].reasons
    assert nothing is None


def test_unpaid_orders_come_in_to_be_paid_here(shop: Shop) -> None:
    round_id = open_round(shop)
    text = HEAD + ONE.replace("已支付", "待支付")
    booked = book(shop, round_id, text, decisions=Decisions(with_unpaid=True))
    order = queries.order(shop, booked.added[0])
    assert order.comes_to == Money(5760)
    assert payments(shop, order.id) == []


def test_lines_left_out_are_taken_off_the_amount_and_said(shop: Shop) -> None:
    round_id = open_round(shop)
    head = "订单号,下单人,商品,数量,单价,订单金额\n"
    text = head + "T9,小李,老豆腐,2,3.00,16.00\nT9,小李,洗衣液,1,10.00,16.00\n"
    key = GoodsText("洗衣液").key
    booked = book(shop, round_id, text, answers={key: Answer(None)})
    order = queries.order(shop, booked.added[0])
    assert order.goods == Money(600)
    assert "洗衣液" in (order.check_reason or "")


def test_nothing_is_booked_while_goods_are_unknown(shop: Shop) -> None:
    round_id = open_round(shop)
    preview, nothing = look(shop, round_id, HEAD + ONE.replace("土鸡蛋", "鸭蛋"))
    assert nothing is None
    assert [goods.text.name for goods in preview.open_goods] == ["鸭蛋"]
    reading, fingerprint = read(HEAD + ONE.replace("土鸡蛋", "鸭蛋"))
    with pytest.raises(Refused):
        sheet_review.booking(preview, reading, fingerprint, None, Decisions())


def test_two_desks_with_the_same_file_book_it_once(shop: Shop) -> None:
    round_id = open_round(shop)
    _preview, one = look(shop, round_id, HEAD + ONE)
    _preview, other = look(shop, round_id, HEAD + ONE + TWO)
    assert one is not None
    assert other is not None
    book_intake(shop, round_id, one)
    with pytest.raises(Conflict):
        book_intake(shop, round_id, other)
    assert len(queries.orders(shop, round_id=round_id)) == 1


def test_a_booking_that_fails_leaves_nothing(shop: Shop) -> None:
    round_id = open_round(shop)
    _preview, wanted = look(shop, round_id, HEAD + ONE + TWO)
    assert wanted is not None
    broken = replace(wanted.additions[1], wanted=())
    with pytest.raises(Refused):
        book_intake(shop, round_id, replace(wanted, additions=[wanted.additions[0], broken]))
    assert queries.orders(shop, round_id=round_id) == []
    assert queries.file_booked(shop, wanted.fingerprint) == []


@pytest.mark.parametrize(
    ("name", "gross"),
    [
        ("kuaituantuan_orders.xlsx", "13528.50"),
        ("qunjielong_orders.xlsx", "8958.20"),
        ("weidian_orders.xlsx", "9709.10"),
        ("youzan_orders_gbk.csv", "11418.50"),
    ],
)
def test_samples_come_out_to_the_fen(shop: Shop, name: str, gross: str) -> None:
    round_id = open_round(shop)
    reading = propose(read_workbook(SAMPLES / name))
    entries = entries_of(reading.orders, shop.settings.slots)
    compared = sheet_review.compare(entries, {})
    offers = {item.product_id: item for item in catalogue(shop, round_id)}
    orders = [one.entry.order for one in compared if sheet_review.needs_goods(one)]
    goods = sheet_goods.goods_of(orders, list(offers.values()), offers, {}, {})
    nobody = [None] * len(compared)
    preview = sheet_review.review(compared, nobody, goods, offers, Decisions(), str)
    wanted = sheet_review.booking(preview, reading, "f", None, Decisions())
    booked = book_intake(shop, round_id, wanted)
    orders_now = queries.orders(shop, round_id=round_id)
    assert len(booked.added) == reading.totals.orders == len(orders_now)
    assert sum((order.goods for order in orders_now), Money(0)) == Money.parse(gross)
    units: dict[str, Decimal] = {}
    for order in orders_now:
        for line in order.standing:
            count = line.unit.count(line.quantity)
            units[line.product] = units.get(line.product, Decimal(0)) + count
    assert units == reading.totals.units


# Goods: which product, and how much one is


def item(name: str, unit: str, **more: object) -> CatalogueItem:
    from lib.kernel.quantity import Unit

    values: dict[str, object] = {
        "product_id": 1, "aliases": (), "conversions": {}, "content_grams": None,
        "content_pieces": None, "is_fresh": False, "is_fragile": False, "price": Money(100),
    }  # fmt: skip
    return CatalogueItem(
        name=name,
        unit=unit,
        unit_grams=Unit.named(unit).grams,
        **(values | more),  # type: ignore[arg-type]
    )


EGGS, SALTED = item("土鸡蛋", "板"), item("咸鸡蛋", "盒", product_id=2)


@pytest.mark.parametrize(
    ("text", "products", "product_id", "fit"),
    [
        (GoodsText("土鸡蛋"), [EGGS, SALTED], 1, Fit.EXACT),
        (GoodsText("土 鸡蛋", "30枚/板"), [EGGS, SALTED], 1, Fit.EXACT),
        (GoodsText("本地土鸡蛋"), [EGGS, SALTED], 1, Fit.CONTAINED),
        (GoodsText("鸡蛋"), [EGGS, SALTED], None, Fit.SEVERAL),
        (GoodsText("鸭蛋"), [EGGS, SALTED], None, Fit.NONE),
        (GoodsText("蛋"), [EGGS], None, Fit.NONE),
        (GoodsText(""), [EGGS], None, Fit.NONE),
        (GoodsText("柴蛋"), [item("土鸡蛋", "板", aliases=("柴蛋",))], 1, Fit.EXACT),
        (
            GoodsText("土鸡蛋", "10枚"),
            [EGGS, item("土鸡蛋10枚", "盒", product_id=3)],
            3,
            Fit.EXACT,
        ),
    ],
)
def test_products_are_proposed_and_never_guessed(
    text: GoodsText, products: list[CatalogueItem], product_id: int | None, fit: Fit
) -> None:
    proposal = sheet_goods.propose_product(text, products)
    assert (proposal.product_id, proposal.fit) == (product_id, fit)


@pytest.mark.parametrize(
    ("spec", "unit", "product", "number", "sure"),
    [
        ("", "", item("米", "袋"), "1", True),
        ("10斤/袋", "", item("米", "袋"), "1", True),
        ("10斤/袋", "", item("米", "袋", content_grams=5000), "1", True),
        ("10斤/袋", "", item("米", "袋", content_grams=2500), "2", False),
        ("5斤/袋", "", item("米", "袋", content_grams=5000), None, False),
        ("10斤/袋", "", item("米", "斤"), "10", False),
        ("500g", "", item("肉", "斤"), "1", True),
        ("约500g/份", "件", item("菜", "斤"), "1", True),
        ("400-500g", "", item("肉", "斤"), None, False),
        ("30枚/板", "", item("蛋", "斤"), None, False),
        ("30枚/板", "", item("蛋", "斤", conversions={"板": 1800}), "3.6", True),
        ("30枚/板", "", item("蛋", "个"), "30", False),
        ("30枚/板", "", item("蛋", "板", content_pieces=30), "1", True),
        ("24包/箱", "件", item("纸", "箱", content_pieces=10), None, False),
        ("24包/箱", "", item("纸", "盒"), "1", False),
        ("JJ级", "", item("果", "箱"), "1", True),
        ("", "斤", item("蛋", "斤"), "1", True),
        ("", "公斤", item("蛋", "斤"), "2", True),
        ("", "斤", item("蛋", "板"), None, False),
        ("", "板", item("蛋", "板"), "1", True),
        ("", "盒", item("蛋", "斤"), None, False),
    ],
)
def test_one_of_the_files_is_so_many_sale_units(
    spec: str, unit: str, product: CatalogueItem, number: str | None, sure: bool
) -> None:
    units = sheet_goods.propose_units(GoodsText("x", spec, unit), product)
    assert (units.number, units.sure) == (None if number is None else Decimal(number), sure)


@given(some.text(max_size=30), some.text(max_size=20), some.text(max_size=4))
def test_any_text_is_proposed_something_or_asked(name: str, spec: str, unit: str) -> None:
    text = GoodsText(name, spec, unit)
    sheet_goods.propose_product(text, [EGGS, SALTED])
    units = sheet_goods.propose_units(text, item("米", "斤"))
    assert units.number is None or units.number > 0 or not units.sure


def test_remembered_answers_hold_while_the_unit_does() -> None:
    order = SheetOrder("快团团", lines=propose_lines("土鸡蛋 30枚/板"))
    by_weight = item("土鸡蛋", "斤")
    kept = {GoodsText("土鸡蛋", "30枚/板").key: Answer(1, Decimal("3.6"), "斤")}
    document = sheet_goods.answers_document(kept)
    remembered = sheet_goods.answers_from(document)
    assert remembered == kept
    (goods,) = sheet_goods.goods_of([order], [by_weight], {1}, {}, remembered)
    assert (goods.settled, goods.fit) == (True, Fit.REMEMBERED)
    (goods,) = sheet_goods.goods_of([order], [EGGS], {1}, {}, remembered)
    assert goods.fit is Fit.EXACT


def propose_lines(text: str) -> tuple:  # type: ignore[type-arg]
    reading, _fingerprint = read(f"订单号,下单人,商品,数量,订单金额\nT1,小李,{text},1,9.00\n")
    return reading.orders[0].lines


# What an order says of its resident


@pytest.mark.parametrize(
    ("order", "home"),
    [
        (SheetOrder("x", address="杭州市余杭区金桂花园12幢3单元1204室（有鞋柜）"), "12-3-1204"),
        (SheetOrder("x", address="363弄12号501室"), "363 12-501"),
        (SheetOrder("x", building="3号楼", room="501室"), "3-501"),
        (SheetOrder("x", room="3-501"), "3-501"),
        (SheetOrder("x", building="12", address="金桂花园12幢3单元604室"), "12-3-604"),
        (SheetOrder("x", building="9", address="金桂花园12幢3单元604室"), "9"),
        (SheetOrder("x", buyer="3-201李"), "3-201"),
        (SheetOrder("x", address="金桂花园南门快递架"), ""),
    ],
)  # fmt: skip
def test_homes_are_read_from_columns_and_addresses(order: SheetOrder, home: str) -> None:
    found = home_of(order)
    if home == "363 12-501":
        assert (found.room, "363" in (found.area or "")) == ("501", True)
    else:
        assert str(found) == home


@pytest.mark.parametrize(
    ("remark", "slot", "delivery", "doubts"),
    [
        ("晚上来拿", "evening", False, 0),
        ("早上7点半取", "morning", False, 0),
        ("昨天晚上的不新鲜", None, False, 0),
        ("送上门，老人行动不便", None, True, 0),
        ("不用送上门", None, False, 0),
        ("请放门口", None, False, 1),
        ("", None, False, 0),
    ],
)
def test_remarks_name_slot_and_delivery(
    remark: str, slot: str | None, delivery: bool, doubts: int
) -> None:
    (entry,) = entries_of([SheetOrder("x", buyer="小李", buyer_remark=remark)], DEFAULT_SLOTS)
    assert (entry.slot, entry.delivery, len(entry.doubts)) == (slot, delivery, doubts)


def test_a_nickname_that_is_a_masked_phone_is_no_name() -> None:
    order = SheetOrder("微店", buyer="138****0161", receiver="陈建国", phone="138****0161")
    (entry,) = entries_of([order], DEFAULT_SLOTS)
    assert (entry.nickname, entry.phone, entry.tail) == ("陈建国", None, "0161")
    assert note_of(entry, str, several_points=False) == "phone ends in 0161"


def test_equal_orders_without_numbers_are_kept_apart() -> None:
    twice = [SheetOrder("other", buyer="小李"), SheetOrder("other", buyer="小李")]
    first, second = entries_of(twice, DEFAULT_SLOTS)
    assert first.key != second.key
    assert second.doubts


# Columns


def test_a_corrected_mapping_survives_being_kept(shop: Shop) -> None:
    mapping = Mapping(
        {Field.BUYER: Heading(0, "姓名"), Field.GOODS: Heading(1, "商品")},
        ({Field.GOODS: Heading(3, "商品2")},),
        (ProductColumn(4, "豆腐", "豆腐", 300),),
        (Heading(2, "备注一"),),
        ((Field.BUYER, Heading(5, "昵称")),),
    )
    assert sheet_mapping.from_document(sheet_mapping.to_document(mapping)) == mapping
    changed = sheet_mapping.corrected(mapping, {2: Field.ROOM, 5: Field.BUYER})
    columns = sheet_mapping.columns_of(changed)
    assert columns[2] == ("备注一", "room")
    assert columns[5] == ("昵称", "buyer")
    assert columns[0] == ("姓名", "ignored")
    save_mapping(shop, "abc", sheet_mapping.to_document(changed))
    kept = sheet_mapping.from_document(queries.saved_mapping(shop, "abc"))
    assert kept == changed


@pytest.mark.parametrize("document", [None, {}, {"columns": {"nonsense": [0, "x"]}}, {"a": 1}])
def test_a_mapping_of_another_shape_is_no_mapping(document: dict[str, object] | None) -> None:
    assert sheet_mapping.from_document(document) is None


# Beyond a limit


def limited(shop: Shop) -> int:
    round_id = open_round(shop)
    with shop.store.write() as connection:
        connection.execute(update(schema.round_offer).values(household_limit=1))
    return round_id


def test_a_file_beyond_a_limit_is_kept_to_it_and_the_money_is_to_be_given_back(
    shop: Shop,
) -> None:
    round_id = limited(shop)
    preview, undecided = look(shop, round_id, HEAD + ONE)
    (asked,) = coming(preview)
    (excess,) = beyond(shop, round_id, [asked])
    assert (excess.wanted, excess.allowed, leaving(preview)) == (2, 1, frozenset())
    assert undecided is not None
    with pytest.raises(Conflict, match="may have 1板"):
        book_intake(shop, round_id, undecided)
    cut = Decisions(cut={asked.key: {excess.offer.product_id: 1}})
    preview, _wanted = look(shop, round_id, HEAD + ONE, cut)
    assert beyond(shop, round_id, coming(preview)) == []
    booked = book(shop, round_id, HEAD + ONE, decisions=cut)
    order = queries.order(shop, booked.added[0])
    assert ([line.said for line in order.standing], order.goods) == (["土鸡蛋 1板"], Money(2880))
    assert payments(shop, order.id) == [("payment", "platform", 5760)]
    assert "pay it back" in (order.check_reason or "")
    assert "28.80" in (order.check_reason or "")


def test_to_be_paid_here_only_what_is_booked_is_asked_for(shop: Shop) -> None:
    round_id = limited(shop)
    preview, _undecided = look(shop, round_id, HEAD + ONE)
    (asked,) = coming(preview)
    product = next(iter(asked.wanted))
    booked = book(
        shop, round_id, HEAD + ONE, decisions=Decisions(paid=False, cut={asked.key: {product: 1}})
    )
    order = queries.order(shop, booked.added[0])
    assert (order.comes_to, payments(shop, order.id)) == (Money(2880), [])
    assert order.check_reason == CUT


def test_an_order_of_which_nothing_is_left_is_left_out(shop: Shop) -> None:
    round_id = limited(shop)
    preview, _undecided = look(shop, round_id, HEAD + ONE + TWO)
    asked = coming(preview)[0]
    product = next(iter(asked.wanted))
    preview, _wanted = look(shop, round_id, HEAD + ONE, Decisions(cut={asked.key: {product: 0}}))
    assert [row.state for row in preview.rows] == [State.LEFT_OUT]
    preview, wanted = look(shop, round_id, HEAD + ONE, Decisions(beyond={asked.key: "补货到了"}))
    assert wanted is not None
    assert wanted.additions[0].beyond == "补货到了"
