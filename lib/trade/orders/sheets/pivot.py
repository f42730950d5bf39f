"""Lists with one column per product, as shops keep them by hand: 房号, 姓名, 鸡蛋(4.8), 豆腐 …"""

import re
from dataclasses import replace
from decimal import Decimal

from lib.trade.orders.sheets.goods import split_name
from lib.trade.orders.sheets.headings import Field, meaning, plain
from lib.trade.orders.sheets.mapping import Heading, ProductColumn, Table
from lib.trade.orders.sheets.values import count, folded, is_blank, money

_PRICE_IN_HEADING = re.compile(
    r"(?P<name>.*?\S)\s*[(\[【]?\s*(?:[￥¥@]\s*(?P<marked>\d+(?:\.\d{1,2})?)\s*(?:元|块)?(?:/\S{1,4})?"
    r"|(?P<yuan>\d+(?:\.\d{1,2})?)\s*(?:元|块)(?:/\S{1,4})?)\s*[)\]】]?$"
)
_BRACKET_PRICE = re.compile(r"(?P<name>.*?\S)\s*[(\[【]\s*(?P<price>\d+(?:\.\d{1,2})?)\s*[)\]】]$")
_NOT_PRODUCTS = re.compile(
    r"合计|总计|小计|共计|总数|总额|签名|签收|备注|是否|已|未|付|序|号|时间|日期|姓名|状态|次数|积分|年|月$"
)


def product_columns(table: Table) -> tuple[ProductColumn, ...]:
    """Return the columns headed by products: unknown headings with nothing but quantities below."""
    found: list[ProductColumn] = []
    for heading in table.mapping.unused:
        if meaning(heading.text) or _NOT_PRODUCTS.search(plain(heading.text)):
            continue
        cells = [table.sheet.cell(row, heading.index) for row in table.body]
        filled = [cell for cell in cells if not is_blank(cell)]
        if filled and sum(map(_is_quantity, filled)) * 5 >= len(filled) * 4:
            found.append(_product(heading.index, heading.text))
    return tuple(found)


def _is_quantity(cell: object) -> bool:
    try:
        number = count(cell)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return False
    return number is not None and number.number < 10_000


def _product(index: int, text: str) -> ProductColumn:
    """Read ``鸡蛋(4.8)``, ``鸡蛋 4.8元/斤``, ``鸡蛋￥4.8`` as a name and a price."""
    heading = folded(text).replace("\n", " ")
    price = None
    match = _PRICE_IN_HEADING.fullmatch(heading) or _BRACKET_PRICE.fullmatch(heading)
    if match:
        groups = match.groupdict()
        written = groups.get("marked") or groups.get("yuan") or groups.get("price") or ""
        price, heading = money(written).fen, match["name"]
    name, _ = split_name(heading)
    return ProductColumn(index, text, name or heading, price)


def is_price_row(table: Table, row: int) -> bool:
    """Return whether a row under the headings gives the prices of the product columns (单价)."""
    first = next((cell for cell in table.sheet.rows[row] if not is_blank(cell)), None)
    found = meaning(first) if isinstance(first, str) else None
    return bool(found and found[0] is Field.UNIT_PRICE)


def without_piece_totals(table: Table) -> Table:
    """Return the table with a 合计 column taken out where it counts pieces and not money."""
    heading = table.mapping.columns.get(Field.AMOUNT)
    if heading is None:
        return table
    rows = [row for row in table.body if not is_price_row(table, row)]
    sums = [(_number(table, row, heading), _pieces(table, row)) for row in rows]
    stated = [(amount, pieces) for amount, pieces in sums if amount is not None and pieces]
    if not stated or any(amount != pieces for amount, pieces in stated):
        return table
    columns = {name: found for name, found in table.mapping.columns.items() if found != heading}
    unused = (*table.mapping.unused, heading)
    return replace(table, mapping=replace(table.mapping, columns=columns, unused=unused))


def _number(table: Table, row: int, heading: Heading) -> Decimal | None:
    try:
        found = count(table.sheet.cell(row, heading.index))
    except ValueError:
        return None
    return found.number if found else None


def _pieces(table: Table, row: int) -> Decimal:
    """Return all quantities under the product columns in one row."""
    numbers = [
        _number(table, row, Heading(column.index, column.text)) for column in table.mapping.products
    ]
    return sum((number for number in numbers if number is not None), Decimal(0))
