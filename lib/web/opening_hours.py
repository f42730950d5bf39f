"""From start to stop: take the folder, open the books, keep house, send, close (R23; E3, E6, E17).

A start that must be refused says one sentence and ends the process; a traceback would tell the
shopkeeper nothing.
"""

import asyncio
import gc
import importlib
import itertools
import locale
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NoReturn

from anyio import to_thread
from filelock import BaseFileLock

from lib.kernel.errors import ShopError
from lib.kernel.words import N_
from lib.shop import backup, incidents, opening, upkeep
from lib.shop.files import care
from lib.shop.language import preferred, translator
from lib.shop.opening import Premises
from lib.shop.people.commands import reset_owner
from lib.shop.people.setup import prepare_setup_code
from lib.shop.place import Place
from lib.trust.books.sums.commands import settle
from lib.web import traffic
from lib.web.clockwork import Clockwork
from lib.web.message_sender import Sender

WARM = ("pandas", "altair", "jinja2", "bcrypt", "lib.ui.show", "lib.ui.sign_in")
SWEEP_SECONDS = 3600
COLLECT_SECONDS = 20
IDLE_SECONDS = 4
LONGEST_WITHOUT_COLLECTING = 15
REFUSED_EXIT = 2
LONGEST_WAIT_SECONDS = 10
"""How long closing waits for housekeeping that is under way, a backup for example."""

_housekeeping = threading.Lock()

Fill = Callable[[Premises], None]
Lifespan = Callable[[object], AbstractAsyncContextManager[dict[str, Any]]]


def opening_hours(fill_demo: Fill) -> Lifespan:
    """Return Streamlit's lifespan hook; ``fill_demo`` fills the books of an empty demo shop."""

    @asynccontextmanager
    async def hours(_app: object) -> AsyncIterator[dict[str, Any]]:
        lock, books = await to_thread.run_sync(open_shop, fill_demo)
        keepers = [
            asyncio.create_task(_keep_house(books)),
            asyncio.create_task(_collect_when_idle()),
        ]
        clockwork = Clockwork(books)
        await clockwork.start()  # before the sender: what came too late is not sent any more
        sender = Sender(books)
        try:
            yield {}
        finally:
            for keeper in keepers:
                keeper.cancel()
            await clockwork.stop()
            await sender.stop()
            await to_thread.run_sync(close_shop, lock, books)

    return hours


def open_shop(fill_demo: Fill) -> tuple[BaseFileLock, Premises]:
    """Take the data folder, open its books, and be ready for the first visitor.

    Ends the process with one sentence when the folder cannot be opened.
    """
    os.umask(0o077)  # personal data is for this user's eyes only
    place = Place.from_environment()
    try:
        lock = opening.hold(place)
        incidents.keep_log(place)
        books = opening.premises()
        if place.demo:
            fill_demo(books)
        prepare_setup_code(books.shop())
        _reset_forgotten(books)
    except (ShopError, OSError) as refusal:
        refuse_to_open(refusal, place)
    for module in WARM:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    return lock, books


def _reset_forgotten(books: Premises) -> None:
    """Reset the owner named by ``LINLI_RESET_OWNER`` and say the one-time password here.

    Whoever can start the program on its machine can read the books anyway.
    """
    login = os.environ.get("LINLI_RESET_OWNER")
    if login:
        sentence = _say(N_("One-time password for {login}: {password}"))
        password = reset_owner(books.shop(), login)
        print(sentence.format(login=login, password=password), file=sys.stderr, flush=True)


def close_shop(lock: BaseFileLock, books: Premises) -> None:
    """Write everything back into the database file and let the folder go.

    A thread cannot be called off: what it reads would keep the log of the database open.
    """
    opening.move_into(None)
    at_rest = _housekeeping.acquire(timeout=LONGEST_WAIT_SECONDS)
    if books.store.is_sqlite:
        books.store.checkpoint()
    books.store.close()
    lock.release()
    if at_rest:
        _housekeeping.release()


def refuse_to_open(refusal: ShopError | OSError, place: Place) -> NoReturn:
    """Say why the shop cannot open, in the language of this machine, and end the process.

    The server around us would print a traceback for any exception, so the process is left here;
    nothing is open yet that could be harmed.
    """
    if isinstance(refusal, ShopError):
        sentence = refusal.said(_say)
    else:
        sentence = f"{place.folder}: {refusal.strerror or refusal}"
    print(sentence, file=sys.stderr, flush=True)
    os._exit(REFUSED_EXIT)


def _say(sentence: str) -> str:
    """Return ``sentence`` in the language of this machine."""
    spoken = locale.getlocale()[0] or os.environ.get("LANG") or "zh"
    return translator(preferred(spoken.replace("_", "-")))(sentence)


async def _keep_house(books: Premises) -> None:
    for hour in itertools.count():
        try:
            await to_thread.run_sync(_tidy, books, hour % 24 == 0)
        except Exception as fault:  # noqa: BLE001 - a full disk must not end the housekeeping
            incidents.record(fault)
        await asyncio.sleep(SWEEP_SECONDS)


def _tidy(books: Premises, new_day: bool) -> None:
    with _housekeeping:
        upkeep.sweep(books.store, books.clock.now())
        backup.keep(books.place, books.clock.now())
        settle(books.store, books.shop().today)
        if new_day:
            care.sweep(books.shop())


async def _collect_when_idle() -> None:
    """Collect garbage between visitors instead of after every run (runner.postScriptGC)."""
    skipped = 0
    while True:
        await asyncio.sleep(COLLECT_SECONDS)
        if traffic.quiet_for(IDLE_SECONDS) or skipped >= LONGEST_WITHOUT_COLLECTING:
            skipped = 0
            gc.collect()
        else:
            skipped += 1
