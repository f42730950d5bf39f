"""What a supplier is told: goods, quantities as people say them, the day; no resident (E5). Pure.

Always in the shop's language.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.messages.filling import filled
from lib.shop.messages.supply_events import PURCHASE_ORDER

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Goods:
    """One product for a supplier: quantity in grams or sale units, and its case if it has one."""

    name: str
    unit: Unit
    quantity: int
    case: int | None = None

    def said(self, translate: Translate) -> str:
        """Return ``土鸡蛋 50斤（5箱，每箱10斤）``; without whole cases the quantity alone."""
        amount = f"{self.name} {self.unit.said(self.quantity)}"
        cases = self.cases(translate)
        if not cases:
            return amount
        return translate(N_("{amount} ({cases})")).format(amount=amount, cases=cases)

    def cases(self, translate: Translate) -> str:
        """Return ``5箱，每箱10斤``; empty when it is no whole number of cases."""
        if not self.case or self.quantity % self.case or self.case == 1:
            return ""
        said = translate(N_("{count} cases of {case}"))
        return said.format(count=self.quantity // self.case, case=self.unit.said(self.case))


def order_text(
    shop_name: str,
    number: str,
    supplier: str,
    day: str,
    goods: Sequence[Goods],
    translate: Translate,
    *,
    note: str = "",
    place: str = "",
) -> str:
    """Return the order as it is sent to the supplier; ``day`` is said as people say it."""
    values: dict[str, object] = {
        "shop": shop_name,
        "number": number,
        "supplier": supplier,
        "day": day,
        "goods": "\n".join(f"· {one.said(translate)}" for one in goods if one.quantity),
        "place": place,
        "note": note,
    }
    return filled(translate(PURCHASE_ORDER.wording), values)


def merged(goods: Iterable[Goods]) -> tuple[Goods, ...]:
    """Return the goods of several orders added up per product and unit."""
    found: dict[tuple[str, str], Goods] = {}
    for one in goods:
        key = (one.name, one.unit.word)
        before = found.get(key)
        quantity = one.quantity + (before.quantity if before else 0)
        found[key] = Goods(one.name, one.unit, quantity, one.case)
    return tuple(found.values())
