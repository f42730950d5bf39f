"""The suppliers page: files, terms, papers, agreements, claims (R1, R2, R9)."""

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.kernel.money import Money
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.papers import commands as paper_commands
from lib.supply.papers import queries as papers
from lib.supply.papers.rules import AgreementDetails, PaperDetails
from lib.supply.statements import queries as statements
from lib.supply.statements.rules import ClaimStatus
from lib.supply.suppliers import queries
from lib.supply.suppliers.rules import PaperKind
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.queries import proposed
from lib.trade.rounds.rules import Offered
from lib.ui import navigation
from tests.pages.conftest import Open, text_of
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term


def widget(at: AppTest, kind: str, form: str, name: str) -> Any:
    """The widget ``name`` of the form whose key begins with ``form``."""
    return next(
        item
        for item in at.get(kind)
        if (item.key or "").startswith(form) and f":{name}:" in item.key
    )


def press(at: AppTest, form: str, name: str) -> None:
    widget(at, "button", form, name).click()
    at.run()
    assert not at.exception, at.exception


def page_of(screen: Open, shop: Shop, supplier: int, language: str = "en") -> AppTest:
    """The page with this supplier chosen by its address."""
    at = screen(shop, None, language)
    at.query_params["supplier"] = str(supplier)
    at.switch_page(navigation.page("suppliers")).run()
    assert not at.exception, at.exception
    return at


def test_a_supplier_is_added_with_a_distance_and_chosen(screen: Open, shop: Shop) -> None:
    add_supplier(shop, "米厂")
    at = screen(shop, "suppliers")
    widget(at, "text_input", "supplier_add", "name").set_value("青禾合作社")
    widget(at, "text_input", "supplier_add", "km").set_value("30")
    press(at, "supplier_add", "save")
    assert "how the distance was measured" in text_of(at)
    assert widget(at, "text_input", "supplier_add", "name").value == "青禾合作社"
    widget(at, "text_input", "supplier_add", "how").set_value("地图")
    press(at, "supplier_add", "save")
    made = next(each for each in queries.suppliers(shop) if each.name == "青禾合作社")
    assert (made.metres, made.is_local) == (30_000, True)
    assert "30 km, within 30 km" in text_of(at)


def test_beyond_the_radius_the_page_asks_why_and_keeps_what_was_typed(
    screen: Open, shop: Shop
) -> None:
    save_settings(shop, {"shop_position": "30.27415, 120.15515"}, {})
    at = screen(shop, "suppliers")
    widget(at, "text_input", "supplier_add", "name").set_value("海边渔场")
    widget(at, "text_input", "supplier_add", "position").set_value("29.87, 121.55")
    press(at, "supplier_add", "save")
    assert "beyond the 30 km" in text_of(at)
    assert widget(at, "text_input", "supplier_add", "position").value == "29.87, 121.55"
    widget(at, "text_input", "supplier_add", "reason").set_value("附近没有海")
    press(at, "supplier_add", "save")
    assert queries.suppliers(shop)[0].far_reason == "附近没有海"


def test_the_file_is_changed_and_a_stale_change_is_told(screen: Open, shop: Shop) -> None:
    supplier = add_supplier(shop)
    at = page_of(screen, shop, supplier)
    widget(at, "text_input", "supplier_edit", "district").set_value("西湖区三墩镇")
    press(at, "supplier_edit", "save")
    assert queries.supplier(shop, supplier).district == "西湖区三墩镇"
    press(at, f"supplier_archive_{supplier}", "archive")
    assert queries.supplier(shop, supplier).archived_at is not None
    press(at, f"supplier_archive_{supplier}", "restore")
    assert queries.supplier(shop, supplier).archived_at is None


def test_terms_are_typed_in_units(screen: Open, shop: Shop) -> None:
    supplier, eggs = add_supplier(shop), add_product(shop, "土鸡蛋")
    at = page_of(screen, shop, supplier)
    widget(at, "text_input", "term_", "price").set_value("4.20")
    widget(at, "text_input", "term_", "case").set_value("30个")
    press(at, "term_", "save")
    assert "sold by 斤" in text_of(at)
    assert widget(at, "text_input", "term_", "price").value == "4.20"
    widget(at, "text_input", "term_", "case").set_value("30斤")
    press(at, "term_", "save")
    term = queries.preferred_terms(shop, [eggs])[eggs]
    assert (term.price, term.case_quantity) == (Money(420), 15_000)
    press(at, "term_end", "end")
    assert queries.terms_of(shop, supplier) == ()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_papers_are_asked_for_kept_published_and_withdrawn(
    screen: Open, shop: Shop, language: str
) -> None:
    supplier = add_supplier(shop, "豆坊", kind="processor")
    add_term(shop, supplier, add_product(shop, "老豆腐"))
    at = page_of(screen, shop, supplier, language)
    said = text_of(at)
    assert ("food production permit" if language == "en" else "食品生产许可证") in said
    widget(at, "selectbox", "paper_new", "kind").set_value(PaperKind.PRODUCTION_PERMIT).run()
    widget(at, "text_input", "paper_new", "number").set_value("SC106")
    press(at, "paper_new", "save")
    assert papers.papers_of(shop, supplier) == ()
    issued = TODAY - timedelta(days=400)
    widget(at, "date_input", "paper_new", "issued").set_value(issued).run()
    assert widget(at, "text_input", "paper_new", "number").value == "SC106"
    press(at, "paper_new", "save")
    paper = papers.papers_of(shop, supplier)[0]
    assert paper.valid_until is not None
    assert ("Unusual number" if language == "en" else "编号不太像") in text_of(at)
    press(at, "paper_publish", "publish")
    assert papers.papers_of(shop, supplier)[0].published_at is not None
    press(at, "paper_withdraw", "withdraw")
    assert papers.papers_of(shop, supplier)[0].withdrawn_at is not None


