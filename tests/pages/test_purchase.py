"""Ordering from suppliers and receiving on screen, as owner and as staff, in both languages."""

from typing import Any

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.purchasing import queries
from lib.supply.purchasing.commands import (
    Arrival,
    ArrivalLine,
    WantedLine,
    WantedOrder,
    add_orders,
    cancel_order,
    receive,
)
from lib.supply.purchasing.receiving import queries as received
from lib.supply.purchasing.rules import Status
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member, add_order, add_round
from tests.supply.cast import TODAY, add_product, add_supplier, add_term


def widget(at: Any, kind: str, name: str) -> Any:
    return next(item for item in at.get(kind) if f":{name}:" in (item.key or ""))


def press(at: Any, name: str) -> None:
    widget(at, "button", name).click()
    at.run()
    assert not at.exception, at.exception


@pytest.fixture
def tofu(shop: Shop) -> int:
    return add_product(shop, "老豆腐", "盒", 300)


@pytest.fixture
def supplier(shop: Shop, tofu: int) -> int:
    supplier = add_supplier(shop, "豆香坊", kind="processor")
    add_term(shop, supplier, tofu, 200, case_quantity=10, minimum_quantity=60)
    return supplier


@pytest.fixture
def friday(shop: Shop, tofu: int) -> int:
    """A round for today in which two homes ordered 30 and 17 boxes."""
    friday = add_round(shop)
    for number, amount in ((1, 30), (2, 17)):
        member = add_member(shop, f"邻居{number}")
        add_order(
            shop, member, number, (tofu, amount), home=("3", None, f"20{number}"), round_id=friday
        )
    return friday


@pytest.fixture
def ordered(shop: Shop, tofu: int, supplier: int, friday: int) -> int:
    lines = (WantedLine(tofu, 47),)
    return add_orders(shop, [WantedOrder(supplier, TODAY, lines, friday)])[0]


def test_orders_are_made_from_a_round_and_rounded(
    screen: Open, shop: Shop, supplier: int, friday: int
) -> None:
    at = screen(shop, "purchase")
    at.get("button_group")[0].set_value("round")
    at.run()
    said = text_of(at)
    assert "needed 47盒, cases of 10盒 → 50盒, 3盒 left over" in said
    assert "10盒 below the supplier" in said
    press(at, "save")
    (order,) = queries.orders(shop)
    assert (order.lines[0].quantity, order.lines[0].needed, order.round_id) == (50, 47, friday)
    assert "There is already an order" in text_of(at)
    press(at, "save")
    assert "Tick that you want another" in text_of(at)
    assert len(queries.orders(shop)) == 1


def test_an_order_by_hand_is_rounded_unless_told_otherwise(
    screen: Open, shop: Shop, tofu: int, supplier: int
) -> None:
    at = screen(shop, "purchase", "zh_CN")
    at.get("button_group")[0].set_value("hand")
    at.run()
    press(at, "save")
    assert "至少订一种商品" in text_of(at)
    assert queries.orders(shop) == ()


def test_the_owner_sends_changes_and_cancels(screen: Open, shop: Shop, ordered: int) -> None:
    at = screen(shop, "purchase")
    assert "【Linli】Order" in at.code[0].value or "采购单 P260925-1" in at.code[0].value
    assert "邻居" not in at.code[0].value
    press(at, "send")
    assert queries.order(shop, ordered).status is Status.SENT
    widget(at, "text_input", "reason").set_value("")
    press(at, "save")
    assert "Say why" in text_of(at) or queries.order(shop, ordered).status is Status.SENT


def test_staff_receives_without_seeing_a_price(
    screen: Open, shop: Shop, staff_shop: Shop, ordered: int, tofu: int
) -> None:
    at = screen(staff_shop, "receive")
    assert "¥" not in text_of(at)
    assert not [one for one in at.get("text_input") if "price" in (one.key or "")]
    widget(at, "number_input", f"received-{tofu}").set_value(40.0)
    widget(at, "number_input", f"rejected-{tofu}").set_value(10.0)
    press(at, "save")
    assert "Say why goods are rejected" in text_of(at)
    assert widget(at, "number_input", f"received-{tofu}").value == 40.0
    widget(at, "text_input", f"reason-{tofu}").set_value("压碎了")
    press(at, "save")
    (batch,) = received.batches(shop)
    assert (batch.received, batch.rejected, batch.reject_reason) == (40, 10, "压碎了")
    said = text_of(at)
    assert batch.code in said
    assert "Too little for what was ordered: 老豆腐" in said


