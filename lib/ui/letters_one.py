"""One supplier's month: what came, what was wrong, the letter with its claim, and its editions."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from lib.kernel.errors import NotFound
from lib.service.after_sales.rules import DEFECT_NAMES, number
from lib.service.ledger.causes.rules import Trend
from lib.service.ledger.letters import queries, texts
from lib.service.ledger.letters.rules import (
    MOST_PHOTOS,
    RECKONED_NAMES,
    Choice,
    Facts,
    Line,
    Reckoned,
    proposed_asks,
)
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.supply.papers.rules import BEARER_NAMES
from lib.ui import case_ledger, letters, letters_written, navigation, show
from lib.ui.letters_write import form
from lib.ui.words import _, language, plain


def draw(shop: Shop, supplier_id: int, month: date) -> None:
    """Draw one supplier's month with the letter to be written and those that were."""
    st.button(
        _("All suppliers"),
        icon=":material/arrow_back:",
        type="tertiary",
        key="back",
        on_click=letters.open_list,
        args=(month,),
    )
    facts = _facts(shop, supplier_id, month)
    if facts is None:
        show.nothing(
            _("This supplier does not exist."), _("It may belong to another shop or demo.")
        )
        return
    written = queries.letters_of(shop, supplier_id, month)
    _head(facts)
    if facts.this.month == shop.today.replace(day=1):
        st.caption(_("This month still runs; the letter is written when it is over"))
    if written:
        letters_written.draw(shop, written)
    _delivered(shop, facts)
    _lines(shop, facts)
    _write(shop, supplier_id, facts, written)


def _facts(shop: Shop, supplier_id: int, month: date) -> Facts | None:
    try:
        return queries.facts(shop, supplier_id, month)
    except NotFound:
        return None


def _head(facts: Facts) -> None:
    with st.container(border=True, key="letter-head"):
        st.markdown(f"### {plain(facts.supplier)} · {show.month(facts.this.month)}")
        if facts.trend is not Trend.NONE:
            case_ledger.trend_badge(facts.trend)
        say = translator(language())
        lines = texts.standing(facts, say, language())
        for line in lines if facts.trend is Trend.NONE else lines[:-1]:
            st.markdown(plain(line))
        if facts.defects:
            said = "、".join(f"{_(DEFECT_NAMES[each])} {count}" for each, count in facts.defects)
            st.caption(said)


def _delivered(shop: Shop, facts: Facts) -> None:
    st.subheader(_("Deliveries of the month"), anchor=False)
    rows = [
        {
            _("Product"): each.product,
            _("Taken in"): each.unit.said(each.accepted),
            _("Sent back"): each.unit.said(each.rejected) if each.rejected else "",
            _("Batches"): each.batches,
        }
        for each in facts.delivered
    ]
    show.table(
        pd.DataFrame(rows),
        "letter-delivered",
        shop,
        config={_("Product"): st.column_config.TextColumn(pinned=True)},
        empty=_("Nothing was delivered in {month}.").format(month=show.month(facts.this.month)),
    )


def _lines(shop: Shop, facts: Facts) -> None:
    st.subheader(_("Complaints and what may be claimed"), anchor=False)
    show.table(
        pd.DataFrame([_line(line) for line in facts.lines]),
        "letter-lines",
        shop,
        money_columns=[_("Agreed price"), _("Freight"), _("To claim")],
        config={_("Case no."): st.column_config.TextColumn(pinned=True)},
        empty=_("Nobody complained about their goods."),
    )
    if not facts.lines:
        return
    st.caption(_how_reckoned(facts))
    if any(line.cause is None and line.reckoned is not Reckoned.CLAIMED for line in facts.lines):
        st.page_link(
            navigation.page("case_ledger"),
            label=_("Say the causes first: they decide what is claimed"),
            icon=":material/fact_check:",
        )


def _how_reckoned(facts: Facts) -> str:
    said = _(
        "Claimed: the agreed price of what was bad, and freight we bore. What is the supplier's "
        "doing whole; what nobody found out as agreed: spoilage is borne by {bearer}."
    )
    bearer = _(BEARER_NAMES[facts.bearer]) if facts.bearer else _("us, nothing is agreed")
    return said.format(bearer=bearer)


def _line(line: Line) -> dict[str, object]:
    say = translator(language())
    return {
        _("Case no."): number(line.case_id),
        _("Day"): line.told_on,
        _("Product"): line.product,
        _("What is wrong"): _(DEFECT_NAMES[line.defect]),
        _("Bad"): texts.bad_said(line, say),
        _("That is"): texts.quantity_said(line.unit, line.quantity),
        _("Cause"): texts.cause_said(line.cause, say),
        _("How it is reckoned"): _(RECKONED_NAMES[line.reckoned]),
        _("To claim"): line.amount.fen,
        _("Agreed price"): line.price.fen if line.price is not None else None,
        _("Freight"): line.freight.fen,
        _("Batch"): line.batch,
    }


def _write(shop: Shop, supplier_id: int, facts: Facts, written: Sequence[queries.Letter]) -> None:
    if not written:
        st.subheader(_("Write the letter"), anchor=False)
        form(shop, supplier_id, facts, proposed(shop, facts))
        return
    with st.expander(_("Write a corrected edition"), icon=":material/edit:", key="letter-again"):
        st.caption(_("The one that was written stays as it is; this becomes the next edition."))
        form(shop, supplier_id, facts, again(facts, written[0].body.choice))


def proposed(shop: Shop, facts: Facts) -> Choice:
    """Return what is proposed for a first edition, in the shop's language."""
    say = translator(shop.settings.language)
    return Choice(
        "\n".join(say(each) for each in proposed_asks(facts.defects)),
        tuple(each.sha256 for each in facts.pictures[:MOST_PHOTOS]),
        facts.reckoned,
    )


def again(facts: Facts, before: Choice) -> Choice:
    """Return what is proposed for the next edition: what stood in the last, without its claim."""
    known = {each.sha256 for each in facts.pictures}
    kept = tuple(each for each in before.photos if each in known)
    return Choice(before.asks, kept, facts.reckoned, "", before.came)
