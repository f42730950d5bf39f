"""Putting rows together to orders: one row each, or one row per item with the order repeated."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from lib.kernel.words import N_
from lib.trade.orders.sheets import statuses
from lib.trade.orders.sheets.amounts import Roles, gross_of, refund_of, roles_of
from lib.trade.orders.sheets.goods import Doubt
from lib.trade.orders.sheets.headings import Field
from lib.trade.orders.sheets.kinds import Kind, kind_of
from lib.trade.orders.sheets.mapping import Table
from lib.trade.orders.sheets.moments import PickupTime, moment, pickup_time
from lib.trade.orders.sheets.orders import Origin, Problem, SheetOrder, Skipped
from lib.trade.orders.sheets.places import Place, place_in
from lib.trade.orders.sheets.rows import RowRead, RowReader
from lib.trade.orders.sheets.statuses import Hint, hint
from lib.trade.orders.sheets.values import folded, is_blank, text_of

NO_ORDER_ABOVE = N_("the row names no person and no order, and none stands above it")
SAME_ROW_TWICE = N_("the same row stands in the file twice; it was counted once")
JOINED_BY_PERSON = N_("rows {first} to {last} have no order number; they were read as one order")
SPLIT_BY_PERSON = N_("number {number} is used by different people; they were kept apart")
ROW_HIDDEN = N_("the row is hidden in the file; it was counted")
PART_CANCELLED = N_("some goods of this order are cancelled ({status}); they were left out")
UNREADABLE_DATE = N_("{text} is not a date that can be read in one way only")
NO_AMOUNT = N_("the file gives no amount for this order")
NO_GOODS = N_("the file names no goods for this order")
ITEM_REFUNDED = N_("part of the goods was refunded; the quantities were not reduced")

MIXED_REFUNDS = "部分退款"
"""What an order is when some of its items were refunded and others were not."""

MONEY = frozenset(
    {Field.ORDER_TOTAL, Field.AMOUNT, Field.GOODS_TOTAL, Field.ITEM_AMOUNT, Field.UNIT_PRICE}
)
_WHO = (Field.BUYER, Field.RECEIVER, Field.PHONE)
_PLACE = (Field.ADDRESS, Field.BUILDING, Field.ROOM)


@dataclass(slots=True)
class Group:
    """The rows of one order, in the order of the sheet."""

    rows: list[RowRead]
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(slots=True)
class TableRead:
    """Everything read from one table."""

    table: Table
    orders: list[SheetOrder] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read_table(table: Table, known: frozenset[str] = frozenset()) -> TableRead:
    """Read every row of a table: it ends in an order, a skipped row or a problem."""
    reader = RowReader(table, known)
    result = TableRead(table)
    rows: list[RowRead] = []
    for row in table.body:
        kind = Kind.HEADING if row in table.header_rows else kind_of(table, row)
        if kind is Kind.DATA:
            rows.append(reader.read(row))
        elif kind is not Kind.BLANK:
            result.skipped.append(Skipped(reader.origin(row), kind.value))
    groups = _groups(table, rows, result)
    roles = roles_of(table, [group.rows for group in groups])
    shared = _Shared(table, rows)
    for group in groups:
        _finish(table, group, roles, shared, result)
    return result


def _groups(table: Table, rows: list[RowRead], result: TableRead) -> list[Group]:
    by_key: dict[tuple[str, ...], Group] = {}
    groups: list[Group] = []
    seen: dict[tuple[object, ...], RowRead] = {}
    for read in rows:
        origin = Origin(table.sheet.name, read.row + 1)
        cells = table.sheet.rows[read.row]
        if _is_copy(table, read, seen.get(cells)):
            result.skipped.append(Skipped(origin, SAME_ROW_TWICE))
            continue
        seen[cells] = read
        group = _group_for(table, read, groups, by_key)
        if group is not None:
            group.rows.append(read)
            continue
        if not any(read.who.values()):
            result.problems.append(Problem(origin, "", Doubt(NO_ORDER_ABOVE)))
            result.problems.extend(read.problems)
            continue
        group = Group([read])
        groups.append(group)
        if key := _key(read):
            group.doubts += _split_doubt(read, by_key.get(key))
            by_key[key] = group
    return groups


def _is_copy(table: Table, read: RowRead, earlier: RowRead | None) -> bool:
    """An order list row that repeats an earlier one cell by cell, number included."""
    if earlier is None or not (read.who[Field.ORDER_NO] or read.who[Field.GROUP_NO]):
        return False
    item_rows = Field.QUANTITY in table.mapping.columns and not read.embedded
    return not item_rows


def _key(read: RowRead) -> tuple[str, ...] | None:
    if number := read.who[Field.ORDER_NO]:
        return "order", number
    if number := read.who[Field.GROUP_NO]:
        return "group", number
    return None


def _person(read: RowRead) -> tuple[str, ...]:
    return tuple(read.who[name] for name in (*_WHO, *_PLACE))


def _group_for(
    table: Table, read: RowRead, groups: list[Group], by_key: dict[tuple[str, ...], Group]
) -> Group | None:
    """Return the group a row belongs to, ``None`` when it begins a new one."""
    above = groups[-1] if groups else None
    if key := _key(read):
        group = by_key.get(key)
        return group if group and not _other_person(group.rows[0], read) else None
    if above is None:
        return None
    if not any(read.who.values()):
        return above if read.lines or any(v is not None for v in read.money.values()) else None
    itemised = Field.QUANTITY in table.mapping.columns and not read.embedded
    if not itemised or table.mapping.products:
        return None
    last = above.rows[-1]
    near = _person(above.rows[0]) == _person(read) and _key(above.rows[0]) is None
    if near and _moment_cell(table, above.rows[0].row) == _moment_cell(table, read.row):
        covered = table.covers.get((read.row, _who_column(table)))
        merged = covered is not None and covered[0] == above.rows[0].row
        if not merged:
            first, now = above.rows[0].row + 1, read.row + 1
            above.doubts = [d for d in above.doubts if d.sentence != JOINED_BY_PERSON]
            numbers = (("first", str(first)), ("last", str(now)))
            above.doubts.append(Doubt(JOINED_BY_PERSON, numbers))
        return above if last.row < read.row else None
    return None


def _who_column(table: Table) -> int:
    for name in (*_WHO, *_PLACE):
        index = table.mapping.index(name)
        if index is not None:
            return index
    return -1


def _moment_cell(table: Table, row: int) -> object:
    return table.spread_cell(row, Field.ORDERED_AT)


def _other_person(first: RowRead, read: RowRead) -> bool:
    """Return whether two rows with one number name different people."""
    both = [name for name in _WHO if first.who[name] and read.who[name]]
    differing = sum(first.who[name] != read.who[name] for name in both)
    return bool(both) and differing * 2 > len(both)


def _split_doubt(read: RowRead, earlier: Group | None) -> list[Doubt]:
    if earlier is None:
        return []
    number = read.who[Field.ORDER_NO] or read.who[Field.GROUP_NO]
    return [Doubt(SPLIT_BY_PERSON, (("number", number),))]


class _Shared:
    """What all rows share: the platform, and the only year that dates of the table name."""

    def __init__(self, table: Table, rows: Iterable[RowRead]) -> None:
        found: set[int] = set()
        for read in rows:
            for name in (Field.ORDERED_AT, Field.PAID_AT, Field.PICKUP_TIME):
                try:
                    when = moment(table.spread_cell(read.row, name))
                except ValueError:
                    continue
                if when:
                    found.add(when.year)
        self.year = found.pop() if len(found) == 1 else None
        self.platform = table.platform


def _finish(table: Table, group: Group, roles: Roles, shared: _Shared, result: TableRead) -> None:
    origins = tuple(Origin(table.sheet.name, read.row + 1) for read in group.rows)
    problems = [problem for read in group.rows for problem in read.problems]
    result.problems.extend(problems)
    if not _said_anything(group) and not problems:
        result.skipped += [Skipped(origin, Kind.NOTHING.value) for origin in origins]
        return
    order = _order(table, group, roles, shared)
    result.orders.append(order)


def _said_anything(group: Group) -> bool:
    return any(
        read.lines or any(value is not None for value in read.money.values()) for read in group.rows
    )


def _order(table: Table, group: Group, roles: Roles, shared: _Shared) -> SheetOrder:
    doubts = list(group.doubts)
    doubts += [doubt for read in group.rows for doubt in read.doubts]
    kept, dropped_status = _kept_rows(table, group.rows)
    if dropped_status:
        doubts.append(Doubt(PART_CANCELLED, (("status", dropped_status),)))
    gross, money_doubts = gross_of(kept, group.rows, roles)
    refund, refund_doubts = refund_of(kept, roles)
    doubts += money_doubts + refund_doubts
    status, refund_status, pay_status = _status_texts(table, kept)
    if refund_status == MIXED_REFUNDS and len(kept) > 1:
        doubts.append(Doubt(ITEM_REFUNDED))
    verdict, notes = statuses.judge(status, refund_status, pay_status, gross, refund)
    said = " / ".join(part for part in (status, refund_status, pay_status) if part)
    doubts += [Doubt(note, (("status", said),)) for note in notes]
    if statuses.REFUND_OPEN in notes:
        refund = 0
    lines = tuple(line for read in kept for line in read.lines)
    problems = [problem.doubt for read in group.rows for problem in read.problems]
    doubts += problems
    doubts += _missing(gross, lines, table)
    if any(read.row in table.sheet.hidden_rows for read in group.rows):
        doubts.append(Doubt(ROW_HIDDEN))
    first = group.rows[0]
    texts = _Texts(table, group.rows)
    address = texts.address()
    place = _place(first, texts, address)
    return SheetOrder(
        platform=shared.platform,
        order_no=first.who[Field.ORDER_NO],
        group_no=first.who[Field.GROUP_NO],
        buyer=first.who[Field.BUYER],
        receiver=first.who[Field.RECEIVER],
        phone=first.who[Field.PHONE] or first.who[Field.BUYER_PHONE],
        address=address,
        building=place.building,
        unit=place.unit,
        room=place.room,
        pickup_point=texts.first(Field.PICKUP_POINT),
        pickup=_pickup(table, group.rows, shared),
        ordered_at=_when(table, group.rows, Field.ORDERED_AT, shared, doubts),
        paid_at=_when(table, group.rows, Field.PAID_AT, shared, doubts),
        status=said,
        meaning=verdict,
        gross_fen=gross,
        refund_fen=refund,
        lines=lines,
        buyer_remark=texts.all(Field.BUYER_REMARK),
        seller_remark=texts.all(Field.SELLER_REMARK),
        origins=tuple(Origin(table.sheet.name, read.row + 1) for read in group.rows),
        doubts=tuple(dict.fromkeys(doubts)),
        has_refund_column=roles.has_refund,
    )


def _place(first: RowRead, texts: "_Texts", address: str) -> Place:
    """Return building, unit and room from their columns, completed from room or address."""
    room = first.who[Field.ROOM]
    written = place_in(room)
    if written.building and written.room and not first.who[Field.BUILDING]:
        return written
    there = place_in(address)
    return Place(
        first.who[Field.BUILDING] or there.building,
        texts.first(Field.UNIT) or there.unit,
        room or there.room,
    )


def gives_money(table: Table) -> bool:
    """Return whether a table has any column or heading from which amounts could be known."""
    mapping = table.mapping
    priced = any(column.price_fen is not None for column in mapping.products)
    return priced or bool(MONEY & mapping.columns.keys())


def _missing(gross: int | None, lines: tuple[object, ...], table: Table) -> list[Doubt]:
    # A list without any money column says so once, in the notes of the reading.
    silent = gross is not None or not gives_money(table)
    missing = [] if silent else [Doubt(NO_AMOUNT)]
    named = Field.GOODS in table.mapping.columns or table.mapping.products
    return missing + ([Doubt(NO_GOODS)] if not lines and named else [])


def _kept_rows(table: Table, rows: list[RowRead]) -> tuple[list[RowRead], str]:
    """Return the rows that count and the status of those that do not.

    In an item list one item may be cancelled while the order goes on; when all rows say the same
    the order as a whole is judged by it.
    """
    out = (Hint.CANCELLED, Hint.REFUNDED, Hint.UNPAID)
    texts = [folded(table.spread_cell(read.row, Field.STATUS)) for read in rows]
    gone = [hint(text) in out for text in texts]
    if not any(gone) or all(gone):
        return rows, ""
    kept = [read for read, away in zip(rows, gone, strict=True) if not away]
    return kept, next(text for text, away in zip(texts, gone, strict=True) if away)


def _status_texts(table: Table, rows: list[RowRead]) -> tuple[str, str, str]:
    def texts(name: Field) -> list[str]:
        found = [folded(table.spread_cell(read.row, name)) for read in rows]
        return [text for text in found if text]

    order, refund, pay = texts(Field.STATUS), texts(Field.REFUND_STATUS), texts(Field.PAY_STATUS)
    telling = [t for t in refund if hint(t) not in (Hint.NOTHING, Hint.NORMAL, Hint.UNKNOWN)]
    chosen = telling[0] if telling else (refund[0] if refund else "")
    whole = (Hint.REFUNDED, Hint.REFUND_DONE)
    if telling and len(telling) < len(rows) and hint(chosen) in whole and len(rows) > 1:
        chosen = MIXED_REFUNDS
    return (order[0] if order else ""), chosen, (pay[0] if pay else "")


class _Texts:
    """Text fields of an order, from the first row that has them."""

    def __init__(self, table: Table, rows: list[RowRead]) -> None:
        self.table, self.rows = table, rows

    def all(self, name: Field) -> str:
        cells = [self.table.spread_cell(read.row, name) for read in self.rows]
        texts = dict.fromkeys(text_of(cell) for cell in cells if not is_blank(cell))
        return "\n".join(texts)

    def first(self, name: Field) -> str:
        return self.all(name).split("\n")[0]

    def address(self) -> str:
        """Return the address on one line, with province, city and lane where it lacks them."""
        text = "".join(self.all(Field.ADDRESS).split("\n"))
        before = ""
        for name in (Field.PROVINCE, Field.CITY, Field.DISTRICT):
            part = self.first(name)
            if part and part not in text and part.rstrip("省市区") not in text:
                before += part
        lane = self.first(Field.LANE)
        if lane and "弄" not in text:
            text += lane if "弄" in lane else lane + "弄"
        return before + text if text else ""


def _pickup(table: Table, rows: list[RowRead], shared: _Shared) -> PickupTime:
    for read in rows:
        found = pickup_time(table.spread_cell(read.row, Field.PICKUP_TIME), shared.year)
        if found.text:
            return found
    return PickupTime()


def _when(
    table: Table, rows: list[RowRead], name: Field, shared: _Shared, doubts: list[Doubt]
) -> datetime | None:
    for read in rows:
        cell = table.spread_cell(read.row, name)
        try:
            found = moment(cell, shared.year)
        except ValueError:
            doubts.append(Doubt(UNREADABLE_DATE, (("text", text_of(cell)[:40]),)))
            return None
        if found:
            return found
    return None
