"""Tips on screen: today's to copy and tick, the bank, tips of one's own (R13)."""

import pandas as pd
import streamlit as st

from lib.kernel.clock import day_bounds
from lib.shop.messages.events import TIP
from lib.shop.posts import take_back_post
from lib.shop.shop import Shop
from lib.trust.community.tips import commands, queries
from lib.trust.community.tips.rules import KIND_NAMES, LONGEST_TIP, Details, Kind, Tip
from lib.ui import choice, feedback, messages_text, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_SKIPPED = "tips-skipped"


def todays(shop: Shop) -> None:
    """Draw what was sent today, or the tip to send with its tick and another one instead."""
    skipped = _skipped(shop)
    found = queries.today(shop, skipped)
    if found.sent:
        _done(shop, found)
        return
    if found.tip is None:
        st.caption(f":material/lightbulb: {_('no tip in the bank fits')}")
        if skipped:
            st.button(_("From the first again"), key="tip-again", on_click=_forget_skipped)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/lightbulb: **{_('Tip of the day')}**", width="content")
        show.state("soon", _("not sent yet"))
    _ready(shop, found.tip)
    st.button(
        _("Another one"),
        icon=":material/skip_next:",
        type="tertiary",
        key="tip-skip",
        on_click=_skip,
        args=(found.tip.id,),
    )


def bank(shop: Shop) -> None:
    """Draw the bank: how much there is, a tip to send or change, a new one, what was sent."""
    found = queries.tips(shop)
    standing = [tip for tip in found if not tip.archived]
    repeat = shop.settings.tip_repeat_days
    free = [tip for tip in standing if _is_ready(shop, tip)]
    show.figures(
        (_("Tips in the bank"), str(len(standing))),
        (_("Fit today"), str(len(free)), _("Not sent within {days} days").format(days=repeat)),
        (_("Never sent yet"), str(sum(not tip.sent for tip in standing))),
    )
    picked = _listing(shop, found)
    if picked is not None:
        st.session_state["tip-open"] = picked.id
    this = next((tip for tip in found if tip.id == st.session_state.get("tip-open")), None)
    if this is not None:
        _one(shop, this)
    with st.expander(_("Add a tip of your own"), icon=":material/add:"):
        _add(shop)


def _done(shop: Shop, found: queries.Today) -> None:
    for one in found.sent:
        st.markdown(
            f":material/lightbulb: {plain(one.text)}  \n"
            f":green-badge[:material/check_circle: {_('sent')}] "
            f":small[{show.moment(one.at, shop)} · {plain(one.person)}]"
        )
    with st.popover(_("Undo the tick"), icon=":material/undo:", key="tip-undo"):
        st.caption(_("Only if it never went out: it may then be sent today."))
        for one in found.sent:
            form = Form(f"tip-back-{one.post_id}")
            if one.post_id and st.button(_("It was not sent"), key=form.field("go")):
                with feedback.saying(_("Undone"), form):
                    take_back_post(form.once(shop, one.post_id), one.post_id)


def _ready(shop: Shop, tip: Tip) -> None:
    """Draw the tip for the group; its tick counts in the log and in the bank at once."""
    text = queries.text_of(shop, tip)
    since = day_bounds(shop.today, shop.settings.time_zone)[0]
    messages_text.offer(
        shop,
        TIP,
        commands.subject(tip.id),
        text,
        f"tip-{tip.id}",
        since=since,
        note=lambda bound: commands.send_tip(bound, tip.id, text),
    )


def _listing(shop: Shop, found: tuple[Tip, ...]) -> Tip | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.text_input(_("Find a tip"), icon=":material/search:", key="tip-find", width=260)
        words = _kinds()
        kinds: dict[Kind | None, str] = {None: _("all")} | {each: words[each] for each in Kind}
        kind = st.selectbox(
            _("What it is about"),
            list(kinds),
            format_func=kinds.__getitem__,
            key="tip-kind",
            width=180,
        )
        away = st.toggle(_("Also those put away"), key="tip-away")
    shown = [
        tip
        for tip in found
        if (away or not tip.archived)
        and (kind is None or tip.kind is kind)
        and word.strip().casefold() in tip.text.casefold()
    ]
    shown.sort(key=lambda tip: not _is_ready(shop, tip))
    frame = pd.DataFrame([_row(shop, tip) for tip in shown])
    number = choice.of_rows(
        frame,
        "tips",
        shop,
        config={_("Tip"): st.column_config.TextColumn(pinned=True, width="medium")},
        empty=_("No tip fits what you look for."),
    )
    return None if number is None else shown[number]


def _row(shop: Shop, tip: Tip) -> dict[str, object]:
    return {
        _("Tip"): tip.text,
        _("What it is about"): _(KIND_NAMES[tip.kind]),
        _("Months"): _months(tip),
        _("Last sent"): tip.last.isoformat() if tip.last else "",
        _("Sent times"): tip.sent,
        _("State"): _state(shop, tip),
    }


