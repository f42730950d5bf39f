"""The private address of a case: made, shown once to be copied, and revoked (R28)."""

import streamlit as st

from lib.service.after_sales.links.commands import new_link, revoke_link
from lib.service.after_sales.links.queries import Link, links_of
from lib.service.after_sales.queries import Case
from lib.shop.shop import Shop
from lib.ui import addresses, after_sales, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_MADE = "case-link-made"
"""The address just made, by case: the books keep only its hash, so it is seen this once."""


def draw(shop: Shop, this: Case) -> None:
    """Draw the means to make an address for the resident, and those that stand."""
    with st.popover(_("Private address"), icon=":material/key:", key=f"case-link-{this.id}"):
        st.caption(
            _("Whoever has it sees this case without signing in and can add photos and words.")
        )
        made = st.session_state.get(_MADE, {}).get(this.id)
        if made:
            show.copyable(addresses.of_path(shop, made), f"case-link-{this.id}")
            st.caption(_("Copy it now: it cannot be shown again."))
        form = Form(f"case-link-new-{this.id}")
        if st.button(_("Make an address"), type="primary", key=form.field("save")):
            with feedback.saying(_("The address is ready to be copied"), form):
                path = new_link(form.once(shop, this.id), this.id)
                st.session_state[_MADE] = {this.id: path}
                after_sales.moved(this)
        for link in links_of(shop, this.id):
            _link(shop, this, link)


def _link(shop: Shop, this: Case, link: Link) -> None:
    made = f"{show.moment(link.created_at, shop)} {plain(link.person)}".strip()
    if link.revoked_at is not None:
        st.caption(_("{made}: revoked").format(made=made))
        return
    if link.expires_at <= shop.clock.now():
        st.caption(_("{made}: has run out").format(made=made))
        return
    form = Form(f"case-link-{link.id}")
    with st.container(horizontal=True, vertical_alignment="center"):
        until = show.moment(link.expires_at, shop)
        st.caption(_("{made}: valid until {until}").format(made=made, until=until))
        if st.button(_("Revoke"), type="tertiary", key=form.field("revoke")):
            with feedback.saying(_("The address shows nothing any more"), form):
                revoke_link(form.once(shop, link.id), link.id)
                st.session_state.pop(_MADE, None)
                after_sales.moved(this)
