"""Coming in and going out: password, one-time code, session (stack.md variant B; R13-R15).

The password is checked over the websocket, which cannot set a cookie that scripts cannot read. So a
good password gives a code that lives 30 seconds, works once and only in the browser that asked, and
``/auth/finish`` changes it for the session cookie. Only hashes of codes, sessions and devices are
kept. These commands write the log of logins (``login_event``) in place of the journal: nobody is
known yet who could sign there.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, literal, select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.people import passwords, throttle
from lib.shop.people.queries import token_hash
from lib.shop.people.rules import ONE_TIME_PASSWORD_LASTS, folded_login, session_end
from lib.shop.shop import Shop

CODE_LASTS = timedelta(seconds=30)
SEEN_EVERY = timedelta(minutes=5)
WRONG = N_("Login or password is not right.")


@dataclass(frozen=True)
class Browser:
    """Where a try comes from: its ``network``, the ``binding`` only this browser knows, and the
    ``device`` cookie it was given when somebody entered before.
    """

    network: str
    binding: str
    device: str | None = None


@dataclass(frozen=True)
class Entered:
    """What a redeemed code gives: the secret ``token`` of the session, the new secret of this
    ``device``, and when the session ends at the latest.
    """

    token: str
    device: str
    ends_at: datetime


def check_sign_in(shop: Shop, login: str, password: str, browser: Browser) -> str:
    """Check a login and its password; return the one-time code for ``/auth/finish``.

    Raises ``Refused``: too many tries, wrong (the same sentence and time for an unknown login, a
    disabled person and a wrong password), or a one-time password that has run out.
    """
    folded = folded_login(login)
    person = _person(shop, folded)
    known = _knows(shop, person, browser.device)
    buckets = throttle.login_buckets(folded, browser.network, browser.device if known else None)
    throttle.take(shop, buckets)
    right = passwords.matches(password, person.password_hash if person is not None else None)
    if person is None or not right or not person.active:
        _record(shop, person, "disabled" if right else "wrong", browser.network)
        raise Refused(WRONG)
    if person.must_change_password and _has_run_out(person, shop.clock.now()):
        _record(shop, person, "one-time password ran out", browser.network)
        raise Refused(N_("This one-time password has run out. Ask the owner for a new one."))
    with shop.store.write() as connection:
        throttle.forgive(connection, buckets)
        return issue_code(connection, person.id, browser, shop.clock.now())


def issue_code(connection: Connection, person_id: int, browser: Browser, now: datetime) -> str:
    """Return a new one-time code that lets ``person_id`` in from this browser."""
    code = secrets.token_urlsafe(32)
    connection.execute(
        insert(schema.login_code).values(
            code_hash=_bound(code, browser.binding),
            person_id=person_id,
            expires_at=now + CODE_LASTS,
        )
    )
    return code


def redeem(shop: Shop, code: str, browser: Browser) -> Entered:
    """Change a one-time code for a session; raises ``Refused`` for any code that is not good."""
    now, codes = shop.clock.now(), schema.login_code
    mine = codes.c.code_hash == _bound(code, browser.binding)
    good = (mine, codes.c.used_at.is_(None), codes.c.expires_at > now)
    with shop.store.write() as connection:
        used = connection.execute(update(codes).where(*good).values(used_at=now))
        person = None
        if used.rowcount == 1:
            person_id = connection.execute(select(codes.c.person_id).where(mine)).scalar_one()
            person = connection.execute(
                select(schema.person).where(
                    schema.person.c.id == person_id, schema.person.c.active == literal(True)
                )
            ).first()
        if person is None:
            raise Refused(N_("This sign-in took too long or was used before. Sign in again."))
        entered = _open_session(connection, shop, person.id, browser)
        _add_event(connection, now, person.id, "entered", browser.network)
    return entered


def sign_out(shop: Shop, token: str) -> None:
    """End the session of this cookie; a cookie of nobody changes nothing."""
    with shop.store.write() as connection:
        sessions = schema.session
        connection.execute(
            update(sessions)
            .where(sessions.c.token_hash == token_hash(token), sessions.c.revoked_at.is_(None))
            .values(revoked_at=shop.clock.now(), revoked_because="signed out")
        )


def touch(shop: Shop, session_id: int) -> None:
    """Note that a session is in use, which moves its idle end."""
    now, sessions = shop.clock.now(), schema.session
    with shop.store.write() as connection:
        row = connection.execute(select(sessions).where(sessions.c.id == session_id)).one()
        ends = session_end(
            row.created_at, now, shop.settings.session_idle_hours, shop.settings.session_days
        )
        connection.execute(
            update(sessions)
            .where(sessions.c.id == session_id)
            .values(last_seen_at=now, expires_at=ends)
        )


def _open_session(connection: Connection, shop: Shop, person_id: int, browser: Browser) -> Entered:
    now, settings = shop.clock.now(), shop.settings
    token, device = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connection.execute(
        insert(schema.session).values(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=now,
            last_seen_at=now,
            expires_at=session_end(now, now, settings.session_idle_hours, settings.session_days),
            network=browser.network,
        )
    )
    devices = schema.known_device
    if browser.device is not None:
        old = devices.c.token_hash == token_hash(browser.device)
        connection.execute(delete(devices).where(old, devices.c.person_id == person_id))
    connection.execute(
        insert(devices).values(
            token_hash=token_hash(device), person_id=person_id, created_at=now, last_used_at=now
        )
    )
    return Entered(token, device, now + timedelta(days=settings.session_days))


def _person(shop: Shop, login: str) -> Row[tuple[object, ...]] | None:
    with shop.read() as connection:
        query = select(schema.person).where(schema.person.c.login == login)
        return connection.execute(query).first()


def _knows(shop: Shop, person: Row[tuple[object, ...]] | None, device: str | None) -> bool:
    if person is None or not device:
        return False
    devices = schema.known_device
    query = select(devices.c.token_hash).where(
        devices.c.token_hash == token_hash(device), devices.c.person_id == person.id
    )
    with shop.read() as connection:
        return connection.execute(query).first() is not None


def _has_run_out(person: Row[tuple[object, ...]], now: datetime) -> bool:
    return bool(now >= person.password_changed_at + ONE_TIME_PASSWORD_LASTS)


def _record(shop: Shop, person: Row[tuple[object, ...]] | None, outcome: str, network: str) -> None:
    person_id = person.id if person is not None else None
    with shop.store.write() as connection:
        _add_event(connection, shop.clock.now(), person_id, outcome, network)


def _add_event(
    connection: Connection, at: datetime, person_id: int | None, outcome: str, network: str
) -> None:
    connection.execute(
        insert(schema.login_event).values(
            at=at, person_id=person_id, outcome=outcome, network=network
        )
    )


def _bound(code: str, binding: str) -> str:
    return token_hash(f"{code}|{binding}")
