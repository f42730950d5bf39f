"""Packing ledger and photos. Files go from disk to disk; none is held in memory."""

import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lib.kernel.words import N_
from lib.service.ledger import texts
from lib.service.ledger.album.queries import album
from lib.service.ledger.album.rules import file_names
from lib.service.ledger.queries import MOST_ROWS, ledger
from lib.service.ledger.rules import Wanted
from lib.shop import export
from lib.shop.files import storage
from lib.shop.language import translator
from lib.shop.shop import DESK, Shop

TABLE = "linli-complaints.xlsx"
NOTE = "read-me.txt"


@dataclass(frozen=True)
class Made:
    """A finished file on disk; whoever sends it removes it. ``name`` names nobody."""

    path: Path
    name: str


def build(shop: Shop, wanted: Wanted) -> Made:
    """Write the table of the cases that are ``wanted`` and their photos into one ZIP.

    Neither residents nor their words are in it: it may leave the house. What did not fit is said
    in its note. Raises ``Refused`` for the days. It is a temporary file beside the uploads: one
    that nobody removed goes with their next sweep.
    """
    shop.require(DESK)
    found, rows = album(shop, wanted), ledger(shop, wanted, limit=MOST_ROWS)
    say = translator(shop.settings.language)
    table = texts.as_table(rows, say, residents=False, cost=shop.may_see_cost)
    sheet = export.rows_to_excel(
        table,
        [say(each) for each in texts.MONEY if shop.may_see_cost or each != texts.AT_COST],
        [say(each) for each in texts.MOMENTS],
        shop.settings.time_zone,
    )
    folder = shop.place.uploads / storage.UNFINISHED
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".zip", dir=folder)
    path = Path(name)
    missing = 0
    try:
        with os.fdopen(handle, "wb") as target, zipfile.ZipFile(target, "w") as packed:
            packed.writestr(TABLE, sheet, zipfile.ZIP_DEFLATED)
            for inside, sha256 in file_names(found.shots).items():
                source = storage.path_of(shop.place, sha256)
                if source.is_file():
                    packed.write(source, inside, zipfile.ZIP_STORED)
                else:
                    missing += 1
            packed.writestr(NOTE, _note(shop, wanted, len(rows), len(found.shots) - missing,
                                        found.left_out + missing))  # fmt: skip
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    days = f"{wanted.first:%Y%m%d}-{wanted.last:%Y%m%d}"
    return Made(path, f"linli-complaints-{days}.zip")


def _note(shop: Shop, wanted: Wanted, cases: int, photos: int, left_out: int) -> bytes:
    """Return what is in the file, and what is not, for whoever opens it."""
    say = translator(shop.settings.language)
    lines = [
        say(N_("Complaints told from {first} to {last}: {cases} cases, {photos} photos.")).format(
            first=wanted.first.isoformat(),
            last=wanted.last.isoformat(),
            cases=cases,
            photos=photos,
        ),
        say(N_("Photos are named by case number. Names and homes of residents are left out.")),
    ]
    if left_out:
        lines.append(
            say(N_("{count} photos of the oldest cases did not fit. Choose fewer days.")).format(
                count=left_out
            )
        )
    if cases >= MOST_ROWS:
        lines.append(
            say(N_("The table ends after {count} cases. Choose fewer days.")).format(
                count=MOST_ROWS
            )
        )
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
