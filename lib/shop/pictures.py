"""Drawing pictures for the group with Pillow: paper, type, photos, QR codes.

Posters look like the shop's price tag: palette and type of the screens (.streamlit/config.toml).
Chinese comes from a font of the system where there is one, else from a package, so that a poster
never shows empty boxes. Nothing here knows what a poster is about.
"""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont, ImageOps

from lib.kernel.money import Money, split

WIDTH = 1080
HEIGHTS = {"card": 1440, "tall": 1920}
"""Heights of a poster: 3:4 for the group, 9:16 for a moment that fills the phone."""

LEAST_SIZE = 36
"""Pixels of the smallest type on a poster: it is read on a phone, at a third of its width."""

LARGEST_BYTES = 2_000_000
QUIET_MODULES = 4
COLOURS = 256

_SYSTEM_FONTS = (
    # Linux
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    # macOS
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    # Windows
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simhei.ttf",
)
_CHINESE_FACES = (" SC", "YaHei", "GB", "SimHei", "MicroHei", "Heiti SC")
_FACES_IN_A_FILE = 12
_UNDRAWABLE = {"So", "Sk", "Cn", "Co", "Cs", "Cf", "Cc"}


@dataclass(frozen=True)
class Palette:
    """Colours of a picture; the names are those of the screens."""

    paper: str
    tag: str
    ink: str
    soft: str
    line: str
    leaf: str
    kaki: str


LIGHT = Palette("#fbf8f1", "#fffdf8", "#2b2a26", "#635e52", "#ddd3bf", "#2f7d4f", "#c8532b")
DARK = Palette("#1d1f1a", "#272a23", "#ece6d8", "#b5ae9e", "#3d4136", "#4a9a68", "#e0764c")


@dataclass(frozen=True)
class Face:
    """A font file and which of its faces writes simplified Chinese."""

    path: str
    index: int


class Canvas:
    """A sheet of paper that things are put on; all places and sizes are pixels.

    ``said`` is every line of type on it, in the order it was written.
    """

    def __init__(self, width: int, height: int, palette: Palette) -> None:
        self.palette = palette
        self.said: list[str] = []
        self.image = Image.new("RGB", (width, height), palette.paper)
        self.pen = ImageDraw.Draw(self.image)

    def panel(self, box: tuple[int, int, int, int], radius: int = 36) -> None:
        """Draw a card with a thin edge."""
        self.pen.rounded_rectangle(
            box, radius, fill=self.palette.tag, outline=self.palette.line, width=3
        )

    def write(
        self,
        place: tuple[int, int],
        text: str,
        size: int,
        colour: str,
        *,
        bold: bool = False,
        anchor: str = "la",
    ) -> None:
        """Write one line; ``anchor`` as Pillow names it (left, ascender by default)."""
        stroke = max(1, size // 34) if bold else 0
        self.said.append(drawable(text))
        self.pen.text(
            place, self.said[-1], colour, font(size), anchor, stroke_width=stroke,
            stroke_fill=colour,
        )  # fmt: skip

    def paragraph(
        self,
        place: tuple[int, int],
        text: str,
        size: int,
        colour: str,
        width: int,
        *,
        most: int = 2,
        bold: bool = False,
    ) -> int:
        """Write up to ``most`` lines of at most ``width`` pixels; return where the next begins."""
        x, y = place
        for line in wrapped(text, size, width, most):
            self.write((x, y), line, size, colour, bold=bold)
            y += round(size * 1.42)
        return y

    def stack(
        self, box: tuple[int, int, int, int], parts: Sequence[tuple[int, str]], radius: int = 8
    ) -> None:
        """Fill ``box`` from left to right with ``(size, colour)`` parts in proportion.

        Widths are whole pixels and fill the box; sizes are not negative. Nothing is drawn of parts
        that are all zero.
        """
        left, top, right, bottom = box
        if right <= left or sum(size for size, _colour in parts) <= 0:
            return
        drawn = Image.new("RGB", (right - left, bottom - top), self.palette.line)
        pen, x = ImageDraw.Draw(drawn), 0
        for (_size, colour), width in zip(
            parts, shares(right - left, [size for size, _colour in parts]), strict=True
        ):
            if width:
                pen.rectangle((x, 0, x + width - 1, bottom - top), colour)
            x += width
        mask = Image.new("L", drawn.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, drawn.width - 1, drawn.height - 1), radius, fill=255
        )
        self.image.paste(drawn, (left, top), mask)

    def swatch(self, place: tuple[int, int], side: int, colour: str) -> None:
        """Draw a small square of ``colour``, as legends have them."""
        x, y = place
        self.pen.rounded_rectangle((x, y, x + side, y + side), side // 5, fill=colour)

    def photo(self, picture: Image.Image, box: tuple[int, int, int, int], radius: int = 28) -> None:
        """Put ``picture`` into ``box``, cut to fill it, with round corners."""
        width, height = box[2] - box[0], box[3] - box[1]
        filled = ImageOps.fit(picture.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
        mask = Image.new("L", (width, height), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, width - 1, height - 1), radius, fill=255)
        self.image.paste(filled, box[:2], mask)

    def code(self, text: str, place: tuple[int, int], side: int) -> int:
        """Draw ``text`` as a QR code on white, at most ``side`` wide; return how wide it is.

        Every module is a whole number of pixels, with the quiet zone the standard asks for.
        """
        matrix = qr_matrix(text)
        modules = len(matrix) + 2 * QUIET_MODULES
        pixels = code_width(text, side) // modules
        x, y = place
        self.pen.rectangle((x, y, x + modules * pixels - 1, y + modules * pixels - 1), "#ffffff")
        for row, cells in enumerate(matrix, QUIET_MODULES):
            for column, dark in enumerate(cells, QUIET_MODULES):
                if dark:
                    left, top = x + column * pixels, y + row * pixels
                    self.pen.rectangle((left, top, left + pixels - 1, top + pixels - 1), "#000000")
        return modules * pixels

    def png(self) -> bytes:
        """Return the picture as PNG below :data:`LARGEST_BYTES`."""
        content = _png(self.image)
        if len(content) <= LARGEST_BYTES:
            return content
        return _png(self.image.quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG))


