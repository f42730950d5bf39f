"""Whom many orders belong to, read one after the other. Pure; nothing is written here.

``commands.members_for`` writes what it says, a preview only asks who somebody would be.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from lib.kernel.errors import Refused
from lib.kernel.text import clean, folded
from lib.members.profiles.rules import (
    LONGEST_NICKNAME,
    Hint,
    Home,
    Known,
    masked,
    phone_number,
    resolve,
)


class Register:
    """The members in question, and the files opened for new ones, numbered below zero."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.members: dict[int, Known] = {}
        self.nicknames: dict[int, list[str]] = {}
        self._places: dict[tuple[str, Any], dict[int, None]] = {}
        for one in known:
            self.put(one, "")

    @property
    def new(self) -> list[Known]:
        """Those for whom a file was opened, in order."""
        return [self.members[number] for number in self.nicknames]

    def settle(self, hint: Hint) -> tuple[int, Known | None]:
        """Return whom ``hint`` belongs to, and what was known of them before.

        A hint that attaches to nobody opens a file: its number is below zero and nothing was known.
        Names are remembered, blanks of a file are filled, nothing known is overwritten.
        """
        match = resolve(hint, self.near(hint))
        if not match.attaches or match.member_id is None:
            return self.open(hint), None
        known = self.members[match.member_id]
        phone = known.phone or (hint.phone if not self.has_phone(hint.phone) else None)
        names = known.names | {folded(hint.nickname)}
        home = filled(known.home, hint.home)
        self.put(replace(known, names=names, home=home, phone=phone), hint.nickname)
        return known.id, known

    def put(self, one: Known, nickname: str) -> None:
        """Keep what is known of a member now; ``nickname`` is the name it ordered under."""
        self.members[one.id] = one
        if one.id < 0 and nickname not in self.nicknames.setdefault(one.id, []):
            self.nicknames[one.id].append(nickname)
        for place in _places_of(one.names, one.home, one.phone):
            self._places.setdefault(place, {})[one.id] = None

    def near(self, hint: Hint) -> list[Known]:
        """Return all who share the name, the door or the phone of ``hint``, oldest first."""
        places = _places_of({folded(hint.nickname)}, hint.home, hint.phone)
        ids = {number for place in places for number in self._places.get(place, ())}
        return [self.members[number] for number in sorted(ids, key=lambda n: (n < 0, abs(n)))]

    def has_phone(self, phone: str | None) -> bool:
        """Whether somebody has this number."""
        return ("phone", phone) in self._places

    def open(self, hint: Hint) -> int:
        """Open a file for somebody new and return its number for now."""
        number = -1 - len(self.nicknames)
        phone = None if self.has_phone(hint.phone) else hint.phone
        self.put(Known(number, frozenset({folded(hint.nickname)}), hint.home, phone), hint.nickname)
        return number


def bare(hint: Hint) -> Hint:
    """Return a hint with a home without suffixes, a usable phone or none, and some name."""
    home, number = Home.of(*hint.home.parts), usable_phone(hint.phone)
    name = clean(hint.nickname, LONGEST_NICKNAME) or str(home) or (masked(number) or "")
    return Hint(name, home, number)


def filled(known: Home, home: Home) -> Home:
    """Return ``known`` with what it lacks from ``home``, unless the two contradict."""
    if not home.room or known.contradicts(home):
        return known
    pairs = zip(known.parts, home.parts, strict=True)
    return Home(*(mine or theirs for mine, theirs in pairs))


def usable_phone(text: str | None) -> str | None:
    """Return the eleven digits of a phone number, None for what is none."""
    try:
        return phone_number(text or "")
    except Refused:
        return None


def _places_of(names: Collection[str], home: Home, phone: str | None) -> list[tuple[str, Any]]:
    places: list[tuple[str, Any]] = [("name", name) for name in names if name]
    if home.room:
        places.append(("door", (home.building, home.room)))
    if phone:
        places.append(("phone", phone))
    return places
