"""One activity on screen: checklist, texts, head count, who came and what they ordered (R12)."""

import pandas as pd
import streamlit as st

from lib.shop.messages.events import ACTIVITY, ACTIVITY_THANKS
from lib.shop.shop import Shop
from lib.trust.community.activities import commands, queries
from lib.trust.community.activities.queries import Activity, Guest, NameMatch, Task
from lib.trust.community.activities.rules import (
    KIND_NAMES,
    LONGEST_NOTE,
    MOST_HEADS,
    STATUS_NAMES,
    Orders,
    Status,
    split_names,
)
from lib.ui import (
    community,
    community_activities,
    community_photos,
    feedback,
    messages_text,
    show,
)
from lib.ui.community_activities import cost_field, whole
from lib.ui.forms import Form
from lib.ui.words import _, plain

_FORMS = ("tasks", "activity-hold", "activity-change", "activity-cancel", "activity-again")
_STATES: dict[Status, show.State] = {
    Status.PLANNED: "soon",
    Status.HELD: "good",
    Status.CANCELLED: "quiet",
}


def one(shop: Shop, this: Activity) -> None:
    """Draw one activity with everything that can be done about it."""
    community.back(community.ACTIVITIES, _("All activities"))
    _head(shop, this)
    if this.status is Status.CANCELLED:
        _cancelled(shop, this)
        return
    if this.status is Status.PLANNED:
        _checklist(shop, this)
        _announce(shop, this)
    if this.day <= shop.today:
        _held(shop, this)
        _guests(shop, this)
        community_photos.photos(shop, this.id)
        _thanks(shop, this)
    if this.status is Status.HELD:
        _checklist(shop, this)
    _more(shop, this)


def _head(shop: Shop, this: Activity) -> None:
    details = this.details
    st.subheader(plain(this.title))
    with st.container(horizontal=True, vertical_alignment="center"):
        show.state(_STATES[this.status], _(STATUS_NAMES[this.status]))
        facts = [f"{show.day(this.day, shop)} {details.starts}".rstrip(), plain(details.place)]
        facts.append(_(KIND_NAMES[details.kind]))
        st.markdown(" · ".join(fact for fact in facts if fact), width="content")
    figures = [(_("Still to do"), f"{this.tasks_open} / {this.tasks}")]
    if this.status is Status.HELD:
        figures.append((_("People who came"), "—" if this.heads is None else str(this.heads)))
        figures.append((_("What it cost in all"), show.money(details.cost)))
        figures.append((_("Cost per head"), show.money(this.per_head)))
    elif details.expected_heads is not None:
        figures.append((_("Expected heads"), str(details.expected_heads)))
    show.figures(*figures)
    goods = [plain(one.name) for one in queries.goods(shop, this.id)]
    if goods:
        st.caption(f":material/shopping_basket: {_('Goods that are shown')}: {'、'.join(goods)}")
    if details.materials:
        st.caption(f":material/construction: {plain(details.materials)}")


def _checklist(shop: Shop, this: Activity) -> None:
    st.subheader(_("Checklist"))
    found = queries.tasks(shop, this.id)
    if not found:
        show.nothing(_("The checklist is empty."), _("Change it below: one line for each thing."))
    with st.container(gap="xsmall"):
        for task in found:
            _task(shop, task)
    with st.popover(_("Change the checklist"), icon=":material/edit_note:", key="tasks"):
        _tasks(shop, this, found)


def _task(shop: Shop, task: Task) -> None:
    form = Form(f"task-{task.id}")
    version = form.seen("version", task.version)
    done = task.done_at is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        icon = ":material/check_box:" if done else ":material/check_box_outline_blank:"
        if st.button(plain(task.text), icon=icon, type="tertiary", key=form.field("tick")):
            with feedback.saying(_("Undone") if done else _("Ticked"), form):
                commands.tick_task(form.once(shop, version, done), task.id, version, done=not done)
        if done:
            st.caption(
                f"{show.moment(task.done_at, shop)} · {plain(task.done_by)}", width="content"
            )


