"""One text ready for the group: to copy, to tick when sent, to send by a robot (E17).

Every screen that has a text for the group draws it with :func:`offer`, so that all of them copy,
tick and send in the same way and land in the same log.
"""

from collections.abc import Callable, Collection
from datetime import datetime

import streamlit as st

from lib.kernel.text import clean
from lib.shop.messages import wording
from lib.shop.messages.events import Audience, Event
from lib.shop.messages.outbox.commands import send_by_robot
from lib.shop.messages.outbox.queries import robots, under_way
from lib.shop.messages.outbox.rules import Status
from lib.shop.posts import LONGEST_TEXT, Post, note_post, posts, take_back_post
from lib.shop.shop import Shop
from lib.ui import feedback, navigation, show
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
    called in it as ``@name`` and never cut. Below stand the tick, a button for every robot (only
    where the group is who reads it), what is on its way, and who sent it when. ``key`` is the key
    of its widgets, one per text on the page. ``closed``: it is over, nothing is sent any more.
    ``since``: what was sent before is not shown, for texts that come again. ``note`` is the command
    of the tick where a topic has its own. Draws nothing for an empty text.
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
            by_robot(shop, event, subject, text, key, names)
    on_its_way(shop, event, subject)
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
    label = _("Posted to the group") if event.audience is Audience.GROUP else _("Sent by hand")
    if st.button(label, icon=":material/check:", key=form.field("save")):
        with feedback.saying(_("Noted: posted to the group"), form):
            bound = form.once(shop, subject, text)
            if note is not None:
                note(bound)
            else:
                note_post(bound, event.key, subject, text)


def by_robot(
    shop: Shop, event: Event, subject: str, text: str, key: str, names: Collection[str]
) -> None:
    """Draw a button for every robot that may send ``text`` to the group."""
    if event.audience is not Audience.GROUP:
        return
    for robot in robots(shop):
        form = Form(f"robot-{robot.id}-{key}")
        label = _("Send by {robot}").format(robot=plain(robot.name))
        if st.button(label, icon=":material/smart_toy:", key=form.field("send")):
            with feedback.saying(_("On its way to the group"), form):
                bound = form.once(shop, subject, text)
                send_by_robot(bound, robot.id, event.key, subject, text, names)


def on_its_way(shop: Shop, event: Event, subject: str) -> None:
    """Say what a robot has of this text and did not send yet, or could not."""
    found = under_way(shop, event.key, subject)
    if any(one.status is not Status.WAITING for one in found):
        with st.container(horizontal=True, vertical_alignment="center"):
            show.state("late", _("A robot could not send it, or not for certain"))
            st.page_link(navigation.page("messages"), label=_("Messages"), icon=":material/forum:")
    elif found:
        waiting = "、".join(dict.fromkeys(plain(one.robot) for one in found))
        show.state("quiet", _("On its way by {robots}").format(robots=waiting))


def _sent(shop: Shop, before: tuple[Post, ...]) -> None:
    for post in before:
        with st.container(horizontal=True, vertical_alignment="center"):
            how = _("by {robot}").format(robot=plain(post.robot)) if post.robot else ""
            parts = (show.moment(post.at, shop), plain(post.person), how)
            said = " · ".join(part for part in parts if part)
            st.caption(f":material/check_circle: {said}", width="stretch")
            if post.robot:
                continue
            form = Form(f"unposted-{post.id}")
            if st.button(_("Undo"), icon=":material/undo:", type="tertiary", key=form.field("go")):
                with feedback.saying(_("Undone"), form):
                    take_back_post(form.once(shop, post.id), post.id)
