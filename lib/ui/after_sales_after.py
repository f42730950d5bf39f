"""After a solution: is all well, open again, withdraw, join doubles, take them apart (R30)."""

from collections.abc import Mapping

import streamlit as st

from lib.service.after_sales import queries, texts
from lib.service.after_sales.commands import follow_up as note_follow_up
from lib.service.after_sales.commands import reopen, withdraw
from lib.service.after_sales.merging.commands import merge_cases, undo_merge
from lib.service.after_sales.queries import Card, Case
from lib.service.after_sales.rules import (
    ENDED,
    LONGEST_REASON,
    LONGEST_TEXT,
    OPEN,
    RESULT_NAMES,
    STATUS_NAMES,
    Result,
    Status,
    case_id_of,
)
from lib.shop.messages.service_events import CASE_FOLLOW_UP
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Shop
from lib.ui import after_sales, after_sales_link, after_sales_solve, messages_text, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_RESULT_ICONS: dict[Result, str] = {
    Result.SATISFIED: ":material/sentiment_satisfied:",
    Result.NOT_SATISFIED: ":material/sentiment_dissatisfied:",
    Result.NO_ANSWER: ":material/phone_missed:",
}


def follow_up(shop: Shop, this: Case) -> None:
    """Draw the question whether all is well: three big answers, and what they said."""
    with st.container(border=True, key="case-follow-up"):
        st.markdown(f"**{_('Is the resident content?')}**")
        form = Form(f"case-follow-up-{this.id}-{this.turn}")
        words = st.text_input(
            _("What they said (may stay empty)"), max_chars=LONGEST_TEXT, key=form.field("said")
        )
        _question(shop, this)
        with st.container(horizontal=True):
            for result in Result:
                if st.button(
                    _(RESULT_NAMES[result]),
                    icon=_RESULT_ICONS[result],
                    type="primary" if result is Result.SATISFIED else "secondary",
                    key=form.field(result.value),
                ):
                    _asked(shop, this, form, result, words)
        times = sum(
            each.result is Result.NO_ANSWER and each.turn == this.turn for each in this.follow_ups
        )
        if times:
            _no_answer(shop, this, form, times)


def _question(shop: Shop, this: Case) -> None:
    """Draw the text that asks, for whoever does not stand at the counter."""
    with st.popover(_("Text that asks"), icon=":material/content_copy:", key="case-question"):
        say = speaker(shop)
        agreed = after_sales_solve.agreed(this, say)
        values = {**texts.about_values(this, say), "done": agreed}
        subject = f"after_sales_case:{this.id}"
        text = said(shop, CASE_FOLLOW_UP, **values)
        messages_text.offer(shop, CASE_FOLLOW_UP, subject, text, f"case-question-{this.id}")


def _asked(
    shop: Shop, this: Case, form: Form, result: Result, words: str, *, close: bool = False
) -> None:
    notices = {
        Result.SATISFIED: _("Content: the case is closed."),
        Result.NOT_SATISFIED: _("Opened again with its history; a new solution clock runs."),
        Result.NO_ANSWER: _("Closed without an answer.")
        if close
        else _("No answer: it comes up again."),
    }
    with after_sales.saying(this, notices[result], form):
        bound = form.once(shop, result, words, close)
        note_follow_up(bound, this.id, after_sales.seen(this), result, words, close=close)


def _no_answer(shop: Shop, this: Case, form: Form, times: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("{count} times without an answer").format(count=times), width="content")
        if st.button(_("Close without an answer"), type="tertiary", key=form.field("close")):
            _asked(shop, this, form, Result.NO_ANSWER, "", close=True)


def draw(shop: Shop, this: Case) -> None:
    """Draw what is done with a case as a whole: again, withdrawn, joined, the private address."""
    with st.container(horizontal=True, key="case-whole"):
        if this.status in ENDED:
            _reasoned(shop, this, again=True)
        if this.status in OPEN:
            _reasoned(shop, this, again=False)
            with st.popover(_("Join a double"), icon=":material/merge:", key="case-merge"):
                _merge(shop, this)
        if this.status not in (Status.MERGED, Status.WITHDRAWN):
            after_sales_link.draw(shop, this)
    for merged in this.merged:
        form = Form(f"case-unmerge-{merged.merge_id}")
        with st.container(horizontal=True, vertical_alignment="center"):
            part = _("{number} is part of this case since {when}")
            st.caption(
                part.format(number=merged.number, when=show.moment(merged.at, shop)),
                width="content",
            )
            if st.button(_("Take apart"), type="tertiary", key=form.field("save")):
                with after_sales.saying(this, _("Taken apart; both cases stand as before."), form):
                    undo_merge(form.once(shop, merged.merge_id), merged.merge_id)


def _reasoned(shop: Shop, this: Case, *, again: bool) -> None:
    """Draw opening again or withdrawing, which both need a reason."""
    name = "again" if again else "withdraw"
    label = _("Open the case again") if again else _("Withdraw the case")
    icon = ":material/restart_alt:" if again else ":material/cancel:"
    form = Form(f"case-{name}-{this.id}")
    with st.popover(label, icon=icon, key=f"case-{name}-pop-{this.id}"):
        if not again:
            st.caption(_("Only for what was no complaint. It stays in the history."))
        why = st.text_input(_("Why"), max_chars=LONGEST_REASON, key=form.field("why"))
        if st.button(label, type="primary", key=form.field("save")):
            notice = _("Opened again") if again else _("Withdrawn: its clocks run no further")
            with after_sales.saying(this, notice, form):
                bound, version = form.once(shop, why), after_sales.seen(this)
                (reopen if again else withdraw)(bound, this.id, version, why)


def _merge(shop: Shop, this: Case) -> None:
    """Let a double become part of this case; what may be one is offered first."""
    form = Form(f"case-merge-{this.id}")
    st.caption(_("The earlier report counts, with its clocks; nothing is lost, it can be undone."))
    cards = {
        card.id: card
        for card in queries.similar_open(shop, this.member_id, this.line_id, besides=this.id)
    }
    chosen = None
    if cards:
        names = {card.id: _double(shop, card) for card in cards.values()}
        chosen = st.radio(
            _("It is the same as"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            key=form.field("which"),
        )
    typed = st.text_input(
        _("or its number"), placeholder="A0012", max_chars=12, key=form.field("number")
    )
    stays = st.checkbox(
        _("What was given for it stays, too"),
        help=_("Needed when money or goods were given for the other case."),
        key=form.field("stays"),
    )
    if st.button(_("Join them"), type="primary", key=form.field("save")):
        with after_sales.saying(this, _("Joined: one case now"), form):
            drop = case_id_of(typed) or chosen
            _join(shop, this, form, drop, cards, stays=stays)


def _join(
    shop: Shop, this: Case, form: Form, drop: int | None, cards: Mapping[int, Card], *, stays: bool
) -> None:
    known = cards.get(drop) if drop is not None else None
    versions = (after_sales.seen(this), known.version) if known is not None else None
    bound = form.once(shop, drop, stays)
    merge_cases(bound, this.id, drop or this.id, versions=versions, remedies_too=stays)


def _double(shop: Shop, card: Card) -> str:
    parts = [
        card.number,
        after_sales.goods(card),
        after_sales.amount(card),
        _(STATUS_NAMES[card.status]),
        show.moment(card.reported_at, shop),
        plain(card.said[:40]),
    ]
    return " · ".join(part for part in parts if part)
