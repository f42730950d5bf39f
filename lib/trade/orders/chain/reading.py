"""Reads one entry: name, address, order, remarks, and which character became what."""

import re
from bisect import bisect_left

from lib.trade.orders.chain.address import FoundAddress, leading_address
from lib.trade.orders.chain.basket import Line, Order
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.glyphs import Folded
from lib.trade.orders.chain.layout import RawEntry
from lib.trade.orders.chain.lexer import Lexer, Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Doubt, Entry, Item, Part, Slot, Status
from lib.trade.orders.chain.names import Name, read_name
from lib.trade.orders.chain.order import OrderReader
from lib.trade.orders.chain.remarks import Remarks, read_remarks

_INSIDE_NOTES = frozenset({Kind.STOP, Kind.SPACE, Kind.FILLER, Kind.JOIN})
_NUMBERED_LINE = re.compile(r"[ ]*([0-9]{1,3})[ ]+(?=[^\s0-9x×*+])")


class EntryReader:
    """Turns raw entries into `Entry` values, one after the other."""

    def __init__(self, folded: Folded, lexer: Lexer, slots: tuple[Slot, ...]) -> None:
        self.folded, self.lexer, self.slots = folded, lexer, slots
        self.above: list[Line] | None = None

    def read(self, raw: RawEntry) -> tuple[Entry, Order]:
        """Read one entry; the order is handed out for the rules that look across entries."""
        start, end = raw.number.end, self._trimmed(raw.end)
        name = read_name(self.lexer, start, end)
        tokens = self.lexer.tokens(name.rest, end)
        suspects = self._stray_lines(raw, name, tokens, end)
        address, unsure = self._addresses(name, tokens)
        remarks = read_remarks(self.lexer, tokens, self.slots)
        order = OrderReader(self.lexer, tokens, self.above, cancelled=name.cancels).read()
        if name.marker and not name.cancels:
            order.supersedes = True
        entry = self._entry(raw, name, tokens, end, order, remarks, address)
        flags = [*name.flags, *([Flag.ADDRESS_UNSURE] if unsure else []), *suspects]
        entry = entry.with_flag(*flags)
        self.above = order.lines if entry.status is Status.ACTIVE else None
        return entry, order

    def _trimmed(self, end: int) -> int:
        while end and self.folded.text[end - 1] in " \n":
            end -= 1
        return end

    def _stray_lines(self, raw: RawEntry, name: Name, tokens: list[Token], end: int) -> list[Flag]:
        """A following line that looks like another resident's entry is not added to this one."""
        text, flags = self.lexer.text, list[Flag]()
        starts = [token.start for token in tokens]
        place = text.find("\n", raw.number.end, end)
        while 0 <= place < end:
            stop = text.find("\n", place + 1, end)
            stop = end if stop < 0 else stop
            if self._is_stray(raw, name, place + 1, stop):
                for token in tokens[bisect_left(starts, place + 1) : bisect_left(starts, stop)]:
                    if token.end <= stop:
                        token.part = Part.UNMATCHED
                        token.data["stray"] = True
                flags = [Flag.POSSIBLE_ENTRY]
            place = stop if stop < end else -1
        return flags

    def _is_stray(self, raw: RawEntry, name: Name, start: int, stop: int) -> bool:
        text = self.lexer.text
        number = _NUMBERED_LINE.match(text, start, stop)
        if number and raw.number.no < int(number[1]) <= raw.number.no + 3:
            first = self.lexer.tokens(number.end(), min(stop, number.end() + 40))[0]
            return first.kind not in (Kind.QUANTITY, Kind.PRODUCT)
        while start < stop and text[start] == " ":
            start += 1
        other = leading_address(text, start)
        if not other or other.unsure or not name.address or other.end > stop:
            return False
        rest = self.lexer.tokens(other.end, min(stop, other.end + 80))
        return other.address != name.address.address and any(
            token.kind in (Kind.QUANTITY, Kind.PRODUCT) for token in rest
        )

    def _addresses(self, name: Name, tokens: list[Token]) -> tuple[FoundAddress | None, bool]:
        """The entry's address; a second, different one stays in the note and is marked."""
        chosen, unsure = name.address, False
        for token in tokens:
            if token.kind is not Kind.ADDRESS or token.part is not None:
                continue
            if chosen is None:
                chosen, token.part = token.address, Part.ADDRESS
            elif token.address and token.address.address == chosen.address:
                token.part = Part.ADDRESS
            else:
                token.part, unsure = Part.NOTE, True
        return chosen, unsure

    # -- putting it together -----------------------------------------------------------------

    def _entry(
        self,
        raw: RawEntry,
        name: Name,
        tokens: list[Token],
        end: int,
        order: Order,
        remarks: Remarks,
        address: FoundAddress | None,
    ) -> Entry:
        doubts = self._doubts(order, remarks, tokens)
        items = self._items(order)
        note = self._note(tokens)
        flags = [*order.flags, *remarks.flags]
        if "送" in note and not remarks.delivery and not self._refuses_delivery(tokens):
            flags.append(Flag.DELIVERY_UNCLEAR)
        if "退" in note and "退休" not in note:
            flags.append(Flag.CANCEL_UNCLEAR)
        if self._repeated(order):
            flags.append(Flag.SEVERAL_QUANTITIES)
        nickname = self.folded.source(*name.nickname) if name.nickname else ""
        return Entry(
            no=raw.number.no,
            nickname=nickname,
            address=address.address if address else None,
            items=items,
            pickup_slot=remarks.slot,
            delivery=remarks.delivery,
            phones=self._phones(tokens),
            note=note,
            status=self._status(order, items, doubts),
            flags=tuple(dict.fromkeys(flags)),
            unmatched=doubts,
            text=self.folded.source(raw.number.start, max(end, raw.number.end)),
            span=self.folded.span(raw.number.start, max(end, raw.number.end)),
            parts=self._parts(raw, name, tokens, end),
        )

    @staticmethod
    def _refuses_delivery(tokens: list[Token]) -> bool:
        return any(token.kind is Kind.NO_DELIVERY for token in tokens)

    @staticmethod
    def _repeated(order: Order) -> bool:
        products = [line.product for line in order.lines]
        return len(set(products)) < len(products)

    @staticmethod
    def _status(order: Order, items: tuple[Item, ...], doubts: tuple[Doubt, ...]) -> Status:
        if items or doubts:
            return Status.ACTIVE
        return Status.CANCELLED if order.dropped else Status.EMPTY

    def _items(self, order: Order) -> tuple[Item, ...]:
        """One item per product; quantities of the same product are added up."""
        merged: dict[int, list[Line]] = {}
        for line in order.lines:
            merged.setdefault(line.product, []).append(line)
        items = []
        for index, lines in merged.items():
            product = self.lexer.shelf.items[index]
            tokens = {id(t): t for line in lines for t in line.tokens}
            spans = sorted({self.folded.span(t.start, t.end) for t in tokens.values()})
            quantity = sum((line.quantity for line in lines), start=type(lines[0].quantity)(0))
            assumed = any(line.assumed for line in lines)
            items.append(Item(product.name, quantity, product.unit, tuple(spans), assumed))
        return tuple(items)

    def _doubts(self, order: Order, remarks: Remarks, tokens: list[Token]) -> tuple[Doubt, ...]:
        found = [*order.doubts, *remarks.doubts]
        stray = [t for t in tokens if t.part is Part.UNMATCHED and t.data.get("stray")]
        found += [(a, b, Flag.POSSIBLE_ENTRY) for a, b in _runs(stray)]
        return tuple(
            Doubt(self.folded.source(a, b), self.folded.span(a, b), flag)
            for a, b, flag in sorted(set(found))
            if self.folded.source(a, b)
        )

    def _phones(self, tokens: list[Token]) -> tuple[str, ...]:
        texts = [self.folded.text[t.start : t.end] for t in tokens if t.kind is Kind.PHONE]
        return tuple(re.sub("[^0-9]", "", text)[-11:] for text in texts)

    def _note(self, tokens: list[Token]) -> str:
        """The remarks in their order; signs between two words of one remark stay."""
        pieces: list[str] = []
        first = last = -1
        for index, token in enumerate(tokens):
            if self._noted(tokens, index):
                first, last = (index if first < 0 else first), index
            elif first >= 0 and token.kind not in _INSIDE_NOTES:
                pieces.append(self.folded.source(tokens[first].start, tokens[last].end))
                first = -1
        if first >= 0:
            pieces.append(self.folded.source(tokens[first].start, tokens[last].end))
        return " ".join(piece.replace("\n", " ") for piece in pieces if piece)

    def _noted(self, tokens: list[Token], index: int) -> bool:
        """Whether a token is the note's; the 了 of 付了 and the 要 of 要嫩的 go with it."""
        token = tokens[index]
        if token.kind is not Kind.FILLER or token.part is Part.NOTE:
            return token.part is Part.NOTE
        if index and tokens[index - 1].part is Part.NOTE:
            return True
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        wants = self.lexer.text[token.end - 1 : token.end] == "要"
        return wants and following is not None and following.part is Part.NOTE

    def _parts(
        self, raw: RawEntry, name: Name, tokens: list[Token], end: int
    ) -> tuple[tuple[Part, tuple[int, int]], ...]:
        """What every stretch became; gaps before the content are separators."""
        found = [(Part.NUMBER, raw.number.start, raw.number.end)]
        if name.marker:
            found.append((Part.MARKER, *name.marker))
        if name.address and name.nickname != (name.address.start, name.address.end):
            found.append((Part.ADDRESS, name.address.start, name.address.end))
        if name.nickname:
            found.append((Part.NICKNAME, *name.nickname))
        found += [(t.part or Part.NOTE, t.start, t.end) for t in tokens]
        covered: list[tuple[Part, tuple[int, int]]] = []
        place = raw.number.start
        for part, start, stop in sorted(found, key=lambda piece: piece[1]):
            if start > place:
                covered.append((Part.SEPARATOR, self.folded.span(place, start)))
            if stop > start:
                covered.append((part, self.folded.span(start, stop)))
            place = max(place, stop)
        if place < end:
            covered.append((Part.SEPARATOR, self.folded.span(place, end)))
        return tuple(covered)


def _runs(tokens: list[Token]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for token in tokens:
        if runs and runs[-1][1] == token.start:
            runs[-1] = (runs[-1][0], token.end)
        else:
            runs.append((token.start, token.end))
    return runs
