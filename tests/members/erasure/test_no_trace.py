"""Nothing of a resident is left after an erasure: rows, bytes, files, logs, exports, backups."""

from sqlalchemy import select

from lib.db import schema
from lib.members.erasure.commands import erase
from lib.members.erasure.rules import Why
from lib.shop import journal
from lib.shop.shop import OWNER_ONLY, Shop
from tests.members.erasure.planted import HINTS, WORDS, everything, put_everywhere, traces


def erased(shop: Shop, member_id: int) -> None:
    with shop.write("member.erase", by=OWNER_ONLY) as tx:
        erase(tx, member_id, Why.ASKED)


def test_no_row_of_any_table_names_them(shop: Shop) -> None:
    planted = put_everywhere(shop)
    assert len(traces(everything(shop))) > 100
    erased(shop, planted.member)
    assert traces(everything(shop)) == []
    with shop.read() as connection:
        assert journal.verify(connection, shop.place.secret("journal")).first_bad is None
        assert connection.execute(select(schema.erasing)).first() is None
    books = shop.place.folder
    for path in (file for file in books.rglob("*") if file.is_file()):
        content = path.read_bytes()
        for word in (*HINTS, WORDS):
            assert word.encode() not in content, f"{word} in {path.name}"
