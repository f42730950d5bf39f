"""The plan page: what to buy on a delivery day, why, and the orders made of it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money, half_up, total
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import FormKey, Shop
from lib.supply.purchasing.commands import add_orders
from lib.supply.purchasing.rules import WantedLine, WantedOrder
from lib.supply.rhythm.plan import commands
from lib.supply.rhythm.plan.queries import Plan, PlanDay, PlanLine, Staple
from lib.supply.rhythm.plan.rules import Limit, Suggestion
from lib.supply.suppliers.queries import PaperWarning, paper_warnings
from lib.supply.suppliers.rules import PAPER_NAMES
from lib.ui import feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

STAPLES, TRIED = "staples", "tried"
_NARROW = 150

Typed = dict[int, int]
"""Product id → base quantity as typed."""


def figures(shop: Shop, plan: Plan) -> None:
    """Show the next delivery day that is not done, what is to be ordered for it, and its cost."""
    day = next_day(plan)
    if day is None:
        return
    wanted = [line for line in day.lines if line.is_open and line.quantity]
    items = [
        (_("Next delivery"), show.day(day.day, shop)),
        (_("Products to order"), str(len(wanted))),
    ]
    if shop.may_see_cost:
        items.append((_("Comes to"), show.money(_cost(wanted))))
    show.figures(*items)


def next_day(plan: Plan) -> PlanDay | None:
    """Return the first delivery day with something left to decide, else the first."""
    undone = [day for day in plan.days if not day.is_done]
    return next(iter(undone or plan.days), None)


def choose(shop: Shop, plan: Plan) -> str:
    """Ask for a delivery day, the staples, or last week; the next day that is open to begin with.

    The choice is an ISO date, or :data:`STAPLES`, or :data:`TRIED`.
    """
    names = {day.day.isoformat(): _day_name(shop, day) for day in plan.days if plan.staples}
    names |= {STAPLES: _("Staples"), TRIED: _("Last week")}
    day = next_day(plan)
    default = day.day.isoformat() if day and plan.staples else STAPLES
    chosen = st.segmented_control(
        _("Delivery day"),
        list(names),
        default=default,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        key="plan-day",
    )
    return str(chosen or default)


def helpless(plan: Plan) -> None:
    """Name the staples that nobody delivers or that may not be sold, and the way out."""
    if plan.without_term:
        st.warning(
            _("Nobody delivers these yet, so they are not ordered: {names}").format(
                names=_names(plan.without_term)
            ),
            icon=":material/local_shipping:",
        )
        st.page_link(
            navigation.page("suppliers"),
            label=_("Name a supplier and a price for them"),
            icon=":material/agriculture:",
        )
    if plan.stopped:
        st.info(
            _("Not sold at the moment, so not planned: {names}").format(names=_names(plan.stopped)),
            icon=":material/block:",
        )


def one_day(shop: Shop, day: PlanDay, made: int, *, day_is_first: bool) -> None:
    """Show what to buy on a delivery day, each quantity with its sentence, and order it.

    ``made`` counts the orders ever made for the day, cancelled ones too: the form key holds it, so
    that two tabs that see the same state make the orders once. ``day_is_first``: of the deliveries.
    """
    st.subheader(_("What comes {day}").format(day=show.day(day.day, shop)))
    lasts = _("Lasts until {until}, the day before the next delivery.")
    st.caption(lasts.format(until=show.day(day.until, shop)))
    _done(day)
    if any(line.is_open for line in day.lines):
        if day.is_done:
            with st.expander(_("Order more for this day"), icon=":material/add_shopping_cart:"):
                _form(shop, day, made, day_is_first=day_is_first)
        else:
            _form(shop, day, made, day_is_first=day_is_first)
    with st.expander(_("As a table"), icon=":material/table:"):
        table(shop, day)


def _form(shop: Shop, day: PlanDay, made: int, *, day_is_first: bool) -> None:
    lines = [line for line in day.lines if line.is_open]
    form = Form(f"plan-{day.day}")
    warned = paper_warnings(shop, [line.staple.product_id for line in lines])
    with st.form(form.field("form"), border=False):
        typed: Typed = {}
        for supplier, group in _by_supplier(lines).items():
            with st.container(border=True):
                _supplier(supplier, group, warned)
                for line in group:
                    typed[line.staple.product_id] = _line(form, line, day_is_first=day_is_first)
        with st.container(horizontal=True):
            order = st.form_submit_button(
                _("Make the orders"),
                type="primary",
                icon=":material/shopping_cart_checkout:",
                key=form.field("order"),
            )
            keep = st.form_submit_button(_("Only keep the quantities"), key=form.field("keep"))
    choices = _choices(lines, typed)
    if order:
        with feedback.saying(_("Orders made; the texts for the suppliers stand below"), form):
            wanted = wanted_orders(day, lines, typed)
            left_out = {number: 0 for number, quantity in choices.items() if quantity == 0}
            if left_out:
                commands.choose(shop, day.day, left_out)
            add_orders(shop.once(FormKey.of(f"plan-{day.day}-{made}", [typed])), wanted)
    if keep:
        with feedback.saying(_("Quantities kept"), form):
            commands.choose(form.once(shop, typed), day.day, choices)


def wanted_orders(
    day: PlanDay, lines: Sequence[PlanLine], typed: Mapping[int, int]
) -> list[WantedOrder]:
    """Return one purchase order per supplier of what was ``typed``; raises ``Refused`` if nothing.

    The suggestion and the figures of its sentence go with every line.
    """
    orders: dict[int, list[WantedLine]] = {}
    for line in lines:
        quantity = typed[line.staple.product_id]
        if quantity and line.term is not None:
            orders.setdefault(line.term.supplier_id, []).append(
                WantedLine(
                    line.staple.product_id,
                    line.suggestion.needed or quantity,
                    quantity,
                    line.suggestion.quantity,
                    line.suggestion.why,
                )
            )
    if not orders:
        raise Refused(
            N_("Nothing to order: all quantities are 0. Keep them, then the day is done.")
        )
    again = {line.term.supplier_id for line in day.lines if line.term and line.ordered}
    return [
        WantedOrder(supplier, day.day, tuple(found), plan_day=day.day, again=supplier in again)
        for supplier, found in orders.items()
    ]


def sentence(line: PlanLine, *, day_is_first: bool = True) -> str:
    """Return the arithmetic of a suggestion in one sentence, in people's units."""
    one, unit = line.suggestion, line.staple.unit
    difference = one.expected + one.safety - one.on_hand - one.on_way
    text = _(
        "expected {days} {expected} + safety {safety} − on hand {on_hand} − on the way {on_way} "
        "= {difference} → {quantity}"
    ).format(
        days=_days(one),
        expected=_count(unit, one.expected),
        safety=_count(unit, one.safety),
        on_hand=_count(unit, one.on_hand),
        on_way=_count(unit, one.on_way),
        difference=_count(unit, difference),
        quantity=unit.said(one.quantity),
    )
    remarks = _remarks(line, day_is_first=day_is_first)
    if not remarks:
        return text
    return _("{reckoning} ({remarks})").format(reckoning=text, remarks=_("; ").join(remarks))


