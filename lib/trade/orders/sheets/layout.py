"""Finding the table in a sheet: which row heads it, which column means what, where it ends."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lib.trade.orders.sheets.headings import HINT_RANK, Field, is_spelling, meaning, numbered, plain
from lib.trade.orders.sheets.mapping import WHAT, WHO, Heading, Mapping, Table
from lib.trade.orders.sheets.pivot import product_columns, without_piece_totals
from lib.trade.orders.sheets.tables import Row, Sheet
from lib.trade.orders.sheets.values import folded, is_blank


def tables(sheet: Sheet) -> list[Table]:
    """Return the headed tables of a sheet from top to bottom, possibly none."""
    covers = _covers(sheet)
    heads = list(_heads(sheet, covers)) or list(_bare_heads(sheet))
    found: list[Table] = []
    for position, (rows, headings) in enumerate(heads):
        end = heads[position + 1][0][0] if position + 1 < len(heads) else len(sheet.rows)
        body = range(rows[-1] + 1, end)
        title = _title(sheet, rows[0]) if position == 0 else ""
        lines = rows
        if found and [plain(h) for h in found[-1].headings] == [plain(h) for h in headings]:
            last = found.pop()
            body, title = range(last.body.start, end), last.title
            lines = (*last.header_rows, *rows)
        mapping = propose_mapping(sheet, headings, body)
        found.append(Table(sheet, lines, headings, body, mapping, title, covers))
    return [_with_products(table) for table in found]


def _covers(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Return covered place → place of the value, for merged cells of a believable size."""
    covers: dict[tuple[int, int], tuple[int, int]] = {}
    for first_row, first_column, last_row, last_column in sheet.merged:
        area = (last_row - first_row + 1) * (last_column - first_column + 1)
        if area > 5_000 or len(covers) > 100_000:
            continue
        for row in range(first_row, min(last_row, len(sheet.rows)) + 1):
            for column in range(first_column, last_column + 1):
                covers[row, column] = (first_row, first_column)
    return covers


def _score(cells: list[str]) -> tuple[int, int]:
    """Return how many cells of a row are known headings, and how many are filled."""
    known = [found for cell in cells if (found := meaning(cell) or numbered(cell))]
    fields = {found[0] for found in known if found[0] is not Field.IGNORED}
    return len(fields), sum(bool(cell) for cell in cells)


