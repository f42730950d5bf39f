"""Orders beyond a limit, in the preview of a chain or a file: who has how much, and what to do.

Nothing is cut by itself: each one is kept to the limit, left out, or let go beyond by the owner
with a reason. Until then nothing is booked (E4, R19).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.shop import Role, Shop
from lib.trade.orders.allowance.rules import Excess, Why
from lib.ui import feedback, show
from lib.ui.words import _, plain

MOST_CARDS = 20
LONGEST_REASON = 200


@dataclass(frozen=True)
class Means:
    """What deciding about one order does: called with its key, and with the owner's reason."""

    keep: Callable[[str, Sequence[Excess]], None]
    leave: Callable[[str], None]
    let_go: Callable[[str, str], None]


def by_order(found: Sequence[Excess]) -> dict[str, list[Excess]]:
    """Return excesses by the key of their order, in their order."""
    orders: dict[str, list[Excess]] = {}
    for excess in found:
        orders.setdefault(excess.key, []).append(excess)
    return orders


def said(excess: Excess) -> str:
    """Return one excess in a sentence: who wants how much, what may be had, and why."""
    return f"{_asked(excess)} {_because(excess)}"


def _asked(excess: Excess) -> str:
    offer = excess.offer
    allowed = offer.unit.said(excess.allowed) if excess.allowed else "0"
    return _("{product}: {wanted} asked for, {allowed} to be had.").format(
        product=offer.name, wanted=offer.unit.said(excess.wanted), allowed=allowed
    )


def _because(excess: Excess) -> str:
    offer = excess.offer
    if excess.why is Why.AVAILABLE or offer.household is None:
        return _("There is no more of it in this round.")
    limit = offer.unit.said(offer.household)
    if not excess.holders:
        return _("{limit} per household.").format(limit=limit)
    has = _("{limit} per household; this home has {taken} already ({who}).")
    return has.format(limit=limit, taken=offer.unit.said(excess.taken), who=excess.held_by)


def decide(shop: Shop, found: Sequence[Excess], texts: Mapping[str, str], means: Means) -> None:
    """Show a card for every order beyond a limit, and one button that keeps all to it.

    ``texts`` are the orders as they were written, by key.
    """
    orders = by_order(found)
    if not orders:
        return
    st.subheader(_("Beyond a limit: decide these first ({count})").format(count=len(orders)))
    for key, excesses in list(orders.items())[:MOST_CARDS]:
        with st.container(border=True, key=f"beyond-{key}"):
            st.markdown(plain(texts.get(key) or excesses[0].nickname))
            for excess in excesses:
                show.state("late", plain(_asked(excess)))
                st.caption(plain(_because(excess)))
            _buttons(shop, key, excesses, means)
    if len(orders) > MOST_CARDS:
        more = _("{count} more follow when these are done.")
        st.caption(more.format(count=len(orders) - MOST_CARDS))
    if len(orders) > 1 and st.button(
        _("Keep all of these to the limit"), icon=":material/content_cut:", key="beyond-all"
    ):
        for key, excesses in orders.items():
            means.keep(key, excesses)
        st.rerun()


def _buttons(shop: Shop, key: str, excesses: Sequence[Excess], means: Means) -> None:
    with st.container(horizontal=True):
        if st.button(_keeping(excesses), icon=":material/content_cut:", key=f"beyond-keep-{key}"):
            means.keep(key, excesses)
            st.rerun()
        if st.button(_("Leave the whole entry out"), type="tertiary", key=f"beyond-leave-{key}"):
            means.leave(key)
            st.rerun()
        if shop.actor.role is Role.OWNER:
            with st.popover(_("Book it as written"), key=f"beyond-as-{key}"):
                _let_go(key, means)


def _keeping(excesses: Sequence[Excess]) -> str:
    goods = "，".join(
        f"{plain(one.offer.name)} {one.offer.unit.said(one.allowed)}"
        for one in excesses
        if one.allowed
    )
    if not goods:
        names = "，".join(plain(one.offer.name) for one in excesses)
        return _("Keep to the limit: no {goods}").format(goods=names)
    return _("Keep to the limit: {goods}").format(goods=goods)


def _let_go(key: str, means: Means) -> None:
    reason = st.text_input(
        _("Why this order may go beyond the limit"),
        max_chars=LONGEST_REASON,
        help=_("It is kept in the journal, and the order is marked."),
        key=f"beyond-why-{key}",
    )
    if st.button(_("Let it go beyond"), key=f"beyond-go-{key}"):
        with feedback.saying(_("Noted; it will be booked as written")):
            if not reason.strip():
                raise Refused(N_("Say why this order may go beyond the limit."))
            means.let_go(key, reason.strip())


def require_decided(found: Sequence[Excess]) -> None:
    """Raise ``Refused`` while an order beyond a limit is undecided."""
    if found:
        raise Refused(
            N_("{count} orders go beyond a limit. Decide each one first."),
            count=len(by_order(found)),
        )
