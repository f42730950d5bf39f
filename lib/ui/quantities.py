"""Quantities in forms: typed in sale units, kept in grams or pieces."""

import math
from decimal import Decimal

import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.quantity import LARGEST_COUNT, Unit
from lib.kernel.words import N_
from lib.ui.words import plain


def shown(unit: Unit, amount: int) -> float:
    """Return ``amount`` (grams or pieces) as a number of sale units for a field or a column."""
    return float(unit.count(amount))


def typed(unit: Unit, count: float | None, product: str) -> int:
    """Return what was typed in sale units as grams or pieces; nothing typed is 0.

    Raises ``Refused`` for a part of a piece or of a gram, and below zero.
    """
    if count is None or math.isnan(count) or not count:
        return 0
    try:
        return unit.amount(Decimal(str(round(count, 4))))
    except ValueError as error:
        raise Refused(
            N_("{count} {unit} of {product} cannot be measured out. Change the quantity."),
            count=f"{count:g}",
            unit=unit.word,
            product=product,
        ) from error


def lenient(unit: Unit, count: float | None) -> int:
    """Return what was typed for a preview: what cannot be measured out is rounded."""
    if count is None or math.isnan(count) or count <= 0:
        return 0
    return round(min(count, LARGEST_COUNT) * (unit.grams or 1))


def field(key: str, label: str, unit: Unit, amount: int | None, width: int = 150) -> float | None:
    """Draw the field for a quantity of ``unit``; ``amount`` in grams or pieces fills it."""
    whole = unit.grams is None
    count: float | None = st.number_input(
        f"{label} ({plain(unit.word)})",
        min_value=0.0,
        value=None if amount is None else shown(unit, amount),
        step=1.0 if whole else 0.5,
        format="%g",
        key=key,
        width=width,
    )
    return count
