"""The list of orders: filters that stand in the address, figures, the table."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from lib.kernel.money import total
from lib.shop.shop import Shop
from lib.trade.orders import queries as orders
from lib.trade.orders.queries import MOST_ORDERS, Order
from lib.trade.payments import queries as payments
from lib.trade.payments.rules import OrderMoney, PayState
from lib.trade.rounds.queries import rounds
from lib.ui import choice, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _

UNPAID, GIVE_BACK, TO_CHECK, CANCELLED = "unpaid", "give_back", "to_check", "cancelled"


@dataclass(frozen=True)
class Wanted:
    """What the filters ask for."""

    text: str
    round_id: int | None
    day: date | None
    slot: str | None
    only: str | None


def chosen(name: str = "order") -> int | None:
    """Return the number behind ``?order=``; None for none or for something else."""
    asked = st.query_params.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else None


def filters(shop: Shop) -> Wanted:
    """Draw the filters; what is chosen stands in the address."""
    text = st.text_input(
        _("Find an order"),
        placeholder=_("number, nickname, pinyin, end of phone, 3-201"),
        icon=":material/search:",
        key="search",
        bind="query-params",
        label_visibility="collapsed",
    )
    words = {
        UNPAID: _("unpaid"),
        GIVE_BACK: _("to give back"),
        TO_CHECK: _("to check"),
        CANCELLED: _("cancelled"),
    }
    only = st.pills(
        _("Show only"),
        list(words),
        format_func=words.__getitem__,
        default=_asked("only", list(words)),
        key="only-pills",
        label_visibility="collapsed",
    )
    with st.popover(_("Round, day, slot"), icon=":material/filter_alt:", key="orders-more"):
        titles = {str(one.id): one.title for one in rounds(shop, limit=50)}
        round_id = _choice("round", _("Round"), titles, _("all rounds"))
        day = st.date_input(_("Pickup day"), value=_asked_day(), key="orders-day")
        slots = {one.key: show.slot(one.key, shop) for one in shop.settings.slots}
        slot = _choice("slot", _("Slot"), slots, _("all slots"))
    _keep(only=only, round=round_id, day=day.isoformat() if day else None, slot=slot)
    return Wanted(text, int(round_id) if round_id else None, day, slot, only)


def _choice(name: str, label: str, options: dict[str, str], nothing: str) -> str | None:
    asked, keys = _asked(name, list(options)), list(options)
    return st.selectbox(
        label,
        keys,
        index=keys.index(asked) if asked else None,
        format_func=options.__getitem__,
        placeholder=nothing,
        key=f"orders-{name}",
    )


def _asked(name: str, options: list[str]) -> str | None:
    """What the address asks for, if it is one of ``options``."""
    asked = st.query_params.get(name, "")
    return asked if asked in options else None


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return None


def _keep(**chosen_values: str | None) -> None:
    """Let the address say what is chosen, in words that no language changes."""
    for name, value in chosen_values.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value


def found(shop: Shop, wanted: Wanted) -> tuple[list[Order], dict[int, OrderMoney]]:
    """Return the orders the filters ask for, with their money."""
    ids = None
    if wanted.only == UNPAID:
        ids = [one.order_id for one in payments.unpaid_orders(shop, limit=MOST_ORDERS)]
    rows = orders.orders(
        shop,
        round_id=wanted.round_id,
        day=wanted.day,
        slot=wanted.slot,
        to_check=wanted.only == TO_CHECK,
        cancelled=wanted.only in (CANCELLED, GIVE_BACK),
        text=wanted.text,
        ids=ids,
    )
    if wanted.only == CANCELLED:
        rows = [row for row in rows if not row.active]
    money = payments.money_of(shop, [row.id for row in rows])
    if wanted.only == GIVE_BACK:
        rows = [row for row in rows if money[row.id].state is PayState.OVERPAID]
    return rows, money


def totals(rows: list[Order], money: dict[int, OrderMoney]) -> None:
    """Show how many orders these are, what they come to and what is missing."""
    mine = [money[row.id] for row in rows]
    unpaid = sum(1 for one in mine if one.due)
    give_back = total(one.overpaid for one in mine)
    check = sum(1 for row in rows if row.check_reason)
    items = [
        (_("Orders"), str(len(rows))),
        (_("Come to"), show.money(total(one.owed for one in mine))),
        (_("Still due ({count})").format(count=unpaid), show.money(total(o.due for o in mine))),
    ]
    if give_back:
        items.append((_("To give back"), show.money(give_back)))
    if check:
        items.append((_("To check"), str(check)))
    show.figures(*items)
    if len(rows) == MOST_ORDERS:
        st.caption(_("These are the newest {count}. Narrow the search to see others.").format(
            count=MOST_ORDERS))  # fmt: skip


def listing(shop: Shop, rows: list[Order], money: dict[int, OrderMoney]) -> int | None:
    """Show the table; return the order a person picked in it."""
    columns = {
        "number": _("No."),
        "who": _("Who"),
        "home": _("Door"),
        "state": _("Payment state"),
        "total": _("Total"),
        "goods": _("Goods"),
        "day": _("Pickup day"),
        "slot": _("Slot"),
        "due": _("Due"),
        "check": _("To check"),
        "round": _("Round"),
        "note": _("Note"),
    }
    frame = pd.DataFrame([_row(shop, row, money[row.id]) for row in rows], columns=list(columns))
    picked = choice.of_rows(
        frame.rename(columns=columns),
        "orders",
        shop,
        money_columns=[columns["total"], columns["due"]],
        config={
            columns["number"]: st.column_config.NumberColumn(width=60),
            columns["who"]: st.column_config.TextColumn(width=110),
            columns["home"]: st.column_config.TextColumn(width=90),
        },
        empty=_("No order fits."),
    )
    return None if picked is None else int(rows[picked].id)


def _row(shop: Shop, row: Order, money: OrderMoney) -> dict[str, object]:
    return {
        "number": row.number,
        "who": row.nickname,
        "home": str(row.home),
        "state": money_ui.state_said(money) if row.active else _cancelled(money),
        "total": money.owed.fen,
        "goods": "，".join(line.said for line in row.standing),
        "day": row.pickup_day,
        "slot": show.slot(row.slot, shop, usual=row.slot_usual),
        "due": money.due.fen,
        "check": reasons(row.check_reason),
        "round": row.round_title or "",
        "note": row.note,
    }


def _cancelled(money: OrderMoney) -> str:
    if money.overpaid:
        return f"{_('cancelled')}, {money_ui.state_said(money)}"
    return _("cancelled")


def reasons(joined: str | None) -> str:
    """Return why an order should be looked at, each reason translated."""
    return "; ".join(_(part) for part in joined.split("; ")) if joined else ""


def look_anew(order: Order) -> None:
    """Let every form about an order name the state a save has just made.

    Without it the second of two saves by the same person would be refused as stale.
    """
    names = [f"{what}-{order.id}" for what in ("checked", "pickup", "goods", "cancel", "restore")]
    for name in [*names, *(f"weigh-{line.id}" for line in order.lines)]:
        Form(name).look_again()
