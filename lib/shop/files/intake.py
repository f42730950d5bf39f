"""Taking in what people bring as evidence: photos, clips, PDFs; told apart by their content.

``take_in`` is the one call for a scan or photo from a small uploader (agreement, licence, delivery
note, proof of payment)::

    sha256 = take_in(shop, content, name, kinds=SCANS)

and the column that names a blob keeps the address. What is looked at later comes from
:mod:`lib.shop.files.showing`: a PDF by its pages, a clip by its poster, never their own bytes.

``put`` does what takes time and touches no books, ``register`` books the result in the transaction
that needs it. A clip or PDF is given as a path and never lies in memory; a process of its own
reads it (``child_clip``, ``child_pdf``). Of a clip only film and sound are kept, without place and
date; a PDF is kept as it came, for the desk alone (A5, A10, A11; reliability R8).
"""

import json
import secrets
import subprocess  # our own modules are started, with a fixed command line
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import insert, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.files import photos, storage
from lib.shop.files.photos import Photo, Picture, shown_name
from lib.shop.files.showing import CLIP, PDF, PICTURE
from lib.shop.place import Place
from lib.shop.shop import DESK, Shop, Tx

MEGABYTE = 1024 * 1024
LARGEST_PHOTO = photos.LARGEST_UPLOAD
LARGEST_PDF = 30 * MEGABYTE
MOST_PAGES = 40
"""Pages of a PDF; a test report has one to ten. The same number stands in ``child_pdf``."""
HEAD_BYTES = 64
PIECE = MEGABYTE
"""Bytes read or written at once."""
SECONDS_FOR_PDF = 90
SECONDS_FOR_CLIP = 180
WEBM = "video/webm"


class Sort(StrEnum):
    """What a file is by its content."""

    PHOTO = "photo"
    CLIP = "clip"
    PDF = "pdf"


ALL = frozenset(Sort)
SCANS = frozenset({Sort.PHOTO, Sort.PDF})
PHOTOS = frozenset({Sort.PHOTO})

_ROOT = Path(__file__).parents[3]
_PICTURE_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"heif", b"avif"}
)
_FILM_PARTS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip"})
_one_at_a_time = Lock()

_EXPECTED = {
    ALL: N_("{name} is not a photo, a video or a PDF. Choose another file."),
    SCANS: N_("{name} is neither a photo nor a PDF. Choose another file."),
    PHOTOS: N_("{name} is not a photo. Send a JPG, PNG, WebP or HEIC picture."),
}
_CLIP_SAID = {
    "codec": N_(
        "{name} is a kind of video that phones cannot play. Record it with the phone's own camera, "
        "or send it as MP4."
    ),
    "no_film": N_("{name} holds no picture. Record it again."),
    "too_large": N_("{name} could not be checked in time. Record a shorter video."),
    "damaged": N_("{name} is damaged or incomplete. Send it again."),
}
_PDF_SAID = {
    "locked": N_("{name} asks for a password. Save it without one, or send photos of its pages."),
    "no_pages": N_("{name} has no pages. Send it again."),
    "too_many_pages": N_("{name} has more than {most} pages. Send the pages that matter."),
    "too_large": N_("{name} is too large to be opened here. Send photos of its pages."),
    "damaged": N_("{name} is damaged or incomplete. Send it again."),
}


@dataclass(frozen=True)
class Taken:
    """A file in place on disk with the pictures that stand for it; not yet booked.

    ``whole`` is the file itself. ``pages`` are the pages of a PDF or the poster of a clip; only
    the first has a thumbnail. ``photo`` is set for a photo, which stands for itself. ``hint`` is a
    msgid worth telling, or empty.
    """

    whole: Picture
    media_type: str
    pages: tuple[Photo | Picture, ...] = ()
    photo: Photo | None = None
    seconds: int | None = None
    hint: str = ""

    @property
    def sha256(self) -> str:
        """The address of the file."""
        return self.whole.sha256


def take_in(
    shop: Shop, content: bytes | Path, name: str = "", *, kinds: frozenset[Sort] = SCANS
) -> str:
    """Check and keep a file of owner or staff and return its SHA-256; the same twice is one blob.

    ``content`` is the bytes, or the path of a file inside the uploads' unfinished folder, which is
    gone afterwards. ``kinds`` are the sorts taken: :data:`SCANS` (photo or PDF), :data:`PHOTOS`,
    :data:`ALL`. ``name`` is what the file was called; it is shown back in a refusal and kept
    nowhere. Raises ``Refused`` with what to do for anything else.
    """
    shop.require(DESK)
    taken = put(shop, content, name, kinds=kinds)
    with shop.write("file.add") as tx:
        register(tx, taken)
        tx.result = taken.sha256
        tx.note(f"blob:{taken.sha256}", after={"size": taken.whole.size})
    return taken.sha256


