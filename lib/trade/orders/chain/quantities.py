"""One quantity phrase: number, unit, and how sure we are (contract R8, R9).

`read_quantity` looks at one place of the folded text. It never guesses: 两三斤, 2-3斤, 十来个
come back as doubtful. `in_catalogue_units` converts, or says None when it may not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from lib.trade.orders.chain.model import CatalogueItem
from lib.trade.orders.chain.numbers import DIGITS, FRACTIONS, NUMERALS, numeral

JIN = {
    "斤": Decimal(1), "两": Decimal("0.1"), "公斤": Decimal(2), "克": Decimal("0.002"),
}  # fmt: skip
_SAME_UNIT = {
    "市斤": "斤", "kg": "公斤", "千克": "公斤", "g": "克", "兩": "两", "個": "个",
    "隻": "只", "條": "条", "雙": "双", "塊": "块", "張": "张", "捲": "卷", "籃": "篮",
    "jin": "斤", "公克": "克", "箇": "个", "枝": "支",
}  # fmt: skip
UNITS = frozenset(
    [
        "斤",
        "两",
        "公斤",
        "克",
        "份",
        "盒",
        "箱",
        "袋",
        "提",
        "瓶",
        "板",
        "打",
        "把",
        "根",
        "只",
        "桶",
        "条",
        "个",
        "枚",
        "颗",
        "粒",
        "件",
        "包",
        "罐",
        "听",
        "支",
        "块",
        "片",
        "张",
        "串",
        "捆",
        "扎",
        "束",
        "棵",
        "株",
        "朵",
        "头",
        "尾",
        "对",
        "双",
        "套",
        "组",
        "筐",
        "篮",
        "篓",
        "杯",
        "碗",
        "碟",
        "盘",
        "盆",
        "壶",
        "坛",
        "卷",
        "筒",
        "排",
        "版",
        "网",
        "兜",
        "节",
        "段",
        "副",
        "人份",
        "单",
    ]
) | frozenset(_SAME_UNIT)

_ABOUT = re.compile(r"(?:大约|大概|差不多|约)\s?")
_BOUND = re.compile(r"(?:至少|最少|最多|不超过|不少于|超过|起码|限)\s?")
_ARABIC = re.compile(rf"([0-9]+)(\.[0-9]+)?([{''.join(FRACTIONS)}])?")
_SLASH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?=\s?(?:斤|公斤|kg|市斤))")
_CHINESE = re.compile(rf"[{NUMERALS}]{{1,8}}")
_VAGUE = re.compile(r"(?:好?几|若干|数|一些|少许)\s?(?=[\u4e00-\u9fff])")
# 2,5斤 may be 2.5 jin, 2、3斤 two or three: decided by nobody.
_LOOSE_POINT = re.compile(r"[,。、/](?=[0-9]{1,2}(?![0-9.-]))")
_RANGE = re.compile(rf"\s?(?:[-~至到]|或者?)\s?(?:[0-9]|[{NUMERALS}半])")
_NOT_A_COUNT = re.compile(
    r"\s?(?:号|楼|层|岁|天|次|回|年|月|日|分钟|小时|刻|元|毛|角|折|%|点|周(?![一二三四五六日天末1-6])|期|栋|幢|单元|室|弄|路"
    r"|代|姐|哥|伯|叔|姨|爷|奶|胎|孩|口人|个人|位|个小?时|个月|家)"
)
_MORE = re.compile(
    rf"(?:多|余|来|几)(?![放要给送点加拿取0-9少半俩仨{NUMERALS}辣醋盐糖油汁酱葱蒜姜])"
)
_MONEY = re.compile(r"\s?(?:元|圆|块钱|毛)")
_PEOPLE = re.compile(r"个(?:人|小?时|月|字|小孩|孩|老人)(?!份|参)")
_SPEC = re.compile(r"\s?(?:装|裝|规格|以上|以下|以内|起)")


class Use(StrEnum):
    """What a number is for."""

    COUNT = "count"
    SPEC = "spec"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity phrase of the folded text. `value` is None when it must not be guessed.

    `unit` is "" when none was written; `sign` is "+", "×" or ""; `word` tells a bare Chinese
    numeral (一起), which counts only beside a product; `odd` asks for a look;
    `about` marks 约.
    """

    start: int
    end: int
    value: Decimal | None
    unit: str = ""
    sign: str = ""
    use: Use = Use.COUNT
    word: bool = False
    pair: bool = False
    odd: bool = False
    about: bool = False
    spec_like: bool = False


