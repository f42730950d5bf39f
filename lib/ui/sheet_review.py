"""The parts of the page for order files: opening, columns, goods, doubts, table, result.

A file is read once, in a process of its own, and kept in the session as plain cells until it is
booked or another one is chosen; what a person answered is kept beside it. Known orders, members and
products are read anew on every run. The password of a file is used once and kept nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from lib.members.profiles import queries as members
from lib.members.profiles.rules import Certainty, Match
from lib.shop.language import translator
from lib.shop.shop import Role, Shop
from lib.trade.orders import queries, sheet_goods, sheet_mapping, sheet_review
from lib.trade.orders.commands import Booked, book_intake, save_mapping
from lib.trade.orders.rules import BookedEntry
from lib.trade.orders.sheet_entries import SheetEntry, entries_of, money_came_in, pickup_days
from lib.trade.orders.sheet_goods import Answer, Goods
from lib.trade.orders.sheet_review import Decisions, Review, Row, State
from lib.trade.orders.sheets import (
    Mapping,
    Meaning,
    PasswordNeeded,
    Reading,
    Table,
    UnreadableFile,
    Workbook,
    WrongPassword,
    file_fingerprint,
    propose,
    read_workbook,
    tables,
)
from lib.trade.orders.sheets.goods import Doubt
from lib.trade.products import commands as product_commands
from lib.trade.products.queries import CatalogueItem, catalogue
from lib.trade.products.rules import Details, typed_price
from lib.trade.rounds.commands import add_offers
from lib.trade.rounds.queries import Round
from lib.trade.rounds.rules import Offered
from lib.ui import feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

UPLOAD, RESULT = "sheet_upload", "sheet_result"
ANSWERS = "goods"
"""Where answers about goods are kept, beside the layouts of headings."""
OUT, NEW = -1, -2
MOST_CARDS = 30
MOST_MEMBERS = 20


@dataclass
class Upload:
    """A file that was opened: its plain cells, how its columns are read, and what that gave.

    ``refused`` stands instead of ``reading`` while no order list was found in it.
    """

    name: str
    fingerprint: str
    book: Workbook
    tables: list[Table]
    mappings: dict[str, Mapping]
    remembered: frozenset[str]
    reading: Reading | None = None
    refused: UnreadableFile | None = None
    entries: tuple[SheetEntry, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    remembered_answers: dict[str, Answer] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    members: dict[str, int] = field(default_factory=dict)
    reopened: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Desk:
    """A file held against the books at this moment."""

    preview: Review
    reading: Reading
    decisions: Decisions
    shelf: dict[int, CatalogueItem]
    offered: frozenset[int]
    basis: int | None
    again: bool
    booked: tuple[queries.FileBooked, ...]


def choose_file(shop: Shop, form: Form) -> Upload | None:
    """Return the file that was chosen and opened; None while there is none."""
    kept: Upload | None = st.session_state.get(UPLOAD)
    if kept is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/description: **{plain(kept.name)}**")
            if st.button(_("Choose another file"), key=form.field("other"), type="tertiary"):
                put_away(form)
                st.rerun()
        return kept
    file = st.file_uploader(
        _("Order file exported by 快团团, 群接龙, 有赞, 微店, or your own list"),
        help=_("Excel (.xlsx, .xls) or CSV. Nothing is booked before you confirm."),
        key=form.field("file"),
    )
    if file is None:
        st.caption(_("Nothing is booked before you confirm."))
        return None
    _open(shop, form, file.name, file.getvalue())
    return None


def put_away(form: Form) -> None:
    """Forget the file and what was answered about it."""
    st.session_state.pop(UPLOAD, None)
    form.renew()


def _open(shop: Shop, form: Form, name: str, data: bytes) -> None:
    """Read the chosen file; on success keep it and rerun, else say why and keep the form."""
    fingerprint = file_fingerprint(data)
    locked = form.field("locked")
    password = None
    if st.session_state.get(locked) == fingerprint:
        password = _ask_password(form)
        if password is None:
            return
    try:
        with st.spinner(_("Reading the file…")):
            book = read_workbook(data, password)
    except PasswordNeeded:
        st.session_state[locked] = fingerprint
        st.rerun()
    except (WrongPassword, UnreadableFile) as error:
        st.error(feedback.refusal(error), icon=":material/info:")
        return
    st.session_state[UPLOAD] = _read(shop, name, fingerprint, book)
    st.session_state.pop(RESULT, None)
    st.rerun()


def _ask_password(form: Form) -> str | None:
    with st.form(form.field("unlock"), clear_on_submit=True, border=True):
        st.markdown(
            _("This workbook is protected. Type the password it was exported with.")
            + " "
            + _("快团团 often uses 8888.")
        )
        typed = st.text_input(
            _("Password of the file"), type="password", key=form.field("word"), max_chars=255
        )
        pressed = st.form_submit_button(_("Open"), type="primary", key=form.field("open"))
    return typed if pressed and typed else None


def _read(shop: Shop, name: str, fingerprint: str, book: Workbook) -> Upload:
    found = [table for sheet in book.sheets for table in tables(sheet)]
    saved = {
        table.header_fingerprint: sheet_mapping.from_document(
            queries.saved_mapping(shop, table.header_fingerprint)
        )
        for table in found
    }
    kept = {key: mapping for key, mapping in saved.items() if mapping is not None}
    upload = Upload(name, fingerprint, book, found, kept, frozenset(kept))
    reread(shop, upload)
    if upload.reading is not None:
        kept_answers = queries.saved_mapping(shop, ANSWERS)
        upload.remembered_answers = sheet_goods.answers_from(kept_answers)
    return upload


def reread(shop: Shop, upload: Upload) -> None:
    """Read the orders of an opened file with its mappings as they are now."""
    try:
        upload.reading, upload.refused = propose(upload.book, upload.mappings), None
    except UnreadableFile as error:
        upload.reading, upload.refused, upload.entries = None, error, ()
        return
    upload.entries = entries_of(upload.reading.orders, shop.settings.slots)


def found(shop: Shop, form: Form, upload: Upload) -> None:
    """Show which sheets were read, and the columns as a table that can be corrected."""
    if upload.refused is not None:
        st.error(feedback.refusal(upload.refused), icon=":material/info:")
    reading = upload.reading
    with st.expander(_("What was read from where"), icon=":material/table_view:",
                     expanded=reading is None):  # fmt: skip
        for about in reading.tables if reading else ():
            _say_table(about)
        for note in reading.notes if reading else ():
            st.caption(doubt(note))
        for table in upload.tables:
            _columns(shop, form, upload, table)


def _say_table(about: Any) -> None:
    name = plain(about.sheet or _("the table"))
    if about.left_out:
        st.markdown(f":material/block: **{name}** — {_(about.left_out)}")
        return
    platform = plain(about.platform) if about.platform != "other" else _("own list")
    said = _("headings in row {row}, {count} orders, {platform}")
    text = said.format(row=about.header_row, count=about.orders, platform=platform)
    st.markdown(f":material/check: **{name}** — {text}")


def _columns(shop: Shop, form: Form, upload: Upload, table: Table) -> None:
    """The columns of one table: heading, an example, what it means; correctable, remembered."""
    key = table.header_fingerprint
    mapping = upload.mappings.get(key, table.mapping)
    columns = sheet_mapping.columns_of(mapping)
    if not columns:
        return
    labels = {meaning: _(text) for meaning, text in sheet_mapping.MEANINGS.items()}
    frame = pd.DataFrame(
        {
            _("Column"): [text for text, _meaning in columns.values()],
            _("Example"): [_example(table, index) for index in columns],
            _("Means"): [
                labels.get(meaning, labels["ignored"]) for _t, meaning in columns.values()
            ],
        }
    )
    with st.form(form.field(f"columns-{key}"), border=False):
        if key in upload.remembered:
            st.caption(_("These columns are read as you corrected them last time."))
        edited = st.data_editor(
            frame,
            hide_index=True,
            disabled=[_("Column"), _("Example")],
            column_config={
                _("Means"): st.column_config.SelectboxColumn(
                    options=list(labels.values()), required=True
                )
            },
            key=form.field(f"mapping-{key}"),
        )
        keep = st.checkbox(_("Remember this for files like this one"), value=True,
                           key=form.field(f"remember-{key}"))  # fmt: skip
        if st.form_submit_button(_("Read again with these columns"),
                                 key=form.field(f"reread-{key}")):  # fmt: skip
            meanings = {label: meaning for meaning, label in labels.items()}
            wanted = {
                index: str(meanings[label])
                for index, label in zip(columns, edited[_("Means")], strict=True)
            }
            _correct(shop, upload, table, sheet_mapping.corrected(mapping, wanted), keep)


def _correct(shop: Shop, upload: Upload, table: Table, mapping: Mapping, keep: bool) -> None:
    key = table.header_fingerprint
    upload.mappings[key] = mapping
    reread(shop, upload)
    with feedback.saying(_("Read again."), Form(f"sheet_columns_{key}")):
        if keep:
            save_mapping(shop, key, sheet_mapping.to_document(mapping))


def _example(table: Table, index: int) -> str:
    for row in table.body[:50]:
        cell = table.sheet.cell(row, index)
        if cell not in (None, ""):
            return str(cell)[:40]
    return ""


def doubt(one: Doubt) -> str:
    """Return a doubt in the reader's language, safe in markdown."""
    return _(one.sentence).format(**{name: plain(value) for name, value in one.values})


