"""What a paste of chat consists of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lib.kernel.words import N_


class Reason(StrEnum):
    """Why a line of a paste is no message of anybody; the value is a sentence for the screen."""

    DAY = N_("day or time")
    NOTICE = N_("notice of WeChat")
    HEADING = N_("heading of a forwarded record")
    CHAIN = N_("chain message")
    PICTURE = N_("picture, voice or sticker")
    NO_WORDS = N_("name without words")


@dataclass(frozen=True)
class Quote:
    """What a message answers: whose words, and the words."""

    name: str
    text: str


@dataclass(frozen=True)
class Message:
    """One message: who (empty: not copied), when (None: not known), the words, and its lines.

    ``stamp`` is when as it was written, which stays the same whenever it is pasted.
    ``text`` is without name, time, quotation, pictures and stickers; ``raw`` is as pasted.
    ``lines`` number the lines of the paste from 0. ``picture``: it came with a picture or file.
    ``chain`` is the heading of the chain that it is an entry of, empty for any other message.
    """

    lines: tuple[int, ...]
    name: str
    at: datetime | None
    text: str
    raw: str
    quote: Quote | None = None
    picture: bool = False
    stamp: str = ""
    chain: str = ""


@dataclass(frozen=True)
class PutAside:
    """Lines that are no message, and why."""

    lines: tuple[int, ...]
    raw: str
    reason: Reason


@dataclass(frozen=True)
class Talk:
    """A paste as read: every line with something on it is in one message or put aside."""

    messages: tuple[Message, ...]
    aside: tuple[PutAside, ...]


@dataclass(frozen=True)
class Proposal:
    """A message that looks like a wish.

    ``title`` is the goods as far as they could be read, empty when they could not. ``sure`` ones
    are ticked beforehand. ``follows`` is the place (in the list of proposals) of the wish that
    this one joins. ``why`` is a sentence for the screen.
    """

    message: int
    title: str
    sure: bool
    why: str
    follows: int | None = None
