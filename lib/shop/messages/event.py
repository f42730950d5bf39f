"""What an event is: one kind of text, its placeholders, whom it is for."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a text is for; the ratio of tips to adverts is counted by it (R13)."""

    ADVERT = "advert"
    SERVICE = "service"
    TIP = "tip"
    TALK = "talk"


class Audience(StrEnum):
    """Who reads a text. Only what is for the group may be sent there by a robot."""

    GROUP = "group"
    RESIDENT = "resident"
    SUPPLIER = "supplier"


@dataclass(frozen=True)
class Placeholder:
    """One value of a wording: what it is, and an example for the preview (msgids)."""

    name: str
    explains: str
    sample: str


@dataclass(frozen=True)
class Event:
    """One kind of text. ``key`` is the topic of its rows in the log of what was sent.

    ``wording`` is the default (msgid). ``required`` names placeholders that must stay in it.
    """

    key: str
    name: str
    purpose: Purpose
    wording: str
    placeholders: tuple[Placeholder, ...]
    required: frozenset[str] = frozenset()
    audience: Audience = Audience.GROUP

    @property
    def names(self) -> frozenset[str]:
        """The names of its placeholders."""
        return frozenset(each.name for each in self.placeholders)
