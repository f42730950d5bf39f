"""All tables, by wing. Import tables from here: ``from lib.db.schema import product``.

Money is integer fen, quantities are integer grams or sale units, moments are UTC. Ledgers
(payment, balance_entry, handover, stock_movement, journal, cost_sheet) are append-only: triggers
made with the schema refuse to change or delete their rows. Other triggers keep ``demand_day``
and unsettle days.
"""

from sqlalchemy import DDL, MetaData, Table, event

from lib.db.schema.after_sales import (
    after_sales_case,
    case_breach,
    case_entry,
    case_follow_up,
    case_link,
    case_merge,
    case_pause,
    case_photo,
    case_remedy,
    case_turn,
    owed_goods,
    owed_handover,
    supplier_letter,
)
from lib.db.schema.base import metadata
from lib.db.schema.books import settled_day, settled_statements, settled_sum
from lib.db.schema.community import (
    activity,
    activity_guest,
    activity_photo,
    activity_product,
    activity_task,
    tip,
    tip_sent,
    topic,
    topic_answer,
)
from lib.db.schema.demand import demand_statements
from lib.db.schema.members import member, member_alias, member_merge, not_same_member
from lib.db.schema.messages import message_channel, message_delivery, message_template
from lib.db.schema.points import (
    coupon,
    points_due,
    points_entry,
    points_order,
    points_rule,
    points_statements,
    redemption,
    reward,
)
from lib.db.schema.privacy import (
    clean_up,
    consent,
    consent_text,
    erasing,
    erasure,
    member_opening,
)
from lib.db.schema.regard import (
    birthday,
    festival_plan,
    gift,
    member_rhythm,
    preference,
)
from lib.db.schema.service import (
    delivery_decision,
    delivery_done,
    delivery_need,
    handover,
    packaging_entry,
    packed_material,
    picked_line,
    pickup_notice,
)
from lib.db.schema.shop import (
    blob,
    blob_page,
    draft,
    form_key,
    group_post,
    journal,
    known_device,
    login_code,
    login_event,
    person,
    rate_bucket,
    session,
    setting,
)
from lib.db.schema.supply import (
    agreement,
    batch,
    clearance,
    community_label,
    delivery,
    demand_day,
    evidence,
    label_movement,
    past_day,
    past_import,
    plan_choice,
    purchase_line,
    purchase_order,
    recall,
    recall_line,
    sold_out_mark,
    staple,
    stock_count,
    stock_day,
    stock_level,
    stock_movement,
    supplier,
    supplier_claim,
    supplier_paper,
    supplier_statement,
    supply_term,
)
from lib.db.schema.trade import (
    balance_entry,
    buying_round,
    cash_up,
    closed_day,
    customer_order,
    intake,
    order_line,
    payment,
    price_change,
    product,
    product_alias,
    product_conversion,
    round_offer,
    sheet_mapping,
)
from lib.db.schema.trust import cost_sheet, product_cost, welfare_item
from lib.db.schema.wishes import (
    demand,
    demand_merge,
    demand_source,
    demand_wish,
    heard_line,
    not_same_demand,
    wish_note,
)

APPEND_ONLY = (
    "balance_entry",
    "case_breach",
    "case_entry",
    "case_follow_up",
    "cash_up",
    "consent",
    "cost_sheet",
    "handover",
    "journal",
    "label_movement",
    "owed_handover",
    "packaging_entry",
    "payment",
    "points_entry",
    "points_rule",
    "price_change",
    "stock_count",
    "stock_movement",
)
"""Tables whose rows are never changed and never deleted."""


def append_only_statements(name: str, dialect: str) -> list[str]:
    """Return the DDL that made table ``name`` refuse UPDATE and DELETE up to revision 0004."""
    if dialect == "postgresql":
        return [_refusing("RAISE EXCEPTION '% is append-only', TG_TABLE_NAME"), _refused(name)]
    return [_refused_on_sqlite(name, verb) for verb in ("UPDATE", "DELETE")]


