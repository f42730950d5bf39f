"""One wish: where it stands, what is done next, who asked, what happened.

The form of a move remembers the state in which it was first shown: when somebody else moves the
wish meanwhile, that is said beside it and what was typed stays.
"""

from datetime import timedelta

import pandas as pd
import streamlit as st

from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.journal_words import ACTIONS
from lib.shop.language import translator
from lib.shop.messages.demand_events import DEMAND_DECLINED, DEMAND_NOT_YET
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.trust.demands import queries, texts
from lib.trust.demands.commands import add_wishes, change_demand, move_demand, remove_wish
from lib.trust.demands.queries import Card, One, Step
from lib.trust.demands.rules import (
    FURTHEST_DAYS,
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_TITLE,
    MOVES,
    SOURCE_NAMES,
    STATUS_NAMES,
    Status,
)
from lib.ui import (
    choice,
    demands,
    demands_launch,
    demands_sources,
    demands_tell,
    feedback,
    messages_text,
    show,
)
from lib.ui.forms import Form
from lib.ui.words import _, plain


def draw(shop: Shop) -> None:
    """Draw the wish that the address names."""
    demand_id = demands.asked_demand()
    this = None if demand_id is None else _read(shop, demand_id)
    _around(shop, this)
    if this is None:
        show.nothing(_("This wish does not exist."), _("It may have been merged or mistyped."))
        return
    _head(shop, this)
    with st.container(horizontal=True):
        _change(shop, this.card)
        _off_sale(shop, this)
    _next(shop, this)
    if this.card.status is Status.OFFERED:
        demands_tell.draw(shop, this)
    else:
        _answer(shop, this)
        demands_sources.draw(shop, this)
    _wishes(shop, this)
    if this.card.status is Status.OFFERED:
        demands_tell.cost(shop, this)
    _history(shop, this)


def _read(shop: Shop, demand_id: int) -> One | None:
    try:
        return queries.one(shop, demand_id)
    except NotFound:
        return None


def _around(shop: Shop, this: One | None) -> None:
    """The way back, and on to the wish that is due next."""
    with st.container(horizontal=True):
        st.button(
            _("Board"),
            icon=":material/arrow_back:",
            type="tertiary",
            shortcut="B",
            key="back",
            on_click=demands.open_board,
        )
        following = _following(shop, this)
        if following is not None:
            st.button(
                _("Next wish"),
                icon=":material/arrow_forward:",
                type="tertiary",
                shortcut="N",
                key="next",
                on_click=demands.open_one,
                args=(following.id,),
            )


def _following(shop: Shop, this: One | None) -> Card | None:
    """The card that follows on the board among those still to be done, round and round."""
    columns = queries.board(shop).columns
    cards = [
        card
        for status in (Status.NEW, Status.CHECKING, Status.NOT_YET)
        for card in columns[status]
        if status is not Status.NOT_YET or card.came_back
    ]
    ids = [card.id for card in cards]
    if this is None or this.card.id not in ids:
        return cards[0] if cards else None
    place = (ids.index(this.card.id) + 1) % len(ids)
    return cards[place] if len(ids) > 1 else None


def _head(shop: Shop, this: One) -> None:
    card = this.card
    st.header(plain(card.title), anchor=False)
    with st.container(horizontal=True):
        st.badge(_(STATUS_NAMES[card.status]), color="blue", icon=":material/flag:")
        demands.badges(shop, card)
    facts = [_("First asked {when}").format(when=show.moment(card.first_asked_at, shop))]
    if card.offered_at is not None:
        facts.append(_("on offer since {when}").format(when=show.moment(card.offered_at, shop)))
    if card.status is Status.NOT_YET and card.next_on is not None:
        facts.append(_("Answer {day}").format(day=show.day(card.next_on, shop)))
    if card.reason:
        facts.append(plain(card.reason))
    st.caption(" · ".join(facts))
    if card.note:
        st.text(card.note)