def test_an_agreement_is_entered_and_a_prepayment_pointed_out(screen: Open, shop: Shop) -> None:
    supplier = add_supplier(shop)
    at = page_of(screen, shop, supplier)
    widget(at, "number_input", "agreement_new", "prepayment").set_value(500.0)
    press(at, "agreement_new", "save")
    kept = papers.agreements_of(shop, supplier)[0]
    assert kept.details.prepayment == Money(50_000)
    assert "no large prepayment" in text_of(at)
    press(at, f"agreement_end_{kept.id}", "save")
    assert papers.agreements_of(shop, supplier)[0].ended_at is not None


def test_what_ends_or_is_missing_is_listed_first(screen: Open, shop: Shop) -> None:
    supplier = add_supplier(shop, "豆坊", kind="processor")
    paper_commands.add_agreement(shop, supplier, AgreementDetails(TODAY - timedelta(days=9), TODAY))
    paper_commands.add_paper(
        shop, supplier, PaperDetails(PaperKind.OTHER, "1", None, TODAY - timedelta(days=1))
    )
    at = screen(shop, "suppliers")
    links = [str(link.proto.label) for link in at.get("page_link")]
    assert any("other paper expired" in label for label in links)
    assert any("ends today" in label for label in links)
    assert any("no business licence" in label for label in links)


def test_claims_are_made_and_answered(screen: Open, shop: Shop) -> None:
    supplier, eggs = add_supplier(shop), add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000, supplier_id=supplier)
    at = page_of(screen, shop, supplier)
    widget(at, "selectbox", "claim_new", "batch").set_value(batch)
    widget(at, "text_input", "claim_new", "quantity").set_value("2斤")
    widget(at, "text_input", "claim_new", "reason").set_value("坏了两斤")
    press(at, "claim_new", "save")
    assert "how much is claimed" in text_of(at)
    widget(at, "number_input", "claim_new", "amount").set_value(8.0)
    press(at, "claim_new", "save")
    claim = statements.claims(shop, supplier)[0]
    assert (claim.quantity, claim.amount, claim.batch_id) == (1000, Money(800), batch)
    press(at, "claim_answer", "accept")
    assert statements.claims(shop, supplier)[0].status is ClaimStatus.ACCEPTED
    press(at, "claim_reopen", "undo")
    press(at, "claim_answer", "decline")
    assert statements.claims(shop, supplier)[0].status is ClaimStatus.DECLINED


def test_a_month_without_deliveries_is_said(screen: Open, shop: Shop) -> None:
    add_supplier(shop, typed_metres=900, distance_how="地图")
    said = text_of(screen(shop, "suppliers"))
    assert "No deliveries this month yet" in said
    assert "100" not in said


def test_the_share_near_by_is_told_in_yuan_and_percent(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    near = add_supplier(shop, "近", typed_metres=900, distance_how="地图")
    add_batch(shop, eggs, 3000, supplier_id=near)
    add_batch(shop, eggs, 1000, supplier_id=add_supplier(shop, "某处"))
    said = text_of(screen(shop, "suppliers"))
    assert "75 %" in said
    assert "¥24.00 of ¥32.00" in said
    assert "¥8.00 came from suppliers whose distance is not known" in said


def test_an_expired_paper_says_so_where_the_goods_are_offered(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    supplier, tofu = add_supplier(shop, "豆坊"), add_product(shop, "老豆腐")
    add_term(shop, supplier, tofu)
    permit = PaperDetails(PaperKind.PRODUCTION_PERMIT, "SC1", None, TODAY - timedelta(days=1))
    paper_commands.add_paper(shop, supplier, permit)
    assert "food production permit expired" in text_of(screen(shop, "products"))
    times = proposed(shop)
    open_round(shop, Plan("周五团", times, ""), [Offered(tofu, Money(350))])
    assert "food production permit expired" in text_of(screen(staff_shop, "rounds"))


def test_a_link_to_the_claims_of_a_supplier_opens_them(screen: Open, shop: Shop) -> None:
    add_supplier(shop, "青禾合作社")
    wanted = add_supplier(shop, "林下蛋鸡场")
    at = screen(shop, None)
    at.query_params["supplier"], at.query_params["part"] = str(wanted), "claims"
    at.switch_page(navigation.page("suppliers"))
    at.run()
    assert not at.exception, at.exception
    opened = at.get("tab_container")[0].proto.tab_container.default_tab_index
    assert [one.label for one in at.tabs][opened] == "Claims"
    assert at.selectbox(f"choose-supplier-{wanted}").value == wanted
