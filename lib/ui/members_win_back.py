"""Writing to a member who has stayed away: the text, the tick, once a month (R33)."""

from datetime import date, time

import streamlit as st

from lib.kernel.clock import at_local
from lib.members.habits.commands import note_written
from lib.members.habits.queries import Preference
from lib.members.habits.rules import subject_of, written_since
from lib.members.habits.texts import win_back_values
from lib.shop.language import translator
from lib.shop.messages.member_events import WIN_BACK
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.ui import messages_text, show
from lib.ui.words import _


def offer(
    shop: Shop,
    member_id: int,
    nickname: str,
    likings: tuple[Preference, ...],
    *,
    may_write: bool,
    written_on: date | None,
) -> None:
    """Draw the text that wins a member back, for the private chat.

    Without a consent to messages it says what to do instead; after somebody wrote it says when,
    and nothing is ticked again for a month.
    """
    if not may_write:
        st.caption(
            _("They have not agreed to messages: ask when they are here (part “Data”), or ring.")
        )
        return
    if written_on is not None:
        when = show.day(written_on, shop)
        show.state("quiet", _("Written to {when}; that is enough for now").format(when=when))
    say = translator(shop.settings.language)
    known = [(one.kind, one.name) for one in likings]
    text = said(shop, WIN_BACK, **win_back_values(nickname, known, shop.settings, say))
    messages_text.offer(
        shop,
        WIN_BACK,
        subject_of(member_id),
        text,
        f"win-back-{member_id}",
        closed=written_on is not None,
        since=at_local(written_since(shop.today, shop.settings), time(0), shop.settings.time_zone),
        note=lambda bound: note_written(bound, member_id, text),
    )
