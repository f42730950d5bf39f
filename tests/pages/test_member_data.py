"""The data of a member on screen: given out as a file, erased for good, anonymous afterwards."""

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.shop.shop import Shop
from lib.ui import navigation
from tests.members.erasure.cast import Lived, live, row
from tests.members.erasure.planted import NICKNAME, everything, traces
from tests.pages.conftest import Open, text_of
from tests.pages.test_members import opened
from tests.pages.test_orders import button, field


@pytest.fixture
def lived(shop: Shop) -> Lived:
    return live(shop)


def opened_erase(screen: Open, lived: Lived, language: str = "en"):  # type: ignore[no-untyped-def]
    at = opened(screen, lived.shop, lived.member, "data", language)
    at.session_state["erase"] = True
    return at.run()


def test_the_owner_erases_after_typing_the_number(screen: Open, lived: Lived) -> None:
    at = opened_erase(screen, lived)
    assert "Stays in the books" in text_of(at) and "photos of complaints (1)" in text_of(at)
    typed = f"erase-{lived.member}:typed"
    field(at, "text_input", typed).set_value("9999")
    at = button(at, "Erase for good")
    assert "Type the number of the file" in text_of(at)
    assert row(lived.shop, schema.member, lived.member).nickname == NICKNAME
    assert field(at, "text_input", typed).value == "9999"
    field(at, "text_input", typed).set_value(str(lived.member))
    at = button(at, "Erase for good")
    assert traces(everything(lived.shop)) == []
    assert "anonymous since" in text_of(at) and NICKNAME not in text_of(at)
    assert not at.text_area, "nothing can be edited"


def test_what_is_open_is_listed_and_cannot_be_passed_over(screen: Open, lived: Lived) -> None:
    from lib.kernel.money import Money
    from lib.trade.payments.commands import top_up_balance

    top_up_balance(lived.shop, lived.member, Money.of(20))
    at = opened_erase(screen, lived, "zh_CN")
    assert "请先办完这些" in text_of(at) and "20.00" in text_of(at)
    assert not [one for one in at.button if "erase-" in str(one.key)]


def test_staff_see_no_such_part(screen: Open, staff_shop: Shop, shop: Shop) -> None:
    lived = live(shop)
    at = opened(screen, staff_shop, lived.member, "data")
    assert "Their data" not in text_of(at)


def test_every_page_is_drawn_with_an_anonymous_member(screen: Open, lived: Lived) -> None:
    lived.erase()
    at = screen(lived.shop)
    for entry in navigation.TABLE:
        at.switch_page(navigation.page(entry.url)).run()
        assert not at.exception, entry.url
        assert NICKNAME not in text_of(at), entry.url
    for page, name, number in (
        ("members", "member", lived.member),
        ("orders", "order", lived.order),
        ("after_sales", "case", lived.case),
    ):
        at = screen(lived.shop, page)
        at.query_params[name] = str(number)
        at.run()
        assert not at.exception, page
        assert NICKNAME not in text_of(at), page
    with lived.shop.read() as connection:
        assert connection.execute(select(schema.erasing)).first() is None