# What a quantity can begin with: numbers, signs, 约, 至少, 几, 斤半.
_STARTS = frozenset(
    "0123456789+×x*半俩仨倆斤公大约差至最不超起限好几若数一少" + NUMERALS + "".join(FRACTIONS)
)
Blocks = Callable[[int], int]


@dataclass(slots=True)
class UnitTable:
    """The counting words known here: the common ones and those of the catalogue."""

    words: frozenset[str]
    longest: int

    @classmethod
    def of(cls, catalogue: tuple[CatalogueItem, ...]) -> "UnitTable":
        """Collect every unit the catalogue uses besides the common counting words."""
        own = {word.lower() for item in catalogue for word in (item.unit, *item.conversions)}
        words = UNITS | {word for word in own if word and not word[0].isdigit()}
        return cls(words, max(map(len, words)))

    def at(self, text: str, place: int) -> int:
        """Length of the longest unit at `place`, 0 if there is none."""
        for length in range(self.longest, 0, -1):
            word = text[place : place + length]
            if word in self.words:
                following = text[place + length : place + length + 1]
                if word.isascii() and following.isascii() and following.isalpha():
                    continue
                return length
        return 0


def same_unit(unit: str) -> str:
    """Return the one spelling of a unit: kg -> 公斤, 個 -> 个."""
    return _SAME_UNIT.get(unit.lower(), unit.lower())


def in_catalogue_units(value: Decimal, unit: str, item: CatalogueItem) -> Decimal | None:
    """Convert to the item's unit by R9; None when only a guess would do."""
    wanted, given = same_unit(item.unit), same_unit(unit)
    if not given or given == wanted:
        return value
    for package, content in item.conversions.items():
        if same_unit(package) == given:
            return value * content
    if given not in JIN:
        return None
    weight = value * JIN[given]
    if wanted in JIN:
        return weight / JIN[wanted]
    if item.weight_per_unit_jin:
        units = weight / item.weight_per_unit_jin
        return units if units == units.to_integral_value() else None
    return None


