"""A report of a resident finds its member and purchase: two touches, or a search (R28)."""

from collections.abc import Sequence

import streamlit as st

from lib.members.profiles import queries as members
from lib.members.profiles.queries import Card as Member
from lib.service.after_sales import queries
from lib.service.after_sales.commands import match_case
from lib.service.after_sales.queries import Case, Purchase
from lib.shop.shop import Shop
from lib.ui import after_sales, after_sales_who
from lib.ui.forms import Form
from lib.ui.words import _, plain

_CANDIDATES = 4


def draw(shop: Shop, this: Case) -> None:
    """Draw who it may be, by what they typed of name and home, each with their purchases."""
    with st.container(border=True, key="case-match"):
        st.markdown(f":material/person_search: **{_('Whose is it?')}**")
        typed = " · ".join(part for part in (this.reporter_name, this.reporter_home) if part)
        if typed:
            st.caption(_("They wrote: {typed}").format(typed=plain(typed)))
        form = Form(f"case-match-{this.id}")
        text = st.text_input(
            _("Find a member"),
            placeholder=_("Number, last 4 of the phone, name, room"),
            icon=":material/search:",
            type="search",
            live=True,
            label_visibility="collapsed",
            key=form.field("text"),
        )
        found = after_sales_who.found(shop, text) if (text or "").strip() else _likely(shop, this)
        if not found:
            st.caption(_("Nobody fits. Search by phone or room."))
        names = {member.id: _said(member) for member in found[:_CANDIDATES]}
        if names:
            _candidates(shop, this, form, names)


def _likely(shop: Shop, this: Case) -> Sequence[Member]:
    """Return who fits name or home as they were typed, both before one."""
    both = " ".join(part for part in (this.reporter_name, this.reporter_home) if part)
    kept: dict[int, Member] = {}
    for text in (both, this.reporter_home, this.reporter_name):
        if text.strip():
            kept |= {
                card.id: card
                for card in members.find_members(shop, text, limit=_CANDIDATES)
                if card.id not in kept
            }
    return tuple(kept.values())


def _said(member: Member) -> str:
    return f"**{plain(member.nickname)}** {after_sales_who.whereabouts(member)}"


def _candidates(shop: Shop, this: Case, form: Form, names: dict[int, str]) -> None:
    first = next(iter(names))
    chosen = st.pills(
        _("Resident"),
        list(names),
        format_func=names.__getitem__,
        default=first if len(names) == 1 else None,
        key=form.field("who-" + "-".join(map(str, names))),
        label_visibility="collapsed",
    )
    if chosen is None:
        return
    with st.container(key=f"case-rows-match-{this.id}", gap="xsmall"):
        for row in queries.purchases(shop, chosen):
            if st.button(
                after_sales_who.row_said(shop, row),
                key=form.field(f"line-{row.line_id}"),
                width="stretch",
            ):
                _match(shop, this, form, chosen, row)
    if st.button(
        _("This resident, none of these purchases"), type="tertiary", key=form.field("no-line")
    ):
        _match(shop, this, form, chosen, None)


def _match(shop: Shop, this: Case, form: Form, member_id: int, row: Purchase | None) -> None:
    with after_sales.saying(this, _("Assigned: {number}").format(number=this.number), form):
        line_id = row.line_id if row is not None else None
        bound = form.once(shop, member_id, line_id)
        match_case(bound, this.id, after_sales.seen(this), member_id, line_id)
