"""What a resident is told of owed goods that are ready, in the shop's language (R29). Pure."""

from collections.abc import Sequence

from lib.service.owed.rules import Owed
from lib.shop.settings import Settings


def ready_values(name: str, owed: Sequence[Owed], settings: Settings) -> dict[str, str]:
    """Return the values of the text that owed goods are ready to be collected."""
    return {
        "who": f"@{name} " if name else "",
        "goods": "、".join(f"{one.product} {one.unit.said(one.open)}" for one in owed),
        "place": settings.pickup_point,
    }
