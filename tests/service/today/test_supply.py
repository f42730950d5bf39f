"""What is due in supply: for the owner everything, for staff what staff deal with."""

from datetime import timedelta

from lib.db import schema
from lib.service.today.supply import supply_due
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term, put


def test_an_empty_shop_has_nothing_due(shop: Shop) -> None:
    due = supply_due(shop)
    assert not (due.deliveries.today or due.deliveries.late or due.stock.negative)
    assert not (due.stock.ending or due.slow.movers or due.tests.missing or due.recalls)
    assert due.owner is not None
    assert due.owner.plan is None
    assert not (due.owner.papers.papers or due.owner.statements.to_close or due.owner.labels)


def test_what_is_due_is_found(shop: Shop, staff_shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    supplier = add_supplier(shop)
    add_term(shop, supplier, eggs)
    add_batch(
        shop,
        eggs,
        3000,
        supplier_id=supplier,
        arrived_on=TODAY - timedelta(days=9),
        best_before=TODAY,
    )  # fmt: skip
    put(
        shop,
        schema.purchase_order,
        number="P260924-1",
        supplier_id=supplier,
        expected_on=TODAY - timedelta(days=1),
        status="sent",
        created_at=NOW,
    )
    put(
        shop,
        schema.supplier_paper,
        supplier_id=supplier,
        kind="business_licence",
        valid_until=TODAY - timedelta(days=1),
        created_at=NOW,
    )
    with shop.store.write() as connection:
        connection.execute(schema.staple.insert().values(product_id=eggs, added_at=NOW))
    due = supply_due(shop)
    assert [one.supplier_name for one in due.deliveries.late] == ["青禾合作社"]
    assert [one.product for one in due.stock.ending] == ["土鸡蛋"]
    assert [one.name for one in due.tests.missing] == ["土鸡蛋"]
    assert due.owner is not None
    assert due.owner.papers.papers[0].expired
    assert due.owner.plan is not None
    assert [one.supplier_name for one in due.owner.statements.to_close] == ["青禾合作社"]

    theirs = supply_due(staff_shop)
    assert theirs.owner is None
    assert theirs.deliveries.late
    assert all(one.unit_cost is None for one in theirs.stock.ending)
