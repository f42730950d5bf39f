"""What one cell of daily figures says. Numbers are exact whole millionths, never floats.

A cell that cannot be read raises ``ValueError``: a number is never guessed (reliability A19).
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from lib.kernel.money import half_up
from lib.trade.orders.sheets.moments import moment
from lib.trade.orders.sheets.tables import Cell, Fault
from lib.trade.orders.sheets.values import folded, is_blank, number_of, unit_price

SCALE = 1_000_000
"""Quantities and prices are counted in millionths of their unit."""
LARGEST = 10**9
"""Beyond it a number is a code or a slip, not a day's figure."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WITH_UNIT = re.compile(r"(?P<number>[+-]?[\d,.]+)\s*(?P<unit>kg|公斤|千克|市斤|斤|克|g)?", re.I)
_YES = frozenset(
    "是 有 y yes true t 1 √ ✓ 售罄 断货 卖完 闭店 休息 休 歇业".split()  # noqa: SIM905
)
_NO = frozenset({"否", "n", "no", "false", "0", "×", "x", "营业", "正常", "f", "无"})
_CLOSED = frozenset({"闭店", "休息", "休", "歇业", "休市", "closed"})


@lru_cache(maxsize=65_536, typed=True)
def day_of(cell: Cell) -> date | None:
    """Return the day a cell names, None where it says nothing."""
    found = moment(cell)
    return None if found is None else found.date()


@lru_cache(maxsize=65_536, typed=True)
def number(cell: Cell) -> int | None:
    """Return a number in millionths, None where the cell says nothing.

    Thousands commas and full-width digits are read; scientific notation in text, a unit that is
    not the column's, and anything else raise ``ValueError``.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, bool | Fault) or not isinstance(cell, int | float | str):
        raise ValueError(f"not a number: {cell!r}")
    if isinstance(cell, int | float):
        return _scaled(Decimal(repr(cell)))
    text = folded(cell)
    if "\ufffd" in text or len(text) > 40 or not _NUMBER.fullmatch(text):
        raise ValueError(f"not a number: {cell!r}")
    return _scaled(number_of(text))


@lru_cache(maxsize=65_536, typed=True)
def quantity(cell: Cell, unit: str) -> int | None:
    """Return a quantity in millionths of the column's ``unit``; it may repeat that unit: 3.5斤."""
    if isinstance(cell, str) and not isinstance(cell, Fault):
        match = _WITH_UNIT.fullmatch(folded(cell))
        if match and match["unit"] and match["unit"].lower() == unit:
            return number(match["number"])
    return number(cell)


@lru_cache(maxsize=65_536, typed=True)
def price(cell: Cell) -> int | None:
    """Return a price or an amount in millionths of a yuan: 7.6, ￥7.60, 7.6元/斤."""
    try:
        return number(cell)
    except ValueError:
        if not isinstance(cell, str) or isinstance(cell, Fault) or re.search(r"\d[eE]", cell):
            raise
    fen = unit_price(cell)
    if fen.doubt is not None:
        raise ValueError(f"not a price: {cell!r}")
    return None if fen.fen is None else fen.fen * (SCALE // 100)


@lru_cache(maxsize=4_096, typed=True)
def rate(cell: Cell) -> tuple[int | None, bool]:
    """Return a rate in millionths as it stands, and whether a percent sign stood behind it."""
    if isinstance(cell, str) and folded(cell).endswith("%"):
        return number(folded(cell)[:-1].strip()), True
    return number(cell), False


@lru_cache(maxsize=4_096, typed=True)
def flag(cell: Cell) -> bool | None:
    """Return yes or no, None where the cell says nothing."""
    if is_blank(cell):
        return None
    text = folded(cell).lower()
    if text in _YES or text in _NO:
        return text in _YES
    raise ValueError(f"neither yes nor no: {cell!r}")


@lru_cache(maxsize=4_096, typed=True)
def is_return(cell: Cell) -> bool | None:
    """Return whether a row is goods brought back; None where the cell says nothing."""
    if is_blank(cell):
        return None
    text = folded(cell).lower()
    if text in ("退货", "退", "退款", "销售退货", "return", "returned", "refund"):
        return True
    if text in ("销售", "售", "正常", "零售", "sale", "sales", "sold", "normal"):
        return False
    raise ValueError(f"neither sale nor return: {cell!r}")


@lru_cache(maxsize=65_536, typed=True)
def says_closed(cell: Cell) -> bool:
    """Return whether a word for a closed shop stands in place of a quantity."""
    return isinstance(cell, str) and folded(cell).lower() in _CLOSED


def _scaled(exact: Decimal) -> int:
    if not exact.is_finite() or abs(exact) > LARGEST:
        raise ValueError(f"not a day's figure: {exact}")
    return half_up(exact * SCALE)
