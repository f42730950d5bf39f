"""Speaking to a robot: one message to one address. Blocks; called outside of any transaction.

No exception, log line or answer with an address in it leaves this module: libraries quote the
address in what they raise and log, so their loggers are kept quiet and what they raise becomes an
:class:`Outcome`.
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop import incidents
from lib.shop.messages.outbox import rules
from lib.shop.messages.outbox.rules import Came, Kind, Outcome

_LOUD = ("httpx", "httpcore", "urllib3", "requests")
_HTTP_ERROR = re.compile(r"error=(\d{3})")
_NOTHING_SENT = (
    "NewConnectionError",
    "ConnectTimeout",
    "NameResolutionError",
    "Max retries exceeded",
)
_NO_ANSWER = ("Read timed out", "ReadTimeout", "RemoteDisconnected", "Connection aborted")


def speak(kind: Kind, address: str, text: str, seconds: int) -> Outcome:
    """Give ``text`` to the robot at ``address``, waiting at most ``seconds``; never raises.

    A fault of the program is logged without what it was doing: the address would be quoted.
    """
    hush()
    try:
        if kind is Kind.WECOM:
            return _wecom(address, text, seconds)
        return _apprise(address, text, seconds)
    except Exception as fault:  # noqa: BLE001 - its text and its chain may quote the address
        name = type(fault).__name__
    incidents.record(RuntimeError(f"a robot could not be spoken to: {name}"))
    return Outcome(Came.UNSURE, "fault")


def hush() -> None:
    """Keep the loggers of HTTP libraries from writing down addresses."""
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def checked_apprise(address: str) -> str:
    """Return an apprise address as it is kept; raises ``Refused`` when apprise does not take it."""
    import apprise

    address = rules.checked_length(address)
    hush()
    with _heard():
        robot = apprise.Apprise()
        if not (robot.add(address) and len(robot) == 1):
            raise Refused(
                N_("apprise does not know an address like this. Examples: {examples}"),
                examples="dingtalk://… feishu://… mailto://… json://…",
            )
    return address


def _wecom(address: str, text: str, seconds: int) -> Outcome:
    import httpx

    body = {"msgtype": "text", "text": {"content": text}}
    try:
        answer = httpx.post(address, json=body, timeout=seconds, follow_redirects=False)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
        return Outcome(Came.LATER, "refused")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return Outcome(Came.NEVER, "robot")
    except httpx.TimeoutException:
        return Outcome(Came.UNSURE, "timeout")
    except httpx.HTTPError:
        return Outcome(Came.UNSURE, "dropped")
    try:
        return rules.judged(answer.status_code, answer.json())
    except ValueError:
        return rules.judged(answer.status_code, None)


def _apprise(address: str, text: str, seconds: int) -> Outcome:
    import apprise

    with _heard() as heard:
        robot = apprise.Apprise()
        if not robot.add(address):
            return Outcome(Came.NEVER, "robot")
        for service in robot:
            service.socket_connect_timeout = service.socket_read_timeout = float(seconds)
        if robot.notify(body=text, body_format=apprise.NotifyFormat.TEXT):
            return Outcome(Came.SENT)
    return _meaning("\n".join(heard))


def _meaning(heard: str) -> Outcome:
    """Return what apprise's own words say of a failure; it answers no more than yes or no."""
    if any(word in heard for word in _NO_ANSWER):
        return Outcome(Came.UNSURE, "timeout" if "imed out" in heard else "dropped")
    if any(word in heard for word in _NOTHING_SENT):
        return Outcome(Came.LATER, "refused")
    found = _HTTP_ERROR.search(heard)
    if found is None:
        return Outcome(Came.LATER, "service")
    return rules.judged(int(found[1]), None)


class _Ear(logging.Filter):
    """Takes down what apprise says while one message is sent, and lets nothing of it pass."""

    lines: list[str] | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep one line; no handler ever gets it."""
        if self.lines is not None:
            self.lines.append(record.getMessage())
        return False


_EAR = _Ear()
_one_at_a_time = threading.Lock()


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Collect what apprise logs meanwhile, in whatever thread; nothing of it goes into any log."""
    logger = logging.getLogger("apprise")
    with _one_at_a_time:
        logger.setLevel(logging.DEBUG)
        logger.addFilter(_EAR)
        lines: list[str] = []
        _EAR.lines = lines
        try:
            yield lines
        finally:
            _EAR.lines = None
