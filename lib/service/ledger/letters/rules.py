"""Decisions on letters to suppliers: what is claimed, what is asked, how a letter is kept. Pure.

A fair claim: the supplier gives back what the shop paid for the goods that were bad, and the
freight the shop bore for them. What was found to be the supplier's doing is claimed whole; what
nobody found out as the agreement says who bears spoilage: whole, half, or not at all; what was the
shop's or the resident's own doing is not claimed and not in the letter. The second piece that the
shop's pledge gives, and the refund beyond the purchase price, are the shop's own promise. The owner
may claim another sum and says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lib.kernel.errors import Refused
from lib.kernel.money import LARGEST_FEN, Money, ratio, total
from lib.kernel.quantity import Measure, Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.service.after_sales.rules import SUPPLIER_CAUSES, Cause, CountedIn, Defect
from lib.service.ledger.causes.rules import Scored, Trend
from lib.supply.papers.rules import Bearer
from lib.supply.statements.rules import ClaimStatus

LONGEST_ASKS = 600
LONGEST_CAME = 300
LONGEST_WHY = 200
LONGEST_HOW = 60
MOST_PHOTOS = 6
"""Photos that fit on the page beside the rest."""
MOST_LINES = 60
"""Complaints one letter lists; more are counted."""


class Reckoned(StrEnum):
    """How the sum of a complaint came about."""

    WHOLE = "whole"
    HALF = "half"
    BORNE_BY_SHOP = "borne_by_shop"
    NOT_COUNTED = "not_counted"
    NO_PRICE = "no_price"
    CLAIMED = "claimed"


RECKONED_NAMES: dict[Reckoned, str] = {
    Reckoned.WHOLE: N_("in full"),
    Reckoned.HALF: N_("half, as agreed"),
    Reckoned.BORNE_BY_SHOP: N_("borne by us, as agreed"),
    Reckoned.NOT_COUNTED: N_("not counted how much"),
    Reckoned.NO_PRICE: N_("price is not known"),
    Reckoned.CLAIMED: N_("claimed before"),
}

ASKS: dict[Defect, str] = {
    Defect.ROTTEN: N_("Please sort before loading and send nothing soft, damp or overripe."),
    Defect.DAMAGED: N_("Please pack so that nothing is crushed, for example with dividers."),
    Defect.QUALITY: N_("Please check every piece before it leaves."),
    Defect.SHORT: N_("Please weigh again: what stands on it must be in it."),
    Defect.MISSING: N_("Please count the packs before loading."),
    Defect.WRONG: N_("Please compare the goods with our order before loading."),
}
"""What is proposed to be asked, by what residents complained about."""


@dataclass(frozen=True)
class OfMonth:
    """A month of the supplier as it stands in the letter; ``per_100`` None: not scored."""

    month: date
    cases: int
    sold: int
    per_100: str | None
    scored: Scored
    few: bool
    deliveries: int


@dataclass(frozen=True)
class Delivered:
    """What came of one product in the month: base quantities, batches, what was sent back."""

    product: str
    unit: Unit
    accepted: int
    rejected: int
    batches: int


@dataclass(frozen=True)
class Line:
    """One complaint of the letter.

    ``quantity`` is what of the goods was bad, in grams or sale units of ``unit``, None where nobody
    counted; ``price`` is what the shop agreed to pay per sale unit. ``freight`` was borne by the
    shop. ``amount`` is what of it is claimed.
    """

    case_id: int
    told_on: date
    product: str
    defect: Defect
    cause: Cause | None
    bad: int | None
    of_total: int | None
    counted_in: CountedIn | None
    unit: Unit | None
    quantity: int | None
    batch: str
    arrived_on: date | None
    price: Money | None
    freight: Money
    amount: Money
    reckoned: Reckoned


@dataclass(frozen=True)
class Picture:
    """A photo on the letter: its address, and the case it shows."""

    sha256: str
    case_id: int


@dataclass(frozen=True)
class Last:
    """What the letters of the month before asked, and what came of their claims."""

    month: date
    asks: str
    claims: tuple[tuple[Money, ClaimStatus], ...]


@dataclass(frozen=True)
class Facts:
    """What the books say of the supplier's month: the letter without what the owner decides."""

    supplier: str
    this: OfMonth
    before: OfMonth
    trend: Trend
    known_since: date
    bearer: Bearer | None
    defects: tuple[tuple[Defect, int], ...]
    causes: tuple[tuple[Cause | None, int], ...]
    delivered: tuple[Delivered, ...]
    lines: tuple[Line, ...]
    pictures: tuple[Picture, ...]
    last: Last | None

    @property
    def reckoned(self) -> Money:
        """What may fairly be claimed: the sum of the lines, to the fen."""
        return total(line.amount for line in self.lines)

    @property
    def claimable(self) -> tuple[Line, ...]:
        """The complaints that a claim is about: those with a sum; without any, all not claimed."""
        summed = tuple(line for line in self.lines if line.amount)
        return summed or tuple(line for line in self.lines if line.reckoned is not Reckoned.CLAIMED)