def _tasks(shop: Shop, this: Activity, found: tuple[Task, ...]) -> None:
    form = Form(f"tasks-{this.id}")
    version = form.seen("version", this.version)
    text = st.text_area(
        _("One line for each thing; a line that stays keeps its tick"),
        "\n".join(task.text for task in found),
        height=260,
        key=form.field("lines"),
    )
    if st.button(_("Save"), type="primary", key=form.field("save")):
        with feedback.saying(_("Checklist saved"), form):
            bound = form.once(shop, text, version)
            commands.set_tasks(bound, this.id, version, text.splitlines())
            community.look_anew(this.id, *_FORMS)


def _announce(shop: Shop, this: Activity) -> None:
    st.subheader(_("Announcement for the group"))
    text = queries.announcement_of(shop, this)
    messages_text.offer(shop, ACTIVITY, f"activity:{this.id}", text, f"activity-{this.id}")


def _thanks(shop: Shop, this: Activity) -> None:
    st.subheader(_("Thanks for the group"))
    text = queries.thanks_of(shop, this)
    messages_text.offer(
        shop, ACTIVITY_THANKS, f"activity:{this.id}", text, f"activity-thanks-{this.id}"
    )


def _held(shop: Shop, this: Activity) -> None:
    st.subheader(_("It was held"))
    form = Form(f"activity-hold-{this.id}")
    version = form.seen("version", this.version)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        heads = st.number_input(
            _("How many came, children too"),
            0,
            MOST_HEADS,
            this.heads,
            step=1,
            key=form.field("heads"),
            width=220,
        )
        cost = cost_field(form, this.details.cost)
        label = _("Save") if this.status is Status.HELD else _("It was held")
        kind: show.Emphasis = "secondary" if this.status is Status.HELD else "primary"
        if st.button(label, type=kind, key=form.field("save")):
            with feedback.saying(_("Heads and cost are kept"), form):
                bound = form.once(shop, heads, cost, version)
                commands.hold_activity(bound, this.id, version, whole(heads), cost)
                community.look_anew(this.id, *_FORMS)


def _guests(shop: Shop, this: Activity) -> None:
    st.subheader(_("Members who came"))
    found = queries.guests(shop, this.id)
    if found:
        _effect(shop, this)
    with st.expander(_("Note who came"), icon=":material/group_add:", expanded=not found):
        _note_guests(shop, this)
    if not found:
        show.nothing(
            _("Nobody is noted yet."),
            _("Paste the names from the chain: what they order afterwards is counted."),
        )
        return
    show.table(pd.DataFrame({_("Name"): [guest.nickname for guest in found]}), "guests", shop)
    with st.popover(_("Take somebody off"), icon=":material/person_remove:", key="guest-off"):
        _remove_guest(shop, this, found)


def _effect(shop: Shop, this: Activity) -> None:
    found = queries.effect(shop, this.id)
    before, after = _("In {days} days before"), _("In {days} days after")
    show.figures(
        (before.format(days=found.days), _ordered(found.before), _guests_said(found.before)),
        (after.format(days=found.days), _ordered(found.after), _guests_said(found.after)),
    )
    said = _(
        "Orders of the members above, by when they ordered, at the value of the goods. Side by "
        "side, no more: whether the activity is the reason, nobody knows."
    )
    if not found.is_complete:
        left = _("{over} of {days} days after it are over: the second figure still grows.")
        said = f"{left.format(over=found.over, days=found.days)} {said}"
    st.caption(said)


def _ordered(orders: Orders) -> str:
    said = _("{count} orders · {amount}")
    return said.format(count=orders.count, amount=show.money(orders.amount))


def _guests_said(orders: Orders) -> str:
    return _("{count} orders of {guests} members").format(count=orders.count, guests=orders.guests)


