"""Whether the newest published sheet still says what is on sale (R20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.shop import OWNER_ONLY, Shop

MOST_OFFERS = 500

_sheet, _offer = schema.cost_sheet, schema.round_offer
_round, _product = schema.buying_round, schema.product


@dataclass(frozen=True)
class SheetDue:
    """Why a sheet should be published. Names are those of products.

    ``newest`` is the day of the newest sheet, None before the first; ``old`` says that it is of an
    earlier month. ``missing`` are on offer now and not on it; ``dearer`` are on offer above the
    price that residents read on it, which the law forbids; ``cheaper`` below it.
    """

    newest: date | None
    old: bool
    missing: tuple[str, ...]
    dearer: tuple[str, ...]
    cheaper: tuple[str, ...]

    @property
    def is_due(self) -> bool:
        """Whether anything is to be done."""
        return self.newest is None or self.old or bool(self.missing + self.dearer + self.cheaper)


def sheet_due(shop: Shop) -> SheetDue | None:
    """Return why the next sheet is due; None where nothing is, or nothing is sold. Owner only.

    What is on offer are the open rounds, of several prices the highest.
    """
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        newest = connection.execute(
            select(_sheet.c.day, _sheet.c.body).order_by(_sheet.c.number.desc()).limit(1)
        ).first()
        if newest is None and not _sells(connection):
            return None
        offered = _offered(connection, shop)
    shown = {} if newest is None else _prices(newest.body)
    names = {product_id: name for product_id, (name, _price) in offered.items()}
    both = {number: offered[number][1] for number in offered if number in shown}
    found = SheetDue(
        newest=None if newest is None else newest.day,
        old=newest is not None and newest.day < shop.today.replace(day=1),
        missing=tuple(names[number] for number in offered if number not in shown),
        dearer=tuple(names[number] for number, price in both.items() if price > shown[number]),
        cheaper=tuple(names[number] for number, price in both.items() if price < shown[number]),
    )
    return found if found.is_due else None


def _sells(connection: Connection) -> bool:
    query = select(_product.c.id).where(
        _product.c.archived_at.is_(None), _product.c.purchase_price_fen.is_not(None)
    )
    return connection.execute(query.limit(1)).first() is not None


def _offered(connection: Connection, shop: Shop) -> Mapping[int, tuple[str, Money]]:
    query = (
        select(_product.c.id, _product.c.name, func.max(_offer.c.price_fen).label("fen"))
        .select_from(_offer)
        .join(_round, _round.c.id == _offer.c.round_id)
        .join(_product, _product.c.id == _offer.c.product_id)
        .where(
            _round.c.cut_off_at > shop.clock.now(),
            _round.c.closed_at.is_(None),
            _product.c.archived_at.is_(None),
        )
        .group_by(_product.c.id, _product.c.name)
        .order_by(_product.c.name)
        .limit(MOST_OFFERS)
    )
    return {row.id: (row.name, Money(row.fen)) for row in connection.execute(query)}


def _prices(body: Mapping[str, list[Mapping[str, int]]]) -> Mapping[int, Money]:
    return {line["product"]: Money(line["price"]) for line in body["lines"]}
