"""Taking a photo in: checked, cleaned in a process of its own, put in place, then booked.

``put`` does everything that takes time and touches no books; ``register`` books the result in the
transaction that needs it; ``store_photo`` does both. The uploaded original is not kept: it may
carry where somebody lives.
"""

import json
import os
import subprocess  # our own module is started, with a fixed command line
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import insert, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.files import storage
from lib.shop.place import Place
from lib.shop.shop import DESK, Shop, Tx

LARGEST_UPLOAD = 20 * 1024 * 1024
"""Bytes of one picture as uploaded; phones make 3 to 12 MB."""
LONGEST_NAME = 100
SECONDS = 20
"""Wall-clock time a picture may take; the child's processor limit is half of it."""
MEDIA_TYPE = "image/jpeg"

_ROOT = Path(__file__).parents[3]
_one_at_a_time = Lock()

_SENTENCES = {
    "no_picture": N_("{name} is not a photo. Send a JPG, PNG, WebP or HEIC picture."),
    "heic": N_(
        "{name} is an iPhone HEIC photo, which cannot be opened here. Please send it as JPG."
    ),
    "too_many_pixels": N_("{name} has more than {most} million pixels. Send a smaller copy."),
    "too_large": N_("{name} is too large to be opened here. Send a smaller copy."),
    "damaged": N_("{name} is damaged or incomplete. Send it again."),
}


@dataclass(frozen=True)
class Picture:
    """A cleaned JPEG in place on disk."""

    sha256: str
    size: int
    width: int
    height: int


@dataclass(frozen=True)
class Photo:
    """A cleaned photo in place on disk with its thumbnail; not yet booked.

    ``look`` is a fingerprint of what it shows (:func:`lib.shop.files.child.look`).
    """

    full: Picture
    small: Picture
    look: str = ""

    @property
    def sha256(self) -> str:
        """The address of the photo."""
        return self.full.sha256


def store_photo(shop: Shop, content: bytes, name: str = "") -> str:
    """Clean and keep a photo and return its SHA-256; the same picture twice is one blob.

    ``name`` is what the file was called; it is shown back in a refusal and kept nowhere. Raises
    ``Refused`` with what to do for anything that is no sound picture.
    """
    shop.require(DESK)
    photo = put(shop.place, content, name)
    with shop.write("file.add") as tx:
        register(tx, photo)
        tx.result = photo.sha256
        tx.note(f"blob:{photo.sha256}", after={"size": photo.full.size})
    return photo.sha256


def put(place: Place, content: bytes, name: str = "") -> Photo:
    """Clean ``content`` and put photo and thumbnail in place; raises ``Refused``."""
    shown = shown_name(name)
    if not content:
        raise Refused(N_("{name} is empty. Choose the photo again."), name=shown)
    if len(content) > LARGEST_UPLOAD:
        raise Refused(
            N_("{name} is larger than {most} MB. Send a smaller copy."),
            name=shown,
            most=LARGEST_UPLOAD // 1024 // 1024,
        )
    answer, pictures = _clean(content)
    if answer["outcome"] != "clean":
        sentence = _SENTENCES.get(str(answer["outcome"]), _SENTENCES["damaged"])
        raise Refused(sentence, name=shown, most=50)
    split = int(answer["size"])
    full = _in_place(place, pictures[:split], answer["width"], answer["height"])
    small = _in_place(place, pictures[split:], answer["small_width"], answer["small_height"])
    return Photo(full, small, str(answer["look"]))


def register(tx: Tx, photo: Photo) -> None:
    """Book ``photo`` in the open transaction; a photo booked before stays as it is."""
    table = schema.blob
    for picture, small in ((photo.small, None), (photo.full, photo.small.sha256)):
        known = select(table.c.sha256).where(table.c.sha256 == picture.sha256)
        if tx.execute(known).first() is not None:
            continue
        values = {
            "sha256": picture.sha256,
            "media_type": MEDIA_TYPE,
            "look": photo.look if picture.sha256 == photo.sha256 else "",
            "size": picture.size,
            "width": picture.width,
            "height": picture.height,
            "small": small if small != picture.sha256 else None,
            "created_at": tx.now,
            "created_by": tx.actor.id,
        }
        tx.execute(insert(table).values(**values))


def book(tx: Tx, photo: Photo | None) -> str | None:
    """Book ``photo``, if there is one, and return its SHA-256 for the row that names it."""
    if photo is None:
        return None
    register(tx, photo)
    return photo.sha256


@dataclass(frozen=True)
class Kept:
    """A booked file: its address and the type it is served as."""

    sha256: str
    media_type: str


def kept(shop: Shop, sha256: str, *, small: bool = False) -> Kept | None:
    """Return the booked file, or its thumbnail where it has one; None when it is not booked.

    Who may see it is decided by the caller.
    """
    table = schema.blob
    query = select(table).where(table.c.sha256 == sha256)
    with shop.read() as connection:
        row = connection.execute(query).first()
        if row is not None and small and row.small:
            row = connection.execute(select(table).where(table.c.sha256 == row.small)).first()
    return None if row is None else Kept(row.sha256, row.media_type)


def shown_name(name: str) -> str:
    """Return an upload's name fit to be read back: one line, no tricks, at most 100 characters."""
    return clean(name, LONGEST_NAME) or N_("The file")


def _in_place(place: Place, content: bytes, width: int, height: int) -> Picture:
    return Picture(storage.put(place, content), len(content), width, height)


def _clean(content: bytes) -> tuple[dict[str, Any], bytes]:
    command = [sys.executable, "-m", "lib.shop.files.child"]
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command line, no shell
                command,
                input=content,
                capture_output=True,
                cwd=_ROOT,
                env=environment(),
                timeout=SECONDS,
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired:
            return {"outcome": "too_large"}, b""
    line, _, pictures = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        return {"outcome": "too_large"}, b""
    answer: dict[str, Any] = json.loads(line)
    return answer, pictures


def environment() -> dict[str, str]:
    """Return a child's environment: no address or secret of the shop, one memory arena."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    return {**kept, "MALLOC_ARENA_MAX": "1", "PYTHONDONTWRITEBYTECODE": "1"}
