"""Reads that only the dossier needs: all papers of a supplier, movements per day, recalls."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from lib.db import schema
from lib.shop.files.showing import Showing, showings
from lib.shop.shop import DESK, Shop
from lib.supply.recall.queries import Recall, recalls
from lib.supply.stock.rules import Kind

MOST = 500

_paper, _movement = schema.supplier_paper, schema.stock_movement


@dataclass(frozen=True)
class Paper:
    """A paper of the supplier, withdrawn and expired ones too, with its file."""

    kind: str
    number: str
    issued_on: date | None
    valid_until: date | None
    withdrawn: bool
    file: Showing | None


@dataclass(frozen=True)
class DayMoved:
    """What became of a batch on one day: grams or sale units, positive in, negative out."""

    day: date
    kind: Kind
    quantity: int


@dataclass(frozen=True)
class Sheets:
    """What :func:`sheets` returns."""

    papers: tuple[Paper, ...]
    moved: tuple[DayMoved, ...]
    recalls: tuple[Recall, ...]
    files: dict[str, Showing]


def sheets(shop: Shop, batch_id: int, supplier_id: int, files: tuple[str, ...]) -> Sheets:
    """Return what the dossier of a batch needs beside its record and evidence.

    ``files`` are addresses of further files wanted; those that are not booked are left out.
    """
    shop.require(DESK)
    with shop.read() as connection:
        papers = _papers(connection, supplier_id)
        moved = _moved(connection, batch_id)
        further = showings(connection, files)
    return Sheets(papers, moved, recalls(shop, batch_id=batch_id), further)


def _papers(connection: Connection, supplier_id: int) -> tuple[Paper, ...]:
    rows: Any = connection.execute(
        select(_paper)
        .where(_paper.c.supplier_id == supplier_id)
        .order_by(_paper.c.kind, _paper.c.id)
        .limit(MOST)
    ).all()
    files = showings(connection, (row.scan for row in rows if row.scan))
    return tuple(
        Paper(
            row.kind,
            row.number,
            row.issued_on,
            row.valid_until,
            row.withdrawn_at is not None,
            files.get(row.scan),
        )
        for row in rows
    )


def _moved(connection: Connection, batch_id: int) -> tuple[DayMoved, ...]:
    query = (
        select(
            _movement.c.business_day,
            _movement.c.kind,
            func.sum(_movement.c.quantity).label("quantity"),
        )
        .where(_movement.c.batch_id == batch_id)
        .group_by(_movement.c.business_day, _movement.c.kind)
        .having(func.sum(_movement.c.quantity) != 0)
        .order_by(_movement.c.business_day, _movement.c.kind)
        .limit(MOST)
    )
    return tuple(
        DayMoved(row.business_day, Kind(row.kind), int(row.quantity))
        for row in connection.execute(query)
    )
