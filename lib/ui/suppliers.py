"""The suppliers page: who, how far away, what to look after; the form of a supplier's file (R1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.kernel.position import Position
from lib.shop.shop import Shop
from lib.supply.papers.queries import Need, PapersDue
from lib.supply.papers.rules import Standing
from lib.supply.suppliers import commands, rules
from lib.supply.suppliers.queries import PaperWarning, Purchases, Supplier, paper_warnings
from lib.supply.suppliers.rules import KIND_NAMES, PAPER_NAMES, Details, Kind, Share, Stage
from lib.ui import feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

MOST_GOODS = 4
"""Goods named beside a paper that ran out."""
MOST_POINTS = 12
"""Things to look after that the page lists; the table has all of them."""


def figures(shop: Shop, share: Share, count: int, needs: Sequence[Need], due: PapersDue) -> None:
    """Show the share bought near by, how many suppliers there are, what is missing or ends."""
    lacking = [need for need in needs if need.is_lacking]
    radius = shop.settings.local_radius_km
    percent = share.percent
    show.figures(
        (
            _("Bought within {radius} km this month").format(radius=radius),
            "—" if percent is None else f"{percent} %",
            _("What was received this month at its agreed price, by the supplier's distance."),
        ),
        (_("Suppliers"), str(count)),
        (_("Papers missing"), str(len(lacking)), _("Required ones that are absent or expired.")),
        (_("Ending"), str(len(due.papers) + len(due.agreements)), _("Papers and agreements.")),
    )
    st.caption(share_said(share, radius))
    if not shop.settings.shop_position:
        st.page_link(
            navigation.page("settings"),
            label=_("Say where the shop is; then distances follow from coordinates."),
            icon=":material/pin_drop:",
        )


def share_said(share: Share, radius: int) -> str:
    """Return the month's purchases in one sentence: near, far, not known."""
    if not share.total.fen and not share.unpriced:
        return _("No deliveries this month yet, so there is no share to tell.")
    said = [
        _("{local} of {total} were bought within {radius} km this month.").format(
            local=show.money(share.local), total=show.money(share.total), radius=radius
        )
    ]
    if share.unknown:
        said.append(
            _("{amount} came from suppliers whose distance is not known.").format(
                amount=show.money(share.unknown)
            )
        )
    if share.unpriced:
        said.append(
            _("{count} batches without a price are not counted.").format(count=share.unpriced)
        )
    return " ".join(said)


def look_after(shop: Shop, needs: Sequence[Need], due: PapersDue) -> None:
    """List what ends or is missing, the most pressing first, each leading to its supplier."""
    points: list[tuple[show.State, int, str]] = []
    for warning in due.papers:
        points.append((_paper_state(warning), warning.supplier_id, paper_said(shop, warning)))
    for ending in due.agreements:
        kind: show.State = "soon" if ending.stage is Stage.SOON else "late"
        said = agreement_end_said(ending.stage, show.day(ending.ends_on, shop))
        points.append((kind, ending.supplier_id, f"{plain(ending.supplier_name)}: {said}"))
    for need in needs:
        if need.is_lacking and need.standing is Standing.MISSING:
            points.append(("quiet", need.supplier_id, need_said(need)))
    if not points:
        return
    words: dict[show.State, str] = {"late": _("late"), "soon": _("soon"), "quiet": _("missing")}
    points.sort(key=lambda point: list(words).index(point[0]))
    with st.expander(
        _("To look after: {count}").format(count=len(points)),
        icon=":material/notification_important:",
        key="look-after",
    ):
        for state, supplier_id, text in points[:MOST_POINTS]:
            with st.container(horizontal=True, vertical_alignment="center"):
                show.state(state, words[state])
                st.page_link(
                    navigation.page("suppliers"),
                    label=text,
                    query_params={"supplier": str(supplier_id)},
                )
        if len(points) > MOST_POINTS:
            st.caption(_("… and {count} more").format(count=len(points) - MOST_POINTS))


def _paper_state(warning: PaperWarning) -> show.State:
    return "late" if warning.expired else "soon"


def paper_said(shop: Shop, warning: PaperWarning) -> str:
    """Return what is the matter with a paper, in one sentence."""
    sentence = (
        _("{supplier}: {paper} expired, last valid day {day}")
        if warning.expired
        else _("{supplier}: {paper} valid until {day}")
    )
    return sentence.format(
        supplier=plain(warning.supplier_name),
        paper=_(PAPER_NAMES[warning.kind]),
        day=show.day(warning.valid_until, shop),
    )


def agreement_end_said(stage: Stage, day: str) -> str:
    """Return how near the end of an agreement is."""
    sentences = {
        Stage.SOON: _("agreement ends on {day}"),
        Stage.LAST_DAY: _("the agreement ends today"),
        Stage.OVER: _("the agreement ended, last day {day}"),
    }
    return sentences[stage].format(day=day)


