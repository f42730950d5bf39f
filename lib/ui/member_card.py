"""A member's card: giving one, printing it, and opening the file by it (R33)."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from lib.members.profiles.cards import commands
from lib.members.profiles.cards.queries import cards_of, member_by_card
from lib.members.profiles.cards.rules import MOST_AT_ONCE, scanned
from lib.members.profiles.queries import Card
from lib.shop.shop import Shop
from lib.ui import feedback
from lib.ui.forms import Form
from lib.ui.member_rewards import qr
from lib.ui.words import _

ASKED = "card"


def opened(shop: Shop) -> int | None:
    """Return whose card the address names (``?card=…``), and let it name the file from now on.

    None for no card; a card that is not known, or no longer, is said.
    """
    typed = st.query_params.get(ASKED)
    if typed is None:
        return None
    member_id = member_by_card(shop, typed)
    del st.query_params[ASKED]
    if member_id is None:
        st.warning(
            _("This card is not known here. It was replaced by another, or is of another shop."),
            icon=":material/qr_code_scanner:",
        )
        return None
    st.query_params["member"] = str(member_id)
    return member_id


def of_member(shop: Shop, card: Card) -> None:
    """Draw the card of a member: its code, printing it, and another one for a lost card."""
    st.markdown(f"#### {_('Member card')}")
    found = cards_of(shop, [card.id])
    if not found:
        st.caption(
            _("A card with a QR code finds this file at the desk. The code says nothing of them.")
        )
        _give(shop, card, _("Give a card"), _("The card is ready to be printed"))
        return
    code = found[0].code
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(qr(scanned(code, shop.settings.public_address)), width=140)
        with st.container(gap="xsmall", width="stretch"):
            st.markdown(f"## {found[0].said}")
            _print([card.id], f"card-{card.id}")
            with st.popover(_("The card is lost"), icon=":material/autorenew:", key="card-lost"):
                st.caption(_("They get a new code. The lost card finds nothing from then on."))
                _give(shop, card, _("Make a new card"), _("The lost card finds nothing any more"))


def of_several(shop: Shop, people: Sequence[Card]) -> None:
    """Offer cards for the members that are shown: giving those that are missing, and printing."""
    box = st.expander(
        _("Member cards"), icon=":material/qr_code_2:", key="cards-several", on_change="rerun"
    )
    ids = [one.id for one in people][:MOST_AT_ONCE]
    if not box.open or not ids:
        return
    with box:
        have = cards_of(shop, ids)
        missing = len(ids) - len(have)
        said = _("{count} of the {all} members shown above have a card.")
        st.caption(said.format(count=len(have), all=len(ids)))
        if missing:
            form = Form("give-cards")
            label = _("Give a card to the other {count}").format(count=missing)
            if st.button(label, key=form.field("save"), type="primary"):
                with feedback.saying(_("The cards are ready to be printed"), form):
                    commands.give_cards(form.once(shop, ids), ids)
        if have:
            _print([one.member_id for one in have], "cards")


def _give(shop: Shop, card: Card, label: str, done: str) -> None:
    form = Form(f"give-card-{card.id}")
    if st.button(label, icon=":material/qr_code_2:", key=form.field("save")):
        with feedback.saying(done, form):
            commands.give_card(form.once(shop, card.id), card.id)


def _print(member_ids: Sequence[int], key: str) -> None:
    named = st.checkbox(
        _("With the nickname"),
        help=_(
            "A card gets lost: without it nobody sees whose it is. Phone and room are never on it."
        ),
        key=f"{key}-named",
    )
    asked = [("member", one) for one in member_ids] + ([("names", 1)] if named else [])
    label = _("Print the card") if len(member_ids) == 1 else _("Print the cards")
    st.link_button(label, f"/print/cards?{urlencode(asked)}", icon=":material/print:")
