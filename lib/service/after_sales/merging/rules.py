"""What two cases of one complaint come to when they are joined, and back. Pure.

What is kept in the books of a merge is enough to take it apart exactly: a value is given back when
nobody changed it since.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Clocks:
    """The moments of a case that count when it is joined: the promises and what met them.

    ``solve_due_at`` is that of the case's turn, which began at ``started_at``.
    """

    reported_at: datetime
    reply_due_at: datetime
    first_reply_at: datetime | None
    first_reply_by: int | None
    started_at: datetime
    solve_due_at: datetime


def joined(keep: Clocks, drop: Clocks) -> Clocks:
    """Return what counts for the kept case: the earlier report, promises and first reply.

    No promise becomes later by joining. The turn of a case that was opened again keeps its start.
    """
    replies = [each for each in (keep, drop) if each.first_reply_at is not None]
    first = min(replies, key=lambda each: each.first_reply_at or each.reported_at, default=keep)
    return Clocks(
        min(keep.reported_at, drop.reported_at),
        min(keep.reply_due_at, drop.reply_due_at),
        first.first_reply_at,
        first.first_reply_by,
        min(keep.started_at, drop.started_at),
        min(keep.solve_due_at, drop.solve_due_at),
    )


def restored(before: Clocks, merged: Clocks, now: Clocks) -> Clocks:
    """Return the kept case's clocks once the other is taken out: as before, where unchanged since.

    A first reply that was given to the joined case stays that of the kept one; a promise that a
    pause moved since stands as it was moved.
    """
    values = {
        name: value if getattr(now, name) == getattr(merged, name) else getattr(now, name)
        for name, value in asdict(before).items()
    }
    return Clocks(**values)


def as_kept(clocks: Clocks) -> dict[str, Any]:
    """Return the clocks as the books of a merge keep them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(clocks).items()
    }


def as_read(kept: Mapping[str, Any]) -> Clocks:
    """Return the clocks kept by :func:`as_kept`."""
    values: dict[str, Any] = {
        name: datetime.fromisoformat(value) if isinstance(value, str) else value
        for name, value in kept.items()
    }
    return Clocks(**values)
