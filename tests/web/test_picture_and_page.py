"""The picture for the group, the light page and the text say the same figures (E17, R20)."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from lib.shop.language import translator
from lib.shop.messages.price_events import PRICE_SHEET
from lib.shop.messages.wording import said
from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.trust.costs import queries
from lib.trust.costs.poster import Frame, Kind, Look, draw
from lib.trust.costs.texts import MOST_NAMED, placeholders
from lib.web.prices import ROUTES
from tests.web.conftest import visiting
from tests.web.test_prices import Reader, add_product, publish_five, publish_sheet

FRAME = Frame("芳姐小店", "https://shop.example.cn/p/prices", "Asia/Shanghai")


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with visiting(ROUTES) as client:
        yield client


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_picture_and_page_say_the_same_figures(
    shop: Shop, visitor: TestClient, language: str
) -> None:
    publish_five(shop)
    products = Reader(visitor.get("/p/prices", params={"lang": language}).text).products
    on_page = [
        (product["name"], product["price"], [(name, amount) for name, amount in product["rows"]])
        for product in products
    ]
    sheet = queries.sheet(shop, 1)
    (picture,) = draw(sheet, Look(Kind.LONG, language), FRAME)
    words = iter(picture.said)
    for name, price, rows in on_page:
        *parts, _sum = rows
        assert price in words
        assert name in words
        for label, amount in parts:
            assert label in words, (name, label)
            assert next(words) == amount


def test_poster_and_page_say_the_same_price_and_what_is_kept(
    shop: Shop, visitor: TestClient
) -> None:
    publish_five(shop)
    products = Reader(visitor.get("/p/prices").text).products
    sheet = queries.sheet(shop, 1)
    ids = tuple(line.product_id for line in sheet.lines)
    (picture,) = draw(sheet, Look(Kind.CARD, "zh_CN", ids), FRAME)
    for product in products:
        label, amount = product["rows"][-2]
        assert product["price"] in picture.said
        assert f"{label} {amount}" in picture.said


def test_the_text_names_the_first_goods_as_the_sheet_has_them(shop: Shop) -> None:
    products = [add_product(shop, f"菜{number}") for number in range(MOST_NAMED + 2)]
    publish_sheet(shop, "周五团", shop.today, products)
    publish_sheet(shop, "周五团", shop.today, products[:1], corrects=1, correction="写错了")
    say = translator("zh_CN")
    texts = []
    for number in (1, 2):
        sheet = queries.sheet(shop, number)
        values = placeholders(sheet, say, "09-25", "https://shop.example.cn/p/prices")
        texts.append(said(shop, PRICE_SHEET, **values).split("\n"))
    first, second = texts
    assert first[0] == "【价格公开】周五团 · 09-25"
    assert first[1] == "菜0 5.80/斤 = 进价 4.50 + 本店留 1.30"
    assert len(first) == 1 + MOST_NAMED + 3
    assert first[1 + MOST_NAMED] == "……还有 2 种"
    assert second[2] == "更正第1号：写错了"
    assert len(second) == 5
    assert queries.sheet(shop, 2).short in second[-1]
