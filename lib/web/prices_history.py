"""The history of one product's price, drawn on the server: a line chart without any script.

Price, cost in all and what the shop keeps step from sheet to sheet. A sheet that was corrected is a
hollow dot beside the line: what the shop said is never taken away, only put right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.kernel.money import Money
from lib.shop.language import Translate
from lib.trust.costs.queries import Point
from lib.trust.costs.rules import GIVEN, LABELS, Line, Part

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 10, 8
"""Margins of the drawing; amounts stand to the left, days below it in the page."""
MOST_DOTS = 40
SERIES = ("price", "cost", "kept")


@dataclass(frozen=True)
class Dot:
    """A point of the drawing; ``hollow``: of a sheet that was corrected."""

    kind: str
    x: float
    y: float
    hollow: bool


@dataclass(frozen=True)
class Drawing:
    """Paths by series, the dots, and the amounts beside the lines of the grid."""

    paths: dict[str, str]
    dots: tuple[Dot, ...]
    grid: tuple[tuple[float, Money], ...]


def drawing(points: Sequence[Point]) -> Drawing:
    """Return the drawing of ``points``, oldest first; one point is a dot without a line."""
    amounts = [_amount(point.line, name) for point in points for name in SERIES]
    low, high = min(0, *(one.fen for one in amounts)), max(100, *(one.fen for one in amounts))
    xs = [_across(number, len(points)) for number in range(len(points))]
    standing = [point.corrected_by is None for point in points]
    paths, dots = {}, []
    for name in SERIES:
        ys = [_up(_amount(point.line, name).fen, low, high) for point in points]
        paths[name] = _path([(x, y) for x, y, ok in zip(xs, ys, standing, strict=True) if ok])
        dots += [
            Dot(name, x, y, not ok)
            for x, y, ok in zip(xs, ys, standing, strict=True)
            if not ok or len(points) <= MOST_DOTS
        ]
    grid = sorted({low, 0, (high // 2), high})
    return Drawing(paths, tuple(dots), tuple((_up(fen, low, high), Money(fen)) for fen in grid))


def rows_of(points: Sequence[Point], translate: Translate) -> list[dict[str, Any]]:
    """Return what the page lists, newest first: every part of every sheet."""
    return [
        {
            "number": point.number,
            "day": point.day,
            "price": point.line.price,
            "unit": point.line.unit,
            "corrected_by": point.corrected_by,
            "corrects": point.corrects,
            "parts": [
                {
                    "label": translate(
                        GIVEN if part is Part.KEPT and point.line.is_given else LABELS[part]
                    ),
                    "amount": amount,
                    "by_hand": part in point.line.by_hand,
                }
                for part, amount in point.line.parts
            ],
        }
        for point in reversed(points)
    ]


def _amount(line: Line, name: str) -> Money:
    amount: Money = getattr(line, name)
    return amount


def _across(number: int, count: int) -> float:
    inner = WIDTH - LEFT - RIGHT
    share = number / (count - 1) if count > 1 else 0.5
    return round(LEFT + inner * share, 1)


def _up(fen: int, low: int, high: int) -> float:
    inner = HEIGHT - TOP - BOTTOM
    return round(TOP + inner * (high - fen) / (high - low), 1)


def _path(places: Sequence[tuple[float, float]]) -> str:
    """Return a line that keeps its height until the next sheet."""
    if not places:
        return ""
    (x, y), *others = places
    return f"M{x:g} {y:g}" + "".join(f"H{right:g}V{up:g}" for right, up in others)
