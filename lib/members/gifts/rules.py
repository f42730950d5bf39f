"""Decisions on gifts: who counts as one, how a gift stands, what it costs. Pure (R34, R35).

Quantities are integer grams (goods sold by weight) or sale units, money is whole fen.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.festivals import FESTIVAL_NAMES, Festival
from lib.kernel.money import LARGEST_FEN, Money, total
from lib.kernel.quantity import LARGEST_COUNT, Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.shop.sensitive import refuse_sensitive
from lib.shop.settings import Settings
from lib.supply.stock.rules import Part

BIRTHDAY = "birthday"
"""The occasion of a birthday; other occasions are the values of :class:`Festival`."""

OCCASIONS: dict[str, str] = {
    BIRTHDAY: N_("Birthday"),
    **{festival.value: name for festival, name in FESTIVAL_NAMES.items()},
}
"""What occasions are called (msgids)."""

LONGEST_WHAT, LONGEST_NOTE, LONGEST_REASON = 60, 200, 200


class State(StrEnum):
    """How a gift stands with its day. ``NOT_READY`` is late: the day is near or over."""

    NOTHING = "nothing"
    PLANNED = "planned"
    NOT_READY = "not_ready"
    GIVEN = "given"
    SKIPPED = "skipped"


STATES = {
    State.NOTHING: N_("nothing planned"),
    State.PLANNED: N_("planned"),
    State.NOT_READY: N_("not ready"),
    State.GIVEN: N_("gift given"),
    State.SKIPPED: N_("no gift this year"),
}


@dataclass(frozen=True)
class Present:
    """What is given: ``quantity`` of a product, or ``what`` in words at its ``cost``.

    ``unit`` is that of the product. With neither it is good wishes alone. The cost of a product is
    reckoned from the batches on hand; None when nobody knows it, or not for this reader.
    """

    product_id: int | None = None
    quantity: int | None = None
    what: str = ""
    cost: Money | None = None
    unit: Unit | None = None

    @property
    def is_wishes(self) -> bool:
        """Whether nothing is given but good wishes."""
        return self.product_id is None and not self.what

    @property
    def said(self) -> str:
        """What it is, as people say it: ``蜂蜜 1瓶``; empty for good wishes alone."""
        if self.unit is None or self.quantity is None:
            return self.what
        return f"{self.what} {self.unit.said(self.quantity)}"


@dataclass(frozen=True)
class Gift:
    """A gift as it stands. ``member_id`` is the present file of who gets it, ``name`` theirs.

    ``present.cost`` is None for those who may not see what goods cost. ``by`` gave it.
    """

    id: int
    version: int
    member_id: int
    name: str
    home: Home
    occasion: str
    year: int
    day: date
    present: Present
    reason: str
    note: str
    wished_at: datetime | None
    given_at: datetime | None
    by: str
    cancelled_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is planned and still to be given."""
        return self.given_at is None and self.cancelled_at is None


def birthday_key(member_id: int, year: int) -> str:
    """Return the key of a birthday gift; ``year`` is the lunar one of a lunar birthday."""
    return f"{BIRTHDAY}:{member_id}:{year}"


def festival_key(festival: Festival, year: int, member_id: int, home: Home) -> str:
    """Return the key of a festival gift: one per home with a room, else one per member.

    The home stands in it as a digest: the key of a gift tells no address.
    """
    return f"{festival.value}:{year}:{household_of(member_id, home)}"


def household_of(member_id: int, home: Home) -> str:
    """Return what the members behind one door have in common; a member alone without a room."""
    if not home.room:
        return f"member:{member_id}"
    plain = "\x1f".join(part or "" for part in home.parts)
    return f"home:{hashlib.blake2b(plain.encode(), digest_size=10).hexdigest()}"


def household_in(key: str) -> str:
    """Return the household that the key of a festival gift names, see :func:`household_of`."""
    return key.split(":", 2)[2]


