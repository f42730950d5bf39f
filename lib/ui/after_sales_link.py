"""The private address of a case: made, shown once to be sent in the private chat, revoked (R28).

The books keep only its hash: what is seen here lives in this browser tab. Its text has no tick of
its own, because the log of what was sent would keep the address.
"""

import streamlit as st

from lib.service.after_sales.links.commands import new_link, revoke_link
from lib.service.after_sales.links.queries import Link, links_of
from lib.service.after_sales.queries import Case
from lib.service.after_sales.texts import about_values
from lib.shop.messages.service_events import CASE_LINK
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Shop
from lib.ui import addresses, after_sales, costs, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_MADE = "case-link-made"
"""The address just made, by case: the books keep only its hash, so it is seen this once."""


def draw(shop: Shop, this: Case) -> None:
    """Draw the means to make an address for the resident, and those that stand."""
    with st.popover(_("Private address"), icon=":material/key:", key=f"case-link-{this.id}"):
        made = st.session_state.get(_MADE, {}).get(this.id)
        if made:
            _show(shop, this, made)
        else:
            st.caption(
                _("Whoever has it sees this case without signing in and can add photos and words.")
            )
        form = Form(f"case-link-new-{this.id}")
        label = _("Make another address") if made else _("Make an address")
        kind: show.Emphasis = "secondary" if made else "primary"
        if st.button(label, type=kind, key=form.field("save")):
            with after_sales.saying(this, _("The address is ready to be copied"), form):
                path = new_link(form.once(shop, this.id), this.id)
                st.session_state[_MADE] = {this.id: path}
        for link in links_of(shop, this.id):
            _link(shop, this, link)


def _show(shop: Shop, this: Case, path: str) -> None:
    """Draw the text for the private chat, and the code for who stands at the counter."""
    address = addresses.of_path(shop, path)
    text = said(shop, CASE_LINK, address=address, **about_values(this, speaker(shop)))
    show.copyable(text, f"case-link-{this.id}")
    st.caption(_("Copy it now: it cannot be shown again."))
    st.image(costs.qr_picture(address), width=180, caption=_("or let the resident scan it"))


def _link(shop: Shop, this: Case, link: Link) -> None:
    who = plain(link.person) if link.person else _("with the report")
    made = f"{show.moment(link.created_at, shop)} {who}"
    if not link.holds:
        ended = _("{made}: revoked") if link.revoked_at is not None else _("{made}: has run out")
        st.caption(ended.format(made=made))
        return
    form = Form(f"case-link-{link.id}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if link.until is None:
            st.caption(_("{made}: valid while the case is open").format(made=made))
        else:
            until = show.moment(link.until, shop)
            st.caption(_("{made}: valid until {until}").format(made=made, until=until))
        if st.button(_("Revoke"), type="tertiary", key=form.field("revoke")):
            with after_sales.saying(this, _("The address shows nothing any more"), form):
                revoke_link(form.once(shop, link.id), link.id)
                st.session_state.pop(_MADE, None)
