"""Which product a quantity belongs to (contract R8, R9, R10).

鸡蛋2斤, 2斤鸡蛋, 鸡蛋 2, 鸡蛋（2斤）. A quantity that two products could claim, that a unit
refuses, or that no product stands beside, goes to unmatched.
"""

from bisect import bisect_left
from decimal import Decimal

from lib.trade.orders.chain import lexicon
from lib.trade.orders.chain.basket import FAR, Basket, Mention, has_letters
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.lexer import Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Part
from lib.trade.orders.chain.quantities import JIN, Quantity, Use, in_catalogue_units, same_unit

LARGE = Decimal(99)
_BETWEEN = frozenset({Kind.SPACE, Kind.FILLER, Kind.ADD, Kind.PRICE, Kind.CHANGE})


class Binding(Basket):
    """Binds quantities to products."""

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
            _at, quantity = self.held
            self.held = None
            self._bind(mention, quantity)

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
        if quantity.use is Use.OTHER or self._is_portion(index, quantity):
            return True
        following = self._neighbour(index, 1, frozenset({Kind.SPACE, Kind.CLOSE}))
        next_kind = self.tokens[following].kind if following is not None else None
        counted = self.tokens[following].quantity if following is not None else None
        if counted is not None and counted.use is Use.OTHER:
            next_kind = None
        if quantity.use is Use.SPEC:
            if any(w in self._text(quantity.start, quantity.end) for w in ("以", "起")):
                self._flag(Flag.CHECK_QUANTITY)
                return bool(self.order.lines)
            return True
        if quantity.spec_like and next_kind is Kind.QUANTITY:
            return True
        described = quantity.spec_like and next_kind is Kind.PRODUCT
        if described and following is not None and self._owns_quantity(following):
            return True
        if quantity.spec_like:
            self._flag(Flag.CHECK_QUANTITY)
        return self._in_brackets(index) and self._explains(index, next_kind)

    def _is_portion(self, index: int, quantity: Quantity) -> bool:
        """凉皮2份（一份不要辣，一份多醋）: how a part of what was ordered is wanted."""
        if not (quantity.value and quantity.unit and self.order.lines) or self.pending:
            return False
        line, following = self.order.lines[-1], index + 1
        wish = self.tokens[following] if following < len(self.tokens) else None
        own_unit = same_unit(self.shelf.items[line.product].unit) == same_unit(quantity.unit)
        if wish is None or not own_unit or quantity.value > line.quantity:
            return False
        told = wish.kind in (Kind.NOT_WANTED, Kind.REMARK) or (
            wish.kind is Kind.WORD and self._remark(self._text(wish.start, wish.end))
        )
        if not told:
            return False
        if self._bracket_of(index, line.tokens):
            return True
        if wish.kind is Kind.WORD or quantity.value == line.quantity:
            return False
        self._flag(Flag.CHECK_QUANTITY)
        return True

    def _bracket_of(self, index: int, tokens: list[Token]) -> bool:
        """Whether the token stands in a bracket that opens right behind `tokens`."""
        for place in range(index - 1, max(0, index - FAR), -1):
            if self.tokens[place].kind is Kind.CLOSE:
                return False
            if self.tokens[place].kind is Kind.OPEN:
                return self.tokens[place - 1] in tokens
        return False

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
        quantity = self.tokens[index].quantity
        if next_kind is Kind.QUANTITY and quantity and (quantity.unit or not self.pending):
            return True
        if self.pending:
            return False
        before = self._neighbour(index, -1, frozenset({Kind.SPACE, Kind.OPEN}))
        if before is None or self.tokens[before].kind is not Kind.QUANTITY:
            return False
        if not self.order.lines or self.tokens[before] not in self.order.lines[-1].tokens:
            return False
        line = self.order.lines[-1]
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
        while place >= 0 and self.tokens[place] is not mention.tokens[-1]:
            token = self.tokens[place]
            if token.kind in (Kind.STOP, Kind.OPEN):
                stops += 1
            elif token.kind is Kind.WORD and not has_letters(self._text(token.start, token.end)):
                pass
            elif token.kind is Kind.WORD and self._text(token.start, token.end)[-1] in "的:":
                self._flag(Flag.UNREAD_WORDS)
            elif (
                (token.part is Part.NOTE and token.kind in (Kind.QUANTITY, Kind.REMARK))
                or token.part is Part.MARKER
                or token.kind is Kind.CLOSE
                or token.kind in _BETWEEN
            ):
                pass
            elif not self._described(place):
                return None
            place -= 1
            if stops > 2 or index - place > FAR:
                return None
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
        if token.kind is Kind.WORD and not has_letters(self._text(token.start, token.end)):
            place = self._neighbour(place, 1, frozenset({Kind.SPACE}))
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

    def _belongs_right(self, index: int, left: Mention, right: int) -> bool:
        """Between two products: the glued one has it, then the one whose unit fits."""
        if self._owns_quantity(right):
            return False
        token, last = self.tokens[index], left.tokens[-1]
        fits = [False, False]
        if token.quantity and token.quantity.value and len(left.products) == 1:
            pair = (left.products[0], self.tokens[right].products[0])
            value, unit = token.quantity.value, token.quantity.unit
            fits = [in_catalogue_units(value, unit, self.shelf.items[p]) is not None for p in pair]
        announced = self._text(last.end, token.start).strip() == ":"
        if fits[0] and (announced or self._announces(right)):
            return False
        if self._glued(index, right) and not last.touches(token):
            return True
        return fits[1] and not fits[0]

    def _announces(self, product: int) -> bool:
        """Whether the quantity of a product follows in brackets or after a colon."""
        place = product + 1
        sign = self.tokens[place] if place < len(self.tokens) else None
        if sign is None or self._text(sign.start, sign.end) not in ("(", ":"):
            return False
        after = self._neighbour(place, 1, frozenset({Kind.SPACE}))
        return after is not None and self.tokens[after].kind is Kind.QUANTITY

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
        if quantity.odd or (quantity.pair and not quantity.unit and same_unit(item.unit) in JIN):
            self._flag(Flag.CHECK_QUANTITY)
        self._add(mention, value, [token])

    def _refusal(self, product: int, quantity: Quantity) -> Flag | None:
        """Why a quantity must not be counted for a product, None when it may."""
        item = self.shelf.items[product]
        if not quantity.value or quantity.use is Use.SPEC:
            return Flag.UNCLEAR_QUANTITY
        value = in_catalogue_units(quantity.value, quantity.unit, item)
        if value is None or (value <= 0):
            return Flag.UNIT_MISMATCH
        before = self._text(quantity.start - 1, quantity.start) if quantity.start else ""
        if before == "-" and not quantity.unit:
            return Flag.UNCLEAR_QUANTITY
        if not quantity.unit and not quantity.sign:
            whole = quantity.value == quantity.value.to_integral_value()
            paid = not whole and item.price > 0 and not quantity.value % item.price
            if quantity.value > LARGE or paid:
                return Flag.UNCLEAR_QUANTITY
        if before == "-":
            self._flag(Flag.CHECK_QUANTITY)
        return None

    def _widened(self, start: int) -> int:
        """Begin of the phrase that leads glued into `start` (加多宝: 加 is no marker there)."""
        place = bisect_left(self.starts, start) - 1
        while place >= 0 and self.tokens[place].kind in (
            Kind.FILLER,
            Kind.ADD,
            Kind.JOIN,
            Kind.EACH,
        ):
            token = self.tokens[place]
            if self._text(token.start, token.end) in ("+", "&") or token.end != start:
                break
            start, place = token.start, place - 1
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
        elif self.shelf.single and not (self.order.lines and before is None):
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
        if before and has_letters(self._text(before.start, before.end)):
            word = self._text(before.start, before.end)
            if lexicon.OTHER_TIME.search(word):
                return (before.start, token.end)
            if not (single and (self._remark(word) or self._latin_name(before, word))):
                return (before.start, token.end)
        if after and has_letters(self._text(after.start, after.end)):
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
