"""The weekly statements: lines, closing, paying, the text for the supplier (R2)."""

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.statements import queries
from lib.supply.statements.rules import State
from lib.ui import navigation
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier

LAST, WEDNESDAY = date(2026, 9, 14), date(2026, 9, 16)


def widget(at: AppTest, kind: str, name: str) -> Any:
    return next(item for item in at.get(kind) if f":{name}:" in (item.key or ""))


def press(at: AppTest, name: str) -> None:
    widget(at, "button", name).click()
    at.run()
    assert not at.exception, at.exception


def add_week(shop: Shop) -> int:
    """A partner that delivered last Wednesday, with something rejected."""
    supplier = add_supplier(shop, created_at=NOW.replace(month=1))
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, supplier_id=supplier, arrived_on=WEDNESDAY, rejected=500)
    return supplier


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_lines_on_screen_add_up_to_what_is_payable(
    screen: Open, shop: Shop, language: str
) -> None:
    supplier = add_week(shop)
    at = screen(shop, "statements", language)
    lines = at.dataframe[1].value
    amount = "Amount" if language == "en" else "金额"
    payable = queries.statement(shop, supplier, LAST)
    assert payable is not None
    assert Money.of(f"{lines[amount].sum():.2f}") == payable.body.payable == Money(4000)
    assert "¥40.00" in text_of(at)
    assert "应付 40.00 元" in at.code[0].value


def test_a_week_is_closed_and_paid(screen: Open, shop: Shop) -> None:
    supplier = add_week(shop)
    at = screen(shop, "statements")
    press(at, "save")
    closed = queries.statement(shop, supplier, LAST)
    assert closed is not None
    assert closed.state is State.TO_PAY
    press(at, "save")
    assert "Write how it was paid" in text_of(at)
    widget(at, "text_input", "how").set_value("微信转账")
    press(at, "save")
    paid = queries.statement(shop, supplier, LAST)
    assert paid is not None
    assert (paid.state, paid.paid_on, paid.paid_how) == (State.SETTLED, TODAY, "微信转账")
    press(at, "undo")
    assert len(queries.due(shop).to_pay) == 1


def test_a_delivery_behind_the_screen_stops_the_closing(screen: Open, shop: Shop) -> None:
    supplier = add_week(shop)
    at = screen(shop, "statements")
    milk = add_product(shop, "牛奶", "盒")
    add_batch(shop, milk, 3, supplier_id=supplier, arrived_on=WEDNESDAY)
    press(at, "save")
    assert "changed since you looked" in text_of(at)
    press(at, "save")
    closed = queries.statement(shop, supplier, LAST)
    assert closed is not None
    assert closed.body.payable == Money(5200)


def test_a_week_without_deliveries_is_said(screen: Open, shop: Shop) -> None:
    add_supplier(shop, created_at=NOW.replace(month=1))
    at = screen(shop, "statements")
    assert "No deliveries this week." in text_of(at)
    assert "no deliveries this week" in at.dataframe[0].value["State"].tolist()


def test_the_address_names_a_week_and_a_running_one_is_not_closed(screen: Open, shop: Shop) -> None:
    supplier = add_week(shop)
    add_batch(shop, 1, 500, supplier_id=supplier)
    at = screen(shop)
    at.query_params["week"] = "2026-09-23"
    at.switch_page(navigation.page("statements")).run()
    assert not at.exception, at.exception
    assert "This week runs until Sunday" in text_of(at)
    links = [str(link.proto.label) for link in at.get("page_link")]
    assert any("青禾合作社" in label for label in links), "last week waits to be closed"


def test_before_the_first_supplier_there_is_a_page(screen: Open, shop: Shop) -> None:
    assert "No supplier was known" in text_of(screen(shop, "statements"))
