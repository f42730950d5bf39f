"""Reads what complaints took off lines that were not paid yet."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from lib.db import schema

_case, _remedy = schema.after_sales_case, schema.case_remedy


def taken_off(connection: Connection, line_ids: Iterable[int]) -> dict[int, int]:
    """Return what complaints took off each of ``line_ids``, in fen; lines without any are left out.

    What was taken back does not count.
    """
    ids = list(line_ids)
    if not ids:
        return {}
    query = (
        select(_case.c.line_id, func.sum(_remedy.c.taken_off_fen))
        .join(_remedy, _remedy.c.case_id == _case.c.id)
        .where(
            _case.c.line_id.in_(ids),
            _remedy.c.taken_off_fen > 0,
            _remedy.c.undone_at.is_(None),
        )
        .group_by(_case.c.line_id)
    )
    return {line_id: int(fen) for line_id, fen in connection.execute(query)}
