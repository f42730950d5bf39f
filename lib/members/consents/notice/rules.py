"""What the privacy notice says, as parts that a screen, a light page or a text can draw. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.kernel.words import N_

LIGHT_PAGE = "/p/privacy"


class Basis(StrEnum):
    """Why the law lets the shop keep something (PIPL 13)."""

    CONTRACT = N_("needed for your order")
    CONSENT = N_("with your consent")
    LAW = N_("the law demands it")
    SAFETY = N_("to keep your data safe")


@dataclass(frozen=True)
class Kept:
    """One kind of data: what it is, what for, on which basis, and until when."""

    what: str
    why: str
    basis: Basis
    until: str


@dataclass(frozen=True)
class Part:
    """A heading with its sentences."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """The whole notice in one language. ``changed_on`` is the day its words last changed."""

    operator: str
    contact: str
    changed_on: date | None
    kinds: tuple[Kept, ...]
    parts: tuple[Part, ...]


SETTINGS = (
    "shop_name",
    "privacy_operator",
    "privacy_contact",
    "keep_order_contact_months",
    "keep_birthday_months",
    "keep_consent_months",
    "keep_source_text_months",
    "keep_opening_months",
    "after_sales_days",
)
"""The settings whose values stand in the notice: its date is that of their last change."""
