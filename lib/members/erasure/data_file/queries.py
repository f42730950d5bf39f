"""Reads of everything the shop holds about one resident, for the file they may have (PIPL 45)."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, Table, select

from lib.db import schema
from lib.kernel.clock import local
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.erasure.data_file.rules import HEAD, LABELS, SECTIONS, WORDS, Part
from lib.members.erasure.queries import root_of
from lib.members.erasure.rows.queries import Theirs, parts, theirs
from lib.members.profiles.queries import family_ids
from lib.shop.export import to_csv
from lib.shop.files import storage
from lib.shop.journal_changes import label_of_field
from lib.shop.journal_words import ACTIONS, SUBJECTS
from lib.shop.language import Translate, translator
from lib.shop.shop import OWNER_ONLY, Shop

MOST_ROWS = 20_000
FILE_NAME = "my-data.zip"
"""No name stands in the name of a file."""
_QUANTITIES = frozenset({"ordered", "quantity"})


def data_file(shop: Shop, member_id: int) -> bytes:
    """Return all that is held about a member as a ZIP: ``data.json``, CSV files, their photos.

    In the shop's language, as the resident reads it. Owner only. Raises ``NotFound``, also for a
    file that was made anonymous.
    """
    shop.require(OWNER_ONLY)
    say = translator(shop.settings.language)
    with shop.read() as connection:
        mine = theirs(connection, family_ids(connection, root_of(connection, member_id)))
        found = [_part(shop, connection, mine, name, say) for name in SECTIONS]
        photos = _photos(connection, mine)
    return _packed(shop, [each for each in found if each.rows], photos, say)


def _packed(shop: Shop, found: Iterable[Part], photos: Iterable[str], say: Translate) -> bytes:
    now = local(shop.clock.now(), shop.settings.time_zone)
    body: dict[str, Any] = {"": say(HEAD).format(day=now.date().isoformat())}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, each in enumerate(found, start=1):
            body[each.title] = [_plain(row) for row in each.rows]
            archive.writestr(f"{number:02d}-{each.name}.csv", _csv(each, say))
        archive.writestr("data.json", json.dumps(body, ensure_ascii=False, indent=1))
        for number, sha256 in enumerate(photos, start=1):
            path = storage.path_of(shop.place, sha256)
            if path.is_file():
                archive.write(path, f"photo-{number:02d}.jpg", zipfile.ZIP_STORED)
    return target.getvalue()


def _csv(part: Part, say: Translate) -> bytes:
    """Return rows as a table people read: yes and no in words, yuan with two decimals.

    As objects: among numbers and gaps a spreadsheet would be given 74.0 for order 74.
    """
    rows = [{name: _cell(value, say) for name, value in row.items()} for row in part.rows]
    return to_csv(pd.DataFrame(rows, dtype=object))


def _cell(value: Any, say: Translate) -> Any:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return Decimal(f"{value.yuan:.2f}") if isinstance(value, Money) else value


def _part(shop: Shop, connection: Connection, mine: Theirs, name: str, say: Translate) -> Part:
    title, columns = SECTIONS[name]
    rows = [
        {_label(column, say): _said(shop, name, column, row, say) for column in columns.split()}
        for query in _queries(name, mine)
        for row in map(dict, connection.execute(query.limit(MOST_ROWS)).mappings())
    ]
    return Part(name, say(title), tuple(rows))


def _queries(name: str, mine: Theirs) -> Iterable[Select[Any]]:
    """Yield the statements that read the rows of ``name`` that are theirs."""
    table = schema.metadata.tables[name]
    if name in ("group_post", "journal"):
        for part in parts(mine.subjects()):
            yield select(table).where(table.c.subject.in_(part)).order_by(table.c.id)
        return
    key = table.c.id if "id" in table.c else table.c.member_id
    ids = mine.of(table) if "id" in table.c else mine.family
    for part in parts(ids):
        yield _with_names(table).where(key.in_(part)).order_by(key)


def _with_names(table: Table) -> Select[Any]:
    """Return the rows of ``table`` with what their keys mean: the wish, the activity, the words."""
    named = {
        "demand_wish": (schema.demand.c.title, table.c.get("demand_id"), "wish"),
        "activity_guest": (schema.activity.c.title, table.c.get("activity_id"), "activity"),
        "consent": (schema.consent_text.c.text, table.c.get("text_id"), "wording"),
    }.get(table.name)
    if named is None:
        return select(table)
    column, key, label = named
    joined = table.outerjoin(column.table, column.table.c.id == key)
    return select(table, column.label(label)).select_from(joined)


def _label(column: str, say: Translate) -> str:
    name = column.removesuffix("_fen")
    return say(LABELS.get(name) or label_of_field(column))


def _said(shop: Shop, table: str, column: str, row: Mapping[str, Any], say: Translate) -> Any:
    value = row[column]
    if value is None or isinstance(value, bool):
        return value
    if column.endswith("_fen"):
        return Money(int(value))
    if column in _QUANTITIES and "unit_grams" in row:
        return Unit(row["sale_unit"], row["unit_grams"]).said(value)
    if isinstance(value, datetime):
        return local(value, shop.settings.time_zone).replace(tzinfo=None, microsecond=0)
    if isinstance(value, Mapping):  # an order's own entry in a chain or a file
        return str(value.get("text") or json.dumps(value, ensure_ascii=False))
    if table == "journal":
        return _journal_word(column, str(value), say)
    if column in ("pickup_slot", "usual_slot"):
        slot = shop.settings.slot(value)
        return f"{say(slot.name)} {slot.hours}" if slot else value
    if (table, column) == ("points_entry", "reason"):
        return say(value) if value else value
    words = WORDS.get((table, column), {})
    return say(words[value]) if value in words else value


def _journal_word(column: str, value: str, say: Translate) -> str:
    if column == "action":
        return say(ACTIONS.get(value, value))
    kind, _colon, number = value.partition(":")
    return f"{say(SUBJECTS.get(kind, kind))} {number}".strip()


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON holds it: money in yuan with two decimals, moments and days as text."""
    return {name: _json_value(value) for name, value in row.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, Money):
        return f"{value.yuan:.2f}"
    return value.isoformat(" ") if isinstance(value, datetime) else _day(value)


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _photos(connection: Connection, mine: Theirs) -> list[str]:
    photos, found = schema.case_photo, []
    for part in parts(mine.of(photos)):
        query = select(photos.c.blob).where(photos.c.id.in_(part)).order_by(photos.c.id)
        found += list(connection.execute(query).scalars())
    return list(dict.fromkeys(found))
