"""What an entry says beside goods: taste, questions, pickup time, delivery (R11, R14, R15).

Runs before the order is read and takes the tokens that only look like an order away from it:
不要葱 names no spring onions, 还有鸡蛋吗 orders none, 8点截单 is no pickup time.
"""

from dataclasses import dataclass, field

from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.lexer import Lexer, Token
from lib.trade.orders.chain.lexicon import Kind
from lib.trade.orders.chain.model import Part, Slot
from lib.trade.orders.chain.pickup import slot_of_clock, slot_of_word
from lib.trade.orders.chain.quantities import Use

_EATERS = ("不", "别", "免", "忌", "多放", "少放", "多加", "少加", "多给", "少给", "多点", "少点")
FEW = 60
_BREAKS = frozenset({Kind.STOP, Kind.OPEN, Kind.CLOSE})


@dataclass(slots=True)
class Remarks:
    """Pickup slot, delivery and the doubts found on the way, as (start, end, flag)."""

    slot: str | None = None
    delivery: bool = False
    flags: list[Flag] = field(default_factory=list)
    doubts: list[tuple[int, int, Flag]] = field(default_factory=list)


def read_remarks(lexer: Lexer, tokens: list[Token], slots: tuple[Slot, ...]) -> Remarks:
    """Mark remark tokens and return what they say."""
    remarks = Remarks()
    for first, last in _spans(tokens, _BREAKS | {Kind.SPACE}):
        _question(tokens[first:last], remarks)
    for index, token in enumerate(tokens):
        if token.kind in (Kind.NOT_WANTED, Kind.REMARK):
            _refusal(lexer, tokens, index, remarks)
        elif token.kind is Kind.DROP:
            _doubtful_drop(lexer, tokens, index, remarks)
        elif token.kind in (Kind.DELIVERY, Kind.NO_DELIVERY):
            _delivery(tokens, index, remarks)
        elif token.kind is Kind.CONDITION:
            token.part = Part.NOTE
            remarks.flags.append(Flag.CONDITION)
            _condition(tokens, index)
    _slot(tokens, slots, remarks)
    return remarks


def _spans(tokens: list[Token], breaks: frozenset[Kind]) -> list[tuple[int, int]]:
    spans, first = [], 0
    for index, token in enumerate(tokens):
        if token.kind in breaks:
            spans.append((first, index))
            first = index + 1
    return [*spans, (first, len(tokens))]


def _question(chunk: list[Token], remarks: Remarks) -> None:
    """A product asked about is not ordered; one with a quantity is, and is marked."""
    if not any(token.kind is Kind.QUESTION for token in chunk):
        return
    remarks.flags.append(Flag.QUESTION)
    counted = any(
        t.kind is Kind.QUANTITY and t.quantity and t.quantity.use is Use.COUNT for t in chunk
    )
    asked = False
    for token in chunk:
        vague = token.quantity is not None and token.quantity.value is None
        asked = asked or token.kind is Kind.QUESTION
        if asked or vague or not counted:
            token.part = Part.NOTE


def _refusal(lexer: Lexer, tokens: list[Token], index: int, remarks: Remarks) -> None:
    """不要辣, 不放葱: the words glued to it belong to the note (R11)."""
    token = tokens[index]
    word = lexer.text[token.start : token.end]
    if word.startswith("不要") and _refuses_what_came(tokens, index):
        token.kind = Kind.DROP
        if not (index and tokens[index - 1].kind is Kind.PRODUCT):
            remarks.flags.append(Flag.CANCEL_UNCLEAR)
        return
    token.part = Part.NOTE
    if not word.startswith(_EATERS):
        return
    for place in range(index + 1, len(tokens)):
        following = tokens[place]
        if following.kind in _BREAKS or following.kind in (Kind.SPACE, Kind.NOT_WANTED):
            return
        if following.part is Part.NOTE:
            return
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if following.kind is Kind.PRODUCT and after and following.touches(after):
            if after.kind is Kind.FILLER and lexer.text[after.start : after.end] == "了":
                token.kind, token.part = Kind.DROP, None
                after.part = Part.MARKER
                return
            if after.kind is Kind.QUANTITY:
                if place == index + 1:
                    remarks.flags.append(Flag.CANCEL_UNCLEAR)
                    remarks.doubts.append((token.start, after.end, Flag.CANCEL_UNCLEAR))
                    token.part = following.part = after.part = Part.UNMATCHED
                return
        if following.quantity is not None and following.quantity.use is Use.COUNT:
            following.part = Part.UNMATCHED
            remarks.flags.append(Flag.UNCLEAR_QUANTITY)
            remarks.doubts.append((token.start, following.end, Flag.UNCLEAR_QUANTITY))
            return
        if following.kind is Kind.PRODUCT and token.kind is Kind.NOT_WANTED:
            _refused_goods(tokens, remarks)
            following.data["refused"] = True
        following.part = Part.NOTE


