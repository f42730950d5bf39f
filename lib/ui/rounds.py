"""The parts of the rounds page: countdown, offers, group texts, opening, copying, closed days."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from lib.kernel.clock import at_local, local
from lib.kernel.quantity import Unit
from lib.shop.language import translator
from lib.shop.messages.trade_events import CUT_OFF, ROUND
from lib.shop.shop import Shop
from lib.supply.stock.queries import Stock, stock_of
from lib.trade.charged.rules import Lowest
from lib.trade.products.queries import Product, products
from lib.trade.products.rules import typed_price
from lib.trade.rounds import announcement, commands, queries, rules
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.queries import Offer, Round
from lib.trade.rounds.rules import Offered, State, Times
from lib.trust.costs.queries import newest_sheet
from lib.trust.costs.rules import GIVEN, LABELS, Part
from lib.ui import feedback, messages_text, round_choice, rounds_compared, show, suppliers
from lib.ui.forms import Form
from lib.ui.words import _, plain

_STATES: dict[State, show.State] = {
    State.OPEN: "good",
    State.PLANNED: "quiet",
    State.CUT_OFF: "quiet",
    State.CLOSED_EARLY: "quiet",
}
_NARROW = 130


_CHOICE = "rounds"
_GO_TO = "rounds-go-to"


def choose(shop: Shop) -> Round | None:
    """Show the choice of a round and return it; a round just opened is chosen by itself."""
    opened = st.session_state.pop(_GO_TO, None)
    if opened is not None:
        st.query_params["round"] = str(opened)
        st.session_state[f"{_CHOICE}-round"] = opened
    return round_choice.choose(shop, _CHOICE)


def _go_to(round_id: int) -> None:
    st.session_state[_GO_TO] = round_id


@st.fragment(run_every=60)
def countdown(shop: Shop, round_id: int) -> None:
    """Show state, time left and totals of a round; looks again every minute."""
    this = queries.one_round(shop, round_id)
    left = rules.time_left(this.cut_off_at, shop.clock.now())
    soon = this.takes_orders and left <= rules.SOON
    with st.container(horizontal=True):
        show.state("soon" if soon else _STATES[this.state], _(rules.STATE_NAMES[this.state]))
        st.caption(
            _("Cut-off {cut_off} · pickup {day}").format(
                cut_off=show.moment(this.ended_at, shop), day=show.day(this.pickup_day, shop)
            )
        )
    show.figures(
        (_("Time left"), show.span(left) if this.takes_orders else "—"),
        (_("Orders"), str(this.orders)),
        (_("Amount so far"), show.money(this.amount)),
        (_("Products"), str(this.offers)),
    )


def offers(shop: Shop, round_id: int, found: Sequence[Offer]) -> None:
    """Show what is offered, what was ordered of each, what papers ran out, and the export."""
    suppliers.offered_with_bad_papers(shop, {each.product_id: each.name for each in found})
    stopped = "、".join(plain(each.name) for each in found if each.stopped)
    if stopped:
        said = _("Not sold at present; new orders are refused: {names}")
        st.error(said.format(names=stopped), icon=":material/block:")
    _welfare(found)
    kept = stock_of(shop, [each.product_id for each in found])
    rows = [
        {
            _("Product"): each.name,
            _("Price"): each.price.fen,
            _("Unit"): each.unit.word,
            _("Ordered"): each.unit.said(each.ordered),
            _("Orders"): each.orders,
            _("Amount"): each.amount.fen,
            _("Still to have"): _said(each.unit, each.left),
            _("Per household"): _said(each.unit, each.household_limit),
            **_in_stock(kept.get(each.product_id), any_kept=bool(kept)),
            _("Shop price today"): each.todays_price.fen,
        }
        for each in found
    ]
    money = [_("Price"), _("Amount"), _("Shop price today")]
    config = {_("Product"): st.column_config.TextColumn(pinned=True)}
    show.table(pd.DataFrame(rows), f"round-{round_id}", shop, money_columns=money, config=config)


def _welfare(found: Sequence[Offer]) -> None:
    """Name the welfare items among the offers: their price and limits are set on their own page."""
    names = "、".join(plain(each.name) for each in found if each.welfare)
    if names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(_("Welfare item"), icon=":material/favorite:", color="green")
            st.markdown(names)
        st.caption(_("Its price and limits are kept where welfare items are planned."))


def _in_stock(stock: Stock | None, *, any_kept: bool) -> dict[str, str]:
    """Return what lies in the shop and is free, where a stock is kept at all (E4)."""
    if not any_kept:
        return {}
    return {
        _("On hand"): stock.unit.said(stock.on_hand) if stock else "—",
        _("Free"): stock.unit.said(stock.free) if stock else "—",
    }


def texts(shop: Shop, round_id: int, found: Sequence[Offer]) -> None:
    """Show the group texts of a round, ready to copy, in the language of the shop."""
    opening, reminder = st.tabs([_("Announcement"), _("Cut-off reminder")], key="texts")
    with opening:
        costs = _published_costs(shop, found)
        text = queries.announcement_text(shop, round_id, costs)
        messages_text.offer(shop, ROUND, f"buying_round:{round_id}", text, "announcement")
    with reminder:
        text = queries.reminder_text(shop, round_id)
        messages_text.offer(shop, CUT_OFF, f"buying_round:{round_id}", text, "reminder")


def _published_costs(shop: Shop, found: Sequence[Offer]) -> dict[int, str]:
    """Return where the price of each offer goes, for those published at this very price."""
    sheet = newest_sheet(shop)
    prices = {each.product_id: (each.price, each.unit.word) for each in found}
    say = translator(shop.settings.language)
    return {
        line.product_id: announcement.said_cost(
            [
                (say(GIVEN if part is Part.KEPT and line.is_given else LABELS[part]), amount)
                for part, amount in line.parts
            ]
        )
        for line in (sheet.lines if sheet else ())
        if prices.get(line.product_id) == (line.price, line.unit)
    }


def actions(shop: Shop, this: Round) -> None:
    """Show the means to extend a round, to close it early and to change it."""
    with st.container(horizontal=True):
        with st.popover(_("Extend"), icon=":material/more_time:", key="extend"):
            _extend(shop, this)
        if this.state in (State.OPEN, State.PLANNED):
            with st.popover(_("Close early"), icon=":material/front_hand:", key="close"):
                _close(shop, this)
            with st.popover(_("Change"), icon=":material/edit:", key="change"):
                _change(shop, this)


def _keep_up(this: Round) -> None:
    """Let the other forms of the round know the version that our own change made.

    A form that saw an older version than ``this`` still has somebody else's change to be told of.
    """
    for action in ("extend", "close", "change"):
        form = Form(f"round_{action}_{this.id}")
        if form.seen("version", this.version) == this.version:
            form.renew()


def _extend(shop: Shop, this: Round) -> None:
    form = Form(f"round_extend_{this.id}")
    version = form.seen("version", this.version)
    zone = shop.settings.time_zone
    later = max(this.cut_off_at + rules.SHORTEST, shop.clock.now() + rules.SHORTEST)
    start = form.seen("cut_off", _quarter(local(later, zone)))
    day = form.seen("day", max(this.pickup_day, start.date()))
    with st.form(form.field("form"), border=False):
        cut_off = st.datetime_input(
            _("New cut-off"), start, format="YYYY-MM-DD", key=form.field("cut_off")
        )
        pickup = st.date_input(
            _("Pickup day"), day, format="YYYY-MM-DD", key=form.field("day"),
            help=_("Orders move along when the day changes."),
        )  # fmt: skip
        saved = st.form_submit_button(_("Extend the round"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Round extended"), form):
            moment = _moment(cut_off, this.cut_off_at, zone)
            bound = form.once(shop, version, moment, pickup)
            commands.extend_round(bound, this.id, version, moment, pickup)
            _keep_up(this)


def _close(shop: Shop, this: Round) -> None:
    form = Form(f"round_close_{this.id}")
    version = form.seen("version", this.version)
    st.write(_("No more orders from now on. You can extend it again later."))
    if st.button(_("Close the round now"), type="primary", key=form.field("close")):
        with feedback.saying(_("Round closed"), form):
            commands.close_round(form.once(shop, version), this.id, version)
            _keep_up(this)


def _change(shop: Shop, this: Round) -> None:
    form = Form(f"round_change_{this.id}")
    version = form.seen("version", this.version)
    with st.form(form.field("form"), border=False):
        plan = plan_fields(
            shop,
            form,
            this.title,
            Times(this.opens_at, this.cut_off_at, this.pickup_day),
            this.note,
        )
        saved = st.form_submit_button(_("Save changes"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Changes saved"), form):
            commands.change_round(form.once(shop, version, repr(plan)), this.id, version, plan)
            _keep_up(this)


def plan_fields(shop: Shop, form: Form, title: str, times: Times, note: str) -> Plan:
    """Show the fields of title, times and note; return the round as typed."""
    zone = shop.settings.time_zone
    seen = form.seen("times", times)
    name = st.text_input(
        _("Title"),
        form.seen("title", title),
        max_chars=rules.LONGEST_TITLE,
        placeholder=queries.usual_title(shop),
        key=form.field("title"),
    )
    with st.container(horizontal=True):
        cut_off = st.datetime_input(
            _("Cut-off"),
            local(seen.cut_off_at, zone).replace(tzinfo=None),
            format="YYYY-MM-DD",
            key=form.field("cut_off"),
        )
        day = st.date_input(
            _("Pickup day"), seen.pickup_day, format="YYYY-MM-DD", key=form.field("day")
        )
    text = st.text_input(
        _("Line to add to the announcement"),
        form.seen("note", note),
        max_chars=rules.LONGEST_NOTE,
        key=form.field("note"),
    )
    moment = _moment(cut_off, seen.cut_off_at, zone)
    return Plan(name, Times(seen.opens_at, moment, day or seen.pickup_day), text)


def change_offers(shop: Shop, this: Round, found: Sequence[Offer]) -> None:
    """Show the means to change prices and limits, to add products and to take one out."""
    form = Form(f"round_offers_{this.id}")
    if this.orders:
        st.caption(_("A new price is for orders from now on. Orders already placed keep theirs."))
    lowest = queries.limits(shop, this, found)
    rounds_compared.not_shown(shop, this, found)
    with st.form(form.field("form"), border=False):
        rows = [_offer_row(shop, each, lowest.get(each.product_id)) for each in found]
        edited = _editor(shop, form, rows, choose=False)
        saved = st.form_submit_button(
            _("Save prices and limits"), type="primary", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Prices and limits saved"), form):
            wanted = [_read_row(row, each) for row, each in zip(edited, found, strict=True)]
            commands.change_offers(form.once(shop, repr(wanted)), this.id, wanted)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _add_offer(shop, this, found)
        _remove_offer(shop, this, found)
        rounds_compared.proof(shop, this, found)


def _add_offer(shop: Shop, this: Round, found: Sequence[Offer]) -> None:
    form = Form(f"round_add_offer_{this.id}")
    offered = {each.product_id for each in found}
    others = {each.id: each for each in products(shop) if each.id not in offered}
    with st.popover(_("Add a product"), icon=":material/add:", key=f"add-offer-{this.id}"):
        chosen = st.multiselect(
            _("Products"),
            list(others),
            format_func=lambda number: f"{others[number].name} {others[number].price}",
            placeholder=_("Choose"),
            key=form.field("products"),
        )
        if st.button(_("Add to the round"), type="primary", key=form.field("save")):
            with feedback.saying(_("Added to the round"), form):
                wanted = [Offered(number, others[number].price) for number in chosen]
                commands.add_offers(form.once(shop, chosen), this.id, wanted)


def _remove_offer(shop: Shop, this: Round, found: Sequence[Offer]) -> None:
    form = Form(f"round_remove_offer_{this.id}")
    names = {each.product_id: each.name for each in found}
    with st.popover(_("Take a product out"), icon=":material/remove:", key=f"remove-{this.id}"):
        chosen = st.selectbox(
            _("Product"),
            list(names),
            format_func=names.__getitem__,
            key=form.field("product"),
        )
        if st.button(_("Take it out"), key=form.field("save")):
            with feedback.saying(_("Taken out of the round"), form):
                commands.remove_offer(form.once(shop, chosen), this.id, int(chosen or 0))


def new_round(shop: Shop) -> None:
    """Show the form for a new round: times proposed, every product with its price to tick."""
    form = Form("round_new")
    shelf = _shelf(shop, form)
    if not shelf:
        show.nothing(_("No products yet."), _("The owner adds them on the page Products."))
        return
    suppliers.offered_with_bad_papers(shop, {each.id: each.name for each in shelf})
    lowest = queries.lowest_now(shop, [each.id for each in shelf])
    with st.form(form.field("form"), border=False):
        plan = plan_fields(shop, form, "", queries.proposed(shop), "")
        st.caption(_("Tick what is offered. Leave limits empty for no limit."))
        rows = [_product_row(shop, each, lowest.get(each.id)) for each in shelf]
        edited = _editor(shop, form, rows, choose=True)
        saved = st.form_submit_button(
            _("Start the round"), type="primary", icon=":material/campaign:", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Round opened"), form):
            now = replace(plan, times=replace(plan.times, opens_at=shop.clock.now()))
            wanted = [
                _read_row(row, each)
                for row, each in zip(edited, shelf, strict=True)
                if row[_("Offer")]
            ]
            bound = form.once(shop, plan.title, plan.times.cut_off_at, repr(wanted))
            _go_to(commands.open_round(bound, now, wanted))


def _shelf(shop: Shop, form: Form) -> list[Product]:
    """Return the products in the order this form first showed them, later ones behind.

    A table remembers what was typed by row number: a product added meanwhile must not push a tick
    onto its neighbour.
    """
    in_use = {each.id: each for each in products(shop)}
    seen = form.seen("shelf", tuple(in_use.values()))
    known = {each.id for each in seen}
    return [in_use.get(each.id, each) for each in seen] + [
        each for number, each in in_use.items() if number not in known
    ]


def _product_row(shop: Shop, each: Product, lowest: Lowest | None) -> dict[str, Any]:
    return {
        _("Offer"): False,
        _("Product"): each.name,
        _("Price"): float(each.price.yuan),
        **rounds_compared.lowest_cell(shop, lowest),
        _("Unit"): each.unit.word,
        _("Per household"): None,
        _("In all"): None,
        **rounds_compared.cells(),
    }


def _offer_row(shop: Shop, each: Offer, lowest: Lowest | None) -> dict[str, Any]:
    return {
        _("Product"): each.name,
        _("Price"): float(each.price.yuan),
        **rounds_compared.lowest_cell(shop, lowest),
        _("Unit"): each.unit.word,
        _("Per household"): _count(each, each.household_limit),
        _("In all"): _count(each, each.available),
        **rounds_compared.cells(each.compared, each.basis),
    }


def _count(each: Offer, amount: int | None) -> float | None:
    return None if amount is None else float(each.unit.count(amount))


def _editor(
    shop: Shop, form: Form, rows: list[dict[str, Any]], *, choose: bool
) -> list[dict[str, Any]]:
    frame = pd.DataFrame(rows)
    lowest = rounds_compared.lowest_column(shop)
    for column in (_("Per household"), _("In all"), lowest, _("Compared price")):
        frame[column] = frame[column].astype("float64")
    number = st.column_config.NumberColumn
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=[_("Product"), _("Unit"), lowest],
        placeholder=_("no limit"),
        column_config={
            _("Offer"): st.column_config.CheckboxColumn(width="small", pinned=True),
            _("Product"): st.column_config.TextColumn(pinned=True),
            _("Price"): number(format="¥%.2f", min_value=0.0, step=0.01, width="small"),
            _("Unit"): st.column_config.TextColumn(width="small"),
            _("Per household"): number(min_value=0.0, width=_NARROW),
            _("In all"): number(min_value=0.0, width=_NARROW),
            **rounds_compared.columns(shop),
        },
        key=form.field("offers" if choose else "prices"),
    )
    return [{str(name): value for name, value in row.items()} for row in edited.to_dict("records")]


def _read_row(row: dict[str, Any], each: Product | Offer) -> Offered:
    product_id = each.product_id if isinstance(each, Offer) else each.id
    price = row[_("Price")]
    known = price is not None and not math.isnan(price)
    return Offered(
        product_id,
        typed_price(f"{price:.15g}" if known else ""),
        rules.amount_of(row[_("Per household")], each.unit),
        rules.amount_of(row[_("In all")], each.unit),
        *rounds_compared.compared_of(row),
        each.compared_photo if isinstance(each, Offer) else None,
    )


def copy_last(shop: Shop, last: Round) -> None:
    """Show what a copy of the last round would offer, and open it in one step."""
    form = Form(f"round_copy_{last.id}")
    offered = queries.copied_offers(shop, last.id)
    times = form.seen("times", queries.proposed(shop))
    st.caption(
        _("Copies {title}. Cut-off {cut_off}, pickup {day}.").format(
            title=plain(last.title),
            cut_off=show.moment(times.cut_off_at, shop),
            day=show.day(times.pickup_day, shop),
        )
    )
    rows = [_copied_row(each) for each in offered]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=form.field("preview"))
    same = st.toggle(_("Keep the prices of that round"), key=form.field("same"))
    st.caption(_("Compared prices are not copied: they were true of that time."))
    if st.button(
        _("Open the copy"), type="primary", icon=":material/content_copy:", key=form.field("save")
    ):
        with feedback.saying(_("Round opened"), form):
            plan = Plan("", replace(times, opens_at=shop.clock.now()))
            bound = form.once(shop, last.id, same)
            _go_to(commands.copy_round(bound, last.id, plan, todays_prices=not same))


def _copied_row(each: queries.CopiedOffer) -> dict[str, Any]:
    change = each.difference
    sign = "+" if change.fen > 0 else ""
    return {
        _("Product"): each.name,
        _("Price then"): show.money(each.price),
        _("Price today"): show.money(each.todays_price),
        _("Difference"): _("no longer sold, left out")
        if each.gone
        else _("was a welfare item: today's price")
        if each.welfare
        else f"{sign}{change}"
        if change
        else "",
    }


def closed_days(shop: Shop) -> None:
    """Show the days without pickup, and the means to add and to remove one."""
    form = Form("closed_day")
    with st.form(form.field("form"), border=False), st.container(
        horizontal=True, vertical_alignment="bottom"
    ):  # fmt: skip
        day = st.date_input(
            _("Day"), shop.today, min_value=shop.today, format="YYYY-MM-DD", key=form.field("day")
        )
        reason = st.text_input(_("Reason"), max_chars=60, key=form.field("reason"))
        saved = st.form_submit_button(_("Close that day"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Closed day kept"), form):
            commands.set_closed_day(form.once(shop, day, reason), day, reason)
    for each in queries.closed_days(shop):
        opening = Form(f"open_day_{each.day}")
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"**{show.day(each.day, shop)}** {plain(each.reason)}")
            if st.button(_("Open again"), type="tertiary", key=opening.field("remove")):
                with feedback.saying(_("Open again"), opening):
                    commands.remove_closed_day(opening.once(shop), each.day)


def listing(shop: Shop, found: Sequence[Round]) -> None:
    """Show all rounds with their totals and the export."""
    rows = [
        {
            _("Round"): each.title,
            _("State"): _(rules.STATE_NAMES[each.state]),
            _("Opened"): each.opens_at,
            _("Cut-off"): each.ended_at,
            _("Pickup day"): each.pickup_day,
            _("Products"): each.offers,
            _("Orders"): each.orders,
            _("Amount"): each.amount.fen,
        }
        for each in found
    ]
    show.table(
        pd.DataFrame(rows),
        "rounds",
        shop,
        money_columns=[_("Amount")],
        moment_columns=[_("Opened"), _("Cut-off")],
        config={_("Pickup day"): st.column_config.DateColumn(format="YYYY-MM-DD")},
    )


def _said(unit: Unit, amount: int | None) -> str:
    return "—" if amount is None else unit.said(amount)


def _quarter(wall: datetime) -> datetime:
    return wall.replace(minute=wall.minute // 15 * 15, second=0, microsecond=0, tzinfo=None)


def _moment(wall: datetime | None, otherwise: datetime, zone: str) -> datetime:
    """Return what the wall clock shows as UTC; an emptied field means ``otherwise``."""
    return otherwise if wall is None else at_local(wall.date(), wall.time(), zone)
