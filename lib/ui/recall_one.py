"""One recall on screen: tell each resident with one thumb, pay back, tell the supplier, close."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.kernel.money import Money
from lib.shop.language import Translate, translator
from lib.shop.messages.supply_events import RECALL
from lib.shop.messages.wording import speaker
from lib.shop.shop import Role, Shop
from lib.supply.origin.rules import path_of
from lib.supply.recall import commands, queries, texts
from lib.supply.recall.presents.queries import given_without_order
from lib.supply.recall.queries import Bought, Buyer, Recall
from lib.supply.recall.rules import HOW_NAMES, LONGEST_REASON, LONGEST_TEXT, How
from lib.supply.recall.texts import Message
from lib.trade.payments.commands import refund_line
from lib.trade.payments.rules import HAND_METHODS
from lib.trade.rounds.announcement import said_day
from lib.ui import feedback, messages_text, navigation, recall, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain


def head(shop: Shop, this: Recall) -> None:
    """Show what is called back and how far it is."""
    st.markdown(f"### {plain(this.product)} · {plain(this.code)}")
    with st.container(horizontal=True):
        recall.badge(this)
        if this.stopped_at is not None:
            show.state("late", _("Sale stopped"))
        if this.product_stopped_at is not None:
            show.state("late", _("Product stopped"))
        if this.supplier_told_at is not None:
            show.state("good", _("Supplier told"))
    told = this.told
    show.figures(
        (_("To be told"), str(told.missing)),
        (_("Told"), f"{told.told} / {told.residents}"),
        (_("To be paid back"), str(told.residents - told.settled)),
        (_("Still in the shop"), this.unit.said(this.on_hand)),
    )
    st.markdown(f"**{plain(this.reason)}**")
    if this.advice:
        st.text(this.advice)
    if this.gone:
        said = _(
            "{quantity} left over the counter without an order: nobody knows to whom. The notice "
            "in the group is what reaches them."
        )
        st.warning(said.format(quantity=this.unit.said(this.gone)), icon=":material/help:")
    if this.is_open:
        with st.container(horizontal=True):
            with st.popover(_("Correct the text"), icon=":material/edit:", key="recall-change"):
                _change(shop, this)
            _look_again(shop, this)


def _change(shop: Shop, this: Recall) -> None:
    form = Form(f"recall-change-{this.id}")
    version = form.seen("version", this.version)
    reason = st.text_input(
        _("Reason"), this.reason, max_chars=LONGEST_REASON, key=form.field("reason")
    )
    advice = st.text_area(
        _("What residents should do"), this.advice, max_chars=LONGEST_TEXT, key=form.field("advice")
    )
    if st.button(_("Save"), type="primary", key=form.field("save")):
        with feedback.saying(_("Changes saved"), form):
            commands.change_recall(
                form.once(shop, reason, advice), this.id, version, reason, advice
            )
            _keep_up(form, this)


def _look_again(shop: Shop, this: Recall) -> None:
    form = Form(f"recall-again-{this.id}")
    if st.button(
        _("Look again who has some"),
        icon=":material/person_search:",
        help=_("Deliveries entered late find their goods late."),
        key=form.field("save"),
    ):
        with feedback.saying(_("The list is up to date"), form):
            commands.look_again(form.once(shop, this.id), this.id)


def residents(shop: Shop, this: Recall, buyers: Sequence[Buyer]) -> None:
    """Show everybody who has goods of the batch, those to be told first."""
    st.subheader(_("Who has some"))
    if not buyers:
        show.nothing(_("Nobody who ordered has goods of this batch."))
        return
    say, message = speaker(shop), _message(shop, this)
    for buyer in buyers:
        with st.container(border=True, key=f"buyer-{buyer.member_id}"):
            _who(shop, buyer)
            if this.is_open:
                _tell(shop, this, buyer)
            _text(shop, message, buyer, say)
            for bought in buyer.bought:
                _money(shop, this, bought)


def _who(shop: Shop, buyer: Buyer) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        tail = _("phone …{tail}").format(tail=buyer.phone_tail) if buyer.phone_tail else ""
        where = " · ".join(part for part in (str(buyer.home), tail) if part)
        goods = "，".join(
            f"{show.day(one.day, shop)} {one.unit.said(one.quantity)}" for one in buyer.bought
        )
        st.markdown(
            f"**{plain(buyer.nickname)}** {plain(where)}  \n:small[{plain(goods)}]", width="stretch"
        )
        if not buyer.certain:
            show.state("quiet", _("perhaps"))
        if buyer.told_at is not None:
            show.state("good", _("told"))
        if buyer.refunded and buyer.is_settled:
            show.state("good", _("paid back"))


def _tell(shop: Shop, this: Recall, buyer: Buyer) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if buyer.told_at is not None:
            first = buyer.bought[0]
            how = _(HOW_NAMES[How(first.told_how)]) if first.told_how else ""
            told = f"{show.moment(buyer.told_at, shop)} · {plain(first.told_by)} · {how}"
            st.caption(told, width="stretch")
            form = Form(f"untell-{this.id}-{buyer.member_id}")
            if st.button(_("Undo"), icon=":material/undo:", type="tertiary", key=form.field("go")):
                with feedback.saying(_("Undone"), form):
                    commands.take_back_tell(
                        form.once(shop, this.id, buyer.member_id), this.id, buyer.member_id
                    )
            return
        for how in How:
            form = Form(f"tell-{this.id}-{buyer.member_id}-{how}")
            if st.button(_(HOW_NAMES[how]), icon=":material/check:", key=form.field("go")):
                said = _("Told: {name}").format(name=plain(buyer.nickname))
                with feedback.saying(said, form):
                    bound = form.once(shop, this.id, buyer.member_id, how)
                    commands.tell(bound, this.id, buyer.member_id, how)


def _text(shop: Shop, message: Message, buyer: Buyer, say: Translate) -> None:
    goods = [
        (said_day(one.day, shop.today, say), one.unit.said(one.quantity)) for one in buyer.bought
    ]
    left = show.money(buyer.refundable) if buyer.refundable else ""
    money = texts.money_line(left, refunded=bool(buyer.refunded), say=say)
    with st.expander(_("Text to send"), icon=":material/chat:"):
        text = texts.to_resident(
            message, buyer.nickname, goods, certain=buyer.certain, money=money, say=say
        )
        show.copyable(text, f"recall-{buyer.member_id}")


def _money(shop: Shop, this: Recall, bought: Bought) -> None:
    """Show what one line cost and what was paid back; offer to pay back the rest in one step."""
    with st.container(horizontal=True, vertical_alignment="center"):
        order = _("order {number}").format(number=bought.order_number)
        parts = [order, show.money(bought.amount)]
        if bought.refunded:
            parts.append(_("paid back {amount}").format(amount=show.money(bought.refunded)))
        elif not bought.refundable:
            parts.append(_("not paid"))
        st.caption(" · ".join(parts), width="stretch")
        if bought.refundable and bought.refunded < bought.amount:
            label = _("Pay back {amount}").format(amount=show.money(bought.refundable))
            with st.popover(label, icon=":material/undo:", key=f"refund-{bought.id}"):
                _refund(shop, this, bought, bought.refundable)
        st.page_link(
            navigation.page("orders"),
            label=_("Order"),
            icon=":material/receipt_long:",
            query_params={"order": str(bought.order_id)},
        )


def _refund(shop: Shop, this: Recall, bought: Bought, amount: Money) -> None:
    form = Form(f"recall-refund-{bought.id}")
    method = money_ui.method(form.field("method"), HAND_METHODS)
    say = translator(shop.settings.language)
    reason = say("recall of batch {code}").format(code=this.code)
    label = _("Pay back {amount}").format(amount=show.money(amount))
    if st.button(label, type="primary", width="stretch", key=form.field("save")):
        with feedback.saying(_("Refunded: {amount}").format(amount=show.money(amount)), form):
            bound = form.once(shop, bought.line_id, amount, method)
            refund_line(bound, bought.line_id, amount, reason, method)


def not_yet_handed_over(shop: Shop, this: Recall) -> None:
    """List the orders whose goods of the product are still to be collected."""
    found = queries.waiting(shop, this.id) if this.is_open else ()
    if not found:
        return
    st.subheader(_("Not yet collected: do not hand over"))
    st.caption(
        _("Goods of other batches may be given; those of this one are refused at the pickup desk.")
    )
    frame = pd.DataFrame(
        [
            {
                _("No."): one.number,
                _("Who"): one.nickname,
                _("Door"): str(one.home),
                _("Quantity"): one.unit.said(one.quantity),
                _("Pickup day"): one.day,
                _("Slot"): show.slot(one.slot, shop),
            }
            for one in found
        ]
    )
    config = {_("No."): st.column_config.NumberColumn(pinned=True)}
    show.table(frame, f"recall-{this.id}-waiting", shop, config=config)


def given(shop: Shop, this: Recall) -> None:
    """Name who was given goods of it without an order: to be told, nothing to pay back."""
    found = given_without_order(shop, this)
    if not found:
        return
    st.markdown(f"#### {_('Given as a gift or for points: {count}').format(count=len(found))}")
    st.caption(_("They are not among the orders. Tell them, too; there is nothing to pay back."))
    for one in found:
        parts = [str(one.home), _("phone …{tail}").format(tail=one.phone_tail)]
        known = [
            part for part, there in zip(parts, (one.home, one.phone_tail), strict=True) if there
        ]
        details = [*known, this.unit.said(one.quantity), show.day(one.day, shop)]
        maybe = "" if one.certain else f" · {_('perhaps of this batch')}"
        st.markdown(f"- **{plain(one.name)}** · {plain(' · '.join(details))}{maybe}")


def notice(shop: Shop, this: Recall) -> None:
    """Show the notice for the group, and when it was posted."""
    st.subheader(_("Notice for the group"))
    text = texts.to_group(_message(shop, this), speaker(shop))
    messages_text.offer(
        shop, RECALL, f"recall:{this.id}", text, "recall-notice", closed=not this.is_open
    )


def supplier(shop: Shop, this: Recall) -> None:
    """Show whom to call at the supplier's, and tick it."""
    st.subheader(_("Tell the supplier"))
    with st.container(horizontal=True, vertical_alignment="center"):
        contact = " · ".join(part for part in (this.supplier_name, this.supplier_contact) if part)
        st.markdown(plain(contact), width="stretch")
        form = Form(f"recall-supplier-{this.id}")
        version = form.seen("version", this.version)
        told = this.supplier_told_at is not None
        if told:
            show.state("good", show.moment(this.supplier_told_at, shop))
        if this.is_open and st.button(
            _("Undo") if told else _("Supplier told"),
            icon=":material/undo:" if told else ":material/check:",
            type="tertiary" if told else "secondary",
            key=form.field("save"),
        ):
            with feedback.saying(_("Noted"), form):
                bound = form.once(shop, this.id, told)
                commands.supplier_told(bound, this.id, version, told=not told)
                _keep_up(form, this)


