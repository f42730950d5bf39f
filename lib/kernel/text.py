"""Text as people type it, made safe to keep and to compare."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DIRECTION = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_WORD = re.compile(r"[\W_]+")
_MOBILE = r"(?<!\d)(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ .-]?\d{4}){2}(?!\d)"
_LANDLINE = r"(?<!\d)\(?0\d{2,3}\)?[ -]\d{7,8}(?!\d)"
_PHONE = re.compile(f"{_MOBILE}|{_LANDLINE}")


def clean(text: str, longest: int = 200, *, lines: bool = False) -> str:
    """Return ``text`` without control, direction-override and half characters, trimmed.

    With ``lines`` line breaks stay, otherwise white space folds to one space. Cut to ``longest``
    characters. Emoji with joiners survive: nicknames are full of them.
    """
    text = _LONE_SURROGATE.sub("", _DIRECTION.sub("", _CONTROL.sub("", text)))
    if lines:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()[:longest]
    return " ".join(text.split())[:longest]


def folded(text: str) -> str:
    """Return ``text`` for comparing names: full-width folded, case folded, no spaces or marks.

    A name of nothing but emoji or marks folds to itself without spaces, so that it stays unlike
    other names.
    """
    plain = unicodedata.normalize("NFKC", text).replace("\ufe0f", "").casefold()
    return _NOT_WORD.sub("", plain) or "".join(plain.split())


def holds_phone(text: str) -> bool:
    """Whether a Chinese phone number stands in ``text``, in whatever digits and with +86 or not."""
    plain = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-")
    return _PHONE.search(plain) is not None


def hide_phones(text: str) -> str:
    """Return ``text`` with every phone number cut to ``138****8000``; the same text for none."""
    if not holds_phone(text):
        return text
    plain = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-")
    return _PHONE.sub(lambda found: _cut(found[0]), plain)


def _cut(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    # A mobile number has eleven digits behind +86; others keep their first three.
    bare = digits[-11:] if len(digits) > 12 else digits
    return f"{bare[:3]}****{bare[-4:]}"
