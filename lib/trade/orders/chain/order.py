"""What was ordered: binds quantities to products in one entry (contract R8-R11, R13).

Works on the tokens of the lexer, left to right. Every token leaves with a `part`; a quantity
that found no product ends in `unmatched`, never in silence.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from lib.trade.orders.chain import lexicon
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.lexer import Lexer, Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Part
from lib.trade.orders.chain.quantities import JIN, Quantity, Use, in_catalogue_units, same_unit

LARGE = Decimal(99)
_BETWEEN = frozenset({Kind.SPACE, Kind.FILLER, Kind.ADD, Kind.PRICE, Kind.CHANGE})
_GENERIC_UNITS = frozenset({"", "份", "样", "个"})


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


class OrderReader:
    """Reads the order out of an entry's content tokens; call `read` once."""

    def __init__(self, lexer: Lexer, tokens: list[Token], above: list[Line] | None) -> None:
        self.lexer, self.shelf = lexer, lexer.shelf
        self.tokens, self.above = tokens, above
        self.order = Order()
        self.pending: list[Mention] = []
        self.held: tuple[int, Token] | None = None
        self.total_next = False
        self.just_dropped = False

    # -- walking ---------------------------------------------------------------------------

    def read(self) -> Order:
        """Give every token its part and return the order."""
        for index, token in enumerate(self.tokens):
            if token.part is None:
                self._step(index, token)
        self._release()
        self._close_pending()
        for index, token in enumerate(self.tokens):
            if token.part is None:
                self._leftover(index, token)
        return self.order

    def _step(self, index: int, token: Token) -> None:
        kind = token.kind
        if kind in (Kind.STOP, Kind.OPEN, Kind.CLOSE):
            token.part = Part.SEPARATOR
            self._release()
        elif kind is Kind.PRODUCT:
            self._product(index, token)
        elif kind is Kind.QUANTITY:
            self._quantity(index, token)
        elif kind in (Kind.EACH, Kind.ALL, Kind.REST):
            self._several(index, token)
        elif kind is Kind.SAME:
            self._same(token)
        elif kind is Kind.DROP:
            self._drop(index, token)
        elif kind is Kind.CHANGE:
            self._change(index, token)
        elif kind is Kind.SUPERSEDE:
            token.part, self.order.supersedes = Part.MARKER, True

    def _neighbour(self, index: int, step: int, skipped: frozenset[Kind]) -> int | None:
        place = index + step
        while 0 <= place < len(self.tokens) and self.tokens[place].kind in skipped:
            place += step
        return place if 0 <= place < len(self.tokens) else None

    def _flag(self, flag: Flag) -> None:
        if flag not in self.order.flags:
            self.order.flags.append(flag)

    def _doubt(self, start: int, end: int, flag: Flag) -> None:
        """Put [start, end) into unmatched and everything in it out of the order."""
        self._flag(flag)
        self.order.doubts.append((start, end, flag))
        for token in self.tokens:
            if start <= token.start and token.end <= end:
                token.part = Part.UNMATCHED

    # -- products --------------------------------------------------------------------------

    def _product(self, index: int, token: Token) -> None:
        self.order.named = True
        mention = self._mention(index, token)
        last = self.pending[-1] if self.pending else None
        if last and self._same_goods(last, mention):
            shared = tuple(set(last.products) & set(mention.products))
            last.tokens += mention.tokens
            last.products, last.foreign = tuple(sorted(shared)), last.foreign or mention.foreign
            mention = last
        else:
            self.pending.append(mention)
        if self.held:
            at, quantity = self.held
            self.held = None
            self._bind(mention, quantity)

    def _same_goods(self, last: Mention, mention: Mention) -> bool:
        """Two words for one product side by side: L🦐, 红富士 苹果."""
        gap = mention.start - last.tokens[-1].end
        shared = set(last.products) & set(mention.products)
        if gap == 0:
            return bool(shared)
        shared_word = len(last.products) > 1 or len(mention.products) > 1
        return gap == 1 and self._text(last.tokens[-1].end, mention.start) == " " and (
            shared_word and len(shared) == 1
        )

    def _text(self, start: int, end: int) -> str:
        return self.lexer.text[start:end]

    def _mention(self, index: int, token: Token) -> Mention:
        """Look at what is glued to a product word: 大白菜 and 鸡蛋糕 are other goods."""
        tokens, foreign = [token], False
        before = self.tokens[index - 1] if index else None
        if before and before.kind is Kind.WORD and before.part is None and before.touches(token):
            word = self._text(before.start, before.end)
            if _letters(word[-1:]):
                tokens = [before, token]
                foreign = not lexicon.GOODS_PREFIX.search(word)
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if after and after.kind is Kind.WORD and token.touches(after):
            word = self._text(after.start, after.end)
            if _letters(word[:1]) and not lexicon.GOODS_SUFFIX.match(word):
                if not self._remark(word):
                    tokens, foreign = [*tokens, after], True
        return Mention(tokens, token.products, foreign)

    @staticmethod
    def _remark(word: str) -> bool:
        return bool(lexicon.REMARK_WORD.search(word))

    def _close_pending(self) -> None:
        """Products named without a quantity: one each, and said so (R8)."""
        for mention in self.pending:
            if mention.foreign:
                self._flag(Flag.UNREAD_WORDS)
                for token in mention.tokens:
                    token.part = Part.NOTE
            elif len(mention.products) != 1:
                self._doubt(mention.start, mention.tokens[-1].end, Flag.AMBIGUOUS_PRODUCT)
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

    # -- quantities ------------------------------------------------------------------------

    def _quantity(self, index: int, token: Token) -> None:
        quantity = token.quantity
        assert quantity is not None
        if self._is_remark_number(index, quantity):
            token.part = Part.NOTE
            return
        if self._multiplies(index, token, quantity):
            return
        if self._is_total(index, token, quantity):
            return
        left, right = self._left(index), self._right(index)
        if left and not (right is not None and self._belongs_right(index, left, right)):
            self._bind(left, token)
        elif right is not None and self._leads(index, right):
            self._release()
            self.held = (index, token)
        else:
            self._bare(index, token)

    def _is_remark_number(self, index: int, quantity: Quantity) -> bool:
        """10斤装, 约8斤 in brackets after the quantity, 2个人: told, not ordered."""
        if quantity.use is Use.OTHER:
            return True
        following = self._neighbour(index, 1, frozenset({Kind.SPACE, Kind.CLOSE}))
        next_kind = self.tokens[following].kind if following is not None else None
        if quantity.use is Use.SPEC:
            if any(w in self._text(quantity.start, quantity.end) for w in ("以", "起")):
                self._flag(Flag.CHECK_QUANTITY)
            return True
        if quantity.spec_like and next_kind is Kind.QUANTITY:
            return True
        if quantity.spec_like and next_kind is Kind.PRODUCT and following is not None:
            if self._owns_quantity(following):
                return True
        if quantity.spec_like:
            self._flag(Flag.CHECK_QUANTITY)
        return self._in_brackets(index) and self._explains(index, next_kind)

    def _in_brackets(self, index: int) -> bool:
        """Whether the quantity stands alone in brackets."""
        before = self._neighbour(index, -1, frozenset({Kind.SPACE}))
        after = self._neighbour(index, 1, frozenset({Kind.SPACE}))
        return (
            before is not None
            and self.tokens[before].kind is Kind.OPEN
            and (after is None or self.tokens[after].kind is Kind.CLOSE)
        )

    def _explains(self, index: int, next_kind: Kind | None) -> bool:
        """苹果(10斤)2箱 and 苹果1箱(10斤): the bracket describes; 苹果(2箱) orders."""
        if next_kind is Kind.QUANTITY:
            return True
        if self.pending:
            return False
        before = self._neighbour(index, -1, frozenset({Kind.SPACE, Kind.OPEN}))
        if before is None or self.tokens[before].kind is not Kind.QUANTITY:
            return False
        if not self.order.lines or self.tokens[before] not in self.order.lines[-1].tokens:
            return False
        quantity, line = self.tokens[index].quantity, self.order.lines[-1]
        item = self.shelf.items[line.product]
        if quantity and same_unit(quantity.unit) in ("", same_unit(item.unit)):
            return False
        value = quantity.value if quantity else None
        inside = in_catalogue_units(value, quantity.unit, item) if quantity and value else None
        if inside is not None and inside != line.quantity:
            self._flag(Flag.CHECK_QUANTITY)
        return True

    def _multiplies(self, index: int, token: Token, quantity: Quantity) -> bool:
        """5斤x2: five or ten? Nobody guesses."""
        before = self.tokens[index - 1] if index else None
        if quantity.sign != "×" or not before or before.kind is not Kind.QUANTITY:
            return False
        start = before.start
        if self.order.lines and before in self.order.lines[-1].tokens:
            start = self._unbind().start
        if self.held and self.held[1] is before:
            self.held = None
        self._doubt(start, token.end, Flag.UNCLEAR_QUANTITY)
        return True

    def _is_total(self, index: int, token: Token, quantity: Quantity) -> bool:
        """共3份 repeats what was ordered; it never adds to it."""
        before = self._neighbour(index, -1, frozenset({Kind.SPACE}))
        if before is None or self.tokens[before].kind is not Kind.TOTAL:
            return False
        self.tokens[before].part = Part.NOTE
        if not self.order.lines:
            if len(self.pending) > 1:
                self._doubt(self.pending[0].start, token.end, Flag.UNCLEAR_QUANTITY)
                self.pending = []
                return True
            return False
        self._close_pending()
        if quantity.value != sum(line.quantity for line in self.order.lines):
            self._flag(Flag.CHECK_QUANTITY)
        token.part = Part.NOTE
        return True

    def _left(self, index: int) -> Mention | None:
        """The product named just before, still without a quantity."""
        if not self.pending:
            return None
        mention, place, stops = self.pending[-1], index - 1, 0
        while place >= 0 and self.tokens[place] not in mention.tokens:
            token = self.tokens[place]
            if token.kind in (Kind.STOP, Kind.OPEN):
                stops += 1
            elif token.kind is Kind.WORD and self._text(token.start, token.end)[-1] in "的:":
                self._flag(Flag.UNREAD_WORDS)
            elif (token.part is Part.NOTE and token.kind in (Kind.QUANTITY, Kind.REMARK)) or token.part is Part.MARKER or token.kind is Kind.CLOSE or token.kind in _BETWEEN:
                pass
            elif not self._described(place):
                return None
            place -= 1
        return mention if place >= 0 and stops <= 2 else None

    def _described(self, place: int) -> bool:
        """Words in brackets between product and quantity: 苹果（大个）2斤."""
        before = self._neighbour(place, -1, frozenset({Kind.SPACE}))
        after = self._neighbour(place, 1, frozenset({Kind.SPACE}))
        return (
            before is not None
            and after is not None
            and self.tokens[before].kind is Kind.OPEN
            and self.tokens[after].kind is Kind.CLOSE
            and self.tokens[place].kind in (Kind.WORD, Kind.REMARK)
        )

    def _right(self, index: int) -> int | None:
        """Index of the product that follows directly (2斤鸡蛋, 2斤 的鸡蛋)."""
        place = self._neighbour(index, 1, frozenset({Kind.SPACE, Kind.FILLER}))
        if place is None:
            return None
        token = self.tokens[place]
        if token.kind is Kind.WORD and place + 1 < len(self.tokens):
            after = self.tokens[place + 1]
            if after.kind is Kind.PRODUCT and token.touches(after) and after.part is None:
                return place + 1
        return place if token.kind is Kind.PRODUCT and token.part is None else None

    def _glued(self, first: int, second: int) -> bool:
        return all(t.kind is not Kind.SPACE for t in self.tokens[first : second + 1])

    def _owns_quantity(self, product: int) -> bool:
        after = self._neighbour(product, 1, frozenset({Kind.SPACE, Kind.FILLER}))
        if after is None or self.tokens[after].kind is not Kind.QUANTITY:
            return False
        quantity = self.tokens[after].quantity
        return bool(quantity and quantity.use is Use.COUNT)

    def _belongs_right(self, index: int, left: Mention, right: int) -> bool:
        """Between two products: the glued one has it, then the one whose unit fits."""
        if self._owns_quantity(right):
            return False
        token, glued_left = self.tokens[index], left.tokens[-1].touches(self.tokens[index])
        if self._glued(index, right) and not glued_left:
            return True
        if not (token.quantity and token.quantity.value and len(left.products) == 1):
            return False
        fits = [
            in_catalogue_units(token.quantity.value, token.quantity.unit, self.shelf.items[p])
            for p in (left.products[0], self.tokens[right].products[0])
        ]
        return fits[0] is None and fits[1] is not None

    def _leads(self, index: int, right: int) -> bool:
        """Whether a quantity before a product is the product's (2斤鸡蛋)."""
        if not self._owns_quantity(right):
            return True
        second = self._neighbour(right, 1, frozenset({Kind.SPACE, Kind.FILLER}))
        assert second is not None
        follower = self._right(second)
        if self._glued(index, right) and self._glued(right, second) and follower is None:
            self._doubt(self.tokens[index].start, self.tokens[second].end, Flag.UNCLEAR_QUANTITY)
            return False
        return self._glued(index, right) or not self._glued(right, second)

    def _bind(self, mention: Mention, token: Token) -> None:
        """Close `mention` with a quantity, or put both into unmatched."""
        if mention in self.pending:
            self.pending.remove(mention)
        self._close_pending()
        start = min(mention.start, token.start)
        end = max(mention.tokens[-1].end, token.end)
        quantity = token.quantity
        assert quantity is not None
        if mention.foreign:
            self._doubt(self._widened(start), end, Flag.UNKNOWN_PRODUCT)
        elif len(mention.products) != 1:
            self._doubt(start, end, Flag.AMBIGUOUS_PRODUCT)
        elif flag := self._refusal(mention.products[0], quantity):
            self._doubt(start, end, flag)
        else:
            self._accept(mention, token, quantity)

    def _accept(self, mention: Mention, token: Token, quantity: Quantity) -> None:
        item = self.shelf.items[mention.products[0]]
        value = in_catalogue_units(quantity.value or Decimal(0), quantity.unit, item)
        assert value is not None
        if value != value.to_integral_value() and same_unit(item.unit) not in JIN:
            self._flag(Flag.FRACTION_OF_PIECE)
        if value > LARGE:
            self._flag(Flag.LARGE_QUANTITY)
        if quantity.odd:
            self._flag(Flag.CHECK_QUANTITY)
        self._add(mention, value, [token])

    def _refusal(self, product: int, quantity: Quantity) -> Flag | None:
        """Why a quantity must not be counted for a product, None when it may."""
        item = self.shelf.items[product]
        if not quantity.value:
            return Flag.UNCLEAR_QUANTITY
        value = in_catalogue_units(quantity.value, quantity.unit, item)
        if value is None or (value <= 0):
            return Flag.UNIT_MISMATCH
        if quantity.pair and not quantity.unit and same_unit(item.unit) in JIN:
            return Flag.UNIT_MISMATCH
        before = self._text(quantity.start - 1, quantity.start) if quantity.start else ""
        if before == "-" and not quantity.unit:
            return Flag.UNCLEAR_QUANTITY
        if not quantity.unit and not quantity.sign:
            whole = quantity.value == quantity.value.to_integral_value()
            if quantity.value > LARGE or (not whole and quantity.value == item.price):
                return Flag.UNCLEAR_QUANTITY
        if before == "-":
            self._flag(Flag.CHECK_QUANTITY)
        return None

    def _widened(self, start: int) -> int:
        """Begin of the phrase that leads glued into `start` (加多宝: 加 is no marker there)."""
        for token in reversed(self.tokens):
            if token.end == start and token.kind in (Kind.FILLER, Kind.ADD, Kind.JOIN, Kind.EACH):
                if self._text(token.start, token.end) in ("+", "&"):
                    break
                start = token.start
        return start

    def _bare(self, index: int, token: Token) -> None:
        """A quantity with no product beside it."""
        if token.part is Part.UNMATCHED:
            return
        quantity = token.quantity
        assert quantity is not None
        if self._adds(index, token, quantity) or self._repeats(index, token, quantity):
            return
        before, after = self._words_around(index)
        if phrase := self._foreign_goods(index, before, after):
            self._doubt(self._widened(phrase[0]), phrase[1], Flag.UNKNOWN_PRODUCT)
        elif self.shelf.single:
            if self.order.lines:
                self._flag(Flag.SEVERAL_QUANTITIES)
            self._bind(Mention([token], (0,)), token)
        else:
            self._doubt(token.start, token.end, Flag.UNCLEAR_QUANTITY)

    def _adds(self, index: int, token: Token, quantity: Quantity) -> bool:
        """+1, 再来1份 after an item: more of the last product, marked."""
        before = self._neighbour(index, -1, frozenset({Kind.SPACE, Kind.STOP}))
        marked = quantity.sign == "+" or (
            before is not None and self.tokens[before].kind is Kind.ADD
        )
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if not (marked and self.order.lines) or self.pending:
            return False
        if after and after.kind is Kind.WORD and token.touches(after):
            return False
        self._flag(Flag.SEVERAL_QUANTITIES)
        self._bind(Mention([token], (self.order.lines[-1].product,)), token)
        return True

    def _repeats(self, index: int, token: Token, quantity: Quantity) -> bool:
        """1板30枚 says the same twice when the conversion agrees."""
        before = self._neighbour(index, -1, frozenset({Kind.SPACE}))
        if before is None or not self.order.lines or not quantity.value:
            return False
        line = self.order.lines[-1]
        if self.tokens[before] not in line.tokens or not quantity.unit:
            return False
        earlier = self.tokens[before].quantity
        item = self.shelf.items[line.product]
        different = earlier and same_unit(earlier.unit) != same_unit(quantity.unit)
        if not different:
            return False
        value = in_catalogue_units(quantity.value, quantity.unit, item)
        if value == line.quantity or quantity.about:
            token.part = Part.NOTE
        else:
            self._doubt(token.start, token.end, Flag.UNCLEAR_QUANTITY)
        return True

    def _words_around(self, index: int) -> tuple[Token | None, Token | None]:
        skipped = frozenset({Kind.SPACE, Kind.FILLER, Kind.ADD, Kind.JOIN})
        left = self._neighbour(index, -1, skipped)
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        before = self.tokens[left] if left is not None else None
        if before and (before.kind is not Kind.WORD or before.part is Part.UNMATCHED):
            before = None
        if after and after.kind is not Kind.WORD:
            after = None
        return before, after

    def _foreign_goods(
        self, index: int, before: Token | None, after: Token | None
    ) -> tuple[int, int] | None:
        """The phrase of goods that are not on offer: 香菜1把, 1把香菜 (R10)."""
        token = self.tokens[index]
        single = self.shelf.single
        if before and _letters(self._text(before.start, before.end)):
            word = self._text(before.start, before.end)
            if not (single and (self._remark(word) or self._latin_name(before, word))):
                return (before.start, token.end)
        if after and _letters(self._text(after.start, after.end)):
            word = self._text(after.start, after.end)
            if not self._remark(word):
                return (token.start, after.end)
        return None

    def _latin_name(self, token: Token, word: str) -> bool:
        """The second word of a Latin nickname (Mary Jane 2箱)."""
        first = self.tokens[0] if self.tokens[0].kind is not Kind.SPACE else self.tokens[1]
        if token is not first or not word.isascii() or any(c.isdigit() for c in word):
            return False
        self._flag(Flag.NICKNAME_UNSURE)
        return True

    def _release(self) -> None:
        """A quantity that waited for a product in vain."""
        if self.held:
            index, token = self.held
            self.held = None
            self._bare(index, token)

    # -- several products at once ------------------------------------------------------------

    def _several(self, index: int, token: Token) -> None:
        """各N, 都来N份, 其他各N (R8, R13)."""
        token.part = Part.ITEM
        after = self._neighbour(index, 1, frozenset({Kind.SPACE, Kind.FILLER}))
        amount = self.tokens[after] if after is not None else None
        if not amount or amount.kind is not Kind.QUANTITY or amount.part is not None:
            amount = None
        quantity = amount.quantity if amount else Quantity(token.end, token.end, Decimal(1))
        assert quantity is not None
        if amount:
            amount.part = Part.ITEM
        end = amount.end if amount else token.end
        mentions, own = self._meant(token)
        if not mentions or quantity.use is not Use.COUNT:
            self._doubt(token.start, end, Flag.UNCLEAR_QUANTITY)
            return
        if not own:
            self._flag(Flag.ALL_PRODUCTS)
        elif amount is None:
            self._flag(Flag.QTY_ASSUMED)
        self._share(mentions, quantity, token, amount, generic=token.kind is not Kind.EACH)

    def _meant(self, token: Token) -> tuple[list[Mention], bool]:
        """The products 各 or 都 speaks of, and whether they were named."""
        if token.kind is Kind.REST:
            self._close_pending()
            taken = {line.product for line in self.order.lines}
            rest = [i for i in range(len(self.shelf.items)) if i not in taken]
            return ([Mention([token], (i,)) for i in rest] if taken else []), False
        if self.pending:
            named, self.pending = self.pending, []
            return named, True
        if self.order.lines or self.order.doubts:
            return [], False
        return [Mention([token], (i,)) for i in range(len(self.shelf.items))], False

    def _share(
        self,
        mentions: list[Mention],
        quantity: Quantity,
        token: Token,
        amount: Token | None,
        generic: bool,
    ) -> None:
        self.order.named = True
        end = amount.end if amount else token.end
        plain = quantity
        if generic and quantity.unit in _GENERIC_UNITS:
            plain = Quantity(quantity.start, quantity.end, quantity.value)
        for mention in mentions:
            flag = Flag.UNKNOWN_PRODUCT if mention.foreign else None
            if not flag and len(mention.products) != 1:
                flag = Flag.AMBIGUOUS_PRODUCT
            flag = flag or self._refusal(mention.products[0], plain)
            if flag and mention.tokens == [token]:
                self._doubt(token.start, end, flag)
            elif flag:
                self._doubt(mention.start, mention.tokens[-1].end, flag)
            else:
                self._accept(mention, amount or token, plain)

    def _same(self, token: Token) -> None:
        """同上 copies the items of the entry above (R13)."""
        if not self.above:
            self._doubt(token.start, token.end, Flag.SAME_AS_ABOVE)
            return
        token.part = Part.ITEM
        self.order.named = True
        self._flag(Flag.SAME_AS_ABOVE)
        for line in self.above:
            self.order.lines.append(Line(line.product, line.quantity, [token], line.assumed))

    # -- second thoughts ---------------------------------------------------------------------

    def _unbind(self) -> Mention:
        """Take the last line back."""
        line = self.order.lines.pop()
        for token in line.tokens:
            token.part = Part.MARKER
        return Mention(line.tokens, (line.product,))

    def _drop(self, index: int, token: Token) -> None:
        """取消, 不要了: of one product or of everything named so far (R11)."""
        token.part, self.order.dropped, self.just_dropped = Part.MARKER, True, True
        self._release()
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if after and token.touches(after) and after.part is None:
            if after.kind is Kind.PRODUCT:
                self._drop_named(after)
                return
            if after.kind is Kind.QUANTITY:
                self._doubt(token.start, after.end, Flag.CANCEL_UNCLEAR)
                return
        before = self._neighbour(index, -1, frozenset({Kind.OPEN, Kind.FILLER}))
        target = self.tokens[before] if before is not None else None
        bracketed = index > 0 and self.tokens[index - 1].kind is Kind.OPEN
        count = len(self.order.lines) + len(self.pending)
        if target and target.kind in (Kind.PRODUCT, Kind.QUANTITY) and count:
            whole_word = "不" not in self._text(token.start, token.end)
            if count > 1 and whole_word:
                self._flag(Flag.CANCEL_UNCLEAR)
            if not (whole_word and bracketed and not self._more_goods(index)):
                self._forget_last()
                return
        elif count > 1:
            self._flag(Flag.CANCEL_UNCLEAR)
        while self.order.lines or self.pending:
            self._forget_last()

    def _more_goods(self, index: int) -> bool:
        return any(t.kind is Kind.PRODUCT for t in self.tokens[index + 1 :])

    def _forget_last(self) -> None:
        if self.pending:
            for token in self.pending.pop().tokens:
                token.part = Part.MARKER
        elif self.order.lines:
            self._unbind()

    def _drop_named(self, product: Token) -> None:
        """取消鸡蛋, 不要鸡蛋了: only that product."""
        product.part = Part.MARKER
        self.order.named = True
        kept = [x for x in self.order.lines if x.product not in product.products]
        if len(kept) == len(self.order.lines):
            self._flag(Flag.CANCEL_UNCLEAR)
        for line in self.order.lines:
            if line not in kept:
                for token in line.tokens:
                    token.part = Part.MARKER
        self.order.lines = kept

    def _change(self, index: int, token: Token) -> None:
        """3改2, 鸡蛋换成白菜2份: the later words count (R11)."""
        place = self._neighbour(index, 1, frozenset({Kind.SPACE, Kind.FILLER}))
        following = self.tokens[place] if place is not None else None
        if not following or following.kind not in (Kind.QUANTITY, Kind.PRODUCT):
            token.part = Part.NOTE
            return
        token.part = Part.MARKER
        self._flag(Flag.CHANGED_IN_TEXT)
        self._release()
        if self.just_dropped or self._unclear_change(index, following):
            return
        assert place is not None
        product: int | None = place
        if following.kind is Kind.QUANTITY:
            product = self._right(place)
            if product is not None and self._owns_quantity(product):
                product = product if self._glued(place, product) else None
        if product is None:
            self._change_quantity(index)
        else:
            self._change_product(index, self.tokens[product])

    def _unclear_change(self, index: int, following: Token) -> bool:
        """3改2 where nobody knows three of what: one phrase, unmatched."""
        before = self.tokens[index - 1] if index else None
        if not before or before.part is not Part.UNMATCHED:
            return False
        last = next((d for d in self.order.doubts if d[1] == before.end), None)
        if last is None or following.kind is not Kind.QUANTITY:
            return False
        self.order.doubts.remove(last)
        self._doubt(last[0], following.end, last[2])
        return True

    def _change_quantity(self, index: int) -> None:
        if self.pending:
            product = self.pending[-1].products
            for line in [x for x in self.order.lines if (x.product,) == product]:
                self.order.lines.remove(line)
                for token in line.tokens:
                    token.part = Part.MARKER
        elif self.order.lines:
            mention = self._unbind()
            for token in mention.tokens:
                token.part = Part.ITEM
            named = [t for t in mention.tokens if t.kind is not Kind.QUANTITY]
            for token in mention.tokens if named else ():
                token.part = Part.ITEM if token in named else Part.MARKER
            mention.tokens = named or mention.tokens[:1]
            self.pending.append(mention)

    def _change_product(self, index: int, product: Token) -> None:
        same = [x for x in self.order.lines if (x.product,) == product.products]
        if same:
            self.order.lines.remove(same[-1])
            for token in same[-1].tokens:
                token.part = Part.MARKER
            return
        if len(self.order.lines) + len(self.pending) > 1 and index:
            if self.tokens[index - 1].kind in (Kind.SPACE, Kind.STOP):
                self._flag(Flag.CANCEL_UNCLEAR)
        self._forget_last()

    # -- what is left --------------------------------------------------------------------------

    def _leftover(self, index: int, token: Token) -> None:
        kind = token.kind
        if kind is Kind.QUANTITY:
            self._doubt(token.start, token.end, Flag.UNCLEAR_QUANTITY)
        elif kind in (Kind.FILLER, Kind.JOIN, Kind.ADD, Kind.SPACE):
            token.part = Part.SEPARATOR
        else:
            token.part = Part.NOTE
            if kind is Kind.WORD and self._odd_word(token):
                self._flag(Flag.UNREAD_WORDS)

    def _odd_word(self, token: Token) -> bool:
        word = self._text(token.start, token.end)
        return 1 < len(word) <= 6 and _letters(word) and not self._remark(word)


def _letters(word: str) -> bool:
    """Whether a word holds letters (an emoji or a dash does not)."""
    return any(letter.isalnum() for letter in word)