def put(
    shop: Shop, content: bytes | Path, name: str = "", *, kinds: frozenset[Sort] = ALL
) -> Taken:
    """Check ``content`` and put what is kept of it in place. See :func:`take_in`."""
    if isinstance(content, bytes):
        sort = checked_sort(shop, content[:HEAD_BYTES], len(content), name, kinds)
        if sort is Sort.PHOTO:
            return _of_photo(photos.put(shop.place, content, name))
        path = _written(shop.place, content)
    else:
        path = content
    try:
        return _put_path(shop, path, name, kinds)
    finally:
        path.unlink(missing_ok=True)


def register(tx: Tx, taken: Taken) -> None:
    """Book ``taken`` in the open transaction; what was booked before stays as it is."""
    if taken.photo is not None:
        photos.register(tx, taken.photo)
        return
    small = None
    for page in taken.pages:
        if isinstance(page, Photo):
            photos.register(tx, page)
            small = small or page.small.sha256
        else:
            _book(tx, page, PICTURE)
    if _book(tx, taken.whole, taken.media_type, small=small, seconds=taken.seconds):
        pages = [
            {"blob": taken.sha256, "position": position, "picture": page.sha256}
            for position, page in enumerate(taken.pages)
        ]
        tx.execute(insert(schema.blob_page), pages)


def require(tx: Tx, sha256: str | None) -> None:
    """Raise ``NotFound`` for a file that is not kept here; None is no file. A step of commands."""
    if sha256 is None:
        return
    query = select(schema.blob.c.sha256).where(schema.blob.c.sha256 == sha256)
    if tx.execute(query).first() is None:
        raise NotFound(N_("This file is not kept here. Choose it again."))


def sort_of(head: bytes) -> Sort | None:
    """Return what a file is by its first bytes; None for anything not taken here.

    A name or a type that a browser gives says nothing (A1, A3, A4).
    """
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Sort.PHOTO
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sort.PHOTO
    if head[4:8] == b"ftyp":
        return Sort.PHOTO if head[8:12] in _PICTURE_BRANDS else Sort.CLIP
    if head[4:8] in _FILM_PARTS or head.startswith(b"\x1aE\xdf\xa3"):
        return Sort.CLIP
    return Sort.PDF if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-") else None


def checked_sort(
    shop: Shop, head: bytes, size: int, name: str, kinds: frozenset[Sort] = ALL
) -> Sort:
    """Return what a file is by its first bytes.

    Raises ``Refused`` for an empty one, one of a sort not taken here, and one that is too large
    for its sort (A1, A13).
    """
    if size <= 0 or not head:
        raise Refused(N_("{name} is empty. Choose it again."), name=shown_name(name))
    sort = sort_of(head)
    if sort is None or sort not in kinds:
        sentence = _EXPECTED.get(kinds, N_("{name} is not what is asked for here."))
        raise Refused(sentence, name=shown_name(name))
    check_size(shop, sort, size, name)
    return sort


def largest(shop: Shop, sort: Sort) -> int:
    """Return how many bytes a file of ``sort`` may have; of a clip the owner decides (R8)."""
    if sort is Sort.CLIP:
        return shop.settings.largest_video_mb * MEGABYTE
    return LARGEST_PDF if sort is Sort.PDF else LARGEST_PHOTO


