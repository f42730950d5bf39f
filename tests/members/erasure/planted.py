"""A resident whose words stand in every place where the list of places says they may.

``plant`` walks the schema, so a new column is planted without anybody thinking of it: into a row
that leads to the member go words that are no name, which only the keys can find; into a row that
leads to nobody go the name, the phone and the home.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, delete, insert, select, update

from lib.db import schema
from lib.db.types import Document
from lib.kernel.text import folded
from lib.members.erasure.places import PLACES, Way
from lib.members.erasure.rows.queries import followed
from lib.shop.shop import Shop
from tests import plant

NICKNAME, ALIAS, PHONE = "钱塘江上吹笛人", "Piper Qian", "13911117747"
BUILDING, ROOM = "47", "1903"
HOME = f"{BUILDING}-{ROOM}"
HINTS = (NICKNAME, ALIAS, PHONE, HOME, folded(ALIAS))
SAID = f"跟{NICKNAME}说好了，她住{HOME}，电话{PHONE}，也叫{ALIAS}"
WORDS = "绝密的话"
"""Stands in every word of a row that leads to the member."""
_SKIPPED = {*plant.SKIPPED, "erasure", "blob", "blob_page", "heard_line"}
_SHAPED = [schema.intake, schema.group_post, schema.pickup_notice]
"""Tables that lead to nobody by keys, of which a second row is about the resident."""


@dataclass(frozen=True)
class Planted:
    """The member and the row of each table that leads to it."""

    member: int
    ids: dict[str, int]


def put_everywhere(shop: Shop) -> Planted:
    """Plant strangers, let them name the resident, then plant the resident in every table."""
    plant.plant(shop)
    theirs, ids = {table.name for table in followed()}, {}
    with shop.store.write() as connection:
        connection.execute(insert(schema.erasing).values(id="test"))  # append-only rows, too
        for name, place in PLACES.items():
            said = {column: _said(schema.metadata.tables[name].c[column]) for column, way
                    in place.ways().items() if Way.SEARCHED in way}  # fmt: skip
            if said and name not in _SKIPPED:
                connection.execute(update(schema.metadata.tables[name]).values(said))
        connection.execute(delete(schema.erasing))
        for table, values in (
            (schema.message_delivery, {"text": SAID, "whole": SAID}),
            (schema.draft, {"body": SAID}),
            (schema.wish_note, {"name": NICKNAME, "text": f"{WORDS}想要"}),
        ):
            connection.execute(update(table).values(values))
        tables = [each for each in followed() if each.name not in _SKIPPED]
        for table in sorted(tables, key=schema.metadata.sorted_tables.index) + _SHAPED:
            values = _row(table, shop, theirs, ids) | _special(table, ids)
            key = connection.execute(insert(table).values(**values)).inserted_primary_key
            if "id" in table.c and key is not None:
                ids[table.name] = int(key[0])
    return Planted(ids["member"], ids)


def _row(table: Table, shop: Shop, theirs: set[str], ids: dict[str, int]) -> dict[str, Any]:
    values = plant._row(table, shop) | plant.OVERRIDES.get(table.name, {})
    return {name: _value(table.c[name], value, theirs, ids) for name, value in values.items()}


def _value(column: Column[Any], plain: Any, theirs: set[str], ids: dict[str, int]) -> Any:
    table = column.table
    for key in column.foreign_keys:
        target = key.column.table.name
        return ids[target] if target in theirs and target in ids else plain
    way = PLACES[table.name].ways().get(column.name, Way.NOTHING) if table.name in PLACES else None
    if not way:
        return f"{plain}_2" if column.unique else plain
    own = Way.EMPTIED in way or Way.DELETED in way
    said = f"{WORDS}_{table.name}_{column.name}" if own and table.name in theirs else SAID
    return {"name": said} if isinstance(column.type, Document) else said


def _said(column: Column[Any]) -> Any:
    return {"name": SAID} if isinstance(column.type, Document) else SAID


def _special(table: Table, ids: dict[str, int]) -> dict[str, Any]:
    """What a constraint or the shape of a table asks for."""
    order = ids.get("customer_order")
    shapes: dict[str, dict[str, Any]] = {
        "member": {
            "nickname": NICKNAME, "folded_nickname": folded(NICKNAME), "phone": PHONE,
            "building": BUILDING, "room": ROOM, "unit": None, "area": f"{WORDS}区",
            "merged_into": None, "erased_at": None, "phone_tail": "7747",
        },
        "member_alias": {"nickname": ALIAS, "folded_nickname": folded(ALIAS)},
        "person": {"login": "second", "name": "小吴"},
        "product": {"folded_name": "another", "name": "另一种货"},
        "customer_order": {"building": BUILDING, "room": ROOM, "number": 7},
        "birthday": {"calendar": "lunar", "leap": "no", "said_as": f"{WORDS}八月十五"},
        "preference": {"kind": "product", "state": "accepted", "name": f"{WORDS}清淡"},
        "delivery_need": {"consent_how": "spoken"},
        "demand_wish": {"name": NICKNAME, "folded_name": folded(NICKNAME)},
        "not_same_member": {"first_id": 1, "second_id": ids.get("member")},
        "member_merge": {"keep_id": ids.get("member"), "drop_id": 1,
                         "moved": {"orders": [1], "members": [], "names": [folded(ALIAS)],
                                   "filled": {"note": f"{WORDS}备注"}}},
        "pickup_notice": {"slot": "noon", "kind": "before",
                          "body": {"name": "晚场", "hours": "18-21", "text": f"未取:{HOME} 5-402",
                                   "orders": [[order, 7, HOME], [1, 8, "5-402"]]}},
        "intake": {"content": f"#接龙\n1. {SAID}\n2. 王姐 鸡蛋2斤", "fingerprint": "second",
                   "file_name": f"{NICKNAME}.xlsx"},
        "group_post": {"subject": f"after_sales_case:{ids.get('after_sales_case')}",
                       "text": f"{WORDS}请您看看"},
        "message_delivery": {"subject": "pickup", "text": SAID, "whole": SAID},
        "coupon": {"order_id": None, "used_at": None, "code": "SECOND"},
        "buying_round": {"closed_at": None, "copied_from": None},
        "after_sales_case": {"reporter_name": NICKNAME, "reporter_home": HOME},
        "case_photo": {"blob": "f" * 64},
        "supplier": {"folded_name": "second", "name": "二号"},
        "redemption": {"undone_at": None},
        "gift": {"key": "birthday:2:2026"},
    }  # fmt: skip
    return shapes.get(table.name, {})


def everything(shop: Shop) -> str:
    """Return every value of every table as one text."""
    lines = []
    with shop.read() as connection:
        for table in schema.metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                lines += [f"{table.name}.{name}={value}" for name, value in row.items()]
    return "\n".join(lines)


def traces(text: str) -> list[str]:
    """Return the lines of ``text`` that still tell something of the resident."""
    wanted = (*HINTS, WORDS)
    return [line[:200] for line in text.split("\n") if any(word in line for word in wanted)]
