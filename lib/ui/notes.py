"""Free-text notes about residents: nothing about health, pregnancy or children stands in them.

The commands refuse such words; a note that means something else with one of them (甲鱼炖汤治病)
is saved once a person ticks that. What was typed stays in the form.
"""

import streamlit as st

from lib.shop.sensitive import sensitive_words
from lib.ui.forms import Form
from lib.ui.words import _, plain


def hint() -> str:
    """Return what the help of a note says."""
    return _("Nothing about health, pregnancy or children: that is never noted.")


def confirmed(form: Form, name: str = "note", before: str = "") -> bool:
    """Draw the tick for the note in field ``name`` if it needs one; return whether it is ticked.

    ``before`` is what stood there: its words were confirmed then. Draw it after the field.
    """
    typed = str(st.session_state.get(form.field(name)) or "")
    known = sensitive_words(before)
    words = [word for word in sensitive_words(typed) if word not in known]
    if not words:
        return False
    st.warning(
        _("These words may tell of health or a child: {words}").format(
            words=plain("、".join(words))
        ),
        icon=":material/health_and_safety:",
    )
    return st.checkbox(
        _("The note says nothing about anybody's health or child"),
        key=form.field(f"{name}-confirmed"),
    )
