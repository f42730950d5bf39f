"""Files on their way in, piece by piece, resumable by trying again (A21-A25).

What has come of a file lies in ``uploads/unfinished`` under a name made of who brings it and what
the browser calls it; its length is how far it got. So nothing has to be remembered: whoever chooses
the same file again goes on where the connection broke, also after a restart. Only a file that came
whole is looked at; the rest is swept after a day (:mod:`lib.shop.files.care`) or sooner, when one
person leaves too much lying.
"""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from lib.kernel.errors import Conflict, Refused
from lib.kernel.words import N_
from lib.shop.files import intake, storage
from lib.shop.files.photos import shown_name
from lib.shop.shop import DESK, Shop

PREFIX = "part-"
KEPT_FREE_BYTES = 200 * 1024 * 1024
"""Space on the disk that no upload may take: the books need it."""
MOST_WAITING = 4
"""Times the largest file that one person may leave unfinished; the oldest go first."""

_key_locks: dict[str, Lock] = {}
_key_locks_lock = Lock()


@dataclass(frozen=True)
class Arriving:
    """A file on its way in: its ``key``, announced ``size``, and how many bytes it ``have``."""

    key: str
    size: int
    have: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.have == self.size


def announce(shop: Shop, called: str, size: int, name: str, media_type: str = "") -> Arriving:
    """Return how far the file that the browser calls ``called`` has come: 0 for a new one.

    ``size`` is in bytes. ``media_type`` is what the browser believes; a file that would be refused
    for its size later is refused here, before a byte is sent. Raises ``Refused``.
    """
    shop.require(DESK)
    if size <= 0:
        raise Refused(N_("{name} is empty. Choose it again."), name=shown_name(name))
    intake.check_size(shop, _believed(media_type, name), size, name)
    key = _key_of(shop, called, size)
    with _lock_of(key):
        path = _path(shop, key)
        have = path.stat().st_size if path.is_file() else 0
        if have > size:
            path.unlink()
            have = 0
        _make_room(shop, key, size - have)
    return Arriving(key, size, have)


def add_piece(shop: Shop, file: Arriving, offset: int, piece: bytes, name: str = "") -> Arriving:
    """Append ``piece`` at ``offset`` and return how far the file came.

    The first piece is looked at: what is no photo, video or PDF, or too large for what it is, goes
    no further. Raises ``Refused`` for that and for a full disk, ``Conflict`` when the file got to
    another place meanwhile (a second tab, a piece that arrived after all).
    """
    shop.require(DESK)
    with _lock_of(file.key):
        path = _path(shop, file.key)
        have = path.stat().st_size if path.is_file() else 0
        if offset != have or offset + len(piece) > file.size or not piece:
            raise Conflict(N_("The file goes on from another place."))
        if offset == 0:
            intake.checked_sort(shop, piece[: intake.HEAD_BYTES], file.size, name)
        try:
            with path.open("ab") as out:
                out.write(piece)
        except OSError as error:
            raise Refused(storage.DISK_REFUSES) from error
        return Arriving(file.key, file.size, have + len(piece))


def found(shop: Shop, key: str, size: int) -> Arriving:
    """Return how far the file ``key`` of this person came. Raises ``Refused`` for a foreign key."""
    shop.require(DESK)
    if not is_key(key) or not key.startswith(_whose(shop)):
        raise Refused(N_("This file is not being brought by you. Choose it again."))
    path = _path(shop, key)
    return Arriving(key, size, path.stat().st_size if path.is_file() else 0)


def take(shop: Shop, file: Arriving) -> Path:
    """Return the path of a file that came whole; it is the caller's from now on.

    Raises ``Conflict`` while something is missing.
    """
    with _lock_of(file.key):
        now = found(shop, file.key, file.size)
        if not now.is_whole:
            raise Conflict(N_("The file goes on from another place."))
        whole = _path(shop, file.key)
        taken = whole.with_name(f"whole-{whole.name}")
        whole.replace(taken)
    return taken


def forget(shop: Shop, key: str) -> None:
    """Throw away what came of the file ``key`` of this person."""
    file = found(shop, key, 0)
    with _lock_of(key):
        _path(shop, file.key).unlink(missing_ok=True)


def is_key(text: str) -> bool:
    """Whether ``text`` can be the key of a file on its way in."""
    return storage.is_address(text)


def _key_of(shop: Shop, called: str, size: int) -> str:
    named = hashlib.sha256(f"{size}:{called}".encode("utf-8", "replace")).hexdigest()
    return _whose(shop) + named[len(_whose(shop)) :]


def _whose(shop: Shop) -> str:
    """Return the beginning of the keys of this person."""
    secret = shop.place.secret("arriving")
    return hashlib.sha256(secret + str(shop.actor.id).encode()).hexdigest()[:16]


def _path(shop: Shop, key: str) -> Path:
    if not is_key(key):
        raise ValueError("not the key of a file")
    return storage.unfinished_folder(shop.place) / f"{PREFIX}{key}"


def _believed(media_type: str, name: str) -> intake.Sort:
    """Return what the browser takes the file for; the largest sort when it does not know."""
    if media_type.startswith("image/"):
        return intake.Sort.PHOTO
    if media_type == "application/pdf" or name.lower().endswith(".pdf"):
        return intake.Sort.PDF
    return intake.Sort.CLIP


def _make_room(shop: Shop, key: str, coming: int) -> None:
    """Throw away what this person left lying longest; refuse when the disk has no room."""
    mine = storage.unfinished_folder(shop.place).glob(f"{PREFIX}{_whose(shop)}*")
    others = sorted((path for path in mine if path.name != PREFIX + key), key=_age)
    most = MOST_WAITING * max(intake.largest(shop, sort) for sort in intake.Sort)
    lying = sum(path.stat().st_size for path in others)
    while others and lying + coming > most:
        lying -= others[0].stat().st_size
        others.pop(0).unlink(missing_ok=True)
    # A clip is written twice before the first copy goes.
    if shutil.disk_usage(shop.place.folder).free < 2 * coming + KEPT_FREE_BYTES:
        raise Refused(storage.DISK_REFUSES)


def _age(path: Path) -> float:
    return path.stat().st_mtime


def _lock_of(key: str) -> Lock:
    with _key_locks_lock:
        if len(_key_locks) > 1000:
            for known in [known for known, lock in _key_locks.items() if not lock.locked()]:
                del _key_locks[known]
        return _key_locks.setdefault(key, Lock())
