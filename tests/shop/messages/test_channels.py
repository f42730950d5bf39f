"""Robots: who may keep them, which addresses are taken, and that an address never gets out."""

import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from lib.db import schema
from lib.db.engine import open_store
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, Refused
from lib.shop import backup, incidents
from lib.shop.journal_queries import Wanted, entries
from lib.shop.messages.channels.commands import (
    add_channel,
    archive_channel,
    change_channel,
    switch_channel,
    try_channel,
)
from lib.shop.messages.outbox import rules, speaking
from lib.shop.messages.outbox.commands import send_by_robot
from lib.shop.messages.outbox.queries import channels, open_messages, robots
from lib.shop.messages.outbox.rules import Came, Kind, Outcome
from lib.shop.messages.outbox.sealing import ending, opened, sealed
from lib.shop.messages.outbox.sending import send_due
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Shop
from tests.robot import KEY, Mood, Robot
from tests.shop.messages.conftest import Program

GOOD = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        "https://qyapi.weixin.qq.com/cgi-bin/message/send?key=1",
        "https://somebody@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com:x/cgi-bin/webhook/send?key=1",
        "https://[1/cgi-bin/webhook/send?key=1",
        "http://127.0.0.1.evil.example/cgi-bin/webhook/send?key=1",
        f"{GOOD}\nhttps://x.cn",
        GOOD + "1" * 2000,
        "file:///etc/passwd",
    ],
)
def test_no_address_of_a_wecom_robot(address: str) -> None:
    with pytest.raises(Refused) as refusal:
        rules.checked_wecom(address)
    assert KEY not in refusal.value.said()


@pytest.mark.parametrize(
    "address",
    [GOOD, f"  {GOOD} ", "http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:9/send"],
)
def test_an_address_of_a_wecom_robot(address: str) -> None:
    assert rules.checked_wecom(address) == address.strip()


@pytest.mark.parametrize("address", ["foo", "nothing://x", "json://a.cn,json://b.cn", " "])
def test_no_address_of_apprise(address: str) -> None:
    with pytest.raises(Refused):
        speaking.checked_apprise(address)
    assert speaking.checked_apprise("feishu://token123") == "feishu://token123"


def test_a_robot_is_kept_changed_and_put_away(shop: Shop, staff_shop: Shop) -> None:
    channel = add_channel(shop, " 小团 ", Kind.WECOM, GOOD)
    [one] = channels(shop)
    assert (one.name, one.kind, one.ends_in, one.readable) == ("小团", Kind.WECOM, "5aaa", True)
    with pytest.raises(Refused, match="already"):
        add_channel(shop, "小团", Kind.WECOM, GOOD)
    with pytest.raises(Refused, match="name"):
        add_channel(shop, " ", Kind.WECOM, GOOD)
    change_channel(shop, channel, 1, "大团", Kind.WECOM)
    assert channels(shop)[0].ends_in == "5aaa"
    with pytest.raises(Refused, match="Another kind"):
        change_channel(shop, channel, 2, "大团", Kind.APPRISE)
    change_channel(shop, channel, 2, "大团", Kind.APPRISE, "json://127.0.0.1/secret-9999")
    assert channels(shop)[0].ends_in == "9999"
    with pytest.raises(Conflict, match="芳姐"):
        switch_channel(shop, channel, 1, active=False)
    switch_channel(shop, channel, 3, active=False)
    assert robots(staff_shop) == ()
    archive_channel(shop, channel, 4)
    assert channels(shop)[0].archived_at is not None
    with pytest.raises(Refused, match="put away"):
        switch_channel(shop, channel, 5, active=True)
    add_channel(shop, "大团", Kind.WECOM, GOOD)


def test_robots_are_the_owners_and_sending_is_everybodys_at_the_desk(
    shop: Shop, staff_shop: Shop, resident_shop: Shop, channel: int
) -> None:
    for act in (
        lambda: add_channel(staff_shop, "我的", Kind.WECOM, GOOD),
        lambda: change_channel(staff_shop, channel, 1, "我的", Kind.WECOM),
        lambda: switch_channel(staff_shop, channel, 1, active=False),
        lambda: archive_channel(staff_shop, channel, 1),
        lambda: try_channel(staff_shop, channel, "x"),
        lambda: channels(staff_shop),
        lambda: robots(resident_shop),
        lambda: open_messages(resident_shop),
        lambda: send_by_robot(resident_shop, channel, "round", "x:1", "hi"),
    ):
        with pytest.raises(Refused):
            act()
    assert [one.name for one in robots(staff_shop)] == ["小团"]


