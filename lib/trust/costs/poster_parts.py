"""What the poster and the long picture of a sheet share: words, colours, bars, the foot. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from babel.dates import format_date

from lib.kernel.clock import local
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.language import Translate, locale, translator
from lib.shop.pictures import (
    DARK,
    LEAST_SIZE,
    LIGHT,
    WIDTH,
    Canvas,
    Palette,
    code_width,
    length,
    packed,
    shortened,
    wrapped,
)
from lib.trust.costs.rules import GIVEN, LABELS, Line, Part, Sheet

MARGIN = 56
INSET = 88
WORDS = WIDTH - 2 * INSET
"""Width of everything but the card, in pixels."""

SMALL = LEAST_SIZE
_GUTTER = 24
_CELL = (WORDS - _GUTTER) // 2
"""Width of one part with its amount; two stand beside each other."""
FOOT_ROW = 47
_HEADING = 50
BY_HAND = "*"
"""Stands behind the name of a part that somebody typed."""

_LIGHT = {
    Part.PURCHASE: "#6b5d45",
    Part.LOSS: "#a08a63",
    Part.PACKAGING: "#c0ab82",
    Part.DELIVERY: "#8a9a8c",
    Part.POINTS: "#4f7fa3",
    Part.PLEDGE: "#8d6a9f",
    Part.OTHER: "#b9b4a6",
    Part.KEPT: LIGHT.leaf,
}
_DARK = {
    Part.PURCHASE: "#a8967a",
    Part.LOSS: "#7d6c4d",
    Part.PACKAGING: "#5f553f",
    Part.DELIVERY: "#68776a",
    Part.POINTS: "#6f9cc0",
    Part.PLEDGE: "#a884ba",
    Part.OTHER: "#56534a",
    Part.KEPT: DARK.leaf,
}


class Kind(StrEnum):
    """What kind of picture: a poster 3:4 or 9:16 of chosen goods, or every good in one column."""

    CARD = "card"
    TALL = "tall"
    LONG = "long"


@dataclass(frozen=True)
class Look:
    """What was chosen. ``product_ids`` are the goods of a poster; a long picture has all."""

    kind: Kind
    language: str
    product_ids: tuple[int, ...] = ()
    dark: bool = False

    @property
    def say(self) -> Translate:
        """The words of the picture."""
        return translator(self.language)

    @property
    def palette(self) -> Palette:
        """The colours of the paper."""
        return DARK if self.dark else LIGHT

    def colour(self, part: Part, *, given: bool = False) -> str:
        """The colour of a part; what the shop adds is persimmon."""
        if given:
            return self.palette.kaki
        return (_DARK if self.dark else _LIGHT)[part]


@dataclass(frozen=True)
class Frame:
    """What stands around the goods: the shop, where the code leads, the zone of its clock."""

    shop_name: str
    address: str
    time_zone: str


@dataclass(frozen=True)
class Picture:
    """A finished picture: PNG below two megabytes, and every line of type on it."""

    png: bytes
    said: tuple[str, ...]
    width: int
    height: int


def finished(canvas: Canvas) -> Picture:
    """Return what was drawn."""
    return Picture(canvas.png(), tuple(canvas.said), *canvas.image.size)


def money(amount: Money) -> str:
    """Return ``¥5.80`` as the page says it, with a minus sign before the ¥."""
    return f"{'-' if amount.fen < 0 else ''}¥{abs(amount.yuan):,.2f}"


def said_day(day: date, language: str) -> str:
    """Return a day in full: a picture lies about in chats for long."""
    pattern = "y年M月d日 EEE" if language == "zh_CN" else "EEE d MMM y"
    return str(format_date(day, pattern, locale=locale(language)))


def said_moment(moment: datetime, zone: str, language: str) -> str:
    """Return a moment on the shop's clock."""
    here = local(moment, zone)
    pattern = "y年M月d日" if language == "zh_CN" else "d MMM y"
    return f"{format_date(here.date(), pattern, locale=locale(language))} {here:%H:%M}"


def per_weight(line: Line, say: Translate) -> str:
    """Return the price of 500 g, else of one piece; "" where neither is known."""
    if line.per_jin is not None:
        return say(N_("{price} per 500 g")).format(price=money(line.per_jin))
    if line.per_piece is not None:
        return say(N_("{price} each")).format(price=money(line.per_piece))
    return ""


def name_of(line: Line, part: Part, say: Translate) -> str:
    """Return what a part of ``line`` is called."""
    return say(GIVEN) if part is Part.KEPT and line.is_given else say(LABELS[part])


def label_of(line: Line, part: Part, say: Translate) -> str:
    """Return the name of a part of ``line``, marked where it was typed by hand."""
    return name_of(line, part, say) + (BY_HAND if part in line.by_hand else "")


def has_by_hand(lines: Iterable[Line]) -> bool:
    """Whether a part of one of ``lines`` was typed by hand."""
    return any(line.by_hand for line in lines)


