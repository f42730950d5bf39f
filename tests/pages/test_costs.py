"""The cost page of the owner and the price page of everybody."""

from typing import Any

import pytest
from sqlalchemy import insert, text, update

from lib.db import schema
from lib.kernel.money import Money
from lib.shop import drafts
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.trust.costs import queries
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.draft.queries import draft_sheet
from lib.trust.costs.intent import FORM, Intent
from lib.trust.costs.rules import LABELS, Cost, Part
from lib.ui import costs_publish, navigation
from tests.pages.conftest import Open, text_of


def add_product(shop: Shop, name: str = "土鸡蛋", **values: Any) -> int:
    row = {
        "name": name, "folded_name": name, "is_fresh": True, "is_daily": False,
        "is_fragile": False, "sale_unit": "斤", "unit_grams": 500, "price_fen": 580,
        "purchase_price_fen": 450, "created_at": shop.clock.now(),
    } | values  # fmt: skip
    with shop.store.write() as connection:
        made = insert(schema.product).values(**row).returning(schema.product.c.id)
        return int(connection.execute(made).scalar_one())


def at_tab(screen: Open, shop: Shop, tab: str, language: str = "en") -> Any:
    """Open the cost page at one of its tabs."""
    at = screen(shop, None, language)
    at.session_state[costs_publish.TABS] = translator(language)(tab)
    at.switch_page(navigation.page("costs")).run()
    assert not at.exception, at.exception
    return at


def widget(at: Any, kind: str, name: str) -> Any:
    return next(item for item in at.get(kind) if f":{name}:" in (item.key or ""))


def press(at: Any, name: str) -> None:
    widget(at, "button", name).click()
    at.run()
    assert not at.exception, at.exception


def test_the_owner_keeps_costs_and_sees_the_sum(screen: Open, shop: Shop) -> None:
    add_product(shop)
    at = screen(shop, "costs")
    widget(at, "number_input", "packaging").set_value(0.2)
    widget(at, "number_input", "loss").set_value(0.11)
    press(at, "save")
    item = draft_sheet(shop).products[0]
    assert (item.costs[Part.PACKAGING].amount, item.costs[Part.LOSS].amount) == (
        Money(20),
        Money(11),
    )
    assert "¥0.99" in text_of(at)


def test_a_loss_rate_is_kept_as_a_rate(screen: Open, shop: Shop) -> None:
    add_product(shop)
    at = screen(shop, "costs")
    widget(at, "button_group", "loss-unit").set_value("%")
    widget(at, "number_input", "loss").set_value(2.4)
    press(at, "save")
    assert draft_sheet(shop).products[0].costs[Part.LOSS].rate == 240


def test_a_cost_changed_by_somebody_else_is_not_overwritten(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop)
    at = screen(shop, "costs")
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(7))}, {})
    widget(at, "number_input", "other").set_value(0.5)
    press(at, "save")
    assert "Look at the new state" in text_of(at) or "Look again" in text_of(at)
    assert draft_sheet(shop).products[0].costs[Part.OTHER].amount == Money(7)


def test_nothing_is_published_unread(screen: Open, shop: Shop) -> None:
    add_product(shop)
    at = at_tab(screen, shop, "Publish")
    press(at, "publish")
    assert "tick that you did" in text_of(at)
    assert queries.newest_sheet(shop) is None


def test_publishing_shows_the_text_for_the_group(screen: Open, shop: Shop) -> None:
    add_product(shop)
    add_product(shop, "梨", purchase_price_fen=None)
    at = at_tab(screen, shop, "Publish")
    assert "梨" in text_of(at)
    widget(at, "text_input", "title").set_value("周五团")
    at.run()
    widget(at, "checkbox", "read").check()
    press(at, "publish")
    sheet = queries.newest_sheet(shop)
    assert sheet is not None
    assert (sheet.title, len(sheet.lines)) == ("周五团", 1)
    group = at.code[0].value
    assert sheet.short in group
    assert "/p/prices" in group
    assert "5.80/斤" in group


def test_a_price_changed_behind_the_screen_stops_the_publication(screen: Open, shop: Shop) -> None:
    add_product(shop)
    at = at_tab(screen, shop, "Publish")
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(price_fen=680))
    widget(at, "checkbox", "read").check()
    press(at, "publish")
    assert "changed since you looked" in text_of(at)
    assert queries.newest_sheet(shop) is None
    press(at, "publish")
    assert queries.newest_sheet(shop) is not None


def test_the_owner_can_check_every_sheet(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop)
    for title in "一二":
        publish_sheet(shop, title, shop.today, [eggs])
    at = at_tab(screen, shop, "Published sheets")
    at.button("verify").click().run()
    assert "All 2 sheets" in text_of(at)
    with shop.store.write() as connection:
        connection.execute(text("DROP TRIGGER cost_sheet_no_update"))
        connection.execute(text("UPDATE cost_sheet SET title = 'x' WHERE number = 1"))
    at.button("verify").click().run()
    assert "Sheet 1 of 2026-09-25: It was altered" in text_of(at)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_row_a_resident_sees_adds_up(screen: Open, shop: Shop, language: str) -> None:
    eggs = add_product(shop)
    gift = add_product(shop, "福利蛋", price_fen=480, purchase_price_fen=500)
    set_costs(shop, eggs, {Part.LOSS: Cost(rate=333), Part.DELIVERY: Cost(Money(7))}, {})
    publish_sheet(shop, "周五团", shop.today, [eggs, gift])
    at = screen(None, "prices", language)
    frame = at.dataframe[0].value
    price, *others = frame.columns[2:]
    parts, (_per_jin, typed) = others[: len(LABELS)], others[len(LABELS) :]
    assert len(parts) == len(LABELS)
    assert frame[typed].map(bool).tolist() == [True, True]
    assert len(frame) == 2
    for _index, row in frame.iterrows():
        assert sum(round(row[part] * 100) for part in parts) == round(row[price] * 100)


