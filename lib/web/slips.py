"""What stands on a printed pack slip: who, what, how it is packed, until when, and the money (E7).

One slip is one bag. Owed goods (R29) and packaging (R25) stand beside what was ordered; of a phone
the last four digits only. Where goods are brought the note says nothing about health, as on the
walking list (R23): nobody is to read off a bag why.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from lib.kernel.words import N_
from lib.service.delivery.health import neutral
from lib.service.delivery.queries import hints_of
from lib.service.owed.rules import Owed
from lib.service.packing.queries import packed as packed_of
from lib.service.packing.rules import Packed
from lib.service.picking.queries import Bag
from lib.service.picking.rules import packaging
from lib.service.pickup.queries import keep_until_of
from lib.shop.language import locale, translator
from lib.shop.shop import Shop
from lib.trade.packaging.rules import PACKAGING_NAMES, Packaging
from lib.ui import show

NO_NUMBER = N_("Extra")
"""In place of the number, on the slip of goods that belong to no order."""

ORDER = {material: place for place, material in enumerate(Packaging)}

SHORT = {"zh_CN": "M月d日 EEE", "en": "EEE d MMM"}


def slips_of(shop: Shop, bags: Sequence[Bag]) -> list[dict[str, Any]]:
    """Return the slips of ``bags``, in their order, as the template prints them."""
    hints = hints_of(shop, bags)
    until = keep_until_of(shop, bags)
    packed = packed_of(shop, [bag.order_id for bag in bags])
    return [
        {
            **_of_order(shop, bag),
            "hint": hints.get(bag.order_id, ""),
            "until": _day(shop, until[bag.order_id]) if bag.order_id in until else "",
            "ticks": _ticks(shop, bag, packed.get(bag.order_id, {})),
        }
        for bag in bags
    ]


def owed_slips(shop: Shop, owed: Iterable[Owed]) -> list[dict[str, Any]]:
    """Return one slip per resident of goods that are owed and go with no order (R29)."""
    by_resident: dict[int, list[Owed]] = defaultdict(list)
    for one in owed:
        by_resident[one.member_id].append(one)
    return [
        {
            "number": translator(shop.settings.language)(NO_NUMBER),
            "name": mine[0].name,
            "home": str(mine[0].home),
            "tail": mine[0].phone_tail,
            "day": _day(shop, mine[0].pick_day),
            "slot": "",
            "until": "",
            "delivery": False,
            "hint": "",
            "note": "",
            "goods": [],
            "owed": _owed(mine),
            "ticks": [],
            "due": "",
            "back": "",
            "money": False,
        }
        for mine in by_resident.values()
    ]


def _of_order(shop: Shop, bag: Bag) -> dict[str, Any]:
    slot = shop.settings.slot(bag.slot)
    say = translator(shop.settings.language)
    money = bag.money
    return {
        "number": bag.number,
        "name": bag.name,
        "home": str(bag.home),
        "tail": bag.phone_tail,
        "day": _day(shop, bag.day),
        "slot": f"{say(slot.name)} {slot.hours}" if slot else "",
        "delivery": bag.delivery,
        "note": neutral(bag.note) if bag.delivery else bag.note,
        "goods": [(line.product, line.unit.said(line.outstanding)) for line in bag.open_lines],
        "owed": _owed(bag.owed),
        "due": show.money(money.due) if money and money.due else "",
        "back": show.money(money.overpaid) if money and money.overpaid else "",
        "money": True,
    }


def _owed(found: Iterable[Owed]) -> list[tuple[str, str]]:
    return [(one.product, one.unit.said(one.open)) for one in found]


def _ticks(
    shop: Shop, bag: Bag, packed: Mapping[Packaging, Packed]
) -> list[tuple[bool, str, int, str]]:
    """Return whether it was ticked, the material, how many, and the goods it is for."""
    say = translator(shop.settings.language)
    ticks = packaging(bag.lines, shop.settings, bag.day, bag.owed)
    ruled = {tick.material: tick.products for tick in ticks}
    if packed:
        return [
            (True, say(PACKAGING_NAMES[material]), one.quantity,
             "、".join(ruled.get(material, ())))
            for material, one in sorted(packed.items(), key=lambda found: ORDER[found[0]])
            if one.quantity
        ]  # fmt: skip
    return [
        (False, say(PACKAGING_NAMES[material]), 1, "、".join(products))
        for material, products in ruled.items()
    ]


def _day(shop: Shop, day: date) -> str:
    language = shop.settings.language
    return format_date(day, SHORT[language], locale(language))
