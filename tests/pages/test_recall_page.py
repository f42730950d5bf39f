"""A recall from its start to its end as people at the counter do it (facts 3.1, section 63)."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.service.pickup.commands import hand_over
from lib.shop.posts import posts
from lib.shop.shop import Shop
from lib.supply.recall import queries
from lib.supply.recall.commands import start_recall
from lib.trade.payments.commands import pay_order
from lib.trade.payments.rules import Method
from tests.pages.conftest import Open, text_of
from tests.pages.test_products_page import press, widget
from tests.service.cast import add_member, add_order
from tests.supply.cast import add_batch, add_product, add_supplier


@pytest.fixture
def batch(shop: Shop) -> int:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000, supplier_id=add_supplier(shop, phone="0571-88880000"))
    for number, name in enumerate(("小李", "老周"), 1):
        member = add_member(shop, name, phone="13800000831" if number == 1 else None)
        order, _ = add_order(shop, member, number, (eggs, 500), home=("3", None, f"20{number}"))
        pay_order(shop, order, Method.TRANSFER)
        hand_over(shop, order)
    add_order(shop, add_member(shop, "王阿姨"), 3, (eggs, 500))
    return batch


def open_page(screen: Open, shop: Shop, language: str = "en", **query: int) -> AppTest:
    at = screen(shop, "recall", language)
    for name, value in query.items():
        at.query_params[name] = str(value)
    at.run()
    assert not at.exception, at.exception
    return at


def test_it_starts_from_a_batch_and_says_whom_it_reaches(
    screen: Open, staff_shop: Shop, batch: int
) -> None:
    at = open_page(screen, staff_shop, "zh_CN", batch=batch)
    assert [each.value for each in at.metric] == ["2", "0", "1", "0斤"]
    press(at, f"recall-{batch}:save")
    assert "请写明原因" in text_of(at)
    assert "请不要再吃" in widget(at, "text_area", f"recall-{batch}:advice").value
    widget(at, "text_input", f"recall-{batch}:reason").set_value("沙门氏菌超标")
    press(at, f"recall-{batch}:save")
    (found,) = queries.open_recalls(staff_shop)
    assert (found.reason, found.started_by, found.told.residents) == ("沙门氏菌超标", "小吴", 2)
    shown = text_of(at).replace("\\", "")
    for said in ("小李", "老周", "【召回通知】土鸡蛋", "@小李", "@老周"):
        assert said in shown, said
    assert "王阿姨" in str(at.dataframe[0].value)
    assert "13800000831" not in shown


def test_residents_are_told_with_one_thumb_and_paid_back(
    screen: Open, staff_shop: Shop, batch: int
) -> None:
    recall = start_recall(staff_shop, batch, "沙门氏菌超标", "请别吃")
    at = open_page(screen, staff_shop, recall=recall)
    li = next(one for one in queries.buyers(staff_shop, recall) if one.nickname == "小李")
    press(at, f"tell-{recall}-{li.member_id}-phone:go")
    assert queries.recall(staff_shop, recall).told.told == 1
    press(at, f"recall-refund-{li.bought[0].id}:save")
    again = next(one for one in queries.buyers(staff_shop, recall) if one.nickname == "小李")
    assert again.is_settled
    assert again.refunded.fen == 480
    press(at, f"untell-{recall}-{li.member_id}:go")
    assert queries.recall(staff_shop, recall).told.told == 0


def test_the_notice_is_ticked_and_the_end_is_the_owners(
    screen: Open, shop: Shop, staff_shop: Shop, batch: int
) -> None:
    recall = start_recall(shop, batch, "沙门氏菌超标", "请别吃")
    at = open_page(screen, staff_shop, recall=recall)
    press(at, "posted-recall-notice:save")
    assert "小李" not in posts(shop, "recall")[0].text
    press(at, f"recall-supplier-{recall}:save")
    assert queries.recall(shop, recall).supplier_told_at is not None
    assert "Only the owner closes a recall" in text_of(at)
    at = open_page(screen, shop, recall=recall)
    press(at, f"recall-close-{recall}:save")
    assert "became of the goods" in text_of(at)
    widget(at, "text_area", f"recall-close-{recall}:disposal").set_value("销毁 4 公斤")
    press(at, f"recall-close-{recall}:save")
    assert not queries.recall(shop, recall).is_open
    assert "销毁 4 公斤" in text_of(at)


def test_a_correction_that_is_refused_keeps_what_was_typed(
    screen: Open, shop: Shop, batch: int
) -> None:
    recall = start_recall(shop, batch, "沙门氏菌超标", "请别吃")
    at = open_page(screen, shop, recall=recall)
    widget(at, "text_input", f"recall-change-{recall}:reason").set_value("")
    widget(at, "text_area", f"recall-change-{recall}:advice").set_value("请送回")
    press(at, f"recall-change-{recall}:save")
    assert queries.recall(shop, recall).advice == "请别吃"
    assert widget(at, "text_area", f"recall-change-{recall}:advice").value == "请送回"


def test_the_list_names_open_recalls_first(screen: Open, shop: Shop, batch: int) -> None:
    assert "No batch was ever called back" in text_of(open_page(screen, shop))
    start_recall(shop, batch, "沙门氏菌超标", "")
    assert "沙门氏菌超标" in text_of(open_page(screen, shop))
    assert "does not exist" in text_of(open_page(screen, shop, recall=99))
