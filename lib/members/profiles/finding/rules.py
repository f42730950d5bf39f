"""What a word in the search box may mean; no database, no clock."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lib.kernel import codes
from lib.kernel.text import clean, folded
from lib.members.profiles.rules import Home, read_home

MOST_WORDS = 4
LONGEST_SEARCH = 60
MOST_SPLITS = 3
LONGEST_SYLLABLE = 6
LONGEST_SPLIT = 40
"""Letters beyond which nobody means the sounds of a name."""

CARD = "M-"
"""What stands before the code of a card, so that nobody takes it for a coupon."""

_ADDRESS = re.compile(r"[?&]card=([^&#\s]{1,40})", re.IGNORECASE)
_MEMBER = re.compile(r"M([1-9]\d{0,8})")
_NUMBER = re.compile(r"#?(\d{1,6})号?")
_PHONE = re.compile(r"(?:\+|00)?(?:86)?(1[3-9]\d{9})")
_BUILDING = re.compile(r"(\d{1,4}|[A-Z]\d{0,2})(?:号楼|栋|幢|座|楼)")
_ROOM = re.compile(r"(\d{2,4}[A-Z]?)(?:号房|室|房)")
_PIECE = re.compile(r"(?:zh?|ch?|sh?|[bpmfdtnlgkhjqxryw])(?:[aeiouv]{1,3}(?:ng?|r)?)?"
                    r"|[aeo][aeiou]{0,2}(?:ng?|r)?|\d")  # fmt: skip


@dataclass(frozen=True)
class Word:
    """Everything one word may mean; what it cannot mean is None or empty.

    ``name`` is the folded nickname, ``letters`` the same where it may be pinyin, and ``sounds`` the
    ways to cut them into syllables. ``card`` is the bare code of a card, ``member_id`` the number
    of a file (``M17``), ``number`` that of an order of today, ``phone`` eleven digits, ``tail`` the
    four to ten last of them. Of ``home``, ``building`` and ``room`` the first is a whole address.
    """

    name: str = ""
    letters: str = ""
    sounds: tuple[tuple[str, ...], ...] = ()
    card: str | None = None
    member_id: int | None = None
    number: int | None = None
    phone: str | None = None
    tail: str | None = None
    home: Home | None = None
    building: str | None = None
    room: str | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it names one file or one door, so that no name is searched for it."""
        return bool(self.phone or self.home or not self.name)

    @property
    def is_card(self) -> bool:
        """Whether it is a card that was scanned, and can be nothing else."""
        return bool(self.card and not self.name)

    @property
    def is_number(self) -> bool:
        """Whether nobody searches inside names for it once a file was found by it."""
        return bool(self.tail or self.member_id or self.card)

    @property
    def telling(self) -> int:
        """How few members it is likely to mean, the least first."""
        if self.is_narrow or self.member_id:
            return 0
        return 1 if self.tail or self.card else 2 if len(self.name) > 1 else 3


def read_words(text: str) -> tuple[Word, ...]:
    """Return the words of a search, the most telling first; nothing for an empty text.

    A phone number may be typed in groups. A scanned address of a card is read as its code.
    """
    scanned = card_in(text)
    if scanned and (_ADDRESS.search(text) or text.strip().upper().startswith(CARD)):
        return (Word(card=scanned),)
    plain = clean(unicodedata.normalize("NFKC", text[: 4 * LONGEST_SEARCH]), LONGEST_SEARCH)
    if phone := _PHONE.fullmatch(re.sub(r"[\s\-.()]", "", plain)):
        return (Word(phone=phone[1]),)
    words = [read_word(word) for word in plain.split()[:MOST_WORDS]]
    return tuple(sorted(words, key=lambda word: word.telling))


def read_word(word: str) -> Word:
    """Return everything one word may mean.

    ``8000`` may be the end of a phone, a room, and the number of an order; a code of a card may be
    the beginning letters of a name: all readings are kept.
    """
    upper = unicodedata.normalize("NFKC", word).strip().upper().removeprefix("尾号")
    name = folded(upper)
    home = read_home(upper)
    member, number = _MEMBER.fullmatch(upper), _NUMBER.fullmatch(upper)
    building, room = _BUILDING.fullmatch(upper), _ROOM.fullmatch(upper)
    digits = upper if re.fullmatch(r"[0-9]+", upper) else ""
    letters = name if re.fullmatch(r"[a-z0-9]*[a-z][a-z0-9]*", name) else ""
    return Word(
        name=name,
        letters=letters,
        sounds=tuple(splits(letters)),
        card=card_in(word),
        member_id=int(member[1]) if member else None,
        number=int(number[1]) if number else None,
        phone=digits if len(digits) == 11 else None,
        tail=digits if 4 <= len(digits) <= 10 else None,
        home=home,
        building=building[1] if building else digits if 0 < len(digits) <= 3 else None,
        room=room[1] if room else upper if re.fullmatch(r"\d{2,4}[A-Z]?", upper) else None,
    )


def card_in(text: str) -> str | None:
    """Return the bare code of a card in what was typed or scanned; None where there is none.

    ``M-7CDF GHJK``, the eight signs alone, or an address that ends in ``?card=7CDFGHJK``.
    """
    found = _ADDRESS.search(text[:2000])
    plain = codes.bare(found[1] if found else text[:40])
    if len(plain) == codes.LENGTH + 1:
        plain = plain.removeprefix("M")
    return plain if codes.is_code(plain) else None


def splits(letters: str) -> Iterator[tuple[str, ...]]:
    """Cut ``xiaol`` into pieces that each begin a syllable: ``xiao l``; ``xl`` into ``x l``.

    The fewest pieces come first, at most :data:`MOST_SPLITS` ways, and last every letter by itself,
    which are initials. Nothing for what is no pinyin.
    """
    if not letters or len(letters) > LONGEST_SPLIT:
        return
    ways: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(letters) + 1):
        found = [
            (*way, letters[start:end])
            for start in range(max(0, end - LONGEST_SYLLABLE), end)
            if _PIECE.fullmatch(letters, start, end)
            for way in ways[start]
        ]
        ways.append(sorted(found, key=len)[:MOST_SPLITS])
    yield from ways[-1]
    single = tuple(letters)
    if single not in ways[-1] and all(map(_PIECE.fullmatch, single)):
        yield single
