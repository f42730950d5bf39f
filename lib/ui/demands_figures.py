"""What became of the wishes: month by month, and what most residents asked for (R16, R18)."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.shop.shop import Shop
from lib.trust.demands.figures import queries
from lib.trust.demands.figures.rules import Month
from lib.ui import show
from lib.ui.words import _, plain


def draw(shop: Shop) -> None:
    """Draw the figures of the present month, the picture, the table, the most wanted."""
    found = queries.figures(shop)
    if not found.months:
        show.nothing(
            _("No wishes yet."), _("From the first wish on, this page counts what became of them.")
        )
        return
    this = found.months[0]
    st.subheader(_("Wishes of {month}").format(month=_month(this)), anchor=False)
    show.figures(
        (_("Wishes collected"), str(this.collected)),
        (
            _("On offer in time"),
            _part(this.offered_in_time, this.could_be_met, this.hit_percent),
            _("Of those that could be met: on offer within {hours} hours of the first who asked.")
            .format(hours=shop.settings.demand_hours),
        ),
        (
            _("Answered in time"),
            _part(this.answered_in_time, this.judged, this.answered_percent),
            _("On offer, or answered with a reason, within the hours. Running ones wait."),
        ),
        (_("Median days to the offer"), str(this.median_days) if this.median_days else "—"),
        (
            _("Bought what they wished for"),
            _part(this.bought, this.known, this.bought_percent),
            _("Of residents whose member file is known and whose wish is on offer."),
        ),
    )  # fmt: skip
    _chart(found.months)
    _table(shop, found.months)
    if found.wanted:
        st.subheader(_("Most wanted"), anchor=False)
        for title, count in found.wanted:
            st.markdown(f"- {plain(title)} · {_('{count} asked').format(count=count)}")


def _part(part: int, whole: int, percent: int | None) -> str:
    return "—" if percent is None else f"{percent}% ({part}/{whole})"


def _month(this: Month) -> str:
    return f"{this.first:%Y-%m}"


def _chart(months: Sequence[Month]) -> None:
    if len(months) < 2:
        return
    kinds = {_("On offer in time"): "#3c8a5b", _("Answered in time, other"): "#d9a441",
             _("Too late"): "#d8572a", _("Hours still run"): "#b9b2a2"}  # fmt: skip
    values = [
        {"month": _month(one), "kind": kind, "count": count}
        for one in months
        for kind, count in zip(kinds, _shares(one), strict=True)
    ]
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": 240,
            "mark": {"type": "bar"},
            "encoding": {
                "x": {"field": "month", "type": "ordinal", "title": None,
                      "axis": {"labelAngle": 0}},
                "y": {"field": "count", "type": "quantitative", "title": _("wishes"),
                      "axis": {"tickMinStep": 1}},
                "color": {
                    "field": "kind",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": list(kinds), "range": list(kinds.values())},
                    "legend": {"orient": "bottom"},
                },
            },
        },
        width="stretch",
        key="wishes-chart",
        alt=_("Bars: wishes per month, by what became of them"),
    )  # fmt: skip


def _shares(one: Month) -> tuple[int, int, int, int]:
    other = one.answered_in_time - one.offered_in_time
    late = one.judged - one.answered_in_time
    return one.offered_in_time, other, late, one.collected - one.judged


def _table(shop: Shop, months: Sequence[Month]) -> None:
    rows = [
        {
            _("Month"): _month(one),
            _("Wishes collected"): one.collected,
            _("On offer"): one.offered,
            _("On offer in time"): one.offered_in_time,
            _("Could be met"): one.could_be_met,
            _("Hit rate %"): one.hit_percent,
            _("Answered in time"): one.answered_in_time,
            _("Answered in time %"): one.answered_percent,
            _("Median days to the offer"): (
                None if one.median_days is None else float(one.median_days)
            ),
            _("Residents who asked"): one.wished,
            _("Bought what they wished for"): one.bought,
        }
        for one in months
    ]
    config = {_("Month"): st.column_config.TextColumn(pinned=True)}
    show.table(pd.DataFrame(rows), "wish-figures", shop, config=config)
