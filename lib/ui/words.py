"""Saying things in the reader's language.

The language lives in the browser session: chosen in the frame (and kept in a cookie), else
the browser's own, else Chinese. Text typed by people is shown through :func:`plain`, never as
markup.
"""

import re

import streamlit as st

from lib.shop.language import LANGUAGES, preferred, translator
from lib.shop.people import cookies

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/=])")


def language() -> str:
    """Return the language of this session: ``zh_CN`` or ``en``."""
    chosen = st.session_state.get("language")
    if chosen not in LANGUAGES:
        said = (st.query_params.get("lang", ""), st.context.cookies.get(cookies.LANGUAGE, ""))
        known = [asked for asked in said if asked in LANGUAGES]
        chosen = known[0] if known else preferred(st.context.locale)
        st.session_state["language"] = chosen
    return str(chosen)


def _(sentence: str) -> str:
    """Return ``sentence`` in the reader's language."""
    return translator(language())(sentence)


def plain(text: object) -> str:
    """Return ``text`` so that markdown shows it exactly as it was typed.

    Nothing in it becomes a link, an image, a colour or a formula (reliability R17).
    """
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))
