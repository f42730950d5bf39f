"""The monthly clean-up on screen: what it will do, doing it, what earlier ones did (R33)."""

import streamlit as st

from lib.members.clean_up import commands
from lib.members.clean_up.queries import CleanUp, Done, done_before
from lib.members.clean_up.rules import BY_SETTING, NAMES, Kind
from lib.shop.shop import Shop
from lib.ui import feedback, navigation, privacy, settings, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


def draw(shop: Shop, waiting: CleanUp) -> None:
    """Draw what waits by kind, the files made anonymous by name, one button, and the history."""
    if not waiting.total:
        show.nothing(
            _("Nothing is past its time."), _("Look again next month; the periods stand below.")
        )
    else:
        _counts(shop, waiting)
        _members(shop, waiting)
        _button(shop, waiting)
    if waiting.held_back:
        st.caption(
            _(
                "{count} more have not come for as long, but money is held for them, goods are "
                "promised, or a complaint is open."
            ).format(count=waiting.held_back)
        )
    _periods(shop)
    _history(shop)


def _counts(shop: Shop, waiting: CleanUp) -> None:
    with st.container(border=True):
        for kind, count in waiting.counts.items():
            if count:
                with st.container(horizontal=True, vertical_alignment="center"):
                    months = getattr(shop.settings, BY_SETTING[kind])
                    kept = _("kept for {months} months, now over").format(months=months)
                    st.markdown(f"{_(NAMES[kind])}  \n:small[{kept}]", width="stretch")
                    st.markdown(f"**{count}**", width="content")


def _members(shop: Shop, waiting: CleanUp) -> None:
    leaving = waiting.members
    if not leaving:
        return
    title = _("Whose files become anonymous ({count})").format(count=len(leaving))
    with st.expander(title, icon=":material/person_off:", key="leaving", expanded=True):
        for one in leaving:
            last = show.day(one.last_on, shop) if one.last_on else _("never ordered")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"{plain(one.nickname)} {plain(one.home)} · "
                    + _("last pickup: {day}").format(day=last),
                    width="stretch",
                )
                if one.due:
                    show.state("soon", _("{amount} unpaid").format(amount=show.money(one.due)))
                st.page_link(
                    navigation.page("members"),
                    label=_("Member file"),
                    icon=":material/person:",
                    query_params={"member": str(one.member_id)},
                    width="content",
                )
        st.caption(
            _(
                "Name, phone, room, notes and birthday go; orders and sums stay without a name. "
                "Points and coupons that were not used end. It cannot be undone."
            )
        )
        more = waiting.counts[Kind.MEMBERS] - len(leaving)
        if more > 0:
            said = _("{count} more follow with the next touches, the oldest first.")
            st.caption(said.format(count=more))


def _button(shop: Shop, waiting: CleanUp) -> None:
    form = Form("clean_up")
    ready = True
    if waiting.counts[Kind.MEMBERS]:
        ready = st.checkbox(_("I looked at the list; these files may go"), key=form.field("looked"))
    if st.button(
        _("Clean up now"),
        type="primary",
        icon=":material/cleaning_services:",
        disabled=not ready,
        key=form.field("save"),
    ):
        with feedback.saying(_("Cleaned up"), form):
            commands.clean_up(form.once(shop, waiting.month.isoformat()), waiting.month)


def _periods(shop: Shop) -> None:
    with st.expander(_("How long each is kept"), icon=":material/hourglass:", key="periods"):
        for name in dict.fromkeys(BY_SETTING.values()):
            value = _("{months} months").format(months=getattr(shop.settings, name))
            st.markdown(f"**{settings.label(name)}**: {value}")
            st.caption(settings.said_effect(shop.settings, name))
        st.caption(
            _(
                "How to hand over at the door is deleted by itself when a need ends. Purchase "
                "records and sums stay as long as the law demands."
            )
        )
        privacy.to_settings()


def _history(shop: Shop) -> None:
    found = done_before(shop)
    if not found:
        return
    st.markdown(f"#### {_('Done before')}")
    for one in found:
        with st.container(border=True):
            said = (show.month(one.month), show.moment(one.at, shop), plain(one.by))
            st.markdown(" · ".join(part for part in said if part))
            st.caption(_counted(one))


def _counted(done: Done) -> str:
    return "；".join(f"{_(NAMES[kind])}: {count}" for kind, count in done.counts.items())
