"""From plan to orders to suppliers, on the screen (R5)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.shop.shop import Shop
from lib.supply.purchasing import queries as purchasing
from lib.supply.purchasing.commands import cancel_order
from lib.supply.purchasing.rules import Status
from lib.supply.rhythm.plan import queries
from lib.ui import navigation
from tests.pages.conftest import SCRIPT, Open, text_of
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term
from tests.supply.rhythm.cast import add_past, add_staple

MONDAY = TODAY + timedelta(days=3)


@pytest.fixture
def goods(shop: Shop) -> dict[str, int]:
    """Eggs and tofu of two suppliers, bread of nobody; ten a day of each for eight weeks."""
    found = {
        "eggs": add_product(shop, "土鸡蛋", "份"),
        "tofu": add_product(shop, "老豆腐", "盒", 250),
        "bread": add_product(shop, "馒头", "袋", 300),
    }
    for number in found.values():
        add_past(shop, number, lambda day: 10)
        add_staple(shop, number)
    add_term(shop, add_supplier(shop, "青禾合作社"), found["eggs"], case_quantity=10)
    add_term(shop, add_supplier(shop, "老王豆腐坊"), found["tofu"], shelf_life_days=2)
    return found


def widget(at: Any, kind: str, name: str) -> Any:
    return next(item for item in at.get(kind) if f":{name}" in (item.key or ""))


def press(at: Any, name: str) -> None:
    widget(at, "button", name).click()
    at.run()
    assert not at.exception, at.exception


def orders(shop: Shop, day: date = TODAY) -> dict[str, list[tuple[str, int, int | None]]]:
    found = purchasing.orders(shop, statuses=(Status.DRAFT, Status.SENT), plan_day=day)
    return {
        one.supplier_name: [(line.name, line.quantity, line.suggested) for line in one.lines]
        for one in found
    }


def test_from_plan_to_orders_to_suppliers(screen: Open, shop: Shop, goods: dict[str, int]) -> None:
    add_batch(shop, goods["eggs"], 4)
    at = screen(shop, "plan")
    said = text_of(at).replace("\\", "")
    assert "expected Fri–Sun 30 + safety 5 − on hand 4 − on the way 0 = 31 → 40份" in said
    assert "cases of 10" in said
    assert "no more than the 30 that sell before it spoils" in said
    assert "馒头" in at.warning[0].value, "named, with the way out"
    widget(at, "number_input", f"quantity-{goods['tofu']}").set_value(25)
    press(at, "order")
    assert orders(shop) == {"青禾合作社": [("土鸡蛋", 40, 40)], "老王豆腐坊": [("老豆腐", 25, 30)]}
    with shop.read() as connection:
        why = connection.execute(
            select(schema.purchase_line.c.why).where(schema.purchase_line.c.suggested == 40)
        ).scalar_one()
    assert (why["expected"], why["safety"], why["on_hand"], why["needed"]) == (30, 5, 4, 31)
    texts = [one.value for one in at.code]
    assert any("老豆腐 25盒" in text for text in texts)
    assert any("土鸡蛋 40份" in text for text in texts)
    assert queries.plan_due(shop) is None
    press(at, "sent")
    assert Status.SENT in [one.status for one in queries.orders_of(shop, TODAY)]


@pytest.mark.parametrize(
    ("language", "remark"),
    [
        ("en", "lately +60 % against the usual, counted in"),
        ("zh_CN", "近来比平时 +60%，已计入"),
    ],
)
def test_what_the_last_weeks_change_is_said(
    screen: Open, shop: Shop, language: str, remark: str
) -> None:
    """Ten a day for twelve weeks, twenty for four: the mean is 12.5, lately 1.6 times that."""
    milk = add_product(shop, "鲜牛奶", "瓶", 500)
    risen = TODAY - timedelta(weeks=4)
    add_past(shop, milk, lambda day: 20 if day >= risen else 10, weeks=16)
    add_staple(shop, milk)
    add_term(shop, add_supplier(shop, "青禾合作社"), milk)
    said = text_of(screen(shop, "plan", language=language)).replace("\\", "")
    assert remark in said


def test_doing_it_twice_does_not_double(screen: Open, shop: Shop, goods: dict[str, int]) -> None:
    """Two tabs that see the same plan: the second finds it done."""
    first = screen(shop, "plan")
    second = AppTest.from_file(str(SCRIPT), default_timeout=30)
    second.session_state["language"] = "en"
    second.run()
    second.switch_page(navigation.page("plan")).run()
    press(first, "order")
    made = orders(shop)
    assert set(made) == {"青禾合作社", "老王豆腐坊"}
    press(second, "order")
    assert orders(shop) == made
    assert "ordered" in text_of(second)


def test_a_kept_quantity_stays_and_the_next_delivery_counts_on_it(
    screen: Open, shop: Shop, goods: dict[str, int]
) -> None:
    at = screen(shop, "plan")
    widget(at, "number_input", f"quantity-{goods['eggs']}").set_value(90)
    press(at, "keep")
    assert "you chose 90份" in text_of(at)
    assert orders(shop) == {}
    at.button_group(key="plan-day").set_value(MONDAY.isoformat()).run()
    assert "on hand 60" in text_of(at)
    assert not at.exception


def test_nothing_to_order_is_refused_and_keeping_it_settles_the_day(
    screen: Open, shop: Shop, goods: dict[str, int]
) -> None:
    at = screen(shop, "plan")
    for name in ("eggs", "tofu"):
        widget(at, "number_input", f"quantity-{goods[name]}").set_value(0)
    press(at, "order")
    assert "Nothing to order" in text_of(at)
    assert widget(at, "number_input", f"quantity-{goods['eggs']}").value == 0, "typed values stay"
    assert queries.plan_due(shop) is not None
    press(at, "keep")
    assert orders(shop) == {}
    assert "nothing to buy, as you decided" in text_of(at)


def test_a_cancelled_order_can_be_made_again(
    screen: Open, shop: Shop, goods: dict[str, int]
) -> None:
    at = screen(shop, "plan")
    press(at, "order")
    for one in queries.orders_of(shop, TODAY):
        cancel_order(shop, one.id, one.version, "车坏了")
    at = screen(shop, "plan")
    press(at, "order")
    assert set(orders(shop)) == {"青禾合作社", "老王豆腐坊"}


def test_staples_are_proposed_added_and_taken_out(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    add_past(shop, eggs, lambda day: 10)
    add_product(shop, "梨")
    at = screen(shop, "plan")
    assert "Nothing is bought by plan yet" in text_of(at)
    assert widget(at, "multiselect", "products").value == [eggs]
    press(at, "save")
    assert [one.name for one in queries.staples(shop)] == ["土鸡蛋"]
    at.button_group(key="plan-day").set_value("staples").run()
    at.button(key=f"unstaple-{eggs}").click().run()
    assert not at.exception
    assert queries.staples(shop) == ()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_last_week_is_tried_in_both_languages(
    screen: Open, shop: Shop, goods: dict[str, int], language: str
) -> None:
    at = screen(shop, "plan", language)
    at.button_group(key="plan-day").set_value("tried").run()
    assert not at.exception
    assert "土鸡蛋" in list(at.dataframe[0].value.iloc[:, 0])
    assert ("Tried on" if language == "en" else "试算") in text_of(at)


def test_an_expired_paper_is_said_where_the_goods_are_planned(
    screen: Open, shop: Shop, goods: dict[str, int]
) -> None:
    with shop.store.write() as connection:
        connection.execute(
            schema.supplier_paper.insert().values(
                supplier_id=1, kind="business_licence", created_at=shop.clock.now(),
                valid_until=TODAY - timedelta(days=1),
            )
        )  # fmt: skip
    at = screen(shop, "plan")
    assert "expired" in "\n".join(item.value for item in at.markdown)
