"""The order of one entry while it is read: lines, products still waiting, doubts.

Every token leaves with a `part`. `Basket` knows its neighbours, puts products in and takes
phrases out as doubtful; the rules that decide are in binding, several, changes and order.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from decimal import Decimal

from lib.trade.orders.chain import lexicon
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.lexer import Lexer, Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Part
from lib.trade.orders.chain.quantities import Use

FAR = 40


@dataclass(slots=True, eq=False)
class Mention:
    """A product that was named: the tokens that name it and the products it may be."""

    tokens: list[Token]
    products: tuple[int, ...]
    foreign: bool = False

    @property
    def start(self) -> int:
        """Where the mention begins, a doubtful prefix (大白菜) included."""
        return self.tokens[0].start


@dataclass(slots=True, eq=False)
class Line:
    """An order line before merging: product index, quantity in catalogue units, its tokens."""

    product: int
    quantity: Decimal
    tokens: list[Token]
    assumed: bool = False


@dataclass(slots=True)
class Order:
    """Result of one entry: lines, doubts as (start, end, flag), and what the words announced."""

    lines: list[Line] = field(default_factory=list)
    doubts: list[tuple[int, int, Flag]] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    named: bool = False
    dropped: bool = False
    supersedes: bool = False


class Basket:
    """Tokens, neighbours, and the order so far; the ground the rules stand on."""

    def __init__(
        self, lexer: Lexer, tokens: list[Token], above: list[Line] | None, cancelled: bool = False
    ) -> None:
        self.lexer, self.shelf = lexer, lexer.shelf
        self.tokens, self.above = tokens, above
        self.starts = [token.start for token in tokens]
        products = (token.start for token in reversed(tokens) if token.kind is Kind.PRODUCT)
        self.last_product = next(products, -1)
        self.order = Order()
        self.pending: list[Mention] = []
        self.held: tuple[int, Token] | None = None
        self.total_next = False
        self.just_dropped = False
        self.whole_cancelled = self.order.dropped = cancelled
        self.excepted: set[int] = set()

    def _neighbour(self, index: int, step: int, skipped: frozenset[Kind]) -> int | None:
        place = index + step
        stop = index + step * FAR
        while 0 <= place < len(self.tokens) and self.tokens[place].kind in skipped:
            place += step
            if place == stop:
                return None
        return place if 0 <= place < len(self.tokens) else None

    def _flag(self, flag: Flag) -> None:
        if flag not in self.order.flags:
            self.order.flags.append(flag)

    def _doubt(self, start: int, end: int, flag: Flag) -> None:
        """Put [start, end) into unmatched and everything in it out of the order."""
        self._flag(flag)
        self.order.doubts.append((start, end, flag))
        place = bisect_left(self.starts, start)
        while place < len(self.tokens) and self.tokens[place].end <= end:
            self.tokens[place].part = Part.UNMATCHED
            place += 1

    def _same_goods(self, last: Mention, mention: Mention) -> bool:
        """Two words for one product side by side: L🦐, 红富士 苹果."""
        gap = mention.start - last.tokens[-1].end
        shared = set(last.products) & set(mention.products)
        if gap == 0:
            return bool(shared)
        shared_word = len(last.products) > 1 or len(mention.products) > 1
        return (
            gap == 1
            and self._text(last.tokens[-1].end, mention.start) == " "
            and (shared_word and len(shared) == 1)
        )

    def _text(self, start: int, end: int) -> str:
        return self.lexer.text[start:end]

    def _mention(self, index: int, token: Token) -> Mention:
        """Look at what is glued to a product word: 大白菜 and 鸡蛋糕 are other goods."""
        tokens, foreign = [token], False
        before = self.tokens[index - 1] if index else None
        if before and before.kind is Kind.WORD and before.part is None and before.touches(token):
            word = self._text(before.start, before.end)
            if has_letters(word[-1:]):
                tokens = [before, token]
                added = word == "加" and self._owns_quantity(index)
                foreign = not added and not lexicon.GOODS_PREFIX.search(word)
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if after and after.kind is Kind.WORD and token.touches(after):
            word = self._text(after.start, after.end)
            plain = lexicon.GOODS_SUFFIX.match(word) or self._remark(word)
            if has_letters(word[:1]) and not plain:
                tokens, foreign = [*tokens, after], True
        return Mention(tokens, token.products, foreign)

    @staticmethod
    def _remark(word: str) -> bool:
        return bool(lexicon.REMARK_WORD.search(word))

    def _owns_quantity(self, product: int) -> bool:
        """Whether a quantity stands right behind a product."""
        after = self._neighbour(product, 1, frozenset({Kind.SPACE, Kind.FILLER}))
        if after is None or self.tokens[after].kind is not Kind.QUANTITY:
            return False
        quantity = self.tokens[after].quantity
        return bool(quantity and quantity.use is Use.COUNT)

    def _is_all_there_is(self, mention: Mention) -> bool:
        """大西瓜 on its own, between spaces or signs, is goods; 家里没葱了 is talk."""
        first = bisect_left(self.starts, mention.start)
        last = bisect_left(self.starts, mention.tokens[-1].start)
        around = [self.tokens[i] for i in (first - 1, last + 1) if 0 <= i < len(self.tokens)]
        alone = all(t.kind in (Kind.SPACE, Kind.STOP, Kind.FILLER, Kind.JOIN) for t in around)
        words = (self._text(t.start, t.end) for t in mention.tokens if t.kind is Kind.WORD)
        return alone and all(len(word) <= 3 and not self._remark(word) for word in words)

    def _describes(self, mention: Mention) -> bool:
        """鸡蛋2斤 …鸡蛋要大的: the second mention says how, it orders no more."""
        if all((line.product,) != mention.products for line in self.order.lines):
            return False
        place = bisect_left(self.starts, mention.tokens[-1].start) + 1
        while place < len(self.tokens) and self.tokens[place].kind is Kind.FILLER:
            place += 1
        following = self.tokens[place] if place < len(self.tokens) else None
        return following is not None and following.kind in (Kind.WORD, Kind.REMARK)

    def _close_pending(self) -> None:
        """Products named without a quantity: one each, and said so (R8)."""
        for mention in self.pending:
            if mention.foreign and self._is_all_there_is(mention):
                self._doubt(mention.start, mention.tokens[-1].end, Flag.UNKNOWN_PRODUCT)
            elif mention.foreign:
                self._flag(Flag.UNREAD_WORDS)
                for token in mention.tokens:
                    token.part = Part.NOTE
            elif len(mention.products) != 1:
                self._doubt(mention.start, mention.tokens[-1].end, Flag.AMBIGUOUS_PRODUCT)
            elif self._describes(mention):
                for token in mention.tokens:
                    token.part = Part.NOTE
            else:
                self._add(mention, Decimal(1), [], assumed=True)
                self._flag(Flag.QTY_ASSUMED)
        self.pending = []

    def _add(
        self, mention: Mention, value: Decimal, more: list[Token], assumed: bool = False
    ) -> None:
        tokens = [*mention.tokens, *more]
        for token in tokens:
            token.part = Part.ITEM
        self.order.lines.append(Line(mention.products[0], value, tokens, assumed))
        self.just_dropped = False

    def _unbind(self) -> Mention:
        """Take the last line back."""
        line = self.order.lines.pop()
        for token in line.tokens:
            token.part = Part.MARKER
        return Mention(line.tokens, (line.product,))


def has_letters(word: str) -> bool:
    """Whether a word holds letters (an emoji or a dash does not)."""
    return any(letter.isalnum() for letter in word)