def _bare(one: Doubt) -> str:
    return _(one.sentence).format(**dict(one.values))


def choices(form: Form, upload: Upload) -> Decisions:
    """Ask what the file does not say: who collected the money, what becomes of unpaid orders."""
    reading = upload.reading
    assert reading is not None
    own = sheet_review.platform_of(reading) == sheet_review.OTHER_PLATFORM
    counted = [order for order in reading.orders if order.counts]
    paid, unpaid = True, False
    if any(order.gross_fen is not None for order in counted):
        proof = bool(counted) and all(money_came_in(order) for order in counted)
        paid = st.toggle(
            _("The amounts were paid on the platform already"),
            value=not own or proof,
            help=_("Off: the orders come in unpaid and are paid at the shop."),
            key=form.field("paid"),
        )
    if any(order.meaning is Meaning.UNPAID for order in reading.orders):
        unpaid = st.toggle(
            _("Book unpaid orders too, to be paid at the shop"), key=form.field("with_unpaid")
        )
    return Decisions(paid, unpaid, upload.dropped, dict(upload.members))


def against_books(shop: Shop, upload: Upload, chosen: Round, decisions: Decisions) -> Desk:
    """Hold the file against what is booked; a handful of queries however long it is."""
    reading = upload.reading
    assert reading is not None
    offers = {item.product_id: item for item in catalogue(shop, chosen.id)}
    shelf = {item.product_id: item for item in catalogue(shop)} | offers
    booked = tuple(queries.file_booked(shop, upload.fingerprint))
    identity = sheet_review.identity_of(reading)
    compared = sheet_review.compare(
        upload.entries,
        _known(shop, upload, chosen.id, everywhere=bool(booked)),
        queries.booked_entries(shop, chosen.id, identity),
        with_unpaid=decisions.with_unpaid,
    )
    goods = sheet_goods.goods_of(
        [one.entry.order for one in compared if sheet_review.needs_goods(one)],
        list(shelf.values()),
        offers,
        upload.answers,
        upload.remembered_answers,
        upload.reopened,
    )
    preview = sheet_review.review(
        compared, _matches(shop, compared), goods, shelf, decisions,
        translator(shop.settings.language),
    )  # fmt: skip
    newest = queries.basis(shop, chosen.id, identity)
    again = any(one.round_id == chosen.id for one in booked)
    return Desk(
        preview, reading, decisions, shelf, frozenset(offers),
        newest.intake_id if newest else None, again, booked,
    )  # fmt: skip