def test_a_shortage_is_shared_out_at_the_counter(
    screen: Open, shop: Shop, staff_shop: Shop, ordered: int, supplier: int, tofu: int
) -> None:
    receive(shop, Arrival(supplier, (ArrivalLine(tofu, 40),), purchase_order_id=ordered))
    at = screen(staff_shop, "receive", "zh_CN")
    at.get("button_group")[0].set_value("short")
    at.run()
    assert "差7盒" in text_of(at)
    press(at, "save")
    lines = schema.order_line
    with shop.read() as connection:
        query = select(lines.c.quantity, lines.c.amount_fen).order_by(lines.c.id)
        shares = [tuple(row) for row in connection.execute(query)]
    assert shares == [(26, 7800), (14, 4200)]
    said = at.code[0].value
    assert "3-201 老豆腐 30盒→26盒，少付12元" in said
    assert "邻居" not in said


def test_goods_without_an_order_and_the_owners_price(
    screen: Open, shop: Shop, supplier: int, tofu: int
) -> None:
    at = screen(shop, "receive")
    at.multiselect[0].set_value([tofu])
    at.run()
    widget(at, "number_input", f"received-{tofu}").set_value(12.0)
    widget(at, "text_input", f"price-{tofu}").set_value("2.10")
    widget(at, "text_input", f"lot-{tofu}").set_value("A7")
    press(at, "save")
    (batch,) = received.batches(shop)
    assert (batch.received, batch.unit_price, batch.lot) == (12, Money(210), "A7")


def test_a_batch_is_corrected_and_a_receiving_undone(
    screen: Open, shop: Shop, staff_shop: Shop, supplier: int, tofu: int
) -> None:
    receive(shop, Arrival(supplier, (ArrivalLine(tofu, 120),)))
    at = screen(staff_shop, "receive")
    at.get("button_group")[0].set_value("came")
    at.run()
    widget(at, "number_input", "received-batch").set_value(12.0)
    press(at, "save")
    (batch,) = received.batches(shop)
    assert batch.received == 12
    reasons = [one for one in at.text_input if (one.key or "").startswith("undo_receiving")]
    reasons[0].set_value("送错店了")
    at.run()
    undo = [one for one in at.button if (one.key or "").startswith("undo_receiving")]
    undo[0].click()
    at.run()
    assert received.batches(shop) == ()


def test_the_record_says_what_is_missing_and_why(
    screen: Open, shop: Shop, supplier: int, tofu: int
) -> None:
    receive(shop, Arrival(supplier, (ArrivalLine(tofu, 12),)))
    at = screen(shop, "receive", "zh_CN")
    at.get("button_group")[0].set_value("records")
    at.run()
    said = text_of(at)
    assert "食品安全法第五十三条" in said
    assert "不是法律意见" in said


def test_empty_pages_say_what_to_do(screen: Open, shop: Shop) -> None:
    at = screen(shop, "purchase")
    assert "Nothing is on order" in text_of(at)
    at = screen(shop, "receive")
    assert "No supplier yet" in text_of(at)


def test_a_link_leads_to_the_order_open_or_finished(
    screen: Open, shop: Shop, ordered: int, friday: int
) -> None:
    at = screen(shop, "purchase")
    at.query_params["round"] = str(friday)
    at.run()
    assert at.get("button_group")[0].value == "round"
    cancel_order(shop, ordered, 1, "不要了")
    at.query_params.pop("round")
    at.query_params["order"] = str(ordered)
    at.run()
    assert at.get("button_group")[0].value == "finished"
    assert "不要了" in text_of(at)
