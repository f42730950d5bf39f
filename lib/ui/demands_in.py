"""Bringing wishes in: the group's chat is pasted, a person ticks what is a wish (R15).

What was read of a paste is kept in the session until the text changes, so that edits of the table
survive reruns; the paste itself is a draft in the books. Nothing is kept before it is confirmed.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from lib.kernel.clock import local, zone
from lib.kernel.errors import ShopError
from lib.shop import drafts
from lib.shop.shop import Shop
from lib.trust.demands.chat.commands import Taken, take_chat
from lib.trust.demands.chat.model import PutAside
from lib.trust.demands.chat.queries import Heard, heard
from lib.trust.demands.chat.rules import LONGEST_PASTE, Paste, Pick, Row, read_paste
from lib.trust.demands.merging.likeness import SOUNDS_SAME
from lib.trust.demands.merging.queries import Near, near
from lib.trust.demands.rules import LONGEST_SAID, LONGEST_TITLE, STATUS_NAMES
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

DRAFT = "wishes"
LONG = 12
"""Rows from which the button belongs to the screen's edge."""
_KEPT = "wishes_read"
_TABLE = "wishes_table"
_DRAFT_SEEN = "wishes_draft"
_COLUMNS = ("take", "title", "who", "state", "onto", "why", "said", "asked")


@dataclass(frozen=True)
class Review:
    """A paste as it is shown: what was heard of it, and what stands already that is like it."""

    mark: str
    paste: Paste
    heard: dict[str, Heard]
    near: dict[str, tuple[Near, ...]]


def draw(shop: Shop) -> None:
    """Draw the paste, what was read of it, and the button that takes it."""
    form = Form("wishes_in")
    text = _paste(shop, form)
    if not text.strip():
        st.caption(_("Nothing is kept before you confirm. Phone numbers are left out."))
        return
    review = _read(shop, text)
    if review is None:
        return
    if not review.paste.wishes and not review.paste.others:
        show.nothing(
            _("No message was found in this text."),
            _("Choose several messages in WeChat, copy them, and paste them here."),
        )
        return
    picks, left = _review(shop, form, review)
    with st.bottom if len(review.paste.wishes) > LONG else st.container():
        _confirm(shop, form, picks, left)


def _paste(shop: Shop, form: Form) -> str:
    field = form.field("text")
    if field not in st.session_state:
        kept = drafts.kept(shop, DRAFT)
        st.session_state[field] = st.session_state[_DRAFT_SEEN] = kept.text if kept else ""
        if kept:
            st.toast(
                _("Your unfinished paste of {when} is back.").format(
                    when=show.moment(kept.saved_at, shop)
                ),
                icon=":material/restore_page:",
            )
    text = st.text_area(
        _("Paste messages of the group"),
        height=180,
        max_chars=LONGEST_PASTE,
        placeholder="3-201 小李:\n能不能进点草莓\n\n王姐:\n+1",
        help=_("Names, times, pictures and notices may be in it; so may a chain."),
        key=field,
    )
    if text != st.session_state.get(_DRAFT_SEEN, ""):
        drafts.keep(shop, DRAFT, text)
        st.session_state[_DRAFT_SEEN] = text
    return str(text)


def _read(shop: Shop, text: str) -> Review | None:
    """Read the paste once; a refusal is shown."""
    mark = hashlib.sha256(text.encode()).hexdigest()
    kept: Review | None = st.session_state.get(_KEPT)
    if kept is not None and kept.mark == mark:
        return kept
    try:
        paste = read_paste(text, shop.clock.now(), shop.settings.time_zone)
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/info:")
        return None
    known = heard(shop, [row.fingerprint for row in (*paste.wishes, *paste.others)])
    like = near(shop, [row.title for row in paste.wishes if row.title])
    review = Review(mark, paste, known, like)
    st.session_state[_KEPT] = review
    return review