def table(shop: Shop, day: PlanDay) -> None:
    """Show the reckoning of a delivery day as a table to export."""
    rows = [
        {
            _("Product"): line.staple.name,
            _("Unit"): line.staple.unit.word,
            _("Expected need"): _number(line, line.suggestion.expected),
            _("Safety"): _number(line, line.suggestion.safety),
            _("On hand"): _number(line, line.suggestion.on_hand),
            _("On the way"): _number(line, line.suggestion.on_way),
            _("Needed"): _number(line, line.suggestion.needed),
            _("Suggested"): _number(line, line.suggestion.quantity),
            _("To buy"): _number(line, line.quantity),
            _("Ordered"): _number(line, line.ordered.quantity) if line.ordered else None,
            _("Supplier"): line.term.supplier_name if line.term else "",
        }
        for line in day.lines
    ]
    config = {_("Product"): st.column_config.TextColumn(pinned=True)}
    show.table(pd.DataFrame(rows), f"plan-{day.day:%Y%m%d}", shop, config=config)


def _line(form: Form, line: PlanLine, *, day_is_first: bool) -> int:
    """Draw one product with its quantity and its sentence; return the quantity in base units."""
    unit, shown = line.staple.unit, line.quantity
    most = unit.count(max(commands.LARGEST, shown))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(line.staple.name)}**", width="stretch")
        value = st.number_input(
            _("{product} in {unit}").format(product=line.staple.name, unit=unit.word),
            min_value=0.0 if unit.grams else 0,
            max_value=float(most) if unit.grams else int(most),
            value=float(unit.count(shown)) if unit.grams else shown,
            step=1.0 if unit.grams else 1,
            format="%.1f" if unit.grams else "%d",
            label_visibility="collapsed",
            # The key holds the figure shown: a new suggestion is a new field, not an old number.
            key=form.field(f"quantity-{line.staple.product_id}-{shown}"),
            width=_NARROW,
        )
        st.markdown(plain(unit.word), width="content")
    st.caption(plain(sentence(line, day_is_first=day_is_first)))
    return half_up(Decimal(str(value)) * (unit.grams or 1))


