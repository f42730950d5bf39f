"""The way in for residents: where they report by themselves, and the text that tells them (R28)."""

import streamlit as st

from lib.service.after_sales.links.rules import HELP_PAGE
from lib.shop.messages.service_events import CASE_DOOR
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.ui import addresses, messages_text
from lib.ui.words import _

SUBJECT = "setting:case_door"


def tell(shop: Shop) -> None:
    """Draw, folded, the text that tells the group where to report; nothing while it is closed."""
    if not shop.settings.case_door:
        return
    with st.expander(_("Residents may report by themselves: tell the group")):
        address = addresses.of_path(shop, HELP_PAGE)
        text = said(
            shop,
            CASE_DOOR,
            address=address,
            minutes=shop.settings.reply_minutes,
            hours=shop.settings.solve_hours,
        )
        messages_text.offer(shop, CASE_DOOR, SUBJECT, text, "case-door")


def link(shop: Shop) -> None:
    """Draw the way to the page for residents; nothing while it is closed."""
    if shop.settings.case_door:
        st.link_button(
            _("Something wrong with your goods?"), HELP_PAGE, icon=":material/support_agent:"
        )
