"""Agreements and papers of a supplier, on the suppliers page (R2, R9)."""

from datetime import date, timedelta

import streamlit as st

from lib.shop.shop import Shop
from lib.supply.papers import commands, queries
from lib.supply.papers.queries import Agreement, Need, Paper
from lib.supply.papers.rules import (
    BEARER_NAMES,
    CYCLE_NAMES,
    NEVER_EXPIRES,
    NUMBER_HINTS,
    AgreementDetails,
    Bearer,
    Cycle,
    PaperDetails,
    Standing,
    looks_unusual,
    proposed_end,
)
from lib.supply.suppliers.queries import Supplier
from lib.supply.suppliers.rules import PAPER_NAMES, PaperKind, Stage
from lib.ui import feedback, scans, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.suppliers import agreement_end_said
from lib.ui.words import _, plain

_STAGES: dict[Stage, show.State] = {
    Stage.FINE: "good",
    Stage.SOON: "soon",
    Stage.LAST_DAY: "late",
    Stage.OVER: "late",
}
_STANDINGS: dict[Standing, show.State] = {
    Standing.HELD: "good",
    Standing.EXPIRED: "late",
    Standing.MISSING: "soon",
}


def agreement_tab(shop: Shop, this: Supplier) -> None:
    """Show the agreement in force, the means to end it, and the form for the next one."""
    known = queries.agreements_of(shop, this.id)
    running = queries.running_on(known, shop.today)
    shown = running or (known[0] if known else None)
    if shown is None:
        show.nothing(
            _("No agreement kept."),
            _("Weekly settlement, supply on demand and no large prepayment are what it is for."),
        )
    else:
        _agreement(shop, shown)
    with st.expander(
        _("Enter an agreement") if shown is None else _("Enter the one that follows"),
        icon=":material/handshake:",
        expanded=shown is None,
        key=f"agreement-new-{this.id}",
    ):
        _agreement_form(shop, this, None, _start_of_next(shop, shown))
    if shown is not None and shown.ended_at is None:
        with st.expander(_("Correct it"), icon=":material/edit:", key=f"agreement-edit-{this.id}"):
            _agreement_form(shop, this, shown, shown.details)
    earlier = [each for each in known if shown is None or each.id != shown.id]
    if earlier:
        with st.expander(_("Other agreements"), key=f"agreements-{this.id}"):
            for each in earlier:
                st.markdown(_span(shop, each))


def _start_of_next(shop: Shop, shown: Agreement | None) -> AgreementDetails:
    if shown is None:
        return AgreementDetails(shop.today, _one_year(shop.today))
    terms = shown.details
    after = terms.ends_on + timedelta(days=1) if terms.ends_on else shop.today
    start = max(after, shop.today)
    return AgreementDetails(
        start,
        _one_year(start),
        terms.cycle,
        terms.minimum_order,
        terms.case_note,
        terms.spoilage_by,
        terms.notice_days,
        terms.prepayment,
    )


def _one_year(start: date) -> date:
    return start + timedelta(days=364)


def _span(shop: Shop, each: Agreement) -> str:
    first = show.day(each.details.starts_on, shop)
    if each.details.ends_on is None:
        return _("From {first} until it is ended").format(first=first)
    return _("From {first} to {last}").format(
        first=first, last=show.day(each.details.ends_on, shop)
    )


def _agreement(shop: Shop, this: Agreement) -> None:
    details = this.details
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_span(shop, this)}**")
            _agreement_state(shop, this)
        minimum = show.money(details.minimum_order) if details.minimum_order else _("none")
        rows = [
            (_("Settlement"), _(CYCLE_NAMES[details.cycle])),
            (_("Minimum order"), minimum),
            (_("Spoilage is borne by"), _(BEARER_NAMES[details.spoilage_by])),
            (_("Notice"), _("{days} days").format(days=details.notice_days)),
            (_("Case size"), plain(details.case_note) or "—"),
            (_("Prepayment"), show.money(details.prepayment) if details.prepayment else _("none")),
        ]
        st.markdown("  \n".join(f"{label}: **{value}**" for label, value in rows))
        if details.prepayment:
            st.warning(
                _("Partners are paid after delivery: no large prepayment was meant."),
                icon=":material/payments:",
            )
        if details.note:
            st.caption(plain(details.note))
        scans.show(shop, this.scan, _("Agreement"))
        if this.ended_at is None:
            _end(shop, this)


def _agreement_state(shop: Shop, this: Agreement) -> None:
    if this.ended_at is not None:
        show.state("quiet", _("ended"))
        return
    if this.stage is Stage.FINE:
        show.state("good", _("in force"))
        return
    assert this.details.ends_on is not None
    day = show.day(this.details.ends_on, shop)
    show.state(_STAGES[this.stage], agreement_end_said(this.stage, day))


