"""Nothing that was not published leaves by a light page (F-13, D11)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.db import schema
from lib.service.after_sales.links.commands import new_link
from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.trust.costs.commands import publish_sheet
from lib.web import case_page, chain, files, help_door, origin, prices, privacy, wishes
from tests.plant import NUMBER, SECRET, UNPUBLISHED, plant, promote, publish_origin

PATHS = [
    "/p/prices",
    "/p/prices/1",
    "/p/prices/1.json",
    "/p/prices/2",
    "/p/prices/chain.json",
    "/p/prices/check",
    "/p/prices?page=2",
    "/p/prices/goods/1",
    "/p/prices/goods/2",
    "/p/wishes",
    "/p/wishes?sent=1",
    "/p/help",
    "/p/privacy",
    "/p/case/1",
    "/p/case/planted",
]

NAMELESS = {"/p/prices/chain.json", "/p/prices/check"}
"""Doors that name no goods."""


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with TestClient(
        Starlette(
            routes=[
                *chain.ROUTES,
                *prices.ROUTES,
                *origin.ROUTES,
                *wishes.ROUTES,
                *help_door.ROUTES,
                *privacy.ROUTES,
                *case_page.ROUTES,
                *files.ROUTES,
            ]
        )
    ) as client:
        yield client


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_secret_in_every_column_stays_inside(
    shop: Shop, visitor: TestClient, path: str, language: str
) -> None:
    product = plant(shop)
    publish_sheet(shop, "周五团", shop.today, [product])
    answer = visitor.get(path, params={"lang": language})
    seen = answer.content.decode() + str(answer.headers)
    assert SECRET not in seen
    assert SECRET.lower() + "_login" not in seen
    assert str(NUMBER) not in seen
    assert "芳姐" not in seen
    if path in NAMELESS:
        assert answer.status_code == 200
    elif answer.status_code == 200 and path.startswith("/p/prices"):
        assert "土鸡蛋" in seen


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("stopped", [False, True])
def test_the_origin_pages_tell_what_was_published_only(
    shop: Shop, visitor: TestClient, language: str, stopped: bool
) -> None:
    product = plant(shop)
    token = publish_origin(shop, stopped=stopped)
    publish_sheet(shop, "周五团", shop.today, [product])
    for path in (f"/p/origin/{token}", "/p/origin", "/p/origin/planted", "/p/prices"):
        answer = visitor.get(path, params={"lang": language})
        seen = answer.content.decode() + str(answer.headers)
        for secret in (
            SECRET,
            SECRET.lower() + "_login",
            str(NUMBER),
            "芳姐",
            "31.0000",
            "31000001",
        ):
            assert secret not in seen, (path, secret)
    page = visitor.get(f"/p/origin/{token}", params={"lang": language}).text
    for said in ("土鸡蛋", "余杭区径山镇", "质检所"):
        assert said in page
    assert ("超标" in page) is stopped


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_promotions_tell_price_and_proof_and_nothing_else(
    shop: Shop, visitor: TestClient, language: str
) -> None:
    product = plant(shop)
    promote(shop, product)
    publish_sheet(shop, "周五团", shop.today, [product])
    answer = visitor.get("/p/prices", params={"lang": language})
    seen = answer.content.decode() + str(answer.headers)
    for secret in (SECRET, SECRET.lower() + "_login", str(NUMBER), "芳姐", UNPUBLISHED):
        assert secret not in seen, secret
    for said in ("¥5.11", "¥5.12", "¥5.13", "超市同款"):
        assert said in seen, said


OF_THE_CASE = {
    "after_sales_case_product_name",
    "case_entry_text",
    "order_line_sale_unit",
    "owed_goods_product_name",
    "owed_goods_sale_unit",
}
"""Planted columns that the resident of that case is meant to read."""


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("status", ["new", "solved", "closed"])
def test_a_private_page_tells_of_its_case_only(
    shop: Shop, visitor: TestClient, language: str, status: str
) -> None:
    plant(shop)
    case = schema.after_sales_case
    with shop.store.write() as connection:
        ended = shop.clock.now() if status == "closed" else None
        connection.execute(update(case).values(status=status, closed_at=ended))
    path = new_link(shop, 1)
    answer = visitor.get(path, params={"lang": language})
    assert answer.status_code == 200
    seen = answer.content.decode() + str(answer.headers)
    for said in sorted(OF_THE_CASE):
        seen = seen.replace(f"{SECRET}_{said}", "")
    for secret in (SECRET, SECRET.lower(), "芳姐", "f" * 64):
        assert secret not in seen, secret
    token = path.rsplit("/", 1)[-1]
    for other in (f"/files/{'f' * 64}", f"{path}/photo/1", f"{path}/photo/{NUMBER}"):
        got = visitor.get(other)
        assert got.status_code == 404, other
        assert SECRET not in got.text
        assert token not in got.text
