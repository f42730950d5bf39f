"""The products page as the owner uses it, in both languages."""

import io

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.products import commands, queries
from lib.trade.products.rules import Details
from tests.pages.conftest import Open, text_of

FIVE = [
    ("土鸡蛋", "斤", "4.8", "鸡蛋、柴鸡蛋"),
    ("小白菜", "份", "3.5", ""),
    ("老豆腐", "盒", "3", "豆腐"),
    ("草莓", "盒", "19.90", ""),
    ("抽纸", "提", "12.5元", "纸巾"),
]


def widget(at: AppTest, kind: str, start: str) -> object:
    """The widget whose key is ``start``, or begins with it (``form:field``)."""
    found = [each for each in at.get(kind) if each.key == start]
    found = found or [each for each in at.get(kind) if (each.key or "").startswith(start)]
    assert len(found) == 1, (start, [each.key for each in at.get(kind)])
    return found[0]


def fill(at: AppTest, form: str, **typed: object) -> None:
    kinds = {"unit": "selectbox", "category": "selectbox", "grams": "number_input"}
    for name, value in typed.items():
        widget(at, kinds.get(name, "text_input"), f"{form}:{name}:").set_value(value)


def press(at: AppTest, start: str) -> AppTest:
    widget(at, "button", start).click()
    at.run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_five_products_are_added_one_after_another(screen: Open, shop: Shop, language: str) -> None:
    at = screen(shop, "products", language)
    for name, unit, price, aliases in FIVE:
        fill(at, "product_add", name=name, unit=unit, price=price, aliases=aliases)
        press(at, "product_add:save")
        assert not at.error
        assert widget(at, "text_input", "product_add:name").value == ""
    found = {each.name: each for each in queries.products(shop)}
    assert len(found) == 5
    assert found["土鸡蛋"].aliases == ("柴鸡蛋", "鸡蛋")
    assert found["抽纸"].price == Money.of("12.50")
    assert list(at.dataframe[0].value.iloc[:, 1]) == [each.name for each in queries.products(shop)]


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh_CN", "四块八 不是价格"), ("en", "四块八 is not a price")]
)
def test_a_refused_product_keeps_what_was_typed(
    screen: Open, shop: Shop, language: str, sentence: str
) -> None:
    at = screen(shop, "products", language)
    fill(at, "product_add", name="土鸡蛋", price="四块八")
    press(at, "product_add:save")
    assert sentence in text_of(at)
    assert widget(at, "text_input", "product_add:name").value == "土鸡蛋"
    fill(at, "product_add", price="4.8")
    press(at, "product_add:save")
    assert [each.name for each in queries.products(shop)] == ["土鸡蛋"]


def one_product(shop: Shop) -> int:
    return commands.add_product(
        shop, Details("土鸡蛋", "斤", Money.of("4.80"), purchase_price=Money.of("4.50"))
    )


def opened(screen: Open, shop: Shop, product_id: int, language: str = "en") -> AppTest:
    at = screen(shop, "products", language)
    widget(at, "selectbox", "product").set_value(product_id)
    at.run()
    assert not at.exception, at.exception
    return at


def test_a_product_is_edited_with_its_history(screen: Open, shop: Shop) -> None:
    eggs = one_product(shop)
    at = opened(screen, shop, eggs)
    fill(at, f"product_edit_{eggs}", price="5.20", packages="1板=3斤", aliases="鸡蛋")
    press(at, f"product_edit_{eggs}:save")
    kept = queries.product(shop, eggs)
    assert (str(kept.price), kept.conversions, kept.aliases) == ("5.20", {"板": 1500}, ("鸡蛋",))
    assert [str(each.price) for each in queries.price_history(shop, eggs)] == [
        "5.20",
        "4.50",
        "4.80",
    ]
    assert "5.2" in str(at.dataframe[-1].value)


def test_an_edit_of_what_somebody_changed_is_stopped_once(screen: Open, shop: Shop) -> None:
    eggs = one_product(shop)
    at = opened(screen, shop, eggs)
    commands.set_price(shop, eggs, Money.of("6"))
    fill(at, f"product_edit_{eggs}", aliases="鸡蛋")
    press(at, f"product_edit_{eggs}:save")
    assert "changed this" in text_of(at)
    assert queries.product(shop, eggs).aliases == ()
    assert widget(at, "text_input", f"product_edit_{eggs}:aliases").value == "鸡蛋"
    press(at, f"product_edit_{eggs}:save")
    assert queries.product(shop, eggs).aliases == ("鸡蛋",)


