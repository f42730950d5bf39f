"""The walk-in page: one line, one click."""

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.orders import queries
from tests.pages.conftest import Open, text_of
from tests.trade.orders.cast import stock_up


def book(at: object) -> None:
    next(one for one in at.button if one.label == "Book it").click().run()  # type: ignore[attr-defined]
    assert not at.exception  # type: ignore[attr-defined]


def test_an_empty_shop_says_what_to_do(screen: Open, shop: Shop) -> None:
    assert "nothing to sell" in text_of(screen(shop, "counter"))


def test_one_line_and_one_click(screen: Open, staff_shop: Shop, shop: Shop) -> None:
    stock_up(shop)
    at = screen(staff_shop, "counter")
    at.text_input[0].set_value("3-201 小李 鸡蛋2斤 豆腐1盒 晚上拿").run()
    assert "¥12.60" in text_of(at)
    book(at)
    (order,) = queries.orders(shop)
    assert (order.nickname, str(order.home), order.slot) == ("小李", "3-201", "evening")
    assert order.comes_to == Money.of("12.60")
    assert at.text_input[0].value == ""


def test_what_is_not_understood_is_not_booked_and_stays(screen: Open, shop: Shop) -> None:
    stock_up(shop)
    at = screen(shop, "counter")
    at.text_input[0].set_value("小李 香菜1把").run()
    book(at)
    assert "Not everything was understood" in text_of(at)
    assert queries.orders(shop) == []
    assert at.text_input[0].value == "小李 香菜1把"


def test_goods_can_be_picked_by_hand(screen: Open, shop: Shop) -> None:
    stock_up(shop)
    at = screen(shop, "counter")
    at.text_input[1].set_value("小李").run()
    at.get_by_key(at.button_group[0].key).set_value([3]).run()
    at.number_input[0].set_value(4.0).run()
    book(at)
    assert [line.said for line in queries.orders(shop)[0].lines] == ["老豆腐 4盒"]
