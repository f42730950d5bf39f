"""What must happen though nobody looks: reminders, promises that ran out, data to forget.

A shop's promises have clocks; they do not wait until somebody opens a page. One worker thread at
most works through the table of duties every few seconds. Each duty settles in the database what is
due and nothing else, once, so that several processes beside each other do no harm; a fault of one
is logged and holds up no other.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from anyio import to_thread

from lib.members.erasure.commands import keep_up
from lib.members.habits.commands import reckon_rhythm
from lib.members.points.commands import settle_points
from lib.service.after_sales.commands import record_breaches
from lib.service.delivery.needs.commands import forget_ended
from lib.service.reminders.commands import make_notices
from lib.shop import incidents
from lib.shop.opening import Premises
from lib.shop.shop import Shop

PAUSE_SECONDS = 5.0
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)


@dataclass(frozen=True)
class Duty:
    """One thing that is done when it is due; ``does`` gets the shop as the program sees it."""

    name: str
    does: Callable[[Shop], object]


DUTIES = (
    Duty("erasures", keep_up),  # before anybody is told of anything
    Duty("reminders", make_notices),
    Duty("breaches", record_breaches),
    Duty("delivery", forget_ended),
    Duty("rhythm", reckon_rhythm),
    Duty("points", settle_points),
)


class Clockwork:
    """Works through ``duties`` every ``pause`` seconds until it is stopped.

    A duty that fails rests for a while, longer each time, so that one full disk does not fill the
    log with the same fault.
    """

    def __init__(
        self, books: Premises, duties: tuple[Duty, ...] = DUTIES, pause: float = PAUSE_SECONDS
    ) -> None:
        self._books = books
        self._duties = duties
        self._pause = pause
        self._rests: dict[str, tuple[datetime, timedelta]] = {}
        self._stopping = threading.Event()
        self._stopped = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Do what became due while the program was off, then go on by itself."""
        await to_thread.run_sync(self.look)
        self._work = asyncio.create_task(self._go_round())

    async def stop(self) -> None:
        """Let the duty at hand come to its end, and begin no other."""
        self._stopping.set()
        self._stopped.set()
        if self._work is not None:
            await self._work

    def look(self) -> None:
        """Work through the duties once."""
        for duty in self._duties:
            if self._stopping.is_set():
                return
            if self._is_resting(duty):
                continue
            try:
                duty.does(self._books.shop())
            except Exception as fault:  # noqa: BLE001 - the other duties are due all the same
                incidents.record(fault)
                self._rest(duty)
            else:
                self._rests.pop(duty.name, None)

    async def _go_round(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), self._pause)
            if not self._stopping.is_set():
                await to_thread.run_sync(self.look)

    def _is_resting(self, duty: Duty) -> bool:
        """Whether a duty that failed is still to rest; a clock that was turned back ends that."""
        failed_at, rest = self._rests.get(duty.name, (None, timedelta(0)))
        return failed_at is not None and failed_at <= self._books.clock.now() < failed_at + rest

    def _rest(self, duty: Duty) -> None:
        _failed_at, rest = self._rests.get(duty.name, (None, FIRST_REST / 2))
        self._rests[duty.name] = (self._books.clock.now(), min(rest * 2, LONGEST_REST))
