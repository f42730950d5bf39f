"""The stock page: what lies there, and everything that is entered at the shelf."""

from datetime import timedelta
from typing import Any

import pytest

from lib.kernel.clock import FixedClock
from lib.service.pickup.commands import hand_over
from lib.shop.shop import Shop
from lib.supply.stock import queries
from lib.supply.stock.rules import Kind
from lib.supply.stock.shelf import commands
from lib.supply.stock.shelf.queries import sold_out
from lib.ui import navigation
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member, add_order
from tests.supply.cast import TODAY, add_batch, add_product


def widget(at: Any, kind: str, form: str, name: str) -> Any:
    return next(item for item in at.get(kind) if (item.key or "").startswith(f"{form}:{name}:"))


def press(at: Any, form: str, name: str = "save") -> None:
    widget(at, "button", form, name).click()
    at.run()
    assert not at.exception, at.exception


def type_in(at: Any, form: str, field: str, rows: dict[int, dict[str, float]]) -> None:
    key = f"{form}:{field}:{at.session_state[f'form:{form}'][:8]}"
    at.session_state[key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    at.run()
    assert not at.exception, at.exception


def on_hand(shop: Shop, product: int) -> int:
    return queries.stock_of(shop, [product])[product].on_hand


def test_an_empty_shop_says_how_stock_begins(screen: Open, shop: Shop) -> None:
    assert "No stock is kept yet" in text_of(screen(shop, "stock"))


def test_what_is_below_zero_and_what_ends_stands_first(screen: Open, shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    add_batch(shop, milk, 5, best_before=TODAY + timedelta(days=1))
    add_batch(shop, eggs, 500)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1500))
    hand_over(shop, order)
    said = text_of(screen(shop, "stock"))
    assert "-2斤" in said.replace("\\", "")
    assert "count the shelf" in said
    assert "1 d left" in said
    chinese = text_of(screen(shop, "stock", "zh_CN"))
    assert "盘点" in chinese
    assert "Below" not in chinese


def test_cost_is_shown_to_those_who_may_see_it(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    add_batch(shop, add_product(shop, "土鸡蛋"), 500)
    at = screen(shop, "stock")
    assert "Paid for what lies here" in text_of(at)
    assert "Value" in at.dataframe[0].value.columns
    at = screen(staff_shop, "stock")
    assert "Paid for what lies here" not in text_of(at)
    for table in at.dataframe:
        assert not {"Value", "Unit cost"} & set(table.value.columns)


def test_counter_sales_of_many_products_are_booked_once(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    add_batch(shop, eggs, 1000)
    add_batch(shop, milk, 2)
    at = screen(staff_shop, "stock")
    names = [each.name for each in queries.stock(shop)]
    sold = {"土鸡蛋": 0.6, "牛奶": 3.0}
    type_in(at, "shelf_sales", "sold", {names.index(name): {"Sold": sold[name]} for name in names})
    press(at, "shelf_sales")
    assert (on_hand(shop, eggs), on_hand(shop, milk)) == (700, -1)
    assert "Below zero now: 牛奶" in at.toast[0].value


def test_a_refused_sale_keeps_what_was_typed(screen: Open, shop: Shop) -> None:
    milk = add_product(shop, "牛奶", "盒")
    add_batch(shop, milk, 5)
    at = screen(shop, "stock")
    type_in(at, "shelf_sales", "sold", {0: {"Sold": 1.5}})
    press(at, "shelf_sales")
    assert "not a whole quantity" in text_of(at)
    assert on_hand(shop, milk) == 5
    key = widget(at, "button", "shelf_sales", "save").key.replace(":save:", ":sold:")
    assert at.session_state[key]["edited_rows"] == {0: {"Sold": 1.5}}


def test_a_count_shows_the_difference_before_it_is_saved(screen: Open, shop: Shop) -> None:
    eggs, tofu = add_product(shop, "土鸡蛋"), add_product(shop, "豆腐", "盒")
    add_batch(shop, eggs, 1000)
    at = screen(shop, "stock")
    type_in(at, "stock_count", "counted", {0: {"Counted": 1.6}, 1: {"Counted": 4}})
    said = text_of(at).replace("\\", "")
    assert "土鸡蛋 2斤 → 1.6斤" in said
    assert "-¥1.60" in said
    assert "豆腐 4盒: its stock begins" in said
    press(at, "stock_count")
    assert (on_hand(shop, eggs), on_hand(shop, tofu)) == (800, 4)


def test_goods_that_move_while_one_counts_are_told(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 1000)
    at = screen(shop, "stock")
    type_in(at, "stock_count", "counted", {0: {"Counted": 2}})
    commands.sell_from_shelf(shop, {eggs: 500})
    press(at, "stock_count")
    assert "while you counted" in text_of(at)
    assert on_hand(shop, eggs) == 500
    press(at, "stock_count")
    assert on_hand(shop, eggs) == 1000


def test_waste_needs_a_reason_and_is_taken_back(
    screen: Open, shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 1000)
    clock.forward(minutes=1)
    at = screen(staff_shop)
    at.query_params["product"] = str(eggs)
    at.switch_page(navigation.page("stock")).run()
    form = f"waste_{eggs}"
    widget(at, "number_input", form, "quantity").set_value(0.4)
    widget(at, "button_group", form, "why").set_value("other")
    press(at, form)
    assert "few words" in text_of(at)
    assert widget(at, "number_input", form, "quantity").value == pytest.approx(0.4)
    widget(at, "text_input", form, "words").set_value("停电")
    press(at, form)
    assert on_hand(shop, eggs) == 800
    (newest, _) = queries.movements(shop, TODAY, TODAY)
    assert (newest.kind, newest.reason, newest.by) == (Kind.WASTED, "停电", "小吴")
    press(at, f"undo_stock_{newest.id}", "undo")
    assert on_hand(shop, eggs) == 1000


def test_a_resident_brings_goods_back(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 1000)
    order, _ = add_order(shop, add_member(shop, "小李"), 7, (eggs, 600))
    hand_over(shop, order)
    at = screen(shop, "stock")
    at.selectbox(key="stock-product").select(eggs).run()
    form = f"return_{eggs}"
    widget(at, "number_input", form, "quantity").set_value(0.4)
    press(at, form)
    assert "Choose the order" in text_of(at)
    goods = widget(at, "selectbox", form, "handed")
    assert "#7 小李" in goods.options[0]
    goods.select_index(0)
    press(at, form)
    assert on_hand(shop, eggs) == 600


def test_goods_sold_out_are_ticked(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 1000)
    at = screen(staff_shop, "stock")
    widget(at, "multiselect", "sold_out", "products").set_value([eggs])
    press(at, "sold_out")
    assert sold_out(shop, TODAY) == {eggs}
    widget(at, "multiselect", "sold_out", "products").set_value([])
    press(at, "sold_out")
    assert sold_out(shop, TODAY) == frozenset()


def test_the_owner_has_every_sum_checked(screen: Open, shop: Shop) -> None:
    add_batch(shop, add_product(shop, "土鸡蛋"), 1000)
    at = screen(shop, "stock")
    at.session_state["stock-tabs"] = "Movements"
    at.run()
    at.button(key="check-sums").click().run()
    assert "Every sum is that of its movements" in str(at.get("badge") or text_of(at))
