"""Welfare items on screen: the month with its money, each item with what to do, and the past."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.kernel.money import Money
from lib.shop.messages.events import WELFARE
from lib.shop.quotas import Quota, Standing
from lib.shop.shop import Shop
from lib.trust.costs.rules import LABELS, Part
from lib.trust.welfare import commands, queries, rules
from lib.trust.welfare.queries import Item, Month, Year
from lib.trust.welfare.rules import REASON_NAMES, STATE_NAMES, State
from lib.ui import costs, feedback, messages_text, show, welfare_offer, welfare_plan
from lib.ui.forms import Form
from lib.ui.words import _, plain

_KINDS: dict[State, show.State] = {
    State.PLANNED: "quiet",
    State.RUNNING: "good",
    State.OVER: "quiet",
    State.CANCELLED: "quiet",
}
_GIVEN_COLOUR = "#d2633c"


def figures(month: Month, year: Year) -> None:
    """Show how the month stands: items, what was given back, what is left of the budget."""
    quota, meter = month.quota, month.meter
    show.figures(
        (
            _("Offered this month"),
            _("{done} (plan {plan})").format(done=quota.done, plan=_span(quota)),
            _("An item counts from the day it is offered."),
        ),
        (_("Given back this month"), show.money(month.given)),
        (
            _("Budget left"),
            show.money(meter.left),
            _("Of {budget}; what planned and running items give at most is taken off.").format(
                budget=show.money(meter.budget)
            ),
        ),
        (_("Given back this year"), show.money(year.given)),
    )
    with st.container(horizontal=True):
        _standing(quota)
        if meter.is_exceeded:
            over = _("{amount} more than the budget is planned or given")
            show.state("late", over.format(amount=show.money(-meter.left)))
    if meter.possible:
        said = _("Given back so far {given}; planned and running items may give {more} more.")
        st.caption(said.format(given=show.money(meter.given), more=show.money(meter.possible)))


def _span(quota: Quota) -> str:
    return str(quota.least) if quota.least == quota.most else f"{quota.least}–{quota.most}"


def _standing(quota: Quota) -> None:
    if quota.standing is Standing.NUDGE:
        show.state("soon", _("No welfare item yet, and the month is nearly over"))
    elif quota.standing is Standing.BEYOND:
        show.state("soon", _("beyond plan: more than {most}").format(most=quota.most))
    elif quota.standing is Standing.REACHED:
        show.state("good", _("as planned"))
    else:
        show.state("quiet", _("still to come this month"))


def items(shop: Shop, month: Month) -> None:
    """Show every item that is planned or on offer, and those of this month that are over."""
    found = [one for one in (*month.others, *month.items) if one.state is not State.CANCELLED]
    if not found:
        show.nothing(
            _("No welfare item this month yet."),
            _("Plan one below: eggs bought at 5.00 and sold at 4.80, said aloud, are remembered."),
        )
    order = [State.RUNNING, State.PLANNED, State.OVER]
    for one in sorted(found, key=lambda each: (order.index(each.state), each.day, each.id)):
        with st.container(border=True, key=f"welfare-{one.id}"):
            _head(shop, one)
            if one.state is State.PLANNED:
                _planned(shop, one)
            elif one.state is State.RUNNING:
                _running(shop, one)


def _head(shop: Shop, one: Item) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(one.product)}** {show.money(one.price)}/{plain(one.unit.word)}")
        show.state(_KINDS[one.state], _(STATE_NAMES[one.state]))
        st.badge(_(REASON_NAMES[one.reason]), color="gray")
    if one.cost is None:
        show.state("late", _("Nobody knows what it costs now"))
    else:
        st.markdown(cost_said(one))
    if one.state is State.PLANNED:
        _plan_figures(shop, one)
    else:
        _figures(shop, one)
    if one.note:
        st.caption(plain(one.note))


def cost_said(one: Item) -> str:
    """Return what a unit costs the shop, part by part, and what it adds."""
    parts = " + ".join(f"{_(LABELS[part])} {show.money(amount)}" for part, amount in one.parts)
    unit = plain(one.unit.word)
    said = _("One {unit} costs us {cost} = {parts}").format(
        unit=unit, cost=show.money(one.cost), parts=parts
    )
    if one.added:
        gift = _("we add {added} per {unit}").format(added=show.money(one.added), unit=unit)
    else:
        gift = _("sold at cost")
    return _("{cost}; **{gift}**").format(cost=said, gift=gift)


def _plan_figures(shop: Shop, one: Item) -> None:
    late = one.day < shop.today
    with st.container(horizontal=True, vertical_alignment="center"):
        when = _("planned for {day}").format(day=show.day(one.day, shop))
        show.state("late" if late else "quiet", when)
        said = [
            _("{limit} per household").format(limit=one.unit.said(one.household_limit)),
            _("{left} in all").format(left=one.unit.said(one.available)),
            _("gives back {most} at most").format(most=show.money(one.most)),
        ]
        if one.budget is not None:
            said.append(_("its own budget {budget}").format(budget=show.money(one.budget)))
        st.markdown(" · ".join(plain(each) for each in said))


def _figures(shop: Shop, one: Item) -> None:
    if one.state is State.RUNNING and one.ends_at is not None:
        until = _("{round}: orders until {moment}")
        st.caption(
            until.format(round=plain(one.round_title), moment=show.moment(one.ends_at, shop))
        )
    ordered = _("{ordered} of {available}").format(
        ordered=one.unit.said(one.sold.ordered), available=one.unit.said(one.available)
    )
    show.figures(
        (_("Ordered"), ordered, _("{count} orders").format(count=one.sold.orders)),
        (_("Per household"), one.unit.said(one.household_limit)),
        (
            _("Given to the neighbours"),
            show.money(one.given),
            _("What was ordered and not refunded, times what we add."),
        ),
        (_("Gives back at most"), show.money(one.most)),
    )


def _planned(shop: Shop, one: Item) -> None:
    with st.container(horizontal=True):
        with st.popover(_("Offer it"), icon=":material/campaign:", key=f"welfare-offer-{one.id}"):
            welfare_offer.offer(shop, one)
        with st.popover(_("Change"), icon=":material/edit:", key=f"welfare-change-{one.id}"):
            welfare_plan.change(shop, one)
        form = Form(f"welfare_cancel_{one.id}")
        version = form.seen("version", one.version)
        if st.button(_("Call it off"), type="tertiary", key=form.field("save")):
            with feedback.saying(_("Called off"), form):
                commands.cancel_item(form.once(shop, one.id), one.id, version)


def _running(shop: Shop, one: Item) -> None:
    with st.expander(_("For the group"), icon=":material/forum:", key=f"welfare-t-{one.id}"):
        _text(shop, one)
    with st.container(horizontal=True):
        with st.popover(_("Change limits"), icon=":material/tune:", key=f"welfare-l-{one.id}"):
            welfare_offer.limits(shop, one)
        if not one.sold.orders:
            form = Form(f"welfare_back_{one.id}")
            version = form.seen("version", one.version)
            if st.button(
                _("Take it out of the round"),
                type="tertiary",
                help=_("Nobody ordered it yet; it is planned as before."),
                key=form.field("save"),
            ):
                with feedback.saying(_("Taken out of the round"), form):
                    commands.take_back(form.once(shop, one.id), one.id, version)
                    welfare_plan.keep_up(one)


def _text(shop: Shop, one: Item) -> None:
    if one.reason is rules.Reason.AT_COST and not one.says_at_cost:
        st.caption(
            _(
                "The text does not say “at cost”: no price sheet was published that shows this "
                "cost. Publish one before the next item is offered."
            )
        )
    try:
        text = queries.announcement(shop, one, costs.address(shop))
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/gpp_bad:")
        return
    messages_text.offer(shop, WELFARE, f"welfare_item:{one.id}", text, f"welfare-{one.id}")


def picture(year: Year) -> None:
    """Draw what was given back in each month of the year, in yuan."""
    if not year.given:
        return
    st.subheader(_("Given back in {year}").format(year=year.year))
    months = [{"month": f"{first:%m}", "yuan": float(gave.yuan)} for first, gave in year.by_month]
    bar = {"type": "bar", "color": _GIVEN_COLOUR, "cornerRadiusEnd": 2}
    label: dict[str, Any] = {"type": "text", "baseline": "bottom", "dy": -3}
    st.vega_lite_chart(
        {
            "data": {"values": months},
            "height": 220,
            "encoding": {
                "x": {"field": "month", "type": "ordinal", "title": _("month"),
                      "axis": {"labelAngle": 0}},
                "y": {"field": "yuan", "type": "quantitative", "title": _("yuan"),
                      "axis": {"format": ".0f", "tickMinStep": 1}},
                "tooltip": [{"field": "month", "title": _("month")},
                            {"field": "yuan", "title": "¥", "format": ".2f"}],
            },
            "layer": [
                {"mark": bar},
                {
                    "transform": [{"filter": "datum.yuan > 0"}],
                    "mark": label,
                    "encoding": {"text": {"field": "yuan", "format": ".2f"}},
                },
            ],
        },
        width="stretch",
        key="welfare-year",
        alt=_("Bars: what welfare items gave back, month by month"),
    )  # fmt: skip


def history(shop: Shop, found: Sequence[Item]) -> None:
    """Show every item ever planned with what came of it, and the export."""
    st.subheader(_("All welfare items"))
    show.table(
        pd.DataFrame([_row(one) for one in found]),
        "welfare",
        shop,
        money_columns=[
            _("Price"), _(LABELS[Part.PURCHASE]), _("Cost in all"), _("We add"),
            _("Given to the neighbours"),
        ],
        moment_columns=[_("Offered")],
        config={_("Product"): st.column_config.TextColumn(pinned=True)},
        empty=_("Nothing was planned yet; the history begins with the first item."),
    )  # fmt: skip
    if found:
        st.caption(
            _(
                "Cost is what the price sheet means by it: purchase, loss, packaging, delivery, "
                "points, goods made good, other. It stands still from the day an item is offered. "
                "Given back: what was ordered and not refunded, times what we add."
            )
        )


def _row(one: Item) -> dict[str, object]:
    offered = one.offered_at is not None
    return {
        _("Product"): one.product,
        _("State"): _(STATE_NAMES[one.state]),
        _("Planned for"): f"{one.day:%Y-%m-%d}",
        _("Offered"): one.offered_at,
        _("Unit"): one.unit.word,
        _("Price"): one.price.fen,
        _(LABELS[Part.PURCHASE]): _fen(one.purchase),
        _("Cost in all"): _fen(one.cost),
        _("We add"): _fen(one.added),
        _("Why"): _(REASON_NAMES[one.reason]),
        _("Per household"): float(one.unit.count(one.household_limit)),
        _("In all"): float(one.unit.count(one.available)),
        _("Ordered"): float(one.unit.count(one.sold.ordered)) if offered else None,
        _("Given to the neighbours"): one.given.fen if offered else None,
        _("Round"): one.round_title,
        _("Price sheet"): one.sheet,
        _("Note"): one.note,
    }


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen
