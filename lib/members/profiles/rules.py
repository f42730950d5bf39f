"""Decisions about who somebody is; no database, no clock."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.text import folded
from lib.kernel.words import N_

LONGEST_NICKNAME = 60
LONGEST_PART = 20
_PHONE = re.compile(r"1[3-9]\d{9}")
_PHONE_NOISE = re.compile(r"[\s\-()\u200b-\u200f\ufeff.]")

_SUFFIXES = {
    "area": re.compile(r"(?:小区|期|区|弄)$"),
    "building": re.compile(r"(?:号楼|栋|幢|座|楼|号|#)$"),
    "unit": re.compile(r"(?:单元|门|梯)$"),
    "room": re.compile(r"(?:号房|房间|室|房|户|号)$"),
}
_DASHES = str.maketrans(dict.fromkeys("—–－_~～/", "-"))
_BUILDING, _UNIT, _ROOM = (
    r"([0-9]{1,4}|[A-Z][0-9]{0,2})",
    r"([0-9]{1,2}|[A-Z])",
    r"([0-9]{2,4}[A-Z]?)",
)
_HOMES = (
    re.compile(rf"{_BUILDING}-{_UNIT}-{_ROOM}(?:室|房)?"),
    re.compile(rf"{_BUILDING}-{_ROOM}(?:室|房)?"),
    re.compile(rf"{_BUILDING}(?:号楼|栋|幢|座|楼|号|#)-?{_UNIT}(?:单元|门|梯)-?{_ROOM}(?:室|房)?"),
    re.compile(rf"{_BUILDING}(?:号楼|栋|幢|座|楼|号|#)-?{_ROOM}(?:室|房)?"),
)

SURNAME_READINGS = {
    "曾": "zeng", "单": "shan", "解": "xie", "查": "zha", "翟": "zhai", "仇": "qiu", "区": "ou",
    "朴": "piao", "盖": "ge", "乐": "yue", "覃": "qin", "尉": "yu", "种": "chong", "缪": "miao",
    "员": "yun", "洗": "xian", "折": "she", "黑": "he", "秘": "bi", "佴": "nai",
}  # fmt: skip
"""How a character is read when it is a surname and the dictionary reads it otherwise."""


def phone_number(text: str) -> str | None:
    """Return a mobile number as eleven digits; None for an empty text.

    ``+86 138-0013-8000``, full-width digits and spaces are understood. Raises ``Refused`` for
    anything that is not a mobile number: a wrong number reaches a stranger.
    """
    plain = _PHONE_NOISE.sub("", unicodedata.normalize("NFKC", text))
    if not plain:
        return None
    number = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", plain)
    if not _PHONE.fullmatch(number) or not number.isascii():
        raise Refused(
            N_("{text} is not a mobile number: it has 11 digits and begins with 1."), text=text
        )
    return number


def masked(phone: str | None) -> str | None:
    """Return ``138****8000``: enough to recognise a number, not enough to ring it."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else None


@dataclass(frozen=True)
class Home:
    """Where a household lives, without suffix words: building ``3``, unit ``2``, room ``501``."""

    area: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None

    @classmethod
    def of(
        cls,
        area: str | None = None,
        building: str | None = None,
        unit: str | None = None,
        room: str | None = None,
    ) -> "Home":
        """Return the home from parts as typed: full-width folded, ``3号楼`` and ``201室`` bared."""
        return cls(*map(_part, _SUFFIXES, (area, building, unit, room)))

    def __bool__(self) -> bool:
        return any((self.area, self.building, self.unit, self.room))

    def __str__(self) -> str:
        numbers = "-".join(part for part in (self.building, self.unit, self.room) if part)
        return f"{self.area} {numbers}".strip() if self.area else numbers

    @property
    def parts(self) -> tuple[str | None, ...]:
        """Area, building, unit, room."""
        return (self.area, self.building, self.unit, self.room)

    def contradicts(self, other: "Home") -> bool:
        """Whether a part known of both differs."""
        pairs = zip(self.parts, other.parts, strict=True)
        return any(mine and theirs and mine != theirs for mine, theirs in pairs)

    def is_same_door(self, other: "Home") -> bool:
        """Whether both name the same room of the same building, and nothing speaks against it."""
        if not self.room or self.room != other.room or self.building != other.building:
            return False
        return not self.contradicts(other)


