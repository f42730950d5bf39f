"""After an erasure is saved: what lies outside the rows. Files, logs, free pages, the list.

Nothing here is undone when it fails: it is done again by :func:`lib.members.erasure.commands.
keep_up`, which the clockwork calls.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib.shop import erasures
from lib.shop.erasures import Erased
from lib.shop.files import storage
from lib.shop.shop import Shop

SHORTEST_WORD = 2
_to_rewrite: set[Path] = set()
"""Folders of which the database still has to be written anew: somebody was reading, or no room."""


@dataclass(frozen=True)
class Leftover:
    """What one erasure leaves outside the books; called with the shop, it is cleared away."""

    erased: tuple[Erased, ...]
    files: tuple[str, ...]
    words: tuple[str, ...]

    def __call__(self, shop: Shop) -> None:
        """Write the list, delete the files, and blacken the words in the logs."""
        erasures.note(shop.place, self.erased)
        for sha256 in self.files:
            storage.path_of(shop.place, sha256).unlink(missing_ok=True)
        blacken(sorted(shop.place.logs.glob("*.log*")), self.words)


def rewrite(shop: Shop) -> None:
    """Leave no byte of what was deleted in the file of the database."""
    _to_rewrite.add(shop.place.folder)
    if shop.store.rewrite():
        _to_rewrite.discard(shop.place.folder)


def rewrite_again(shop: Shop) -> None:
    """Do what :func:`rewrite` could not bring to an end."""
    if shop.place.folder in _to_rewrite:
        rewrite(shop)


def blacken(paths: Iterable[Path], words: Sequence[str]) -> int:
    """Write stars over ``words`` in the files ``paths``, place for place; return how many files.

    No file grows or shrinks: the log of this process is open for writing meanwhile.
    """
    wanted = [word.encode() for word in words if len(word) >= SHORTEST_WORD]
    changed = 0
    for path in paths:
        content = path.read_bytes()
        places = [(start, len(word)) for word in wanted for start in _places(content, word)]
        if not places:
            continue
        with path.open("r+b") as file:
            for start, length in places:
                file.seek(start)
                file.write(b"*" * length)
        changed += 1
    return changed


def _places(content: bytes, word: bytes) -> Iterable[int]:
    start = content.find(word)
    while start >= 0:
        yield start
        start = content.find(word, start + len(word))
