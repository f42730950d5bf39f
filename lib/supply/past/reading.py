"""Reading a file of daily figures: what its tables say, summed per product and day."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from lib.supply.past.headings import Field
from lib.supply.past.limits import DAILY_FIGURES
from lib.supply.past.tables import Layout, Problem
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.opening import asking

CHILD = "lib.supply.past.child"


class DaySums(NamedTuple):
    """One product's day in millionths of the table's unit; money in millionths of a yuan."""

    first_row: int
    rows: int
    sold: int | None
    opening: int | None
    received: int | None
    prepared: int | None
    amount: int | None
    price: int | None
    cost: int | None
    sold_out: bool


@dataclass(frozen=True, slots=True)
class SaidOfGood:
    """What a table says of a product: ``loss`` in 1/10000."""

    code: str
    name: str
    category: str
    loss: int | None


@dataclass
class ReadTable:
    """One table of a file. ``head`` is the row of its headings, 0 when none were found."""

    file: str
    sheet: str
    layout: Layout
    head: int
    examples: tuple[str, ...]
    rows: int
    left_out: int
    total_rows: int
    closed: int
    returns: int
    problem_count: int
    category_loss: dict[str, int]
    goods: dict[str, SaidOfGood] = field(default_factory=dict)
    days: dict[tuple[str, date], DaySums] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def tells(self) -> frozenset[Field]:
        """What the table says beside days and products."""
        return self.layout.fields - {Field.DAY, Field.TIME, Field.CODE, Field.NAME}


@dataclass
class ReadFile:
    """A file as read; ``replaced`` counts characters that could not be decoded."""

    name: str
    fingerprint: str
    kind: str
    replaced: int
    tables: list[ReadTable]


def read_file(
    source: str | os.PathLike[str] | bytes,
    name: str,
    today: date,
    corrections: Mapping[str, Mapping[str, Any]] | None = None,
    password: str | None = None,
    limits: Limits = DAILY_FIGURES,
) -> ReadFile:
    """Read a file of daily figures: .csv in any encoding, .xlsx, .xls.

    ``corrections`` are layouts by fingerprint as the owner corrected them
    (``{"columns": {"0": "day"}, "unit": "千克"}``). Days after ``today`` are left out. Raises what
    :func:`lib.trade.orders.sheets.read_workbook` raises.
    """
    asked = {"today": today.isoformat(), "corrections": dict(corrections or {})}
    with asking(CHILD, source, limits, password=password, **asked) as messages:
        return told(name, messages)


def told(name: str, messages: Iterator[Any]) -> ReadFile:
    """Return the file called ``name`` out of what the reading process says of it."""
    head: dict[str, Any] = next(messages, {})
    read = ReadFile(
        name, head.get("fingerprint", ""), head.get("kind", ""), head.get("replaced", 0), []
    )
    days: dict[str, date] = {}
    for message in messages:
        if isinstance(message, dict):
            read.tables.append(_table(read.name, message["table"]))
            continue
        table, kind = read.tables[-1], message[0]
        if kind == "d":
            day = days.get(message[2]) or days.setdefault(
                message[2], date.fromisoformat(message[2])
            )
            table.days[message[1], day] = DaySums._make((*message[3:12], bool(message[12])))
        elif kind == "g":
            table.goods[message[1]] = SaidOfGood(*message[2:])
        else:
            table.problems.append(Problem(*message[1:]))
    return read


def _table(file: str, said: dict[str, Any]) -> ReadTable:
    columns = {int(at): Field(name) for at, name in said["columns"].items()}
    return ReadTable(
        file=file,
        sheet=said["sheet"],
        layout=Layout(tuple(said["headings"]), columns, said["unit"]),
        head=said["head"],
        examples=tuple(said["examples"]),
        **{
            name: said[name]
            for name in (
                "rows", "left_out", "total_rows", "closed", "returns", "problem_count",
                "category_loss",
            )
        },
    )  # fmt: skip
