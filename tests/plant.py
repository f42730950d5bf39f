"""A secret in every column of every table, to see whether it comes out at a public door (F-13).

``plant`` walks the schema, so a new table or column is planted without anybody thinking of it; a
constraint that the general values break gets its own value in :data:`OVERRIDES`.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Table, insert, select, update

from lib.db import schema
from lib.db.types import Day, Document, Flag, Moment
from lib.shop.shop import Shop

SECRET = "SECRET"
NUMBER = 731_946_285
"""Stands in every number column that a constraint leaves free."""

PUBLISHED = {"product": {"name": "土鸡蛋", "sale_unit": "斤", "unit_grams": 500,
                         "content_grams": None, "content_pieces": None,
                         "price_fen": 580, "purchase_price_fen": 450}}  # fmt: skip
"""What a sheet is meant to show."""

OVERRIDES: dict[str, dict[str, Any]] = {
    "person": {"role": "staff", "login": "secret_login"},
    "blob": {"sha256": "f" * 64},
    "product": {"photo": "f" * 64, "archived_at": None, "stopped_at": None},
    "product_cost": {"kind": "other", "amount_fen": 7, "rate_per_10000": None},
    "price_change": {"kind": "sale"},
    "member": {"merged_into": None, "erased_at": None},
    "round_offer": {"price_fen": 580, "compared_fen": None, "compared_basis": ""},
    "buying_round": {"copied_from": None, "closed_at": None},
    "intake": {"kind": "chain"},
    "customer_order": {"source": "chain", "status": "active"},
    "payment": {"kind": "refund", "method": "cash", "reverses_id": None},
    "handover": {"reverses_id": None},
    "supplier": {
        "kind": "grower", "shows_contact": False, "archived_at": None,
        "latitude_e6": 31_000_001, "longitude_e6": 121_000_001,
    },
    "supply_term": {"ended_at": None},
    "agreement": {"cycle": "weekly", "spoilage_by": "shop", "ended_at": None},
    "supplier_paper": {"withdrawn_at": None, "published_at": None},
    "purchase_order": {"status": "sent"},
    "batch": {"token": "planted-batch-token", "code": "P0925-1",
              "received": 800, "rejected": 0, "on_hand": 800,
              "stopped_at": None, "undone_at": None, "product_name": "土鸡蛋", "sale_unit": "斤",
              "unit_grams": 500},
    "stock_movement": {"kind": "sold", "reverses_id": None},
    "past_day": {"prepared": 900, "sold": 900},
    "clearance": {"kind": "discount", "ended_at": None},
    "community_label": {"ended_at": None},
    "label_movement": {"kind": "printed"},
    "supplier_claim": {"status": "accepted"},
    "supplier_statement": {"received_fen": 2 * NUMBER, "claims_fen": NUMBER,
                           "payable_fen": NUMBER},
    "evidence": {"kind": "growing", "published_at": None, "removed_at": None},
    "welfare_item": {"reason": "thanks", "status": "planned", "round_id": None,
                     "offered_at": None},
    "demand": {"status": "new"},
    "demand_wish": {"source": "page"},
    "demand_source": {"answer": "waiting"},
    "wish_note": {"status": "waiting", "decided_at": None},
    "activity": {"kind": "workshop", "status": "planned"},
    "activity_photo": {"published_at": None},
    "tip": {"kind": "choosing", "from_month": 3, "to_month": 5},
    "message_channel": {"kind": "wecom"},
    "message_delivery": {"status": "sent"},
    "after_sales_case": {"source": "page", "defect": "rotten", "counted_in": "pieces", "bad": 3,
                         "of_total": 30, "status": "solved", "merged_into": None,
                         "closed_at": None},
    "case_breach": {"clock": "delivery"},
    "case_entry": {"kind": "reply"},
    "case_remedy": {"kind": "refund", "amount_fen": NUMBER, "taken_off_fen": 0},
    "case_follow_up": {"result": "satisfied"},
    "owed_goods": {"source": "case", "cancelled_at": None},
    "owed_handover": {"reverses_id": None},
    "pickup_notice": {"kind": "before"},
    "delivery_need": {"consent_how": "spoken"},
    "delivery_decision": {"choice": "bring"},
    "delivery_done": {"left_with": "hand", "undone_at": None},
    "packaging_entry": {"material": "ice_pack", "kind": "bought", "reverses_id": None},
    "points_rule": {"points": 1, "per_fen": 100},
    "points_entry": {"kind": "earned", "reverses_id": None},
    "reward": {"kind": "product", "until_at": None},
    "redemption": {"undone_at": None},
    "coupon": {"void_at": None},
    "birthday": {"calendar": "lunar", "month": 8, "day": 15, "leap": "no", "year": 1960},
    "preference": {"kind": "product", "state": "accepted"},
    "gift": {"cancelled_at": None},
    "consent_text": {"purpose": "birthday"},
    "consent": {"purpose": "birthday", "how": "spoken"},
    "member_opening": {"what": "opened"},
    "erasure": {"why": "asked"},
    "packed_material": {"material": "ice_pack", "quantity": 2, "ruled": 1},
}  # fmt: skip
UNPUBLISHED = "还没公开的货"
SKIPPED = {"cost_sheet", "journal", "erasing"}
"""Published on purpose; sealed rows, which every command writes with the secrets it saw; the mark
of an erasure under way."""


def plant(shop: Shop) -> int:
    """Put one row full of secrets into every table; return the id of the product on sale."""
    with shop.store.write() as connection:
        for table in schema.metadata.sorted_tables:
            if table.name not in SKIPPED:
                values = _row(table, shop)
                values |= PUBLISHED.get(table.name, {}) | OVERRIDES.get(table.name, {})
                done = connection.execute(insert(table).values(**values))
                if table.name == "product":
                    product = done.inserted_primary_key[0]
    return int(product)


def publish_origin(shop: Shop, *, stopped: bool = False) -> str:
    """Publish what an origin page is meant to show beside the secrets; return its address.

    The planted evidence and paper stay unpublished, the supplier's name and contact hidden. With
    ``stopped`` the batch is called back, in words written for residents.
    """
    now = shop.clock.now()
    with shop.store.write() as connection:
        connection.execute(
            update(schema.supplier).values(district="余杭区径山镇", story="竹林", shows_name=False)
        )
        connection.execute(
            insert(schema.evidence).values(
                batch_id=1, kind="test_report", title="检测报告", blob="f" * 64, made_on=shop.today,
                issuer="质检所", result="合格", published_at=now, created_at=now,
            )
        )  # fmt: skip
        connection.execute(
            insert(schema.supplier_paper).values(
                supplier_id=1, kind="production_permit", number=f"{SECRET}_number", created_at=now
            )
        )
        if stopped:
            connection.execute(update(schema.batch).values(stopped_at=now))
            connection.execute(update(schema.recall).values(reason="超标", advice="请退回"))
        token: str = connection.execute(select(schema.batch.c.token)).scalar_one()
    return token


def promote(shop: Shop, product: int) -> None:
    """Make the planted product cheaper in every way there is, beside costs nobody published.

    Welfare item, offer and clearance at 5.11, 5.12 and 5.13; what the shop wrote for itself about
    them stays secret, and so does another product that is on no sheet.
    """
    now = shop.clock.now()
    clearances, welfare = schema.clearance, schema.welfare_item
    rounds, offers = schema.buying_round, schema.round_offer
    with shop.store.write() as connection:
        draft = {**_row(schema.product, shop), **PUBLISHED["product"], "archived_at": None}
        named = {"name": UNPUBLISHED, "folded_name": UNPUBLISHED, "price_fen": NUMBER}
        connection.execute(insert(schema.product).values(**{**draft, **named}))
        second = {**_row(rounds, shop), "closed_at": None, "copied_from": None}
        other = connection.execute(insert(rounds).values(**second).returning(rounds.c.id)).scalar()
        offered = {**_row(offers, shop), "product_id": product, "price_fen": 512,
                   "compared_fen": 900, "compared_basis": "超市同款"}  # fmt: skip
        connection.execute(insert(offers).values(**{**offered, "round_id": other}))
        connection.execute(update(offers).where(offers.c.round_id == 1).values(price_fen=511))
        connection.execute(
            update(welfare).values(
                status="offered", round_id=1, product_id=product, offered_at=now, price_fen=511,
                unit_cost_fen=600, month=shop.today.replace(day=1),
            )
        )  # fmt: skip
        connection.execute(
            update(clearances).values(product_id=product, price_fen=513, reason="fresh")
        )


def _row(table: Table, shop: Shop) -> dict[str, Any]:
    return {
        column.name: _value(table, column, shop) for column in table.columns if column.name != "id"
    }


def _value(table: Table, column: Column[Any], shop: Shop) -> Any:
    now, secret = shop.clock.now(), f"{SECRET}_{table.name}_{column.name}"
    for key in column.foreign_keys:
        return "f" * 64 if key.column.name == "sha256" else 1
    if isinstance(column.type, Moment):
        return now + timedelta(days=1) if column.name in ("cut_off_at", "expires_at") else now
    if isinstance(column.type, Day):
        return shop.today
    if isinstance(column.type, Flag):
        return True
    if isinstance(column.type, Document):
        return {"name": secret}
    if column.type.python_type is int:
        return NUMBER
    return secret
