"""Letters to suppliers: the month, and how every supplier stands in it (R32).

The address says it: ``/letters?month=2026-09`` a month, ``&supplier=12`` one supplier's letter.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from lib.kernel.money import total
from lib.service.ledger.causes.queries import OfSupplier, month_causes
from lib.service.ledger.causes.rules import Scored, Trend
from lib.service.ledger.letters.queries import LetterCard, letters
from lib.shop.shop import Shop
from lib.supply.statements.rules import CLAIM_NAMES, ClaimStatus
from lib.ui import case_ledger, case_ledger_causes, choice, show
from lib.ui.words import _

LAST_MONTH = 1


def heading(shop: Shop) -> date:
    """Draw the title and ask for the month; the one that is over comes first."""
    st.title(_("Supplier letters"))
    return case_ledger.choose_month(shop, LAST_MONTH)


def asked_supplier() -> int | None:
    """Return the supplier that the address names; None for none."""
    text = st.query_params.get("supplier", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def open_supplier(supplier_id: int, month: date) -> None:
    """Go to one supplier's letter; a callback of buttons."""
    st.query_params.from_dict({"month": f"{month:%Y-%m}", "supplier": str(supplier_id)})


def open_list(month: date) -> None:
    """Go back to all suppliers; a callback of buttons."""
    st.query_params.from_dict({"month": f"{month:%Y-%m}"})


def listing(shop: Shop, month: date) -> None:
    """Show every supplier with complaints, trend, and whether a letter was written and sent."""
    found = [each for each in month_causes(shop, month).suppliers if each.supplier_id is not None]
    if not found:
        show.nothing(
            _("No supplier is known yet."), _("Enter suppliers first; then their months count.")
        )
        return
    written = _newest(letters(shop, month))
    _figures(found, written)
    ordered = sorted(found, key=_urgency)
    picked = choice.of_rows(
        pd.DataFrame([_row(shop, each, written, month) for each in ordered]),
        f"letters-{month:%Y%m}",
        shop,
        config={
            _("Supplier"): st.column_config.TextColumn(pinned=True),
            _("Letter"): st.column_config.TextColumn(width=150),
            _("Claim"): st.column_config.TextColumn(width=150),
        },
    )
    st.caption(_("Pick a supplier to see the month and to write the letter."))
    if picked is not None:
        supplier_id = ordered[picked].supplier_id
        assert supplier_id is not None
        open_supplier(supplier_id, month)
        st.rerun()


def _newest(cards: Sequence[LetterCard]) -> dict[int, LetterCard]:
    found: dict[int, LetterCard] = {}
    for card in cards:
        found.setdefault(card.supplier_id, card)
    return found


def _figures(found: Sequence[OfSupplier], written: Mapping[int, LetterCard]) -> None:
    complained = [each for each in found if each.rate.cases]
    missing = [each for each in complained if each.supplier_id not in written]
    unsent = [card for card in written.values() if card.sent_at is None]
    claimed = [card for card in written.values() if card.claim is not None]
    accepted = total(
        card.claim for card in claimed if card.claim and card.answer is ClaimStatus.ACCEPTED
    )
    show.figures(
        (_("With complaints, no letter yet"), str(len(missing))),
        (_("Written, not sent"), str(len(unsent))),
        (
            _("Claimed"),
            show.money(total(card.claim for card in claimed if card.claim)),
            _("Of it accepted: {amount}.").format(amount=show.money(accepted)),
        ),
    )


def _urgency(each: OfSupplier) -> tuple[bool, int, str]:
    return (each.trend is not Trend.WORSE, -each.rate.cases, each.name)


def _row(
    shop: Shop, each: OfSupplier, written: Mapping[int, LetterCard], month: date
) -> dict[str, object]:
    card = written.get(each.supplier_id or 0)
    return {
        _("Supplier"): each.name,
        _("Complaints"): each.rate.cases,
        _("Letter"): _letter(shop, card, each),
        _("Claim"): _claim(card),
        _("Per 100 sold"): case_ledger.rate_said(each.rate, month),
        _("The month before"): case_ledger.rate_said(each.before, case_ledger.before(month)),
        _("Against it"): _against(shop, each, month),
        _("Causes"): case_ledger_causes.causes_said(each.causes),
    }


def _against(shop: Shop, each: OfSupplier, month: date) -> str:
    """Return the trend; of a supplier entered in this month since when it is known."""
    since = each.known_since
    if each.trend is Trend.NONE and since is not None and since >= month:
        return _("known since {day}").format(day=show.day(since, shop))
    return case_ledger.trend_said(each.trend)


def _letter(shop: Shop, card: LetterCard | None, each: OfSupplier) -> str:
    if card is None:
        needed = each.rate.cases and each.rate.scored is not Scored.NOT_YET
        return _("to be written") if needed else ""
    if card.sent_at is not None:
        return _("sent {when}").format(when=show.moment(card.sent_at, shop))
    return _("written, no. {edition}").format(edition=card.edition)


def _claim(card: LetterCard | None) -> str:
    if card is None or card.claim is None:
        return ""
    answer = _(CLAIM_NAMES[card.answer]) if card.answer is not None else ""
    return f"{show.money(card.claim)} {answer}".strip()
