"""One quantity for several products: 各N, 都来N份, 其他各N, 同上 (contract R8, R13)."""

from decimal import Decimal

from lib.trade.orders.chain.basket import FAR, Line, Mention, has_letters
from lib.trade.orders.chain.binding import Binding
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.lexer import Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Part
from lib.trade.orders.chain.quantities import Quantity, Use

_GENERIC_UNITS = frozenset({"", "份", "样", "个"})


class Several(Binding):
    """Orders that name no product of their own."""

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
        foreign = token.kind is Kind.EACH and self._foreign_in_list(index)
        mentions, own = self._meant(token)
        if token.kind is Kind.EACH and not own and not foreign:
            following = self._listed_after(after if amount and after is not None else index)
            mentions, own = following or mentions, bool(following)
        if not mentions or quantity.use is not Use.COUNT:
            self._doubt(token.start, end, Flag.UNCLEAR_QUANTITY)
            return
        if not own:
            self._flag(Flag.ALL_PRODUCTS)
        elif amount is None:
            self._flag(Flag.QTY_ASSUMED)
        self._share(
            mentions, quantity, token, amount, generic=not own or token.kind is not Kind.EACH
        )

    def _foreign_in_list(self, index: int) -> bool:
        """百香果和芒果各1箱: the mango is not on offer, and says so."""
        known = len(self.order.doubts)
        listed = (Kind.PRODUCT, Kind.SPACE, Kind.JOIN, Kind.STOP, Kind.FILLER, Kind.WORD)
        for place in range(index - 1, max(-1, index - FAR), -1):
            token = self.tokens[place]
            word = self._text(token.start, token.end)
            if token.kind not in listed or token.part is Part.ITEM or word in ",;。\n":
                break
            named = any(token in mention.tokens for mention in self.pending)
            goods = token.kind is Kind.WORD and has_letters(word) and not self._remark(word)
            if goods and not named:
                self._doubt(token.start, token.end, Flag.UNKNOWN_PRODUCT)
        return len(self.order.doubts) > known

    def _listed_after(self, index: int) -> list[Mention]:
        """各1 白菜、豆腐: the products that follow, up to one with a quantity of its own."""
        listed = (Kind.SPACE, Kind.JOIN, Kind.STOP, Kind.FILLER)
        found: list[Mention] = []
        for place in range(index + 1, min(len(self.tokens), index + FAR)):
            token = self.tokens[place]
            if token.kind is Kind.PRODUCT and token.part is None:
                if self._owns_quantity(place):
                    break
                found.append(self._mention(place, token))
            elif token.kind not in listed or self._text(token.start, token.end) == "\n":
                break
        return found

    def _except(self, index: int, token: Token) -> None:
        """除了豆腐都来一份, 都来一份除了豆腐: those products are left out (R13)."""
        named = False
        for place in range(index + 1, min(len(self.tokens), index + FAR)):
            following = self.tokens[place]
            if following.kind is Kind.PRODUCT and following.part is None:
                named, following.part = True, Part.MARKER
                self.excepted.update(following.products)
            elif following.kind not in (Kind.SPACE, Kind.JOIN) and (
                self._text(following.start, following.end) != "、"
            ):
                break
        token.part = Part.MARKER if named else Part.NOTE
        for line in [x for x in self.order.lines if named and x.product in self.excepted]:
            if self.tokens[index].start > line.tokens[0].start:
                self.order.lines.remove(line)

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
        everything = (i for i in range(len(self.shelf.items)) if i not in self.excepted)
        return [Mention([token], (i,)) for i in everything], False

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