def _heads(
    sheet: Sheet, covers: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Yield (rows, headings) of every heading row; a heading of two lines counts as one."""
    row, found = 0, False
    while row < len(sheet.rows):
        if not _may_be_head(sheet.rows[row], found):
            row += 1
            continue
        cells = [folded(cell) for cell in sheet.rows[row]]
        score, filled = _score(cells)
        if not _is_head(sheet.rows[row], score, filled):
            row += 1
            continue
        found = True
        second = _second_line(sheet, row, covers)
        if second:
            yield (row, row + 1), second
            row += 2
        else:
            yield (row,), tuple(cells)
            row += 1


def _may_be_head(row: Row, found: bool) -> bool:
    """Rule rows of data out quickly: a heading row holds words only.

    Below the first heading, further ones must name two fields letter by letter.
    """
    if any(not isinstance(cell, str) for cell in row if cell is not None):
        return False
    if not found:
        return True
    return sum(isinstance(cell, str) and is_spelling(cell) for cell in row) > 1


def _is_head(row: Row, score: int, filled: int) -> bool:
    words = [cell for cell in row if not is_blank(cell)]
    texts = [cell for cell in words if isinstance(cell, str)]
    if score < 2 or len(texts) < len(words) or filled < 2:
        return False
    fields = {found[0] for cell in words if (found := meaning(cell) or numbered(cell))}
    certain = any((meaning(cell) or (0, 0))[1] < HINT_RANK for cell in words)
    telling = bool(fields & (WHO | WHAT)) and len(fields) >= 2
    # A row of data may hold a word such as 备注 or 合计; a heading row is mostly headings, or the
    # headings beside them name products.
    return certain and telling and (score * 3 >= filled or bool(fields & WHO)) and _headlike(texts)


def _bare_heads(sheet: Sheet) -> Iterator[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Yield the first row that names one person field beside words with quantities below.

    Such are lists kept by hand: 姓名, 鸡蛋, 豆腐. They are looked for only where no row is a
    heading by its known words.
    """
    for row in range(min(len(sheet.rows) - 1, 30)):
        cells = [folded(cell) for cell in sheet.rows[row]]
        known = {found[0] for cell in cells if (found := meaning(cell))}
        words = [cell for cell in cells if cell]
        if known & (WHO | {Field.BUILDING}) and len(words) > 1 and _headlike(words):
            yield (row,), tuple(cells)
            return


def _headlike(texts: list[str]) -> bool:
    long = sum(len(plain(text)) > 24 for text in texts)
    numbers = sum(bool(re.fullmatch(r"[\d.,*\-/: ]+", folded(text))) for text in texts)
    return long * 3 <= len(texts) and numbers * 4 <= len(texts)


def _second_line(
    sheet: Sheet, row: int, covers: dict[tuple[int, int], tuple[int, int]]
) -> tuple[str, ...] | None:
    """Return joined headings when row ``row + 1`` continues the heading, else ``None``.

    It does when a merged cell says so, or when it names further fields under empty or grouping
    headings and holds no data.
    """
    if row + 1 >= len(sheet.rows):
        return None
    upper, lower = sheet.rows[row], sheet.rows[row + 1]
    if any(not isinstance(cell, str) for cell in lower if not is_blank(cell)):
        return None
    merged = any(
        covers.get((row, column)) == covers.get((row + 1, column)) == (row, column)
        for column in range(len(upper))
    )
    across = any(covers.get((row, column), (row, column))[1] != column for column in range(80))
    score, filled = _score([folded(cell) for cell in lower])
    if not filled or not (merged or across):
        return None
    if score == 0 and not (merged and across):
        return None
    joined = []
    for column in range(max(len(upper), len(lower))):
        above = folded(sheet.cell(*covers.get((row, column), (row, column))))
        below = folded(sheet.cell(row + 1, column))
        joined.append(_joined(above, below))
    return tuple(joined)


def _joined(above: str, below: str) -> str:
    if not below or not above:
        return below or above
    return below if meaning(below) or not meaning(above + below) else above + below


def _title(sheet: Sheet, before: int) -> str:
    """Return the first text above the heading, such as 周三团购 鸡蛋."""
    for row in sheet.rows[:before]:
        for cell in row:
            if isinstance(cell, str) and not is_blank(cell):
                return folded(cell)
    return ""


def propose_mapping(sheet: Sheet, headings: tuple[str, ...], body: range) -> Mapping:
    """Return the mapping the headings suggest; of rivals the better spelling with data wins."""
    claims: dict[Field, list[tuple[bool, int, int, str]]] = {}
    groups: dict[int, dict[Field, Heading]] = {}
    unused: list[Heading] = []
    for index, text in enumerate(headings):
        found = meaning(text)
        if found is None and (part := numbered(text)):
            meant = Field.ITEM_AMOUNT if part[0] is Field.AMOUNT else part[0]
            groups.setdefault(part[2], {})[meant] = Heading(index, text)
        elif found is None or found[0] is Field.IGNORED:
            if text:
                unused.append(Heading(index, text))
        else:
            empty = all(is_blank(sheet.cell(row, index)) for row in body)
            claims.setdefault(found[0], []).append((empty, found[1], index, text))
    columns: dict[Field, Heading] = {}
    rivals: list[tuple[Field, Heading]] = []
    for name, claim in claims.items():
        ranked = sorted(claim)
        columns[name] = Heading(ranked[0][2], ranked[0][3])
        rivals += [(name, Heading(index, text)) for _, _, index, text in ranked[1:]]
    _price_as_amount(columns)
    more = [groups[number] for number in sorted(groups) if Field.GOODS in groups[number]]
    if more and Field.GOODS not in columns:
        columns |= more.pop(0)
    more += _repeated_pairs(columns, rivals)
    return Mapping(columns, tuple(more), (), tuple(unused), tuple(rivals))


def _price_as_amount(columns: dict[Field, Heading]) -> None:
    """Without quantities, a column called 价格 beside a goods cell is what the order cost."""
    money = {Field.ORDER_TOTAL, Field.AMOUNT, Field.ITEM_AMOUNT, Field.GOODS_TOTAL}
    heading = columns.get(Field.UNIT_PRICE)
    if heading is None or plain(heading.text) not in ("价格", "price"):
        return
    if Field.QUANTITY not in columns and not money & columns.keys():
        columns[Field.AMOUNT] = columns.pop(Field.UNIT_PRICE)


def _repeated_pairs(
    columns: dict[Field, Heading], rivals: list[tuple[Field, Heading]]
) -> list[dict[Field, Heading]]:
    """Return further 商品, 数量 pairs of equal headings: ``商品 数量 商品 数量``."""
    same = [
        (name, heading)
        for name, heading in rivals
        if name in (Field.GOODS, Field.QUANTITY) and heading.text == columns[name].text
    ]
    pairs: list[dict[Field, Heading]] = []
    for name, heading in sorted(same, key=lambda item: item[1].index):
        if name is Field.GOODS:
            pairs.append({Field.GOODS: heading})
        elif pairs and Field.QUANTITY not in pairs[-1]:
            pairs[-1][Field.QUANTITY] = heading
    return [pair for pair in pairs if Field.QUANTITY in pair]


def _with_products(table: Table) -> Table:
    mapping = table.mapping
    if Field.GOODS in mapping.columns or not WHO & mapping.columns.keys() | _loose(mapping):
        return table
    products = product_columns(table)
    if not products:
        return table
    used = {column.index for column in products}
    unused = tuple(heading for heading in mapping.unused if heading.index not in used)
    found = replace(table, mapping=replace(mapping, products=products, unused=unused))
    return without_piece_totals(found)


def _loose(mapping: Mapping) -> set[Field]:
    return {Field.BUILDING} & mapping.columns.keys()


def is_order_list(table: Table) -> bool:
    """Return whether a table says who ordered and what: otherwise it is a summary or a note."""
    names = table.mapping.columns.keys()
    who = bool(WHO & names) or Field.BUILDING in names
    return who and bool(WHAT & names or table.mapping.products)