def need_said(need: Need) -> str:
    """Return a missing paper in one sentence."""
    either = _(" or ").join(_(PAPER_NAMES[kind]) for kind in need.asked.kinds)
    return _("{supplier}: no {paper}").format(supplier=plain(need.supplier_name), paper=either)


def offered_with_bad_papers(shop: Shop, names: Mapping[int, str]) -> None:
    """Say where goods are offered that papers of their suppliers ran out, or do soon (R9).

    ``names`` are the products on offer by id. One compact sentence per state; nothing where all
    papers are in order.
    """
    goods: dict[PaperWarning, list[str]] = {}
    for product_id, several in paper_warnings(shop, names).items():
        for warning in several:
            goods.setdefault(warning, []).append(names[product_id])
    for expired in (True, False):
        said = [
            _("{paper} ({goods})").format(
                paper=paper_said(shop, warning), goods="、".join(map(plain, named[:MOST_GOODS]))
            )
            for warning, named in goods.items()
            if warning.expired is expired
        ]
        if said:
            draw = st.error if expired else st.warning
            icon = ":material/gpp_bad:" if expired else ":material/schedule:"
            draw("  \n".join(said[:MOST_POINTS]), icon=icon)


def listing(
    shop: Shop,
    known: Sequence[Supplier],
    bought: Mapping[int, Purchases],
    needs: Sequence[Need],
    due: PapersDue,
) -> None:
    """Show all suppliers with distance, this month's purchases and what ends."""
    lacking: dict[int, int] = {}
    for need in needs:
        lacking[need.supplier_id] = lacking.get(need.supplier_id, 0) + need.is_lacking
    ends = {each.supplier_id: each.ends_on for each in reversed(due.agreements)}
    papers_end = {each.supplier_id: each.valid_until for each in reversed(due.papers)}
    rows = [
        {
            _("Supplier"): each.name,
            _("Kind"): _(KIND_NAMES[each.kind]),
            _("Distance"): distance_said(shop, each),
            _("District"): each.district,
            _("This month"): bought[each.id].amount.fen if each.id in bought else None,
            _("Papers missing"): lacking.get(each.id, 0),
            _("Paper ends"): papers_end.get(each.id),
            _("Agreement ends"): ends.get(each.id),
        }
        for each in known
    ]
    day = st.column_config.DateColumn(format="YYYY-MM-DD")
    show.table(
        pd.DataFrame(rows),
        "suppliers",
        shop,
        money_columns=[_("This month")],
        config={
            _("Supplier"): st.column_config.TextColumn(pinned=True),
            _("Paper ends"): day,
            _("Agreement ends"): day,
        },
    )


def distance_said(shop: Shop, each: Supplier) -> str:
    """Return a supplier's distance and whether it is local, in words."""
    if each.metres is None:
        return _("distance unknown")
    sentence = _("{km} km, within {radius} km") if each.is_local else _("{km} km, farther")
    return sentence.format(km=rules.said_km(each.metres), radius=shop.settings.local_radius_km)


def head(shop: Shop, this: Supplier, bought: Purchases | None) -> None:
    """Show who it is: the local badge, kind, district, and what came of it this month."""
    st.subheader(plain(this.name))
    with st.container(horizontal=True, vertical_alignment="center"):
        show.state("good" if this.is_local else "quiet", distance_said(shop, this))
        st.caption(
            " · ".join(part for part in (_(KIND_NAMES[this.kind]), plain(this.district)) if part)
        )
    if this.archived_at is not None:
        st.info(_("Archived {when}.").format(when=show.moment(this.archived_at, shop)))
    if this.metres is not None and not this.is_local:
        reason = plain(this.far_reason) or _("no reason written yet")
        st.caption(_("Why from farther away: {reason}").format(reason=reason))
    if bought is None:
        st.caption(_("No deliveries this month."))
        return
    st.caption(
        _("This month: {count} batches, {amount}").format(
            count=bought.batches, amount=show.money(bought.amount)
        )
    )


@dataclass(frozen=True)
class Typed:
    """What stands in a supplier's form, unread: place and distance are still text."""

    details: Details
    position: str
    kilometres: str

    def read(self) -> Details:
        """Return the details; raises ``Refused`` for what cannot be read."""
        return replace(
            self.details,
            position=rules.typed_position(self.position),
            typed_metres=rules.typed_distance(self.kilometres),
        )


