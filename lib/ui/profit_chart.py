"""The chart of months: what goods cost and what was kept, as plain Vega-Lite."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.trust.costs.profit.rules import Stage
from lib.trust.costs.rules import GIVEN, LABELS, Part
from lib.ui.words import _

_COST, _KEPT, _GIVEN = "#8a7a5c", "#3c8a5b", "#d2633c"


def months(stages: Sequence[Stage], key: str) -> None:
    """Draw one bar per month: costs with what was kept on top; what was added hangs below."""
    names = [_("Costs"), _(LABELS[Part.KEPT]), _(GIVEN)]
    st.vega_lite_chart(
        {
            "data": {"values": [row for stage in stages for row in _rows(stage, names)]},
            "height": 240,
            "mark": {"type": "bar", "cornerRadius": 2},
            "encoding": {
                "x": {
                    "field": "month",
                    "type": "ordinal",
                    "title": None,
                    "axis": {"labelAngle": 0, "labelOverlap": "parity"},
                },
                "y": {
                    "field": "yuan",
                    "type": "quantitative",
                    "title": None,
                    "axis": {"format": ",.0f"},
                },
                "order": {"field": "order"},
                "color": {
                    "field": "part",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": names, "range": [_COST, _KEPT, _GIVEN]},
                    "legend": {"orient": "bottom", "offset": 4},
                },
                "tooltip": [
                    {"field": "month", "title": _("Month")},
                    {"field": "part", "title": _("Part")},
                    {"field": "yuan", "title": "¥", "format": ",.2f"},
                ],
            },
        },
        width="stretch",
        key=key,
        alt=_("Bars: what the goods of each month cost and what was kept"),
    )


def _rows(stage: Stage, names: Sequence[str]) -> list[dict[str, Any]]:
    found, month = stage.profit, f"{stage.first:%Y-%m}"
    given = found.kept.fen < 0
    return [
        {"month": month, "part": names[0], "yuan": float(found.cost.yuan), "order": 0},
        {
            "month": month,
            "part": names[2 if given else 1],
            "yuan": float(found.kept.yuan),
            "order": 1,
        },
    ]
