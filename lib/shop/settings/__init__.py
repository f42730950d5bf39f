"""Every number and habit of the shop that an owner may change, with what it does.

The mission's numbers are defaults here and literals nowhere else. A setting is a field of
:class:`Settings` whose metadata the settings page draws; values live in the table ``setting``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.position import Position
from lib.kernel.words import N_
from lib.shop.settings.day import DaySettings
from lib.shop.settings.described import DEFAULT_SLOTS, GROUPS, About, Kind, Slot
from lib.shop.settings.homes import read_homes
from lib.shop.settings.members import MemberSettings
from lib.shop.settings.service import ServiceSettings
from lib.shop.settings.supply import SupplySettings
from lib.shop.settings.trust import TrustSettings

__all__ = [
    "DEFAULT_SLOTS",
    "GROUPS",
    "About",
    "Kind",
    "Settings",
    "Slot",
    "about",
    "checked",
    "from_values",
    "load",
    "to_json",
]

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")


@dataclass(frozen=True)
class Settings(MemberSettings, ServiceSettings, TrustSettings, SupplySettings, DaySettings):
    """The shop's settings at one moment. Money is :class:`Money`, hours are the shop's own."""

    def slot(self, key: str | None) -> Slot | None:
        """Return the slot called ``key``; None when there is none."""
        return next((slot for slot in self.slots if slot.key == key), None)


def about(name: str) -> About:
    """Return what the settings page says of ``name``; raises ``KeyError`` for an unknown one."""
    described: About = Settings.__dataclass_fields__[name].metadata["about"]
    return described


def load(connection: Connection) -> Settings:
    """Return the settings as stored, defaults where nothing is."""
    known = {item.name for item in fields(Settings)}
    rows = connection.execute(select(schema.setting.c.name, schema.setting.c.value))
    return from_values({name: value for name, value in rows if name in known})


def from_values(values: Mapping[str, Any]) -> Settings:
    """Return settings from their stored JSON ``values``."""
    read = {name: _from_json(about(name).kind, value) for name, value in values.items()}
    return replace(Settings(), **read)


def to_json(name: str, value: Any) -> Any:
    """Return ``value`` of setting ``name`` as it is stored."""
    kind = about(name).kind
    if kind is Kind.MONEY:
        return value.fen
    if kind is Kind.SLOTS:
        return [[slot.key, slot.name, f"{slot.start:%H:%M}", f"{slot.end:%H:%M}"] for slot in value]
    if kind is Kind.WEEKDAYS:
        return list(value)
    return value


def _from_json(kind: Kind, value: Any) -> Any:
    if kind is Kind.MONEY:
        return Money(value)
    if kind is Kind.SLOTS:
        return tuple(
            Slot(key, name, time.fromisoformat(start), time.fromisoformat(end))
            for key, name, start, end in value
        )
    if kind is Kind.WEEKDAYS:
        return tuple(value)
    return value


def checked(name: str, value: Any) -> Any:
    """Return ``value`` if setting ``name`` may have it; raises ``Refused`` with what is wrong."""
    this = about(name)
    if this.kind is Kind.WHOLE:
        _check_bounds(this, value)
    elif this.kind is Kind.MONEY and value.fen < 0:
        raise Refused(N_("An amount cannot be negative."))
    elif this.kind is Kind.CHOICE and value not in dict(this.choices):
        raise Refused(N_("Choose one of the offered values."))
    elif this.kind is Kind.SLOTS:
        _check_slots(value)
    elif this.kind is Kind.WEEKDAYS:
        return _checked_weekdays(value)
    elif name == "shop_position" and value:
        return Position.parse(value).said
    elif name == "delivery_homes":
        read_homes(value)
    elif name == "public_address" and value and not _ADDRESS.fullmatch(value):
        raise Refused(N_("Write the address like https://shop.example.cn, without a path."))
    elif name == "time_zone" and value not in available_timezones():
        raise Refused(
            N_("{name} is not a time zone. Write it like Asia/Shanghai."), name=value or "?"
        )
    return value


def _check_bounds(this: About, value: int) -> None:
    least, most = this.least, this.most
    if (least is not None and value < least) or (most is not None and value > most):
        raise Refused(N_("The value must lie between {least} and {most}."), least=least, most=most)


def _checked_weekdays(days: tuple[int, ...]) -> tuple[int, ...]:
    if not days:
        raise Refused(N_("Choose at least one day of the week."))
    return tuple(sorted(set(days)))


def _check_slots(slots: tuple[Slot, ...]) -> None:
    if not slots:
        raise Refused(N_("Keep at least one pickup slot."))
    ordered = sorted(slots, key=lambda slot: slot.start)
    for slot in ordered:
        if slot.start >= slot.end:
            raise Refused(N_("The slot {name} ends before it begins."), name=slot.name)
    for earlier, later in pairwise(ordered):
        if later.start < earlier.end:
            raise Refused(
                N_("The slots {one} and {other} overlap."), one=earlier.name, other=later.name
            )
