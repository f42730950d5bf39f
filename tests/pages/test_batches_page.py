"""Batches as owner and staff see them: evidence, the group, what became of the goods (R8)."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.service.pickup.commands import hand_over
from lib.shop.posts import posts
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.batches.queries import POSTED
from lib.supply.recall.queries import state_of
from tests.pages.conftest import Open, text_of
from tests.pages.test_products_page import press, widget
from tests.service.cast import add_member, add_order
from tests.supply.cast import add_batch, add_product, add_supplier
from tests.supply.origin.test_queries import add_evidence, picture


@pytest.fixture
def batch(shop: Shop) -> int:
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    supplier = add_supplier(shop)
    batch = add_batch(
        shop, eggs, 5000, supplier_id=supplier, code="0925-1", supplier_address="径山村 8 号"
    )
    add_evidence(shop, picture(shop), batch_id=batch)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1000))
    hand_over(shop, order)
    return batch


def open_batch(screen: Open, shop: Shop, batch: int, language: str = "en") -> AppTest:
    at = screen(shop, "batches", language)
    at.query_params["batch"] = str(batch)
    at.run()
    assert not at.exception
    return at


def test_the_list_shows_evidence_and_who_was_not_posted(
    screen: Open, staff_shop: Shop, batch: int
) -> None:
    at = screen(staff_shop, "batches", "zh_CN")
    table = at.dataframe[0].value
    assert list(table["商品"]) == ["土鸡蛋"]
    assert list(table["剩余"]) == ["8斤"]
    assert list(table["溯源资料"]) == [1]
    assert "本周还没发群：1 家" in str([each.proto for each in at.get("markdown")]) + text_of(at)


@pytest.mark.parametrize(
    ("only", "count"), [("with", 1), ("without", 0), ("here", 1), ("stopped", 0)]
)
def test_the_list_is_filtered(screen: Open, shop: Shop, batch: int, only: str, count: int) -> None:
    at = screen(shop, "batches")
    at.get_by_key("batches-only").set_value(only).run()
    assert sum(len(each.value) for each in at.dataframe) == count


def test_a_post_is_ticked_once_and_undone(screen: Open, staff_shop: Shop, batch: int) -> None:
    at = open_batch(screen, staff_shop, batch, "zh_CN")
    assert "【到货】土鸡蛋" in text_of(at)
    assert "/p/origin/token" in text_of(at)
    press(at, f"posted-origin-{batch}:save")
    found = posts(staff_shop, POSTED)
    assert [(one.subject, one.person) for one in found] == [(f"batch:{batch}", "小吴")]
    assert "【到货】土鸡蛋" in found[0].text
    press(at, f"unposted-{found[0].id}:go")
    assert posts(staff_shop, POSTED) == ()


def test_purchase_cost_is_for_those_who_may_see_it(
    screen: Open, shop: Shop, staff_shop: Shop, batch: int
) -> None:
    assert "4.00" in text_of(open_batch(screen, shop, batch)).replace("\\", "")
    shown = text_of(open_batch(screen, staff_shop, batch)).replace("\\", "")
    assert "径山村 8 号" in shown
    assert "4.00" not in shown
    save_settings(shop, {"staff_may_see_cost": True}, {})
    assert "4.00" in text_of(open_batch(screen, staff_shop, batch)).replace("\\", "")


def test_a_sale_is_stopped_with_a_reason_and_released_by_the_owner(
    screen: Open, shop: Shop, staff_shop: Shop, batch: int
) -> None:
    at = open_batch(screen, staff_shop, batch)
    press(at, f"stop-{batch}:save")
    assert "Write the reason" in text_of(at)
    widget(at, "text_input", f"stop-{batch}:reason").set_value("有怪味")
    widget(at, "checkbox", f"stop-{batch}:product").check()
    press(at, f"stop-{batch}:save")
    state = state_of(shop, batch)
    assert state.stopped_at is not None
    assert state.product_stopped_at is not None
    assert "Only the owner lets it be sold again" in text_of(at)
    at = open_batch(screen, shop, batch)
    widget(at, "text_input", f"release-{batch}:reason").set_value("复检合格")
    press(at, f"release-{batch}:save")
    assert state_of(shop, batch).stopped_at is None


def test_an_unknown_batch_is_said(screen: Open, shop: Shop) -> None:
    assert "This batch does not exist" in text_of(open_batch(screen, shop, 999))
