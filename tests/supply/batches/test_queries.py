"""How far a batch's evidence is, where its goods went, and what the group has not seen (R8)."""

from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.errors import Refused
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.shop.posts import note_post
from lib.shop.shop import Shop
from lib.supply.batches import queries
from lib.supply.batches.queries import POSTED, Proof
from lib.supply.stock.commands import take_out
from lib.supply.stock.rules import Kind
from tests.conftest import NOW
from tests.service.cast import add_member, add_order
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier
from tests.supply.origin.test_queries import add_evidence, change, picture

MONDAY = TODAY - timedelta(days=TODAY.weekday())


def test_evidence_is_counted_per_batch(shop: Shop, resident_shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    rich, poor = add_batch(shop, eggs, 1000), add_batch(shop, eggs, 1000)
    add_evidence(shop, picture(shop, "#000001"), batch_id=rich, made_on=TODAY - timedelta(days=9))
    add_evidence(shop, picture(shop, "#000002"), batch_id=rich, published=False)
    add_evidence(shop, picture(shop, "#000003"), batch_id=rich, kind="growing", removed_at=NOW)
    add_evidence(shop, picture(shop, "#000004"), product_id=eggs)
    assert queries.proofs(shop, [rich, poor]) == {rich: Proof(2, 1, TODAY), poor: Proof()}
    assert queries.proofs(shop, []) == {}
    with pytest.raises(Refused):
        queries.proofs(resident_shop, [rich])


def test_what_became_of_it_adds_up_to_what_is_left(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000)
    first, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1000))
    second, _ = add_order(shop, add_member(shop, "老周"), 2, (eggs, 700))
    hand_over(shop, first)
    hand_over(shop, second)
    undo_last_handover(shop, second)
    with shop.write("stock.test") as tx:
        take_out(tx, eggs, 300, Kind.WASTED, reason="碎了")
    found = {one.kind: one.quantity for one in queries.moved(shop, batch)}
    assert found == {Kind.RECEIVED: 5000, Kind.SOLD: -1000, Kind.WASTED: -300}
    with shop.read() as connection:
        left = connection.execute(schema.batch.select()).one().on_hand
    assert sum(found.values()) == left


def test_fresh_suppliers_the_group_has_not_seen_this_week(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    paper = add_product(shop, "抽纸", "提")
    names = ("已发", "没发", "上周的", "停售的", "不是生鲜", "上周发过")
    suppliers = {name: add_supplier(shop, name) for name in names}
    batches = {
        name: add_batch(
            shop,
            paper if name == "不是生鲜" else eggs,
            100,
            supplier_id=supplier,
            arrived_on=MONDAY - timedelta(days=1) if name == "上周的" else MONDAY,
        )
        for name, supplier in suppliers.items()
    }
    later = add_batch(shop, eggs, 100, supplier_id=suppliers["没发"], arrived_on=TODAY)
    change(shop, schema.batch, batches["停售的"], stopped_at=NOW)
    note_post(shop, POSTED, queries.subject(batches["已发"]), "到货了")
    old = note_post(shop, POSTED, queries.subject(batches["上周发过"]), "到货了")
    change(shop, schema.group_post, old, at=NOW - timedelta(days=TODAY.weekday() + 1))
    found = queries.unposted(shop)
    assert [(one.supplier, one.batch_id) for one in found] == [
        ("上周发过", batches["上周发过"]),
        ("没发", later),
    ]


def test_a_post_of_one_batch_is_enough_for_its_supplier(shop: Shop) -> None:
    eggs, supplier = add_product(shop, "土鸡蛋", fresh=True), add_supplier(shop)
    first = add_batch(shop, eggs, 100, supplier_id=supplier)
    add_batch(shop, eggs, 100, supplier_id=supplier)
    assert len(queries.unposted(shop)) == 1
    note_post(shop, POSTED, queries.subject(first), "到货了")
    assert queries.unposted(shop) == ()
    assert [post.subject for post in queries.posted_this_week(shop)] == [queries.subject(first)]
