"""Points of one resident into goods or coupons, and what became of them (R37).

The same part stands in the member's file and at the counter.
"""

import io

import segno
import streamlit as st

from lib.members.coupons.rules import STATE_NAMES, Coupon, State
from lib.members.points.queries import Balance
from lib.members.profiles.queries import Card
from lib.members.rewards import texts
from lib.members.rewards.commands import redeem, undo_redemption
from lib.members.rewards.queries import (
    Redeemed,
    balances,
    redemptions_of,
    rewards_now,
)
from lib.members.rewards.rules import LONGEST_REASON, Kind, Reward, most_times
from lib.shop.messages.member_events import COUPON_GIVEN
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Shop
from lib.supply.stock.queries import Stock, stock_of
from lib.ui import feedback, messages_text, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

SHOWN = 20
_STATES: dict[State, show.State] = {
    State.OPEN: "good",
    State.USED: "quiet",
    State.EXPIRED: "late",
    State.VOID: "quiet",
}


def of_member(shop: Shop, card: Card) -> None:
    """Draw what a member can have for points, the coupons to be used, and what was redeemed."""
    balance = balances(shop, [card.id])[card.id]
    figures(balance)
    choose(shop, card, balance)
    found = redemptions_of(shop, card.id)
    _open_coupons(shop, card, found)
    _redeemed(shop, found)


def figures(balance: Balance) -> None:
    """Show the points: available, waiting, and owed where more was spent than is left."""
    items: list[tuple[str, str] | tuple[str, str, str]] = [
        (_("Points available"), str(max(balance.available, 0))),
        (
            _("Points waiting"),
            str(balance.pending),
            _("They become available when the after-sales time of their orders is over."),
        ),
    ]
    if balance.available < 0:
        items.append((_("Points owed"), str(-balance.available)))
    show.figures(*items)


def choose(shop: Shop, card: Card, balance: Balance) -> None:
    """Offer what the points suffice for: which reward, how often, one touch."""
    offered = rewards_now(shop)
    if not offered:
        show.nothing(
            _("Nothing is offered for points yet."),
            _("The owner sets up rewards on the page of points and rewards."),
        )
        return
    within = [one for one in offered if most_times(balance.available, one) and _on_sale(one)]
    if within:
        _redeem(shop, card, balance, within)
    for one in offered:
        if one not in within:
            _out_of_reach(one, balance)


def _on_sale(reward: Reward) -> bool:
    return reward.goods is None or reward.goods.on_sale


def _out_of_reach(reward: Reward, balance: Balance) -> None:
    if not _on_sale(reward):
        why = _("not sold at present")
    else:
        missing = reward.terms.points - max(balance.available, 0)
        why = _("{points} points are missing").format(points=missing)
    st.caption(f"{summary(reward)} · {why}")


def summary(reward: Reward) -> str:
    """Return a reward in one line: what is given, for how many points, what that is worth."""
    return f"{plain(reward.name)} · {terms_said(reward)}"


def terms_said(reward: Reward) -> str:
    """Return what a reward asks and what it is worth, and from when on a coupon holds."""
    asked = _("{points} points").format(points=reward.terms.points)
    worth = _("worth {amount}").format(amount=show.money(reward.worth))
    terms = reward.terms
    parts = [asked, worth]
    if terms.kind is Kind.COUPON:
        parts.append(conditions(terms.threshold.fen if terms.threshold else 0, reward))
    return " · ".join(parts)


def conditions(threshold: int, reward: Reward) -> str:
    """Return from what order on a coupon holds, and how long."""
    amount = show.money(reward.terms.threshold)
    from_on = _("from {amount} on").format(amount=amount) if threshold else _("any order")
    days = _("{days} days").format(days=reward.terms.valid_days)
    return f"{from_on}, {days}"


