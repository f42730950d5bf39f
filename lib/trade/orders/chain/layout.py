"""Cuts one chain message into title, example, numbered entries and footer (contract R2-R5)."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from lib.trade.orders.chain.address import leading_address
from lib.trade.orders.chain.glyphs import Folded
from lib.trade.orders.chain.numbering import Number, number_at
from lib.trade.orders.chain.products import Shelf
from lib.trade.orders.chain.quantities import QuantityReader, UnitTable, Use
from lib.trade.orders.chain.snapshots import Block, Line, lines_of

_EXAMPLE = re.compile(r"[ ]*\(?(?:[示样范举]?例|格式[:：])")
_BARE_EXAMPLE = re.compile(r"[ ]*\(?[示样范举]?例(?:如|子)?\)?[ :]*$")
_PRICE = re.compile(
    r"[0-9][ ]?(?:元|块|/|r(?![a-z])|[一每][斤份盒箱袋个把瓶板提只条公])"
    r"|[¥￥$][ ]?[0-9]|[0-9]{1,6}\.[0-9]{1,3}[ ]{0,4}$"
)
# 🔟斤装 in a title: a number glued to a measure is none of an entry.
_MEASURE = re.compile(r"(?:斤|公斤|千克|kg|元|折)(?![\u4e00-\u9fff]{2})")
_NOTICE = re.compile(
    r"截单|截止|自提点|限购|每人|每户|起送|统一|通知|付款|转账|注意|公告|提货点|发货|到货|请|勿|谢绝"
)


@dataclass(slots=True)
class RawEntry:
    """An entry before reading: its number and the folded range of its content."""

    number: Number
    end: int
    newline_lost: bool = False


@dataclass(slots=True)
class Layout:
    """Folded ranges of a chain message."""

    title: tuple[int, int]
    example: tuple[int, int]
    entries: list[RawEntry] = field(default_factory=list)
    footer: tuple[int, int] = (0, 0)


class _Cutter:
    def __init__(self, folded: Folded, block: Block, shelf: Shelf) -> None:
        self.folded, self.text, self.block, self.shelf = folded, folded.lower, block, shelf
        self.lines = lines_of(self.text, block.begin, block.end)
        units = UnitTable.of(shelf.items)
        self._reader = QuantityReader(self.text, units, lambda p: shelf.at(self.text, p)[0])
        self.numbers = [self._line_number(line) for line in self.lines]

    def _line_number(self, line: Line) -> Number | None:
        place = line.start
        while place < line.end and self.text[place] == " ":
            place += 1
        number = number_at(self.folded, place) if place < line.end else None
        if not number or number.end > line.end:
            return None
        separated = self.text[number.end - 1] in ".、):"
        return number if separated or not _MEASURE.match(self.text, number.end) else None

    def _blank(self, index: int) -> bool:
        line = self.lines[index]
        return not self.text[line.start : line.end].strip()

    # -- where the entries begin -----------------------------------------------------------

    def first_entry(self) -> tuple[int, tuple[int, int]]:
        """Index of the first entry's line (len(lines) if none) and the range of the example."""
        count = len(self.lines)
        first = next((i for i in range(count) if self.numbers[i]), count)
        example = next((i for i in range(count) if self._is_example(i)), count)
        if example < count and (first > example or self._is_menu(first, example)):
            return self._after_example(example)
        menu_end = self._menu_end(first)
        return menu_end, (self.block.begin, self.block.begin)

    def _is_example(self, index: int) -> bool:
        line = self.lines[index]
        return bool(_EXAMPLE.match(self.text, line.start, line.end))

    def _after_example(self, example: int) -> tuple[int, tuple[int, int]]:
        count = len(self.lines)
        blank = next((i for i in range(example + 1, count) if self._blank(i)), count)
        start = next((i for i in range(blank, count) if self.numbers[i]), count)
        if start == count:
            line = self.lines[example]
            bare = _BARE_EXAMPLE.match(self.text, line.start, line.end)
            begin = example + 2 if bare else example + 1
            start = next((i for i in range(begin, count) if self.numbers[i]), count)
        last = min(start, blank) if start < count else example + 1
        return start, (self.lines[example].start, self.lines[last - 1].end)

    def _is_menu(self, first: int, stop: int) -> bool:
        lines = [i for i in range(first, stop) if self.numbers[i]]
        return bool(lines) and all(self._sells(i) for i in lines)

    def _menu_end(self, first: int, depth: int = 0) -> int:
        """Skip a numbered block of goods and prices before the first real entry (R2)."""
        count = len(self.lines)
        blank = next((i for i in range(first, count) if self._blank(i)), count)
        later = next((i for i in range(blank, count) if self.numbers[i]), count)
        menu = self._is_menu(first, blank) or self._is_product_list(first, blank, later)
        if depth < 3 and later < count and menu:
            return self._menu_end(later, depth + 1)
        run = first
        while run < blank and (not self.numbers[run] or self._sells(run)):
            run += 1
        restart = self.numbers[run] if run < count else None
        opening = self.numbers[first] if first < count else None
        if run > first + 1 and restart and opening and restart.no <= opening.no:
            return run
        return first

    def _is_product_list(self, first: int, stop: int, later: int) -> bool:
        """A block of bare product names, and the numbering starts again after it."""
        numbers = [n for n in self.numbers[first:stop] if n]
        restart = self.numbers[later] if later < len(self.numbers) else None
        if len(numbers) < 2 or restart is None or restart.no > numbers[0].no:
            return False
        return all(
            self.shelf.is_word(self.text[n.end : line.end])
            for n, line in zip(self.numbers[first:stop], self.lines[first:stop], strict=True)
            if n
        )

    def _sells(self, index: int) -> bool:
        """Whether a numbered line offers goods: begins with a product and shows a price."""
        number, line = self.numbers[index], self.lines[index]
        if not number or not _PRICE.search(self.text, number.end, line.end):
            return False
        place = number.end
        while place < line.end and not self.text[place].isalnum():
            place += 1
        found = self._products(place, line.end)
        if not found:
            return True
        return found[0][0] - place <= 4 and len({f[1] for f in found}) == 1

    def _products(self, start: int, end: int) -> list[tuple[int, tuple[int, ...]]]:
        found, place = [], start
        while place < end:
            length, indexes = self.shelf.at(self.text, place)
            if length:
                found.append((place, indexes))
            place += length or 1
        return found

    # -- the entries -----------------------------------------------------------------------

    def by_lines(self, first: int) -> tuple[list[RawEntry], int]:
        """Entries that start at line starts, and where the footer begins."""
        entries: list[RawEntry] = []
        gap, footer = False, -1
        for index in range(first, len(self.lines)):
            line, number = self.lines[index], self.numbers[index]
            if self._blank(index):
                gap = True
                continue
            if number and (not gap or self._is_entry(number, line, entries)):
                entries.append(RawEntry(number, line.end))
                gap, footer = False, -1
            elif not gap:
                entries[-1].end = line.end
            elif footer < 0:
                footer = line.start
        for entry, following in pairwise(entries):
            entry.end = following.number.start
        return entries, (footer if footer >= 0 else self.block.end)

    def _is_entry(self, number: Number, line: Line, entries: list[RawEntry]) -> bool:
        """After a blank line: the numbering goes on, or the line is clearly an order."""
        if not entries or number.no > max(entry.number.no for entry in entries[-3:]):
            return not _NOTICE.search(self.text, number.end, line.end) or self._orders(number, line)
        return self._orders(number, line)

    def _orders(self, number: Number, line: Line) -> bool:
        if _NOTICE.search(self.text, number.end, line.end):
            return False
        place = number.end
        while place < line.end and self.text[place] == " ":
            place += 1
        return bool(leading_address(self.text, place)) or self._counted(number.end, line.end)

    def _counted(self, start: int, end: int) -> bool:
        place = start
        while place < end:
            quantity = self._reader.read(place)
            if quantity and quantity.use is Use.COUNT and (quantity.unit or quantity.sign):
                return True
            place = max(place + 1, quantity.end if quantity else 0)
        return False

    # -- one line for everything -------------------------------------------------------------

    def inline(self) -> list[RawEntry]:
        """Entries of a chain whose line breaks were lost: a number after a space (R3)."""
        text, begin, end = self.text, self.block.begin, self.block.end
        example = re.compile(r"(?:^|(?<=[ \n]))(?:示|样)?例(?=[ :如0-9])").search(text, begin, end)
        found: list[Number] = []
        for place in range(begin, end):
            signed = text[place] in "\U0001f51f" or text[place + 1 : place + 2] == "\u20e3"
            if place > begin and text[place - 1] not in " \n" and not signed:
                continue
            if text[place - 1 : place].isdigit() or text[place - 1 : place] == "\u20e3":
                continue
            number = number_at(self.folded, place)
            if number and number.end <= end and self._names_somebody(number, end):
                found.append(number)
        if example:
            after = [n for n in found if n.start > example.end()]
            ones = [i for i, n in enumerate(after) if n.no == 1]
            found = after[ones[1] if len(ones) > 1 else 0 :]
        return self._chained(found)

    def _names_somebody(self, number: Number, end: int) -> bool:
        """Inside a line `鸡蛋 2、白菜 1` and `2．5kg` are no entries: no name follows."""
        place = number.end
        while place < end and self.text[place] in " \n":
            place += 1
        if place >= end or number_at(self.folded, place):
            return self.text[number.end - 1] in ".、):"
        if self._reader.units.at(self.text, place) and place == number.end:
            return False
        address = leading_address(self.text, place)
        if address and not address.unsure:
            return True
        if place == number.end and self.text[place].isdigit():
            return False
        length = self.shelf.at(self.text, place)[0]
        word_ends = self.text[place + length : place + length + 1] in " \n"
        if length and not (place > number.end and word_ends):
            return False
        quantity = self._reader.read(place)
        return not (
            quantity and quantity.unit and self.text[quantity.end : quantity.end + 1] in " ,、"
        )

    def _chained(self, found: list[Number]) -> list[RawEntry]:
        """Keep the numbers that count up; a restart after goods and prices ends a menu."""
        ones = [i for i, n in enumerate(found) if n.no == 1]
        start = ones[0] if ones else 0
        if len(ones) > 1:
            run = found[ones[0] : ones[1] + 1]
            if all(_PRICE.search(self.text, a.end, b.start) for a, b in pairwise(run)):
                start = ones[1]
        kept: list[Number] = []
        for number in found[start:]:
            if not kept or kept[-1].no <= number.no <= kept[-1].no + 20:
                kept.append(number)
        ends = [*(n.start for n in kept[1:]), self.block.end][: len(kept)]
        return [RawEntry(n, e, newline_lost=True) for n, e in zip(kept, ends, strict=True)]

    def split_joined(self, entries: list[RawEntry]) -> list[RawEntry]:
        """Where single line breaks were lost: `1. 小李 2斤 2. 老王 3斤` and the next line is 3."""
        result: list[RawEntry] = []
        for index, entry in enumerate(entries):
            following = entries[index + 1].number.no if index + 1 < len(entries) else None
            result.append(entry)
            place = entry.number.end
            while place < entry.end:
                place = self.text.find(" ", place, entry.end) + 1
                if not place:
                    break
                number = number_at(self.folded, place)
                if not number or number.end > entry.end or number.no == following:
                    continue
                expected = number.no == result[-1].number.no + 1
                if expected and self._names_somebody(number, entry.end):
                    end, result[-1].end = result[-1].end, number.start
                    result.append(RawEntry(number, end, newline_lost=True))
                    place = number.end
        return result


