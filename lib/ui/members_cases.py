"""A member's file: complaints with their state, and what is or was owed (R28-R30)."""

import streamlit as st

from lib.members.profiles.queries import Card as Member
from lib.service.after_sales.cards.queries import Card, cases_of
from lib.service.after_sales.rules import STATUS_NAMES, number
from lib.service.owed.queries import Past, owed_of
from lib.shop.shop import Shop
from lib.ui import after_sales, navigation, show
from lib.ui.words import _, plain


def of_member(shop: Shop, card: Member) -> None:
    """Draw a member's cases, the newest first, and the goods promised to them."""
    found, owed = cases_of(shop, card.id), owed_of(shop, card.id)
    still = [one for one in owed if one.settled_at is None and one.cancelled_at is None]
    if still:
        st.markdown(f"#### {_('Still to be given')}")
        for one in still:
            _owed(shop, one)
    st.markdown(f"#### {_('Complaints')}")
    if not found:
        show.nothing(
            _("No complaint so far."), _("What they report stands here, with how it was solved.")
        )
    for case in found:
        _case(shop, case)
    past = [one for one in owed if one not in still]
    if past:
        st.markdown(f"#### {_('Given or cancelled')}")
        for one in past:
            _owed(shop, one)
    st.page_link(
        navigation.page("after_sales"),
        label=_("Take down a complaint"),
        icon=":material/add:",
        query_params={"new": f"member-{card.id}"},
    )


def _case(shop: Shop, case: Card) -> None:
    with st.container(border=True, key=f"case-{case.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{case.number}** {after_sales.goods(case)}", width="stretch")
            st.badge(_(STATUS_NAMES[case.status]), color="gray")
            after_sales.clocks(shop, case)
            after_sales.follow_up_badge(shop, case)
        st.caption(f"{show.moment(case.reported_at, shop)} · {plain(case.said)}")
        st.page_link(
            navigation.page("after_sales"),
            label=_("Open it"),
            icon=":material/chevron_right:",
            query_params={"case": str(case.id)},
        )


def _owed(shop: Shop, one: Past) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"owed-{one.id}"):
        goods = f"{plain(one.product)} {plain(one.unit.said(one.quantity))}"
        why = number(one.case_id) if one.case_id is not None else _("for points")
        st.markdown(f":material/redeem: {goods}  \n:small[{why}]", width="stretch")
        if one.cancelled_at is not None:
            show.state("quiet", _("cancelled: {reason}").format(reason=one.cancel_reason))
        elif one.settled_at is not None:
            when = show.moment(one.settled_at, shop)
            show.state("good", _("given {when}").format(when=when))
        elif one.due_at < shop.clock.now():
            when = show.moment(one.due_at, shop)
            show.state("late", _("promised for {when}").format(when=when))
        else:
            when = show.moment(one.due_at, shop)
            show.state("soon", _("promised for {when}").format(when=when))
