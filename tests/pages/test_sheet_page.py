"""The page for order files, driven with the five sample exports."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.orders import queries
from tests.pages.conftest import Open, text_of
from tests.trade.orders.sheet_cast import SAMPLES, open_round

FILES = (
    ("kuaituantuan_orders.xlsx", 38, "13,528.50", "3.00"),
    ("qunjielong_orders.xlsx", 32, "8,958.20", "0.00"),
    ("weidian_orders.xlsx", 29, "9,709.10", "71.70"),
    ("youzan_orders_gbk.csv", 33, "11,418.50", "47.60"),
)


def upload(at: AppTest, name: str, content: bytes | None = None) -> AppTest:
    data = (SAMPLES / name).read_bytes() if content is None else content
    at.file_uploader[0].set_value((name, data, "application/octet-stream"))
    at.run()
    assert not at.exception, at.exception
    return at


def button(at: AppTest, label: str) -> AppTest:
    found = [one for one in at.button if one.label.startswith(label)]
    assert found, [one.label for one in at.button]
    found[0].click()
    at.run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize(("name", "count", "gross", "refunds"), FILES)
def test_a_sample_file_is_booked_once(
    screen: Open, shop: Shop, name: str, count: int, gross: str, refunds: str
) -> None:
    round_id = open_round(shop)
    at = upload(screen(shop, "sheet"), name)
    figures = {metric.label: metric.value for metric in at.metric}
    assert figures["Orders that count"] == str(count)
    assert figures["Goods total"] == f"¥{gross}"
    assert figures["Refunds"] == f"¥{refunds}"
    button(at, f"Book {count} orders")
    assert "The file is booked." in text_of(at)
    booked = queries.orders(shop, round_id=round_id)
    assert len(booked) == count
    assert sum((order.goods for order in booked), Money(0)) == Money.parse(gross)


def test_the_same_file_again_adds_nothing_and_says_so(screen: Open, shop: Shop) -> None:
    round_id = open_round(shop)
    at = upload(screen(shop, "sheet"), "kuaituantuan_orders.xlsx")
    button(at, "Book 38 orders")
    upload(at, "kuaituantuan_orders.xlsx")
    assert "Nothing to book" in text_of(at)
    assert not [one for one in at.button if one.label.startswith("Book")]
    assert len(queries.orders(shop, round_id=round_id)) == 38


def test_a_locked_file_asks_for_its_password(screen: Open, shop: Shop) -> None:
    open_round(shop)
    at = upload(screen(shop, "sheet"), "kuaituantuan_orders_password_8888.xlsx")
    assert "protected" in text_of(at)
    field = next(one for one in at.text_input if one.label == "Password of the file")
    field.set_value("0000")
    button(at, "Open")
    assert "does not open" in text_of(at)
    field = next(one for one in at.text_input if one.label == "Password of the file")
    field.set_value("8888")
    button(at, "Open")
    assert {metric.label: metric.value for metric in at.metric}["Orders that count"] == "38"
    assert "8888" not in [one.value for one in at.text_input]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, b"hello"])
def test_a_file_that_is_no_list_is_refused_in_a_sentence(
    screen: Open, shop: Shop, content: bytes
) -> None:
    open_round(shop)
    at = upload(screen(shop, "sheet"), "orders.xlsx", content)
    assert at.error
    assert not [one for one in at.button if one.label.startswith("Book")]


def test_unknown_goods_are_asked_about_once(screen: Open, shop: Shop) -> None:
    round_id = open_round(shop, without=("土鸡蛋",))
    at = upload(screen(shop, "sheet"), "kuaituantuan_orders.xlsx")
    assert not [one for one in at.button if one.label.startswith("Book")]
    choice = next(one for one in at.selectbox if one.label == "Product in the shop")
    choice.set_value(-1)
    at.run()
    button(at, "Use these answers")
    button(at, "Book 3")
    booked = queries.orders(shop, round_id=round_id)
    assert any("土鸡蛋" in (order.check_reason or "") for order in booked)


def test_a_product_outside_the_round_is_added_with_one_click(screen: Open, shop: Shop) -> None:
    round_id = open_round(shop, not_offered=("土鸡蛋",))
    at = upload(screen(shop, "sheet"), "kuaituantuan_orders.xlsx")
    button(at, "Add to this round")
    button(at, "Book 38 orders")
    assert len(queries.orders(shop, round_id=round_id)) == 38


def test_staff_cannot_make_products_here(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    open_round(shop, without=("土鸡蛋",))
    at = upload(screen(staff_shop, "sheet"), "kuaituantuan_orders.xlsx")
    choice = next(one for one in at.selectbox if one.label == "Product in the shop")
    assert "make it a new product" not in choice.options


def test_the_owner_makes_a_product_of_the_file(screen: Open, shop: Shop) -> None:
    open_round(shop, without=("土鸡蛋",))
    at = upload(screen(shop, "sheet"), "kuaituantuan_orders.xlsx")
    choice = next(one for one in at.selectbox if one.label == "Product in the shop")
    choice.set_value(-2)
    at.run()
    next(one for one in at.text_input if one.label == "Price per unit (yuan)").set_value("28.8")
    button(at, "Add product")
    button(at, "Add to this round at ¥28.80")
    assert [one for one in at.button if one.label == "Book 38 orders"]


def test_columns_can_be_corrected_and_are_remembered(screen: Open, shop: Shop) -> None:
    open_round(shop)
    content = "姓名,商品,份,备注一\n小李,土鸡蛋,2,3-201\n".encode()
    at = upload(screen(shop, "sheet"), "own.csv", content)
    editor = next(one for one in at.data_editor if "Means" in one.value.columns)
    key = editor.key
    place = list(editor.value["Column"]).index("备注一")
    at.session_state[key] = {
        "edited_rows": {place: {"Means": "room"}}, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    assert homes(at) == [""]
    button(at, "Read again")
    assert homes(at) == ["3-201"]
    button(at, "Choose another file")
    upload(at, "own.csv", content)
    assert homes(at) == ["3-201"]
    assert "as you corrected them last time" in text_of(at)


def homes(at: AppTest) -> list[str]:
    orders = next(one.value for one in at.dataframe if "Home" in one.value.columns)
    return list(orders["Home"])


def test_an_order_is_left_out_by_unticking_it(screen: Open, shop: Shop) -> None:
    round_id = open_round(shop)
    at = upload(screen(shop, "sheet"), "youzan_orders_gbk.csv")
    editor = next(one for one in at.data_editor if "Book" in one.value.columns)
    at.session_state[editor.key] = {
        "edited_rows": {0: {"Book": False}}, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    at.run()
    button(at, "Book 32 orders")
    assert len(queries.orders(shop, round_id=round_id)) == 32
    assert "left out by you" in text_of(at)


def test_what_changed_is_shown_before_it_is_applied(screen: Open, shop: Shop) -> None:
    round_id = open_round(shop)
    head = "订单号,下单人,商品,数量,订单金额,退款金额,订单状态\n"
    at = upload(screen(shop, "sheet"), "a.csv", f"{head}T1,小李,老豆腐,2,6.00,0,已支付\n".encode())
    button(at, "Book 1 orders")
    upload(at, "b.csv", f"{head}T1,小李,老豆腐,3,9.00,0,已支付\n".encode())
    table = next(one.value for one in at.dataframe if "Before" in one.value.columns)
    assert ["老豆腐 ×2", "老豆腐 ×3"] in table[["Before", "Now"]].to_numpy().tolist()
    button(at, "Book 1 changes")
    (order,) = queries.orders(shop, round_id=round_id)
    assert order.goods == Money(900)


def test_without_a_round_the_page_says_what_to_do(screen: Open, shop: Shop) -> None:
    at = screen(shop, "sheet")
    assert "There is no round yet." in text_of(at)
    assert not at.file_uploader
