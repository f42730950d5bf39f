"""The board of wishes: what is new, checked, on offer, not yet possible, declined.

A screen shows all columns beside each other, a phone one at a time. A move is asked for by a
callback that knows the version its card was drawn with: who was slower is told, whatever the board
read meanwhile.
"""

from collections import Counter
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lib.shop.shop import Shop
from lib.trust.demands import queries
from lib.trust.demands.commands import add_demand, move_demand
from lib.trust.demands.queries import Board, Card
from lib.trust.demands.rules import (
    LONGEST_TITLE,
    MOVES,
    OPEN,
    STATUS_NAMES,
    Pace,
    Status,
)
from lib.ui import choice, demands, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

ALL = "all"
_DRAWN = 12
"""Cards of a column beside others; one column alone shows all it has."""
_AT_ONCE = frozenset({Status.NEW, Status.CHECKING})
"""States that need no reason, day or product."""
_MOVE = "wishes-move"


def draw(shop: Shop) -> None:
    """Draw the board: what is due, the columns, everything else to be found."""
    _moved(shop)
    board = queries.board(shop)
    if board.cards:
        _due(board)
    _add(shop)
    if not board.cards:
        show.nothing(
            _("No wishes yet."), _("Bring in what residents ask for in the group, or type one.")
        )
    else:
        _columns(shop, board)
    _find(shop)


def _moved(shop: Shop) -> None:
    """Do the move that the last click asked for."""
    wanted = st.session_state.pop(_MOVE, None)
    if wanted is None:
        return
    demand_id, version, status = wanted
    form = Form(f"move-{demand_id}-{version}")
    with feedback.saying(_("Wish moved"), form):
        move_demand(form.once(shop, status), demand_id, version, Status(status))


def _due(board: Board) -> None:
    paces = Counter(card.pace for card in board.cards if card.status in OPEN)
    late, soon = paces[Pace.LATE], paces[Pace.SOON]
    back = sum(card.came_back for card in board.cards)
    untold = sum(card.untold for card in board.cards)
    with st.container(horizontal=True, key="wishes-due"):
        if late:
            show.state("late", _("{count} late").format(count=late))
        if back:
            show.state("late", _("{count} came back today").format(count=back))
        if soon:
            show.state("soon", _("{count} run out soon").format(count=soon))
        if untold:
            show.state("soon", _("{count} residents not told").format(count=untold))
        if not (late or back or soon or untold):
            show.state("good", _("Nothing is late"))


def _add(shop: Shop) -> None:
    """Let a single wish be typed."""
    form = Form("wish_add")
    with st.popover(_("Type a wish"), icon=":material/add:", key=form.field("pop")):
        title = st.text_input(
            _("What is wished for"),
            max_chars=LONGEST_TITLE,
            placeholder="现磨芝麻酱",
            key=form.field("title"),
        )
        names, said = demands.who_asked(form)
        if st.button(_("Take the wish in"), type="primary", key=form.field("save")):
            with feedback.saying(form=form):
                bound = form.once(shop, title, names, said)
                found = add_demand(bound, title, demands.typed(shop, names, said))
                feedback.keep(_taken(found.created, found.added, found.status))


def _taken(created: bool, added: int, status: Status) -> str:
    if created:
        return _("Wish taken in")
    said = _("Such a wish stands already ({status}): {count} more counted there.")
    return said.format(status=_(STATUS_NAMES[status]), count=added)


def _columns(shop: Shop, board: Board) -> None:
    names = _column_names(board)
    start = _first_column(board) if _is_phone() else ALL
    chosen = choice.of_views(_("Column"), names, start, "wishes-column")
    if chosen != ALL:
        _column(shop, board, Status(chosen), alone=True)
        return
    for place, status in zip(st.columns(len(Status), gap="xsmall"), Status, strict=True):
        with place:
            st.markdown(f"**{names[status.value]}**")
            _column(shop, board, status, alone=False)


def _column_names(board: Board) -> Mapping[str, str]:
    """Return the columns with their counts; the whole board is a choice where there is room."""
    names = {} if _is_phone() else {ALL: _("All")}
    for status in Status:
        more = "+" if status in board.more else ""
        names[status.value] = f"{_(STATUS_NAMES[status])} {len(board.columns[status])}{more}"
    return names


