"""First owner, staff, and what happens to their sessions (C6, C11, C12, E14)."""

import stat

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.opening import shop_for
from lib.shop.people import commands, setup
from lib.shop.people.entering import Entered, check_sign_in, redeem
from lib.shop.people.queries import (
    has_owner,
    login_events,
    my_sessions,
    myself,
    people,
    signed_in,
)
from lib.shop.place import Place
from lib.shop.shop import RESIDENT, SYSTEM, FormKey, Repeated, Role, Shop
from tests.shop.people.conftest import ELSEWHERE, HERE, PASSWORD, set_password


@pytest.fixture
def empty(store, place: Place, clock: FixedClock) -> Shop:
    """A shop that nobody owns yet, seen by a stranger."""
    return shop_for(store, place, clock, RESIDENT)


def create(shop: Shop, code: str, **changed: str) -> str:
    values = {"login": "fang", "name": "芳姐", "password": PASSWORD, **changed}
    return commands.create_owner(shop, code=code, browser=HERE, **values)


def code_of(shop: Shop) -> str:
    code = setup.prepare_setup_code(shop)
    assert code is not None
    return code


def enter(shop: Shop, login: str, password: str = PASSWORD) -> Entered:
    return redeem(shop, check_sign_in(shop, login, password, HERE), HERE)


def acting(shop: Shop, token: str) -> Shop:
    here = signed_in(shop.store, token, shop.clock.now())
    assert here is not None
    return shop.acting(here.actor)


def is_alive(shop: Shop, token: str) -> bool:
    return signed_in(shop.store, token, shop.clock.now()) is not None


@pytest.fixture
def xiaowu(open_shop: Shop, staff_shop: Shop) -> Shop:
    """The shop as the signed-in 小吴 sees it."""
    set_password(open_shop, "xiaowu", PASSWORD)
    return acting(open_shop, enter(open_shop, "xiaowu").token)


def test_the_setup_code_makes_the_owner_once(empty: Shop) -> None:
    code = code_of(empty)
    path = empty.place.setup_code_file
    assert path.read_text().strip() == code
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    entrance = create(empty, code.lower().replace("-", " "))
    assert redeem(empty, entrance, HERE)
    assert not path.exists()
    assert has_owner(empty)
    with pytest.raises(Refused):
        create(empty, code, login="second")


def test_every_start_has_another_code_until_there_is_an_owner(shop: Shop, empty: Shop) -> None:
    empty.place.setup_code_file.write_text("left over")
    assert setup.prepare_setup_code(shop) is None
    assert not empty.place.setup_code_file.exists()


def test_an_old_code_is_worth_nothing(empty: Shop) -> None:
    old = code_of(empty)
    new = code_of(empty)
    assert old != new
    with pytest.raises(Refused, match="set-up code"):
        create(empty, old)


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC", "x" * 10_000, "邻里"])
def test_a_wrong_code_makes_nobody(empty: Shop, code: str) -> None:
    code_of(empty)
    with pytest.raises(Refused, match="set-up code"):
        create(empty, code)
    assert not has_owner(empty)


def test_without_a_code_file_no_code_is_right(empty: Shop) -> None:
    with pytest.raises(Refused):
        create(empty, "")


def test_wrong_codes_are_slowed_down(empty: Shop, clock: FixedClock) -> None:
    code = code_of(empty)
    for _ in range(5):
        with pytest.raises(Refused, match="set-up code"):
            create(empty, "AAAA-BBBB-CCCC")
    with pytest.raises(Refused, match="Wait 60"):
        create(empty, code)
    clock.forward(minutes=1)
    assert create(empty, code)


@pytest.mark.parametrize(
    "changed",
    [{"login": ""}, {"login": "two words"}, {"name": " "}, {"password": "12345678"},
     {"password": "fang1234"}, {"password": "芳姐12345"}],
)  # fmt: skip
def test_a_bad_owner_is_refused_and_the_code_still_works(
    empty: Shop, changed: dict[str, str]
) -> None:
    code = code_of(empty)
    with pytest.raises(Refused):
        create(empty, code, **changed)
    assert not has_owner(empty)
    assert create(empty, code)


