"""The owner's part of rewards: what is promised in yuan, and what is given for points (R37)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from lib.kernel.clock import day_bounds
from lib.kernel.money import Money
from lib.members.rewards.commands import add_reward, change_reward, end_reward
from lib.members.rewards.queries import Liability, all_rewards, liability
from lib.members.rewards.rules import (
    KIND_NAMES,
    LONGEST_NAME,
    MOST_DAYS,
    MOST_POINTS,
    Goods,
    Kind,
    Reward,
    Terms,
    proposed,
    usual_name,
    worth,
    worth_of,
)
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.trade.products.queries import CatalogueItem, catalogue
from lib.ui import feedback, member_rewards, navigation, quantities, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

HUNDRED = 100


def draw(shop: Shop) -> None:
    """Show what is promised, every reward that is offered or planned, and the way to add one."""
    promised(liability(shop))
    found, now = all_rewards(shop), shop.clock.now()
    st.subheader(_("Offered for points"))
    standing = [one for one in found if one.in_force(now) or one.is_planned(now)]
    if not standing:
        show.nothing(
            _("Nothing is offered for points yet."),
            _("Proposed: eggs for points, and a coupon. Set up what you like below."),
        )
    for one in sorted(standing, key=lambda one: (one.series, one.from_at)):
        _one(shop, one, now)
    add(shop, first=not standing)
    _history(shop, found, now)


def promised(found: Liability) -> None:
    """Show what points, coupons and redeemed goods stand for in yuan, with the rule."""
    show.figures(
        (_("Promised for points"), show.money(found.value), rule(found)),
        (_("Points held"), f"{found.points:,}", _("Available and waiting, of all residents.")),
        (_("Coupons out"), f"{found.coupons} · {show.money(found.coupon_value)}"),
        (_("Redeemed goods waiting"), show.money(found.goods)),
    )
    st.caption(rule(found))


def rule(found: Liability) -> str:
    """Return by what rule points are counted in yuan."""
    if found.by is None:
        counted = _("Points count nothing while nothing is offered for them.")
    else:
        counted = _(
            "{points} points = {amount}, at the rate of the reward in which a point is worth most: "
            "{reward}."
        ).format(
            points=f"{found.points:,}",
            amount=show.money(found.point_value),
            reward=plain(found.by.name),
        )
    rest = _("Coupons not used count in full, goods at their price on the shelf.")
    return f"{counted} {rest}"


def _one(shop: Shop, reward: Reward, now: datetime) -> None:
    with st.container(border=True, key=f"reward-{reward.id}"):
        st.markdown(f"**{plain(reward.name)}**  \n{member_rewards.terms_said(reward)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if reward.is_planned(now):
                begins = _("from {day} on").format(day=show.moment(reward.from_at, shop))
                show.state("soon", begins)
            elif reward.until_at is not None:
                ends = _("changes {day}").format(day=show.moment(reward.until_at, shop))
                show.state("soon", ends)
            else:
                show.state("good", _("offered"))
            if reward.goods is not None and not reward.goods.on_sale:
                show.state("late", _("not sold at present"))
        st.caption(rate(reward))
        if reward.until_at is None:
            with st.container(horizontal=True):
                if not reward.is_planned(now):
                    with st.popover(
                        _("Change it"), icon=":material/edit:", key=f"reward-edit-{reward.id}"
                    ):
                        _change(shop, reward)
                _end(shop, reward, planned=reward.is_planned(now))


def rate(reward: Reward) -> str:
    """Return what a hundred points are worth in this reward."""
    amount = show.money(worth_of(HUNDRED, reward))
    return _("A hundred points are worth {amount} here.").format(amount=amount)


def _end(shop: Shop, reward: Reward, *, planned: bool) -> None:
    form = Form(f"reward-end-{reward.id}")
    version = form.seen("version", reward.version)
    label = _("Take the change back") if planned else _("Offer it no longer")
    if st.button(label, icon=":material/block:", key=form.field("save")):
        with feedback.saying(_("Done; what was given for it keeps its terms"), form):
            end_reward(form.once(shop, reward.id), reward.id, version)


def add(shop: Shop, *, first: bool) -> None:
    """Offer to add goods or a coupon, with what the settings propose."""
    with st.expander(_("Add a reward"), icon=":material/add:", key="reward-add", expanded=first):
        form, names = Form("reward_add"), {one: _(name) for one, name in KIND_NAMES.items()}
        kind = Kind(
            st.segmented_control(
                _("What is given"),
                list(names),
                format_func=names.__getitem__,
                default=Kind.PRODUCT,
                required=True,
                key=form.field("kind"),
            )
            or Kind.PRODUCT
        )
        terms, goods = _fields(shop, form, kind, None)
        _effect(terms, goods)
        if st.button(_("Offer it"), type="primary", key=form.field("save")):
            with feedback.saying(_("Offered for points"), form):
                add_reward(form.once(shop, terms), terms)


def _change(shop: Shop, reward: Reward) -> None:
    form = Form(f"reward-{reward.id}")
    version = form.seen("version", reward.version)
    st.caption(
        _("For the future only: what was redeemed, and coupons that were given, keep their terms.")
    )
    terms, goods = _fields(shop, form, reward.terms.kind, reward)
    _effect(terms, goods)
    day = st.date_input(
        _("From"),
        shop.today,
        min_value=shop.today,
        max_value=shop.today + timedelta(days=366),
        format="YYYY-MM-DD",
        key=form.field("day"),
    )
    from_at = None if day <= shop.today else day_bounds(day, shop.settings.time_zone)[0]
    if st.button(_("Change it so"), type="primary", key=form.field("save")):
        with feedback.saying(_("Changed; the terms until then stay readable"), form):
            bound = form.once(shop, reward.id, terms, from_at)
            change_reward(bound, reward.id, version, terms, from_at)


def _fields(
    shop: Shop, form: Form, kind: Kind, before: Reward | None
) -> tuple[Terms, Goods | None]:
    if kind is Kind.COUPON:
        return _coupon_fields(shop, form, before), None
    return _goods_fields(shop, form, before)


def _goods_fields(shop: Shop, form: Form, before: Reward | None) -> tuple[Terms, Goods | None]:
    items = {item.product_id: item for item in catalogue(shop)}
    names = {key: plain(item.name) for key, item in items.items()}
    kept = before.terms.product_id if before is not None else None
    chosen = st.selectbox(
        _("Product"),
        list(items),
        index=list(items).index(kept) if kept in items else None,
        format_func=names.__getitem__,
        placeholder=_("choose"),
        key=form.field("product"),
    )
    goods = _goods(items[chosen]) if chosen is not None else None
    terms = before.terms if before else proposed(Kind.PRODUCT, shop.settings, goods)
    typed = None
    if goods is not None:
        start = terms.quantity if chosen == kept or before is None else None
        key = form.field(f"quantity-{chosen}")
        count = quantities.field(key, _("Quantity"), goods.unit, start)
        typed = quantities.lenient(goods.unit, count)
    points, name = _points(form, terms, before), _name(shop, form, before)
    return Terms(Kind.PRODUCT, points, name, chosen, typed), goods


def _goods(item: CatalogueItem) -> Goods:
    return Goods(item.product_id, item.name, item.sale_unit, item.price)


def _coupon_fields(shop: Shop, form: Form, before: Reward | None) -> Terms:
    terms = before.terms if before else proposed(Kind.COUPON, shop.settings)
    points = _points(form, terms, before)
    value = money_ui.amount(_("Worth"), form.field("value"), start=terms.value)
    threshold = _threshold(form, terms)
    days = st.number_input(
        _("Valid for (days)"),
        min_value=1,
        max_value=MOST_DAYS,
        value=terms.valid_days,
        key=form.field("days"),
    )
    name = _name(shop, form, before)
    kept = Terms(Kind.COUPON, points, name, value=value, threshold=threshold)
    return replace(kept, valid_days=None if days is None else int(days))


def _threshold(form: Form, terms: Terms) -> Money | None:
    """Ask from what order on the coupon holds; empty stays unknown, 0 means any order."""
    typed = st.number_input(
        _("Holds from an order of"),
        min_value=0.0,
        max_value=100_000.0,
        value=None if terms.threshold is None else float(terms.threshold.yuan),
        step=1.0,
        format="%.2f",
        placeholder=_("you set this: 0 means any order"),
        icon=":material/currency_yuan:",
        help=_("What the goods of the order come to. Without it the coupon cannot be offered."),
        key=form.field("threshold"),
    )
    return None if typed is None else Money.of(f"{typed:.2f}")


def _points(form: Form, terms: Terms, before: Reward | None) -> int:
    return int(
        st.number_input(
            _("For so many points"),
            min_value=1,
            max_value=MOST_POINTS,
            value=terms.points,
            key=form.field(f"points-{terms.kind}" if before is None else "points"),
        )
    )


def _name(shop: Shop, form: Form, before: Reward | None) -> str:
    """Ask for a name of its own: one made from the terms would go on saying the old ones."""
    own = before.name if before else ""
    say = translator(shop.settings.language)
    if before is not None and own == usual_name(before.terms, before.goods, say):
        own = ""
    return st.text_input(
        _("Name, as residents read it"),
        value=own,
        max_chars=LONGEST_NAME,
        placeholder=_("e.g. 500 g of eggs; empty: what it gives"),
        key=form.field("name"),
    )


def _effect(terms: Terms, goods: Goods | None) -> None:
    """Say what these terms are worth, in yuan."""
    amount = worth(terms, goods)
    if not amount:
        return
    effect = _("{points} points give {amount}: a hundred points are worth {hundred}.")
    hundred = amount.times(HUNDRED).fen // max(terms.points, 1)
    st.caption(
        effect.format(
            points=terms.points, amount=show.money(amount), hundred=show.money(Money(hundred))
        )
    )


def _history(shop: Shop, found: Sequence[Reward], now: datetime) -> None:
    over = [one for one in found if not one.in_force(now) and not one.is_planned(now)]
    if not over:
        return
    with st.expander(
        _("What was promised before ({count})").format(count=len(over)),
        icon=":material/history:",
        key="rewards-before",
    ):
        frame = pd.DataFrame([_row(one) for one in over])
        show.table(
            frame,
            "rewards-before",
            shop,
            money_columns=[_("Worth"), _("Holds from")],
            moment_columns=[_("From"), _("Until")],
            config={_("Reward"): st.column_config.TextColumn(pinned=True)},
        )


def _row(one: Reward) -> dict[str, Any]:
    terms = one.terms
    return {
        _("Reward"): one.name,
        _("Kind"): _(KIND_NAMES[terms.kind]),
        _("Points"): terms.points,
        _("Worth"): terms.value.fen if terms.value else one.worth.fen,
        _("Holds from"): terms.threshold.fen if terms.threshold is not None else None,
        _("Days"): terms.valid_days,
        _("From"): one.from_at,
        _("Until"): one.until_at,
    }


def beside_profit(shop: Shop) -> None:
    """Show beside the margin what is promised for points: a debt that is not in these lines."""
    found = liability(shop)
    if not found.value and not found.points:
        return
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            label = _("Promised for points: {amount}").format(amount=show.money(found.value))
            st.markdown(f":material/redeem: **{label}**", width="stretch")
            st.page_link(
                navigation.page("rewards"),
                label=_("Points and rewards"),
                icon=":material/redeem:",
                width="content",
            )
        st.caption(rule(found))
