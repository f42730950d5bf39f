"""What of a kept file people look at: the file itself, its thumbnail, its pages, its poster.

A PDF is looked at by the pictures of its pages only, never by its own bytes (A5); a clip has a
poster frame. ``shown_by`` answers the door: which kept files a picture belongs to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from lib.db import schema

PDF = "application/pdf"
CLIP = "video/mp4"
PICTURE = "image/jpeg"

_blob, _page = schema.blob, schema.blob_page


@dataclass(frozen=True)
class Showing:
    """A kept file and what stands for it on screen; all are addresses of blobs.

    ``thumbnail`` is small. ``pictures`` are the pages of a PDF, the poster of a clip, or the photo
    itself. ``size`` is in bytes, ``seconds`` the length of a clip.
    """

    sha256: str
    media_type: str
    size: int
    thumbnail: str
    pictures: tuple[str, ...]
    width: int | None = None
    height: int | None = None
    seconds: int | None = None

    @property
    def is_clip(self) -> bool:
        """Whether it is played."""
        return self.media_type.startswith("video/")

    @property
    def is_document(self) -> bool:
        """Whether it is a PDF, of which residents see the pages only."""
        return self.media_type == PDF


def showings(connection: Connection, addresses: Iterable[str]) -> dict[str, Showing]:
    """Return what to show of each of ``addresses``; one that is not booked is left out."""
    wanted = list(dict.fromkeys(addresses))
    if not wanted:
        return {}
    files = connection.execute(select(_blob).where(_blob.c.sha256.in_(wanted))).all()
    pages: dict[str, list[Any]] = {}
    rows = connection.execute(
        select(_page.c.blob, _page.c.picture, _blob.c.small)
        .join(_blob, _blob.c.sha256 == _page.c.picture)
        .where(_page.c.blob.in_(wanted))
        .order_by(_page.c.blob, _page.c.position)
    )
    for row in rows:
        pages.setdefault(row.blob, []).append(row)
    return {file.sha256: _showing(file, pages.get(file.sha256, [])) for file in files}


def shown_by(connection: Connection, sha256: str) -> frozenset[str]:
    """Return the files that are looked at through the picture, clip or thumbnail ``sha256``.

    A photo or clip shows itself, a thumbnail its photo, a page its PDF. A PDF shows
    nothing: residents get the pictures of its pages (A5).
    """
    kind = connection.execute(select(_blob.c.media_type).where(_blob.c.sha256 == sha256)).scalar()
    if kind is None or kind == PDF:
        return frozenset()
    whole = connection.execute(select(_blob.c.sha256).where(_blob.c.small == sha256)).scalars()
    pictures = {sha256, *whole}
    pages = select(_page.c.blob).where(_page.c.picture.in_(pictures))
    return frozenset(pictures | set(connection.execute(pages).scalars()))


def _showing(file: Row[Any], pages: list[Any]) -> Showing:
    pictures = tuple(page.picture for page in pages)
    small = pages[0].small or pages[0].picture if pages else None
    return Showing(
        sha256=file.sha256,
        media_type=file.media_type,
        size=file.size,
        thumbnail=file.small or small or file.sha256,
        pictures=pictures or (file.sha256,),
        width=file.width,
        height=file.height,
        seconds=file.seconds,
    )
