"""The long picture: every product of a sheet with its parts in figures, as many as it takes."""

from collections.abc import Sequence

from lib.kernel.words import N_
from lib.shop.pictures import WIDTH, Canvas, fitting, length, packed, shortened, wrapped
from lib.trust.costs.poster_parts import (
    INSET,
    MARGIN,
    SMALL,
    WORDS,
    Foot,
    Frame,
    Look,
    Picture,
    bar,
    by_hand_note,
    cell_rows,
    cells,
    facts,
    finished,
    foot_of,
    has_by_hand,
    money,
    per_weight,
    row_height,
    said_day,
)
from lib.trust.costs.rules import Line, Sheet

TALLEST = 6000
"""Pixels of one long picture; a chat shows no more, so what is longer goes on in the next one."""

_CODE = 300
_ABOVE_FOOT = 44
_NEXT_HEAD = 204
_NAME = 52
_PRICE = 64
_BAR = 30
_GAP = 28
_INNER = 34


def draw_long(sheet: Sheet, look: Look, frame: Frame) -> tuple[Picture, ...]:
    """Return the sheet as pictures 1080 wide and at most :data:`TALLEST` high."""
    foot = foot_of(sheet, look, frame, _CODE, _notes(sheet, look))
    pages = _pages(sheet, look, foot)
    return tuple(
        _page(sheet, look, frame, lines, foot, number, len(pages))
        for number, lines in enumerate(pages, 1)
    )


def _pages(sheet: Sheet, look: Look, foot: Foot) -> list[list[Line]]:
    """Share the goods out in their order, so that no picture is taller than allowed."""
    pages: list[list[Line]] = [[]]
    used = _head_height(sheet, look) + _foot_height(foot)
    for line in sheet.lines:
        height = _block_height(line)
        if pages[-1] and used + height > TALLEST:
            pages.append([])
            used = _NEXT_HEAD + _foot_height(foot)
        pages[-1].append(line)
        used += height
    return pages


def _page(
    sheet: Sheet,
    look: Look,
    frame: Frame,
    lines: Sequence[Line],
    foot: Foot,
    number: int,
    count: int,
) -> Picture:
    y = _head_height(sheet, look) if number == 1 else _NEXT_HEAD
    height = y + sum(_block_height(line) for line in lines) + _foot_height(foot)
    canvas = Canvas(WIDTH, height, look.palette)
    _head(canvas, sheet, look, frame, number, count)
    for line in lines:
        _block(canvas, line, look, y)
        y += _block_height(line)
    foot.draw(canvas, y + _ABOVE_FOOT)
    return finished(canvas)


def _foot_height(foot: Foot) -> int:
    return _ABOVE_FOOT + foot.height + MARGIN


def _notes(sheet: Sheet, look: Look) -> list[str]:
    not_included = N_(
        "Not in these lines: rent, wages, electricity, taxes and the shop's own time. "
        "They are paid from what the shop keeps."
    )
    notes = [look.say(not_included)]
    return [*notes, by_hand_note(look.say)] if has_by_hand(sheet.lines) else notes


def _correction(sheet: Sheet, look: Look) -> list[str]:
    if not sheet.corrects:
        return []
    said = look.say(N_("This sheet corrects sheet {number}: {reason}"))
    text = said.format(number=sheet.corrects, reason=sheet.correction)
    return wrapped(text, SMALL, WORDS, 6)


def _title_size(sheet: Sheet) -> int:
    return fitting(sheet.title, 80, WORDS, 56)


def _head_height(sheet: Sheet, look: Look) -> int:
    size = _title_size(sheet)
    titles = len(wrapped(sheet.title, size, WORDS, 2))
    return 150 + titles * row_height(size) + 64 + 2 * row_height(SMALL) + len(
        _correction(sheet, look)
    ) * row_height(SMALL) + 40  # fmt: skip


def _head(canvas: Canvas, sheet: Sheet, look: Look, frame: Frame, number: int, count: int) -> None:
    palette = canvas.palette
    canvas.write((INSET, 70), shortened(frame.shop_name, 40, WORDS - 160), 40, palette.soft)
    if count > 1:
        canvas.write((WIDTH - INSET, 70), f"{number}/{count}", 40, palette.soft, anchor="ra")
    if number > 1:
        title = shortened(sheet.title, 44, WORDS)
        canvas.write((INSET, 124), title, 44, palette.ink, bold=True)
        return
    size = _title_size(sheet)
    y = canvas.paragraph((INSET, 132), sheet.title, size, palette.ink, WORDS, most=2, bold=True)
    canvas.write((INSET, y), said_day(sheet.day, look.language), 44, palette.soft)
    y += 66
    for words in facts(sheet, frame, look):
        for line in packed(words, SMALL, WORDS):
            canvas.write((INSET, y), line, SMALL, palette.soft)
            y += row_height(SMALL)
    for line in _correction(sheet, look):
        canvas.write((INSET, y), line, SMALL, palette.kaki)
        y += row_height(SMALL)


def _name_room(line: Line) -> int:
    return WORDS - length(money(line.price), _PRICE) - 28


def _block_height(line: Line) -> int:
    names = len(wrapped(line.name, _NAME, _name_room(line), 2))
    return (
        2 * _INNER
        + max(names * round(_NAME * 1.3), round(_PRICE * 1.2))
        + row_height(SMALL)
        + _bar_height(line)
        + 22
        + cell_rows(line) * row_height(SMALL)
        + _GAP
    )


def _bar_height(line: Line) -> int:
    return _BAR + (18 if line.is_given else 0)


def _block(canvas: Canvas, line: Line, look: Look, top: int) -> None:
    palette = canvas.palette
    canvas.panel((MARGIN, top, WIDTH - MARGIN, top + _block_height(line) - _GAP), 28)
    y = top + _INNER
    canvas.write((WIDTH - INSET, y - 4), money(line.price), _PRICE, palette.ink, bold=True,
                 anchor="ra")  # fmt: skip
    names = wrapped(line.name, _NAME, _name_room(line), 2)
    for number, name in enumerate(names):
        canvas.write((INSET, y + number * round(_NAME * 1.3)), name, _NAME, palette.ink, bold=True)
    y += max(len(names) * round(_NAME * 1.3), round(_PRICE * 1.2))
    unit = look.say(N_("Price per {unit}")).format(unit=line.unit)
    weight = per_weight(line, look.say)
    said = shortened(unit, SMALL, WORDS - length(weight, SMALL) - 24)
    canvas.write((INSET, y), weight, SMALL, palette.soft)
    canvas.write((WIDTH - INSET, y), said, SMALL, palette.soft, anchor="ra")
    y += row_height(SMALL) + 6
    bar(canvas, line, look, (INSET, y, WIDTH - INSET, y + _bar_height(line)))
    cells(canvas, line, look, y + _bar_height(line) + 14, SMALL)
