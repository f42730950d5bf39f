"""The decoding process: one stranger's picture in, clean pixels out, and nothing else.

Started by :mod:`lib.shop.files.photos` as ``python -m lib.shop.files.child``. Input is the bytes
on standard input; output is one line of JSON, then the photo and its thumbnail as JPEG. Whatever
a hostile picture does to memory or time ends with this process (reliability R8).

The result is always 8-bit RGB, upright, and pasted into a new image: EXIF, GPS, XMP, comments,
second pictures, colour profiles and anything behind the picture are gone (A2, A8-A10).
Beside it stands the picture's *look*: 64 marks of what it shows, for telling whether two files are
the same picture.
"""

import io
import json
import sys
import warnings
from itertools import pairwise
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
SMALL_SIDE = 320
LOOK_ROWS = 8
"""Rows of the look, each of as many marks, between one more columns."""
LOOK_NOISE = 1
"""Steps of grey that saving a picture anew may make: no more is no difference."""
LOOK_LEAST = 16
"""Differences without which a picture shows too little to be recognised: a wall, a blank page."""
QUALITY = 82
MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"heif")


class Unusable(Exception):  # noqa: N818 - an outcome that the parent puts into words
    """The bytes are no picture we take; ``outcome`` says why."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def main() -> None:
    """Clean the picture on standard input, then end."""
    restrict()
    answer(sys.stdin.buffer.read(), sys.stdout.buffer)


def restrict(memory: int = MEMORY_BYTES, seconds: int = CPU_SECONDS, written: int = 0) -> None:
    """Limit memory, processor time and bytes per written file where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's time limit remains
        return
    for kind, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            _, hard = resource.getrlimit(kind)
            soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            resource.setrlimit(kind, (soft, soft))
        except (ValueError, OSError):  # macOS refuses some of them
            continue


def answer(content: bytes, out: BinaryIO) -> None:
    """Write what became of ``content`` to ``out``: a JSON line, then the two pictures."""
    full = small = b""
    said: dict[str, object]
    try:
        picture = clean(content)
        tiny = shrunk(picture.copy(), SMALL_SIDE)
        full, small = as_jpeg(picture), as_jpeg(tiny)
        said = {"outcome": "clean", "width": picture.width, "height": picture.height}
        said.update(small_width=tiny.width, small_height=tiny.height, look=look(tiny))
    except Unusable as error:
        said = {"outcome": error.outcome}
    except MemoryError:
        said = {"outcome": "too_large"}
    said.update(size=len(full), small_size=len(small))
    out.write(json.dumps(said).encode() + b"\n" + full + small)
    out.flush()


def clean(content: bytes) -> Image.Image:
    """Return the first picture in ``content``, upright, RGB, at most 1600 pixels a side.

    Raises ``Unusable`` with ``no_picture``, ``heic`` (no decoder here), ``too_many_pixels`` or
    ``damaged``. The header is judged before a pixel is decoded (A7).
    """
    warnings.simplefilter("ignore")
    picture = _opened(content)
    if picture.width * picture.height > MOST_PIXELS:
        raise Unusable("too_many_pixels")
    try:
        profile = picture.info.get("icc_profile")
        small = shrunk(_resizable(picture), LONGEST_SIDE)
        upright = ImageOps.exif_transpose(small)
        return _on_paper(_in_common_colours(upright, profile))
    except MemoryError:
        raise
    except Exception as error:  # whatever a decoder stumbles over, the picture is not whole
        raise Unusable("damaged") from error


def shrunk(picture: Image.Image, side: int) -> Image.Image:
    """Fit ``picture`` into a square of ``side`` pixels, in place; a smaller one stays."""
    picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return picture


def look(picture: Image.Image) -> str:
    """Return the difference hash of ``picture`` as 16 hexadecimal digits.

    The picture is shrunk to 9 x 8 grey values; each of 64 marks says whether one is brighter than
    its right neighbour. Another size, quality or format leaves nearly all as they are. Empty for a
    picture that shows too little: it would look like many others.
    """
    size = (LOOK_ROWS + 1, LOOK_ROWS)
    values = list(picture.convert("L").resize(size, Image.Resampling.LANCZOS).tobytes())
    rows = [values[start : start + size[0]] for start in range(0, len(values), size[0])]
    steps = [left - right for row in rows for left, right in pairwise(row)]
    if sum(abs(step) > LOOK_NOISE for step in steps) < LOOK_LEAST:
        return ""
    bits = sum(1 << place for place, step in enumerate(reversed(steps)) if step > LOOK_NOISE)
    return f"{bits:0{len(steps) // 4}x}"


def as_jpeg(picture: Image.Image) -> bytes:
    """Return ``picture`` as JPEG without any metadata."""
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return target.getvalue()


def _opened(content: bytes) -> Image.Image:
    heif = content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS
    if heif:
        try:
            import pillow_heif
        except ImportError as error:
            raise Unusable("heic") from error
        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        formats = ["HEIF"] if heif else [name for name in FORMATS if name != "HEIF"]
        return Image.open(io.BytesIO(content), formats=formats)
    except Image.DecompressionBombError as error:
        raise Unusable("too_many_pixels") from error
    except MemoryError:
        raise
    except Exception as error:
        raise Unusable("damaged" if heif or _begins_like_one(content) else "no_picture") from error


def _begins_like_one(content: bytes) -> bool:
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _resizable(picture: Image.Image) -> Image.Image:
    """Return ``picture`` in a mode that can be resized smoothly; JPEGs stay undecoded."""
    if picture.format == "JPEG":
        return picture
    picture.load()
    if picture.mode.startswith("I"):
        orientation = picture.getexif()
        grey = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
        grey.info["exif"] = orientation.tobytes()
        return grey
    see_through = "transparency" in picture.info
    if picture.mode in ("1", "P", "PA", "LA") or see_through:
        alpha = see_through or picture.mode in ("PA", "LA")
        return picture.convert("RGBA" if alpha else "RGB")
    return picture


def _in_common_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return ``picture`` in sRGB when it says which colours its numbers mean."""
    if not profile or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return converted or picture


def _on_paper(picture: Image.Image) -> Image.Image:
    paper = Image.new("RGB", picture.size, "white")
    if picture.mode == "RGBA":
        paper.paste(picture, mask=picture.getchannel("A"))
    else:
        paper.paste(picture.convert("RGB"))
    return paper


if __name__ == "__main__":
    main()
