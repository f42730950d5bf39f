"""Messages for the group: what was sent, what did not arrive, their wording, the robots (E17)."""

import streamlit as st

from lib.shop.messages.log.queries import weeks
from lib.shop.messages.outbox.queries import open_messages
from lib.shop.shop import Role
from lib.ui import choice, messages, messages_channels, messages_wording, session
from lib.ui.words import _

shop = session.staff()
st.title(_("Messages"))

found = open_messages(shop)
messages.figures(found, weeks(shop, 1)[0])

names = {"sent": _("What was sent"), "wording": _("Wordings")}
if shop.actor.role is Role.OWNER:
    names["robots"] = _("Robots")
asked = "wording" if "event" in st.query_params else st.query_params.get("view", "sent")
view = choice.of_views(_("Show"), names, asked if asked in names else "sent", "messages-view")

if view == "sent":
    messages.on_their_way(shop, found)
    messages.sent_log(shop)
    messages.per_week(shop)
elif view == "wording":
    messages_wording.wordings(shop)
else:
    messages_channels.robots(shop)
