"""The label page of the owner, and the badge on the page of everybody (R3)."""

from typing import Any

from lib.shop.shop import Shop
from lib.supply.labels import queries
from lib.supply.labels.commands import add_label
from lib.trust.costs.commands import publish_sheet
from lib.trust.costs.queries import sheet
from lib.trust.costs.rules import text_of as sealed_text
from tests.pages.conftest import Open, text_of
from tests.supply.cast import TODAY, add_product
from tests.supply.labels.test_labels import APPROVED, DRAFT, picture


def widget(at: Any, kind: str, form: str, name: str) -> Any:
    return next(item for item in at.get(kind) if (item.key or "").startswith(f"{form}:{name}:"))


def press(at: Any, form: str, name: str = "save") -> None:
    widget(at, "button", form, name).click()
    at.run()
    assert not at.exception, at.exception


def test_a_label_is_added_and_its_run_is_booked(screen: Open, shop: Shop) -> None:
    soap = add_product(shop, "手工皂", "块", 900)
    at = screen(shop, "labels")
    assert "No product bears" in text_of(at)
    widget(at, "selectbox", "label_add", "product").select(soap)
    widget(at, "text_input", "label_add", "title").set_value("蓝标")
    widget(at, "number_input", "label_add", "run").set_value(500)
    widget(at, "date_input", "label_add", "approved").set_value(TODAY)
    press(at, "label_add")
    assert "needs the photo" in text_of(at)
    assert widget(at, "text_input", "label_add", "title").value == "蓝标"
    widget(at, "date_input", "label_add", "approved").set_value(None)
    press(at, "label_add")
    (label,) = queries.labels(shop)
    assert (label.details.title, label.details.minimum_run, label.in_force) == ("蓝标", 500, False)
    form = f"label_move_{label.id}"
    widget(at, "number_input", form, "pieces").set_value(150)
    press(at, form)
    assert queries.labels(shop)[0].left == 150


def test_labels_running_out_are_said_in_both_languages(screen: Open, shop: Shop) -> None:
    from lib.supply.labels.commands import move_labels
    from lib.supply.labels.rules import Kind

    soap = add_product(shop, "手工皂", "块", 900)
    label = add_label(shop, soap, APPROVED, picture())
    move_labels(shop, label, Kind.PRINTED, 150)
    said = text_of(screen(shop, "labels"))
    assert "150 labels left, print again below 200" in said
    assert "剩 150 枚" in text_of(screen(shop, "labels", "zh_CN"))
    form = f"label_end_{label}"
    at = screen(shop, "labels")
    press(at, form, "end")
    assert queries.only_here(shop) == frozenset()


def test_residents_see_that_a_product_is_sold_only_here(screen: Open, shop: Shop) -> None:
    """The badge comes live from the books; the sealed sheet is the same with and without it."""
    soap = add_product(shop, "手工皂", "块", 900)
    publish_sheet(shop, "周五团", shop.today, [soap])
    before = sealed_text(sheet(shop, 1))
    assert "Only here" not in text_of(screen(None, "prices"))
    add_label(shop, soap, DRAFT)
    assert "Only here" not in text_of(screen(None, "prices"))
    add_label(shop, soap, APPROVED, picture())
    assert "本小区专供" in text_of(screen(None, "prices", "zh_CN"))
    assert sealed_text(sheet(shop, 1)) == before
