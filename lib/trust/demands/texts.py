"""What the group is told of a wish: on offer, not yet, cannot be had (R17, R18). Pure.

The wording is the owner's (see :mod:`lib.shop.messages`); here its values are worked out, and the
names of those who asked are spread over messages that the group takes.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lib.kernel.clock import local_day
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.language import Translate
from lib.trade.rounds.announcement import said_day, said_moment, said_price

SPACE = " "
"""Between two names: the group reads a name up to it."""


@dataclass(frozen=True)
class Offer:
    """What is on offer for a wish: in a round until ``cut_off_at``, or lying in the shop."""

    product: str
    unit: Unit
    price: Money
    cut_off_at: datetime | None = None
    pickup_day: date | None = None
    in_shop: bool = False


@dataclass(frozen=True)
class Called:
    """Somebody to be told: the ``name`` used in the group and the ids of their wishes."""

    name: str
    wish_ids: tuple[int, ...]


@dataclass(frozen=True)
class Piece:
    """One message with the residents it calls."""

    called: tuple[Called, ...]
    text: str

    @property
    def wish_ids(self) -> tuple[int, ...]:
        """The wishes that this message answers."""
        return tuple(wish_id for each in self.called for wish_id in each.wish_ids)


def at_names(names: Iterable[str]) -> str:
    """Return names as the group calls them: ``@张阿姨 @李姐``, each once."""
    return SPACE.join(f"@{name}" for name in dict.fromkeys(names) if name)


def launch_values(
    offer: Offer, wish: str, names: str, now: datetime, zone_name: str, translate: Translate
) -> dict[str, object]:
    """Return the values of the text that says a wish is on offer."""
    return {
        "product": offer.product,
        "price": said_price(offer.price, offer.unit, translate),
        "names": names,
        "when": _when(offer, now, zone_name, translate),
        "wish": wish,
    }


def not_yet_values(
    wish: str, names: Sequence[str], reason: str, next_on: date, today: date, translate: Translate
) -> dict[str, object]:
    """Return the values of the text that says when residents hear of a wish again (R17)."""
    day = said_day(next_on, today, translate)
    return {
        "names": at_names(names),
        "wish": wish,
        "reason": without_full_stop(reason),
        "day": day,
    }


def declined_values(wish: str, names: Sequence[str], reason: str) -> dict[str, object]:
    """Return the values of the text that says that a wish cannot be had."""
    return {"names": at_names(names), "wish": wish, "reason": reason}


def without_full_stop(reason: str) -> str:
    """Return ``reason`` as part of a sentence that goes on."""
    return reason.rstrip(" .。;；,，")


def spread(
    called: Sequence[Called], say: Callable[[str], str], most_bytes: int
) -> tuple[Piece, ...]:
    """Return messages that call everybody in ``called``, each of at most ``most_bytes`` bytes.

    ``say`` puts names into the text. As many names as fit stand in each message, in their order;
    a name is never cut. One name that does not fit with the text stands alone in a longer message.
    """
    found: list[Piece] = []
    group: list[Called] = []
    for one in called:
        if group and _size(say, [*group, one]) > most_bytes:
            found.append(_piece(group, say))
            group = []
        group.append(one)
    return tuple([*found, _piece(group, say)] if group else found)


def _piece(group: Sequence[Called], say: Callable[[str], str]) -> Piece:
    return Piece(tuple(group), say(at_names(one.name for one in group)))


def _size(say: Callable[[str], str], group: Sequence[Called]) -> int:
    return len(say(at_names(one.name for one in group)).encode())


def _when(offer: Offer, now: datetime, zone_name: str, translate: Translate) -> str:
    if offer.cut_off_at is None or offer.pickup_day is None:
        return translate(N_("It lies in the shop")) if offer.in_shop else ""
    return translate(N_("Order until {cut_off}, pickup {day}")).format(
        cut_off=said_moment(offer.cut_off_at, now, zone_name, translate),
        day=said_day(offer.pickup_day, local_day(now, zone_name), translate),
    )


def names_of(text: str) -> tuple[str, ...]:
    """Return the names a person typed, separated by commas, 、, semicolons, @ or line ends."""
    parts = (part.strip() for part in re.split(r"[,，、;；\n@＠]+", text))
    return tuple(dict.fromkeys(part for part in parts if part))