def fields(shop: Shop, form: Form, start: Details) -> Typed:
    """Draw the fields of a supplier's file and return them as typed."""
    with st.container(horizontal=True):
        name = st.text_input(
            _("Name"), start.name, max_chars=rules.LONGEST_NAME, key=form.field("name")
        )
        kinds = list(Kind)
        kind = st.selectbox(
            _("Kind"),
            kinds,
            index=kinds.index(start.kind),
            format_func={one: _(KIND_NAMES[one]) for one in kinds}.__getitem__,
            key=form.field("kind"),
            width=180,
        )
    position, kilometres, how, reason = _place(shop, form, start)
    with st.container(horizontal=True):
        contact = st.text_input(_("Contact"), start.contact_name, key=form.field("contact"))
        phone = st.text_input(_("Phone"), start.phone, key=form.field("phone"))
    address = st.text_input(
        _("Address, for the shop and the purchase records"),
        start.address,
        max_chars=rules.LONGEST_LINE,
        key=form.field("address"),
    )
    district, story, shows_name, shows_contact = _for_residents(form, start)
    note = st.text_area(_("Note"), start.note, height=80, key=form.field("note"))
    details = Details(
        name=name,
        kind=kind,
        contact_name=contact,
        phone=phone,
        address=address,
        district=district,
        story=story,
        shows_name=shows_name,
        shows_contact=shows_contact,
        distance_how=how,
        far_reason=reason,
        note=note,
    )
    return Typed(details, position, kilometres)


def _place(shop: Shop, form: Form, start: Details) -> tuple[str, str, str, str]:
    with st.container(horizontal=True):
        position = st.text_input(
            _("Coordinates"),
            _said_position(start.position),
            placeholder="30.27415, 120.15515",
            help=_("Latitude and longitude, pasted from a map. The straight line is reckoned."),
            key=form.field("position"),
        )
        kilometres = st.text_input(
            _("or the distance in km"),
            _said_kilometres(start.typed_metres),
            placeholder="12.5",
            help=_("A typed distance stands before the straight line."),
            key=form.field("km"),
            width=160,
        )
        how = st.text_input(
            _("how it was measured"),
            start.distance_how,
            placeholder=_("map, by road"),
            max_chars=rules.LONGEST_LINE,
            key=form.field("how"),
        )
    reason = st.text_input(
        _("Why from farther away (beyond {radius} km only)").format(
            radius=shop.settings.local_radius_km
        ),
        start.far_reason,
        placeholder=_("not grown near here"),
        max_chars=rules.LONGEST_LINE,
        key=form.field("reason"),
    )
    return position, kilometres, how, reason


def _said_kilometres(metres: int | None) -> str:
    return "" if metres is None else f"{(Decimal(metres) / 1000).normalize():f}"


def _said_position(position: Position | None) -> str:
    return position.said if position else ""


def _for_residents(form: Form, start: Details) -> tuple[str, str, bool, bool]:
    st.markdown(f"**{_('What residents may see')}**")
    district = st.text_input(
        _("District or town"),
        start.district,
        max_chars=rules.LONGEST_NAME,
        placeholder="余杭区径山镇",
        help=_("Residents see this instead of the address."),
        key=form.field("district"),
    )
    story = st.text_area(
        _("Story"),
        start.story,
        max_chars=rules.LONGEST_STORY,
        height=80,
        help=_("How they grow or make it. Write only what you know."),
        key=form.field("story"),
    )
    with st.container(horizontal=True):
        shows_name = st.checkbox(_("Show the name"), start.shows_name, key=form.field("show_name"))
        shows_contact = st.checkbox(
            _("Show the contact too"), start.shows_contact, key=form.field("show_contact")
        )
    return district, story, shows_name, shows_contact


def add(shop: Shop) -> None:
    """Show the form for a new supplier: a name is enough."""
    form = Form("supplier_add")
    with st.form(form.field("form"), border=False):
        typed = fields(shop, form, Details("", Kind.GROWER))
        saved = st.form_submit_button(
            _("Add supplier"), type="primary", icon=":material/add:", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Supplier added"), form):
            details = typed.read()
            made = commands.add_supplier(form.once(shop, repr(details)), details)
            st.query_params["supplier"] = str(made)


def file(shop: Shop, this: Supplier) -> None:
    """Show the form that changes a supplier's file, and the means to archive it."""
    form = Form(f"supplier_edit_{this.id}")
    version = form.seen("version", this.version)
    with st.form(form.field("form"), border=False):
        typed = fields(shop, form, form.seen("details", this.details))
        saved = st.form_submit_button(
            _("Save changes"), type="primary", icon=":material/save:", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Changes saved"), form):
            details = typed.read()
            bound = form.once(shop, version, repr(details))
            commands.change_supplier(bound, this.id, version, details)
    _archive(shop, this)


def _archive(shop: Shop, this: Supplier) -> None:
    form = Form(f"supplier_archive_{this.id}")
    if this.archived_at is not None:
        if st.button(_("Take back into use"), key=form.field("restore")):
            with feedback.saying(_("Back in use"), form):
                commands.restore_supplier(form.once(shop), this.id)
                Form(f"supplier_edit_{this.id}").look_again()
        return
    with st.popover(_("Archive"), icon=":material/archive:", key=form.field("popover")):
        st.write(
            _(
                "Nothing is ordered from it then; deliveries, papers and statements stay. Goods "
                "it was the preferred supplier of go to the cheapest other one."
            )
        )
        if st.button(_("Archive supplier"), key=form.field("archive")):
            with feedback.saying(_("Archived"), form):
                commands.archive_supplier(form.once(shop), this.id)
                Form(f"supplier_edit_{this.id}").look_again()
