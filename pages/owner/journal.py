"""Who changed what, when, from what to what; and whether the record is whole (E11)."""

import streamlit as st

from lib.shop import journal_queries
from lib.shop.people.queries import login_events
from lib.ui import journal, people, session, show
from lib.ui.words import _

shop = session.owner()
st.title(_("Journal"))

changes, signing_in, seals = st.tabs([_("Changes"), _("Sign-ins"), _("Is it whole?")])

with changes:
    wanted = journal.filters(journal_queries.choices(shop))
    number = journal_queries.count(shop, wanted)
    pages = max(1, -(-number // journal_queries.PAGE))
    st.caption(_("{count} entries, newest first").format(count=number))
    page = st.pagination(pages, key="journal-page") if pages > 1 else 1
    found = journal_queries.entries(shop, wanted, page)
    if not found:
        show.nothing(_("No entry fits."), _("Choose other days or show everything."))
    for entry in found:
        journal.row(entry, shop)
    if found:
        journal.exports(shop, wanted)

with signing_in:
    show.table(
        people.login_table(login_events(shop)),
        "sign-ins-journal",
        shop,
        moment_columns=[_("When")],
        empty=_("Nobody has signed in yet."),
    )

with seals:
    st.markdown(
        _(
            "Every entry carries a seal over itself and the entry before it. Changing, deleting or "
            "inserting one breaks the chain there."
        )
    )
    if st.button(_("Check every seal"), icon=":material/verified:", key="verify-journal"):
        journal.verdict(journal_queries.verdict(shop))