def _known(
    shop: Shop, upload: Upload, round_id: int, *, everywhere: bool
) -> dict[str, BookedEntry]:
    """Orders booked under the file's keys; keys good for one round only count there.

    When this very file was booked into another round, all of its orders count as booked.
    """
    lasting = [one.key for one in upload.entries if everywhere or not one.passing]
    passing = [one.key for one in upload.entries if one.passing and not everywhere]
    known = queries.booked_by_key(shop, lasting)
    return known | (queries.booked_by_key(shop, passing, round_id) if passing else {})


def _matches(shop: Shop, compared: Sequence[sheet_review.Compared]) -> list[Match | None]:
    asked = [one for one in compared if one.state is State.NEW]
    found_members = members.matches(shop, [one.entry.hint for one in asked])
    by_key = {one.entry.key: match for one, match in zip(asked, found_members, strict=True)}
    return [by_key.get(one.entry.key) for one in compared]


def overview(shop: Shop, desk: Desk, entries: Sequence[SheetEntry], chosen: Round) -> None:
    """Show the sums of the file first, then what booking it would do."""
    totals = desk.reading.totals
    show.figures(
        (_("Orders that count"), str(totals.orders)),
        (_("Goods total"), show.money(totals.gross)),
        (_("Refunds"), show.money(totals.refund)),
        (_("After refunds"), show.money(totals.net)),
    )
    with st.container(horizontal=True):
        for name, number in sorted(totals.units.items(), key=lambda item: -item[1]):
            st.badge(f"{plain(name or '?')} ×{plain(f'{number.normalize():f}')}", color="green")
    with st.container(horizontal=True):
        for state in State:
            rows = desk.preview.having(state)
            if rows:
                kind: show.State = "good" if state in (State.NEW, State.KNOWN) else "soon"
                show.state(kind, f"{_(state.value)} {len(rows)}")
    for one in desk.booked[:3]:
        text = _("Orders of this very file were booked {when} into {round}.")
        st.info(
            text.format(when=show.moment(one.at, shop), round=plain(one.round_title)),
            icon=":material/done_all:",
        )
    others = [day for day in pickup_days(entries) if day != chosen.pickup_day]
    if others:
        text = _("The file says pickup on {days}; this round is collected {day}.")
        said = "、".join(show.day(day, shop) for day in others[:4])
        st.warning(
            text.format(days=said, day=show.day(chosen.pickup_day, shop)), icon=":material/event:"
        )
    _problems(desk.reading)


