"""Personal data as the owner sees it: figures, the notice, consents, who looked into files."""

from enum import StrEnum

import pandas as pd
import streamlit as st

from lib.members.clean_up.queries import CleanUp
from lib.members.consents.notice.queries import notice_now
from lib.members.consents.notice.rules import LIGHT_PAGE, Notice
from lib.members.consents.notice.texts import notice_values
from lib.members.consents.queries import Overview
from lib.members.consents.rules import PURPOSES
from lib.members.consents.texts import EVENTS
from lib.members.profiles.openings.queries import recent_openings
from lib.members.profiles.openings.rules import WHATS
from lib.shop.language import translator
from lib.shop.messages.member_events import PRIVACY_NOTICE
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.ui import addresses, choice, messages_text, navigation, show
from lib.ui.words import _, plain


class View(StrEnum):
    """One part of the page."""

    CLEAN_UP = "clean_up"
    CONSENTS = "consents"
    NOTICE = "notice"
    LOOKS = "looks"


def view_of() -> View:
    """Return the part of the page that is looked at; the address may name it."""
    names = {
        View.CLEAN_UP.value: _("Clean-up"),
        View.CONSENTS.value: _("Consents"),
        View.NOTICE.value: _("Privacy notice"),
        View.LOOKS.value: _("Who looked"),
    }
    asked = st.query_params.get("view", "")
    first = asked if asked in names else View.CLEAN_UP.value
    return View(choice.of_views(_("Part of the page"), names, first, f"privacy-view-{first}"))


def figures(shop: Shop, consents: tuple[Overview, ...], waiting: CleanUp) -> None:
    """Show what waits for the clean-up and how many agree; say what the notice lacks."""
    show.figures(
        (_("Past its time"), str(waiting.total), _("What the next clean-up takes away.")),
        *(
            (
                _("Agree: {purpose}").format(purpose=_(PURPOSES[one.purpose])),
                str(one.agree),
                _("Members who agree."),
            )
            for one in consents
        ),
    )
    if not shop.settings.privacy_contact:
        with st.container(horizontal=True, vertical_alignment="center"):
            show.state("late", _("The notice does not say how residents reach you"))
            to_settings()


def to_settings() -> None:
    """Draw the way to the settings."""
    st.page_link(
        navigation.page("settings"), label=_("Settings"), icon=":material/tune:", width="content"
    )


def draw_notice(shop: Shop) -> None:
    """Draw the notice as residents read it, its address, and the text that tells the group."""
    link = addresses.of_path(shop, LIGHT_PAGE)
    st.caption(_("Made from the settings at each look; residents read it at this address."))
    st.link_button(_("Open the page"), link, icon=":material/open_in_new:")
    st.markdown(f"#### {_('For the group')}")
    say = translator(shop.settings.language)
    text = said(shop, PRIVACY_NOTICE, **notice_values(shop.settings, say, link))
    messages_text.offer(shop, PRIVACY_NOTICE, "setting:privacy", text, "privacy-notice")
    st.markdown(f"#### {_('What it says')}")
    _notice(shop, notice_now(shop, _))


def _notice(shop: Shop, notice: Notice) -> None:
    changed = show.day(notice.changed_on, shop) if notice.changed_on else "—"
    parts = [plain(notice.operator), plain(notice.contact), _("last changed {day}").format(
        day=changed
    )]  # fmt: skip
    st.caption(" · ".join(part for part in parts if part))
    for kind in notice.kinds:
        with st.container(border=True):
            st.markdown(f"**{plain(kind.what)}**")
            st.markdown(plain(kind.why))
            until = _("kept: {until}").format(until=kind.until)
            st.caption(plain(f"{_(kind.basis)} · {until}"))
    for part in notice.parts:
        with st.expander(part.heading, key=f"notice-{notice.parts.index(part)}"):
            for line in part.lines:
                st.markdown(f"- {plain(line)}")


def draw_consents(shop: Shop, consents: tuple[Overview, ...]) -> None:
    """Draw per purpose how many agree, to which wording, and every wording word for word."""
    for one in consents:
        st.markdown(f"#### {_(PURPOSES[one.purpose])}")
        st.caption(
            _("{agree} agree, {back} took it back").format(agree=one.agree, back=one.taken_back)
        )
        if not one.wordings:
            st.caption(_("Nobody was asked yet."))
        for wording in one.wordings:
            title = _("Wording {version}, since {day}: {count} members").format(
                version=wording.version,
                day=show.moment(wording.made_at, shop),
                count=wording.members,
            )
            key = f"wording-{wording.purpose}-{wording.version}"
            with st.expander(title, icon=":material/contract:", key=key):
                st.text(wording.text)
    names = "、".join(_(event.name) for event in EVENTS.values())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("The words are yours to change: {names}").format(names=names))
        st.page_link(
            navigation.page("messages"),
            label=_("Messages"),
            icon=":material/forum:",
            width="content",
        )


def draw_looks(shop: Shop) -> None:
    """Draw who looked into which file lately."""
    found = recent_openings(shop)
    frame = pd.DataFrame(
        [
            {
                _("Day"): one.day,
                _("Who"): one.person,
                _("Member"): one.nickname,
                _("What they did"): _(WHATS[one.what]),
                _("Times"): one.times,
                _("Last at"): one.last_at,
            }
            for one in found
        ]
    )
    show.table(
        frame,
        "openings",
        shop,
        moment_columns=[_("Last at")] if found else [],
        empty=_("Nobody has looked into a file yet."),
    )
    st.caption(_("Kept for {months} months.").format(months=shop.settings.keep_opening_months))
