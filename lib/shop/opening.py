"""Opening the shop: prepare the folder, take its lock, migrate, load settings.

One process per database file: the second one is refused by a file lock (reliability E6).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from filelock import FileLock, Timeout
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from lib.db import migrations
from lib.db.engine import Store, open_store, read_only
from lib.kernel.clock import Clock, SystemClock
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop import settings
from lib.shop.place import Place
from lib.shop.shop import SYSTEM, Actor, Shop


def hold(place: Place) -> FileLock:
    """Take the lock of the data folder until the process ends.

    Raises ``Refused`` when another Linli has this folder open.
    """
    place.prepare()
    lock = FileLock(place.lock_file)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise Refused(
            N_(
                "Linli is already running on {folder}. Use that one, or name another --data folder."
            ),
            folder=place.folder,
        ) from error
    return lock


def open_books(place: Place, clock: Clock) -> Store:
    """Open the database of ``place`` and bring it to the newest schema.

    Raises ``Refused`` for a database of another program or of a newer Linli.
    """
    place.prepare()
    store = open_store(place.database_url)
    migrations.upgrade(store, clock.now())
    return store


def shop_for(store: Store, place: Place, clock: Clock, actor: Actor = SYSTEM) -> Shop:
    """Return the shop as ``actor`` sees it now, with the settings as stored."""
    with store.read() as connection:
        current = settings.load(connection)
    return Shop(store, clock, actor, current, place)


@contextmanager
def reading(place: Place) -> Iterator[tuple[Connection, bytes]]:
    """Read one state of the books of ``place`` and the journal's key; nothing is made or changed.

    Works while the shop is open. Raises ``Refused`` where there is no shop, where the database
    does not answer, and where the key of the journal is gone.
    """
    if not place.has_secret("journal"):
        raise Refused(
            N_("There is no shop in {folder}, or the key of its journal is gone."),
            folder=place.folder,
        )
    try:
        with read_only(place.database_url) as connection:
            if migrations.present(connection) is None:
                raise Refused(N_("There is no shop in {folder} to read."), folder=place.folder)
            yield connection, place.secret("journal")
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
        raise Refused(N_("The books cannot be read: {reason}"), reason=reason) from error


@dataclass(frozen=True)
class Premises:
    """The open books of this process: where they lie, the database, and the clock on the wall."""

    place: Place
    store: Store
    clock: Clock

    def shop(self, actor: Actor = SYSTEM) -> Shop:
        """Return the shop as ``actor`` sees it now."""
        return shop_for(self.store, self.place, self.clock, actor)


_open: list[Premises] = []
_opening = Lock()


def premises() -> Premises:
    """Return the books of this process, opened at first use from the environment."""
    if not _open:
        with _opening:
            if not _open:
                place = Place.from_environment()
                clock = SystemClock()
                _open.append(Premises(place, open_books(place, clock), clock))
    return _open[0]


def move_into(new: Premises | None) -> None:
    """Use ``new`` as the books of this process; None closes the door until the next visitor."""
    with _opening:
        _open[:] = [new] if new else []