def state_of(
    day: date,
    today: date,
    settings: Settings,
    *,
    planned: bool,
    given: bool = False,
    missing: bool = False,
) -> State:
    """Return how a gift for ``day`` stands ``today``; ``missing``: goods of it are not here yet."""
    if given:
        return State.GIVEN
    near = day - today <= timedelta(days=settings.gift_last_notice_days)
    if day < today or (near and (missing or not planned)):
        return State.NOT_READY
    return State.PLANNED if planned else State.NOTHING


def checked_present(present: Present) -> Present:
    """Return ``present`` as it is kept; raises ``Refused`` with what is wrong.

    Words about health or children are refused: why somebody gets what is nobody's to store.
    """
    if present.product_id is not None:
        if present.quantity is None or not 0 < present.quantity <= LARGEST_COUNT:
            raise Refused(N_("Say how much is given away."))
        return replace(present, what="")
    what = clean(present.what, LONGEST_WHAT)
    refuse_sensitive(what)
    cost = present.cost or Money(0)
    if not 0 <= cost.fen <= LARGEST_FEN:
        raise Refused(N_("What a gift costs is zero or more."))
    if cost and not what:
        raise Refused(N_("Say what is given for this money."))
    return replace(present, what=what, quantity=None, cost=cost)


def checked_note(text: str) -> str:
    """Return a note as it is kept; raises ``Refused`` when it tells of health or a child."""
    kept = clean(text, LONGEST_NOTE)
    refuse_sensitive(kept)
    return kept


def check_budget(cost: Money | None, budget: Money, *, accepted: bool) -> None:
    """Raise ``Refused`` when a gift costs more than it may and nobody ``accepted`` that.

    A cost nobody knows is no reason to refuse.
    """
    if cost is not None and cost > budget and not accepted:
        raise Refused(
            N_("That is more than the {budget} yuan such a gift may cost. Tick that it may."),
            budget=budget,
        )


@dataclass(frozen=True)
class Bought:
    """What the goods of a batch cost: ``price`` per ``unit`` of the batch."""

    price: Money
    unit: Unit


def cost_of(
    parts: Sequence[Part], batches: Mapping[int, Bought], unit: Unit, usual: Money | None
) -> Money | None:
    """Return what ``parts`` cost the shop: at the price of their batch, half-up per part.

    What no batch with a price covers stands at the ``usual`` purchase price per ``unit``; without
    one nobody knows, which is None.
    """
    found = []
    for part in parts:
        bought = batches.get(part.batch_id) if part.batch_id is not None else None
        if bought is None and usual is None:
            return None
        price, per = (bought.price, bought.unit) if bought else (usual or Money(0), unit)
        found.append(per.price_of(price, part.quantity))
    return total(found)


@dataclass(frozen=True)
class Need:
    """Goods that planned gifts need on ``day``: ``quantity`` in all, for so many ``gifts``."""

    product_id: int
    day: date
    quantity: int
    gifts: int = 1


@dataclass(frozen=True)
class Shortage:
    """How much of a product is missing for gifts, and the day by which it must be here."""

    product_id: int
    needed: int
    missing: int
    by: date
    gifts: int


def shortages(needs: Sequence[Need], free: Mapping[int, int]) -> tuple[Shortage, ...]:
    """Return what ``free`` stock does not cover, the first day on which it runs out first."""
    found = []
    for product_id in sorted({need.product_id for need in needs}):
        mine = sorted((one for one in needs if one.product_id == product_id), key=_by_day)
        there, needed, by = max(free.get(product_id, 0), 0), 0, None
        for need in mine:
            needed += need.quantity
            if needed > there and by is None:
                by = need.day
        if by is not None:
            gifts = sum(need.gifts for need in mine)
            found.append(Shortage(product_id, needed, needed - there, by, gifts))
    return tuple(sorted(found, key=lambda one: (one.by, one.product_id)))


def _by_day(need: Need) -> date:
    return need.day
