"""What residents are told of a batch, and which report is its own. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.supply.suppliers.rules import KIND_NAMES as SUPPLIER_KINDS
from lib.supply.suppliers.rules import Kind as SupplierKind
from lib.supply.suppliers.rules import PaperKind, said_km
from lib.supply.traceability.rules import Freshness, Kind, Target

LIGHT_PAGE = "/p/origin"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Level(StrEnum):
    """Whose evidence it is: of this very batch, of the product, of the supplier."""

    BATCH = "batch"
    PRODUCT = "product"
    SUPPLIER = "supplier"


LEVEL_NAMES: dict[Level, str] = {
    Level.BATCH: N_("Of this very batch"),
    Level.PRODUCT: N_("Of this product, not of this batch"),
    Level.SUPPLIER: N_("Of the supplier, not of this batch"),
}


@dataclass(frozen=True)
class Piece:
    """One published piece of evidence. ``pictures`` are what is looked at; ``clip`` is played.

    ``days`` is how old it is, ``freshness`` how that counts for a test report.
    """

    id: int
    level: Level
    kind: Kind
    title: str
    pictures: tuple[str, ...]
    clip: str | None
    seconds: int | None
    width: int | None
    height: int | None
    made_on: date | None
    issuer: str
    result: str
    days: int | None
    freshness: Freshness

    @property
    def is_report(self) -> bool:
        """Whether it is a test report."""
        return self.kind is Kind.TEST_REPORT


@dataclass(frozen=True)
class Certificate:
    """A paper of the supplier that is in force; ``pictures`` only where it was published."""

    kind: PaperKind
    number: str
    valid_until: date | None
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Who grew or made it. An empty ``name`` or ``contact`` is not for residents."""

    name: str
    kind: SupplierKind
    district: str
    metres: int | None
    story: str
    contact: str

    @property
    def km(self) -> str:
        """The distance to the shop in km as people say it; empty where it is not known."""
        return "" if self.metres is None else said_km(self.metres)


@dataclass(frozen=True)
class CalledBack:
    """What residents are told of a recall."""

    on: date
    reason: str
    advice: str


@dataclass(frozen=True)
class Origin:
    """All that residents see of a batch. ``photo`` is the product's picture."""

    batch_id: int
    token: str
    code: str
    product_id: int
    product: str
    unit: Unit
    photo: str | None
    arrived_on: date
    produced_on: date | None
    best_before: date | None
    best_before_printed: bool
    source: Source
    pieces: tuple[Piece, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    stopped_on: date | None = None
    called_back: CalledBack | None = None
    product_stopped: bool = field(default=False)

    @property
    def path(self) -> str:
        """The path of its light page."""
        return path_of(self.token)

    @property
    def report(self) -> Piece | None:
        """The test report to lead to: of this batch, else of its product, else of its supplier."""
        return report_of(self.pieces)

    def of(self, level: Level) -> tuple[Piece, ...]:
        """Return the evidence of one level, test reports first."""
        found = [piece for piece in self.pieces if piece.level is level]
        return tuple(sorted(found, key=lambda piece: not piece.is_report))


@dataclass(frozen=True)
class Current:
    """A batch that lies in the shop and may be sold. ``tested_on``: its own last test report."""

    product_id: int
    product: str
    token: str
    code: str
    arrived_on: date
    has_evidence: bool
    tested_on: date | None = None

    @property
    def path(self) -> str:
        """The path of its light page."""
        return path_of(self.token)


def path_of(token: str) -> str:
    """Return the path of a batch's light page."""
    return f"{LIGHT_PAGE}/{token}"


def is_token(text: str) -> bool:
    """Whether ``text`` can be the token of a batch; nothing else is looked up."""
    return _TOKEN.fullmatch(text) is not None


def report_of(pieces: Iterable[Piece]) -> Piece | None:
    """Return the newest test report of the nearest level that has one; None without any."""
    reports = [piece for piece in pieces if piece.is_report and piece.pictures]
    order = list(Level)
    return min(
        reports,
        key=lambda piece: (
            order.index(piece.level),
            -(piece.made_on or date.min).toordinal(),
            -piece.id,
        ),
        default=None,
    )


def level_of(target: Target) -> Level:
    """Return whose evidence ``target`` says it is."""
    if target.batch_id is not None:
        return Level.BATCH
    return Level.PRODUCT if target.product_id is not None else Level.SUPPLIER


def in_force(valid_until: date | None, withdrawn: bool, today: date) -> bool:
    """Whether a paper counts ``today``; on its last day it still does."""
    return not withdrawn and (valid_until is None or valid_until >= today)


def newest_per_product(batches: Sequence[Current]) -> tuple[Current, ...]:
    """Return one batch per product, the one that came last, in the order they came in."""
    found: dict[int, Current] = {}
    for one in sorted(batches, key=lambda one: one.arrived_on, reverse=True):
        found.setdefault(one.product_id, one)
    return tuple(found.values())


def source_word(kind: SupplierKind) -> str:
    """Return the msgid for what a supplier of this ``kind`` does."""
    return SUPPLIER_KINDS[kind]


SHOWN_PAPERS = frozenset(PaperKind) - {PaperKind.SCALE_VERIFICATION}
"""Papers that say something of the goods; the others stay inside."""
