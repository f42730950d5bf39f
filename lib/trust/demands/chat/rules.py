"""What of a paste is offered for taking, and how a line is known again. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lib.kernel.errors import Refused
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.trust.demands import personal
from lib.trust.demands.chat.layout import read_talk
from lib.trust.demands.chat.model import Message, Proposal, PutAside
from lib.trust.demands.chat.wishes import propose
from lib.trust.demands.rules import LONGEST_SAID, MOST_WISHES

LONGEST_PASTE = 60_000
"""Characters of one paste: a busy day of a group; more is a file pasted by mistake."""
MOST_MESSAGES = 1500


@dataclass(frozen=True)
class Row:
    """One message as it is offered: the proposed ``title`` and whether it is ticked.

    ``why`` is a sentence, empty where nothing looks like a wish. ``said`` is without phone numbers
    and doors; ``stripped`` tells that some were left out. ``fingerprint`` knows it again.
    ``follows`` is the place of the wish it joins, among those that look like one.
    """

    name: str
    at: datetime | None
    said: str
    title: str
    sure: bool
    why: str
    fingerprint: str
    stripped: bool = False
    follows: int | None = None


@dataclass(frozen=True)
class Paste:
    """A paste as read: the rows that look like wishes, all others, and the lines put aside."""

    wishes: tuple[Row, ...]
    others: tuple[Row, ...]
    aside: tuple[PutAside, ...]


@dataclass(frozen=True)
class Pick:
    """A row that a person ticked.

    ``demand_id`` puts it onto a standing wish, else it goes by its ``title``. ``again``: the
    person saw that the line was heard before and took it all the same. ``asked_at`` None: not
    known, the moment of saving counts.
    """

    fingerprint: str
    title: str
    name: str
    said: str
    asked_at: datetime | None = None
    demand_id: int | None = None
    again: bool = False


def read_paste(text: str, now: datetime, time_zone: str) -> Paste:
    """Return what a paste of chat holds. Raises ``Refused`` for one that is far too long."""
    if len(text) > LONGEST_PASTE:
        raise Refused(N_("That is very much chat at once. Paste one day after the other."))
    talk = read_talk(text, now, time_zone)
    if len(talk.messages) > MOST_MESSAGES:
        raise Refused(N_("That is very much chat at once. Paste one day after the other."))
    proposals = propose(talk.messages)
    prints = _fingerprints(talk.messages, proposals)
    wishes = [
        _row(talk.messages[one.message], one, mark)
        for one, mark in zip(proposals, prints[: len(proposals)], strict=True)
    ]
    proposed = {one.message for one in proposals}
    rest = [place for place in range(len(talk.messages)) if place not in proposed]
    others = [
        _row(talk.messages[place], None, mark)
        for place, mark in zip(rest, prints[len(proposals) :], strict=True)
    ]
    return Paste(tuple(wishes), tuple(others), talk.aside)


def fingerprint(name: str, text: str, stamp: str, about: str, number: int = 0) -> str:
    """Return what a line is known by: who, what, when as written, what it is about.

    ``about`` tells "+1" under one wish from "+1" under another; ``number`` the equal lines of one
    paste.
    """
    body = "\x1f".join([folded(name), folded(text), "".join(stamp.split()), about, str(number)])
    return hashlib.sha256(body.encode()).hexdigest()


def checked_picks(picks: Sequence[Pick]) -> tuple[Pick, ...]:
    """Return what was ticked; raises ``Refused`` for too many and for a row without a title."""
    if len(picks) > MOST_WISHES:
        raise Refused(N_("At most {count} wishes at once."), count=MOST_WISHES)
    for pick in picks:
        if pick.demand_id is None and not clean(pick.title):
            who = pick.name or pick.said[:12]
            raise Refused(N_("Write what {name} wishes for, or take the tick away."), name=who)
    return tuple(picks)


def _row(message: Message, proposal: Proposal | None, mark: str) -> Row:
    said = personal.without_personal(message.text)
    title = personal.without_numbers(proposal.title) if proposal else ""
    return Row(
        name=personal.without_numbers(message.name),
        at=message.at,
        said=clean(said, LONGEST_SAID),
        title=title,
        sure=bool(proposal and proposal.sure and title),
        why=proposal.why if proposal else "",
        fingerprint=mark,
        stripped=said != message.text,
        follows=proposal.follows if proposal else None,
    )


def _fingerprints(messages: Sequence[Message], proposals: Sequence[Proposal]) -> list[str]:
    """Return one fingerprint per proposal, then one per message without a proposal."""
    seen: dict[str, int] = {}
    proposed = {one.message for one in proposals}
    about = [(one.message, folded(one.title)) for one in proposals]
    about += [(place, "") for place in range(len(messages)) if place not in proposed]
    prints = []
    for place, title in about:
        one = messages[place]
        first = fingerprint(one.name, one.text, one.stamp, title)
        number = seen.get(first, 0)
        seen[first] = number + 1
        prints.append(
            first if not number else fingerprint(one.name, one.text, one.stamp, title, number)
        )
    return prints
