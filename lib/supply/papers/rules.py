"""Decisions on papers and agreements: validity, numbers, which papers are asked for. Pure.

A day named as an end is the last day on which the thing is valid.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import LARGEST_FEN, Money
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.supply.suppliers.rules import Kind, PaperKind

LONGEST_NUMBER = 60
LONGEST_NOTE = 500
LONGEST_NOTICE_DAYS = 365

YEARS_VALID: dict[PaperKind, int] = {
    PaperKind.OPERATION_PERMIT: 5,
    PaperKind.PRODUCTION_PERMIT: 5,
    PaperKind.SCALE_VERIFICATION: 1,
}
"""Years from the issue, proposed as the end. Permits: regulation on the food safety law, section
15; electronic scales: usually one year (facts of the field, 3.2). The paper itself decides."""

NEVER_EXPIRES = frozenset({PaperKind.PREPACKAGED_FILING})
"""A filing has a date but no end (facts of the field, 3.2)."""

NUMBER_HINTS: dict[PaperKind, str] = {
    PaperKind.BUSINESS_LICENCE: N_("Unified social credit code: 18 characters."),
    PaperKind.OPERATION_PERMIT: N_("JY and 14 digits."),
    PaperKind.PREPACKAGED_FILING: N_("Usually YB and 14 digits."),
    PaperKind.PRODUCTION_PERMIT: N_("SC and 14 digits, as printed on the label."),
}
_NUMBERS: dict[PaperKind, re.Pattern[str]] = {
    PaperKind.BUSINESS_LICENCE: re.compile(r"[0-9A-Z]{18}|\d{15}"),
    PaperKind.OPERATION_PERMIT: re.compile(r"JY\d{14}"),
    PaperKind.PREPACKAGED_FILING: re.compile(r"YB\d{14}"),
    PaperKind.PRODUCTION_PERMIT: re.compile(r"SC\d{14}"),
}
"""Usual formats; another one is pointed out and never refused, because the paper decides."""


@dataclass(frozen=True)
class PaperDetails:
    """What is kept of a paper. ``valid_until`` None: it does not expire."""

    kind: PaperKind
    number: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


def checked_paper(details: PaperDetails, today: date) -> PaperDetails:
    """Return ``details`` cleaned, an empty end filled from the issue where the kind has one.

    Raises ``Refused`` for an issue in the future, an end before the issue, an end of a filing, and
    a permit of which neither issue nor end is known.
    """
    number = clean(details.number, LONGEST_NUMBER)
    end = details.valid_until
    if details.issued_on is not None and details.issued_on > today:
        raise Refused(N_("The day of issue lies in the future."))
    if details.kind in NEVER_EXPIRES and end is not None:
        raise Refused(N_("A filing does not expire. Leave the last day empty."))
    if end is None and details.issued_on is not None:
        end = proposed_end(details.kind, details.issued_on)
    if end is None and details.kind in YEARS_VALID:
        raise Refused(N_("Write until when it is valid, or when it was issued."))
    if end is not None and details.issued_on is not None and end < details.issued_on:
        raise Refused(N_("It would end before it was issued. Check the two days."))
    return replace(details, number=number, valid_until=end)


def proposed_end(kind: PaperKind, issued_on: date) -> date | None:
    """Return the last valid day that the kind usually has; None where there is no usual one.

    Five years from 5 March 2021 end on 4 March 2026; from 29 February they end on 28 February.
    """
    years = YEARS_VALID.get(kind)
    if years is None:
        return None
    try:
        return issued_on.replace(year=issued_on.year + years) - timedelta(days=1)
    except ValueError:
        return issued_on.replace(year=issued_on.year + years, day=28)


def looks_unusual(kind: PaperKind, number: str) -> bool:
    """Whether a typed number has not the usual format of its kind; an empty one is not judged."""
    pattern = _NUMBERS.get(kind)
    plain = re.sub(r"[\s-]", "", number).upper()
    return bool(plain) and pattern is not None and pattern.fullmatch(plain) is None


@dataclass(frozen=True)
class Goods:
    """What decides the papers of a product: ``food`` or daily goods, ``fresh``, ``meat``."""

    food: bool
    fresh: bool
    meat: bool

    @classmethod
    def of(cls, name: str, category: str, *, is_daily: bool, is_fresh: bool) -> "Goods":
        """Read it off the product: not tagged daily goods is food, meat is told by its category.

        Eggs in a category of meat, poultry and eggs are no meat: their name says so.
        """
        meat = any(word in category.casefold() for word in MEAT_WORDS)
        egg = any(word in name.casefold() for word in EGG_WORDS)
        return cls(not is_daily, is_fresh, meat and not egg and not is_daily)


MEAT_WORDS = ("肉", "禽", "meat", "poultry")
"""A category with one of these words is meat."""
EGG_WORDS = ("蛋", "egg")
"""A product with one of these words in its name is no meat, whatever its category."""


@dataclass(frozen=True)
class Requirement:
    """A paper that is asked for: any of ``kinds`` will do; ``because`` names the source.

    Not ``must``: it is good to have, and its absence is no fault.
    """

    kinds: tuple[PaperKind, ...]
    because: str
    must: bool = True


_LICENCE = Requirement(
    (PaperKind.BUSINESS_LICENCE,),
    N_("Whoever trades is registered (regulation on market entities, section 3)."),
)
_LICENCE_OF_GROWER = Requirement(
    (PaperKind.BUSINESS_LICENCE,),
    N_("Own farm produce needs no registration (section 3); a cooperative has one."),
    must=False,
)
_PRODUCTION = Requirement(
    (PaperKind.PRODUCTION_PERMIT,),
    N_("Whoever makes food needs a permit (food safety law, section 35)."),
)
_OPERATION = Requirement(
    (PaperKind.OPERATION_PERMIT, PaperKind.PREPACKAGED_FILING),
    N_(
        "Whoever sells food needs a permit, or a filing if all of it is pre-packaged; farm "
        "produce needs neither (food safety law, section 35)."
    ),
)
_QUARANTINE = Requirement(
    (PaperKind.QUARANTINE,),
    N_("Meat is sold with quarantine only (food safety law, section 34; farm produce law, 44)."),
)


def requirements(kind: Kind, goods: Collection[Goods]) -> tuple[Requirement, ...]:
    """Return which papers a supplier of ``kind`` delivering ``goods`` is asked for (R9).

    Sources: facts of the field, 3.1 and 3.2. A grower sells own farm produce: nothing must be
    shown, a licence is good to have. Everybody else shows a business licence; who makes food
    (processor, factory) a production permit; who trades in food that is not fresh farm produce an
    operation permit or the filing. Meat needs quarantine from whomever it comes. A supplier of
    whom no goods are known yet is asked for what its kind alone decides.
    """
    asked = [_LICENCE_OF_GROWER if kind is Kind.GROWER else _LICENCE]
    food = [each for each in goods if each.food]
    if kind in (Kind.PROCESSOR, Kind.FACTORY) and food:
        asked.append(_PRODUCTION)
    if kind is Kind.TRADER and any(not each.fresh for each in food):
        asked.append(_OPERATION)
    if any(each.meat for each in food):
        asked.append(_QUARANTINE)
    return tuple(asked)


class Standing(StrEnum):
    """How a supplier stands with a paper that is asked for."""

    HELD = "held"
    EXPIRED = "expired"
    MISSING = "missing"


def standing(
    asked: Requirement, held: Iterable[tuple[PaperKind, date | None]], today: date
) -> Standing:
    """Return whether one of ``held`` (kind, last valid day) answers what is ``asked``."""
    ends = [end for kind, end in held if kind in asked.kinds]
    if any(end is None or end >= today for end in ends):
        return Standing.HELD
    return Standing.EXPIRED if ends else Standing.MISSING


class Cycle(StrEnum):
    """How often a supplier is paid."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    ON_DELIVERY = "on_delivery"


