"""Letters that were written: to print, to copy into a chat, and how they were sent (R32)."""

from collections.abc import Sequence

import streamlit as st

from lib.service.ledger.letters import commands, texts
from lib.service.ledger.letters.queries import Letter
from lib.service.ledger.letters.rules import LONGEST_HOW
from lib.shop.messages.wording import speaker
from lib.shop.shop import Shop
from lib.supply.statements.rules import CLAIM_NAMES, ClaimStatus
from lib.ui import feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_ANSWERS: dict[ClaimStatus, show.State] = {
    ClaimStatus.OPEN: "soon",
    ClaimStatus.ACCEPTED: "good",
    ClaimStatus.DECLINED: "quiet",
}


def draw(shop: Shop, written: Sequence[Letter]) -> None:
    """Draw the newest edition whole, older ones in one line each."""
    newest, older = written[0], written[1:]
    with st.container(border=True, key="letter-written"):
        _standing(shop, newest)
        with st.container(horizontal=True, vertical_alignment="center"):
            _print(newest, _("Print or save as PDF"))
            if newest.claim_id is not None:
                st.page_link(
                    navigation.page("suppliers"),
                    label=_("To the claim"),
                    icon=":material/request_quote:",
                    query_params={"supplier": str(newest.supplier_id), "part": "claims"},
                )
        _sent(shop, newest)
        with st.expander(_("Text for the supplier's chat"), icon=":material/chat:",
                         key="letter-text"):  # fmt: skip
            text = texts.supplier_text(
                shop.settings.shop_name, newest.body, speaker(shop), shop.settings.language
            )
            show.copyable(text, "letter")
    if older:
        with st.expander(_("Older editions: {count}").format(count=len(older)),
                         icon=":material/history:", key="letter-older"):  # fmt: skip
            for letter in older:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.caption(_named(shop, letter), width="stretch")
                    _print(letter, _("Print"))


def _named(shop: Shop, letter: Letter) -> str:
    said = _("No. {edition} of {when}, mark {mark}")
    return said.format(
        edition=letter.edition, when=show.moment(letter.created_at, shop), mark=letter.mark
    )


def _standing(shop: Shop, letter: Letter) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if letter.sent_at is not None:
            said = _("Sent {when}: {how}")
            show.state(
                "good",
                said.format(when=show.moment(letter.sent_at, shop), how=plain(letter.sent_how)),
            )
        else:
            show.state("soon", _("Written, not sent"))
        if letter.claim is not None and letter.answer is not None:
            claim = _("Claim {amount}: {answer}")
            show.state(
                _ANSWERS[letter.answer],
                claim.format(amount=show.money(letter.claim), answer=_(CLAIM_NAMES[letter.answer])),
            )
    st.caption(_named(shop, letter))
    if letter.answer is ClaimStatus.OPEN:
        st.caption(_("Accepted, the claim lowers the weekly statement of that week."))


def _print(letter: Letter, label: str) -> None:
    st.link_button(label, f"/print/letter/{letter.id}", icon=":material/print:")


def _sent(shop: Shop, letter: Letter) -> None:
    if letter.sent_at is not None:
        back = Form(f"letter-unsend-{letter.id}")
        if st.button(_("Not sent after all"), icon=":material/undo:", type="tertiary",
                     key=back.field("undo")):  # fmt: skip
            with feedback.saying(_("Undone"), back):
                commands.unmark_sent(back.once(shop, letter.id), letter.id)
        return
    form = Form(f"letter-send-{letter.id}")
    version = int(form.seen("version", letter.version))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = st.text_input(
            _("Sent how"), _("WeChat"), max_chars=LONGEST_HOW, key=form.field("how"), width=220
        )
        if st.button(_("Mark as sent"), type="primary", icon=":material/send:",
                     key=form.field("save")):  # fmt: skip
            with feedback.saying(_("Marked as sent"), form):
                bound = form.once(shop, letter.id, version, how)
                commands.mark_sent(bound, letter.id, version, how)
