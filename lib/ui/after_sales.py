"""The page of after-sales: which of its parts is looked at, and what all of them show alike.

The address says it: ``/after_sales?view=find`` opens a part, ``?case=12`` one case. A new case
begins with ``?new=``: ``12`` is about order 12, ``line-55`` about one of its lines, ``member-7``
about something of that resident's, ``nobody`` about something of somebody unknown.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum

import streamlit as st

from lib.kernel.errors import Conflict
from lib.service.after_sales.clocks import Clock, State
from lib.service.after_sales.queries import Card
from lib.service.after_sales.risk.queries import RiskyBatch
from lib.service.after_sales.rules import DEFECT_NAMES, ClockName, CountedIn, Defect, Status
from lib.shop.shop import Shop
from lib.ui import choice, feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

TICK = "10s"
"""How often clocks are drawn anew."""


class View(StrEnum):
    """The parts of the page."""

    BOARD = "board"
    NEW = "new"
    FIND = "find"
    ONE = "one"


_STATES: dict[State, show.State] = {
    State.LATE: "late",
    State.MET_LATE: "late",
    State.SOON: "soon",
    State.IN_ORDER: "good",
    State.MET: "good",
    State.PAUSED: "quiet",
    State.STOPPED: "quiet",
}
_DEFECT_ICONS: dict[Defect, str] = {
    Defect.ROTTEN: ":material/compost:",
    Defect.DAMAGED: ":material/broken_image:",
    Defect.QUALITY: ":material/thumb_down:",
    Defect.SHORT: ":material/scale:",
    Defect.MISSING: ":material/indeterminate_check_box:",
    Defect.WRONG: ":material/swap_horiz:",
    Defect.SERVICE: ":material/support_agent:",
    Defect.OTHER: ":material/more_horiz:",
}


def heading() -> View:
    """Draw the title and the means to go elsewhere; return the part to draw."""
    st.title(_("After-sales"))
    if "case" in st.query_params:
        return View.ONE
    if "new" in st.query_params:
        return View.NEW
    names = {View.BOARD.value: _("Board"), View.FIND.value: _("All cases")}
    asked = st.query_params.get("view", View.BOARD.value)
    start = asked if asked in names else View.BOARD.value
    with st.container(horizontal=True, vertical_alignment="center", key="after-sales-ways"):
        st.button(
            _("Take a case in"),
            icon=":material/add_circle:",
            type="primary",
            shortcut="N",
            key="after-sales-new",
            on_click=open_new,
        )
        return View(
            choice.of_views(_("Part of the page"), names, start, f"after-sales-view-{start}")
        )


def back(label: str = "") -> None:
    """Draw the way back to the board."""
    st.button(
        label or _("Board"),
        icon=":material/arrow_back:",
        type="tertiary",
        shortcut="B",
        key="back",
        on_click=open_board,
    )


def open_new(about: str = "") -> None:
    """Go to a new case; a callback of buttons."""
    st.query_params.from_dict({"new": about})


def open_one(case_id: int) -> None:
    """Go to one case as it stands now; a callback of buttons."""
    case_form(case_id).look_again()
    st.query_params.from_dict({"case": str(case_id)})


def open_board() -> None:
    """Go back to the board; a callback of buttons."""
    st.query_params.clear()


def asked_case() -> int | None:
    """Return the case that the address names; None for no number."""
    return number_in(st.query_params.get("case", ""))


def number_in(text: str) -> int | None:
    """Return the number that ``text`` is; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def case_form(case_id: int) -> Form:
    """Return what remembers in which state this screen saw a case."""
    return Form(f"case-{case_id}")


def seen(card: Card) -> int:
    """Return the version of the case that the person at this screen saw."""
    return int(case_form(card.id).seen("version", card.version))


@contextmanager
def saying(card: Card, notice: str | None, form: Form) -> Iterator[None]:
    """Run a command that changes a case, as :func:`lib.ui.feedback.saying` does.

    Afterwards this screen goes on from the new state: of its own change, or of somebody else's that
    it was just told of. One that was not told of yet is still to be told.
    """
    up_to_date = seen(card) == card.version
    with feedback.saying(notice, form):
        try:
            yield
        except Conflict:
            case_form(card.id).look_again()
            raise
        if up_to_date:
            case_form(card.id).look_again()


def warning(shop: Shop, clock: Clock) -> timedelta:
    """Return how long before its moment a clock turns amber."""
    if clock.name is ClockName.REPLY:
        return timedelta(minutes=shop.settings.reply_warning_minutes)
    return timedelta(hours=shop.settings.solve_warning_hours)


def state_of(shop: Shop, clock: Clock) -> State:
    """Return how a clock of the case stands now."""
    return clock.state(shop.clock.now(), warning(shop, clock))


