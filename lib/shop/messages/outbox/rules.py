"""What came of a try, when to try again, and which addresses are taken (E17). Pure."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.settings import Settings

LONGEST_NAME = 40
LONGEST_ADDRESS = 1000
SHOWN_SIGNS = 4
WECOM_PATH = "/cgi-bin/webhook/send"
MINUTE = timedelta(minutes=1)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
SPARE = timedelta(seconds=30)


class Kind(StrEnum):
    """How a channel is spoken to."""

    WECOM = "wecom"
    APPRISE = "apprise"


KIND_NAMES: dict[Kind, str] = {
    Kind.WECOM: N_("WeCom group robot"),
    Kind.APPRISE: N_("Another service (apprise)"),
}


class Status(StrEnum):
    """How far a message is. ``PERHAPS``: given away, but no answer came."""

    WAITING = "waiting"
    SENT = "sent"
    PERHAPS = "perhaps"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATUS_NAMES: dict[Status, str] = {
    Status.WAITING: N_("waiting to be sent"),
    Status.SENT: N_("message sent"),
    Status.PERHAPS: N_("perhaps sent"),
    Status.FAILED: N_("not sent"),
    Status.CANCELLED: N_("message cancelled"),
}


class Came(StrEnum):
    """What came of one try.

    ``LATER``: nothing arrived, it may be tried again. ``BUSY``: the robot takes no more at present.
    ``UNSURE``: it may have arrived. ``NEVER``: trying again cannot help.
    """

    SENT = "sent"
    LATER = "later"
    BUSY = "busy"
    UNSURE = "unsure"
    NEVER = "never"


CAME_NAMES: dict[Came, str] = {
    Came.SENT: N_("message sent"),
    Came.LATER: N_("not sent"),
    Came.BUSY: N_("not sent"),
    Came.UNSURE: N_("perhaps sent"),
    Came.NEVER: N_("not sent"),
}


@dataclass(frozen=True)
class Outcome:
    """What came of one try; ``error`` is one of :data:`ERRORS`, with a number behind a colon."""

    came: Came
    error: str = ""


ERRORS: dict[str, str] = {
    "refused": N_("The address could not be reached."),
    "timeout": N_("No answer came in time. The message may be in the group: look there first."),
    "dropped": N_(
        "The connection broke before the answer. The message may be in the group: look there first."
    ),
    "stopped": N_(
        "The program stopped while it was sending. The message may be in the group: look there "
        "first."
    ),
    "server": N_("The robot's server has a fault (HTTP {number})."),
    "http": N_("The robot's server refused the message (HTTP {number})."),
    "answer": N_("The answer could not be understood. Is the address a robot's?"),
    "busy": N_("The robot takes no more messages at the moment."),
    "robot": N_("The robot does not exist any more, or its address is wrong."),
    "message": N_("The robot does not take a message like this one."),
    "code": N_("The robot refused the message (number {number})."),
    "sealed": N_("The robot's address cannot be read any more. Enter it again."),
    "service": N_("The service did not take the message."),
    "fault": N_("The program met a fault while sending; it stands in the log."),
}
"""What is said of an error. No sentence has an address or an answer of a robot in it."""


def said_error(error: str) -> tuple[str, dict[str, object]]:
    """Return the msgid and values for ``Outcome.error``; empty for none."""
    word, _colon, number = error.partition(":")
    return ERRORS.get(word, ""), {"number": number}


_BUSY = frozenset({45009, 45033})
_GONE = frozenset({93000, 93008, 40001})
_UNFIT = frozenset({40008, 40058, 44004, 45002})
_LATER = frozenset({-1, 40014, 50001})
_TOO_MANY, _GATEWAY_TIMEOUT, _SERVER, _MISTAKE, _ELSEWHERE = 429, 504, 500, 400, 300


def judged(status: int, answer: object) -> Outcome:
    """Return what the answer of a WeCom robot means: HTTP ``status`` and the JSON ``answer``.

    ``answer`` is None when it was no JSON. A gateway that waited in vain (504) leaves open whether
    the message arrived; other faults of the server are tried again.
    """
    if status == _TOO_MANY:
        return Outcome(Came.BUSY, "busy")
    if status == _GATEWAY_TIMEOUT:
        return Outcome(Came.UNSURE, "timeout")
    if status >= _SERVER:
        return Outcome(Came.LATER, f"server:{status}")
    if status >= _ELSEWHERE:
        return Outcome(Came.NEVER, f"http:{status}")
    code = answer.get("errcode") if isinstance(answer, Mapping) else None
    if isinstance(code, bool) or not isinstance(code, int):
        return Outcome(Came.LATER, "answer")
    return _judged_code(code)


def _judged_code(code: int) -> Outcome:
    if code == 0:
        return Outcome(Came.SENT)
    if code in _BUSY:
        return Outcome(Came.BUSY, "busy")
    if code in _GONE:
        return Outcome(Came.NEVER, "robot")
    if code in _UNFIT:
        return Outcome(Came.NEVER, "message")
    return Outcome(Came.LATER if code in _LATER else Came.NEVER, f"code:{code}")


@dataclass(frozen=True)
class Next:
    """How a message stands after a try; ``at`` is when a waiting one is tried again."""

    status: Status
    at: datetime


def after(outcome: Outcome, tries: int, now: datetime, settings: Settings) -> Next:
    """Return how a message stands at ``now`` after its ``tries``-th try came to ``outcome``.

    Waits grow from half a minute to half an hour; a busy robot is left alone for a minute.
    """
    if outcome.came is Came.SENT:
        return Next(Status.SENT, now)
    if outcome.came is Came.UNSURE:
        return Next(Status.PERHAPS, now)
    if outcome.came is Came.NEVER or tries >= settings.message_tries:
        return Next(Status.FAILED, now)
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
    return Next(Status.WAITING, now + (max(wait, MINUTE) if outcome.came is Came.BUSY else wait))


def lease(settings: Settings) -> timedelta:
    """Return how long a sender may keep a message: connecting, writing, reading, and some more."""
    return 3 * timedelta(seconds=settings.message_timeout_seconds) + SPARE


def checked_wecom(address: str) -> str:
    """Return the address of a WeCom robot as it is kept.

    Raises ``Refused`` unless it is https, of the robot's path and with a key. An address of this
    very machine is taken as it is: a gateway of the shop's own, or a test.
    """
    address = checked_length(address)
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError as error:
        raise Refused(N_("This is no address.")) from error
    if parts.scheme in ("http", "https") and is_loopback(parts.hostname or ""):
        return address
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise Refused(N_("The address of a robot begins with https://"))
    if parts.path != WECOM_PATH or not parse_qs(parts.query).get("key"):
        raise Refused(
            N_("The address of a WeCom robot looks like {example}. Copy it from the robot."),
            example=f"https://qyapi.weixin.qq.com{WECOM_PATH}?key=…",
        )
    return address


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_length(address: str) -> str:
    """Return ``address`` without spaces around it; raises ``Refused`` for what can be none."""
    address = address.strip()
    if not address or len(address) > LONGEST_ADDRESS or any(sign.isspace() for sign in address):
        raise Refused(N_("This is no address."))
    return address
