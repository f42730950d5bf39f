"""One case: whose it is, its clocks, what is done next, its photos, and everything that happened.

What is changed here is saved for the state in which this screen saw the case: when somebody else
was quicker, that is said, and what was typed stays.
"""

import streamlit as st

from lib.kernel.errors import NotFound
from lib.members.profiles import queries as members
from lib.service.after_sales import queries
from lib.service.after_sales.queries import Card, Case, Entry, Purchase
from lib.service.after_sales.risk.queries import UNSAFE, risky_batches
from lib.service.after_sales.rules import (
    CAUSE_NAMES,
    CLOCK_NAMES,
    DEFECT_NAMES,
    ENTRY_NAMES,
    OPEN,
    RESULT_NAMES,
    SOURCE_NAMES,
    STATUS_NAMES,
    Cause,
    ClockName,
    EntryKind,
    Result,
    Source,
    Status,
    number,
)
from lib.shop.shop import Shop
from lib.ui import (
    after_sales,
    after_sales_after,
    after_sales_answer,
    after_sales_change,
    after_sales_match,
    after_sales_photos,
    after_sales_solve,
    navigation,
    session,
    show,
)
from lib.ui.words import _, plain

_ENTRY_ICONS: dict[EntryKind, str] = {
    EntryKind.REPORTED: "campaign",
    EntryKind.REPLY: "reply",
    EntryKind.ASK_PHOTO: "photo_camera",
    EntryKind.PHOTO: "image",
    EntryKind.PHOTO_REMOVED: "hide_image",
    EntryKind.RESUMED: "play_arrow",
    EntryKind.WROTE: "chat",
    EntryKind.MATCHED: "link",
    EntryKind.CHANGED: "edit",
    EntryKind.NOTE: "sticky_note_2",
    EntryKind.CAUSE: "search",
    EntryKind.SOLVED: "handshake",
    EntryKind.REMEDY_UNDONE: "undo",
    EntryKind.FOLLOW_UP: "sentiment_satisfied",
    EntryKind.CLOSED: "check_circle",
    EntryKind.REOPENED: "restart_alt",
    EntryKind.WITHDRAWN: "cancel",
    EntryKind.MERGED: "merge",
    EntryKind.UNMERGED: "call_split",
    EntryKind.LINK: "key",
    EntryKind.BREACH: "error",
}


def draw(shop: Shop) -> None:
    """Draw the case that the address names."""
    case_id = after_sales.asked_case()
    this = None if case_id is None else queries.case_of(shop, case_id)
    _around(shop, this)
    if this is None:
        show.nothing(_("This case does not exist."), _("It may belong to another shop or demo."))
        return
    version = after_sales.seen(this)
    _head(shop, this)
    _batch(shop, this)
    _told_of_changes(shop, this, version)
    _photos(shop, this)
    if not this.matched:
        after_sales_match.draw(shop, this)
    if this.status in OPEN:
        _deal(shop, this)
    after_sales_solve.done(shop, this)
    if this.status is Status.SOLVED:
        after_sales_after.follow_up(shop, this)
    after_sales_change.draw(shop, this)
    after_sales_after.draw(shop, this)
    _history(shop, this)


def _deal(shop: Shop, this: Case) -> None:
    """Answer, then solve; with who stands at the counter it is solved at once, which answers."""
    parts = [after_sales_answer.draw, after_sales_solve.draw]
    for part in reversed(parts) if this.source is Source.COUNTER else parts:
        part(shop, this)


def _around(shop: Shop, this: Case | None) -> None:
    """The way back, and on to the case with the least time left."""
    following = _following(shop, this)
    with st.container(horizontal=True):
        after_sales.back()
        if following is not None:
            st.button(
                _("Next case: {number}").format(number=following.number),
                icon=":material/arrow_forward:",
                type="tertiary",
                shortcut="N",
                key="next",
                on_click=after_sales.open_one,
                args=(following.id,),
            )


def _following(shop: Shop, this: Case | None) -> Card | None:
    """The card that follows on the board among those still to be solved, round and round."""
    cards = [card for card in queries.board(shop) if card.status in OPEN]
    ids = [card.id for card in cards]
    if this is None or this.id not in ids:
        return cards[0] if cards else None
    place = (ids.index(this.id) + 1) % len(ids)
    return cards[place] if len(ids) > 1 else None


def _head(shop: Shop, this: Case) -> None:
    with st.container(border=True, gap="xsmall", key="case-head"):
        st.markdown(f"### {this.number} · {after_sales.goods(this)}")
        _ticking(this.id)
        st.markdown(f"**{_who(shop, this)}**")
        facts = [after_sales.amount(this), _(DEFECT_NAMES[this.defect])]
        if this.line is not None:
            facts.append(_bought(shop, this.line))
        st.markdown(" · ".join(fact for fact in facts if fact))
        if this.said:
            st.markdown(f":material/format_quote: {plain(this.said)}")
        told = f"{show.moment(this.reported_at, shop)}, {_(SOURCE_NAMES[this.source])}"
        st.caption(told)
        _ways(this)


