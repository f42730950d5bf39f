"""What the shop pays leaves no page of the desk for staff, unless the owner allows it (E14).

Every purchase cost in the books is one number, then another: a page that looked the same both times
told nothing of it, not even in a sum.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.festivals import Festival
from lib.kernel.money import Money
from lib.members.gifts.commands import Why
from lib.members.gifts.festivals.commands import give_festival_gift, plan_festival
from lib.members.gifts.rules import Present
from lib.service.after_sales.commands import open_case
from lib.service.after_sales.rules import Defect, NewCase
from lib.service.after_sales.rules import Source as ToldBy
from lib.service.packing.commands import buy
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Role, Shop
from lib.trade.packaging.rules import Packaging
from lib.trust.demands.commands import add_demand
from lib.trust.demands.sources.commands import add_source
from lib.trust.demands.sources.rules import Answer, SourceDetails
from lib.ui import navigation
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member
from tests.supply.acts import Stage, set_the_stage
from tests.supply.cast import TODAY, put

COST, OTHER = 7331, 9973
PAID = {
    "product": ("purchase_price_fen",),
    "supply_term": ("price_fen",),
    "purchase_line": ("unit_price_fen",),
    "batch": ("unit_price_fen",),
    "supplier_claim": ("amount_fen",),
    "supplier_statement": ("received_fen", "payable_fen"),
    "clearance": ("unit_cost_fen",),
    "past_day": ("unit_cost_fen",),
    "community_label": ("label_cost_fen", "unit_cost_fen"),
    "agreement": ("minimum_order_fen", "prepayment_fen"),
    "demand_source": ("cost_fen",),
    "product_cost": ("amount_fen",),
    "welfare_item": ("unit_cost_fen", "budget_fen"),
    "packaging_entry": ("cost_fen",),
    "gift": ("cost_fen",),
    "festival_plan": ("cost_fen",),
}
"""Where the books say what the shop pays or gets back from its suppliers, or loses on purpose."""
STAFFS_OWN = {"activity": ("cost_fen",)}
"""What staff spend themselves and write down."""
DESK = [entry.url for entry in navigation.TABLE if Role.STAFF in entry.who]
DEEPER = {
    "receive": {"order": "sent"},
    "batches": {"batch": "batch"},
    "recall": {"recall": "recall"},
    "evidence": {"batch": "batch"},
    "stock": {"product": "rice"},
    "demands": {"demand": "wish"},
    "after_sales": {"case": "case"},
    "case_ledger": {"view": "causes"},
    "gifts": {"festival": "mid_autumn", "year": "2026"},
}
"""Addresses that open one thing or part of a page, by a word of the stage or as it is."""


@pytest.fixture
def stage(shop: Shop) -> Stage:
    made = set_the_stage(shop)
    wish = add_demand(shop, "现磨芝麻酱").demand_id
    source = SourceDetails(
        "老王", answer=Answer.CAN, unit="瓶", cost=Money(COST), price=Money(1880)
    )
    add_source(shop, wish, source)
    put(
        shop, schema.product_cost, product_id=made.rice, kind="other", amount_fen=COST,
        changed_at=NOW,
    )  # fmt: skip
    put(
        shop, schema.welfare_item, product_id=made.eggs, month=TODAY.replace(day=1),
        planned_on=TODAY, price_fen=480, household_limit=1000, available=30_000,
        budget_fen=COST, reason="thanks", status="planned", created_at=NOW,
    )  # fmt: skip
    buy(shop, Packaging.ICE_PACK, 100, Money(COST), "批发")
    new = NewCase(ToldBy.CHAT, Defect.ROTTEN, "散黄", product_id=made.eggs, batch_id=made.batch)
    case = open_case(shop, new)
    _give_one_more(shop, case, made)
    _plan_gifts(shop)
    ids = {**made.ids, "wish": wish, "case": case}
    return replace(made, ids=ids)


def _plan_gifts(shop: Shop) -> None:
    """Let a gift be given, and every household get something for a festival."""
    plan_festival(shop, Festival.MID_AUTUMN, 2026, Present(what="月饼", cost=Money(300)), Why())
    give_festival_gift(shop, Festival.MID_AUTUMN, 2026, add_member(shop, "过节的"))


def _give_one_more(shop: Shop, case: int, made: Stage) -> None:
    """Let goods be given for it (goods given for it cost what their batch did)."""
    owed = put(
        shop, schema.owed_goods, member_id=add_member(shop, "补货的"),
        case_id=case, product_id=made.eggs, product_name="土鸡蛋", sale_unit="斤", unit_grams=500,
        source="case", quantity=500, due_at=NOW, created_at=NOW,
    )  # fmt: skip
    given = put(shop, schema.owed_handover, owed_id=owed, quantity=500, at=NOW)
    put(
        shop, schema.stock_movement, product_id=made.eggs, batch_id=made.batch, kind="redeemed",
        quantity=-500, owed_handover_id=given, business_day=TODAY, at=NOW,
    )  # fmt: skip


def pay(store: Store, fen: int) -> None:
    """Let every purchase cost in the books be ``fen``, also in a ledger nobody may change."""
    with store.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS packaging_entry_no_update")
        for name, columns in PAID.items():
            values: dict[str, object] = dict.fromkeys(columns, fen)
            if name == "supplier_statement":
                values["claims_fen"] = 0
            connection.execute(update(schema.metadata.tables[name]).values(**values))


def looks(at: AppTest) -> str:
    """Return what a screen says: texts, tables, labels, values and choices of fields."""
    parts = [text_of(at)]
    for table in (*at.get("dataframe"), *at.get("arrow_data_frame"), *at.get("data_editor")):
        parts.append(table.value.to_csv())
    for element in (*at.main, *at.sidebar):
        shown = (getattr(element, name, "") for name in ("label", "value", "options", "help"))
        parts.append("|".join(str(each) for each in shown))
    return "\n".join(parts).replace("\\", "")


def opened(at: AppTest, asked: Mapping[str, str], stage: Stage) -> str:
    """Return what the page says with the thing of it open that is ``asked`` for."""
    for name, word in asked.items():
        at.query_params[name] = str(stage.ids.get(word, word))
    at.run()
    assert not at.exception
    return looks(at)


def test_every_column_is_there() -> None:
    for name, columns in PAID.items():
        assert set(columns) <= set(schema.metadata.tables[name].columns.keys())


def test_every_column_that_is_called_a_cost_is_there() -> None:
    for table in schema.metadata.sorted_tables:
        named = {
            column.name
            for column in table.columns
            if column.name.endswith("_fen") and re.search("cost|purchase", column.name)
        }
        assert named <= {*PAID.get(table.name, ()), *STAFFS_OWN.get(table.name, ())}, table.name


def test_a_page_looks_the_same_whatever_the_shop_pays(
    screen: Open, store: Store, staff_shop: Shop, stage: Stage
) -> None:
    at = screen(staff_shop)
    for url in DESK:
        at.switch_page(navigation.page(url))
        for asked in ({}, DEEPER[url]) if url in DEEPER else ({},):
            seen = set()
            for fen in (COST, OTHER):
                pay(store, fen)
                seen.add(opened(at, asked, stage))
            assert len(seen) == 1, (url, asked)
            (shown,) = seen
            assert "73.31" not in shown, (url, asked)


def test_the_owner_may_allow_it(
    screen: Open, store: Store, shop: Shop, staff_shop: Shop, stage: Stage
) -> None:
    pay(store, COST)
    save_settings(shop, {"staff_may_see_cost": True}, {})
    at = screen(staff_shop)
    for url in ("stock", "receive", "batches"):
        at.switch_page(navigation.page(url))
        shown = opened(at, {}, stage) + opened(at, DEEPER[url], stage)
        assert str(Money(COST).yuan) in shown, url
