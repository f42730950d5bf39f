"""Functions in statements that SQLite and PostgreSQL spell differently."""

import re
import sys
from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from lib.db.types import Whole

_WILD = re.compile(r"[%_/]")


class weekday(FunctionElement[int]):  # noqa: N801 - reads like a function of the database
    """The day of the week of a ``Day`` column, 0 for Monday."""

    type = Whole
    inherit_cache = True


@compiles(weekday, "sqlite")
def _on_sqlite(element: weekday, compiler: Any, **said: Any) -> str:
    return f"(strftime('%w', {compiler.process(element.clauses, **said)}) + 6) % 7"


@compiles(weekday, "postgresql")
def _on_postgresql(element: weekday, compiler: Any, **said: Any) -> str:
    day = compiler.process(element.clauses, **said)
    return f"(CAST(EXTRACT(ISODOW FROM {day}) AS INTEGER) - 1)"


def begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether ``column`` begins with ``text``, which is not empty, found by an index of the column.

    SQLite compares texts sign by sign, so that a beginning is a range; its LIKE takes upper and
    lower case for one, which the index does not. PostgreSQL orders by language: there it is LIKE,
    and the index one of ``text_pattern_ops``.
    """
    after = text[:-1] + chr(min(ord(text[-1]) + 1, sys.maxunicode))
    pattern = _WILD.sub(lambda sign: f"/{sign[0]}", text) + "%"
    return _Begins(column, literal(text), literal(after), literal(pattern))


class _Begins(FunctionElement[Any]):
    """A column, the range of a beginning, and its pattern.

    Not typed as a truth: on SQLite it would be compared with 1, and no index used.
    """

    inherit_cache = True


@compiles(_Begins, "sqlite")
def _as_range(element: _Begins, compiler: Any, **said: Any) -> str:
    column, first, after, _pattern = element.clauses
    named, *ends = (compiler.process(each, **said) for each in (column, first, after))
    return f"({named} >= {ends[0]} AND {named} < {ends[1]})"


@compiles(_Begins, "postgresql")
def _as_pattern(element: _Begins, compiler: Any, **said: Any) -> str:
    column, _first, _after, pattern = element.clauses
    named, wanted = (compiler.process(each, **said) for each in (column, pattern))
    return f"({named} LIKE {wanted} ESCAPE '/')"
