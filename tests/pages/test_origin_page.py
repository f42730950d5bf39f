"""Where a batch comes from, on the public screen: the same facts as the light page (R8)."""

import pytest

from lib.shop.shop import Shop
from lib.supply.recall.commands import start_recall
from lib.trust.costs.commands import publish_sheet
from tests.pages.conftest import Open, text_of
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier
from tests.supply.origin.test_queries import add_evidence, add_paper, picture

TOKEN = "Zk3x9QpLm2Tg7RwA"


@pytest.fixture
def eggs(shop: Shop) -> int:
    eggs = add_product(shop, "土鸡蛋")
    supplier = add_supplier(shop, typed_metres=12_400, distance_how="地图", story="竹林散养")
    batch = add_batch(shop, eggs, 5000, supplier_id=supplier, token=TOKEN, code="0925-1")
    add_evidence(shop, picture(shop), batch_id=batch)
    add_paper(shop, supplier)
    publish_sheet(shop, "周五团", TODAY, [eggs])
    return batch


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ("这一批的检测报告", "距本店 12.4 公里", "食品生产许可证", "今天到货")),
        ("en", ("Test report of this batch", "12.4 km from the shop", "food production permit",
                "Arrived: today")),
    ],
)  # fmt: skip
def test_a_batch_is_shown_with_report_source_and_price(
    screen: Open, eggs: int, language: str, words: tuple[str, ...]
) -> None:
    at = screen(None, "origin", language)
    at.query_params["batch"] = TOKEN
    at.run()
    shown = text_of(at)
    for said in ("土鸡蛋", "0925-1", "青禾合作社", "余杭区径山镇", "竹林散养", "¥4.80", *words):
        assert said in shown.replace("\\", ""), said
    assert any("/files/" in str(each.proto.body) for each in at.get("html"))


def test_an_unknown_batch_leads_to_the_list(screen: Open, eggs: int) -> None:
    at = screen(None, "origin")
    at.query_params["batch"] = "nonono"
    at.run()
    shown = text_of(at)
    assert "no batch under this address" in shown
    assert "土鸡蛋" in shown


def test_without_evidence_the_list_says_so(screen: Open, shop: Shop) -> None:
    add_batch(shop, add_product(shop, "土鸡蛋"), 500)
    assert "No batch with published evidence" in text_of(screen(None, "origin"))


def test_a_recall_stands_first(screen: Open, shop: Shop, eggs: int) -> None:
    start_recall(shop, eggs, "沙门氏菌超标", "请别吃")
    at = screen(None, "origin", "zh_CN")
    at.query_params["batch"] = TOKEN
    at.run()
    assert "请不要食用这一批" in at.error[0].value
    assert "沙门氏菌超标" in at.error[0].value


def test_the_prices_lead_to_the_batches(screen: Open, eggs: int) -> None:
    at = screen(None, "prices")
    links = [str(each.proto.label) for each in at.get("page_link")]
    assert [link for link in links if "土鸡蛋" in link]
