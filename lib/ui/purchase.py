"""Purchase orders on screen: what is open, what is said to the supplier, what can be done."""

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import streamlit as st
from babel.dates import format_date

from lib.kernel.money import Money
from lib.shop.language import locale, translator
from lib.shop.messages.wording import speaker
from lib.shop.shop import Shop
from lib.supply.purchasing import commands, queries, texts
from lib.supply.purchasing.queries import OrderLine, PurchaseOrder
from lib.supply.purchasing.rules import STATUS_NAMES, Status, WantedLine
from lib.ui import choice, feedback, navigation, quantities, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

OPEN, FROM_ROUND, BY_HAND, FINISHED = "open", "round", "hand", "finished"
_LINK = "purchase_link"
_STATES: dict[Status, show.State] = {
    Status.DRAFT: "soon",
    Status.SENT: "good",
    Status.CLOSED: "quiet",
    Status.CANCELLED: "quiet",
}


def view(found: Sequence[PurchaseOrder]) -> str:
    """Let one of the page's views be chosen.

    ``?round=`` opens the one that makes orders of it, ``?order=`` the one where that order stands.
    """
    names = {
        OPEN: _("Open orders"),
        FROM_ROUND: _("From a round"),
        BY_HAND: _("Write an order"),
        FINISHED: _("Finished"),
    }
    asked = _asked_view(found)
    link = (st.query_params.get("round"), st.query_params.get("order"))
    if st.session_state.get(_LINK) != link:  # a link on this very page leads to another view
        st.session_state[_LINK] = link
        st.session_state.pop("purchase_view", None)
    return choice.of_views(_("View"), names, asked, "purchase_view")


def _asked_view(found: Sequence[PurchaseOrder]) -> str:
    order = asked_order()
    if order is not None:
        return OPEN if any(one.id == order for one in found) else FINISHED
    return FROM_ROUND if "round" in st.query_params else OPEN


def figures(shop: Shop, found: Sequence[PurchaseOrder]) -> None:
    """Show how many deliveries are due, late, and not ordered yet."""
    today = sum(one.expected_on == shop.today for one in found)
    late = sum(one.expected_on < shop.today for one in found)
    drafts = sum(one.status is Status.DRAFT for one in found)
    show.figures(
        (_("Expected today"), str(today)),
        (_("Late"), str(late)),
        (_("Not sent yet"), str(drafts)),
    )


