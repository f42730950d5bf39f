"""Forms that save once and lose nothing.

A :class:`Form` has a key made when it is first shown and kept until its save succeeds. The key goes
into the database in the same transaction as the change, so a double click, a second tab or a retry
is one row. Field keys contain it: a refused save keeps what was typed, a successful one empties it.
"""

import uuid
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from lib.shop.shop import FormKey, Shop

Kept = TypeVar("Kept")
_SEEN = "seen:"
_PAGE = "forms_page"


@dataclass(frozen=True)
class Form:
    """One showing of the form ``name``."""

    name: str

    @property
    def key(self) -> str:
        """The key of this showing, made at first use."""
        slot = f"form:{self.name}"
        if slot not in st.session_state:
            st.session_state[slot] = uuid.uuid4().hex
        return str(st.session_state[slot])

    def field(self, name: str) -> str:
        """Return the widget key of field ``name``."""
        return f"{self.name}:{name}:{self.key[:8]}"

    def once(self, shop: Shop, *values: object) -> Shop:
        """Return ``shop`` bound to this showing and to the ``values`` being saved."""
        return shop.once(FormKey.of(self.key, list(values)))

    def seen(self, name: str, value: Kept) -> Kept:
        """Return ``value`` as it was when this form was first shown.

        Versions go through here: a rerun reads them anew, but a save must name those that the
        person at the screen saw (reliability R5).
        """
        kept: Kept = st.session_state.setdefault(self._memory, {}).setdefault(name, value)
        return kept

    def look_again(self) -> None:
        """Forget what was seen: after a conflict the next save names the new state."""
        st.session_state.pop(self._memory, None)

    def renew(self) -> None:
        """Forget the key: the next showing is a new form with empty fields."""
        self.look_again()
        st.session_state.pop(f"form:{self.name}", None)

    def keep_up(self, *others: str) -> None:
        """Let ``others`` about the same row know the version that a save of this one just made.

        Call it after the command. Without it the second of two saves by one person would be
        refused as stale. A form that saw another version than this one did still has somebody
        else's change to be told of. What was typed in the others stays.
        """
        mine = st.session_state.get(self._memory, {}).get("version")
        for other in map(Form, others):
            if st.session_state.get(other._memory, {}).get("version") == mine:
                other.look_again()

    @property
    def _memory(self) -> str:
        return f"{_SEEN}{self.name}"


def newly_here(name: str, what: object) -> bool:
    """Whether ``what`` was come to just now: at the last run of this page it was something else.

    A page that was left and opened again begins anew.
    """
    slot = f"{_SEEN}here:{name}"
    known = st.session_state.get(slot)
    st.session_state[slot] = what
    return known != what


def at_page(name: str) -> None:
    """Forget what the forms of another page saw when page ``name`` is opened.

    Their fields are made anew with what stands in the books then, and so must be their versions.
    """
    if st.session_state.get(_PAGE) == name:
        return
    st.session_state[_PAGE] = name
    for slot in [str(key) for key in st.session_state if str(key).startswith(_SEEN)]:
        del st.session_state[slot]
