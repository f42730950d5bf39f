"""One list of a slot: when it was due and made, what became of it, its text as it stands now."""

from collections.abc import Sequence

import streamlit as st

from lib.service.picking.queries import Bag
from lib.service.pickup.queries import keep_until_of
from lib.service.pickup.texts import called, pickup_reminder, subject_of
from lib.service.reminders import rules
from lib.service.reminders.commands import put_aside, take_up
from lib.service.reminders.queries import EVENTS, Notice
from lib.service.reminders.rules import COUNTS_BEFORE, KIND_NAMES, How, Kind
from lib.service.reminders.texts import second_notice
from lib.shop.messages.wording import speaker
from lib.shop.settings import Slot
from lib.shop.shop import Shop
from lib.ui import feedback, messages_text, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


def draw(
    shop: Shop, slot: Slot, kind: Kind, bags: Sequence[Bag], notice: Notice | None, *, over: bool
) -> None:
    """Draw the reminder or the second notice of ``slot`` today.

    ``bags`` are to come now; ``over``: the time of this text is over, nothing is sent any more.
    """
    with st.container(border=True, key=f"notice-{slot.key}-{kind}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_(KIND_NAMES[kind])}**")
            _state(shop, slot, kind, notice, over=over)
        if notice is None:
            return
        _since(notice, bags)
        if not bags or (over and notice.how is not How.SENT):
            return
        _text(shop, slot, kind, bags, notice, over=over)
        _aside(shop, notice)


def _state(shop: Shop, slot: Slot, kind: Kind, notice: Notice | None, *, over: bool) -> None:
    """Say how a list stands: to come, ready, sent, late, missed."""
    if notice is None:
        due = next(
            one.due_at
            for one in rules.occasions(shop.today, shop.settings)
            if one.key == (shop.today, slot.key, kind)
        )
        if due > shop.clock.now():
            show.state("quiet", _("list at {when}").format(when=show.moment(due, shop)))
        else:
            show.state("quiet", _("no list: there were no orders"))
        return
    late = notice.late and notice.how is not How.NOBODY
    if notice.posted_at is not None:
        when = show.moment(notice.posted_at, shop)
        said = _("sent by {robot} {when}") if notice.robot else _("sent {when}")
        show.state("good", said.format(robot=plain(notice.robot), when=when))
    elif notice.how is How.NOBODY:
        show.state("good", _("nobody was left to come, nothing sent"))
    elif notice.how is How.MISSED:
        show.state("late", _("not sent before the slot was over"))
    elif notice.how is How.ASIDE:
        by = f" · {plain(notice.done_by)}" if notice.done_by else ""
        show.state("quiet", f"{_('put aside')}{by}")
    elif notice.queued_at is not None:
        show.state("quiet", _("on its way by robot"))
    else:
        show.state("late" if late or over else "soon", _("ready, to be sent"))
    if late:
        said = _("was due {due}, made {made}").format(
            due=show.moment(notice.due_at, shop), made=show.moment(notice.made_at, shop)
        )
        show.state("late", said)


def _since(notice: Notice, bags: Sequence[Bag]) -> None:
    """Say who was on the list, and how it differs from who is to come now."""
    changed = rules.since(notice.orders, {bag.order_id: called(bag) for bag in bags})
    if notice.how is How.NOBODY and not changed.new:
        return
    parts = [_("{count} orders on the list").format(count=notice.waiting)]
    if changed.gone:
        parts.append(_("{count} collected or moved since").format(count=len(changed.gone)))
    if changed.new:
        parts.append(_("{count} came to it since").format(count=len(changed.new)))
    st.caption(" · ".join(parts))


def _text(
    shop: Shop,
    slot: Slot,
    kind: Kind,
    bags: Sequence[Bag],
    notice: Notice,
    *,
    over: bool,
) -> None:
    say, day = speaker(shop), shop.today
    if kind is Kind.BEFORE:
        text = pickup_reminder(shop.settings, slot, day, day, bags, say)
    else:
        until = keep_until_of(shop, bags)
        kept = [(bag, until[bag.order_id]) for bag in bags]
        text = second_notice(shop.settings, slot, day, day, kept, say)
    event, subject = EVENTS[kind], subject_of(day, slot.key)
    since = notice.due_at - COUNTS_BEFORE
    key = f"{kind}-{slot.key}"
    messages_text.offer(shop, event, subject, text, key, closed=over, since=since)


def _aside(shop: Shop, notice: Notice) -> None:
    """Offer to put a list aside that needs no text, and to take that back."""
    form = Form(f"notice_{notice.id}")
    version = form.seen("version", notice.version)
    if notice.open and st.button(
        _("No text needed"), icon=":material/done_all:", type="tertiary", key=form.field("aside")
    ):
        with feedback.saying(_("Put aside"), form):
            put_aside(form.once(shop, notice.id), notice.id, version)
    if notice.how is How.ASIDE and st.button(
        _("Undo"), icon=":material/undo:", type="tertiary", key=form.field("again")
    ):
        with feedback.saying(_("Undone"), form):
            take_up(form.once(shop, notice.id), notice.id, version)
