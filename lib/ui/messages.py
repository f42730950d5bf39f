"""Messages on screen: what did not arrive, what is on its way, what was sent (E17)."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from lib.kernel.words import N_
from lib.shop.messages.event import Purpose
from lib.shop.messages.events import EVENTS
from lib.shop.messages.log import queries as log
from lib.shop.messages.log.queries import Sent, Week
from lib.shop.messages.outbox.commands import cancel_message, confirm_message, retry_message
from lib.shop.messages.outbox.queries import Message
from lib.shop.messages.outbox.rules import STATUS_NAMES, Status, said_error
from lib.shop.shop import Shop
from lib.ui import choice, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

PURPOSE_NAMES: dict[Purpose, str] = {
    Purpose.ADVERT: N_("Adverts"),
    Purpose.SERVICE: N_("Service texts"),
    Purpose.TIP: N_("Tips sent"),
    Purpose.TALK: N_("Talk"),
}
_STATES: dict[Status, show.State] = {
    Status.WAITING: "quiet",
    Status.PERHAPS: "soon",
    Status.FAILED: "late",
}
_WEEKS = 8
_DAYS = 30
_SHOWN_AT_ONCE = 20


def figures(found: Sequence[Message], this_week: Week) -> None:
    """Show how many messages need a person, wait, and were sent this week."""
    trouble = [one for one in found if one.status is not Status.WAITING]
    adverts = this_week.by_purpose.get(Purpose.ADVERT, 0)
    show.figures(
        (_("Need a look"), str(len(trouble)), _("Not sent, or perhaps sent.")),
        (_("On their way"), str(len(found) - len(trouble))),
        (_("Sent this week"), str(this_week.sent)),
        (_("of them adverts"), str(adverts)),
    )


def on_their_way(shop: Shop, found: Sequence[Message]) -> None:
    """Show each message that is not settled, with what can be done about it."""
    for one in found[:_SHOWN_AT_ONCE]:
        with st.container(border=True, key=f"message-{one.id}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                show.state(_STATES[one.status], _state_said(one))
                about = (
                    f"**{plain(_(log.named(one.topic)))}** · {plain(one.robot)} · "
                    f"{show.moment(one.created_at, shop)} {plain(one.by)}"
                )
                st.markdown(about, width="stretch")
            sentence, values = said_error(one.error)
            if sentence:
                st.caption(f":material/info: {_(sentence).format(**values)}")
            if one.status is Status.WAITING and one.tries:
                again = _("Tries so far: {count}, the next one {when}")
                when = show.moment(one.next_try_at, shop)
                st.caption(again.format(count=one.tries, when=when))
            show.copyable(one.text, f"message-{one.id}")
            _means(shop, one)
    if len(found) > _SHOWN_AT_ONCE:
        st.caption(_("And {count} more.").format(count=len(found) - _SHOWN_AT_ONCE))


def _state_said(one: Message) -> str:
    return _("being sent") if one.is_leaving else _(STATUS_NAMES[one.status])


def _means(shop: Shop, one: Message) -> None:
    if one.is_leaving:
        return
    with st.container(horizontal=True):
        if one.status is Status.PERHAPS:
            form = Form(f"message-confirm-{one.id}")
            label = _("It is in the group")
            if st.button(label, type="primary", icon=":material/check:", key=form.field("save")):
                with feedback.saying(_("Noted as sent"), form):
                    confirm_message(form.once(shop, one.id), one.id)
        if one.status is not Status.WAITING:
            form = Form(f"message-retry-{one.id}")
            if st.button(_("Send again"), icon=":material/replay:", key=form.field("save")):
                with feedback.saying(_("It is on its way again"), form):
                    retry_message(form.once(shop, one.id), one.id)
        form = Form(f"message-cancel-{one.id}")
        if st.button(
            _("Do not send"), icon=":material/close:", type="tertiary", key=form.field("save")
        ):
            with feedback.saying(_("It will not be sent"), form):
                cancel_message(form.once(shop, one.id), one.id)


def sent_log(shop: Shop) -> None:
    """Show what was sent, by event and period, with the full text of the one picked."""
    first, last, topic = _asked(shop)
    found = log.sent(shop, first, last, topic)
    if not found:
        show.nothing(
            _("Nothing was sent in these days."),
            _("Tick a text as posted where it stands, or let a robot send it."),
        )
        return
    picked = choice.of_rows(
        _frame(found),
        "messages",
        shop,
        moment_columns=[_("When")],
        config={_("When"): st.column_config.DatetimeColumn(pinned=True, format="MM-DD HH:mm")},
    )
    if len(found) == log.MOST:
        st.caption(_("Only the newest {count} are shown.").format(count=log.MOST))
    if picked is not None:
        st.session_state["messages-picked"] = found[picked].id
    this = next((one for one in found if one.id == st.session_state.get("messages-picked")), None)
    if this is None:
        st.caption(_("Pick a row to read its whole text."))
        return
    st.markdown(f"**{plain(_(log.named(this.topic)))}** · {show.moment(this.at, shop)}")
    show.copyable(this.text, "message-sent")


def _asked(shop: Shop) -> tuple[date, date, str]:
    names = {"": _("every kind"), **{key: _(event.name) for key, event in EVENTS.items()}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.date_input(
            _("From"),
            shop.today - timedelta(days=_DAYS),
            max_value=shop.today,
            format="YYYY-MM-DD",
            key="messages-first",
            width=150,
        )
        last = st.date_input(
            _("until"),
            shop.today,
            max_value=shop.today,
            format="YYYY-MM-DD",
            key="messages-last",
            width=150,
        )
        topic = st.selectbox(
            _("Kind of text"),
            list(names),
            format_func=names.__getitem__,
            key="messages-topic",
            width=240,
        )
    return first or shop.today, last or shop.today, topic or ""


def _frame(found: Sequence[Sent]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("When"): [one.at for one in found],
            _("Kind of text"): [_(log.named(one.topic)) for one in found],
            _("Text"): [one.text for one in found],
            _("By"): [one.by or _("the program") for one in found],
            _("Sent with"): [one.robot or _("by hand") for one in found],
            _("About"): [one.subject for one in found],
        }
    )


def per_week(shop: Shop) -> None:
    """Show how many texts of what purpose were sent in the last weeks."""
    with st.expander(_("Per week"), icon=":material/bar_chart:", key="messages-weeks"):
        frame = pd.DataFrame(
            [
                {
                    _("Week from"): one.monday,
                    _("Sent"): one.sent,
                    **{_(word): one.by_purpose.get(key, 0) for key, word in PURPOSE_NAMES.items()},
                }
                for one in log.weeks(shop, _WEEKS)
            ]
        )
        config = {_("Week from"): st.column_config.DateColumn(format="YYYY-MM-DD", pinned=True)}
        show.table(frame, "messages-weeks", shop, config=config)
