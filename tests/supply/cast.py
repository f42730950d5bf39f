"""Suppliers, deliveries and batches of the tests of supply, put straight into the tables."""

import itertools
from datetime import date, timedelta
from typing import Any

from lib.db import schema
from lib.kernel.quantity import Unit
from lib.kernel.text import folded
from lib.shop.shop import Shop
from lib.supply.stock.commands import Move, post
from lib.supply.stock.rules import Kind
from tests.conftest import NOW
from tests.service.cast import TODAY, add_product, put

__all__ = ["TODAY", "add_batch", "add_product", "add_supplier", "add_term", "put"]

_number = itertools.count(1)


def add_supplier(shop: Shop, name: str = "青禾合作社", **values: Any) -> int:
    """Make a supplier known."""
    row = {
        "name": name,
        "folded_name": folded(name),
        "kind": "grower",
        "district": "余杭区径山镇",
        "shows_name": True,
        "shows_contact": False,
        "created_at": NOW,
    }
    return put(shop, schema.supplier, **{**row, **values})


def add_term(
    shop: Shop, supplier_id: int, product_id: int, price_fen: int = 400, **values: Any
) -> int:
    """Let the supplier deliver the product at ``price_fen`` per sale unit."""
    row = {
        "supplier_id": supplier_id,
        "product_id": product_id,
        "price_fen": price_fen,
        "preferred": True,
        "changed_at": NOW,
    }
    return put(shop, schema.supply_term, **{**row, **values})


def add_batch(
    shop: Shop,
    product_id: int,
    quantity: int,
    *,
    supplier_id: int | None = None,
    arrived_on: date = TODAY,
    **values: Any,
) -> int:
    """Let ``quantity`` (grams or sale units) of a product come in as a batch."""
    supplier = supplier_id or add_supplier(shop, f"供货商{next(_number)}")
    delivery = put(shop, schema.delivery, supplier_id=supplier, arrived_on=arrived_on, at=NOW)
    with shop.read() as connection:
        products = schema.product
        row = connection.execute(products.select().where(products.c.id == product_id)).one()
    number = next(_number)
    batch_id = put(
        shop,
        schema.batch,
        **{
            "code": f"B{number:04}",
            "token": f"token{number:07}",
            "delivery_id": delivery,
            "supplier_id": supplier,
            "product_id": product_id,
            "product_name": row.name,
            "sale_unit": row.sale_unit,
            "unit_grams": Unit.named(row.sale_unit).grams,
            "arrived_on": arrived_on,
            "best_before_printed": False,
            "received": quantity,
            "unit_price_fen": 400,
            "supplier_name": "青禾合作社",
            "keep_until": arrived_on + timedelta(days=183),
            "created_at": NOW,
            **values,
        },
    )
    with shop.write("stock.test") as tx:
        post(tx, Move(product_id, Kind.RECEIVED, quantity, batch_id, on=arrived_on))
    return batch_id
