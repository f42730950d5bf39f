"""How much strangers may ask of the doors at once, kept in memory (A20-A23, C13).

What counts over days lies in the database (lib/shop/people/throttle.py); what is here decides
before anything is written or read, so that asking costs the shop nothing.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from lib.shop.people.rules import LOCAL, Allowance, Bucket

MOST_NETWORKS = 2000


class Tries:
    """Counts tries per network; the network that tried longest ago is forgotten first."""

    def __init__(self, most: int = MOST_NETWORKS) -> None:
        self._most = most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, network: str, allowance: Allowance, now: datetime) -> bool:
        """Count a try of ``network``; whether it is within ``allowance``.

        This machine itself is not counted: a proxy on it speaks for everybody.
        """
        if network == LOCAL:
            return True
        with self._lock:
            before = self._buckets.get(network, Bucket(allowance.burst * 1000, now))
            bucket = before.filled(allowance, now)
            if bucket.wait(allowance) > timedelta(0):
                return False
            self._buckets[network] = Bucket(bucket.thousandths - 1000, now)
            self._buckets.move_to_end(network)
            while len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            return True


class Seats:
    """So many may be served at the same moment, ``in_all`` and ``per_network``."""

    def __init__(self, in_all: int, per_network: int) -> None:
        self._in_all = in_all
        self._per_network = per_network
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def one(self, network: str) -> Iterator[bool]:
        """Lend a seat to somebody of ``network``; False when there is none."""
        with self._lock:
            full = self._taken.total() >= self._in_all
            mine = network != LOCAL and self._taken[network] >= self._per_network
            seated = not full and not mine
            if seated:
                self._taken[network] += 1
        try:
            yield seated
        finally:
            if seated:
                with self._lock:
                    self._taken[network] -= 1
                    if not self._taken[network]:
                        del self._taken[network]
