"""The process that looks at a stranger's PDF: pages in, pictures out.

Started by :mod:`lib.shop.files.intake` as ``python -m lib.shop.files.child_pdf SOURCE PAGES``: the
page at position n is written to ``PAGES`` + ``n``, its thumbnail behind the first to ``PAGES`` +
``small``, all as JPEG. The reader here runs no scripts and opens no attachments, and residents
only ever see these pictures (A5, A6). The answer is one line of JSON on standard output.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from lib.shop.files import child

MOST_PAGES = 40
LONGEST_SIDE = 1600
MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 60
LARGEST_PAGE_BYTES = 8 * 1024 * 1024
_END = b"%%EOF"
_TAIL = 4096


def main() -> None:
    """Draw the PDF named on the command line, then end."""
    source, pages = sys.argv[1:3]
    child.restrict(memory=MEMORY_BYTES, seconds=CPU_SECONDS, written=LARGEST_PAGE_BYTES)
    print(json.dumps(answer(Path(source), pages)), flush=True)


def answer(source: Path, pages: str) -> dict[str, Any]:
    """Draw the pages of ``source``; say what became of it and how large each picture is."""
    try:
        return {"outcome": "clean", **drawn(source, pages)}
    except child.Unusable as error:
        return {"outcome": error.outcome}
    except MemoryError:
        return {"outcome": "too_large"}
    except OSError:
        return {"outcome": "disk"}
    except Exception:  # noqa: BLE001 - a hostile file may make the library fail in any way
        return {"outcome": "damaged"}


def drawn(source: Path, pages: str) -> dict[str, Any]:
    """Write every page as a picture.

    Raises ``Unusable`` with ``locked`` (asks for a password), ``no_pages``, ``too_many_pages`` or
    ``damaged``.
    """
    _check_end(source)
    paper = _opened(source)
    if len(paper) == 0:
        raise child.Unusable("no_pages")
    if len(paper) > MOST_PAGES:
        raise child.Unusable("too_many_pages")
    sizes = []
    for position in range(len(paper)):
        picture = _drawn(paper[position])
        Path(f"{pages}{position}").write_bytes(child.as_jpeg(picture))
        sizes.append(picture.size)
        if position == 0:
            small = child.shrunk(picture.copy(), child.SMALL_SIDE)
            Path(f"{pages}small").write_bytes(child.as_jpeg(small))
    return {"pages": sizes, "small": small.size}


def _check_end(source: Path) -> None:
    """Raise ``Unusable`` when the end is missing: the reader would guess what stood there."""
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - _TAIL))
        if _END not in file.read():
            raise child.Unusable("damaged")


def _opened(source: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        said = str(error).lower()
        if "password" in said or "security" in said:
            raise child.Unusable("locked") from error
        # A list of pages that is empty is no fault to this reader: it says success and opens none.
        raise child.Unusable("no_pages" if "success" in said else "damaged") from error


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise child.Unusable("damaged")
    scale = LONGEST_SIDE / max(width, height)
    picture = page.render(scale=scale).to_pil()
    page.close()
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture.convert("RGB"))
    return paper


if __name__ == "__main__":
    main()
