"""What a note of a resident may be. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.people.rules import Allowance, bucket_of_the_day
from lib.shop.people.rules import per_hour as evenly
from lib.trust.demands.personal import without_numbers

LONGEST_WISH = 200
LONGEST_NAME = 20
_KEY = re.compile(r"[0-9a-f]{32}")
_BROKEN = "\ufffd"


class State(StrEnum):
    """Where a note stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    PUT_ASIDE = "put_aside"


@dataclass(frozen=True)
class Written:
    """A note as somebody wrote it: the wish on one line, and the name in the group or nothing."""

    text: str
    name: str


def checked(text: str, name: str) -> Written:
    """Return the note cleaned; raises ``Refused`` for none, a long one, or a phone number."""
    wish, who = _bare(text), _bare(name)
    if not any(sign.isalnum() for sign in wish):
        raise Refused(N_("Write what you would like us to get, for example: 现磨芝麻酱."))
    if len(wish) > LONGEST_WISH:
        raise Refused(
            N_("That is {length} characters. Write it in at most {count}."),
            length=len(wish),
            count=LONGEST_WISH,
        )
    if len(who) > LONGEST_NAME:
        raise Refused(N_("The name is at most {count} characters."), count=LONGEST_NAME)
    if without_numbers(wish) != wish or without_numbers(who) != who:
        raise Refused(
            N_("Please take the phone number or long number out: nothing of it is needed here.")
        )
    return Written(wish, who)


def is_key(text: str) -> bool:
    """Whether ``text`` can be the key of a form of ours."""
    return bool(_KEY.fullmatch(text))


def bucket(network: str, today: date, secret: bytes) -> str | None:
    """Return under what tries from ``network`` are counted today; None: not counted.

    See :func:`lib.shop.people.rules.bucket_of_the_day`.
    """
    return bucket_of_the_day("wish", network, today, secret)


def allowance(per_hour: int) -> Allowance:
    """Return how often one network may write: ``per_hour`` at once, then evenly over the hour."""
    return evenly(per_hour)


def _bare(text: str) -> str:
    return clean(text.replace(_BROKEN, ""), 4 * LONGEST_WISH)