def test_staff_enter_with_a_one_time_password_and_must_change_it(open_shop: Shop) -> None:
    password = commands.add_staff(open_shop, login="Lin", name="小林")
    token = enter(open_shop, "lin", password).token
    here = signed_in(open_shop.store, token, open_shop.clock.now())
    assert here is not None
    assert here.must_change_password
    lin = open_shop.acting(here.actor)
    commands.change_own_password(lin, old=password, new="three quiet ducks")
    here = signed_in(open_shop.store, token, open_shop.clock.now())
    assert here is not None
    assert not here.must_change_password
    with pytest.raises(Refused):
        check_sign_in(open_shop, "lin", password, ELSEWHERE)


def test_passwords_are_in_no_journal_and_no_stored_result(open_shop: Shop) -> None:
    form = FormKey.of("add", ["lin"])
    password = commands.add_staff(open_shop.once(form), login="lin", name="小林")
    with pytest.raises(Repeated) as repeated:
        commands.add_staff(open_shop.once(form), login="lin", name="小林")
    assert password not in str(repeated.value.result)
    with open_shop.read() as connection:
        rows = [str(tuple(row)) for row in connection.execute(select(schema.journal))]
        rows += [str(tuple(row)) for row in connection.execute(select(schema.form_key))]
    assert rows
    assert not [row for row in rows if password in row]


def test_a_login_is_taken_once(open_shop: Shop) -> None:
    commands.add_staff(open_shop, login="lin", name="小林")
    with pytest.raises(Refused, match="taken"):
        commands.add_staff(open_shop, login="ＬＩＮ", name="别人")


