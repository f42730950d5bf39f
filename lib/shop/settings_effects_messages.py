"""What the settings of messages mean, with their own figures (E17). Pure."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from lib.kernel.words import N_
from lib.shop.messages.cutting import pieces
from lib.shop.messages.outbox.rules import Came, Outcome, after
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_CHARACTERS = 1000
_MESSAGES = 100
_SOME_MOMENT = datetime(2026, 9, 25, tzinfo=UTC)


def _length(settings: Settings) -> Said:
    text = "字" * _CHARACTERS
    return (
        N_("A text of {characters} Chinese characters goes in {count} messages."),
        {"characters": _CHARACTERS, "count": len(pieces(text, settings.message_bytes))},
    )


def _tries(settings: Settings) -> Said:
    failed, moment = Outcome(Came.LATER), _SOME_MOMENT
    for tried in range(1, settings.message_tries):
        moment = after(failed, tried, moment, settings).at
    minutes = round((moment - _SOME_MOMENT) / timedelta(minutes=1), 1)
    return (
        N_("A robot that never answers is given up after {minutes} minutes."),
        {"minutes": f"{minutes:g}"},
    )


def _patience(settings: Settings) -> Said:
    return (
        N_("Without an answer after {seconds} seconds a message is shown as perhaps sent."),
        {"seconds": settings.message_timeout_seconds},
    )


def _rate(settings: Settings) -> Said:
    full = (_MESSAGES - 1) // settings.robot_messages_per_minute
    return (
        N_("{messages} messages at once: the last one leaves after {minutes} minutes."),
        {"messages": _MESSAGES, "minutes": full},
    )


EFFECTS: dict[str, Callable[[Settings], Said]] = {
    "message_bytes": _length,
    "message_tries": _tries,
    "message_timeout_seconds": _patience,
    "robot_messages_per_minute": _rate,
}
"""Per setting, what makes its sentence."""
