"""Decisions of picking (E7, R25): what of a line is outstanding, and what goes into a bag.

Pure: values in, values out. Quantities are integer grams (goods sold by weight) or sale units, as
in the order lines.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.service.owed.rules import Owed
from lib.shop.settings import Settings
from lib.trade.packaging.rules import FOR_FRAGILE, Packaging, material_on

NO_MONEY = Money(0)


class Collected(StrEnum):
    """How far an order has been collected."""

    OPEN = "open"
    PART = "part"
    DONE = "done"
    NOTHING = "nothing"


COLLECTED_NAMES = {
    Collected.OPEN: N_("To collect"),
    Collected.PART: N_("Partly collected"),
    Collected.DONE: N_("Collected"),
    Collected.NOTHING: N_("Nothing to collect"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One order line as the desk sees it.

    ``quantity`` is what is owed after weighing, ``handed`` the sum of the handover ledger,
    ``picked`` what was put out, ``refunded`` what refunds took off the price of the line.
    ``taken_off`` says that all it cost was taken off before it was paid, ``order_refunded`` that
    the whole order was paid back.
    """

    id: int
    order_id: int
    product_id: int
    product: str
    unit: Unit
    quantity: int
    amount: Money
    handed: int = 0
    picked: int = 0
    refunded: Money = NO_MONEY
    taken_off: bool = False
    order_refunded: bool = False
    cancelled: bool = False
    fresh: bool = False
    fragile: bool = False

    @property
    def live(self) -> bool:
        """Whether the resident is still to get it: not cancelled, not paid back in full.

        All that was taken off an unpaid price counts like what was paid back. A refund of a share
        leaves the line live: the goods were kept (R29).
        """
        paid_back = self.refunded.fen > 0 and self.refunded >= self.amount
        return not (self.cancelled or paid_back or self.taken_off or self.order_refunded)

    @property
    def outstanding(self) -> int:
        """What is still to be handed over; never negative, also when weighing took some off."""
        return max(self.quantity - self.handed, 0) if self.live else 0

    @property
    def to_pick(self) -> int:
        """What still has to be put out: neither on the shelf of picked goods nor handed over."""
        return max(self.quantity - max(self.picked, self.handed), 0) if self.live else 0


def collected(lines: Sequence[Line]) -> Collected:
    """Return how far an order with ``lines`` has been collected."""
    outstanding = any(line.outstanding for line in lines)
    handed = any(line.handed for line in lines)
    if outstanding:
        return Collected.PART if handed else Collected.OPEN
    return Collected.DONE if handed else Collected.NOTHING


def walking_order(home: Home) -> tuple[object, ...]:
    """Sort key of homes as one walks them: 3 before 12, lettered ones after, unknown ones last."""
    return (
        not (home.building or home.room),
        natural(home.area or ""),
        natural(home.building or ""),
        natural(home.unit or ""),
        natural(home.room or ""),
    )


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key in which numbers inside ``text`` count as numbers: 3 < 12 < B.

    Nothing sorts before everything. Digits of any length are safe.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    key = []
    for digits, letters in re.findall(r"([0-9]+)|([^0-9]+)", plain):
        significant = digits.lstrip("0")
        key.append((0, len(significant), significant) if digits else (1, 0, letters.strip()))
    return tuple(key)


@dataclass(frozen=True, slots=True)
class Tick:
    """One box to tick on a pack slip: the material and the goods it is for."""

    material: Packaging
    products: tuple[str, ...]


def packaging(
    lines: Sequence[Line], settings: Settings, day: date, owed: Sequence[Owed] = ()
) -> list[Tick]:
    """Return the packaging of one bag on ``day`` (R25), also for ``owed`` goods that go with it.

    Goods with nothing outstanding need none.
    """
    wanted: list[Line | Owed] = [line for line in lines if line.outstanding]
    wanted += [one for one in owed if one.open]
    fresh = tuple(dict.fromkeys(one.product for one in wanted if one.fresh))
    fragile = tuple(dict.fromkeys(one.product for one in wanted if one.fragile))
    ticks = [
        Tick(material, fragile if material in FOR_FRAGILE else fresh)
        for material in material_on(settings, day)
    ]
    return [tick for tick in ticks if tick.products]
