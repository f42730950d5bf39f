"""The owner sees the price page before it is published, exactly as residents will (R20)."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.money import Money
from lib.shop import drafts
from lib.shop.opening import Premises
from lib.shop.people.cookies import SESSION
from lib.shop.shop import Shop
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.draft.queries import draft_sheet
from lib.trust.costs.intent import FORM, Intent
from lib.trust.costs.rules import Cost, Part
from lib.web.prices import LINES_PER_PAGE
from lib.web.routes import ROUTES
from tests.pages.conftest import sign_in
from tests.trust.costs.test_publishing import add_product
from tests.web.conftest import visiting

PATH = "/preview/prices"


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with visiting(ROUTES) as client:
        yield client


def signed_in(visitor: TestClient, shop: Shop) -> TestClient:
    visitor.cookies.set(SESSION, sign_in(shop.store, shop, shop.clock))
    return visitor


def begin(shop: Shop, *products: int, title: str = "周五团", **more: object) -> Intent:
    scope = draft_sheet(shop).scope
    wanted = Intent(title, shop.today, products, first=scope.first, last=scope.last, **more)
    drafts.keep(shop, FORM, wanted.text)
    return wanted


def articles(html: str) -> list[str]:
    return re.findall(r"<article>.*?</article>", html, re.S)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_preview_is_what_residents_see_once_it_is_published(
    shop: Shop, visitor: TestClient, language: str
) -> None:
    eggs = add_product(shop)
    gift = add_product(shop, "福利蛋", price_fen=480, purchase_price_fen=500)
    set_costs(shop, eggs, {Part.PACKAGING: Cost(Money(20)), Part.LOSS: Cost(rate=240)}, {})
    publish_sheet(shop, "上一期", shop.today, [eggs])
    wanted = begin(shop, eggs, gift, corrects=1, correction="袋子钱忘了写")
    signed_in(visitor, shop)
    before = visitor.get(PATH, params={"lang": language}).text
    looked_at = draft_sheet(shop).digest(wanted.product_ids)
    publish_sheet(
        shop, wanted.title, wanted.day, wanted.product_ids, corrects=1,
        correction=wanted.correction, looked_at=looked_at,
    )  # fmt: skip
    after = visitor.get("/p/prices", params={"lang": language}).text
    assert articles(before) == articles(after)
    assert len(articles(before)) == 2
    for said in ("周五团", "袋子钱忘了写"):
        assert said in before
        assert said in after
    banner = {"en": "Preview: not published", "zh_CN": "预览，尚未发布"}[language]
    assert banner in before
    assert banner not in after


def test_nothing_of_it_is_kept_by_anybody(shop: Shop, visitor: TestClient) -> None:
    begin(shop, add_product(shop))
    answer = signed_in(visitor, shop).get(PATH)
    assert answer.headers["cache-control"] == "no-store"
    assert "Cookie" in answer.headers["vary"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "etag" not in answer.headers


def test_it_is_for_the_owner_only(shop: Shop, staff_shop: Shop, visitor: TestClient) -> None:
    begin(shop, add_product(shop))
    drafts.keep(staff_shop, FORM, begin(shop, 1).text)
    for answer in (visitor.get(PATH), signed_in(visitor, staff_shop).get(PATH)):
        assert answer.status_code == 403
        assert "¥" not in answer.text
        assert "土鸡蛋" not in answer.text


@pytest.mark.parametrize("kept", [None, "{", '{"title": 5}', "[]"])
def test_without_anything_begun_it_leads_back(
    shop: Shop, visitor: TestClient, kept: str | None
) -> None:
    if kept:
        drafts.keep(shop, FORM, kept)
    answer = signed_in(visitor, shop).get(PATH, params={"lang": "en"})
    assert answer.status_code == 404
    assert 'href="/costs"' in answer.text


def test_products_that_went_off_sale_are_no_preview(shop: Shop, visitor: TestClient) -> None:
    begin(shop, add_product(shop))
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(archived_at=shop.clock.now()))
    assert signed_in(visitor, shop).get(PATH).status_code == 404


def test_a_long_sheet_goes_on_in_the_preview(shop: Shop, visitor: TestClient) -> None:
    products = [add_product(shop, f"菜{number}") for number in range(LINES_PER_PAGE + 1)]
    begin(shop, *products)
    first = signed_in(visitor, shop).get(PATH, params={"lang": "en"}).text
    assert f'href="{PATH}?page=2&amp;lang=en"' in first
    assert len(articles(visitor.get(PATH, params={"page": 2}).text)) == 1
    assert visitor.get(PATH, params={"page": 3}).status_code == 404


def test_an_intent_survives_being_kept(shop: Shop) -> None:
    wanted = begin(shop, 3, 1, title="周五团 ‹x›", corrects=2, correction="写错了", round_id=4)
    kept = drafts.kept(shop, FORM)
    assert kept is not None
    assert Intent.of_text(kept.text) == wanted
