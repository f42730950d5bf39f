"""Needs for delivery on screens: the list, the form with its consent, the member's file (R23)."""

from datetime import date, timedelta

import streamlit as st

from lib.members.profiles.queries import Card, find_members
from lib.service.delivery.needs.commands import add_need, change_hint, end_need
from lib.service.delivery.needs.queries import Need, needs_of
from lib.service.delivery.needs.rules import (
    CONSENT_NAMES,
    LONGEST_DAYS,
    LONGEST_HINT,
    ConsentHow,
    NewNeed,
    State,
    proposed_days,
)
from lib.service.delivery.queries import hints_of
from lib.service.delivery.texts import consent_values
from lib.service.picking.queries import Bag
from lib.shop.language import translator
from lib.shop.messages.delivery_events import DELIVERY_CONSENT
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.ui import feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

SEARCH = Form("need_search")
_FOUND = 6


def draw(shop: Shop, found: list[Need]) -> None:
    """Draw the needs, those that end first on top, and the way to take a new one down."""
    if not found:
        show.nothing(
            _("No need stands."),
            _("Find a resident below, ask for consent, and keep how to hand over."),
        )
    for one in found:
        _card(shop, one)
    _new(shop)


def _card(shop: Shop, one: Need) -> None:
    with st.container(border=True, key=f"need-{one.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(one.home)}** {plain(one.name)}", width="stretch")
            _state(shop, one)
        _facts(shop, one)
        with st.container(horizontal=True, vertical_alignment="center"):
            _acts(shop, one)
            st.page_link(
                navigation.page("members"),
                label=_("Member file"),
                icon=":material/person:",
                query_params={"member": str(one.member_id)},
                width="content",
            )


def _state(shop: Shop, one: Need) -> None:
    until = show.day(one.until_on, shop)
    if one.state is State.ENDING:
        show.state("soon", _("ends {day}: ask again").format(day=until))
    elif one.state is State.OVER:
        show.state("late", _("ran out {day}: ask again").format(day=until))
    elif one.state is State.COMING:
        show.state("quiet", _("from {day}").format(day=show.day(one.from_on, shop)))
    elif one.state is State.ENDED:
        show.state("quiet", _("ended {day}").format(day=show.day(one.last_on, shop)))
    else:
        show.state("good", _("stands until {day}").format(day=until))


def _facts(shop: Shop, one: Need) -> None:
    if one.hint:
        st.markdown(f":material/door_front: {plain(one.hint)}")
    agreed = _("{how}, {day}").format(
        how=_(CONSENT_NAMES[one.consent_how]), day=show.day(one.consent_on, shop)
    )
    st.caption(" · ".join(part for part in (agreed, plain(one.by)) if part))


def _acts(shop: Shop, one: Need) -> None:
    """What can be done with a need that stands: ask again, write otherwise, end with one touch."""
    if one.state in (State.ENDING, State.OVER) and not one.followed:
        with st.popover(_("Ask again"), icon=":material/autorenew:", key=f"renew-{one.id}"):
            form_of(shop, one.member_id, one.until_on, one.hint)
    if one.state in (State.OVER, State.ENDED):
        return
    _hint(shop, one)
    form = Form(f"end_need_{one.id}")
    version = form.seen("version", one.version)
    if st.button(
        _("Consent withdrawn"),
        icon=":material/block:",
        help=_("It ends at once, and how to hand over is deleted for good."),
        key=form.field("save"),
    ):
        with feedback.saying(_("Ended; how to hand over is deleted"), form):
            end_need(form.once(shop, one.id), one.id, version)


def _hint(shop: Shop, one: Need) -> None:
    form = Form(f"hint_{one.id}")
    version = form.seen("version", one.version)
    with st.popover(_("Change hint"), icon=":material/edit:", key=form.field("pop")):
        typed = _hint_field(form, one.hint)
        if st.button(_("Save"), type="primary", key=form.field("save")):
            with feedback.saying(_("Saved"), form):
                change_hint(form.once(shop, one.id, typed), one.id, version, typed)
                form.keep_up(f"end_need_{one.id}")


