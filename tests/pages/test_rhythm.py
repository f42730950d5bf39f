"""The rhythm page: trend with its rule, the strip, sold-out marks; no cost (R4)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.shop.shop import Shop
from tests.pages.conftest import Open, text_of
from tests.supply.cast import TODAY, add_product, add_supplier, add_term
from tests.supply.rhythm.cast import YESTERDAY, add_past, close


@pytest.fixture
def eggs(shop: Shop) -> int:
    """Sells 12 a day in the last two weeks and 10 before; the shop was closed once."""
    product = add_product(shop, "土鸡蛋", "份")
    recent = TODAY - timedelta(days=14)
    add_past(
        shop,
        product,
        lambda day: 12 if day >= recent else 10,
        sold_out=lambda day: day == YESTERDAY,
    )
    close(shop, YESTERDAY - timedelta(days=7))
    add_term(shop, add_supplier(shop), product, price_fen=777)
    return product


def press(at: Any, name: str) -> None:
    next(item for item in at.button if f":{name}:" in (item.key or "")).click()
    at.run()
    assert not at.exception, at.exception


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_trend_is_said_with_its_rule(
    screen: Open, staff_shop: Shop, eggs: int, language: str
) -> None:
    """Yesterday and the Thursday before count for nothing, so six weekdays are compared."""
    at = screen(staff_shop, "rhythm", language)
    said = text_of(at)
    assert "72份" in said
    assert "60份" in said
    assert ("20 % more" if language == "en" else "多了 20%") in said
    assert ("sold out" if language == "en" else "售罄") in said
    assert "7.77" not in said, "no cost on this page"
    weeks = at.dataframe[1].value
    assert len(weeks) == 9
    last = weeks.iloc[0]
    assert ("sold out" if language == "en" else "售罄") in last.iloc[-1]


def test_the_weeks_can_be_chosen(screen: Open, shop: Shop, eggs: int) -> None:
    at = screen(shop, "rhythm")
    assert at.button_group(key="rhythm-weeks").value == 8
    at.button_group(key="rhythm-weeks").set_value(4).run()
    assert not at.exception
    assert len(at.dataframe[1].value) == 5


def test_staff_mark_a_day_as_sold_out_and_take_it_back(
    screen: Open, staff_shop: Shop, eggs: int
) -> None:
    at = screen(staff_shop, "rhythm")
    press(at, "save")
    marks = select(schema.sold_out_mark.c.day)
    with staff_shop.read() as connection:
        assert list(connection.execute(marks).scalars()) == [TODAY]
    assert "somebody marked it" in text_of(at).replace("\\", "")
    at.button(key=f"unmark-{eggs}-{TODAY}").click().run()
    assert not at.exception
    with staff_shop.read() as connection:
        assert list(connection.execute(marks).scalars()) == []


def test_a_shop_without_products_sees_what_to_do(screen: Open, shop: Shop) -> None:
    assert "No products yet" in text_of(screen(shop, "rhythm"))


def test_a_product_without_sales_is_no_fault(screen: Open, shop: Shop) -> None:
    add_product(shop, "梨")
    assert "Too little is known" in text_of(screen(shop, "rhythm"))
