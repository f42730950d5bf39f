"""The privacy notice: made from the settings, public, nothing of anybody in it (PIPL 17)."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.members.consents.notice.queries import changed_on
from lib.shop.opening import Premises
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.web import prices, privacy, wishes


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[*privacy.ROUTES, *prices.ROUTES, *wishes.ROUTES])) as client:
        yield client


def page(visitor: TestClient, language: str = "zh_CN") -> str:
    answer = visitor.get("/p/privacy", params={"lang": language})
    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("public")
    return answer.text


def test_it_says_who_how_long_and_what_never(shop: Shop, visitor: TestClient) -> None:
    save_settings(
        shop,
        {
            "privacy_operator": "芳邻便利店（个体工商户）",
            "privacy_contact": "微信 fangjie",
            "keep_birthday_months": 13,
            "keep_order_contact_months": 7,
            "keep_consent_months": 37,
            "keep_source_text_months": 5,
            "keep_opening_months": 11,
        },
        {},
    )
    chinese = page(visitor)
    for said in (
        "芳邻便利店（个体工商户）", "微信 fangjie", "13 个月没有下单", "7 个月", "37 个月",
        "5 个月", "11 个月", "收回", "更正或删除", "不卖资料", "人人同价", "不记任何健康",
    ):  # fmt: skip
        assert said in chinese, said
    english = page(visitor, "en")
    for said in ("13 months without an order", "We sell no data", "Everybody pays the same"):
        assert said in english, said


def test_a_contact_that_is_missing_is_not_made_up(visitor: TestClient) -> None:
    assert "问发货给您的人就行" in page(visitor)
    assert "Reach us about it" not in page(visitor, "en")


def test_its_date_is_that_of_the_last_change(shop: Shop, visitor: TestClient) -> None:
    assert changed_on(shop) == shop.today
    assert "2026年9月25日" in page(visitor)


def test_a_change_shows_at_the_next_look(shop: Shop, visitor: TestClient) -> None:
    before = page(visitor)
    save_settings(shop, {"privacy_contact": "柜台"}, {})
    assert page(visitor) != before
    assert "柜台" in page(visitor)


def test_what_is_typed_stays_text(shop: Shop, visitor: TestClient) -> None:
    save_settings(shop, {"privacy_contact": "<script>x</script>"}, {})
    assert "<script>" not in page(visitor)


@pytest.mark.parametrize("path", ["/p/prices", "/p/wishes"])
def test_other_pages_lead_there_in_their_language(visitor: TestClient, path: str) -> None:
    seen = visitor.get(path, params={"lang": "en"}).text
    assert 'href="/p/privacy?lang=en"' in seen
    assert 'href="/p/privacy' not in page(visitor)
