"""Database and files together, in one step, and back again (E13; reliability R21).

A backup is one ``.zip`` with the books, every file they name, the shop's keys and a manifest of
hashes. It gets its final name only after it was opened again and found whole: integrity, foreign
keys, every hash, and the seals of the journal. Restoring refuses a folder that already holds
something and makes the same checks before it says it is done.

The books are copied with SQLite's own backup in a single step; copying the ``.db`` file would miss
what is still in the write-ahead log, without a word.
"""

import hashlib
import json
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from lib.db import migrations, schema
from lib.db.engine import Store, open_store
from lib.kernel.clock import Clock, SystemClock
from lib.kernel.errors import Refused, ShopError
from lib.kernel.words import N_
from lib.shop import erasures, journal
from lib.shop.files import storage
from lib.shop.language import preferred, translator
from lib.shop.place import Place

MANIFEST = "manifest.json"
BOOKS = "shop.db"
PREFIX = "linli-backup-"
KEPT_DAYS = 14
KEPT_WEEKS = 8
DUE_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Contents:
    """What a backup holds: when it was made, its schema, its journal rows, its files."""

    made_at: str
    schema: str
    journal_rows: int
    journal_head: str
    files: dict[str, str]


def make(place: Place, now: datetime, target: Path | None = None) -> Path:
    """Back up the shop of ``place`` into ``target`` (its backups folder unless named).

    Works while the shop is open. Raises ``Refused`` for a PostgreSQL database (use its own tools
    and copy the data folder), when there is nothing to back up, when a booked file is missing or
    damaged, and when the copy does not pass its checks; then no backup with a final name exists.
    """
    folder = target or place.backups
    books = place.folder / BOOKS
    if place.database_url != Place.at(place.folder).database_url:
        raise Refused(
            N_("The books lie in PostgreSQL. Back them up with pg_dump, and copy {folder} too."),
            folder=place.folder,
        )
    if not books.exists():
        raise Refused(N_("There is no shop in {folder} to back up."), folder=place.folder)
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{PREFIX}{now:%Y%m%dT%H%M%SZ}.zip"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as room:
        copy, packed = Path(room) / BOOKS, Path(room) / "packed.zip"
        _copy_books(books, copy)
        _pack(place, copy, packed, now)
        _unpack(packed, Path(room) / "trial")
        _check(Path(room) / "trial")
        packed.replace(final)
    storage.flush_folder(folder)
    return final


def restore(archive: Path, folder: Path, former: Path | None = None) -> Contents:
    """Put the shop in ``archive`` into ``folder``, which must be missing or empty.

    Whose data was erased since is read beside the archive and in ``former``, the folder the shop
    had; it is erased again when the shop opens. Raises ``Refused`` for a folder that holds
    something, and for an archive that is no whole backup; the folder is then as it was.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused(
            N_("{folder} is not empty. Name a new folder; nothing is overwritten."), folder=folder
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".restoring-") as room:
        trial = Path(room) / "shop"
        _unpack(archive, trial)
        contents = _check(trial)
        (trial / MANIFEST).unlink()
        if folder.exists():
            folder.rmdir()
        trial.rename(folder)
    there = Place.at(folder)
    there.prepare()
    for beside in (archive.parent, archive.parent.parent, *([former] if former else [])):
        erasures.carry(beside, there)
    return contents


@contextmanager
def unpacked(archive: Path) -> Iterator[Place]:
    """Lay the books and keys of ``archive`` out for reading, without the files they name.

    They are gone afterwards. Raises ``Refused`` for a file that is no backup or is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="linli-") as room:
        folder = Path(room) / "shop"
        hashes = _unpack(archive, folder, lambda name: name == BOOKS or name.startswith("secrets/"))
        for name, digest in hashes.items():
            if _digest(folder / name) != digest:
                raise Refused(N_("{name} in the backup is damaged. Use another backup."), name=name)
        yield Place.at(folder)


def newest(place: Place) -> Path | None:
    """Return the newest backup in the shop's own folder; None when there is none."""
    return max(place.backups.glob(f"{PREFIX}*.zip"), default=None)


def is_due(place: Place, now: datetime) -> bool:
    """Whether the newest backup is older than a day."""
    old = age(place, now)
    return old is None or old >= DUE_AFTER


def age(place: Place, now: datetime) -> timedelta | None:
    """Return how old the newest backup is; None when there is none in the shop's own folder."""
    last = newest(place)
    return None if last is None else now - _made_at(last)


def is_own(place: Place) -> bool:
    """Whether the program makes the backups itself: a PostgreSQL shop has its own tools."""
    return place.database_url == Place.at(place.folder).database_url


def thin_out(place: Place, now: datetime) -> list[Path]:
    """Delete old backups: of two weeks one a day stays, of eight weeks one a week; return them."""
    seen: set[tuple[int, ...]] = set()
    gone = []
    for path in sorted(place.backups.glob(f"{PREFIX}*.zip"), reverse=True):
        made = _made_at(path)
        week = made.isocalendar()[:2]
        recent = now - made <= timedelta(days=KEPT_DAYS)
        slot = (*week, made.toordinal()) if recent else week
        if slot in seen or now - made > timedelta(weeks=KEPT_WEEKS):
            path.unlink()
            gone.append(path)
        seen.add(slot)
    return gone


