"""Words that say something about somebody's health or child; a hint never holds them. Pure.

The shop needs to know *that* and *how* goods are brought, never *why*. Which words those are is
decided in :mod:`lib.shop.sensitive`.
"""

import re

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.sensitive import sensitive_words

_BREAK = re.compile(r"[，,；;。!！?？、\n]+|\.(?:\s|$)")


def health_word(text: str) -> str | None:
    """Return the first word of ``text`` that tells of health or a child; None for none."""
    return next(iter(sensitive_words(text)), None)


def refuse_health(text: str) -> None:
    """Raise ``Refused`` when ``text`` tells why goods are brought instead of how."""
    word = health_word(text)
    if word is not None:
        raise Refused(
            N_("Write only how to hand over, never why: “{word}” tells of health or a child."),
            word=word,
        )


def neutral(text: str) -> str:
    """Return ``text`` without the parts of a sentence that tell of health or a child."""
    if health_word(text) is None:
        return text
    kept = [part.strip() for part in _BREAK.split(text) if health_word(part) is None]
    left = "，".join(part for part in kept if part)
    return "" if health_word(left) else left