def _note_guests(shop: Shop, this: Activity) -> None:
    form = Form(f"guests-{this.id}")
    text = st.text_area(
        _("Names of those who came, as in the group"),
        height=120,
        max_chars=5000,
        placeholder="小李\n王阿姨 +2\n3-201 老周",
        help=_("Grown-ups only: names of children are not kept anywhere."),
        key=form.field("names"),
    )
    found = queries.matched(shop, split_names(text)) if text.strip() else ()
    chosen = [each for match in found if (each := _who(form, match)) is not None]
    unknown = [match.name for match in found if match.member is None and not match.candidates]
    if unknown:
        said = _("Not members yet, so they are not noted: {names}")
        st.warning(said.format(names=plain("、".join(unknown))), icon=":material/person_off:")
    ids = sorted({guest.member_id for guest in chosen})
    label = _("Note {count} members").format(count=len(ids)) if ids else _("Note who came")
    if st.button(label, type="primary", key=form.field("save")):
        with feedback.saying(_("Noted who came"), form):
            commands.add_guests(form.once(shop, ids), this.id, ids)


def _who(form: Form, match: NameMatch) -> Guest | None:
    """Return whom a name means; several are asked about, none is nobody."""
    if match.member is not None or not match.candidates:
        return match.member
    known = {guest.member_id: guest for guest in match.candidates}
    said = {0: _("nobody of them")} | {
        number: f"{plain(guest.nickname)} #{number}" for number, guest in known.items()
    }
    chosen = st.radio(
        _("Who is {name}?").format(name=plain(match.name)),
        [0, *known],
        format_func=said.__getitem__,
        horizontal=True,
        key=form.field(f"who-{match.candidates[0].member_id}-{len(match.candidates)}"),
    )
    return known.get(chosen or 0)


def _remove_guest(shop: Shop, this: Activity, found: tuple[Guest, ...]) -> None:
    form = Form(f"guest-off-{this.id}")
    names = {guest.member_id: guest.nickname for guest in found}
    chosen = st.selectbox(
        _("Name"), list(names), format_func=names.__getitem__, key=form.field("who")
    )
    if st.button(_("Off the guest list"), type="primary", key=form.field("save")):
        with feedback.saying(_("Taken off the guest list"), form):
            commands.remove_guest(form.once(shop, chosen), this.id, chosen or 0)


def _more(shop: Shop, this: Activity) -> None:
    with st.container(horizontal=True):
        with st.popover(_("Change"), icon=":material/edit:", key="activity-change"):
            _change(shop, this)
        if this.status is Status.PLANNED:
            with st.popover(_("Cancel it"), icon=":material/event_busy:", key="activity-cancel"):
                _cancel(shop, this)
        else:
            _again(shop, this)


def _change(shop: Shop, this: Activity) -> None:
    form = Form(f"activity-change-{this.id}")
    version = form.seen("version", this.version)
    shown = tuple(one.product_id for one in queries.goods(shop, this.id))
    details, goods = community_activities.fields(shop, form, this.details, shown)
    if st.button(_("Save"), type="primary", key=form.field("save")):
        with feedback.saying(_("Activity saved"), form):
            bound = form.once(shop, details, goods, version)
            commands.change_activity(bound, this.id, version, details, goods)
            community.look_anew(this.id, *_FORMS)


def _cancel(shop: Shop, this: Activity) -> None:
    form = Form(f"activity-cancel-{this.id}")
    version = form.seen("version", this.version)
    reason = st.text_input(
        _("Why is it cancelled?"), max_chars=LONGEST_NOTE, key=form.field("reason")
    )
    if st.button(_("Cancel the activity"), type="primary", key=form.field("save")):
        with feedback.saying(_("The activity is cancelled"), form):
            commands.cancel_activity(form.once(shop, reason, version), this.id, version, reason)
            community.look_anew(this.id, *_FORMS)


def _cancelled(shop: Shop, this: Activity) -> None:
    st.info(plain(this.cancel_reason), icon=":material/event_busy:")
    _again(shop, this)


def _again(shop: Shop, this: Activity) -> None:
    form = Form(f"activity-again-{this.id}")
    version = form.seen("version", this.version)
    held = this.status is Status.HELD
    label = _("It was not held") if held else _("Plan it again")
    if st.button(label, icon=":material/undo:", key=form.field("save")):
        with feedback.saying(_("It is planned again"), form):
            commands.plan_again(form.once(shop, version), this.id, version)
            community.look_anew(this.id, *_FORMS)
