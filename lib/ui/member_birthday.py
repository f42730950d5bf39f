"""A member's birthday in the file: read as it is said, shown back, kept with consent (R34)."""

from dataclasses import replace

import streamlit as st

from lib.kernel.errors import Refused
from lib.members.birthdays.commands import remove_birthday, set_birthday
from lib.members.birthdays.forms import ASKS, GROUNDS
from lib.members.birthdays.queries import Kept, birthday_of
from lib.members.birthdays.reading import Reading, read_birthday
from lib.members.birthdays.rules import (
    LONGEST_SAID,
    Birthday,
    Calendar,
    Leap,
    next_dates,
    without_year,
)
from lib.members.consents.queries import consents_of, wordings_now
from lib.members.consents.rules import ASKED, HOW_GIVEN, How, Purpose
from lib.members.profiles.queries import Card
from lib.shop.shop import Shop
from lib.ui import birthday_words, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


def of_member(shop: Shop, card: Card) -> None:
    """Draw a member's birthday with its next two dates, and the way to note or change it."""
    kept = birthday_of(shop, card.id)
    st.markdown(f"#### {_('Birthday')}")
    if kept is None:
        st.caption(_("None is noted. Ask for consent, then write it as they say it."))
        _box(shop, card, _("Note the birthday"), 0)
        return
    with st.container(border=True, key="birthday-kept"):
        _shown(shop, kept.birthday)
        _remove(shop, card, kept)
    _box(shop, card, _("Change the birthday"), kept.version)


def _box(shop: Shop, card: Card, label: str, version: int) -> None:
    """Draw the form in a box; what it needs is read once it is opened."""
    box = st.expander(label, icon=":material/cake:", key="birthday-box", on_change="rerun")
    if box.open:
        with box:
            _form(shop, card, version)


def _shown(shop: Shop, birthday: Birthday) -> None:
    st.markdown(f":material/cake: **{birthday_words.said(birthday)}**")
    for one in next_dates(birthday, shop.today, shop.settings):
        st.markdown(birthday_words.occasion(shop, birthday, one))
    if birthday.leap_too:
        st.caption(_("In a year with the month twice they keep both days."))
    if birthday.said_as:
        st.caption(_("As they said it: {text}").format(text=plain(birthday.said_as)))


def _remove(shop: Shop, card: Card, kept: Kept) -> None:
    form = Form(f"birthday-remove-{card.id}")
    version = form.seen("version", kept.version)
    if st.button(
        _("Remove"),
        icon=":material/delete:",
        help=_("It is deleted for good and a planned birthday gift given up; the consent stays."),
        key=form.field("save"),
    ):
        with feedback.saying(_("Birthday removed"), form):
            remove_birthday(form.once(shop, card.id), card.id, version)


def _form(shop: Shop, card: Card, version: int) -> None:
    """Draw the form: the text, what it means, the consent; saved is what was shown back."""
    form = Form(f"birthday-{card.id}")
    seen = form.seen("version", version)
    typed = st.text_input(
        _("Birthday as they say it"),
        max_chars=LONGEST_SAID,
        placeholder=_("e.g. 农历八月初九, 闰四月十五, 腊月三十, 3/8"),
        key=form.field("text"),
    )
    birthday = _understood(shop, form, typed) if typed.strip() else None
    how = _consent(shop, form, card)
    if not st.button(
        _("Right: keep it"), type="primary", icon=":material/check:", key=form.field("save")
    ):
        return
    if birthday is None:
        st.warning(_("Write the birthday first, and choose what it means."))
        return
    with feedback.saying(_("Birthday noted"), form):
        bound = form.once(shop, card.id, *_values(birthday), how)
        set_birthday(bound, card.id, birthday, how, seen)
        form.keep_up(f"birthday-remove-{card.id}")


def _values(birthday: Birthday) -> list[object]:
    return [
        birthday.calendar, birthday.month, birthday.day, birthday.leap, birthday.leap_too,
        birthday.year, birthday.said_as,
    ]  # fmt: skip


def _understood(shop: Shop, form: Form, typed: str) -> Birthday | None:
    """Show back what was read, let a person decide what is open; None while that is not done."""
    try:
        reading = read_birthday(typed, shop.today)
    except Refused as refused:
        st.warning(feedback.refusal(refused), icon=":material/help:")
        return None
    chosen = _chosen(form, reading)
    st.caption(_(GROUNDS[reading.ground]))
    if chosen is None:
        return None
    chosen = _year(form, _leap(form, chosen))
    with st.container(border=True, key=form.field("read")):
        _shown(shop, replace(chosen, said_as=""))
    return chosen


def _chosen(form: Form, reading: Reading) -> Birthday | None:
    if reading.ground not in ASKS:
        return reading.possible[0]
    words = {one.calendar.value: birthday_words.told_apart(one) for one in reading.possible}
    calendar = st.radio(
        _("Which calendar?"),
        list(words),
        format_func=words.__getitem__,
        index=None,
        horizontal=True,
        key=form.field("calendar"),
    )
    return next((one for one in reading.possible if one.calendar == calendar), None)


def _leap(form: Form, one: Birthday) -> Birthday:
    """Ask of a month that can come twice which it is, and whether both are kept."""
    if one.calendar is Calendar.SOLAR or (one.leap is Leap.NO and not one.leap_too):
        return one
    names = {
        Leap.UNKNOWN.value: _("nobody said which"),
        Leap.NO.value: _("the first, ordinary one"),
        Leap.YES.value: _("the second, leap one"),
    }
    leap = st.selectbox(
        _("The month can come twice"),
        list(names),
        index=list(names).index(one.leap.value),
        format_func=names.__getitem__,
        key=form.field(f"leap-{one.month}-{one.leap}"),
    )
    both = st.checkbox(
        _("They keep both in a year that has it twice"),
        value=one.leap_too,
        key=form.field("both"),
    )
    return replace(one, leap=Leap(leap), leap_too=both)


def _year(form: Form, one: Birthday) -> Birthday:
    """Leave the year out unless a person says that it is wanted: the consent speaks of no year."""
    if one.year is None:
        return one
    wanted = st.checkbox(
        _("Keep the year {year}, too").format(year=one.year),
        help=_("Only where the resident wants it, for a round birthday. Otherwise it is not kept."),
        key=form.field("year"),
    )
    return one if wanted else without_year(one)


def _consent(shop: Shop, form: Form, card: Card) -> How | None:
    """Show the words of the consent and ask how it was given; nothing where it stands."""
    state = consents_of(shop, card.id).state(Purpose.BIRTHDAY)
    if state.stands and not state.reworded:
        if state.newest is not None:
            agreed = _("agreed {when}").format(when=show.moment(state.newest.at, shop))
            show.state("good", agreed)
        return None
    with st.expander(_("What they agree to"), icon=":material/contract:", expanded=True):
        st.caption(_("Read this out or send it, word for word; it is kept with the answer."))
        show.copyable(wordings_now(shop)[Purpose.BIRTHDAY], f"birthday-consent-{card.id}")
    names = {one.value: _(HOW_GIVEN[one]) for one in ASKED}
    how = st.selectbox(
        _("How they agreed"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("not yet"),
        key=form.field("how"),
    )
    return None if how is None else How(how)
