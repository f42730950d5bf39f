"""What the group reads about activities (R12, E17). Pure; in the shop's language, nobody named."""

from collections.abc import Callable, Sequence
from datetime import date

from lib.kernel.words import N_
from lib.trade.rounds.announcement import said_day

Translate = Callable[[str], str]


def announcement_values(
    title: str,
    day: date,
    starts: str,
    place: str,
    note: str,
    goods: Sequence[str],
    today: date,
    translate: Translate,
) -> dict[str, object]:
    """Return the values of the announcement; ``goods`` are the names of what is shown."""
    return {
        "title": title,
        "when": f"{said_day(day, today, translate)} {starts}".rstrip(),
        "place": place,
        "note": note,
        "goods": translate(N_(", ")).join(goods),
    }


def thanks_values(
    title: str, heads: int | None, photos: int, translate: Translate
) -> dict[str, object]:
    """Return the values of the thanks; ``photos`` counts the published ones."""
    follow = translate(N_("Photos: see the next messages 👇")) if photos else ""
    return {"title": title, "heads": heads or "", "photos": follow}
