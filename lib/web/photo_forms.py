"""Forms with photos that anybody may send: read piece by piece, never into memory (A13, A20-A25).

The text fields of our forms stand before their photos, so that a refusal can show again what was
typed however large the rest is. Photos go to the unfinished folder of the uploads as they come;
what is too large or too many is counted and thrown away while it comes.
"""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from python_multipart.exceptions import FormParserError, MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.files import intake, photos, storage
from lib.shop.files.photos import Photo
from lib.shop.language import Translate
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.web.bodies import LARGEST_FORM

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FIELDS = 40
LONGEST_FIELD = 16 * 1024
"""Bytes of one text field; the longest of ours holds 500 characters."""
MOST_PARTS = 200
LONGEST_BOUNDARY = 200
LONGEST_SECONDS = 15 * 60.0
DRAINED = 32 * 1024 * 1024
"""Bytes of a refused form that are still listened to, so that its sender gets the answer."""

_writing = CapacityLimiter(4)


class NotAFormError(Exception):
    """A body that is no form of ours; the request is answered with ``status``."""

    def __init__(self, status: int) -> None:
        super().__init__("not a form of ours")
        self.status = status


@dataclass
class SentPhoto:
    """One file as it came: what it was called, where it lies, how many bytes it had."""

    name: str
    path: Path | None = None
    size: int = 0

    def remove(self) -> None:
        """Remove what is left of it."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


@dataclass
class Sent:
    """What came: text fields, files, how many files were beyond the number asked for.

    ``too_much``: the whole form was larger than allowed, or nothing of it was to be kept; its
    files are gone.
    """

    fields: dict[str, str] = field(default_factory=dict)
    files: list[SentPhoto] = field(default_factory=list)
    beyond: int = 0
    too_much: bool = False


def largest_form(most_photos: int) -> int:
    """Return how many bytes a form with so many photos may have."""
    return most_photos * photos.LARGEST_UPLOAD + LARGEST_FORM


@contextmanager
def swept(sent: Sent) -> Iterator[Sent]:
    """Lend what came and remove its files afterwards."""
    try:
        yield sent
    finally:
        for file in sent.files:
            file.remove()


async def read(
    request: Request, place: Place, names: Collection[str], most_photos: int, *, keep: bool = True
) -> Sent:
    """Read a form: the text fields called ``names``, and at most ``most_photos`` files.

    With ``keep`` False the fields are read and everything else is thrown away as it comes, at most
    :data:`DRAINED` bytes of it. Raises ``NotAFormError``, ``Refused`` when the disk takes nothing,
    and ``ClientDisconnect`` when the sender goes away; nothing is left then.
    """
    sent = Sent(too_much=not keep)
    parts = _Parts(sent, place, names, most_photos if keep else 0)
    most = largest_form(most_photos) if keep else DRAINED
    try:
        await _feed(request, parts, most)
    except BaseException:
        parts.close()
        _forget(sent)
        raise
    parts.close()
    if sent.too_much:
        _forget(sent)
    return sent


async def _feed(request: Request, parts: "_Parts", most: int) -> None:
    parser = _parser(request, parts)
    loop = asyncio.get_running_loop()
    started, received = loop.time(), 0
    try:
        async for piece in request.stream():
            received += len(piece)
            if received > most:
                parts.stop()
            if loop.time() - started > LONGEST_SECONDS:
                raise NotAFormError(408)
            if received > most + DRAINED:
                break
            if piece and not (parts.stopped and parts.at_files):
                await to_thread.run_sync(parser.write, piece, limiter=_writing)
    except FormParserError as error:
        raise NotAFormError(400) from error
    except OSError as error:
        raise Refused(storage.DISK_REFUSES) from error
    if not parts.ended and not parts.stopped:
        raise NotAFormError(400)


def _parser(request: Request, parts: "_Parts") -> MultipartParser:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data":
        raise NotAFormError(415)
    if not 0 < len(boundary) <= LONGEST_BOUNDARY:
        raise NotAFormError(400)
    return MultipartParser(boundary, parts.callbacks())


def _forget(sent: Sent) -> None:
    for file in sent.files:
        file.remove()
    sent.files.clear()


class _Parts:
    """Hears what the parser finds and puts it where it belongs."""

    def __init__(self, sent: Sent, place: Place, names: Collection[str], most_photos: int) -> None:
        self._sent = sent
        self._folder = storage.unfinished_folder(place)
        self._names = names
        self._most = most_photos
        self._header, self._value = bytearray(), bytearray()
        self._disposition = b""
        self._field: str | None = None
        self._text = bytearray()
        self._file: IO[bytes] | None = None
        self._photo: SentPhoto | None = None
        self._count = 0
        self.at_files = False
        self.stopped = sent.too_much
        self.ended = False

    def callbacks(self) -> "MultipartCallbacks":
        """Return what the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._open,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all,
        }

    def stop(self) -> None:
        """Keep no more files: the form is too large."""
        self.stopped = self._sent.too_much = True
        self.close()

    def close(self) -> None:
        """Close the file that is being written."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._count += 1
        if self._count > MOST_PARTS:
            raise MultipartParseError("too many parts")
        self._disposition = b""
        self._header.clear()
        self._value.clear()

    def _header_end(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _open(self) -> None:
        _kind, options = parse_options_header(self._disposition.decode("latin-1"))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        called = options.get(b"filename")
        self._field = self._photo = None
        self._text.clear()
        if called is None:
            self._field = name
        else:
            self.at_files = True
            self._photo = SentPhoto(called.decode("utf-8", "replace"))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._field is not None:
            room = LONGEST_FIELD - len(self._text)
            self._text.extend(data[start : min(end, start + room)])
        elif self._photo is not None:
            self._write(self._photo, data, start, end)

    def _write(self, photo: SentPhoto, data: bytes, start: int, end: int) -> None:
        photo.size += end - start
        if self.stopped or (len(self._sent.files) >= self._most and self._file is None):
            return
        if self._file is None:
            self._file = NamedTemporaryFile(dir=self._folder, prefix="sent-", delete=False)  # noqa: SIM115
            photo.path = Path(self._file.name)
            self._sent.files.append(photo)
        if photo.size <= photos.LARGEST_UPLOAD:
            self._file.write(data[start:end])

    def _end(self) -> None:
        if self._field is not None and self._field in self._names:
            known = len(self._sent.fields) < MOST_FIELDS
            if known and self._field not in self._sent.fields:
                self._sent.fields[self._field] = self._text.decode("utf-8", "replace")
        elif self._photo is not None:
            self._file_end(self._photo)
        self._field = self._photo = None

    def _file_end(self, photo: SentPhoto) -> None:
        written = self._file is not None
        self.close()
        if written or self.stopped:
            return
        if len(self._sent.files) >= self._most and photo.size:
            self._sent.beyond += 1
        elif photo.name and not photo.size:
            self._sent.files.append(photo)

    def _all(self) -> None:
        self.ended = True


def decoded(shop: Shop, sent: Sent, most: int, say: Translate) -> tuple[list[Photo], list[str]]:
    """Return the sound photos of a form, cleaned and in place, and why others are none of them.

    At most ``most`` were asked for. Takes time: every picture is opened in a process of its own.
    """
    found: list[Photo] = []
    missed: list[str] = []
    for file in sent.files:
        try:
            found.append(_clean(shop, file))
        except Refused as refused:
            missed.append(refused.said(say))
    if sent.beyond:
        sentence = say(N_("{beyond} photos were too many: at most {most} are taken at once."))
        missed.append(sentence.format(beyond=sent.beyond, most=most))
    return found, missed


def _clean(shop: Shop, file: SentPhoto) -> Photo:
    if file.path is None:
        intake.checked_sort(shop, b"", 0, file.name)
    intake.check_size(shop, intake.Sort.PHOTO, file.size, file.name)
    taken = intake.put(shop, file.path or b"", file.name, kinds=intake.PHOTOS)
    if taken.photo is None:
        raise Refused(storage.DISK_REFUSES)
    return taken.photo