class QuantityReader:
    """Reads quantity phrases; `product_at` gives the length of a product name at a place."""

    def __init__(self, text: str, units: UnitTable, product_at: Blocks) -> None:
        self.text, self.units, self.product_at = text, units, product_at

    def read(self, start: int, sign_allowed: bool = True) -> Quantity | None:
        """Read the quantity that begins at `start`; None when none does."""
        place, text = start, self.text
        if text[start : start + 1] not in _STARTS:
            return None
        about, bound = _ABOUT.match(text, place), _BOUND.match(text, place)
        place = (about or bound).end() if (about or bound) else place  # type: ignore[union-attr]
        sign = ""
        if sign_allowed and text[place : place + 1] in ("+", "×", "x", "*"):
            sign = "+" if text[place] == "+" else "×"
            place += 2 if text[place + 1 : place + 2] == " " else 1
        found = self._number(place)
        if found is None:
            return self._vague(start, place)
        value, end, kind = found
        if place == start and start and text[start - 1] == "第":
            return None
        if place == start and start and text[start - 1] == "." and kind == "arabic":
            value = None
        quantity = self._with_unit(start, value, end, kind, sign)
        if quantity is None:
            return None
        if bound:
            quantity = _changed(quantity, value=None)
        return _changed(quantity, odd=True, about=True) if about else quantity

    def _vague(self, start: int, place: int) -> Quantity | None:
        """几个, 若干份: a quantity nobody can count."""
        vague = _VAGUE.match(self.text, place)
        if not vague:
            return None
        unit = self.units.at(self.text, vague.end())
        return Quantity(start, vague.end() + unit, None) if unit else None

    def _number(self, place: int) -> tuple[Decimal | None, int, str] | None:
        """Value, end and kind (arabic, chinese, half, pair, bare) of the number at `place`."""
        text = self.text
        letter = text[place : place + 1]
        if slash := _SLASH.match(text, place):
            top, bottom = Decimal(slash[1]), Decimal(slash[2])
            value = top / bottom if bottom and top < bottom else None
            return (value, slash.end(), "arabic")
        if arabic := _ARABIC.match(text, place):
            return (*self._arabic(arabic), "arabic")
        if letter in FRACTIONS:
            return (FRACTIONS[letter], place + 1, "arabic")
        if letter in ("俩", "仨", "倆"):
            return (Decimal(3 if letter == "仨" else 2), place + 1, "pair")
        if letter == "半":
            return (Decimal("0.5"), place + 1, "half")
        if text.startswith(("斤半", "公斤半"), place):
            return (Decimal(1), place, "bare")
        if chinese := _CHINESE.match(text, place):
            return self._chinese(chinese)
        return None

    def _arabic(self, match: re.Match[str]) -> tuple[Decimal | None, int]:
        end, text = match.end(), self.text
        whole, rest, fraction = match.group(1), match.group(2) or "", match.group(3)
        value: Decimal | None = None
        if len(whole) <= 6 and len(rest) <= 5:
            value = Decimal(whole + rest) + FRACTIONS.get(fraction or "", Decimal(0))
            value = None if fraction and rest else value
        while end < len(text) and (text[end].isascii() and text[end].isdigit()):
            end, value = end + 1, None
        if re.compile(r"\.[0-9]").match(text, end):
            tail = re.compile(r"[0-9.]+").match(text, end)
            end, value = (tail.end() if tail else end), None
        return value, end

    def _chinese(self, match: re.Match[str]) -> tuple[Decimal | None, int, str]:
        """Cut the run where a product name starts in it (一斤三文鱼: 三 belongs to the fish)."""
        end = match.end()
        for place in range(match.start() + 1, match.end()):
            if self.product_at(place):
                end = place
                break
        run = self.text[match.start() : end]
        if len(run) > 1 and run[-1] in "两兩" and not self.units.at(self.text, end):
            run, end = run[:-1], end - 1
        value = numeral(run)
        return (None if value is None else Decimal(value), end, "chinese")

    def _unit(self, place: int) -> tuple[str, int, bool]:
        """Unit after a number: its spelling, its end, and whether 大 or 小 stood before it."""
        text, odd = self.text, False
        at = place + 1 if text[place : place + 1] == " " else place
        if text[at : at + 1] in ("大", "小", "整") and self.units.at(text, at + 1):
            odd = text[at] != "整"
            at += 1
        length = self.units.at(text, at)
        if not length or self.product_at(at) > length:
            return "", place, False
        if text.startswith("条半", at) and self.product_at(at):
            return "", place, False
        return text[at : at + length], at + length, odd

    def _with_unit(
        self, start: int, value: Decimal | None, end: int, kind: str, sign: str
    ) -> Quantity | None:
        text = self.text
        more = _MORE.match(text, end)
        if kind != "pair" and more and self.units.at(text, more.end()):
            length = self.units.at(text, more.end())
            return Quantity(start, more.end() + length, None, sign=sign)
        unit, stop, odd = self._unit(end)
        range_follows = _RANGE.match(text, stop if unit else end)
        point = _LOOSE_POINT.match(text, end) if kind == "arabic" and not unit else None
        if point:
            second = _ARABIC.match(text, point.end()).end()  # type: ignore[union-attr]
            if self._unit(second)[0] and not (self._people(second) or self._leads_goods(second)):
                return self._range(start, point.end(), sign)
        if range_follows and kind in ("arabic", "chinese") and (unit or kind == "arabic"):
            return self._range(start, range_follows.end() - 1, sign)
        if unit and (people := self._people(end)):
            return Quantity(start, people, None, sign=sign, use=Use.OTHER)
        if not unit:
            return self._bare(start, value, end, kind, sign)
        quantity = Quantity(start, stop, value, unit, sign, odd=odd, pair=kind == "pair")
        return self._tail(quantity)

    def _leads_goods(self, end: int) -> bool:
        """Whether the number that ends here is the next product's: 豆腐2，3斤鸡蛋."""
        place = self._unit(end)[1]
        place += 1 if self.text[place : place + 1] == " " else 0
        length = self.product_at(place)
        behind = place + length
        behind += 1 if self.text[behind : behind + 1] == " " else 0
        return bool(length) and self._number(behind) is None

    def _people(self, end: int) -> int:
        """End of 个人, 个小时, 个月 after a number, 0 if it is none of them."""
        match = _PEOPLE.match(self.text, end + 1 if self.text[end : end + 1] == " " else end)
        return match.end() if match else 0

    def _bare(
        self, start: int, value: Decimal | None, end: int, kind: str, sign: str
    ) -> Quantity | None:
        if kind in ("half", "bare"):
            return None
        if kind == "chinese":
            return Quantity(start, end, value, sign=sign, word=True) if value else None
        if kind == "arabic" and sign and _MONEY.match(self.text, end):
            return Quantity(start, end, None, sign=sign)
        if kind == "arabic" and not sign:
            if other := _NOT_A_COUNT.match(self.text, end):
                return Quantity(start, other.end(), None, use=Use.OTHER)
            if re.compile(r"\s?人份?(?!参)").match(self.text, end):
                return Quantity(start, end, None, use=Use.OTHER)
        if kind == "arabic" and self.text[end : end + 1] in ("x", "×", "*"):
            end += 1 if self.product_at(end + 1) else 0
        return Quantity(start, end, value, sign=sign, pair=kind == "pair")

    def _range(self, start: int, second: int, sign: str) -> Quantity:
        """2-3斤: swallow the second number and its unit, decide nothing."""
        found = self._number(second)
        end = found[1] if found else second + 1
        _unit, end, _odd = self._unit(end)
        return Quantity(start, end, None, sign=sign)

    def _tail(self, quantity: Quantity) -> Quantity:
        """What may follow a unit: 半, 2两, 左右, 多, 装, 的."""
        text, end, value = self.text, quantity.end, quantity.value
        if value is None:
            return quantity
        unit = same_unit(quantity.unit)
        followed = self.units.at(text, end + 1) if text[end : end + 1] == "半" else 1
        if not followed and not self.product_at(end):
            quantity = _changed(quantity, value=value + Decimal("0.5"), end=end + 1)
        elif unit in ("斤", "公斤"):
            quantity = self._smaller_unit(quantity, unit)
        end = quantity.end
        if text.startswith(("左右", "上下"), end):
            return _changed(quantity, odd=True, end=end + 2)
        if (more := _MORE.match(text, end)) and not self.product_at(end):
            return _changed(quantity, value=None, end=more.end())
        per = 0 if self.product_at(end + 1) else self.units.at(text, end + 1)
        if per and text.startswith("/", end):
            return _changed(quantity, use=Use.SPEC, end=end + 1 + per)
        if spec := _SPEC.match(text, end):
            return _changed(quantity, use=Use.SPEC, end=spec.end())
        if text.startswith("的", end):
            return _changed(quantity, spec_like=True, end=end + 1)
        return quantity

    def _smaller_unit(self, quantity: Quantity, unit: str) -> Quantity:
        """一斤二两 is 1.2 斤; 三斤三 (and something) is not clear."""
        end = quantity.end
        if quantity.value is None or self.product_at(end):
            return quantity
        found = self._number(end)
        if found is None or found[2] not in ("arabic", "chinese", "half"):
            return quantity
        smaller, stop, _odd = self._unit(found[1])
        if same_unit(smaller) in JIN and JIN[same_unit(smaller)] < JIN[unit]:
            if found[0] is None:
                return _changed(quantity, value=None, end=stop)
            added = found[0] * JIN[same_unit(smaller)] / JIN[unit]
            return _changed(quantity, value=quantity.value + added, end=stop)
        tail = self.text[end : found[1]]
        clear = smaller or self.product_at(found[1]) or len(tail) > 1 or tail not in DIGITS
        if clear or _word_follows(self.text, found[1]):
            return quantity
        return _changed(quantity, value=None, end=found[1])


def _word_follows(text: str, place: int) -> bool:
    return "\u4e00" <= text[place : place + 1] <= "\u9fff"


def _changed(quantity: Quantity, **parts: object) -> Quantity:
    return replace(quantity, **parts)  # type: ignore[arg-type]
