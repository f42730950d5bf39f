"""An order file on its page: choosing and opening it, its password, what was read from where.

A file is read once, in a process of its own, and kept in the session as plain cells until it is
booked or another one is chosen; what a person answered is kept beside it. The password of a file is
used once and kept nowhere.
"""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lib.kernel.text import hide_phones
from lib.shop.shop import Role, Shop
from lib.trade.orders import queries, sheet_goods, sheet_mapping
from lib.trade.orders.commands import save_mapping
from lib.trade.orders.sheet_entries import SheetEntry, entries_of
from lib.trade.orders.sheet_goods import Answer
from lib.trade.orders.sheets import (
    Mapping,
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
from lib.ui import columns, feedback
from lib.ui.forms import Form
from lib.ui.words import _, plain

UPLOAD, RESULT = "sheet_upload", "sheet_result"
ANSWERS = "goods"
"""Where answers about goods are kept, beside the layouts of headings."""


@dataclass
class Upload:
    """A file that was opened: its plain cells, how its columns are read, and what that gave.

    ``refused`` stands instead of ``reading`` while no order list was found in it. ``cut`` and
    ``beyond`` are what was decided about orders beyond a limit.
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
    cut: dict[str, dict[int, int]] = field(default_factory=dict)
    beyond: dict[str, str] = field(default_factory=dict)
    reopened: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)


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
    found = sheet_mapping.columns_of(mapping)
    if not found:
        return
    labels = {meaning: _(text) for meaning, text in sheet_mapping.MEANINGS.items()}
    with st.form(form.field(f"columns-{key}"), border=False):
        if key in upload.remembered:
            st.caption(_("These columns are read as you corrected them last time."))
        meanings = columns.edited(
            [text for text, _meaning in found.values()],
            [_example(shop, table, index) for index in found],
            [meaning if meaning in labels else "ignored" for _text, meaning in found.values()],
            labels,
            form.field(f"mapping-{key}"),
        )
        keep = st.checkbox(_("Remember this for files like this one"), value=True,
                           key=form.field(f"remember-{key}"))  # fmt: skip
        if st.form_submit_button(_("Read again with these columns"),
                                 key=form.field(f"reread-{key}")):  # fmt: skip
            wanted = {index: str(meaning) for index, meaning in zip(found, meanings, strict=True)}
            _correct(shop, upload, table, sheet_mapping.corrected(mapping, wanted), keep)


def _correct(shop: Shop, upload: Upload, table: Table, mapping: Mapping, keep: bool) -> None:
    key = table.header_fingerprint
    upload.mappings[key] = mapping
    reread(shop, upload)
    with feedback.saying(_("Read again."), Form(f"sheet_columns_{key}")):
        if keep:
            save_mapping(shop, key, sheet_mapping.to_document(mapping))


def _example(shop: Shop, table: Table, index: int) -> str:
    """Return the first cell of a column; staff see phone numbers masked there, too."""
    for row in table.body[:50]:
        cell = table.sheet.cell(row, index)
        if cell not in (None, ""):
            owner = shop.actor.role is Role.OWNER
            return (str(cell) if owner else hide_phones(str(cell)))[:40]
    return ""


def doubt(one: Doubt) -> str:
    """Return a doubt in the reader's language, safe in markdown."""
    return _(one.sentence).format(**{name: plain(value) for name, value in one.values})
