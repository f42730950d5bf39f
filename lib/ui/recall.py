"""Recalls on screen: stopping a sale, letting it go again, starting a recall, the list."""

from collections.abc import Sequence

import streamlit as st

from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.language import translator
from lib.shop.shop import Role, Shop
from lib.supply.purchasing.receiving.queries import Batch
from lib.supply.recall import commands, queries
from lib.supply.recall.queries import Recall
from lib.supply.recall.rules import ADVICE, LONGEST_REASON, LONGEST_TEXT
from lib.ui import feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

PUBLIC = N_("What you write here is read by residents: name nobody.")


def one(shop: Shop, recall_id: int) -> Recall | None:
    """Return a recall; None for one that does not exist."""
    try:
        return queries.recall(shop, recall_id)
    except NotFound:
        return None


def back(chosen: int | None) -> None:
    """Offer the way back to the list when something is chosen."""
    label = _("All recalls")
    if chosen is not None and st.button(
        label, icon=":material/arrow_back:", type="tertiary", key="back"
    ):
        st.query_params.clear()
        st.rerun()


def begin(shop: Shop, this: Batch) -> None:
    """Offer to stop the sale of a batch, to let it go again, or to call it back."""
    state = queries.state_of(shop, this.id)
    with st.popover(_("Stop or call back"), icon=":material/front_hand:", key="stop"):
        if state.open_recall is not None:
            st.page_link(
                navigation.page("recall"),
                label=_("To the open recall"),
                icon=":material/assignment_return:",
                query_params={"recall": str(state.open_recall)},
            )
            return
        st.page_link(
            navigation.page("recall"),
            label=_("Call it back"),
            icon=":material/assignment_return:",
            query_params={"batch": str(this.id)},
        )
        if state.stopped_at is None:
            _stop(shop, this)
        elif shop.actor.role is Role.OWNER:
            _release(shop, this, state.stop_reason)
        else:
            st.caption(_("Only the owner lets it be sold again."))


def _stop(shop: Shop, this: Batch) -> None:
    form = Form(f"stop-{this.id}")
    st.caption(_("Stopped goods are handed to nobody until the owner lets them go."))
    reason = st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=form.field("reason"))
    product = st.checkbox(_("Stop the whole product, too"), key=form.field("product"))
    if st.button(_("Stop the sale"), type="primary", key=form.field("save")):
        with feedback.saying(_("Sale stopped"), form):
            bound = form.once(shop, this.id, reason, product)
            commands.stop_sale(bound, this.id, reason, product=product)


def _release(shop: Shop, this: Batch, stopped_for: str) -> None:
    form = Form(f"release-{this.id}")
    st.caption(_("Stopped for: {reason}").format(reason=plain(stopped_for)))
    reason = st.text_input(
        _("Why it may be sold again"), max_chars=LONGEST_REASON, key=form.field("reason")
    )
    if st.button(_("Let it be sold again"), type="primary", key=form.field("save")):
        with feedback.saying(_("It may be sold again"), form):
            commands.release_sale(form.once(shop, this.id, reason), this.id, reason)


def start(shop: Shop, this: Batch) -> None:
    """Show whom a recall would reach, and start it."""
    state = queries.state_of(shop, this.id)
    if state.open_recall is not None:
        st.query_params.clear()
        st.query_params["recall"] = str(state.open_recall)
        st.rerun()
    reach = queries.reach(shop, this.id)
    st.markdown(f"### {plain(this.product_name)} · {plain(this.code)}")
    show.figures(
        (_("Have some of it"), str(reach.certain)),
        (_("May have some"), str(reach.possible)),
        (_("Not yet collected"), str(reach.waiting)),
        (_("Sold without an order"), this.unit.said(reach.gone)),
    )
    st.caption(
        _(
            "Unsafe food: stop the sale, tell the producer and everybody who bought it, and record "
            "both (food safety law, section 63). This is a hint, not legal advice."
        )
    )
    form = Form(f"recall-{this.id}")
    say = translator(shop.settings.language)
    with st.form(form.field("form"), border=True):
        reason = st.text_input(
            _("Reason"), max_chars=LONGEST_REASON, help=_(PUBLIC), key=form.field("reason")
        )
        advice = st.text_area(
            _("What residents should do"),
            say(ADVICE),
            max_chars=LONGEST_TEXT,
            help=_(PUBLIC),
            key=form.field("advice"),
        )
        product = st.checkbox(
            _("Stop the whole product, too"),
            help=_("No order for it is taken until the owner lets it go."),
            key=form.field("product"),
        )
        saved = st.form_submit_button(
            _("Stop the sale and call back"), type="primary", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Called back: now tell everybody"), form):
            bound = form.once(shop, this.id, reason, advice, product)
            commands.start_recall(bound, this.id, reason, advice, stop_product=product)


def listing(shop: Shop, found: Sequence[Recall]) -> None:
    """Show the recalls, open ones first, with how far each is."""
    if not found:
        show.nothing(
            _("No batch was ever called back."),
            _("A recall starts from a batch: open it under Batches."),
        )
        st.page_link(navigation.page("batches"), icon=":material/qr_code_2:")
        return
    for this in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{plain(this.product)} · {plain(this.code)}**  \n"
                f":small[{plain(this.reason)} · {show.moment(this.started_at, shop)}]",
                width="stretch",
            )
            badge(this)
            st.page_link(
                navigation.page("recall"),
                label=_("Open"),
                icon=":material/arrow_forward:",
                query_params={"recall": str(this.id)},
            )


def badge(this: Recall) -> None:
    """Say how far a recall is."""
    told = this.told
    if not this.is_open:
        show.state("quiet", _("recall over"))
    elif told.missing:
        said = _("{told} of {count} told").format(told=told.told, count=told.residents)
        show.state("late", said)
    else:
        show.state("soon", _("all told"))
