"""Second thoughts in an entry: 取消, 不要了, 3改2, A换成B (contract R11)."""

from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.lexer import Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Part
from lib.trade.orders.chain.several import Several


class Changes(Several):
    """Takes back or replaces what the entry ordered before."""

    def _drop(self, index: int, token: Token) -> None:
        """取消, 不要了: of one product or of everything named so far (R11)."""
        token.part, self.order.dropped, self.just_dropped = Part.MARKER, True, True
        self._release()
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if self._text(token.start, token.end) in ("❌", "✗", "算了"):
            self._flag(Flag.CANCEL_UNCLEAR)
        if after and after.kind is Kind.DATE and token.touches(after):
            self._flag(Flag.CANCEL_UNCLEAR)
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
        elif count > 1 or (count == 0 and self._more_goods(index)):
            self._flag(Flag.CANCEL_UNCLEAR)
            self.whole_cancelled = count == 0 and (bracketed or self._cancels_what_follows(index))
        while self.order.lines or self.pending:
            self._forget_last()

    def _cancels_what_follows(self, index: int) -> bool:
        """取消 鸡蛋2斤: one phrase; after a sign a new order may begin."""
        anew = (Kind.STOP, Kind.ADD, Kind.CHANGE, Kind.FILLER)
        return "不" not in self._text(self.tokens[index].start, self.tokens[index].end) and all(
            token.kind not in anew for token in self.tokens[index + 1 :]
        )

    def _forget_everything(self) -> None:
        """The whole entry is cancelled: nothing of it is ordered or doubtful."""
        while self.order.lines or self.pending:
            self._forget_last()
        for token in self.tokens:
            if token.part in (Part.UNMATCHED, Part.ITEM) and "stray" not in token.data:
                token.part = Part.MARKER
        self.order.doubts = []

    def _more_goods(self, index: int) -> bool:
        return self.starts[index] < self.last_product

    def _forget_last(self) -> None:
        if self.pending:
            mention = self.pending.pop()
            for token in mention.tokens:
                token.part = Part.MARKER
            self._forget_product(mention.products)
        elif self.order.lines:
            self._unbind()

    def _drop_named(self, product: Token) -> None:
        """取消鸡蛋, 不要鸡蛋了: only that product."""
        product.part = Part.MARKER
        self.order.named = True
        if not self._forget_product(product.products):
            self._flag(Flag.CANCEL_UNCLEAR)

    def _forget_product(self, products: tuple[int, ...]) -> bool:
        """Remove every line of these products; say whether there was one."""
        kept = [line for line in self.order.lines if line.product not in products]
        removed = [line for line in self.order.lines if line.product in products]
        for line in removed:
            for token in line.tokens:
                token.part = Part.MARKER
        self.order.lines = kept
        return bool(removed)

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
            self._change_quantity()
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

    def _change_quantity(self) -> None:
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
        apart = index > 0 and self.tokens[index - 1].kind in (Kind.SPACE, Kind.STOP)
        if apart and len(self.order.lines) + len(self.pending) > 1:
            self._flag(Flag.CANCEL_UNCLEAR)
        self._forget_last()
