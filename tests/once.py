"""What a table of commands says: each of them on books in which it can be done.

A topic keeps such a table in its ``acts.py``; ``tests/test_once.py`` walks them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.shop.shop import Shop

Act = Callable[[Shop, Any], object]
"""Do a command on the books that :attr:`Topic.set_the_stage` made; it returned the second."""


@dataclass(frozen=True)
class Stage:
    """Whatever the acts need by a word: ids of rows, a photo put in place."""

    known: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.known[name]


@dataclass(frozen=True)
class Topic:
    """The commands of one module or package ``root``, by module within it and name.

    ``heavy`` have many statements and could leave a half behind; those of ``both`` are stopped on
    PostgreSQL, too. ``owner_only`` are refused to staff. ``otherwise`` are no forms of a person:
    each names the test that runs it twice.
    """

    root: str
    set_the_stage: Callable[[Shop], Any]
    acts: Mapping[str, Act]
    heavy: tuple[str, ...]
    both: tuple[str, ...] = ()
    owner_only: frozenset[str] = frozenset()
    otherwise: Mapping[str, str] | None = None