def clock_badge(shop: Shop, clock: Clock, *, brief: bool = False) -> None:
    """Show how a clock stands: colour, icon and word say the same; ``brief`` for narrow cards."""
    state = state_of(shop, clock)
    said = clock_said(shop, clock, state, brief=brief)
    if state is State.PAUSED:
        st.badge(said, icon=":material/pause_circle:", color="blue")
    else:
        show.state(_STATES[state], said)


def clock_said(shop: Shop, clock: Clock, state: State, *, brief: bool = False) -> str:
    """Return how a clock stands in words: what is left of it, or how late it is."""
    reply = clock.name is ClockName.REPLY
    sentences = {
        State.LATE: _("Reply {time} late") if reply else _("Solution {time} late"),
        State.SOON: _("Reply: {time} left") if reply else _("Solution: {time} left"),
        State.IN_ORDER: _("Reply: {time} left") if reply else _("Solution: {time} left"),
        State.PAUSED: _("Paused: {time} left") if brief else _("Paused for the photo: {time} left"),
        State.MET: _("Replied in time") if reply else _("Solved in time"),
        State.MET_LATE: _("Replied {time} late") if reply else _("Solved {time} late"),
        State.STOPPED: _("No reply needed") if reply else _("No solution needed"),
    }
    left = clock.left(shop.clock.now())
    return sentences[state].format(time=show.brief_span(left) if brief else show.span(left))


def clocks(shop: Shop, card: Card) -> None:
    """Show the clocks of a card that still run; one that was met says nothing more here."""
    for clock in (card.reply, card.solution):
        if clock.met_at is None:
            clock_badge(shop, clock, brief=True)


def follow_up_badge(shop: Shop, card: Card) -> None:
    """Show when a solved case is asked about, and what is still owed for it."""
    if card.owed_open:
        show.state("soon", _("Goods still owed"))
    if card.follow_up_on is None:
        return
    if card.follow_up_on <= shop.today:
        show.state("soon", _("Ask whether all is well"))
    else:
        show.state("quiet", _("Ask {day}").format(day=show.day(card.follow_up_on, shop)))


def who(card: Card) -> str:
    """Return whose case it is: nickname and home, as far as they are known."""
    said = " · ".join(part for part in (plain(card.name), plain(card.home)) if part)
    return said or _("nobody's name")


def goods(card: Card) -> str:
    """Return what a case is about."""
    if card.product:
        return plain(card.product)
    return _(DEFECT_NAMES[Defect.SERVICE]) if card.defect is Defect.SERVICE else _("not said what")


def amount(card: Card) -> str:
    """Return how much of it is bad: ``3 of 30 pieces``; empty when nothing was counted."""
    if card.bad is None or card.of_total is None or card.counted_in is None:
        return ""
    return amount_said(card.bad, card.of_total, counted_word(card.counted_in, card))


def amount_said(bad: int, total: int, word: str) -> str:
    """Return n bad of m, counted in ``word``."""
    return _("{bad} of {total} {unit}").format(bad=bad, total=total, unit=word)


def counted_word(way: CountedIn, card: Card) -> str:
    """Return the word behind the numbers of a case."""
    return unit_word(way, card.unit.word if card.unit else "")


def unit_word(way: CountedIn, unit: str) -> str:
    """Return what is counted: the sale unit, single pieces, grams."""
    if way is CountedIn.GRAMS:
        return _("g")
    if way is CountedIn.PIECES or not unit:
        return _("pcs")
    return plain(unit)


def defect_icon(defect: Defect) -> str:
    """Return the icon of what is wrong."""
    return _DEFECT_ICONS[defect]


def is_phone() -> bool:
    """Whether a telephone looks."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def is_urgent(shop: Shop, card: Card) -> bool:
    """Whether a card needs somebody now: a clock that ran out or is about to, a day to ask."""
    if card.status is Status.SOLVED:
        return card.follow_up_on is not None and card.follow_up_on <= shop.today
    running = (each for each in (card.reply, card.solution) if each.met_at is None)
    return any(state_of(shop, clock) in (State.LATE, State.SOON) for clock in running)


def risk(found: RiskyBatch) -> None:
    """Point out a batch of which several complain; who knowingly sells unsafe food is liable."""
    with st.container(border=True, key=f"risk-{found.id}"):
        said = _("{count} cases on batch {code} ({product}): look at it, perhaps call it back.")
        st.markdown(
            ":red[:material/warning:] **"
            + said.format(
                count=len(found.cases), code=plain(found.code), product=plain(found.product)
            )
            + "**"
        )
        with st.container(horizontal=True):
            st.page_link(
                navigation.page("batches"),
                label=_("Look at the batch"),
                icon=":material/qr_code_2:",
                query_params={"batch": str(found.id)},
            )
            st.page_link(
                navigation.page("recall"),
                label=_("Call this batch back"),
                icon=":material/assignment_return:",
                query_params={"batch": str(found.id)},
            )
