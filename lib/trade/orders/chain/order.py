"""What was ordered: walks the tokens of one entry and applies the rules (contract R8-R11, R13).

The rules stand in layers, each in its module: basket (state), binding (quantity and product),
several (各, 都, 同上), changes (取消, 改). What no rule took ends in the note, a quantity in
unmatched, never in silence.
"""

from lib.trade.orders.chain.basket import Order, has_letters
from lib.trade.orders.chain.changes import Changes
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.lexer import Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Part
from lib.trade.orders.chain.numbers import NUMERALS


class OrderReader(Changes):
    """Reads the order out of an entry's content tokens; call `read` once."""

    def read(self) -> Order:
        """Give every token its part and return the order."""
        for index, token in enumerate(self.tokens):
            if token.part is None:
                self._step(index, token)
        self._release()
        self._close_pending()
        if self.whole_cancelled:
            self._forget_everything()
        for token in self.tokens:
            if token.part is None:
                self._leftover(token)
            elif token.data.get("refused") and self._ordered(token.products):
                self._flag(Flag.CANCEL_UNCLEAR)
        if self.excepted and Flag.ALL_PRODUCTS not in self.order.flags:
            self._flag(Flag.CANCEL_UNCLEAR)
        return self.order

    def _ordered(self, products: tuple[int, ...]) -> bool:
        return any(line.product in products for line in self.order.lines)

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
        elif kind is Kind.EXCEPT:
            self._except(index, token)
        elif kind is Kind.LIKE:
            self._doubt(token.start, token.end, Flag.SAME_AS_ABOVE)
        elif kind is Kind.SAME:
            self._same(token)
        elif kind is Kind.DROP:
            self._drop(index, token)
        elif kind is Kind.CHANGE:
            self._change(index, token)
        elif kind is Kind.SUPERSEDE:
            token.part, self.order.supersedes = Part.MARKER, True

    def _leftover(self, token: Token) -> None:
        kind = token.kind
        if kind is Kind.QUANTITY or (kind is Kind.WORD and self._bare_numeral(token)):
            self._doubt(token.start, token.end, Flag.UNCLEAR_QUANTITY)
        elif kind in (Kind.FILLER, Kind.JOIN, Kind.ADD, Kind.SPACE):
            token.part = Part.SEPARATOR
        else:
            token.part = Part.NOTE
            if kind is Kind.WORD and self._odd_word(token):
                self._flag(Flag.UNREAD_WORDS)

    def _bare_numeral(self, token: Token) -> bool:
        """两 on its own may be a quantity."""
        return all(letter in NUMERALS for letter in self._text(token.start, token.end))

    def _odd_word(self, token: Token) -> bool:
        word = self._text(token.start, token.end)
        return 1 < len(word) <= 6 and has_letters(word) and not self._remark(word)
