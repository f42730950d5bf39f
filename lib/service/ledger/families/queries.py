"""Which rows belong to which complaint: what hangs on a double is read with the case kept."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, select

from lib.db import schema
from lib.service.after_sales.rules import Status

_case = schema.after_sales_case

KEPT = _case.c.status != Status.MERGED.value
"""Cases that were not joined with another one."""


def families(name: str, *wanted: ColumnElement[bool]) -> CTE:
    """Return the cases that ``wanted`` says with their doubles: columns ``root`` and ``id``.

    ``wanted`` speaks of ``after_sales_case``; ``root`` is the case that was kept.
    """
    roots: Any = (
        select(_case.c.id.label("root"), _case.c.id.label("id"))
        .where(KEPT, *wanted)
        .cte(name, recursive=True)
    )
    double = _case.alias(f"{name}_double")
    return roots.union_all(  # type: ignore[no-any-return]
        select(roots.c.root, double.c.id).join(double, double.c.merged_into == roots.c.id)
    )