def _review(shop: Shop, form: Form, review: Review) -> tuple[list[Pick], list[str]]:
    """Show what was read; return what is ticked, and the proposals that are not."""
    paste = review.paste
    _overview(review)
    onto = {_said(one): one.id for found in review.near.values() for one in found}
    name = f"{form.field('rows')}-{review.mark[:8]}"
    picks: list[Pick] = []
    left: list[str] = []
    if paste.wishes:
        st.subheader(_("What looks like a wish"))
        edited = _table(shop, review, paste.wishes, list(onto), f"{name}-wishes")
        picks += _picked(shop, review, paste.wishes, edited, onto)
        left += [
            row.fingerprint
            for row, take in zip(paste.wishes, edited["take"], strict=True)
            if not take and row.fingerprint not in review.heard
        ]
    if paste.others:
        with st.expander(_("All other messages ({count})").format(count=len(paste.others))):
            st.caption(_("Tick one that is a wish all the same, and write what is wished for."))
            edited = _table(shop, review, paste.others, list(onto), f"{name}-others")
            picks += _picked(shop, review, paste.others, edited, onto)
    _aside(paste.aside)
    return picks, left


def _overview(review: Review) -> None:
    rows = review.paste.wishes
    known = sum(row.fingerprint in review.heard for row in rows)
    if rows and known == len(rows):
        st.info(
            _("All of this was taken or put aside before; nothing is added."),
            icon=":material/done_all:",
        )
    elif known:
        st.info(
            _("{count} of these were taken or put aside before and are not ticked.").format(
                count=known
            ),
            icon=":material/done_all:",
        )
    if not rows:
        st.info(_("None of these messages looks like a wish."), icon=":material/search_off:")
    stripped = sum(row.stripped for row in (*rows, *review.paste.others))
    if stripped:
        st.caption(
            _("Phone numbers or doors were left out of {count} messages.").format(count=stripped)
        )


def _table(
    shop: Shop, review: Review, rows: Sequence[Row], onto: list[str], key: str
) -> pd.DataFrame:
    tables = st.session_state.setdefault(_TABLE, {})
    if key not in tables:
        shown = [_shown(shop, review, row) for row in rows]
        tables[key] = (0, pd.DataFrame(shown, columns=list(_COLUMNS)))
    version, frame = tables[key]
    without = set() if onto else {"onto"}
    if not any(row.fingerprint in review.heard for row in rows):
        without.add("state")
    text = st.column_config.TextColumn
    edited: pd.DataFrame = st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        key=f"{key}-{version}",
        disabled=("why", "state"),
        placeholder="—",
        column_order=[name for name in _COLUMNS if name not in without],
        column_config={
            "take": st.column_config.CheckboxColumn(_("Tick"), width=80, pinned=True),
            "title": text(_("Wish"), width=130, max_chars=LONGEST_TITLE),
            "who": text(_("Who"), width=110),
            "onto": st.column_config.SelectboxColumn(
                _("Count at"), options=onto, width=170, help=_("Empty: a wish of its own.")
            ),
            "why": text(_("Because it"), width=220),
            "said": text(_("Written"), width=230, max_chars=LONGEST_SAID),
            "asked": st.column_config.DatetimeColumn(
                _("When"), format="MM-DD HH:mm", width=110, help=_("Empty: now.")
            ),
            "state": text(_("State"), width=150),
        },
    )
    if _let_follow(rows, frame, edited):
        tables[key] = (version + 1, edited)
        st.rerun()
    return edited


def _let_follow(rows: Sequence[Row], frame: pd.DataFrame, edited: pd.DataFrame) -> bool:
    """Write what somebody changed at a wish to those who join it as well; whether anything did."""
    changed = False
    for place, row in enumerate(rows):
        for column in ("title", "onto"):
            was, now = frame[column], edited[column]
            if row.follows is None or _text(now[place]) != _text(was[place]):
                continue
            if _text(now[row.follows]) != _text(was[row.follows]) == _text(was[place]):
                edited.loc[place, column] = now[row.follows]
                changed = True
    return changed


