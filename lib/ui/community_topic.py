"""One topic on screen: ask it, take in what was answered, make wishes of it, say thanks (R14)."""

import pandas as pd
import streamlit as st

from lib.shop.messages.events import TOPIC, TOPIC_THANKS
from lib.shop.shop import Shop
from lib.trust.community.topics import commands, queries
from lib.trust.community.topics.queries import Answer, Topic
from lib.trust.community.topics.rules import Details, NewAnswer, read_answers, usual_title
from lib.trust.demands.merging.queries import near as near_wishes
from lib.ui import community, community_topics, feedback, messages_text, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_LONGEST_PASTE = 20_000
_FORMS = ("topic-change", "topic-close", "topic-drop")


def one(shop: Shop, this: Topic) -> None:
    """Draw one topic with everything that can be done about it."""
    community.back(community.TOPICS, _("All topics"))
    st.subheader(plain(this.question))
    found = queries.answers(shop, this.id)
    _head(shop, this)
    _ask(shop, this)
    if this.asked_at is not None or found:
        _answers(shop, this, found)
        _thanks(shop, this)
    _more(shop, this)


def _head(shop: Shop, this: Topic) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if this.closed_at is not None:
            show.state("quiet", _("topic closed"))
        elif this.asked_at is not None:
            show.state("good", _("asked"))
        elif this.planned_on < shop.today:
            show.state("late", _("not asked"))
        else:
            show.state("quiet", _("planned"))
        st.caption(show.day(this.day(shop.settings.time_zone), shop), width="content")


def _ask(shop: Shop, this: Topic) -> None:
    text = queries.text_of(shop, this)
    closed = this.closed_at is not None
    with st.expander(_("The question for the group"), expanded=this.asked_at is None):
        messages_text.offer(
            shop, TOPIC, f"topic:{this.id}", text, f"topic-{this.id}", closed=closed
        )


def _answers(shop: Shop, this: Topic, found: tuple[Answer, ...]) -> None:
    st.subheader(_("Answers"))
    if this.closed_at is None:
        with st.expander(_("Take in answers"), icon=":material/add:", expanded=not found):
            _take_in(shop, this)
    if not found:
        show.nothing(_("No answer yet."), _("Copy the answers from the chat and paste them here."))
        return
    free = [answer for answer in found if answer.demand_id is None]
    if free:
        _make_wish(shop, this, free)
    _became([answer for answer in found if answer.demand_id is not None])
    show.table(
        pd.DataFrame([_row(answer) for answer in found]),
        "answers",
        shop,
        moment_columns=[_("When")],
        config={_("Name"): st.column_config.TextColumn(pinned=True)},
    )


def _take_in(shop: Shop, this: Topic) -> None:
    form = Form(f"topic-answers-{this.id}")
    text = st.text_area(
        _("Answers from the chat, or one per line like 小李: 草莓"),
        max_chars=_LONGEST_PASTE,
        height=140,
        key=form.field("text"),
    )
    found = read_answers(text, shop.clock.now(), shop.settings.time_zone) if text.strip() else ()
    kept = _edited(form, found) if found else []
    if kept:
        st.caption(_("Clear the tick of what is no answer; words and names can be mended."))
    label = _("Take in {count} answers").format(count=len(kept)) if kept else _("Take in answers")
    if st.button(label, type="primary", key=form.field("save")):
        with feedback.saying(form=form):
            done = commands.add_answers(form.once(shop, kept), this.id, kept)
            feedback.keep(_("{count} answers taken in").format(count=done))


def _edited(form: Form, found: tuple[NewAnswer, ...]) -> list[NewAnswer]:
    take, name, words = _("Take in"), _("Name"), _("Answer")
    frame = pd.DataFrame([{take: True, name: answer.name, words: answer.text} for answer in found])
    edited = st.data_editor(
        frame, hide_index=True, key=f"{form.field('rows')}-{hash(found)}", width="stretch"
    )
    rows = zip(found, edited.itertuples(index=False), strict=True)
    return [
        NewAnswer(str(row[1] or ""), str(row[2] or ""), answer.at) for answer, row in rows if row[0]
    ]


