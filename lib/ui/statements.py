"""Claims and weekly statements on screen (R2)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from lib.kernel.clock import monday_of
from lib.kernel.money import Money, total
from lib.shop.files import intake
from lib.shop.messages.wording import speaker
from lib.shop.shop import Shop
from lib.supply.papers.rules import CYCLE_NAMES, Cycle
from lib.supply.statements import commands, queries
from lib.supply.statements.queries import BatchChoice, Claim, Correction, Statement, StatementsDue
from lib.supply.statements.rules import (
    CLAIM_NAMES,
    STATE_NAMES,
    Body,
    ClaimDetails,
    ClaimStatus,
    State,
    week_of,
)
from lib.supply.statements.texts import supplier_text
from lib.supply.suppliers.queries import Supplier
from lib.supply.suppliers.rules import typed_quantity
from lib.ui import choice, feedback, navigation, scans, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

WEEKS_OFFERED = 26
_STATES: dict[State, show.State] = {
    State.RUNNING: "quiet",
    State.TO_CLOSE: "soon",
    State.NOTHING: "quiet",
    State.TO_PAY: "late",
    State.SETTLED: "good",
}
_CLAIM_STATES: dict[ClaimStatus, show.State] = {
    ClaimStatus.OPEN: "soon",
    ClaimStatus.ACCEPTED: "good",
    ClaimStatus.DECLINED: "quiet",
}


def choose_week(shop: Shop) -> date:
    """Ask for a week; the address carries it as ``?week=2026-09-14``. The last full one first."""
    running = monday_of(shop.today)
    weeks = [running - timedelta(weeks=back) for back in range(WEEKS_OFFERED)]
    asked = _asked_week()
    if asked is not None and asked not in weeks and asked < running:
        weeks.append(asked)
    return choice.of(
        _("Week"),
        weeks,
        "week",
        said=lambda week: week_said(shop, week),
        written=date.isoformat,
        usual=weeks.index(asked) if asked in weeks else 1,
    )


def _asked_week() -> date | None:
    """Return the Monday of the day in the address: any day of a week names it."""
    try:
        return monday_of(date.fromisoformat(st.query_params.get("week", "")))
    except ValueError:
        return None


def week_said(shop: Shop, week: date) -> str:
    """Return a week by its first and last day, and what it is to today."""
    first, last = week_of(week)
    said = f"{show.day(first, shop)} – {show.day(last, shop)}"
    back = (monday_of(shop.today) - week).days // 7
    names = {0: _("this week"), 1: _("last week")}
    return f"{names[back]} · {said}" if back in names else said


def figures(found: Sequence[Statement], due: StatementsDue) -> None:
    """Show what the week comes to and what waits in all weeks."""
    payable = total(each.body.payable for each in found)
    unpaid = total(each.payable for each in due.to_pay)
    show.figures(
        (_("Payable for this week"), show.money(payable), _("Received less accepted claims.")),
        (_("To close"), str(len(due.to_close)), _("Over, with something on them.")),
        (_("Closed and not paid"), show.money(unpaid), _("Of all weeks.")),
        (_("Open claims"), str(due.open_claims)),
    )


def waiting(shop: Shop, due: StatementsDue, week: date) -> None:
    """Lead to what waits in other weeks."""
    weeks: dict[date, list[str]] = {}
    for one in due.to_close:
        weeks.setdefault(one.week, []).append(one.supplier_name)
    for bill in due.to_pay:
        weeks.setdefault(bill.week, []).append(bill.supplier_name)
    weeks.pop(week, None)
    if not weeks:
        return
    with st.expander(
        _("Waiting in other weeks: {count}").format(count=len(weeks)), icon=":material/pending:"
    ):
        for other, names in sorted(weeks.items()):
            said = "、".join(plain(name) for name in dict.fromkeys(names))
            st.page_link(
                navigation.page("statements"),
                label=f"{week_said(shop, other)}: {said}",
                query_params={"week": other.isoformat()},
            )


def pressing_first(found: Sequence[Statement]) -> list[Statement]:
    """Return statements in the order in which they want to be looked at."""
    order = (State.TO_CLOSE, State.TO_PAY, State.RUNNING, State.SETTLED, State.NOTHING)
    return sorted(found, key=lambda each: (order.index(each.state), each.supplier_name))


def listing(shop: Shop, found: Sequence[Statement], week: date) -> None:
    """Show the week's statement of every supplier; a week without deliveries is said."""
    rows = [
        {
            _("Supplier"): each.supplier_name,
            _("State"): _state_said(each),
            _("Received"): each.body.received.fen,
            _("Claims"): each.body.claimed.fen,
            _("Payable"): each.body.payable.fen,
            _("Batches"): str(len(each.body.lines)) if each.body.lines else _("none this week"),
            _("Settlement"): _(CYCLE_NAMES[each.cycle]),
        }
        for each in found
    ]
    show.table(
        pd.DataFrame(rows),
        f"statements-{week:%Y%m%d}",
        shop,
        money_columns=[_("Received"), _("Claims"), _("Payable")],
        config={_("Supplier"): st.column_config.TextColumn(pinned=True)},
    )


