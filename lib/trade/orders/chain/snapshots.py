"""Which part of a paste is the chain: headers, snapshots, quotations, talk (contract R1).

Every participant resends the whole chain, so a paste holds many snapshots with chat lines
between them; of those with the same title the last counts. A chain that a reply quotes is
closed by a line of dashes and does not count at all.
"""

import re
from dataclasses import dataclass

from lib.trade.orders.chain.glyphs import Folded

# How many lines ahead the next entry number is looked for.
_SIGHT = 60
_HEADER = re.compile(r"[ ]*(?P<who>[^\n#]{0,30}?[:「])?[ ]*#[ ]?(?:接[龙龍]|group note)")
_QUOTE_END = re.compile(r"[ ]*(?:-[ ]+){4,}-?[ ]*$")
_DASHES = re.compile(r"[ ]*[- ]{5,}[ ]*$")
_DATED = re.compile(
    r".{0,40}20[0-9]{2}[-/年.][0-9]{1,2}[-/月.][0-9]{1,2}日?"
    r"[ ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?.{0,30}$"
    r"|[-=—]{3,}.{0,30}[-=—]{3,}$|.{1,40}[ ][0-9]{1,2}:[0-9]{2}:[0-9]{2}[ ]*$"
)
_TIMED = re.compile(
    r"(?P<who>[^\n]{1,24}?)[ ]+(?:昨天|前天|星期.|周.|[上下]午|"
    r"[0-9]{1,2}月[0-9]{1,2}日)?[ ]*[0-9]{1,2}:[0-9]{2}[ ]*$"
)
_SPEAKER = re.compile(r"[^\s:0-9][^\n:]{0,20}:[ ]*$")
_NO_SPEAKER = re.compile(
    r"^(?:今天|明天|后天|今|明|周.)?(?:早上?|晚上?|中午|上午|下午)$"
    r"|[拿取提送到来点付斤份盒箱袋瓶个备注地址电话商品]|[0-9]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the folded text, without its line break."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A chain message in the paste: its header ends at `begin`, its last line at `end`."""

    start: int
    begin: int
    end: int
    quoted: bool = False


def lines_of(text: str, start: int, end: int) -> list[Line]:
    """Cut [start, end) at line breaks."""
    lines, place = [], start
    while place <= end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        lines.append(Line(place, stop))
        place = stop + 1
    return lines


def blocks_of(folded: Folded) -> list[Block]:
    """Find every chain message; without any header the whole text is one."""
    text = folded.lower
    heads: list[tuple[int, int, bool]] = []
    for line in lines_of(text, 0, len(text)):
        match = _HEADER.match(text, line.start, line.end)
        if match:
            heads.append((line.start, match.end(), "「" in (match.group("who") or "")))
    blocks = []
    for index, (start, begin, marked) in enumerate(heads):
        end = heads[index + 1][0] if index + 1 < len(heads) else len(text)
        blocks.append(_block(text, start, begin, end, marked))
    return blocks


_NUMBER = re.compile(
    r"[ ]{0,9}([0-9]{1,3})[ ]?[.、):]|[ ]{0,9}[\u2460-\u2473]|[ ]{0,9}[0-9]{1,3}\u20e3"
)


def _block(text: str, start: int, begin: int, end: int, marked: bool) -> Block:
    """Close a block at a quotation's dashes or at the next speaker."""
    lines = lines_of(text, begin, end)
    last: int | None = None
    numbered = False
    for index, line in enumerate(lines[1:], start=1):
        written = text[line.start : line.end]
        if number := _NUMBER.match(written):
            last, numbered = int(number[1]) if number[1] else last, True
            continue
        quote_end = _QUOTE_END.match(written) or (marked and _DASHES.match(written))
        if quote_end and (marked or (numbered and not _goes_on(text, lines, index, last))):
            return Block(start, begin, max(begin, line.start - 1), quoted=True)
        if _speaks(written) and not _goes_on(text, lines, index, last):
            return Block(start, begin, max(begin, line.start - 1))
    return Block(start, begin, end)


def _goes_on(text: str, lines: list[Line], index: int, last: int | None) -> bool:
    """Whether the numbering continues after a line that looks like an end (a divider)."""
    for line in lines[index + 1 : index + _SIGHT]:
        match = _NUMBER.match(text, line.start, line.end)
        if match:
            return last is None or not match[1] or int(match[1]) == last + 1
    return False


def _speaks(line: str) -> bool:
    """Whether a line is the name and time WeChat prints over a message."""
    if len(line) > 90 or _NUMBER.match(line):
        return False
    if _DATED.match(line):
        return True
    timed = _TIMED.match(line)
    if timed:
        return not _NO_SPEAKER.search(timed["who"]) and " " not in timed["who"].strip()
    return bool(_SPEAKER.match(line)) and not _NO_SPEAKER.search(line)


_TIME_OR_PRICE = re.compile(
    r"[0-9]{1,2}(?:[点:][0-9]{0,2}半?)|[0-9]{1,4}(?:\.[0-9]{1,2})?(?=元|块|/|r(?![a-z])|一?[斤份箱盒个])"
)


def steady_title(title: str) -> str:
    """The title without clock times and prices, which people correct; dates stay."""
    return fingerprint(_TIME_OR_PRICE.sub("", Folded(title).lower))


def fingerprint(title: str) -> str:
    """Return the title without spaces, signs and case: what two snapshots share (facts 1.1 i)."""
    return bare(Folded(title).lower)


def bare(folded: str) -> str:
    """Folded text without spaces and signs."""
    return re.sub(r"[\W_]+", "", folded)
