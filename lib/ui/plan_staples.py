"""The plan page's lists: what is bought by plan, and how last week's plan would have done."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.rhythm.back_test.queries import BackTest, Tested
from lib.supply.rhythm.plan import commands, queries
from lib.supply.rhythm.plan.queries import Staple
from lib.trade.products.queries import products
from lib.ui import feedback, rhythm, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


def staples(shop: Shop, found: Sequence[Staple]) -> None:
    """Show the staples with the means to add and remove them."""
    if not found:
        show.nothing(
            _("Nothing is bought by plan yet."),
            _("Staples are goods that come several times a week: eggs, greens, tofu."),
        )
    _add(shop, found)
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"**{plain(one.name)}** / {plain(one.unit.word)}", width="stretch")
            if one.stopped:
                show.state("late", _("not sold now"))
            if st.button(
                _("Take out"),
                icon=":material/remove_circle_outline:",
                key=f"unstaple-{one.product_id}",
                type="tertiary",
            ):
                with feedback.saying(_("Taken out of the plan")):
                    commands.remove_staple(shop, one.product_id)


def _add(shop: Shop, found: Sequence[Staple]) -> None:
    proposed = {one.product_id: one for one in queries.proposals(shop)}
    taken = {one.product_id for one in found}
    weeks = queries.PROPOSAL_WEEKS
    often = _("{product} · wanted in {count} of {weeks} weeks")
    names = {
        number: often.format(product=one.name, count=one.weeks, weeks=weeks)
        for number, one in proposed.items()
    }
    for each in products(shop):
        if each.id not in taken:
            names.setdefault(each.id, each.name)
    if not names:
        return
    form = Form("add-staples")
    with st.form(form.field("form"), border=True):
        chosen = st.multiselect(
            _("Buy by plan"),
            list(names),
            default=[] if found else list(proposed),
            format_func=names.__getitem__,
            placeholder=_("Choose products; the often wanted stand first"),
            key=form.field("products"),
        )
        if st.form_submit_button(_("Put into the plan"), type="primary", key=form.field("save")):
            with feedback.saying(_("Put into the plan"), form):
                commands.add_staples(form.once(shop, chosen), chosen)


def line_of(shop: Shop, found: BackTest | None) -> None:
    """Say in one line what last week's plan would have left over or missed."""
    if found is not None:
        st.caption(plain(sentence(shop, found)))


def sentence(shop: Shop, found: BackTest) -> str:
    """Return the back-test of all staples in one sentence; money where it may be seen."""
    left = [_left(row) for row in found.rows if _over(row)]
    missed = [_missed(row) for row in found.rows if row.outcome.missed]
    return _(
        "Tried on {first} – {last}, reckoned from what was known before and from an empty shelf: "
        "left over {left}; missed {missed}."
    ).format(
        first=show.day(found.first, shop),
        last=show.day(found.last, shop),
        left=_some(left) + _in_money(found.left_money),
        missed=_some(missed) + _in_money(found.missed_money),
    )


def tried(shop: Shop, found: BackTest | None) -> None:
    """Show the back-test product by product with the totals in money."""
    if found is None:
        show.nothing(
            _("Nothing to try the plan on yet."),
            _("It needs staples, and a whole week of sales behind you."),
        )
        return
    if shop.may_see_cost:
        show.figures(
            (_("Left over, at cost"), show.money(found.left_money)),
            (_("Missed, at the margin"), show.money(found.missed_money)),
        )
    st.markdown(plain(sentence(shop, found)))
    columns = [_("Left over, at cost"), _("Missed, at the margin")] if shop.may_see_cost else []
    config = {_("Product"): st.column_config.TextColumn(pinned=True)}
    frame = pd.DataFrame([_row(shop, row) for row in found.rows])
    show.table(frame, "plan-tried", shop, money_columns=columns, config=config)
    if any(row.sold_out for row in found.rows):
        st.caption(_("On sold-out days more would have gone than the books know."))


def _row(shop: Shop, row: Tested) -> dict[str, object]:
    unit, done = row.staple.unit, row.outcome
    shown: dict[str, object] = {
        _("Product"): row.staple.name,
        _("Bought"): unit.said(done.bought),
        _("Sold"): rhythm.said(unit, done.sold),
        _("Left over"): rhythm.said(unit, done.left),
        _("Spoiled"): rhythm.said(unit, done.spoiled),
        _("Missed"): rhythm.said(unit, done.missed),
        _("Days sold out"): row.sold_out,
    }
    if shop.may_see_cost:
        shown[_("Left over, at cost")] = row.left_money.fen if row.left_money else None
        shown[_("Missed, at the margin")] = row.missed_money.fen if row.missed_money else None
    return shown


def _over(row: Tested) -> bool:
    return bool(row.outcome.left + row.outcome.spoiled)


def _left(row: Tested) -> str:
    amount = row.outcome.left + row.outcome.spoiled
    return f"{row.staple.name} {rhythm.said(row.staple.unit, amount)}"


def _missed(row: Tested) -> str:
    return f"{row.staple.name} {rhythm.said(row.staple.unit, row.outcome.missed)}"


def _some(names: Sequence[str]) -> str:
    """Name a few and count the rest; a sentence is no list."""
    if not names:
        return _("nothing")
    more = _(" and {count} more").format(count=len(names) - 3) if len(names) > 3 else ""
    return _(", ").join(names[:3]) + more


def _in_money(amount: Money | None) -> str:
    return f" ({show.money(amount)})" if amount else ""
