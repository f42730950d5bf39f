"""What a month's complaints come from: money, causes, products, suppliers (R31, R32)."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st

from lib.kernel.words import N_
from lib.service.after_sales.rules import CAUSE_NAMES
from lib.service.ledger.causes.queries import Causes, MonthCauses, OfGoods, OfSupplier, month_causes
from lib.service.ledger.causes.rules import Trend
from lib.service.ledger.money.queries import Lost, lost_of_month_and_year
from lib.shop.shop import Role, Shop
from lib.ui import case_ledger, navigation, show
from lib.ui.words import _, plain

MOST_BARS = 10
_TRENDS = {
    Trend.BETTER: N_("better"),
    Trend.SAME: N_("the same"),
    Trend.WORSE: N_("worse"),
    Trend.FEW: N_("too few"),
    Trend.NONE: "—",
}
"""Short, for a column headed by what it is held against."""
_SERIES = ("#b9b2a2", "#d2633c")
"""The month before in the tone of paper, the month itself in persimmon: complaints cost money."""


def draw(shop: Shop) -> None:
    """Draw one month: what it cost, what it came from, by product and by supplier."""
    month = case_ledger.choose_month(shop)
    found = month_causes(shop, month)
    of_month, of_year = lost_of_month_and_year(shop, month)
    _figures(found, of_month, of_year)
    if not found.cases and not found.cases_before:
        show.nothing(
            _("Nobody complained in {month}.").format(month=show.month(month)),
            _("There is nothing to look into, and nothing is judged."),
        )
        return
    _causes(found)
    _goods(shop, found)
    _suppliers(shop, found)
    st.caption(
        _(
            "Sold: sale units ordered for the pickup days of the month and not cancelled, and "
            "what went over the counter. A change of less than {percent} % is about the same. "
            "Complaints that were our own or the resident's doing do not count against a supplier."
        ).format(percent=shop.settings.complaint_trend_percent)
    )


def _figures(found: MonthCauses, of_month: Lost, of_year: Lost) -> None:
    said = _("{count} in the month before").format(count=found.cases_before)
    items: list[tuple[str, str] | tuple[str, str, str]] = [
        (_("Complaints"), str(found.cases), said),
        (
            _("Lost in the month"),
            show.money(of_month.lost),
            _parts(of_month),
        ),
        (_("Lost in the year"), show.money(of_year.lost), _parts(of_year)),
    ]
    if of_month.recovered is not None and of_year.recovered is not None:
        items.append(
            (
                _("Recovered"),
                show.money(of_month.recovered),
                _("Claims on suppliers accepted in the month. In the year: {amount}.").format(
                    amount=show.money(of_year.recovered)
                ),
            )
        )
    show.figures(*items)


def _parts(lost: Lost) -> str:
    """Return what was lost is made up of."""
    parts = [
        _("paid back {amount}").format(amount=show.money(lost.refunds)),
        _("freight {amount}").format(amount=show.money(lost.freight)),
    ]
    if lost.goods is not None:
        parts.insert(1, _("goods given {amount}").format(amount=show.money(lost.goods)))
    if lost.unpriced:
        parts.append(_("{count} without a known price").format(count=lost.unpriced))
    return " · ".join(parts)


def causes_said(causes: Causes, most: int = 3) -> str:
    """Return causes with their counts, the most frequent first."""
    named = [
        f"{_(CAUSE_NAMES[cause]) if cause is not None else _('not found out yet')} {count}"
        for cause, count in causes[:most]
    ]
    return "、".join(named)


def _causes(found: MonthCauses) -> None:
    if not found.cases:
        return
    st.subheader(_("Causes"), anchor=False)
    unknown = sum(count for cause, count in found.causes if cause is None)
    values = [
        {
            "cause": _(CAUSE_NAMES[cause]) if cause is not None else _("not found out yet"),
            "count": count,
        }
        for cause, count in found.causes
    ]
    _bars(values, "cause", [each["cause"] for each in values], "ledger-causes",
          _("Bars: complaints of the month by cause"))  # fmt: skip
    if unknown:
        st.caption(
            _(
                "{count} of {all} have no cause yet: say it on the case, it decides the claim."
            ).format(count=unknown, all=found.cases)
        )


def _goods(shop: Shop, found: MonthCauses) -> None:
    st.subheader(_("By product"), anchor=False)
    rows = [
        {_("Product"): each.name or _("about no product"), **_row(each, found.month)}
        for each in found.goods
    ]
    config = {_("Product"): st.column_config.TextColumn(pinned=True), **_widths()}
    show.table(pd.DataFrame(rows), f"causes-products-{found.month:%Y%m}", shop, config=config)
    _compared(
        [(each.name or _("about no product"), each.rate.cases, each.before.cases)
         for each in found.goods],
        found.month,
        "ledger-goods-chart",
    )  # fmt: skip


def _suppliers(shop: Shop, found: MonthCauses) -> None:
    st.subheader(_("By supplier"), anchor=False)
    worse = [each for each in found.suppliers if each.trend is Trend.WORSE]
    if worse:
        names = "、".join(plain(each.name) for each in worse)
        with st.container(horizontal=True, vertical_alignment="center"):
            show.state("late", _("{count} suppliers got worse").format(count=len(worse)))
            st.caption(names)
    rows = [
        {
            _("Supplier"): each.name or _("not known whose"),
            **_row(
                each,
                found.month,
                {
                    _("Not their doing"): each.not_theirs,
                    _("Batches that came"): each.deliveries,
                },
            ),
        }
        for each in found.suppliers
    ]
    config = {_("Supplier"): st.column_config.TextColumn(pinned=True), **_widths()}
    show.table(pd.DataFrame(rows), f"causes-suppliers-{found.month:%Y%m}", shop, config=config,
               empty=_("No supplier is known yet."))  # fmt: skip
    if shop.actor.role is Role.OWNER:
        st.page_link(
            navigation.page("letters"),
            label=_("Write to the suppliers"),
            icon=":material/mail:",
            query_params={"month": f"{found.month:%Y-%m}"},
        )


def _widths() -> dict[str, Any]:
    """Keep what is compared narrow, so that the numbers beside it are on the screen."""
    narrow = (_("Per 100 sold"), _("The month before"))
    return {name: st.column_config.TextColumn(width=112) for name in narrow}


def _row(
    each: OfGoods | OfSupplier, month: date, more: Mapping[str, object] = MappingProxyType({})
) -> dict[str, object]:
    """Return a row; what is longest, the causes, stands last."""
    return {
        _("Complaints"): each.rate.cases,
        _("Per 100 sold"): case_ledger.rate_said(each.rate, month),
        _("The month before"): case_ledger.rate_said(each.before, case_ledger.before(month)),
        _("Against it"): _(_TRENDS[each.trend]),
        **more,
        _("Causes"): causes_said(each.causes),
    }


def _compared(rows: Sequence[tuple[str, int, int]], month: date, key: str) -> None:
    """Draw complaints of the month beside those of the month before, the most first."""
    named = (show.month(case_ledger.before(month)), show.month(month))
    shown = [row for row in rows if row[1] or row[2]][:MOST_BARS]
    if len(shown) < 2:
        return
    values = [
        {"name": name, "count": count, "month": label}
        for name, now, then in shown
        for label, count in zip(named, (then, now), strict=True)
    ]
    colour = {
        "field": "month",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(named), "range": list(_SERIES)},
        "legend": {"orient": "bottom"},
    }
    _bars(values, "name", [name for name, _now, _then in shown], key,
          _("Bars: complaints by product, this month and the one before"),
          colour=colour, offset={"field": "month", "sort": list(named)})  # fmt: skip


def _bars(
    values: Sequence[dict[str, object]],
    field: str,
    order: Sequence[object],
    key: str,
    alt: str,
    *,
    colour: Mapping[str, object] | None = None,
    offset: Mapping[str, object] | None = None,
) -> None:
    step = 15 if offset else 28
    st.vega_lite_chart(
        {
            "data": {"values": list(values)},
            "height": {"step": step},
            "mark": {"type": "bar", "cornerRadiusEnd": 2},
            "encoding": {
                "y": {
                    "field": field,
                    "type": "nominal",
                    "sort": list(order),
                    "title": None,
                    "axis": {"labelLimit": 170},
                },
                **({"yOffset": offset} if offset else {}),
                "x": {
                    "field": "count",
                    "type": "quantitative",
                    "title": _("Number of complaints"),
                    "axis": {"tickMinStep": 1, "format": "d"},
                },
                "color": colour or {"value": _SERIES[1]},
            },
        },
        width="stretch",
        key=key,
        alt=alt,
    )
