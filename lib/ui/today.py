"""The Today page: what is due now as cards, late ones first, each with the way to its page."""

from dataclasses import dataclass, field

import streamlit as st

from lib.kernel.clock import at_local
from lib.service.pickup import rules
from lib.service.pickup.queries import DayLoad
from lib.service.pickup.rules import SlotState
from lib.service.today.queries import FIRST_PRODUCTS, FirstSteps, OpenRound, Today
from lib.shop.settings import Slot
from lib.shop.shop import Role, Shop
from lib.ui import navigation, show
from lib.ui.words import _, plain

SOON_HOURS = 2
CARDS_IN_A_ROW = 3
_URGENCY: dict[show.State, int] = {"late": 0, "soon": 1, "good": 2, "quiet": 3}


@dataclass(frozen=True)
class Card:
    """One thing that is due: a number, what it is, how it stands, and where it is dealt with."""

    value: str
    label: str
    state: show.State
    says: str
    page: str
    link: str
    query: dict[str, str] = field(default_factory=dict)


def cards(shop: Shop, due: Today) -> list[Card]:
    """Return what is due in orders, picking and pickup as cards, in no order of urgency."""
    return [
        *_rounds(shop, due),
        *_collecting(shop, due),
        *_picking(shop, due),
        *_counts(shop, due),
        *_closed(shop, due),
    ]


def draw(cards_due: list[Card]) -> None:
    """Draw the cards, most urgent first: three abreast on a laptop, one on a phone."""
    found = sorted(cards_due, key=lambda one: _URGENCY[one.state])
    for start in range(0, len(found), CARDS_IN_A_ROW):
        columns = st.columns(CARDS_IN_A_ROW)
        for column, one in zip(columns, found[start : start + CARDS_IN_A_ROW], strict=False):
            with column.container(border=True, gap="xsmall"):
                _draw(one)


def _draw(one: Card) -> None:
    st.markdown(f"### {one.value}")
    st.markdown(one.label)
    with st.container(horizontal=True, vertical_alignment="center"):
        show.state(one.state, one.says)
        st.page_link(
            navigation.page(one.page),
            label=one.link,
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=one.query or None,
        )


def _rounds(shop: Shop, due: Today) -> list[Card]:
    return [_round(shop, due, one) for one in due.rounds]


def _round(shop: Shop, due: Today, one: OpenRound) -> Card:
    left = one.cut_off_at - due.now
    soon = left.total_seconds() < SOON_HOURS * 3600
    return Card(
        value=_("{count} orders").format(count=one.orders),
        label=f"{_('Round')} {plain(one.title)} · {show.moment(one.cut_off_at, shop)}",
        state="soon" if soon else "good",
        says=_("cut-off in {time}").format(time=show.span(left)),
        page="rounds",
        link=_("Open the round"),
        query={"round": str(one.id)},
    )


def _collecting(shop: Shop, due: Today) -> list[Card]:
    found = [
        _slot(shop, due, slot, due.load)
        for slot in sorted(shop.settings.slots, key=lambda one: one.start)
        if due.load.of(slot.key).orders
    ]
    unsure = due.load.of(None)
    if unsure.waiting:
        found.append(
            Card(
                value=f"{unsure.waiting} / {unsure.orders}",
                label=_("To collect today, no slot said"),
                state="quiet",
                says=_("any time today"),
                page="pickup",
                link=_("To the pickup desk"),
            )
        )
    return found


def _slot(shop: Shop, due: Today, slot: Slot, load: DayLoad) -> Card:
    here, zone = load.of(slot.key), shop.settings.time_zone
    at = rules.slot_state(slot, due.day, due.now, zone)
    state: show.State
    if not here.waiting:
        state, says = "good", _("all collected")
    elif at is SlotState.OVER:
        state, says = "late", _("slot over")
    elif at is SlotState.NOW:
        left = at_local(due.day, slot.end, zone) - due.now
        state, says = "soon", _("open now, {time} left").format(time=show.span(left))
    else:
        ahead = at_local(due.day, slot.start, zone) - due.now
        state, says = "quiet", _("opens in {time}").format(time=show.span(ahead))
    return Card(
        value=f"{here.waiting} / {here.orders}",
        label=_("To collect · {slot}").format(slot=show.slot(slot.key, shop)),
        state=state,
        says=says,
        page="pickup",
        link=_("To the pickup desk"),
    )


def _picking(shop: Shop, due: Today) -> list[Card]:
    return [
        Card(
            value=_("{count} orders").format(count=one.orders),
            label=_("To put out for {day}").format(day=show.day(one.day, shop)),
            state="late" if one.day <= due.day else "soon",
            says=_("{count} lines not picked").format(count=one.lines),
            page="pick",
            link=_("To the pick list"),
            query={"day": one.day.isoformat()},
        )
        for one in due.to_pick
    ]


def _counts(shop: Shop, due: Today) -> list[Card]:
    found = []
    if due.to_check:
        found.append(
            Card(
                value=_("{count} orders").format(count=due.to_check),
                label=_("Orders to check"),
                state="soon",
                says=_("something in them is doubtful"),
                page="orders",
                link=_("Check them"),
                query={"only": "to_check"},
            )
        )
    if due.left_over:
        found.append(
            Card(
                value=_("{count} orders").format(count=due.left_over),
                label=_("Not collected on earlier days"),
                state="late",
                says=_("goods are waiting"),
                page="pickup",
                link=_("Whose they are"),
                query={"show": "earlier"},
            )
        )
    if due.unpaid:
        found.append(
            Card(
                value=show.money(due.unpaid_due),
                label=_("{count} orders unpaid").format(count=due.unpaid),
                state="late",
                says=_("for more than {days} days").format(days=shop.settings.unpaid_after_days),
                page="orders",
                link=_("Who owes"),
                query={"only": "unpaid"},
            )
        )
    return found


def _closed(shop: Shop, due: Today) -> list[Card]:
    return [
        Card(
            value=show.day(one.day, shop),
            label=_("Closed: {reason}").format(reason=plain(one.reason or "—")),
            state="late" if one.orders else "quiet",
            says=_("{count} orders to collect that day").format(count=one.orders),
            page="rounds",
            link=_("Closed days"),
        )
        for one in due.closed
    ]


def first_steps(shop: Shop, steps: FirstSteps) -> None:
    """Show a new shop what to do next: four steps, the next one as the button to press."""
    named, products, rounds, chains = steps.done
    count = _("{count} of {all} products").format(
        count=min(steps.products, FIRST_PRODUCTS), all=FIRST_PRODUCTS
    )
    rows = (
        (named, _("Give the shop its name, community and pickup point"), "settings"),
        (products, f"{_('Enter what you sell')} ({count})", "products"),
        (rounds, _("Open the first round: products, prices, cut-off"), "rounds"),
        (chains, _("Paste the first chain from the group"), "chain"),
    )
    with st.container(border=True, key="first-steps"):
        st.subheader(_("First steps"))
        st.caption(_("After these four the shop is ready for its first day."))
        for done, sentence, url in rows:
            _step(shop, done, sentence, url)


def _step(shop: Shop, done: bool, sentence: str, url: str) -> None:
    owner_only = url in ("settings", "products")
    if done:
        st.markdown(f":green[:material/check_circle:] ~~{sentence}~~")
    elif owner_only and shop.actor.role is not Role.OWNER:
        st.markdown(f":material/radio_button_unchecked: {sentence} · {_('the owner does this')}")
    else:
        st.page_link(navigation.page(url), label=sentence, icon=":material/radio_button_unchecked:")
