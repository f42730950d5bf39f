"""Cutting a long text into messages that a group takes (E17). Pure.

A message is measured in UTF-8 bytes: a Chinese character has three. Cuts fall at line ends, else
at spaces and commas, else anywhere but inside a name after ``@`` and inside a sign that is made of
several characters (👨‍👩‍👧, ⬆️, 🇨🇳).
"""

import re
from collections.abc import Collection, Sequence

LEAST_BYTES = 40
"""A message shorter than this has no room for its mark and a word."""

_MODIFIERS = "\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_SIGN = rf"[\U0001f1e6-\U0001f1ff]{{2}}|\r\n|[\s\S][{_MODIFIERS}]*(?:\u200d[\s\S][{_MODIFIERS}]*)*"
_NAME = r"@[^\s@,;:!?，、；：。！？]+"
_LINE_END, _PAUSE = 2, 1
_PAUSES = frozenset(" \t\u2005\u3000,;，、；。！？")


def pieces(text: str, most_bytes: int, names: Collection[str] = ()) -> list[str]:
    """Return ``text`` in messages of at most ``most_bytes`` bytes, in order, none of them empty.

    Several carry marks: ``(1/3) …``. ``names`` are called as ``@name`` and never cut, even with a
    space in them. Only what is longer than a whole message is cut where it must be.
    """
    if most_bytes < LEAST_BYTES:
        raise ValueError(f"a message of {most_bytes} bytes has no room for a text")
    if not text.strip():
        return []
    if _size(text) <= most_bytes:
        return [text]
    atoms = _atoms(text, names)
    for digits in range(1, 6):
        cut = _cut(atoms, most_bytes - len("(/) ") - 2 * digits)
        if len(str(len(cut))) <= digits:
            return [f"({number}/{len(cut)}) {part}" for number, part in enumerate(cut, 1)]
    raise ValueError("the text is too long for any number of messages")


def _size(text: str) -> int:
    return len(text.encode())


def _atoms(text: str, names: Collection[str]) -> list[str]:
    """Return ``text`` in the parts that are never cut."""
    known = "|".join(re.escape(f"@{name}") for name in sorted(names, key=len, reverse=True) if name)
    pattern = "|".join(part for part in (known, _NAME, _SIGN) if part)
    return re.findall(pattern, text)


def _cut(atoms: Sequence[str], room: int) -> list[str]:
    atoms = [part for atom in atoms for part in _that_fit(atom, room)]
    found, start = [], 0
    while start < len(atoms):
        end, used = start, 0
        while end < len(atoms) and used + _size(atoms[end]) <= room:
            used += _size(atoms[end])
            end += 1
        if end < len(atoms):
            end = _best_end(atoms, start, end)
        part = "".join(atoms[start:end]).strip()
        if part:
            found.append(part)
        start = end
    return found


def _that_fit(atom: str, room: int) -> list[str]:
    """Return ``atom``, or its characters when it is longer than a whole message."""
    return [atom] if _size(atom) <= room else list(atom)


def _best_end(atoms: Sequence[str], start: int, end: int) -> int:
    """Return where to cut after ``start`` and not later than ``end``: the last line end, pause."""
    for wanted in (_LINE_END, _PAUSE):
        for place in range(end, start, -1):
            if _quality(atoms[place - 1], atoms[place]) >= wanted and _is_text(atoms, start, place):
                return place
    return end


def _is_text(atoms: Sequence[str], start: int, end: int) -> bool:
    return any(not atom.isspace() for atom in atoms[start:end])


def _quality(before: str, after: str) -> int:
    if "\n" in before or "\n" in after:
        return _LINE_END
    return _PAUSE if before in _PAUSES or after.isspace() else 0
