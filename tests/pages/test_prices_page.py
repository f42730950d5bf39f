"""The public price page: the same figures on the screen and on the light page, added up."""

import re
from datetime import timedelta
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.queries import proposed
from lib.trade.rounds.rules import Offered
from lib.trust.costs.commands import publish_sheet
from lib.trust.costs.queries import newest_sheet
from lib.trust.costs.rules import LABELS, Part
from lib.web import prices
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member, add_order, put
from tests.web.conftest import visiting
from tests.web.test_prices import check_sums, publish_five

AMOUNT = re.compile(r"-?¥[\d,]+\.\d{2}")


@pytest.fixture
def street(shop: Shop) -> Shop:
    """A published sheet, a round in which eggs are cheaper, and a welfare item that was sold."""
    publish_five(shop)
    member = add_member(shop, "阿芳")
    add_order(shop, member, 1, (1, 1000), placed_at=NOW - timedelta(days=2))
    offers = [Offered(1, Money(520), compared=Money(580)), Offered(3, Money(460))]
    round_id = open_round(shop, Plan("周五团", proposed(shop)), offers)
    put(
        shop, schema.welfare_item, product_id=3, month=shop.today.replace(day=1), price_fen=460,
        household_limit=1000, available=30000, reason="thanks", status="offered",
        round_id=round_id, unit_cost_fen=500, offered_at=NOW, created_at=NOW,
        body={"parts": [["purchase", 500]]},
    )  # fmt: skip
    add_order(shop, member, 2, (3, 5000), round_id=round_id, placed_at=NOW)
    return shop


def light(path: str, language: str) -> str:
    with visiting(prices.ROUTES) as visitor:
        return unescape(visitor.get(path, params={"lang": language}).text)


def frames(at: AppTest) -> list[list[dict[str, object]]]:
    return [each.value.to_dict("records") for each in at.dataframe]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_both_doors_show_the_same_figures_and_they_add_up(
    screen: Open, street: Shop, language: str
) -> None:
    at = screen(None, "prices", language)
    page = light("/p/prices", language)
    products = {each["name"]: each for each in check_sums(page)}
    sheet = newest_sheet(street)
    assert sheet is not None
    (rows, *_others) = frames(at)
    say = {"zh_CN": ("商品", "价格"), "en": ("Product", "Price")}[language]
    assert len(rows) == len(products) == len(sheet.lines)
    for row, line in zip(rows, sheet.lines, strict=True):
        shown = products[row[say[0]]]
        values = list(row.values())
        amounts = [round(float(str(value)) * 100) for value in values[2 : 3 + len(Part)]]
        assert amounts[0] == sum(amounts[1:]) == line.price.fen
        *parts, price = [Money.parse(amount).fen for _label, amount in shown["rows"]]
        assert [fen for fen in amounts[1:] if fen] == [fen for fen in parts if fen]
        assert price == amounts[0]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_promotions_and_welfare_are_the_same_behind_both_doors(
    screen: Open, street: Shop, language: str
) -> None:
    screen_text = text_of(screen(None, "prices", language)).replace("\\", "")
    page = light("/p/prices", language)
    for said in {
        "zh_CN": ("优惠前7天最低成交价¥5.80", "近7天最低成交价 ¥5.80", "¥5.20 / 斤", "福利品"),
        "en": ("in the 7 days before: ¥5.80", "days before: ¥5.80", "¥5.20 / 斤", "Welfare item"),
    }[language]:
        assert said in screen_text, said
        assert said in page, said
    given = "¥4.00"  # 10 jin at 0.40 below cost
    assert given in screen_text
    listed = page[page.index('<ul class="given">') :]
    amounts = re.findall(r'class="now">([^<]+)<', listed)
    rows = [Money.parse(amount).fen for amount in amounts]
    assert sum(rows[:-1]) == rows[-1] == 400
    assert {"zh_CN": "原价", "en": "riginal price"}[language] not in page + screen_text


def test_an_older_sheet_stands_alone(screen: Open, street: Shop) -> None:
    publish_sheet(street, "周六团", street.today, [1])
    at = screen(None, "prices")
    at.selectbox(key="choose-sheet").set_value(1).run()
    assert "Cheaper now" not in text_of(at)
    assert "Cheaper now" not in light("/p/prices/1", "en")
    assert "Cheaper now" in light("/p/prices/2", "en")


def test_a_products_history_is_the_same_behind_both_doors(screen: Open, street: Shop) -> None:
    publish_sheet(street, "改", street.today, [1], corrects=1, correction="袋子钱忘了写")
    at = screen(None, "prices")
    at.session_state["points"] = True
    at.run()
    (history,) = [rows for rows in frames(at) if rows and "Correction" in rows[0]]
    page = light("/p/prices/goods/1", "en")
    items = re.findall(r"<li>(.*?)</li>", page, re.S)
    assert len(items) == len(history) == 2
    for row, item in zip(history, items, strict=True):
        price, *parts = [Money.parse(amount).fen for amount in AMOUNT.findall(item)]
        assert price == sum(parts) == round(float(str(row["Price"])) * 100)
        shown = [round(float(str(row[LABELS[part]])) * 100) for part in Part]
        assert [fen for fen in shown if fen] == [fen for fen in parts if fen]
    assert [row["Correction"] for row in history] == ["", "corrected by no. 2"]
    assert "corrected by no. 2" in items[1]


def test_the_wish_box_is_linked_only_while_it_is_open(screen: Open, street: Shop) -> None:
    assert "/p/wishes" in light("/p/prices", "en")
    save_settings(street, {"wish_box": False}, {})
    assert "/p/wishes" not in light("/p/prices", "en")


def test_before_the_first_sheet_both_doors_say_so(screen: Open, shop: Shop) -> None:
    assert "has not published" in text_of(screen(None, "prices"))
    assert "has not published" in light("/p/prices", "en")