def test_one_s_own_photo_does_not_stop_one_s_edit(screen: Open, shop: Shop) -> None:
    eggs = one_product(shop)
    at = opened(screen, shop, eggs)
    add_photo(at, eggs)
    fill(at, f"product_edit_{eggs}", aliases="鸡蛋")
    press(at, f"product_edit_{eggs}:save")
    assert not at.error
    assert queries.product(shop, eggs).aliases == ("鸡蛋",)


def add_photo(at: AppTest, product_id: int) -> None:
    target = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(target, "JPEG")
    uploader = widget(at, "file_uploader", f"product_photo_{product_id}")
    uploader.set_value(("eggs.jpg", target.getvalue(), "image/jpeg"))
    at.run()
    press(at, f"product_photo_{product_id}:save")


def test_a_photo_is_added_shown_and_taken_off(screen: Open, shop: Shop) -> None:
    eggs = one_product(shop)
    at = opened(screen, shop, eggs)
    add_photo(at, eggs)
    sha256 = queries.product(shop, eggs).photo
    assert sha256 is not None
    assert f"/files/{sha256}" in text_of(at)
    press(at, f"product_photo_{eggs}:remove")
    assert queries.product(shop, eggs).photo is None


def test_a_file_that_is_no_photo_is_refused_with_its_name(screen: Open, shop: Shop) -> None:
    eggs = one_product(shop)
    at = opened(screen, shop, eggs, "zh_CN")
    uploader = widget(at, "file_uploader", f"product_photo_{eggs}")
    uploader.set_value(("菜.png", b"MZ\x90\x00", "image/png"))
    at.run()
    press(at, f"product_photo_{eggs}:save")
    assert "不是照片" in text_of(at)
    assert queries.product(shop, eggs).photo is None


def test_archive_and_take_back(screen: Open, shop: Shop) -> None:
    eggs = one_product(shop)
    at = opened(screen, shop, eggs)
    press(at, f"product_archive_{eggs}:archive")
    assert queries.products(shop) == ()
    at.session_state["which"] = "archived"
    at.run()
    widget(at, "selectbox", "product").set_value(eggs)
    at.run()
    press(at, f"product_archive_{eggs}:restore")
    assert [each.id for each in queries.products(shop)] == [eggs]


def test_a_pasted_list_is_shown_before_it_is_added(screen: Open, shop: Shop) -> None:
    one_product(shop)
    at = screen(shop, "products", "zh_CN")
    text = "土鸡蛋 斤 4.8\n老豆腐 盒 3 豆腐\n小白菜 份 三块五\n抽纸 12.5元/提"
    widget(at, "text_area", "product_paste:text").set_value(text)
    at.run()
    preview = at.dataframe[0].value
    assert list(preview.iloc[:, -1].str.len() > 0) == [True, False, True, False]
    assert len(queries.products(shop)) == 1
    press(at, "product_paste:add")
    assert {each.name for each in queries.products(shop)} == {"土鸡蛋", "老豆腐", "抽纸"}


def test_a_shared_word_is_warned_of(screen: Open, shop: Shop) -> None:
    one_product(shop)
    commands.add_product(shop, Details("洋鸡蛋", "斤", Money(400), aliases=("土鸡蛋",)))
    assert "asked back" in text_of(screen(shop, "products", "en"))


def test_a_name_full_of_markup_is_only_text(screen: Open, shop: Shop) -> None:
    name = "![x](http://evil/x.png)**"
    product = commands.add_product(shop, Details(name, "份", Money(100), aliases=("蛋",)))
    commands.add_product(shop, Details("蛋", "份", Money(100)))
    shown = text_of(opened(screen, shop, product))
    assert "](http" not in shown
    assert "\\!\\[x\\]" in shown


@pytest.mark.parametrize("product", ["99", "x", "-1", "９", "1e9"])
def test_a_made_up_address_opens_nothing(screen: Open, shop: Shop, product: str) -> None:
    one_product(shop)
    at = screen(shop, "products")
    at.query_params["product"] = product
    at.run()
    assert not at.exception
