"""What products cost now: what the books say, what was typed over it, and the way back (R20)."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.kernel.money import Money, half_up
from lib.shop.shop import Shop
from lib.trust.books.queries import BatchShare, batch_shares
from lib.trust.books.rules import From, Scope
from lib.trust.costs.commands import set_costs
from lib.trust.costs.draft.queries import Draft, DraftLine
from lib.trust.costs.draft.rules import ONLY_BY_HAND
from lib.trust.costs.rules import GIVEN, KEPT_BY_OWNER, LABELS, NO_COST, Cost, Part
from lib.ui import books_scope, costs, feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

HAND = "✎"
MOST_BATCHES_SAID = 4


def figures(draft: Draft) -> list[tuple[str, str, str]]:
    """Return the numbers that matter first: what can be published, what was typed."""
    typed = sum(bool(item.costs) for item in draft.products)
    return [
        (
            _("Products ready to publish"),
            f"{len(draft.lines)} / {len(draft.products)}",
            _("A product needs a purchase price: of a batch, or the usual one."),
        ),
        (
            _("Costs typed by hand"),
            str(typed),
            _("Products with at least one cost that you typed; all others follow the books."),
        ),
    ]


def missing(draft: Draft) -> None:
    """Name the products that cannot be published yet, and where to help that."""
    if draft.missing:
        names = "、".join(plain(name) for name in draft.missing)
        st.warning(
            _("Without a purchase price, and so not on any sheet: {names}").format(names=names),
            icon=":material/price_change:",
        )


def tab(shop: Shop, draft: Draft) -> None:
    """Draw every product with its costs, then one of them with where each figure comes from."""
    st.caption(books_scope.said(shop, draft.scope))
    _table(shop, draft)
    names = {item.product_id: item for item in draft.products}
    words = {number: f"{item.name} / {item.unit}" for number, item in names.items()}
    product = costs.choose(_("Costs of"), words, "product")
    if product is not None:
        _one(shop, draft.scope, names[product])
    st.page_link(
        navigation.page("products"),
        label=_("Prices are kept with the product"),
        icon=":material/nutrition:",
    )


def _table(shop: Shop, draft: Draft) -> None:
    parts = {part: _(LABELS[part]) for part in Part}
    frame = pd.DataFrame([_row(item, parts) for item in draft.products])
    show.table(
        frame,
        "costs",
        shop,
        money_columns=[_("Price"), *parts.values()],
        config={
            _("Product"): st.column_config.TextColumn(pinned=True),
            _("Typed by hand"): st.column_config.TextColumn(
                help=_("Parts that you typed, or whose price no batch says.")
            ),
        },
        empty=_("No product has a purchase price yet."),
    )
    st.caption(
        _(
            "{mark} typed by hand, also a typed zero; everything else is what the books say. "
            "Yuan for one sale unit."
        ).format(mark=HAND)
    )


def _row(item: DraftLine, parts: Mapping[Part, str]) -> dict[str, object]:
    line, found = item.line, item.measured
    row: dict[str, object] = {
        _("Product"): f"{item.name} / {item.unit}",
        _("Price"): line.price.fen if line else None,
    }
    for part, label in parts.items():
        row[label] = getattr(line, part.value).fen if line else None
    by_hand = line.by_hand if line else frozenset(item.costs)
    marked = [f"{HAND}{parts[part]}" for part in Part if part in by_hand]
    row[_("Typed by hand")] = " ".join(marked)
    row[_("Sold")] = found.unit.said(found.quantity) if found.quantity else "—"
    return row


def _one(shop: Shop, scope: Scope, item: DraftLine) -> None:
    """Show where one product's price goes, whence each figure comes, and what can be typed."""
    if item.line is not None:
        _sum(item)
        st.markdown("\n".join(f"- {line}" for line in _whence(shop, scope, item)))
        _differences(shop, item)
    form = Form(f"costs-{item.product_id}")
    seen = form.seen("versions", dict(item.versions))
    with st.form(form.field("form"), border=True):
        st.markdown(_("Type only what the books cannot know. An empty field follows the books."))
        typed = _fields(form, item)
        if st.form_submit_button(_("Save costs"), type="primary", key=form.field("save")):
            with feedback.saying(_("Costs saved"), form):
                set_costs(form.once(shop, item.product_id, typed), item.product_id, typed, seen)


