"""Decisions of the pickup desk (E8, R21): what may be handed over, when, and what was typed.

Pure: values in, values out. Quantities are integer grams (goods sold by weight) or sale units, as
in the order lines.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.kernel.clock import at_local, local, local_day
from lib.kernel.errors import NotFound, Refused
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.members.profiles.finding import rules as finding
from lib.service.picking.rules import Line
from lib.shop.settings import Settings, Slot
from lib.trade.rounds.rules import next_open_day


class SlotState(StrEnum):
    """Where a pickup slot stands at a moment."""

    BEFORE = "before"
    NOW = "now"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Was:
    """When an order was to be collected before it was moved, and its number then."""

    day: date
    slot: str | None
    usual: bool
    number: int


def days_offered(today: date, closed: Collection[date]) -> list[date]:
    """Return the days an order can be moved to with one touch: today and the next open day."""
    later = next_open_day(today + timedelta(days=1), closed)
    return [later] if today in closed else [today, later]


def offered_times(
    slot: str | None,
    day: date,
    now: datetime,
    settings: Settings,
    closed: Collection[date],
) -> list[tuple[date, str]]:
    """Return the times an order of ``slot`` and ``day`` can be moved to with one touch (R21).

    What is left of today, unless today is closed, and the next open day; never where it stands.
    """
    today = local_day(now, settings.time_zone)
    ordered = sorted(settings.slots, key=lambda one: one.start)
    return [
        (one, each.key)
        for one in days_offered(today, closed)
        for each in ordered
        if (one, each.key) != (day, slot)
        and slot_state(each, one, now, settings.time_zone) is not SlotState.OVER
    ]


def to_hand_over(
    lines: Sequence[Line], wanted: Mapping[int, int] | None, *, nothing: bool = False
) -> dict[int, int]:
    """Return line id → quantity to hand over now; ``wanted`` None means all that is outstanding.

    Quantities of 0 are left out; with ``nothing`` all may be, as something else is given. Raises
    ``NotFound`` for a line of another order and ``Refused`` when nothing is left, nothing was
    chosen, or more is wanted than is outstanding.
    """
    left = {line.id: line.outstanding for line in lines}
    if not any(left.values()):
        raise Refused(N_("Nothing of this order is left to hand over."))
    if wanted is None:
        return {line_id: quantity for line_id, quantity in left.items() if quantity}
    named = {line.id: line for line in lines}
    for line_id, quantity in wanted.items():
        if line_id not in named:
            raise NotFound(N_("This line belongs to another order. Search again."))
        _check_quantity(named[line_id], quantity)
    chosen = {line_id: quantity for line_id, quantity in wanted.items() if quantity}
    if not chosen and not nothing:
        raise Refused(N_("Choose what is handed over first."))
    return chosen


def _check_quantity(line: Line, quantity: int) -> None:
    if quantity < 0:
        raise Refused(N_("A quantity cannot be negative."))
    if quantity > line.outstanding:
        raise Refused(
            N_("Of {product} only {left} is left to hand over."),
            product=line.product,
            left=line.unit.said(line.outstanding),
        )


def slot_state(slot: Slot, day: date, now: datetime, time_zone: str) -> SlotState:
    """Return whether ``slot`` of ``day`` is still to come, open, or over at ``now`` (half-open)."""
    if now < at_local(day, slot.start, time_zone):
        return SlotState.BEFORE
    return SlotState.NOW if now < at_local(day, slot.end, time_zone) else SlotState.OVER


def is_late(slot_key: str | None, day: date, now: datetime, settings: Settings) -> bool:
    """Whether the time to collect is over: the slot's end, or the day's last slot without one."""
    slot = settings.slot(slot_key) or max(settings.slots, key=lambda one: one.end)
    return slot_state(slot, day, now, settings.time_zone) is SlotState.OVER


def slot_at(settings: Settings, now: datetime) -> Slot:
    """Return the slot that is open at ``now``, else the next one of the day, else the last one."""
    wall = local(now, settings.time_zone).time()
    ordered = sorted(settings.slots, key=lambda slot: slot.start)
    return next((slot for slot in ordered if wall < slot.end), ordered[-1])


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody at the counter typed, read as everything it may mean.

    ``number`` is the order's number, ``tail`` the last four digits of a phone, ``phone`` all of it,
    ``home`` the parts of an address (the last one empty after ``3-``, where a building is meant),
    ``name`` the folded nickname, ``letters`` pinyin or initials, ``card`` the code of a resident's
    card, ``member_id`` the number of their file.
    """

    number: int | None = None
    tail: str | None = None
    phone: str | None = None
    home: tuple[str, ...] = ()
    name: str = ""
    letters: str = ""
    card: str | None = None
    member_id: int | None = None


_NUMBER = re.compile(r"#?(\d{1,6})号?")
_HOME_BREAK = re.compile(r"[-\s/]+|号楼|单元|[栋幢弄室号楼]")


def read_search(text: str) -> Search | None:
    """Read what was typed at the pickup desk: ``12``, ``尾号0831``, ``3-201``, ``小李``, ``xl``.

    Returns None for an empty text. Every reading that is possible is kept: ``0831`` may be a
    number, a phone and a room. A scanned card (``M-7CDFGHJK``, or its address) is nothing else.
    """
    if (words := finding.read_words(text)) and words[0].is_card:
        return Search(card=words[0].card)
    plain = unicodedata.normalize("NFKC", text).strip()[:60]
    plain = re.sub(r"[–—－]", "-", plain).removeprefix("尾号").strip()
    if not plain:
        return None
    number = _NUMBER.fullmatch(plain)
    digits = plain.replace(" ", "").replace("-", "")
    letters = re.sub(r"[\s']", "", plain.casefold())
    return Search(
        number=int(number.group(1)) if number else None,
        tail=plain if re.fullmatch(r"\d{4}", plain) else None,
        phone=digits if re.fullmatch(r"1\d{10}", digits) else None,
        home=() if re.fullmatch(r"\d{7,}", digits) else _home_parts(plain),
        name="" if number else folded(plain),
        letters=letters if re.fullmatch(r"[a-z]+", letters) else "",
        card=finding.card_in(plain),
        member_id=finding.read_word(plain).member_id,
    )


def _home_parts(text: str) -> tuple[str, ...]:
    """Return the parts of an address; nothing when ``text`` holds more than numbers and letters.

    The last part is the room, or what is typed of it; it is empty after ``3-`` or ``3号楼``.
    """
    *outer, room = _HOME_BREAK.split(text.removesuffix("室").removesuffix("号"))
    parts = (*(part for part in outer if part), room)
    plain = all(re.fullmatch(r"[0-9A-Za-z]{0,6}", part) for part in parts)
    numbered = any(part and (part[0].isdigit() or part[-1].isdigit()) for part in parts)
    lettered = len(parts) > 1
    return parts if plain and (numbered or lettered) and len(parts) <= 4 else ()
