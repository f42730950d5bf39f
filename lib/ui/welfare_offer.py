"""Putting a welfare item into a round, and its limits while it is on offer (R19)."""

from dataclasses import replace

import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.shop import Shop
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.queries import Round, open_rounds, proposed
from lib.trust.welfare import commands, rules
from lib.trust.welfare.queries import Item
from lib.ui import feedback, quantities, rounds, show, welfare_plan
from lib.ui.forms import Form
from lib.ui.words import _, plain

NEW = 0


def offer(shop: Shop, one: Item) -> None:
    """Ask which round it goes into, and put it there in one step."""
    form = Form(f"welfare_offer_{one.id}")
    version = form.seen("version", one.version)
    running = {each.id: each for each in open_rounds(shop)}
    names = {number: _round_said(shop, each) for number, each in running.items()}
    names[NEW] = _("a new round")
    chosen = st.radio(
        _("Offer it in"), list(names), format_func=names.__getitem__, key=form.field("round")
    )
    plan = None
    if chosen == NEW:
        plan = rounds.plan_fields(shop, form, "", proposed(shop), "")
    far = _far_below(shop, form, one)
    st.caption(_("Its cost is kept as it is now and does not change any more."))
    if st.button(
        _("Offer it now"), type="primary", icon=":material/campaign:", key=form.field("save")
    ):
        with feedback.saying(_("It is on offer. Post the text now."), form):
            into = _into(shop, chosen, plan)
            bound = form.once(shop, version, repr(into), far)
            commands.offer_item(bound, one.id, version, into, far_below=far)
            welfare_plan.keep_up(one)


def _round_said(shop: Shop, each: Round) -> str:
    said = _("{round}, orders until {moment}")
    return said.format(round=plain(each.title), moment=show.moment(each.cut_off_at, shop))


def _far_below(shop: Shop, form: Form, one: Item) -> bool:
    percent = shop.settings.welfare_below_percent
    if one.cost is None or not rules.is_far_below(one.price, one.cost, percent):
        return False
    label = _("It is meant to be so far below cost")
    return bool(st.checkbox(label, key=form.field("far")))


def _into(shop: Shop, chosen: int | None, plan: Plan | None) -> int | Plan:
    if chosen is None:
        raise Refused(N_("Choose the round it is offered in."))
    if plan is None:
        return chosen
    return replace(plan, times=replace(plan.times, opens_at=shop.clock.now()))


def limits(shop: Shop, one: Item) -> None:
    """Show the limits of an item on offer; price and reason were said and stay."""
    form = Form(f"welfare_limits_{one.id}")
    version = form.seen("version", one.version)
    with st.form(form.field("form"), border=False):
        household = quantities.field(
            form.field("household"), _("Per household"), one.unit, one.household_limit
        )
        available = quantities.field(form.field("available"), _("In all"), one.unit, one.available)
        saved = st.form_submit_button(_("Save limits"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Limits saved"), form):
            wanted = (
                quantities.typed(one.unit, household, one.product),
                quantities.typed(one.unit, available, one.product),
            )
            bound = form.once(shop, version, wanted)
            commands.change_limits(bound, one.id, version, *wanted)
            welfare_plan.keep_up(one)