def _problems(reading: Reading) -> None:
    if not reading.problems:
        return
    st.subheader(_("Cells that could not be read"))
    frame = pd.DataFrame(
        [
            {
                _("Worksheet"): one.origin.sheet,
                _("Row"): one.origin.row,
                _("Column"): one.column,
                _("Problem"): _bare(one.doubt),
            }
            for one in reading.problems[:200]
        ]
    )
    st.dataframe(frame, hide_index=True, key="sheet-problems")


def goods(shop: Shop, form: Form, upload: Upload, desk: Desk, chosen: Round) -> None:
    """Ask about goods that are not certain: once per text, however many orders name it."""
    still_open = desk.preview.open_goods
    if still_open:
        st.subheader(_("Which products are these?"))
        _offer_all(shop, desk, chosen)
        answered: dict[str, Answer] = {}
        for each in still_open[:MOST_CARDS]:
            answer = _card(shop, form, upload, each, desk, chosen)
            if answer is not None:
                answered[each.text.key] = answer
        ready = f"{len(answered)}/{len(still_open)}"
        if st.button(
            _("Use these answers") + f" ({ready})",
            type="primary",
            disabled=not answered,
            key=form.field("answer"),
        ):
            upload.answers |= answered
            upload.reopened -= answered.keys()
            st.rerun()
    _settled_goods(form, upload, desk)


