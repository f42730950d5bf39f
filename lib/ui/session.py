"""Who is at this screen, asked anew on every run.

``staff()`` and ``owner()`` are the guards: the first statement of a page. They return the shop as
that person sees it, or show the sign-in form and end the run. Nothing is trusted that an earlier
run left behind: the cookie is looked up in the database, and session state that belongs to another
person is thrown away (reliability R14).
"""

from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.shop.opening import premises
from lib.shop.people import cookies, entering, tabs
from lib.shop.people.queries import SignedIn, signed_in
from lib.shop.shop import RESIDENT, Role, Shop
from lib.ui.words import _

COOKIE = cookies.SESSION
_BOUND = "bound_to_person"
_KEPT = ("language", "language_chosen")


def visitor() -> Shop:
    """Return the shop for whoever is here: owner, staff, or a resident without login."""
    here = _here()
    return premises().shop(here.actor if here else RESIDENT)


def staff() -> Shop:
    """Guard of a page for owner and staff; returns their shop or ends the run.

    Somebody with a one-time password sees only the form to change it.
    """
    here = _here()
    if here is None:
        _ask_to_sign_in()
    shop = premises().shop(here.actor)
    if here.must_change_password:
        _ask_for_own_password(shop)
    return shop


def owner() -> Shop:
    """Guard of a page for the owner; returns the owner's shop or ends the run."""
    shop = staff()
    if shop.actor.role is not Role.OWNER:
        st.error(_("This page is for the owner."), icon=":material/lock:")
        st.stop()
    return shop


def resident() -> Shop:
    """Guard of a public page: returns the shop as any resident sees it, whoever looks."""
    return visitor().acting(RESIDENT)


def _here() -> SignedIn | None:
    books = premises()
    now = books.clock.now()
    here = signed_in(books.store, cookies.find(st.context.cookies, cookies.SESSION), now)
    _bind(here.actor.session_id if here else None)
    if here and here.actor.session_id and now - here.last_seen_at > entering.SEEN_EVERY:
        entering.touch(books.shop(), here.actor.session_id)
    return here


def _bind(session_id: int | None) -> None:
    if st.session_state.get(_BOUND, session_id) != session_id:
        for name in [name for name in st.session_state if name not in _KEPT]:
            del st.session_state[name]
    st.session_state[_BOUND] = session_id
    context = get_script_run_ctx()
    if context is not None:
        tabs.claim(context.session_id, session_id)


def _ask_to_sign_in() -> NoReturn:
    from lib.ui import sign_in  # the login library takes a second to import

    sign_in.show()
    st.stop()


def _ask_for_own_password(shop: Shop) -> NoReturn:
    from lib.ui import password_form

    password_form.first(shop)
    st.stop()