def _end(shop: Shop, this: Agreement) -> None:
    form = Form(f"agreement_end_{this.id}")
    with st.popover(_("End it"), icon=":material/event_busy:", key=form.field("popover")):
        notice = this.details.notice_days
        st.caption(_("Notice agreed: {days} days.").format(days=notice))
        last = st.date_input(
            _("Last day"),
            max(shop.today + timedelta(days=notice), this.details.starts_on),
            format="YYYY-MM-DD",
            key=form.field("last"),
        )
        if st.button(_("End the agreement"), type="primary", key=form.field("save")):
            with feedback.saying(_("Agreement ended"), form):
                commands.end_agreement(form.once(shop, last), this.id, last)


def _agreement_form(
    shop: Shop, this: Supplier, known: Agreement | None, start: AgreementDetails
) -> None:
    form = Form(f"agreement_{known.id}" if known else f"agreement_new_{this.id}")
    version = form.seen("version", known.version if known else 0)
    with st.form(form.field("form"), border=False):
        details = _agreement_fields(form, form.seen("details", start))
        chosen = scans.field(form, "scan", _("Scan of the agreement"))
        saved = st.form_submit_button(
            _("Save agreement"), type="primary", icon=":material/save:", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Agreement kept"), form):
            scan = scans.keep(shop, chosen)
            bound = form.once(shop, version, repr(details), scan)
            if known is None:
                commands.add_agreement(bound, this.id, details, scan)
            else:
                commands.change_agreement(bound, known.id, version, details, scan)


def _agreement_fields(form: Form, start: AgreementDetails) -> AgreementDetails:
    with st.container(horizontal=True):
        first = st.date_input(
            _("First day"), start.starts_on, format="YYYY-MM-DD", key=form.field("first"), width=170
        )
        last = st.date_input(
            _("Last day"),
            start.ends_on,
            format="YYYY-MM-DD",
            help=_("Empty: until it is ended."),
            key=form.field("last"),
            width=170,
        )
        cycles = list(Cycle)
        cycle = st.selectbox(
            _("Settlement"),
            cycles,
            index=cycles.index(start.cycle),
            format_func={one: _(CYCLE_NAMES[one]) for one in cycles}.__getitem__,
            key=form.field("cycle"),
            width=170,
        )
    with st.container(horizontal=True):
        minimum = money_ui.amount(
            _("Minimum order"), form.field("minimum"), start=start.minimum_order
        )
        prepayment = money_ui.amount(
            _("Prepayment"),
            form.field("prepayment"),
            start=start.prepayment,
            help_=_("Partners are paid after delivery: no large prepayment was meant."),
        )
        notice = st.number_input(
            _("Notice (days)"), 0, 365, start.notice_days, key=form.field("notice"), width=150
        )
    with st.container(horizontal=True):
        bearers = list(Bearer)
        bearer = st.selectbox(
            _("Spoilage is borne by"),
            bearers,
            index=bearers.index(start.spoilage_by),
            format_func={one: _(BEARER_NAMES[one]) for one in bearers}.__getitem__,
            key=form.field("bearer"),
            width=170,
        )
        case_note = st.text_input(_("Case size"), start.case_note, key=form.field("case"))
    note = st.text_input(_("Note"), start.note, key=form.field("note"))
    return AgreementDetails(
        first,
        last,
        cycle,
        minimum or None,
        case_note,
        bearer,
        notice,
        prepayment,
        note,
    )


def papers_tab(shop: Shop, this: Supplier) -> None:
    """Show what papers are asked for, those that are kept, and the form for another one."""
    _needs(queries.needs(shop, this.id))
    kept = queries.papers_of(shop, this.id)
    for paper in kept:
        if paper.withdrawn_at is None:
            _paper(shop, paper)
    gone = [paper for paper in kept if paper.withdrawn_at is not None]
    if gone:
        with st.expander(_("Withdrawn papers"), key=f"papers-gone-{this.id}"):
            for paper in gone:
                st.markdown(_title(paper))
    with st.expander(
        _("Add a paper"), icon=":material/add:", expanded=not kept, key=f"paper-new-{this.id}"
    ):
        _paper_form(shop, this.id, None)


def _needs(asked: tuple[Need, ...]) -> None:
    for need in asked:
        either = _(" or ").join(_(PAPER_NAMES[kind]) for kind in need.asked.kinds)
        with st.container(horizontal=True, vertical_alignment="center"):
            if need.asked.must or need.standing is Standing.HELD:
                words = {
                    Standing.HELD: _("there"),
                    Standing.EXPIRED: _("expired"),
                    Standing.MISSING: _("missing"),
                }
                show.state(_STANDINGS[need.standing], words[need.standing])
            else:
                show.state("quiet", _("good to have"))
            st.markdown(either)
            st.caption(_(need.asked.because))
    st.caption(
        _(
            "Asked for by the kind of supplier and its goods: food is what is not tagged daily "
            "goods, meat is what has meat or poultry in its category and is no egg."
        )
    )


def _title(paper: Paper) -> str:
    number = f" {plain(paper.number)}" if paper.number else ""
    return f"**{_(PAPER_NAMES[paper.kind])}**{number}"


def _paper(shop: Shop, paper: Paper) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_title(paper))
            _validity(shop, paper)
            if paper.published_at is not None:
                st.badge(_("residents see it"), icon=":material/public:", color="blue")
        if looks_unusual(paper.kind, paper.number):
            usual = _("Unusual number. {hint}").format(hint=_(NUMBER_HINTS[paper.kind]))
            st.caption(f":orange[:material/pin:] {usual}")
        scans.show(shop, paper.scan, _(PAPER_NAMES[paper.kind]))
        with st.container(horizontal=True):
            _publish(shop, paper)
            with st.popover(_("Correct"), icon=":material/edit:", key=f"paper-edit-{paper.id}"):
                _paper_form(shop, paper.supplier_id, paper)
            form = Form(f"paper_withdraw_{paper.id}")
            if st.button(_("Withdraw"), icon=":material/delete:", key=form.field("withdraw")):
                with feedback.saying(_("Paper withdrawn"), form):
                    commands.withdraw_paper(form.once(shop), paper.id)


