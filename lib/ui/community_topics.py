"""Topics on screen: planning one, questions that come with the program, the list (R14)."""

import pandas as pd
import streamlit as st

from lib.kernel.errors import NotFound
from lib.shop.shop import Shop
from lib.trust.community.topics import commands, queries
from lib.trust.community.topics.queries import Suggestion, Topic
from lib.trust.community.topics.rules import (
    ABOUT_NAMES,
    LONGEST_NOTE,
    LONGEST_QUESTION,
    Details,
)
from lib.ui import choice, feedback, show
from lib.ui.forms import Form
from lib.ui.orders import chosen
from lib.ui.words import _


def opened(shop: Shop) -> Topic | None:
    """Return the topic that the address names by ``?topic=``; None for none that is there."""
    number = chosen("topic")
    try:
        return None if number is None else queries.topic(shop, number)
    except NotFound:
        return None


def listing(shop: Shop) -> None:
    """Draw what is planned and asked, and the form for the next topic."""
    found = queries.topics(shop)
    asked = [this for this in found if this.asked_at is not None]
    show.figures(
        (_("Planned"), str(sum(this.asked_at is None for this in found))),
        (_("Asked"), str(len(asked))),
        (_("Answers"), str(sum(this.answers for this in asked))),
        (_("Became wishes"), str(sum(this.wishes for this in asked))),
    )
    with st.expander(_("Plan a topic"), icon=":material/add:", expanded=not found):
        plan(shop)
    if not found:
        show.nothing(
            _("No topic was planned yet."),
            _("One question a week, and what people answer becomes a wish in one step."),
        )
        return
    number = choice.of_rows(
        pd.DataFrame([_row(shop, this) for this in found]),
        "topics",
        shop,
        config={_("Question"): st.column_config.TextColumn(pinned=True, width="medium")},
    )
    if number is not None:
        st.query_params.clear()
        st.query_params["topic"] = str(found[number].id)
        st.rerun()


def plan(shop: Shop) -> None:
    """Draw the form for a new topic; a suggested question fills it and may be changed."""
    form = Form("topic-plan")
    suggested = queries.suggestions(shop)
    said: dict[Suggestion | None, str] = {None: _("write one myself")}
    said |= {one: _said(shop, one) for one in suggested}
    picked = st.selectbox(
        _("A question that comes with the program"),
        list(said),
        format_func=said.__getitem__,
        key=form.field("suggested"),
    )
    start = picked.text if picked else ""
    details = fields(form, Details(start, shop.today), picked.text[:12] if picked else "")
    if st.button(_("Plan it"), type="primary", key=form.field("save")):
        with feedback.saying(_("The topic is planned"), form):
            commands.plan_topic(form.once(shop, details), details)


def fields(form: Form, known: Details, start: str = "") -> Details:
    """Draw question, day and line beside it; ``start`` tells one filling of the form apart."""
    question = st.text_area(
        _("Question"),
        known.question,
        max_chars=LONGEST_QUESTION,
        height=90,
        key=f"{form.field('question')}{start}",
    )
    day = st.date_input(
        _("Day"), known.planned_on, format="YYYY-MM-DD", key=form.field("day"), width=180
    )
    note = st.text_area(
        _("What else you want to say"),
        known.note,
        max_chars=LONGEST_NOTE,
        height=80,
        placeholder=_("may stay empty"),
        key=form.field("note"),
    )
    return Details(question, day, note)


def state_of(shop: Shop, this: Topic) -> str:
    """Return how far a topic is, in a word."""
    if this.closed_at is not None:
        return _("topic closed")
    if this.asked_at is not None:
        return _("asked")
    return _("not asked") if this.planned_on < shop.today else _("planned")


def _said(shop: Shop, one: Suggestion) -> str:
    used = _("used {day}").format(day=show.day(one.last, shop)) if one.last else ""
    return " · ".join(part for part in (one.text, _(ABOUT_NAMES[one.about.about]), used) if part)


def _row(shop: Shop, this: Topic) -> dict[str, object]:
    return {
        _("Question"): this.question,
        _("Day"): this.day(shop.settings.time_zone).isoformat(),
        _("State"): state_of(shop, this),
        _("Answers"): this.answers,
        _("Became wishes"): this.wishes,
    }
