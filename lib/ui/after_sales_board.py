"""The board of after-sales: what nobody looked at yet, and every open case by the time it has left.

A screen shows its columns beside each other, a phone one at a time. All of it is drawn anew every
few seconds in a part of its own, so that clocks tick and reports of residents come up while one
looks; nothing is typed here that this could disturb.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

import streamlit as st

from lib.kernel.clock import local
from lib.service.after_sales import queries, texts
from lib.service.after_sales.clocks import State
from lib.service.after_sales.commands import reply
from lib.service.after_sales.links.queries import heard_from
from lib.service.after_sales.queries import Card
from lib.service.after_sales.remedies.queries import pledge_of
from lib.service.after_sales.risk.queries import risky_batches
from lib.service.after_sales.rules import (
    DEFECT_NAMES,
    ON_BOARD,
    OPEN,
    SOURCE_NAMES,
    STATUS_NAMES,
    Status,
    number,
)
from lib.shop.messages.service_events import CASE_REPLY
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Shop
from lib.ui import after_sales, choice, feedback, session, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

ALL = "all"
_DRAWN = 15
"""Cards of a column beside others; one column alone shows all it has."""
_COLUMN = "after-sales-column"
_REPLY = "after-sales-reply"
Heard = Mapping[int, datetime]
"""When the resident of a case said something that nobody answered, by case."""


def draw() -> None:
    """Draw the board, afresh every few seconds, for whoever is still signed in."""
    _live()


@st.fragment(run_every=after_sales.TICK)
def _live() -> None:
    shop = session.staff()
    _replied(shop)
    cards = queries.board(shop)
    heard = heard_from(shop, tuple(card.id for card in cards))
    if not cards:
        show.nothing(
            _("No case is open: everybody is content."),
            _("When something is wrong, take it in here or at the pickup desk."),
        )
        return
    _due(shop, cards)
    strangers = [card for card in cards if not card.matched and card.status in OPEN]
    _unmatched(shop, strangers, heard)
    for risk in risky_batches(shop):
        after_sales.risk(risk)
    _columns(shop, [card for card in cards if card not in strangers], heard)


def _due(shop: Shop, cards: Sequence[Card]) -> None:
    """Say what is late and what soon will be, each clock by itself."""
    clocks = [
        (clock, after_sales.state_of(shop, clock))
        for card in cards
        if card.status in OPEN
        for clock in (card.reply, card.solution)
        if clock.met_at is None
    ]
    late = sum(state is State.LATE for _clock, state in clocks)
    soon = sum(state is State.SOON for _clock, state in clocks)
    paused = sum(state is State.PAUSED for _clock, state in clocks)
    to_ask = [card for card in cards if card.follow_up_on and card.follow_up_on <= shop.today]
    with st.container(horizontal=True, vertical_alignment="center", key="after-sales-due"):
        if late:
            show.state("late", _("Promises late: {count}").format(count=late))
        if soon:
            show.state("soon", _("Promises soon due: {count}").format(count=soon))
        if to_ask:
            show.state(
                "soon", _("To be asked whether all is well: {count}").format(count=len(to_ask))
            )
        if not (late or soon or to_ask):
            show.state("good", _("Every promise is kept so far"))
        if paused:
            st.badge(
                _("Waiting for a photo: {count}").format(count=paused),
                icon=":material/pause_circle:",
                color="blue",
            )
        now = local(shop.clock.now(), shop.settings.time_zone)
        st.caption(_("as of {time}").format(time=f"{now:%H:%M}"), width="content")


def _unmatched(shop: Shop, cards: Sequence[Card], heard: Heard) -> None:
    """Reports of residents come first: nobody said yet whose they are."""
    if not cards:
        return
    with st.container(border=True, key="after-sales-unmatched"):
        heading = _("From residents, not matched yet: {count}").format(count=len(cards))
        st.markdown(f":material/mark_email_unread: **{heading}**")
        for card in cards[:_DRAWN]:
            with st.container(key=f"stranger-{card.id}", gap="xxsmall"):
                _title(card, after_sales.who(card))
                with st.container(horizontal=True, gap="xsmall"):
                    after_sales.clocks(shop, card)
                    _came(card, heard)
                st.caption(" · ".join(_lines(card)))


def _columns(shop: Shop, cards: Sequence[Card], heard: Heard) -> None:
    by_status = {status: [c for c in cards if c.status is status] for status in ON_BOARD}
    names = _column_names(by_status)
    start = _first_column(shop, by_status) if after_sales.is_phone() else ALL
    chosen = choice.of_views(_("Column"), names, start, _COLUMN)
    if chosen != ALL:
        _column(shop, by_status[Status(chosen)], heard, alone=True)
        return
    for place, status in zip(st.columns(len(ON_BOARD), gap="small"), ON_BOARD, strict=True):
        with place:
            st.markdown(f"**{names[status.value]}**")
            _column(shop, by_status[status], heard, alone=False)


def _column_names(by_status: Mapping[Status, Sequence[Card]]) -> Mapping[str, str]:
    """Return the columns with their counts; the whole board is a choice where there is room."""
    names = {} if after_sales.is_phone() else {ALL: _("All")}
    for status, cards in by_status.items():
        names[status.value] = f"{_(STATUS_NAMES[status])} {len(cards)}"
    return names


def _first_column(shop: Shop, by_status: Mapping[Status, Sequence[Card]]) -> str:
    """The column a phone shows first: that of the most urgent card."""
    urgent = [
        status
        for status, cards in by_status.items()
        if any(after_sales.is_urgent(shop, card) for card in cards)
    ]
    filled = [status for status, cards in by_status.items() if cards]
    return (urgent or filled or [Status.NEW])[0].value


def _column(shop: Shop, cards: Sequence[Card], heard: Heard, *, alone: bool) -> None:
    drawn = cards if alone else cards[:_DRAWN]
    if not cards:
        st.caption(_("Nothing here."))
    for card in drawn:
        _card(shop, card, heard)
    if len(drawn) < len(cards):
        st.caption(_("There are more: choose this column, or search below."))


def _card(shop: Shop, card: Card, heard: Heard) -> None:
    with st.container(border=True, gap="xsmall", key=f"case-{card.id}"):
        _title(card, after_sales.goods(card))
        with st.container(horizontal=True, gap="xsmall"):
            after_sales.clocks(shop, card)
            if card.status is Status.SOLVED:
                after_sales.follow_up_badge(shop, card)
            _came(card, heard)
        for line in (after_sales.who(card), " · ".join(_lines(card))):
            st.caption(line)
        if card.reply.met_at is None and card.status in OPEN:
            first_reply(shop, card)


def _title(card: Card, what: str) -> None:
    if st.button(f"**{card.number}** {what}", type="tertiary", key=f"open-{card.id}"):
        after_sales.open_one(card.id)
        st.rerun()


def _came(card: Card, heard: Heard) -> None:
    """Show how many photos there are, and that the resident said something unanswered."""
    if card.id in heard:
        st.badge(_("wrote again"), icon=":material/mark_chat_unread:", color="orange")
    if card.photos:
        st.badge(str(card.photos), icon=":material/photo_camera:", color="gray")


def _lines(card: Card) -> list[str]:
    parts = [after_sales.amount(card), _(DEFECT_NAMES[card.defect])]
    if card.by_resident:
        parts.append(_(SOURCE_NAMES[card.source]))
    if card.said:
        parts.append(f"“{plain(card.said[:60])}”")
    return [part for part in parts if part]


def first_reply(shop: Shop, card: Card) -> None:
    """Draw the one touch of the first reply: its text is copied, and the reply recorded (R26).

    The text can be read before; whoever answers in other words opens the case.
    """
    text = reply_text(shop, card)
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        gap="xsmall",
        key=f"copy-along-{card.id}",
    ):
        with st.container(key=f"copying-{card.id}", width="content"):
            st.button(
                _("Reply and copy"),
                icon=":material/reply:",
                help=_("Copies the text for the chat and records the first reply."),
                key=f"first-reply-{card.id}-{card.version}",
                on_click=_ask_to_reply,
                args=(card.id, card.version, text),
            )
        with st.popover(_("Text"), type="tertiary", key=f"reply-text-{card.id}"):
            st.caption(_("For the private chat with this resident:"))
            show.copyable(text, f"reply-{card.id}")
        st.html(copy_mark(text))


def _ask_to_reply(case_id: int, version: int, text: str) -> None:
    """Keep the wanted reply for the run that follows, as the card stood when it was touched."""
    st.session_state[_REPLY] = (case_id, version, text)


def _replied(shop: Shop) -> None:
    """Record the first reply that the last touch asked for."""
    wanted = st.session_state.pop(_REPLY, None)
    if wanted is None:
        return
    case_id, version, text = wanted
    form = Form(f"first-reply-{case_id}-{version}")
    notice = _("{number}: first reply noted. Its text is copied, paste it into the chat.")
    with feedback.saying(notice.format(number=number(case_id)), form):
        reply(form.once(shop, case_id, version), case_id, version, text)
        after_sales.case_form(case_id).look_again()


def reply_text(shop: Shop, card: Card) -> str:
    """Return the first reply to a resident, ready for the chat."""
    now, zone = shop.clock.now(), shop.settings.time_zone
    say = speaker(shop)
    pledge = pledge_of(shop, card.id)
    options = texts.offered(pledge, card.unit, say)
    return said(shop, CASE_REPLY, **texts.reply_values(card, options, now, zone, say))


def copy_mark(text: str) -> str:
    """Return the mark that tells clipboard.js what the button beside it copies."""
    return f'<span data-linli-copy="{escape(text)}"></span>'
