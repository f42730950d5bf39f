"""Moving an order to another slot with one touch, with the question when it is full (R21, B11).

The same buttons stand on the cards of the pickup desk and on the page of slots. What is read around
several cards is read once (:func:`around`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import streamlit as st

from lib.members.profiles.commands import set_usual_slot
from lib.service.picking.queries import Bag
from lib.service.pickup import rules
from lib.service.pickup.commands import move_slot, undo_move
from lib.service.pickup.queries import DayLoad, closed_days_of, keep_until_of, loads_ahead
from lib.service.pickup.rules import Was
from lib.service.pickup.usual.queries import habits_of
from lib.service.pickup.usual.rules import Habit
from lib.shop.shop import Shop
from lib.trade.orders.slots.rules import Fullness, SlotFull
from lib.trade.rounds.rules import next_open_day
from lib.ui import feedback, navigation, show, slots_load
from lib.ui.forms import Form
from lib.ui.words import _, plain

SEARCH = Form("pickup_search")
_ASKED = "slot-full-asked"
_MOVED = "slot-moved"


@dataclass(frozen=True)
class Around:
    """What is to be known of several orders: closed days, loads, keep-until, habits."""

    closed: frozenset[date] = frozenset()
    loads: Mapping[date, DayLoad] = field(default_factory=dict)
    until: Mapping[int, date] = field(default_factory=dict)
    habits: Mapping[int, Habit] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """The last move made on this screen, with what takes it back."""

    order_id: int
    said: str
    version: int
    was: Was


def around(shop: Shop, bags: Sequence[Bag]) -> Around:
    """Read what the buttons and notes of ``bags`` need."""
    waiting = [bag for bag in bags if bag.open_lines]
    if not waiting:
        return Around()
    closed = closed_days_of(shop)
    days = rules.days_offered(shop.today, closed)
    return Around(
        closed,
        {load.day: load for load in loads_ahead(shop, days)},
        keep_until_of(shop, waiting),
        habits_of(shop, [bag.member_id for bag in waiting]),
    )


def draw(shop: Shop, bag: Bag, known: Around) -> None:
    """Draw one button for each time the order can be moved to, or the question about a full one."""
    asked = st.session_state.get(_ASKED)
    if asked and asked[0] == bag.order_id:
        _ask(shop, bag, *asked[1:])
        return
    form = _form(bag)
    version = form.seen("version", bag.version)
    times = rules.offered_times(bag.slot, bag.day, shop.clock.now(), shop.settings, known.closed)
    with st.container(
        horizontal=True, gap="xsmall", vertical_alignment="center", key=f"times-{bag.order_id}"
    ):
        st.caption(_("Comes later:"), width="content")
        for day, slot in times:
            label = _label(shop, day, slot, known)
            if st.button(label, key=form.field(f"to-{day:%Y%m%d}-{slot}"), type="secondary"):
                move(shop, bag, slot, day, version)


def move(
    shop: Shop, bag: Bag, slot: str | None, day: date, version: int, *, into_full: bool = False
) -> None:
    """Move an order and remember how it is taken back; a full slot is asked about first."""
    form = _form(bag)
    when = f"{show.day(day, shop)} {show.slot(slot, shop)}"
    said = _("{number} {home} → {when}").format(
        number=bag.number, home=plain(bag.home or bag.name), when=when
    )
    with feedback.saying(_("Moved: {name}").format(name=plain(bag.name)), form):
        bound = form.once(shop, bag.order_id, slot, day, version, into_full)
        with _asking(bag, slot, day, version):
            move_slot(bound, bag.order_id, slot, day, version, into_full=into_full)
        was = Was(bag.day, bag.slot, bag.slot_usual, bag.number)
        st.session_state[_MOVED] = Moved(bag.order_id, said, version + 1, was)
        _close()
        SEARCH.renew()  # the next one steps up to the counter
        st.query_params.pop("order", None)


def another_day(shop: Shop, bag: Bag, known: Around) -> None:
    """Ask for any slot and day, where the buttons beside do not offer it."""
    with st.expander(_("Collects on another day"), key=f"move-{bag.order_id}"):
        form = _form(bag)
        with st.form(form.field("form"), border=False):
            names = {one.key: show.slot(one.key, shop) for one in shop.settings.slots}
            keys = list(names)
            slot = st.selectbox(
                _("Slot"),
                keys,
                index=keys.index(bag.slot) if bag.slot in keys else 0,
                format_func=names.__getitem__,
                key=form.field("slot"),
            )
            day = st.date_input(
                _("Day"),
                value=next_open_day(shop.today + timedelta(days=1), known.closed),
                min_value=shop.today,
                key=form.field("day"),
                format="YYYY-MM-DD",
            )
            saved = st.form_submit_button(_("Move"), key=form.field("save"), width="stretch")
    if saved:
        version = form.seen("version", bag.version)
        move(shop, bag, slot, day, version)


def just_moved(shop: Shop) -> None:
    """Show the last move made on this screen with its undo."""
    moved: Moved | None = st.session_state.get(_MOVED)
    if moved is None:
        return
    form = Form(f"unmove_{moved.order_id}_{moved.version}")
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="moved"):
        st.markdown(f":material/event_upcoming: {moved.said}", width="stretch")
        undo = st.button(_("Undo"), icon=":material/undo:", key=form.field("undo"))
    if undo:
        with feedback.saying(_("Undone"), form):
            bound = form.once(shop, moved.order_id)
            undo_move(bound, moved.order_id, moved.version, moved.was)
            st.session_state.pop(_MOVED, None)


def habit(shop: Shop, member_id: int, found: Habit | None) -> None:
    """Say in which slot a resident usually comes, and offer to remember it (R21)."""
    if found is None:
        return
    form = Form(f"habit_{member_id}")
    with st.container(horizontal=True, vertical_alignment="center", key=f"habit-{member_id}"):
        said = _("Usually {slot} ({count} of the last {all} orders)")
        slot = show.slot(found.slot, shop)
        st.caption(said.format(slot=slot, count=found.count, all=found.of), width="content")
        if st.button(
            _("Remember as usual slot"),
            icon=":material/bookmark_add:",
            type="tertiary",
            key=form.field("save"),
        ):
            with feedback.saying(_("Remembered: used where no slot is said"), form):
                set_usual_slot(form.once(shop, member_id, found.slot), member_id, found.slot)


def kept(shop: Shop, bag: Bag, until: date | None) -> None:
    """Say until when goods nobody came for are kept; past that day, what can be done (R22)."""
    if until is None or not rules.is_late(bag.slot, bag.day, shop.clock.now(), shop.settings):
        return
    if until >= shop.today:
        show.state("soon", _("kept until {day}").format(day=show.day(until, shop)))
        return
    show.state("late", _("kept until {day}, that is over").format(day=show.day(until, shop)))
    st.page_link(
        navigation.page("orders"),
        label=_("Bring it, or take it off"),
        icon=":material/arrow_forward:",
        query_params={"order": str(bag.order_id)},
    )


def _ask(shop: Shop, bag: Bag, slot: str, day: date, version: int, sentence: str) -> None:
    form = _form(bag)
    with st.container(border=True, key=f"full-{bag.order_id}"):
        st.warning(sentence, icon=":material/groups:")
        with st.container(horizontal=True):
            anyway = st.button(_("Move all the same"), type="primary", key=form.field("anyway"))
            st.button(_("Leave it"), key=form.field("leave"), on_click=_close)
    if anyway:
        move(shop, bag, slot, day, version, into_full=True)


@contextmanager
def _asking(bag: Bag, slot: str | None, day: date, version: int) -> Iterator[None]:
    """Turn the refusal of a full slot into a question, drawn in the next run."""
    try:
        yield
    except SlotFull as full:
        said = feedback.refusal(full)
        st.session_state[_ASKED] = (bag.order_id, slot, day, version, said)
        st.rerun()


@contextmanager
def asking_below(form: Form) -> Iterator[None]:
    """As the buttons do, for a form with other fields: the question is drawn below it."""
    try:
        yield
    except SlotFull as full:
        st.session_state[_ASKED] = (form.key, feedback.refusal(full))
        st.rerun()


def asked_anyway(form: Form) -> bool:
    """Draw the question about the full slot a form was refused for; return whether it is yes."""
    asked = st.session_state.get(_ASKED)
    if not asked or asked[0] != form.key:
        return False
    st.warning(asked[1], icon=":material/groups:")
    with st.container(horizontal=True):
        anyway = st.button(_("Save all the same"), type="primary", key=form.field("anyway"))
        st.button(_("Leave it"), key=form.field("leave"), on_click=_close)
    if anyway:
        _close()
    return anyway


def _close() -> None:
    st.session_state.pop(_ASKED, None)


def _label(shop: Shop, day: date, slot: str, known: Around) -> str:
    chosen = shop.settings.slot(slot)
    name = plain(_(chosen.name)) if chosen else "—"
    said = name if day == shop.today else f"{show.day(day, shop)} {name}"
    load = known.loads.get(day)
    if load and slots_load.full_of(shop, load.of(slot)) is Fullness.FULL:
        return _("{slot} (full)").format(slot=said)
    return said


def _form(bag: Bag) -> Form:
    return Form(f"move_{bag.order_id}")
