"""The poster of a batch for the group and the counter: an honest price tag with a big QR code.

Drawn with the shop's palette in the shop's language; it names the grower only where the origin page
does, and no address, no phone and no resident ever.
"""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from lib.shop.language import Translate
from lib.shop.pictures import (
    DARK,
    HEIGHTS,
    LIGHT,
    WIDTH,
    Canvas,
    Palette,
    fitting,
    packed,
    wrapped,
)

MARGIN = 56
INSET = 108
HOLE = 17
TOP = 168
CODE = 360
LEAST_PHOTO = 240
WORDS = WIDTH - 2 * INSET
"""Width of the words and of the photo, in pixels."""


@dataclass(frozen=True)
class Poster:
    """What stands on it. ``address`` is what the code says; ``photo`` is a picture file.

    ``arrived`` is the day as people say it, ``source`` who grew it and where, ``tested`` what this
    batch's own report says; each may be empty but the first two.
    """

    product: str
    arrived: str
    code: str
    address: str
    source: str = ""
    tested: str = ""
    shop_name: str = ""
    photo: Path | None = None


@dataclass(frozen=True)
class _Row:
    """One line of words: what, how large, in which colour."""

    text: str
    size: int
    colour: str
    bold: bool = False

    @property
    def height(self) -> int:
        return round(self.size * 1.42)


def draw(poster: Poster, say: Translate, *, tall: bool = False, dark: bool = False) -> bytes:
    """Return the poster as PNG, 1080 wide: 1440 high, or 1920 when ``tall``."""
    height = HEIGHTS["tall" if tall else "card"]
    canvas = Canvas(WIDTH, height, DARK if dark else LIGHT)
    canvas.panel((MARGIN, MARGIN, WIDTH - MARGIN, height - MARGIN))
    _hole(canvas)
    canvas.write((INSET, 90), poster.shop_name, 40, canvas.palette.soft)
    rows = _rows(poster, say, canvas.palette)
    foot = _foot(canvas, poster, say, height)
    y = TOP
    room = foot - 28 - TOP - sum(row.height for row in rows)
    picture = _opened(poster.photo)
    if picture is not None and room >= LEAST_PHOTO:
        canvas.photo(picture, (INSET, y, WIDTH - INSET, y + min(room - 24, WORDS)))
        y += min(room - 24, WORDS) + 24
    else:
        y += max(0, room // 3)
    for row in rows:
        canvas.write((INSET, y), row.text, row.size, row.colour, bold=row.bold)
        y += row.height
    return canvas.png()


def _rows(poster: Poster, say: Translate, palette: Palette) -> list[_Row]:
    size = fitting(poster.product, 104, WORDS, least=64)
    name = [_Row(line, size, palette.ink, True) for line in wrapped(poster.product, size, WORDS, 2)]
    arrived = say("Arrived on {day}").format(day=poster.arrived)
    return [
        *name,
        _Row(arrived, 52, palette.ink),
        *(_Row(line, 42, palette.soft) for line in packed(poster.source, 42, WORDS)[:3]),
        *(_Row(line, 42, palette.leaf, True) for line in packed(poster.tested, 42, WORDS)[:2]),
    ]


def _foot(canvas: Canvas, poster: Poster, say: Translate, height: int) -> int:
    """Draw the code with its words at the foot; return where that begins."""
    palette = canvas.palette
    top = height - MARGIN - CODE - 36
    canvas.pen.line((INSET, top - 28, WIDTH - INSET, top - 28), palette.line, 3)
    drawn = canvas.code(poster.address, (INSET, top), CODE)
    left = INSET + drawn + 40
    width = WIDTH - INSET - left
    words = say("Scan: where it comes from, clips and test report")
    y = canvas.paragraph((left, top + 8), words, 46, palette.ink, width, most=3, bold=True)
    canvas.write((left, y + 18), say("Batch"), 36, palette.soft)
    size = fitting(poster.code, 48, width)
    canvas.write((left, y + 64), poster.code, size, palette.ink, bold=True)
    return top - 28


def _hole(canvas: Canvas) -> None:
    """The hole of a price tag, top right."""
    x, y = WIDTH - INSET - HOLE, 112
    canvas.pen.ellipse(
        (x - HOLE, y - HOLE, x + HOLE, y + HOLE),
        fill=canvas.palette.paper,
        outline=canvas.palette.line,
        width=3,
    )


def _opened(path: Path | None) -> Image.Image | None:
    """Return the picture; None where there is none or it cannot be read."""
    if path is None:
        return None
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB")
    except OSError:
        return None
