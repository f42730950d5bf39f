"""The promise of points: beginning it, changing it for the future, what was promised when (R36)."""

from datetime import timedelta

import streamlit as st

from lib.kernel.clock import day_bounds, local
from lib.kernel.money import Money
from lib.members.points.commands import begin_points, change_rule
from lib.members.points.queries import RuleRow, rules
from lib.members.points.rules import MOST_POINTS, Rule, rule_for
from lib.shop.shop import Shop
from lib.ui import feedback, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

EXAMPLE = Money(3650)
ONE_YUAN = Money(100)
AT_ONCE = timedelta(seconds=1)
"""A rule that another one followed sooner never held: it was put right before it began."""


def owner_part(shop: Shop) -> None:
    """Draw the rule in force, the form that begins or changes it, and all rules there were."""
    history = rules(shop)
    st.markdown(f"#### {_('Rule of points')}")
    if not history:
        _begin(shop)
        return
    _in_force(shop, history)
    _change(shop, history)
    _history(shop, history)


def _begin(shop: Shop) -> None:
    form = Form("points_begin")
    show.nothing(
        _("Points have not begun."),
        _("From then on every order gives points; orders placed before give none."),
    )
    with st.container(border=True, key="points-begin"):
        points, per = _fields(form, shop.settings.points_per_yuan, ONE_YUAN)
        _effect(points, per)
        st.caption(
            _(
                "Counted is what was really paid for goods, after refunds; not delivery, rounding "
                "off or coupons. Points wait until the after-sales time is over. It is a promise: "
                "it can be changed for later orders only."
            )
        )
        label = _("Begin to give points")
        if st.button(label, type="primary", icon=":material/loyalty:", key=form.field("save")):
            with feedback.saying(_("Points have begun"), form):
                begin_points(form.once(shop, points, per), points, per.fen)


def _fields(form: Form, points: int, per: Money) -> tuple[int, Money]:
    with st.container(horizontal=True):
        typed = st.number_input(
            _("Points"),
            min_value=0,
            max_value=MOST_POINTS,
            value=points,
            step=1,
            key=form.field("points"),
            width=160,
        )
        amount = money_ui.amount(_("for each (yuan)"), form.field("per"), start=per)
    return int(typed), amount


def _effect(points: int, per: Money) -> None:
    """Say what the rule means for an order, so that nobody reckons in the head."""
    if per.fen <= 0:
        return
    given = points * EXAMPLE.fen // per.fen
    st.info(
        _("An order of {amount} gives {points} points.").format(
            amount=show.money(EXAMPLE), points=given
        ),
        icon=":material/calculate:",
    )


def _in_force(shop: Shop, history: tuple[RuleRow, ...]) -> None:
    now = rule_for([row.rule for row in history], shop.clock.now())
    if now is not None:
        st.markdown(f":material/loyalty: **{_said(now)}**")
        _effect(now.points, Money(now.per_fen))


def _said(rule: Rule) -> str:
    if not rule.points:
        return _("no points")
    return _("Points for each {amount} paid: {points}").format(
        points=rule.points, amount=show.money(Money(rule.per_fen))
    )


def _change(shop: Shop, history: tuple[RuleRow, ...]) -> None:
    form, newest = Form("points_change"), history[0].rule
    with st.expander(_("Change the rule"), icon=":material/edit:", key="points-change"):
        st.caption(
            _("For orders placed from that day on; earlier ones keep their rule. 0 ends points.")
        )
        points, per = _fields(form, newest.points, Money(newest.per_fen))
        tomorrow = shop.today + timedelta(days=1)
        day = st.date_input(
            _("For orders from"),
            tomorrow,
            min_value=tomorrow,
            max_value=shop.today + timedelta(days=730),
            format="YYYY-MM-DD",
            key=form.field("day"),
            width=200,
        )
        _effect(points, per)
        if st.button(_("Change the rule"), type="primary", key=form.field("save")):
            from_at = day_bounds(day, shop.settings.time_zone)[0]
            with feedback.saying(
                _("Changed for orders from {day} on").format(day=show.day(day, shop)), form
            ):
                change_rule(form.once(shop, points, per, day), points, per.fen, from_at)


def _history(shop: Shop, history: tuple[RuleRow, ...]) -> None:
    st.markdown(f"#### {_('What was promised when')}")
    for row in history:
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"rule-{row.rule.id}"
        ):
            day = show.day(local(row.rule.from_at, shop.settings.time_zone).date(), shop)
            when = _("for orders from {day}").format(day=day)
            by = " · ".join(
                part for part in (show.moment(row.created_at, shop), plain(row.by or "")) if part
            )
            st.markdown(f"**{_said(row.rule)}** · {when}  \n:small[{by}]", width="stretch")
            _state(shop, row)


def _state(shop: Shop, row: RuleRow) -> None:
    now = shop.clock.now()
    if row.until is not None and row.until - row.rule.from_at < AT_ONCE:
        show.state("quiet", _("put right before it began"))
    elif row.rule.from_at > now:
        show.state("soon", _("begins later"))
    elif row.until is None or row.until > now:
        show.state("good", _("in force"))
    else:
        show.state("quiet", _("earlier rule"))