def test_a_new_password_ends_other_browsers_and_keeps_this_one(xiaowu: Shop) -> None:
    other = enter(xiaowu, "xiaowu").token
    commands.change_own_password(xiaowu, old=PASSWORD, new="three quiet ducks")
    assert not is_alive(xiaowu, other)
    assert [session.here for session in my_sessions(xiaowu)] == [True]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("wrong", "three quiet ducks", "old password"),
        (PASSWORD, PASSWORD, "other than"),
        (PASSWORD, "short", "at least"),
        (PASSWORD, "xiaowu123", "guess"),
    ],
)
def test_a_password_is_changed_only_for_a_good_one(
    xiaowu: Shop, old: str, new: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        commands.change_own_password(xiaowu, old=old, new=new)


def test_guessing_the_old_password_is_slowed_down(xiaowu: Shop) -> None:
    for _ in range(5):
        with pytest.raises(Refused, match="old password"):
            commands.change_own_password(xiaowu, old="wrong", new="three quiet ducks")
    with pytest.raises(Refused, match="Wait"):
        commands.change_own_password(xiaowu, old=PASSWORD, new="three quiet ducks")


def test_disabling_ends_everything_at_once(open_shop: Shop, xiaowu: Shop) -> None:
    me = myself(xiaowu)
    commands.set_active(open_shop, me.id, me.version, active=False)
    assert not my_sessions(xiaowu)
    with pytest.raises(Refused, match="disabled"):
        commands.rename(xiaowu, me.id, me.version + 1, "新名")
    with pytest.raises(Refused):
        check_sign_in(open_shop, "xiaowu", PASSWORD, ELSEWHERE)
    commands.set_active(open_shop, me.id, me.version + 1, active=True)
    assert check_sign_in(open_shop, "xiaowu", PASSWORD, ELSEWHERE)
    assert not my_sessions(xiaowu), "an old cookie stays dead"


def test_a_reset_ends_sessions_and_the_old_password(open_shop: Shop, xiaowu: Shop) -> None:
    me = myself(xiaowu)
    new = commands.reset_staff(open_shop, me.id, me.version)
    assert not my_sessions(xiaowu)
    with pytest.raises(Refused):
        check_sign_in(open_shop, "xiaowu", PASSWORD, ELSEWHERE)
    assert check_sign_in(open_shop, "xiaowu", new, ELSEWHERE)
    assert myself(xiaowu).must_change_password


def test_an_owner_who_forgot_gets_a_new_password_at_the_machine(open_shop: Shop) -> None:
    token = enter(open_shop, "fang").token
    system = open_shop.acting(SYSTEM)
    new = commands.reset_owner(system, "Fang")
    assert not is_alive(open_shop, token)
    assert check_sign_in(open_shop, "fang", new, HERE)
    with pytest.raises(Refused, match="No owner"):
        commands.reset_owner(system, "xiaowu")
    with pytest.raises(Refused):
        commands.reset_owner(open_shop, "fang")


def test_another_role_ends_sessions(open_shop: Shop, xiaowu: Shop) -> None:
    me = myself(xiaowu)
    commands.change_role(open_shop, me.id, me.version, Role.OWNER)
    assert not my_sessions(xiaowu)
    assert myself(xiaowu).role is Role.OWNER


def test_the_last_owner_stays(open_shop: Shop, xiaowu: Shop) -> None:
    me = myself(open_shop)
    with pytest.raises(Refused, match="needs an owner"):
        commands.set_active(open_shop, me.id, me.version, active=False)
    with pytest.raises(Refused, match="needs an owner"):
        commands.change_role(open_shop, me.id, me.version, Role.STAFF)
    other = myself(xiaowu)
    commands.change_role(open_shop, other.id, other.version, Role.OWNER)
    commands.change_role(open_shop, me.id, me.version, Role.STAFF)
    assert myself(open_shop).role is Role.STAFF


def test_staff_may_do_nothing_to_people(xiaowu: Shop, open_shop: Shop) -> None:
    boss = myself(open_shop)
    tries = (
        lambda: commands.add_staff(xiaowu, login="lin", name="小林"),
        lambda: commands.reset_staff(xiaowu, boss.id, boss.version),
        lambda: commands.set_active(xiaowu, boss.id, boss.version, active=False),
        lambda: commands.change_role(xiaowu, xiaowu.actor.id or 0, 1, Role.OWNER),
        lambda: commands.rename(xiaowu, boss.id, boss.version, "别人"),
        lambda: people(xiaowu),
        lambda: login_events(xiaowu),
    )
    for each in tries:
        with pytest.raises(Refused):
            each()
    with open_shop.read() as connection:
        roles = connection.execute(select(schema.person.c.role, schema.person.c.active)).all()
    assert sorted(tuple(row) for row in roles) == [("owner", True), ("staff", True)]


def test_residents_see_no_account(resident_shop: Shop) -> None:
    for query in (people, my_sessions, myself, login_events):
        with pytest.raises(Refused):
            query(resident_shop)


def test_one_signs_out_ones_own_browsers_only(open_shop: Shop, xiaowu: Shop) -> None:
    mine = enter(open_shop, "xiaowu").token
    boss = acting(open_shop, enter(open_shop, "fang").token)
    theirs = boss.actor.session_id or 0
    with pytest.raises(NotFound):
        commands.end_session(xiaowu, theirs)
    other = next(session for session in my_sessions(xiaowu) if not session.here)
    commands.end_session(xiaowu, other.id)
    assert not is_alive(open_shop, mine)
    with pytest.raises(NotFound):
        commands.end_session(xiaowu, other.id)
    enter(open_shop, "xiaowu")
    assert commands.end_other_sessions(xiaowu) == 1
    assert len(my_sessions(boss)) == 1


def test_two_owners_do_not_overwrite_each_other(open_shop: Shop, xiaowu: Shop) -> None:
    me = myself(xiaowu)
    commands.rename(open_shop, me.id, me.version, "吴师傅")
    with pytest.raises(Conflict, match="芳姐 changed this"):
        commands.rename(open_shop, me.id, me.version, "小吴")
    assert myself(xiaowu).name == "吴师傅"


def test_logins_are_listed_for_the_owner(open_shop: Shop) -> None:
    enter(open_shop, "fang")
    for login in ("fang", "nobody"):
        with pytest.raises(Refused):
            check_sign_in(open_shop, login, "wrong guess", ELSEWHERE)
    seen = [(event.name, event.outcome, event.network) for event in login_events(open_shop)]
    assert seen == [
        (None, "wrong login or password", ELSEWHERE.network),
        ("芳姐", "wrong login or password", ELSEWHERE.network),
        ("芳姐", "signed in", HERE.network),
    ]