def _part(name: str, text: str | None) -> str | None:
    plain = unicodedata.normalize("NFKC", text or "").strip().upper()
    bare = _SUFFIXES[name].sub("", plain).strip() or plain
    return "".join(bare.split())[:LONGEST_PART] or None


def read_home(text: str) -> Home | None:
    """Read a home as people type it into a search box: ``3-201``, ``3栋2单元201``; else None."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().translate(_DASHES).split())
    for pattern in _HOMES:
        if found := pattern.fullmatch(plain):
            *front, room = found.groups()
            return Home(None, front[0], front[1] if len(front) == 2 else None, room)
    return None


@dataclass(frozen=True)
class Reading:
    """How a nickname sounds: ``initials`` (xl) and full ``pinyin`` (xiaoli).

    Where a surname is read otherwise than the dictionary says, that reading stands first and the
    dictionary's second, after a space.
    """

    initials: str
    pinyin: str


def reading(nickname: str) -> Reading:
    """Return the pinyin of ``nickname``; made once when a name is written, never when searched."""
    from pypinyin import lazy_pinyin  # half a second and 58 MB: only where names are written

    plain = unicodedata.normalize("NFKC", nickname).casefold()
    spoken = lazy_pinyin(plain, errors=lambda other: f" {other} ")
    syllables = re.findall(r"[a-z]+|\d", " ".join(spoken))
    variants = [syllables]
    for place, character in _surname_places(nickname, syllables):
        surname = SURNAME_READINGS[character]
        variants.insert(0, [*syllables[:place], surname, *syllables[place + 1 :]])
    initials = dict.fromkeys("".join(part[0] for part in variant) for variant in variants)
    sounds = dict.fromkeys("".join(variant) for variant in variants)
    return Reading(" ".join(initials).strip(), " ".join(sounds).strip())


def _surname_places(nickname: str, syllables: Sequence[str]) -> Iterable[tuple[int, str]]:
    name = re.sub(r"[^\u4e00-\u9fff]", "", nickname)
    if len(name) != len(syllables) or not name:
        return
    place = 1 if name[0] in "小老阿大" and len(name) == 2 else 0
    if name[place] in SURNAME_READINGS and syllables[place] != SURNAME_READINGS[name[place]]:
        yield place, name[place]


class Certainty(StrEnum):
    """How sure it is that a hint means a member."""

    SAME = "same"
    LIKELY = "likely"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


class Reason(StrEnum):
    """Why a hint was taken for a member, or was not."""

    PHONE = N_("same phone number")
    NAME_AND_HOME = N_("same name, same room")
    NAME_ALONE = N_("same name, nothing speaks against it")
    HOME_ALONE = N_("same room, another name: perhaps one household")
    OTHER_HOME = N_("same name, but another room")
    OTHER_PHONE = N_("same name, but another phone number")
    SEVERAL = N_("several members fit")
    PHONE_ELSEWHERE = N_("the phone number belongs to somebody else than the name")
    NOBODY = N_("not known yet")


@dataclass(frozen=True)
class Hint:
    """What an order says of who ordered: nickname, home, and the phone as eleven digits."""

    nickname: str
    home: Home = field(default_factory=Home)
    phone: str | None = None


@dataclass(frozen=True)
class Known:
    """What the shop knows of a member: ``names`` are all folded names it ordered under."""

    id: int
    names: frozenset[str]
    home: Home
    phone: str | None


@dataclass(frozen=True)
class Match:
    """Whom a hint means: ``member_id`` is the best guess, ``candidates`` all who may be meant."""

    member_id: int | None
    certainty: Certainty
    reason: Reason
    candidates: tuple[int, ...] = ()

    @property
    def attaches(self) -> bool:
        """Whether an order may go to the member without asking; the preview still shows it.

        A name alone is enough when exactly one member has it and neither room nor phone speak
        against it: in the group the name is all there is. The same room under another name is
        not: a household is several people.
        """
        return self.certainty is Certainty.SAME or self.reason is Reason.NAME_ALONE


NOBODY = Match(None, Certainty.NONE, Reason.NOBODY)


def resolve(hint: Hint, known: Sequence[Known]) -> Match:
    """Return whom ``hint`` means among ``known`` (all who share its name, door or phone)."""
    name = folded(hint.nickname)
    named = [one for one in known if name and name in one.names]
    if hint.phone:
        by_phone = [one for one in known if one.phone == hint.phone]
        if by_phone:
            return _by_phone(by_phone[0], named, hint)
    at_door = [one for one in named if one.home.is_same_door(hint.home)]
    sure = [one for one in at_door if not _other_phone(one, hint)]
    if len(sure) == 1:
        return Match(sure[0].id, Certainty.SAME, Reason.NAME_AND_HOME, (sure[0].id,))
    if named:
        return _by_name(named, sure, hint)
    household = tuple(one.id for one in known if one.home.is_same_door(hint.home))
    if household:
        return Match(household[0], Certainty.LIKELY, Reason.HOME_ALONE, household)
    return NOBODY


def _by_phone(owner: Known, named: Sequence[Known], hint: Hint) -> Match:
    others = [one for one in named if one.id != owner.id and one.home.is_same_door(hint.home)]
    if others:
        ids = (owner.id, *(one.id for one in others))
        return Match(owner.id, Certainty.AMBIGUOUS, Reason.PHONE_ELSEWHERE, ids)
    return Match(owner.id, Certainty.SAME, Reason.PHONE, (owner.id,))


def _by_name(named: Sequence[Known], sure: Sequence[Known], hint: Hint) -> Match:
    ids = tuple(one.id for one in sure or named)
    fitting = [one for one in named if not one.home.contradicts(hint.home)]
    free = [one for one in fitting if not _other_phone(one, hint)]
    if len(sure) > 1 or len(free) > 1:
        return Match(ids[0], Certainty.AMBIGUOUS, Reason.SEVERAL, ids)
    if len(free) == 1:
        # With others of that name in other rooms, a hint without a room names nobody for sure.
        if len(named) > 1 and not hint.home.room:
            return Match(free[0].id, Certainty.AMBIGUOUS, Reason.SEVERAL, ids)
        return Match(free[0].id, Certainty.LIKELY, Reason.NAME_ALONE, (free[0].id,))
    reason = Reason.OTHER_PHONE if fitting else Reason.OTHER_HOME
    return Match(ids[0], Certainty.AMBIGUOUS, reason, ids)


def _other_phone(one: Known, hint: Hint) -> bool:
    return bool(one.phone and hint.phone and one.phone != hint.phone)


def alike(one: str, other: str) -> bool:
    """Whether two nicknames may be two spellings of one: contained, or one character apart."""
    first, second = sorted((folded(one), folded(other)), key=len)
    if first == second:
        return True
    if len(first) >= 2 and first in second:
        return True
    return len(first) >= 3 and _one_edit(first, second)


def _one_edit(short: str, long: str) -> bool:
    if len(long) - len(short) > 1:
        return False
    place = next(
        (index for index, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    if len(short) == len(long):
        return short[place + 1 :] == long[place + 1 :]
    return short[place:] == long[place + 1 :]


@dataclass(frozen=True)
class Suspect:
    """A member as far as it matters for telling whether two are one."""

    nickname: str
    home: Home
    phone: str | None


def why_one(one: Suspect, other: Suspect, *, known_names: bool = False) -> str | None:
    """Return why two members may be the same person, as a sentence to translate; None if not.

    ``known_names`` says that one has ordered under the other's nickname before.
    """
    similar = known_names or alike(one.nickname, other.nickname)
    one_door = one.home.is_same_door(other.home)
    two_phones = bool(one.phone and other.phone and one.phone != other.phone)
    same_tail = (one.phone or "")[-4:] == (other.phone or "")[-4:]
    if two_phones and same_tail and (similar or one_door):
        return N_("The phone numbers end alike, and name or room fit.")
    if similar and one_door:
        return N_("Same room and nearly the same name.")
    same_name = known_names or folded(one.nickname) == folded(other.nickname)
    if same_name and not two_phones and not one.home.contradicts(other.home):
        return N_("Same name, and neither room nor phone speak against it.")
    return None