@dataclass(frozen=True)
class Choice:
    """What the owner decides: asks, photos by address, sum claimed (zero: none), why it differs.

    ``came``: whether what was asked last month came, in the owner's words.
    """

    asks: str = ""
    photos: tuple[str, ...] = ()
    claim: Money = field(default_factory=Money)
    why: str = ""
    came: str = ""


@dataclass(frozen=True)
class Body:
    """A letter as it is kept: the facts, and what the owner decided."""

    facts: Facts
    choice: Choice

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The photos that go with it."""
        return tuple(each for each in self.facts.pictures if each.sha256 in self.choice.photos)


def share_of(cause: Cause | None, bearer: Bearer | None) -> Reckoned:
    """Return how much of a complaint the supplier answers for."""
    if cause in SUPPLIER_CAUSES or bearer is Bearer.SUPPLIER:
        return Reckoned.WHOLE
    return Reckoned.HALF if bearer is Bearer.SHARED else Reckoned.BORNE_BY_SHOP


def bad_quantity(
    unit: Unit,
    bought: int | None,
    bad: int | None,
    of_total: int | None,
    counted_in: CountedIn | None,
    content: tuple[int | None, int | None] = (None, None),
) -> Fraction | None:
    """Return how much was bad, in grams or sale units of ``unit``, exact; None if nobody counted.

    ``bought`` is the quantity of the order line, None for something bought without an order:
    ``content`` (pieces and grams in one sale unit) then says what the count means.
    """
    if bad is None or of_total is None or counted_in is None:
        return None
    if bought is not None:
        return Fraction(bought * bad, of_total)
    pieces, grams = content
    weight = unit.measure is Measure.WEIGHT
    if counted_in is CountedIn.UNITS:
        return Fraction(bad * (unit.grams or 1))
    if counted_in is CountedIn.GRAMS:
        inside = 1 if weight else grams
    else:
        inside = None if weight else pieces or 1
    return Fraction(bad, inside) if inside else None


def amount_of(
    quantity: Fraction | None,
    price: Money | None,
    unit: Unit | None,
    freight: Money,
    share: Reckoned,
) -> tuple[Money, Reckoned]:
    """Return what of a complaint is claimed, half-up to the fen, and how that came about."""
    if share is Reckoned.BORNE_BY_SHOP:
        return Money(), share
    half = 2 if share is Reckoned.HALF else 1
    carried = Money(ratio(freight.fen, half))
    if quantity is None:
        return carried, share if carried else Reckoned.NOT_COUNTED
    if price is None or unit is None:
        return carried, share if carried else Reckoned.NO_PRICE
    exact = price.fen * quantity / (unit.grams or 1) / half
    return Money(ratio(exact.numerator, exact.denominator)) + carried, share


def proposed_asks(defects: Sequence[tuple[Defect, int]]) -> tuple[str, ...]:
    """Return what to ask for the two most frequent complaints, as msgids."""
    known = [defect for defect, _count in defects if defect in ASKS]
    return tuple(ASKS[defect] for defect in known[:2])


def checked_choice(choice: Choice, facts: Facts) -> Choice:
    """Return what the owner decided, cleaned; raises ``Refused``.

    A sum that differs from the reckoned one needs a reason; photos are those of the letter's cases.
    """
    asks = clean(choice.asks, LONGEST_ASKS, lines=True)
    kept = replace(
        choice,
        asks=asks,
        why=clean(choice.why, LONGEST_WHY),
        came=clean(choice.came, LONGEST_CAME, lines=True),
        photos=tuple(dict.fromkeys(choice.photos)),
    )
    if not 0 <= kept.claim.fen <= LARGEST_FEN:
        raise Refused(N_("The claim cannot be below zero. Write 0 to claim nothing."))
    if kept.claim and not facts.claimable:
        raise Refused(N_("There is no complaint left to claim for. Write 0."))
    if kept.claim != facts.reckoned and not kept.why:
        raise Refused(
            N_("You claim another sum than {reckoned}. Write why."), reckoned=facts.reckoned
        )
    if len(kept.photos) > MOST_PHOTOS:
        raise Refused(N_("At most {count} photos fit on the page."), count=MOST_PHOTOS)
    if not set(kept.photos) <= {each.sha256 for each in facts.pictures}:
        raise Refused(N_("A photo was taken off its case meanwhile. Choose the photos again."))
    if not asks and not kept.claim and not facts.lines:
        raise Refused(N_("Nothing was complained about and nothing is asked: no letter is needed."))
    return kept


def checked_how(how: str) -> str:
    """Return how a letter was sent; raises ``Refused`` for nothing said."""
    said = clean(how, LONGEST_HOW)
    if not said:
        raise Refused(N_("Write how it was sent, for example: WeChat."))
    return said
