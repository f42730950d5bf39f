"""Finding residents: the search, cards, a new member, the export."""

import pandas as pd
import streamlit as st

from lib.kernel.errors import NotFound
from lib.members.profiles import commands, queries
from lib.members.profiles.openings.commands import note_list
from lib.members.profiles.queries import Card, Profile
from lib.members.profiles.rules import Home
from lib.shop.shop import Role, Shop
from lib.ui import feedback, navigation, notes, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

SHOWN = 20


def file_of(shop: Shop, member_id: int) -> Profile:
    """Return a member's file; say so and end the run when there is none."""
    try:
        return queries.member(shop, member_id)
    except NotFound as error:
        show.nothing(feedback.refusal(error))
        st.stop()


def search() -> str:
    """Ask for a member; what is typed stands in the address."""
    return st.text_input(
        _("Find a member"),
        placeholder=_("nickname, pinyin (xl), end of phone, 3-201"),
        icon=":material/search:",
        key="who",
        bind="query-params",
        label_visibility="collapsed",
    )


def cards(found: list[Card]) -> None:
    """Show members, each a card that leads to the file."""
    for card in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(said(card), width="stretch")
            st.page_link(
                navigation.page("members"),
                label=_("Open it"),
                icon=":material/chevron_right:",
                query_params={"member": str(card.id)},
                width="content",
            )


def said(card: Card) -> str:
    """Return a member in two lines: the name; home, phone and other names."""
    return f"**{plain(card.nickname)}**  \n:small[{whereabouts(card)}]"


def whereabouts(card: Card) -> str:
    """Return home, phone and other names in one line."""
    parts = [plain(card.home) if card.home else "", plain(card.phone or "")]
    if card.other_names:
        names = "、".join(plain(name) for name in card.other_names)
        parts.append(_("also {names}").format(names=names))
    return " · ".join(part for part in parts if part)


def fields(form: Form, card: Card | None = None) -> tuple[str, Home]:
    """Draw nickname and home; return them as typed."""
    home = card.home if card else Home()
    nickname = st.text_input(
        _("Nickname in the group"),
        value=card.nickname if card else "",
        max_chars=60,
        key=form.field("nickname"),
    )
    with st.container(horizontal=True):
        building = _part(_("Building"), form.field("building"), home.building)
        unit = _part(_("Entrance"), form.field("unit"), home.unit)
        room = _part(_("Room"), form.field("room"), home.room)
        area = _part(_("Estate or area"), form.field("area"), home.area)
    return nickname, Home.of(area, building, unit, room)


def _part(label: str, key: str, value: str | None) -> str:
    return st.text_input(label, value=value or "", max_chars=20, key=key, width=110)


def slot_field(shop: Shop, key: str, current: str | None = None) -> str | None:
    """Ask for the slot a resident usually comes in."""
    keys = [one.key for one in shop.settings.slots]
    return st.selectbox(
        _("Usual slot"),
        keys,
        index=keys.index(current) if current in keys else None,
        format_func=lambda one: show.slot(one, shop),
        placeholder=_("none"),
        key=key,
    )


def new(shop: Shop) -> None:
    """Offer to open a file by hand."""
    with st.expander(_("New member"), icon=":material/person_add:", key="new-member"):
        form = Form("member_add")
        with st.form(form.field("form"), border=False):
            nickname, home = fields(form)
            phone = st.text_input(_("Mobile phone"), max_chars=20, key=form.field("phone"))
            slot = slot_field(shop, form.field("slot"))
            note = st.text_area(
                _("Note"), max_chars=1000, help=notes.hint(), key=form.field("note")
            )
            harmless = notes.confirmed(form)
            saved = st.form_submit_button(_("Add member"), type="primary", key=form.field("save"))
        if saved:
            with feedback.saying(_("Member added"), form):
                bound = form.once(shop, nickname, home.parts, phone, slot, note)
                commands.add_member(
                    bound,
                    nickname,
                    phone=phone,
                    home=home,
                    note=note,
                    usual_slot=slot,
                    confirmed=harmless,
                )


def export(shop: Shop) -> None:
    """Offer the list of members as a file; phone numbers are whole for the owner only."""
    box = st.expander(_("Export"), icon=":material/download:", key="export", on_change="rerun")
    if not box.open:
        return
    with box:
        if shop.actor.role is not Role.OWNER:
            st.caption(_("Phone numbers are masked; the owner can export them."))
        frame = queries.member_list(shop).rename(
            columns={
                "id": _("No."),
                "nickname": _("Nickname"),
                "phone": _("Mobile phone"),
                "area": _("Estate or area"),
                "building": _("Building"),
                "unit": _("Entrance"),
                "room": _("Room"),
                "usual_slot": _("Usual slot"),
                "note": _("Note"),
                "since": _("Since"),
            }
        )

        def noted() -> pd.DataFrame:
            """Return the list for a file; that it was taken out stands in the journal."""
            note_list(shop, len(frame))
            return frame

        show.table(frame, "members", shop, moment_columns=[_("Since")], whole=noted)