def _remarks(line: PlanLine, *, day_is_first: bool) -> list[str]:
    """What else there is to say of a quantity: cases, spoiling, what is not known."""
    one, unit, said = line.suggestion, line.staple.unit, []
    if one.case != (unit.grams or 1):
        said.append(_("cases of {case}").format(case=unit.said(one.case)))
    if one.limit is Limit.SPOILS:
        limit = _("no more than the {count} that sell before it spoils")
        said.append(limit.format(count=_count(unit, _down(unit, one.sellable or 0))))
    if one.limit is Limit.CASE_SPOILS:
        limit = _("a case is more than the {count} that sell before it spoils")
        said.append(limit.format(count=_count(unit, _down(unit, one.sellable or 0))))
    if one.limit is Limit.MINIMUM:
        said.append(_("the supplier's least quantity"))
    if line.stock and day_is_first and line.stock != one.on_hand:
        said.append(
            _("{count} lie here now, less what sells or spoils before").format(
                count=unit.said(line.stock)
            )
        )
    if line.stock is None:
        said.append(_("its stock is not booked and counts as 0"))
    if not line.forecast.counted:
        said.append(_("nothing is known of the weeks before"))
    change = round((line.forecast.factor - 1) * 100)
    if change:
        said.append(
            _("lately {percent} % against the usual, counted in").format(
                percent=f"{change:+d}".replace("-", "−")
            )
        )
    if line.decided is not None:
        said.append(_("you chose {quantity}").format(quantity=unit.said(line.decided)))
    return said


def _days(one: Suggestion) -> str:
    first, last = show.weekday(one.day.weekday()), show.weekday(one.until.weekday())
    return first if one.day == one.until else f"{first}–{last}"


def _choices(lines: Sequence[PlanLine], typed: Mapping[int, int]) -> dict[int, int | None]:
    """What to keep: only what differs from the suggestion, and a 0 that settles the day."""
    kept: dict[int, int | None] = {}
    for line in lines:
        quantity = typed[line.staple.product_id]
        same = quantity == line.suggestion.quantity and quantity > 0
        kept[line.staple.product_id] = None if same else quantity
    return kept


def _done(day: PlanDay) -> None:
    """Say what is settled on a day: ordered, or chosen to be nothing."""
    ordered = [line for line in day.lines if line.ordered]
    if ordered:
        names = [
            f"{plain(line.staple.name)} {plain(line.staple.unit.said(line.ordered.quantity))}"
            for line in ordered
            if line.ordered
        ]
        with st.container(horizontal=True, vertical_alignment="center"):
            show.state("good", _("ordered"))
            st.markdown(" · ".join(names))
    elif day.lines and day.is_done:
        show.state("good", _("nothing to buy, as you decided"))


def _by_supplier(lines: Sequence[PlanLine]) -> dict[str, list[PlanLine]]:
    found: dict[str, list[PlanLine]] = {}
    for line in lines:
        if line.term is not None:
            found.setdefault(line.term.supplier_name, []).append(line)
    return dict(sorted(found.items()))


def _supplier(
    name: str, lines: Sequence[PlanLine], warned: Mapping[int, tuple[PaperWarning, ...]]
) -> None:
    """Head the goods of a supplier; an expired paper of theirs is said here too (R9)."""
    st.markdown(f":material/agriculture: {plain(name)}")
    expired = {
        warning.kind
        for line in lines
        for warning in warned.get(line.staple.product_id, ())
        if warning.expired and line.term and warning.supplier_id == line.term.supplier_id
    }
    if expired:
        kinds = "、".join(_(PAPER_NAMES[kind]) for kind in sorted(expired))
        show.state("late", _("expired: {kinds}").format(kinds=kinds))


def _cost(lines: Sequence[PlanLine]) -> Money:
    return total(
        line.staple.unit.price_of(line.term.price, line.quantity)
        for line in lines
        if line.term is not None and line.term.price is not None
    )


def _day_name(shop: Shop, day: PlanDay) -> str:
    mark = " ✓" if day.is_done and day.lines else ""
    return f"{show.day(day.day, shop)}{mark}"


def _names(staples: Sequence[Staple]) -> str:
    return "、".join(plain(one.name) for one in staples)


def _count(unit: Unit, amount: int) -> str:
    """Return a quantity without its unit; the sentence ends with it once."""
    return f"{unit.count(amount):f}".replace("-", "−")


def _down(unit: Unit, amount: int) -> int:
    """Return an amount cut to a tenth of a weight: nobody sells 58.384 jin."""
    step = max(1, (unit.grams or 1) // 10)
    return amount // step * step


def _number(line: PlanLine, amount: int) -> float:
    return float(line.staple.unit.count(amount))
