"""Saying things in the reader's language.

The language lives in the browser session: chosen in the frame (and kept in a cookie), else
the browser's own, else Chinese. Text typed by people is shown through :func:`plain`, never as
markup.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.shop.language import LANGUAGES, preferred, translator
from lib.shop.people import cookies

_MARKUP = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]()<>#+-.!|~$:&@/="})
_CHOSEN = "language"
_KNOWN = "_linli_language"


def language() -> str:
    """Return the language of this session: ``zh_CN`` or ``en``.

    A page says thousands of sentences, and asking the session's state for each costs more than
    saying it. The answer is kept on the context of the running script, which belongs to one
    session; :func:`choose` alone changes it.
    """
    context = get_script_run_ctx(suppress_warning=True)
    known: str | None = getattr(context, _KNOWN, None)
    if known is None:
        known = _asked()
        if context is not None:
            setattr(context, _KNOWN, known)
    return known


def choose(chosen: str) -> None:
    """Let this session read ``chosen`` from now on, in this run already."""
    st.session_state[_CHOSEN] = chosen
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        setattr(context, _KNOWN, chosen)


def _asked() -> str:
    chosen = st.session_state.get(_CHOSEN)
    if chosen not in LANGUAGES:
        said = (st.query_params.get("lang", ""), st.context.cookies.get(cookies.LANGUAGE, ""))
        known = [asked for asked in said if asked in LANGUAGES]
        chosen = known[0] if known else preferred(st.context.locale)
        st.session_state[_CHOSEN] = chosen
    return str(chosen)


def _(sentence: str) -> str:
    """Return ``sentence`` in the reader's language."""
    return translator(language())(sentence)


def plain(text: object) -> str:
    """Return ``text`` so that markdown shows it exactly as it was typed.

    Nothing in it becomes a link, an image, a colour or a formula (reliability R17).
    """
    return " ".join(str(text).split()).translate(_MARKUP)
