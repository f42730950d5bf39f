"""What is to be decided about deliveries: proposed ones, those without a need, addresses (R23)."""

import streamlit as st

from lib.members.profiles.queries import member
from lib.members.profiles.rules import Home
from lib.service.delivery.commands import (
    bring_anyway,
    collect_instead,
    mark_for_delivery,
    set_home,
    undo_decision,
)
from lib.service.delivery.queries import Declined, Stop, Walk
from lib.service.delivery.rules import Verdict
from lib.service.delivery.texts import collect_values
from lib.service.picking.queries import Bag
from lib.shop.language import translator
from lib.shop.messages.delivery_events import DELIVERY_COLLECT
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.ui import delivery, feedback, messages_text, navigation, pickup, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


def draw(shop: Shop, found: Walk) -> None:
    """Draw what is proposed, what is to be decided, and what was decided the other way."""
    if not (found.proposed or found.undecided or found.declined):
        show.nothing(
            _("Nothing to decide."), _("Orders of residents with a need are proposed here.")
        )
    _proposed(shop, found.proposed)
    _undecided(shop, found.undecided)
    _declined(shop, found)


def _proposed(shop: Shop, bags: tuple[Bag, ...]) -> None:
    if not bags:
        return
    st.subheader(_("A need stands: bring these?"), anchor=False)
    form = Form("mark_for_delivery")
    label = _("Bring all {count}").format(count=len(bags))
    ids = [bag.order_id for bag in bags]
    if st.button(
        label, type="primary", icon=":material/directions_walk:", key=form.field("save"),
        width="stretch",
    ):  # fmt: skip
        with feedback.saying(_("Marked for delivery"), form):
            mark_for_delivery(form.once(shop, ids), ids)
    for bag in bags:
        _proposed_one(shop, bag)


def _proposed_one(shop: Shop, bag: Bag) -> None:
    form = Form(f"not_{bag.order_id}")
    version = form.seen("version", bag.version)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        what = plain(pickup.said(bag.open_lines))
        head = f"**{plain(bag.home)}** {plain(bag.name)} · {bag.number}  \n:small[{what}]"
        st.markdown(head, width="stretch")
        if st.button(_("Collects today"), key=form.field("save")):
            with feedback.saying(_("{name} collects it").format(name=plain(bag.name)), form):
                once = form.once(shop, bag.order_id, version)
                collect_instead(once, bag.order_id, version)


def _undecided(shop: Shop, stops: tuple[Stop, ...]) -> None:
    if not stops:
        return
    st.subheader(_("Marked for delivery, to be decided"), anchor=False)
    for stop in stops:
        _one(shop, stop)


def _one(shop: Shop, stop: Stop) -> None:
    bag = stop.bag
    with st.container(border=True, key=f"decide-{bag.order_id}"):
        st.markdown(f"#### {plain(bag.home)} {plain(bag.name)}")
        st.caption(delivery.whereabouts(shop, stop))
        if stop.verdict is Verdict.OUTSIDE:
            show.state("late", _("outside the community"))
        elif stop.verdict is Verdict.ASK_HOME:
            show.state("soon", _("no building known"))
        else:
            show.state("soon", _("no need stands"))
        if stop.note:
            st.markdown(f":material/sticky_note_2: {plain(stop.note)}")
        delivery.goods(stop)
        if stop.verdict is Verdict.ASK_HOME:
            _home(shop, bag)
        elif stop.verdict is Verdict.DECIDE:
            _anyway(shop, bag)
        with st.container(horizontal=True, vertical_alignment="center"):
            delivery.collects(shop, stop)
            st.page_link(
                navigation.page("members"),
                label=_("Take down a need"),
                icon=":material/person:",
                query_params={"member": str(bag.member_id)},
            )


def _anyway(shop: Shop, bag: Bag) -> None:
    form = Form(f"anyway_{bag.order_id}")
    if st.button(
        _("Bring it anyway"), icon=":material/directions_walk:", key=form.field("save"),
        width="stretch",
    ):  # fmt: skip
        with feedback.saying(_("{name}: to be brought").format(name=plain(bag.name)), form):
            bring_anyway(form.once(shop, bag.order_id), bag.order_id)


def _home(shop: Shop, bag: Bag) -> None:
    """Ask for the building; what the member's file knows is proposed."""
    form = Form(f"home_{bag.order_id}")
    version = form.seen("version", bag.version)
    known = member(shop, bag.member_id).card.home
    usual = known if not bag.home.contradicts(known) else bag.home
    labels = (_("Estate or area"), _("Building"), _("Entrance"), _("Room"))
    with st.form(form.field("form"), border=False):
        with st.container(horizontal=True):
            typed = [
                st.text_input(label, part or "", max_chars=20, key=form.field(name), width=110)
                for label, part, name in zip(
                    labels, usual.parts, ("area", "building", "unit", "room"), strict=True
                )
            ]
        saved = st.form_submit_button(_("Keep the address"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Address kept"), form):
            home = Home.of(*typed)
            set_home(form.once(shop, bag.order_id, typed), bag.order_id, version, home)
            form.keep_up(f"collect_{bag.order_id}")


def _declined(shop: Shop, found: Walk) -> None:
    if not found.declined:
        return
    st.subheader(_("Collect instead"), anchor=False)
    for one in found.declined:
        with st.container(border=True):
            _declined_one(shop, found, one)


def _declined_one(shop: Shop, found: Walk, one: Declined) -> None:
    form = Form(f"undecide_{one.order_id}")
    with st.container(horizontal=True, vertical_alignment="center"):
        head = f"**{plain(one.home)}** {plain(one.name)} · {one.number}  \n:small[{plain(one.by)}]"
        st.markdown(head, width="stretch")
        if st.button(_("Undo"), icon=":material/undo:", key=form.field("save")):
            with feedback.saying(_("As before"), form):
                undo_decision(form.once(shop, one.order_id), one.order_id)
    with st.expander(_("Text for the resident"), icon=":material/content_copy:",
                     key=f"collect-text-{one.order_id}"):  # fmt: skip
        say = translator(shop.settings.language)
        values = collect_values(shop.settings, one.name, found.day, shop.today, one.slot, say)
        text = said(shop, DELIVERY_COLLECT, **values)
        subject = f"customer_order:{one.order_id}"
        key = f"delivery-collect-{one.order_id}"
        messages_text.offer(shop, DELIVERY_COLLECT, subject, text, key, names=[one.name])
