"""What is posted in the group when a sheet is published (E17). Pure; in the shop's language."""

from collections.abc import Callable

from lib.kernel.money import Money
from lib.trust.costs.rules import GIVEN, LABELS, Line, Part, Sheet

MOST_NAMED = 6
"""Products written out in the message; the page has the rest. Long messages are not read."""

Translate = Callable[[str], str]


def placeholders(sheet: Sheet, translate: Translate, day: str, address: str) -> dict[str, str]:
    """Return the values of :data:`lib.shop.messages.price_events.PRICE_SHEET`.

    ``day`` is the sheet's day as people say it, ``address`` the light page. Amounts are in yuan
    without the sign, as people write them in the group.
    """
    _ = translate
    rest = len(sheet.lines) - MOST_NAMED
    correction = _("Corrects sheet {number}: {reason}")
    return {
        "title": sheet.title,
        "day": day,
        "goods": "\n".join(line_text(line, _) for line in sheet.lines[:MOST_NAMED]),
        "rest": _("… and {count} more").format(count=rest) if rest > 0 else "",
        "correction": (
            correction.format(number=sheet.corrects, reason=sheet.correction)
            if sheet.corrects
            else ""
        ),
        "address": address,
        "number": str(sheet.number),
        "fingerprint": sheet.short,
    }


def line_text(line: Line, translate: Translate) -> str:
    """Return one product: ``土鸡蛋 5.80/斤 = 进价 4.50 + 损耗 0.11 + 本店留 1.19``."""
    shown = []
    for part, amount in line.parts:
        label = GIVEN if part is Part.KEPT and line.is_given else LABELS[part]
        sign = "−" if amount.fen < 0 else "+"
        shown.append(f"{sign} {translate(label)} {Money(abs(amount.fen))}")
    return f"{line.name} {line.price}/{line.unit} = {' '.join(shown).removeprefix('+ ')}"
