"""Reads of batches with several complaints that may be the batch's own fault.

Who knowingly sells food that is not safe answers for it (food safety law, sections 34 and 148):
several rotten or faulty goods of one batch are a reason to look at it, and perhaps to call it back.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from lib.db import schema
from lib.service.after_sales.rules import Defect, Status
from lib.shop.shop import DESK, Shop

MOST_CASES = 2000
UNSAFE = frozenset({Defect.ROTTEN, Defect.QUALITY})
"""What may be the matter with all of a batch."""

_case, _batch = schema.after_sales_case, schema.batch


@dataclass(frozen=True)
class RiskyBatch:
    """A batch still on sale with ``cases`` (ids, oldest first) that may be its own fault."""

    id: int
    code: str
    product: str
    cases: tuple[int, ...]


def risky_batches(shop: Shop) -> tuple[RiskyBatch, ...]:
    """Return the batches with several such complaints, the most first; one statement.

    How many, and in how many days, say the settings ``risky_cases`` and ``risky_days``. Withdrawn
    cases and joined doubles do not count; a batch whose sale is stopped is left out.
    """
    shop.require(DESK)
    since = shop.clock.now() - timedelta(days=shop.settings.risky_days)
    gone = (Status.WITHDRAWN.value, Status.MERGED.value)
    query = (
        select(_case.c.id, _batch.c.id.label("batch"), _batch.c.code, _batch.c.product_name)
        .join(_batch, _batch.c.id == _case.c.batch_id)
        .where(
            _case.c.reported_at >= since,
            _case.c.defect.in_([defect.value for defect in UNSAFE]),
            _case.c.status.not_in(gone),
            _batch.c.stopped_at.is_(None),
        )
        .order_by(_case.c.id)
        .limit(MOST_CASES)
    )
    ids: dict[int, list[int]] = defaultdict(list)
    named: dict[int, tuple[str, str]] = {}
    with shop.read() as connection:
        for row in connection.execute(query):
            ids[row.batch].append(row.id)
            named[row.batch] = (row.code, row.product_name)
    found = [
        RiskyBatch(batch, *named[batch], tuple(cases))
        for batch, cases in ids.items()
        if len(cases) >= shop.settings.risky_cases
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.cases), each.id)))
