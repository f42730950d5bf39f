"""The orders page: finding, opening, paying, giving back, weighing, changing, cancelling."""

from typing import Any

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.money import Money
from lib.members.profiles.commands import add_member
from lib.members.profiles.rules import Home
from lib.shop.shop import Shop
from lib.trade.orders.queries import order as read_order
from lib.trade.payments.commands import pay_order, top_up_balance, weigh_line
from lib.trade.payments.queries import balance, money_of, payments
from lib.trade.payments.rules import OrderMoney, PayState
from lib.ui import navigation
from tests.pages.conftest import Open, text_of
from tests.trade.payments.books import Booked, book

MARKUP = "![x](http://evil/?d) :red[小李] $$x$$"


@pytest.fixture
def lee(shop: Shop) -> int:
    return add_member(shop, "小李", phone="13800138000", home=Home(building="3", room="201"))


@pytest.fixture
def booked(shop: Shop, lee: int) -> Booked:
    return book(shop, lee, 1000, 555)


def opened(screen: Open, shop: Shop, order_id: int | str) -> AppTest:
    at = screen(shop, "orders")
    at.query_params["order"] = str(order_id)
    at.run()
    assert not at.exception, at.exception
    return at


def money(shop: Shop, booked: Booked) -> OrderMoney:
    return money_of(shop, [booked.id])[booked.id]


def button(at: AppTest, label: str, place: int = 0) -> AppTest:
    matching = [one for one in at.button if label in one.label]
    assert matching, [one.label for one in at.button]
    at = matching[place].click().run()
    assert not at.exception, at.exception
    return at


def field(at: AppTest, kind: str, key: str) -> Any:
    (found,) = [one for one in at.get(kind) if str(one.key).startswith(key)]
    return found


def test_the_list_shows_money_and_narrows(screen: Open, staff_shop: Shop, shop: Shop, lee: int,
                                          booked: Booked) -> None:  # fmt: skip
    paid = book(shop, add_member(shop, "王姐"), 700)
    pay_order(shop, paid.id)
    at = screen(staff_shop, "orders")
    assert len(at.dataframe[0].value) == 2
    assert "¥15.55" in text_of(at)
    at.text_input(key="search").set_value("8000").run()
    assert list(at.dataframe[0].value["Who"]) == ["小李"]
    at.text_input(key="search").set_value("没有这个人").run()
    assert not at.dataframe
    at.text_input(key="search").set_value("")
    field(at, "button_group", "only-pills").set_value("unpaid").run()
    assert list(at.dataframe[0].value["Payment state"]) == ["unpaid ¥15.55"]
    assert list(at.dataframe[0].value["No."]) == [1]


def test_the_address_says_what_is_shown(screen: Open, shop: Shop, booked: Booked) -> None:
    pay_order(shop, book(shop, add_member(shop, "王姐"), 700).id)
    at = screen(shop, "members")
    at.switch_page(navigation.page("orders"))
    for name, value in (("only", "unpaid"), ("day", "2026-09-25"), ("slot", "nonsense")):
        at.query_params[name] = value
    at.run()
    assert list(at.dataframe[0].value["Who"]) == ["小李"]
    assert "slot" not in at.query_params
    field(at, "button_group", "only-pills").set_value(None).run()
    assert len(at.dataframe[0].value) == 2
    assert "only" not in at.query_params


def test_a_wrong_address_is_said_and_opens_nothing(screen: Open, shop: Shop) -> None:
    assert "does not exist" in text_of(opened(screen, shop, 999))
    assert "does not exist" not in text_of(opened(screen, shop, "1 OR 1=1"))
    assert "does not exist" not in text_of(opened(screen, shop, "９"))


def test_one_click_books_the_transfer(screen: Open, shop: Shop, booked: Booked) -> None:
    at = opened(screen, shop, booked.id)
    at = button(at, "WeChat transfer ¥15.55")
    assert money(shop, booked).state is PayState.PAID
    assert "Paid" in text_of(at)
    assert not [one for one in at.button if "WeChat transfer" in one.label]


def test_cash_shows_the_change_and_rounds_as_set(screen: Open, shop: Shop, booked: Booked) -> None:
    with shop.write("test.setting") as tx:
        tx.execute(
            schema.setting.insert().values(name="round_off", value="jiao", changed_at=tx.now)
        )
    at = opened(screen, shop, booked.id)
    field(at, "number_input", "pay-cash").set_value(20.0).run()
    assert "¥4.50" in text_of(at)
    button(at, "Paid in cash")
    now = money(shop, booked)
    assert (now.paid, now.round_off, now.state) == (Money(1550), Money(5), PayState.PAID)


def test_the_balance_pays_what_it_can(screen: Open, shop: Shop, lee: int, booked: Booked) -> None:
    top_up_balance(shop, lee, Money(500))
    at = opened(screen, shop, booked.id)
    button(at, "From the balance ¥5.00")
    assert balance(shop, lee) == Money(0)
    assert money(shop, booked).due == Money(1055)


