"""Decisions about topics (R14): what may be asked, and answers out of a paste. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.trust.demands.chat.layout import read_talk
from lib.trust.demands.chat.wishes import wishes_in, words_of

LONGEST_QUESTION = 300
LONGEST_NOTE = 500
LONGEST_NAME = 60
LONGEST_ANSWER = 500
MOST_ANSWERS = 200
"""Answers that one paste brings in."""

_CALLED = re.compile(r"^[@＠]\s*(?=[^:：\s]{1,30}[:：])", re.MULTILINE)
"""The sign before a name that begins a line."""
_JOINED = re.compile(r"\s*\+1\s*$")
"""What somebody adds who only agrees."""


class About(StrEnum):
    """What a suggested question is about."""

    WISH = "wish"
    OPINION = "opinion"
    TOGETHER = "together"


ABOUT_NAMES: dict[About, str] = {
    About.WISH: N_("What to buy"),
    About.OPINION: N_("How we do"),
    About.TOGETHER: N_("Doing things together"),
}


@dataclass(frozen=True)
class Question:
    """A question that comes with the program; ``text`` is a msgid."""

    about: About
    text: str


@dataclass(frozen=True)
class Details:
    """A topic as it is typed: the question, the day it is for, a line beside it."""

    question: str
    planned_on: date
    note: str = ""

    def checked(self) -> "Details":
        """Return it cleaned; raises ``Refused`` without a question."""
        question = clean(self.question, LONGEST_QUESTION)
        if not question:
            raise Refused(N_("Write the question."))
        note = clean(self.note, LONGEST_NOTE, lines=True)
        return replace(self, question=question, note=note)


@dataclass(frozen=True)
class NewAnswer:
    """What somebody answered: ``name`` as used in the group, may be empty; ``at`` where known."""

    name: str
    text: str
    at: datetime | None = None

    def checked(self, now: datetime) -> "NewAnswer":
        """Return it cleaned, never later than ``now``; raises ``Refused`` without words."""
        text = clean(self.text, LONGEST_ANSWER, lines=True)
        if not text:
            raise Refused(N_("Write what was answered."))
        name = clean(self.name.lstrip("@＠ "), LONGEST_NAME)
        return NewAnswer(name, text, min(self.at or now, now))


def read_answers(text: str, now: datetime, time_zone: str) -> tuple[NewAnswer, ...]:
    """Return the answers in a paste of chat, a chain, or lines like ``小李: 草莓``; each once."""
    found: dict[tuple[str, str], NewAnswer] = {}
    for message in read_talk(_CALLED.sub("", text), now, time_zone, answers=True).messages:
        words = clean(message.text, LONGEST_ANSWER, lines=True)
        if words:
            name = clean(message.name.lstrip("@＠ "), LONGEST_NAME)
            found.setdefault((folded(name), words), NewAnswer(name, words, message.at))
    return tuple(found.values())


def usual_title(texts: Iterable[str]) -> str:
    """Return what a wish made of ``texts`` is called at first: the shortest goods they name.

    "有没有芝麻酱" names 芝麻酱. Where none is read out of them, the shortest text as it stands.
    """
    plain = [words_of(text) for text in texts]
    read = [one.title for text in plain for one in wishes_in(text) if one.title]
    whole = [" ".join(_JOINED.sub("", text).split()) for text in plain]
    return min((line for line in read or whole if line), key=len, default="")
