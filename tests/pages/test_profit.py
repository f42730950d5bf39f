"""The profit page and the costs from the books, as the owner sees them (E15, R20)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.stock.rules import Kind
from lib.trust.costs.commands import set_costs
from lib.trust.costs.draft.queries import draft_sheet
from lib.trust.costs.rules import Cost, Part
from lib.ui import navigation
from tests.pages.conftest import Open, text_of
from tests.trust.books.cast import (
    TODAY,
    add_batch,
    add_member,
    add_order,
    add_product,
    add_round,
    leave,
)


@pytest.fixture
def eggs(shop: Shop) -> int:
    """Two jin of eggs sold to a round, one thrown away, two over the counter."""
    product, member = add_product(shop, "土鸡蛋", fresh=True), add_member(shop, "小李")
    batch = add_batch(shop, product, 5000, unit_price_fen=400)
    round_id = add_round(shop)
    _order, (line,) = add_order(shop, member, 1, (product, 1000), round_id=round_id)
    leave(shop, product, 1000, batch, line_id=line)
    leave(shop, product, 1000, batch)
    leave(shop, product, 500, batch, Kind.WASTED)
    return product


def choose(at: Any, key: str, value: object) -> None:
    next(item for item in at.get("button_group") if item.key == key).set_value(value)
    at.run()
    assert not at.exception, at.exception


def widget(at: Any, kind: str, name: str) -> Any:
    return next(item for item in at.get(kind) if f":{name}:" in (item.key or ""))


@pytest.mark.parametrize(
    ("language", "revenue", "rent"),
    [("en", "Revenue", "rent, wages"), ("zh_CN", "收入", "房租、工资")],
)
def test_the_month_with_its_totals_and_its_units(
    screen: Open, shop: Shop, eggs: int, language: str, revenue: str, rent: str
) -> None:
    at = screen(shop, "profit", language)
    shown = {metric.label: metric.value for metric in at.metric}
    assert shown[revenue] == "¥19.20"
    assert list(shown.values()) == ["¥19.20", "¥20.00", "¥0.80", "-4 %"]
    assert "¥9.60" in text_of(at), "what is reckoned is said"
    assert rent in text_of(at)
    totals, units = at.dataframe[0].value, at.dataframe[1].value
    line = draft_sheet(shop).lines[0]
    assert round(units.iloc[0].iloc[2] * 100) == line.purchase.fen == 400
    assert round(units.iloc[0].iloc[3] * 100) == line.loss.fen == 100
    assert round(totals.iloc[0][revenue] * 100) == 1920


def test_loss_makers_are_marked(screen: Open, shop: Shop, eggs: int) -> None:
    at = screen(shop, "profit")
    assert "1 products lost money" in text_of(at)
    assert at.dataframe[0].value["State"].tolist() == ["lost money"]


def test_rounds_and_months_are_read_when_asked_for(screen: Open, shop: Shop, eggs: int) -> None:
    at = screen(shop, "profit")
    choose(at, "profit-view", "rounds")
    rows = at.dataframe[0].value
    assert rows["Revenue"].tolist() == [9.6]
    assert "周五团" in rows["Round"].iloc[0]
    choose(at, "profit-view", "year")
    rows = at.dataframe[0].value
    assert (len(rows), rows["Revenue"].iloc[0], rows["Month"].iloc[0]) == (
        12,
        19.2,
        "September 2026",
    )
    assert at.get("vega_lite_chart")


def test_a_round_alone_by_its_address(screen: Open, shop: Shop, eggs: int) -> None:
    at = screen(shop)
    at.query_params["books"], at.query_params["round"] = "round", "1"
    at.switch_page(navigation.page("profit")).run()
    assert at.metric[0].value == "¥9.60"
    assert "carried by every unit sold" in text_of(at)


def test_an_empty_month_says_so(screen: Open, shop: Shop) -> None:
    add_product(shop, "土鸡蛋")
    assert "Nothing was sold in these days." in text_of(screen(shop, "profit"))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_costs_now_say_where_each_figure_comes_from(
    screen: Open, shop: Shop, eggs: int, language: str
) -> None:
    set_costs(shop, eggs, {Part.PACKAGING: Cost(Money(20), basis="双层袋")}, {})
    at = screen(shop, "costs", language)
    said = text_of(at)
    assert "100 %" in said or "100%" in said
    assert "¥4.00" in said
    assert "双层袋" in said
    row = at.dataframe[0].value.iloc[0]
    assert row.iloc[-1] == "4斤"
    assert row.iloc[-2].startswith("✎")


def test_a_typed_cost_goes_back_to_the_books(screen: Open, shop: Shop, eggs: int) -> None:
    set_costs(shop, eggs, {Part.LOSS: Cost(Money(9)), Part.OTHER: Cost(Money(0))}, {})
    at = screen(shop, "costs")
    assert "the books say ¥1.00" in text_of(at)
    widget(at, "button", "back-loss").click().run()
    assert not at.exception
    item = draft_sheet(shop).products[0]
    assert item.costs == {Part.OTHER: Cost(Money(0))}
    assert widget(at, "number_input", "loss").value is None


def test_an_emptied_field_goes_back_to_the_books(screen: Open, shop: Shop, eggs: int) -> None:
    set_costs(shop, eggs, {Part.LOSS: Cost(Money(9))}, {})
    at = screen(shop, "costs")
    widget(at, "number_input", "loss").set_value(None)
    widget(at, "button", "save").click().run()
    assert draft_sheet(shop).products[0].costs == {}


def test_a_note_without_a_number_is_refused_and_kept(screen: Open, shop: Shop, eggs: int) -> None:
    at = screen(shop, "costs")
    widget(at, "text_input", "loss-basis").set_value("磕碰")
    widget(at, "button", "save").click().run()
    assert "Give either an amount or a rate." in text_of(at)
    assert widget(at, "text_input", "loss-basis").value == "磕碰"
    assert draft_sheet(shop).products[0].costs == {}


def test_the_days_can_be_chosen(screen: Open, shop: Shop, eggs: int) -> None:
    old = TODAY - timedelta(days=40)
    leave(shop, eggs, 3000, add_batch(shop, eggs, 5000, unit_price_fen=500, arrived_on=old), on=old)
    at = screen(shop, "costs")
    assert "¥4.00" in text_of(at)
    at.number_input("costs-days").set_value(60).run()
    assert at.dataframe[0].value.iloc[0].iloc[-1] == "10斤"
    choose(at, "costs-books", "month")
    assert at.dataframe[0].value.iloc[0].iloc[-1] == "4斤"


def test_a_product_nobody_knows_the_cost_of_is_named(screen: Open, shop: Shop) -> None:
    add_product(shop, "梨")
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(purchase_price_fen=None))
    at = screen(shop, "costs")
    assert "and so not on any sheet: 梨" in text_of(at)
