"""Nobody can add a column and forget the residents in it."""

import pytest
from sqlalchemy import Table, Text

from lib.db import schema
from lib.db.types import Day, Document, Flag, Moment
from lib.members.erasure.places import DELETED_ROWS, INSTEAD, KEPT_ROWS, PLACES, Way, ways_of
from lib.members.erasure.rows.queries import followed

TABLES = schema.metadata.sorted_tables


def texts(table: Table) -> set[str]:
    """The columns in which words can stand."""
    return {
        column.name
        for column in table.columns
        if isinstance(column.type, Text | Document)
        and not isinstance(column.type, Moment | Day | Flag)
    }


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_text_column_says_what_becomes_of_it(table: Table) -> None:
    assert texts(table) == set(ways_of(table.name)), "see lib/members/erasure/places.py"


def test_nothing_is_listed_that_is_no_column() -> None:
    assert set(PLACES) <= {table.name for table in TABLES}


def test_every_table_that_leads_to_a_member_has_its_place() -> None:
    known = {*PLACES, *DELETED_ROWS, *KEPT_ROWS}
    bare = {"case_pause", "owed_handover"}  # of rows that lead to a member: times and counts
    assert {table.name for table in followed()} <= known | bare


def test_a_table_is_deleted_from_whole_or_not_at_all() -> None:
    for table in followed():
        ways = ways_of(table.name).values()
        gone = [way for way in ways if Way.DELETED in way]
        assert not gone or table.name in DELETED_ROWS
        assert table.name not in DELETED_ROWS or not any(Way.EMPTIED in way for way in ways)


def test_what_is_emptied_may_be_empty() -> None:
    """A column that is neither nullable nor free of rules has its own value."""
    for table in followed():
        for name, way in ways_of(table.name).items():
            if Way.EMPTIED in way and not table.c[name].nullable:
                unique = table.c[name].unique or table.c[name].primary_key
                assert not unique, f"{table.name}.{name} would be empty twice"
    assert all(name in schema.metadata.tables[table].c for table, name in INSTEAD)
