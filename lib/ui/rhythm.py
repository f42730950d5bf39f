"""The rhythm page: what every product sells in a week, where it goes, and one product in full."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pandas as pd
import streamlit as st

from lib.kernel.quantity import Unit
from lib.shop.shop import Shop
from lib.supply.rhythm import queries, rules
from lib.supply.rhythm.queries import ProductRhythm, Rhythm
from lib.supply.rhythm.rules import TREND_NAMES, WEEK, Trend, TrendFound, Week
from lib.supply.stock.rules import MARK_BACK_DAYS
from lib.supply.stock.shelf import commands
from lib.ui import feedback, rhythm_chart, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_ARROWS = {Trend.RISING: "↑", Trend.FALLING: "↓", Trend.STABLE: "→", Trend.TOO_LITTLE: "·"}
_STATES: dict[Trend, show.State] = {
    Trend.RISING: "good",
    Trend.FALLING: "soon",
    Trend.STABLE: "quiet",
    Trend.TOO_LITTLE: "quiet",
}


def weeks_choice(shop: Shop) -> int:
    """Ask how many weeks to look back."""
    names = {count: _("{count} weeks").format(count=count) for count in queries.week_choices(shop)}
    chosen = st.segmented_control(
        _("Weeks"),
        list(names),
        default=queries.USUAL_WEEKS,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        key="rhythm-weeks",
    )
    return int(chosen or queries.USUAL_WEEKS)


def figures(found: Sequence[ProductRhythm]) -> None:
    """Show how many products rise, fall, and lost days to an empty shelf."""
    trends = [row.trend.trend for row in found]
    show.figures(
        (_("Rising"), str(trends.count(Trend.RISING))),
        (_("Falling"), str(trends.count(Trend.FALLING))),
        (
            _("Days sold out"),
            str(sum(row.sold_out for row in found)),
            _("Left out of every mean: selling out is not low demand."),
        ),
    )


def overview(shop: Shop, found: Sequence[ProductRhythm]) -> None:
    """Show every product's typical week and trend; the product stays in view on a phone."""
    weekdays = [show.weekday(number) for number in range(WEEK)]
    rows = [
        {
            _("Product"): row.name,
            _("Trend"): _trend_word(row.trend),
            _("A week"): _units(row.unit, row.week),
            _("Unit"): row.unit.word,
            **{
                name: _units(row.unit, row.weekdays.get(number))
                for number, name in enumerate(weekdays)
            },
            _("Days sold out"): row.sold_out,
            _("Days counted"): row.counted,
            _("Category"): row.category,
        }
        for row in found
    ]
    number = st.column_config.NumberColumn(format="%.1f")
    show.table(
        pd.DataFrame(rows),
        "rhythm",
        shop,
        config={
            _("Product"): st.column_config.TextColumn(pinned=True),
            _("A week"): number,
            **dict.fromkeys(weekdays, number),
        },
        empty=_("No products yet."),
    )


def choose(found: Sequence[ProductRhythm]) -> int | None:
    """Ask for a product; the address carries it as ``?product=<id>``."""
    names = {row.product_id: f"{row.name} / {row.unit.word}" for row in found}
    asked = st.query_params.get("product", "")
    known = [number for number in names if str(number) == asked]
    chosen = st.selectbox(
        _("One product in full"),
        list(names),
        index=list(names).index(known[0]) if known else 0,
        format_func=names.__getitem__,
        key="rhythm-product",
    )
    if chosen is not None and str(chosen) != asked:
        st.query_params["product"] = str(chosen)
    return chosen


def in_full(shop: Shop, found: Rhythm, weeks: int) -> None:
    """Show the trend with its rule, a typical week, the heat strip and its table."""
    line = found.line
    with st.container(horizontal=True, vertical_alignment="center"):
        show.state(_STATES[line.trend.trend], _trend_word(line.trend))
        st.markdown(_("**{amount}** in a usual week").format(amount=said(line.unit, line.week)))
    st.markdown(trend_sentence(shop, line.unit, line.trend))
    if line.weekdays:
        usual = [
            f"{show.weekday(number)} {said(line.unit, mean)}"
            for number, mean in line.weekdays.items()
        ]
        st.caption(_("Usual day: {days}").format(days=" · ".join(usual)))
    if not any(day.known for day in found.days):
        show.nothing(_("No sales are known of this product yet."))
        return
    rhythm_chart.heat(found.weeks, line.unit, key=f"heat-{line.product_id}-{weeks}")
    st.caption(
        _(
            "Deeper green: more was wanted. A cross: sold out, more would have gone. Grey: closed. "
            "Both are left out of the means; an empty field: nothing known. Today is not over and "
            "not counted."
        )
    )
    _why(shop, found)
    with st.expander(_("As a table"), icon=":material/table:"):
        _weeks_table(shop, found)


