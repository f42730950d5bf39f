"""Texts about a batch for the group: what came, from where, and where to see the report."""

from datetime import date

from lib.shop.language import Translate
from lib.shop.messages.filling import filled
from lib.shop.messages.supply_events import ORIGIN
from lib.supply.origin.rules import Origin, source_word


def group_text(origin: Origin, day: str, link: str, say: Translate) -> str:
    """Return the message that goes with a fresh batch; ``day`` is its arrival as people say it.

    It names the grower only where the origin page does, and says of a test only what the report of
    this very batch says.
    """
    values: dict[str, object] = {
        "product": origin.product,
        "day": day,
        "source": source_line(origin, say),
        "test": test_line(origin, say),
        "link": link,
    }
    return filled(say(ORIGIN.wording), values)


def source_line(origin: Origin, say: Translate) -> str:
    """Return who grew it, where and how far away, as far as residents may know."""
    source = origin.source
    parts = [source.name or say(source_word(source.kind)), source.district]
    if source.km:
        parts.append(say("{km} km from the shop").format(km=source.km))
    return " · ".join(part for part in parts if part)


def test_line(origin: Origin, say: Translate) -> str:
    """Return what the test report of this very batch says; empty without one."""
    report = origin.report
    if report is None or report.level != "batch":
        return ""
    parts = [
        say("Tested on {day}").format(day=_said_day(report.made_on, say))
        if report.made_on
        else say("Tested"),
        report.issuer,
        report.result,
    ]
    return " · ".join(part for part in parts if part)


def _said_day(day: date, say: Translate) -> str:
    return say("{month}/{day}").format(month=day.month, day=day.day)