def _state_said(this: Statement) -> str:
    if this.body.payable.fen < 0 and this.state is State.TO_PAY:
        return _("supplier owes")
    if not this.body.lines and not this.body.claims:
        return _("no deliveries this week")
    return _(STATE_NAMES[this.state])


def one(shop: Shop, this: Statement) -> None:
    """Show one statement with its lines, the means to close and to pay it, and the text."""
    with st.container(horizontal=True, vertical_alignment="center"):
        show.state(_STATES[this.state], _state_said(this))
        if this.cycle is not Cycle.WEEKLY:
            said = _("Agreed to be paid {cycle}; it is still reckoned week by week.")
            st.caption(said.format(cycle=_(CYCLE_NAMES[this.cycle])))
    if this.body.is_empty:
        show.nothing(_("No deliveries this week."), _("Nothing is owed, and nothing is judged."))
        return
    _sum(this.body)
    _lines(shop, this)
    _corrections(queries.corrections(shop, this))
    if this.id is None:
        _close(shop, this)
    elif this.state is State.TO_PAY:
        _pay(shop, this)
    elif this.state is State.SETTLED:
        _paid(shop, this)
    st.markdown(f"**{_('For the supplier')}**")
    say = speaker(shop)
    text = supplier_text(shop.settings.shop_name, this.supplier_name, this.week, this.body, say)
    show.copyable(text, "statement")
    st.caption(_("Reasons of claims are left out: they may name a resident."))


def _sum(body: Body) -> None:
    show.figures(
        (_("Received"), show.money(body.received)),
        (_("Claims"), show.money(-body.claimed) if body.claimed else show.money(Money())),
        (_("Payable"), show.money(body.payable)),
    )
    if body.payable.fen < 0:
        st.warning(
            _("The claims are larger: the supplier owes {amount}.").format(
                amount=show.money(-body.payable)
            ),
            icon=":material/undo:",
        )


def _lines(shop: Shop, this: Statement) -> None:
    rows = [
        {
            _("Day"): line.arrived_on,
            _("Goods or claim"): line.product,
            _("Quantity taken"): line.unit.said(line.accepted),
            _("Rejected"): line.unit.said(line.rejected) if line.rejected else "",
            _("Price"): line.price.fen if line.price is not None else None,
            _("Amount"): line.amount.fen if line.amount is not None else None,
            _("Batch"): line.code,
            _("Remark"): _("came earlier, entered after its week was closed") if line.late else "",
        }
        for line in this.body.lines
    ]
    rows += [
        {
            _("Day"): claim.decided_on,
            _("Goods or claim"): _("Claim: {reason}").format(reason=claim.reason),
            _("Quantity taken"): "",
            _("Rejected"): "",
            _("Price"): None,
            _("Amount"): -claim.amount.fen,
            _("Batch"): claim.code,
            _("Remark"): claim.product,
        }
        for claim in this.body.claims
    ]
    show.table(
        pd.DataFrame(rows),
        f"statement-{this.supplier_id}-{this.week:%Y%m%d}",
        shop,
        money_columns=[_("Price"), _("Amount")],
        config={
            _("Goods or claim"): st.column_config.TextColumn(pinned=True),
            _("Day"): st.column_config.DateColumn(format="MM-DD"),
        },
    )


