"""Who goes beyond the limit of an offer, and how much may be booked. Pure (E4, R19).

A household is all who live behind one door, by the home in the members' files; somebody whose home
is not known is a household alone. Amounts are grams or sale units.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.members.profiles.rules import Hint, Home

Household = tuple[str, ...]
"""What tells one household from another; for comparing only."""


class Why(StrEnum):
    """What stands against booking an amount; msgids, kept as the reason to look at an order."""

    HOUSEHOLD = N_("more than the household limit")
    AVAILABLE = N_("more than there is")


@dataclass(frozen=True)
class Limits:
    """What one offer allows: ``household`` to each, ``available`` to all; None = no limit.

    ``elsewhere`` are other rounds whose orders count towards ``household`` too: one welfare item
    offered twice in a month is one item.
    """

    product_id: int
    name: str
    unit: Unit
    household: int | None
    available: int | None
    elsewhere: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Taken:
    """What a standing order has of one product; ``here``: it belongs to the round in question.

    ``amount`` counts towards the household's limit, ``quantity`` towards what there is in all: what
    the scales showed too much is gone, but is no breach of the limit.
    """

    order_id: int
    product_id: int
    household: Household
    nickname: str
    amount: int
    quantity: int
    here: bool = True


@dataclass(frozen=True)
class Asked:
    """What an order coming in wants, by product.

    ``order_id`` is the order it changes. ``permitted``: the owner lets it go beyond.
    """

    key: str
    household: Household
    nickname: str
    wanted: Mapping[int, int]
    order_id: int | None = None
    permitted: bool = False


@dataclass(frozen=True)
class Coming:
    """An order in a preview: from whom, what it wants by product, and the order it changes.

    ``member_id`` is a person's choice, None where the hint decides.
    """

    key: str
    hint: Hint
    wanted: Mapping[int, int]
    member_id: int | None = None
    order_id: int | None = None
    permitted: bool = False


@dataclass(frozen=True)
class Excess:
    """An order that wants more of a product than it may have.

    ``allowed`` may be booked of ``wanted``. ``holders`` are the names and amounts of the household
    so far, this order left out.
    """

    key: str
    nickname: str
    offer: Limits
    wanted: int
    allowed: int
    why: Why
    holders: tuple[tuple[str, int], ...] = ()

    @property
    def taken(self) -> int:
        """What the household has already."""
        return sum(amount for _name, amount in self.holders)

    @property
    def held_by(self) -> str:
        """Who of the household has how much: ``小李 2斤、李太太 1斤``."""
        said = (f"{name} {self.offer.unit.said(amount)}" for name, amount in self.holders)
        return "、".join(said)


def household_of(home: Home, member_id: int) -> Household:
    """Return the household of a member who lives at ``home``; building 03 is 3, 12a is 12A."""
    if home.building and home.room:
        return ("home", *((part or "").lstrip("0").casefold() for part in home.parts))
    return ("member", str(member_id))


@dataclass
class _Held:
    """What is booked of one offer while orders are gone through, by order."""

    offer: Limits
    taken: dict[int, Taken] = field(default_factory=dict)
    added: list[tuple[Household, str, int]] = field(default_factory=list)

    def holders(self, household: Household, but: int | None) -> list[tuple[str, int]]:
        held = [
            (one.nickname, one.amount)
            for one in self.taken.values()
            if one.household == household and one.order_id != but
        ]
        return held + [(name, amount) for home, name, amount in self.added if home == household]

    def in_all(self) -> int:
        booked = sum(one.quantity for one in self.taken.values() if one.here)
        return booked + sum(amount for _home, _name, amount in self.added)


def excesses(
    limits: Sequence[Limits],
    taken: Iterable[Taken],
    asked: Sequence[Asked],
    leaving: Collection[int] = (),
) -> list[Excess]:
    """Return which of ``asked`` go beyond, in their order, each with what may be booked of it.

    What is booked stands; orders in ``leaving`` are about to be cancelled and do not count. An
    order that changes keeps at least what it has. Of those that go beyond only what is allowed is
    counted on; those permitted count whole, after all others.
    """
    held = {one.product_id: _Held(one) for one in limits}
    for had in taken:
        if had.order_id not in leaving and had.product_id in held:
            held[had.product_id].taken[had.order_id] = had
    found: dict[tuple[int, int], Excess] = {}
    for product_id, offer in held.items():
        wanting = [(index, one) for index, one in enumerate(asked) if _concerns(offer, one)]
        for index, one in sorted(wanting, key=lambda item: _turn(offer, item[1])):
            excess = _book(offer, one)
            if excess is not None:
                found[index, product_id] = excess
    return [found[key] for key in sorted(found)]


def _concerns(offer: _Held, one: Asked) -> bool:
    return offer.offer.product_id in one.wanted or one.order_id in offer.taken


def _turn(offer: _Held, one: Asked) -> int:
    """Less or the same first, then those who want more as they came, the permitted last."""
    before = offer.taken.get(one.order_id or 0)
    if before is not None and one.wanted.get(offer.offer.product_id, 0) <= before.amount:
        return 0
    return 2 if one.permitted else 1


def _book(held: _Held, one: Asked) -> Excess | None:
    offer, wanted = held.offer, one.wanted.get(held.offer.product_id, 0)
    before = held.taken.get(one.order_id or 0)
    kept = before.amount if before else 0
    holders = held.holders(one.household, one.order_id)
    home_room, shop_room = _room(held, before, holders)
    rooms = [room for room in (home_room, shop_room) if room is not None]
    allowed = kept + max(0, min(rooms, default=wanted))
    excess = None
    if wanted > allowed and not one.permitted:
        by_home = home_room is not None and (shop_room is None or home_room <= shop_room)
        why = Why.HOUSEHOLD if by_home else Why.AVAILABLE
        excess = Excess(one.key, one.nickname, offer, wanted, allowed, why, tuple(holders))
    if one.order_id is not None:
        held.taken.pop(one.order_id, None)
    counted = wanted if excess is None else allowed
    if counted:
        held.added.append((one.household, one.nickname, counted))
    return excess


def _room(
    held: _Held, before: Taken | None, holders: Sequence[tuple[str, int]]
) -> tuple[int | None, int | None]:
    """Return how much more than it has an order may have, for its household and of all there is."""
    offer, kept = held.offer, before.amount if before else 0
    home, shop = offer.household, offer.available
    at_home = sum(amount for _name, amount in holders) + kept
    return (
        None if home is None else max(0, home - at_home),
        None if shop is None else max(0, shop - held.in_all()),
    )