def close(shop: Shop, this: Recall) -> None:
    """Ask what became of the goods and close the recall; show the record of a closed one."""
    st.subheader(_("Disposal and end"))
    if this.closed_at is not None:
        st.text(this.disposal)
        st.caption(f"{show.moment(this.closed_at, shop)} · {plain(this.closed_by)}")
        return
    if shop.actor.role is not Role.OWNER:
        st.caption(_("Only the owner closes a recall."))
        return
    if this.told.missing:
        missing = _("{count} residents are not told yet.").format(count=this.told.missing)
        st.warning(missing, icon=":material/person_alert:")
    form = Form(f"recall-close-{this.id}")
    version = form.seen("version", this.version)
    with st.form(form.field("form"), border=False):
        disposal = st.text_area(
            _("What became of the goods"),
            max_chars=LONGEST_TEXT,
            placeholder=_("how much, destroyed or sent back, when, by whom"),
            key=form.field("disposal"),
        )
        saved = st.form_submit_button(_("Close the recall"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Recall closed"), form):
            commands.close_recall(form.once(shop, this.id, disposal), this.id, version, disposal)


def _keep_up(form: Form, this: Recall) -> None:
    form.keep_up(*(f"recall-{what}-{this.id}" for what in ("change", "supplier", "close")))


def export(shop: Shop, this: Recall, buyers: Sequence[Buyer]) -> None:
    """Show the record as a table to keep, and the way to the dossier."""
    if buyers:
        with st.expander(_("Record to keep"), icon=":material/table:", key="recall-record"):
            columns = [_("Cost"), _("Paid back")]
            show.table(_frame(buyers), f"recall-{this.id}", shop, money_columns=columns,
                       moment_columns=[_("Told")])  # fmt: skip
    with st.container(horizontal=True):
        st.link_button(_("Dossier"), f"/dossier/{this.batch_id}", icon=":material/folder_zip:")
        st.page_link(
            navigation.page("batches"),
            label=_("To the batch"),
            icon=":material/qr_code_2:",
            query_params={"batch": str(this.batch_id)},
        )


def _frame(buyers: Sequence[Buyer]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                _("Who"): buyer.nickname,
                _("Door"): str(buyer.home),
                _("Order"): one.order_number,
                _("Pickup day"): one.day,
                _("Quantity"): one.unit.said(one.quantity),
                _("Certain"): one.certain,
                _("Told"): one.told_at,
                _("How"): _(HOW_NAMES[How(one.told_how)]) if one.told_how else "",
                _("By"): one.told_by,
                _("Cost"): one.amount.fen,
                _("Paid back"): one.refunded.fen,
            }
            for buyer in buyers
            for one in buyer.bought
        ]
    )


def _message(shop: Shop, this: Recall) -> Message:
    say = translator(shop.settings.language)
    base = shop.settings.public_address
    return Message(
        shop.settings.shop_name,
        this.product,
        this.code,
        said_day(this.arrived_on, shop.today, say),
        this.reason,
        this.advice,
        base + path_of(this.token) if base else "",
    )
