"""What is written to somebody who has not been there for long (R33). Pure."""

from collections.abc import Sequence

from lib.kernel.words import N_
from lib.members.habits.rules import Kind
from lib.shop.language import Translate
from lib.shop.settings import Settings

MOST_NAMED = 2


def win_back_values(
    name: str, likings: Sequence[tuple[Kind, str]], settings: Settings, say: Translate
) -> dict[str, object]:
    """Return the values of the text that wins back the resident ``name``.

    ``likings`` are kinds and names of what they agreed to have noted; goods among them are named.
    ``say`` translates into the shop's language.
    """
    goods = [called for kind, called in likings if kind is not Kind.TAG][:MOST_NAMED]
    liked = say(N_("{goods}: shall we keep some for you?"))
    return {
        "name": name,
        "liked": liked.format(goods="、".join(goods)) if goods else "",
        "shop_name": settings.shop_name or say(N_("Linli")),
    }