def _first_column(board: Board) -> str:
    """The column a phone shows first: that of the most urgent card."""
    urgent = [status for status in Status if any(map(demands.is_urgent, board.columns[status]))]
    filled = [status for status in Status if board.columns[status]]
    return (urgent or filled)[0].value


def _is_phone() -> bool:
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def _column(shop: Shop, board: Board, status: Status, *, alone: bool) -> None:
    cards = board.columns[status]
    drawn = cards if alone else cards[:_DRAWN]
    if not cards:
        st.caption(_("Nothing here."))
    for card in drawn:
        _card(shop, card)
    if len(drawn) < len(cards) or status in board.more:
        st.caption(_("There are more: choose this column, or search below."))


def _card(shop: Shop, card: Card) -> None:
    with st.container(border=True, key=f"wish-{card.id}"):
        st.button(
            f"**{plain(card.title)}**",
            type="tertiary",
            key=f"open-{card.id}",
            on_click=demands.open_one,
            args=(card.id,),
        )
        with st.container(horizontal=True, gap="xsmall"):
            demands.badges(shop, card, brief=True)
        for line in _lines(shop, card):
            st.caption(line)
        key = f"move-{card.id}-{card.version}"
        names = {status.value: _move_name(status) for status in MOVES[card.status]}
        st.menu_button(
            _("Move to"),
            list(names),
            format_func=names.__getitem__,
            help=_("Move: {wish}").format(wish=plain(card.title)),
            on_click=_ask,
            args=(card.id, card.version, key),
            key=key,
        )


def _lines(shop: Shop, card: Card) -> list[str]:
    said = []
    if card.sources and card.status is not Status.OFFERED:
        said.append(
            _("Sources: {answered} of {count} answered").format(
                answered=card.answered, count=card.sources
            )
        )
    if card.status is Status.OFFERED and card.product:
        said.append(plain(card.product))
    if card.status is Status.NOT_YET and card.next_on is not None:
        said.append(_("Answer {day}").format(day=show.day(card.next_on, shop)))
    if card.status in (Status.NOT_YET, Status.DECLINED):
        said.append(plain(card.reason))
    return said


def _move_name(status: Status) -> str:
    names = {
        Status.OFFERED: _("On offer …"),
        Status.NOT_YET: _("Not yet …"),
        Status.DECLINED: _("Cannot be had …"),
    }
    return names.get(status) or _(STATUS_NAMES[status])


def _ask(demand_id: int, version: int, key: str) -> None:
    """Keep the wanted move for the run that follows, or open the form it needs."""
    wanted = Status(st.session_state[key])
    if wanted in _AT_ONCE:
        st.session_state[_MOVE] = (demand_id, version, wanted.value)
    else:
        demands.open_one(demand_id, wanted.value)


def _find(shop: Shop) -> None:
    """Let any wish be found, also those that left the board."""
    box = st.expander(
        _("All wishes, also old ones"),
        icon=":material/search:",
        key="wishes-find",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        with st.container(horizontal=True):
            text = st.text_input(
                _("Search"), placeholder=_("wish or name"), max_chars=60, key="wishes-search"
            )
            names = {status.value: _(name) for status, name in STATUS_NAMES.items()}
            chosen = st.multiselect(
                _("State"),
                list(names),
                format_func=names.__getitem__,
                placeholder=_("all"),
                key="wishes-states",
            )
        cards = queries.found(shop, text, [Status(each) for each in chosen])
        picked = choice.of_rows(
            pd.DataFrame([_row(card) for card in cards]),
            "wishes",
            shop,
            moment_columns=[_("First asked"), _("Since")],
            config={_("Wish"): st.column_config.TextColumn(pinned=True)},
            empty=_("No wish is found."),
        )
        if picked is not None:
            demands.open_one(cards[picked].id)
            st.rerun()


def _row(card: Card) -> dict[str, object]:
    return {
        _("Wish"): card.title,
        _("State"): _(STATUS_NAMES[card.status]),
        _("People"): card.people,
        _("First asked"): card.first_asked_at,
        _("Since"): card.status_at,
        _("Next answer"): card.next_on,
        _("Reason"): card.reason,
        _("Product"): card.product,
    }
