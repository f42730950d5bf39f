"""Functions in statements that SQLite and PostgreSQL spell differently."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from lib.db.types import Whole


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
