"""Which lines of a paste were heard before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lib.db import schema
from lib.shop.shop import DESK, Shop

_AT_ONCE = 500


@dataclass(frozen=True)
class Heard:
    """A line that was pasted before: when, and the wish it was taken for (None: put aside)."""

    at: datetime
    demand_id: int | None
    title: str


def heard(shop: Shop, fingerprints: Sequence[str]) -> dict[str, Heard]:
    """Return those of ``fingerprints`` that were taken or put aside before."""
    shop.require(DESK)
    lines, demands = schema.heard_line, schema.demand
    found: dict[str, Heard] = {}
    with shop.read() as connection:
        for start in range(0, len(fingerprints), _AT_ONCE):
            query = (
                select(lines.c.fingerprint, lines.c.at, lines.c.demand_id, demands.c.title)
                .outerjoin(demands, demands.c.id == lines.c.demand_id)
                .where(lines.c.fingerprint.in_(fingerprints[start : start + _AT_ONCE]))
            )
            for row in connection.execute(query):
                found[row.fingerprint] = Heard(row.at, row.demand_id, row.title or "")
    return found
