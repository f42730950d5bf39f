"""Logins, passwords, networks, slowing down: decided without books."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.shop.people.rules import (
    Allowance,
    Bucket,
    check_password,
    checked_login,
    network_of,
    session_end,
)

KNOWN = ("fang", "芳姐", "幸福小店", "阳光花园", "")
START = datetime(2026, 9, 25, 2, 30, tzinfo=UTC)
MINUTE = Allowance(5, timedelta(minutes=1))


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        " leading space kept",
        "三只小猪去买菜啊啊",
        "x" * 5 + "7k!Qz",
        "我们家楼下那个小店卖鸡蛋很新鲜大家都去买了还送一个",
        "nul\x00inside-it",
        "ｆｕｌｌｗｉｄｔｈ words here",
        "q" * 64 + "mz7" * 21 + "!",
    ],
)
def test_a_good_password_is_taken(password: str) -> None:
    check_password(password, KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short7!",
        "x7!" * 43,
        "12345678",
        "password",
        "Passw0rd",
        "PASSWORD1",
        "woaini1314",
        "aaaaaaaa",
        "aabbaabb",
        "abcdefgh",
        "87654321",
        "qwertyui",
        "1qaz2wsx",
        "abcd1234",
        "13800138000",
        "+8613800138000",
        "138 0013 8000",
        "19900101",
        "fang2026",
        "芳姐888888",
        "幸福小店123",
        "阳光花园2026!",
        "iloveyou!!",
        "nihaonihao",
    ],
)
def test_a_password_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(Refused):
        check_password(password, KNOWN)


@pytest.mark.parametrize(
    ("length", "good"), [(7, False), (8, True), (72, True), (73, True), (128, True), (129, False)]
)
def test_length_is_counted_in_characters(length: int, good: bool) -> None:
    password = ("Y" + "邻k7!里mQz" * 20)[:length]
    if good:
        check_password(password, KNOWN)
    else:
        with pytest.raises(Refused, match="characters"):
            check_password(password, KNOWN)


@given(st.text(max_size=200))
def test_any_password_is_taken_or_refused(password: str) -> None:
    try:
        check_password(password, KNOWN)
    except Refused as refusal:
        assert password not in refusal.values.values() or not password


@pytest.mark.parametrize(
    ("typed", "login"),
    [(" Fang ", "fang"), ("ＸＩＡＯ", "xiao"), ("小吴", "小吴"), ("a.b-c+d@e", "a.b-c+d@e")],
)
def test_a_login_is_folded(typed: str, login: str) -> None:
    assert checked_login(typed) == login


@pytest.mark.parametrize("typed", ["", "a", "two words", "x" * 41, "a\x00b", "<b>", "a/b", "a'--"])
def test_a_login_that_cannot_be_one_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        checked_login(typed)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (None, "local"),
        ("127.0.0.1", "local"),
        ("::1", "local"),
        ("::ffff:127.0.0.1", "local"),
        ("192.168.1.77", "192.168.1.0/24"),
        ("::ffff:192.168.1.77", "192.168.1.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_64(address: str | None, network: str) -> None:
    assert network_of(address) == network


@given(st.lists(st.integers(min_value=-7200, max_value=7200), max_size=40))
def test_a_bucket_never_overflows_and_a_clock_set_back_fills_nothing(steps: list[int]) -> None:
    bucket, now = Bucket(0, START), START
    for step in steps:
        earlier = bucket.thousandths
        now += timedelta(seconds=step)
        bucket = bucket.filled(MINUTE, now)
        assert 0 <= bucket.thousandths <= 5000
        assert bucket.thousandths >= earlier
        if step <= 0:
            assert bucket.thousandths == earlier


def test_an_empty_bucket_says_how_long_to_wait() -> None:
    assert Bucket(0, START).wait(MINUTE) == timedelta(minutes=1)
    assert Bucket(500, START).wait(MINUTE) == timedelta(seconds=30)
    assert Bucket(1000, START).wait(MINUTE) == timedelta(0)


def test_a_session_ends_by_idleness_or_by_age() -> None:
    assert session_end(START, START, 12, 30) == START + timedelta(hours=12)
    seen = START + timedelta(days=29, hours=20)
    assert session_end(START, seen, 12, 30) == START + timedelta(days=30)
