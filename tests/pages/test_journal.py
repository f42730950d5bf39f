"""The journal page reads as sentences, for the owner."""

import io
from typing import Any

import pandas as pd
from sqlalchemy import text

from lib.kernel.money import Money
from lib.shop import export
from lib.shop.journal_queries import Wanted, entries
from lib.shop.settings_commands import save_settings
from lib.shop.shop import SYSTEM, SYSTEM_ONLY, Shop
from lib.ui import journal
from tests.pages.conftest import Open, text_of


def said(at: Any) -> str:
    return text_of(at).replace("\\", "")


def test_a_change_is_one_sentence(screen: Open, shop: Shop) -> None:
    save_settings(shop, {"delivery_free_from": Money(4050)}, {})
    at = screen(shop, "journal")
    assert "changed settings" in said(at)
    assert "Free delivery from: ¥30.00 → ¥40.50" in said(at)
    assert "芳姐" in said(at)


def test_rows_can_be_filtered(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    save_settings(shop, {"shop_name": "芳姐小店"}, {})
    with staff_shop.write("order.cancel") as tx:
        tx.note("customer_order:7", before="active", after="cancelled", reason="不要了")
    at = screen(shop, "journal")
    assert "active → cancelled" in said(at)
    assert "reason: 不要了" in said(at)
    at.selectbox("journal-actor").set_value("芳姐").run()
    assert "active → cancelled" not in said(at)
    assert "芳姐小店" in said(at)


def test_values_and_the_program_are_said_in_words(screen: Open, shop: Shop) -> None:
    with shop.acting(SYSTEM).write("file.sweep", by=SYSTEM_ONLY) as tx:
        tx.note("blob", after={"files": 2})
    with shop.write("supplier_claim.decide") as tx:
        tx.note("supplier_claim:1", before={"status": "open"}, after={"status": "accepted"})
    with shop.write("payment.pay") as tx:
        tx.note("customer_order:7", after={"method": "transfer", "rounded_off": 20})
    shown = said(screen(shop, "journal", language="zh_CN"))
    assert "待答复 → 已认可" in shown
    assert "微信转账" in shown and "¥0.20" in shown
    assert "存下的文件" in shown and "系统" in shown
    assert "system" not in shown and "blob" not in shown


def test_many_rows_have_pages(screen: Open, shop: Shop) -> None:
    for number in range(35):
        with shop.write("product.change") as tx:
            tx.note(f"product:{number + 100}", before={"name": "甲"}, after={"name": "乙"})
    at = screen(shop, "journal")
    assert "35 entries" in said(at)
    assert "Product 134" in said(at)
    assert "Product 100" not in said(at)


def test_hostile_text_stays_text(screen: Open, shop: Shop) -> None:
    with shop.write("product.change") as tx:
        tx.note("product:1", before={"name": "x"}, after={"name": "![x](http://evil/?d)"})
    at = screen(shop, "journal")
    assert "![x](" not in text_of(at)
    assert "![x](http://evil/?d)" in said(at)


def test_seals_are_checked_on_demand(screen: Open, shop: Shop) -> None:
    save_settings(shop, {"shop_name": "一"}, {})
    at = screen(shop, "journal")
    at.button("verify-journal").click().run()
    assert "All 1 rows" in said(at)
    with shop.store.write() as connection:
        connection.execute(text("DROP TRIGGER journal_no_update"))
        connection.execute(text("UPDATE journal SET actor = '别人'"))
    at.button("verify-journal").click().run()
    assert "Row 1 does not fit" in said(at)


def test_the_export_opens_with_readable_rows(shop: Shop) -> None:
    save_settings(shop, {"shop_name": "=1+1"}, {})
    frame = journal.frame_of(entries(shop, Wanted()), shop, str)
    read = pd.read_excel(io.BytesIO(export.to_excel(frame)), engine="calamine")
    assert read.loc[0, "Action"] == "changed settings"
    assert "Shop name" in read.loc[0, "Changes"]
    assert str(read.loc[0, "When"]) == "2026-09-25 10:30:00"
