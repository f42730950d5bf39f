"""From a paste to a `Chain`: the whole way in one place.

fold -> find the chain messages -> keep the newest of each title -> cut into entries -> read each
entry -> settle what entries say about each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.trade.orders.chain.across import mark_repeats, settle
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.glyphs import Folded
from lib.trade.orders.chain.layout import Layout, layout_of, orders_in_footer
from lib.trade.orders.chain.lexer import Lexer
from lib.trade.orders.chain.model import DEFAULT_SLOTS, CatalogueItem, Chain, Entry, Slot, Snapshot
from lib.trade.orders.chain.names import read_name
from lib.trade.orders.chain.products import Shelf
from lib.trade.orders.chain.reading import EntryReader
from lib.trade.orders.chain.snapshots import Block, bare, blocks_of, fingerprint, steady_title

# How many of the last copies of a chain are searched for somebody the newest lacks.
_COPIES = 4


@dataclass(slots=True)
class _Message:
    block: Block
    layout: Layout
    title: str
    mark: str


def parse_chain(
    text: str,
    catalogue: Sequence[CatalogueItem],
    slots: tuple[Slot, ...] = DEFAULT_SLOTS,
) -> Chain:
    """Read a pasted chain message.

    `catalogue` is what the round offers; `slots` the pickup slots. Any text is accepted, none
    raises. Spans in the result count characters of `text`. Entries come in the order of the
    paste; what could not be read for certain is in their `unmatched` and `flags`.
    """
    folded = Folded(text)
    shelf = Shelf.of(tuple(catalogue))
    blocks = blocks_of(folded)
    live = [block for block in blocks if not block.quoted]
    flags: list[Flag] = []
    if not blocks:
        live = [Block(0, 0, len(folded.text))]
        flags.append(Flag.NO_HEADER)
    elif not live:
        flags.append(Flag.ONLY_QUOTED)
    messages = [_message(folded, block, shelf) for block in live]
    kept = _newest(folded, messages, flags)
    entries = mark_repeats([_entries(folded, m, shelf, slots) for m in kept])
    if _somebody_missing(folded, messages, kept, shelf):
        flags.append(Flag.ENTRY_MISSING)
    flags += _doubts_about(folded, text, kept, entries)
    return Chain(
        title="\n".join(m.title for m in kept),
        header="\n".join(folded.source(m.block.start, m.block.begin) for m in kept),
        example="\n".join(folded.source(*m.layout.example) for m in kept).strip(),
        entries=tuple(entries),
        footer="\n".join(folded.source(*m.layout.footer) for m in kept).strip(),
        ignored=_ignored(folded, blocks, messages, kept),
        flags=tuple(flags),
    )


def _somebody_missing(
    folded: Folded, messages: list[_Message], kept: list[_Message], shelf: Shelf
) -> bool:
    """Whether the newest copy lacks somebody of the copies just before it.

    Two residents who answer at the same moment overwrite each other: facts 1.1 j.
    """
    by_title: dict[str, list[_Message]] = {}
    for message in messages:
        by_title.setdefault(message.mark, []).append(message)
    for newest in kept:
        copies = by_title[newest.mark][-_COPIES:]
        if len(copies) < 2:
            continue
        named = [_names(Lexer(_readable(folded, m), shelf), m) for m in copies]
        if any(names - named[-1] for names in named[:-1]):
            return True
    return False


def _names(lexer: Lexer, message: _Message) -> set[str]:
    names = (read_name(lexer, e.number.end, e.end).nickname for e in message.layout.entries)
    return {bare(lexer.text[name[0] : name[1]]) for name in names if name} - {""}


def _doubts_about(
    folded: Folded, text: str, kept: list[_Message], entries: list[Entry]
) -> list[Flag]:
    """What is odd about the paste as a whole: nothing found, or orders in the footer."""
    if not entries and text.strip():
        return [Flag.NO_ENTRIES]
    if any(orders_in_footer(folded.lower, m.layout.footer) for m in kept):
        return [Flag.POSSIBLE_ENTRY]
    return []


def _message(folded: Folded, block: Block, shelf: Shelf) -> _Message:
    layout = layout_of(folded, block, shelf)
    title = folded.source(*layout.title)
    return _Message(block, layout, title, fingerprint(title))


def _newest(folded: Folded, messages: list[_Message], flags: list[Flag]) -> list[_Message]:
    """Keep the last message of every title (R1); an edited title does not make a new chain."""
    newest: dict[str, _Message] = {}
    for message in messages:
        newest.pop(message.mark, None)
        newest[message.mark] = message
    kept = list(newest.values())
    for place in range(len(kept) - 1, 0, -1):
        if _same_chain(folded, kept[place - 1], kept[place]):
            kept.pop(place - 1)
            flags.append(Flag.TITLE_CHANGED)
    if len(kept) > 1:
        flags.append(Flag.SEVERAL_CHAINS)
    return kept


def _same_chain(folded: Folded, older: _Message, newer: _Message) -> bool:
    """Titles that differ in times and prices only, and every earlier entry still there."""
    titles = [steady_title(m.title) for m in (older, newer)]
    written = [
        {(e.number.no, bare(folded.lower[e.number.end : e.end])) for e in m.layout.entries}
        for m in (older, newer)
    ]
    return titles[0] == titles[1] != "" and bool(written[0]) and written[0] <= written[1]


def _entries(
    folded: Folded, message: _Message, shelf: Shelf, slots: tuple[Slot, ...]
) -> list[Entry]:
    lexer = Lexer(_readable(folded, message), shelf.with_menu_letters(message.title))
    reader = EntryReader(folded, lexer, slots)
    return settle([reader.read(raw) for raw in message.layout.entries])


def _readable(folded: Folded, message: _Message) -> str:
    """The folded text with the entry numbers blanked: 来 at the end of one entry is not `来2`."""
    pieces, place = [], 0
    for raw in message.layout.entries:
        start, end = raw.number.start, raw.number.end
        pieces += [folded.lower[place:start], "\n" * (end - start)]
        place = end
    return "".join([*pieces, folded.lower[place:]])


def _ignored(
    folded: Folded, blocks: list[Block], messages: list[_Message], kept: list[_Message]
) -> tuple[Snapshot, ...]:
    """Everything outside the chains that count, in the order of the paste."""
    found: list[Snapshot] = []
    of_block = {id(m.block): m for m in messages}
    counted = {id(m) for m in kept}
    place = 0
    for block in blocks:
        if block.start > place and folded.text[place : block.start].strip():
            found.append(Snapshot("talk", folded.span(place, block.start)))
        message = of_block.get(id(block))
        if block.quoted:
            found.append(Snapshot("quoted", folded.span(block.start, block.end)))
        elif message and id(message) not in counted:
            span = folded.span(block.start, block.end)
            found.append(Snapshot("earlier", span, message.title))
        place = block.end
    if blocks and folded.text[place:].strip(" \n-"):
        found.append(Snapshot("talk", folded.span(place, len(folded.text))))
    return tuple(found)
