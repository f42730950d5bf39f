"""The page of slots and reminders (R21, R22): how full, who is still to come, what was sent.

One slot of today is looked at closely; its lists stand beside who is to come now, because people
collect and move while a text is on its way.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from lib.kernel.clock import at_local
from lib.service.picking.queries import Bag
from lib.service.pickup import rules as pickup_rules
from lib.service.pickup.queries import DayLoad, closed_days_of, loads_ahead, waiting
from lib.service.pickup.rules import SlotState
from lib.service.reminders import rules
from lib.service.reminders.queries import Notice, coming, notices
from lib.service.reminders.rules import HOW_NAMES, KIND_NAMES, How, Kind
from lib.shop.settings import Slot
from lib.shop.shop import Shop
from lib.ui import choice, navigation, show, slots_load, slots_move, slots_notice
from lib.ui.words import _, plain

DAYS_AHEAD = 7
DAYS_OF_HISTORY = 7
LIST_LENGTH = 40
FIRST_WITHOUT_SLOT = 5
_OPEN = "slots-open"
_EVERY = "slots-every"


def days_shown(shop: Shop) -> list[date]:
    """Return today and the days ahead whose load is shown."""
    return [shop.today + timedelta(days=number) for number in range(DAYS_AHEAD + 1)]


def draw(shop: Shop) -> None:
    """Draw the page: today's slots, the one looked at, orders without one, the days ahead."""
    closed = closed_days_of(shop)
    loads = loads_ahead(shop, days_shown(shop))
    made = notices(shop, shop.today - timedelta(days=DAYS_OF_HISTORY), shop.today)
    slots_move.just_moved(shop)
    if shop.today in closed:
        show.nothing(_("Closed today."), _("Nobody is reminded of a closed day."))
    if shop.today not in closed or loads[0].orders:
        _today(shop, loads[0], made)
    st.subheader(_("Days ahead"))
    slots_load.ahead(shop, loads[1:], closed)
    _history(shop, made)


def _today(shop: Shop, load: DayLoad, made: Sequence[Notice]) -> None:
    _figures(shop, load)
    with st.container(border=True):
        st.markdown(f"**{show.day(shop.today, shop)}**")
        slots_load.bars(shop, load)
    mine = {(one.slot, one.kind): one for one in made if one.day == shop.today}
    lists = coming(shop, shop.today)
    slot = _chosen(shop, lists, mine)
    _slot(shop, slot, lists.get(slot.key, []), mine)
    _without_slot(shop)


def _figures(shop: Shop, load: DayLoad) -> None:
    """Show the number that matters: who is to come in the slot that is open, or the next one."""
    now = shop.clock.now()
    slot = pickup_rules.slot_at(shop.settings, now)
    state = pickup_rules.slot_state(slot, shop.today, now, shop.settings.time_zone)
    word = {
        SlotState.BEFORE: _("Next: {slot}"),
        SlotState.NOW: _("Open now: {slot}"),
        SlotState.OVER: _("Last: {slot}"),
    }[state]
    said = word.format(slot=plain(_(slot.name)))
    show.figures(
        (said, str(load.of(slot.key).waiting), _("Orders still to come in this slot.")),
        (_("All day"), str(sum(one.waiting for one in load.slots))),
        (_("Without a slot"), str(load.of(None).waiting)),
    )


def _chosen(
    shop: Shop, lists: Mapping[str, list[Bag]], mine: Mapping[tuple[str, Kind], Notice]
) -> Slot:
    """Ask which slot to look at, first the one that is open; a bell marks a text to be sent."""
    ordered = sorted(shop.settings.slots, key=lambda one: one.start)
    ringing = {slot for (slot, _kind), notice in mine.items() if notice.open and lists.get(slot)}
    bell = dict.fromkeys(ringing, ":material/notifications_active: ")
    names = {
        one.key: f"{bell.get(one.key, '')}{_(one.name)} {len(lists.get(one.key, []))}"
        for one in ordered
    }
    asked = st.query_params.get("slot", "")
    usual = pickup_rules.slot_at(shop.settings, shop.clock.now()).key
    start = asked if asked in names else usual
    chosen = choice.of_views(_("Slot"), names, start, f"slots-slot-{start}")
    return next(one for one in ordered if one.key == chosen)


def _slot(
    shop: Shop, slot: Slot, bags: Sequence[Bag], mine: Mapping[tuple[str, Kind], Notice]
) -> None:
    st.subheader(f"{plain(_(slot.name))} {slot.hours}")
    zone = shop.settings.time_zone
    over = shop.clock.now() >= at_local(shop.today, slot.end, zone)
    slots_notice.draw(shop, slot, Kind.BEFORE, bags, mine.get((slot.key, Kind.BEFORE)), over=over)
    if over:
        after = mine.get((slot.key, Kind.AFTER))
        slots_notice.draw(shop, slot, Kind.AFTER, bags, after, over=False)
    st.markdown(f"**{_('Still to come: {count}').format(count=len(bags))}**")
    if not bags:
        show.nothing(_("Nobody is left to come in this slot."))
        return
    last = rules.last_slot(shop.settings).key == slot.key
    if last and any(shop.settings.slot(bag.slot) is None for bag in bags):
        st.caption(_("Whoever said no slot is called with the last one."))
    rows(shop, bags)


