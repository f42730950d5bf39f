"""Charts as plain Vega-Lite descriptions: no charting library is imported to draw them.

The colours are those of the light pages, in tones that read on paper and on dark ground.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lib.trust.costs.queries import Point
from lib.trust.costs.rules import GIVEN, LABELS, Line, Part
from lib.ui.words import _

_COLOURS = {
    Part.PURCHASE: "#8a7a5c",
    Part.LOSS: "#b8935a",
    Part.PACKAGING: "#cbb88d",
    Part.DELIVERY: "#7f968a",
    Part.POINTS: "#5f8fb5",
    Part.PLEDGE: "#9a78ac",
    Part.OTHER: "#a7a294",
    Part.KEPT: "#3c8a5b",
}
_GIVEN_COLOUR = "#d2633c"
_PRICE_COLOUR = "#4f86a6"
_BAR_HEIGHT = 26


def where_the_price_goes(lines: Sequence[Line], key: str) -> None:
    """Draw one stacked bar per product, its cost lines and what the shop keeps, in yuan."""
    names = [_(LABELS[part]) for part in Part] + [_(GIVEN)]
    labels = {part: _(LABELS[part]) for part in Part}
    values = [row for line in lines for row in _parts(line, labels, _(GIVEN))]
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": {"step": _BAR_HEIGHT},
            "mark": {"type": "bar", "cornerRadius": 2},
            "encoding": {
                "y": {
                    "field": "product",
                    "type": "nominal",
                    "sort": None,
                    "title": None,
                    "axis": {"labelLimit": 150},
                },
                "x": {
                    "field": "yuan",
                    "type": "quantitative",
                    "title": _("yuan per sale unit"),
                    "axis": {"format": ".2f"},
                },
                "order": {"field": "order"},
                "color": {
                    "field": "part",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": names, "range": [*_COLOURS.values(), _GIVEN_COLOUR]},
                    "legend": {"orient": "bottom", "columns": 2, "offset": 4},
                },
                "tooltip": _tooltip("product", "part", "yuan"),
            },
        },
        width="stretch",
        key=key,
        alt=_("Stacked bars: where the price of each product goes"),
    )


def history(points: Sequence[Point], key: str) -> None:
    """Draw price, cost and what the shop keeps of one product, sheet by sheet, in yuan."""
    series = ((_("Price"), "price"), (_("Cost in all"), "cost"), (_(LABELS[Part.KEPT]), "kept"))
    values = [
        {
            "sheet": _("no. {number}").format(number=point.number),
            "day": f"{point.day:%Y-%m-%d}",
            "part": label,
            "yuan": float(getattr(point.line, field).yuan),
        }
        for point in points
        for label, field in series
    ]
    colours = [_PRICE_COLOUR, _COLOURS[Part.PURCHASE], _COLOURS[Part.KEPT]]
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": 300,
            "mark": {"type": "line", "point": {"size": 60}, "interpolate": "step-after"},
            "encoding": {
                "x": {
                    "field": "sheet",
                    "type": "ordinal",
                    "sort": None,
                    "title": None,
                    "axis": {"labelAngle": 0, "labelOverlap": "parity"},
                },
                "y": {
                    "field": "yuan",
                    "type": "quantitative",
                    "title": None,
                    "axis": {"format": ".2f"},
                },
                "color": {
                    "field": "part",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": [label for label, _field in series], "range": colours},
                    "legend": {"orient": "bottom", "offset": 4},
                },
                "tooltip": _tooltip("sheet", "day", "part", "yuan"),
            },
        },
        width="stretch",
        key=key,
        alt=_("Lines: price, cost and what the shop keeps, sheet by sheet"),
    )


def _parts(line: Line, labels: Mapping[Part, str], given_label: str) -> list[dict[str, Any]]:
    rows, name = [], f"{line.name} / {line.unit}"
    for order, (part, amount) in enumerate(line.parts):
        given = part is Part.KEPT and line.is_given
        rows.append(
            {
                "product": name,
                "part": given_label if given else labels[part],
                "yuan": amount.fen / 100,
                "order": order,
            }
        )
    return rows


def _tooltip(*fields: str) -> list[dict[str, str]]:
    titles = {
        "product": _("Product"),
        "part": _("Part"),
        "yuan": "¥",
        "sheet": _("Sheet"),
        "day": _("Day"),
    }
    return [
        {"field": field, "title": titles[field], **({"format": ".2f"} if field == "yuan" else {})}
        for field in fields
    ]