def _state(shop: Shop, tip: Tip) -> str:
    if tip.archived:
        return _("put away")
    if not tip.fits(shop.today):
        return _("another season")
    if not tip.may_be_sent(shop.today, shop.settings.tip_repeat_days):
        return _("sent lately")
    return _("ready")


def _is_ready(shop: Shop, tip: Tip) -> bool:
    repeat = shop.settings.tip_repeat_days
    return not tip.archived and tip.fits(shop.today) and tip.may_be_sent(shop.today, repeat)


def _months(tip: Tip) -> str:
    if tip.from_month is None or tip.to_month is None:
        return _("all year")
    if tip.from_month == tip.to_month:
        return str(tip.from_month)
    return f"{tip.from_month}–{tip.to_month}"


def _one(shop: Shop, tip: Tip) -> None:
    with st.container(border=True, key="tip-one"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(tip.text)}**", width="stretch")
            st.button(
                _("Close"), icon=":material/close:", type="tertiary", key="tip-close",
                on_click=_close,
            )  # fmt: skip
        free = tip.free_from(shop.settings.tip_repeat_days)
        if not tip.archived and tip.may_be_sent(shop.today, shop.settings.tip_repeat_days):
            _ready(shop, tip)
        elif tip.last is not None and free is not None and not tip.archived:
            said = _("Sent {day}. It may come again {free}.")
            st.info(
                said.format(day=show.day(tip.last, shop), free=show.day(free, shop)),
                icon=":material/event_repeat:",
            )
        with st.container(horizontal=True):
            with st.popover(_("Change"), icon=":material/edit:", key="tip-change"):
                _change(shop, tip)
            _archive(shop, tip)


def _change(shop: Shop, tip: Tip) -> None:
    form = Form(f"tip-change-{tip.id}")
    version = form.seen("version", tip.version)
    details = _fields(form, tip)
    if st.button(_("Save"), type="primary", key=form.field("save")):
        with feedback.saying(_("Tip saved"), form):
            commands.change_tip(form.once(shop, details, version), tip.id, version, details)
            Form(f"tip-archive-{tip.id}").renew()


def _archive(shop: Shop, tip: Tip) -> None:
    form = Form(f"tip-archive-{tip.id}")
    version = form.seen("version", tip.version)
    label = _("Back into the bank") if tip.archived else _("Put away")
    if st.button(label, icon=":material/archive:", key=form.field("save")):
        with feedback.saying(_("Saved"), form):
            bound = form.once(shop, version)
            commands.archive_tip(bound, tip.id, version, archived=not tip.archived)
            Form(f"tip-change-{tip.id}").renew()


def _add(shop: Shop) -> None:
    form = Form("tip-add")
    st.caption(_("Useful and true, no advertising, no promises about health."))
    details = _fields(form, None)
    if st.button(_("Put it into the bank"), type="primary", key=form.field("save")):
        with feedback.saying(_("The tip is in the bank"), form):
            commands.add_tip(form.once(shop, details), details)


def _fields(form: Form, tip: Tip | None) -> Details:
    kinds = list(Kind)
    kind = st.selectbox(
        _("What it is about"),
        kinds,
        index=kinds.index(tip.kind) if tip else 0,
        format_func=_kinds().__getitem__,
        key=form.field("kind"),
    )
    text = st.text_area(
        _("Tip"), tip.text if tip else "", max_chars=LONGEST_TIP, key=form.field("text")
    )
    said: dict[int | None, str] = {None: _("all year")}
    said |= {month: str(month) for month in range(1, 13)}
    months = list(said)
    with st.container(horizontal=True):
        first, last = (
            st.selectbox(
                label,
                months,
                index=months.index(month),
                format_func=said.__getitem__,
                key=form.field(name),
                width=130,
            )
            for label, name, month in (
                (_("From month"), "from", tip.from_month if tip else None),
                (_("To month"), "to", tip.to_month if tip else None),
            )
        )
    return Details(Kind(kind), text, first, last)


def _kinds() -> dict[Kind, str]:
    return {kind: _(word) for kind, word in KIND_NAMES.items()}


def _skipped(shop: Shop) -> list[int]:
    day, ids = st.session_state.get(_SKIPPED, (None, []))
    return list(ids) if day == shop.today else _remember(shop, [])


def _remember(shop: Shop, ids: list[int]) -> list[int]:
    st.session_state[_SKIPPED] = (shop.today, ids)
    return ids


def _skip(tip_id: int) -> None:
    day, ids = st.session_state[_SKIPPED]
    st.session_state[_SKIPPED] = (day, [*ids, tip_id])


def _forget_skipped() -> None:
    st.session_state.pop(_SKIPPED, None)


def _close() -> None:
    st.session_state.pop("tip-open", None)
