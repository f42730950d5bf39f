"""What is due in supply stands on the Today page, with the way to where it is dealt with."""

from datetime import timedelta

import pytest

from lib.db import schema
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term, put


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A delivery is late, goods end today and nobody tested them, a paper ran out."""
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    supplier = add_supplier(shop)
    add_term(shop, supplier, eggs)
    add_batch(shop, eggs, 3000, supplier_id=supplier, best_before=TODAY)
    put(
        shop, schema.purchase_order, number="P260924-1", supplier_id=supplier,
        expected_on=TODAY - timedelta(days=1), status="sent", created_at=NOW,
    )  # fmt: skip
    put(
        shop, schema.supplier_paper, supplier_id=supplier, kind="business_licence",
        valid_until=TODAY - timedelta(days=1), created_at=NOW,
    )  # fmt: skip
    return shop


def test_the_owner_sees_what_is_due_in_supply(screen: Open, busy: Shop) -> None:
    said = text_of(screen(busy, "today"))
    for expected in ("1 deliveries", "should have come already", "1 batches", "end within 1 days",
                     "0 tests old, 1 missing", "1 papers", "1 expired"):  # fmt: skip
        assert expected in said, expected


def test_staff_see_no_papers_and_no_money(screen: Open, busy: Shop, staff_shop: Shop) -> None:
    said = text_of(screen(staff_shop, "today", "zh_CN"))
    assert "1 批货" in said or "1 批到货" in said
    assert "证照" not in said
    assert "¥" not in said
