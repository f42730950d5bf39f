"""What a text says: the owner's wording of its event, or the program's, with its values (E17)."""

from collections.abc import Mapping

from lib.shop.language import Translate, translator
from lib.shop.messages.cutting import pieces
from lib.shop.messages.events import EVENTS, Event
from lib.shop.messages.filling import filled
from lib.shop.messages.templates.queries import own_wordings
from lib.shop.shop import Shop

__all__ = ["filled", "pieces", "said", "speaker", "speaking"]


def said(shop: Shop, event: Event, /, **values: object) -> str:
    """Return the text of ``event`` with ``values`` in it, in the shop's language.

    The owner's wording is used where there is one. Lines whose values are all empty are left out.
    ``values`` name every placeholder of the event.
    """
    return filled(speaker(shop)(event.wording), values)


def speaker(shop: Shop) -> Translate:
    """Return the translator of the shop's language that says events as the owner words them.

    The owner's wording of an event is one more translation of the event's default: topics whose
    texts take a translator need not know of it.
    """
    return speaking(shop.settings.language, own_wordings(shop))


def speaking(language: str, wordings: Mapping[str, str]) -> Translate:
    """Return the translator of ``language`` that says events as ``wordings`` (by event) do.

    For a command, which reads the wordings in its own transaction.
    """
    say = translator(language)
    own = {EVENTS[key].wording: text for key, text in wordings.items() if key in EVENTS}
    return lambda sentence: own.get(sentence) or say(sentence)