def by_hand_note(say: Translate) -> str:
    """Return what the mark behind a part means."""
    return BY_HAND + " " + say(N_("typed by hand, not from the books"))


def bar(canvas: Canvas, line: Line, look: Look, box: tuple[int, int, int, int]) -> None:
    """Draw where the price goes; below cost a second row says what the resident pays of it."""
    left, top, right, bottom = box
    parts = [(amount.fen, look.colour(part)) for part, amount in line.parts if amount.fen > 0]
    if not line.is_given:
        canvas.stack(box, parts)
        return
    middle = top + round((bottom - top) * 0.62)
    canvas.stack((left, top, right, middle - 2), parts)
    paid = [(line.price.fen, look.palette.soft), (-line.kept.fen, look.palette.kaki)]
    canvas.stack((left, middle + 2, right, bottom), paid)


def cells(canvas: Canvas, line: Line, look: Look, top: int, largest: int) -> int:
    """Write every part with its colour and amount in two columns; return where they end.

    The type is ``largest``, or as much smaller as the longest name needs.
    """
    size = min(largest, cell_size(line, look, largest))
    height, side = row_height(largest), round(size * 0.7)
    for number, (part, amount) in enumerate(line.parts):
        x = INSET + (number % 2) * (_CELL + _GUTTER)
        middle = top + number // 2 * height + height // 2
        is_kept = part is Part.KEPT
        given = is_kept and amount.fen < 0
        ink = canvas.palette.ink
        if is_kept:
            ink = canvas.palette.kaki if given else canvas.palette.leaf
        said = money(amount)
        mark = BY_HAND if part in line.by_hand else ""
        room = _label_room(said, size) - length(mark, size)
        name = shortened(name_of(line, part, look.say), size, room) + mark
        canvas.swatch((x, middle - side // 2), side, look.colour(part, given=given))
        canvas.write((x + side + 14, middle), name, size, ink, bold=is_kept, anchor="lm")
        canvas.write((x + _CELL, middle), said, size, ink, bold=is_kept, anchor="rm")
    return top + cell_rows(line) * height


def cell_size(line: Line, look: Look, largest: int) -> int:
    """Return the size at which every part of ``line`` fits its column."""
    for size in range(largest, SMALL, -2):
        fits = (
            length(label_of(line, part, look.say), size) <= _label_room(money(amount), size)
            for part, amount in line.parts
        )
        if all(fits):
            return size
    return SMALL


def _label_room(said: str, size: int) -> int:
    return _CELL - round(size * 0.7) - 14 - length(said, size) - 12


def cell_rows(line: Line) -> int:
    """How many rows :func:`cells` takes."""
    return -(-len(line.parts) // 2)


def row_height(size: int) -> int:
    """Height in pixels of a row of type of ``size``."""
    return round(size * 1.42)


def facts(sheet: Sheet, frame: Frame, look: Look) -> list[str]:
    """Return what identifies the sheet: number and fingerprint, and as of when its data are."""
    say = look.say
    number = say(N_("Sheet {number} · fingerprint {fingerprint}"))
    as_of = say(N_("Data as of {moment}"))
    return [
        number.format(number=sheet.number, fingerprint=sheet.short),
        as_of.format(moment=said_moment(sheet.data_as_of, frame.time_zone, look.language)),
    ]


@dataclass(frozen=True)
class Foot:
    """The foot of a picture: a code, and beside it what it leads to and which sheet this is."""

    address: str
    heading: str
    lines: tuple[str, ...]
    side: int
    words_from: int

    @property
    def height(self) -> int:
        """Pixels from the top of the code to the end of what is longer, code or words."""
        return max(self.side, _HEADING + len(self.lines) * FOOT_ROW)

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it with its code at ``top`` and a line above."""
        palette = canvas.palette
        canvas.pen.line((INSET, top - 22, WIDTH - INSET, top - 22), palette.line, 3)
        canvas.code(self.address, (INSET, top), self.side)
        canvas.write((self.words_from, top - 8), self.heading, 40, palette.ink, bold=True)
        for number, line in enumerate(self.lines):
            place = (self.words_from, top + _HEADING + number * FOOT_ROW)
            canvas.write(place, line, SMALL, palette.soft)


def foot_of(sheet: Sheet, look: Look, frame: Frame, side: int, rest: Sequence[str]) -> Foot:
    """Return the foot with a code at most ``side`` wide and the sentences ``rest`` at its end."""
    left = INSET + code_width(frame.address, side) + 36
    width = WIDTH - INSET - left
    heading = shortened(look.say(N_("Scan: all prices and costs")), 40, width)
    lines = [line for fact in facts(sheet, frame, look) for line in packed(fact, SMALL, width)]
    lines += [line for text in rest for line in wrapped(text, SMALL, width, 6)]
    return Foot(frame.address, heading, tuple(lines), side, left)
