"""A new case, taken in at the counter with one hand: who, which purchase, what, how much, photos.

The purchase stands in the address, so that a screen that was closed is where it was. A resident is
found as at the pickup desk; their purchases of the last days stand right below, one touch each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import streamlit as st

from lib.kernel.clock import at_local, local
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.members.profiles.queries import Card as Member
from lib.service.after_sales import queries
from lib.service.after_sales.commands import open_case
from lib.service.after_sales.lines.queries import purchase_of
from lib.service.after_sales.queries import Card, Purchase
from lib.service.after_sales.rules import (
    LONGEST_HOME,
    LONGEST_NAME,
    LONGEST_SAID,
    SOURCE_NAMES,
    STATUS_NAMES,
    Defect,
    NewCase,
    Source,
    number,
)
from lib.shop.shop import Repeated, Shop
from lib.trade.orders.queries import orders
from lib.ui import (
    after_sales,
    after_sales_count,
    after_sales_photos,
    after_sales_pledge,
    after_sales_who,
    feedback,
    show,
)
from lib.ui.after_sales_count import UNCOUNTED, Counted
from lib.ui.forms import Form
from lib.ui.words import _, plain

SEARCH = Form("case_search")
NOBODY = "nobody"
_AT_ONCE = 3
"""So few residents found are shown with what they bought."""
_AGO = {"now": 0, "10": 10, "30": 30, "60": 60}
_WHEN = "when"


@dataclass(frozen=True)
class About:
    """What a new case is about, as far as the address says: a purchase, a resident, nothing."""

    purchase: Purchase | None = None
    member: Member | None = None
    order_id: int | None = None


def draw(shop: Shop) -> None:
    """Draw the way to a new case from where the address stands."""
    asked = st.query_params.get("new", "")
    with st.container(horizontal=True, vertical_alignment="center"):
        after_sales.back()
        if asked:
            st.button(
                _("Another resident"),
                icon=":material/search:",
                type="tertiary",
                key="case-search-again",
                on_click=_search_again,
            )
    about = _about(shop, asked)
    if about is None and asked != NOBODY:
        _search(shop)
    elif about is None:
        _typed_case(shop, Form("case-new-nobody"), None)
    elif about.purchase is not None:
        _purchase_case(shop, about, about.purchase)
    elif about.member is not None:
        _bought(shop, about.member, about.order_id)


def _search_again() -> None:
    SEARCH.renew()
    after_sales.open_new()


def _about(shop: Shop, asked: str) -> About | None:
    """Return what the address speaks of; None for nothing that is there."""
    kind, _dash, tail = asked.rpartition("-")
    asked_id = after_sales.number_in(tail)
    if asked_id is None:
        return None
    if kind == "line":
        with shop.read() as connection:
            purchase = purchase_of(connection, asked_id)
        return (
            None
            if purchase is None
            else About(purchase, after_sales_who.member_of(shop, purchase.member_id))
        )
    if kind == "member":
        member = after_sales_who.member_of(shop, asked_id)
        return None if member is None else About(member=member)
    found = orders(shop, ids=[asked_id]) if not kind else []
    if not found:
        return None
    return About(member=after_sales_who.member_of(shop, found[0].member_id), order_id=asked_id)


def _search(shop: Shop) -> None:
    """Find the resident while one types, with what they bought lately."""
    st.subheader(_("Who is it?"), anchor=False)
    typed = st.text_input(
        _("Find a member"),
        key=SEARCH.field("text"),
        type="search",
        live=True,
        placeholder=_("Number, last 4 of the phone, name, room"),
        icon=":material/search:",
        label_visibility="collapsed",
    )
    people = after_sales_who.found(shop, typed or "")
    if not (typed or "").strip():
        st.caption(_("Their purchases of the last days come up at once."))
    elif not people:
        show.nothing(
            _("Nothing found for “{text}”.").format(text=plain(typed)),
            _("Try the number, the last four digits of the phone, or the room."),
        )
    for member in people:
        if len(people) <= _AT_ONCE:
            after_sales_who.rows(shop, member, queries.purchases(shop, member.id))
            after_sales_who.more(member)
        else:
            st.button(
                f"**{plain(member.nickname)}** {after_sales_who.whereabouts(member)}",
                key=f"case-member-{member.id}",
                width="stretch",
                on_click=after_sales.open_new,
                args=(f"member-{member.id}",),
            )
    st.button(
        _("Not in the books: write it down"),
        icon=":material/edit_note:",
        type="tertiary",
        key="case-nobody",
        on_click=after_sales.open_new,
        args=(NOBODY,),
    )


def _bought(shop: Shop, member: Member, order_id: int | None) -> None:
    """Show what a resident bought, the asked order first, older things by their name."""
    form = Form(f"case-older-{member.id}")
    word = str(st.session_state.get(form.field("word"), ""))
    rows = queries.purchases(shop, member.id, word)
    after_sales_who.rows(shop, member, sorted(rows, key=lambda row: row.order_id != order_id))
    st.text_input(
        _("Older purchases"),
        placeholder=_("name of the goods"),
        max_chars=60,
        icon=":material/search:",
        key=form.field("word"),
    )
    _without_purchase(shop, member)


def _without_purchase(shop: Shop, member: Member) -> None:
    label = _("Something else: our service, bought without an order")
    box = st.expander(
        label, icon=":material/edit_note:", key=f"case-loose-{member.id}", on_change="rerun"
    )
    if box.open:
        with box:
            _typed_case(shop, Form(f"case-new-member-{member.id}"), member)


def _purchase_case(shop: Shop, about: About, row: Purchase) -> None:
    """Draw the form of a case about one purchase."""
    form = Form(f"case-new-{row.line_id}")
    with st.container(border=True, gap="xxsmall", key="case-about"):
        st.markdown(f"**{plain(row.product)} {plain(row.unit.said(row.quantity))}**")
        name = plain(about.member.nickname) if about.member else ""
        where = after_sales_who.whereabouts(about.member) if about.member else ""
        facts = [name, where, show.day(row.day, shop), show.money(row.amount)]
        facts.extend(plain(batch.code) for batch in row.batches)
        st.caption(" · ".join(part for part in facts if part))
    _doubles(shop, queries.similar_open(shop, row.member_id, row.line_id), row.line_id)
    with st.container(key="case-new"):
        defect = after_sales_count.defect(form)
        counted = Counted()
        if defect is not None and defect not in UNCOUNTED:
            counted = after_sales_count.amount(form, row.goods)
        if defect is not None:
            after_sales_pledge.preview(shop, row.line_id, defect, counted)
        new = NewCase(
            source=Source.COUNTER,
            defect=defect or Defect.OTHER,
            member_id=row.member_id,
            line_id=row.line_id,
            bad=counted.bad,
            of_total=counted.of_total,
            counted_in=counted.counted_in,
        )
        _rest(shop, form, new, chosen=defect is not None)


def _typed_case(shop: Shop, form: Form, member: Member | None) -> None:
    """Draw the form of a case without a purchase, of a resident or of somebody not in the books."""
    name = home = ""
    if member is None:
        st.subheader(_("Write it down"), anchor=False)
        st.caption(_("Who it is can be found out later; the clocks run from now."))
        name = st.text_input(_("Who"), max_chars=LONGEST_NAME, key=form.field("who"))
        home = st.text_input(_("Home"), max_chars=LONGEST_HOME, key=form.field("home"))
    product = st.text_input(_("What was bought"), max_chars=LONGEST_HOME, key=form.field("product"))
    if member is not None:
        _doubles(shop, queries.similar_open(shop, member.id, None), None)
    with st.container(key=f"case-new-{form.name}"):
        defect = after_sales_count.defect(form)
        counted = Counted()
        if product.strip() and defect is not None and defect not in UNCOUNTED:
            counted = after_sales_count.amount(form, None)
        new = NewCase(
            source=Source.COUNTER,
            defect=defect or Defect.OTHER,
            member_id=member.id if member is not None else None,
            product_name=product,
            reporter_name=name,
            reporter_home=home,
            bad=counted.bad,
            of_total=counted.of_total,
            counted_in=counted.counted_in,
        )
        _rest(shop, form, new, chosen=defect is not None)


def _doubles(shop: Shop, cards: Sequence[Card], line_id: int | None) -> None:
    """Point out cases that may be this one, before another is made (R28)."""
    for card in cards:
        if line_id is None or card.line_id != line_id:
            _other_case(shop, card)
            continue
        with st.container(border=True, key=f"case-double-{card.id}"):
            said = _("{number} may be the same: {goods} {amount}, {status}, {when}")
            st.markdown(
                ":material/difference: "
                + said.format(
                    number=f"**{card.number}**",
                    goods=after_sales.goods(card),
                    amount=after_sales.amount(card),
                    status=_(STATUS_NAMES[card.status]),
                    when=show.moment(card.reported_at, shop),
                )
            )
            st.button(
                _("Open that case"),
                icon=":material/arrow_forward:",
                key=f"case-double-open-{card.id}",
                on_click=after_sales.open_one,
                args=(card.id,),
            )


def _other_case(shop: Shop, card: Card) -> None:
    """A case of the same resident about something else: a line is enough."""
    said = _("Also open: {number} {goods} {amount}, {when}")
    st.button(
        said.format(
            number=card.number,
            goods=after_sales.goods(card),
            amount=after_sales.amount(card),
            when=show.moment(card.reported_at, shop),
        ),
        icon=":material/difference:",
        type="tertiary",
        key=f"case-double-open-{card.id}",
        on_click=after_sales.open_one,
        args=(card.id,),
    )


def _rest(shop: Shop, form: Form, new: NewCase, *, chosen: bool) -> None:
    """Draw what all new cases share, and save them."""
    taken = after_sales_photos.field(shop, form)
    with st.expander(_("Their words, and when they told us"), key=form.field("more")):
        said = st.text_area(
            _("What the resident said"), max_chars=LONGEST_SAID, key=form.field("said"), height=80
        )
        source, reported_at = _told(shop, form)
    new = replace(new, said=said, source=source, reported_at=reported_at, photos=taken)
    if st.button(
        _("Save the case"),
        type="primary",
        icon=":material/check:",
        width="stretch",
        key=form.field("save"),
    ):
        _save(shop, form, new, chosen=chosen)


def _told(shop: Shop, form: Form) -> tuple[Source, datetime | None]:
    """Ask how and when the resident told the shop; None is now. The clocks run from then."""
    names = {each: _(SOURCE_NAMES[each]) for each in Source if each is not Source.PAGE}
    source = st.segmented_control(
        _("Told us"),
        list(names),
        format_func=names.__getitem__,
        default=Source.COUNTER,
        required=True,
        key=form.field("source"),
    )
    ago = {key: _("{time} ago").format(time=_minutes(count)) for key, count in _AGO.items()}
    ago["now"] = _("just now")
    ago[_WHEN] = _("another time …")
    when = st.segmented_control(
        _("When"),
        list(ago),
        format_func=ago.__getitem__,
        default="now",
        required=True,
        key=form.field("ago"),
    )
    now = shop.clock.now()
    if when in _AGO:
        minutes = _AGO[when]
        return Source(source), now - timedelta(minutes=minutes) if minutes else None
    here = local(now, shop.settings.time_zone).replace(tzinfo=None, second=0, microsecond=0)
    typed = st.datetime_input(
        _("Told us at"), value=None, max_value=here, step=300, key=form.field("at")
    )
    if typed is None:
        return Source(source), None
    return Source(source), at_local(typed.date(), typed.time(), shop.settings.time_zone)


def _minutes(count: int) -> str:
    return show.span(timedelta(minutes=count))


def _save(shop: Shop, form: Form, new: NewCase, *, chosen: bool) -> None:
    """Save once; a second press of the same form leads to the case the first one made."""
    with feedback.saying(form=form):
        if not chosen:
            raise Refused(N_("Say what is wrong: one touch."))
        pictures = [photo.sha256 for photo in new.photos if not isinstance(photo, str)]
        # When they told us is counted back from now, which a second press does not repeat.
        counted = (new.bad, new.of_total, new.counted_in)
        bound = form.once(shop, new.defect, new.said, new.source, counted, pictures)
        try:
            case_id = open_case(bound, new)
        except Repeated as before:
            case_id = int(before.result)
        feedback.keep(_("Case {number} saved").format(number=number(case_id)))
        after_sales.open_one(case_id)
