"""Slowing down guesses without ever locking anybody out (R15; C1, C2).

Tries are counted in token buckets that lie in the database and survive a restart. The key is the
account as seen from one network, and the network; a browser that entered before has a bucket of its
own, so nobody else's guesses keep it out. A proxy on this machine would make everybody look like
one network, therefore the machine's own address is never a key by itself.
"""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, delete, insert, select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.people.queries import token_hash
from lib.shop.people.rules import LOCAL, Allowance, Bucket
from lib.shop.shop import Shop

MINUTE = timedelta(minutes=1)
PER_ACCOUNT = Allowance(5, MINUTE)
PER_NETWORK = Allowance(20, MINUTE)
PER_DEVICE = Allowance(10, MINUTE)
PER_SETUP = Allowance(5, MINUTE)


def account_key(login: str, network: str) -> str:
    """Return the bucket of one account as tried from one network."""
    return f"account:{token_hash(login)[:32]}:{network}"


def device_key(device: str) -> str:
    """Return the bucket of one browser that entered before."""
    return f"device:{token_hash(device)[:32]}"


def login_buckets(login: str, network: str, device: str | None) -> dict[str, Allowance]:
    """Return the buckets a try must pass; ``device`` only if that account knows it."""
    if device is not None:
        return {device_key(device): PER_DEVICE}
    buckets = {account_key(login, network): PER_ACCOUNT}
    if network != LOCAL:
        buckets[f"network:{network}"] = PER_NETWORK
    return buckets


def take(shop: Shop, buckets: dict[str, Allowance]) -> None:
    """Count one try in every bucket; raises ``Refused`` with the seconds to wait.

    A refused try costs nothing, so that waiting as told is enough.
    """
    now = shop.clock.now()
    with shop.store.write() as connection:
        state = {
            key: _present(connection, key, allowance, now) for key, allowance in buckets.items()
        }
        waits = [state[key].wait(allowance) for key, allowance in buckets.items()]
        longest = max(waits)
        if longest <= timedelta(0):
            for key, bucket in state.items():
                _keep(connection, key, Bucket(bucket.thousandths - 1000, now))
    if longest > timedelta(0):
        raise Refused(
            N_("Too many tries. Wait {seconds} seconds, then try again."),
            seconds=ceil(longest.total_seconds()),
        )


def wait(shop: Shop, buckets: dict[str, Allowance]) -> timedelta:
    """Return how long until one more try would be let through; nothing is counted."""
    now = shop.clock.now()
    with shop.read() as connection:
        return max(
            (
                _present(connection, key, allowance, now).wait(allowance)
                for key, allowance in buckets.items()
            ),
            default=timedelta(0),
        )


def forgive(connection: Connection, buckets: dict[str, Allowance]) -> None:
    """Forget the tries of an account or device that entered; the network keeps its count."""
    own = [key for key in buckets if not key.startswith("network:")]
    connection.execute(delete(schema.rate_bucket).where(schema.rate_bucket.c.key.in_(own)))


def _present(connection: Connection, key: str, allowance: Allowance, now: datetime) -> Bucket:
    table = schema.rate_bucket
    row = connection.execute(select(table).where(table.c.key == key)).first()
    if row is None:
        return Bucket(allowance.burst * 1000, now)
    return Bucket(row.tokens_thousandths, row.filled_at).filled(allowance, now)


def _keep(connection: Connection, key: str, bucket: Bucket) -> None:
    table = schema.rate_bucket
    values = {"tokens_thousandths": bucket.thousandths, "filled_at": bucket.filled_at}
    if connection.execute(update(table).where(table.c.key == key).values(values)).rowcount == 0:
        connection.execute(insert(table).values(key=key, **values))
