"""How the figures of a month are said to residents: counts, nothing rounded up. Pure (R26)."""

from datetime import timedelta

from lib.kernel.words import N_
from lib.service.ledger.figures.rules import ServiceFigures
from lib.shop.language import Translate

HEADING = N_("How quickly we help when something is wrong")
KEPT_FRESH = timedelta(minutes=1)
"""So long what is shown may lag behind a promise whose time runs."""


def public_lines(
    figures: ServiceFigures, month: str, minutes: int, hours: int, say: Translate
) -> tuple[str, ...]:
    """Return what residents read of ``month``; a month without complaints says so.

    ``minutes`` and ``hours`` are what is promised for the first answer and the solution.
    What is still within its time counts neither way, and is said.
    """
    if not figures.reports:
        return (say(N_("{month}: nobody complained so far.")).format(month=month),)
    lines = [
        say(N_("{month}: complaints so far: {count}.")).format(month=month, count=figures.reports)
    ]
    if figures.replies:
        lines.append(
            say(N_("{kept} of {count} answered within {minutes} minutes")).format(
                kept=figures.answered_in_time,
                count=figures.replies,
                minutes=minutes,
            )
        )
    if figures.solutions:
        lines.append(
            say(N_("{kept} of {count} solved within {hours} hours")).format(
                kept=figures.solved_in_time, count=figures.solutions, hours=hours
            )
        )
    if figures.running:
        lines.append(
            say(N_("{count} are still within their time and count neither way.")).format(
                count=figures.running
            )
        )
    return tuple(lines)