def _redeem(shop: Shop, card: Card, balance: Balance, within: list[Reward]) -> None:
    form = Form(f"redeem-{card.id}")
    by_id = {one.id: one for one in within}
    labels = {one.id: summary(one) for one in within}
    with st.container(border=True):
        chosen = st.radio(
            _("What for"),
            list(by_id),
            format_func=labels.__getitem__,
            key=form.field("reward"),
        )
        reward = by_id[chosen or within[0].id]
        most = most_times(balance.available, reward)
        times = 1
        if most > 1:
            times = int(
                st.number_input(
                    _("How often, at most {most}").format(most=most),
                    min_value=1,
                    max_value=most,
                    value=1,
                    key=form.field(f"times-{reward.id}"),
                    width=220,
                )
            )
        points = reward.terms.points * times
        rest = balance.available - points
        st.caption(_("{points} points stay with the resident.").format(points=rest))
        at_once = _at_once(shop, form, reward, times)
        label = _("Redeem {points} points: {what}").format(
            points=points, what=plain(_given(reward, times))
        )
        if st.button(
            label, type="primary", icon=":material/redeem:", width="stretch", key=form.field("save")
        ):
            _save(shop, card, form, reward, times, at_once=at_once)


def _save(shop: Shop, card: Card, form: Form, reward: Reward, times: int, *, at_once: bool) -> None:
    done = _("Redeemed: {what}").format(what=plain(_given(reward, times)))
    with feedback.saying(done, form):
        bound = form.once(shop, card.id, reward.id, times, at_once)
        redeem(bound, card.id, reward.id, times, at_once=at_once)


def _given(reward: Reward, times: int) -> str:
    goods, quantity = reward.goods, reward.terms.quantity
    if goods is not None and quantity:
        return f"{goods.name} {goods.unit.said(quantity * times)}"
    return f"{reward.name} × {times}" if times > 1 else reward.name


def _at_once(shop: Shop, form: Form, reward: Reward, times: int) -> bool:
    """Ask whether goods are handed over now; where the shelf has not enough they wait."""
    goods = reward.goods
    if goods is None:
        return False
    stock = stock_of(shop, [goods.product_id]).get(goods.product_id)
    if not _lies_here(stock, (reward.terms.quantity or 0) * times):
        st.caption(_("Not enough of it lies here: it joins the next pick list."))
        return False
    return st.checkbox(
        _("Hand it over now"),
        help=_("Otherwise it is owed and joins the resident's next order."),
        key=form.field(f"now-{reward.id}"),
    )


def _lies_here(stock: Stock | None, quantity: int) -> bool:
    return stock is None or stock.on_hand - stock.blocked >= quantity


def _open_coupons(shop: Shop, card: Card, found: tuple[Redeemed, ...]) -> None:
    """Show every coupon that can be used, with code, picture and text; the newest is open."""
    issued = [one for redeemed in found for one in redeemed.coupons]
    usable = [one for one in issued if one.state(shop.today) is State.OPEN]
    if not usable:
        return
    st.markdown(f"#### {_('Coupons that can be used')}")
    newest = max(one.id for one in usable)
    for coupon in sorted(usable, key=lambda one: (one.valid_until, one.id)):
        said_day = show.day(coupon.valid_until, shop)
        label = f"{show.money(coupon.value)} · {coupon.said_code} · " + _(
            "valid through {day}"
        ).format(day=said_day)
        with st.expander(
            label,
            icon=":material/confirmation_number:",
            key=f"coupon-{coupon.id}",
            expanded=coupon.id == newest and coupon.issued_at == _last(found),
        ):
            _coupon(shop, card, coupon)


def _last(found: tuple[Redeemed, ...]) -> object:
    """When the newest redemption was: its coupon is what the resident waits for."""
    return found[0].at if found else None


