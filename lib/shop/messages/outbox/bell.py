"""The bell that wakes the sender when a message was queued."""

import threading
from collections.abc import Callable

_listeners: list[Callable[[], None]] = []
_lock = threading.Lock()


def ring() -> None:
    """Wake whoever listens."""
    with _lock:
        listening = list(_listeners)
    for listener in listening:
        listener()


def listen(listener: Callable[[], None]) -> Callable[[], None]:
    """Call ``listener`` at every ring, from the thread that rings; returns the way to stop it."""
    with _lock:
        _listeners.append(listener)

    def stop() -> None:
        with _lock:
            _listeners.remove(listener)

    return stop