def _card(
    shop: Shop, form: Form, upload: Upload, each: Goods, desk: Desk, chosen: Round
) -> Answer | None:
    """One goods text with its question; returns the answer as it stands, None while incomplete."""
    name = file_fingerprint(each.text.key.encode())[:12]
    with st.container(border=True, key=f"goods-{name}"):
        st.markdown(f"**{plain(each.text.said)}**")
        said = _("{orders} orders, {quantity} in all; {why}")
        st.caption(
            said.format(
                orders=each.orders, quantity=f"{each.quantity.normalize():f}", why=_(each.fit.value)
            )
        )
        proposed = each.answer.product_id if each.answer else None
        options = [*_ordered(desk, each.candidates), OUT]
        if shop.actor.role is Role.OWNER:
            options.append(NEW)
        labels = {number: _option(desk, number) for number in options}
        picked = st.selectbox(
            _("Product in the shop"),
            options,
            index=options.index(proposed) if proposed in options else None,
            format_func=labels.__getitem__,
            placeholder=_("Choose a product"),
            key=form.field(f"product-{name}{'-made' if each.text.key in upload.made else ''}"),
        )
        if picked is None:
            return None
        if picked == OUT:
            st.caption(_("Orders with these goods are booked without them and marked for a look."))
            return Answer(None)
        if picked == NEW:
            _new_product(shop, upload, each, name)
            return None
        return _units(shop, form, each, desk, chosen, picked, name)


def _units(
    shop: Shop, form: Form, each: Goods, desk: Desk, chosen: Round, picked: int, name: str
) -> Answer | None:
    item = desk.shelf[picked]
    units = sheet_goods.propose_units(each.text, item)
    label = _("One of these = how many {unit}?").format(unit=plain(item.unit))
    if not units.sure:
        st.caption(_("The size in the file is not how the shop sells it: please say what it is."))
    number = st.number_input(
        label,
        min_value=0.001,
        max_value=float(sheet_goods.LARGEST_UNITS),
        value=float(units.number) if units.number else None,
        format="%g",
        placeholder=_("Not certain: please type it"),
        key=form.field(f"units-{name}-{picked}"),
    )
    if picked not in desk.offered:
        st.caption(_("{name} is not in this round yet.").format(name=plain(item.name)))
        label = _("Add to this round at {price}").format(price=_price(item))
        adding = Form(f"sheet_offer_{picked}")
        if st.button(label, key=adding.field("add"), icon=":material/add:"):
            _offer(shop, adding, chosen, [item])
        return None
    return Answer(picked, Decimal(str(round(number, 3))), item.unit) if number else None


def _ordered(desk: Desk, candidates: Sequence[int]) -> list[int]:
    """Candidates first, then the round's products, then all others."""
    return sorted(
        desk.shelf,
        key=lambda key: (key not in candidates, key not in desk.offered, desk.shelf[key].name),
    )


def _option(desk: Desk, number: int) -> str:
    if number == OUT:
        return _("leave these lines out")
    if number == NEW:
        return _("make it a new product")
    item = desk.shelf[number]
    extra = "" if number in desk.offered else " · " + _("not in this round")
    return f"{item.name} ({item.unit}){extra}"


def _price(item: CatalogueItem) -> str:
    return f"{show.money(item.price)}/{plain(item.unit)}"


def _offer_all(shop: Shop, desk: Desk, chosen: Round) -> None:
    """One click for all products that were recognised but are not in the round."""
    missing = {
        each.answer.product_id
        for each in desk.preview.open_goods
        if each.answer and each.answer.product_id and not each.offered
    }
    if len(missing) < 2:
        return
    adding = Form("sheet_offer_all")
    label = _("Add these {count} products to the round at today's prices")
    if st.button(label.format(count=len(missing)), key=adding.field("add"), icon=":material/add:"):
        _offer(shop, adding, chosen, [desk.shelf[key] for key in sorted(missing)])


