"""The wordings of all texts on screen: read by the desk, written by the owner (E17)."""

import streamlit as st

from lib.kernel.errors import ShopError
from lib.kernel.words import N_
from lib.shop.language import LANGUAGES, translator
from lib.shop.messages.event import Audience, Event
from lib.shop.messages.events import EVENTS
from lib.shop.messages.filling import filled
from lib.shop.messages.templates import rules
from lib.shop.messages.templates.commands import change_wording, reset_wording
from lib.shop.messages.templates.queries import Own, templates
from lib.shop.shop import Role, Shop
from lib.ui import choice, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

AUDIENCE_NAMES: dict[Audience, str] = {
    Audience.GROUP: N_("For the group: {name}"),
    Audience.RESIDENT: N_("For one resident: {name}"),
    Audience.SUPPLIER: N_("For the supplier: {name}"),
}
_ORDER = tuple(Audience)


def wordings(shop: Shop) -> None:
    """Show the wording of one event with its placeholders and a preview; the owner edits it."""
    own = templates(shop)
    events = sorted(EVENTS.values(), key=lambda event: _ORDER.index(event.audience))
    event = choice.of(
        _("Kind of text"),
        events,
        "event",
        said=lambda each: _said(each, each.key in own),
        written=lambda each: each.key,
    )
    mine = own.get(event.key)
    _standing(shop, mine)
    default = translator(shop.settings.language)(event.wording)
    if shop.actor.role is not Role.OWNER:
        show.copyable(mine.text if mine else default, "wording")
        _placeholders(event)
        return
    _edit(shop, event, mine, default)


def _said(event: Event, is_own: bool) -> str:
    said = _(AUDIENCE_NAMES[event.audience]).format(name=_(event.name))
    return f"{said} ✎" if is_own else said


def _standing(shop: Shop, mine: Own | None) -> None:
    if mine is None:
        st.caption(_("The program's own wording."))
        return
    changed = _("Your own wording, changed {when} by {name}.")
    when = show.moment(mine.changed_at, shop)
    st.caption(changed.format(when=when, name=plain(mine.changed_by)))
    if mine.language != shop.settings.language:
        said = _("It was written while the shop's language was {language}, and stands as it is.")
        st.warning(
            said.format(language=LANGUAGES.get(mine.language, mine.language)),
            icon=":material/translate:",
        )


def _edit(shop: Shop, event: Event, mine: Own | None, default: str) -> None:
    form = Form(f"wording-{event.key}")
    version = form.seen("version", mine.version if mine else 0)
    text, preview = st.columns(2)
    with text:
        typed = st.text_area(
            _("Wording"),
            form.seen("text", mine.text if mine else default),
            height=320,
            max_chars=rules.LONGEST_WORDING,
            key=form.field("text"),
        )
        with st.container(horizontal=True):
            if st.button(_("Save wording"), type="primary", key=form.field("save")):
                with feedback.saying(_("Wording saved"), form):
                    once = form.once(shop, event.key, typed)
                    change_wording(once, event.key, typed, version)
            if mine is not None and st.button(
                _("Back to the program's wording"),
                icon=":material/restart_alt:",
                key=form.field("reset"),
            ):
                with feedback.saying(_("The program's wording is in use again"), form):
                    reset_wording(form.once(shop, event.key), event.key, version)
    with preview:
        _preview(shop, event, typed)
    _placeholders(event)


def _preview(shop: Shop, event: Event, typed: str) -> None:
    st.markdown(f":small[{_('Preview with examples')}]")
    say = translator(shop.settings.language)
    try:
        wording = rules.checked(event, typed)
    except ShopError as error:
        st.warning(feedback.refusal(error), icon=":material/edit_note:")
        return
    samples = {each.name: say(each.sample) for each in event.placeholders}
    st.code(filled(wording, samples), language=None, wrap_lines=True)
    st.caption(_("A line whose placeholders are all empty is left out."))


def _placeholders(event: Event) -> None:
    with st.expander(_("Placeholders"), icon=":material/data_object:", expanded=True):
        for each in event.placeholders:
            must = f" :orange-badge[{_('must stand')}]" if each.name in event.required else ""
            st.markdown(f"`{{{each.name}}}` {plain(_(each.explains))}{must}")
        st.caption(
            _("Write {open} and {close} for braces that are meant as such.").format(
                open=plain("{{"), close=plain("}}")
            )
        )
