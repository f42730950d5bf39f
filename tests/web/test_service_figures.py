"""How quickly complaints are dealt with, on the price page: counted from the books (R26, R27)."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from lib.kernel.clock import FixedClock
from lib.service.after_sales import commands as cases
from lib.service.ledger.figures.rules import ServiceFigures
from lib.service.ledger.figures.texts import public_lines
from lib.shop.language import translator
from lib.shop.opening import Premises
from lib.shop.shop import SYSTEM, Shop
from lib.trust.costs.commands import publish_sheet
from lib.web import origin, prices
from tests.conftest import NOW
from tests.service.after_sales.cast import Bought, buy, opened, reply, solve
from tests.web.conftest import visiting
from tests.web.test_wishes import set_setting

HEADING = "东西有问题，我们办得多快"


@pytest.fixture
def bought(shop: Shop) -> Bought:
    found = buy(shop)
    publish_sheet(shop, "周五团", shop.today, [found.eggs])
    return found


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with visiting([*prices.ROUTES, *origin.ROUTES]) as client:
        yield client


def said(visitor: TestClient) -> str:
    page = visitor.get("/p/prices").text
    found = re.search(r'<section class="promise">(.*?)</section>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_nothing_is_shown_unless_the_owner_wants_it(
    visitor: TestClient, shop: Shop, bought: Bought
) -> None:
    opened(bought)
    assert said(visitor) == ""
    set_setting(shop, public_service_figures=True)
    cases.add_note(shop, 1, "x")  # the setting was put in without the journal
    assert HEADING in said(visitor)


def test_the_counts_follow_the_books_and_the_clock(
    visitor: TestClient, shop: Shop, bought: Bought, clock: FixedClock
) -> None:
    set_setting(shop, public_service_figures=True)
    assert "2026年9月：到现在没有人反馈问题" in said(visitor)
    first, _second = opened(bought), opened(bought)
    assert "共 2 单反馈。 还有 2 单没到时间" in said(visitor)
    clock.forward(minutes=30)
    reply(shop, first)
    assert "1 单里 1 单在 60 分钟内回复" in said(visitor)
    clock.forward(minutes=31)  # nothing was written: the time of the second ran out by itself
    assert "2 单里 1 单在 60 分钟内回复" in said(visitor)
    solve(shop, first)
    assert "1 单里 1 单在 24 小时内办好" in said(visitor)
    clock.forward(hours=24)
    cases.record_breaches(shop.acting(SYSTEM))
    seen = said(visitor)
    assert "2 单里 1 单在 24 小时内办好" in seen
    assert "没到时间" not in seen


def test_yesterdays_figure_is_never_todays(
    visitor: TestClient, shop: Shop, bought: Bought, clock: FixedClock
) -> None:
    set_setting(shop, public_service_figures=True)
    before = visitor.get("/p/prices")
    assert "截至2026年9月25日" in said(visitor)
    clock.forward(days=1)
    assert "截至2026年9月26日" in said(visitor)
    again = visitor.get("/p/prices", headers={"if-none-match": before.headers["etag"]})
    assert again.status_code == 200
    clock.forward(days=5)
    assert "2026年10月：到现在没有人反馈问题" in said(visitor)


def test_an_earlier_sheet_says_nothing_of_today(
    visitor: TestClient, shop: Shop, bought: Bought
) -> None:
    set_setting(shop, public_service_figures=True)
    publish_sheet(shop, "周六团", shop.today, [bought.eggs])
    assert HEADING in visitor.get("/p/prices/2").text
    assert HEADING not in visitor.get("/p/prices/1").text


def test_what_is_promised_is_the_setting(
    visitor: TestClient, shop: Shop, bought: Bought, clock: FixedClock
) -> None:
    set_setting(shop, public_service_figures=True, reply_minutes=45)
    reply(shop, opened(bought))
    assert "45 分钟内回复" in said(visitor)


def test_the_door_is_named_while_it_is_open(
    visitor: TestClient, shop: Shop, bought: Bought
) -> None:
    for way in ("/p/prices", "/p/origin"):
        assert 'href="/p/help"' in visitor.get(way).text
        assert 'href="/p/help?lang=en"' in visitor.get(f"{way}?lang=en").text
    set_setting(shop, case_door=False)
    opened(bought)
    for way in ("/p/prices", "/p/origin"):
        assert "/p/help" not in visitor.get(way).text


def test_english_says_the_same() -> None:
    figures = ServiceFigures(NOW.date().replace(day=1), 13, 12, 1, 11, 1, 1)
    assert public_lines(figures, "September 2026", 60, 24, translator("en")) == (
        "September 2026: complaints so far: 13.",
        "12 of 13 answered within 60 minutes",
        "11 of 12 solved within 24 hours",
        "1 are still within their time and count neither way.",
    )
