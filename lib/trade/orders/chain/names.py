"""Who ordered: leading address and nickname of an entry (contract R6, R7).

WeChat writes `nickname content`, so the first space-separated token is the nickname. What is
glued to it (钟××2箱, 3-201小李) is cut off only where the rest reads as goods to its end;
product words and digits inside the nickname are never items.
"""

from dataclasses import dataclass, replace

from lib.trade.orders.chain import lexicon
from lib.trade.orders.chain.address import FoundAddress, leading_address
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.lexer import Lexer, Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.quantities import Use, in_catalogue_units

_NAME_ENDS = frozenset(" \n,;:。!?")
_SKIPPED = frozenset(" \n,;:。、!/|-@")
_JOINED = frozenset("~·+)")
_CANCELS = frozenset({"取消", "已取消", "撤单", "退单", "作废"})
# 成都 2斤, 安全 2份: these mean an order only with the number behind them, not over a space.
_LOOKS_AHEAD = frozenset("都全各退减少扣共总")
_GOODS = frozenset(
    {Kind.PRODUCT, Kind.QUANTITY, Kind.EACH, Kind.ALL, Kind.REST, Kind.SAME, Kind.LIKE, Kind.DROP,
     Kind.SUPERSEDE}
)  # fmt: skip
_WEAK = frozenset(
    {Kind.FILLER, Kind.ADD, Kind.JOIN, Kind.STOP, Kind.OPEN, Kind.CLOSE, Kind.COLLECT, Kind.TIME,
     Kind.PRICE, Kind.TOTAL, Kind.CHANGE, Kind.SPACE}
)  # fmt: skip
_HINTS = frozenset({Kind.ADDRESS, Kind.PHONE, Kind.DELIVERY})


@dataclass(frozen=True, slots=True)
class Name:
    """Folded ranges: `marker` before the name, address, nickname; content begins at `rest`."""

    rest: int
    address: FoundAddress | None = None
    nickname: tuple[int, int] | None = None
    marker: tuple[int, int] | None = None
    flags: tuple[Flag, ...] = ()
    cancels: bool = False


def read_name(lexer: Lexer, start: int, end: int) -> Name:
    """Read address and nickname at the start of an entry's content."""
    text = lexer.text
    flags: tuple[Flag, ...] = ()
    place = _skip(text, start, end)
    marker, cancels = _marker(text, place, end)
    if marker:
        place = _skip(text, marker[1], end)
        inner = read_name(lexer, place, end)
        return replace(inner, marker=marker, cancels=cancels)
    address = _bracketed_address(text, place) or leading_address(text, place)
    if address and address.end > end:
        address = None
    if address and address.unsure and not _name_follows(lexer, address, end):
        address = None
    if address and address.unsure:
        flags = (Flag.ADDRESS_UNSURE,)
    after = _skip(text, address.end, end, joined=True) if address else place
    stop = _name_end(text, after, end)
    tokens = lexer.tokens(after, stop)
    if address:
        return _after_address(lexer, address, tokens, (after, stop, end), flags)
    if not tokens:
        return Name(stop)
    cut, more = _cut(lexer, tokens, stop, end, alone=True)
    if cut == after:
        return Name(after, flags=(Flag.NO_NICKNAME,))
    return Name(cut, None, _trim(text, after, cut), flags=more)


def _name_end(text: str, start: int, end: int) -> int:
    """End of the first space-separated token; a sign ends it too, unless a space follows it."""
    stop = start
    while stop < end and text[stop] not in _NAME_ENDS:
        stop += 1
    if start < stop < end and text[stop] in "。!" and text[stop + 1 : stop + 2] == " ":
        stop += 1
    return stop


def _bracketed_address(text: str, place: int) -> FoundAddress | None:
    """（3-201）小李: the brackets are no part of the name."""
    if text[place : place + 1] != "(":
        return None
    found = leading_address(text, place + 1)
    closed = found is not None and text[found.end : found.end + 1] == ")"
    return found if closed else None


