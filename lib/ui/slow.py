"""Slow movers on screen: the rule in a sentence, the list with its bars, one product day by day."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.kernel.money import Money, half_up
from lib.kernel.quantity import Measure, Unit
from lib.shop.shop import Shop
from lib.supply.clearance.queries import SlowCategory, SlowMover, Watch
from lib.supply.clearance.rules import VALUE_SCALE, DayFigure, Run
from lib.ui import choice, navigation, show
from lib.ui.words import _, plain

NOW, CLEARANCES, PERIOD = "now", "clearances", "period"
MOST_DAYS_DRAWN = 14
_PICKED = "slow-product"


def overview(shop: Shop, found: Watch) -> None:
    """Show how many are slow and what is at risk, then the rule."""
    items: list[tuple[str, str] | tuple[str, str, str]] = [
        (_("Slow movers"), str(len(found.movers))),
        (_("Early notices"), str(len(found.early))),
    ]
    if shop.may_see_cost:
        items.append(
            (
                _("Money at risk"),
                show.money(found.at_risk) if found.at_risk else "—",
                _("What the slow movers on hand cost the shop."),
            )
        )
    show.figures(*items)
    rule = _(
        "Slow: less than {percent} % of what was prepared was sold on {days} trading days one "
        "after the other; exactly {percent} % is not slow. Prepared is the opening stock plus what "
        "came in. Days with nothing prepared and closed days do not count. Judged through {day}."
    )
    st.caption(rule.format(percent=found.percent, days=found.days, day=show.day(found.as_of, shop)))


def choose_view() -> str:
    """Ask what to look at: only that is read."""
    labels = {
        NOW: _("Now"),
        CLEARANCES: _("Clearances"),
        PERIOD: _("A period"),
    }
    asked = st.query_params.get("view", NOW)
    first = asked if asked in labels else NOW
    chosen = choice.of_views(_("What to look at"), labels, first, "slow-view")
    st.query_params["view"] = chosen
    return chosen


def movers(shop: Shop, found: Watch) -> None:
    """Show slow movers and early notices as one table, the most money at risk first."""
    both = (*found.movers, *found.early)
    if not both:
        show.nothing(
            _("Nothing is slow."),
            _("A product shows up here after {days} slow days.").format(days=found.early_days),
        )
        return
    frame = pd.DataFrame([_row(shop, each, found) for each in both])
    money = [_("At risk")] if shop.may_see_cost else []
    show.table(
        frame,
        "slow-movers",
        shop,
        money_columns=money,
        config={_("Product"): st.column_config.TextColumn(pinned=True), **bars(_("Each day"))},
    )


def bars(*columns: str) -> dict[str, object]:
    """Return the drawing of columns that hold shares of what was prepared, in percent."""
    return {
        column: st.column_config.BarChartColumn(
            y_min=0, y_max=100, help=_("Sold of what was prepared, in percent, day by day"),
        )
        for column in columns
    }  # fmt: skip


def _row(shop: Shop, each: SlowMover, found: Watch) -> dict[str, object]:
    late = each.run.length >= found.days
    row: dict[str, object] = {
        _("Product"): each.name,
        _("State"): _("slow") if late else _("early notice"),
        _("Slow days"): each.run.length,
        _("Each day"): shares(each.run.days),
        _("Sold of it"): share(each.run),
        _("On hand"): each.unit.said(each.on_hand),
    }
    if shop.may_see_cost:
        row[_("At risk")] = None if each.at_risk is None else each.at_risk.fen
    left = each.days_left(shop.today)
    row[_("Spoils in days")] = left
    row[_("Category")] = each.category
    row[_("Being cleared")] = each.clearance_id is not None
    return row


def shares(days: Sequence[DayFigure]) -> list[int]:
    """Return what was sold of what was prepared per day, in whole percent, the newest days."""
    return [
        half_up(Decimal(max(day.sold, 0) * 100) / day.prepared)
        for day in days[-MOST_DAYS_DRAWN:]
        if day.prepared
    ]


def share(run: Run) -> str:
    """Return what was sold in a run of all that was prepared in it: 31 %."""
    return f"{half_up(Decimal(run.sold * 100) / run.prepared)} %" if run.prepared else "—"


def choose(found: Watch) -> SlowMover | None:
    """Ask for one product to look at; the address carries it as ``?product=<id>``."""
    both = {each.product_id: each for each in (*found.movers, *found.early)}
    if not both:
        return None
    asked = st.query_params.get("product", "")
    ids = list(both)
    known = next((number for number in ids if str(number) == asked), ids[0])
    picked = st.selectbox(
        _("What to do about"),
        ids,
        index=ids.index(known),
        format_func={number: each.name for number, each in both.items()}.__getitem__,
        key=_PICKED,
    )
    if picked is not None and str(picked) != asked:
        st.query_params["product"] = str(picked)
    return both.get(picked or 0)


def run_of(shop: Shop, each: SlowMover) -> None:
    """Show the run of one product day by day, and what it means in a sentence."""
    frame = pd.DataFrame(
        [
            {
                _("Day"): show.day(day.day, shop),
                _("Prepared"): each.unit.said(day.prepared or 0),
                _("Sold"): each.unit.said(day.sold),
                _("Share"): half_up(Decimal(max(day.sold, 0) * 100) / day.prepared)
                if day.prepared
                else None,
            }
            for day in each.run.days[-MOST_DAYS_DRAWN:]
        ]
    )
    st.dataframe(
        frame,
        hide_index=True,
        column_config={
            _("Share"): st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d %%")
        },
        key=f"slow-run-{each.product_id}",
    )
    text = _("{left} on hand; about {pace} sold per trading day.")
    pace = each.unit.said(half_up(each.run.pace))
    said = text.format(left=each.unit.said(each.on_hand), pace=pace)
    left = each.days_left(shop.today)
    if left is not None:
        said += " " + _("The first of it spoils in {days} days.").format(days=left)
    st.markdown(plain(said))
    if each.run.is_reckoned:
        show.state("quiet", _("prepared was reckoned from the loss rate"))
    st.page_link(navigation.page("stock"), label=_("Stock"), icon=":material/warehouse:")


def categories(shop: Shop, found: Watch) -> None:
    """Show the categories that are slow, and in what they were measured."""
    both = (*found.categories, *found.early_categories)
    if not both:
        return
    st.subheader(_("Categories"))
    frame = pd.DataFrame([_category_row(each, found) for each in both])
    show.table(
        frame,
        "slow-categories",
        shop,
        config={_("Category"): st.column_config.TextColumn(pinned=True), **bars(_("Each day"))},
    )
    st.caption(
        _(
            "A category is added up in weight or pieces when all its products are sold so, else "
            "by value at purchase price (sale price where that is unknown)."
        )
    )


def _category_row(each: SlowCategory, found: Watch) -> dict[str, object]:
    late = each.run.length >= found.days
    return {
        _("Category"): each.category,
        _("State"): _("slow") if late else _("early notice"),
        _("Slow days"): each.run.length,
        _("Each day"): shares(each.run.days),
        _("Sold of it"): share(each.run),
        _("Measured in"): measured_in(each.measure),
        _("Products"): each.products,
    }


def measured_in(measure: Measure | None) -> str:
    """Return in what a category was added up."""
    names = {Measure.WEIGHT: _("weight"), Measure.PIECE: _("number of pieces"), None: _("value")}
    return names[measure]


def said_amount(amount: int, unit: Unit | None, measure: Measure | None) -> str:
    """Return an amount of a product or category as people write it."""
    if unit is not None:
        return unit.said(amount)
    if measure is Measure.WEIGHT:
        return Unit.named("公斤").said(amount)
    if measure is Measure.PIECE:
        return str(amount)
    return show.money(Money(half_up(Decimal(amount) / VALUE_SCALE)))


def said_days(days: Iterable[DayFigure], unit: Unit | None, measure: Measure | None) -> str:
    """Return sold / prepared of each day in one line, for the export."""
    return " · ".join(
        f"{said_amount(day.sold, unit, measure)}/{said_amount(day.prepared or 0, unit, measure)}"
        for day in days
    )
