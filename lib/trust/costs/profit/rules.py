"""What was earned with a product: revenue less every cost (E15). Pure.

Totals of what the books know are the books' own; of what was typed by hand they are the typed
amount times what was sold. Per unit both say what the cost sheet of the same days says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from lib.kernel.money import Money, ratio, total
from lib.kernel.quantity import Unit
from lib.trust.books.rules import Measured
from lib.trust.costs.draft.rules import ONLY_BY_HAND, by_hand, unit_costs
from lib.trust.costs.rules import NOTHING, Cost, Part

COSTS = tuple(part for part in Part if part is not Part.KEPT)


@dataclass(frozen=True)
class Earned:
    """One product: ``revenue`` with the ``reckoned`` part of it, cost totals, costs per unit.

    ``quantity`` is in base quantities, ``counter`` the part without an order. ``per_unit`` is None
    for a product whose purchase price nobody knows: its purchase total is then nothing, and
    ``is_known`` False.
    """

    product_id: int
    name: str
    unit: Unit
    quantity: int
    counter: int
    revenue: Money
    reckoned: Money
    totals: Mapping[Part, Money]
    per_unit: Mapping[Part, Money] | None
    by_hand: frozenset[Part] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether anything says what the goods cost."""
        return self.per_unit is not None

    @property
    def revenue_of_one(self) -> Money | None:
        """What one sale unit brought on the average, half-up; None when nothing was sold."""
        if not self.quantity:
            return None
        return Money(ratio(self.revenue.fen * (self.unit.grams or 1), self.quantity))

    @property
    def cost(self) -> Money:
        """All costs together."""
        return total(self.totals.values())

    @property
    def kept(self) -> Money:
        """What the shop kept; negative when it lost money on the product."""
        return self.revenue - self.cost


@dataclass(frozen=True)
class Profit:
    """What the products of a scope earned, loss makers first.

    ``gifts`` is what gifts for birthdays and festivals cost (R34, R35): of no product, paid by the
    shop, and no loss.
    """

    lines: tuple[Earned, ...]
    gifts: Money = NOTHING

    @property
    def revenue(self) -> Money:
        """Everything taken, reckoned counter sales included."""
        return total(line.revenue for line in self.lines)

    @property
    def reckoned(self) -> Money:
        """The part of the revenue that is reckoned."""
        return total(line.reckoned for line in self.lines)

    @property
    def totals(self) -> dict[Part, Money]:
        """Every kind of cost over all products."""
        return {part: total(line.totals[part] for line in self.lines) for part in COSTS}

    @property
    def cost(self) -> Money:
        """All costs together, gifts included."""
        return total(line.cost for line in self.lines) + self.gifts

    @property
    def kept(self) -> Money:
        """What the shop kept of the revenue."""
        return self.revenue - self.cost

    @property
    def share(self) -> int | None:
        """What was kept of the revenue in percent, half-up; None without revenue."""
        return share_of(self.kept, self.revenue)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of goods that were sold though nothing says what they cost."""
        return tuple(line.name for line in self.lines if line.quantity and not line.is_known)


@dataclass(frozen=True)
class Stage:
    """What a month or a round earned, ``first`` its first day."""

    first: date
    profit: Profit
    round_id: int | None = None
    title: str = field(default="")


def share_of(part: Money, whole: Money) -> int | None:
    """Return ``part`` of ``whole`` in percent, half-up; None of nothing."""
    if whole.fen <= 0:
        return None
    return ratio(part.fen * 100, whole.fen)


def earned(found: Measured, typed: Mapping[Part, Cost]) -> Earned:
    """Return what was earned with one product."""
    per_unit = unit_costs(found, typed)
    return Earned(
        found.product_id,
        found.name,
        found.unit,
        found.quantity,
        found.counter,
        found.revenue,
        found.reckoned,
        {part: _total(found, typed, per_unit, part) for part in COSTS},
        per_unit,
        by_hand(found, typed),
    )


def loss_makers_first(lines: Iterable[Earned]) -> tuple[Earned, ...]:
    """Return ``lines`` with those that lost money first, the worst foremost; others as they are."""
    return tuple(sorted(lines, key=lambda line: min(line.kept.fen, 0)))


def _total(
    found: Measured,
    typed: Mapping[Part, Cost],
    per_unit: Mapping[Part, Money] | None,
    part: Part,
) -> Money:
    if part in typed:
        amount = typed[part].amount if per_unit is None else per_unit[part]
        return found.unit.price_of(amount or NOTHING, found.quantity)
    return NOTHING if part in ONLY_BY_HAND else getattr(found, part.value)