_FOOTER_GOODS = re.compile(r"[0-9一两二三四五](?:斤|份|盒|箱|个|袋|瓶|板|把)")


def orders_in_footer(text: str, footer: tuple[int, int]) -> bool:
    """Whether a line below the chain looks like an order somebody wrote without a number."""
    for line in lines_of(text, *footer):
        if _NOTICE.search(text, line.start, line.end) or text.startswith("满", line.start):
            continue
        if line.end - line.start < 60 and _FOOTER_GOODS.search(text, line.start, line.end):
            return True
    return False


def layout_of(folded: Folded, block: Block, shelf: Shelf) -> Layout:
    """Find title, example, entries and footer of a chain message."""
    cutter = _Cutter(folded, block, shelf)
    first, example = cutter.first_entry()
    at_lines = sum(1 for number in cutter.numbers[first:] if number)
    if at_lines <= 1:
        entries = cutter.inline()
        if len(entries) > at_lines:
            begin = entries[0].number.start
            layout = Layout((block.begin, begin), (begin, begin), entries, (block.end, block.end))
            return _footer_of_inline(folded, layout, block)
    if first >= len(cutter.lines):
        end = (block.end, block.end)
        return Layout((block.begin, block.end), end, [], end)
    entries, footer = cutter.by_lines(first)
    title_end = example[0] if example[1] > example[0] else entries[0].number.start
    return Layout(
        (block.begin, title_end), example, cutter.split_joined(entries), (footer, block.end)
    )


def _footer_of_inline(folded: Folded, layout: Layout, block: Block) -> Layout:
    """A blank line still ends the last entry."""
    last = layout.entries[-1]
    blank = re.compile(r"\n[ ]*\n").search(folded.lower, last.number.end, block.end)
    if blank:
        last.end = blank.start()
        layout.footer = (blank.end(), block.end)
    return layout