def sold_out_form(shop: Shop, product_id: int, name: str) -> None:
    """Let staff say that the shelf was empty on a day, and take such a mark back."""
    form = Form(f"sold-out-{product_id}")
    days = {
        day: show.day(day, shop)
        for ago in range(MARK_BACK_DAYS + 1)
        for day in (shop.today - timedelta(days=ago),)
    }
    with st.form(form.field("form"), border=True):
        st.markdown(_("**Sold out before everybody had come?**"))
        chosen = st.selectbox(
            _("Day"),
            list(days),
            format_func=days.__getitem__,
            key=form.field("day"),
        )
        if st.form_submit_button(_("Mark as sold out"), type="primary", key=form.field("save")):
            with feedback.saying(_("Marked; the day is left out of the means"), form):
                commands.mark_sold_out(form.once(shop, product_id, chosen), product_id, chosen)
    marked = queries.marked_days(shop, product_id)
    if marked:
        st.caption(_("Marked for {name}:").format(name=plain(name)))
    with st.container(horizontal=True):
        for day in marked:
            if st.button(
                _("Take back {day}").format(day=show.day(day, shop)),
                icon=":material/undo:",
                key=f"unmark-{product_id}-{day}",
            ):
                with feedback.saying(_("Mark taken back")):
                    commands.unmark_sold_out(shop, product_id, day)


def trend_sentence(shop: Shop, unit: Unit, found: TrendFound) -> str:
    """Return the trend with its rule and figures in one sentence."""
    values = {
        "recent": said(unit, found.recent),
        "before": said(unit, found.before),
        "limit": shop.settings.trend_percent,
        "percent": _percent(found.percent),
    }
    if found.trend is Trend.TOO_LITTLE:
        sentence = _(
            "Too little is known to speak of a trend: it takes {recent} days that count in the "
            "last two weeks and {before} in the four before, and something sold."
        )
        return sentence.format(recent=rules.LEAST_RECENT_DAYS, before=rules.LEAST_BEFORE_DAYS)
    if found.percent is None:
        sentence = _("Last two weeks {recent} a week, nothing in the four before: rising.")
    elif found.trend is Trend.RISING:
        sentence = _(
            "Last two weeks {recent} a week, the four before {before}: {percent} % more. "
            "From {limit} % on it is called rising."
        )
    elif found.trend is Trend.FALLING:
        sentence = _(
            "Last two weeks {recent} a week, the four before {before}: {percent} % less. "
            "From {limit} % on it is called falling."
        )
    else:
        sentence = _(
            "Last two weeks {recent} a week, the four before {before}: a change of {percent} %. "
            "Less than {limit} % is called stable."
        )
    return sentence.format(**values)


def said(unit: Unit, amount: Fraction | None) -> str:
    """Return an exact amount in sale units with one decimal at most: ``84.5斤``."""
    if amount is None:
        return "—"
    return f"{float(round(amount / (unit.grams or 1), 1)):g}{unit.word}"


def _percent(percent: Fraction | None) -> str:
    """Return a percentage cut to one decimal: 14.96 is 14.9, not the 15 that would be rising."""
    return f"{floor(abs(percent or Fraction()) * 10) / 10:g}"


def _units(unit: Unit, amount: Fraction | None) -> float | None:
    return None if amount is None else round(float(amount / (unit.grams or 1)), 1)


def _trend_word(found: TrendFound) -> str:
    word = f"{_ARROWS[found.trend]} {_(TREND_NAMES[found.trend])}"
    if found.percent is None or found.trend in (Trend.STABLE, Trend.TOO_LITTLE):
        return word
    return f"{word} {'+' if found.percent > 0 else '−'}{_percent(found.percent)}%"


def _why(shop: Shop, found: Rhythm) -> None:
    """Say how it is known that a day had sold out, newest first."""
    shown = {day.day for day in found.days}
    told = [(day, why) for day, why in sorted(found.why.items(), reverse=True) if day in shown]
    if told:
        days = [f"{show.day(day, shop)} ({', '.join(map(_, why))})" for day, why in told[:6]]
        more = len(told) - len(days)
        text = _("Sold out: {days}").format(days=" · ".join(days))
        st.caption(text + (_(" and {count} more").format(count=more) if more else ""))


def _weeks_table(shop: Shop, found: Rhythm) -> None:
    unit = found.line.unit
    rows = [
        {
            _("Week from"): week.monday.isoformat(),
            **{
                show.weekday(number): None
                if day is None or not day.known
                else float(unit.count(day.quantity))
                for number, day in enumerate(week.days)
            },
            _("Together"): float(unit.count(week.total)),
            _("Unit"): unit.word,
            _("Not counted"): _not_counted(week, shop.today),
        }
        for week in reversed(found.weeks)
    ]
    number = st.column_config.NumberColumn(format="%g")
    config = {show.weekday(day): number for day in range(WEEK)} | {_("Together"): number}
    config[_("Week from")] = st.column_config.TextColumn(pinned=True)
    name = f"rhythm-{found.line.product_id}"
    show.table(pd.DataFrame(rows), name, shop, config=config)


def _not_counted(week: Week, today: date) -> str:
    said_days = []
    for number, day in enumerate(week.days):
        if day is None:
            continue
        state = _("not over") if day.day == today else rhythm_chart.state_of(day)
        if state:
            said_days.append(f"{show.weekday(number)} {state}")
    return ", ".join(said_days)
