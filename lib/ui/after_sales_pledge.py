"""The pledge in words on a screen: before a case is saved, and as what a resident may choose."""

import streamlit as st

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.after_sales import texts
from lib.service.after_sales.remedies.queries import facts_for
from lib.service.after_sales.remedies.rules import Option, Pledge, Remedy, pledge_for
from lib.service.after_sales.rules import Defect
from lib.shop.language import Translate
from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.after_sales_count import Counted
from lib.ui.words import _, plain


def preview(shop: Shop, line_id: int, defect: Defect, counted: Counted) -> None:
    """Show what is promised at least for what was typed so far (R10, R11, R29)."""
    number = (counted.bad, counted.of_total, counted.counted_in)
    if counted.bad is not None and (counted.of_total or 0) < counted.bad:
        number = (None, None, None)
    facts = facts_for(shop, line_id, None, defect, number)
    with st.container(border=True, gap="xxsmall", key="case-pledge"):
        pledge = pledge_for(facts, shop.settings)
        st.markdown(f":material/handshake: **{promise(pledge, facts.unit)}**")
        st.caption(why(pledge))


def promise(pledge: Pledge, unit: Unit | None) -> str:
    """Return what is promised at least, every option of it."""
    if not pledge.options:
        return _("No fixed promise here: agree what is right.")
    options = _(" or ").join(option_said(option, unit) for option in pledge.options)
    return _("We promise: {options}").format(options=options)


def why(pledge: Pledge) -> str:
    """Return which promise of the shop it is."""
    practice = pledge.options[0].practice if pledge.options else ""
    words = {
        "R10": _("Fresh pledge: money back and one more, no questions."),
        "R11": _("Daily-goods pledge: return or exchange, we pay the way."),
        "R29": _("The resident chooses; more may be given, never less."),
    }
    return words.get(
        practice, _("The first reply and the solution have their clocks all the same.")
    )


def option_said(option: Option, unit: Unit | None) -> str:
    """Return one option in words, with amounts."""
    return done_said(option.remedies, unit)


def done_said(remedies: tuple[Remedy, ...] | list[Remedy], unit: Unit | None) -> str:
    """Return what is done in words, with amounts as screens write them."""
    return plain(texts.said_done(remedies, unit, _, _amount))


def _amount(amount: Money, _say: Translate) -> str:
    return show.money(amount)
