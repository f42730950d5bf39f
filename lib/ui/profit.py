"""What was earned on screen: totals, products, rounds and a year of months (E15)."""

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trust.books.rules import Scope
from lib.trust.costs.profit.queries import months, rounds
from lib.trust.costs.profit.rules import COSTS, Earned, Profit, Stage, share_of
from lib.trust.costs.rules import GIVEN, LABELS, Part
from lib.ui import choice, profit_chart, show
from lib.ui.words import _, plain

PRODUCTS, ROUNDS, YEAR = "products", "rounds", "year"
HAND = "✎"


def figures(found: Profit) -> None:
    """Show what came in, what it cost, what was kept and how much of the revenue that is."""
    kept = _(GIVEN) if found.kept.fen < 0 else _(LABELS[Part.KEPT])
    show.figures(
        (
            _("Revenue"),
            show.money(found.revenue),
            _("Orders by pickup day as residents paid them, before refunds, and counter sales."),
        ),
        (_("Costs"), show.money(found.cost)),
        (kept, show.money(Money(abs(found.kept.fen)))),
        (_("Kept of the revenue"), "—" if found.share is None else f"{found.share} %"),
    )
    parts = [
        f"{_(LABELS[part])} {show.money(amount)}"
        for part, amount in found.totals.items()
        if amount or part is Part.PURCHASE
    ]
    if found.gifts:
        parts.append(f"{_('Gifts')} {show.money(found.gifts)}")
    st.markdown(f"**{show.money(found.cost)}** = " + " + ".join(parts))
    if found.reckoned:
        reckoned = _(
            "{amount} of the revenue went over the counter without an order. No price was written "
            "down for it: it is reckoned at the price on the shelf that day."
        )
        st.caption(reckoned.format(amount=show.money(found.reckoned)))
    if found.unknown:
        names = "、".join(plain(name) for name in found.unknown)
        st.warning(
            _("Nothing says what these goods cost, so they seem all profit: {names}").format(
                names=names
            ),
            icon=":material/price_change:",
        )


def not_included() -> None:
    """Say what is paid from what the shop keeps, in the words of the public page."""
    st.caption(
        _(
            "Not in these lines: rent, wages, electricity, taxes and the shop's own time. They "
            "are paid from what the shop keeps."
        )
    )


def choose_view() -> str:
    """Ask what to look at: only that is read."""
    labels = {
        PRODUCTS: _("Products"),
        ROUNDS: _("Rounds"),
        YEAR: _("Twelve months"),
    }
    return choice.of_views(_("What to look at"), labels, PRODUCTS, "profit-view")


def products(shop: Shop, found: Profit) -> None:
    """Show every product with totals, loss makers first, then its costs per sale unit."""
    losing = [line for line in found.lines if line.kept.fen < 0]
    if losing:
        names = "、".join(plain(line.name) for line in losing)
        show.state("late", _("{count} products lost money").format(count=len(losing)))
        st.caption(names)
    labels = {part: _(LABELS[part]) for part in Part}
    frame = pd.DataFrame([_totals(line, labels, losing=bool(losing)) for line in found.lines])
    show.table(
        frame,
        "profit",
        shop,
        money_columns=[_("Revenue"), *labels.values(), _("Of it reckoned")],
        config=_config(),
        empty=_("Nothing was sold in these days."),
    )
    if not found.lines:
        return
    st.subheader(_("Per sale unit"))
    st.caption(
        _(
            "The costs of one sale unit, as the price sheet of the same days says them. "
            "{mark} typed by hand."
        ).format(mark=HAND)
    )
    per_unit = pd.DataFrame([_per_unit(line, labels) for line in found.lines])
    show.table(
        per_unit,
        "profit-units",
        shop,
        money_columns=[_("Revenue of one"), *(labels[part] for part in COSTS), _("Cost in all")],
        config=_config(),
    )


def round_table(shop: Shop, scope: Scope) -> None:
    """Show the rounds collected in the days of ``scope``."""
    stages = rounds(shop, scope.first, scope.last)
    names = [f"{stage.title} · {show.day(stage.first, shop)}" for stage in stages]
    _stages(shop, stages, _("Round"), names, "profit-rounds")
    st.caption(
        _(
            "A round has its own orders and the batches they got; its loss is that of the days up "
            "to its pickup, carried by every unit sold. Counter sales belong to no round."
        )
    )


def year(shop: Shop) -> None:
    """Show twelve months as a chart and as a table."""
    stages = months(shop)
    names = [show.month(stage.first) for stage in stages]
    if any(stage.profit.revenue for stage in stages):
        profit_chart.months(stages, key="profit-year")
    _stages(shop, stages[::-1], _("Month"), names[::-1], "profit-months")


def _stages(shop: Shop, stages: Sequence[Stage], head: str, names: Iterable[str], key: str) -> None:
    labels: dict[Part, str] = {part: _(LABELS[part]) for part in COSTS}
    frame = pd.DataFrame(
        [
            {
                head: name,
                _("Revenue"): stage.profit.revenue.fen,
                _(LABELS[Part.KEPT]): stage.profit.kept.fen,
                _("Kept in percent"): stage.profit.share,
                **{labels[part]: fen.fen for part, fen in stage.profit.totals.items()},
                _("Gifts"): stage.profit.gifts.fen,
            }
            for name, stage in zip(names, stages, strict=True)
        ]
    )
    show.table(
        frame,
        key,
        shop,
        money_columns=[_("Revenue"), *labels.values(), _("Gifts"), _(LABELS[Part.KEPT])],
        config={head: st.column_config.TextColumn(pinned=True)},
        empty=_("No round was collected in these days."),
    )


def _config() -> dict[str, object]:
    return {_("Product"): st.column_config.TextColumn(pinned=True)}


def _totals(line: Earned, labels: dict[Part, str], *, losing: bool) -> dict[str, object]:
    state = {_("State"): _("lost money") if line.kept.fen < 0 else ""} if losing else {}
    return {
        _("Product"): line.name,
        **state,
        _("Sold"): line.unit.said(line.quantity),
        _("Revenue"): line.revenue.fen,
        labels[Part.KEPT]: line.kept.fen,
        _("Kept in percent"): share_of(line.kept, line.revenue),
        **{labels[part]: line.totals[part].fen for part in COSTS},
        _("Of it reckoned"): line.reckoned.fen,
    }


def _per_unit(line: Earned, labels: dict[Part, str]) -> dict[str, object]:
    costs = {part: None if line.per_unit is None else line.per_unit[part].fen for part in COSTS}
    known = [fen for fen in costs.values() if fen is not None]
    return {
        _("Product"): f"{line.name} / {line.unit.word}",
        _("Revenue of one"): line.revenue_of_one.fen if line.revenue_of_one else None,
        **{labels[part]: fen for part, fen in costs.items()},
        _("Cost in all"): sum(known) if known else None,
        _("Typed by hand"): " ".join(
            f"{HAND}{labels[part]}" for part in Part if part in line.by_hand
        ),
    }
