"""``python start.py verify`` inside the program: check every sheet of a shop or of a backup.

``python -m lib.trust.costs.checking [ARCHIVE] [--language en]`` reads the shop that the
environment names, or the backup ``ARCHIVE``. It changes nothing and may run while the shop is open.
Exit code 0: every sheet is whole; 1: faults were found; 2: the check could not be done.
"""

import argparse
import sys
import traceback
from pathlib import Path

from lib.kernel.errors import ShopError
from lib.shop import backup
from lib.shop.language import LANGUAGES, preferred, translator
from lib.shop.opening import reading
from lib.shop.place import Place
from lib.trust.costs.checking.queries import checked
from lib.trust.costs.checking.rules import Report
from lib.trust.costs.checking.texts import fault_line, summary

WHOLE, FAULTY, NOT_DONE = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Check, print one line per fault and a summary, and return the exit code."""
    parser = argparse.ArgumentParser("python -m lib.trust.costs.checking")
    parser.add_argument("archive", nargs="?", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, default=preferred(None))
    given = parser.parse_args(arguments)
    say = translator(given.language)
    try:
        report = _of_archive(given.archive) if given.archive else _of(Place.from_environment())
    except ShopError as error:
        print(error.said(say), file=sys.stderr)
        return NOT_DONE
    for fault in report.faults:
        print(fault_line(fault, say))
    print(summary(report, say))
    return WHOLE if report.is_whole else FAULTY


def _of_archive(archive: Path) -> Report:
    with backup.unpacked(archive) as place:
        return _of(place)


def _of(place: Place) -> Report:
    with reading(place) as (connection, key):
        return checked(connection, key)


def run(arguments: list[str]) -> int:
    """Do :func:`main`; a fault of the program is no fault of the sheets and has its own code."""
    try:
        return main(arguments)
    except Exception:  # noqa: BLE001 - Python's own exit code for a crash would mean "faults found"
        traceback.print_exc()
        return NOT_DONE


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