def _offer(shop: Shop, adding: Form, chosen: Round, items: Sequence[CatalogueItem]) -> None:
    with feedback.saying(_("Added to the round."), adding):
        offers = [Offered(item.product_id, item.price) for item in items]
        ids = [offer.product_id for offer in offers]
        add_offers(adding.once(shop, chosen.id, ids), chosen.id, offers)


def _new_product(shop: Shop, upload: Upload, each: Goods, key: str) -> None:
    """A product of the file becomes one of the shop: name, unit and price are enough."""
    adding = Form(f"sheet_product_{key}")
    with st.form(adding.field("form"), border=False):
        with st.container(horizontal=True):
            name = st.text_input(_("Name"), value=each.text.name, key=adding.field("name"))
            unit = st.text_input(_("Sale unit"), value=sheet_goods.unit_of(each.text),
                                 key=adding.field("unit"))  # fmt: skip
            price = st.text_input(_("Price per unit (yuan)"), placeholder="4.80",
                                  key=adding.field("price"))  # fmt: skip
        pressed = st.form_submit_button(_("Add product"), key=adding.field("save"))
    if pressed:
        with feedback.saying(_("Product added; now add it to the round."), adding):
            details = Details(name, unit, typed_price(price))
            product_commands.add_product(adding.once(shop, name, unit, price), details)
            # The choice "new product" is done with: the card starts over with the product.
            upload.made.add(each.text.key)


def _settled_goods(form: Form, upload: Upload, desk: Desk) -> None:
    """What is certain, with the conversion; each can be asked about again."""
    settled = [each for each in desk.preview.goods if each.settled]
    if not settled:
        return
    frame = pd.DataFrame([_settled_row(desk, each) for each in settled])
    with st.expander(_("Products recognised: {count}").format(count=len(settled)),
                     icon=":material/nutrition:"):  # fmt: skip
        st.dataframe(frame, hide_index=True, key="sheet-goods")
        keys = {each.text.key: each.text.said for each in settled}
        again = st.selectbox(
            _("Something wrong? Ask about it again"),
            list(keys),
            index=None,
            format_func=keys.__getitem__,
            placeholder=_("Choose a product"),
            key=form.field(f"again-{len(upload.reopened)}-{len(upload.answers)}"),
        )
        if again is not None:
            upload.reopened.add(again)
            st.rerun()


def _settled_row(desk: Desk, each: Goods) -> dict[str, str]:
    assert each.answer is not None
    number = each.answer.product_id
    if number is None:
        return {_("In the file"): each.text.said, _("In the shop"): _("left out"),
                _("One of these is"): "—", _("Why"): _(each.fit.value)}  # fmt: skip
    item = desk.shelf[number]
    return {
        _("In the file"): each.text.said,
        _("In the shop"): item.name,
        _("One of these is"): f"{each.answer.units.normalize():f}{item.unit}",
        _("Why"): _(each.fit.value),
    }


def doubtful(shop: Shop, form: Form, upload: Upload, desk: Desk) -> None:
    """Show orders to look at: the doubtful ones and those that fit several members."""
    _who_is_it(shop, form, upload, desk)
    rows = [
        row
        for row in desk.preview.rows
        if row.doubtful or (row.entry.key in upload.dropped and row.state is State.LEFT_OUT)
    ]
    if not rows:
        return
    st.subheader(_("Please look at these {count} orders").format(count=len(rows)))
    st.caption(_("They are booked marked for checking; untick what is not to be booked."))
    frame = pd.DataFrame(
        [
            {
                _("Book"): row.entry.key not in upload.dropped,
                _("Order"): _number(row),
                _("Who"): row.entry.nickname,
                _("Why"): "; ".join(_bare(one) for one in row.reasons),
                _("Goods"): _goods_said(row),
            }
            for row in rows
        ]
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=[column for column in frame.columns if column != _("Book")],
        key=form.field("doubtful"),
    )
    chosen = {row.entry.key for row, book in zip(rows, edited[_("Book")], strict=True) if not book}
    if chosen != upload.dropped:
        upload.dropped = frozenset(chosen)
        st.rerun()


