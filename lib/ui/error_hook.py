"""What a screen shows when the program is at fault: a sentence and the incident's number (D9)."""

import streamlit as st

from lib.kernel.words import N_
from lib.shop import incidents
from lib.ui.words import _

SORRY = N_(
    "Something went wrong on our side. What was saved before is safe. "
    "Reload the page; if it happens again, tell the owner number {number}."
)


def on_script_error(fault: Exception) -> bool:
    """Log ``fault`` with everything, show nothing of it; Streamlit's hook."""
    number = incidents.record(fault)
    st.error(_(SORRY).format(number=number), icon=":material/healing:")
    return True
