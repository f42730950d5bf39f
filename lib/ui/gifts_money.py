"""What gifts need and cost: goods to buy in time, and what was given in a month (R34, R35)."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import pandas as pd
import streamlit as st

from lib.kernel.months import months_later
from lib.members.gifts.queries import ToBuy, given_in, spent
from lib.members.gifts.rules import OCCASIONS, Gift
from lib.members.gifts.texts import goods_values
from lib.shop.language import translator
from lib.shop.messages.member_events import GIFT_GOODS
from lib.shop.messages.wording import said
from lib.shop.shop import OWNER_ONLY, Shop
from lib.ui import navigation, show
from lib.ui.words import _, plain

MONTHS_BACK = 12


def buy(shop: Shop, missing: Sequence[ToBuy]) -> None:
    """Draw what is missing for planned gifts, by when, and the text for the supplier."""
    if not missing:
        show.nothing(
            _("Everything planned is there."),
            _("What is promised to orders is taken off before."),
        )
        return
    for one in missing:
        with st.container(border=True, key=f"buy-{one.product_id}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                lacks = _("{missing} missing").format(missing=one.unit.said(one.missing))
                st.markdown(f"**{plain(one.name)}** · {plain(lacks)}", width="stretch")
                state = "late" if one.by <= shop.today else "soon"
                by = _("needed {day}").format(day=show.day(one.by, shop))
                show.state(state, by)  # type: ignore[arg-type]
            needed = _("{needed} for {count} gifts")
            st.caption(needed.format(needed=one.unit.said(one.needed), count=one.gifts))
    if shop.actor.role in OWNER_ONLY:
        _order(shop, missing)


def _order(shop: Shop, missing: Sequence[ToBuy]) -> None:
    """The way to the purchase orders, and a text per supplier; for the owner."""
    st.page_link(
        navigation.page("purchase"), label=_("Purchase orders"), icon=":material/shopping_cart:"
    )
    say = translator(shop.settings.language)
    known = sorted((one for one in missing if one.supplier_id), key=lambda one: one.supplier)
    for supplier, group in groupby(known, key=lambda one: one.supplier):
        theirs = list(group)
        goods = [(one.name, one.unit, one.missing) for one in theirs]
        by = min(one.by for one in theirs)
        values = goods_values(shop.settings, supplier, by, shop.today, goods, say)
        st.markdown(f"**{plain(supplier)}**")
        show.copyable(said(shop, GIFT_GOODS, **values), f"goods-{theirs[0].supplier_id}")


def given(shop: Shop) -> None:
    """Draw what was given in a month, and what it cost by occasion."""
    month = _month(shop)
    found = spent(shop, month)
    figures: list[tuple[str, str]] = [(_("Gifts given"), str(found.count))]
    if found.total is not None:
        figures.append((_("They cost"), show.money(found.total)))
    show.figures(*figures)
    if found.total is not None and found.count:
        st.caption(
            " · ".join(
                f"{_(OCCASIONS[occasion])} {show.money(cost)} ({count})"
                for occasion, count, cost in found.by_occasion
            )
        )
        st.caption(_("What gifts cost stands in the profit report as a line of its own."))
    rows = [_row(shop, gift) for gift in given_in(shop, month)]
    config = {_("Resident"): st.column_config.TextColumn(pinned=True)}
    show.table(
        pd.DataFrame(rows),
        "gifts",
        shop,
        money_columns=[_("Cost of the gift")] if shop.may_see_cost else (),
        config=config,
        empty=_("No gift was given in this month."),
    )


def _month(shop: Shop) -> date:
    this = shop.today.replace(day=1)
    months = [months_later(this, -ago) for ago in range(MONTHS_BACK)]
    return st.selectbox(_("Month"), months, format_func=show.month, key="gifts-month", width=200)


def _row(shop: Shop, gift: Gift) -> dict[str, object]:
    cost = {_("Cost of the gift"): gift.present.cost.fen if gift.present.cost else 0}
    return {
        _("Resident"): gift.name,
        _("Occasion"): _(OCCASIONS[gift.occasion]),
        _("Gift"): gift.present.said or _("Good wishes alone"),
        **(cost if shop.may_see_cost else {}),
        _("When"): show.moment(gift.given_at, shop),
        _("By"): gift.by,
    }
