"""What a check of the sheets says: the same on the screen and in the terminal. Pure."""

from collections.abc import Callable

from lib.trust.costs.checking.rules import Fault, Report
from lib.trust.costs.rules import short_fingerprint

Translate = Callable[[str], str]


def fault_line(fault: Fault, translate: Translate) -> str:
    """Return one fault as one line: number, day, what is wrong."""
    _ = translate
    said = _(fault.sentence).format(**fault.values)
    if fault.number is None:
        return said
    if fault.day is None:
        return _("Sheet {number}: {fault}").format(number=fault.number, fault=said)
    return _("Sheet {number} of {day}: {fault}").format(
        number=fault.number, day=fault.day.isoformat(), fault=said
    )


def summary(report: Report, translate: Translate) -> str:
    """Return how many sheets were checked and what came of it, in one or two sentences."""
    _ = translate
    if not report.is_whole:
        found = _("{sheets} sheets checked, faults found: {faults}.")
        advice = _("Compare them with the fingerprints posted in the group, and restore a backup.")
        return f"{found.format(sheets=report.sheets, faults=len(report.faults))} {advice}"
    if report.newest is None:
        return _("No sheet has been published yet.")
    number, fingerprint = report.newest
    whole = _("All {count} sheets are as they were published.").format(count=report.sheets)
    newest = _("The newest is number {number}, fingerprint {fingerprint}.")
    return f"{whole} {newest.format(number=number, fingerprint=short_fingerprint(fingerprint))}"
