"""How alike two wishes are written, in per cent. Pure.

Titles are short: two to ten Chinese signs. Words that say nothing of the goods (新鲜, 好吃的, 团)
are left out first, and signs of Taiwan and Hong Kong and slips of the keyboard are caught by
their sound. What the goods are stands at the end of a Chinese name: 奶油草莓 is a kind of 草莓,
草莓酱 is not.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

SAME, SOUNDS_SAME, KIND_OF, WORD_OF = 100, 95, 88, 85
OTHER_GOODS = 25
"""Per cent less where the longer name goes on after the shorter one: 草莓, 草莓酱."""
ONE_SIGN_OFF = 12
"""Per cent less where two short names differ in one sign only: 牛肉卷, 羊肉卷."""

_FILLER = re.compile(
    r"新鲜的?|好吃的?|正宗的?|便宜点?的?|农家|自家|当季|应季|现摘|优质|特级|精品|家用|散装的?|大包装的?|小包装的?|进口的?"
    r"|想[要买吃]|能不能|可以|有没有|求|再|团购?|开团|卖|进点?|点儿?$|一[些点]|[的吗呢啊呀吧了么嘛]|那种|这种"
    r"|[0-9.]+\s?(?:斤|公斤|kg|克|g|份|盒|箱|袋|瓶|包|升|l|ml)装?"
)
_NOT_WORD = re.compile(r"[\W_]+")

Sound = Callable[[str], str]


def shape(title: str) -> str:
    """Return what is compared of a title: one width, lower case, without words of no weight."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    bare = _NOT_WORD.sub("", plain)
    kept = _NOT_WORD.sub("", _FILLER.sub("", plain))
    return kept or bare


def sound(text: str) -> str:
    """Return how Chinese ``text`` is said, without tones; other letters as they are."""
    from pypinyin import lazy_pinyin  # half a second at its first use

    return " ".join(lazy_pinyin(text))


def likeness(one: str, other: str, said: Sound = sound) -> int:
    """Return how alike two titles are: 0 nothing in common, 100 the same wish.

    Symmetric. ``said`` gives the sound of a shape.
    """
    first, second = sorted((shape(one), shape(other)), key=lambda text: (len(text), text))
    if not first or not second:
        return 0
    if first == second:
        return SAME
    if len(first) == len(second) and len(first) > 1 and said(first) == said(second):
        return SOUNDS_SAME
    rough = round(SequenceMatcher(None, first, second, autojunk=False).ratio() * 100)
    if len(first) >= 2 and first in second:
        return _contained(one, other, first, second, rough)
    if len(first) == len(second) and len(first) <= 4 and _signs_off(first, second) == 1:
        return max(0, rough - ONE_SIGN_OFF)
    return rough


def _contained(one: str, other: str, first: str, second: str, rough: int) -> int:
    if second.endswith(first):
        return max(KIND_OF, rough)
    words = {
        shape(word) for title in (one, other) for word in re.split(r"[\s,，/、（）()]+", title)
    }
    if first in words and second not in words:
        return max(WORD_OF, rough)
    return max(0, rough - OTHER_GOODS)


def _signs_off(first: str, second: str) -> int:
    return sum(a != b for a, b in zip(first, second, strict=True))


@dataclass(frozen=True)
class Alike:
    """Two ids whose titles are alike, the smaller one first."""

    first: int
    second: int
    percent: int


class Titles:
    """Many titles made ready once, to find those alike without comparing each with each."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        self.titles = dict(titles)
        self.shapes = {key: shape(title) for key, title in titles.items()}
        self.sounds: dict[str, str] = {}
        self._by_sign: dict[str, set[int]] = defaultdict(set)
        self._by_sound: dict[str, set[int]] = defaultdict(set)
        for key, text in self.shapes.items():
            for sign in set(text):
                self._by_sign[sign].add(key)
            if len(text) > 1:
                self._by_sound[self._said(text)].add(key)

    def like(self, title: str, least: int) -> list[tuple[int, int]]:
        """Return ``(id, percent)`` of titles at least ``least`` per cent like ``title``."""
        wanted = shape(title)
        found = []
        for key in self._near(wanted, least):
            percent = likeness(title, self.titles[key], self._said)
            if percent >= least:
                found.append((key, percent))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def pairs(self, least: int) -> list[Alike]:
        """Return all pairs at least ``least`` per cent alike, the most alike first."""
        found = {
            Alike(min(key, other), max(key, other), percent)
            for key, title in self.titles.items()
            for other, percent in self.like(title, least)
            if other != key
        }
        return sorted(found, key=lambda pair: (-pair.percent, pair.first, pair.second))

    def _near(self, wanted: str, least: int) -> Iterable[int]:
        """Return the ids that could reach ``least``, by the signs they have in common."""
        shared: Counter[int] = Counter()
        for sign in set(wanted):
            for key in self._by_sign.get(sign, ()):
                text = self.shapes[key]
                shared[key] += min(text.count(sign), wanted.count(sign))
        near = {
            key
            for key, count in shared.items()
            if 200 * count >= least * (len(wanted) + len(self.shapes[key]))
            or self.shapes[key] in wanted
            or wanted in self.shapes[key]
        }
        return near | self._by_sound.get(self._said(wanted), set())

    def _said(self, text: str) -> str:
        if text not in self.sounds:
            self.sounds[text] = _sound_of(text)
        return self.sounds[text]


@lru_cache(maxsize=20_000)
def _sound_of(text: str) -> str:
    return sound(text)


def like(title: str, titles: Mapping[int, str], least: int) -> list[tuple[int, int]]:
    """Return ``(id, percent)`` of those ``titles`` that are at least ``least`` like ``title``."""
    return Titles(titles).like(title, least)


def pairs(titles: Mapping[int, str], least: int, apart: Sequence[tuple[int, int]]) -> list[Alike]:
    """Return the pairs of ``titles`` alike by ``least`` per cent, without those kept ``apart``."""
    known = {(min(pair), max(pair)) for pair in apart}
    return [pair for pair in Titles(titles).pairs(least) if (pair.first, pair.second) not in known]