def _who_is_it(shop: Shop, form: Form, upload: Upload, desk: Desk) -> None:
    unsure = [
        row
        for row in desk.preview.having(State.NEW)
        if row.match is not None and row.match.certainty is Certainty.AMBIGUOUS
    ]
    if not unsure:
        return
    st.subheader(_("Who is this?"))
    for row in unsure[:MOST_MEMBERS]:
        assert row.match is not None
        cards = {card.id: card for card in members.find_members(shop, row.entry.nickname, 10)}
        options: list[int | None] = [None, *(key for key in row.match.candidates if key in cards)]
        labels = {number: _card_said(cards, number) for number in options}
        picked = st.selectbox(
            f"{plain(row.entry.nickname)} {plain(row.entry.home)} — {_(row.match.reason.value)}",
            options,
            index=options.index(upload.members.get(row.entry.key)),
            format_func=labels.__getitem__,
            key=form.field(f"member-{row.entry.row}"),
        )
        if picked is None:
            upload.members.pop(row.entry.key, None)
        else:
            upload.members[row.entry.key] = picked
    if len(unsure) > MOST_MEMBERS:
        more = _("{count} more get files of their own; merge them under Members if they are one.")
        st.caption(more.format(count=len(unsure) - MOST_MEMBERS))


def _card_said(cards: dict[int, members.Card], number: int | None) -> str:
    if number is None:
        return _("a new member")
    card = cards[number]
    return " · ".join(part for part in (card.nickname, str(card.home), card.phone or "") if part)


def changes(desk: Desk) -> None:
    """Show exactly what changed in orders that are booked already."""
    rows = desk.preview.having(State.CHANGED, State.CANCELLED)
    if not rows:
        return
    st.subheader(_("What changed since it was booked"))
    lines = []
    for row in rows:
        for one in row.differences or ():
            lines.append((row, _(one.label), _(one.old), _(one.new)))
        if row.state is State.CANCELLED and not row.differences:
            lines.append((row, _("state"), "", _(row.entry.order.meaning.value)))
    frame = pd.DataFrame(
        [
            {
                _("Order"): _number(row),
                _("Who"): row.entry.nickname,
                _("What changed"): label,
                _("Before"): old,
                _("Now"): new,
                _("Does"): _does(row),
            }
            for row, label, old, new in lines
        ]
    )
    st.dataframe(frame, hide_index=True, key="sheet-changes")


def _does(row: Row) -> str:
    if row.state is State.CANCELLED:
        return _("cancels the order")
    if row.booked is not None and row.booked.handed_over:
        return _("books the money only, marked for checking")
    return _("changes the order")


def orders(shop: Shop, desk: Desk) -> None:
    """Show every order of the file with what booking would do, and the export of that table."""
    st.subheader(_("All orders of the file"))
    frame = pd.DataFrame([_order_row(shop, row) for row in desk.preview.rows])
    show.table(
        frame, "order-file", shop,
        money_columns=[_("Amount"), _("Refund")],
        empty=_("No orders in this file."),
    )  # fmt: skip


def _order_row(shop: Shop, row: Row) -> dict[str, Any]:
    order = row.entry.order
    return {
        _("Order"): _number(row),
        _("Does"): _(row.state.value),
        _("Who"): row.entry.nickname,
        _("Member"): _member_said(row),
        _("Home"): str(row.entry.home),
        _("Goods"): _goods_said(row),
        _("Amount"): order.gross_fen,
        _("Refund"): order.refund_fen,
        _("State"): _(order.meaning.value),
        _("Slot"): show.slot(row.entry.slot, shop) + (_(", deliver") if row.entry.delivery else ""),
        _("Remark"): order.buyer_remark,
        _("Why"): "; ".join(_bare(one) for one in row.reasons),
    }