def guarded_statements(name: str, dialect: str) -> list[str]:
    """Return the DDL that makes table ``name`` refuse UPDATE and DELETE.

    Only a transaction that erases a resident's data may change its rows (see ``schema/privacy``).
    """
    erasing = "EXISTS (SELECT 1 FROM erasing)"
    if dialect == "postgresql":
        may = f"IF {erasing} THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF; "
        return [
            _refusing(f"{may}RAISE EXCEPTION '% is append-only', TG_TABLE_NAME"),
            _refused(name),
        ]
    return [_refused_on_sqlite(name, verb, f"WHEN NOT {erasing} ") for verb in ("UPDATE", "DELETE")]


def _refusing(body: str) -> str:
    return (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body}; END $$"
    )


def _refused(name: str) -> str:
    return (
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _refused_on_sqlite(name: str, verb: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
        f"{when}BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    )


def _attach_triggers() -> None:
    for dialect in ("sqlite", "postgresql"):
        for name in APPEND_ONLY:
            for statement in guarded_statements(name, dialect):
                _attach(metadata.tables[name], statement, dialect)
        for statements in (demand_statements, settled_statements, points_statements):
            for statement in statements(dialect):
                _attach(metadata, statement, dialect)


def _attach(target: Table | MetaData, statement: str, dialect: str) -> None:
    ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
    event.listen(target, "after_create", ddl.execute_if(dialect=dialect))


_attach_triggers()

__all__ = [
    "APPEND_ONLY",
    "activity",
    "activity_guest",
    "activity_photo",
    "activity_product",
    "activity_task",
    "after_sales_case",
    "agreement",
    "append_only_statements",
    "balance_entry",
    "batch",
    "birthday",
    "blob",
    "blob_page",
    "buying_round",
    "case_breach",
    "case_entry",
    "case_follow_up",
    "case_link",
    "case_merge",
    "case_pause",
    "case_photo",
    "case_remedy",
    "case_turn",
    "cash_up",
    "clean_up",
    "clearance",
    "closed_day",
    "community_label",
    "consent",
    "consent_text",
    "cost_sheet",
    "coupon",
    "customer_order",
    "delivery",
    "delivery_decision",
    "delivery_done",
    "delivery_need",
    "demand",
    "demand_day",
    "demand_merge",
    "demand_source",
    "demand_statements",
    "demand_wish",
    "draft",
    "erasing",
    "erasure",
    "evidence",
    "festival_plan",
    "form_key",
    "gift",
    "group_post",
    "guarded_statements",
    "handover",
    "heard_line",
    "intake",
    "journal",
    "known_device",
    "label_movement",
    "login_code",
    "login_event",
    "member",
    "member_alias",
    "member_merge",
    "member_opening",
    "member_rhythm",
    "message_channel",
    "message_delivery",
    "message_template",
    "metadata",
    "not_same_demand",
    "not_same_member",
    "order_line",
    "owed_goods",
    "owed_handover",
    "packaging_entry",
    "packed_material",
    "past_day",
    "past_import",
    "payment",
    "person",
    "picked_line",
    "pickup_notice",
    "plan_choice",
    "points_due",
    "points_entry",
    "points_order",
    "points_rule",
    "points_statements",
    "preference",
    "price_change",
    "product",
    "product_alias",
    "product_conversion",
    "product_cost",
    "purchase_line",
    "purchase_order",
    "rate_bucket",
    "recall",
    "recall_line",
    "redemption",
    "reward",
    "round_offer",
    "session",
    "setting",
    "settled_day",
    "settled_statements",
    "settled_sum",
    "sheet_mapping",
    "sold_out_mark",
    "staple",
    "stock_count",
    "stock_day",
    "stock_level",
    "stock_movement",
    "supplier",
    "supplier_claim",
    "supplier_letter",
    "supplier_paper",
    "supplier_statement",
    "supply_term",
    "tip",
    "tip_sent",
    "topic",
    "topic_answer",
    "welfare_item",
    "wish_note",
]
