"""The whole file: which sheets hold orders, which are summaries, and orders that stand twice."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.trade.orders.sheets import goods
from lib.trade.orders.sheets.assemble import MONEY, TableRead, gives_money, read_table
from lib.trade.orders.sheets.errors import refusal
from lib.trade.orders.sheets.headings import Field, plain
from lib.trade.orders.sheets.layout import is_order_list, tables
from lib.trade.orders.sheets.mapping import Mapping, Table
from lib.trade.orders.sheets.orders import Origin, Problem, SheetOrder, Skipped
from lib.trade.orders.sheets.tables import Workbook
from lib.trade.orders.sheets.together import joined
from lib.trade.orders.sheets.values import is_blank, text_of

SUMMARY_SHEET = N_("a summary of the orders in another sheet")
NOT_ORDERS = N_("no list of orders: it does not say who ordered what")
PRICE_PER_UNIT = N_("Column {column} was read as the price of one unit, times the quantity.")
LIKE_TOTAL = N_("this order costs as much as all others together; it may be a total row")
NO_MONEY = N_("The list in sheet {sheet} gives no amounts; only quantities were read.")
HIDDEN_SHEET = N_("the sheet is hidden; the orders were read from the visible one")
_SUMMARY_NAME = re.compile(
    r"汇总|统计|说明|透视|合计|总表|报表|模板|示例|字典|summary|readme|total", re.I
)


@dataclass(frozen=True, slots=True)
class TableReading:
    """How one table was read: its mapping, its layout's fingerprint, and what it gave.

    Rows are numbered as in Excel. ``left_out`` says why a table was not used (a marked sentence);
    it is empty when it was.
    """

    sheet: str
    mapping: Mapping
    header_fingerprint: str
    header_row: int
    last_header_row: int
    platform: str
    orders: int = 0
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the orders that count; money in fen, units by base product name."""

    orders: int
    gross_fen: int
    refund_fen: int
    units: dict[str, Decimal]

    @property
    def gross(self) -> Money:
        """What the counted orders cost."""
        return Money(self.gross_fen)

    @property
    def refund(self) -> Money:
        """What was paid back of it."""
        return Money(self.refund_fen)

    @property
    def net(self) -> Money:
        """What remains."""
        return Money(self.gross_fen - self.refund_fen)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, for the owner to look at before anything is saved (practice E1)."""

    tables: tuple[TableReading, ...]
    orders: tuple[SheetOrder, ...]
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[goods.Doubt, ...] = field(default=())

    @property
    def totals(self) -> Totals:
        """Sums over the orders that count."""
        counted = [order for order in self.orders if order.counts]
        units: dict[str, Decimal] = {}
        for order in counted:
            for name, number in order.units().items():
                units[name] = units.get(name, Decimal(0)) + number
        gross = sum(order.gross_fen or 0 for order in counted)
        return Totals(len(counted), gross, sum(order.refund_fen for order in counted), units)


def read_orders(table: Table, mapping: Mapping | None = None) -> TableRead:
    """Read the orders of one table with the owner's ``mapping``, or the proposed one."""
    return read_table(replace(table, mapping=mapping) if mapping else table)


def propose(book: Workbook, mappings: dict[str, Mapping] | None = None) -> Reading:
    """Read all orders of a file (practice E1).

    ``mappings`` are corrections by header fingerprint, as remembered for a layout. Every row
    under a heading ends in an order, among the skipped rows, or among the problems. Raises
    :class:`~lib.trade.orders.sheets.errors.UnreadableFile` when no table lists orders.
    """
    found = [table for sheet in book.sheets for table in tables(sheet)]
    for place, table in enumerate(found):
        if corrected := (mappings or {}).get(table.header_fingerprint):
            found[place] = replace(table, mapping=corrected)
    used, left_out = _chosen(found)
    if not used:
        raise refusal("no_orders")
    known = _known_names(used)
    reads = [read_table(table, known) for table in used]
    orders, notes = joined(reads)
    notes += [note for table in used for note in _price_notes(table)]
    notes += [
        goods.Doubt(NO_MONEY, (("sheet", read.table.sheet.name or "1"),))
        for read in reads
        if read.orders and not gives_money(read.table)
    ]
    everything = sum(order.gross_fen or 0 for order in orders)
    if len(orders) > 3:
        orders = [_unlike_total(order, everything) for order in orders]
    about = [_about(read.table, len(read.orders), "") for read in reads]
    about += [_about(table, 0, reason) for table, reason in left_out]
    return Reading(
        tables=tuple(about),
        orders=tuple(orders),
        problems=tuple(problem for read in reads for problem in read.problems),
        skipped=(
            *(skip for read in reads for skip in read.skipped),
            *_rows_left_out(left_out),
        ),
        notes=tuple(notes),
    )


