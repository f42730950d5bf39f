"""What an order of a file says about its resident: name, home, phone, slot, delivery, note. Pure.

Every fact is read from the cells of the file and from nothing else; what can be read in two ways
is kept in the note and named as a reason to look (practice E1).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache

from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.profiles.rules import Hint, Home, read_home
from lib.shop.language import Translate
from lib.shop.settings import Slot
from lib.trade.orders.chain import address, lexicon, pickup
from lib.trade.orders.chain.model import Slot as ChainSlot
from lib.trade.orders.sheets import Meaning, SheetOrder, key_of, order_key
from lib.trade.orders.sheets.goods import Doubt

LONGEST_NOTE = 500
_PHONE = re.compile(r"1[3-9]\d{9}")
_MASKED = re.compile(r"[\d*＊xX]{7,}(\d{4})")
_NUMBERISH = re.compile(r"[\d*＊\-+ ]{5,}")
_COLLECT = re.compile(r"拿|取|提|领|来|到店|下班")
_AT_DOOR = re.compile(r"放(?:在)?(?:家)?门口|挂门|放.{0,4}(?:柜|箱|架)")
_CHINESE_NUMBER = "零〇一二三四五六七八九十"

OTHER_SLOT = N_("the remark names another pickup time: {text}")
DELIVER = N_("is it to be brought to the door? {text}")
NO_NAME = N_("the file does not name the resident")
SEVERAL_ALIKE = N_("the same order stands in the file more than once")


@dataclass(frozen=True)
class SheetEntry:
    """One order of a file, ready to be compared with what is booked.

    ``key`` knows the order again; a ``passing`` key is only good within one round, because the
    file gives neither an order number nor a time. ``tail`` are the last digits of a masked phone.
    ``row`` counts the orders of the file from 1.
    """

    row: int
    order: SheetOrder
    key: str
    passing: bool
    nickname: str
    home: Home = field(default_factory=Home)
    phone: str | None = None
    tail: str = ""
    slot: str | None = None
    delivery: bool = False
    doubts: tuple[Doubt, ...] = ()

    @property
    def hint(self) -> Hint:
        """What is known of the resident, for finding the member."""
        return Hint(self.nickname, self.home, self.phone)


def entries_of(orders: Sequence[SheetOrder], slots: Sequence[Slot]) -> tuple[SheetEntry, ...]:
    """Return the orders of a file with their keys and what they say of their residents.

    Orders without any number that are alike in everything are kept apart by counting them.
    """
    seen: dict[str, int] = {}
    found = []
    for row, order in enumerate(orders, start=1):
        key, passing = key_for(order)
        seen[key] = seen.get(key, 0) + 1
        again = seen[key] > 1
        found.append(
            _entry(row, order, f"{key}#{seen[key]}" if again else key, passing, slots, again)
        )
    return tuple(found)


def key_for(order: SheetOrder) -> tuple[str, bool]:
    """Return the key of an order, and whether it is good within one round only.

    A group number with a time names the order whatever else changes in it; without a time the
    goods belong to the key, and next week's order may look the same.
    """
    when = order.ordered_at or order.paid_at
    if order.order_no or when is None:
        return key_of(order), not order.order_no
    if order.group_no:
        who = order.buyer or order.receiver or order.phone or order.address
        return order_key(order.platform, "", order.group_no, who, when), False
    return key_of(order), order.ordered_at is None


def _entry(
    row: int, order: SheetOrder, key: str, passing: bool, slots: Sequence[Slot], again: bool
) -> SheetEntry:
    phone, tail = _phone(order.phone)
    home = home_of(order)
    nickname = _nickname(order, home, tail)
    slot, delivery, doubts = _collected(order, slots)
    reasons = [*order.doubts, *doubts]
    if again:
        reasons.append(Doubt(SEVERAL_ALIKE))
    if not (order.buyer or order.receiver):
        reasons.append(Doubt(NO_NAME))
    return SheetEntry(
        row, order, key, passing, nickname, home, phone, tail, slot, delivery,
        tuple(dict.fromkeys(reasons)),
    )  # fmt: skip


def _phone(text: str) -> tuple[str | None, str]:
    """Return (number, last digits): a masked number is no number, its end still helps."""
    plain = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", plain)
    if _PHONE.fullmatch(plain):
        return plain, plain[-4:]
    masked = _MASKED.fullmatch(plain)
    return None, masked[1] if masked and "*" in plain else ""


def _nickname(order: SheetOrder, home: Home, tail: str) -> str:
    """Return the name in the group; some platforms print a phone number in its column."""
    for text in (order.buyer, order.receiver):
        name = clean(text, 60)
        if name and not _NUMBERISH.fullmatch(name):
            return name
    return str(home) or tail or clean(order.order_no or order.group_no, 60) or "?"


def home_of(order: SheetOrder) -> Home:
    """Return where the resident lives: the columns for it, filled up from the address."""
    written = _home_in(order.address) or _home_in(order.receiver) or _home_in(order.buyer) or Home()
    if not (order.building or order.unit or order.room):
        return written
    whole = read_home(order.room) if not order.building else None
    own = whole or Home.of(None, order.building, order.unit, order.room)
    if own.contradicts(written):
        return own
    return Home(*(mine or theirs for mine, theirs in zip(own.parts, written.parts, strict=True)))


@lru_cache(maxsize=4096)
def _home_in(text: str) -> Home | None:
    """Return the most complete home that stands unmistakably in an address."""
    plain = unicodedata.normalize("NFKC", text).lower()
    best: Home | None = None
    for place, sign in enumerate(plain):
        starts = (sign.isascii() and sign.isalnum()) or sign in _CHINESE_NUMBER
        if not starts or (place and plain[place - 1].isascii() and plain[place - 1].isalnum()):
            continue
        found = address.strong_address(plain, place)
        if found is None or found.unsure:
            continue
        hint = found.address
        home = Home.of(hint.area, hint.building, hint.unit, hint.room)
        if best is None or _parts(home) > _parts(best):
            best = home
    return best


def _parts(home: Home) -> int:
    return sum(bool(part) for part in (home.area, home.building, home.unit, home.room))


def _collected(
    order: SheetOrder, slots: Sequence[Slot]
) -> tuple[str | None, bool, tuple[Doubt, ...]]:
    """Return slot, delivery and what to ask: the pickup column first, then the remark."""
    remark = unicodedata.normalize("NFKC", order.buyer_remark).lower()
    column = _slot_of_column(order, slots)
    said = _slot_of_words(remark, slots, only_with_verb=True)
    doubts = []
    if column and said and column != said:
        doubts.append(Doubt(OTHER_SLOT, (("text", clean(remark, 60)),)))
    kinds = {lexicon.kind_of(match) for match in lexicon.WORD.finditer(remark)}
    refused = lexicon.Kind.NO_DELIVERY in kinds
    delivery = lexicon.Kind.DELIVERY in kinds and not refused
    if not delivery and not refused and _AT_DOOR.search(remark):
        doubts.append(Doubt(DELIVER, (("text", clean(remark, 60)),)))
    return column or said, delivery, tuple(doubts)


def _slot_of_column(order: SheetOrder, slots: Sequence[Slot]) -> str | None:
    pickup_time = order.pickup
    if pickup_time.starts is not None and pickup_time.starts.time() != time(0):
        return slot_at(pickup_time.starts, pickup_time.ends, slots)
    text = unicodedata.normalize("NFKC", pickup_time.text).lower()
    return _slot_of_words(text, slots, only_with_verb=False)


def slot_at(starts: datetime, ends: datetime | None, slots: Sequence[Slot]) -> str | None:
    """Return the slot a span lies in: where it begins, else the only one it touches."""
    for slot in slots:
        if slot.contains(starts.time()):
            return slot.key
    if ends is None or ends.date() != starts.date():
        return None
    touched = [slot.key for slot in slots if slot.start < ends.time() and starts.time() < slot.end]
    return touched[0] if len(touched) == 1 else None


def _slot_of_words(text: str, slots: Sequence[Slot], *, only_with_verb: bool) -> str | None:
    """Read 晚上拿, 18:30来取. A remark without a word of collecting is about something else."""
    known = tuple(ChainSlot(slot.key, slot.start, slot.end) for slot in slots)
    found: set[str] = set()
    for match in (*lexicon.CLOCK.finditer(text), *lexicon.DAYPART.finditer(text)):
        near = text[max(0, match.start() - 4) : match.end() + 5]
        if only_with_verb and not _COLLECT.search(near):
            continue
        if match.re is lexicon.CLOCK:
            slot, unsure = pickup.slot_of_clock(match, known)
            slot = None if unsure else slot
        else:
            slot = pickup.slot_of_word(match["part"], known)
        if slot:
            found.add(slot)
    return found.pop() if len(found) == 1 else None


def pickup_days(entries: Sequence[SheetEntry]) -> tuple[date, ...]:
    """Return the days on which the counted orders of a file are to be collected, sorted."""
    return tuple(
        sorted(
            {
                entry.order.pickup.starts.date()
                for entry in entries
                if entry.order.pickup.starts is not None and entry.order.counts
            }
        )
    )


def note_of(entry: SheetEntry, say: Translate, *, several_points: bool) -> str:
    """Return the note of an order in the shop's language: remarks, who collects, phone's end.

    The pickup point is named when the file has ``several_points``.
    """
    order = entry.order
    parts = [clean(order.buyer_remark), clean(order.seller_remark)]
    receiver = clean(order.receiver, 60)
    if receiver and receiver != entry.nickname:
        parts.append(say(N_("for {name}")).format(name=receiver))
    if several_points and order.pickup_point:
        parts.append(clean(order.pickup_point, 60))
    if entry.tail and entry.phone is None:
        parts.append(say(N_("phone ends in {tail}")).format(tail=entry.tail))
    return "；".join(part for part in parts if part)[:LONGEST_NOTE]


def money_came_in(order: SheetOrder) -> bool:
    """Whether the file itself shows that the order was paid before it was exported."""
    return order.paid_at is not None or order.meaning in (Meaning.PART_REFUNDED, Meaning.REFUNDED)
