"""Passwords, one-time codes, sessions, and guesses that slow nobody else down (C1-C10)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.shop.people import entering, passwords
from lib.shop.people.commands import set_active
from lib.shop.people.entering import Browser, Entered, check_sign_in, redeem
from lib.shop.people.queries import actor_of_cookie, login_events, myself, signed_in
from lib.shop.shop import Shop
from lib.shop.upkeep import sweep
from tests.shop.people.conftest import ELSEWHERE, HERE, PASSWORD, set_password


def enter(shop: Shop, browser: Browser = HERE) -> Entered:
    return redeem(shop, check_sign_in(shop, "fang", PASSWORD, browser), browser)


def who(shop: Shop, token: str) -> str | None:
    actor = actor_of_cookie(shop.store, token, shop.clock.now())
    return actor.name if actor else None


def guess(shop: Shop, browser: Browser, times: int, login: str = "fang") -> list[str]:
    said = []
    for _ in range(times):
        with pytest.raises(Refused) as refusal:
            check_sign_in(shop, login, "wrong guess", browser)
        said.append(refusal.value.sentence)
    return said


def test_a_good_password_opens_a_session(open_shop: Shop) -> None:
    assert who(open_shop, enter(open_shop).token) == "芳姐"
    assert [event.outcome for event in login_events(open_shop)] == ["signed in"]


@pytest.mark.parametrize("login", ["FANG", " fang ", "ｆａｎｇ"])
def test_the_login_is_forgiving(open_shop: Shop, login: str) -> None:
    assert check_sign_in(open_shop, login, PASSWORD, HERE)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "x",
        "邻" * 28,
        "x" * 72 + "one",
        "x" * 10_000,
        "nul\x00inside",
        " leading",
        PASSWORD + " ",
    ],
)
def test_only_the_exact_password_fits(open_shop: Shop, password: str) -> None:
    with pytest.raises(Refused, match="not right"):
        check_sign_in(open_shop, "fang", password, HERE)


@pytest.mark.parametrize("password", ["邻" * 28, "x" * 72 + "1", "nul\x00inside", " leading space"])
def test_bcrypts_limits_do_not_show(open_shop: Shop, password: str) -> None:
    set_password(open_shop, "fang", password)
    assert check_sign_in(open_shop, "fang", password, HERE)
    with pytest.raises(Refused):
        check_sign_in(open_shop, "fang", password[:-1], HERE)


def test_unknown_disabled_and_wrong_are_told_the_same(open_shop: Shop, staff_shop: Shop) -> None:
    set_password(open_shop, "xiaowu", PASSWORD)
    person = myself(staff_shop)
    set_active(open_shop, person.id, person.version, active=False)
    said = []
    for login, password in (("nobody", PASSWORD), ("xiaowu", PASSWORD), ("fang", "wrong")):
        with pytest.raises(Refused) as refusal:
            check_sign_in(open_shop, login, password, HERE)
        said.append((refusal.value.sentence, refusal.value.values))
    assert said[0] == said[1] == said[2]


def test_unknown_people_cost_as_much_work_as_known_ones(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bytes] = []
    real = passwords.bcrypt.checkpw
    monkeypatch.setattr(
        passwords.bcrypt, "checkpw", lambda given, kept: checked.append(kept) or real(given, kept)
    )
    guess(open_shop, HERE, 1, "fang")
    guess(open_shop, HERE, 1, "nobody")
    assert len(checked) == 2
    assert checked[0][:7] == checked[1][:7], "the same work factor"


def test_a_code_works_once_within_30_seconds_in_its_own_browser(
    open_shop: Shop, clock: FixedClock
) -> None:
    code = check_sign_in(open_shop, "fang", PASSWORD, HERE)
    stranger = Browser(HERE.network, "another browser")
    with pytest.raises(Refused):
        redeem(open_shop, code, stranger)
    redeem(open_shop, code, HERE)
    with pytest.raises(Refused):
        redeem(open_shop, code, HERE)
    late = check_sign_in(open_shop, "fang", PASSWORD, HERE)
    clock.forward(seconds=30)
    with pytest.raises(Refused):
        redeem(open_shop, late, HERE)


def test_a_code_of_somebody_disabled_meanwhile_is_worth_nothing(
    open_shop: Shop, staff_shop: Shop
) -> None:
    set_password(open_shop, "xiaowu", PASSWORD)
    code = check_sign_in(open_shop, "xiaowu", PASSWORD, HERE)
    person = myself(staff_shop)
    set_active(open_shop, person.id, person.version, active=False)
    with pytest.raises(Refused):
        redeem(open_shop, code, HERE)


def test_nothing_secret_lies_in_the_database(open_shop: Shop) -> None:
    code = check_sign_in(open_shop, "fang", PASSWORD, HERE)
    entered = redeem(open_shop, code, HERE)
    with open_shop.read() as connection:
        kept = [
            str(tuple(row))
            for table in (schema.person, schema.session, schema.login_code, schema.known_device)
            for row in connection.execute(select(table))
        ]
    for secret in (code, entered.token, entered.device, PASSWORD):
        assert not [row for row in kept if secret in row]


@pytest.mark.parametrize(
    "cookie", [None, "", "x", "x" * 1_000_000, "\udcff", "eyJhbGciOiJub25lIn0."]
)
def test_a_forged_cookie_is_no_cookie(open_shop: Shop, cookie: str | None) -> None:
    assert signed_in(open_shop.store, cookie, open_shop.clock.now()) is None


def test_signing_out_kills_the_cookie(open_shop: Shop) -> None:
    token = enter(open_shop).token
    entering.sign_out(open_shop, token)
    assert who(open_shop, token) is None


def test_an_idle_session_ends_and_a_used_one_does_not(open_shop: Shop, clock: FixedClock) -> None:
    idle, used = enter(open_shop).token, enter(open_shop).token
    session = signed_in(open_shop.store, used, clock.now())
    assert session is not None
    for _ in range(3):
        clock.forward(hours=5)
        entering.touch(open_shop, session.actor.session_id or 0)
    assert who(open_shop, used) == "芳姐"
    assert who(open_shop, idle) is None


def test_even_a_used_session_ends_after_30_days(open_shop: Shop, clock: FixedClock) -> None:
    token = enter(open_shop).token
    session = signed_in(open_shop.store, token, clock.now())
    assert session is not None
    for _ in range(30 * 3 - 1):
        clock.forward(hours=8)
        entering.touch(open_shop, session.actor.session_id or 0)
    assert who(open_shop, token) == "芳姐"
    clock.forward(hours=8)
    assert who(open_shop, token) is None


def test_guesses_slow_their_network_down_and_nobody_else(
    open_shop: Shop, clock: FixedClock
) -> None:
    said = guess(open_shop, HERE, 1000)
    assert said[:5] == [entering.WRONG] * 5
    assert set(said[5:]) == {"Too many tries. Wait {seconds} seconds, then try again."}
    with pytest.raises(Refused, match="Wait 60 seconds"):
        check_sign_in(open_shop, "fang", PASSWORD, HERE)
    assert check_sign_in(open_shop, "fang", PASSWORD, ELSEWHERE)
    clock.forward(seconds=60)
    assert check_sign_in(open_shop, "fang", PASSWORD, HERE), "slowed down, never locked"


def test_guesses_over_many_logins_are_counted_by_network(open_shop: Shop) -> None:
    said = [guess(open_shop, HERE, 1, f"login{number}")[0] for number in range(30)]
    assert said[:20] == [entering.WRONG] * 20
    assert entering.WRONG not in said[20:]


def test_a_known_browser_gets_in_while_its_network_is_slowed_down(open_shop: Shop) -> None:
    device = enter(open_shop).device
    guess(open_shop, HERE, 30)
    known = Browser(HERE.network, HERE.binding, device)
    assert check_sign_in(open_shop, "fang", PASSWORD, known)
    with pytest.raises(Refused, match="Wait"):
        check_sign_in(open_shop, "fang", PASSWORD, Browser(HERE.network, "b", "made up"))


def test_a_known_browser_is_known_for_its_own_person_only(
    open_shop: Shop, staff_shop: Shop
) -> None:
    set_password(open_shop, "xiaowu", PASSWORD)
    device = enter(open_shop).device
    guess(open_shop, HERE, 30, "xiaowu")
    with pytest.raises(Refused, match="Wait"):
        check_sign_in(open_shop, "xiaowu", PASSWORD, Browser(HERE.network, "b", device))


def test_the_address_of_this_machine_is_not_counted_as_a_network(open_shop: Shop) -> None:
    local = Browser("local", "b")
    for number in range(40):
        guess(open_shop, local, 1, f"login{number}")
    assert check_sign_in(open_shop, "fang", PASSWORD, local)


def test_tries_survive_a_restart(open_shop: Shop) -> None:
    guess(open_shop, HERE, 6)
    with open_shop.read() as connection:
        assert (
            connection.execute(select(func.count()).select_from(schema.rate_bucket)).scalar() == 2
        )


def test_a_one_time_password_runs_out(open_shop: Shop, clock: FixedClock) -> None:
    from lib.shop.people.commands import add_staff

    password = add_staff(open_shop, login="lin", name="小林")
    assert check_sign_in(open_shop, "lin", password, HERE)
    clock.forward(days=7)
    with pytest.raises(Refused, match="run out"):
        check_sign_in(open_shop, "lin", password, HERE)


def test_what_has_run_out_is_swept_and_the_rest_is_not(open_shop: Shop, clock: FixedClock) -> None:
    token = enter(open_shop).token
    removed = sweep(open_shop.store, clock.now() + timedelta(hours=1))
    assert removed["login_code"] == 1
    assert removed["session"] == 0
    assert who(open_shop, token) == "芳姐"
    removed = sweep(open_shop.store, clock.now() + timedelta(days=300))
    assert removed["session"] == removed["known_device"] == removed["login_event"] == 1
