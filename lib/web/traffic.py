"""When something last came in from a browser, so that cleaning up can wait for a quiet moment."""

import time

_last = [time.monotonic()]


def noticed() -> None:
    """Something came in just now."""
    _last[0] = time.monotonic()


def quiet_for(seconds: float) -> bool:
    """Whether nothing has come in for so many ``seconds``."""
    return time.monotonic() - _last[0] >= seconds