def rows(shop: Shop, bags: Sequence[Bag]) -> None:
    """List orders; a touch on one shows the times it can be moved to."""
    opened = st.session_state.get(_OPEN)
    chosen = [bag for bag in bags if bag.order_id == opened]
    known = slots_move.around(shop, chosen)
    for bag in bags[:LIST_LENGTH]:
        _row(bag)
        if bag in chosen:
            _opened(shop, bag, known)
    if len(bags) > LIST_LENGTH:
        st.page_link(
            navigation.page("pickup"),
            label=_("All {count} at the pickup desk").format(count=len(bags)),
            icon=":material/arrow_forward:",
        )


def _row(bag: Bag) -> None:
    goods = _("{count} goods").format(count=len(bag.open_lines))
    usual = _("usual slot") if bag.slot_usual else ""
    parts = (f"**{bag.number}**", plain(bag.home), plain(bag.name), goods, usual)
    st.button(
        " · ".join(part for part in parts if part),
        key=f"slots-row-{bag.order_id}",
        width="stretch",
        on_click=_open,
        args=(bag.order_id,),
    )


def _opened(shop: Shop, bag: Bag, known: slots_move.Around) -> None:
    with st.container(border=True, key=f"slots-opened-{bag.order_id}"):
        slots_move.kept(shop, bag, known.until.get(bag.order_id))
        slots_move.draw(shop, bag, known)
        slots_move.habit(shop, bag.member_id, known.habits.get(bag.member_id))
        st.page_link(
            navigation.page("pickup"),
            label=_("To the card at the desk"),
            icon=":material/shopping_bag:",
            query_params={"order": str(bag.order_id)},
        )


def _open(order_id: int) -> None:
    """Open one order, or close it again; a callback of its row."""
    again = st.session_state.get(_OPEN) == order_id
    st.session_state[_OPEN] = None if again else order_id


def _without_slot(shop: Shop) -> None:
    """List the orders of today nobody said a slot for, each to be put into one with one touch."""
    bags = [bag for bag in waiting(shop, shop.today) if shop.settings.slot(bag.slot) is None]
    if not bags:
        return
    st.subheader(_("Without a slot: {count}").format(count=len(bags)))
    st.caption(_("They can come any time; put them into a slot when they say when."))
    shown = bags if st.session_state.get(_EVERY) else bags[:FIRST_WITHOUT_SLOT]
    known = slots_move.around(shop, shown)
    for bag in shown:
        with st.container(border=True, key=f"slotless-{bag.order_id}"):
            parts = (f"**{bag.number}**", plain(bag.home), plain(bag.name))
            st.markdown(" · ".join(part for part in parts if part))
            slots_move.draw(shop, bag, known)
            slots_move.habit(shop, bag.member_id, known.habits.get(bag.member_id))
    if len(bags) > len(shown):
        more = _("Show all {count}").format(count=len(bags))
        st.button(more, key="slots-more", on_click=_show_every, width="stretch")


def _show_every() -> None:
    st.session_state[_EVERY] = True


def _history(shop: Shop, made: Sequence[Notice]) -> None:
    st.subheader(_("Lists of the last days"))
    frame = pd.DataFrame(
        [
            {
                _("Day"): one.day,
                _("What"): _(KIND_NAMES[one.kind]),
                _("Slot"): f"{_(one.name)} {one.hours}",
                _("Orders"): one.waiting,
                _("Result"): result(shop, one),
                _("Due"): one.due_at,
                _("Made"): one.made_at,
            }
            for one in made
        ]
    )
    show.table(
        frame,
        "reminders",
        shop,
        moment_columns=(_("Due"), _("Made")),
        config={_("Day"): st.column_config.DateColumn(pinned=True, format="MM-DD")},
        empty=_("No list was made yet. The first is made before the next slot with orders."),
    )


def result(shop: Shop, one: Notice) -> str:
    """Return what became of a list: sent when and by whom, put aside, missed; and how late."""
    if one.posted_at is not None:
        when = show.moment(one.posted_at, shop)
        said = _("sent by {robot} {when}") if one.robot else _("sent {when}")
        found = said.format(robot=one.robot, when=when)
    elif one.queued_at is not None and one.how is How.OPEN:
        found = _("on its way by robot")
    else:
        found = _(HOW_NAMES[one.how])
        found = f"{found} · {one.done_by}" if one.done_by else found
    return f"{found} · {_('made late')}" if one.late and one.how is not How.NOBODY else found