def _last_heading(table: Table) -> int:
    """Return the last row of the heading itself, not of headings repeated further down."""
    last = table.header_rows[0]
    while last + 1 in table.header_rows:
        last += 1
    return last + 1


def _price_notes(table: Table) -> list[goods.Doubt]:
    """Say how a column called just 价格 was read: it is per unit in one shop, in all in another."""
    heading = table.mapping.columns.get(Field.UNIT_PRICE)
    stated = (MONEY - {Field.UNIT_PRICE}) & table.mapping.columns.keys()
    if heading is None or stated or plain(heading.text) not in ("价格", "price"):
        return []
    return [goods.Doubt(PRICE_PER_UNIT, (("column", heading.text),))]


def _unlike_total(order: SheetOrder, everything: int) -> SheetOrder:
    """Doubt an order that costs as much as all others together: it may be a total row."""
    if not order.gross_fen or order.gross_fen * 2 != everything:
        return order
    return replace(order, doubts=(*order.doubts, goods.Doubt(LIKE_TOTAL)))


def _about(table: Table, orders: int, left_out: str) -> TableReading:
    return TableReading(
        table.sheet.name, table.mapping, table.header_fingerprint, table.header_rows[0] + 1,
        _last_heading(table), table.platform, orders, left_out,
    )  # fmt: skip


def _chosen(found: list[Table]) -> tuple[list[Table], list[tuple[Table, str]]]:
    """Return the tables to read, and the others with the reason for leaving them out."""
    lists = [table for table in found if is_order_list(table)]
    left = [(table, NOT_ORDERS) for table in found if table not in lists]
    for reason, odd in (
        (HIDDEN_SHEET, lambda table: table.sheet.hidden),
        (SUMMARY_SHEET, _is_summary),
    ):
        usual = [table for table in lists if not odd(table)]
        if usual:
            left += [(table, reason) for table in lists if odd(table)]
            lists = usual
    return lists, left


def _is_summary(table: Table) -> bool:
    named = bool(_SUMMARY_NAME.search(table.sheet.name))
    counts = any(re.search(r"订单数|单数|人数|笔数|次数", text) for text in table.headings)
    numbered = {Field.ORDER_NO, Field.GROUP_NO} & table.mapping.columns.keys()
    return counts or (named and not numbered) or (named and "说明" in table.sheet.name)


def _rows_left_out(left_out: Iterable[tuple[Table, str]]) -> list[Skipped]:
    skipped = []
    for table, reason in left_out:
        for row in table.body:
            if any(not is_blank(cell) for cell in table.sheet.rows[row]):
                skipped.append(Skipped(Origin(table.sheet.name, row + 1), reason))
    return skipped


def _known_names(used: list[Table]) -> frozenset[str]:
    """Return product names that stand alone in some cell of the file."""
    names: set[str] = set()
    for table in used:
        index = table.mapping.index(Field.GOODS)
        for row in table.body if index is not None else ():
            cell = table.sheet.cell(row, index or 0)
            if isinstance(cell, str) and not re.search(r"[;；\n,，、+/]", cell):
                names.update(piece.name for piece in goods.pieces(text_of(cell)))
    return frozenset(names)
