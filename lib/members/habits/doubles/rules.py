"""What two files would become as one, where they disagree, and what could not be undone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.members.birthdays.rules import Birthday
from lib.members.consents.rules import Purpose
from lib.members.profiles.rules import Home


@dataclass(frozen=True)
class Answer:
    """The newest answer about one consent; a later one has a higher ``id``."""

    id: int
    given: bool


@dataclass(frozen=True)
class Side:
    """One of two files, or what they become. ``phone`` is masked unless the owner looks.

    ``points`` and ``pending`` of the ledger; ``likings`` name what was kept, by kind and name.
    """

    member_id: int
    version: int
    nickname: str
    other_names: frozenset[str]
    home: Home
    phone: str | None
    usual_slot: str | None
    note: str
    orders: int
    spent: Money
    balance: Money
    points: int
    pending: int
    cases: int
    gifts: int
    birthday: Birthday | None
    likings: frozenset[tuple[str, str]]
    consents: Mapping[Purpose, Answer]


class Clash(StrEnum):
    """Something both files have, of which one stays."""

    PHONE = "phone"
    HOME = "home"
    SLOT = "slot"
    BIRTHDAY = "birthday"
    CONSENT = "consent"


CLASHES = {
    Clash.PHONE: N_("Two phone numbers: that of the file you keep stays."),
    Clash.HOME: N_("Two homes: that of the file you keep stays."),
    Clash.SLOT: N_("Two usual slots: that of the file you keep stays."),
    Clash.BIRTHDAY: N_("Two birthdays: that of the file you keep stays."),
    Clash.CONSENT: N_("They answered differently about a consent: the newer answer counts."),
}


class Lasting(StrEnum):
    """What taking the merge back would not bring back."""

    ORDERS = "orders"
    BALANCE = "balance"
    CONSENT = "consent"


LASTING = {
    Lasting.ORDERS: N_("Orders that come after the merge stay with the file you keep."),
    Lasting.BALANCE: N_(
        "Once one has spent the other's balance the merge can no longer be taken back."
    ),
    Lasting.CONSENT: N_("A consent taken back after the merge is taken back for both."),
}


def merged(keep: Side, drop: Side) -> Side:
    """Return what the file of ``keep`` becomes when ``drop`` is merged into it."""
    note = keep.note
    if drop.note and drop.note not in note:
        note = f"{note}\n{drop.note}".strip()
    return replace(
        keep,
        other_names=(keep.other_names | drop.other_names | {drop.nickname}) - {keep.nickname},
        home=keep.home or drop.home,
        phone=keep.phone or drop.phone,
        usual_slot=keep.usual_slot or drop.usual_slot,
        note=note,
        orders=keep.orders + drop.orders,
        spent=keep.spent + drop.spent,
        balance=keep.balance + drop.balance,
        points=keep.points + drop.points,
        pending=keep.pending + drop.pending,
        cases=keep.cases + drop.cases,
        gifts=keep.gifts + drop.gifts,
        birthday=keep.birthday or drop.birthday,
        likings=keep.likings | drop.likings,
        consents=_newest(keep.consents, drop.consents),
    )


def clashes(keep: Side, drop: Side) -> tuple[Clash, ...]:
    """Return where the two disagree, so that something of ``drop`` is seen no more."""
    said = {purpose: keep.consents[purpose].given for purpose in keep.consents}
    other = {purpose: drop.consents[purpose].given for purpose in drop.consents}
    found = {
        Clash.PHONE: _differ(keep.phone, drop.phone),
        Clash.HOME: bool(keep.home) and bool(drop.home) and keep.home != drop.home,
        Clash.SLOT: _differ(keep.usual_slot, drop.usual_slot),
        Clash.BIRTHDAY: _differ(_day(keep.birthday), _day(drop.birthday)),
        Clash.CONSENT: any(said[one] != other[one] for one in said.keys() & other.keys()),
    }
    return tuple(clash for clash, holds in found.items() if holds)


def lasting(keep: Side, drop: Side) -> tuple[Lasting, ...]:
    """Return what taking the merge of these two back would not bring back."""
    found = [Lasting.ORDERS]
    if keep.balance or drop.balance:
        found.append(Lasting.BALANCE)
    if keep.consents or drop.consents:
        found.append(Lasting.CONSENT)
    return tuple(found)


def _differ(one: object, other: object) -> bool:
    return bool(one) and bool(other) and one != other


def _day(birthday: Birthday | None) -> tuple[object, ...] | None:
    if birthday is None:
        return None
    return (birthday.calendar, birthday.month, birthday.day, birthday.leap)


def _newest(
    one: Mapping[Purpose, Answer], other: Mapping[Purpose, Answer]
) -> dict[Purpose, Answer]:
    both = [*one.items(), *other.items()]
    return dict(sorted(both, key=lambda item: item[1].id))
