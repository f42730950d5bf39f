"""Correcting and remembering which column of an order file means what. Pure.

The preview shows one row per column with what it was taken for; the owner's corrections become a
:class:`Mapping`, and a corrected mapping is remembered per layout of headings as plain values.
"""

from collections.abc import Mapping as Document
from typing import Any

from lib.kernel.words import N_
from lib.trade.orders.sheets import Field, Heading, Mapping, ProductColumn

PRODUCT = "product"
"""A column headed by a product, with quantities below it."""

NOTHING = Field.IGNORED.value

MEANINGS: dict[str, str] = {
    NOTHING: N_("not used"),
    PRODUCT: N_("a product: quantities stand below"),
    Field.ORDER_NO: N_("order number"),
    Field.GROUP_NO: N_("number within the group buy"),
    Field.SEQUENCE: N_("running number"),
    Field.BUYER: N_("who ordered (nickname)"),
    Field.RECEIVER: N_("who collects (name)"),
    Field.PHONE: N_("phone"),
    Field.BUYER_PHONE: N_("phone of who ordered"),
    Field.PROVINCE: N_("province"),
    Field.CITY: N_("city"),
    Field.DISTRICT: N_("district"),
    Field.ADDRESS: N_("address"),
    Field.LANE: N_("lane"),
    Field.BUILDING: N_("building"),
    Field.UNIT: N_("unit (staircase)"),
    Field.ROOM: N_("room"),
    Field.PICKUP_POINT: N_("pickup point"),
    Field.PICKUP_TIME: N_("pickup time"),
    Field.ORDERED_AT: N_("ordered at"),
    Field.PAID_AT: N_("paid at"),
    Field.STATUS: N_("order status"),
    Field.REFUND_STATUS: N_("refund status"),
    Field.PAY_STATUS: N_("payment status"),
    Field.GOODS: N_("goods"),
    Field.SPEC: N_("specification"),
    Field.SKU: N_("article number"),
    Field.QUANTITY: N_("quantity"),
    Field.SALE_UNIT: N_("unit of the quantity"),
    Field.UNIT_PRICE: N_("unit price"),
    Field.ITEM_AMOUNT: N_("amount of the line"),
    Field.ORDER_TOTAL: N_("amount of the order"),
    Field.AMOUNT: N_("amount (of line or order)"),
    Field.GOODS_TOTAL: N_("goods total of the order"),
    Field.FREIGHT: N_("delivery charge"),
    Field.DISCOUNT: N_("discount"),
    Field.REFUND: N_("refund of the order"),
    Field.ITEM_REFUND: N_("refund of the line"),
    Field.BUYER_REMARK: N_("customer's remark"),
    Field.SELLER_REMARK: N_("shop's remark"),
    Field.KINDS: N_("number of kinds"),
}
"""Meaning of a column → what the owner reads."""


def columns_of(mapping: Mapping) -> dict[int, tuple[str, str]]:
    """Return column index → (heading, meaning) for every headed column, from left to right."""
    found = {heading.index: (heading.text, NOTHING) for heading in mapping.unused}
    found |= {heading.index: (heading.text, NOTHING) for _, heading in mapping.rivals}
    found |= {column.index: (column.text, PRODUCT) for column in mapping.products}
    for group in (*mapping.more_goods, mapping.columns):
        found |= {heading.index: (heading.text, str(name)) for name, heading in group.items()}
    return dict(sorted(found.items()))


def corrected(mapping: Mapping, wanted: Document[int, str]) -> Mapping:
    """Return ``mapping`` with the columns in ``wanted`` (index → meaning) meaning that.

    A meaning given to a second column moves there; further goods columns stay as they were read.
    """
    now = columns_of(mapping)
    changed = {
        index: name for index, name in wanted.items() if index in now and now[index][1] != name
    }
    if not changed:
        return mapping
    columns = {
        name: heading for name, heading in mapping.columns.items() if heading.index not in changed
    }
    products = {column.index: column for column in mapping.products if column.index not in changed}
    unused = {heading.index: heading for heading in mapping.unused if heading.index not in changed}
    for index, name in changed.items():
        text = now[index][0]
        if name == PRODUCT:
            products[index] = ProductColumn(index, text, text)
        elif name == NOTHING:
            unused[index] = Heading(index, text)
        else:
            before = columns.get(Field(name))
            if before is not None:
                unused[before.index] = before
            columns[Field(name)] = Heading(index, text)
    return Mapping(
        columns,
        tuple(group for group in mapping.more_goods if not _touched(group, changed)),
        tuple(products[index] for index in sorted(products)),
        tuple(unused[index] for index in sorted(unused)),
        tuple(rival for rival in mapping.rivals if rival[1].index not in changed),
    )


def _touched(group: dict[Field, Heading], changed: Document[int, str]) -> bool:
    return any(heading.index in changed for heading in group.values())


def to_document(mapping: Mapping) -> dict[str, Any]:
    """Return a mapping as plain values, for keeping."""

    def group(columns: dict[Field, Heading]) -> dict[str, list[Any]]:
        return {str(name): [heading.index, heading.text] for name, heading in columns.items()}

    return {
        "columns": group(mapping.columns),
        "more_goods": [group(columns) for columns in mapping.more_goods],
        "products": [[c.index, c.text, c.name, c.price_fen] for c in mapping.products],
        "unused": [[heading.index, heading.text] for heading in mapping.unused],
        "rivals": [[str(name), heading.index, heading.text] for name, heading in mapping.rivals],
    }


def from_document(document: Document[str, Any] | None) -> Mapping | None:
    """Return the mapping kept as ``document``; None for nothing or for one of another shape."""

    def group(columns: Document[str, Any]) -> dict[Field, Heading]:
        return {Field(name): Heading(int(at), str(text)) for name, (at, text) in columns.items()}

    if document is None:
        return None
    try:
        return Mapping(
            group(document["columns"]),
            tuple(group(columns) for columns in document["more_goods"]),
            tuple(ProductColumn(*column) for column in document["products"]),
            tuple(Heading(*heading) for heading in document["unused"]),
            tuple((Field(name), Heading(at, text)) for name, at, text in document["rivals"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
