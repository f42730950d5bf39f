"""What a setting is: how it is typed, where it stands on the page, what it explains."""

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any

from lib.kernel.words import N_


class Kind(StrEnum):
    """How a setting is typed and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE = "whole"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SLOTS = "slots"
    WEEKDAYS = "weekdays"


@dataclass(frozen=True)
class Slot:
    """Hours in which residents collect: ``key`` is fixed, ``start`` and ``end`` are wall times."""

    key: str
    name: str
    start: time
    end: time

    def contains(self, wall: time) -> bool:
        """Whether ``wall`` lies in the slot (half-open)."""
        return self.start <= wall < self.end

    @property
    def hours(self) -> str:
        """The hours as ``07:00-09:00``."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True)
class About:
    """What the settings page says of one setting. ``unit`` is shown behind the field."""

    kind: Kind
    group: str
    label: str
    explains: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    least: int | None = None
    most: int | None = None
    practice: str = ""


def setting(default: Any, kind: Kind, group: str, label: str, explains: str, **more: Any) -> Any:
    """Declare a setting: a dataclass field with its default and what the page says of it."""
    about = About(kind, group, label, explains, **more)
    return field(default=default, metadata={"about": about})


(
    SHOP,
    PICKUP,
    ORDERS,
    SUPPLY,
    TRUST,
    GROUP,
    MONEY,
    PACKAGING,
    AFTER_SALES,
    MEMBERS,
    PRIVACY,
    PEOPLE,
) = (
    N_("The shop"),
    N_("Pickup and delivery"),
    N_("Orders and rounds"),
    N_("Suppliers, stock and evidence"),
    N_("Open prices, welfare and wishes"),
    N_("The group"),
    N_("Money"),
    N_("Packaging"),
    N_("After-sales"),
    N_("Points, gifts and regulars"),
    N_("Personal data"),
    N_("People and safety"),
)
GROUPS = (
    SHOP,
    PICKUP,
    PACKAGING,
    AFTER_SALES,
    ORDERS,
    SUPPLY,
    TRUST,
    GROUP,
    MEMBERS,
    PRIVACY,
    MONEY,
    PEOPLE,
)

DEFAULT_SLOTS = (
    Slot("morning", N_("Morning"), time(7), time(9)),
    Slot("noon", N_("Noon"), time(12), time(14)),
    Slot("evening", N_("Evening"), time(18), time(21)),
)