def _who(shop: Shop, this: Case) -> str:
    parts = [plain(this.name) or _("nobody's name"), plain(this.home)]
    if this.member_id is not None:
        try:
            tail = members.member(shop, this.member_id).card.phone_tail
        except NotFound:
            tail = None
        if tail:
            parts.append(_("phone …{tail}").format(tail=tail))
    return " · ".join(part for part in parts if part)


def _bought(shop: Shop, line: Purchase) -> str:
    said = _("bought {quantity} for {amount}, {day}")
    return said.format(
        quantity=plain(line.unit.said(line.quantity)),
        amount=show.money(line.amount),
        day=show.day(line.day, shop),
    )


@st.fragment(run_every=after_sales.TICK)
def _ticking(case_id: int) -> None:
    """Draw state and clocks afresh every few seconds; nothing else on the page is touched."""
    here = session.staff()
    this = queries.case_of(here, case_id)
    if this is None:
        return
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(_(STATUS_NAMES[this.status]), color="blue", icon=":material/flag:")
        after_sales.clock_badge(here, this.reply)
        after_sales.clock_badge(here, this.solution)
        if this.status is Status.SOLVED:
            after_sales.follow_up_badge(here, this)
        if len(this.turns) > 1:
            st.badge(
                _("opened {count} times").format(count=len(this.turns)),
                icon=":material/restart_alt:",
                color="gray",
            )
    if this.version != after_sales.seen(this):
        st.caption(f":orange[:material/sync: {_('Somebody changed this case just now.')}]")


def _ways(this: Case) -> None:
    with st.container(horizontal=True, gap="small"):
        if this.member_id is not None:
            st.page_link(
                navigation.page("members"),
                label=_("Member file"),
                icon=":material/person:",
                query_params={"member": str(this.member_id)},
            )
        if this.order_id is not None:
            label = _("Order")
            if this.line is not None:
                label = _("Order {number}").format(number=this.line.order_number)
            st.page_link(
                navigation.page("orders"),
                label=label,
                icon=":material/receipt_long:",
                query_params={"order": str(this.order_id)},
            )
        if this.batch is not None:
            st.page_link(
                navigation.page("batches"),
                label=_("Batch {code}").format(code=plain(this.batch.code)),
                icon=":material/qr_code_2:",
                query_params={"batch": str(this.batch.id)},
            )
        if this.supplier:
            st.caption(f":material/agriculture: {plain(this.supplier)}", width="content")


def _batch(shop: Shop, this: Case) -> None:
    """Point out that several complain of one batch; it may be unsafe for everybody."""
    if this.batch is None or this.defect not in UNSAFE:
        return
    risk = next((each for each in risky_batches(shop) if each.id == this.batch.id), None)
    if risk is None:
        return
    after_sales.risk(risk)


def _told_of_changes(shop: Shop, this: Case, version: int) -> None:
    """Say who changed the case while it stood on this screen."""
    if version == this.version:
        return
    last = this.entries[-1] if this.entries else None
    said = _("{name} was here {when}: {what}. Look, then go on.")
    st.warning(
        said.format(
            name=plain((last.person if last else "") or _("The resident")),
            when=show.moment(last.at, shop) if last else "",
            what=_(ENTRY_NAMES[last.kind]) if last else "",
        ),
        icon=":material/sync_problem:",
    )
    st.button(
        _("Go on from the new state"),
        key="case-look-again",
        on_click=after_sales.case_form(this.id).look_again,
    )


def _photos(shop: Shop, this: Case) -> None:
    if this.pictures:
        after_sales_photos.grid(shop, this)
    if this.status not in (Status.MERGED, Status.WITHDRAWN):
        after_sales_photos.add(shop, this)


def _history(shop: Shop, this: Case) -> None:
    """Draw everything that happened, the newest last, with the promises that ran out."""
    st.subheader(_("What happened"), anchor=False)
    with st.container(gap="xsmall", key="case-history"):
        for entry in this.entries:
            st.markdown(_entry(shop, this, entry))


def _entry(shop: Shop, this: Case, entry: Entry) -> str:
    who = plain(entry.person) if entry.person else ""
    if entry.by_resident:
        who = _("the resident")
    head = [f":material/{_ENTRY_ICONS[entry.kind]}: **{_(ENTRY_NAMES[entry.kind])}**"]
    if entry.case_id != this.id:
        head.append(number(entry.case_id))
    head.extend(_details(entry))
    small = " · ".join(part for part in (show.moment(entry.at, shop), who) if part)
    said = "".join(f"  \n{plain(line)}" for line in entry.text.splitlines())
    return f"{' · '.join(head)} :gray[:small[{small}]]{said}"


def _details(entry: Entry) -> list[str]:
    """Return what the details of an entry say in words."""
    found = []
    details = entry.details
    if entry.kind is EntryKind.FOLLOW_UP and "result" in details:
        found.append(_(RESULT_NAMES[Result(details["result"])]))
    if entry.kind is EntryKind.CAUSE and details.get("cause"):
        found.append(_(CAUSE_NAMES[Cause(details["cause"])]))
    if entry.kind is EntryKind.BREACH and "clock" in details:
        found.append(_(CLOCK_NAMES[ClockName(details["clock"])]))
    return found
