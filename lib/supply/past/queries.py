"""Reads of past figures: what was brought in, and the shop's own products to hold it against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lib.db import schema
from lib.shop.shop import OWNER_ONLY, Shop
from lib.supply.past.matching import Shelf
from lib.trade.products.queries import products

LAYOUTS, GOODS = "past:", "past:goods"
"""Keys of ``sheet_mapping``: corrected layouts begin with the first, answers have the second."""
MOST_IMPORTS = 100

_import, _day = schema.past_import, schema.past_day


@dataclass(frozen=True)
class PastImport:
    """One import that stands: its files, its days, and what its summary says."""

    id: int
    file_name: str
    days: int
    first_day: date
    last_day: date
    at: datetime
    by: str
    summary: Mapping[str, Any]

    @property
    def products(self) -> int:
        """How many products it has figures of."""
        return int(self.summary.get("products", 0))

    @property
    def reckoned(self) -> int:
        """Product-days whose prepared quantity was reckoned from the loss rate."""
        return int(self.summary.get("reckoned", 0))


def imports(shop: Shop) -> tuple[PastImport, ...]:
    """Return the imports that stand, newest first."""
    shop.require(OWNER_ONLY)
    people = schema.person
    query = (
        select(_import, people.c.name)
        .outerjoin(people, people.c.id == _import.c.person_id)
        .order_by(_import.c.id.desc())
        .limit(MOST_IMPORTS)
    )
    with shop.read() as connection:
        return tuple(
            PastImport(
                row.id, row.file_name, row.rows, row.first_day, row.last_day, row.at,
                row.name or "", row.summary,
            )
            for row in connection.execute(query)
        )  # fmt: skip


def shelf(shop: Shop) -> tuple[Shelf, ...]:
    """Return the products in use with their names, units and package words."""
    return tuple(
        Shelf(each.id, each.name, each.aliases, each.unit, each.conversions)
        for each in products(shop)
    )


def remembered(shop: Shop) -> tuple[dict[str, Mapping[str, Any]], dict[str, int]]:
    """Return corrected layouts by fingerprint, and product by key as answered last time."""
    shop.require(OWNER_ONLY)
    table = schema.sheet_mapping
    query = select(table.c.header_fingerprint, table.c.mapping).where(
        table.c.header_fingerprint.startswith(LAYOUTS)
    )
    with shop.read() as connection:
        rows = {row.header_fingerprint: row.mapping for row in connection.execute(query)}
    answers = {str(key): int(value) for key, value in rows.pop(GOODS, {}).items()}
    return rows, answers