def _validity(shop: Shop, paper: Paper) -> None:
    if paper.valid_until is None:
        show.state("good", _("does not expire"))
        return
    day = show.day(paper.valid_until, shop)
    sentence = {
        Stage.OVER: _("expired, last valid day {day}"),
        Stage.LAST_DAY: _("valid until {day}"),
    }.get(paper.stage, _("valid until {day}"))
    show.state(_STAGES[paper.stage], sentence.format(day=day))


def _publish(shop: Shop, paper: Paper) -> None:
    form = Form(f"paper_publish_{paper.id}")
    shown = paper.published_at is not None
    label = _("Hide from residents") if shown else _("Show to residents")
    icon = ":material/visibility_off:" if shown else ":material/public:"
    if st.button(label, icon=icon, key=form.field("publish")):
        with feedback.saying(_("Hidden") if shown else _("Residents see it now"), form):
            commands.publish_paper(form.once(shop, not shown), paper.id, published=not shown)


def _paper_form(shop: Shop, supplier_id: int, paper: Paper | None) -> None:
    form = Form(f"paper_{paper.id}" if paper else f"paper_new_{supplier_id}")
    version = form.seen("version", paper.version if paper else 0)
    start = form.seen("details", paper.details if paper else None)
    details = _paper_fields(shop, form, start)
    chosen = scans.field(form, "scan", _("Scan of the paper"))
    published = False
    if paper is None:
        published = st.checkbox(
            _("Residents may see it on the origin page"), key=form.field("published")
        )
    if st.button(_("Save paper"), type="primary", key=form.field("save")):
        with feedback.saying(_("Paper kept"), form):
            scan = scans.keep(shop, chosen)
            bound = form.once(shop, version, repr(details), scan, published)
            if paper is None:
                commands.add_paper(bound, supplier_id, details, scan, published=published)
            else:
                commands.change_paper(bound, paper.id, version, details, scan)


def _paper_fields(shop: Shop, form: Form, start: PaperDetails | None) -> PaperDetails:
    kinds = list(PaperKind)
    kind = st.selectbox(
        _("Paper"),
        kinds,
        index=kinds.index(start.kind) if start else 0,
        format_func={one: _(PAPER_NAMES[one]) for one in kinds}.__getitem__,
        key=form.field("kind"),
    )
    hint = NUMBER_HINTS.get(kind)
    number = st.text_input(
        _("Paper number"),
        start.number if start else "",
        help=_(hint) if hint else None,
        key=form.field("number"),
    )
    with st.container(horizontal=True):
        issued = st.date_input(
            _("Issued on"),
            start.issued_on if start else None,
            format="YYYY-MM-DD",
            key=form.field("issued"),
            width=170,
        )
        until = None
        if kind not in NEVER_EXPIRES:
            until = st.date_input(
                _("Valid until"),
                start.valid_until if start else None,
                format="YYYY-MM-DD",
                key=form.field("until"),
                width=170,
            )
    if kind in NEVER_EXPIRES:
        st.caption(_("A filing has a date but does not expire."))
    elif issued is not None and until is None:
        _propose(shop, kind, issued)
    return PaperDetails(kind, number, issued, until)


def _propose(shop: Shop, kind: PaperKind, issued: date) -> None:
    end = proposed_end(kind, issued)
    if end is not None:
        st.caption(
            _("Left empty it is {day}, the usual time. Check it against the paper.").format(
                day=show.day(end, shop)
            )
        )
