"""What the group is told about a shortage: homes or order numbers, no names (E6, E17). Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.messages.filling import filled
from lib.shop.messages.supply_events import SHORTAGE

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Cut:
    """One resident who gets less: where, how much was ordered and comes, and the money.

    ``back`` is what the shop owes them, ``less`` what they pay less at the counter.
    """

    called: str
    ordered: int
    gets: int
    back: Money
    less: Money


def shortage_text(product: str, unit: Unit, cuts: Sequence[Cut], translate: Translate) -> str:
    """Return the message for the group: what is short, and per home from how much to how much."""
    if not cuts:
        return ""
    homes = "\n".join(_row(product, unit, cut, translate) for cut in cuts)
    return filled(translate(SHORTAGE.wording), {"product": product, "homes": homes})


def _row(product: str, unit: Unit, cut: Cut, translate: Translate) -> str:
    said = f"{cut.called} {product} {unit.said(cut.ordered)}→{_amount(unit, cut.gets)}"
    if cut.back:
        return translate(N_("{line}, {amount} yuan back")).format(line=said, amount=_yuan(cut.back))
    if cut.less:
        less = N_("{line}, {amount} yuan less to pay")
        return translate(less).format(line=said, amount=_yuan(cut.less))
    return said


def _amount(unit: Unit, amount: int) -> str:
    return unit.said(amount) if amount else f"0{unit.word}"


def _yuan(amount: Money) -> str:
    return f"{amount.yuan.normalize():f}"
