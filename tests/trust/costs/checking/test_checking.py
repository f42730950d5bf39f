"""Every way to doctor a published sheet past the program is found and named (R20)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.trust.costs import queries
from lib.trust.costs.checking import rules
from lib.trust.costs.checking.queries import chain, check_sheets
from lib.trust.costs.checking.texts import fault_line, summary
from lib.trust.costs.commands import publish_sheet
from lib.trust.costs.rules import fingerprint_of, sealed_text
from tests.trust.costs.test_publishing import add_product, without_triggers

SHEET = schema.cost_sheet
Doctor = Callable[[Connection], None]


@pytest.fixture
def published(shop: Shop, clock: FixedClock) -> Shop:
    """Four sheets; the third corrects the second."""
    eggs = add_product(shop)
    for number in range(1, 5):
        correction = {"corrects": 2, "correction": "袋子钱忘了写"} if number == 3 else {}
        publish_sheet(shop, f"第{number}期", shop.today, [eggs], **correction)
        clock.forward(days=1)
    return shop


def doctored(shop: Shop, *acts: Doctor) -> rules.Report:
    """Do ``acts`` in the database, past program and triggers, and check."""
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        for act in acts:
            act(connection)
    return check_sheets(shop)


def changed(which: int, **values: Any) -> Doctor:
    return lambda connection: connection.execute(
        update(SHEET).where(SHEET.c.number == which).values(**values)
    )  # type: ignore[return-value]


def sql(statement: str) -> Doctor:
    return lambda connection: connection.execute(text(statement))  # type: ignore[return-value]


def rechained(connection: Connection) -> None:
    """Give every sheet a fingerprint and a link that fit what it says now."""
    id_of: dict[int, int] = {}
    previous = ""
    for row in connection.execute(select(SHEET).order_by(SHEET.c.number)).all():
        id_of[row.id] = row.number
        sealed = sealed_text(
            row.number, row.title, row.day, row.data_as_of, row.body,
            id_of.get(row.corrects_id), row.correction, previous,
        )  # fmt: skip
        values = {"previous_fingerprint": previous, "fingerprint": fingerprint_of(sealed)}
        connection.execute(update(SHEET).where(SHEET.c.id == row.id).values(**values))
        previous = values["fingerprint"]


def cheaper(number: int) -> Doctor:
    """Lower the price of a sheet so that its lines still add up."""

    def act(connection: Connection) -> None:
        body = connection.execute(select(SHEET.c.body).where(SHEET.c.number == number)).scalar_one()
        body["lines"][0]["price"] -= 100
        body["lines"][0]["kept"] -= 100
        changed(number, body=body)(connection)

    return act


def inserted(number: int) -> Doctor:
    """Put in a sheet that nobody published, well chained to the last one."""

    def act(connection: Connection) -> None:
        last = connection.execute(select(SHEET).order_by(SHEET.c.number.desc()).limit(1)).one()
        row = {name: value for name, value in last._mapping.items() if name != "id"}
        row |= {"number": number, "title": "x", "previous_fingerprint": last.fingerprint}
        sealed = sealed_text(
            number, row["title"], row["day"], row["data_as_of"], row["body"], None, "",
            last.fingerprint,
        )  # fmt: skip
        connection.execute(insert(SHEET).values(**row | {"fingerprint": fingerprint_of(sealed)}))

    return act


def swapped(connection: Connection) -> None:
    for old, new in ((1, 99), (4, 1), (99, 4)):
        changed(old, number=new)(connection)


def extra_key(connection: Connection) -> None:
    body = connection.execute(select(SHEET.c.body).where(SHEET.c.number == 2)).scalar_one()
    changed(2, body=body | {"note": "x"})(connection)


def found(report: rules.Report) -> list[tuple[int | None, str]]:
    return [(fault.number, fault.sentence) for fault in report.faults]


def test_what_was_published_is_whole(published: Shop) -> None:
    report = check_sheets(published)
    assert found(report) == []
    assert report.is_whole
    newest = queries.sheet(published, 4)
    assert (report.sheets, report.newest) == (4, (4, newest.fingerprint))
    assert newest.short in summary(report, str)


def test_before_the_first_sheet_nothing_is_wrong(shop: Shop) -> None:
    report = check_sheets(shop)
    assert (report.is_whole, report.newest) == (True, None)
    assert summary(report, str) == "No sheet has been published yet."


@pytest.mark.parametrize(
    ("act", "says"),
    [
        pytest.param(cheaper(2), [(2, rules.ALTERED)], id="a price in the body"),
        pytest.param(changed(1, title="x"), [(1, rules.ALTERED)], id="the title"),
        pytest.param(
            sql("UPDATE cost_sheet SET day = '2026-09-24' WHERE number = 3"),
            [(3, rules.ALTERED)],
            id="the day",
        ),
        pytest.param(changed(3, correction="x"), [(3, rules.ALTERED)], id="the correction"),
        pytest.param(changed(3, corrects_id=1), [(3, rules.ALTERED)], id="what it corrects"),
        pytest.param(changed(4, published_by=None), [(4, rules.MOVED)], id="who published"),
        pytest.param(extra_key, [(2, rules.ALTERED)], id="an extra key in the body"),
        pytest.param(
            sql("DELETE FROM cost_sheet WHERE number = 4"), [(4, rules.MISSING)], id="the last gone"
        ),
        pytest.param(
            sql("DELETE FROM cost_sheet WHERE number = 1"),
            [(1, rules.MISSING)],
            id="the first gone",
        ),
        pytest.param(swapped, [(1, rules.ALTERED), (4, rules.ALTERED)], id="two swapped"),
        pytest.param(inserted(5), [(5, rules.UNKNOWN)], id="one put in at the end"),
    ],
)
def test_tampering_past_the_triggers_is_named(
    published: Shop, act: Doctor, says: list[tuple[int, str]]
) -> None:
    assert found(doctored(published, act)) == says


def test_a_sheet_cut_out_of_the_middle_is_named(published: Shop) -> None:
    loose = changed(3, corrects_id=None, correction="")
    report = doctored(published, loose, sql("DELETE FROM cost_sheet WHERE number = 2"))
    assert found(report) == [(2, rules.MISSING), (3, rules.ALTERED)]


def test_a_sheet_rewritten_with_all_that_follow_is_still_found(published: Shop) -> None:
    before = queries.sheet(published, 2).short
    report = doctored(published, cheaper(2), rechained)
    assert found(report) == [(2, rules.REWRITTEN), (3, rules.RELINKED), (4, rules.RELINKED)]
    assert before in fault_line(report.faults[0], str)
    assert report.first_bad == 2


def test_a_made_up_number_far_ahead_is_named_and_holds_nobody_up(published: Shop) -> None:
    """A sheet put in as number one thousand million is a fault or two, not a million of them."""
    report = doctored(published, inserted(1_000_000_000))
    assert (report.faults[-1].number, report.faults[-1].sentence) == (1_000_000_000, rules.UNKNOWN)
    assert [fault.number for fault in report.faults[:-1]] == list(range(5, 5 + rules.MOST_MISSING))


def test_a_sheet_put_in_the_middle_is_found_though_all_is_chained_anew(published: Shop) -> None:
    moved = sql("UPDATE cost_sheet SET number = 5 WHERE number = 4")
    report = doctored(published, moved, inserted(4), rechained)
    assert found(report) == [(4, rules.REWRITTEN), (5, rules.UNKNOWN)]


def test_a_journal_rewritten_to_fit_is_found_by_its_seals(published: Shop) -> None:
    log = schema.journal

    def forge(connection: Connection) -> None:
        cheaper(4)(connection)
        rechained(connection)
        name = connection.execute(select(SHEET.c.fingerprint).where(SHEET.c.number == 4)).scalar()
        row = connection.execute(select(log).order_by(log.c.id.desc()).limit(1)).one()
        details = row.details | {"after": row.details["after"] | {"fingerprint": name}}
        if published.store.is_sqlite:
            connection.execute(text("DROP TRIGGER journal_no_update"))
        connection.execute(update(log).where(log.c.id == row.id).values(details=details))

    report = doctored(published, forge)
    assert found(report) == [(None, rules.UNSEALED)]
    assert not report.is_whole
    assert report.first_bad is None


def test_a_sheet_whose_journal_row_is_gone_is_found(published: Shop) -> None:
    log = schema.journal

    def forget(connection: Connection) -> None:
        if published.store.is_sqlite:
            connection.execute(text("DROP TRIGGER journal_no_delete"))
        last = select(log.c.id).order_by(log.c.id.desc()).limit(1).scalar_subquery()
        connection.execute(delete(log).where(log.c.id == last))

    assert found(doctored(published, forget)) == [(4, rules.UNKNOWN)]


@pytest.mark.parametrize("body", ["", "null", "[]", '{"lines":5,"shape":2}', '{"a":1,"a":2}', "{"])
def test_a_body_that_is_none_is_a_fault_and_no_crash(published: Shop, body: str) -> None:
    quoted = body.replace("'", "''")
    act = sql(f"UPDATE cost_sheet SET body = '{quoted}' WHERE number = 2".replace(":", r"\:"))
    assert found(doctored(published, act)) == [(2, rules.ALTERED)]


def test_a_key_said_twice_hides_nothing(published: Shop) -> None:
    stored = queries.sheet(published, 2)
    twice = '{"period":["2020-01-01","2020-01-31"],'

    def act(connection: Connection) -> None:
        raw = connection.execute(text("SELECT body FROM cost_sheet WHERE number = 2")).scalar_one()
        values = {"body": twice + raw.removeprefix("{")}
        connection.execute(text("UPDATE cost_sheet SET body = :body WHERE number = 2"), values)

    assert found(doctored(published, act)) == [(2, rules.ALTERED)]
    assert json.loads("{" + twice[1:-1] + "}")["period"]
    assert stored.number == 2


def test_lines_that_never_added_up_are_found_though_all_else_fits() -> None:
    body = {"shape": 2, "lines": [{"price": 1}], "period": None}
    day, moment = "2026-09-25", "2026-09-25T02:30:00.000000Z"
    as_day, as_moment = rules._day(day), rules._moment(moment)
    assert as_day is not None
    assert as_moment is not None
    name = fingerprint_of(sealed_text(1, "x", as_day, as_moment, body, None, "", ""))
    sheet = rules.Stored(1, "x", day, moment, body, None, "", "", name, moment, 7)
    entry = rules.Entry(1, name, as_day, as_moment, 7)
    report = rules.check([sheet], {1: entry})
    assert found(report) == [(1, rules.MISCOUNTED)]


@pytest.mark.parametrize("moment", ["x", "2026-09-25T02:30:00", None, 5])
def test_a_moment_that_is_none_is_a_fault(moment: Any) -> None:
    sheet = rules.Stored(1, "x", "2026-09-25", moment, {}, None, "", "", "f")
    assert found(rules.check([sheet], {})) == [(1, rules.ALTERED)]


def test_the_check_is_the_owners(staff_shop: Shop, resident_shop: Shop) -> None:
    for other in (staff_shop, resident_shop):
        with pytest.raises(Refused):
            check_sheets(other)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_fault_is_one_line_with_number_and_day(published: Shop, language: str) -> None:
    say = translator(language)
    report = doctored(published, cheaper(2), rechained)
    lines = [fault_line(fault, say) for fault in report.faults]
    assert all("2026-09-2" in line and "\n" not in line for line in lines)
    assert all(str(number) in line for number, line in zip((2, 3, 4), lines, strict=True))
    assert "3" in summary(report, say)
    assert (say(rules.REWRITTEN) == rules.REWRITTEN) == (language == "en")


def test_the_chain_comes_in_pages(published: Shop, resident_shop: Shop) -> None:
    first = chain(resident_shop, limit=3)
    assert [link.number for link in first.links] == [1, 2, 3]
    assert first.following == 4
    rest = chain(resident_shop, first.following, limit=3)
    assert [link.number for link in rest.links] == [4]
    assert rest.following is None
    assert rest.links[0].previous == first.links[-1].fingerprint
    assert first.links[2].corrects == 2
