"""Putting a text together: the owner's wording, or the program's, with its values."""

from lib.shop.language import translator
from lib.shop.messages.cutting import pieces
from lib.shop.messages.events import Event
from lib.shop.shop import Shop

__all__ = ["filled", "pieces", "said"]


def said(shop: Shop, event: Event, **values: object) -> str:
    """Return the text of ``event`` with ``values`` in it, in the shop's language.

    Lines whose values are all empty are left out. ``values`` name every placeholder of the event.
    """
    return filled(translator(shop.settings.language)(event.wording), values)


def filled(wording: str, values: dict[str, object]) -> str:
    """Return ``wording`` with ``values`` in it; a line in which all values are empty is left out.

    Braces inside a value stay as they are.
    """
    texts = {name: str(value) for name, value in values.items()}
    lines = []
    for line in wording.split("\n"):
        named = [name for name in texts if f"{{{name}}}" in line]
        if named and not any(texts[name] for name in named):
            continue
        lines.append(line.format(**texts))
    return "\n".join(lines)
