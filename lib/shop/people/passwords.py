"""Hashing passwords: slow on purpose, one at a time, the same for unknown people (C3, C4, C15)."""

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import bcrypt

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.people.rules import LONGEST_PASSWORD

COST = 12
"""bcrypt's work factor: about 0.3 s a try on a small machine. Tests lower it."""

PATIENCE_SECONDS = 15
_Result = TypeVar("_Result")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_one_at_a_time = threading.BoundedSemaphore(1)


def hashed(password: str) -> str:
    """Return what is stored of ``password``. Raises ``Refused`` when the machine is too busy."""
    return _alone(lambda: bcrypt.hashpw(_prepared(password), bcrypt.gensalt(COST)).decode())


def matches(password: str, stored: str | None) -> bool:
    """Whether ``password`` is the one ``stored`` was made of.

    ``None`` (nobody of that login) takes as long as a wrong password. More than 128 characters
    never match and are not hashed.
    """
    if len(password) > LONGEST_PASSWORD:
        return False
    known = stored is not None and stored.startswith("$2")
    against = stored if known and stored else _of_nobody(COST)
    right = _alone(lambda: bcrypt.checkpw(_prepared(password), against.encode()))
    return right and known


def one_time_password() -> str:
    """Return a password to be told once and changed at once: 60 bits, easy to read out."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def _prepared(password: str) -> bytes:
    # bcrypt reads 72 bytes and stops at NUL; 24 Chinese characters would fill it.
    digest = hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()
    return base64.b64encode(digest)


@lru_cache(maxsize=4)
def _of_nobody(cost: int) -> str:
    return bcrypt.hashpw(_prepared(secrets.token_hex()), bcrypt.gensalt(cost)).decode()


def _alone(work: Callable[[], _Result]) -> _Result:
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise Refused(N_("Too many people are signing in right now. Try again in a minute."))
    try:
        return work()
    finally:
        _one_at_a_time.release()
