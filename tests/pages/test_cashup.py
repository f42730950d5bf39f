"""The cash-up page: figures, the count, the difference in words, the table."""

from lib.kernel.money import Money
from lib.members.profiles.commands import add_member
from lib.shop.shop import Shop
from lib.trade.payments.commands import pay_order
from lib.trade.payments.queries import cash_ups
from tests.pages.conftest import Open, text_of
from tests.pages.test_orders import button, field
from tests.trade.payments.books import book


def test_the_till_is_counted_and_the_difference_said(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    member = add_member(shop, "小李")
    pay_order(staff_shop, book(shop, member, 4550).id, "cash")
    pay_order(shop, book(shop, member, 1000).id)
    at = screen(staff_shop, "cashup")
    assert [one.value for one in at.metric] == ["¥245.50", "¥45.50", "¥10.00"]
    assert len(at.dataframe[0].value) == 2
    field(at, "number_input", "cash-up-20260925:cash").set_value(245.0).run()
    assert "¥0.50 short" in text_of(at)
    field(at, "number_input", "cash-up-20260925:transfer").set_value(10.0).run()
    assert "transfers agree" in text_of(at)
    at = button(at, "Keep this count")
    (count,) = cash_ups(shop)
    assert (count.till.difference, count.transfer_difference) == (Money(-50), Money(0))
    assert "¥0.50 short" in text_of(at)
    assert len(at.dataframe) == 2


def test_a_day_without_money_says_so(screen: Open, shop: Shop) -> None:
    text = text_of(screen(shop, "cashup"))
    assert "No money moved" in text
    assert "not counted yet" in text
