"""Quotas of a period (R12, R14, R19): none by two thirds of it is a nudge, more is beyond plan.

Pure. Nothing is ever blocked by a quota.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """How a period stands against its plan."""

    OPEN = "open"
    NUDGE = "nudge"
    REACHED = "reached"
    BEYOND = "beyond"


@dataclass(frozen=True)
class Quota:
    """``done`` of the ``least`` to ``most`` planned for the days ``first`` to ``last``."""

    done: int
    least: int
    most: int
    first: date
    last: date
    standing: Standing


def quota(
    done: int, least: int, most: int, first: date, last: date, today: date, nudge_percent: int
) -> Quota:
    """Return how a period stands on ``today``; days are inclusive.

    A nudge when nothing was done and ``nudge_percent`` of the days are over, today included.
    """
    length, over = (last - first).days + 1, (today - first).days + 1
    if done > most:
        standing = Standing.BEYOND
    elif done >= least:
        standing = Standing.REACHED
    elif done == 0 and over * 100 >= length * nudge_percent:
        standing = Standing.NUDGE
    else:
        standing = Standing.OPEN
    return Quota(done, least, most, first, last, standing)
