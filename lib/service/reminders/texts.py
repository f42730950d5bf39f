"""Texts for the group before and after a slot (R22): homes or numbers only, no names, no phones.

They are said by ``speaker``: the owner's own wording of an event counts. The reminder itself is
:func:`lib.service.pickup.texts.pickup_reminder`.
"""

from collections.abc import Sequence
from datetime import date

from lib.kernel.words import N_
from lib.service.picking.queries import Bag
from lib.service.pickup.texts import called, day_said, homes_said
from lib.shop.language import Translate
from lib.shop.messages.filling import filled
from lib.shop.messages.service_events import PICKUP_AFTER
from lib.shop.settings import Settings, Slot


def second_notice(
    settings: Settings,
    slot: Slot,
    day: date,
    today: date,
    kept: Sequence[tuple[Bag, date]],
    say: Translate,
) -> str:
    """Return what was not collected in ``slot`` of ``day``, with until when it is kept.

    ``kept`` pairs each order with its last day. Empty when everything was collected.
    """
    if not kept:
        return ""
    lines = [
        _line(until, [called(bag) for bag, day_ in kept if day_ == until], today, say)
        for until in sorted({until for _bag, until in kept})
    ]
    values: dict[str, object] = {
        "day": day_said(day, today, say),
        "hours": f"{say(slot.name)} {slot.hours}",
        "count": len(kept),
        "homes": "\n".join(lines),
        "place": settings.pickup_point,
    }
    return filled(say(PICKUP_AFTER.wording), values)


def _line(until: date, homes: Sequence[str], today: date, say: Translate) -> str:
    if until < today:
        return say(N_("please ask us first: {homes}")).format(homes=homes_said(homes))
    sentence = say(N_("kept until {day}: {homes}"))
    return sentence.format(day=day_said(until, today, say), homes=homes_said(homes))
