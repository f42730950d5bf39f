"""One text ready for the group: to copy, to tick when sent, to send by a robot (E17).

Every screen that has a text for the group draws it with :func:`offer`, so that all of them copy,
tick and send in the same way and land in the same log.
"""

from collections.abc import Callable, Collection
from datetime import datetime

import streamlit as st

from lib.kernel.text import clean
from lib.shop.messages import wording
from lib.shop.messages.events import Event
from lib.shop.posts import LONGEST_TEXT, Post, note_post, posts, take_back_post
from lib.shop.shop import Shop
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_SHOWN = 5


def offer(
    shop: Shop,
    event: Event,
    subject: str,
    text: str,
    key: str,
    *,
    names: Collection[str] = (),
    closed: bool = False,
    since: datetime | None = None,
    note: Callable[[Shop], object] | None = None,
) -> None:
    """Draw ``text`` of ``event`` about ``subject`` (``table:id``), ready for the group.

    A text longer than the setting ``message_bytes`` is drawn in several pieces; ``names`` are
    called in it as ``@name`` and never cut. Below stand the tick and who sent it when. ``key`` is
    the key of its widgets, one per text on the page. ``closed``: it is over, nothing is sent any
    more. ``since``: what was sent before is not shown, for texts that come again. ``note`` is the
    command of the tick where a topic has its own. Draws nothing for an empty text.
    """
    parts = wording.pieces(text, shop.settings.message_bytes, names)
    if not parts:
        return
    if len(parts) > 1:
        said = _("Too long for one message: {count} pieces, to be sent one after another.")
        st.caption(said.format(count=len(parts)))
    for number, part in enumerate(parts, 1):
        show.copyable(part, key if len(parts) == 1 else f"{key}-{number}")
    before = posts(shop, event.key, since=since, subjects=[subject], limit=_SHOWN)
    with st.container(horizontal=True, vertical_alignment="center", key=f"offer-{key}"):
        _standing(shop, text, before)
        if not closed:
            _tick(shop, event, subject, text, key, note)
    _sent(shop, before)


def _standing(shop: Shop, text: str, before: tuple[Post, ...]) -> None:
    """Say whether this very text was sent, or another one before."""
    if not before:
        return
    when = show.moment(before[0].at, shop)
    if before[0].text == clean(text, LONGEST_TEXT, lines=True):
        show.state("good", _("Sent {when}").format(when=when))
    else:
        show.state("soon", _("The text has changed since it was sent {when}").format(when=when))


def _tick(
    shop: Shop,
    event: Event,
    subject: str,
    text: str,
    key: str,
    note: Callable[[Shop], object] | None,
) -> None:
    form = Form(f"posted-{key}")
    if st.button(_("Posted to the group"), icon=":material/check:", key=form.field("save")):
        with feedback.saying(_("Noted: posted to the group"), form):
            bound = form.once(shop, subject, text)
            if note is not None:
                note(bound)
            else:
                note_post(bound, event.key, subject, text)


def _sent(shop: Shop, before: tuple[Post, ...]) -> None:
    for post in before:
        with st.container(horizontal=True, vertical_alignment="center"):
            said = f"{show.moment(post.at, shop)} · {plain(post.person)}"
            st.caption(f":material/check_circle: {said}", width="stretch")
            form = Form(f"unposted-{post.id}")
            if st.button(_("Undo"), icon=":material/undo:", type="tertiary", key=form.field("go")):
                with feedback.saying(_("Undone"), form):
                    take_back_post(form.once(shop, post.id), post.id)
