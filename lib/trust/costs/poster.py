"""Pictures of a published sheet for the group (E17): a poster of chosen goods, or all in a column.

Residents look rather than read. Every figure comes from the published sheet and from nowhere else;
a picture says which sheet it shows, as of when, and leads to the page by its code. Product and
price stand in the central square of a poster, which is what a preview in a chat shows.
"""

from collections.abc import Sequence

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.pictures import HEIGHTS, WIDTH, Canvas, fitting, length, shortened, wrapped
from lib.trust.costs.poster_long import draw_long
from lib.trust.costs.poster_parts import (
    BY_HAND,
    FOOT_ROW,
    INSET,
    MARGIN,
    SMALL,
    WORDS,
    Frame,
    Kind,
    Look,
    Picture,
    bar,
    by_hand_note,
    cell_rows,
    cells,
    finished,
    foot_of,
    has_by_hand,
    money,
    per_weight,
    row_height,
    said_day,
)
from lib.trust.costs.rules import GIVEN, LABELS, Line, Part, Sheet

__all__ = ["MOST_GOODS", "Frame", "Kind", "Look", "Picture", "draw"]

MOST_GOODS = 6
"""Goods on a poster; more cannot be read at arm's length."""

_CODE = {Kind.CARD: 240, Kind.TALL: 320}
_TOP = {Kind.CARD: 194, Kind.TALL: 440}
_TALLEST_ROW = 300
_SWATCH = 28
_WITH_CELLS = 2
"""Up to so many goods have every part written out."""


def draw(sheet: Sheet, look: Look, frame: Frame) -> tuple[Picture, ...]:
    """Return the pictures of ``sheet``: one poster, or as many long ones as it takes.

    Raises ``Refused`` for a poster without goods, with too many, or with goods not on the sheet.
    """
    if look.kind is Kind.LONG:
        return draw_long(sheet, look, frame)
    lines = [line for line in sheet.lines if line.product_id in set(look.product_ids)]
    if not 1 <= len(set(look.product_ids)) <= MOST_GOODS:
        raise Refused(N_("A poster shows one to {most} products."), most=MOST_GOODS)
    if len(lines) != len(set(look.product_ids)):
        raise Refused(N_("One of these products is not on this sheet."))
    return (_poster(sheet, lines, look, frame),)


def _poster(sheet: Sheet, lines: list[Line], look: Look, frame: Frame) -> Picture:
    height = HEIGHTS[look.kind.value]
    canvas = Canvas(WIDTH, height, look.palette)
    canvas.panel((MARGIN, MARGIN, WIDTH - MARGIN, height - MARGIN))
    _head(canvas, sheet, look, frame)
    foot = foot_of(sheet, look, frame, _CODE[look.kind], _notes(lines, look))
    foot_top = height - MARGIN - 22 - foot.height
    foot.draw(canvas, foot_top)
    bottom = foot_top - 32
    if len(lines) > _WITH_CELLS:
        bottom = _legend(canvas, lines, look, bottom)
    top = _TOP[look.kind]
    if len(lines) == 1:
        _hero(canvas, lines[0], look, top, bottom)
    else:
        _rows(canvas, lines, look, top, bottom)
    return finished(canvas)


def _notes(lines: Sequence[Line], look: Look) -> list[str]:
    notes = [look.say(N_("Not included: rent, wages, power, taxes"))]
    return [*notes, by_hand_note(look.say)] if has_by_hand(lines) else notes


def _head(canvas: Canvas, sheet: Sheet, look: Look, frame: Frame) -> None:
    palette, hole = canvas.palette, 17
    x, y = WIDTH - INSET - hole, 98
    canvas.pen.ellipse(
        (x - hole, y - hole, x + hole, y + hole), palette.paper, palette.line, width=3
    )
    canvas.write((INSET, 72), shortened(frame.shop_name, 40, WORDS - 80), 40, palette.soft)
    day = said_day(sheet.day, look.language)
    if look.kind is Kind.CARD:
        room = WORDS - length(day, SMALL) - 32
        size = fitting(sheet.title, 56, room, 40)
        title = shortened(sheet.title, size, room)
        canvas.write((INSET, 160), title, size, palette.ink, bold=True, anchor="lm")
        canvas.write((WIDTH - INSET, 160), day, SMALL, palette.soft, anchor="rm")
        return
    size = fitting(sheet.title, 88, WORDS, 60)
    y = canvas.paragraph((INSET, 160), sheet.title, size, palette.ink, WORDS, most=2, bold=True)
    canvas.write((INSET, y), day, 44, palette.soft)


