"""Decisions about people that need no books: logins, passwords, networks, slowing down (C1-C5)."""

import hashlib
import hmac
import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from lib.kernel.errors import Refused
from lib.kernel.text import clean, folded
from lib.kernel.words import N_

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 128
ONE_TIME_PASSWORD_LASTS = timedelta(days=7)
LOCAL = "local"

_LOGIN = re.compile(r"[\w.@+-]{2,40}")
_PHONE = re.compile(r"(\+?86)?1[3-9]\d{9}")
_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
         "1qaz2wsx3edc4rfv5tgb6yhn", "qazwsxedcrfvtgbyhnujm")  # fmt: skip


def checked_login(typed: str) -> str:
    """Return the login as it is kept; raises ``Refused`` when it cannot be one."""
    login = folded_login(typed)
    if not _LOGIN.fullmatch(login):
        raise Refused(
            N_(
                "A login has 2 to 40 letters or digits, without spaces. "
                "Chinese characters are fine."
            )
        )
    return login


def folded_login(typed: str) -> str:
    """Return ``typed`` as logins are compared: full-width folded, lower case, no outer spaces."""
    return unicodedata.normalize("NFKC", typed[:200]).strip().lower()


def checked_name(typed: str) -> str:
    """Return the name shown to colleagues; raises ``Refused`` for an empty one."""
    name = clean(typed, 40)
    if not name:
        raise Refused(N_("Write the name that colleagues see."))
    return name


def check_password(password: str, known_words: Iterable[str]) -> None:
    """Raise ``Refused`` if ``password`` is too short, too long, or easy to guess.

    ``known_words`` are what a stranger would try first here: login, name, shop, community.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(
            N_("A password has at least {count} characters. Three or four words make a good one."),
            count=SHORTEST_PASSWORD,
        )
    if len(password) > LONGEST_PASSWORD:
        raise Refused(N_("A password has at most {count} characters."), count=LONGEST_PASSWORD)
    if _is_guessable(password, known_words):
        raise Refused(
            N_(
                "This password is easy to guess: a common one, a row of keys, a date, a phone "
                "number or a name from this shop. Choose another."
            )
        )


def _is_guessable(password: str, known_words: Iterable[str]) -> bool:
    bare = folded(password)
    core = re.sub(r"\d", "", bare)
    if _PHONE.fullmatch(bare) or _DATE.fullmatch(bare) or len(set(bare)) <= 3:
        return True
    if _is_row(bare) or (core and _is_row(core) and len(core) >= 4):
        return True
    words = common_passwords() | {folded(word) for word in known_words if word.strip()}
    return bare in words or (core in words and bool(core))


def _is_row(text: str) -> bool:
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    half = text[: len(text) // 2]
    return any(text in row + row for row in rows) or (len(half) >= 3 and half * 2 == text)


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Return well-known passwords and the words they are made of, folded."""
    path = Path(__file__).with_name("common_passwords.txt")
    lines = path.read_text(encoding="utf-8").split()
    return frozenset(folded(line) for line in lines)


def network_of(address: str | None) -> str:
    """Return whose doing a request counts as: an IPv4 /24, an IPv6 /64, or this machine.

    Whoever owns one IPv6 address owns the whole /64, so single addresses mean nothing (C2).
    """
    if not address:
        return LOCAL
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return LOCAL
    width = 24 if found.version == 4 else 64
    return str(ipaddress.ip_network((found, width), strict=False))


@dataclass(frozen=True)
class Allowance:
    """How often something may be tried: ``burst`` at once, then one per ``every``."""

    burst: int
    every: timedelta


@dataclass(frozen=True)
class Bucket:
    """What is left of an allowance: thousandths of tries, as of ``filled_at``."""

    thousandths: int
    filled_at: datetime

    def filled(self, allowance: Allowance, now: datetime) -> "Bucket":
        """Return the bucket as it stands ``now``; a clock set back fills nothing."""
        passed = max(timedelta(0), now - self.filled_at)
        more = int(passed / allowance.every * 1000)
        return Bucket(min(allowance.burst * 1000, self.thousandths + more), now)

    def wait(self, allowance: Allowance) -> timedelta:
        """Return how long until one more try is in it."""
        missing = max(0, 1000 - self.thousandths)
        return allowance.every * missing / 1000


def bucket_of_the_day(prefix: str, network: str, today: date, secret: bytes) -> str | None:
    """Return under what tries from ``network`` are counted ``today``; None: not counted.

    Nobody can tell the network from it, and it is another one tomorrow. Behind a proxy on this
    machine everybody would look like one network, therefore that one is not counted.
    """
    if network == LOCAL:
        return None
    body = f"{today:%Y-%m-%d}|{network}".encode()
    return f"{prefix}:{hmac.new(secret, body, hashlib.sha256).hexdigest()[:32]}"


def per_hour(count: int) -> Allowance:
    """Return an allowance of ``count`` at once, then evenly over the hour."""
    return Allowance(count, timedelta(hours=1) / count)


def session_end(created_at: datetime, seen_at: datetime, idle_hours: int, days: int) -> datetime:
    """Return when a session ends: idle too long, or too old, whichever comes first (C10)."""
    return min(seen_at + timedelta(hours=idle_hours), created_at + timedelta(days=days))
