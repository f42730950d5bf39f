"""The form that writes a letter: what is asked, the photos, the sum and why it differs (R32)."""

from collections.abc import Sequence

import streamlit as st

from lib.service.after_sales.rules import number
from lib.service.ledger.letters import commands
from lib.service.ledger.letters.kept import facts_mark
from lib.service.ledger.letters.rules import (
    LONGEST_ASKS,
    LONGEST_CAME,
    LONGEST_WHY,
    MOST_PHOTOS,
    Choice,
    Facts,
    Picture,
)
from lib.shop.shop import Shop
from lib.ui import feedback, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

_WIDTH = 132


def form(shop: Shop, supplier_id: int, facts: Facts, start: Choice) -> None:
    """Draw the form, filled with ``start``; saved, the letter stands and its claim is made."""
    this = Form(f"letter-{supplier_id}-{facts.this.month:%Y%m}")
    looked_at = this.seen("mark", facts_mark(facts))
    with st.form(this.field("form"), border=True):
        came = _last(this, facts, start)
        asks = st.text_area(
            _("What we ask"),
            start.asks,
            max_chars=LONGEST_ASKS,
            help=_("The supplier reads it: name no resident."),
            key=this.field("asks"),
        )
        photos = _photos(this, facts.pictures, start.photos)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            claim = money_ui.amount(
                _("We claim"),
                this.field("claim"),
                start=start.claim,
                help_=_("Reckoned: {amount}. Another sum needs a reason; 0 claims nothing.").format(
                    amount=show.money(facts.reckoned)
                ),
            )
            why = st.text_input(
                _("Why another sum"), start.why, max_chars=LONGEST_WHY, key=this.field("why")
            )
        saved = st.form_submit_button(
            _("Write this letter"),
            type="primary",
            icon=":material/mail:",
            key=this.field("save"),
        )
    if saved:
        with feedback.saying(_("Letter written: now print or send it"), this):
            choice = Choice(asks, photos, claim, why, came)
            bound = this.once(shop, supplier_id, facts.this.month, choice, looked_at)
            commands.write_letter(bound, supplier_id, facts.this.month, choice, looked_at)


def _last(this: Form, facts: Facts, start: Choice) -> str:
    """Ask whether what was asked in the month before came."""
    if facts.last is None or not facts.last.asks:
        return ""
    said = _("In {month} you asked: {asks}")
    st.caption(said.format(month=show.month(facts.last.month), asks=plain(facts.last.asks)))
    return str(
        st.text_input(
            _("What came of it"),
            start.came,
            placeholder=_("for example: dividers since 12 October"),
            max_chars=LONGEST_CAME,
            key=this.field("came"),
        )
    )


def _photos(this: Form, pictures: Sequence[Picture], chosen: Sequence[str]) -> tuple[str, ...]:
    """Let the owner choose the photos: none may show a face or a home."""
    if not pictures:
        return ()
    said = _("Photos, at most {count}. None may show a face, a name or a home.")
    st.markdown(said.format(count=MOST_PHOTOS))
    found = []
    with st.container(horizontal=True):
        for place, picture in enumerate(pictures):
            with st.container(width=_WIDTH, border=True, gap="xsmall"):
                label = number(picture.case_id)
                st.markdown(
                    f"[![{label}](/files/{picture.sha256}?size=small)](/files/{picture.sha256})"
                )
                if st.checkbox(label, picture.sha256 in chosen, key=this.field(f"photo-{place}")):
                    found.append(picture.sha256)
    return tuple(found)