def _after_address(
    lexer: Lexer,
    address: FoundAddress,
    tokens: list[Token],
    places: tuple[int, int, int],
    flags: tuple[Flag, ...],
) -> Name:
    after, stop, end = places
    itself = (address.start, address.end)
    if not tokens:
        return Name(stop, address, itself, flags=flags)
    if _only_product(tokens):
        goods = _goods_after_product(lexer, stop, end)
        if goods:
            more: tuple[Flag, ...] = () if goods == "sure" else (Flag.NICKNAME_UNSURE,)
            return Name(after, address, itself, flags=flags + more)
        return Name(stop, address, (after, stop), flags=flags)
    cut, more = _cut(lexer, tokens, stop, end, alone=False)
    name = itself if cut == after else _trim(lexer.text, after, cut)
    return Name(cut, address, name, flags=flags + more)


def _skip(text: str, place: int, end: int, joined: bool = False) -> int:
    if joined and text[place : place + 1] in _JOINED and place < end:
        place += 1
    while place < end and text[place] in _SKIPPED:
        place += 1
    return place


def _marker(text: str, place: int, end: int) -> tuple[tuple[int, int] | None, bool]:
    """更正 or 【取消】 at the very start belongs to the order, not to the name.

    Returns its range (None when there is none) and whether it cancels the entry.
    """
    opened = text[place : place + 1] == "("
    match = lexicon.WORD.match(text, place + opened)
    kind = lexicon.kind_of(match) if match else None
    if not match or kind not in (Kind.SUPERSEDE, Kind.DROP) or match.end() >= end:
        return None, False
    if opened:
        closed = text[match.end()] == ")" and match.end() + 1 < end
        return ((place, match.end() + 1) if closed else None), closed and kind is Kind.DROP
    if kind is Kind.DROP and match.group() not in _CANCELS:
        return None, False
    followed = text[match.end()] in " :,-"
    return ((place, match.end()) if followed else None), followed and kind is Kind.DROP


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1] in " \n,;:、/|-(+":
        end -= 1
    return (start, end)


def _name_follows(lexer: Lexer, address: FoundAddress, end: int) -> bool:
    """Whether a word that can be a nickname comes after a doubtful address."""
    start = _skip(lexer.text, address.end, end)
    stop = start
    while stop < end and lexer.text[stop] not in _NAME_ENDS:
        stop += 1
    tokens = lexer.tokens(start, stop)
    return any(token.kind in (Kind.WORD, Kind.REMARK) for token in tokens)


def _only_product(tokens: list[Token]) -> bool:
    return len(tokens) == 1 and tokens[0].kind is Kind.PRODUCT


def _goods_after_product(lexer: Lexer, stop: int, end: int) -> str:
    """`3-201 鸡蛋 2斤`: is 鸡蛋 the goods ("sure", "likely") or the nickname ("")?"""
    rest = [t for t in lexer.tokens(stop, min(end, stop + 40)) if t.kind is not Kind.SPACE]
    if not rest or (rest[0].kind is Kind.STOP and len(rest) == 1):
        return "likely"
    first, second = rest[0], rest[1] if len(rest) > 1 else None
    if first.kind is Kind.EACH:
        return "sure"
    if first.kind is Kind.QUANTITY and not (
        second and second.kind is Kind.PRODUCT and first.touches(second)
    ):
        return "likely"
    return ""


