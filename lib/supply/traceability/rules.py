"""What evidence is, when a test is old, what may stand on it. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_

LONGEST_TITLE = 60
LONGEST_WORDS = 120


class Kind(StrEnum):
    """What a piece of evidence is."""

    GROWING = "growing"
    WORKSHOP = "workshop"
    TEST_REPORT = "test_report"
    CERTIFICATE = "certificate"
    QUARANTINE = "quarantine"
    RECEIPT = "receipt"
    OTHER = "other"


LABELS: dict[Kind, str] = {
    Kind.GROWING: N_("Growing or breeding"),
    Kind.WORKSHOP: N_("Workshop"),
    Kind.TEST_REPORT: N_("Test report"),
    Kind.CERTIFICATE: N_("Certificate"),
    Kind.QUARANTINE: N_("Quarantine certificate"),
    Kind.RECEIPT: N_("Delivery note"),
    Kind.OTHER: N_("Other"),
}

PAPERS = frozenset({Kind.TEST_REPORT, Kind.CERTIFICATE, Kind.QUARANTINE, Kind.RECEIPT})
"""Kinds that somebody issued; the others were filmed or photographed."""


@dataclass(frozen=True)
class Target:
    """What evidence is about: one supplier, one product or one batch.

    Raises ``Refused`` unless exactly one is named.
    """

    supplier_id: int | None = None
    product_id: int | None = None
    batch_id: int | None = None

    def __post_init__(self) -> None:
        if len(self.columns()) != 1:
            raise Refused(N_("Say whether this is about a supplier, a product or a batch."))

    def columns(self) -> dict[str, int]:
        """Return the one column that is set, for a row or a condition."""
        named = {
            "supplier_id": self.supplier_id,
            "product_id": self.product_id,
            "batch_id": self.batch_id,
        }
        return {name: value for name, value in named.items() if value is not None}

    @property
    def word(self) -> str:
        """The target as one word for addresses and keys: ``batch-12``."""
        ((name, number),) = self.columns().items()
        return f"{name.removesuffix('_id')}-{number}"

    @classmethod
    def of_word(cls, word: str) -> "Target":
        """Return the target that ``word`` names. Raises ``Refused`` for anything else."""
        kind, _, number = word.partition("-")
        if kind not in ("supplier", "product", "batch") or not _is_row_id(number):
            raise Refused(N_("Say whether this is about a supplier, a product or a batch."))
        return cls(**{f"{kind}_id": int(number)})


@dataclass(frozen=True)
class Details:
    """What is known of a piece of evidence; an empty ``title`` is named by kind and day.

    ``made_on`` is the day of the test or of the filming.
    """

    kind: Kind
    title: str = ""
    made_on: date | None = None
    issuer: str = ""
    result: str = ""

    def checked(self, today: date) -> "Details":
        """Return the details as they are kept. Raises ``Refused`` for a day that is to come."""
        if self.made_on is not None and self.made_on > today:
            raise Refused(N_("The day of the test or filming lies in the future."))
        return replace(
            self,
            title=clean(self.title, LONGEST_TITLE),
            issuer=clean(self.issuer, LONGEST_WORDS),
            result=clean(self.result, LONGEST_WORDS),
        )


class Freshness(StrEnum):
    """How old the last test is."""

    FRESH = "fresh"
    OLD = "old"
    MISSING = "missing"


def freshness(last: date | None, today: date, fresh_days: int) -> Freshness:
    """Return how a last test of day ``last`` counts; exactly ``fresh_days`` old is still fresh."""
    if last is None:
        return Freshness.MISSING
    return Freshness.OLD if (today - last).days > fresh_days else Freshness.FRESH


def _is_row_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < len(text) <= 18 and int(text) > 0
