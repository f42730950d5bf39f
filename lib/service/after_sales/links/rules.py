"""What a resident may report, and how long a private address shows its case. Pure (R26-R30).

A private address ends in a token of 256 random bits. The books keep its hash, so that nobody who
reads them can open the page. That of a report is worked out from the key of its form and a secret
of the shop: the same form sent twice leads to the same address.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.service.after_sales.rules import (
    LONGEST_HOME,
    LONGEST_NAME,
    LONGEST_SAID,
    LONGEST_TEXT,
    ON_BOARD,
    Defect,
    NewCase,
    Source,
    Status,
)
from lib.shop.people.rules import Allowance, bucket_of_the_day, per_hour

HELP_PAGE = "/p/help"
CASE_PAGE = "/p/case"
TOKEN_BYTES = 32
LONGEST_BAD = 60
LONGEST_STORY = LONGEST_SAID - LONGEST_BAD - 1
MESSAGES_PER_REPORT = 4
"""Sendings about one case for each report that one connection may make in an hour."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_KEY = re.compile(r"[0-9a-f]{32}")
_BROKEN = "\ufffd"

CHOOSE_DEFECT = N_("Choose what is wrong.")
WRITE_WHAT = N_("Write what you bought, or what happened.")
WRITE_WHO = N_("Write your name in the group or your building and room: then we know whose it is.")
WRITE_STILL = N_("Write what is still not right.")
WRITE_SOMETHING = N_("Write something, or add a photo.")

RESIDENTS_WORDS: dict[Defect, str] = {
    Defect.ROTTEN: N_("Rotten, spoiled or smells"),
    Defect.DAMAGED: N_("Broken, crushed or leaking"),
    Defect.QUALITY: N_("Does not work, or poor quality"),
    Defect.SHORT: N_("Weighs too little"),
    Defect.MISSING: N_("Something is missing"),
    Defect.WRONG: N_("I got something else"),
    Defect.SERVICE: N_("How I was treated"),
    Defect.OTHER: N_("Something else is wrong"),
}
"""What is wrong, as residents choose it."""


@dataclass(frozen=True)
class Report:
    """What a resident typed on the page, as it came: nothing of it is checked yet."""

    defect: str = ""
    what: str = ""
    bad: str = ""
    said: str = ""
    name: str = ""
    home: str = ""

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "Report":
        """Return the report in the fields of a form."""
        return cls(**{each.name: typed.get(each.name, "") for each in fields(cls)})


LONGEST: dict[str, tuple[int, str]] = {
    "what": (LONGEST_HOME, N_("What you bought: at most {count} characters.")),
    "bad": (LONGEST_BAD, N_("How much is bad: at most {count} characters.")),
    "said": (LONGEST_STORY, N_("What happened: at most {count} characters.")),
    "name": (LONGEST_NAME, N_("The name: at most {count} characters.")),
    "home": (LONGEST_HOME, N_("Building and room: at most {count} characters.")),
}
"""The most signs of each field, and what is said beyond them."""


def checked(report: Report) -> NewCase:
    """Return the report as a new case without photos and key; raises ``Refused`` with what to do.

    How much is bad stays in the resident's words, before the story: the desk counts it.
    """
    if report.defect not in set(Defect):
        raise Refused(CHOOSE_DEFECT)
    kept = {name: _bare(getattr(report, name)) for name in LONGEST}
    for name, (most, sentence) in LONGEST.items():
        if len(kept[name]) > most:
            raise Refused(sentence, count=most)
    if not _says(kept["what"]) and not _says(kept["said"]):
        raise Refused(WRITE_WHAT)
    if not _says(kept["name"]) and not _says(kept["home"]):
        raise Refused(WRITE_WHO)
    return NewCase(
        source=Source.PAGE,
        defect=Defect(report.defect),
        said="\n".join(each for each in (kept["bad"], kept["said"]) if each),
        product_name=" ".join(kept["what"].split()),
        reporter_name=" ".join(kept["name"].split()),
        reporter_home=" ".join(kept["home"].split()),
    )


def checked_message(text: str, *, photos: int) -> str:
    """Return what a resident adds to a case; raises ``Refused`` for nothing and for too much."""
    kept = _bare(text)
    if not _says(kept) and not photos:
        raise Refused(WRITE_SOMETHING)
    return _not_longer(kept)


def checked_feedback(text: str, *, content: bool) -> str:
    """Return what a resident says afterwards; who is not content says why."""
    kept = _bare(text)
    if not content and not _says(kept):
        raise Refused(WRITE_STILL)
    return _not_longer(kept)


def is_token(text: str) -> bool:
    """Whether ``text`` can be the end of a private address."""
    return _TOKEN.fullmatch(text) is not None


def is_key(text: str) -> bool:
    """Whether ``text`` can be the key of a form of ours."""
    return _KEY.fullmatch(text) is not None


def token_of(key: str, secret: bytes) -> str:
    """Return the token of the report that was sent with ``key``."""
    made = hmac.new(secret, b"case|" + key.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def kept_key(key: str) -> str:
    """Return what the books keep of the key of a form; nobody gets from it to the address."""
    return hashlib.sha256(b"case|" + key.encode("utf-8", "replace")).hexdigest()


def path_of(token: str) -> str:
    """Return the private address within the shop."""
    return f"{CASE_PAGE}/{token}"


def shows(
    expires_at: datetime,
    revoked_at: datetime | None,
    status: Status,
    closed_at: datetime | None,
    days: int,
    now: datetime,
) -> bool:
    """Whether an address shows its case ``now``.

    It holds for ``days`` from its making, as long as the case stands open however long that takes,
    and ``days`` from when the case ended: whoever just answered is not shut out.
    """
    if revoked_at is not None:
        return False
    until = shows_until(expires_at, status, closed_at, days)
    return until is None or now < until


def shows_until(
    expires_at: datetime, status: Status, closed_at: datetime | None, days: int
) -> datetime | None:
    """Return when an address ends that was not revoked; None while its case stands open."""
    if status in ON_BOARD:
        return None
    if closed_at is None:
        return expires_at
    return max(expires_at, closed_at + timedelta(days=days))


def bucket(network: str, today: date, secret: bytes) -> str | None:
    """Return under what reports from ``network`` are counted today; None: not counted."""
    return bucket_of_the_day("case", network, today, secret)


def reports_allowed(cases_per_hour: int) -> Allowance:
    """Return how often one network may report."""
    return per_hour(cases_per_hour)


def messages_allowed(cases_per_hour: int) -> Allowance:
    """Return how often something may be sent about one case."""
    return per_hour(cases_per_hour * MESSAGES_PER_REPORT)


def _bare(text: str) -> str:
    return clean(text.replace(_BROKEN, ""), 8 * LONGEST_TEXT, lines=True)


def _says(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _not_longer(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Refused(
            N_("That is {length} characters. Write it in at most {count}."),
            length=len(text),
            count=LONGEST_TEXT,
        )
    return text
