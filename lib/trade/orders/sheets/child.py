"""The reading process: one file in, plain cells out, and nothing else (reliability A18).

Started by :mod:`lib.trade.orders.sheets.opening` as ``python -m lib.trade.orders.sheets.child``.
A workbook from a stranger is unpacked here and not in the server: whatever it does to memory or
time ends with this process. The request is one line of JSON on standard input, followed by the
file's bytes when it has no path; the answer is lines of JSON on standard output:
``{"kind": …}``, then per sheet ``{"sheet": …}`` and its rows ``[number, [cells]]``, and at the
end ``{"done": true}`` or ``{"error": cause, "values": …}``. The password comes with the request,
so that no list of processes shows it.
"""

import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lib.trade.orders.sheets import markup, texts, workbooks
from lib.trade.orders.sheets.errors import Unreadable
from lib.trade.orders.sheets.limits import Limits

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FILES = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ",
    b"\x7fELF",
)  # fmt: skip


Answers = Callable[[dict[str, Any], Limits], Iterator[object]]
"""What a reading process does: from the request and its limits to messages for the parent."""


def main() -> None:
    """Serve one request from standard input with plain cells, then end."""
    serve(answers)


def serve(answer: Answers) -> None:
    """Serve one request with what ``answer`` makes of it; other readings of a file use it too."""
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    try:
        request = json.loads(sys.stdin.buffer.readline())
        limits = Limits(**request["limits"])
        restrict(limits)
        for message in answer(request, limits):
            out.write(json.dumps(message, ensure_ascii=True) + "\n")
        out.write('{"done": true}\n')
    except Unreadable as error:
        out.write("\n" + json.dumps({"error": error.cause, "values": error.values}) + "\n")
    except MemoryError:
        out.write('\n{"error": "too_big", "values": {}}\n')
    except BaseException:  # noqa: BLE001
        # The readers of foreign formats panic in ways of their own; the owner needs one sentence.
        out.write('\n{"error": "damaged", "values": {}}\n')
    out.flush()


def restrict(limits: Limits) -> None:
    """Limit memory and processor time of this process, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    for kind, amount in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            _, hard = resource.getrlimit(kind)
            allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            resource.setrlimit(kind, (allowed, hard))
        except (ValueError, OSError):  # macOS knows some of these limits only by name
            continue


TextAnswers = Callable[[bytes, str, Limits], Iterator[object]]


def answers(
    request: dict[str, Any], limits: Limits, of_text: TextAnswers | None = None
) -> Iterator[object]:
    """Yield the messages for one file: its kind, its sheets, its rows.

    ``of_text`` takes the place of the reader for delimited text. Raises :class:`Unreadable`.
    """
    path = request["path"]
    data = Path(path).read_bytes() if path else sys.stdin.buffer.read()
    fingerprint = hashlib.sha256(data).hexdigest()
    if not data.strip():
        raise Unreadable("empty")
    if data.startswith(OLE):
        data = workbooks.decrypted(data, request["password"])
    if data.startswith((ZIP, OLE)):
        zipped = data.startswith(ZIP)
        yield {"kind": "xlsx" if zipped else "xls", "fingerprint": fingerprint}
        yield from sheet_answers(workbooks.sheets(data, zipped, limits), limits)
        return
    if data.startswith(_OTHER_FILES):
        raise Unreadable("not_a_workbook")
    yield from (of_text or text_answers)(data, fingerprint, limits)


def text_answers(data: bytes, fingerprint: str, limits: Limits) -> Iterator[object]:
    """Yield the messages for a text file held in memory: a marked-up table, or delimited text."""
    decoded = texts.decode(data)
    marked_up = markup.looks_like(decoded.text)
    yield {
        "kind": "html" if marked_up else "csv",
        "fingerprint": fingerprint,
        "encoding": decoded.encoding,
        "replaced": decoded.replaced,
    }
    if marked_up:
        yield from sheet_answers(markup.sheets(data, decoded.text, limits), limits)
        return
    description: dict[str, object] = {"name": "", "hidden": False, "merged": [], "hidden_rows": []}
    yield from sheet_answers([(description, texts.rows_of(decoded.text, limits))], limits)


def sheet_answers(found: Any, limits: Limits) -> Iterator[object]:
    """Yield the messages for sheets given as (description, rows), within the limits."""
    characters = filled = 0
    for description, rows in found:
        yield {"sheet": description}
        for number, cells in rows:
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    characters += len(cell)
                    if len(cell) > limits.cell_chars:
                        raise Unreadable("cell_too_long", row=number + 1, column=column + 1)
                filled += cell is not None
            if filled > limits.cells or characters > limits.text_chars:
                raise Unreadable("too_many_cells", limit=limits.cells)
            yield [number, cells]


if __name__ == "__main__":
    main()
