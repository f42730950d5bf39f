"""The evidence page of owner and staff: choosing, the zone, publishing, withdrawing, tests (R8)."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.shop.files.showing import PDF, PICTURE
from lib.shop.shop import Shop
from lib.supply.traceability import commands, queries
from lib.supply.traceability.rules import Kind, Target
from tests.pages.conftest import Open, text_of
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier

PHOTO, PAPER, PAGE = "c1" * 32, "a1" * 32, "a2" * 32


@pytest.fixture
def batch(shop: Shop) -> int:
    """A batch of eggs with a photo and a report of yesterday."""
    with shop.write("test.blob") as tx:
        for sha256, kind in ((PHOTO, PICTURE), (PAGE, PICTURE), (PAPER, PDF)):
            values = {"media_type": kind, "size": 7, "created_at": tx.now}
            tx.execute(insert(schema.blob).values(sha256=sha256, **values))
        for position in (0, 1):
            page = {"blob": PAPER, "position": position, "picture": PAGE}
            tx.execute(insert(schema.blob_page).values(**page))
    made = add_batch(
        shop, add_product(shop, "土鸡蛋", fresh=True), 5000, supplier_id=add_supplier(shop)
    )
    of = Target(batch_id=made)
    commands.add_evidence(shop, of, PHOTO, Kind.GROWING, "<b>大棚</b> ![x](//evil)", TODAY)
    day = TODAY - timedelta(days=1)
    commands.add_evidence(shop, of, PAPER, Kind.TEST_REPORT, "", day, "市检测中心", "合格")
    return made


def at_target(screen: Open, shop: Shop, way: dict[str, object], language: str = "en") -> AppTest:
    at = screen(shop, "evidence", language)
    for name, value in way.items():
        at.query_params[name] = str(value)
    at.run()
    assert not at.exception, at.exception
    return at


def press(at: AppTest, name: str) -> None:
    button = next(item for item in at.get("button") if name in (item.key or ""))
    button.click()
    at.run()
    assert not at.exception, at.exception


def marks(at: AppTest) -> str:
    return "\n".join(str(item.proto.body) for item in at.get("html"))


def zone(at: AppTest) -> dict[str, Any]:
    found = dict(re.findall(r'data-([a-z-]+)="([^"]*)"', marks(at)))
    return {name: html.unescape(value) for name, value in found.items()}


def published(shop: Shop) -> int:
    with shop.read() as connection:
        rows = connection.execute(select(schema.evidence.c.published_at)).scalars().all()
    return sum(at is not None for at in rows)


def test_the_tests_stand_first_until_something_is_chosen(
    screen: Open, shop: Shop, batch: int
) -> None:
    add_supplier(shop, "老王养鸡场")
    at = screen(shop, "evidence")
    values = {item.label: item.value for item in at.metric}
    assert values == {"No test report yet": "1", "Last test too old": "0", "Test is fresh": "2"}
    at.selectbox(key="evidence-batch").set_value(batch)
    at.run()
    assert at.query_params["batch"] == str(batch)
    assert "last test 1 days ago" in text_of(at)


def test_staff_bring_files_to_a_batch_by_its_link(
    screen: Open, shop: Shop, staff_shop: Shop, batch: int
) -> None:
    at = at_target(screen, staff_shop, {"batch": batch})
    told = zone(at)
    assert told["linli-bring"] == f"batch-{batch}"
    assert json.loads(told["about"])["kind"] == "growing"
    assert "image/*" in told["accept"]
    assert "100 MB" in json.loads(told["words"])["hint"]
    at.selectbox(key="evidence-kind").set_value(Kind.TEST_REPORT)
    at.run()
    at.text_input(key="evidence-issuer").set_value('市"检测<中心>')
    at.run()
    about = json.loads(zone(at)["about"])
    assert about["issuer"] == '市"检测<中心>'
    assert (about["kind"], about["made_on"]) == ("test_report", TODAY.isoformat())


def test_the_zone_says_the_limit_that_the_owner_set(screen: Open, shop: Shop, batch: int) -> None:
    with shop.store.write() as connection:
        row = {"name": "largest_video_mb", "value": 300, "changed_at": shop.clock.now()}
        connection.execute(insert(schema.setting).values(**row))
    at = at_target(screen, shop, {"batch": batch})
    assert "300 MB" in json.loads(zone(at)["words"])["hint"]


def test_everything_is_chinese_for_a_chinese_reader(
    screen: Open, staff_shop: Shop, batch: int
) -> None:
    at = at_target(screen, staff_shop, {"batch": batch}, "zh_CN")
    assert "溯源资料" in text_of(at)
    words = json.loads(zone(at)["words"])
    assert not [word for word in words.values() if word.isascii()]


def test_what_people_typed_is_text(screen: Open, shop: Shop, batch: int) -> None:
    at = at_target(screen, shop, {"batch": batch})
    assert "<b>" not in marks(at)
    assert "](//evil)" not in text_of(at)


def test_one_piece_is_published_with_a_warning_and_withdrawn(
    screen: Open, shop: Shop, batch: int
) -> None:
    paper = next(
        item for item in queries.evidence_of(shop, Target(batch_id=batch))
        if item.file.is_document
    )  # fmt: skip
    at = at_target(screen, shop, {"batch": batch, "item": paper.id})
    assert "children" in text_of(at)
    assert f"/files/{PAGE}" in marks(at)
    assert f"/files/{PAPER}" not in marks(at)
    press(at, ":publish:")
    assert published(shop) == 1
    assert "Residents see it since" in text_of(at)
    press(at, ":withdraw:")
    assert published(shop) == 0


def test_all_of_a_batch_are_published_at_once(screen: Open, shop: Shop, batch: int) -> None:
    at = at_target(screen, shop, {"batch": batch})
    press(at, "publish_all:publish:")
    assert published(shop) == 2


def test_a_change_is_kept_and_a_refusal_keeps_what_was_typed(
    screen: Open, shop: Shop, batch: int
) -> None:
    item = queries.evidence_of(shop, Target(batch_id=batch))[0]
    at = at_target(screen, shop, {"batch": batch, "item": item.id})
    field = next(each for each in at.text_input if ":title:" in (each.key or ""))
    commands.publish_evidence(shop, item.id, item.version)
    field.set_value("喂鸡")
    press(at, ":save:")
    assert "changed this at" in text_of(at)
    field = next(each for each in at.text_input if ":title:" in (each.key or ""))
    assert field.value == "喂鸡"
    press(at, ":save:")
    found = queries.evidence(shop, item.id)
    assert found is not None
    assert found.typed_title == "喂鸡"


def test_what_is_removed_leaves_the_page(screen: Open, shop: Shop, batch: int) -> None:
    item = queries.evidence_of(shop, Target(batch_id=batch))[0]
    at = at_target(screen, shop, {"batch": batch, "item": item.id})
    press(at, ":remove:")
    assert queries.evidence(shop, item.id) is None
    assert "item" not in at.query_params


@pytest.mark.parametrize(
    "way", [{"batch": "999"}, {"batch": "x"}, {"supplier": "-1"}, {"item": "1"}]
)
def test_a_link_to_nothing_is_no_crash(screen: Open, shop: Shop, way: dict[str, str]) -> None:
    at = at_target(screen, shop, dict(way))
    assert "No supplier yet" in text_of(at)