def _condition(tokens: list[Token], index: int) -> None:
    """没货就换白菜 after an order is a wish for the case, not a change now."""
    goods = (Kind.PRODUCT, Kind.QUANTITY)
    if not any(token.kind in goods for token in tokens[max(0, index - FEW) : index]):
        return
    for token in tokens[index + 1 :]:
        if token.kind in _BREAKS or token.kind is Kind.SPACE:
            return
        if token.kind not in (Kind.DELIVERY, Kind.TIME, Kind.COLLECT):
            token.part = Part.NOTE


def _refuses_what_came(tokens: list[Token], index: int) -> bool:
    """豆腐不要: nothing follows, so it is the goods before that are not wanted."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is None or following.kind in _BREAKS


def _refused_goods(tokens: list[Token], remarks: Remarks) -> None:
    """不要豆腐 and no order: perhaps it takes back an earlier one."""
    if not any(token.kind is Kind.QUANTITY for token in tokens[:FEW]):
        remarks.flags.append(Flag.CANCEL_UNCLEAR)


def _doubtful_drop(lexer: Lexer, tokens: list[Token], index: int, remarks: Remarks) -> None:
    """没货就不要了 and 袋子不要了 cancel no order: note, and a look at it."""
    token = tokens[index]
    before = tokens[index - 1] if index else None
    conditional = any(
        t.kind is Kind.CONDITION for t in tokens[max(0, index - 6) : index] if t is not token
    )
    foreign = bool(
        before
        and before.kind is Kind.WORD
        and before.touches(token)
        and any(c.isalnum() for c in lexer.text[before.start : before.end])
    )
    ordered = any(
        t.kind in (Kind.PRODUCT, Kind.QUANTITY) for t in tokens[max(0, index - 40) : index]
    )
    if conditional or (foreign and ordered):
        token.part = Part.NOTE
        remarks.flags.append(Flag.CANCEL_UNCLEAR)
    elif foreign:
        remarks.flags.append(Flag.CANCEL_UNCLEAR)


def _delivery(tokens: list[Token], index: int, remarks: Remarks) -> None:
    token = tokens[index]
    nearby = tokens[index + 1 : index + 4]
    if token.kind is Kind.NO_DELIVERY:
        token.part = Part.NOTE
    elif any(t.kind is Kind.QUESTION for t in nearby) or token.part is Part.NOTE:
        token.part = Part.NOTE
        remarks.flags.append(Flag.DELIVERY_UNCLEAR)
    else:
        token.part = Part.DELIVERY
        remarks.delivery = True


def _slot(tokens: list[Token], slots: tuple[Slot, ...], remarks: Remarks) -> None:
    """One slot for the entry; two different ones are none."""
    found: list[tuple[int, str | None, bool]] = []
    for index, token in enumerate(tokens):
        if token.kind is Kind.TIME and token.part is None:
            found.append((index, *_reading(tokens, index, slots)))
    words = {slot for _index, slot, unsure in found if slot and not unsure}
    names = words or {slot for _index, slot, _unsure in found if slot}
    if len(names) > 1:
        remarks.flags.append(Flag.SLOT_UNCLEAR)
        names = set()
    remarks.slot = names.pop() if names else None
    for index, slot, unsure in found:
        if slot is not None and remarks.slot is not None:
            _take(tokens, index)
            if unsure:
                remarks.flags.append(Flag.SLOT_UNCLEAR)
        else:
            tokens[index].part = Part.NOTE
            if unsure:
                remarks.flags.append(Flag.SLOT_UNCLEAR)
    for token in tokens:
        if token.part is None and token.kind in (Kind.COLLECT, Kind.CLOSING):
            token.part = Part.NOTE


def _reading(tokens: list[Token], index: int, slots: tuple[Slot, ...]) -> tuple[str | None, bool]:
    token = tokens[index]
    for other in tokens[index + 1 : index + 4]:
        if other.kind in _BREAKS:
            break
        if other.kind is Kind.CLOSING:
            return None, False
    if "clock" in token.data:
        return slot_of_clock(token.data["clock"], slots)
    return slot_of_word(token.data["daypart"].group(), slots), False


def _take(tokens: list[Token], index: int) -> None:
    """The time and the words for collecting around it are the slot, not the note."""
    tokens[index].part = Part.SLOT
    for step in (1, -1):
        place = index + step
        while 0 <= place < len(tokens) and tokens[place].kind in (
            Kind.SPACE, Kind.FILLER, Kind.COLLECT,
        ):  # fmt: skip
            if tokens[place].kind is Kind.COLLECT:
                tokens[place].part = Part.SLOT
                break
            place += step
