"""Which column means what: the mapping of a table, shown to the owner and correctable."""

import hashlib
from dataclasses import dataclass, field

from lib.trade.orders.sheets.headings import Field, plain, platform
from lib.trade.orders.sheets.tables import Cell, Sheet

WHO = frozenset(
    {Field.ORDER_NO, Field.GROUP_NO, Field.BUYER, Field.RECEIVER, Field.PHONE, Field.BUYER_PHONE,
     Field.ADDRESS, Field.ROOM}
)  # fmt: skip
"""A list without any of these does not say who ordered, so it is no order list."""

WHAT = frozenset(
    {Field.GOODS, Field.QUANTITY, Field.ITEM_AMOUNT, Field.ORDER_TOTAL, Field.AMOUNT,
     Field.GOODS_TOTAL}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its ``index`` from 0 and the ``text`` that heads it."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class ProductColumn:
    """A column of a list with one column per product: quantities stand under the product's name.

    ``price_fen`` is per unit, ``None`` where the heading gives none.
    """

    index: int
    text: str
    name: str
    price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column means what, as proposed or as corrected by the owner.

    ``columns`` field → heading; ``more_goods`` further goods columns beside the first (商品2,
    数量2 …); ``products`` columns headed by a product each; ``unused`` headings nothing is read
    from; ``rivals`` headings that mean the same field as a chosen one.
    """

    columns: dict[Field, Heading]
    more_goods: tuple[dict[Field, Heading], ...] = ()
    products: tuple[ProductColumn, ...] = ()
    unused: tuple[Heading, ...] = ()
    rivals: tuple[tuple[Field, Heading], ...] = ()

    def index(self, field_name: Field) -> int | None:
        """Return the column of a field, ``None`` when the list has none."""
        heading = self.columns.get(field_name)
        return None if heading is None else heading.index

    def corrected(self, changes: dict[Field, Heading | None]) -> "Mapping":
        """Return the mapping with columns put elsewhere or (``None``) taken out by the owner."""
        taken = {heading.index for heading in changes.values() if heading}
        columns = {
            name: heading
            for name, heading in self.columns.items()
            if name not in changes and heading.index not in taken
        }
        columns |= {name: heading for name, heading in changes.items() if heading}
        products = tuple(column for column in self.products if column.index not in taken)
        return Mapping(columns, self.more_goods, products, self.unused, self.rivals)


@dataclass(frozen=True, slots=True)
class Table:
    """A headed table in a sheet. Rows are numbers from 0 in the sheet; ``body`` comes after it."""

    sheet: Sheet
    header_rows: tuple[int, ...]
    headings: tuple[str, ...]
    body: range
    mapping: Mapping
    title: str = ""
    covers: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    @property
    def header_fingerprint(self) -> str:
        """A short name of the layout: the same headings in the same order give the same one."""
        words = "\x1f".join(plain(heading) for heading in self.headings)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @property
    def platform(self) -> str:
        """快团团, 群接龙, 有赞, 微店 or ``other``, inferred from the headings."""
        return platform(list(self.headings), self.sheet.name)

    def cell(self, row: int, name: Field) -> Cell:
        """Return the cell of a field in a row, ``None`` without such a column."""
        index = self.mapping.index(name)
        return None if index is None else self.sheet.cell(row, index)

    def spread_cell(self, row: int, name: Field) -> Cell:
        """Return the cell of a field, from the merged area it belongs to if it is merged."""
        index = self.mapping.index(name)
        if index is None:
            return None
        return self.sheet.cell(*self.covers.get((row, index), (row, index)))
