"""The journal can be read: filtered, paged, named, in words."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.shop.journal_changes import Change, changes_of, facts_of, label_of_field
from lib.shop.journal_queries import Wanted, choices, count, entries, verdict
from lib.shop.journal_words import ACTIONS
from lib.shop.shop import Shop

ROOT = Path(__file__).parents[2]
_WRITE = re.compile(r"\.write\(\s*\"([a-z_]+\.[a-z_]+)\"")


def note(shop: Shop, action: str, subject: str, **more: Any) -> None:
    with shop.write(action) as tx:
        tx.note(subject, **more)


def test_every_action_in_the_code_has_words() -> None:
    used = {
        name
        for path in (ROOT / "lib").rglob("*.py")
        for name in _WRITE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 20
    assert not used - ACTIONS.keys(), "name these in lib/shop/journal_words.py"


def test_rows_are_read_newest_first_and_by_the_page(shop: Shop) -> None:
    for number in range(1, 8):
        note(shop, "test.a", f"product:{number}")
    assert [entry.subject for entry in entries(shop, Wanted(), 1, 3)] == [
        "product:7", "product:6", "product:5"
    ]  # fmt: skip
    assert [entry.subject for entry in entries(shop, Wanted(), 3, 3)] == ["product:1"]
    assert entries(shop, Wanted(), 4, 3) == []
    assert count(shop, Wanted()) == 7


def test_filters(shop: Shop, staff_shop: Shop, clock: FixedClock) -> None:
    note(shop, "test.a", "product:1")
    note(staff_shop, "test.b", "product:11")
    clock.forward(days=1)
    note(shop, "test.b", "product_cost:1")
    found = {
        "all": Wanted(),
        "actor": Wanted(actor="小吴"),
        "action": Wanted(action="test.b"),
        "subject": Wanted(subject="product:1"),
        "kind": Wanted(subject="product"),
        "first": Wanted(first=shop.today),
        "last": Wanted(last=shop.today - timedelta(days=1)),
    }
    counted = {name: count(shop, wanted) for name, wanted in found.items()}
    assert counted == {
        "all": 3, "actor": 1, "action": 2, "subject": 1, "kind": 2, "first": 1, "last": 2
    }  # fmt: skip
    assert choices(shop).actors == ("小吴", "芳姐")
    assert choices(shop).actions == ("test.a", "test.b")


def test_days_begin_at_the_shops_midnight(shop: Shop, clock: FixedClock) -> None:
    clock.moment = clock.moment.replace(hour=15, minute=59)  # 23:59 in the shop
    note(shop, "test.a", "product:1")
    clock.forward(minutes=1)
    note(shop, "test.a", "product:2")
    today = shop.today
    assert [entry.subject for entry in entries(shop, Wanted(today, today))] == ["product:2"]


def test_subjects_are_called_what_they_are_called_today(shop: Shop) -> None:
    with shop.store.write() as connection:
        connection.execute(
            insert(schema.product).values(
                name="土鸡蛋",
                folded_name="x",
                is_fresh=True,
                is_daily=False,
                is_fragile=False,
                sale_unit="斤",
                price_fen=1,
                created_at=shop.clock.now(),
            )
        )
    for subject in ("product:1", "product:99", "closed_day:2026-09-25", "person:1", ""):
        note(shop, "test.a", subject)
    names = {entry.subject: entry.name for entry in entries(shop, Wanted())}
    assert names == {
        "product:1": "土鸡蛋", "product:99": "", "closed_day:2026-09-25": "", "person:1": "芳姐",
        "": "",
    }  # fmt: skip


def test_the_journal_is_the_owners(staff_shop: Shop, resident_shop: Shop) -> None:
    for other in (staff_shop, resident_shop):
        for ask in (entries, count):
            with pytest.raises(Refused):
                ask(other, Wanted())
        for read in (choices, verdict):
            with pytest.raises(Refused):
                read(other)


def test_a_broken_seal_is_named(shop: Shop) -> None:
    for _ in range(3):
        note(shop, "test.a", "product:1")
    assert verdict(shop).first_bad is None
    with shop.store.write() as connection:
        if shop.store.is_sqlite:
            connection.execute(text("DROP TRIGGER journal_no_update"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE journal SET actor = '别人' WHERE id = 2"))
    assert verdict(shop).first_bad == 2


@pytest.mark.parametrize(
    ("details", "changes"),
    [
        ({"before": None, "after": None}, []),
        ({}, []),
        ({"before": {"price": 1, "name": "x"}, "after": {"price": 2, "name": "x"}},
         [Change("price", 1, 2)]),
        ({"before": None, "after": {"name": "x"}}, [Change("name", None, "x")]),
        ({"before": {"name": "x"}, "after": {}}, [Change("name", "x", None)]),
        ({"before": "active", "after": "cancelled"}, [Change("", "active", "cancelled")]),
        ({"before": ["蛋 1斤"], "after": ["蛋 2斤"]}, [Change("", ["蛋 1斤"], ["蛋 2斤"])]),
        ({"before": None, "after": None, "more": [{"before": {"a": 1}, "after": {"a": 2}}]},
         [Change("a", 1, 2)]),
    ],
)  # fmt: skip
def test_changes_of_a_row(details: dict[str, Any], changes: list[Change]) -> None:
    assert changes_of(details) == changes


def test_facts_beside_the_change() -> None:
    details = {"before": 1, "after": 2, "reason": "写错了", "empty": "", "more": [{"other": "x"}]}
    assert facts_of(details) == {"reason": "写错了", "other": "x"}


def test_money_is_known_by_its_field(shop: Shop) -> None:
    note(shop, "test.a", "product:1", before={"price": Money(5)}, after={"price": Money(6)})
    change = changes_of(entries(shop, Wanted())[0].details)[0]
    assert change.is_money
    assert Change("purchase_price_fen", 1, 2).is_money
    assert not Change("number", 1, 2).is_money
    assert label_of_field("purchase_price_fen") == "purchase price"
    assert label_of_field("unheard_of") == "unheard_of"
