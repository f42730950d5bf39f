"""Chain orders in: paste, look at what is doubtful, confirm once (E1)."""

import streamlit as st

from lib.trade.orders import queries
from lib.trade.orders.chain_review import booking
from lib.trade.orders.commands import book_intake
from lib.trade.products.queries import catalogue
from lib.ui import chain_limits, chain_review, feedback, navigation, round_choice, session, show
from lib.ui.forms import Form
from lib.ui.limits import require_decided
from lib.ui.words import _

shop = session.staff()
st.title(_("Chain orders in"))
chosen = round_choice.choose(shop, "chain")
if chosen is None:
    st.stop()

items = catalogue(shop, chosen.id)
form = Form("chain")
chain_review.bring_back(shop, form)
text = st.text_area(
    _("Paste the chain message from the group"),
    height=220,
    max_chars=chain_review.LONGEST_PASTE,
    placeholder="#接龙\n周三开团：鸡蛋4.8/斤 豆腐3元/盒\n\n1. 3-201 小李 鸡蛋2斤\n2. …",
    help=_("Several copies and chat around them may be in it: the newest copy counts."),
    key=form.field("text"),
)
chain_review.keep_draft(shop, text)
if not text.strip():
    st.caption(_("Nothing is booked before you confirm."))
    st.stop()

before = queries.booked_before(shop, chosen.id, chain_review.fingerprint(text))
if before is not None:
    st.info(
        _("Exactly this was booked {when}; nothing is added.").format(
            when=show.moment(before, shop)
        ),
        icon=":material/done_all:",
    )
    st.page_link(
        navigation.page("orders"), label=_("See the orders"), query_params={"round": str(chosen.id)}
    )
    st.stop()

paste = chain_review.read(shop, chosen.id, text, items)
if not paste.rows:
    show.nothing(
        _("No entry was found in this text."),
        _("Copy the whole message that begins with #接龙, with its numbered lines."),
    )
    st.stop()

beyond = chain_limits.found(shop, chosen.id, paste)
marks = chain_limits.marks(beyond)
chain_review.overview(paste, items, len(marks))
chain_review.doubtful(paste, items)
chain_limits.decide(shop, paste, beyond)
chain_review.changes(paste)
chain_review.entries(shop, paste, items, marks)
decisions = chain_review.decisions(paste)
with st.bottom if chain_review.long(paste) else st.container():
    if st.button(
        chain_review.confirm_label(paste), type="primary", width="stretch", key=form.field("book")
    ):
        with feedback.saying(_("Booked."), form):
            wanted = booking(paste, decisions)
            require_decided(beyond)
            book_intake(form.once(shop, wanted.fingerprint), chosen.id, wanted)
            chain_review.forget(shop)
