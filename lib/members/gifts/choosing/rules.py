"""Decisions on what is suggested as a gift: what is liked first, then what is bought. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import folded
from lib.kernel.words import N_

MOST_IDEAS = 5
FEWEST_ORDERS = 2
"""What was bought once is no favourite."""


class Ground(IntEnum):
    """Why something is suggested, the best ground first."""

    LIKED = 1
    KIND = 2
    TAG = 3
    BOUGHT = 4


GROUNDS = {
    Ground.LIKED: N_("liked"),
    Ground.KIND: N_("likes {name}"),
    Ground.TAG: N_("likes {name}"),
    Ground.BOUGHT: N_("bought {orders} times in {days} days"),
}
"""Msgids; of what is liked and bought both are said."""


@dataclass(frozen=True)
class Goods:
    """A product that may be given: ``free`` is on hand, not reserved and not planned as a gift.

    ``portion`` is one sale unit in grams or pieces, ``cost`` what it costs the shop; None unknown.
    """

    product_id: int
    name: str
    category: str
    unit: Unit
    free: int
    cost: Money | None

    @property
    def portion(self) -> int:
        """One sale unit of it, in grams or pieces."""
        return self.unit.grams or 1


@dataclass(frozen=True)
class Likings:
    """What is known of somebody: accepted and rejected products, categories and tags.

    ``bought`` is the number of orders by product.
    """

    products: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    not_products: frozenset[int] = frozenset()
    not_kinds: frozenset[str] = frozenset()
    bought: Mapping[int, int] | None = None

    def orders(self, product_id: int) -> int:
        """Return in how many orders of late a product was."""
        return (self.bought or {}).get(product_id, 0)


@dataclass(frozen=True)
class Idea:
    """A suggested gift. ``name`` is the category or tag it rests on, ``orders`` what was bought."""

    goods: Goods
    ground: Ground
    name: str
    orders: int


def ideas(goods: Iterable[Goods], likings: Likings, budget: Money) -> tuple[Idea, ...]:
    """Return what to give, best first: in stock, within ``budget``, never what was rejected.

    What nobody knows the cost of is not suggested: it may cost anything.
    """
    found = []
    for one in goods:
        if one.free < one.portion or one.cost is None or one.cost > budget:
            continue
        if one.product_id in likings.not_products or one.category in likings.not_kinds:
            continue
        idea = _idea(one, likings)
        if idea is not None:
            found.append(idea)
    found.sort(key=lambda idea: (idea.ground, -idea.orders, idea.goods.name))
    return tuple(found[:MOST_IDEAS])


def _idea(one: Goods, likings: Likings) -> Idea | None:
    orders = likings.orders(one.product_id)
    if one.product_id in likings.products:
        return Idea(one, Ground.LIKED, one.name, orders)
    if one.category and one.category in likings.kinds:
        return Idea(one, Ground.KIND, one.category, orders)
    if tag := _tag(one, likings.tags):
        return Idea(one, Ground.TAG, tag, orders)
    return Idea(one, Ground.BOUGHT, one.name, orders) if orders >= FEWEST_ORDERS else None


def _tag(one: Goods, tags: Collection[str]) -> str | None:
    """Return the tag that names a product or its category."""
    said = f"{folded(one.name)} {folded(one.category)}"
    return next((tag for tag in sorted(tags) if folded(tag) and folded(tag) in said), None)
