"""Solving a case: what the pledge offers as big choices, bettered by typing, never lessened.

One touch chooses, the next one agrees: money goes back, what is owed joins the next order, goods
that come back are booked, and the text for the resident is copied, all in one step (R27, R29).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.after_sales import texts
from lib.service.after_sales.queries import Case, RemedyRow
from lib.service.after_sales.remedies.commands import solve, undo_remedy
from lib.service.after_sales.remedies.queries import facts_of
from lib.service.after_sales.remedies.rules import (
    COMES_BACK,
    DISPOSAL_NAMES,
    GOODS,
    KIND_NAMES,
    MONEY,
    Disposal,
    Facts,
    Kind,
    Option,
    Pledge,
    Remedy,
    Solution,
    pledge_for,
)
from lib.service.after_sales.rules import LONGEST_REASON, Cause, Status
from lib.service.owed.queries import owed_for_case
from lib.shop.language import Translate
from lib.shop.messages.service_events import CASE_SOLVED
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Shop
from lib.trade.payments.rules import HAND_METHODS, Method
from lib.ui import (
    after_sales,
    after_sales_board,
    after_sales_change,
    after_sales_pledge,
    messages_text,
    quantities,
    show,
)
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

_OWN = "own"
_CHOSEN, _OPEN = ":material/radio_button_checked:", ":material/radio_button_unchecked:"


@dataclass(frozen=True)
class Typed:
    """What stands in the form: kinds with amount or count as typed, and all that goes with them."""

    kinds: tuple[Kind, ...]
    amount: Money
    count: float | None
    method: Method
    freight: Money
    disposal: Disposal


@dataclass(frozen=True)
class Beside:
    """What is rarely said with a solution."""

    cause: Cause | None
    planned_on: date | None
    below: str


def draw(shop: Shop, this: Case) -> None:
    """Draw what can be done about an open case."""
    with st.container(border=True, key="case-solve"):
        st.markdown(f"**{_('What do we do about it?')}**")
        facts = facts_of(shop, this.id)
        pledge = pledge_for(facts, shop.settings)
        if this.member_id is None:
            st.caption(_("Say first whose case it is; then money and goods can be given."))
            pledge = Pledge()
        else:
            st.caption(after_sales_pledge.why(pledge))
        form = Form(f"case-solve-{this.id}-{this.turn}")
        chosen = _choose(form, pledge, facts.unit)
        if chosen is not None:
            _agree(shop, this, form, facts, chosen)


def _choose(form: Form, pledge: Pledge, unit: Unit | None) -> Option | None:
    """Draw the options as big rows; return the chosen one. A single one is chosen already."""
    key = form.field("choice")
    options = {str(place): option for place, option in enumerate(pledge.options)}
    start = next(iter(options)) if len(options) == 1 else None
    picked = st.session_state.get(key, start)
    names = {place: after_sales_pledge.option_said(each, unit) for place, each in options.items()}
    names[_OWN] = _("Something else …")
    with st.container(key=f"case-choose-{form.name}", gap="xsmall"):
        for place, name in names.items():
            st.button(
                f"**{name}**" if place != _OWN else name,
                icon=_CHOSEN if place == picked else _OPEN,
                width="stretch",
                key=form.field(f"option-{place}"),
                on_click=_pick,
                args=(key, place),
            )
    if picked is None:
        return None
    return options.get(picked, Option((), ""))


def _pick(key: str, place: str) -> None:
    st.session_state[key] = place


def _agree(shop: Shop, this: Case, form: Form, facts: Facts, option: Option) -> None:
    place = str(st.session_state.get(form.field("choice"), "0"))
    promised = {one.kind: one for one in option.remedies}
    if promised:
        more = st.session_state.get(form.field(f"more-{place}"), ())
    else:
        more = _more(form, place, promised)
    typed = _typed(form, facts, promised, (*promised, *more))
    with st.expander(_("More: give besides, cause, day, wished less"), key=form.field("fold")):
        if promised:
            _more(form, place, promised)
        beside = _beside(shop, this, form, typed)
    shown = _built(typed, facts, _lenient(typed, facts))
    text = _text(shop, this, shown)
    if _pressed(this, form, after_sales_pledge.done_said(shown, facts.unit), text):
        with after_sales.saying(this, _("Solved. The text for the resident is copied."), form):
            solution = Solution(
                _built(typed, facts, _exact(this, typed, facts)),
                typed.method.value,
                beside.planned_on,
                typed.freight,
                typed.disposal,
                beside.below,
                beside.cause,
                "",
                text,
            )
            bound = form.once(shop, typed, beside)
            solve(bound, this.id, after_sales.seen(this), solution)


def _more(form: Form, place: str, promised: Mapping[Kind, Remedy]) -> Sequence[Kind]:
    """Ask what is given besides what is promised, or instead where nothing is."""
    names = {kind: _(name) for kind, name in KIND_NAMES.items() if kind not in promised}
    return st.pills(
        _("Give more as well") if promised else _("What is done"),
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key=form.field(f"more-{place}"),
    )


def _beside(shop: Shop, this: Case, form: Form, typed: Typed) -> Beside:
    """Ask for what is rarely said: the cause, the day of the goods, that less was wished."""
    cause = after_sales_change.cause_field(form, this.cause)
    planned_on = None
    if GOODS & set(typed.kinds):
        planned_on = st.date_input(
            _("Ready on (else with the next order)"),
            None,
            min_value=shop.today,
            format="YYYY-MM-DD",
            key=form.field("day"),
        )
    below = st.text_input(
        _("In the resident's own words: they wish less"),
        max_chars=LONGEST_REASON,
        help=_("Only then may less be given than the shop promises."),
        key=form.field("below"),
    )
    return Beside(cause, planned_on, below)


def _pressed(this: Case, form: Form, done_words: str, text: str) -> bool:
    """Draw the button that agrees; its touch copies the text for the resident, too."""
    with st.container(key=f"copy-along-solve-{this.id}", gap="xxsmall"):
        st.html(after_sales_board.copy_mark(text))
        with st.container(key=f"copying-solve-{this.id}"):
            return st.button(
                _("Agreed: {done}").format(done=done_words or "…"),
                type="primary",
                icon=":material/handshake:",
                width="stretch",
                key=form.field("save"),
            )


def _typed(
    form: Form, facts: Facts, promised: Mapping[Kind, Remedy], kinds: tuple[Kind, ...]
) -> Typed:
    """Draw amount, quantity and what goes with them; what is promised stands there at first."""
    place = str(st.session_state.get(form.field("choice"), "0"))
    amount, count = Money(0), None
    method, freight, disposal = Method.TRANSFER, Money(0), Disposal.KEPT
    money, goods, back = (group & set(kinds) for group in (MONEY, GOODS, COMES_BACK))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if money:
            amount = _amount(form, facts, promised, place)
        if goods and facts.unit is not None:
            count = _count(form, facts.unit, facts.one_more, promised, place)
        if back:
            key = form.field(f"freight-{place}")
            freight = money_ui.amount(_("Way paid by us (yuan)"), key)
    if money:
        method = money_ui.method(form.field("method"), HAND_METHODS, _("Money back by"))
    if back:
        disposal = _disposal(form)
    return Typed(kinds, amount, count, method, freight, disposal)


def _amount(form: Form, facts: Facts, promised: Mapping[Kind, Remedy], place: str) -> Money:
    least = next((one.amount for kind, one in promised.items() if kind in MONEY), None)
    start = least or facts.share
    return money_ui.amount(_("Money back (yuan)"), form.field(f"amount-{place}"), start=start)


def _count(
    form: Form, unit: Unit, one_more: int | None, promised: Mapping[Kind, Remedy], place: str
) -> float | None:
    least = next((one.quantity for kind, one in promised.items() if kind in GOODS), None)
    return quantities.field(
        form.field(f"count-{place}"), _("Goods to give"), unit, least or one_more
    )


def _disposal(form: Form) -> Disposal:
    names = {each: _(name) for each, name in DISPOSAL_NAMES.items()}
    chosen = st.pills(
        _("The bad goods"),
        list(names),
        format_func=names.__getitem__,
        default=Disposal.KEPT,
        required=True,
        key=form.field("disposal"),
    )
    return Disposal(chosen or Disposal.KEPT)


def _exact(this: Case, typed: Typed, facts: Facts) -> int:
    """Return the quantity typed, in base units; raises ``Refused`` for a part of a piece."""
    if facts.unit is not None:
        return quantities.typed(facts.unit, typed.count, this.product)
    if GOODS & set(typed.kinds):
        raise Refused(N_("Say first which goods it is about."))
    return 0


def _lenient(typed: Typed, facts: Facts) -> int:
    return quantities.lenient(facts.unit, typed.count) if facts.unit is not None else 0


def _built(typed: Typed, facts: Facts, quantity: int) -> tuple[Remedy, ...]:
    """Return what was typed as remedies."""
    return tuple(
        Remedy(
            kind,
            quantity if kind in GOODS else facts.one_more if kind in COMES_BACK else None,
            typed.amount if kind in MONEY else None,
            freight_by_shop=kind in COMES_BACK and bool(facts.daily or typed.freight),
        )
        for kind in typed.kinds
    )


def _text(shop: Shop, this: Case, remedies: Sequence[Remedy]) -> str:
    """Return what the resident is told of a solution, ready for the chat."""
    say = speaker(shop)
    unit = this.unit
    done_words = texts.said_done(remedies, unit, say)
    return said(shop, CASE_SOLVED, **texts.about_values(this, say), done=done_words)


def done(shop: Shop, this: Case) -> None:
    """Draw what was agreed, what of it is still owed, its undo, and the text for the resident."""
    if not this.remedies:
        return
    with st.container(border=True, key="case-done"):
        st.markdown(f"**{_('What was agreed')}**")
        for row in this.remedies:
            _remedy(shop, this, row)
        for owed in owed_for_case(shop, this.id):
            if owed.cancelled_at is None and owed.given < owed.quantity:
                left = plain(owed.unit.said(owed.quantity - owed.given))
                until = show.moment(owed.due_at, shop)
                show.state("soon", _("{goods} owed until {day}").format(goods=left, day=until))
        standing = _standing(this)
        if standing and this.status is Status.SOLVED:
            text = _text(shop, this, standing)
            subject = f"after_sales_case:{this.id}"
            messages_text.offer(shop, CASE_SOLVED, subject, text, f"case-solved-{this.id}")


def _standing(this: Case) -> list[Remedy]:
    return [_plain_remedy(row) for row in this.remedies if row.undone_at is None]


def agreed(this: Case, say: Translate) -> str:
    """Return what was agreed and stands, as a message says it."""
    return texts.said_done(_standing(this), this.unit, say)


def _plain_remedy(row: RemedyRow) -> Remedy:
    money = row.amount if row.amount else None
    return Remedy(Kind(row.kind), row.quantity, money, freight_by_shop=bool(row.freight))


def _remedy(shop: Shop, this: Case, row: RemedyRow) -> None:
    said_of = after_sales_pledge.done_said([_plain_remedy(row)], this.unit)
    facts = [show.moment(row.at, shop), plain(row.person)]
    if row.taken_off:
        facts.append(_("{amount} taken off the bill").format(amount=show.money(row.taken_off)))
    if row.freight:
        facts.append(_("way paid by us: {amount}").format(amount=show.money(row.freight)))
    if row.disposal:
        facts.append(_(DISPOSAL_NAMES[Disposal(row.disposal)]))
    if row.below_pledge:
        facts.append(_("wished less: {words}").format(words=plain(row.below_pledge)))
    small = " · ".join(fact for fact in facts if fact)
    with st.container(horizontal=True, vertical_alignment="center"):
        if row.undone_at is not None:
            st.markdown(f"~~{said_of}~~  \n:small[{small}]", width="stretch")
            show.state("quiet", _("Undone"))
            return
        st.markdown(f"**{said_of}**  \n:small[{small}]", width="stretch")
        form = Form(f"case-undo-{row.id}")
        if st.button(_("Undo"), icon=":material/undo:", type="tertiary", key=form.field("save")):
            with after_sales.saying(this, _("Taken back; the case is open again."), form):
                undo_remedy(form.once(shop, row.id), row.id)