def _member_said(row: Row) -> str:
    if row.match is None:
        return ""
    return _("known") if row.match.attaches else _("new")


def _number(row: Row) -> str:
    order = row.entry.order
    return order.order_no or order.group_no or str(row.entry.row)


def _goods_said(row: Row) -> str:
    return "、".join(
        f"{sheet_goods.text_of(line).said} ×{line.quantity.normalize():f}"
        for line in row.entry.order.lines
    )


def confirm(shop: Shop, form: Form, upload: Upload, desk: Desk, chosen: Round) -> None:
    """The one button that books; nothing before it wrote an order."""
    preview = desk.preview
    if preview.open_goods:
        text = _("{count} products are still without an answer; then the orders can be booked.")
        st.caption(text.format(count=len(preview.open_goods)))
        return
    if not preview.touches:
        text = _("Nothing to book: every order of this file is booked already or left out.")
        st.success(text, icon=":material/done_all:")
        st.page_link(navigation.page("orders"), label=_("See the orders"),
                     query_params={"round": str(chosen.id)})  # fmt: skip
        return
    if st.button(_confirm_label(preview), type="primary", width="stretch", key=form.field("book")):
        with feedback.saying(_("Booked."), form):
            wanted = sheet_review.booking(
                preview, desk.reading, upload.fingerprint, desk.basis, desk.decisions,
                file_name=upload.name, again=desk.again,
            )  # fmt: skip
            booked = book_intake(form.once(shop, wanted.fingerprint), chosen.id, wanted)
            st.session_state[RESULT] = _result(booked, preview, chosen)
            st.session_state.pop(UPLOAD, None)
            if upload.answers:
                known = upload.remembered_answers | upload.answers
                document = sheet_goods.answers_document(known)
                save_mapping(shop, ANSWERS, document)


def _confirm_label(preview: Review) -> str:
    new = len(preview.having(State.NEW))
    other = preview.touches - new
    if not other:
        return _("Book {count} orders").format(count=new)
    if not new:
        return _("Book {count} changes").format(count=other)
    return _("Book {count} orders and {other} changes").format(count=new, other=other)


def _result(booked: Booked, preview: Review, chosen: Round) -> dict[str, Any]:
    left: dict[str, int] = {}
    for row in preview.having(State.LEFT_OUT):
        for one in row.reasons[:1]:
            left[one.sentence] = left.get(one.sentence, 0) + 1
    return {
        "added": len(booked.added),
        "changed": booked.changed,
        "cancelled": booked.cancelled,
        "known": len(preview.having(State.KNOWN)),
        "left": left,
        "round": chosen.id,
    }


def result() -> None:
    """Say what the last booking did, until it is put away."""
    done = st.session_state.get(RESULT)
    if done is None:
        return
    with st.container(border=True):
        st.success(_("The file is booked."), icon=":material/check_circle:")
        show.figures(
            (_("Added"), str(done["added"])),
            (_("Changed"), str(done["changed"])),
            (_("Cancelled"), str(done["cancelled"])),
            (_("Unchanged"), str(done["known"])),
            (_("Left out"), str(sum(done["left"].values()))),
        )
        for sentence, count in done["left"].items():
            reason = _(sentence).format_map(_Blank())
            st.caption(_("Left out, {reason}: {count}").format(reason=reason, count=count))
        with st.container(horizontal=True):
            asked = {"round": str(done["round"])}
            for page, label in (("orders", _("See the orders")), ("pick", _("Pick list"))):
                st.page_link(navigation.page(page), label=label, query_params=asked)
            if st.button(_("Done"), key="sheet-result-done", type="tertiary"):
                st.session_state.pop(RESULT, None)
                st.rerun()


class _Blank(dict[str, str]):
    """Fills the placeholders of a reason that stands for many orders."""

    def __missing__(self, name: str) -> str:
        return "…"