def _sum(item: DraftLine) -> None:
    line = item.line
    assert line is not None
    parts = []
    for part, amount in line.parts:
        label = GIVEN if part is Part.KEPT and line.is_given else LABELS[part]
        mark = HAND if part in line.by_hand else ""
        parts.append(f"{_(label)} {show.money(amount)}{mark}")
    st.markdown(f"**{show.money(line.price)}** = " + " + ".join(parts))
    if item.round_title:
        price_of = _("The price is that of the round {title}.")
        st.caption(price_of.format(title=plain(item.round_title)))


def _whence(shop: Shop, scope: Scope, item: DraftLine) -> list[str]:
    """Return one sentence per part: where its figure comes from."""
    line, found = item.line, item.measured
    assert line is not None
    said = [f"**{_(LABELS[Part.PURCHASE])}**: {_purchase(shop, scope, item)}"]
    sold = found.unit.said(found.quantity)
    totals = {
        Part.LOSS: _("{lost} thrown away or missing while {sold} were sold: {total}.")
        if scope.round_id is None
        else _("{total} of what was lost in these days, on {sold} sold."),
        Part.PACKAGING: _("{total} for bags and what lies in them, on {sold} sold."),
        Part.DELIVERY: _("{total} that bringing orders cost beyond the fee, on {sold} sold."),
        Part.POINTS: _("{total} for points: coupons used and goods given, on {sold} sold."),
        Part.PLEDGE: _("{total} to make good what was wrong, on {sold} sold."),
    }
    for part in KEPT_BY_OWNER:
        label = f"**{_(LABELS[part])}**: "
        if part in item.costs:
            said.append(label + _by_hand(item.costs[part]))
        elif part not in ONLY_BY_HAND and found.quantity and getattr(found, part.value):
            total = show.money(getattr(found, part.value))
            lost = found.unit.said(found.lost)
            said.append(label + totals[part].format(total=total, sold=sold, lost=lost))
    if not found.quantity:
        said.append(_("Nothing was sold in these days: the books know no other cost yet."))
    return said


def _purchase(shop: Shop, scope: Scope, item: DraftLine) -> str:
    found = item.measured
    if found.purchase_from is From.USUAL:
        return _("No batch says what it cost: the usual price of the product stands.") + f" {HAND}"
    shares = batch_shares(shop, scope, item.product_id)
    left = sum(each.quantity for each in shares)
    if not left:
        return _("Nothing left the shelf: the price of the newest batch stands.")
    parts = [
        _share(shop, each, left)
        for each in sorted(shares, key=lambda each: -each.quantity)[:MOST_BATCHES_SAID]
    ]
    rest = len(shares) - len(parts)
    if rest > 0:
        parts.append(_("{count} more batches").format(count=rest))
    weighed = _("{left} left the shelf: {parts}.")
    return weighed.format(left=found.unit.said(left), parts="; ".join(parts))


def _share(shop: Shop, share: BatchShare, left: int) -> str:
    percent = half_up(Decimal(share.quantity * 100) / left)
    price = show.money(share.price) if share.price is not None else _("no price")
    if share.arrived_on is None:
        return _("{percent} % without a batch").format(percent=percent)
    words = _("{percent} % of {batch} ({day}) at {price}")
    return words.format(
        percent=percent, batch=plain(share.code), day=show.day(share.arrived_on, shop), price=price
    )


