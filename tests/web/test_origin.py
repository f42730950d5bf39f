"""The light origin page as a browser reads it: from the code on the label to the report (R8)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.shop.opening import Premises
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.recall.commands import release_sale, start_recall, stop_sale
from lib.supply.traceability.commands import publish_evidence, withdraw_evidence
from lib.trust.costs.commands import publish_sheet
from lib.web import files, light, origin, prices
from tests.statements import statements_of
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier
from tests.supply.origin.test_queries import add_evidence, add_paper, change, picture, schema
from tests.web.conftest import visiting
from tests.web.test_prices import Reader

TOKEN = "Zk3x9QpLm2Tg7RwA"
PATH = f"/p/origin/{TOKEN}"
LARGEST = 30_000


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with visiting([*origin.ROUTES, *files.ROUTES, *prices.ROUTES]) as client:
        yield client


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋")


@pytest.fixture
def batch(shop: Shop, eggs: int) -> int:
    supplier = add_supplier(shop, typed_metres=12_400, distance_how="地图", story="竹林\n散养")
    return add_batch(shop, eggs, 5000, supplier_id=supplier, token=TOKEN, code="0925-1")


def test_one_tap_from_the_first_screen_to_the_report_of_this_batch(
    shop: Shop, visitor: TestClient, batch: int, eggs: int
) -> None:
    mine, general = picture(shop, "#123456"), picture(shop, "#654321")
    report = add_evidence(shop, mine, batch_id=batch)
    add_evidence(shop, general, product_id=eggs)
    page = visitor.get(PATH, params={"lang": "en"}).text
    first_link = re.search(r'<a class="go" href="#(e\d+)">.*?</a>', page, re.S)
    assert first_link is not None
    assert first_link[1] == f"e{report}"
    assert "Test report of this batch" in first_link[0]
    figure = re.search(rf'<figure id="e{report}">.*?</figure>', page, re.S)
    assert figure is not None
    assert f'src="/files/{mine}"' in figure[0]
    assert general not in figure[0]
    assert page.index("Of this very batch") < page.index("Of this product, not of this batch")
    assert visitor.get(f"/files/{mine}").status_code == 200


def test_a_report_of_something_else_is_called_so(
    shop: Shop, visitor: TestClient, batch: int, eggs: int
) -> None:
    day = TODAY - timedelta(days=shop.settings.test_fresh_days + 1)
    add_evidence(shop, picture(shop), product_id=eggs, made_on=day)
    page = visitor.get(PATH, params={"lang": "en"}).text
    assert "Test report of this batch" not in page
    assert "not of this batch" in page
    assert "<em>old</em>" in page


def test_it_says_who_where_when_and_what_it_costs(
    shop: Shop, visitor: TestClient, batch: int, eggs: int
) -> None:
    publish_sheet(shop, "周五团", TODAY, [eggs])
    save_settings(shop, {"shop_name": "芳姐生鲜"}, {})
    page = visitor.get(PATH, params={"lang": "en"}).text
    for said in ("土鸡蛋", "0925-1", "青禾合作社", "余杭区径山镇", "12.4 km", "竹林\n散养",
                 "Fri 25 Sep 2026", "芳姐生鲜", "¥4.80", 'href="/p/prices/1?lang=en"'):  # fmt: skip
        assert said in page, said
    chinese = visitor.get(PATH).text
    assert "2026年9月25日" in chinese
    assert "公里" in chinese
    assert '<html lang="zh-CN">' in chinese


def test_no_script_no_cookie_one_request_and_light(
    shop: Shop, visitor: TestClient, batch: int, eggs: int
) -> None:
    for number in range(12):
        add_evidence(
            shop, picture(shop, f"#0000{number:02}"), batch_id=batch, title=f"照片{number}"
        )
    add_paper(shop, 1)
    publish_sheet(shop, "周五团", TODAY, [eggs])
    for path in (PATH, "/p/origin"):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert "script" not in Reader(answer.text.replace("<article", "<x")).tags
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", answer.text)
        assert " style=" not in answer.text
        assert len(answer.content) <= LARGEST
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert "media-src 'self'" in policy
        assert light.style() in answer.text


def test_a_clip_is_played_from_our_own_door(shop: Shop, visitor: TestClient, batch: int) -> None:
    clip, poster = "c" * 64, picture(shop)
    with shop.store.write() as connection:
        connection.execute(
            schema.blob.insert().values(
                sha256=clip, media_type="video/mp4", size=9, width=640, height=360, seconds=7,
                created_at=shop.clock.now(),
            )
        )  # fmt: skip
        connection.execute(schema.blob_page.insert().values(blob=clip, position=0, picture=poster))
    add_evidence(shop, clip, batch_id=batch, kind="growing")
    page = visitor.get(PATH).text
    assert f'<video controls preload="none" playsinline src="/files/{clip}"' in page
    assert f'poster="/files/{poster}"' in page


def test_it_is_kept_until_something_changes(
    shop: Shop, visitor: TestClient, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor.get(PATH)
    assert "max-age" in first.headers["cache-control"]
    again = visitor.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with monkeypatch.context() as patched:
        patched.setattr(origin.queries, "origin", lambda *_: pytest.fail("asked the books again"))
        assert visitor.get(PATH).content == first.content
    evidence = add_evidence(shop, picture(shop), batch_id=batch, published=False)
    publish_evidence(shop, evidence, 1)
    shown = visitor.get(PATH)
    assert f'id="e{evidence}"' in shown.text
    withdraw_evidence(shop, evidence, 2)
    assert f'id="e{evidence}"' not in visitor.get(PATH).text


def test_the_age_of_a_report_grows_by_itself(
    shop: Shop, visitor: TestClient, batch: int, clock: FixedClock
) -> None:
    add_evidence(shop, picture(shop), batch_id=batch)
    assert "2 days ago" not in visitor.get(PATH, params={"lang": "en"}).text
    clock.forward(days=2)
    assert "2 days ago" in visitor.get(PATH, params={"lang": "en"}).text


def test_a_batch_called_back_says_so_above_everything(
    shop: Shop, visitor: TestClient, batch: int
) -> None:
    stop_sale(shop, batch, "3-201 小李说有怪味")
    page = visitor.get(PATH, params={"lang": "en"}).text
    assert "not sold any more" in page
    assert "小李" not in page
    start_recall(shop, batch, "沙门氏菌超标", "请别吃\n拿回来")
    page = visitor.get(PATH, params={"lang": "en"}).text
    assert page.index("Please do not eat this batch") < page.index("<main>")
    for said in ("沙门氏菌超标", "请别吃\n拿回来"):
        assert said in page


def test_a_stopped_product_says_so(shop: Shop, visitor: TestClient, batch: int, eggs: int) -> None:
    other = add_batch(shop, eggs, 500, token="other0token")
    stop_sale(shop, other, "等检测", product=True)
    assert "stopped at present" in visitor.get(PATH, params={"lang": "en"}).text
    release_sale(shop, other, "合格")
    assert "stopped at present" not in visitor.get(PATH, params={"lang": "en"}).text


@pytest.mark.parametrize(
    "token", ["x", "Zk3x9QpLm2Tg7Rw", "蛋", "<b>", "%27%20OR%201=1", "a" * 300, "..%2f..%2fetc"]
)
def test_an_unknown_address_is_a_page_with_a_way_on(
    shop: Shop, visitor: TestClient, batch: int, token: str
) -> None:
    answer = visitor.get(f"/p/origin/{token}")
    assert answer.status_code == 404
    if "%2f" not in token:
        assert 'href="/p/origin"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert "<b></" not in answer.text


def test_the_list_names_what_lies_here_with_evidence(
    shop: Shop, visitor: TestClient, batch: int
) -> None:
    bare = add_product(shop, "白菜")
    add_batch(shop, bare, 500, token="bare0token")
    assert "土鸡蛋" not in visitor.get("/p/origin").text, "nothing was published yet"
    evidence = add_evidence(shop, picture(shop), batch_id=batch, published=False)
    publish_evidence(shop, evidence, 1)
    page = visitor.get("/p/origin", params={"lang": "en"}).text
    assert f'href="{PATH}?lang=en"' in page
    assert "Tested on Fri 25 Sep 2026" in page
    assert "白菜" not in page


def test_the_price_page_leads_to_the_batch_that_lies_here(
    shop: Shop, visitor: TestClient, batch: int, eggs: int
) -> None:
    tofu = add_product(shop, "豆腐", "盒", 300)
    publish_sheet(shop, "周五团", TODAY, [eggs, tofu])
    page = visitor.get("/p/prices", params={"lang": "en"}).text
    assert page.count('href="/p/origin/') == 1
    assert f'href="{PATH}?lang=en"' in page
    stop_sale(shop, batch, "查一查")
    assert "/p/origin/" not in visitor.get("/p/prices", params={"lang": "en"}).text


@pytest.mark.parametrize("path", [PATH, "/p/origin"])
def test_a_view_costs_one_small_statement_and_shows_changes_at_once(
    shop: Shop, store: Store, visitor: TestClient, batch: int, path: str
) -> None:
    add_evidence(shop, picture(shop), batch_id=batch)
    first = visitor.get(path).text
    with statements_of(store) as said:
        assert visitor.get(path).text == first
    assert len(said) == 1
    stop_sale(shop, batch, "查一查")
    assert visitor.get(path).text != first


def test_text_of_people_stays_text(shop: Shop, visitor: TestClient, batch: int) -> None:
    evil = "<img src=x onerror=x>&{{7*7}}"
    values: dict[str, Any] = {"name": evil, "district": evil, "story": evil}
    change(shop, schema.supplier, 1, **values)
    add_evidence(shop, picture(shop), batch_id=batch, title=evil, issuer=evil, result=evil)
    add_paper(shop, 1, number=evil)
    start_recall(shop, batch, evil, evil)
    page = visitor.get(PATH).text
    for raw in ("<img src=x", "49"):
        assert raw not in page.replace("&amp;{{7*7}}", ""), raw
