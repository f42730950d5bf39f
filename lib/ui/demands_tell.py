"""A wish that is on offer: who has to be told, who was, and who bought (R18)."""

import pandas as pd
import streamlit as st

from lib.shop.messages.demand_events import DEMAND_LAUNCH
from lib.shop.messages.wording import pieces
from lib.shop.shop import Role, Shop
from lib.trust.demands.launch import queries
from lib.trust.demands.launch.commands import take_back_tell, tell
from lib.trust.demands.launch.queries import Bought, Telling, Told
from lib.trust.demands.queries import One
from lib.trust.demands.texts import Piece
from lib.ui import costs, feedback, messages_text, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


def draw(shop: Shop, this: One) -> None:
    """Draw the messages that are left to send, those sent, and what came of it."""
    st.subheader(_("Tell who asked"), anchor=False)
    telling = queries.telling(shop, this)
    if telling.pieces:
        count = sum(len(piece.called) for piece in telling.pieces)
        said = _("Residents still to be told: {count}. Messages: {messages}.")
        st.markdown(said.format(count=count, messages=len(telling.pieces)))
        for number, piece in enumerate(telling.pieces, 1):
            _piece(shop, this, piece, number)
        messages_text.on_its_way(shop, DEMAND_LAUNCH, f"demand:{this.card.id}")
    elif not telling.told:
        _general(shop, this, telling)
    else:
        show.state("good", _("Everybody with a name was told"))
    if telling.nameless:
        said = _("{count} asked without a name: nobody can call them.")
        st.caption(said.format(count=telling.nameless))
    for told in telling.told:
        _told(shop, this, told)
    _bought(shop, queries.bought(shop, this))


def _piece(shop: Shop, this: One, piece: Piece, number: int) -> None:
    names = [one.name for one in piece.called]
    with st.container(border=True, key=f"piece-{number}"):
        parts = pieces(piece.text, shop.settings.message_bytes, names)
        for place, part in enumerate(parts):
            show.copyable(part, f"launch-{number}-{place}")
        with st.container(horizontal=True):
            _tick(shop, this, piece)
            subject, key = f"demand:{this.card.id}", f"launch-{piece.wish_ids[0]}"
            messages_text.by_robot(shop, DEMAND_LAUNCH, subject, piece.text, key, names)


def _tick(shop: Shop, this: One, piece: Piece) -> None:
    form = Form(f"told-{this.card.id}-{piece.wish_ids[0]}-{len(piece.wish_ids)}")
    count = len(piece.called)
    label = _("Sent: {count} told").format(count=count)
    if st.button(label, type="primary", icon=":material/check:", key=form.field("save")):
        with feedback.saying(_("Noted: {count} told").format(count=count), form):
            tell(form.once(shop, piece.wish_ids), this.card.id, piece.wish_ids, piece.text)


def _general(shop: Shop, this: One, telling: Telling) -> None:
    """A wish nobody of which can be called is still said to the group."""
    subject = f"demand:{this.card.id}"
    messages_text.offer(shop, DEMAND_LAUNCH, subject, telling.general, "launch")


def _told(shop: Shop, this: One, told: Told) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        when = f"{show.moment(told.at, shop)} · {plain(told.by)}"
        names = plain("、".join(told.names))
        st.caption(f":material/check_circle: {when}: {names}", width="stretch")
        form = Form(f"untold-{this.card.id}-{told.at:%Y%m%d%H%M%S%f}")
        if st.button(_("Undo"), icon=":material/undo:", type="tertiary", key=form.field("save")):
            with feedback.saying(_("Undone"), form):
                take_back_tell(form.once(shop, told.at), this.card.id, told.at)


def _bought(shop: Shop, found: Bought | None) -> None:
    if found is None:
        return
    st.subheader(_("Who then bought"), anchor=False)
    show.figures(
        (
            _("Bought it"),
            f"{len(found.buyers)} / {found.wished}",
            _("Of {known} the member file is known: only of them can it be said.").format(
                known=found.known
            ),
        ),
        (_("Counted until"), show.moment(found.until, shop)),
    )
    if found.buyers:
        rows = [
            {
                _("Name"): one.name,
                _("Ordered at"): one.placed_at,
                _("Quantity"): found.unit.said(one.quantity),
                _("Pickup day"): one.pickup_day,
            }
            for one in found.buyers
        ]
        show.table(pd.DataFrame(rows), "wish-buyers", shop, moment_columns=[_("Ordered at")])


def cost(shop: Shop, this: One) -> None:
    """Show the owner the line the product has on the next cost sheet."""
    if shop.actor.role is not Role.OWNER or this.card.product_id is None:
        return
    with st.expander(_("On the next price sheet"), icon=":material/balance:", key="wish-cost"):
        line = queries.cost_line(shop, this.card.product_id)
        if line is None:
            said = _("It has no purchase price yet: without one it stands on no price sheet.")
            st.caption(said)
        else:
            costs.table([line], "wish-cost", shop)
        st.page_link(
            navigation.page("costs"), label=_("To the price sheets"), icon=":material/balance:"
        )