def _hint_field(form: Form, value: str = "") -> str:
    return st.text_input(
        _("How to hand over"),
        value,
        max_chars=LONGEST_HINT,
        placeholder=_("e.g. ring twice, wait a little"),
        help=_("Only how, never why: nothing about health, pregnancy or children."),
        key=form.field("hint"),
    )


def form_of(shop: Shop, member_id: int, after: date | None, hint: str = "") -> None:
    """Draw the form of a new need after one that stands until ``after``; the text comes first.

    What is kept as consent is the very text that stood on this screen when it was saved.
    """
    form = Form(f"need_{member_id}")
    first, last = proposed_days(after, shop.today, shop.settings)
    from_on = _day(form, "from", _("From"), first, shop.today)
    until_on = _day(form, "until", _("Until"), last, shop.today, days=2 * LONGEST_DAYS)
    say = translator(shop.settings.language)
    values = consent_values(shop.settings, until_on, say)
    consent = said(shop, DELIVERY_CONSENT, **values)
    st.caption(_("Read this out or send it, word for word; it is kept with the answer."))
    show.copyable(consent, f"consent-{member_id}")
    names = {one.value: _(name) for one, name in CONSENT_NAMES.items()}
    how = st.selectbox(
        _("How they agreed"),
        list(names),
        format_func=names.__getitem__,
        index=list(names).index(ConsentHow.CHAT.value),
        key=form.field("how"),
    )
    typed = _hint_field(form, hint)
    if st.button(
        _("They agreed: keep it"), type="primary", icon=":material/check:", key=form.field("save")
    ):
        with feedback.saying(_("Kept: brought until {day}").format(
            day=show.day(until_on, shop)
        ), form):  # fmt: skip
            new = NewNeed(member_id, from_on, until_on, typed, shop.today, how, consent)
            add_need(form.once(shop, member_id, from_on, until_on, typed, how), new)


def _day(
    form: Form, name: str, label: str, value: date, today: date, days: int = LONGEST_DAYS
) -> date:
    return st.date_input(
        label,
        value,
        min_value=today,
        max_value=today + timedelta(days=days),
        format="YYYY-MM-DD",
        key=form.field(name),
    )


def _new(shop: Shop) -> None:
    with st.expander(_("Take down a need"), icon=":material/add:", key="new-need"):
        text = st.text_input(
            _("Resident"),
            key=SEARCH.field("text"),
            type="search",
            live=True,
            placeholder=_("Name, phone, home"),
        )
        people = find_members(shop, text, limit=_FOUND) if text else []
        if text and not people:
            st.caption(_("Nobody fits."))
        if not people:
            return
        names = {one.id: f"{one.nickname} {one.home}".strip() for one in people}
        chosen = st.selectbox(
            _("Who"), list(names), format_func=names.__getitem__, key=SEARCH.field("who")
        )
        _for_member(shop, chosen)


def _for_member(shop: Shop, member_id: int) -> None:
    found = needs_of(shop, member_id)
    last = next((one for one in found if one.state not in (State.OVER, State.ENDED)), None)
    form_of(shop, member_id, last.until_on if last else None, last.hint if last else "")


def of_member(shop: Shop, card: Card) -> None:
    """Draw what is kept of a member's needs in the member's file."""
    found = needs_of(shop, card.id)
    alive = [one for one in found if one.state not in (State.OVER, State.ENDED)]
    st.markdown(f"#### {_('Door delivery')}")
    for one in reversed(alive):
        with st.container(border=True, key=f"member-need-{one.id}"):
            _state(shop, one)
            _facts(shop, one)
            with st.container(horizontal=True):
                _acts(shop, one)
    if not alive:
        st.caption(_("Collects as everybody does; no need stands."))
        with st.expander(_("Take down a need"), icon=":material/add:", key="member-new-need"):
            form_of(shop, card.id, None)
    past = [one for one in found if one not in alive]
    if past:
        days = "；".join(
            f"{show.day(one.from_on, shop)} – {show.day(one.last_on, shop)}" for one in past
        )
        st.caption(_("Brought before: {days}").format(days=days))


def hint_on_card(shop: Shop, bag: Bag) -> None:
    """Draw how an order is handed over at the door, where it is to be brought."""
    hint = hints_of(shop, [bag]).get(bag.order_id)
    if hint:
        st.info(plain(hint), icon=":material/door_front:")
