"""The newest state of something that every visitor asks for and that changes rarely."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Latest(Generic[Value]):
    """The value for the newest key: of something asked on every view that changes rarely.

    It is made by one visitor at a time. Who comes meanwhile gets what stood a moment ago, so that
    a day on which orders come in without a pause does not make every view read the books.
    """

    def __init__(self) -> None:
        self._kept: tuple[Hashable, Hashable, Value] | None = None
        self._making = threading.Lock()

    def value(
        self,
        place: Hashable,
        key: Hashable,
        make: Callable[[], Value],
        holds: Callable[[Value], bool] = lambda _value: True,
    ) -> Value:
        """Return the value of ``key`` at ``place``, made with ``make`` unless the last one had it.

        ``holds`` says whether a kept value is still good; what stood at another ``place`` never is.
        """
        kept = self._good(place, key, holds)
        if kept is not None:
            return kept[2]
        before = self._kept
        free = self._making.acquire(blocking=before is None or before[0] != place)
        if not free and before is not None:
            return before[2]
        try:
            kept = self._good(place, key, holds)
            if kept is None:
                kept = self._kept = (place, key, make())
            return kept[2]
        finally:
            self._making.release()

    def _good(
        self, place: Hashable, key: Hashable, holds: Callable[[Value], bool]
    ) -> tuple[Hashable, Hashable, Value] | None:
        kept = self._kept
        if kept is None or kept[:2] != (place, key) or not holds(kept[2]):
            return None
        return kept
