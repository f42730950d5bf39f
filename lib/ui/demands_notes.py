"""Wishes that residents sent from the light page, to be read by a person (R15)."""

from collections.abc import Sequence

import streamlit as st

from lib.shop.shop import Shop
from lib.trust.demands.chat.wishes import goods_of, wishes_in, words_of
from lib.trust.demands.commands import Collected
from lib.trust.demands.merging.likeness import SOUNDS_SAME
from lib.trust.demands.merging.queries import Near, near
from lib.trust.demands.notes import queries
from lib.trust.demands.notes.commands import put_note_aside, take_note, take_note_back
from lib.trust.demands.notes.queries import Note
from lib.trust.demands.rules import LONGEST_NAME, LONGEST_TITLE, STATUS_NAMES, Status
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

PAGE = "/p/wishes"
AT_ONCE = 10
"""Notes on the screen; the next ones come up as these are decided."""


def draw(shop: Shop) -> None:
    """Draw the notes that wait, the oldest first, and those put aside."""
    if not shop.settings.wish_box:
        st.info(
            _("The page is closed: residents cannot send wishes. The owner opens it in Settings."),
            icon=":material/lock:",
        )
    waiting = queries.notes(shop)
    if not waiting:
        show.nothing(
            _("Nobody's wish waits to be read."),
            _("Residents write theirs at {address}, linked from the price page.").format(
                address=plain(PAGE)
            ),
        )
    proposed = {note.id: proposal(note.text) for note in waiting[:AT_ONCE]}
    like = near(shop, [title for title in proposed.values() if title])
    for note in waiting[:AT_ONCE]:
        _note(shop, note, proposed[note.id], like.get(proposed[note.id], ()))
    if len(waiting) > AT_ONCE:
        count = queries.waiting_notes(shop) - AT_ONCE
        st.caption(_("{count} more follow when these are done.").format(count=count))
    _put_aside(shop, queries.put_aside(shop))


def proposal(text: str) -> str:
    """Return the goods a note speaks of as far as they can be read; empty for a person to write."""
    found = [one.title for one in wishes_in(words_of(text)) if one.title]
    return (found[0] if found else goods_of(words_of(text)))[:LONGEST_TITLE]


def _note(shop: Shop, note: Note, title: str, like: Sequence[Near]) -> None:
    form = Form(f"note-{note.id}")
    with st.container(border=True, key=f"note-{note.id}"):
        st.markdown(f"**{plain(note.text)}**")
        who = plain(note.name) or _("without a name")
        st.caption(f"{who} · {show.moment(note.at, shop)}")
        with st.form(form.field("form"), border=False):
            onto = _onto(form, like)
            wish, name = st.columns(2)
            typed = wish.text_input(
                _("Wish"), value=title, max_chars=LONGEST_TITLE, key=form.field("title")
            )
            named = name.text_input(
                _("Who"), value=note.name, max_chars=LONGEST_NAME, key=form.field("name")
            )
            with st.container(horizontal=True):
                take = st.form_submit_button(_("Take as a wish"), type="primary")
                aside = st.form_submit_button(_("Put aside"))
        if take:
            with feedback.saying(form=form):
                bound = form.once(shop, typed, named, onto)
                found = take_note(bound, note.id, typed, onto, named)
                feedback.keep(_outcome(found))
        if aside:
            with feedback.saying(_("Put aside."), form):
                put_note_aside(form.once(shop, "aside"), note.id)


def _onto(form: Form, like: Sequence[Near]) -> int | None:
    """Ask whether the note belongs to a wish that stands; only where one is like it."""
    if not like:
        return None
    names = {
        one.id: _("{title} ({status}, {count})").format(
            title=one.title, status=_(STATUS_NAMES[one.status]), count=one.people
        )
        for one in like
    }
    chosen = st.selectbox(
        _("Count at"),
        list(names),
        index=0 if like[0].percent >= SOUNDS_SAME else None,
        format_func=names.__getitem__,
        placeholder=_("a wish of its own"),
        key=form.field("onto"),
    )
    return int(chosen) if chosen is not None else None


def _outcome(found: Collected) -> str:
    if found.created:
        return _("Taken as a new wish.")
    if found.status is Status.OFFERED:
        return _("Counted. It is on offer already: tell the resident.")
    if not found.added:
        return _("This resident had asked for it before; nobody is counted twice.")
    return _("Counted at the wish that stands.")


def _put_aside(shop: Shop, notes: Sequence[Note]) -> None:
    if not notes:
        return
    with st.expander(_("Put aside ({count})").format(count=len(notes))):
        for note in notes:
            form = Form(f"note-back-{note.id}")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(note.text))
                st.caption(f"{show.moment(note.decided_at, shop)} {plain(note.by)}")
                if st.button(_("Let it wait again"), key=form.field("back"), type="tertiary"):
                    with feedback.saying(_("It waits again."), form):
                        take_note_back(form.once(shop, note.id), note.id)
