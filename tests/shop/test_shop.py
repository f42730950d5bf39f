"""The shop object: transactions, actors, form keys, versions, the journal."""

import threading

import pytest
from sqlalchemy import insert, select, text, update

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop import journal
from lib.shop.shop import OWNER_ONLY, FormKey, Repeated, Shop


def add_round(shop: Shop, title: str = "周五团") -> int:
    with shop.write("test.add") as tx:
        tx.result = tx.add(
            schema.buying_round,
            title=title,
            opens_at=tx.now,
            cut_off_at=tx.now.replace(hour=12),
            pickup_day=tx.today,
            created_at=tx.now,
        )
        tx.note(f"buying_round:{tx.result}", after={"title": title})
    return int(tx.result)


def count(shop: Shop, table: str) -> int:
    with shop.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_write_and_its_journal_row_are_one(shop: Shop) -> None:
    add_round(shop)
    with pytest.raises(RuntimeError), shop.write("test.fails") as tx:
        tx.execute(insert(schema.closed_day).values(day=tx.today))
        raise RuntimeError("stopped in the middle")
    assert count(shop, "closed_day") == 0
    assert count(shop, "journal") == 1


def test_a_disabled_person_can_do_nothing(shop: Shop, staff_shop: Shop) -> None:
    with shop.write("test.disable") as tx:
        tx.execute(
            update(schema.person).where(schema.person.c.login == "xiaowu").values(active=False)
        )
    with pytest.raises(Refused, match="disabled"), staff_shop.write("test"):
        pass


def test_staff_cannot_do_what_is_the_owners(staff_shop: Shop, resident_shop: Shop) -> None:
    for shop in (staff_shop, resident_shop):
        with pytest.raises(Refused, match="owner"), shop.write("test", by=OWNER_ONLY):
            pass


def test_the_same_form_saves_once(shop: Shop) -> None:
    form = FormKey.of("key-1", {"title": "周五团"})
    first = add_round(shop.once(form))
    with pytest.raises(Repeated) as repeated:
        add_round(shop.once(form))
    assert repeated.value.result == first
    with pytest.raises(Conflict, match="other values"):
        add_round(shop.once(FormKey.of("key-1", {"title": "别的"})))
    assert count(shop, "buying_round") == 1


def test_the_same_form_in_twenty_threads_saves_once(shop: Shop) -> None:
    form, outcomes = FormKey.of("key-2", {}), []

    def save() -> None:
        try:
            outcomes.append(("saved", add_round(shop.once(form))))
        except Repeated as repeated:
            outcomes.append(("repeated", repeated.result))

    threads = [threading.Thread(target=save) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kind for kind, _ in outcomes) == ["repeated"] * 19 + ["saved"]
    assert len({result for _, result in outcomes}) == 1
    assert count(shop, "buying_round") == 1


def test_a_stale_edit_is_told_who_changed_what(shop: Shop, staff_shop: Shop) -> None:
    number = add_round(shop)
    with staff_shop.write("test.rename") as tx:
        tx.change(schema.buying_round, number, 1, title="新名")
        tx.note(f"buying_round:{number}", before="周五团", after="新名")
    with pytest.raises(Conflict, match=r"小吴 changed this at 10:30"), shop.write("test") as tx:
        tx.change(schema.buying_round, number, 1, title="我的")
    with pytest.raises(NotFound), shop.write("test") as tx:
        tx.change(schema.buying_round, 999, 1, title="我的")


def test_eight_writers_lose_no_update(shop: Shop) -> None:
    number = add_round(shop)

    def rename() -> None:
        for _ in range(10):
            with shop.write("test.count") as tx:
                row = tx.execute(select(schema.buying_round.c.version)).scalar_one()
                tx.change(schema.buying_round, number, row)

    threads = [threading.Thread(target=rename) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with shop.read() as connection:
        assert connection.execute(select(schema.buying_round.c.version)).scalar_one() == 81


def test_ledgers_refuse_to_be_rewritten(shop: Shop) -> None:
    add_round(shop)
    for statement in ("UPDATE journal SET action = 'x'", "DELETE FROM journal"):
        with pytest.raises(Exception, match="append-only"), shop.store.write() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("damage", ["change", "delete", "insert"])
def test_a_tampered_journal_is_found_at_its_first_bad_row(shop: Shop, damage: str) -> None:
    for _ in range(5):
        add_round(shop)
    key = shop.place.secret("journal")
    with shop.read() as connection:
        assert journal.verify(connection, key).first_bad is None
    with shop.store.write() as connection:
        if shop.store.is_sqlite:
            connection.execute(text("DROP TRIGGER journal_no_update"))
            connection.execute(text("DROP TRIGGER journal_no_delete"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        if damage == "change":
            connection.execute(text("UPDATE journal SET actor = '别人' WHERE id = 3"))
        elif damage == "delete":
            connection.execute(text("DELETE FROM journal WHERE id = 3"))
        else:
            row = dict(connection.execute(select(schema.journal)).mappings().first())
            connection.execute(insert(schema.journal).values({**row, "id": 99, "seal": "x"}))
    with shop.read() as connection:
        expected = {"change": 3, "delete": 4, "insert": 99}[damage]
        assert journal.verify(connection, key).first_bad == expected


def test_a_reader_cannot_write(shop: Shop) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"), shop.read() as connection:
        connection.execute(insert(schema.closed_day).values(day=shop.today))
