"""What a resident is told about points, in the shop's language (R36). Pure."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from lib.kernel.clock import local_day
from lib.kernel.words import N_
from lib.members.points.queries import Entry, Standing, Waiting
from lib.members.points.rules import Kind
from lib.shop.language import Translate
from lib.shop.settings import Settings

MOST_MOVES = 5


def statement_values(
    standing: Standing, name: str, settings: Settings, say: Translate
) -> dict[str, object]:
    """Return the values of the text that tells a resident how the points stand."""
    available = standing.balance.available
    owed = say(N_("{points} points are owed; the next ones go against them."))
    return {
        "who": f"@{name} " if name else "",
        "shop_name": settings.shop_name or say(N_("Linli")),
        "available": max(0, available),
        "owed": owed.format(points=-available) if available < 0 else "",
        "waiting": "\n".join(_waiting(standing.waiting, say)),
        "moves": "\n".join(_moves(standing.entries, settings, say)),
    }


def _waiting(found: Sequence[Waiting], say: Translate) -> list[str]:
    """Say how many points wait, those of one day together, the nearest day first."""
    by_day: dict[date, int] = {}
    later = 0
    for one in found:
        if one.on is None:
            later += one.points
        else:
            by_day[one.on] = by_day.get(one.on, 0) + one.points
    lines = [
        say(N_("+{points} from {day} on")).format(points=points, day=_day(day, say))
        for day, points in sorted(by_day.items())
    ]
    if later:
        lines.append(say(N_("+{points} once the order is collected and settled")).format(
            points=later))  # fmt: skip
    return lines


def _moves(entries: Sequence[Entry], settings: Settings, say: Translate) -> list[str]:
    """Say the newest movements, the lines of one order and moment as one."""
    moved = [entry for entry in entries if entry.kind is not Kind.SETTLED]
    lines = []
    for _key, rows in groupby(moved, key=lambda entry: (entry.at, entry.order_id, entry.reason)):
        group = list(rows)
        points = sum(row.points for row in group)
        if points:
            lines.append(_move(group[0], points, settings, say))
        if len(lines) == MOST_MOVES:
            break
    return [say(N_("Last movements:")), *lines] if lines else []


def _move(entry: Entry, points: int, settings: Settings, say: Translate) -> str:
    day = _day(local_day(entry.at, settings.time_zone), say)
    return f"{day} {points:+d} {say(entry.reason)}"


def _day(day: date, say: Translate) -> str:
    return say(N_("{month}/{day}")).format(month=day.month, day=day.day)
