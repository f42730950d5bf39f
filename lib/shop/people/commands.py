"""Changes to people and their sessions: one function, one transaction, one journal row.

Passwords never enter the journal, a log, or the stored result of a form. Whatever takes a right
away (new password, disabling, another role) ends that person's sessions in the same transaction.
"""

from sqlalchemy import literal, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.people import passwords, throttle
from lib.shop.people.entering import Browser, issue_code
from lib.shop.people.rules import check_password, checked_login, checked_name, folded_login
from lib.shop.people.setup import forget_setup_code, is_setup_code
from lib.shop.shop import DESK, OWNER_ONLY, SYSTEM_ONLY, Actor, Role, Shop, Tx


def create_owner(
    shop: Shop, *, code: str, login: str, name: str, password: str, browser: Browser
) -> str:
    """Create the shop's first owner; return the one-time code that signs this browser in.

    ``code`` is the set-up code of this machine. Raises ``Refused`` for a wrong code (slowed down),
    a bad login or password, or when there is an owner already.
    """
    tries = {f"setup:{browser.network}": throttle.PER_SETUP}
    throttle.take(shop, tries)
    if not is_setup_code(shop.place, code):
        raise Refused(
            N_(
                "The set-up code is not right. It stands in the window where Linli was started, "
                "and in the file setup-code.txt in the data folder."
            )
        )
    with shop.store.write() as connection:
        throttle.forgive(connection, tries)
    login, name = checked_login(login), checked_name(name)
    check_password(password, _known_words(shop, login, name))
    password_hash = passwords.hashed(password)
    founder = shop.acting(Actor(None, name, Role.SYSTEM))
    with founder.write("people.create_owner", by=SYSTEM_ONLY) as tx:
        owner = select(schema.person.c.id).where(schema.person.c.role == Role.OWNER)
        if tx.execute(owner).first() is not None:
            raise Refused(N_("This shop has an owner already. Sign in."))
        person_id = _add(tx, login, name, Role.OWNER, password_hash, must_change=False)
        entrance = issue_code(tx.connection, person_id, browser, tx.now)
    forget_setup_code(shop.place)
    return entrance


def add_staff(shop: Shop, *, login: str, name: str, role: Role = Role.STAFF) -> str:
    """Add a person; return the one-time password to tell them, which is shown nowhere else.

    Raises ``Refused`` when the login is taken or cannot be one.
    """
    login, name = checked_login(login), checked_name(name)
    password = passwords.one_time_password()
    password_hash = passwords.hashed(password)
    with shop.write("people.add", by=OWNER_ONLY) as tx:
        tx.result = _add(tx, login, name, role, password_hash, must_change=True)
    return password


def reset_staff(shop: Shop, person_id: int, version: int) -> str:
    """Give a person a new one-time password and end their sessions; return it to be told."""
    password = passwords.one_time_password()
    password_hash = passwords.hashed(password)
    with shop.write("people.reset", by=OWNER_ONLY) as tx:
        if person_id == tx.actor.id:
            raise Refused(N_("Change your own password on the page My account."))
        tx.change(
            schema.person,
            person_id,
            version,
            password_hash=password_hash,
            must_change_password=True,
            password_changed_at=tx.now,
        )
        end_sessions(tx, person_id, "password reset")
        tx.note(f"person:{person_id}", after={"password": "reset"})
    return password


def reset_owner(shop: Shop, login: str) -> str:
    """Give an owner who forgot the password a one-time password; return it to be told.

    For whoever starts the program on its machine: ``shop`` acts as the system. Raises ``Refused``
    when no owner has that login.
    """
    password = passwords.one_time_password()
    password_hash = passwords.hashed(password)
    people = schema.person
    with shop.write("people.reset_owner", by=SYSTEM_ONLY) as tx:
        found = tx.execute(
            select(people).where(people.c.login == folded_login(login), people.c.role == Role.OWNER)
        ).first()
        if found is None:
            raise Refused(N_("No owner has the login {login}."), login=login)
        tx.change(
            people,
            found.id,
            found.version,
            password_hash=password_hash,
            must_change_password=True,
            active=True,
            password_changed_at=tx.now,
        )
        end_sessions(tx, found.id, "password reset")
        tx.note(f"person:{found.id}", after={"password": "reset"})
    return password


def set_active(shop: Shop, person_id: int, version: int, *, active: bool) -> None:
    """Disable or enable a person; disabling ends their sessions at once.

    Raises ``Refused`` for the last owner: somebody must be able to open the books.
    """
    action = "people.enable" if active else "people.disable"
    with shop.write(action, by=OWNER_ONLY) as tx:
        if not active:
            _keep_an_owner(tx, person_id)
            end_sessions(tx, person_id, "disabled")
        tx.change(schema.person, person_id, version, active=active)
        tx.note(f"person:{person_id}", before={"active": not active}, after={"active": active})


def change_role(shop: Shop, person_id: int, version: int, role: Role) -> None:
    """Make a person owner or staff; ends their sessions. Raises ``Refused`` for the last owner."""
    if role not in DESK:
        raise Refused(N_("Choose one of the offered values."))
    with shop.write("people.role", by=OWNER_ONLY) as tx:
        before = _role(tx, person_id)
        if role is not Role.OWNER:
            _keep_an_owner(tx, person_id)
        tx.change(schema.person, person_id, version, role=role)
        end_sessions(tx, person_id, "role changed", but=tx.actor.session_id)
        tx.note(f"person:{person_id}", before={"role": before}, after={"role": role})


