"""What a member's purchases say: favourites, rhythm, likings suggested and kept (R33)."""

from datetime import date

import pandas as pd
import streamlit as st

from lib.members.consents.queries import State as ConsentState
from lib.members.consents.queries import consents_of, wordings_now
from lib.members.consents.rules import ASKED, HOW_GIVEN, How, Purpose
from lib.members.habits import commands
from lib.members.habits.queries import (
    MemberRhythm,
    Preference,
    Suggestion,
    favourites,
    liked_by,
    preferences_of,
    spending,
    suggested,
)
from lib.members.habits.rules import INTERESTS, LONGEST_TAG, Kind, State
from lib.members.habits.seen.queries import win_back_state
from lib.members.profiles.queries import Card
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.ui import feedback, members_win_back, quantities, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_SHOWN = 3


def rhythm(shop: Shop, card: Card, found: MemberRhythm) -> None:
    """Draw how often a member comes, and what can be done when they stay away."""
    usual = found.rhythm
    if usual is None:
        st.caption(_("No visit yet: nothing was collected so far."))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.missed:
            late = _("missed: {days} days longer away than usual").format(days=found.overdue)
            show.state("late", late)
        elif usual.gap_days is None:
            show.state("quiet", _("too few visits for a habit: {count}").format(count=usual.visits))
        elif usual.next_on is not None:
            due = show.day(usual.next_on, shop)
            show.state("good", _("expected about {day}").format(day=due))
        st.markdown(_rhythm_said(shop, found), width="stretch")
    if found.missed:
        _win_back(shop, card)


def _rhythm_said(shop: Shop, found: MemberRhythm) -> str:
    usual = found.rhythm
    assert usual is not None
    since = show.day(usual.first_on, shop)
    parts = [_("{count} visits since {day}").format(count=usual.visits, day=since)]
    if usual.gap_days is not None:
        parts.insert(0, _("comes every {days} days").format(days=usual.gap_days))
    return " · ".join(parts)


def _win_back(shop: Shop, card: Card) -> None:
    with st.expander(_("Write to win them back"), icon=":material/waving_hand:", key="win-back"):
        known = win_back_state(shop, card.id)
        members_win_back.offer(
            shop,
            card.id,
            card.nickname,
            liked_by(shop, [card.id]).get(card.id, ()),
            may_write=known.may_write,
            written_on=known.written_on,
        )


def months(shop: Shop, card: Card, found: MemberRhythm) -> None:
    """Draw visits and money of the last months, this one last."""
    spent = {one.month: one.spent for one in spending(shop, card.id)}
    frame = pd.DataFrame(
        {
            _("Month"): [show.month(month) for month, _count in found.months],
            _("Visits"): [count for _month, count in found.months],
            _("Spent"): [spent[month].fen for month, _count in found.months],
        }
    )
    show.table(frame, "member-months", shop, money_columns=[_("Spent")])


def bought(shop: Shop, card: Card) -> None:
    """Draw what a member buys most often."""
    st.markdown(f"#### {_('Buys most often')}")
    found = favourites(shop, card.id)
    if not found:
        show.nothing(_("Nothing bought so far."))
        return
    frame = pd.DataFrame(
        {
            _("Product"): [one.name for one in found],
            _("Orders"): [one.times for one in found],
            _("Quantity"): [quantities.shown(one.unit, one.quantity) for one in found],
            _("Unit"): [one.unit.word for one in found],
            _("Spent"): [one.spent.fen for one in found],
            _("Last time"): [one.last_on for one in found],
        }
    )
    show.table(
        frame,
        "favourites",
        shop,
        money_columns=[_("Spent")],
        config={_("Product"): st.column_config.TextColumn(pinned=True)},
    )


def likings(shop: Shop, card: Card) -> None:
    """Draw what a member likes: what was kept, what purchases suggest, interests to add.

    Nothing is kept without consent; who took it back is not asked for it here again.
    """
    st.markdown(f"#### {_('What they like')}")
    st.caption(_("For gifts and for telling them; never for a price."))
    consent = consents_of(shop, card.id).state(Purpose.PREFERENCES)
    if consent.newest is not None and not consent.stands:
        when = show.moment(consent.newest.at, shop)
        said = _("They want nothing noted ({when}). Should they change their mind: part “Data”.")
        st.caption(said.format(when=when))
        return
    known = preferences_of(shop, card.id)
    _kept(shop, known)
    how = _ask(shop, card, consent)
    found = suggested(shop, card.id)
    for one in found[:_SHOWN]:
        _suggestion(shop, card, one, how, agreed=consent.stands)
    if found[_SHOWN:]:
        with st.expander(_("More suggestions ({count})").format(count=len(found) - _SHOWN)):
            for one in found[_SHOWN:]:
                _suggestion(shop, card, one, how, agreed=consent.stands)
    if not found:
        st.caption(
            _(
                "Nothing suggested: that takes {count} orders of one thing within {days} days."
            ).format(count=shop.settings.preference_orders, days=shop.settings.preference_days)
        )
    _interest(shop, card, how)
    _put_aside(shop, known)


