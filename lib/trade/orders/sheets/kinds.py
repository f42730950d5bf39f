"""What a row under a heading is: an order, a total, a note, prices, or nothing."""

import re
from enum import StrEnum

from lib.kernel.words import N_
from lib.trade.orders.sheets.headings import Field
from lib.trade.orders.sheets.mapping import Table
from lib.trade.orders.sheets.pivot import is_price_row
from lib.trade.orders.sheets.tables import Cell
from lib.trade.orders.sheets.values import folded, is_blank


class Kind(StrEnum):
    """What a row under a heading is."""

    BLANK = "blank"
    DATA = "data"
    TOTAL = N_("total row")
    NOTE = N_("note, not an order")
    PRICES = N_("prices of the columns")
    HEADING = N_("headings repeated")
    NOTHING = N_("nothing was ordered in this row")


_TOTAL = re.compile(
    r"(?:本页|本表|本单|全部|以上|订单|当页|总)?(?:合计|总计|小计|共计|总额|汇总|总数|累计|总和|total|subtotal|"
    r"sum|grandtotal)(?:[::(（].*|\d.*|金额|数量|人数|[￥¥].*|共.*)?"
    r"|共\d+(?:单|份|件|人|户|位|元|笔|条|个).*",
    re.IGNORECASE | re.DOTALL,
)
_TOTAL_SIGNS = re.compile(r"[计額额总總汇數数累和共]|total|sum", re.IGNORECASE)
_UNIT_WORD = re.compile(r"\(?(?:单位[::]?)?(?:元|人民币|件|份|个|斤|kg|g|公斤|盒|箱|板|袋)\)?")
MONEY_FIELDS = (
    Field.ORDER_TOTAL, Field.AMOUNT, Field.ITEM_AMOUNT, Field.GOODS_TOTAL, Field.REFUND,
    Field.ITEM_REFUND, Field.UNIT_PRICE, Field.FREIGHT, Field.DISCOUNT,
)  # fmt: skip
WHO_FIELDS = (
    Field.ORDER_NO, Field.GROUP_NO, Field.BUYER, Field.RECEIVER, Field.PHONE, Field.BUYER_PHONE,
    Field.ADDRESS, Field.BUILDING, Field.ROOM,
)  # fmt: skip


def kind_of(table: Table, row: int) -> Kind:
    """Return what a row of a table's body is."""
    cells = table.sheet.rows[row] if row < len(table.sheet.rows) else ()
    filled = [(index, cell) for index, cell in enumerate(cells) if not is_blank(cell)]
    if not filled:
        return Kind.BLANK
    if all(
        isinstance(cell, str) and len(cell) < 12 and _UNIT_WORD.fullmatch(folded(cell))
        for _, cell in filled
    ):
        return Kind.NOTE
    if table.mapping.products and is_price_row(table, row):
        return Kind.PRICES
    if _is_total(table, row, filled):
        return Kind.TOTAL
    if _is_note(table, filled):
        return Kind.NOTE
    return Kind.DATA


def _tight(cell: Cell) -> str:
    return re.sub(r"\s+", "", folded(cell))


def _may_be_total(cell: str) -> bool:
    """Rule most cells out before anything is folded: totals are looked for in every row."""
    return len(cell) < 60 and bool(_TOTAL_SIGNS.search(cell))


def _is_total(table: Table, row: int, filled: list[tuple[int, Cell]]) -> bool:
    labels = [
        index
        for index, cell in filled
        if isinstance(cell, str) and _may_be_total(cell) and _TOTAL.fullmatch(_tight(cell))
    ]
    bare = bool(filled) and re.fullmatch(
        r"(?:合计|总计|小计|共计|总额|汇总|本页小计|total|subtotal|grandtotal):?",
        _tight(filled[0][1]).lower(),
    )
    who = {table.mapping.index(name) for name in WHO_FIELDS}
    remarks = {table.mapping.index(name) for name in (Field.BUYER_REMARK, Field.SELLER_REMARK)}
    if labels and labels[0] not in remarks:
        others = [index for index, _ in filled if index in who and index not in labels]
        texts = [cell for index, cell in filled if index in others and isinstance(cell, str)]
        person = r"1[3-9]\d[\d*]{8}" if bare else r"1[3-9]\d[\d*]{8}|[\u4e00-\u9fff]{2}"
        return not any(re.search(person, text) for text in texts)
    return not labels and _numbers_only(table, row, filled)


def _numbers_only(table: Table, row: int, filled: list[tuple[int, Cell]]) -> bool:
    """A row with sums but neither person nor goods: a total row without a label."""
    indexes = {table.mapping.index(name) for name in (*MONEY_FIELDS, Field.QUANTITY)}
    indexes |= {column.index for column in table.mapping.products}
    if not all(index in indexes for index, _ in filled):
        return False
    # Under merged or blank order cells a further amount belongs to the order above.
    covered = any(
        (row, table.mapping.index(name)) in table.covers
        for name in WHO_FIELDS
        if table.mapping.index(name) is not None
    )
    return not covered


def _is_note(table: Table, filled: list[tuple[int, Cell]]) -> bool:
    mapping = table.mapping
    telling = {mapping.index(name) for name in (Field.GOODS, Field.QUANTITY, *MONEY_FIELDS)}
    telling |= {column.index for column in mapping.products}
    if any(index in telling for index, _ in filled if index is not None):
        only = filled[0][1]
        goods_column = mapping.index(Field.GOODS)
        return (
            len(filled) == 1
            and filled[0][0] == goods_column == 0
            and isinstance(only, str)
            and bool(re.match(r"\s*(备注|注|说明|提示|制表)[::]", folded(only)))
        )
    known = sum(index in {h.index for h in mapping.columns.values()} for index, _ in filled)
    if len(filled) == 1 or known == 0:
        return True
    return all(isinstance(cell, str) for _, cell in filled) and bool(
        re.match(r"\s*(备注|注|说明|提示|制表|打印|导出|截止|以上)", folded(filled[0][1]))
    )