def _corrections(found: Sequence[Correction]) -> None:
    for each in found:
        sentence = _(
            "{product} ({code}) was corrected after this week was closed: {before} here, {now} "
            "now. Settle the difference with a claim or with the supplier."
        )
        st.warning(
            sentence.format(
                product=plain(each.product),
                code=plain(each.code),
                before=show.money(each.before),
                now=show.money(each.now),
            ),
            icon=":material/difference:",
        )


def _close(shop: Shop, this: Statement) -> None:
    if this.state is State.RUNNING:
        st.caption(_("This week runs until Sunday. Close it on Monday."))
        return
    form = Form(f"statement_close_{this.supplier_id}_{this.week}")
    seen = _last_shown(f"statement_shown_{this.supplier_id}_{this.week}", this.body)
    st.caption(_("Closed, its lines do not change any more; later claims go to a later week."))
    if st.button(
        _("Close this week"), type="primary", icon=":material/lock:", key=form.field("save")
    ):
        with feedback.saying(_("Week closed"), form):
            bound = form.once(shop, this.supplier_id, this.week, repr(seen))
            commands.close_statement(bound, this.supplier_id, this.week, seen)


def _last_shown(key: str, body: Body) -> Body:
    """Return the lines that the run before showed, and keep these: a click closes what was seen."""
    before: Body = st.session_state.get(key, body)
    st.session_state[key] = body
    return before


def _pay(shop: Shop, this: Statement) -> None:
    assert this.id is not None
    form = Form(f"statement_pay_{this.id}")
    owed = this.body.payable.fen < 0
    with st.form(form.field("form"), border=True):
        label = _("Money came back on") if owed else _("Paid on")
        with st.container(horizontal=True):
            day = st.date_input(
                label, shop.today, format="YYYY-MM-DD", key=form.field("day"), width=170
            )
            how = st.text_input(
                _("How"), placeholder=_("WeChat transfer"), max_chars=200, key=form.field("how")
            )
        chosen = scans.field(form, "evidence", _("Picture of the payment"))
        saved = st.form_submit_button(
            _("Mark settled") if owed else _("Mark paid"),
            type="primary",
            icon=":material/paid:",
            key=form.field("save"),
        )
    if saved:
        with feedback.saying(_("Marked as paid"), form):
            evidence = scans.keep(shop, chosen)
            bound = form.once(shop, day, how, evidence)
            commands.mark_paid(bound, this.id, this.version, day, how, evidence)


def _paid(shop: Shop, this: Statement) -> None:
    assert this.id is not None
    if this.paid_on is not None:
        said = _("Paid on {day}: {how}")
        st.success(
            said.format(day=show.day(this.paid_on, shop), how=plain(this.paid_how)),
            icon=":material/paid:",
        )
    scans.show(shop, this.evidence, _("Picture of the payment"))
    form = Form(f"statement_unpay_{this.id}")
    if st.button(_("It was not paid"), icon=":material/undo:", type="tertiary",
                 key=form.field("undo")):  # fmt: skip
        with feedback.saying(_("Payment taken back"), form):
            commands.unmark_paid(form.once(shop), this.id)


def claims_tab(shop: Shop, this: Supplier) -> None:
    """Show the claims on a supplier with the means to answer them, and the form for another one."""
    found = queries.claims(shop, this.id, limit=60)
    if not found:
        show.nothing(
            _("Nothing was claimed from this supplier."),
            _("An accepted claim lowers the statement of its week."),
        )
    for claim in found:
        _claim(shop, claim)
    with st.expander(_("Claim money back"), icon=":material/add:", key=f"claim-new-{this.id}"):
        _claim_form(shop, this)


