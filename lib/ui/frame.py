"""What stands around every page: the shop's name, who is here, the language, the last notice."""

import streamlit as st

from lib.shop.language import LANGUAGES
from lib.shop.shop import DESK, Role, Shop
from lib.ui import feedback, shell
from lib.ui.words import _, choose, language, plain


def draw(shop: Shop) -> None:
    """Draw the sidebar around a page and the notice the last run left."""
    st.logo(shell.ASSETS / "logo.svg", size="large", link=None)
    with st.sidebar:
        with st.container(key="frame-shop", gap="xxsmall"):
            st.markdown(f"**{plain(shop.settings.shop_name or _('Linli'))}**")
            if shop.settings.community:
                st.caption(plain(shop.settings.community))
            if shop.place.demo:
                st.badge(_("Demo: all of it is invented"), color="orange")
            if shop.actor.role in DESK:
                _who(shop)
        _languages()
    feedback.show_notice()


def _languages() -> None:
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        default=language(),
        key="language_choice",
        on_change=_choose_language,
        label_visibility="collapsed",
    )
    chosen = st.session_state.get("language_chosen", "")
    st.html(shell.language_mark(language(), keep=bool(chosen)))


def _choose_language() -> None:
    chosen = st.session_state.get("language_choice")
    if chosen in LANGUAGES:
        choose(chosen)
        st.session_state["language_chosen"] = chosen


def _who(shop: Shop) -> None:
    role = _("Owner") if shop.actor.role is Role.OWNER else _("Staff")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/account_circle: {plain(shop.actor.name)} · {role}", width="content")
        st.html(shell.sign_out_form(_("Sign out")), width="content")
