"""Two files that may be one person: side by side, what they become, then merging (R33)."""

import pandas as pd
import streamlit as st

from lib.kernel import lunar
from lib.kernel.errors import NotFound
from lib.members.birthdays.rules import Birthday, Calendar
from lib.members.consents.rules import PURPOSES
from lib.members.habits.doubles.queries import Preview, merge_preview
from lib.members.habits.doubles.rules import CLASHES, LASTING, Side
from lib.members.profiles import commands
from lib.members.profiles.queries import Card, Suggestion, find_members
from lib.shop.shop import Shop
from lib.ui import feedback, members, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_FOUND = 6
SHOWN = 10


def suggestions(shop: Shop, pairs: list[Suggestion]) -> None:
    """Show pairs that may be one person; a person looks at both and decides."""
    if not pairs:
        return
    title = _("Perhaps one person ({count})").format(count=len(pairs))
    with st.expander(title, icon=":material/group_work:", key="suggestions"):
        for pair in pairs[:SHOWN]:
            with st.container(border=True):
                _pair(shop, pair)
        if len(pairs) > SHOWN:
            st.caption(_("The next ones follow when these are decided."))


def _pair(shop: Shop, pair: Suggestion) -> None:
    st.caption(_(pair.reason))
    with st.container(horizontal=True):
        for card in (pair.first, pair.second):
            with st.container(border=True, width=260):
                st.markdown(members.said(card))
    with st.container(horizontal=True, vertical_alignment="center"):
        _compare(pair.first.id, pair.second.id)
        _apart(shop, pair.first.id, pair.second.id)


def _compare(keep_id: int, drop_id: int) -> None:
    st.page_link(
        navigation.page("members"),
        label=_("Compare and merge"),
        icon=":material/compare_arrows:",
        query_params={"member": str(keep_id), "with": str(drop_id)},
        width="content",
    )


def _apart(shop: Shop, one_id: int, other_id: int) -> None:
    form = Form(f"decline-{one_id}-{other_id}")
    if st.button(_("Two people"), type="tertiary", key=form.field("save")):
        with feedback.saying(_("Kept apart"), form):
            st.query_params.clear()
            commands.decline_merge(form.once(shop, one_id, other_id), one_id, other_id)


def find_other(shop: Shop, card: Card) -> None:
    """Offer to look for the double of a file that nobody suggested."""
    with st.expander(_("Merge with another file"), icon=":material/merge:", key="find-double"):
        text = st.text_input(
            _("The other file"),
            placeholder=_("nickname, pinyin (xl), end of phone, 3-201"),
            key=f"double-{card.id}",
        )
        found = [one for one in find_members(shop, text, limit=_FOUND) if one.id != card.id]
        if text and not found:
            st.caption(_("Nobody fits."))
        for one in found if text else ():
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(members.said(one), width="stretch")
                _compare(card.id, one.id)


def page(shop: Shop, keep_id: int, drop_id: int) -> None:
    """Draw two files side by side with what they become, and merge them."""
    st.page_link(
        navigation.page("members"),
        label=_("Back to the file"),
        icon=":material/arrow_back:",
        query_params={"member": str(keep_id), "part": "data"},
    )
    st.subheader(_("One person?"))
    try:
        found = merge_preview(shop, keep_id, drop_id)
    except NotFound as error:
        show.nothing(feedback.refusal(error))
        return
    _sides(shop, found)
    for clash in found.clashes:
        st.warning(_(CLASHES[clash]), icon=":material/call_split:")
    with st.container(border=True):
        st.markdown(f":material/undo: **{_('Can be taken back in the file, part “Data”, but:')}**")
        st.markdown("\n".join(f"- {_(LASTING[one])}" for one in found.lasting))
    _act(shop, found)


def _sides(shop: Shop, found: Preview) -> None:
    columns = {
        _("Compared"): [label for label, _value in _facts(shop, found.keep)],
        f"{_('Keep')}: {found.keep.nickname}": [
            value for _label, value in _facts(shop, found.keep)
        ],
        f"{_('Goes into it')}: {found.drop.nickname} ": [
            value for _label, value in _facts(shop, found.drop)
        ],
        _("Afterwards"): [value for _label, value in _facts(shop, found.result)],
    }
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height="content",
        column_config={_("Compared"): st.column_config.TextColumn(pinned=True, width="small")},
        key="merge-sides",
    )


def _facts(shop: Shop, side: Side) -> list[tuple[str, str]]:
    consents = "、".join(
        _(PURPOSES[purpose]) + (" ✓" if answer.given else " ✗")
        for purpose, answer in side.consents.items()
    )
    points = str(side.points)
    if side.pending:
        points = _("{points}, {pending} pending").format(points=points, pending=side.pending)
    return [
        (_("Other names"), "、".join(sorted(side.other_names))),
        (_("Home"), str(side.home)),
        (_("Mobile phone"), side.phone or ""),
        (_("Usual slot"), show.slot(side.usual_slot, shop)),
        (_("Orders"), str(side.orders)),
        (_("Spent"), show.money(side.spent)),
        (_("Balance"), show.money(side.balance)),
        (_("Points"), points),
        (_("Complaints"), str(side.cases)),
        (_("Gifts"), str(side.gifts)),
        (_("Likings"), "、".join(name for _kind, name in sorted(side.likings))),
        (_("Birthday"), birthday_said(side.birthday)),
        (_("Consents"), consents),
        (_("Note"), side.note),
    ]


def birthday_said(birthday: Birthday | None) -> str:
    """Return a birthday in one word: 农历八月十五, 9月25日; empty for none."""
    if birthday is None:
        return ""
    if birthday.calendar is Calendar.LUNAR:
        month = lunar.month_name(birthday.month, leap=birthday.leap == "yes")
        return _("lunar {day}").format(day=f"{month}{lunar.day_name(birthday.day)}")
    return _("{month} {day}").format(month=show.month_name(birthday.month), day=birthday.day)


def _act(shop: Shop, found: Preview) -> None:
    keep, drop = found.keep, found.drop
    form = Form(f"merge-{keep.member_id}-{drop.member_id}")
    versions = form.seen("versions", (keep.version, drop.version))
    with st.container(horizontal=True, vertical_alignment="center"):
        label = _("One person: keep {name}").format(name=plain(keep.nickname))
        if st.button(label, type="primary", icon=":material/merge:", key=form.field("save")):
            with feedback.saying(_("Merged"), form):
                bound = form.once(shop, keep.member_id, drop.member_id)
                commands.merge_members(bound, keep.member_id, drop.member_id, versions)
                st.query_params.from_dict({"member": str(keep.member_id)})
        st.page_link(
            navigation.page("members"),
            label=_("Keep {name} instead").format(name=plain(drop.nickname)),
            icon=":material/swap_horiz:",
            query_params={"member": str(drop.member_id), "with": str(keep.member_id)},
            width="content",
        )
        _apart(shop, keep.member_id, drop.member_id)
