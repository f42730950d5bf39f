"""Building, unit and room out of an address, with the forms the chain reader knows."""

import re
from typing import NamedTuple

from lib.trade.orders.chain.address import strong_address
from lib.trade.orders.sheets.values import folded

_BEGINNING = re.compile(r"(?<![0-9a-z.:])[0-9a-z零一二三四五六七八九十东南西北中]")


class Place(NamedTuple):
    """Parts of an address as text, empty where it does not name them."""

    building: str = ""
    unit: str = ""
    room: str = ""


def place_in(address: str) -> Place:
    """Return building, unit and room named in ``address``: 金桂花园1幢2单元301室, 3-201.

    Only unmistakable forms count, and the one that names most; the address itself is kept as
    written beside it.
    """
    text = folded(address).lower()[:200]
    best = Place()
    for match in _BEGINNING.finditer(text):
        found = strong_address(text, match.start())
        if found is None:
            continue
        parts = found.address
        place = Place(parts.building or "", parts.unit or "", parts.room or "")
        if sum(map(bool, place)) > sum(map(bool, best)):
            best = place
    return best