def test_a_part_is_booked_and_a_refusal_keeps_what_was_typed(
    screen: Open, shop: Shop, booked: Booked
) -> None:
    at = opened(screen, shop, booked.id)
    field(at, "number_input", "pay-part").set_value(99.0)
    at = button(at, "Book payment")
    assert "is due" in text_of(at)
    assert field(at, "number_input", "pay-part").value == 99.0
    field(at, "number_input", "pay-part").set_value(5.0)
    button(at, "Book payment")
    assert money(shop, booked).paid == Money(500)


def test_a_line_is_refunded_with_a_reason_and_the_refund_undone(
    screen: Open, shop: Shop, booked: Booked
) -> None:
    pay_order(shop, booked.id)
    at = opened(screen, shop, booked.id)
    field(at, "selectbox", f"refund-{booked.id}:what").set_value(booked.lines[1]).run()
    field(at, "number_input", f"refund-{booked.id}").set_value(2.0)
    at = button(at, "Refund")
    assert "reason" in text_of(at)
    field(at, "text_input", f"refund-{booked.id}").set_value("坏了")
    at = button(at, "Refund")
    assert money(shop, booked).refunded == Money(200)
    assert money(shop, booked).state is PayState.PAID
    button(at, "Undo it")
    assert money(shop, booked).refunded == Money(0)


def test_the_scale_says_the_difference_before_it_is_kept(
    screen: Open, shop: Shop, booked: Booked
) -> None:
    at = opened(screen, shop, booked.id)
    field(at, "number_input", f"weigh-{booked.lines[1]}").set_value(250).run()
    assert "¥2.77 less" in text_of(at)
    button(at, "Keep this weight", 1)
    assert money(shop, booked).goods == Money(1278)
    assert read_order(shop, booked.id).lines[1].weighed


def test_goods_are_changed_and_what_was_not_touched_keeps_its_weight(
    screen: Open, shop: Shop, booked: Booked
) -> None:
    at = opened(screen, shop, booked.id)
    field(at, "text_area", f"pickup-{booked.id}").set_value("要小袋")
    at = button(at, "Save")
    assert read_order(shop, booked.id).note == "要小袋"
    weigh_line(shop, booked.lines[1], 600)
    at = opened(screen, shop, booked.id)
    field(at, "number_input", f"goods-{booked.id}:line-{booked.lines[0]}").set_value(2.0)
    at = button(at, "Save goods")
    lines = read_order(shop, booked.id).lines
    assert [line.quantity for line in lines] == [1000, 600]
    assert [line.weighed for line in lines] == [False, True]
    field(at, "number_input", f"goods-{booked.id}:line-{booked.lines[0]}").set_value(0.0)
    at = button(at, "Save goods")
    assert [line.cancelled for line in read_order(shop, booked.id).lines] == [True, False]
    field(at, "text_input", f"cancel-{booked.id}").set_value("不要了")
    at = button(at, "Cancel the order")
    assert not read_order(shop, booked.id).active
    button(at, "Take the cancellation back")
    assert read_order(shop, booked.id).active


def test_a_cancelled_paid_order_asks_to_give_the_money_back(
    screen: Open, shop: Shop, booked: Booked
) -> None:
    pay_order(shop, booked.id)
    at = opened(screen, shop, booked.id)
    field(at, "text_input", f"cancel-{booked.id}").set_value("不要了")
    at = button(at, "Cancel the order")
    assert "¥15.55 to give back" in text_of(at)
    button(at, "Refund")
    assert money(shop, booked).net == Money(0)
    assert payments(shop, order_id=booked.id)[0].reason == "order was cancelled"


def test_what_was_done_is_told_in_words(screen: Open, shop: Shop, booked: Booked) -> None:
    pay_order(shop, booked.id, "cash", Money(100))
    text = text_of(opened(screen, shop, booked.id))
    assert "芳姐" in text
    assert "due ¥15.55" in text
    assert "payment.pay" not in text


def test_a_doubtful_order_is_looked_at_and_marked(screen: Open, shop: Shop, booked: Booked) -> None:
    orders = schema.customer_order
    with shop.write("test.doubt") as tx:
        tx.execute(update(orders).values(check_reason="unusually many; more than there is"))
    at = opened(screen, shop, booked.id)
    assert "unusually many; more than there is" in text_of(at)
    button(at, "I looked")
    with shop.read() as connection:
        assert connection.execute(select(orders.c.check_reason)).scalar_one() is None


def test_names_and_notes_are_shown_as_typed(screen: Open, shop: Shop) -> None:
    order = book(shop, add_member(shop, MARKUP), 100)
    with shop.write("test.note") as tx:
        tx.execute(update(schema.customer_order).values(note=MARKUP))
    at = opened(screen, shop, order.id)
    for kind in ("markdown", "subheader", "info", "caption"):
        for element in at.get(kind):
            assert "![x](http" not in str(element.value)
            assert ":red[" not in str(element.value)
