"""Activities on screen: the list, planning one, the fields of a plan (R12)."""

from datetime import date

import pandas as pd
import streamlit as st

from lib.kernel.errors import NotFound
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trust.community.activities import commands, queries
from lib.trust.community.activities.queries import Activity
from lib.trust.community.activities.rules import (
    KIND_NAMES,
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_TITLE,
    MOST_COST,
    MOST_HEADS,
    STATUS_NAMES,
    Details,
    Kind,
    Status,
)
from lib.ui import choice, community, feedback, show
from lib.ui.forms import Form
from lib.ui.orders import chosen
from lib.ui.words import _


def opened(shop: Shop) -> Activity | None:
    """Return the activity that the address names by ``?activity=``; None for none."""
    number = chosen("activity")
    try:
        return None if number is None else queries.activity(shop, number)
    except NotFound:
        return None


def listing(shop: Shop) -> None:
    """Draw what came of the activities, the form for the next one, and the list."""
    found = queries.activities(shop)
    held = [this for this in found if this.status is Status.HELD]
    coming = [this for this in found if this.status is Status.PLANNED and this.day >= shop.today]
    show.figures(
        (_("Planned"), str(len(coming))),
        (_("Held"), str(len(held))),
        (_("People who came"), str(sum(this.heads or 0 for this in held))),
    )
    with st.expander(_("Plan an activity"), icon=":material/add:", expanded=not found):
        _plan(shop)
    if not found:
        show.nothing(
            _("No activity was planned yet."),
            _("A workshop for families or a neighbours' swap, once or twice a month."),
        )
        return
    number = choice.of_rows(
        pd.DataFrame([_row(this) for this in found]),
        "activities",
        shop,
        money_columns=[_("Money spent"), _("Cost per head")],
        config={_("Title"): st.column_config.TextColumn(pinned=True)},
    )
    if number is not None:
        community.open_one("activity", found[number].id)
        st.rerun()


def _plan(shop: Shop) -> None:
    form = Form("activity-plan")
    details, goods = fields(shop, form, None, ())
    if st.button(_("Plan it"), type="primary", key=form.field("save")):
        with feedback.saying(_("The activity is planned, with a checklist"), form):
            number = commands.add_activity(form.once(shop, details, goods), details, goods)
            community.open_one("activity", number)


def fields(
    shop: Shop, form: Form, known: Details | None, shown: tuple[int, ...]
) -> tuple[Details, list[int]]:
    """Draw the fields of a plan; return it and the ids of the goods shown."""
    kinds, words = list(Kind), {each: _(KIND_NAMES[each]) for each in Kind}
    kind = st.selectbox(
        _("What sort"),
        kinds,
        index=kinds.index(known.kind) if known else 0,
        format_func=words.__getitem__,
        key=form.field("kind"),
    )
    title = st.text_input(
        _("Title"),
        known.title if known else "",
        max_chars=LONGEST_TITLE,
        placeholder=_("Mooncakes made by hand"),
        key=form.field("title"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day, starts, heads = _when(shop, form, known)
        cost = cost_field(form, known.cost if known else None)
    place = st.text_input(
        _("Place"), known.place if known else "", max_chars=LONGEST_PLACE, key=form.field("place")
    )
    note = st.text_area(
        _("What the group should know"),
        known.note if known else "",
        max_chars=LONGEST_NOTE,
        height=80,
        placeholder=_("Bring an apron."),
        key=form.field("note"),
    )
    materials = st.text_area(
        _("Materials (for the shop)"),
        known.materials if known else "",
        max_chars=LONGEST_NOTE,
        height=80,
        key=form.field("materials"),
    )
    names = queries.goods_to_show(shop)
    goods = st.multiselect(
        _("Goods that are shown"),
        list(names),
        default=[each for each in shown if each in names],
        format_func=names.__getitem__,
        key=form.field("goods"),
    )
    details = Details(Kind(kind), title, day, starts, place, materials, note, cost, heads)
    return details, goods


def _when(shop: Shop, form: Form, known: Details | None) -> tuple[date, str, int | None]:
    """Ask for the day, the time and how many are expected."""
    day = st.date_input(
        _("Day"),
        known.day if known else shop.today,
        format="YYYY-MM-DD",
        key=form.field("day"),
        width=180,
    )
    starts = st.text_input(
        _("Time"),
        known.starts if known else "",
        placeholder="15:00",
        max_chars=10,
        key=form.field("starts"),
        width=110,
    )
    heads = st.number_input(
        _("Expected heads"),
        0,
        MOST_HEADS,
        known.expected_heads if known else None,
        step=1,
        key=form.field("heads"),
        width=150,
    )
    return day, starts, whole(heads)


def cost_field(form: Form, known: Money | None) -> Money | None:
    """Draw the field for what it cost in all; None while nobody knows."""
    typed = st.number_input(
        _("What it cost in all"),
        min_value=0.0,
        max_value=float(MOST_COST.yuan),
        value=None if known is None else float(known.yuan),
        step=1.0,
        format="%.2f",
        icon=":material/currency_yuan:",
        key=form.field("cost"),
        width=170,
    )
    return None if typed is None else Money.of(f"{typed:.2f}")


def whole(count: float | None) -> int | None:
    """Return a typed count as a whole number; None for nothing typed."""
    return None if count is None else int(count)


def _row(this: Activity) -> dict[str, object]:
    cost, per_head = this.details.cost, this.per_head
    return {
        _("Title"): this.title,
        _("Day"): f"{this.day.isoformat()} {this.details.starts}".rstrip(),
        _("State"): _(STATUS_NAMES[this.status]),
        _("Still to do"): f"{this.tasks_open} / {this.tasks}",
        _("People who came"): this.heads,
        _("Members among them"): this.guests,
        _("Money spent"): None if cost is None else cost.fen,
        _("Cost per head"): None if per_head is None else per_head.fen,
        _("What sort"): _(KIND_NAMES[this.details.kind]),
        _("Photos"): this.photos,
        _("Published"): this.published,
    }
