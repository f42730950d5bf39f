"""Which messages look like a wish, and for what (R15). Pure; every answer is only a proposal.

Somebody wishes ("能不能进点草莓"), somebody else joins ("+1", "同求"). Whoever joins stands right
below the wish or quotes it; with other talk between them it is unsure. A question to everybody
("想吃什么水果？") makes the short answers below it unsure wishes. Orders, complaints, questions on
pickup and announcements to all are no wishes.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.trust.demands.chat import lexicon
from lib.trust.demands.chat.model import Message, Proposal

LONGEST_TITLE = 16
"""Signs of goods as people name them in chat; longer ones are shown, but unsure."""
REACH = 8
"""So many messages below a wish or a question somebody can still join or answer it."""

WISHES = N_("wishes for it")
ASKS = N_("asks whether there is some")
JOINS = N_("joins the wish above")
JOINS_QUOTED = N_("joins the wish it quotes")
FAR = N_("joins a wish, but other talk lies between")
ABOVE = N_("names the goods in the sentence before")
ANSWERS = N_("answers a question to all")
MAYBE_ORDER = N_("names a quantity: may be an order")
MIXED = N_("speaks of pickup or a fault too")
IN_CHAIN = N_("wishes for it in a chain")
NO_GOODS = N_("says for what elsewhere")
LONG = N_("long: what is wished must be picked out")


@dataclass(frozen=True)
class Found:
    """What one message wishes for: a title (may be empty), whether that is sure, and why."""

    title: str
    sure: bool
    why: str


@dataclass
class _Topic:
    """What is being talked of: the proposals somebody could join, and how far above they stand.

    ``broken``: somebody spoke of something else since. ``question``: the message that asked all.
    """

    places: tuple[int, ...] = ()
    distance: int = 0
    broken: bool = False
    question: int | None = None


def propose(messages: Sequence[Message]) -> tuple[Proposal, ...]:
    """Return the proposed wishes of ``messages`` in their order."""
    return _Proposer(messages).run()


class _Proposer:
    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.made: list[Proposal] = []
        self.topic = _Topic()

    def run(self) -> tuple[Proposal, ...]:
        for place, message in enumerate(self.messages):
            self.topic.distance += 1
            self._read(place, message)
        return tuple(self.made)

    def _read(self, place: int, message: Message) -> None:
        text = words_of(message.text)
        if message.chain:
            self._read_entry(place, message, text)
            return
        if lexicon.TO_ALL.search(message.text):
            self.topic = _Topic(question=place if lexicon.ASKS_ALL.search(text) else None)
            return
        joined = joins(text)
        if joined is None and self._join_with_quantity(place, message, text):
            return
        found = () if joined == "" else wishes_in(text)
        if joined is not None and self._join(place, message, joined):
            return
        named = any(one.title for one in found)
        if not named and self._join_in_passing(place, message, text):
            return
        if found and not named and self._goes_on(message):
            return
        if found:
            self._add(place, found)
        elif lexicon.ASKS_ALL.search(text):
            self.topic = _Topic(question=place)
        elif not self._answer(place, text) and not lexicon.NEUTRAL.fullmatch(text):
            self.topic.broken = True

    def _read_entry(self, place: int, message: Message, text: str) -> None:
        """Read an entry of a chain: nothing of it is sure, and nobody joins it."""
        found = [one.title for one in wishes_in(text) if one.title]
        why = IN_CHAIN
        if not found and lexicon.asks_for_wishes(message.chain):
            why = ANSWERS
            bare = lexicon.QUANTITY.sub(" ", text)
            found = [title for part in _parts(bare) if (title := goods_of(part))]
        self.made += [Proposal(place, title, False, why) for title in dict.fromkeys(found)]

    def _goes_on(self, message: Message) -> bool:
        """Whether somebody only says more of the wish just made."""
        if not message.name or not self.topic.places or self.topic.broken:
            return False
        last = self.messages[self.made[self.topic.places[-1]].message]
        return last.name == message.name

    def _join_in_passing(self, place: int, message: Message, text: str) -> bool:
        """Read "丹东草莓+1", and a sentence that ends with joining: "这个好，我也想要"."""
        behind = lexicon.FOLLOW_BEHIND.fullmatch(text)
        goods = goods_of(behind["goods"]) if behind else ""
        if goods and not lexicon.QUANTITY.search(text):
            near = self._near(place, goods)
            if near:
                return self._join_all(place, near, JOINS)
            if self.topic.places and not self.topic.broken:
                self.made.append(Proposal(place, goods, False, WISHES))
                return True
        last = lexicon.CLAUSE.split(text.rstrip("。！!~～… "))[-1]
        if last == text or joins(last.strip()) != "" or not self.topic.places:
            return False
        return self._join(place, message, "")

    def _add(self, place: int, found: Sequence[Found]) -> None:
        first = len(self.made)
        self.made += [Proposal(place, one.title, one.sure, one.why) for one in found]
        self.topic = _Topic(tuple(range(first, len(self.made))))

    def _join(self, place: int, message: Message, goods: str) -> bool:
        """Propose that a message joins a wish; whether it did, or could not mean anything else."""
        places, why = self._joined(message)
        if goods:
            near = self._near(place, goods)
            if near:
                places, why = near, JOINS
            elif message.quote is None and goods_of(goods):
                return False
        if not places:
            self._join_outside(place, message)
            return not goods
        return self._join_all(place, places, why)

    def _join_with_quantity(self, place: int, message: Message, text: str) -> bool:
        """Read "我家也要两盒" right below a wish, or quoting one: it joins or orders, unsure."""
        match = lexicon.FOLLOW.match(text)
        if match is None or self.topic.broken or _rest_of(text, match):
            return False
        places, _why = self._joined(message)
        if not places and message.quote is not None:
            self._join_outside(place, message, MAYBE_ORDER)
        for target in places:
            wish = self.made[target]
            root = target if wish.follows is None else wish.follows
            self.made.append(Proposal(place, wish.title, False, MAYBE_ORDER, root))
        return bool(places) or message.quote is not None

    def _join_all(self, place: int, places: Sequence[int], why: str) -> bool:
        for target in places:
            wish = self.made[target]
            root = target if wish.follows is None else wish.follows
            sure = wish.sure and why != FAR
            self.made.append(Proposal(place, wish.title, sure, why, root))
        if why != FAR:
            self.topic.distance = 0
        return True

    def _near(self, place: int, goods: str) -> tuple[int, ...]:
        """Return the wish a little above that names the same goods."""
        above = [
            index
            for index, one in enumerate(self.made)
            if place - one.message <= 2 * REACH and _alike(goods, one.title)
        ]
        return tuple(above[-1:])

    def _joined(self, message: Message) -> tuple[tuple[int, ...], str]:
        if message.quote is not None:
            return self._quoted(message.quote.text), JOINS_QUOTED
        if not self.topic.places or self.topic.distance > REACH:
            return (), FAR
        return self.topic.places, FAR if self.topic.broken else JOINS

    def _quoted(self, text: str) -> tuple[int, ...]:
        wanted = folded(text).rstrip("…")
        return tuple(
            index
            for index, one in enumerate(self.made)
            if wanted and folded(self.messages[one.message].text).startswith(wanted[:40])
            and (one.follows is None or self.messages[one.message].name == "")
        )[:3]  # fmt: skip

    def _join_outside(self, place: int, message: Message, why: str = JOINS_QUOTED) -> None:
        """Somebody joins a wish that is quoted, but was not copied itself."""
        if message.quote is None:
            return
        for one in wishes_in(words_of(message.quote.text)):
            sure = one.sure and why == JOINS_QUOTED
            self.made.append(Proposal(place, one.title, sure, why))

    def _answer(self, place: int, text: str) -> bool:
        question = self.topic.question
        if question is None or place - question > REACH * 2:
            return False
        answer = lexicon.FOLLOW.sub("", text).strip()
        if lexicon.QUANTITY.search(answer) or len(answer) > LONGEST_TITLE:
            return False
        titles = [title for part in _parts(answer) if (title := goods_of(part))]
        self.made += [Proposal(place, title, False, ANSWERS) for title in titles]
        return bool(titles)


def words_of(text: str) -> str:
    """Return ``text`` in one width, without mentions and pictures of feelings."""
    text = lexicon.MENTION.sub(" ", lexicon.URL.sub(" ", text))
    text = lexicon.FOLLOW_SIGNS.sub("+1", text)
    text = unicodedata.normalize("NFKC", lexicon.EMOJI.sub(" ", text.replace("➕", "+")))
    text = text.translate(lexicon.SIMPLE)
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _rest_of(text: str, match: re.Match[str]) -> str:
    """Return the words behind ``match`` that are no quantity."""
    return _bare(lexicon.UNIT.sub("", lexicon.QUANTITY.sub("", text[match.end() :]).strip()))


def joins(text: str) -> str | None:
    """Return what a message that joins a wish says besides: goods, or nothing; None for another.

    "同求！小时候的味道" joins and says nothing of use, "+1 草莓" names the goods.
    """
    match = lexicon.FOLLOW.match(text)
    if match is None:
        return None
    rest = text[match.end() :].strip()
    if match[0].rstrip()[-1] in ",，。.!！~～…" and not lexicon.TRIGGER.search(rest):
        return ""
    if not rest or (not match[0][-1].isalnum() and not goods_of(rest)):
        return ""
    orders = lexicon.QUANTITY.search(rest) or lexicon.UNIT.match(rest)
    if orders or len(rest) > LONGEST_TITLE:
        return None
    return goods_of(rest) or None


def wishes_in(text: str) -> tuple[Found, ...]:
    """Return what ``text`` wishes for; nothing for talk."""
    clauses = [clause.strip() for clause in lexicon.CLAUSE.split(text) if clause.strip()]
    found: list[Found] = []
    for index, clause in enumerate(clauses):
        before = clauses[index - 1] if index else ""
        found += _in_clause(clause, before)
    titled = [one for one in found if one.title]
    return tuple(_doubted(one, text) for one in _once(titled or found[:1]))


def _in_clause(clause: str, before: str) -> list[Found]:
    match = lexicon.TRIGGER.search(clause)
    if match is None:
        clause = lexicon.SPACED.sub(r"\1", clause)
        match = lexicon.TRIGGER.search(clause)
    if match is None:
        return []
    if lexicon.ASKS_ALL.search(clause):
        return []
    why = WISHES if match["strong"] else ASKS
    behind, ahead = clause[match.end() :], clause[: match.start()]
    if lexicon.POLL.search(behind):  # nobody wished yet
        behind, ahead, before, why = lexicon.POLL.sub("", behind), "", "", ASKS
        if not _bare(behind):
            return []
    named_before = "" if lexicon.TRIGGER.search(before) else lexicon.CUT.sub("", before)
    for text in (behind, ahead, named_before):
        if not _bare(text):
            continue
        if lexicon.NOT_GOODS.search(_bare(text)):
            return []
        titles = [title for part in _parts(text) if (title := goods_of(part))]
        if text is behind and len(titles) == 1 and lexicon.OF_IT.search(behind):
            titles = [f"{titles[0]}{goods_of(ahead)}"]
        if titles:
            sure = why == WISHES and text is not named_before
            why = ABOVE if text is named_before else why
            return [Found(title, sure and _is_plain(title), why) for title in titles]
    return [Found("", False, NO_GOODS)]


def _doubted(one: Found, text: str) -> Found:
    """Return ``one`` as unsure where the rest of the message speaks against it."""
    if lexicon.COMPLAINT.search(text) or lexicon.PICKUP.search(text):
        return Found(one.title, False, MIXED)
    if lexicon.QUANTITY.search(text):
        return Found(one.title, False, MAYBE_ORDER)
    if len(text) > 60 or len(one.title) > LONGEST_TITLE:
        return Found(one.title, False, LONG)
    return one


def _parts(text: str) -> list[str]:
    return [part for part in lexicon.JOINED.split(_bare(text)) if part.strip()]


def _bare(text: str) -> str:
    """Return the words of ``text`` that could name goods."""
    text, last = lexicon.QUANTITY.sub(" ", text).strip(), None
    while text != last:
        last = text
        text = lexicon.TAIL.sub("", lexicon.LEAD.sub("", text)).strip()
    return "" if lexicon.NOT_WORDS.fullmatch(text) else text


def goods_of(text: str) -> str:
    """Return the name of the goods in a piece of a wish; empty when there is none."""
    text = _bare(lexicon.CUT.sub("", _bare(text)))
    text = text.strip(" ·:：-—\"'“”‘’「」()（）").strip()
    if not text or len(text) > 2 * LONGEST_TITLE or lexicon.NOT_GOODS.search(text):
        return ""
    return text if any(sign.isalpha() for sign in text) else ""


def _is_plain(title: str) -> bool:
    return len(title) > 1 or title in lexicon.SHORT


def _once(found: Sequence[Found]) -> list[Found]:
    kept: dict[str, Found] = {}
    for one in found:
        kept.setdefault(folded(one.title) if one.title else "", one)
    return list(kept.values())


def _alike(one: str, other: str) -> bool:
    first, second = folded(one), folded(other)
    return bool(first and second) and (first in second or second in first)