def _hero(canvas: Canvas, line: Line, look: Look, top: int, bottom: int) -> None:
    """One product: name, the price as large as it goes, the bar, and every part."""
    palette, tall = canvas.palette, look.kind is Kind.TALL
    size = fitting(line.name, 120 if tall else 104, WORDS, 72)
    names = wrapped(line.name, size, WORDS, 2)
    price = money(line.price)
    price_size = fitting(price, 190 if tall or len(names) == 1 else 150, WORDS - 200)
    part_size, thick = (48, 80) if tall else (44, 64)
    used = len(names) * round(size * 1.3) + round(price_size * 1.2) + row_height(46) + thick + 48
    used += cell_rows(line) * row_height(part_size)
    y = top + max(0, (bottom - top - used) // 2)
    for name in names:
        canvas.write((INSET, y), name, size, palette.ink, bold=True)
        y += round(size * 1.3)
    middle = y + round(price_size * 0.6)
    canvas.write((INSET, middle), price, price_size, palette.ink, bold=True, anchor="lm")
    left = INSET + length(price, price_size) + 20
    unit = shortened(f"/ {line.unit}", 60, WIDTH - INSET - left)
    canvas.write((left, middle + price_size // 5), unit, 60, palette.soft, anchor="lm")
    y += round(price_size * 1.2)
    canvas.write((INSET, y), per_weight(line, look.say), 46, palette.soft)
    y += row_height(46) + 16
    bar(canvas, line, look, (INSET, y, WIDTH - INSET, y + thick))
    cells(canvas, line, look, y + thick + 32, part_size)


def _rows(canvas: Canvas, lines: Sequence[Line], look: Look, top: int, bottom: int) -> None:
    """Several products below each other, each with name, price, what is kept, and its bar."""
    below = [_below(line) if len(lines) <= _WITH_CELLS else 0 for line in lines]
    height = min((bottom - top - sum(below)) // len(lines), _TALLEST_ROW)
    y = top + (bottom - top - sum(below) - height * len(lines)) // 2
    for number, (line, more) in enumerate(zip(lines, below, strict=True)):
        if number:
            canvas.pen.line((INSET, y, WIDTH - INSET, y), canvas.palette.line, 2)
        end = _row(canvas, line, look, y, height)
        if more:
            cells(canvas, line, look, end + 14, SMALL)
        y += height + more


def _below(line: Line) -> int:
    return cell_rows(line) * row_height(SMALL) + 14


def _row(canvas: Canvas, line: Line, look: Look, top: int, height: int) -> int:
    """One product in ``height`` pixels; return where its bar ends."""
    palette = canvas.palette
    price_size = min(96, max(48, round(height * 0.42)))
    small = min(46, max(SMALL, round(height * 0.17)))
    thick = min(40, max(14, round(height * 0.12)))
    first, second = round(price_size * 1.12), round(small * 1.24)
    y = top + max(4, (height - first - second - thick - 4) // 2)
    middle = y + first // 2
    price, unit = money(line.price), shortened(f"/{line.unit}", small, 200)
    right = WIDTH - INSET - length(unit, small)
    canvas.write((right, middle + price_size // 8), unit, small, palette.soft, anchor="lm")
    canvas.write((right - 6, middle), price, price_size, palette.ink, bold=True, anchor="rm")
    room = right - 6 - length(price, price_size) - 28 - INSET
    size = fitting(line.name, min(72, max(40, round(height * 0.32))), room)
    name = shortened(line.name, size, room)
    canvas.write((INSET, middle), name, size, palette.ink, bold=True, anchor="lm")
    y += first
    canvas.write((INSET, y), per_weight(line, look.say), small, palette.soft)
    label = look.say(GIVEN) if line.is_given else look.say(LABELS[Part.KEPT])
    colour = palette.kaki if line.is_given else palette.leaf
    kept = f"{label} {money(line.kept)}"
    canvas.write((WIDTH - INSET, y), kept, small, colour, bold=True, anchor="ra")
    y += second + 4
    bar(canvas, line, look, (INSET, y, WIDTH - INSET, y + thick))
    return y + thick


def _legend(canvas: Canvas, lines: Sequence[Line], look: Look, bottom: int) -> int:
    """Write which colour is which part, above ``bottom``; return where the legend begins."""
    rows: list[list[tuple[int, str, str]]] = [[]]
    x = 0
    for name, colour in _legend_items(lines, look):
        width = _SWATCH + 12 + length(name, SMALL)
        if rows[-1] and x + width > WORDS:
            rows.append([])
            x = 0
        rows[-1].append((x, name, colour))
        x += width + 28
    top = bottom - len(rows) * FOOT_ROW
    for number, row in enumerate(rows):
        middle = top + number * FOOT_ROW + FOOT_ROW // 2
        for x, name, colour in row:
            canvas.swatch((INSET + x, middle - _SWATCH // 2), _SWATCH, colour)
            place = (INSET + x + _SWATCH + 12, middle)
            canvas.write(place, name, SMALL, canvas.palette.soft, anchor="lm")
    return top - 6


def _legend_items(lines: Sequence[Line], look: Look) -> list[tuple[str, str]]:
    say = look.say
    shown = {part for line in lines for part, amount in line.parts if amount.fen > 0}
    by_hand = {part for line in lines for part in line.by_hand}
    items = [
        (say(LABELS[part]) + (BY_HAND if part in by_hand else ""), look.colour(part))
        for part in Part
        if part in shown
    ]
    if any(line.is_given for line in lines):
        items.append((say(GIVEN), look.palette.kaki))
    return items
