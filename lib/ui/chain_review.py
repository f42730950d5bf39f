"""The preview of a pasted chain: doubtful phrases first, then changes, then every entry.

Decisions are kept in the session per paste, so that a rerun or a second look loses nothing; the
paste itself is kept as a draft in the database until it is booked.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.words import N_
from lib.members.profiles import queries as members
from lib.members.profiles.rules import Home, Match, read_home
from lib.shop import drafts
from lib.shop.shop import Shop
from lib.trade.orders import queries
from lib.trade.orders.chain_limits import hint_of, wanted_of
from lib.trade.orders.chain_review import (
    Decision,
    Decisions,
    GoodsChange,
    Phrase,
    Review,
    Row,
    State,
    against,
    fingerprint,
    open_phrases,
    read_goods,
    review,
)
from lib.trade.orders.rules import CUT, Wanted
from lib.trade.products.queries import CatalogueItem
from lib.ui import feedback, show, slots_usual
from lib.ui.forms import Form
from lib.ui.words import _, plain

NOTE, OUT = "note", "out"
DRAFT = "chain"
_COLUMNS = ("take", "no", "who", "goods", "amount", "flags", "home", "slot", "delivery", "note",
            "member", "state")  # fmt: skip
"""Of the table of entries: what an order comes to stands in view, the rest to the right."""
LONGEST_PASTE = 100_000
"""Characters of one paste: a thousand entries; more is a file pasted by mistake."""
STATES = {
    State.NEW: N_("new"),
    State.CHANGED: N_("changed"),
    State.SAME: N_("booked already"),
    State.CANCELLED: N_("cancelled now"),
    State.NOTHING: N_("no order"),
}


def read(shop: Shop, round_id: int, text: str, items: tuple[CatalogueItem, ...]) -> Review:
    """Parse ``text`` against what the round offers and what was booked of the chain before."""
    parsed = review(text, items, shop.settings.slots)
    newest = queries.basis(shop, round_id, parsed.identity)
    if newest is None:
        return parsed
    booked = queries.booked_entries(shop, round_id, parsed.identity)
    return against(parsed, items, newest.intake_id, booked)


def decisions(paste: Review) -> Decisions:
    """Return what was decided for this paste so far."""
    kept = st.session_state.get("chain_decisions")
    if kept is None or kept[0] != paste.fingerprint:
        return Decisions()
    found: Decisions = kept[1]
    return found


def decide(paste: Review, row: Row, changed: Decision) -> None:
    """Keep what was decided for one row."""
    now = decisions(paste)
    _keep(paste, replace(now, rows={**now.rows, row.index: changed}))


def forget(shop: Shop) -> None:
    """Drop the draft and all decisions, after booking."""
    drafts.forget(shop, DRAFT)
    for name in ("chain_decisions", "chain_draft"):
        st.session_state.pop(name, None)


def bring_back(shop: Shop, form: Form) -> None:
    """Put back the paste a person left unfinished, when the form is shown anew."""
    field = form.field("text")
    if field in st.session_state:
        return
    left = drafts.kept(shop, DRAFT)
    st.session_state[field] = st.session_state["chain_draft"] = left.text if left else ""
    if left:
        st.toast(
            _("Your paste of {when} is back.").format(when=show.moment(left.saved_at, shop)),
            icon=":material/restore_page:",
        )


def keep_draft(shop: Shop, text: str) -> None:
    """Keep the paste until it is booked, so that a lost connection loses nothing."""
    if text != st.session_state.get("chain_draft", ""):
        drafts.keep(shop, DRAFT, text)
        st.session_state["chain_draft"] = text


def _keep(paste: Review, now: Decisions) -> None:
    st.session_state["chain_decisions"] = (paste.fingerprint, now)


def overview(paste: Review, items: tuple[CatalogueItem, ...], beyond: int) -> None:
    """Show the numbers that matter: orders, doubts, money, and the sum per product.

    ``beyond`` entries go beyond a limit and are still to be decided too.
    """
    now = decisions(paste)
    taken = [row for row in paste.rows if row.decidable and now.of(row).take]
    still_open = beyond + sum(len(open_phrases(row, now.of(row))) for row in paste.rows)
    show.figures(
        (_("Entries"), str(len(paste.rows))),
        (_("Orders to book"), str(len(taken))),
        (_("Still to decide"), str(still_open)),
        (_("Goods"), show.money(total(_money(row, now.of(row), items) for row in taken))),
    )
    for flag in paste.flags:
        st.warning(_(flag.sentence), icon=":material/info:")
    if paste.earlier_snapshots:
        st.caption(
            _("{count} earlier copies of this chain were left out; the newest one counts.").format(
                count=paste.earlier_snapshots
            )
        )
    sums: dict[int, int] = {}
    for row in taken:
        for wanted in wanted_of(row, now.of(row)):
            sums[wanted.product_id] = sums.get(wanted.product_id, 0) + wanted.amount
    named = {item.product_id: item for item in items}
    with st.container(horizontal=True):
        for product_id, amount in sums.items():
            item = named[product_id]
            st.badge(f"{plain(item.name)} {item.sale_unit.said(amount)}", color="green")


def doubtful(paste: Review, items: tuple[CatalogueItem, ...]) -> None:
    """Show every entry with an open phrase as a card where it is decided by clicking."""
    now = decisions(paste)
    rows = [row for row in paste.rows if open_phrases(row, now.of(row))]
    if not rows:
        return
    st.subheader(_("Decide these first"))
    for row in rows[:20]:
        with st.container(border=True, key=f"doubt-{row.index}"):
            _entry_text(row)
            for index, phrase in open_phrases(row, now.of(row)):
                _decide_phrase(paste, row, index, phrase, items)
            _other_goods(row, now.of(row), items)
            if st.button(_("Leave the whole entry out"), key=f"leave-{row.index}", type="tertiary"):
                decide(paste, row, replace(now.of(row), take=False))
                st.rerun()
    if len(rows) > 20:
        st.caption(_("{count} more follow when these are done.").format(count=len(rows) - 20))
    if st.button(_("Keep all of these phrases as notes and check the orders later"), key="notes"):
        for row in rows:
            _settle_as_notes(paste, row)
        st.rerun()


def _entry_text(row: Row) -> None:
    """Show the entry as it was written, its doubtful phrases marked."""
    start, end = row.entry.span
    text, pieces, at = row.entry.text, [], 0
    for phrase in sorted(row.phrases, key=lambda found: found.span):
        first, last = phrase.span[0] - start, phrase.span[1] - start
        if first < at or last > end - start:
            continue
        pieces += [plain(text[at:first]), f":orange-background[**{plain(text[first:last])}**]"]
        at = last
    st.markdown(" ".join([*pieces, plain(text[at:])]))


def _decide_phrase(
    paste: Review, row: Row, index: int, phrase: Phrase, items: tuple[CatalogueItem, ...]
) -> None:
    now = decisions(paste).of(row)
    name = f"{row.index}-{index}"
    st.caption(f"**{plain(phrase.text)}**: {_(phrase.flag.sentence)}")
    choices = _choices(items)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            _("It is"),
            list(choices),
            index=None,
            placeholder=_("Choose"),
            key=f"phrase-{name}",
        )
        choice = choices.get(str(label))
        item, count = choice if isinstance(choice, CatalogueItem) else None, None
        if item is not None:
            count = st.number_input(
                _("How much ({unit})").format(unit=plain(item.unit)),
                min_value=0.0,
                value=None,
                step=1.0 if item.unit_grams is None else 0.5,
                key=f"count-{name}",
            )
        if st.button(_("Take"), key=f"take-{name}", disabled=choice is None):
            with feedback.saying():
                decide(paste, row, _decided(row, now, index, phrase, choice, count))


def _choices(items: tuple[CatalogueItem, ...]) -> dict[str, CatalogueItem | str]:
    named: dict[str, CatalogueItem | str] = {item.name: item for item in items}
    return {**named, _("only a note"): NOTE, _("nothing, leave it out"): OUT}


def _decided(
    row: Row,
    now: Decision,
    index: int,
    phrase: Phrase,
    choice: CatalogueItem | str | None,
    count: float | None,
) -> Decision:
    settled = now.settled | {index}
    if choice == NOTE:
        note = row.entry.note if now.note is None else now.note
        return replace(now, settled=settled, note=f"{note} {phrase.text}".strip())
    if not isinstance(choice, CatalogueItem):
        return replace(now, settled=settled)
    if not count:
        raise Refused(N_("Enter how much it is."))
    amount = _amount(choice, Decimal(str(count)))
    wanted = (*wanted_of(row, now), Wanted(choice.product_id, amount))
    return replace(now, settled=settled, wanted=wanted)


def _amount(item: CatalogueItem, count: Decimal) -> int:
    try:
        return item.sale_unit.amount(count)
    except ValueError as error:
        raise Refused(
            N_("{count} {unit} cannot be counted. Enter a whole quantity."),
            count=f"{count.normalize():f}",
            unit=item.unit,
        ) from error


def _settle_as_notes(paste: Review, row: Row) -> None:
    now = decisions(paste).of(row)
    for index, phrase in open_phrases(row, now):
        now = _decided(row, now, index, phrase, NOTE, None)
    wanted = wanted_of(row, now)
    decide(paste, row, replace(now, take=bool(wanted)))


def _other_goods(row: Row, now: Decision, items: tuple[CatalogueItem, ...]) -> None:
    wanted = wanted_of(row, now)
    if wanted:
        st.caption(_("Besides: {goods}").format(goods=plain(goods_said(wanted, items))))


def changes(paste: Review) -> None:
    """Show exactly what differs from the paste booked before."""
    now = decisions(paste)
    changed = [row for row in paste.rows if row.state in (State.CHANGED, State.CANCELLED)]
    if not changed and not paste.gone:
        return
    st.subheader(_("What changed since the last paste"))
    for row in changed:
        with st.container(border=True):
            st.markdown(f":material/edit: ~~{plain(row.before)}~~  \n**{plain(row.entry.text)}**")
            for goods in row.goods_changed:
                _changed_goods(goods)
            if row.booked and row.booked.handed_over:
                show.state("late", _("goods were already handed over"))
    for entry in paste.gone:
        with st.container(border=True):
            st.markdown(f":material/person_remove: ~~{plain(entry.body.get('text', ''))}~~")
            keep = st.checkbox(
                _("Keep this order although it is no longer in the chain"),
                value=entry.order_id in now.keep_gone,
                key=f"keep-{entry.order_id}",
            )
            kept = now.keep_gone | {entry.order_id} if keep else now.keep_gone - {entry.order_id}
            if kept != now.keep_gone:
                _keep(paste, replace(now, keep_gone=frozenset(kept)))
                st.rerun()


def _changed_goods(goods: GoodsChange) -> None:
    name, unit = plain(goods.product.name), plain(goods.product.unit)
    before, now = (f"{count.normalize():f}{unit}" for count in (goods.before, goods.now))
    st.badge(f"{name} {before} → {now}", color="orange", icon=":material/swap_horiz:")


def entries(
    shop: Shop, paste: Review, items: tuple[CatalogueItem, ...], marks: Mapping[int, str]
) -> None:
    """Show every entry as an editable table: who, where, goods, slot, note, flags.

    ``marks`` say what else is to be looked at, by the index of the entry.
    """
    st.subheader(_("All entries"))
    now = decisions(paste)
    matches = members.matches(shop, [hint_of(row, now.of(row)) for row in paste.rows])
    usual = slots_usual.usual_of(shop, matches)
    frame = pd.DataFrame(
        [
            _table_row(row, now.of(row), match, items, marks.get(row.index, ""))
            | {"member": _member(shop, row, now.of(row), match, usual)}
            for row, match in zip(paste.rows, matches, strict=True)
        ]
    )
    version = st.session_state.setdefault("chain_table", 0)
    slots = [slot.key for slot in shop.settings.slots]
    st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        key=f"chain-table-{version}",
        disabled=("no", "state", "member", "amount", "flags"),
        column_order=_COLUMNS,
        column_config={
            "take": st.column_config.CheckboxColumn(_("Book"), width=60),
            "no": st.column_config.NumberColumn(_("No."), width=50),
            "state": st.column_config.TextColumn(_("State"), width="small"),
            "who": st.column_config.TextColumn(_("Who"), width=100),
            "member": st.column_config.TextColumn(_("Member"), width="small"),
            "home": st.column_config.TextColumn(_("Home"), width="small"),
            "goods": st.column_config.TextColumn(_("Goods"), width=270),
            "amount": st.column_config.NumberColumn(_("Amount"), format="¥%,.2f", width="small"),
            "slot": st.column_config.SelectboxColumn(
                _("Slot"), options=slots, format_func=lambda key: show.slot(str(key), shop)
            ),
            "delivery": st.column_config.CheckboxColumn(_("Deliver"), width="small"),
            "note": st.column_config.TextColumn(_("Note")),
            "flags": st.column_config.TextColumn(_("Look at"), width=250),
        },
    )
    edits = st.session_state.get(f"chain-table-{version}", {}).get("edited_rows", {})
    if edits and _apply_edits(shop, paste, edits, items):
        st.session_state["chain_table"] = version + 1
        st.rerun()


def _member(shop: Shop, row: Row, now: Decision, match: Match, usual: Mapping[int, str]) -> str:
    """Say whom an entry goes to, and in which slot nobody said it will stand (R21)."""
    slot, delivery = now.slot or row.entry.pickup_slot, now.delivery or row.entry.delivery
    slot, nobody_said = slots_usual.slot_for(
        shop, slot, match, usual, shop.today + timedelta(days=1), delivery=delivery
    )
    reason = _(match.reason)
    return f"{reason} · {show.slot(slot, shop, usual=True)}" if nobody_said else reason


def _table_row(
    row: Row, now: Decision, match: Match, items: tuple[CatalogueItem, ...], mark: str
) -> dict[str, object]:
    flags = [mark] if mark else []
    flags += [_(flag.sentence) for flag in row.entry.flags]
    flags += [_(CUT)] if now.cut else []
    flags += [_("beyond a limit: {reason}").format(reason=now.beyond)] if now.beyond else []
    return {
        "take": now.take and row.decidable,
        "no": row.entry.no,
        "state": _(STATES[row.state]),
        "who": now.nickname or row.entry.nickname,
        "member": _(match.reason),
        "home": str(now.home if now.home is not None else row.home),
        "goods": goods_said(wanted_of(row, now), items),
        "amount": _money(row, now, items).fen / 100,
        "slot": now.slot or row.entry.pickup_slot,
        "delivery": row.entry.delivery if now.delivery is None else now.delivery,
        "note": row.entry.note if now.note is None else now.note,
        "flags": " ".join(flags),
    }


def _apply_edits(
    shop: Shop, paste: Review, edits: dict[int, dict[str, object]], items: tuple[CatalogueItem, ...]
) -> bool:
    applied = False
    for index, edit in edits.items():
        row = paste.rows[int(index)]
        now = decisions(paste).of(row)
        for column, value in edit.items():
            now = _edited(shop, row, now, column, value, items)
        if now != decisions(paste).of(row):
            decide(paste, row, now)
            applied = True
    return applied


def _edited(
    shop: Shop,
    row: Row,
    now: Decision,
    column: str,
    value: object,
    items: tuple[CatalogueItem, ...],
) -> Decision:
    text = str(value or "")
    if column == "take":
        return replace(now, take=bool(value))
    if column == "who":
        return replace(now, nickname=text)
    if column == "home":
        return replace(now, home=read_home(text) or Home(room=text or None))
    if column == "slot":
        return replace(now, slot=text or None)
    if column == "delivery":
        return replace(now, delivery=bool(value))
    if column == "note":
        return replace(now, note=text)
    goods = read_goods(text, items, shop.settings.slots)
    if goods is None:
        st.toast(
            _("{text} was not understood. Write it like: {example}").format(
                text=plain(text), example=plain(goods_said(row.wanted, items) or "土鸡蛋 2斤")
            ),
            icon=":material/help:",
        )
        return now
    return replace(now, wanted=goods, settled=frozenset(range(len(row.phrases))))


def goods_said(wanted: tuple[Wanted, ...], items: tuple[CatalogueItem, ...]) -> str:
    """Return goods as people write them: ``土鸡蛋 2斤，老豆腐 1盒``."""
    named = {item.product_id: item for item in items}
    return "，".join(
        f"{named[one.product_id].name} {named[one.product_id].sale_unit.said(one.amount)}"
        for one in wanted
    )


def _money(row: Row, now: Decision, items: tuple[CatalogueItem, ...]) -> Money:
    named = {item.product_id: item for item in items}
    return total(
        named[one.product_id].sale_unit.price_of(named[one.product_id].price, one.amount)
        for one in wanted_of(row, now)
    )


__all__ = [
    "changes",
    "decide",
    "decisions",
    "doubtful",
    "entries",
    "fingerprint",
    "forget",
    "overview",
    "read",
]


def long(paste: Review) -> bool:
    """Whether the preview is so long that the confirm button belongs to the screen's edge."""
    return len(paste.rows) > 12


def confirm_label(paste: Review) -> str:
    """Return what the confirm button does, in numbers."""
    now = decisions(paste)
    taken = [row for row in paste.rows if row.decidable and now.of(row).take]
    new = sum(row.state is State.NEW for row in taken)
    gone = sum(entry.order_id not in now.keep_gone for entry in paste.gone)
    gone += sum(row.state is State.CANCELLED for row in paste.rows)
    parts = [_("Book {count} orders").format(count=new)]
    if len(taken) > new:
        parts.append(_("change {count}").format(count=len(taken) - new))
    if gone:
        parts.append(_("cancel {count}").format(count=gone))
    return ", ".join(parts)