def _kept(shop: Shop, known: tuple[Preference, ...]) -> None:
    kept = [one for one in known if one.state is State.ACCEPTED]
    if not kept:
        return
    with st.container(horizontal=True, key="likings"):
        for one in kept:
            _chip(shop, one)


def _chip(shop: Shop, one: Preference) -> None:
    """A liking as a button that opens what it rests on, and a way to forget it."""
    icon = ":material/interests:" if one.kind is Kind.TAG else ":material/favorite:"
    with st.popover(plain(one.name), icon=icon, key=f"liking-{one.id}"):
        st.caption(_ground(shop, one))
        _forget(shop, one, _("Forget it"))


def _ground(shop: Shop, one: Preference) -> str:
    noted = _("noted {when}").format(when=show.moment(one.at, shop))
    if one.orders is None or one.from_on is None or one.until_on is None:
        return noted
    return f"{_counted(shop, one.orders, one.from_on, one.until_on)} · {noted}"


def _counted(shop: Shop, orders: int, from_on: date, until_on: date) -> str:
    return _("in {count} orders, {first} to {last}").format(
        count=orders, first=show.day(from_on, shop), last=show.day(until_on, shop)
    )


def _forget(shop: Shop, one: Preference, label: str) -> None:
    form = Form(f"forget-{one.id}")
    version = form.seen("version", one.version)
    if st.button(label, icon=":material/delete:", key=form.field("save")):
        with feedback.saying(_("Forgotten"), form):
            commands.forget_preference(form.once(shop, one.id), one.id, version)


def _ask(shop: Shop, card: Card, consent: ConsentState) -> How | None:
    """Draw the consent to be asked for with the first thing kept; return how they agreed."""
    if consent.stands:
        return None
    with st.container(border=True, key="likings-consent"):
        st.markdown(f":material/contract_edit: {_('Ask first: nothing is kept without consent.')}")
        with st.expander(_("The text to read out or send"), key="likings-text"):
            show.copyable(wordings_now(shop)[Purpose.PREFERENCES], f"likings-{card.id}")
        names = {how: _(HOW_GIVEN[how]) for how in ASKED}
        return st.selectbox(
            _("How they agreed"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("not asked yet"),
            key=f"likings-how-{card.id}",
        )


def _suggestion(shop: Shop, card: Card, one: Suggestion, how: How | None, *, agreed: bool) -> None:
    name = f"{one.kind}-{one.product_id or one.name}-{card.id}"
    said = (
        f"**{plain(one.name)}**  \n:small[{_counted(shop, one.orders, one.from_on, one.until_on)}]"
    )
    what = (card.id, one.kind, one.product_id, one.name)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(said, width="stretch")
        keep = Form(f"accept-{name}")
        if st.button(_("Likes it"), icon=":material/favorite:", key=keep.field("save")):
            with feedback.saying(_("Kept: they like it"), keep):
                commands.accept_preference(keep.once(shop, what, how), *what, how)
        aside = Form(f"reject-{name}")
        if agreed and st.button(
            _("Not this"),
            help=_("It comes back only when the count has doubled."),
            type="tertiary",
            key=aside.field("save"),
        ):
            with feedback.saying(_("Put aside"), aside):
                commands.reject_preference(aside.once(shop, what), *what)


def _interest(shop: Shop, card: Card, how: How | None) -> None:
    with st.expander(_("Add an interest"), icon=":material/add:", key="interest"):
        form = Form(f"interest-{card.id}")
        say = translator(shop.settings.language)
        chosen = st.pills(
            _("What they told you"), INTERESTS, format_func=say, key=form.field("chosen")
        )
        typed = st.text_input(
            _("or in a word or two"),
            max_chars=LONGEST_TAG,
            help=_("Neutral things only: nothing about health, children, belief or money."),
            key=form.field("typed"),
        )
        if st.button(_("Add interest"), type="primary", key=form.field("save")):
            tag = typed.strip() or chosen or ""
            with feedback.saying(_("Noted"), form):
                commands.add_tag(form.once(shop, card.id, tag, how), card.id, tag, how)


def _put_aside(shop: Shop, known: tuple[Preference, ...]) -> None:
    aside = [one for one in known if one.state is State.REJECTED]
    if not aside:
        return
    with st.expander(_("Put aside ({count})").format(count=len(aside)), key="put-aside"):
        for one in aside:
            with st.container(horizontal=True, vertical_alignment="center"):
                said = f"{plain(one.name)}  \n:small[{_ground(shop, one)}]"
                st.markdown(said, width="stretch")
                _forget(shop, one, _("Suggest it again"))
