"""Telling people what happened.

``with feedback.saying(_("Round closed")):`` runs one command. A refusal is shown in place and
nothing typed is lost; success stores the notice and reruns (a toast before a rerun is lost); a form
saved before says so. Anything else is a fault of the program and is left to crash the run: the
error hook logs it under an incident number.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.kernel.errors import Conflict, ShopError
from lib.shop.shop import Repeated
from lib.ui.forms import Form
from lib.ui.words import _, plain

_NOTICE = "notice"


@contextmanager
def saying(notice: str | None = None, form: Form | None = None) -> Iterator[None]:
    """Run a command; show its refusal, or keep ``notice`` for the next run and rerun.

    ``form`` is made anew after success, so that its fields are empty again.
    """
    try:
        yield
    except Repeated:
        notice = _("This was already saved; nothing was booked twice.")
    except ShopError as error:
        if isinstance(error, Conflict) and form is not None:
            form.look_again()
        icon = ":material/sync_problem:" if isinstance(error, Conflict) else ":material/info:"
        st.error(refusal(error), icon=icon)
        return
    if form is not None:
        form.renew()
    if notice:
        st.session_state[_NOTICE] = notice
    st.rerun()


def keep(notice: str) -> None:
    """Keep a notice for the next run that is known only once the command has returned."""
    st.session_state[_NOTICE] = notice


def refusal(error: ShopError) -> str:
    """Return the sentence of ``error`` in the reader's language, its values shown as typed."""
    values = {name: plain(value) for name, value in error.values.items()}
    return _(error.sentence).format(**values)


def show_notice() -> None:
    """Show what the last run left to say; called once by the frame."""
    notice = st.session_state.pop(_NOTICE, None)
    if notice:
        st.toast(notice, icon=":material/check_circle:", duration="long")