def asked_order() -> int | None:
    """Return the order the address names (``?order=12``); None for none."""
    asked = st.query_params.get("order", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def cards(shop: Shop, found: Sequence[PurchaseOrder]) -> None:
    """Show open orders by the day they are expected; the one of the address stands open."""
    asked = asked_order()
    for one in found:
        with st.expander(
            _headline(shop, one),
            expanded=one.id == asked or len(found) == 1,
            icon=":material/local_shipping:",
            key=f"purchase-{one.id}",
        ):
            card(shop, one)


def _headline(shop: Shop, one: PurchaseOrder) -> str:
    parts = [one.number, plain(one.supplier_name), show.day(one.expected_on, shop)]
    late = f" :red[{_('overdue')}]" if one.is_open and one.expected_on < shop.today else ""
    return " · ".join(parts) + late


def card(shop: Shop, one: PurchaseOrder) -> None:
    """Show one order with what can be done about it."""
    with st.container(horizontal=True):
        show.state(_STATES[one.status], _(STATUS_NAMES[one.status]))
        if one.is_open and one.expected_on < shop.today:
            show.state("late", _("overdue"))
        if one.partly_came:
            show.state("soon", _("came in part"))
    st.markdown("\n".join(_line(one, line) for line in one.lines))
    st.caption(_facts(shop, one))
    warnings(one.lines, one.below)
    if one.close_reason:
        st.caption(_("Reason: {reason}").format(reason=plain(one.close_reason)))
    if not one.is_open:
        return
    st.markdown(f"**{_('For the supplier')}**")
    show.copyable(supplier_text(shop, one), f"purchase-{one.id}")
    with st.container(horizontal=True):
        _steps(shop, one)


def _line(one: PurchaseOrder, line: OrderLine) -> str:
    said = f"- {plain(line.name)} **{plain(line.unit.said(line.quantity))}**"
    if line.cases.count and line.case != 1:
        cases = _("{count} cases").format(count=line.cases.count)
        said += f" ({cases})"
    remainder = said_remainder(line)
    if remainder:
        said += f" · {remainder}"
    if line.amount is not None:
        said += f" · {show.money(line.amount)}"
    if line.received or line.rejected:
        came = _("came {amount}").format(amount=_amount(line, line.received))
        said += f" · :green[{came}]"
        if line.to_come and one.is_open:
            open_part = _("still to come {amount}").format(amount=_amount(line, line.to_come))
            said += f" · :orange[{open_part}]"
    if line.rejected:
        said += f" · :red[{_('rejected {amount}').format(amount=_amount(line, line.rejected))}]"
    return said


def _amount(line: OrderLine, amount: int) -> str:
    return plain(line.unit.said(amount)) if amount else "0"


def said_remainder(line: OrderLine) -> str:
    """Return what is left over or missing against the need, in words; empty when it fits."""
    if line.cases.left_over and line.needed:
        return _("needed {needed}, {rest} left over").format(
            needed=plain(line.unit.said(line.needed)), rest=_amount(line, line.cases.left_over)
        )
    if line.cases.missing:
        missing = _("needed {needed}, :red[{rest} missing]")
        return missing.format(
            needed=plain(line.unit.said(line.needed)), rest=_amount(line, line.cases.missing)
        )
    return ""


def warnings(lines: Sequence[OrderLine], below: Money) -> None:
    """Say what is below a minimum of the supplier; nothing is blocked by it (E3)."""
    for line in lines:
        if line.below:
            said = _("{product}: {missing} below the supplier's least quantity of {least}.")
            st.warning(
                said.format(
                    product=plain(line.name),
                    missing=plain(line.unit.said(line.below)),
                    least=plain(line.unit.said(line.minimum or 0)),
                ),
                icon=":material/production_quantity_limits:",
            )
    if below:
        said = _("{missing} below the supplier's minimum order. It can be sent all the same.")
        st.warning(
            said.format(missing=show.money(below)), icon=":material/production_quantity_limits:"
        )


def _facts(shop: Shop, one: PurchaseOrder) -> str:
    parts = [_("expected {day}").format(day=show.day(one.expected_on, shop))]
    if one.amount is not None:
        parts.append(_("comes to {amount}").format(amount=show.money(one.amount)))
    if one.round_title:
        parts.append(_("for {round}").format(round=plain(one.round_title)))
    if one.plan_day is not None:
        parts.append(_("by the plan for {day}").format(day=show.day(one.plan_day, shop)))
    if one.sent_at is not None:
        parts.append(_("sent {moment}").format(moment=show.moment(one.sent_at, shop)))
    made = _("made by {name}, {moment}")
    parts.append(
        made.format(name=plain(one.created_by or "—"), moment=show.moment(one.created_at, shop))
    )
    return " · ".join(parts)


def supplier_text(shop: Shop, one: PurchaseOrder) -> str:
    """Return the order as the supplier gets it, in the shop's language."""
    settings = shop.settings
    say = speaker(shop)
    return texts.order_text(
        settings.shop_name or say("Linli"),
        one.number,
        one.supplier_name,
        said_day(one.expected_on, settings.language),
        [texts.Goods(line.name, line.unit, line.quantity, line.case) for line in one.lines],
        say,
        note=one.note,
        place=settings.pickup_point,
    )


def said_cases(line: OrderLine, say: Callable[[str], str]) -> str:
    """Return how many cases a line is, in the shop's language; empty when it is none."""
    return texts.Goods(line.name, line.unit, line.quantity, line.case).cases(say)


def said_day(day: date, language: str) -> str:
    """Return a day as it is told to somebody who reads it another day: 周六 9月26日."""
    pattern = "EEE M月d日" if language == "zh_CN" else "EEE d MMM"
    return format_date(day, pattern, locale=locale(language))


def _steps(shop: Shop, one: PurchaseOrder) -> None:
    if one.status is Status.DRAFT:
        form = Form(f"send_{one.id}")
        if st.button(
            _("The supplier has it"),
            type="primary",
            icon=":material/send:",
            key=form.field("send"),
        ):
            with feedback.saying(_("Marked as sent: {number}").format(number=one.number), form):
                commands.send_order(form.once(shop, one.id), one.id, one.version)
        _change(shop, one)
    st.page_link(
        navigation.page("receive"),
        label=_("Receive"),
        icon=":material/inventory:",
        query_params={"order": str(one.id)},
    )
    st.link_button(
        _("Print"), f"/print/purchase?order={one.id}", icon=":material/print:",
        key=f"print-purchase-{one.id}",
    )  # fmt: skip
    if one.status is Status.SENT:
        _move(shop, one)
        if not any(line.received or line.rejected for line in one.lines):
            _unsend(shop, one)
    _finish(shop, one)


def _change(shop: Shop, one: PurchaseOrder) -> None:
    form = Form(f"change_purchase_{one.id}")
    version = form.seen("version", one.version)
    with st.popover(_("Change"), icon=":material/edit:", key=f"change-{one.id}"):
        counts = {
            line.product_id: quantities.field(
                form.field(f"line-{line.product_id}"),
                plain(line.name),
                line.unit,
                line.quantity,
                width=260,
            )
            for line in one.lines
        }
        day = st.date_input(
            _("Expected on"), one.expected_on, format="YYYY-MM-DD", key=form.field("day")
        )
        note = st.text_area(_("Note for the supplier"), one.note, key=form.field("note"), height=80)
        st.caption(_("0 takes a product out of the order."))
        if st.button(_("Save changes"), type="primary", key=form.field("save")):
            with feedback.saying(_("Order changed"), form):
                lines = [
                    WantedLine(
                        line.product_id,
                        line.needed if amount else 0,
                        amount,
                    )
                    for line in one.lines
                    for amount in (quantities.typed(line.unit, counts[line.product_id], line.name),)
                ]
                commands.change_order(
                    form.once(shop, one.id, lines, day, note), one.id, version, lines, day, note
                )


def _move(shop: Shop, one: PurchaseOrder) -> None:
    form = Form(f"move_purchase_{one.id}")
    with st.popover(_("Comes another day"), icon=":material/event:", key=f"move-{one.id}"):
        day = st.date_input(
            _("Expected on"),
            max(one.expected_on, shop.today),
            format="YYYY-MM-DD",
            key=form.field("day"),
        )
        if st.button(_("Move"), type="primary", key=form.field("save")):
            with feedback.saying(_("Expected on another day"), form):
                commands.move_order(form.once(shop, one.id, day), one.id, one.version, day)


def _unsend(shop: Shop, one: PurchaseOrder) -> None:
    form = Form(f"unsend_{one.id}")
    if st.button(_("Take the sending back"), icon=":material/undo:", key=form.field("undo")):
        with feedback.saying(_("The order can be changed again"), form):
            commands.unsend_order(form.once(shop, one.id), one.id, one.version)
            Form(f"change_purchase_{one.id}").look_again()  # shown again, in its new state


def _finish(shop: Shop, one: PurchaseOrder) -> None:
    came = any(line.received or line.rejected for line in one.lines)
    label = _("Nothing more comes") if came else _("Cancel the order")
    form = Form(f"finish_{one.id}")
    with st.popover(label, icon=":material/block:", key=f"finish-{one.id}"):
        reason = st.text_input(_("Reason"), key=form.field("reason"), max_chars=200)
        if st.button(label, type="primary", key=form.field("save")):
            with feedback.saying(_("Order {number} is finished").format(number=one.number), form):
                act = commands.close_order if came else commands.cancel_order
                act(form.once(shop, one.id, reason), one.id, one.version, reason)


def totals(shop: Shop, found: Sequence[PurchaseOrder]) -> None:
    """Show what each supplier is asked for in all open orders, to copy or print (E5)."""
    with st.expander(_("Totals per supplier"), icon=":material/summarize:", key="totals"):
        for supplier, goods in per_supplier(found).items():
            say = translator(shop.settings.language)
            st.markdown(f"**{plain(supplier)}**")
            show.copyable("\n".join(one.said(say) for one in goods), f"total-{supplier}")
        st.link_button(_("Print the totals"), "/print/purchase", icon=":material/print:")
        show.table(_frame(found), "purchase", shop, money_columns=[_("Price"), _("Amount")])


def per_supplier(found: Sequence[PurchaseOrder]) -> dict[str, tuple[texts.Goods, ...]]:
    """Return the goods of ``found`` added up per supplier."""
    goods: dict[str, list[texts.Goods]] = {}
    for one in found:
        goods.setdefault(one.supplier_name, []).extend(
            texts.Goods(line.name, line.unit, line.quantity, line.case) for line in one.lines
        )
    return {supplier: texts.merged(lines) for supplier, lines in goods.items()}


def _frame(found: Sequence[PurchaseOrder]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                _("Purchase order"): one.number,
                _("Supplier"): one.supplier_name,
                _("Expected on"): one.expected_on,
                _("Status"): _(STATUS_NAMES[one.status]),
                _("Product"): line.name,
                _("Needed"): quantities.shown(line.unit, line.needed),
                _("Ordered"): quantities.shown(line.unit, line.quantity),
                _("Received"): quantities.shown(line.unit, line.received),
                _("Unit"): line.unit.word,
                _("Price"): line.unit_price.fen if line.unit_price else None,
                _("Amount"): line.amount.fen if line.amount is not None else None,
            }
            for one in found
            for line in one.lines
        ]
    )


def finished(shop: Shop) -> None:
    """Show the last finished orders."""
    found = queries.orders(shop, statuses=(Status.CLOSED, Status.CANCELLED), limit=60)
    if not found:
        show.nothing(_("No order is finished yet."))
        return
    show.table(
        _frame(found), "purchase-finished", shop, money_columns=[_("Price"), _("Amount")],
        config={_("Purchase order"): st.column_config.TextColumn(pinned=True)},
    )  # fmt: skip
    asked = asked_order()
    names = {one.id: f"{one.number} · {one.supplier_name}" for one in found}
    chosen = st.selectbox(
        _("Look at one"),
        list(names),
        index=list(names).index(asked) if asked in names else 0,
        format_func=names.__getitem__,
        key="purchase_finished",
    )
    with st.container(border=True):
        card(shop, next(one for one in found if one.id == chosen))