def shares(width: int, sizes: Sequence[int]) -> list[int]:
    """Return whole pixels in proportion to ``sizes`` that add up to ``width``."""
    return [share.fen for share in split(Money(width), sizes)]


def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of ``text`` as a QR code, dark is True, without quiet zone."""
    return tuple(tuple(map(bool, row)) for row in segno.make(text, error="m", micro=False).matrix)


def code_width(text: str, side: int) -> int:
    """Return how wide the QR code of ``text`` is drawn where there is room for ``side``."""
    modules = len(qr_matrix(text)) + 2 * QUIET_MODULES
    return max(1, side // modules) * modules


def wrapped(text: str, size: int, width: int, most: int) -> list[str]:
    """Break ``text`` into at most ``most`` lines of ``width`` pixels; what is cut ends in ``…``."""
    lines, line = [], ""
    for word in _words(drawable(text)):
        if line and font(size).getlength(line + word.rstrip()) > width:
            lines.append(line)
            line = word.lstrip()
        else:
            line += word
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], "".join(lines[most - 1 :])]
    return [_cut(one.rstrip(), size, width) for one in lines if one.strip()]


def shortened(text: str, size: int, width: int) -> str:
    """Return ``text`` as one line of at most ``width`` pixels; what is cut ends in ``…``."""
    return _cut(drawable(text), size, width)


def length(text: str, size: int) -> int:
    """Return how many pixels ``text`` is long at ``size``."""
    return round(font(size).getlength(drawable(text)))


def packed(text: str, size: int, width: int, separator: str = " · ") -> list[str]:
    """Break ``text`` into lines at its separators where it can be, so that its parts stay whole."""
    lines: list[str] = []
    for part in drawable(text).split(separator):
        joined = f"{lines[-1]}{separator}{part}" if lines else part
        if lines and font(size).getlength(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(part)
    return [_cut(line, size, width) for line in lines if line]


def fitting(text: str, largest: int, width: int, least: int = LEAST_SIZE) -> int:
    """Return the largest size, not below ``least``, at which ``text`` fits into ``width``."""
    size = largest
    while size > least and font(size).getlength(drawable(text)) > width:
        size -= 4
    return max(size, least)


def drawable(text: str) -> str:
    """Return ``text`` without what the font cannot draw: emoji, control and joining signs."""
    kept = (sign for sign in text if unicodedata.category(sign) not in _UNDRAWABLE)
    return " ".join("".join(kept).split())


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the Chinese font at ``size`` pixels."""
    found = face()
    return ImageFont.truetype(found.path, size, index=found.index)


@cache
def face() -> Face:
    """Return the first usable font: of this system, else of the package."""
    return next(_faces())


def _faces() -> Iterator[Face]:
    for path in _SYSTEM_FONTS:
        if Path(path).is_file() and (index := _chinese_index(path)) is not None:
            yield Face(path, index)
    packaged = _packaged()
    yield Face(packaged, _chinese_index(packaged) or 0)


def _packaged() -> str:
    import noto_cjk_sans_otc  # only where a poster is drawn on a system without Chinese

    return str(noto_cjk_sans_otc.FONT_PATH)


def _chinese_index(path: str) -> int | None:
    """Return which face of the file is simplified Chinese; None where it cannot be read."""
    for index in range(_FACES_IN_A_FILE):
        try:
            family = ImageFont.truetype(path, 16, index=index).getname()[0] or ""
        except OSError:
            return None
        if any(word in f"{family} " or family.endswith(word) for word in _CHINESE_FACES):
            return index
    return None


def _words(text: str) -> list[str]:
    """Split into pieces between which a line may break: Chinese anywhere, Latin at spaces."""
    pieces: list[str] = []
    for sign in text:
        joins = pieces and sign.isascii() and pieces[-1][-1].isascii() and pieces[-1][-1] != " "
        closes = pieces and sign in "，。、；：！？）》”"
        if joins or closes:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _cut(line: str, size: int, width: int) -> str:
    if font(size).getlength(line) <= width:
        return line
    while line and font(size).getlength(line + "…") > width:
        line = line[:-1]
    return line + "…"


def _png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG", compress_level=7)
    return target.getvalue()
