"""Who is at this screen, asked anew on every run.

``staff()`` and ``owner()`` are the guards: the first statement of a page. They return the shop as
that person sees it, or show the sign-in form and end the run. Nothing is trusted that an earlier
run left behind: the cookie is looked up in the database, and session state that belongs to another
person is thrown away (reliability R14).
"""

from typing import NoReturn

import streamlit as st

from lib.shop.opening import premises
from lib.shop.people import queries as people
from lib.shop.shop import RESIDENT, Actor, Role, Shop
from lib.ui.words import _

COOKIE = "linli_session"
_BOUND = "bound_to_person"
_KEPT = ("language",)


def visitor() -> Shop:
    """Return the shop for whoever is here: owner, staff, or a resident without login."""
    books = premises()
    actor = people.actor_of_cookie(books.store, st.context.cookies.get(COOKIE), books.clock.now())
    _bind(actor)
    return books.shop(actor or RESIDENT)


def staff() -> Shop:
    """Guard of a page for owner and staff; returns their shop or ends the run."""
    shop = visitor()
    if shop.actor.role not in (Role.OWNER, Role.STAFF):
        _ask_to_sign_in()
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


def _bind(actor: Actor | None) -> None:
    bound = actor.session_id if actor else None
    if st.session_state.get(_BOUND, bound) != bound:
        for name in [name for name in st.session_state if name not in _KEPT]:
            del st.session_state[name]
    st.session_state[_BOUND] = bound


def _ask_to_sign_in() -> NoReturn:
    from lib.ui import sign_in  # the login library takes a second to import

    sign_in.show()
    st.stop()
