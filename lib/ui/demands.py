"""The page of wishes: which of its parts is looked at, and what all of them show alike.

The address says it: ``/demands?view=in`` opens a part, ``/demands?demand=12`` one wish,
``/demands?demand=12&do=not_yet`` that wish with the form for that answer.
"""

from enum import StrEnum

import streamlit as st

from lib.shop.shop import Shop
from lib.trust.demands.notes.queries import waiting_notes
from lib.trust.demands.queries import Card
from lib.trust.demands.rules import LONGEST_SAID, OPEN, NewWish, Pace, Source, Status
from lib.trust.demands.texts import names_of
from lib.ui import choice, show
from lib.ui.forms import Form
from lib.ui.words import _


class View(StrEnum):
    """The parts of the page."""

    BOARD = "board"
    IN = "in"
    SAME = "same"
    NOTES = "notes"
    FIGURES = "figures"
    ONE = "one"


_STATES: dict[Pace, show.State] = {
    Pace.LATE: "late",
    Pace.SOON: "soon",
    Pace.IN_ORDER: "good",
}


def heading(shop: Shop) -> View:
    """Draw the title and the choice of parts; return the part to draw."""
    st.title(_("Wishes"))
    if "demand" in st.query_params:
        return View.ONE
    names = {
        View.BOARD.value: _("Board"),
        View.IN.value: _("Bring in"),
        View.SAME.value: _("Same wishes"),
        View.NOTES.value: _notes_name(shop),
        View.FIGURES.value: _("Figures"),
    }
    asked = st.query_params.get("view", View.BOARD.value)
    start = asked if asked in names else View.BOARD.value
    return View(choice.of_views(_("Part of the page"), names, start, f"demands-view-{start}"))


def _notes_name(shop: Shop) -> str:
    waiting = waiting_notes(shop)
    if not waiting:
        return _("Notes from residents")
    return _("Notes from residents ({count})").format(count=waiting)


def asked_demand() -> int | None:
    """Return the wish that the address names; None for no number."""
    asked = st.query_params.get("demand", "")
    return int(asked) if asked.isdecimal() and len(asked) < 18 else None


def open_one(demand_id: int, do: str = "") -> None:
    """Go to one wish, with the form for ``do`` open; a callback of buttons."""
    state_form(demand_id).renew()
    change_form(demand_id).renew()
    st.query_params.from_dict({"demand": str(demand_id), **({"do": do} if do else {})})


def open_board() -> None:
    """Go back to the board; a callback of buttons."""
    st.query_params.clear()


def state_form(demand_id: int) -> Form:
    """Return what remembers in which state this screen saw a wish."""
    return Form(f"wish-{demand_id}")


def who_asked(form: Form) -> tuple[str, str]:
    """Ask who wished for something and what they wrote; return both as typed."""
    names = st.text_input(
        _("Who asked (as named in the group)"),
        placeholder="张阿姨、李姐",
        help=_("Several names separated by commas; may stay empty."),
        key=form.field("names"),
    )
    said = st.text_input(_("What they wrote"), max_chars=LONGEST_SAID, key=form.field("said"))
    return names, said


def typed(shop: Shop, names: str, said: str) -> list[NewWish]:
    """Return a wish of everybody in ``names``, one of somebody unknown where it names nobody."""
    now = shop.clock.now()
    return [NewWish(name, said, Source.TYPED, now) for name in names_of(names) or ("",)]


def change_form(demand_id: int) -> Form:
    """Return the form of a wish's title and note."""
    return Form(f"wish_change_{demand_id}")


def moved(card: Card) -> None:
    """After a move of our own the forms of a wish go on from the new state.

    One that saw an older state than ``card`` still has somebody else's change to be told of.
    """
    state_form(card.id).look_again()
    change = change_form(card.id)
    if change.seen("version", card.version) == card.version:
        change.look_again()


def badges(shop: Shop, card: Card, *, brief: bool = False) -> None:
    """Show how the deadline of a wish stands, how many asked, and who was not told.

    ``brief`` for cards, which are narrow: the largest unit of a time only.
    """
    if card.came_back:
        state: show.State = "late" if card.pace is Pace.LATE else "soon"
        show.state(state, _("answer due"))
    elif card.status in OPEN and card.pace is not None:
        show.state(_STATES[card.pace], time_left(shop, card, brief=brief))
    if card.untold:
        show.state("soon", _("{count} not told").format(count=card.untold))
    elif card.status is Status.OFFERED and card.people:
        show.state("good", _("all told"))
    st.badge(people(card.people), icon=":material/group:", color="gray")


def time_left(shop: Shop, card: Card, *, brief: bool = False) -> str:
    """Return how long until a wish is due, or how late it is."""
    if card.due is None:
        return "—"
    length = card.due - shop.clock.now()
    said = _("{time} late") if card.pace is Pace.LATE else _("{time} left")
    return said.format(time=show.brief_span(length) if brief else show.span(length))


def people(count: int) -> str:
    """Return how many asked."""
    return _("{count} asked").format(count=count)


def is_urgent(card: Card) -> bool:
    """Whether a card is late or came back."""
    return card.came_back or (card.status in OPEN and card.pace is Pace.LATE)
