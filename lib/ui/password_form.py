"""Changing one's password: of one's own will, or because it is a one-time password."""

import streamlit as st

from lib.shop.people.commands import change_own_password
from lib.shop.shop import Shop
from lib.ui import feedback
from lib.ui.forms import Form
from lib.ui.words import _


def first(shop: Shop) -> None:
    """Show the form in place of every page, until a one-time password has been changed."""
    with st.container(width=460, key="door"):
        st.title(_("Choose your own password"))
        st.markdown(_("The owner knew the one-time password. From now on only you know yours."))
        _draw(shop, _("One-time password"))


def usual(shop: Shop) -> None:
    """Show the form on the account page."""
    _draw(shop, _("Old password"))


def _draw(shop: Shop, old_label: str) -> None:
    form = Form("own_password")
    with st.form(form.field("form"), border=True):
        old = st.text_input(
            old_label, type="password", key=form.field("old"), autocomplete="current-password"
        )
        new = st.text_input(
            _("New password"),
            type="password",
            key=form.field("new"),
            autocomplete="new-password",
            help=_("At least 8 characters. Three or four words make a good one."),
        )
        again = st.text_input(
            _("New password once more"),
            type="password",
            key=form.field("again"),
            autocomplete="new-password",
        )
        pressed = st.form_submit_button(
            _("Change password"), type="primary", key=form.field("save")
        )
    if pressed and new != again:
        st.error(_("The two passwords differ."), icon=":material/info:")
    elif pressed:
        notice = _("Password changed. Other browsers were signed out.")
        with feedback.saying(notice, form):
            change_own_password(form.once(shop), old=old, new=new)
