"""Letters to suppliers on screen: the month, the form, the editions (R32)."""

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.money import Money
from lib.service.ledger.letters import queries
from lib.shop.shop import Shop
from tests.pages.conftest import Open, text_of
from tests.service.cast import put
from tests.service.ledger.test_letters import SEPTEMBER, Street, add_blob
from tests.supply.cast import add_supplier

SHA = "ab" * 32


@pytest.fixture
def street(shop: Shop) -> Street:
    made = Street(shop)
    case = made.case("grower", 12)
    made.case("", 13)
    add_blob(shop, SHA)
    put(shop, schema.case_photo, case_id=case, blob=SHA, by_resident=False, at=shop.clock.now())
    return made


def opened(screen: Open, street: Street, month: str = "2026-09", language: str = "en") -> AppTest:
    page = screen(street.shop, "letters", language)
    page.query_params["month"] = month
    page.query_params["supplier"] = str(street.farm)
    page.run()
    assert not page.exception, page.exception
    return page


def widget(page: AppTest, kind: str, form: str, name: str) -> Any:
    return next(each for each in page.get(kind) if (each.key or "").startswith(f"{form}:{name}"))


def press(page: AppTest, form: str, name: str = "save") -> None:
    widget(page, "button", form, name).click()
    page.run()
    assert not page.exception, page.exception


def said(page: AppTest) -> str:
    links = [str(each.label) for each in (*page.get("link_button"), *page.get("page_link"))]
    return "\n".join((text_of(page), *links)).replace("\\", "")


def the_form(street: Street) -> str:
    return f"letter-{street.farm}-202609"


def test_every_supplier_with_its_month(screen: Open, shop: Shop, street: Street) -> None:
    add_supplier(shop, "新农场", created_at=shop.clock.now())
    page = screen(shop, "letters", "zh_CN")
    page.query_params["month"] = "2026-09"
    page.run()
    frame = page.dataframe[0].value
    assert list(frame["供货商"]) == ["青禾合作社", "新农场"]
    assert list(frame["月信"]) == ["待写", ""]
    assert frame["每卖 100 份"].iloc[0] == "2 份里 2 单"
    assert frame["每卖 100 份"].iloc[1] == "2026年9月没有到货"
    assert "起合作" in frame["对比"].iloc[1]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_letter_is_written_and_sent(screen: Open, street: Street, language: str) -> None:
    page = opened(screen, street, language=language)
    form = the_form(street)
    assert "3.15" in str(widget(page, "number_input", form, "claim").value)
    asks = widget(page, "text_area", form, "asks")
    assert "挑拣" in asks.value  # the supplier is written to in the shop's language
    asks.set_value("请加隔板。")
    press(page, form)
    (letter,) = queries.letters_of(street.shop, street.farm, SEPTEMBER)
    assert (letter.claim, letter.body.choice.asks) == (Money(315), "请加隔板。")
    assert [each.sha256 for each in letter.body.pictures] == [SHA]
    assert letter.mark in said(page)
    assert [each.proto.url for each in page.get("link_button")] == [f"/print/letter/{letter.id}"]
    assert "请退回 3.15 元" in page.code[0].value
    press(page, f"letter-send-{letter.id}")
    assert queries.letter(street.shop, letter.id).sent_at is not None
    press(page, f"letter-unsend-{letter.id}", "undo")
    assert queries.letter(street.shop, letter.id).sent_at is None


def test_a_refusal_keeps_what_was_typed(screen: Open, street: Street) -> None:
    page = opened(screen, street)
    form = the_form(street)
    widget(page, "text_area", form, "asks").set_value("请轻放")
    widget(page, "number_input", form, "claim").set_value(9.99)
    press(page, form)
    assert "Write why" in said(page)
    assert "3.15" in said(page)
    assert widget(page, "text_area", form, "asks").value == "请轻放"
    assert queries.letters_of(street.shop, street.farm, SEPTEMBER) == ()
    widget(page, "text_input", form, "why").set_value("还有人工")
    press(page, form)
    assert queries.letters_of(street.shop, street.farm, SEPTEMBER)[0].claim == Money(999)


def test_what_changed_meanwhile_is_told(screen: Open, street: Street) -> None:
    page = opened(screen, street)
    street.case("transport", 14)
    press(page, the_form(street))
    assert "Something changed since you looked" in said(page)
    assert queries.letters_of(street.shop, street.farm, SEPTEMBER) == ()
    page.run()
    widget(page, "number_input", the_form(street), "claim").set_value(5.25)
    press(page, the_form(street))
    assert queries.letters_of(street.shop, street.farm, SEPTEMBER)[0].claim == Money(525)


def test_a_correction_is_the_next_edition(screen: Open, street: Street) -> None:
    street.write()
    page = opened(screen, street)
    assert "Write a corrected edition" in [each.label for each in page.expander]
    widget(page, "text_area", the_form(street), "asks").set_value("请再轻一点")
    press(page, the_form(street))
    second, first = queries.letters_of(street.shop, street.farm, SEPTEMBER)
    assert (second.edition, second.claim, second.body.choice.asks) == (2, None, "请再轻一点")
    assert first.body.choice.asks == "请加隔板。"


def test_a_month_without_deliveries_is_said(screen: Open, street: Street) -> None:
    page = opened(screen, street, "2026-08", "zh_CN")
    assert "2026年8月没有送货" in said(page)
    assert "没有人反馈这家的货" in said(page)


def test_an_unknown_supplier_is_none(screen: Open, shop: Shop, street: Street) -> None:
    page = screen(shop, "letters")
    for asked in ("999", "x", "１２", "-1", "9" * 40):
        page.query_params["supplier"] = asked
        page.run()
        assert not page.exception
    page.query_params["supplier"] = "999"
    page.run()
    assert "This supplier does not exist" in said(page)


def test_the_month_that_is_over_comes_first(screen: Open, shop: Shop) -> None:
    page = screen(shop, "letters")
    assert page.selectbox[0].value == date(2026, 8, 1)
