"""The day's money at a glance, counting the till, and earlier counts."""

from datetime import date

import pandas as pd
import streamlit as st

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.payments import commands
from lib.trade.payments.queries import CashUp, DayMoney, Payment
from lib.trade.payments.rules import KIND_NAMES, METHOD_NAMES, TillCount
from lib.ui import feedback, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain


def figures(day: DayMoney) -> None:
    """Show what should lie in the till and what came in by each way."""
    show.figures(
        (
            _("Should lie in the till"),
            show.money(day.expected_cash),
            _("{opening} of change in the morning, and the day's cash").format(
                opening=show.money(day.opening)
            ),
        ),
        (_("Cash"), show.money(day.cash), _in_and_out(day.cash_in, day.cash_out)),
        (_("Transfers"), show.money(day.transfer), _in_and_out(day.transfer_in, day.transfer_out)),
    )
    more = [
        (_("paid from balances {amount}"), day.balance_used),
        (_("refunded to balances {amount}"), day.balance_returned),
        (_("taken by ordering platforms {amount}"), day.platform),
        (_("rounded off {amount}"), day.rounded_off),
    ]
    said = [text.format(amount=show.money(amount)) for text, amount in more if amount]
    if said:
        st.caption(" · ".join(said))


def _in_and_out(came: Money, went: Money) -> str:
    return _("{came} came in, {went} went out").format(came=show.money(came), went=show.money(went))


def count(shop: Shop, day: DayMoney) -> None:
    """Ask what the till and the account hold, and say the difference before it is kept."""
    form = Form(f"cash-up-{day.day:%Y%m%d}")
    with st.container(border=True):
        st.markdown(f"### {_('Count the till')}")
        counted = money_ui.amount(_("Cash counted"), form.field("cash"))
        transfer = money_ui.amount(
            _("Transfers in the account today"),
            form.field("transfer"),
            help_=_("Leave empty if you did not look."),
        )
        if counted:
            difference(TillCount(day.opening, day.cash, counted).difference)
        if transfer:
            _account(transfer - day.transfer)
        note = st.text_input(_("Note"), max_chars=200, key=form.field("note"))
        label = _("Keep this count")
        if st.button(label, type="primary", icon=":material/done_all:", key=form.field("save")):
            seen = transfer or None
            with feedback.saying(_("Count kept"), form):
                bound = form.once(shop, day.day, counted, seen, note)
                commands.cash_up(bound, day.day, counted, seen, note)


def difference(amount: Money) -> None:
    """Say plainly whether the till is short, over, or right."""
    if not amount:
        show.state("good", _("The till is right to the fen."))
    elif amount.fen < 0:
        show.state("late", _("The till is {amount} short.").format(amount=show.money(-amount)))
    else:
        show.state("soon", _("The till is {amount} over.").format(amount=show.money(amount)))


def _account(amount: Money) -> None:
    if not amount:
        show.state("good", _("The transfers agree."))
    elif amount.fen < 0:
        show.state(
            "late", _("{amount} of transfers is missing.").format(amount=show.money(-amount))
        )
    else:
        show.state("soon", _("{amount} of transfers is not booked.").format(
            amount=show.money(amount)))  # fmt: skip


def last_count(shop: Shop, counts: list[CashUp], day: DayMoney) -> None:
    """Show the count that stands for the day, and whether money moved since."""
    mine = [one for one in counts if one.day == day.day]
    if not mine:
        return
    newest = mine[0]
    with st.container(border=True):
        who = f"{show.moment(newest.at, shop)} · {plain(newest.person or '')}"
        st.markdown(f"**{_('Counted: {amount}').format(amount=show.money(newest.till.counted))}**")
        st.caption(who)
        difference(newest.till.difference)
        if newest.transfer_difference is not None:
            _account(newest.transfer_difference)
        moved = day.cash - newest.till.cash
        if moved:
            st.caption(
                _("Since then {amount} of cash was booked.").format(amount=show.money(moved))
            )
        if newest.note:
            st.caption(plain(newest.note))


def by_person(day: DayMoney) -> None:
    """Show whose hands the money went through."""
    for one in day.people:
        said = _("{name}: cash {cash}, transfers {transfer}, {count} rows").format(
            name=plain(one.name or _("the program")),
            cash=show.money(one.cash),
            transfer=show.money(one.transfer),
            count=one.rows,
        )
        st.markdown(said)


def rows(shop: Shop, moved: list[Payment], day: date) -> None:
    """Show and export the day's payment rows."""
    columns = [_("Time"), _("Who"), _("Order"), _("Kind"), _("Paid how"), _("Amount"),
               _("Rounded or forgiven"), _("Reason"), _("Done by"), _("Undone")]  # fmt: skip
    frame = pd.DataFrame(
        [
            [
                row.at,
                row.nickname,
                row.order_number,
                _(KIND_NAMES[row.kind]),
                _(METHOD_NAMES[row.method]),
                row.amount.fen,
                row.forgiven.fen,
                row.reason,
                row.person or "",
                _("yes") if row.undone else "",
            ]
            for row in moved
        ],
        columns=columns,
    )
    frame[_("Order")] = frame[_("Order")].astype("Int64")
    show.table(
        frame,
        f"payments-{day:%Y%m%d}",
        shop,
        money_columns=[_("Amount"), _("Rounded or forgiven")],
        moment_columns=[_("Time")],
        empty=_("No money moved on this day."),
    )


def counts(shop: Shop, found: list[CashUp]) -> None:
    """Show and export earlier counts."""
    columns = [_("Day"), _("Counted at"), _("Done by"), _("Expected"), _("Counted"),
               _("Difference"), _("Transfers booked"), _("Transfers seen"), _("Note")]  # fmt: skip
    frame = pd.DataFrame(
        [
            [
                one.day,
                one.at,
                one.person or "",
                one.till.expected.fen,
                one.till.counted.fen,
                one.till.difference.fen,
                one.transfer.fen,
                one.counted_transfer.fen if one.counted_transfer is not None else None,
                one.note,
            ]
            for one in found
        ],
        columns=columns,
    )
    show.table(
        frame,
        "cash-ups",
        shop,
        money_columns=[columns[place] for place in (3, 4, 5, 6, 7)],
        moment_columns=[_("Counted at")],
        empty=_("The till was not counted yet."),
    )
