"""The pasted text as the rules read it: same order, one look per character, positions kept.

People paste full-width digits, invisible marks and eight kinds of dashes. `Folded` brings them
to one form so that the rules stay short, and remembers for every folded character where it stood
in the paste, so that a screen can highlight the original.
"""

import unicodedata

_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0e\ufe0f"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_BLANK = frozenset("\u2800\u3164\u115f\u1160\uffa0\x00")
_NEWLINE = frozenset("\n\r\x0b\x0c\x85\u2028\u2029\x1c\x1d\x1e")
_LOOKALIKE = (
    dict.fromkeys("‐‑‒–—―−﹣", "-")
    | dict.fromkeys("✕✖╳⨯∗＊﹡", "×")
    | dict.fromkeys("【[〔〖", "(")
    | dict.fromkeys("】]〕〗", ")")
    | {"➕": "+", "﹒": ".", "〜": "~", "∼": "~", "｡": "。", "㎏": "kg", "㎎": "mg", "㌘": "g"}
)
# These would turn one sign into another number: 2² is not 22, 1½ is not 11/2, ① is an entry number.
_KEPT_TAGS = ("<super>", "<sub>", "<circle>", "<fraction>")


def is_invisible(character: str) -> bool:
    """Say whether a character takes no room on the screen (zero width, variation selector)."""
    return character in _INVISIBLE


def _one_look(character: str) -> str:
    if character in _LOOKALIKE:
        return _LOOKALIKE[character]
    if character.isspace() or character in _BLANK:
        return " "
    if character < "\x80" or "\u4e00" <= character <= "\u9fff":
        return character
    if unicodedata.decomposition(character).startswith(_KEPT_TAGS):
        return character
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return character
    return " " if plain.isspace() else _LOOKALIKE.get(plain, plain)


def fold_word(word: str) -> str:
    """Fold a short word (an alias, a unit) the way the text is folded, in lower case, trimmed."""
    return Folded(word).lower.strip()


def _lower(text: str) -> str:
    """Lower case of equal length: the few letters that grow (İ) stay as they are."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class Folded:
    """A text in one look. `text` folded, `lower` the same in lower case, of equal length.

    Positions given to the methods count folded characters; spans handed out count characters of
    the original.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        letters: list[str] = []
        places: list[int] = []
        known: dict[str, str] = {}
        previous = ""
        for place, character in enumerate(original):
            if character in _INVISIBLE or (character == "\n" and previous == "\r"):
                previous = character
                continue
            previous = character
            if character in _NEWLINE:
                look = "\n"
            else:
                look = known.get(character) or known.setdefault(character, _one_look(character))
            letters.append(look)
            places.append(place)
            if len(look) > 1:
                places.extend([place] * (len(look) - 1))
        self.text = "".join(letters)
        self.lower = _lower(self.text)
        self._places = places

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of the folded characters from `start` up to `end`."""
        if start >= end:
            place = self._places[start] if start < len(self._places) else len(self.original)
            return (place, place)
        return (self._places[start], self._places[end - 1] + 1)

    def source(self, start: int, end: int) -> str:
        """Return the original characters of a folded range, invisible marks of control left out."""
        first, last = self.span(start, end)
        kept = (c for c in self.original[first:last] if c not in _INVISIBLE or c == "\ufe0f")
        return "".join(kept).strip()

    def was(self, position: int) -> str:
        """Return the original character behind a folded one."""
        return self.original[self._places[position]]