def test_the_address_is_in_no_table_no_journal_and_no_log(
    shop: Shop,
    robot: Robot,
    program: Program,
    clock: FixedClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    first = add_channel(shop, "小团", Kind.WECOM, robot.address)
    second = add_channel(shop, "飞书", Kind.APPRISE, robot.apprise_address)
    nobody = add_channel(shop, "没人", Kind.WECOM, f"http://127.0.0.1:9/x?key={KEY}")
    speak = speaking.speak
    monkeypatch.setattr(speaking, "speak", lambda *told: speak(*told[:3], 0.2))  # type: ignore[arg-type]
    for mood in (Mood.GOOD, Mood.SILENT, Mood.DROPS_AFTER_READING, 500):
        for channel in (first, second, nobody) if mood is Mood.GOOD else (first, second):
            robot.moods = [mood] * 2
            send_by_robot(shop, channel, "round", f"x:{mood}-{channel}", "晚上截单")
            send_due(program())
            try_channel(shop, channel, "测试")
    change_channel(shop, first, 1, "大团", Kind.WECOM, robot.address)
    archive_channel(shop, second, 1)
    assert robot.heard
    assert KEY not in caplog.text
    assert KEY not in str(entries(shop, Wanted()))
    assert KEY not in str(open_messages(shop))
    with shop.read() as connection:
        for table in schema.metadata.sorted_tables:
            assert KEY not in str(connection.execute(select(table)).all())


def test_a_fault_while_speaking_is_logged_without_the_address(
    shop: Shop,
    channel: int,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    robot: Robot,
) -> None:
    def broken(address: str, *_more: object) -> Outcome:
        raise ValueError(f"cannot speak to {address}")

    monkeypatch.setattr(speaking, "_wecom", broken)
    with caplog.at_level(logging.DEBUG, logger=incidents.LOGGER.name):
        assert try_channel(shop, channel, "x") == Outcome(Came.UNSURE, "fault")
    assert "ValueError" in caplog.text
    assert KEY not in caplog.text


def test_a_sealed_address_is_read_with_its_key_only(place: Place, tmp_path: Path) -> None:
    token = sealed(place, GOOD)
    assert KEY not in token
    assert token != sealed(place, GOOD)
    assert opened(place, token) == GOOD
    other = Place.at(tmp_path / "other")
    other.prepare()
    assert opened(other, token) is None
    assert ending(other, token) == ""
    assert ending(place, sealed(place, "json://a")) == ""


@pytest.fixture
def saved(tmp_path: Path, sqlite_template: Path, robot: Robot, clock: FixedClock) -> Place:
    """A shop on SQLite with a robot and a message that waits."""
    place = Place.at(tmp_path / "kept")
    place.prepare()
    shutil.copy(sqlite_template, place.folder / "shop.db")
    store = open_store(place.database_url)
    program = shop_for(store, place, clock)
    with store.write() as connection:
        connection.execute(
            text(
                "INSERT INTO message_channel (name, kind, sealed_address, active, created_at, "
                "version) VALUES ('小团', 'wecom', :token, 1, '2026-09-25T02:30:00.000000Z', 1)"
            ),
            {"token": sealed(place, robot.address)},
        )
    del program
    store.checkpoint()
    store.close()
    return place


def test_a_backup_restores_the_address_with_its_key(
    saved: Place, tmp_path: Path, robot: Robot, clock: FixedClock
) -> None:
    archive = backup.make(saved, clock.now(), tmp_path / "backups")
    back = Place.at(tmp_path / "back")
    backup.restore(archive, back.folder)
    with closing(sqlite3.connect(back.folder / "shop.db")) as books:
        [(token,)] = books.execute("SELECT sealed_address FROM message_channel").fetchall()
    assert opened(back, token) == robot.address
    assert KEY.encode() not in (back.folder / "shop.db").read_bytes()
