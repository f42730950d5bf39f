"""Wishes that may be the same, for a person to decide (R15). Nothing is merged by itself."""

from collections.abc import Sequence

import streamlit as st

from lib.shop.shop import Shop
from lib.trust.demands.merging import queries
from lib.trust.demands.merging.commands import (
    keep_apart,
    merge_demands,
    suggest_again,
    undo_merge,
)
from lib.trust.demands.merging.queries import Apart, Merge, Pair, Side
from lib.trust.demands.rules import STATUS_NAMES
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


def draw(shop: Shop) -> None:
    """Draw the pairs to decide, then merging by hand, then what was decided."""
    found = queries.suggestions(shop)
    if not found.pairs:
        show.nothing(
            _("No two open wishes look the same."),
            _("Wishes written alike from {percent} % are shown here side by side.").format(
                percent=shop.settings.similar_percent
            ),
        )
    for pair in found.pairs:
        _pair(shop, pair)
    if found.more:
        st.caption(_("{count} more follow when these are done.").format(count=found.more))
    _by_hand(shop)
    _merged(shop, queries.merges(shop))
    _apart(shop, queries.kept_apart(shop))


def _pair(shop: Shop, pair: Pair) -> None:
    ids = sorted((pair.keep.id, pair.drop.id))
    form = Form(f"merge-{ids[0]}-{ids[1]}")
    with st.container(border=True, key=f"pair-{ids[0]}-{ids[1]}"):
        columns = st.columns(2)
        for column, side, other in zip(
            columns, (pair.keep, pair.drop), (pair.drop, pair.keep), strict=True
        ):
            with column:
                _side(shop, side)
                label = _("Merge into {title}").format(title=plain(side.title))
                first = side.id == pair.keep.id
                if st.button(
                    label,
                    icon=":material/merge:",
                    type="primary" if first else "secondary",
                    key=form.field(f"keep-{side.id}"),
                ):
                    _merge(shop, form, side, other)
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(_("Not the same"), key=form.field("apart"), type="tertiary"):
                with feedback.saying(_("Remembered: these two are not the same."), form):
                    keep_apart(form.once(shop, "apart", *ids), *ids)
            st.caption(_("{percent} % alike").format(percent=pair.percent))


def _side(shop: Shop, side: Side) -> None:
    st.markdown(f"**{plain(side.title)}**")
    with st.container(horizontal=True):
        st.badge(_("{count} asked").format(count=side.people), icon=":material/group:")
        st.badge(_(STATUS_NAMES[side.status]), color="gray")
    names = "、".join(side.names)
    if side.people > len(side.names) and names:
        names += _(" and {count} more people").format(count=side.people - len(side.names))
    st.caption(plain(names) or _("nobody's name"))
    st.caption(_("First asked {when}").format(when=show.moment(side.first_asked_at, shop)))
    if side.note:
        st.caption(plain(side.note))


def _merge(shop: Shop, form: Form, keep: Side, drop: Side) -> None:
    versions = form.seen("versions", {keep.id: keep.version, drop.id: drop.version})
    with feedback.saying(_("Merged; everybody who asked is kept once."), form):
        bound = form.once(shop, keep.id, drop.id)
        merge_demands(bound, keep.id, versions[keep.id], drop.id, versions[drop.id])


def _by_hand(shop: Shop) -> None:
    """Let two wishes be merged that nobody suggested."""
    with st.expander(_("Merge two others")):
        sides = {side.id: side for side in queries.mergeable(shop)}
        if len(sides) < 2:
            st.caption(_("There are not two open wishes."))
            return
        form = Form("merge_by_hand")

        def said(place: int) -> str:
            side = sides[place]
            return f"{side.title} ({_(STATUS_NAMES[side.status])}, {side.people})"

        with st.form(form.field("form"), border=False):
            drop = st.selectbox(
                _("This wish"), list(sides), index=None, format_func=said, key=form.field("drop")
            )
            keep = st.selectbox(
                _("becomes part of"),
                list(sides),
                index=None,
                format_func=said,
                key=form.field("keep"),
            )
            if st.form_submit_button(_("Merge them")) and keep and drop:
                _merge(shop, form, sides[keep], sides[drop])


def _merged(shop: Shop, done: Sequence[Merge]) -> None:
    if not done:
        return
    with st.expander(_("Merged ({count})").format(count=len(done))):
        for merge in done:
            form = Form(f"unmerge-{merge.id}")
            with st.container(horizontal=True, vertical_alignment="center"):
                said = _("**{dropped}** went into **{kept}**, {when}, {name}")
                st.markdown(
                    said.format(
                        dropped=plain(merge.dropped),
                        kept=plain(merge.kept),
                        when=show.moment(merge.at, shop),
                        name=plain(merge.by),
                    )
                )
                if st.button(_("Take apart"), key=form.field("undo"), type="tertiary"):
                    with feedback.saying(_("Taken apart; both wishes stand as before."), form):
                        undo_merge(form.once(shop, merge.id), merge.id)


def _apart(shop: Shop, pairs: Sequence[Apart]) -> None:
    if not pairs:
        return
    with st.expander(_("Not the same ({count})").format(count=len(pairs))):
        for pair in pairs:
            form = Form(f"apart-{pair.first_id}-{pair.second_id}")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{plain(pair.first)} · {plain(pair.second)}")
                if st.button(_("Suggest again"), key=form.field("again"), type="tertiary"):
                    with feedback.saying(_("It is suggested again."), form):
                        bound = form.once(shop, pair.first_id, pair.second_id)
                        suggest_again(bound, pair.first_id, pair.second_id)
