"""The way to the privacy notice from the public pages (PIPL 17)."""

import streamlit as st

from lib.members.consents.notice.rules import LIGHT_PAGE
from lib.ui.words import _, language


def link() -> None:
    """Draw the link to the notice, in the reader's language."""
    st.link_button(
        _("How we treat your data"),
        f"{LIGHT_PAGE}?lang={language()}",
        icon=":material/shield_person:",
    )
