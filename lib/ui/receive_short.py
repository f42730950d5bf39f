"""Shortages on screen: who is short, how it is shared out, what the group is told (E6)."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.shop.messages.supply_events import SHORTAGE
from lib.shop.messages.wording import speaker
from lib.shop.shop import Shop
from lib.supply.purchasing.shortage import queries
from lib.supply.purchasing.shortage.commands import apply_split
from lib.supply.purchasing.shortage.queries import Shortage
from lib.supply.purchasing.shortage.rules import WAY_NAMES, Way, share_out
from lib.supply.purchasing.shortage.texts import shortage_text
from lib.trade.rounds.queries import one_round
from lib.ui import feedback, messages_text, quantities, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


def asked_day(shop: Shop) -> date:
    """Return the pickup day of the address: of ``?round=``, or ``?day=``; today without one."""
    asked = st.query_params.get("round", "")
    try:
        if asked.isascii() and asked.isdigit() and len(asked) < 10:
            return one_round(shop, int(asked)).pickup_day
        return date.fromisoformat(st.query_params.get("day", ""))
    except (ShopError, ValueError):
        return shop.today


def shortages(shop: Shop) -> None:
    """Show what is short on a pickup day, product by product."""
    day = st.date_input(
        _("Pickup day"),
        asked_day(shop),
        min_value=shop.today - timedelta(days=7),
        max_value=shop.today + timedelta(days=60),
        format="YYYY-MM-DD",
        key="short_day",
        width=190,
    )
    found = queries.shortages(shop, day)
    if not found:
        show.nothing(
            _("Nothing is short on that day."),
            _("Everything ordered is here, or still expected."),
        )
    for short in found:
        with st.container(border=True):
            _one(shop, short)


def _one(shop: Shop, short: Shortage) -> None:
    st.markdown(f"#### {plain(short.name)}")
    said = _("ordered {ordered}, there are {available}, **{missing} too little**")
    st.markdown(
        said.format(
            ordered=plain(short.unit.said(short.ordered)),
            available=_amount(short, short.available),
            missing=_amount(short, short.missing),
        )
    )
    if short.can_give_more:
        show.state("soon", _("more came: share it out again"))
    elif short.shared_out:
        show.state("good", _("shared out"))
    else:
        show.state("late", _("to be shared out"))
    form = Form(f"share_{short.day}_{short.product_id}")
    way, available = _way(shop, form, short)
    try:
        shares = share_out(available, [one.wish for one in short.claimants], way, short.step)
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/info:")
        return
    counts = _table(form, short, way, available, shares)
    _apply(shop, form, short, way, available, counts)
    _text(shop, short)


def _amount(short: Shortage, amount: int) -> str:
    return plain(short.unit.said(amount)) if amount else "0"


def _way(shop: Shop, form: Form, short: Shortage) -> tuple[Way, int]:
    chosen = st.segmented_control(
        _("How it is shared out"),
        list(Way),
        format_func=lambda way: _(WAY_NAMES[way]),
        default=Way(shop.settings.shortage_split),
        required=True,
        key=form.field("way"),
    )
    count = quantities.field(
        form.field("available"), _("To share out"), short.unit, short.available, width=180
    )
    st.caption(_("What lies here for that day, goods already handed over included."))
    return Way(chosen), quantities.lenient(short.unit, count)


def _table(
    form: Form, short: Shortage, way: Way, available: int, shares: Sequence[int]
) -> list[float]:
    frame = pd.DataFrame(
        {
            _("Who"): [one.called for one in short.claimants],
            _("Gets"): [quantities.shown(short.unit, share) for share in shares],
            _("Ordered"): [quantities.shown(short.unit, one.ordered) for one in short.claimants],
            _("Handed over"): [quantities.shown(short.unit, one.given) for one in short.claimants],
            _("Nickname"): [one.nickname for one in short.claimants],
        }
    )
    config = {
        _("Who"): st.column_config.TextColumn(pinned=True),
        _("Gets"): st.column_config.NumberColumn(format="%g", min_value=0.0),
    }
    if way is not Way.BY_HAND:
        st.dataframe(frame, hide_index=True, column_config=config, key=form.field(f"shares-{way}"))
        return [float(one) for one in frame[_("Gets")]]
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=[column for column in frame.columns if column != _("Gets")],
        column_config=config,
        key=form.field(f"by-hand-{available}"),
    )
    counts = [float(one) for one in edited[_("Gets")]]
    given = sum(quantities.lenient(short.unit, one) for one in counts)
    left = min(available, short.ordered) - given
    if left:
        words = _("{amount} still to give") if left > 0 else _("{amount} too much given")
        show.state("late", words.format(amount=short.unit.said(abs(left))))
    return counts


def _apply(
    shop: Shop, form: Form, short: Shortage, way: Way, available: int, counts: Sequence[float]
) -> None:
    seen = form.seen("versions", {one.order_id: one.version for one in short.claimants})
    if st.button(
        _("Share it out like this"), type="primary", icon=":material/call_split:",
        key=form.field("save"),
    ):  # fmt: skip
        with feedback.saying(_("Shared out: {product}").format(product=short.name), form):
            shares = {
                one.line_id: quantities.typed(short.unit, count, short.name)
                for one, count in zip(short.claimants, counts, strict=True)
            }
            once = form.once(shop, sorted(shares.items()), available)
            apply_split(once, short.day, short.product_id, shares, available, seen, way)


def _text(shop: Shop, short: Shortage) -> None:
    cuts = queries.cuts_of(shop, short)
    if not cuts:
        return
    st.markdown(f"**{_('For the group')}**")
    text = shortage_text(short.name, short.unit, cuts, speaker(shop))
    subject = f"shortage:{short.product_id}-{short.day:%Y%m%d}"
    messages_text.offer(shop, SHORTAGE, subject, text, f"short-{short.product_id}")
