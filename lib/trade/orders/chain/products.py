"""The round's products as the parser looks them up: names, aliases and menu letters (R8, R10)."""

import re

from lib.trade.orders.chain.glyphs import Folded, fold_word
from lib.trade.orders.chain.model import CatalogueItem

_LETTER = re.compile(r"(?<![a-z])([a-z])(?![a-z])[\s.、:)-]{0,3}")


class Shelf:
    """Finds product words in folded lower-case text, the longest first.

    A word shared by two products stays shared: `at` returns both, and nobody guesses.
    """

    def __init__(self, items: tuple[CatalogueItem, ...], letters: dict[str, set[int]]) -> None:
        self.items = items
        self.letters = letters
        words: dict[str, set[int]] = {}
        for index, item in enumerate(items):
            for word in (item.name, *item.aliases):
                if folded := fold_word(word):
                    words.setdefault(folded, set()).add(index)
        for letter, indexes in letters.items():
            words.setdefault(letter, set()).update(indexes)
        self.words = {word: tuple(sorted(indexes)) for word, indexes in words.items()}
        by_length = sorted(self.words, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, by_length))) if by_length else None
        self._initials = frozenset(word[0] for word in self.words)
        self._letters = frozenset(w for w in self.words if len(w) == 1 and "a" <= w <= "z")

    @classmethod
    def of(cls, items: tuple[CatalogueItem, ...]) -> "Shelf":
        """Make the shelf of a catalogue, without menu letters."""
        return cls(items, {})

    @property
    def single(self) -> bool:
        """Whether only one product is on offer: a bare quantity then belongs to it (R8)."""
        return len(self.items) == 1

    def is_word(self, written: str) -> bool:
        """Whether the folded text is exactly one product word."""
        return written.strip() in self.words

    def at(self, text: str, place: int) -> tuple[int, tuple[int, ...]]:
        """Length and product indexes of the longest product word at `place`, (0, ()) if none."""
        if not self._pattern or text[place : place + 1] not in self._initials:
            return 0, ()
        match = self._pattern.match(text, place)
        if not match:
            return 0, ()
        word = match.group()
        if not self._stands_alone(text, place, match.end()):
            return 0, ()
        return len(word), self.words[word]

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        """Latin words match whole words only: the A of Amy is not dish A."""
        if _latin(text[end - 1 : end]) and _latin(text[end : end + 1]):
            times = text[end] == "x" and text[end + 1 : end + 2].isdigit()
            if not times and not self._menu_run(text, start):
                return False
        if _latin(text[start : start + 1]) and start and _latin(text[start - 1]):
            return self._menu_run(text, start)
        return True

    def _menu_run(self, text: str, place: int) -> bool:
        """Whether the Latin letters around `place` are all menu letters (AB各一份)."""
        start = end = place
        while start and _latin(text[start - 1]) and place - start < 8:
            start -= 1
        while end < len(text) and _latin(text[end]) and end - place < 8:
            end += 1
        run = text[start:end]
        return 1 < len(run) <= 6 and len(set(run)) == len(run) and set(run) <= self._letters

    def with_menu_letters(self, title: str) -> "Shelf":
        """Learn `A 鸡胸球 12元` lines of the title: the letter then names the product."""
        text, letters = Folded(title).lower, dict[str, set[int]]()
        for match in _LETTER.finditer(text):
            if match.group(1) in self.words:
                continue
            place = match.end()
            while place < len(text) and not text[place].isalnum() and place - match.end() < 3:
                if self.at(text, place)[0]:
                    break
                place += 1
            indexes = self.at(text, place)[1]
            if indexes:
                letters.setdefault(match.group(1), set()).update(indexes)
        return Shelf(self.items, letters) if letters else self


def _latin(letter: str) -> bool:
    return "a" <= letter <= "z"