def last_with(place: Place, moment: datetime) -> datetime | None:
    """Return when the last backup made before ``moment`` goes by itself; None when there is none.

    Of the shop's own folder: copies that somebody took elsewhere are theirs to delete.
    """
    older = [
        made for path in place.backups.glob(f"{PREFIX}*.zip") if (made := _made_at(path)) <= moment
    ]
    return max(older) + timedelta(weeks=KEPT_WEEKS) if older else None


def keep(place: Place, now: datetime) -> Path | None:
    """Make the backup of the day when it is due, and thin out old ones; return it if made.

    A PostgreSQL shop has its own tools and is left alone.
    """
    if not is_own(place) or not is_due(place, now):
        return None
    made = make(place, now)
    thin_out(place, now)
    return made


def _made_at(path: Path) -> datetime:
    stamp = path.stem.removeprefix(PREFIX)
    return datetime.strptime(f"{stamp}+0000", "%Y%m%dT%H%M%SZ%z")


def _copy_books(source: Path, target: Path) -> None:
    # closing(): the with statement of sqlite3 commits, it does not close.
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as books,
        closing(sqlite3.connect(target)) as copy,
    ):
        books.backup(copy)


def _pack(place: Place, books: Path, packed: Path, now: datetime) -> None:
    store = open_store(f"sqlite:///{books.as_posix()}")
    try:
        verdict, revision, wanted = _read(store, place)
        store.checkpoint()
    finally:
        store.close()
    files = {BOOKS: _digest(books)}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.write(books, BOOKS, zipfile.ZIP_DEFLATED)
        for key in sorted((place.folder / "secrets").glob("*.key")):
            files[f"secrets/{key.name}"] = _digest(key)
            archive.write(key, f"secrets/{key.name}")
        for address in wanted:
            path = storage.path_of(place, address)
            if not storage.is_sound(path, address):
                raise Refused(
                    N_("The file {name} is missing or damaged; a backup would not be whole."),
                    name=address[:12],
                )
            files[f"uploads/{address[:2]}/{address}"] = address
            archive.write(path, f"uploads/{address[:2]}/{address}")
        body = {
            "made_at": now.isoformat(),
            "schema": revision,
            "journal_rows": verdict.rows,
            "journal_head": verdict.head,
            "files": files,
        }
        archive.writestr(MANIFEST, json.dumps(body, ensure_ascii=False, indent=1))


def _read(store: Store, place: Place) -> tuple[journal.Verdict, str, list[str]]:
    with store.read() as connection:
        verdict = journal.verify(connection, place.secret("journal"))
        if verdict.first_bad is not None:
            raise Refused(
                N_("The journal was tampered with at row {row}. Restore an earlier backup."),
                row=verdict.first_bad,
            )
        revision = migrations.present(connection) or ""
        wanted = list(connection.execute(select(schema.blob.c.sha256)).scalars())
    return verdict, revision, wanted


def _unpack(
    packed: Path, folder: Path, wanted: Callable[[str], bool] = lambda _name: True
) -> dict[str, str]:
    """Unpack the ``wanted`` files and the manifest; return their hashes as the manifest says."""
    try:
        with zipfile.ZipFile(packed) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            hashes = {name: digest for name, digest in manifest["files"].items() if wanted(name)}
            for name in (*hashes, MANIFEST):
                _place_in(archive, name, folder)
            return hashes
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError) as error:
        raise Refused(
            N_("{name} is not a whole backup of Linli. Use another one."), name=packed.name
        ) from error


def _place_in(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{name} points outside")
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("wb") as file:
        while chunk := source.read(1 << 20):
            file.write(chunk)


def _check(folder: Path) -> Contents:
    """Make sure an unpacked backup is whole; return what it holds."""
    body = json.loads((folder / MANIFEST).read_text("utf-8"))
    for name, digest in body["files"].items():
        if _digest(folder / name) != digest:
            raise Refused(N_("{name} in the backup is damaged. Use another backup."), name=name)
    store = open_store(f"sqlite:///{(folder / BOOKS).as_posix()}")
    try:
        with store.read() as connection:
            sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            revision = migrations.present(connection)
        verdict, _revision, _files = _read(store, Place.at(folder))
        store.checkpoint()
    finally:
        store.close()
    contents = Contents(
        body["made_at"], body["schema"], body["journal_rows"], body["journal_head"], body["files"]
    )
    whole = (verdict.rows, verdict.head, revision)
    if (
        not sound
        or dangling
        or whole
        != (
            contents.journal_rows,
            contents.journal_head,
            contents.schema,
        )
    ):
        raise Refused(N_("The books in the backup are damaged. Use another backup."))
    return contents


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(arguments: list[str], clock: Clock | None = None) -> int:
    """Run ``make [FOLDER]`` or ``restore ARCHIVE FOLDER`` for the start script; print one line."""
    say = translator(preferred(None))
    try:
        if arguments[0] == "make":
            where = Path(arguments[1]) if len(arguments) > 1 else None
            print(make(Place.from_environment(), (clock or SystemClock()).now(), where))
        else:
            former = Place.from_environment().folder
            contents = restore(Path(arguments[1]), Path(arguments[2]), former)
            print(f"{arguments[2]}: {len(contents.files)} files, journal {contents.journal_rows}")
    except ShopError as error:
        print(error.said(say), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
