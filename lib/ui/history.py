"""Past figures on their page: choosing files, what they say together, which column means what.

Files are read once, in a process of their own, and kept in the session as sums per product and day
until they are booked or put away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.shop.shop import Shop
from lib.supply.past import joining, queries
from lib.supply.past.commands import save_layout
from lib.supply.past.headings import LABELS, Field
from lib.supply.past.joining import Joined
from lib.supply.past.reading import ReadFile, ReadTable, read_file
from lib.trade.orders.sheets import PasswordNeeded
from lib.ui import columns, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

READING, LOCKED = "history_reading", "history_locked"
MOST_MEGABYTES = 60
UNITS = ("", "千克", "斤", "克", "份", "个", "盒", "袋")


@dataclass
class Reading:
    """Files that were opened, their bytes for reading them again, and what was answered."""

    sources: list[tuple[str, bytes]]
    files: list[ReadFile]
    corrections: dict[str, Mapping[str, Any]]
    password: str | None = None
    joins: dict[bool, Joined] = field(default_factory=dict)
    cache: dict[Any, Any] = field(default_factory=dict)

    @property
    def names(self) -> str:
        """The names of the files, for the eye."""
        return "、".join(name for name, _data in self.sources)


def choose_files(shop: Shop, form: Form) -> Reading | None:
    """Return the files that were chosen and read; None while there are none."""
    kept: Reading | None = st.session_state.get(READING)
    if kept is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/description: **{plain(kept.names)}**", width="stretch")
            if st.button(_("Choose other files"), key=form.field("other"), type="tertiary"):
                put_away(form)
                st.rerun()
        return kept
    st.caption(
        _(
            "Sales per day or single sales, and if you have them: what was prepared, purchase "
            "prices, loss rates, names. Give the files that belong together at once; they are "
            "joined by product code. Nothing is saved before you confirm."
        )
    )
    chosen = st.file_uploader(
        _("Files with daily figures (.csv, .xlsx, .xls)"),
        accept_multiple_files=True,
        max_upload_size=MOST_MEGABYTES,
        key=form.field("files"),
    )
    password = None
    if st.session_state.get(form.field(LOCKED)):
        password = st.text_input(
            _("Password of the file"), type="password", key=form.field("word"), max_chars=255
        )
    if st.button(_("Read the files"), type="primary", disabled=not chosen, key=form.field("read")):
        sources = [(file.name, file.getvalue()) for file in chosen or ()]
        _read(shop, form, sources, password or None)
    return None


def put_away(form: Form) -> None:
    """Forget the files and what was answered about them."""
    st.session_state.pop(READING, None)
    form.renew()


def _read(shop: Shop, form: Form, sources: list[tuple[str, bytes]], password: str | None) -> None:
    """Read the chosen files; on success keep them and rerun, else say which one is why not."""
    layouts, _answers = queries.remembered(shop)
    files = _files(shop, form, sources, layouts, password)
    if files is not None:
        st.session_state[READING] = Reading(sources, files, layouts, password)
        st.rerun()


def _files(
    shop: Shop,
    form: Form,
    sources: list[tuple[str, bytes]],
    layouts: Mapping[str, Mapping[str, Any]],
    password: str | None,
) -> list[ReadFile] | None:
    files = []
    for name, data in sources:
        try:
            with st.spinner(_("Reading {file}… A large workbook takes a minute.").format(
                file=plain(name)
            )):  # fmt: skip
                files.append(read_file(data, name, shop.today, layouts, password))
        except PasswordNeeded as error:
            st.session_state[form.field(LOCKED)] = True
            st.error(f"{plain(name)}: {feedback.refusal(error)}", icon=":material/lock:")
            return None
        except ShopError as error:
            st.error(f"{plain(name)}: {feedback.refusal(error)}", icon=":material/info:")
            return None
    return files


def joined(form: Form, reading: Reading) -> Joined:
    """Return the files together; asks whether what was prepared is to be reckoned."""
    plain_join = _join(reading, reckon=False)
    lacking = any(figure.prepared is None for good in plain_join.goods for figure in good.figures)
    has_loss = any(good.loss is not None for good in plain_join.goods)
    if not (lacking and has_loss):
        return plain_join
    reckon = st.checkbox(
        _("Reckon what was prepared from what was sold and the loss rate: sold ÷ (1 − loss)"),
        help=_(
            "For days of which no file says what was prepared. Such days are marked as reckoned; "
            "without the tick they stay unknown and the slow-mover rule leaves them alone."
        ),
        key=form.field("reckon"),
    )
    return _join(reading, reckon=reckon)


def _join(reading: Reading, *, reckon: bool) -> Joined:
    if reckon not in reading.joins:
        reading.joins[reckon] = joining.join(reading.files, reckon=reckon)
    return reading.joins[reckon]


def overview(found: Joined) -> None:
    """Show first what would come in, then what to know about it."""
    span = found.span
    show.figures(
        (_("Product-days"), f"{found.days:,}"),
        (_("Products"), f"{len(found.goods):,}"),
        (_("Rows read"), f"{found.rows:,}"),
        (_("Left out"), f"{found.left_out:,}", _("Rows and days that cannot be read for sure.")),
    )
    if span is None:
        show.nothing(
            _("No daily sales were found in these files."),
            _("A table needs headings for the day, the product and the quantity sold."),
        )
    else:
        known = sum(figure.prepared is not None for good in found.goods for figure in good.figures)
        text = _("{first} – {last}; counted in {unit}; prepared is known of {known} product-days.")
        st.markdown(
            text.format(
                first=f"{span[0]:%Y-%m-%d}",
                last=f"{span[1]:%Y-%m-%d}",
                unit=plain(found.unit or _("the products' own sale units")),
                known=f"{known:,}",
            )
        )
    for note in found.notes:
        values = {name: plain(value) for name, value in note.values.items()}
        st.info(_(note.sentence).format(**values), icon=":material/info:")


def findings(shop: Shop, found: Joined) -> None:
    """Name every doubtful row with its place; the others come in all the same."""
    if not found.findings:
        return
    title = _("{count} rows to look at").format(count=f"{found.finding_count:,}")
    with st.expander(title, icon=":material/rule:", expanded=found.finding_count <= 20):
        frame = pd.DataFrame(
            [
                {
                    _("In file"): f"{one.file} {one.sheet}".strip(),
                    _("Row"): one.row,
                    _("What is wrong"): _(one.sentence).format(**one.values),
                    _("Left out"): one.left_out,
                }
                for one in found.findings
            ]
        )
        show.table(frame, "past-findings", shop)
        if found.finding_count > len(found.findings):
            st.caption(_("The first {count} are shown.").format(count=len(found.findings)))


def tables(shop: Shop, form: Form, reading: Reading) -> None:
    """Show how each table was read; columns can be corrected and are remembered."""
    unknown = any(not table.head for file in reading.files for table in file.tables)
    with st.expander(_("Which column means what"), icon=":material/table_view:", expanded=unknown):
        for file in reading.files:
            if file.replaced:
                text = _("{file}: {count} characters could not be read and were replaced.")
                st.warning(text.format(file=plain(file.name), count=file.replaced))
            for number, table in enumerate(file.tables):
                if table.layout.headings:
                    _columns(shop, form, reading, table, f"{file.fingerprint[:8]}-{number}")


def _columns(shop: Shop, form: Form, reading: Reading, table: ReadTable, key: str) -> None:
    layout = table.layout
    labels = {name: _(text) for name, text in LABELS.items()}
    st.markdown(f"**{plain(joining.said_table(table))}**")
    if table.head:
        text = _("headings in row {row}; {count} rows; closed days: {closed}; returns: {returns}")
        st.caption(
            text.format(
                row=table.head,
                count=f"{table.rows:,}",
                closed=table.closed,
                returns=f"{table.returns:,}",
            )
        )
    with st.form(form.field(f"columns-{key}"), border=False):
        meanings = columns.edited(
            [layout.headings[at] for at in layout.columns],
            [table.examples[at] for at in layout.columns],
            list(layout.columns.values()),
            labels,
            form.field(f"mapping-{key}"),
        )
        units = {word: word or _("the products' own sale units") for word in (*UNITS, layout.unit)}
        unit = st.selectbox(
            _("Quantities are counted in"),
            list(units),
            index=list(units).index(layout.unit),
            format_func=units.__getitem__,
            key=form.field(f"unit-{key}"),
        )
        if st.form_submit_button(
            _("Read again with these columns"), key=form.field(f"again-{key}")
        ):
            found = {
                str(at): str(meaning)
                for at, meaning in zip(layout.columns, meanings, strict=True)
                if meaning is not Field.IGNORED
            }
            _correct(shop, form, reading, table, {"columns": found, "unit": unit or ""})


def _correct(
    shop: Shop, form: Form, reading: Reading, table: ReadTable, layout: dict[str, Any]
) -> None:
    key = table.layout.fingerprint
    corrections = {**reading.corrections, key: layout}
    files = _files(shop, form, reading.sources, corrections, reading.password)
    if files is None:
        return
    reading.corrections, reading.files = corrections, files
    reading.joins.clear()
    reading.cache.clear()
    with feedback.saying(_("Read again."), Form(f"history_columns_{key}")):
        save_layout(shop, key, layout)