def test_residents_see_an_earlier_sheet_by_its_address(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop)
    publish_sheet(shop, "一", shop.today, [eggs])
    publish_sheet(shop, "二", shop.today, [eggs], corrects=1, correction="袋子钱忘了写")
    at = screen(None, "prices")
    assert "corrects sheet 1" in text_of(at)
    at.selectbox("choose-sheet").set_value(1).run()
    assert not at.exception
    assert "corrected by sheet 2" in text_of(at)


def test_before_the_first_publication_there_is_a_page(screen: Open) -> None:
    assert "has not published" in text_of(screen(None, "prices"))


def test_an_altered_sheet_is_not_shown(screen: Open, shop: Shop) -> None:
    publish_sheet(shop, "一", shop.today, [add_product(shop)])
    with shop.store.write() as connection:
        connection.execute(text("DROP TRIGGER cost_sheet_no_update"))
        connection.execute(text("UPDATE cost_sheet SET body = replace(body, '580', '480')"))
    at = screen(None, "prices")
    assert "altered" in text_of(at)
    assert not at.dataframe


def test_the_address_chooses_a_sheet(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop)
    for title in "一二三":
        publish_sheet(shop, title, shop.today, [eggs])
    at = screen(None, "prices")
    assert at.selectbox("choose-sheet").value == 3
    for asked, shown in (("2", 2), ("9", 3), ("<b>", 3)):
        at = screen(shop)
        at.query_params["sheet"] = asked
        at.switch_page(navigation.page("prices")).run()
        assert not at.exception
        assert at.selectbox("choose-sheet").value == shown


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_was_just_published_stands_ready_for_the_group(
    screen: Open, shop: Shop, language: str
) -> None:
    add_product(shop)
    at = at_tab(screen, shop, "Publish", language)
    widget(at, "checkbox", "read").check()
    press(at, "publish")
    say = translator(language)
    sheet = queries.sheet(shop, 1)
    assert at.session_state[costs_publish.TABS] == say("Published sheets")
    assert say("Pictures for the group") in text_of(at)
    assert at.code[0].value.startswith("【价格公开】")
    assert sheet.short in at.code[0].value
    assert drafts.kept(shop, FORM) is None


def test_a_sheet_is_corrected_in_one_step(screen: Open, shop: Shop) -> None:
    eggs, pears = add_product(shop), add_product(shop, "梨")
    publish_sheet(shop, "周五团", shop.today, [eggs])
    publish_sheet(shop, "周六团", shop.today, [pears])
    at = at_tab(screen, shop, "Published sheets")
    at.selectbox("choose-sheet-").set_value(1).run()
    at.button("correct-1").click().run()
    assert not at.exception
    assert widget(at, "text_input", "title").value == "周五团"
    assert widget(at, "multiselect", "products").value == [eggs]
    assert widget(at, "selectbox", "corrects").value == 1
    widget(at, "checkbox", "read").check()
    press(at, "publish")
    assert "Say what was wrong" in text_of(at)
    assert widget(at, "text_input", "title").value == "周五团"
    widget(at, "text_input", "correction").set_value("袋子钱忘了写")
    at.run()
    press(at, "publish")
    showing = queries.showing(shop, 1)
    assert showing is not None
    assert [(one.number, one.correction) for one in showing.corrected_by] == [(3, "袋子钱忘了写")]


def test_what_is_typed_is_kept_for_the_preview(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop)
    at = at_tab(screen, shop, "Publish")
    widget(at, "text_input", "title").set_value("周五团")
    at.run()
    kept = drafts.kept(shop, FORM)
    assert kept is not None
    wanted = Intent.of_text(kept.text)
    assert wanted is not None
    assert (wanted.title, wanted.product_ids) == ("周五团", (eggs,))
    links = [element.proto.url for element in at.get("link_button")]
    assert "/preview/prices" in links
    assert not any("周五团" in link for link in links)


def test_a_poster_is_drawn_of_chosen_goods_in_the_chosen_look(screen: Open, shop: Shop) -> None:
    products = [add_product(shop, f"菜{number}") for number in range(8)]
    publish_sheet(shop, "周五团", shop.today, products)
    at = at_tab(screen, shop, "Published sheets")
    chosen = at.multiselect("picture-goods-1")
    assert chosen.value == products[:6]
    chosen.set_value([]).run()
    assert "Choose the products for the poster" in text_of(at)
    at.multiselect("picture-goods-1").set_value(products[:1]).run()
    names = [element.proto.label for element in at.get("download_button")]
    assert "Save the picture" in names
    at.button_group("picture-kind").set_value("long").run()
    at.toggle("picture-dark").set_value(True).run()
    assert not at.exception
    assert not [one for one in at.multiselect if one.key == "picture-goods-1"]


def test_an_altered_sheet_gives_no_picture_and_no_text(screen: Open, shop: Shop) -> None:
    publish_sheet(shop, "一", shop.today, [add_product(shop)])
    with shop.store.write() as connection:
        connection.execute(text("DROP TRIGGER cost_sheet_no_update"))
        connection.execute(text("UPDATE cost_sheet SET title = 'x'"))
    at = at_tab(screen, shop, "Published sheets")
    assert "altered" in text_of(at)
    assert not at.code
    assert "Pictures for the group" not in text_of(at)
