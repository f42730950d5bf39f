"""Answering a resident: the first reply with its ready text, asking for a photo, going on (R26)."""

import streamlit as st

from lib.service.after_sales import texts
from lib.service.after_sales.commands import ask_photo, reply, resume
from lib.service.after_sales.queries import Case
from lib.service.after_sales.rules import LONGEST_TEXT, Status
from lib.shop.messages.service_events import CASE_PHOTO
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Shop
from lib.ui import after_sales, after_sales_board, show
from lib.ui.forms import Form
from lib.ui.words import _


def draw(shop: Shop, this: Case) -> None:
    """Draw the first reply while it is due, the photo that is awaited, and more to say."""
    if this.status is Status.WAITING_PHOTO:
        _waiting(shop, this)
    if this.reply.met_at is None:
        with st.container(border=True, key="case-reply"):
            st.markdown(f"**{_('First reply')}**")
            _reply(shop, this, primary=True)
    with st.container(horizontal=True, key="case-say"):
        if this.reply.met_at is not None:
            with st.popover(_("Say more"), icon=":material/chat:", key="case-more"):
                _reply(shop, this, primary=False)
        if this.status is not Status.WAITING_PHOTO:
            with st.popover(
                _("Ask for a photo"), icon=":material/add_a_photo:", key="case-ask-photo"
            ):
                _ask(shop, this)


def _reply(shop: Shop, this: Case, *, primary: bool) -> None:
    form = Form(f"case-reply-{this.id}-{this.turn}-{'first' if primary else 'more'}")
    with st.container(key=f"copy-along-reply-{this.id}", gap="xsmall"):
        text = st.text_area(
            _("For the private chat with this resident:"),
            after_sales_board.reply_text(shop, this) if primary else "",
            max_chars=LONGEST_TEXT,
            height=150 if primary else 90,
            key=form.field("text"),
        )
        with st.container(key=f"copying-reply-{this.id}"):
            pressed = st.button(
                _("Reply and copy"),
                type="primary",
                icon=":material/reply:",
                key=form.field("save"),
            )
    if pressed:
        with after_sales.saying(
            this, _("Reply noted. Its text is copied, paste it into the chat."), form
        ):
            reply(form.once(shop, text), this.id, after_sales.seen(this), text)


def _ask(shop: Shop, this: Case) -> None:
    form = Form(f"case-photo-please-{this.id}")
    ready = said(shop, CASE_PHOTO, **texts.about_values(this, speaker(shop)))
    st.caption(_("The solution clock stands still until the photo is here; the reply's does not."))
    with st.container(key=f"copy-along-photo-{this.id}", gap="xsmall"):
        text = st.text_area(
            _("For the private chat with this resident:"),
            ready,
            max_chars=LONGEST_TEXT,
            height=120,
            key=form.field("text"),
        )
        with st.container(key=f"copying-photo-{this.id}"):
            pressed = st.button(
                _("Ask: copy and wait"),
                type="primary",
                icon=":material/pause_circle:",
                key=form.field("save"),
            )
    if pressed:
        with after_sales.saying(
            this, _("Asked for a photo; the solution clock stands still."), form
        ):
            ask_photo(form.once(shop, text), this.id, after_sales.seen(this), text)


def _waiting(shop: Shop, this: Case) -> None:
    """Say plainly that the clock stands, since when, and how it goes on."""
    form = Form(f"case-resume-{this.id}")
    asked = [entry for entry in this.entries if entry.kind == "ask_photo"]
    since = show.moment(asked[-1].at, shop) if asked else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="case-waits"):
        waits = _("Waiting for the photo since {when}: the solution clock stands still.")
        st.markdown(f":blue[:material/pause_circle:] {waits.format(when=since)}", width="stretch")
        if st.button(_("Go on without it"), icon=":material/play_arrow:", key=form.field("save")):
            with after_sales.saying(this, _("The solution clock goes on"), form):
                resume(form.once(shop, this.version), this.id, after_sales.seen(this))
