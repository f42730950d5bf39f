"""Cutting a paste into messages: who said what and when, and which lines nobody said. Pure.

What copying gives depends on the device. Forms of the line that begins a message:

=======  =====================================  =========================================
full     ``3-201 小李 2026/11/25 19:03``         computer, several messages; mails of a record
clock    ``小李  19:03``                         mails of a record, below a line for the day
bracket  ``[19:03] 小李: 想要草莓``               copied by other programs
colon    ``小李:``                               computer, several messages
inline   ``小李: 想要草莓``                       forwarded records; only where no other form is
=======  =====================================  =========================================

A phone copies words without names: then every line is a message of its own. Every line that holds
anything ends in exactly one message or is put aside with a reason.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import takewhile

from lib.kernel.clock import at_local, local
from lib.kernel.text import clean
from lib.trust.demands.chat import lexicon
from lib.trust.demands.chat.model import Message, PutAside, Quote, Reason, Talk
from lib.trust.demands.chat.times import (
    CLOCK,
    DAY,
    WHEN,
    day_of,
    is_possible,
    moment,
    names_day,
    wall_time,
    written,
)

LONGEST_NAME = 40
LONGEST_TEXT = 2000
_SIGHT = 12
"""How many lines ahead the end of a quotation is looked for."""

_NAMED = r"(?P<name>[^:：]{1,40})[:：]\s*(?P<rest>.*)$"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bracket", re.compile(rf"[\[【(（]{WHEN}[\]】)）]\s*{_NAMED}")),
    ("bracket", re.compile(rf"{WHEN}\s+{_NAMED}")),
    ("full", re.compile(rf"(?P<name>.{{1,40}}?)\s*[(（]{DAY}\s*{CLOCK}[)）]\s*[:：]?(?P<rest>)$")),
    ("full", re.compile(rf"(?P<name>.{{1,40}}?)\s+{DAY}\s*{CLOCK}\s*[:：]?(?P<rest>)$")),
    ("full", re.compile(rf"{DAY}\s*{CLOCK}\s+(?P<name>.{{1,40}}?)(?P<rest>)$")),
    ("clock", re.compile(rf"(?P<name>.{{1,40}}?)\s+{CLOCK}(?P<rest>)$")),
    ("colon", re.compile(r"(?P<name>[^:：]{1,40})[:：](?P<rest>)$")),
    ("inline", re.compile(r"(?P<name>[^:：]{1,30})[:：]\s*(?P<rest>(?!//).+)$")),
)  # fmt: skip
_SEPARATORS = (re.compile(rf"{DAY}(?:\s*{CLOCK})?$"), re.compile(rf"{CLOCK}$"))
_RULE = re.compile(r"^[-—–─=_*·•~\s]+|[-—–─=_*·•~\s]+$")
_DASHES = re.compile(r"\s*(?:-\s+){4,}-?\s*$|\s*[-—–─]{5,}\s*$")
_QUOTE = re.compile(r"[「“\"](?P<name>[^:：「」]{1,40})[:：](?P<text>.*?)[」”\"]?\s*$", re.DOTALL)
_CITED = re.compile(r"引用\s*(?P<name>[^:：]{1,40}?)\s*(?:的消息)?\s*[:：]\s*(?P<text>.*)$")
_CHAIN = re.compile(r"\s*#\s?(?:接[龙龍]|group note)", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*\d{1,3}\s?[.、)）．]\s*\S")
_ENTRY = re.compile(r"\s*\d{1,3}\s?[.、)）．]\s*(?P<whole>\S.*)$")
_AFTER_NAME = re.compile(r"[\s:：]+")
_DOOR = re.compile(r"\d+[-—栋号楼幢#][\d-]*\w{0,4}|\d{3,4}")


@dataclass(frozen=True)
class _Head:
    form: str
    name: str
    found: re.Match[str]
    rest: str


@dataclass
class _Open:
    """A message being read: its lines, and the words of each."""

    name: str = ""
    at: datetime | None = None
    lines: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    named: bool = False
    stamp: str = ""


def read_talk(text: str, now: datetime, time_zone: str, *, answers: bool = False) -> Talk:
    """Return the messages of a paste of chat, and what was put aside.

    ``now`` and ``time_zone`` give a year to days and a day to times of the clock. ``answers``: it
    answers a question of the shop's, so every entry of a chain in it is somebody's message.
    """
    return _Reader(text.splitlines(), now, time_zone, answers=answers).read()


class _Reader:
    """Walks once down the lines of a paste."""

    def __init__(
        self, lines: list[str], now: datetime, time_zone: str, *, answers: bool = False
    ) -> None:
        self.raw = lines
        self.lines = [clean(line, LONGEST_TEXT) for line in lines]
        self.now, self.zone, self.answers = now, time_zone, answers
        self.running: date | None = None
        self.between: datetime | None = None
        self.stamps = ["", ""]  # the day and the time of the separators above, as written
        self.heads = self._heads()
        self.open: _Open | None = None
        self.messages: list[Message] = []
        self.aside: list[PutAside] = []

    def read(self) -> Talk:
        place = 0
        while place < len(self.lines):
            place = self._line(place)
        self._close()
        return Talk(tuple(self.messages), tuple(self.aside))

    def _line(self, place: int) -> int:
        """Read the line at ``place``; return the place of the next one."""
        line, head = self.lines[place], self.heads.get(place)
        if not line:
            if self.open is not None and not self.open.named:
                self._close()
        elif head is not None:
            self._begin(place, head)
        elif (found := self._separator(line)) is not None:
            self._separate(place, found)
        elif lexicon.NOTICE.fullmatch(line):
            self._put_aside([place], Reason.NOTICE)
        elif lexicon.HEADING.fullmatch(line):
            self._put_aside([place], Reason.HEADING)
        elif self.open is not None and self.open.named:
            self.open.lines.append(place)
            self.open.words.append(line)
        else:
            return self._nameless(place)
        return place + 1

    def _nameless(self, place: int) -> int:
        """Read words without a name: one line, a quotation with its answer, or a whole chain."""
        self._close()
        end = place + 1
        if _CHAIN.match(self.lines[place]):
            end = self._end_of_chain(place)
        elif self.lines[place][0] in "「“" and (dashes := self._dashes(place)):
            end = min(dashes + 2, len(self.lines))
        kept = [number for number in range(place, end) if self.lines[number]]
        words = [self.lines[number] for number in kept]
        self.open = _Open("", self.between, kept, words, stamp=" ".join(self.stamps).strip())
        self._close()
        return end

    def _dashes(self, place: int) -> int | None:
        for number in range(place, min(place + _SIGHT, len(self.lines))):
            if number in self.heads:
                return None
            if _DASHES.match(self.lines[number]):
                return number
        return None

    def _end_of_chain(self, place: int) -> int:
        entries = False
        for number in range(place + 1, len(self.lines)):
            line = self.lines[number]
            if number in self.heads or (entries and line and not _NUMBERED.match(line)):
                return number
            entries = entries or bool(_NUMBERED.match(line))
        return len(self.lines)

    def _begin(self, place: int, head: _Head) -> None:
        self._close()
        at, stamp = self.between, " ".join(self.stamps).strip()
        if head.form in ("full", "clock", "bracket"):
            at = moment(head.found, self.running, self.now, self.zone)
            day = "" if names_day(head.found) else self.stamps[0]
            stamp = f"{day} {written(head.found)}".strip()
        words = [head.rest] if head.rest else []
        self.open = _Open(head.name, at, [place], words, named=True, stamp=stamp)

    def _separator(self, line: str) -> re.Match[str] | None:
        """Read a line that holds nothing but a day or a time."""
        for pattern in _SEPARATORS:
            found = pattern.match(_RULE.sub("", line))
            if found and (wall_time(found) or day_of(found, local(self.now, self.zone).date())):
                return found
        return None

    def _separate(self, place: int, found: re.Match[str]) -> None:
        self._close()
        self.aside.append(PutAside((place,), self.raw[place], Reason.DAY))
        day = day_of(found, local(self.now, self.zone).date())
        self.running = day or self.running
        if day is not None:
            self.stamps = [_RULE.sub("", self.lines[place]), ""]
        else:
            self.stamps[1] = _RULE.sub("", self.lines[place])
        self.between = moment(found, self.running, self.now, self.zone)
        if self.between is None and day is not None and day < local(self.now, self.zone).date():
            self.between = at_local(day, time(23, 59), self.zone)  # no later than that

    def _put_aside(self, places: list[int], reason: Reason) -> None:
        raw = "\n".join(self.raw[place] for place in places)
        self.aside.append(PutAside(tuple(places), raw, reason))

    def _close(self) -> None:
        """Turn what was read since the last head into a message, or put it aside."""
        closing, self.open = self.open, None
        if closing is None:
            return
        quote, words = _unquoted(closing.words)
        text = lexicon.PLACEHOLDER.sub(" ", "\n".join(words))
        text = clean(text, LONGEST_TEXT, lines=True)
        picture = bool(lexicon.PICTURE.search("\n".join(words)))
        if _is_chain(words):
            self._put_chain_aside(closing)
        elif not text and (picture or any(words)):
            self._put_aside(closing.lines, Reason.PICTURE)
        elif not text:
            self._put_aside(closing.lines, Reason.NO_WORDS)
        else:
            raw = "\n".join(self.raw[place] for place in closing.lines)
            lines = tuple(closing.lines)
            self.messages.append(
                Message(lines, closing.name, closing.at, text, raw, quote, picture, closing.stamp)
            )

    def _put_chain_aside(self, closing: _Open) -> None:
        """Put a chain aside, all but the entries that wish for something.

        A chain that asks all what they wish for is nothing but wishes, and so is a list below
        "I would like"; a list of one person names no others.
        """
        shown = {place: self.lines[place] for place in closing.lines}
        heading = _heading_of(closing.words)
        asks_all = self.answers or bool(lexicon.ASKS_ALL.search(heading))
        asks = asks_all or lexicon.asks_for_wishes(heading)
        alone = not asks_all and (asks or not heading)
        of_many = _CHAIN.match(heading) or (heading and not alone)
        owner = "" if of_many else closing.name
        entries = {
            place: entry
            for place, line in shown.items()
            if (entry := _entry(line, owner, alone=alone))
            and (asks or lexicon.TRIGGER.search(entry[1]))
        }
        rest = [place for place in closing.lines if place not in entries]
        if rest:
            self._put_aside(rest, Reason.CHAIN)
        for place, (name, text) in entries.items():
            raw, stamp = self.raw[place], closing.stamp
            self.messages.append(
                Message((place,), name, closing.at, text, raw, stamp=stamp, chain=heading or "1.")
            )

    def _heads(self) -> dict[int, _Head]:
        """Return the lines that begin a message, once it is known which forms this paste uses."""
        seen = {
            place: found
            for place, line in enumerate(self.lines)
            if line and (found := _head(line)) is not None
        }
        forms = {head.form for head in seen.values()}
        strong = bool(forms & {"full", "bracket"})
        kept = {
            place: head
            for place, head in seen.items()
            if head.form in ("full", "bracket")
            or (head.form in ("clock", "colon") and self._stands_free(place, seen, strong))
        }
        if kept:
            return kept
        return {place: head for place, head in seen.items() if head.form == "inline"}

    def _stands_free(self, place: int, seen: dict[int, _Head], strong: bool) -> bool:
        """Whether a line that could be a name has a gap above and words below it."""
        below = next((n for n in range(place + 1, len(self.lines)) if self.lines[n]), None)
        if below is None or (below in seen and seen[below].form in ("full", "bracket")):
            return False
        gap = place == 0 or not self.lines[place - 1] or self._aside_line(place - 1)
        if strong or any(not line for line in self.lines[1:-1]):
            return gap
        return True

    def _aside_line(self, place: int) -> bool:
        line = self.lines[place]
        if lexicon.NOTICE.fullmatch(line) or lexicon.HEADING.fullmatch(line):
            return True
        return self._separator(line) is not None


def _head(line: str) -> _Head | None:
    for form, pattern in _FORMS:
        found = pattern.match(line)
        if found is None or (form in ("full", "clock", "bracket") and not is_possible(found)):
            continue
        name, rest = found["name"].strip(), found["rest"].strip()
        if _is_name(name, form) and not lexicon.NOTICE.fullmatch(line):
            return _Head(form, name, found, rest)
    return None


def _is_name(name: str, form: str) -> bool:
    if not name or lexicon.LABEL.search(name) or not any(sign.isprintable() for sign in name):
        return False
    if form in ("full", "bracket"):
        return not re.fullmatch(r"[-—–─=_*·•~\s]+", name)
    if re.fullmatch(r"[\d\s:：.]+", name) or name[0] in "「“#@[【":
        return False
    return len(name) <= 24 and not lexicon.NOT_A_NAME.search(name)


def _unquoted(words: list[str]) -> tuple[Quote | None, list[str]]:
    """Take the quotation out of the words of a message."""
    if words and words[0][0] in "「“":
        for index, line in enumerate(words):
            if index and _DASHES.match(line):
                found = _QUOTE.match("\n".join(words[:index]))
                quote = Quote(found["name"].strip(), found["text"].strip()) if found else None
                return quote, words[index + 1 :]
    for index, line in enumerate(words):
        cited = _CITED.match(line)
        if cited:
            text = "\n".join([cited["text"], *words[index + 1 :]]) if index else cited["text"]
            rest = words[:index] if index else words[1:]
            return Quote(cited["name"], text.strip()), rest
    return None, words


def _heading_of(lines: Iterable[str]) -> str:
    """Return the words of a chain that stand above its first entry."""
    return "\n".join(takewhile(lambda line: not _NUMBERED.match(line), lines))


def _entry(line: str, owner: str, *, alone: bool) -> tuple[str, str] | None:
    """Return who stands in an entry of a chain, and what; None for another line.

    What bears no name is that of ``owner``, who wrote the list, maybe ``alone``.
    """
    found = _ENTRY.match(line)
    if found is None:
        return None
    whole = lexicon.PLACEHOLDER.sub(" ", found["whole"]).strip()
    parts = [part for part in _AFTER_NAME.split(whole) if part]
    if not parts:
        return None
    names = 2 if len(parts) > 2 and _DOOR.fullmatch(parts[0]) else 1
    if len(parts) <= names or alone or lexicon.TRIGGER.search(parts[0]):
        return owner, whole
    return " ".join(parts[:names]), " ".join(parts[names:])


def _is_chain(words: list[str]) -> bool:
    if any(_CHAIN.match(line) for line in words):
        return True
    return sum(1 for line in words if _NUMBERED.match(line)) >= 2
