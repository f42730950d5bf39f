"""Asking for money and showing how it stands, the same on every page."""

from collections.abc import Sequence

import streamlit as st

from lib.kernel.money import Money
from lib.trade.payments.rules import METHOD_NAMES, STATE_NAMES, Method, OrderMoney, PayState
from lib.ui import show
from lib.ui.words import _

STATES: dict[PayState, show.State] = {
    PayState.UNPAID: "late",
    PayState.PART: "soon",
    PayState.PAID: "good",
    PayState.OVERPAID: "soon",
}


def amount(label: str, key: str, *, start: Money | None = None, help_: str | None = None) -> Money:
    """Ask for an amount in yuan; zero while nothing is typed."""
    typed = st.number_input(
        label,
        min_value=0.0,
        max_value=10_000_000.0,
        value=float(start.yuan) if start else None,
        step=1.0,
        format="%.2f",
        placeholder="0.00",
        icon=":material/currency_yuan:",
        help=help_,
        key=key,
    )
    return Money.of(f"{typed or 0:.2f}")


def written(price: Money | None) -> str:
    """Return a price as it stands in a field of text; empty where nobody knows it."""
    return "" if price is None else str(price.yuan)


def method(key: str, ways: Sequence[Method], label: str | None = None) -> Method:
    """Ask how money moves; the first way is chosen."""
    chosen = st.segmented_control(
        label or _("Paid how"),
        list(ways),
        format_func=lambda way: _(METHOD_NAMES[way]),
        default=ways[0],
        required=True,
        key=key,
    )
    return Method(chosen or ways[0])


def state_said(money: OrderMoney) -> str:
    """Return how an order stands in one phrase with the amount that matters."""
    word = _(STATE_NAMES[money.state])
    if money.state is PayState.OVERPAID:
        return f"{word} {show.money(money.overpaid)}"
    return f"{word} {show.money(money.due)}" if money.due else word


def badge(money: OrderMoney) -> None:
    """Show how an order stands."""
    show.state(STATES[money.state], state_said(money))