def _cut(
    lexer: Lexer, tokens: list[Token], stop: int, end: int, alone: bool
) -> tuple[int, tuple[Flag, ...]]:
    """Where the nickname ends: at `stop`, or before the goods glued to it."""
    known = [_reads_as_goods(token) for token in tokens]
    if len(tokens) > 1 and lexer.text[tokens[-1].start : stop] in _LOOKS_AHEAD:
        known[-1] = False
    first = len(tokens)
    while first and known[first - 1]:
        first -= 1
    if first == 0:
        if alone and _called_like_a_quantity(lexer, tokens, stop, end):
            return stop, (Flag.NICKNAME_UNSURE,)
        return _all_goods(tokens, stop, alone)
    while first < len(tokens) and not _may_begin(tokens, first):
        first += 1
    if first < len(tokens) and _is_order(lexer, tokens[first:]):
        cut = tokens[first].start
        lonely = cut - tokens[0].start == 1 and tokens[first].kind is Kind.PRODUCT
        return cut, (Flag.NICKNAME_UNSURE,) if lonely else ()
    alone_here = not lexer.text[stop:end].strip(" \n")
    doubtful = any(
        token.start > tokens[0].start
        and (
            (token.kind is Kind.PRODUCT and alone_here)
            or (token.quantity is not None and token.quantity.unit)
        )
        for token in tokens
    ) or (alone_here and _hides_a_quantity(lexer, tokens[0].start + 1, stop))
    return stop, (Flag.NICKNAME_UNSURE,) if doubtful else ()


def _hides_a_quantity(lexer: Lexer, start: int, stop: int) -> bool:
    """Whether a name with nothing behind it holds a counted unit (小同三箱)."""
    found = (lexer.reader.read(place) for place in range(start, stop))
    return any(q is not None and q.use is Use.COUNT and bool(q.unit) for q in found)


def _reads_as_goods(token: Token) -> bool:
    if token.kind is Kind.QUANTITY:
        return bool(token.quantity and token.quantity.use is not Use.OTHER)
    return token.kind in _GOODS or token.kind in _WEAK or token.kind in _HINTS


def _all_goods(tokens: list[Token], stop: int, alone: bool) -> tuple[int, tuple[Flag, ...]]:
    """The whole token reads as goods: no nickname, unless it is one word people are called."""
    kinds = {token.kind for token in tokens}
    strong = kinds & (_GOODS | _HINTS)
    if alone:
        bare = [t for t in tokens if t.kind is Kind.QUANTITY and t.quantity and not t.quantity.unit]
        if kinds == {Kind.PRODUCT} or not strong or (len(tokens) == 1 and bare):
            return stop, ()
    elif not strong and Kind.TIME not in kinds:
        return stop, ()
    return tokens[0].start, ()


def _called_like_a_quantity(lexer: Lexer, tokens: list[Token], stop: int, end: int) -> bool:
    """二两 鸡蛋2斤: somebody is called 二两, because the order follows."""
    written = lexer.text[tokens[0].start : stop]
    if len(tokens) > 1 or tokens[0].kind is not Kind.QUANTITY or any(c.isdigit() for c in written):
        return False
    return any(token.kind is Kind.QUANTITY for token in lexer.tokens(stop, min(end, stop + 80)))


def _may_begin(tokens: list[Token], index: int) -> bool:
    """Whether goods may begin at this token: not with a joint, nor with an unsure number."""
    token = tokens[index]
    if token.kind is Kind.QUANTITY and token.quantity:
        return bool(token.quantity.unit or token.quantity.sign or token.quantity.pair)
    if token.kind is Kind.FILLER:
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        long_name = token.start - tokens[0].start > 1
        return bool(following and following.kind in _GOODS and long_name)
    return token.kind not in (Kind.TIME, Kind.COLLECT, Kind.CHANGE, Kind.PRICE, Kind.JOIN)


def _is_order(lexer: Lexer, tokens: list[Token]) -> bool:
    """Whether a glued tail is an order: goods with a quantity, a cancellation, a hint."""
    kinds = {token.kind for token in tokens}
    counted = [t.quantity for t in tokens if t.kind is Kind.QUANTITY and t.quantity]
    if kinds & (_HINTS | {Kind.DROP, Kind.SAME, Kind.SUPERSEDE}):
        return True
    if Kind.PRODUCT in kinds:
        return bool(counted)
    if kinds & {Kind.ALL, Kind.REST}:
        return True
    if not counted or not lexer.shelf.single:
        return False
    item = lexer.shelf.items[0]
    first = counted[0]
    written = lexer.text[first.start : first.end]
    if any("0" <= letter <= "9" for letter in written):
        return True
    return first.value is None or in_catalogue_units(first.value, first.unit, item) is not None
