"""Decisions on packaging material (R25): what a bag takes, what is left, when to buy. Pure.

Everything is counted in pieces. A bag is packed once: what the rule says goes into it, unless
somebody ticked something else on the slip.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lib.kernel.errors import Refused
from lib.kernel.money import Money, ratio
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.service.owed.rules import Owed
from lib.service.picking.rules import Line, packaging
from lib.shop.settings import Settings
from lib.trade.packaging.rules import Packaging, is_warm

MOST_IN_A_BAG = 20
MOST_PIECES = 100_000
"""More than that on one slip or in one delivery is a slip of the finger."""
LONGEST_NOTE = 100


class Kind(StrEnum):
    """Why material moves."""

    BOUGHT = "bought"
    USED = "used"
    COUNTED = "counted"
    THROWN_AWAY = "thrown_away"


KIND_NAMES: dict[Kind, str] = {
    Kind.BOUGHT: N_("material bought"),
    Kind.USED: N_("put into a bag"),
    Kind.COUNTED: N_("material counted"),
    Kind.THROWN_AWAY: N_("material thrown away"),
}

UNDOABLE = frozenset({Kind.BOUGHT, Kind.COUNTED, Kind.THROWN_AWAY})
"""What a person enters here; what went into a bag is changed on its slip."""


@dataclass(frozen=True, slots=True)
class MaterialStock:
    """One material as it stands.

    ``on_hand`` is None while it was never counted or bought. ``used`` went into bags in the last
    ``days`` days. ``in_season``: the rule uses it today. ``cost`` is that of one piece, by the
    setting; None for those who may not see cost.
    """

    material: Packaging
    on_hand: int | None
    used: int
    days: int
    reorder_at: int
    in_use: bool
    in_season: bool
    cost: Money | None

    @property
    def per_day(self) -> Fraction:
        """How many pieces a day go into bags."""
        return Fraction(self.used, self.days)

    @property
    def lasts(self) -> int | None:
        """For how many days what is left will do; None where that is not known."""
        if self.on_hand is None or not self.used:
            return None
        return int(max(self.on_hand, 0) / self.per_day)

    @property
    def is_due(self) -> bool:
        """Whether it is to be bought again: in use, in season, and down to the reorder point."""
        return (
            self.in_use
            and self.in_season
            and self.on_hand is not None
            and self.on_hand <= self.reorder_at
        )


@dataclass(frozen=True, slots=True)
class Packed:
    """What of a material went into a bag; ``ruled`` is what the rule said."""

    quantity: int
    ruled: int


def after(before: int | None, quantity: int) -> int | None:
    """Return what is left after ``quantity`` came (or went, below zero); None stays unknown."""
    return None if before is None else before + quantity


def reorder_point(material: Packaging, settings: Settings) -> int:
    """Return with how many pieces left ``material`` is to be bought again."""
    return {
        Packaging.FRESHNESS_BAG: settings.freshness_bag_reorder,
        Packaging.ICE_PACK: settings.ice_pack_reorder,
        Packaging.BUBBLE_WRAP: settings.bubble_wrap_reorder,
    }[material]


def is_used(material: Packaging, settings: Settings) -> bool:
    """Whether the rule of ``material`` is switched on."""
    return {
        Packaging.FRESHNESS_BAG: settings.freshness_bag,
        Packaging.ICE_PACK: settings.ice_pack,
        Packaging.BUBBLE_WRAP: settings.bubble_wrap,
    }[material]


def in_season(material: Packaging, settings: Settings, day: date) -> bool:
    """Whether ``material`` has its season on ``day``; only ice packs have one."""
    if material is not Packaging.ICE_PACK:
        return True
    return is_warm(day.month, settings.ice_pack_from_month, settings.ice_pack_to_month)


def ruled(
    lines: Sequence[Line], settings: Settings, day: date, owed: Sequence[Owed] = ()
) -> dict[Packaging, int]:
    """Return how many pieces of each material the rule puts into the bag of ``lines`` on ``day``.

    One of each that is needed, also by ``owed`` goods that go with them; materials that are not
    stand with 0.
    """
    needed = {tick.material for tick in packaging(lines, settings, day, owed)}
    return {material: int(material in needed) for material in Packaging}


def checked_packed(typed: Mapping[Packaging, int]) -> dict[Packaging, int]:
    """Return what somebody ticked; raises ``Refused`` for what cannot be in one bag."""
    for quantity in typed.values():
        if not 0 <= quantity <= MOST_IN_A_BAG:
            raise Refused(N_("Between 0 and {most} pieces go into one bag."), most=MOST_IN_A_BAG)
    return {Packaging(material): quantity for material, quantity in typed.items()}


def checked_pieces(pieces: int | None, *, zero: bool = False) -> int:
    """Return a number of pieces; raises ``Refused`` for none, too many, and nothing typed."""
    if pieces is None or pieces < 0 or (pieces == 0 and not zero):
        raise Refused(N_("Enter how many pieces."))
    if pieces > MOST_PIECES:
        raise Refused(N_("That is more than {most} pieces. Check the number."), most=MOST_PIECES)
    return pieces


def checked_note(text: str) -> str:
    """Return a note on one line."""
    return clean(text, LONGEST_NOTE)


def piece_cost(cost: Money, pieces: int) -> Money:
    """Return what one piece cost, half-up to the fen."""
    return Money(ratio(cost.fen, pieces))