def _coupon(shop: Shop, card: Card, coupon: Coupon) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(qr(coupon.code), width=160)
        with st.container(gap="xsmall", width="stretch"):
            st.markdown(f"## {coupon.said_code}")
            amount = show.money(coupon.threshold)
            from_on = _("from {amount} on").format(amount=amount)
            st.caption(from_on if coupon.threshold else _("any order"))
    text = said(
        shop,
        COUPON_GIVEN,
        **texts.coupon_values(card.nickname, coupon, shop.settings, speaker(shop)),
    )
    messages_text.offer(shop, COUPON_GIVEN, f"coupon:{coupon.id}", text, f"coupon-{coupon.id}")


def qr(code: str) -> bytes:
    """Return the code of a coupon as a QR picture (PNG); it holds the code and nothing else."""
    target = io.BytesIO()
    segno.make(code, error="m", micro=False).save(target, kind="png", scale=8, border=3)
    return target.getvalue()


def _redeemed(shop: Shop, found: tuple[Redeemed, ...]) -> None:
    if not found:
        return
    st.markdown(f"#### {_('Redeemed so far')}")
    for one in found[:SHOWN]:
        row(shop, one)
    if len(found) > SHOWN:
        more = _("… and {count} more").format(count=len(found) - SHOWN)
        st.caption(more)


def row(shop: Shop, one: Redeemed, *, named: bool = False) -> None:
    """Draw one redemption with how it stands, and its undo; ``named``: whose it is."""
    with st.container(border=True, key=f"redeemed-{one.id}"):
        who = f"**{plain(one.name)}** " if named else ""
        points = _("{points} points").format(points=one.points)
        goods = plain(one.said)
        first = f"{who}{goods} · {points}" if one.undone_at is None else f"{who}~~{goods}~~"
        at = " · ".join(part for part in (show.moment(one.at, shop), plain(one.by)) if part)
        st.markdown(f"{first}  \n:small[{at}]")
        with st.container(horizontal=True, vertical_alignment="center"):
            _states(shop, one)
            if one.undone_at is None:
                with st.popover(_("Undo"), icon=":material/undo:", key=f"unredeem-{one.id}"):
                    _undo(shop, one)


def _states(shop: Shop, one: Redeemed) -> None:
    if one.undone_at is not None:
        show.state("quiet", _("taken back, the points returned"))
        if one.undo_reason:
            st.caption(plain(one.undo_reason))
        return
    if one.kind is Kind.PRODUCT:
        _goods_state(one)
        return
    for coupon in one.coupons:
        state = coupon.state(shop.today)
        show.state(_STATES[state], f"{coupon.said_code} {_(STATE_NAMES[state])}")
        if coupon.order_id is not None:
            st.page_link(
                navigation.page("orders"),
                label=_("Order"),
                icon=":material/receipt_long:",
                query_params={"order": str(coupon.order_id)},
            )


def _goods_state(one: Redeemed) -> None:
    if one.unit is not None and one.open:
        left = plain(one.unit.said(one.open))
        show.state("soon", _("to be handed over: {left}").format(left=left))
        st.page_link(
            navigation.page("pickup"),
            label=_("Pickup desk"),
            icon=":material/shopping_bag:",
            query_params={"owed": str(one.member_id)},
        )
    else:
        show.state("good", _("handed over"))


def _undo(shop: Shop, one: Redeemed) -> None:
    """Take a redemption back; goods that were handed over have to be here again."""
    form = Form(f"unredeem-{one.id}")
    version = form.seen("version", one.version)
    st.caption(_("The points return; what is still owed or not used is given up."))
    back = False
    if one.given:
        back = st.checkbox(
            _("The goods are here again and go back into the stock"), key=form.field("back")
        )
    reason = st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=form.field("reason"))
    if st.button(_("Take it back"), type="primary", key=form.field("save")):
        done = _("Taken back: {points} points returned").format(points=one.points)
        with feedback.saying(done, form):
            bound = form.once(shop, one.id, reason, back)
            undo_redemption(bound, one.id, version, reason, goods_back=back)
