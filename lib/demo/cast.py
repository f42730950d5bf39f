"""Who and what the acts of the demo shop's story share."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from lib.demo.goods import GOODS
from lib.demo.residents import RESIDENTS, Resident
from lib.demo.shelf.days import Shelf
from lib.shop.people.demo_logins import STAFF
from lib.shop.people.queries import people
from lib.shop.shop import Actor, Shop

Basket = dict[str, list[str]]
"""Goods by the nickname of who orders them."""

BY_NAME = {each.nickname: each for each in RESIDENTS}
STAPLES = tuple(sorted(good.name for good in GOODS))
BUYS = 0.8
"""How likely somebody who wished for goods takes them in the next round that has them."""
LIKES = 0.7
"""How likely somebody who orders takes the welfare item of the round."""


@dataclass
class Cast:
    """The shop and everybody in it.

    ``products`` are the ids of all goods ever sold by name, ``wished`` those that came of a wish
    and are sold still. ``rounds`` are the rounds by the number of days ago they were opened on.
    ``eager`` are nicknames per product: they wished for it and did not buy it yet. ``gift`` puts
    today's welfare item into a round, ``gifts`` are those of rounds.
    """

    shop: Shop
    shelf: Shelf
    products: dict[str, int]
    chance: random.Random
    wished: list[str] = field(default_factory=list)
    rounds: dict[int, int] = field(default_factory=dict)
    eager: dict[str, list[str]] = field(default_factory=dict)
    gift: Callable[[int], None] | None = None
    gifts: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        helper = next(one for one in people(self.shop) if one.login == STAFF.login)
        self.desk = self.shop.acting(Actor(helper.id, helper.name, helper.role))

    def on_sheet(self) -> list[int]:
        """Return the ids of everything that is sold, as it stands on a price sheet."""
        return [self.products[name] for name in (*STAPLES, *self.wished)]

    def surely(self, number: int, names: Iterable[str], coming: Iterable[str]) -> Basket:
        """Return what is ordered in any case in round ``number`` of goods ``names``, by nickname.

        Who wished for something takes it, some more come for it than those ``coming`` anyway; many
        take the welfare item.
        """
        found = self._buyers_of(names)
        gift = self.gifts.get(number)
        for nickname in dict.fromkeys([*coming, *found]):
            if gift is not None and self.chance.random() < LIKES:
                found.setdefault(nickname, []).append(gift)
        return found

    def _buyers_of(self, names: Iterable[str]) -> Basket:
        """Return who takes what they wished for among ``names``, by nickname; each only once."""
        found: Basket = {}
        for name in names:
            for nickname in self.eager.pop(name, ()):
                if self.chance.random() < BUYS:
                    found.setdefault(nickname, []).append(name)
        return found


def residents_named(nicknames: Iterable[str]) -> Sequence[Resident]:
    """Return the residents of ``nicknames``, each once; strangers are left out."""
    return [BY_NAME[name] for name in dict.fromkeys(nicknames) if name in BY_NAME]
