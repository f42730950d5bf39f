"""Opening the shop: prepare the folder, take its lock, migrate, load settings.

One process per database file: the second one is refused by a file lock (reliability E6).
"""

from filelock import FileLock, Timeout

from lib.db import migrations
from lib.db.engine import Store, open_store
from lib.kernel.clock import Clock
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
            N_("Linli is already running on {folder}. Use that one, or name another --data folder."),
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
