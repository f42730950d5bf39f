"""One gift on screen: a birthday ahead with its plan, giving and taking back, good wishes (R34)."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.kernel.errors import Conflict
from lib.members.gifts import commands
from lib.members.gifts.commands import Why, plan_gift
from lib.members.gifts.queries import Celebration, suggestions
from lib.members.gifts.rules import OCCASIONS, Gift, Present, State
from lib.members.gifts.texts import wish_values
from lib.shop.language import translator
from lib.shop.messages.member_events import BIRTHDAY_WISH
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.ui import feedback, gifts, gifts_choose, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_CHOOSING = "gifts_choosing"
_VERBS = ("give", "cancel", "undo", "wish", "change")


def birthday(shop: Shop, one: Celebration) -> None:
    """Draw one birthday: who and when, what is planned, the touch that gives it."""
    born = one.upcoming
    key = f"birthday-{born.member_id}-{born.day.isoformat()}"
    with st.container(border=True, key=key):
        with st.container(horizontal=True, vertical_alignment="center"):
            where = f" · {plain(born.home)}" if born.home else ""
            st.markdown(
                f"**{plain(born.name)}**{where}  \n:small[{gifts.when(shop, born.day)}]",
                width="stretch",
            )
            gifts.badge(one.state)
            file_link(born.member_id)
        if one.gift is not None:
            present(one.gift.present, one.gift)
        _touches(shop, one, key)
        if one.gift is not None:
            _wish(shop, one)


def late(shop: Shop, gift: Gift) -> None:
    """Draw a planned gift whose day is over."""
    with st.container(border=True, key=f"late-{gift.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            head = f"**{plain(gift.name)}** · {_(OCCASIONS[gift.occasion])}"
            st.markdown(f"{head}  \n:small[{show.day(gift.day, shop)}]", width="stretch")
            gifts.badge(State.NOT_READY)
            file_link(gift.member_id)
        present(gift.present, gift)
        with st.container(horizontal=True):
            give(shop, gift)
            cancel(shop, gift)


def present(what: Present, gift: Gift) -> None:
    """Say what is given, what it costs, why, and the note."""
    goods = plain(what.said) or _("Good wishes alone")
    cost = f" · {show.money(what.cost)}" if what.cost else ""
    st.markdown(f":material/redeem: **{goods}**{cost}")
    for line in (gift.reason, gift.note):
        if line:
            st.caption(plain(line))


def _touches(shop: Shop, one: Celebration, key: str) -> None:
    """The buttons of a birthday, and the form that one of them opens."""
    gift = one.gift
    with st.container(horizontal=True, vertical_alignment="center"):
        if gift is not None and gift.given_at is not None:
            taken(shop, gift)
            undo(shop, gift)
            return
        if gift is not None:
            give(shop, gift)
        label = _("Choose a gift") if gift is None else _("Choose something else")
        if st.button(
            label,
            icon=":material/featured_seasonal_and_gifts:",
            type="primary" if gift is None and one.state is State.NOT_READY else "secondary",
            key=f"choose-{key}",
        ):
            chosen = st.session_state.get(_CHOOSING)
            st.session_state[_CHOOSING] = None if chosen == key else key
            st.rerun()
        if gift is not None:
            cancel(shop, gift)
    if st.session_state.get(_CHOOSING) == key:
        _choose(shop, one)


def _choose(shop: Shop, one: Celebration) -> None:
    born, gift = one.upcoming, one.gift
    budget = shop.settings.birthday_gift_budget
    name = f"gift_plan_{born.member_id}_{born.year}" if gift is None else f"gift_change_{gift.id}"
    form = Form(name)
    seen = form.seen("version", gift.version if gift else 0)

    def save(bound: Shop, what: Present, why: Why) -> None:
        if gift is None:
            plan_gift(bound, born.member_id, born.day, what, why)
        else:
            with _newly_seen(form):
                commands.change_gift(bound, gift.id, seen, what, why)
            _keep_up(form, gift)
        st.session_state.pop(_CHOOSING, None)

    notice = _("The gift for {name} is planned").format(name=plain(born.name))
    gifts_choose.ideas(shop, name, suggestions(shop, born.member_id, budget), notice, save)
    start = gift.present if gift else None
    why = Why(gift.reason, gift.note) if gift else Why()
    gifts_choose.anything(shop, name, budget, notice, save, start=start, why=why)


@contextmanager
def _newly_seen(form: Form) -> Iterator[None]:
    """Let ``form`` look again after a conflict that another button of it ran into."""
    try:
        yield
    except Conflict:
        form.look_again()
        raise


def _keep_up(form: Form, gift: Gift) -> None:
    """Let the other forms of a gift know the version that a save of ``form`` just made."""
    form.keep_up(*(f"gift_{verb}_{gift.id}" for verb in _VERBS))


def give(shop: Shop, gift: Gift) -> None:
    """The big button: the gift is given now."""
    form = Form(f"gift_give_{gift.id}")
    version = form.seen("version", gift.version)
    if st.button(_("Given"), type="primary", icon=":material/check:", key=form.field("save")):
        notice = _("Given: {name}").format(name=plain(gift.name))
        with feedback.saying(notice, form):
            commands.give_gift(form.once(shop, gift.id, version), gift.id, version)
            _keep_up(form, gift)


def cancel(shop: Shop, gift: Gift) -> None:
    """Give a planned gift up."""
    form = Form(f"gift_cancel_{gift.id}")
    version = form.seen("version", gift.version)
    if st.button(_("Give it up"), type="tertiary", key=form.field("save")):
        with feedback.saying(_("The gift is given up"), form):
            commands.cancel_gift(form.once(shop, gift.id, version), gift.id, version)


def taken(shop: Shop, gift: Gift) -> None:
    """Say who gave it and when."""
    when = show.moment(gift.given_at, shop)
    st.caption(_("{name} gave it {when}").format(name=plain(gift.by), when=when))


def undo(shop: Shop, gift: Gift) -> None:
    """Take back that it was given; goods go back on the shelf."""
    form = Form(f"gift_undo_{gift.id}")
    version = form.seen("version", gift.version)
    if st.button(_("Undo"), icon=":material/undo:", type="tertiary", key=form.field("save")):
        with feedback.saying(_("Taken back: it is not given"), form):
            commands.undo_gift(form.once(shop, gift.id, version), gift.id, version)
            _keep_up(form, gift)


def _wish(shop: Shop, one: Celebration) -> None:
    """Good wishes for the private chat, where the member agrees to be written to.

    The text goes to no log: it tells a birthday.
    """
    gift = one.gift
    assert gift is not None
    with st.expander(_("Good wishes"), icon=":material/cake:", key=f"wish-{gift.id}"):
        if one.agrees_to_messages:
            say = translator(shop.settings.language)
            waits = gift.present if gift.given_at is None else None
            text = said(shop, BIRTHDAY_WISH, **wish_values(shop.settings, gift.name, waits, say))
            st.caption(_("For the private chat. It names a birthday: not for the group."))
            show.copyable(text, f"wish-{gift.id}")
        else:
            st.caption(
                _(
                    "No message is written: this member did not agree to offers and good wishes. "
                    "Wish them well when they come."
                )
            )
        _wish_tick(shop, gift)


def _wish_tick(shop: Shop, gift: Gift) -> None:
    form = Form(f"gift_wish_{gift.id}")
    version = form.seen("version", gift.version)
    sent = gift.wished_at is None
    with st.container(horizontal=True, vertical_alignment="center"):
        if gift.wished_at is not None:
            show.state("good", _("Wished {when}").format(when=show.moment(gift.wished_at, shop)))
        label = _("Wished") if sent else _("Undo")
        icon = ":material/check:" if sent else ":material/undo:"
        if st.button(label, icon=icon, key=form.field("save")):
            notice = _("Good wishes noted") if sent else _("Undone")
            with feedback.saying(notice, form):
                bound = form.once(shop, gift.id, version, sent)
                commands.note_wish(bound, gift.id, version, sent=sent)
                _keep_up(form, gift)


def file_link(member_id: int) -> None:
    """Draw the way to a member's file."""
    st.page_link(
        navigation.page("members"),
        label=_("Member file"),
        icon=":material/person:",
        query_params={"member": str(member_id)},
    )
