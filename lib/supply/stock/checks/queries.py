"""Reads that compare every sum of stock with the ledger."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from lib.db import schema
from lib.shop.shop import DESK, Shop
from lib.supply.stock.rules import Kind

_batch, _level, _movement = schema.batch, schema.stock_level, schema.stock_movement
_product = schema.product


@dataclass(frozen=True)
class Finding:
    """A sum that is not what the ledger says. ``what`` names the sum, ``of`` whose it is."""

    what: str
    of: str
    day: date | None
    booked: int
    ledger: int


def check_sums(shop: Shop) -> tuple[Finding, ...]:
    """Return every sum that differs from the ledger; nothing when all agree (E4).

    Reads the whole ledger: meant for the night, after a restore, and for the button.
    """
    shop.require(DESK)
    with shop.read() as connection:
        return (
            *_wrong_batches(connection),
            *_wrong_levels(connection),
            *_wrong_days(connection),
        )


def _wrong_batches(connection: Connection) -> list[Finding]:
    sums = (
        select(_movement.c.batch_id, func.sum(_movement.c.quantity).label("quantity"))
        .group_by(_movement.c.batch_id)
        .subquery("sums")
    )
    ledger = func.coalesce(sums.c.quantity, 0)
    query = (
        select(_batch.c.code, _batch.c.on_hand, ledger.label("ledger"))
        .outerjoin(sums, sums.c.batch_id == _batch.c.id)
        .where(_batch.c.on_hand != ledger)
        .order_by(_batch.c.id)
    )
    rows = connection.execute(query)
    return [Finding("batch", row.code, None, row.on_hand, int(row.ledger)) for row in rows]


def _wrong_levels(connection: Connection) -> list[Finding]:
    loose = case((_movement.c.batch_id.is_(None), _movement.c.quantity), else_=0)
    sums = (
        select(
            _movement.c.product_id,
            func.sum(_movement.c.quantity).label("quantity"),
            func.sum(loose).label("loose"),
        )
        .group_by(_movement.c.product_id)
        .subquery("sums")
    )
    query = (
        select(
            _product.c.name,
            _level.c.on_hand,
            _level.c.loose,
            sums.c.quantity.label("moved"),
            sums.c.loose.label("moved_loose"),
        )
        .outerjoin(_level, _level.c.product_id == _product.c.id)
        .outerjoin(sums, sums.c.product_id == _product.c.id)
        .order_by(_product.c.id)
    )
    findings = []
    for row in connection.execute(query):
        for what, booked, ledger in (
            ("level", row.on_hand, row.moved),
            ("loose", row.loose, row.moved_loose),
        ):
            if int(booked or 0) != int(ledger or 0):
                findings.append(Finding(what, row.name, None, int(booked or 0), int(ledger or 0)))
    return findings


_LEAVING = (Kind.SOLD, Kind.WASTED, Kind.SENT_BACK, Kind.REDEEMED)
_DAY_COLUMNS = ("received", "sold", "returned", "wasted", "sent_back", "redeemed", "counted")


def _wrong_days(connection: Connection) -> list[Finding]:
    days, names = schema.stock_day, {}
    ledger: dict[tuple[int, date], dict[str, int]] = {}
    running: dict[int, int] = {}
    for row in connection.execute(_ledger_days()):
        running[row.product_id] = running.get(row.product_id, 0) + int(row.quantity)
        sums = {name: int(getattr(row, name)) for name in (*_DAY_COLUMNS, "shelf_sold")}
        ledger[row.product_id, row.business_day] = {**sums, "closing": running[row.product_id]}
        names[row.product_id] = row.name
    findings = []
    query = select(days, _product.c.name).join(_product, _product.c.id == days.c.product_id)
    for row in connection.execute(query.order_by(days.c.product_id, days.c.day)):
        sums = ledger.pop((row.product_id, row.day), {"closing": row.closing})
        for name in (*_DAY_COLUMNS, "shelf_sold", "closing"):
            booked, said = getattr(row, name), sums.get(name, 0)
            if booked != said:
                findings.append(Finding(name, row.name, row.day, booked, said))
    for (product_id, day), sums in ledger.items():
        findings.append(Finding("closing", names[product_id], day, 0, sums["closing"]))
    return findings


def _ledger_days() -> Select[Any]:
    quantity = _movement.c.quantity

    def column(name: str) -> ColumnElement[Any]:
        signed = -quantity if Kind(name) in _LEAVING else quantity
        return func.sum(case((_movement.c.kind == name, signed), else_=0)).label(name)

    shelf = and_(_movement.c.kind == Kind.SOLD.value, _movement.c.line_id.is_(None))
    return (
        select(
            _movement.c.product_id,
            _product.c.name,
            _movement.c.business_day,
            func.sum(quantity).label("quantity"),
            *(column(name) for name in _DAY_COLUMNS),
            func.sum(case((shelf, -quantity), else_=0)).label("shelf_sold"),
        )
        .join(_product, _product.c.id == _movement.c.product_id)
        .group_by(_movement.c.product_id, _product.c.name, _movement.c.business_day)
        .order_by(_movement.c.product_id, _movement.c.business_day)
    )
