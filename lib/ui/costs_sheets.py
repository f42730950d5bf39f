"""Published sheets on screen: what to post in the group, all of them, and whether they are whole.

Everything here is drawn from published sheets only (R20, E17).
"""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.shop.messages.price_events import PRICE_SHEET
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Shop
from lib.trust.costs.checking.queries import check_sheets
from lib.trust.costs.checking.texts import fault_line, summary
from lib.trust.costs.queries import Heading
from lib.trust.costs.rules import Sheet
from lib.trust.costs.texts import placeholders
from lib.ui import choice, costs, costs_pictures, costs_publish, messages_text, show
from lib.ui.words import _

CHAIN = "/p/prices/chain.json"


def tab(shop: Shop, published: Sequence[Heading]) -> None:
    """Draw the texts and pictures of one sheet, the table of all, and their check."""
    if not published:
        show.nothing(_("Nothing published yet."), _("Residents see an empty page until then."))
        return
    headings = {item.number: costs.heading_text(item) for item in published}
    number = choice.of_names(_("Sheet"), headings, "sheet")
    shown = costs.shown(shop, number or published[0].number)
    if shown is not None:
        costs.notices(shown)
        _correct(shown.sheet)
        st.subheader(_("For the group"))
        _for_the_group(shown.sheet, shop)
        st.subheader(_("Pictures for the group"))
        costs_pictures.draw(shop, shown.sheet)
    st.subheader(_("All sheets"))
    show.table(_frame(published), "sheets", shop, moment_columns=[_("Data as of")])
    _check(shop)


def _correct(sheet: Sheet) -> None:
    st.button(
        _("Correct this sheet"),
        icon=":material/edit_note:",
        key=f"correct-{sheet.number}",
        help=_("A new sheet says what was wrong. This one stays as it is and points to it."),
        on_click=costs_publish.correct,
        args=(sheet,),
    )


def _for_the_group(sheet: Sheet, shop: Shop) -> None:
    """Show what to post: the text, the address and its QR code."""
    link = costs.address(shop)
    if not shop.settings.public_address:
        st.caption(
            _(
                "The address below is the one of this browser. If residents use another, write it "
                "into the settings."
            )
        )
    values = placeholders(sheet, speaker(shop), f"{sheet.day:%m-%d}", link)
    text = said(shop, PRICE_SHEET, **values)
    messages_text.offer(shop, PRICE_SHEET, f"cost_sheet:{sheet.number}", text, "price-sheet")
    with st.container(horizontal=True, vertical_alignment="center"):
        picture = costs.qr_picture(link)
        st.image(picture, width=180, alt=_("QR code of the price page"))
        with st.container():
            st.link_button(
                _("Open the price page"), costs.LIGHT_PAGE, icon=":material/open_in_new:"
            )
            st.download_button(
                _("QR code"),
                picture,
                "linli-prices-qr.png",
                "image/png",
                icon=":material/qr_code_2:",
                key="price-qr",
                on_click="ignore",
            )


def _check(shop: Shop) -> None:
    """Offer the check of every sheet, the same as ``python start.py verify``."""
    st.subheader(_("Is every sheet as it was published?"))
    with st.container(horizontal=True, vertical_alignment="center"):
        asked = st.button(_("Check every sheet"), icon=":material/verified:", key="verify")
        st.link_button(_("All fingerprints"), CHAIN, icon=":material/link:", type="tertiary")
    if asked:
        report = check_sheets(shop)
        if report.is_whole:
            show.state("good", summary(report, _))
        else:
            for fault in report.faults:
                st.error(fault_line(fault, _), icon=":material/gpp_bad:")
            show.state("late", summary(report, _))
    st.caption(
        _(
            "The check computes every fingerprint again and compares it with the sheet before it "
            "and with what the journal wrote when it was published. In a terminal: "
            "python start.py verify"
        )
    )


def _frame(published: Sequence[Heading]) -> pd.DataFrame:
    """The published sheets, newest first; moments are UTC."""
    return pd.DataFrame(
        [
            {
                _("No."): item.number,
                _("Title"): item.title,
                _("Day"): item.day,
                _("Data as of"): item.data_as_of,
                _("Corrects"): item.corrects,
                _("What was wrong"): item.correction,
                _("Fingerprint"): item.short,
            }
            for item in published
        ]
    )