def _change(shop: Shop, card: Card) -> None:
    form = demands.change_form(card.id)
    with st.popover(_("Change title and note"), icon=":material/edit:", key=form.field("pop")):
        version = form.seen("version", card.version)
        title = st.text_input(
            _("What is wished for"), card.title, max_chars=LONGEST_TITLE, key=form.field("title")
        )
        note = st.text_area(
            _("Note for the shop"), card.note, max_chars=LONGEST_NOTE, key=form.field("note")
        )
        if st.button(_("Save"), type="primary", key=form.field("save")):
            with feedback.saying(_("Changes saved"), form):
                bound = form.once(shop, title, note)
                change_demand(bound, card.id, version, title, note)
                demands.state_form(card.id).look_again()


def _next(shop: Shop, this: One) -> None:
    """Offer what can be done next, from the state in which this screen saw the wish."""
    card = this.card
    form = demands.state_form(card.id)
    version, status = form.seen("state", (card.version, card.status))
    if version != card.version:
        _changed(shop, this, form)
    if status is Status.OFFERED:
        return
    asked = st.query_params.get("do", "")
    names = {each.value: _(_ACTS[each]) for each in MOVES[status]}
    start = asked if asked in names else MOVES[status][0].value
    st.subheader(_("What is next"), anchor=False)
    chosen = Status(choice.of_views(_("What is next"), names, start, form.field(f"do-{start}")))
    if chosen is Status.OFFERED:
        demands_launch.draw(shop, this, version)
    elif chosen in (Status.NOT_YET, Status.DECLINED):
        _reasoned(shop, card, version, chosen)
    else:
        _simple(shop, card, version, chosen)


def _off_sale(shop: Shop, this: One) -> None:
    """Let a wish whose product is sold no more go back to checking."""
    version, status = demands.state_form(this.card.id).seen(
        "state", (this.card.version, this.card.status)
    )
    if status is not Status.OFFERED:
        return
    label = _("No longer on offer")
    with st.popover(label, icon=":material/remove_shopping_cart:", key="wish-off-sale"):
        st.caption(_("It goes back to checking; that it was on offer stays in the figures."))
        _simple(shop, this.card, version, Status.CHECKING)


_ACTS: dict[Status, str] = {
    Status.NEW: N_("Back to new"),
    Status.CHECKING: N_("Check sources"),
    Status.OFFERED: N_("Put on offer"),
    Status.NOT_YET: N_("Answer: not yet"),
    Status.DECLINED: N_("Answer: cannot be had"),
}


def _changed(shop: Shop, this: One, form: Form) -> None:
    """Say who moved the wish while it stood on this screen."""
    last = next((step for step in this.history if step.status is not None), None)
    who = plain(last.actor) if last else "?"
    when = show.moment(last.at, shop) if last else "?"
    notice = _("{name} moved this wish {when}: it is now “{status}”.")
    st.warning(
        notice.format(name=who, when=when, status=_(STATUS_NAMES[this.card.status])),
        icon=":material/sync_problem:",
    )
    st.button(_("Go on from the new state"), key="wish-look-again", on_click=form.look_again)


def _simple(shop: Shop, card: Card, version: int, status: Status) -> None:
    form = Form(f"move-{card.id}-{version}")
    label = {Status.CHECKING: _("Move to checking"), Status.NEW: _("Move back to new")}[status]
    if st.button(label, type="primary", key=form.field(status.value)):
        with feedback.saying(_("Wish moved"), form):
            move_demand(form.once(shop, status), card.id, version, status)
            _leave_forms(card)


