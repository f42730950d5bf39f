"""What a resident is told about a complaint: got it, a photo please, settled, is all well. Pure.

The wording is the owner's (see :mod:`lib.shop.messages`); here its values are worked out. All of it
goes into the private chat: amounts are nobody else's business.
"""

from collections.abc import Sequence
from datetime import datetime

from lib.kernel.words import N_
from lib.service.after_sales.cards.queries import Card
from lib.shop.language import Translate
from lib.trade.rounds.announcement import said_moment

PHOTO_PLEASE = N_("Could you send a photo of the bad ones and one of the whole pack?")
OPTIONS = N_("As you like: {options}")
_MARKS = "①②③④⑤⑥"


def reply_values(
    card: Card, options: Sequence[str], now: datetime, zone_name: str, say: Translate
) -> dict[str, str]:
    """Return the values of the first reply; ``options`` are what the pledge offers, in words.

    A photo is asked for where there is none. A photo that is awaited moves the solution; what is
    said is the moment as it stands.
    """
    return {
        **about_values(card, say),
        "ask": "" if card.photos else say(PHOTO_PLEASE),
        "options": said_options(options, say),
        "until": said_moment(card.solution.due_at, now, zone_name, say),
    }


def about_values(card: Card, say: Translate) -> dict[str, str]:
    """Return the values that all texts about a case share."""
    return {
        "who": f"@{card.name} " if card.name else "",
        "product": card.product or say(N_("your purchase")),
        "number": card.number,
    }


def said_options(options: Sequence[str], say: Translate) -> str:
    """Return what a resident may choose from; a single option is said as it is."""
    if not options:
        return ""
    if len(options) == 1:
        return say(N_("We offer: {option}")).format(option=options[0])
    numbered = zip(_MARKS, options, strict=False)
    return say(OPTIONS).format(options=" ".join(f"{mark}{option}" for mark, option in numbered))