def rename(shop: Shop, person_id: int, version: int, name: str) -> None:
    """Change the name that colleagues and the journal show; the owner's, or one's own."""
    name = checked_name(name)
    with shop.write("people.rename") as tx:
        if person_id != tx.actor.id and tx.actor.role is not Role.OWNER:
            raise Refused(N_("Only the owner may do this."))
        people = schema.person
        before = tx.execute(select(people.c.name).where(people.c.id == person_id)).scalar()
        tx.change(people, person_id, version, name=name)
        tx.note(f"person:{person_id}", before={"name": before}, after={"name": name})


def change_own_password(shop: Shop, *, old: str, new: str) -> None:
    """Change the password of whoever acts and end their sessions in other browsers.

    Raises ``Refused`` when ``old`` is wrong (slowed down) or ``new`` is too easy.
    """
    people = schema.person
    with shop.read() as connection:
        me = connection.execute(select(people).where(people.c.id == shop.actor.id)).first()
    if me is None:
        raise Refused(N_("You were signed out. Sign in again; an unfinished paste is kept."))
    throttle.take(shop, {f"own:{me.id}": throttle.PER_ACCOUNT})
    if not passwords.matches(old, me.password_hash):
        raise Refused(N_("The old password is not right."))
    if new == old:
        raise Refused(N_("Choose a password other than the old one."))
    check_password(new, _known_words(shop, me.login, me.name))
    password_hash = passwords.hashed(new)
    with shop.write("people.password") as tx:
        tx.change(
            people,
            me.id,
            me.version,
            password_hash=password_hash,
            must_change_password=False,
            password_changed_at=tx.now,
        )
        end_sessions(tx, me.id, "password changed", but=tx.actor.session_id)
        tx.note(f"person:{me.id}", after={"password": "changed"})
        throttle.forgive(tx.connection, {f"own:{me.id}": throttle.PER_ACCOUNT})


def end_session(shop: Shop, session_id: int) -> None:
    """Sign one of one's own browsers out; raises ``NotFound`` if it is not one's own."""
    with shop.write("people.end_session") as tx:
        sessions = schema.session
        mine = (sessions.c.id == session_id, sessions.c.person_id == tx.actor.id)
        done = tx.connection.execute(
            update(sessions)
            .where(*mine, sessions.c.revoked_at.is_(None))
            .values(revoked_at=tx.now, revoked_because="signed out elsewhere")
        )
        if done.rowcount == 0:
            raise NotFound(N_("This entry no longer exists."))
        tx.note(f"session:{session_id}", after={"ended": True})


def end_other_sessions(shop: Shop) -> int:
    """Sign all of one's other browsers out; return how many there were."""
    with shop.write("people.end_sessions") as tx:
        assert tx.actor.id is not None
        tx.result = end_sessions(tx, tx.actor.id, "signed out elsewhere", but=tx.actor.session_id)
        tx.note(f"person:{tx.actor.id}", after={"ended": tx.result})
    return int(tx.result)


def end_sessions(tx: Tx, person_id: int, because: str, *, but: int | None = None) -> int:
    """End all sessions of a person, except ``but``; return how many. Joins ``tx``."""
    sessions = schema.session
    statement = update(sessions).where(
        sessions.c.person_id == person_id, sessions.c.revoked_at.is_(None)
    )
    if but is not None:
        statement = statement.where(sessions.c.id != but)
    done = tx.connection.execute(statement.values(revoked_at=tx.now, revoked_because=because))
    return int(done.rowcount)


def _add(
    tx: Tx, login: str, name: str, role: Role, password_hash: str, *, must_change: bool
) -> int:
    people = schema.person
    if tx.execute(select(people.c.id).where(people.c.login == login)).first() is not None:
        raise Refused(N_("The login {login} is taken. Choose another."), login=login)
    person_id = tx.add(
        people,
        login=login,
        name=name,
        role=role,
        password_hash=password_hash,
        must_change_password=must_change,
        active=True,
        created_at=tx.now,
        password_changed_at=tx.now,
    )
    tx.note(f"person:{person_id}", after={"login": login, "name": name, "role": role})
    return person_id


def _role(tx: Tx, person_id: int) -> str:
    people = schema.person
    found = tx.execute(select(people.c.role).where(people.c.id == person_id)).scalar()
    if found is None:
        raise NotFound(N_("This entry no longer exists."))
    return str(found)


def _keep_an_owner(tx: Tx, person_id: int) -> None:
    people = schema.person
    others = select(people.c.id).where(
        people.c.role == Role.OWNER, people.c.active == literal(True), people.c.id != person_id
    )
    if _role(tx, person_id) == Role.OWNER and tx.execute(others).first() is None:
        raise Refused(N_("The shop needs an owner: make somebody else owner first."))


def _known_words(shop: Shop, login: str, name: str) -> tuple[str, ...]:
    return (login, name, shop.settings.shop_name, shop.settings.community, "linli", "邻里")
