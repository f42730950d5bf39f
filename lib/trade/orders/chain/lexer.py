"""Cuts the text of an entry into tokens that cover every character of it.

Nothing is dropped: what no table knows becomes a WORD. Linear: each step consumes at least one
character and looks ahead a bounded distance.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lib.trade.orders.chain import lexicon
from lib.trade.orders.chain.address import FoundAddress, strong_address
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Part
from lib.trade.orders.chain.numbers import NUMERALS, numeral
from lib.trade.orders.chain.products import Shelf
from lib.trade.orders.chain.quantities import Quantity, QuantityReader, UnitTable, Use

# What a phone, address, time, date or price can begin with; other characters skip those tables.
_NUMBER_STARTS = frozenset(
    "0123456789+¥￥$=@abcdefghijklmnopqrstuvwxyz零〇一二两三四五六七八九十百千廿卅"
    "东南西北中今明后大当次下这本周星礼凌清早上午正傍晚夜已付转红单收退补手尾末每"
)
_STOPS = frozenset(",。;、!/|\n…~·•:=\\")


@dataclass(slots=True, eq=False)
class Token:
    """A stretch of folded text, its kind, and (filled in by the readers) what it ended as."""

    kind: Kind
    start: int
    end: int
    products: tuple[int, ...] = ()
    quantity: Quantity | None = None
    address: FoundAddress | None = None
    part: Part | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def touches(self, other: "Token | None") -> bool:
        """Whether `other` begins where this one ends."""
        return other is not None and self.end == other.start


class Lexer:
    """Tokens of one folded text, for one catalogue."""

    def __init__(self, lower: str, shelf: Shelf) -> None:
        self.text, self.shelf = lower, shelf
        self.units = UnitTable.of(shelf.items)
        self.reader = QuantityReader(lower, self.units, lambda place: shelf.at(lower, place)[0])
        self._block_is_unit = any("块" in (item.unit, *item.conversions) for item in shelf.items)

    def tokens(self, start: int, end: int) -> list[Token]:
        """Cut [start, end) into tokens without gaps."""
        found: list[Token] = []
        place = start
        while place < end:
            token = self._token(place, found[-1] if found else None)
            token.end = min(token.end, end)
            if token.kind is Kind.WORD and found and found[-1].kind is Kind.WORD:
                found[-1].end = token.end
            else:
                found.append(token)
            place = token.end
        return found

    def _token(self, place: int, before: Token | None) -> Token:
        text = self.text
        letter = text[place]
        if letter == " ":
            return Token(Kind.SPACE, place, place + 1)
        length, products = self.shelf.at(text, place)
        if length:
            return Token(Kind.PRODUCT, place, place + length, products=products)
        if letter in "()":
            return Token(Kind.OPEN if letter == "(" else Kind.CLOSE, place, place + 1)
        token = self._written_number(place) or self._count(place, before)
        if token:
            return token
        if letter in lexicon.WORD_LETTERS and (match := lexicon.WORD.match(text, place)):
            return Token(lexicon.kind_of(match), place, match.end())
        if letter in _STOPS:
            return Token(Kind.STOP, place, place + 1)
        if letter == "-":
            return Token(Kind.STOP, place, place + 1)
        return self._word(place)

    def _word(self, place: int) -> Token:
        """One unknown character; a Latin word with its digits (gt7) at once."""
        text, end = self.text, place + 1
        if "a" <= text[place] <= "z":
            while end < len(text) and (text[end].isascii() and text[end].isalnum()):
                if text[end].isdigit() and not text[end - 1].isdigit() and self._sold(end):
                    break
                end += 1
        return Token(Kind.WORD, place, end)

    def _sold(self, place: int) -> bool:
        """Whether a counted unit begins here (amy2份)."""
        quantity = self.reader.read(place, sign_allowed=False)
        return bool(quantity and quantity.unit and quantity.use is Use.COUNT)

    def _written_number(self, place: int) -> Token | None:
        """Phones, addresses, dates, prices, clock times: numbers that are no quantities."""
        text = self.text
        letter = text[place]
        if letter not in _NUMBER_STARTS:
            return None
        if phone := lexicon.PHONE.match(text, place):
            return Token(Kind.PHONE, place, phone.end())
        if found := strong_address(text, place):
            return Token(Kind.ADDRESS, place, found.end, address=found)
        if (clock := lexicon.CLOCK.match(text, place)) and self._is_clock(clock):
            return Token(Kind.TIME, place, clock.end(), data={"clock": clock})
        if part := lexicon.DAYPART.match(text, place):
            return Token(Kind.TIME, place, part.end(), data={"daypart": part})
        if (sorts := lexicon.SORTS.match(text, place)) and self._all_sorts(sorts["count"]):
            return Token(Kind.FILLER, place, sorts.end())
        for kind, pattern in (
            (Kind.DATE, lexicon.DATE),
            (Kind.PRICE, lexicon.PRICE),
            (Kind.REMARK, lexicon.TAIL_NUMBER),
            (Kind.REMARK, lexicon.PORTION),
        ):
            if match := pattern.match(text, place):
                return Token(kind, place, match.end())
        if not self._block_is_unit and (match := lexicon.YUAN_AS_BLOCK.match(text, place)):
            return Token(Kind.PRICE, place, match.end())
        if long := lexicon.LONG_NUMBER.match(text, place):
            return Token(Kind.REMARK, place, long.end(), data={"number": True})
        return None

    def _all_sorts(self, count: str) -> bool:
        """三样 of three products on offer are all of them."""
        value = int(count) if count.isdigit() else numeral(count)
        return value == len(self.shelf.items)

    def _is_clock(self, match: "Any") -> bool:
        """一点 alone is 'a little'; 3点 and 下午一点 are times."""
        if match.group("part") or match.group("hour").isdigit():
            return not (match.group("hour").isdigit() and self._inside_number(match.start()))
        if self.text[max(0, match.start() - 1) : match.start()] in ("早", "晚"):
            return False
        rest = self.text[match.end() : match.end() + 1]
        return bool(match.group("spoken")) or (rest in "拿取来到前后钟" and rest != "")

    def _inside_number(self, place: int) -> bool:
        return place > 0 and (self.text[place - 1].isdigit() or self.text[place - 1] == ".")

    def _count(self, place: int, before: Token | None) -> Token | None:
        signs_ok = before is None or not (
            before.kind is Kind.WORD
            and before.end == place
            and (
                self.text[before.end - 1] in "×*"
                or (self.text[place] == "x" and "a" <= self.text[before.end - 1] <= "z")
            )
        )
        quantity = self.reader.read(place, sign_allowed=signs_ok)
        letter = self.text[place]
        if quantity is None and letter.isnumeric() and letter not in NUMERALS:
            quantity = Quantity(place, place + 1, None)
        if quantity is None:
            return self._implied_one(place, before)
        if quantity.word and not self._beside_product(before, quantity):
            return None
        return Token(Kind.QUANTITY, place, quantity.end, quantity=quantity)

    def _implied_one(self, place: int, before: Token | None) -> Token | None:
        """来个西瓜: a unit between a verb and goods means one."""
        if before is None or before.kind not in (Kind.FILLER, Kind.ADD) or before.end != place:
            return None
        end = place + self.units.at(self.text, place)
        if end == place or not self.shelf.at(self.text, end)[0]:
            return None
        one = Quantity(place, end, Decimal(1), self.text[place:end])
        return Token(Kind.QUANTITY, place, end, quantity=one)

    def _beside_product(self, before: Token | None, quantity: Quantity) -> bool:
        """A bare Chinese numeral counts right after goods, 各 or a sign, and at an end.

        Before goods (三白菜两豆腐) it counts where a phrase begins.
        """
        following = self.text[quantity.end : quantity.end + 1]
        closes = following == "" or following in _STOPS or following in " )+"
        goods = (Kind.PRODUCT, Kind.EACH, Kind.ALL, Kind.REST, Kind.ADD, Kind.CHANGE)
        if quantity.sign:
            return closes
        if self.shelf.at(self.text, quantity.end)[0]:
            begins = (Kind.SPACE, Kind.STOP, Kind.PRODUCT, Kind.JOIN, Kind.FILLER, Kind.OPEN)
            return before is None or before.kind in begins
        return closes and before is not None and before.kind in goods
