"""What the group reads about topics (R14, E17). Pure; in the shop's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib.kernel.words import N_

MOST_NAMED = 8
"""Wishes that the thanks name; the board has the rest."""

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Wished:
    """A wish that came of a topic: what, how many asked, whether it is on offer by now."""

    title: str
    people: int
    is_offered: bool = False


def topic_values(question: str, note: str, hours: int) -> dict[str, object]:
    """Return the values of the question as the group reads it; ``hours`` until a wish is met."""
    return {"question": question, "note": note, "hours": hours}


def thanks_values(
    question: str, answers: int, wishes: Sequence[Wished], translate: Translate
) -> dict[str, object]:
    """Return the values of the thanks: what is on the list, what is on offer already."""
    _ = translate
    most = sorted(wishes, key=lambda wish: -wish.people)
    listed = [
        _(N_("{title} ({count} people)")).format(title=wish.title, count=wish.people)
        for wish in most
        if not wish.is_offered
    ]
    offered = [wish.title for wish in most if wish.is_offered]
    return {
        "question": question,
        "count": answers,
        "wishes": _line(_(N_("On our list: {goods}")), listed, _),
        "offered": _line(_(N_("On offer already: {goods}")), offered, _),
    }


def _line(sentence: str, goods: Sequence[str], translate: Translate) -> str:
    if not goods:
        return ""
    named = translate(N_(", ")).join(goods[:MOST_NAMED])
    if len(goods) > MOST_NAMED:
        more = translate(N_("{named} and {count} more"))
        named = more.format(named=named, count=len(goods) - MOST_NAMED)
    return sentence.format(goods=named)