def _by_hand(cost: Cost) -> str:
    amount = (
        show.money(cost.amount)
        if cost.rate is None
        else _("{rate} % of loss").format(rate=f"{Decimal(cost.rate) / 100:f}")
    )
    note = f" ({plain(cost.basis)})" if cost.basis else ""
    return _("{amount} typed by hand").format(amount=amount) + f" {HAND}{note}"


def _differences(shop: Shop, item: DraftLine) -> None:
    """Say what the books say instead of what was typed, and let each part go back to them."""
    line = item.line
    assert line is not None
    parts = [part for part in KEPT_BY_OWNER if part in item.costs]
    if not parts:
        return
    form = Form(f"books-{item.product_id}")
    seen = form.seen("versions", dict(item.versions))
    with st.container(border=True):
        for part in parts:
            typed = getattr(line, part.value)
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(_difference(part, typed, item.books.get(part)))
                if st.button(
                    _("Back to the books"),
                    icon=":material/undo:",
                    key=form.field(f"back-{part.value}"),
                ):
                    with feedback.saying(_("Back to the books"), form):
                        once = form.once(shop, item.product_id, part.value)
                        set_costs(once, item.product_id, {part: None}, seen)
                        Form(f"costs-{item.product_id}").renew()


def _difference(part: Part, typed: Money, books: Money | None) -> str:
    label = f"**{_(LABELS[part])}** {HAND} {show.money(typed)}"
    if part in ONLY_BY_HAND:
        return f"{label} · " + _("the books cannot know it")
    if books is None:
        return f"{label} · " + _("nothing sold, so the books say nothing")
    apart = typed - books
    words = _("the books say {books}") if apart else _("the books say the same")
    more = f" ({'+' if apart.fen > 0 else ''}{show.money(apart)})" if apart else ""
    return f"{label} · " + words.format(books=show.money(books)) + more


def _fields(form: Form, item: DraftLine) -> dict[Part, Cost | None]:
    """Draw the fields for the costs of one product and return them as typed."""
    typed: dict[Part, Cost | None] = {}
    for part in KEPT_BY_OWNER:
        kept = item.costs.get(part)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            as_rate = part is Part.LOSS and _loss_unit(form, kept or NO_COST) == "%"
            value = _number(form, part, kept, item.books.get(part))
            basis = st.text_input(
                _("Note, for you only"),
                kept.basis if kept else "",
                max_chars=200,
                key=form.field(f"{part.value}-basis"),
                width=260,
            )
        typed[part] = _cost(value, as_rate, basis)
    return typed


def _cost(value: Decimal | None, as_rate: bool, basis: str) -> Cost | None:
    """Return what was typed; a note without a number is refused where costs are checked."""
    if value is None:
        return Cost(basis=basis) if basis.strip() else None
    if as_rate:
        return Cost(rate=half_up(value * 100), basis=basis)
    return Cost(Money.of(value), basis=basis)


def _number(form: Form, part: Part, kept: Cost | None, books: Money | None) -> Decimal | None:
    before: Decimal | None = None
    if kept is not None:
        before = (
            Decimal(kept.rate) / 100 if kept.rate is not None else (kept.amount or Money()).yuan
        )
    key = form.field(part.value)
    # Not given as value: such a field could not be emptied.
    st.session_state.setdefault(key, None if before is None else float(before))
    value = st.number_input(
        _(LABELS[part]),
        min_value=0.0,
        value=None,
        step=0.01,
        format="%.2f",
        placeholder=_("books: {amount}").format(amount=books) if books is not None else "—",
        key=key,
        width=170,
    )
    return None if value is None else Decimal(f"{value:.2f}")


def _loss_unit(form: Form, kept: Cost) -> str:
    chosen = st.segmented_control(
        _("Loss as"),
        ["¥", "%"],
        default="¥" if kept.rate is None else "%",
        required=True,
        help=_("A rate follows the purchase price: 2.4 % of 5.00 is 5.00 / 0.976 - 5.00 = 0.12."),
        key=form.field("loss-unit"),
    )
    return str(chosen)