def _shown(shop: Shop, review: Review, row: Row) -> dict[str, Any]:
    known = review.heard.get(row.fingerprint)
    like = review.near.get(row.title, ())
    best = like[0] if like and like[0].percent >= SOUNDS_SAME else None
    return {
        "take": row.sure and known is None,
        "title": row.title,
        "who": row.name,
        "onto": _said(best) if best else None,
        "why": _why(row, like, best),
        "said": row.said,
        "asked": local(row.at, shop.settings.time_zone).replace(tzinfo=None) if row.at else None,
        "state": _known(known),
    }


def _why(row: Row, like: Sequence[Near], best: Near | None) -> str:
    said = _(row.why) if row.why else ""
    if like and best is None:
        names = "、".join(one.title for one in like[:2])
        return f"{said}; " + _("like {names}").format(names=names)
    return said


def _known(known: Heard | None) -> str:
    if known is None:
        return ""
    if known.demand_id is None:
        return _("put aside before")
    return _("taken before: {title}").format(title=known.title)


def _said(one: Near) -> str:
    return _("{title} ({status}, {count})").format(
        title=one.title, status=_(STATUS_NAMES[one.status]), count=one.people
    )


def _picked(
    shop: Shop, review: Review, rows: Sequence[Row], edited: pd.DataFrame, onto: dict[str, int]
) -> list[Pick]:
    picks = []
    for row, values in zip(rows, edited.to_dict("records"), strict=True):
        if not values["take"]:
            continue
        picks.append(
            Pick(
                fingerprint=row.fingerprint,
                title=_text(values["title"]),
                name=_text(values["who"]),
                said=_text(values["said"]),
                asked_at=_moment(shop, row, values["asked"]),
                demand_id=onto.get(_text(values.get("onto"))),
                again=row.fingerprint in review.heard,
            )
        )
    return picks


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _moment(shop: Shop, row: Row, value: Any) -> datetime | None:
    """Return when it was asked: as read unless somebody typed another time of the shop's clock."""
    if value is None or pd.isna(value):
        return None
    here = pd.Timestamp(value).to_pydatetime().replace(tzinfo=zone(shop.settings.time_zone))
    shown = local(row.at, shop.settings.time_zone) if row.at else None
    if shown is not None and here.replace(microsecond=0) == shown.replace(microsecond=0):
        return row.at
    return here.astimezone(UTC)


def _aside(aside: Sequence[PutAside]) -> None:
    if not aside:
        return
    counts = Counter(one.reason for one in aside)
    said = ", ".join(f"{_(reason.value)} {count}" for reason, count in counts.items())
    with st.expander(_("Not read as messages: {reasons}").format(reasons=said)):
        st.dataframe(
            pd.DataFrame([{_("Line"): one.raw, _("Reason"): _(one.reason.value)} for one in aside]),
            hide_index=True,
        )


def _confirm(shop: Shop, form: Form, picks: list[Pick], left: list[str]) -> None:
    people = len({(pick.name, pick.title, pick.demand_id) for pick in picks})
    label = _("Take {count} wishes").format(count=people) if picks else _("Put all of it aside")
    if not picks and not left:
        if st.button(_("Clear the paste"), type="tertiary", key=form.field("clear")):
            _forget(shop)
            form.renew()
            st.rerun()
        return
    if st.button(
        label,
        type="primary" if picks else "secondary",
        width="stretch",
        key=form.field("take"),
    ):
        with feedback.saying(form=form):
            found = take_chat(form.once(shop, picks, left), picks, left)
            _forget(shop)
            feedback.keep(_outcome(found, bool(picks)))


def _forget(shop: Shop) -> None:
    """Drop the draft and what was read of it."""
    drafts.forget(shop, DRAFT)
    for name in (_KEPT, _TABLE, _DRAFT_SEEN):
        st.session_state.pop(name, None)


def _outcome(found: Taken, picked: bool) -> str:
    if not picked:
        return _("Put aside; it is known when it is pasted again.")
    said = [_("{new} new wishes, {count} residents counted").format(
        new=found.new, count=found.added
    )]  # fmt: skip
    if found.known:
        said.append(_("{count} had asked before").format(count=found.known))
    if found.passed_over:
        said.append(
            _("{count} lines were taken by somebody else meanwhile").format(count=found.passed_over)
        )
    return plain(", ".join(said))