CYCLE_NAMES: dict[Cycle, str] = {
    Cycle.WEEKLY: N_("every week"),
    Cycle.FORTNIGHTLY: N_("every two weeks"),
    Cycle.MONTHLY: N_("every month"),
    Cycle.ON_DELIVERY: N_("on delivery"),
}


class Bearer(StrEnum):
    """Who bears what spoils."""

    SUPPLIER = "supplier"
    SHOP = "shop"
    SHARED = "shared"


BEARER_NAMES: dict[Bearer, str] = {
    Bearer.SUPPLIER: N_("the supplier"),
    Bearer.SHOP: N_("the shop"),
    Bearer.SHARED: N_("both, by halves"),
}


@dataclass(frozen=True)
class AgreementDetails:
    """What was agreed (R2). ``ends_on`` None: until it is ended."""

    starts_on: date
    ends_on: date | None = None
    cycle: Cycle = Cycle.WEEKLY
    minimum_order: Money | None = None
    case_note: str = ""
    spoilage_by: Bearer = Bearer.SUPPLIER
    notice_days: int = 0
    prepayment: Money = Money()
    note: str = ""


def checked_agreement(details: AgreementDetails) -> AgreementDetails:
    """Return ``details`` cleaned; raises ``Refused``.

    A prepayment is not refused: the screen points out that R2 wants no large one.
    """
    if details.ends_on is not None and details.ends_on < details.starts_on:
        raise Refused(N_("The agreement would end before it starts. Check the two days."))
    if not 0 <= details.notice_days <= LONGEST_NOTICE_DAYS:
        raise Refused(N_("Notice lies between 0 and {most} days."), most=LONGEST_NOTICE_DAYS)
    for amount in (details.minimum_order, details.prepayment):
        if amount is not None and not 0 <= amount.fen <= LARGEST_FEN:
            raise Refused(N_("An amount cannot be negative."))
    return replace(
        details,
        case_note=clean(details.case_note, LONGEST_NUMBER * 2),
        note=clean(details.note, LONGEST_NOTE, lines=True),
    )


def overlaps(
    starts_on: date, ends_on: date | None, other_start: date, other_end: date | None
) -> bool:
    """Whether two spans of days, both ends included, share a day."""
    return starts_on <= (other_end or date.max) and other_start <= (ends_on or date.max)
