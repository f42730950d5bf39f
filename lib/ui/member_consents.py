"""A member's file: what they agreed to, taking it back, and who looked into the file (R33, R34)."""

import streamlit as st

from lib.members.consents.commands import give_consent, withdraw_consent
from lib.members.consents.queries import Entry, State, consents_of, wordings_now
from lib.members.consents.rules import (
    ASKED,
    EFFECTS,
    HOW_GIVEN,
    HOW_TAKEN_BACK,
    PURPOSES,
    How,
)
from lib.members.profiles.openings.commands import note_opening
from lib.members.profiles.openings.queries import openings_of
from lib.members.profiles.openings.rules import WHATS, What
from lib.members.profiles.queries import Card
from lib.shop.shop import Shop
from lib.ui import feedback, show
from lib.ui.forms import Form, newly_here
from lib.ui.words import _, plain


def of_member(shop: Shop, card: Card) -> None:
    """Draw what a member agreed to: where each purpose stands, asking, and taking it back."""
    found, texts = consents_of(shop, card.id), wordings_now(shop)
    st.markdown(f"#### {_('Consents')}")
    st.caption(_("Each is asked for by itself, and saying no changes neither service nor prices."))
    for state in found.states:
        with st.container(border=True, key=f"consent-{state.purpose}"):
            _state(shop, state)
            if state.stands:
                _take_back(shop, card, state)
            if not state.stands or state.reworded:
                _ask(shop, card, state, texts[state.purpose])
    _history(shop, found.history)
    who_looked(shop, card)


def note_look(shop: Shop, member_id: int | None) -> None:
    """Write down that a file was opened: once each time it is come to, not at every touch.

    None says that no file is open.
    """
    if newly_here("member", member_id) and member_id is not None:
        note_opening(shop, member_id, What.OPENED)


def _state(shop: Shop, state: State) -> None:
    newest = state.newest
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_(PURPOSES[state.purpose])}**", width="stretch")
        if newest is None:
            show.state("quiet", _("not asked"))
        elif not state.stands:
            show.state("quiet", _("taken back {when}").format(when=show.moment(newest.at, shop)))
        elif state.reworded:
            show.state("soon", _("agreed to an earlier wording"))
        else:
            show.state("good", _("agreed {when}").format(when=show.moment(newest.at, shop)))
    if newest is not None:
        st.caption(_said(newest))


def _said(entry: Entry) -> str:
    how = HOW_GIVEN if entry.given else HOW_TAKEN_BACK
    wording = _("wording {version}").format(version=entry.version) if entry.version else ""
    return " · ".join(part for part in (_(how[entry.how]), wording, plain(entry.by)) if part)


def _take_back(shop: Shop, card: Card, state: State) -> None:
    form = Form(f"withdraw-{state.purpose}-{card.id}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = _how(form, HOW_TAKEN_BACK)
        pressed = st.button(
            _("Consent withdrawn"),
            icon=":material/block:",
            help=_(EFFECTS[state.purpose]),
            key=form.field("save"),
        )
    st.caption(_(EFFECTS[state.purpose]))
    if pressed:
        with feedback.saying(_("Taken back; it holds from now on"), form):
            withdraw_consent(form.once(shop, card.id, how), card.id, state.purpose, how)


def _ask(shop: Shop, card: Card, state: State, text: str) -> None:
    label = _("Ask again in today's words") if state.stands else _("Ask for it")
    key = f"ask-{state.purpose}"
    with st.expander(label, icon=":material/contract_edit:", key=key):
        st.caption(_("Read this out or send it, word for word; it is kept with the answer."))
        show.copyable(text, f"consent-{state.purpose}-{card.id}")
        form = Form(f"consent-{state.purpose}-{card.id}")
        how = _how(form, HOW_GIVEN)
        if st.button(_("They agreed"), icon=":material/check:", key=form.field("save")):
            with feedback.saying(_("Consent noted"), form):
                give_consent(form.once(shop, card.id, how), card.id, state.purpose, how)


def _how(form: Form, names: dict[How, str]) -> How:
    said = {how: _(names[how]) for how in ASKED}
    return st.selectbox(
        _("How"), list(said), format_func=said.__getitem__, key=form.field("how"), width=260
    )


def _history(shop: Shop, history: tuple[Entry, ...]) -> None:
    if not history:
        return
    with st.expander(_("What was said before"), icon=":material/history:", key="consent-history"):
        for entry in history:
            verb = _("agreed") if entry.given else _("consent taken back")
            when = show.moment(entry.at, shop)
            st.markdown(f"**{_(PURPOSES[entry.purpose])}** · {verb} · {when}")
            st.caption(_said(entry))
            if entry.text:
                with st.popover(_("The words of then"), key=f"words-{entry.id}"):
                    st.text(entry.text)


def who_looked(shop: Shop, card: Card) -> None:
    """Draw who opened, exported or printed the file, so that a resident who asks can be told."""
    found = openings_of(shop, card.id)
    if not found:
        return
    with st.expander(_("Who looked into this file"), icon=":material/visibility:", key="looked"):
        for one in found:
            times = _("{count} times that day").format(count=one.times) if one.times > 1 else ""
            parts = (show.day(one.day, shop), plain(one.person), _(WHATS[one.what]), times)
            st.markdown(" · ".join(part for part in parts if part))
        st.caption(_("Kept for {months} months.").format(months=shop.settings.keep_opening_months))
