"""The heat strip of the rhythm page: days of the week by weeks, as a plain Vega-Lite description.

The colours are those of the screens; sold-out days bear a cross in persimmon, closed days are grey,
days of which nothing is known stay empty.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.kernel.quantity import Unit
from lib.supply.rhythm.rules import WEEK, DayDemand, Week
from lib.ui import show
from lib.ui.words import _

_PALE, _DEEP = "#eef3e6", "#2f7d4f"
_GREY, _CROSS, _INK = "#cfc8ba", "#c8532b", "#2b2a26"
_NUMBERED_WEEKS = 9
"""Up to so many columns a figure fits into its field, also on a phone."""
_ROW = 30


def heat(weeks: Sequence[Week], unit: Unit, key: str) -> None:
    """Draw the weeks as columns and the days of the week as rows; amounts in sale units."""
    shown = [
        (week, day)
        for week in weeks
        for day in week.days
        if day is not None and (day.known or day.closed)
    ]
    most = max((day.quantity for _week, day in shown), default=0) or 1
    values = [_value(week, day, unit, most) for week, day in shown]
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": {"step": _ROW},
            "encoding": {
                "x": {
                    "field": "week",
                    "type": "ordinal",
                    "sort": [_label(week) for week in weeks],
                    "title": _("week from Monday"),
                    "axis": {"labelAngle": 0, "labelOverlap": "parity"},
                },
                "y": {
                    "field": "weekday",
                    "type": "ordinal",
                    "sort": [show.weekday(number) for number in range(WEEK)],
                    "title": None,
                    "axis": {"labelOverlap": False},
                },
                "tooltip": [
                    {"field": "day", "title": _("Day")},
                    {"field": "said", "title": _("Wanted")},
                    {"field": "state", "title": _("State")},
                ],
            },
            "layer": _layers(numbered=len(weeks) <= _NUMBERED_WEEKS),
            "config": {"view": {"stroke": None}},
        },
        width="stretch",
        key=key,
        alt=_("Heat strip: how much was wanted on each day of each week"),
    )


def state_of(day: DayDemand) -> str:
    """Return what a day is, in a word; empty for one that counts."""
    if day.closed:
        return _("shop closed")
    if day.sold_out:
        return _("sold out")
    return "" if day.known else _("unknown")


def _layers(*, numbered: bool) -> list[dict[str, Any]]:
    amount = {"field": "units", "type": "quantitative"}
    scale = {"range": [_PALE, _DEEP], "domainMin": 0}
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"filter": "!datum.closed"}],
            "mark": {"type": "rect", "cornerRadius": 3, "stroke": "#fbf8f1", "strokeWidth": 1},
            "encoding": {"color": {**amount, "scale": scale, "legend": None}},
        },
        {
            "transform": [{"filter": "datum.closed"}],
            "mark": {"type": "rect", "cornerRadius": 3, "color": _GREY, "opacity": 0.5},
        },
    ]
    if numbered:
        bright = {"test": "datum.share > 0.55", "value": "#ffffff"}
        layers.append(
            {
                "transform": [{"filter": "!datum.closed && !datum.soldOut"}],
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "text": {**amount, "format": "~g"},
                    "color": {"condition": bright, "value": _INK},
                },
            }
        )
    cross = {"type": "point", "shape": "cross", "angle": 45, "filled": True, "color": _CROSS}
    layers.append(
        {
            "transform": [{"filter": "datum.soldOut"}],
            "mark": {**cross, "size": 110 if numbered else 45, "opacity": 1},
        }
    )
    return layers


def _value(week: Week, day: DayDemand, unit: Unit, most: int) -> dict[str, Any]:
    return {
        "week": _label(week),
        "weekday": show.weekday(day.day.weekday()),
        "day": day.day.isoformat(),
        "units": float(unit.count(day.quantity)),
        "said": unit.said(day.quantity),
        "state": state_of(day) or _("counted"),
        "soldOut": day.sold_out and not day.closed,
        "closed": day.closed,
        "share": day.quantity / most,
    }


def _label(week: Week) -> str:
    return f"{week.monday:%m-%d}"
