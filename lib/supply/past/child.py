"""The reading process for daily figures: one file in, sums per product and day out.

Started by :mod:`lib.supply.past.reading`. Opening, limits and protocol are those of the order
files (:mod:`lib.trade.orders.sheets.child`); here the rows are summed while they are read, so that
neither process ever holds them all. The answer: ``{"kind": …}``, then per table ``{"table": …}``,
its products as ``["g", …]``, its days as ``["d", …]`` and its problems as ``["p", …]``.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from lib.supply.past.tables import TableReading, read_table
from lib.trade.orders.sheets import child, long_texts, markup
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.tables import Cell, cell_of

_IN_MEMORY = 1 << 20
"""Text files up to this size may be marked-up tables; longer ones are delimited text."""


def answers(request: dict[str, Any], limits: Limits) -> Iterator[object]:
    """Yield the messages for one file of daily figures."""
    today = date.fromisoformat(request["today"])
    corrections = request["corrections"]
    messages = _Messages(child.answers(request, limits, text_answers))
    yield messages.head()
    while (about := messages.sheet()) is not None:
        merged = [tuple(area) for area in about["merged"]]
        reading = read_table(about["name"], messages.rows(), today, corrections, merged)
        yield from _told(reading, hidden=about["hidden"])


def text_answers(data: bytes, fingerprint: str, limits: Limits) -> Iterator[object]:
    """Yield the messages for a text file without ever holding it as one text."""
    encoding, replaced = long_texts.encoding_of(data)
    if len(data) <= _IN_MEMORY and markup.looks_like(long_texts.head_of(data, encoding).text):
        yield from child.text_answers(data, fingerprint, limits)
        return
    yield {"kind": "csv", "fingerprint": fingerprint, "encoding": encoding, "replaced": replaced}
    about = {"name": "", "hidden": False, "merged": [], "hidden_rows": []}
    yield {"sheet": about}
    # The bounds of cells and characters are those of the file's size, which is checked already.
    yield from map(list, long_texts.rows_of(data, encoding, limits))


class _Messages:
    """The stream of messages, cut into its sheets."""

    def __init__(self, messages: Iterator[Any]) -> None:
        self.messages = messages
        self.waiting: dict[str, Any] | None = None

    def head(self) -> dict[str, Any]:
        return dict(next(self.messages))

    def sheet(self) -> dict[str, Any] | None:
        """Return what is said of the next sheet, None after the last."""
        for message in self.messages if self.waiting is None else ():
            if isinstance(message, dict):
                self.waiting = message
                break
        about, self.waiting = self.waiting, None
        return None if about is None else dict(about["sheet"])

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows of this sheet."""
        for message in self.messages:
            if isinstance(message, dict):
                self.waiting = message
                return
            yield (
                message[0],
                [cell_of(cell) if isinstance(cell, dict) else cell for cell in message[1]],
            )


def _told(reading: TableReading, *, hidden: bool) -> Iterator[object]:
    layout = reading.layout
    yield {
        "table": {
            "sheet": reading.sheet,
            "hidden": hidden,
            "head": reading.head,
            "headings": layout.headings,
            "columns": {str(at): str(name) for at, name in layout.columns.items()},
            "unit": layout.unit,
            "examples": reading.examples,
            "rows": reading.rows,
            "left_out": reading.left_out,
            "total_rows": reading.total_rows,
            "closed": reading.closed,
            "returns": reading.returns,
            "problem_count": reading.problem_count,
            "category_loss": reading.category_loss,
        }
    }
    for key, good in reading.goods.items():
        yield ["g", key, good.code, good.name, good.category, good.loss]
    for problem in reading.problems:
        yield ["p", problem.row, problem.sentence, problem.values, problem.left_out]
    for (key, day), sums in reading.days.items():
        yield [
            "d", key, day.isoformat(), sums.first_row, sums.rows, sums.sold, sums.opening,
            sums.received, sums.prepared, sums.amount, sums.price, sums.cost, int(sums.sold_out),
        ]  # fmt: skip


if __name__ == "__main__":
    child.serve(answers)
