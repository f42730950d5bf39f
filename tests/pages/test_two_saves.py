"""Two saves on one row by one person: nobody is in conflict with oneself (reliability R5).

A form that stands beside another one goes on from the version the other's save made, and keeps
what was typed in it; somebody else's change in between is still told.
"""

from typing import Any

from streamlit.testing.v1 import AppTest

from lib.shop.shop import Shop
from lib.supply.labels import queries as labels
from lib.supply.labels.commands import add_label
from lib.supply.recall import queries as recalls
from lib.supply.recall.commands import start_recall
from lib.supply.traceability import queries as evidence
from lib.supply.traceability.rules import Target
from lib.trust.demands.commands import change_demand
from lib.trust.demands.rules import Status
from lib.ui import navigation
from tests.pages.conftest import Open, text_of
from tests.pages.test_evidence import at_target, published
from tests.pages.test_evidence import batch as batch  # the fixture
from tests.supply.cast import add_batch, add_product, add_supplier
from tests.supply.labels.test_labels import APPROVED, picture
from tests.trust.demands.cast import add_wish, move, row


def widget(at: AppTest, kind: str, form: str, name: str) -> Any:
    return next(item for item in at.get(kind) if (item.key or "").startswith(f"{form}:{name}:"))


def press(at: AppTest, form: str, name: str = "save") -> None:
    widget(at, "button", form, name).click()
    at.run()
    assert not at.exception, at.exception


def at_row(screen: Open, shop: Shop, page: str, name: str, number: int) -> AppTest:
    at = screen(shop, page)
    at.query_params[name] = str(number)
    at.run()
    assert not at.exception, at.exception
    return at


def test_evidence_published_and_then_changed(screen: Open, shop: Shop, batch: int) -> None:
    item = evidence.evidence_of(shop, Target(batch_id=batch))[0]
    at = at_target(screen, shop, {"batch": batch, "item": item.id})
    press(at, f"publish-{item.id}", "publish")
    widget(at, "text_input", f"evidence-{item.id}", "title").set_value("喂鸡")
    press(at, f"evidence-{item.id}")
    found = evidence.evidence(shop, item.id)
    assert found is not None
    assert (found.typed_title, published(shop)) == ("喂鸡", 1)
    press(at, f"publish-{item.id}", "withdraw")
    press(at, f"remove-{item.id}", "remove")
    assert item.id not in [one.id for one in evidence.evidence_of(shop, Target(batch_id=batch))]


def test_a_recall_corrected_told_and_closed(screen: Open, shop: Shop) -> None:
    eggs = add_batch(shop, add_product(shop, "土鸡蛋"), 500, supplier_id=add_supplier(shop))
    recall = start_recall(shop, eggs, "沙门氏菌超标", "请别吃")
    at = at_row(screen, shop, "recall", "recall", recall)
    widget(at, "text_area", f"recall-change-{recall}", "advice").set_value("请送回")
    press(at, f"recall-supplier-{recall}")
    press(at, f"recall-change-{recall}")
    widget(at, "text_area", f"recall-close-{recall}", "disposal").set_value("已销毁")
    press(at, f"recall-close-{recall}")
    found = recalls.recall(shop, recall)
    assert (found.advice, found.disposal, found.is_open) == ("请送回", "已销毁", False)


def test_a_label_changed_and_then_ended(screen: Open, shop: Shop) -> None:
    soap = add_product(shop, "手工皂", "块", 900)
    label = add_label(shop, soap, APPROVED, picture())
    at = screen(shop, "labels")
    widget(at, "text_input", f"label_change_{label}", "title").set_value("绿标")
    press(at, f"label_change_{label}")
    press(at, f"label_end_{label}", "end")
    (found,) = labels.labels(shop)
    assert (found.details.title, found.in_force) == ("绿标", False)


def test_a_wish_moved_and_then_renamed(screen: Open, shop: Shop) -> None:
    demand = add_wish(shop)
    at = at_row(screen, shop, "demands", "demand", demand)
    widget(at, "text_input", f"wish_change_{demand}", "title").set_value("黑芝麻酱")
    button = next(
        item
        for item in at.get("button")
        if (item.key or "").startswith(f"move-{demand}-1:checking")
    )
    button.click()
    at.run()
    assert widget(at, "text_input", f"wish_change_{demand}", "title").value == "黑芝麻酱"
    press(at, f"wish_change_{demand}")
    assert (row(shop, demand).title, row(shop, demand).status) == ("黑芝麻酱", "checking")


def test_what_somebody_else_wrote_before_is_still_told(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    demand = add_wish(shop)
    at = at_row(screen, shop, "demands", "demand", demand)
    change_demand(staff_shop, demand, 1, "白芝麻酱", "")
    at.run()
    widget(at, "text_input", f"wish_change_{demand}", "title").set_value("黑芝麻酱")
    press(at, f"wish_change_{demand}")
    assert "小吴 changed this at" in text_of(at).replace("\\", "")
    assert row(shop, demand).title == "白芝麻酱"


def test_coming_back_to_a_page_one_sees_and_saves_what_stands_there(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    demand = add_wish(shop)
    at = at_row(screen, shop, "demands", "demand", demand)
    at.switch_page(navigation.page("today"))
    at.run()
    move(staff_shop, demand, Status.CHECKING)
    at.switch_page(navigation.page("demands"))
    at.query_params["demand"] = str(demand)
    at.run()
    assert "moved this wish" not in text_of(at)
    widget(at, "text_input", f"wish_change_{demand}", "title").set_value("黑芝麻酱")
    press(at, f"wish_change_{demand}")
    assert row(shop, demand).title == "黑芝麻酱"