def _make_wish(shop: Shop, this: Topic, free: list[Answer]) -> None:
    form = Form(f"topic-wish-{this.id}")
    names = {answer.id: _said(answer) for answer in free}
    with st.container(border=True, key="topic-wish"):
        st.markdown(f"**{_('Make a wish of answers')}**")
        picked = st.pills(
            _("Answers that wish for the same"),
            list(names),
            selection_mode="multi",
            format_func=names.__getitem__,
            key=form.field("answers"),
        )
        if not picked:
            st.caption(_("Touch all answers that mean the same: they become one wish."))
            return
        texts = [answer.text for answer in free if answer.id in picked]
        mark = "-".join(str(each) for each in sorted(picked))
        title = st.text_input(
            _("What is wished for"),
            usual_title(texts)[:40],
            max_chars=60,
            key=f"{form.field('title')}-{mark}",
        )
        demand = _which(shop, form, title)
        label = _("Make {count} answers one wish").format(count=len(picked))
        if st.button(label, type="primary", key=form.field("save")):
            with feedback.saying(_("The answers are on the board of wishes"), form):
                bound = form.once(shop, sorted(picked), title, demand)
                commands.make_demand(bound, sorted(picked), title, demand)


def _which(shop: Shop, form: Form, title: str) -> int | None:
    """Ask whether it is one of the wishes written alike; None for a new one."""
    near = {one.id: one for one in near_wishes(shop, [title]).get(title, ())}
    if not near:
        return None
    counted = _("{title}: {count} people asked already")
    said = {0: _("No, a new wish")} | {
        number: counted.format(title=plain(one.title), count=one.people)
        for number, one in near.items()
    }
    chosen = st.radio(
        _("There are wishes written alike. Is it one of them?"),
        [0, *near],
        format_func=said.__getitem__,
        key=form.field(f"near-{'-'.join(map(str, near))}"),
    )
    return chosen or None


def _became(found: list[Answer]) -> None:
    wishes = {answer.demand_id: answer.demand for answer in found}
    with st.container(horizontal=True, vertical_alignment="center"):
        for number, title in wishes.items():
            count = sum(answer.demand_id == number for answer in found)
            st.page_link(
                navigation.page("demands"),
                label=f"{plain(title)} ({count})",
                icon=":material/volunteer_activism:",
                query_params={"demand": str(number)},
            )


def _thanks(shop: Shop, this: Topic) -> None:
    if not this.answers:
        return
    with st.expander(_("Thanks for the answers")):
        text = queries.thanks_of(shop, this)
        messages_text.offer(shop, TOPIC_THANKS, f"topic:{this.id}", text, f"topic-thanks-{this.id}")


def _more(shop: Shop, this: Topic) -> None:
    with st.container(horizontal=True):
        if this.closed_at is None:
            with st.popover(_("Change"), icon=":material/edit:", key="topic-change"):
                _change(shop, this)
        if this.asked_at is not None or this.closed_at is not None:
            _close(shop, this)
        elif not this.answers:
            _drop(shop, this)


def _change(shop: Shop, this: Topic) -> None:
    form = Form(f"topic-change-{this.id}")
    version = form.seen("version", this.version)
    details = community_topics.fields(form, Details(this.question, this.planned_on, this.note))
    if st.button(_("Save"), type="primary", key=form.field("save")):
        with feedback.saying(_("Topic saved"), form):
            commands.change_topic(form.once(shop, details, version), this.id, version, details)
            community.look_anew(this.id, *_FORMS)


def _close(shop: Shop, this: Topic) -> None:
    form = Form(f"topic-close-{this.id}")
    version = form.seen("version", this.version)
    closed = this.closed_at is not None
    label = _("Open it again") if closed else _("Close the topic")
    if st.button(label, icon=":material/task_alt:", key=form.field("save")):
        with feedback.saying(_("Saved"), form):
            commands.close_topic(form.once(shop, version), this.id, version, closed=not closed)
            community.look_anew(this.id, *_FORMS)


def _drop(shop: Shop, this: Topic) -> None:
    form = Form(f"topic-drop-{this.id}")
    version = form.seen("version", this.version)
    with st.popover(_("Drop it"), icon=":material/delete:", key="topic-drop"):
        st.caption(_("It leaves the plan; nothing was asked yet."))
        if st.button(_("Drop the topic"), key=form.field("save")):
            with feedback.saying(_("The topic is off the plan"), form):
                commands.drop_topic(form.once(shop, version), this.id, version)
                st.query_params.clear()
                st.query_params["view"] = community.TOPICS


def _said(answer: Answer) -> str:
    words = " ".join(answer.text.split())
    short = words if len(words) <= 24 else f"{words[:23]}…"
    return plain(f"{answer.name}: {short}" if answer.name else short)


def _row(answer: Answer) -> dict[str, object]:
    return {
        _("Name"): answer.name or "—",
        _("Answer"): answer.text,
        _("When"): answer.at,
        _("Became"): answer.demand,
    }