def _claim(shop: Shop, claim: Claim) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{show.money(claim.amount)}**")
            show.state(_CLAIM_STATES[claim.status], _(CLAIM_NAMES[claim.status]))
            goods = claim.product
            if claim.unit is not None and claim.quantity:
                goods = f"{goods} {claim.unit.said(claim.quantity)}"
            about = [claim.code, goods, show.moment(claim.created_at, shop)]
            st.caption(" · ".join(plain(part) for part in about if part))
        st.markdown(plain(claim.reason))
        if claim.photo is not None:
            scans.show(shop, claim.photo, _("Photo"))
        if claim.status is ClaimStatus.OPEN:
            _answer(shop, claim)
        else:
            _answered(shop, claim)


def _answer(shop: Shop, claim: Claim) -> None:
    form = Form(f"claim_answer_{claim.id}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        said = st.text_input(
            _("What the supplier said"), max_chars=200, key=form.field("said"), width=260
        )
        day = st.date_input(
            _("Counts on"),
            shop.today,
            format="YYYY-MM-DD",
            help=_("An accepted claim lowers the statement of the week of this day."),
            key=form.field("day"),
            width=170,
        )
        chosen = None
        if st.button(_("Accepted"), type="primary", key=form.field("accept")):
            chosen = ClaimStatus.ACCEPTED
        if st.button(_("Declined"), key=form.field("decline")):
            chosen = ClaimStatus.DECLINED
    if chosen is not None:
        with feedback.saying(_("Answer kept"), form):
            bound = form.once(shop, chosen.value, said, day)
            commands.decide_claim(bound, claim.id, claim.version, chosen, said, day)


def _answered(shop: Shop, claim: Claim) -> None:
    if claim.decided_on is not None:
        said = [show.day(claim.decided_on, shop), plain(claim.answer)]
        st.caption(" · ".join(part for part in said if part))
    if claim.week_closed:
        st.caption(_("Its week is closed; the answer stands."))
        return
    form = Form(f"claim_reopen_{claim.id}")
    if st.button(
        _("Take the answer back"), icon=":material/undo:", type="tertiary", key=form.field("undo")
    ):
        with feedback.saying(_("Answer taken back"), form):
            commands.reopen_claim(form.once(shop), claim.id)


def _claim_form(shop: Shop, this: Supplier) -> None:
    form = Form(f"claim_new_{this.id}")
    batches: Mapping[int, BatchChoice] = {one.id: one for one in queries.claimable(shop, this.id)}
    with st.form(form.field("form"), border=False):
        batch_id = st.selectbox(
            _("About which batch"),
            list(batches),
            index=None,
            format_func={one: _batch_said(shop, each) for one, each in batches.items()}.__getitem__,
            placeholder=_("none in particular"),
            key=form.field("batch"),
        )
        with st.container(horizontal=True):
            quantity = st.text_input(
                _("Quantity"),
                placeholder="2斤",
                help=_("In the unit of the batch; empty where it is not about a quantity."),
                key=form.field("quantity"),
                width=130,
            )
            amount = money_ui.amount(_("Amount"), form.field("amount"))
        reason = st.text_input(
            _("Reason"),
            max_chars=200,
            help=_("For the shop: it is not in the text for the supplier."),
            key=form.field("reason"),
        )
        chosen = scans.field(form, "photo", _("Photo"), photo_only=True)
        saved = st.form_submit_button(_("Claim"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Claim kept"), form):
            typed = _typed(quantity, batches.get(batch_id) if batch_id is not None else None)
            photo = scans.keep(shop, chosen, intake.PHOTOS)
            details = ClaimDetails(amount, reason, typed)
            bound = form.once(shop, repr(details), batch_id, photo)
            commands.add_claim(bound, this.id, details, batch_id, photo)


def _typed(text: str, batch: BatchChoice | None) -> int | None:
    if batch is None:
        return None
    return typed_quantity(text, batch.unit)


def _batch_said(shop: Shop, batch: BatchChoice) -> str:
    day = show.day(batch.arrived_on, shop)
    return f"{day} · {batch.product} {batch.unit.said(batch.total)} · {batch.code}"
