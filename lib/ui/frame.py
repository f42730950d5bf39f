"""What stands around every page: the shop's name, who is here, the language, the last notice."""

import streamlit as st

from lib.shop.language import LANGUAGES
from lib.shop.shop import DESK, Shop
from lib.ui import feedback
from lib.ui.words import _, language, plain


def draw(shop: Shop) -> None:
    """Draw the sidebar around a page and the notice the last run left."""
    with st.sidebar:
        st.markdown(f"### {plain(shop.settings.shop_name or _('Linli'))}")
        if shop.settings.community:
            st.caption(plain(shop.settings.community))
        if shop.place.demo:
            st.badge(_("Demo shop: invented people and figures"), color="orange")
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=language(),
            key="language_choice",
            on_change=_choose_language,
            label_visibility="collapsed",
        )
        if shop.actor.role in DESK:
            _who(shop)
    feedback.show_notice()


def _choose_language() -> None:
    chosen = st.session_state.get("language_choice")
    if chosen in LANGUAGES:
        st.session_state["language"] = chosen


def _who(shop: Shop) -> None:
    st.caption(f":material/account_circle: {plain(shop.actor.name)}")
