"""Marking sentences for translation where none can be done.

Rules, commands and queries know no reader and hence no language. They mark a sentence with
:func:`N_`; the screen that shows it translates it.
"""


def N_(sentence: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Return ``sentence`` unchanged; its presence puts the sentence into the catalogue."""
    return sentence
