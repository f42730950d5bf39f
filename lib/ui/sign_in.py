"""The sign-in form."""

import streamlit as st

from lib.ui.words import _


def show() -> None:
    """Show the sign-in form in place of a page."""
    st.header(_("Sign in"))
