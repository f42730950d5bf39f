"""Clearances on screen: an offer with its money, the text for the group, and what it did (R7)."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.kernel.money import Money
from lib.shop.messages.supply_events import CLEARANCE
from lib.shop.messages.wording import speaker
from lib.shop.shop import Shop
from lib.supply.clearance import commands, offers, texts
from lib.supply.clearance.commands import Start
from lib.supply.clearance.offers import KIND_NAMES, REASONS, Kind, Outlook, Plan, Stock
from lib.supply.clearance.queries import SlowMover
from lib.supply.clearance.running import queries as reads
from lib.supply.clearance.running.queries import Clearance, Partner
from lib.trade.products.rules import typed_price
from lib.trade.rounds import commands as rounds
from lib.trade.rounds.queries import Round, open_rounds
from lib.trade.rounds.queries import offers as offers_of
from lib.trade.rounds.rules import Offered
from lib.ui import feedback, messages_text, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

USUAL_DAYS = 2


def offer(shop: Shop, each: SlowMover) -> None:
    """Show what can be done about one product, each with its money, and the button to begin."""
    if each.clearance_id is not None:
        st.info(_("A clearance of it is running: see Clearances."), icon=":material/sell:")
        return
    if each.on_hand <= 0:
        st.info(_("Nothing of it is on hand, so there is nothing to clear."))
        return
    st.subheader(_("Clear it"))
    form = Form(f"clear-{each.product_id}")
    kind = _kind(form)
    left = each.days_left(shop.today)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = USUAL_DAYS if left is None else max(min(left, offers.LONGEST_DAYS - 1), 0)
        ends_on = st.date_input(
            _("Runs until"),
            shop.today + timedelta(days=days),
            min_value=shop.today,
            format="YYYY-MM-DD",
            key=form.field("ends"),
            width=170,
        )
        reasons = {name: _(text) for name, text in REASONS.items()}
        reason = st.selectbox(
            _("Reason (residents read it)"),
            list(reasons),
            index=list(reasons).index("near_date" if left is not None and left <= 3 else "stock"),
            format_func=reasons.__getitem__,
            key=form.field("reason"),
            width=220,
        )
    partner = _partner(shop, form, each) if kind is Kind.BUNDLE else None
    if kind is Kind.BUNDLE and partner is None:
        st.caption(_("No other product was ordered together with it in the last weeks."))
        return
    running = ((ends_on or shop.today) - shop.today).days + 1
    percent = offers.proposed_discount(left)
    typed = _price(form, each, kind, partner, percent)
    stock = reads.basis(shop, each.product_id)
    if stock is None:
        return
    stock = Stock(stock.unit, each.on_hand, each.run.pace, stock.price, stock.unit_cost)
    expected = _expected(form, stock, kind, running, percent)
    try:
        plan = Plan(kind, typed_price(typed), running, expected, partner.price if partner else None)
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/info:")
        return
    _money(shop, stock, plan, offers.outlook(stock, plan))
    text = _text(shop, each, plan, reason or "", ends_on or shop.today, partner)
    show.copyable(text, f"clear-{each.product_id}")
    if st.button(_("Begin this clearance"), type="primary", key=form.field("start")):
        start = Start(
            each.product_id, plan, reason or "", ends_on or shop.today,
            partner.product_id if partner else None, text,
        )  # fmt: skip
        with feedback.saying(_("The clearance runs. Post the text now."), form):
            commands.start_clearance(form.once(shop, start), start)


def _kind(form: Form) -> Kind:
    names = {kind: _(KIND_NAMES[kind]) for kind in Kind}
    chosen = st.segmented_control(
        _("How"),
        list(names),
        default=Kind.BUY_ONE_GET_ONE,
        format_func=names.__getitem__,
        required=True,
        key=form.field("kind"),
    )
    return Kind(str(chosen))


def _partner(shop: Shop, form: Form, each: SlowMover) -> Partner | None:
    found = {one.product_id: one for one in reads.partners(shop, each.product_id)}
    if not found:
        return None
    text = _("{name} (in {count} orders together)")
    labels = {key: text.format(name=one.name, count=one.orders) for key, one in found.items()}
    picked = st.selectbox(
        _("Together with"),
        list(labels),
        format_func=labels.__getitem__,
        key=form.field("partner"),
    )
    return found.get(picked or 0)


def _price(form: Form, each: SlowMover, kind: Kind, partner: Partner | None, percent: int) -> str:
    if kind is Kind.BUY_ONE_GET_ONE:
        proposed, label = each.price, _("Price of the pair")
    elif kind is Kind.BUNDLE and partner is not None:
        together = offers.discounted(each.price, percent) + partner.price
        proposed, label = together, _("Price of both together")
    else:
        label = _("New price per {unit} (proposed: {percent} % off)").format(
            unit=plain(each.unit.word), percent=percent
        )
        proposed = offers.discounted(each.price, percent)
    key = form.field(f"price-{kind.value}-{partner.product_id if partner else ''}")
    return str(st.text_input(label, str(proposed).replace(",", ""), key=key, width=260))


def _expected(form: Form, stock: Stock, kind: Kind, running: int, percent: int) -> int:
    """Ask how much it will sell; the proposal is said as what it is, an assumption."""
    unit = stock.unit
    proposed = offers.proposed_sold(kind, stock.pace, running, stock.on_hand, percent)
    count = st.number_input(
        _("Assumed to sell until then ({unit})").format(unit=plain(unit.word)),
        min_value=0.0,
        max_value=float(unit.count(stock.on_hand)),
        value=float(unit.count(proposed)),
        step=1.0,
        format="%g",
        help=_("The pace of the slow days times what such an offer usually brings. Change it."),
        key=form.field(f"expected-{kind.value}-{running}"),
        width=260,
    )
    return int((Decimal(str(count)) * (unit.grams or 1)).to_integral_value())


def _money(shop: Shop, stock: Stock, plan: Plan, found: Outlook) -> None:
    """Show the loss without and with the clearance, and how much it is below cost."""
    unit = stock.unit
    if not shop.may_see_cost:
        show.figures(
            (_("Left without it"), unit.said(found.left_without)),
            (_("Left with it"), unit.said(found.left_with)),
            (_("Takings"), show.money(found.takings)),
        )
        if found.below_cost:
            st.warning(_("This is below what the goods cost the shop."), icon=":material/sell:")
        return
    show.figures(
        (
            _("Loss without it"),
            show.money(found.loss_without),
            _("{left} would be left and spoil").format(left=unit.said(found.left_without)),
        ),
        (
            _("Loss with it"),
            show.money(found.loss_with),
            _("{left} left, and what is sold below cost").format(left=unit.said(found.left_with)),
        ),
        _saved(found.saved),
        (_("Takings"), show.money(found.takings)),
    )
    if stock.unit_cost is None:
        st.caption(_("Nobody has said what it costs the shop, so the loss is not known."))
    elif found.below_cost:
        text = _("Each {unit} brings {earned} and costs {cost}: {below} below cost.")
        st.warning(
            text.format(
                unit=plain(unit.word),
                earned=show.money(plan.earned),
                cost=show.money(stock.unit_cost),
                below=show.money(found.below_cost),
            ),
            icon=":material/price_change:",
        )
    assumed = _("Without it {sold} would sell in {days} days, the pace of the slow days.")
    st.caption(assumed.format(sold=unit.said(found.sold_without), days=plan.days))


def _saved(saved: Money | None) -> tuple[str, str]:
    """Name what a clearance saves; one that loses more than waiting says so."""
    if saved is not None and saved.fen < 0:
        return _("Loss added"), show.money(Money(-saved.fen))
    return _("Loss avoided"), show.money(saved)


def _text(
    shop: Shop, each: SlowMover, plan: Plan, reason: str, ends_on: object, partner: Partner | None
) -> str:
    lowest = reads.lowest_charged(shop, each.product_id)
    said = texts.Offer(
        plan.kind,
        each.name,
        each.unit,
        plan.price,
        each.price,
        reason,
        ends_on,  # type: ignore[arg-type]
        each.on_hand,
        each.spoils_on,
        lowest.price if lowest and lowest.is_recent else None,
        partner.name if partner else "",
        partner.unit.word if partner else "",
        partner.price if partner else None,
        shop.settings.compared_price_days,
    )
    return texts.group_text(said, shop.today, speaker(shop))


def clearances(shop: Shop) -> None:
    """Show running clearances with what to do, and what the others did."""
    found = reads.clearances(shop)
    if not found:
        show.nothing(
            _("No clearance yet."), _("Begin one from a slow product; its result is kept here.")
        )
        return
    rounds_open = open_rounds(shop)
    for each in found:
        if each.running:
            _running(shop, each, rounds_open)
    over = [each for each in found if not each.running]
    if over:
        st.subheader(_("What the others did"))
        money = [_("Takings")] + ([_("Loss avoided")] if shop.may_see_cost else [])
        show.table(
            pd.DataFrame([_result_row(shop, each) for each in over]),
            "clearances",
            shop,
            money_columns=money,
            config={_("Product"): st.column_config.TextColumn(pinned=True)},
        )
        st.caption(
            _(
                "Before: the same number of days just before. Loss avoided: the loss at that pace, "
                "less what was left over and what was sold below cost. Sales from the shelf are "
                "reckoned at the price of the clearance."
            )
        )


def _running(shop: Shop, each: Clearance, rounds_open: Sequence[Round]) -> None:
    result = each.result
    with st.container(border=True, key=f"clearance-{each.id}"):
        st.markdown(f"**{plain(each.product)}** · {_(KIND_NAMES[each.kind])}")
        show.state("soon", _("until {day}").format(day=show.day(each.ends_on, shop)))
        show.figures(
            (_("Sold so far"), each.unit.said(result.sold)),
            (_("Expected to sell"), each.unit.said(result.expected)),
            (_("As many days before"), each.unit.said(result.before)),
            (_("Takings"), show.money(result.takings)),
        )
        messages_text.offer(
            shop, CLEARANCE, f"clearance:{each.id}", each.text, f"clearance-{each.id}"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            _into_round(shop, each, rounds_open)
            form = Form(f"clearance-end-{each.id}")
            version = form.seen("version", each.version)
            if st.button(_("End it now"), key=form.field("end"), icon=":material/stop_circle:"):
                with feedback.saying(_("The clearance is over"), form):
                    commands.end_clearance(form.once(shop, each.id), each.id, version)


def _into_round(shop: Shop, each: Clearance, rounds_open: Sequence[Round]) -> None:
    """Offer it at the new price in an open round: one step for a lower price, else a link."""
    if each.kind is not Kind.DISCOUNT or not rounds_open:
        st.page_link(
            navigation.page("rounds"), label=_("Offer it in a round"), icon=":material/campaign:"
        )
        return
    this = rounds_open[0]
    there = {one.product_id: one for one in offers_of(shop, this.id)}
    mine = there.get(each.product_id)
    if mine is not None and mine.price == each.price:
        text = _("In {round} at {price} already")
        show.state("good", text.format(round=plain(this.title), price=show.money(each.price)))
        return
    form = Form(f"clearance-round-{each.id}")
    label = _("Offer it in {round} at {price}")
    said = label.format(round=plain(this.title), price=show.money(each.price))
    if st.button(said, key=form.field("offer"), icon=":material/campaign:"):
        with feedback.saying(_("It is in the round at the new price"), form):
            bound = form.once(shop, each.id, this.id)
            if mine is None:
                rounds.add_offers(bound, this.id, [Offered(each.product_id, each.price)])
            else:
                limits = (mine.household_limit, mine.available)
                rounds.change_offers(
                    bound, this.id, [Offered(each.product_id, each.price, *limits)]
                )


def _result_row(shop: Shop, each: Clearance) -> dict[str, object]:
    result, unit = each.result, each.unit
    row: dict[str, object] = {
        _("Product"): each.product,
        _("How"): _(KIND_NAMES[each.kind]),
        _("From"): f"{each.starts_on:%Y-%m-%d}",
        _("To"): f"{each.until:%Y-%m-%d}",
        _("On hand then"): unit.said(each.on_hand),
        _("Sold"): unit.said(result.sold),
        _("Expected to sell"): unit.said(result.expected),
        _("As many days before"): unit.said(result.before),
        _("Takings"): result.takings.fen,
    }
    if shop.may_see_cost:
        row[_("Loss avoided")] = None if result.saved is None else result.saved.fen
    row[_("Begun by")] = each.by
    return row
