"""Decisions on suppliers: distance, the local radius, terms, when a paper runs out. Pure.

Distances are whole metres, quantities the product's base quantity (grams or sale units), prices
:class:`Money` per sale unit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import Money, half_up, total
from lib.kernel.position import Position
from lib.kernel.quantity import Measure, Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.trade.products.rules import check_price

LONGEST_NAME = 40
LONGEST_LINE = 120
LONGEST_STORY = 1000
FARTHEST_METRES = 20_016_000
"""Half way round the Earth; beyond it a typed distance is a slip."""
LARGEST_QUANTITY = 10_000_000
"""Grams or sale units of a case or a least quantity: ten tons."""
LONGEST_SHELF_LIFE = 3650


class Kind(StrEnum):
    """What a supplier does."""

    GROWER = "grower"
    PROCESSOR = "processor"
    FACTORY = "factory"
    TRADER = "trader"


KIND_NAMES: dict[Kind, str] = {
    Kind.GROWER: N_("grower"),
    Kind.PROCESSOR: N_("small processor"),
    Kind.FACTORY: N_("factory"),
    Kind.TRADER: N_("trader"),
}


class PaperKind(StrEnum):
    """What a paper of a supplier is (facts of the field, 3.2)."""

    BUSINESS_LICENCE = "business_licence"
    OPERATION_PERMIT = "operation_permit"
    PREPACKAGED_FILING = "prepackaged_filing"
    PRODUCTION_PERMIT = "production_permit"
    QUARANTINE = "quarantine"
    SCALE_VERIFICATION = "scale_verification"
    TRADEMARK = "trademark"
    OTHER = "other"


PAPER_NAMES: dict[PaperKind, str] = {
    PaperKind.BUSINESS_LICENCE: N_("business licence"),
    PaperKind.OPERATION_PERMIT: N_("food operation permit"),
    PaperKind.PREPACKAGED_FILING: N_("filing for selling pre-packaged food only"),
    PaperKind.PRODUCTION_PERMIT: N_("food production permit"),
    PaperKind.QUARANTINE: N_("animal quarantine certificate"),
    PaperKind.SCALE_VERIFICATION: N_("verification of the scales"),
    PaperKind.TRADEMARK: N_("trademark certificate"),
    PaperKind.OTHER: N_("other paper"),
}


@dataclass(frozen=True)
class Details:
    """All that is kept of a supplier, as typed; only ``name`` and ``kind`` are needed.

    ``typed_metres`` is a distance that was measured otherwise and ``distance_how`` says how; it
    stands before the straight line from ``position``. ``district`` and ``story`` are for residents,
    the name and the contact only where ``shows_name`` and ``shows_contact`` say so.
    """

    name: str
    kind: Kind
    contact_name: str = ""
    phone: str = ""
    address: str = ""
    district: str = ""
    story: str = ""
    shows_name: bool = True
    shows_contact: bool = False
    position: Position | None = None
    typed_metres: int | None = None
    distance_how: str = ""
    far_reason: str = ""
    note: str = ""


def checked(details: Details, shop_at: Position | None, radius_km: int) -> Details:
    """Return ``details`` cleaned; raises ``Refused`` with what is wrong.

    ``shop_at`` is where the shop is (None: not known) and ``radius_km`` what counts as local. A
    supplier beyond it needs a reason (R1); an unknown distance asks for none.
    """
    ready = replace(
        details,
        name=clean(details.name, 200),
        contact_name=clean(details.contact_name, LONGEST_NAME),
        phone=clean(details.phone, LONGEST_NAME),
        address=clean(details.address, LONGEST_LINE),
        district=clean(details.district, LONGEST_NAME),
        story=clean(details.story, LONGEST_STORY, lines=True),
        distance_how=clean(details.distance_how, LONGEST_LINE),
        far_reason=clean(details.far_reason, LONGEST_LINE),
        note=clean(details.note, LONGEST_STORY, lines=True),
    )
    if not ready.name:
        raise Refused(N_("Write the name of the supplier."))
    if len(ready.name) > LONGEST_NAME:
        raise Refused(N_("The name is longer than {count} characters."), count=LONGEST_NAME)
    if ready.typed_metres is not None and not 0 <= ready.typed_metres <= FARTHEST_METRES:
        raise Refused(N_("No place on Earth is that far away. Write the distance in km."))
    if ready.typed_metres is not None and not ready.distance_how:
        raise Refused(N_("Say how the distance was measured, for example: map, by road."))
    metres = distance(ready.position, ready.typed_metres, shop_at)
    if metres is not None and not is_local(metres, radius_km) and not ready.far_reason:
        raise Refused(
            N_("{km} km is beyond the {radius} km that count as local. Write why it is worth it."),
            km=said_km(metres),
            radius=radius_km,
        )
    return ready


def typed_distance(text: str) -> int | None:
    """Return the metres a person typed in km (``12.5``, ``12.5 km``, ``12公里``); None for nothing.

    Raises ``Refused`` for anything else.
    """
    plain = re.sub(r"(?i)\s*(?:km|公里|千米)$", "", clean(text, 40))
    if not plain:
        return None
    try:
        metres = Decimal(plain) * 1000
    except ArithmeticError as error:
        raise Refused(
            N_("{text} is no distance. Write it in km, like 12.5."), text=plain
        ) from error
    if not metres.is_finite() or metres < 0 or metres > FARTHEST_METRES:
        raise Refused(N_("No place on Earth is that far away. Write the distance in km."))
    return half_up(metres)


def typed_position(text: str) -> Position | None:
    """Return the position a person pasted, None for nothing; raises ``Refused``."""
    return Position.parse(text) if text.strip() else None


def distance(
    position: Position | None, typed_metres: int | None, shop_at: Position | None
) -> int | None:
    """Return the metres to the shop: typed, else the straight line, else None (R1)."""
    if typed_metres is not None:
        return typed_metres
    if position is None or shop_at is None:
        return None
    return shop_at.metres_to(position)


def is_local(metres: int | None, radius_km: int) -> bool:
    """Whether a distance counts as local; exactly the radius does, an unknown one does not."""
    return metres is not None and metres <= radius_km * 1000


def said_km(metres: int) -> str:
    """Return a distance in km with at most one decimal, rounded up: ``0.4``, ``12.5``, ``30``.

    Rounded up, so that what lies just beyond a radius never reads as the radius itself.
    """
    return f"{(Decimal(-(-metres // 100)) / 10).normalize():f}"


@dataclass(frozen=True)
class TermDetails:
    """On which terms a product comes: ``price`` per sale unit, quantities in base quantity."""

    price: Money
    case_quantity: int | None = None
    minimum_quantity: int | None = None
    shelf_life_days: int | None = None
    preferred: bool = False


def checked_terms(details: TermDetails) -> TermDetails:
    """Return ``details`` if a term may be so; raises ``Refused``."""
    check_price(details.price)
    for quantity in (details.case_quantity, details.minimum_quantity):
        if quantity is not None and not 0 < quantity <= LARGEST_QUANTITY:
            raise Refused(N_("A case or a least quantity lies above 0."))
    days = details.shelf_life_days
    if days is not None and not 0 <= days <= LONGEST_SHELF_LIFE:
        raise Refused(N_("A shelf life lies between 0 and {most} days."), most=LONGEST_SHELF_LIFE)
    return details


_QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<word>\D*)")


def typed_quantity(
    text: str, unit: Unit, conversions: Mapping[str, int] | None = None
) -> int | None:
    """Return the base quantity a person typed in units: ``30``, ``30个``, ``10斤``, ``2箱``.

    A bare number counts sale units; ``conversions`` says what the product's package words hold.
    None for nothing. Raises ``Refused`` for another unit and for parts of a piece.
    """
    typed = clean(text, 40)
    if not typed:
        return None
    match = _QUANTITY.fullmatch(typed)
    if match is None:
        raise Refused(
            N_("{text} is no quantity. Write it like 10{unit}."), text=typed, unit=unit.word
        )
    word = match["word"].strip()
    try:
        if word and word in (conversions or {}):
            return Unit(word, (conversions or {})[word]).amount(match["number"])
        counted = Unit.named(word) if word else unit
        both_weights = counted.measure is Measure.WEIGHT and unit.measure is Measure.WEIGHT
        if counted.word != unit.word and not both_weights:
            raise Refused(
                N_("{text}: this product is sold by {unit}. Write how many {unit} that is."),
                text=typed,
                unit=unit.word,
            )
        return counted.amount(match["number"])
    except ValueError as error:
        raise Refused(
            N_("{text} is not a whole quantity of {unit}."), text=typed, unit=unit.word
        ) from error


def preferred_after(terms: Sequence[tuple[int, Money]]) -> int | None:
    """Return which of ``terms`` (id, price) takes over when the preferred one goes: the cheapest.

    Of equal prices the older term; None when none is left.
    """
    return min(terms, key=lambda term: (term[1].fen, term[0]))[0] if terms else None


class Stage(StrEnum):
    """How near the end of something is."""

    FINE = "fine"
    SOON = "soon"
    LAST_DAY = "last_day"
    OVER = "over"


def stage_of(ends_on: date | None, today: date, warning_days: Iterable[int]) -> Stage:
    """Return how near ``ends_on`` (its last valid day, None: no end) is.

    Within the largest of ``warning_days`` it is soon; on the day itself it is the last day.
    """
    if ends_on is None:
        return Stage.FINE
    left = (ends_on - today).days
    if left < 0:
        return Stage.OVER
    if left == 0:
        return Stage.LAST_DAY
    return Stage.SOON if left <= max(warning_days) else Stage.FINE


def step_of(ends_on: date, today: date, warning_days: Iterable[int]) -> int | None:
    """Return the warning that is due: the smallest of ``warning_days`` that is not yet passed.

    With 30 and 7 days: 30 days before the end it is 30, 7 days before it 7, on the last day 0.
    None before the first and after the end.
    """
    left = (ends_on - today).days
    steps = sorted({0, *warning_days})
    return next((step for step in steps if left <= step), None) if left >= 0 else None


@dataclass(frozen=True)
class Share:
    """What was bought near and far, and where the distance is not known (R1).

    ``unpriced`` is the number of batches whose price is not known; they count nowhere.
    """

    local: Money = Money()
    far: Money = Money()
    unknown: Money = Money()
    unpriced: int = 0

    @property
    def total(self) -> Money:
        """All that was bought."""
        return total((self.local, self.far, self.unknown))

    @property
    def percent(self) -> Decimal | None:
        """The local part in percent with one decimal, rounded down; None where nothing was bought.

        Rounded down, so that 100 % is said of nothing but all of it.
        """
        if self.total.fen <= 0:
            return None
        return Decimal(self.local.fen * 1000 // self.total.fen) / 10


def share_of(bought: Iterable[tuple[int | None, Money | None]], radius_km: int) -> Share:
    """Sum what was ``bought``: (metres, amount) per batch; None for what is not known."""
    sums = {"local": Money(), "far": Money(), "unknown": Money()}
    unpriced = 0
    for metres, amount in bought:
        if amount is None:
            unpriced += 1
            continue
        where = "unknown" if metres is None else "local" if is_local(metres, radius_km) else "far"
        sums[where] += amount
    return Share(**sums, unpriced=unpriced)
