"""Codes on paper: signs that nobody mistakes for others, read back however they are typed."""

import secrets
import unicodedata

SIGNS = "34679CDFGHJKMNPQRTWXY"
"""Signs of a code: none that is taken for another in handwriting, and no words come of them."""

LENGTH = 8
"""Signs of a code: 38 thousand million of them, so that nobody comes upon one by trying."""

_BETWEEN = str.maketrans("", "", " -_·.—–−")


def new_code() -> str:
    """Return a code nobody can guess; it says nothing of anybody."""
    return "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))


def bare(text: str) -> str:
    """Return what was typed or scanned in one case, full-width folded, nothing between signs."""
    return unicodedata.normalize("NFKC", text).translate(_BETWEEN).strip().upper()


def is_code(text: str) -> bool:
    """Whether ``text``, which is bare, could be a code."""
    return len(text) == LENGTH and set(text) <= set(SIGNS)
