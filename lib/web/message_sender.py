"""The sender of messages to robots, beside the server that shows the screens (E17)."""

import asyncio
import contextlib
import threading
from datetime import datetime

from anyio import to_thread

from lib.shop import incidents
from lib.shop.messages.outbox import bell, sending
from lib.shop.opening import Premises

LEAST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 3600


class Sender:
    """Sends messages to robots: at once when one is queued, else when the next is due (E17).

    One worker thread at most works for it, and none while there is nothing to send.
    """

    def __init__(self, books: Premises) -> None:
        self._books = books
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        self._rung.set()  # what waited while the program was off
        self._stopping = threading.Event()
        self._silence = bell.listen(self._hear)
        self._work = asyncio.create_task(self._send())

    async def stop(self) -> None:
        """Let the message that is being sent come to its end, and send no other."""
        self._silence()
        self._stopping.set()
        self._rung.set()
        await self._work

    def _hear(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody sends any more
            self._loop.call_soon_threadsafe(self._rung.set)

    async def _send(self) -> None:
        while not self._stopping.is_set():
            self._rung.clear()
            try:
                due = await to_thread.run_sync(self._send_due)
            except Exception as fault:  # noqa: BLE001 - a full disk must not end the sending
                incidents.record(fault)
                due = None
            if not self._stopping.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._rung.wait(), self._patience(due))

    def _send_due(self) -> datetime | None:
        return sending.send_due(self._books.shop(), self._stopping)

    def _patience(self, due: datetime | None) -> float:
        if due is None:
            return LONGEST_PAUSE_SECONDS
        left = (due - self._books.clock.now()).total_seconds()
        return min(max(left, LEAST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