def _reasoned(shop: Shop, card: Card, version: int, status: Status) -> None:
    form = Form(f"answer-{card.id}-{status.value}")
    with st.form(form.field("form"), border=True):
        reason = st.text_input(
            _("Reason (residents read it)"),
            max_chars=LONGEST_REASON,
            placeholder="经销商起订50箱" if status is Status.NOT_YET else "",
            key=form.field("reason"),
        )
        next_on = None
        if status is Status.NOT_YET:
            next_on = st.date_input(
                _("Residents hear from you again on"),
                None,
                min_value=shop.today,
                max_value=shop.today + timedelta(days=FURTHEST_DAYS),
                format="YYYY-MM-DD",
                key=form.field("day"),
            )
        saved = st.form_submit_button(
            _("Save the answer"), type="primary", icon=":material/save:", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Answer saved; its text is ready below"), form):
            bound = form.once(shop, version, reason, next_on)
            move_demand(bound, card.id, version, status, reason, next_on)
            _leave_forms(card)


def _leave_forms(card: Card) -> None:
    """After a move of our own the next forms start from the new state."""
    demands.moved(card)
    st.query_params.pop("do", None)


def _answer(shop: Shop, this: One) -> None:
    """Draw the text for the group of an answer that stands."""
    card = this.card
    names = [wish.name for wish in this.wishes if wish.name]
    if card.status is Status.NOT_YET and card.next_on is not None:
        say = translator(shop.settings.language)
        values = texts.not_yet_values(card.title, names, card.reason, card.next_on, shop.today, say)
        event = DEMAND_NOT_YET
    elif card.status is Status.DECLINED:
        values = texts.declined_values(card.title, names, card.reason)
        event = DEMAND_DECLINED
    else:
        return
    st.subheader(_("For the group"), anchor=False)
    text = said(shop, event, **values)
    over = card.next_on is not None and card.next_on < shop.today
    messages_text.offer(shop, event, f"demand:{card.id}", text, "answer", names=names, closed=over)


def _wishes(shop: Shop, this: One) -> None:
    st.subheader(_("Who asked"), anchor=False)
    rows = [
        {
            _("Name"): wish.name or _("without a name"),
            _("Wrote"): wish.said,
            _("Asked at"): wish.asked_at,
            _("Came in"): _(SOURCE_NAMES[wish.source]),
            _("Member"): wish.member,
            _("Told"): wish.told_at,
        }
        for wish in this.wishes
    ]
    show.table(
        pd.DataFrame(rows),
        "wishers",
        shop,
        moment_columns=[_("Asked at"), _("Told")],
        config={_("Name"): st.column_config.TextColumn(pinned=True)},
        empty=_("Nobody's name is known."),
    )
    with st.container(horizontal=True):
        _add(shop, this)
        _remove(shop, this)


def _add(shop: Shop, this: One) -> None:
    form = Form(f"wish_add_{this.card.id}")
    with st.popover(_("Add residents"), icon=":material/person_add:", key=form.field("pop")):
        names, wrote = demands.who_asked(form)
        if st.button(_("Add"), type="primary", key=form.field("save")):
            with feedback.saying(form=form):
                wishes = demands.typed(shop, names, wrote)
                found = add_wishes(form.once(shop, names, wrote), this.card.id, wishes)
                notice = _("{added} added, {known} stood there already")
                feedback.keep(notice.format(added=found.added, known=found.known))


def _remove(shop: Shop, this: One) -> None:
    if len(this.wishes) < 2:
        return
    form = Form(f"wish_remove_{this.card.id}")
    names = {wish.id: _wisher(shop, wish) for wish in this.wishes}
    with st.popover(
        _("Take a resident off"), icon=":material/person_remove:", key=form.field("pop")
    ):
        st.caption(_("For a slip only: it stays in the journal."))
        chosen = st.selectbox(
            _("Resident"),
            list(names),
            format_func=names.__getitem__,
            key=form.field("wish"),
        )
        if st.button(_("Take off"), key=form.field("save")):
            with feedback.saying(_("Taken off"), form):
                remove_wish(form.once(shop, chosen), int(chosen or 0))


def _wisher(shop: Shop, wish: queries.Wish) -> str:
    return f"{wish.name or _('without a name')} · {show.moment(wish.asked_at, shop)}"


def _history(shop: Shop, this: One) -> None:
    with st.expander(_("What happened"), icon=":material/history:"):
        for step in this.history:
            st.markdown(f":small[{_step(shop, step)}]")


def _step(shop: Shop, step: Step) -> str:
    said_of = [_(ACTIONS.get(step.action, step.action))]
    if step.name:
        said_of.append(plain(step.name))
    if step.status is not None:
        said_of.append(f"→ {_(STATUS_NAMES[step.status])}")
    if step.wishes:
        said_of.append(_("{count} residents").format(count=step.wishes))
    if step.reason:
        said_of.append(plain(step.reason))
    if step.next_on is not None:
        said_of.append(show.day(step.next_on, shop))
    head = f"{show.moment(step.at, shop)} **{plain(step.actor)}**"
    return f"{head} {' · '.join(said_of)}"
