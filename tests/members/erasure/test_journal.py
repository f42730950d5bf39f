"""The journal tells lawful erasure from tampering (reliability R18)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from lib.db import schema
from lib.members.erasure.details import redacted
from lib.members.erasure.needles import Needles
from lib.shop import journal
from lib.shop.shop import Shop
from tests.members.erasure.cast import live
from tests.members.erasure.planted import WORDS

_log = schema.journal
Tamper = Callable[[Connection, list[int]], int]


def _set(connection: Connection, row_id: int, **values: Any) -> int:
    connection.execute(update(_log).where(_log.c.id == row_id).values(**values))
    return row_id


def _words_again(connection: Connection, redacted_ids: list[int]) -> int:
    return _set(connection, redacted_ids[3], details={"after": {"note": "别的话"}})


def _another_seal(connection: Connection, redacted_ids: list[int]) -> int:
    return _set(connection, redacted_ids[0], seal="0" * 64) + 1


def _another_link(connection: Connection, redacted_ids: list[int]) -> int:
    return _set(connection, redacted_ids[2], previous_seal="0" * 64)


def _another_person(connection: Connection, redacted_ids: list[int]) -> int:
    return _set(connection, redacted_ids[2], actor="别人")


def _by_hand(connection: Connection, redacted_ids: list[int]) -> int:
    free = select(_log.c.id).where(_log.c.erasure_id.is_(None)).order_by(_log.c.id).limit(1)
    row_id = connection.execute(free).scalar_one()
    return _set(connection, row_id, erasure_id=1, details={})


def _of_no_erasure(connection: Connection, redacted_ids: list[int]) -> int:
    return _set(connection, redacted_ids[1], erasure_id=None)


def _gone(connection: Connection, redacted_ids: list[int]) -> int:
    connection.execute(delete(_log).where(_log.c.id == redacted_ids[1]))
    return redacted_ids[1] + 1


def _listed_wrongly(connection: Connection, redacted_ids: list[int]) -> int:
    last = select(_log).order_by(_log.c.id.desc()).limit(1)
    row = connection.execute(last).mappings().one()
    listed = {**row["details"][journal.ERASED_ROWS], "1": "0" * 32}
    details = {**row["details"], journal.ERASED_ROWS: listed}
    return _set(connection, row["id"], details=details)


@pytest.mark.parametrize(
    "tamper",
    [_words_again, _another_link, _another_person, _by_hand, _of_no_erasure, _listed_wrongly,
     _another_seal, _gone],
)  # fmt: skip
def test_what_is_no_lawful_erasure_is_found(shop: Shop, tamper: Tamper) -> None:
    for number in range(8):
        with shop.write("member.change") as tx:
            tx.note(f"member:{1 + number % 2}", after={"note": f"第{number}条"})
    _erase_of_one(shop)
    key = shop.place.secret("journal")
    with shop.store.write() as connection:
        assert journal.verify(connection, key).first_bad is None
        query = select(_log.c.id).where(_log.c.erasure_id.is_not(None)).order_by(_log.c.id)
        redacted_ids = list(connection.execute(query).scalars())
        connection.execute(insert(schema.erasing).values(id="tampering"))
        expected = tamper(connection, redacted_ids)
        connection.execute(delete(schema.erasing))
        assert journal.verify(connection, key).first_bad == expected


def _erase_of_one(shop: Shop) -> None:
    """Redact the rows about member 1, as an erasure does it."""
    with shop.store.write() as connection:
        values = {"nickname": "甲", "folded_nickname": "甲", "created_at": shop.clock.now()}
        connection.execute(insert(schema.member).values(**values))
    with shop.write("member.erase") as tx:
        tx.execute(insert(schema.erasing).values(id="member:1"))
        erasure = tx.add(schema.erasure, member_id=1, why="asked", counts={}, at=tx.now)
        marks = {}
        rows = tx.execute(select(_log).where(_log.c.subject == "member:1")).mappings().all()
        for row in rows:
            left = {"details": {"after": {}, "before": None}, "erasure_id": erasure}
            tx.execute(update(_log).where(_log.c.id == row["id"]).values(**left))
            marks[str(row["id"])] = journal.mark({**row, **left})
        tx.execute(delete(schema.erasing))
        tx.note("member:1", **{journal.ERASURE: erasure, journal.ERASED_ROWS: marks})


def test_rows_lose_words_and_keep_sums(shop: Shop) -> None:
    lived = live(shop)
    lived.erase()
    with shop.read() as connection:
        rows = connection.execute(select(_log).where(_log.c.erasure_id.is_not(None))).all()
    assert rows and all(WORDS not in str(row.details) for row in rows)
    paid = [row for row in rows if row.action == "payment.pay"]
    assert not paid, "money alone names nobody"


NAMES = Needles(names=("吹笛人",), called="某某")


@pytest.mark.parametrize(
    ("details", "left"),
    [
        (
            {"before": {"nickname": "吹笛人", "version": 3}, "after": {"note": "x", "amount": 5}},
            {"before": {}, "after": {"amount": 5}},
        ),
        ({"before": "等通知再说", "after": "active", "reason": "搬家"},
         {"before": None, "after": "active"}),
        ({"before": ["鸡蛋 2斤"], "after": []}, {"before": ["鸡蛋 2斤"], "after": []}),
        ({"erasure": 1, "erased_rows": {"2": "x"}}, {"erasure": 1, "erased_rows": {"2": "x"}}),
    ],
)  # fmt: skip
def test_a_note_about_them_keeps_only_what_the_books_need(
    details: dict[str, Any], left: dict[str, Any]
) -> None:
    assert redacted(details, "member:1", lambda subject: subject == "member:1", NAMES) == left


def test_a_note_beside_theirs_keeps_what_is_about_others() -> None:
    details = {
        "before": None, "after": {"note": "吹笛人的邻居"},
        "more": [{"subject": "member:1", "before": None, "after": {"note": "她"}}],
    }  # fmt: skip
    left = redacted(details, "member:2", lambda subject: subject == "member:1", NAMES)
    assert left == {
        "before": None, "after": {"note": "某某的邻居"},
        "more": [{"subject": "member:1", "before": None, "after": {}}],
    }  # fmt: skip