def check_size(shop: Shop, sort: Sort, size: int, name: str) -> None:
    """Raise ``Refused`` with the way out when ``size`` bytes are too many for ``sort``."""
    most = largest(shop, sort)
    if size <= most:
        return
    values = {"name": shown_name(name), "size": -(-size // MEGABYTE), "most": most // MEGABYTE}
    if sort is Sort.CLIP:
        raise Refused(
            N_(
                "{name} has {size} MB, a video may have {most} MB. Record a shorter one or with "
                "less detail (720p); the owner can raise the limit in Settings."
            ),
            **values,
        )
    raise Refused(N_("{name} is larger than {most} MB. Send a smaller copy."), **values)


def _put_path(shop: Shop, path: Path, name: str, kinds: frozenset[Sort]) -> Taken:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    sort = checked_sort(shop, head, path.stat().st_size, name, kinds)
    if sort is Sort.PHOTO:
        return _of_photo(photos.put(shop.place, path.read_bytes(), name))
    if sort is Sort.PDF:
        return _put_pdf(shop.place, path, name)
    return _put_clip(shop.place, path, name)


def _of_photo(photo: Photo) -> Taken:
    return Taken(photo.full, photos.MEDIA_TYPE, photo=photo)


def _put_pdf(place: Place, path: Path, name: str) -> Taken:
    with _beside(place) as prefix:
        answer = _asked("child_pdf", SECONDS_FOR_PDF, path, prefix)
        _refuse_unless_clean(answer, _PDF_SAID, name)
        sizes = answer["pages"]
        pages: list[Photo | Picture] = [
            _in_place(place, f"{prefix}{position}", size) for position, size in enumerate(sizes)
        ]
        small = _in_place(place, f"{prefix}small", answer["small"])
    pages[0] = Photo(pages[0], small) if isinstance(pages[0], Picture) else pages[0]
    size = path.stat().st_size
    return Taken(Picture(storage.put_file(place, path), size, *sizes[0]), PDF, tuple(pages))


def _put_clip(place: Place, path: Path, name: str) -> Taken:
    with _beside(place) as prefix:
        film, poster = Path(f"{prefix}film"), Path(f"{prefix}poster")
        answer = _asked("child_clip", SECONDS_FOR_CLIP, path, film, poster)
        _refuse_unless_clean(answer, _CLIP_SAID, name)
        front = photos.put(place, poster.read_bytes(), name)
        size = film.stat().st_size
        whole = Picture(
            storage.put_file(place, film), size, int(answer["width"]), int(answer["height"])
        )
    kind = WEBM if answer["container"] == "webm" else CLIP
    return Taken(whole, kind, (front,), seconds=int(answer["seconds"]), hint=_hint(answer))


def _hint(answer: dict[str, Any]) -> str:
    if answer["codec"] == "hevc":
        return N_(
            "Older phones show only its first picture (H.265). In the camera's settings, choose "
            "“most compatible”."
        )
    if answer["container"] == "webm":
        return N_("iPhones may show only its first picture (WebM). MP4 plays everywhere.")
    return N_("Its sound could not be kept.") if answer["silent"] else ""


def _refuse_unless_clean(answer: dict[str, Any], said: dict[str, str], name: str) -> None:
    outcome = answer["outcome"]
    if outcome == "disk":
        raise Refused(storage.DISK_REFUSES)
    if outcome != "clean":
        sentence = said.get(outcome, said["damaged"])
        raise Refused(sentence, name=shown_name(name), most=MOST_PAGES)


def _asked(module: str, seconds: int, *paths: object) -> dict[str, Any]:
    """Return what a process of its own says of the files; one that died says ``too_large``."""
    command = [sys.executable, "-m", f"lib.shop.files.{module}", *map(str, paths)]
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command line, no shell
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                cwd=_ROOT,
                env=photos.environment(),
                timeout=seconds,
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired:
            return {"outcome": "too_large"}
    line = done.stdout.strip().rpartition(b"\n")[2]
    if done.returncode != 0 or not line.startswith(b"{"):
        return {"outcome": "too_large"}
    answer: dict[str, Any] = json.loads(line)
    return answer


@contextmanager
def _beside(place: Place) -> Iterator[str]:
    """Lend a beginning for names in the unfinished folder; what still bears it is removed."""
    folder = storage.unfinished_folder(place)
    prefix = f"clean-{secrets.token_hex(8)}-"
    try:
        yield str(folder / prefix)
    finally:
        for left in folder.glob(f"{prefix}*"):
            left.unlink(missing_ok=True)


def _in_place(place: Place, path: str, size: list[int]) -> Picture:
    unfinished = Path(path)
    written = unfinished.stat().st_size
    return Picture(storage.put_file(place, unfinished), written, size[0], size[1])


def _written(place: Place, content: bytes) -> Path:
    path = storage.unfinished_folder(place) / f"clean-{secrets.token_hex(8)}-source"
    try:
        with path.open("wb") as file:
            for at in range(0, len(content), PIECE):
                file.write(content[at : at + PIECE])
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused(storage.DISK_REFUSES) from error
    return path


def _book(
    tx: Tx, file: Picture, media_type: str, *, small: str | None = None, seconds: int | None = None
) -> bool:
    """Add the row of ``file`` unless it is booked; whether it was added."""
    table = schema.blob
    known = select(table.c.sha256).where(table.c.sha256 == file.sha256)
    if tx.execute(known).first() is not None:
        return False
    values = {
        "sha256": file.sha256,
        "media_type": media_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "seconds": seconds,
        "small": small,
        "created_at": tx.now,
        "created_by": tx.actor.id,
    }
    tx.execute(insert(table).values(**values))
    return True
