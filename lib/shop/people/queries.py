"""Reads of people, their sessions and their logins."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.shop import DESK, OWNER_ONLY, Actor, Role, Shop

LONGEST_COOKIE = 200
NEWEST = 200


def token_hash(token: str) -> str:
    """Return what is stored of a secret token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a session cookie, whether a one-time password has to be changed first, and
    when the session was last noted as in use.
    """

    actor: Actor
    must_change_password: bool
    last_seen_at: datetime


def signed_in(store: Store, token: str | None, now: datetime) -> SignedIn | None:
    """Return who signed in with the session cookie ``token``; None for nobody.

    A revoked, expired or forged cookie, or one of a disabled person, is no cookie (C6, C7).
    """
    if not token or len(token) > LONGEST_COOKIE:
        return None
    sessions, people = schema.session, schema.person
    query = (
        select(
            sessions.c.id.label("session_id"),
            sessions.c.last_seen_at,
            people.c.id,
            people.c.name,
            people.c.role,
            people.c.must_change_password,
        )
        .join(people, people.c.id == sessions.c.person_id)
        .where(
            sessions.c.token_hash == token_hash(token),
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > now,
            people.c.active == literal(True),
        )
    )
    with store.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    actor = Actor(row.id, row.name, Role(row.role), row.session_id)
    return SignedIn(actor, row.must_change_password, row.last_seen_at)


def actor_of_cookie(store: Store, token: str | None, now: datetime) -> Actor | None:
    """Return who may act with the session cookie ``token``; None for nobody.

    Somebody who still has to change a one-time password may not act yet.
    """
    found = signed_in(store, token, now)
    return found.actor if found is not None and not found.must_change_password else None


def has_owner(shop: Shop) -> bool:
    """Whether somebody owns this shop; until then the first-run page asks for it."""
    query = select(schema.person.c.id).where(schema.person.c.role == Role.OWNER).limit(1)
    with shop.read() as connection:
        return connection.execute(query).first() is not None


@dataclass(frozen=True)
class Person:
    """Somebody with an account. ``last_seen_at`` is the newest sign of life in a browser,
    ``browsers`` how many are signed in now.
    """

    id: int
    login: str
    name: str
    role: Role
    active: bool
    must_change_password: bool
    created_at: datetime
    version: int
    last_seen_at: datetime | None
    browsers: int


def people(shop: Shop) -> tuple[Person, ...]:
    """Return everybody with an account, owners first, disabled people last; for the owner."""
    shop.require(OWNER_ONLY)
    table = schema.person
    query = _people(shop.clock.now()).order_by(table.c.active.desc(), table.c.role, table.c.login)
    with shop.read() as connection:
        rows = connection.execute(query.limit(NEWEST)).mappings().all()
    return tuple(_person(row) for row in rows)


def myself(shop: Shop) -> Person:
    """Return the account of whoever asks; raises ``NotFound`` for somebody without one."""
    shop.require(DESK)
    query = _people(shop.clock.now()).where(schema.person.c.id == shop.actor.id)
    with shop.read() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(N_("This entry no longer exists."))
    return _person(row)


@dataclass(frozen=True)
class Session:
    """A signed-in browser; ``here`` is the one that asks. ``network`` is a /24, a /64 or local."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    network: str
    here: bool


def my_sessions(shop: Shop) -> tuple[Session, ...]:
    """Return the browsers in which whoever asks is signed in, the last used first."""
    shop.require(DESK)
    table = schema.session
    query = (
        select(table)
        .where(
            table.c.person_id == shop.actor.id,
            table.c.revoked_at.is_(None),
            table.c.expires_at > shop.clock.now(),
        )
        .order_by(table.c.last_seen_at.desc(), table.c.id.desc())
        .limit(NEWEST)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    return tuple(
        Session(
            row.id,
            row.created_at,
            row.last_seen_at,
            row.expires_at,
            row.network,
            row.id == shop.actor.session_id,
        )
        for row in rows
    )


@dataclass(frozen=True)
class LoginEvent:
    """One try to sign in: ``outcome`` is a marked sentence, ``name`` None for an unknown login."""

    at: datetime
    name: str | None
    outcome: str
    network: str


OUTCOMES = {
    "entered": N_("signed in"),
    "wrong": N_("wrong login or password"),
    "disabled": N_("account is disabled"),
    "one-time password ran out": N_("one-time password had run out"),
}


def login_events(shop: Shop, newest: int = NEWEST) -> tuple[LoginEvent, ...]:
    """Return the newest tries to sign in; for the owner. Order is by entry, not by clock."""
    shop.require(OWNER_ONLY)
    events, people = schema.login_event, schema.person
    query = (
        select(events.c.at, people.c.name, events.c.outcome, events.c.network)
        .select_from(events.outerjoin(people, people.c.id == events.c.person_id))
        .order_by(events.c.id.desc())
        .limit(min(newest, NEWEST))
    )
    with shop.read() as connection:
        return tuple(
            LoginEvent(row.at, row.name, OUTCOMES.get(row.outcome, row.outcome), row.network)
            for row in connection.execute(query)
        )


def _person(row: Mapping[Any, Any]) -> Person:
    return Person(**{**row, "role": Role(row["role"])})


def _people(now: datetime) -> Select[tuple[object, ...]]:
    table, sessions = schema.person, schema.session
    theirs = sessions.c.person_id == table.c.id
    alive = (sessions.c.revoked_at.is_(None), sessions.c.expires_at > now)
    return select(
        table.c.id,
        table.c.login,
        table.c.name,
        table.c.role,
        table.c.active,
        table.c.must_change_password,
        table.c.created_at,
        table.c.version,
        select(func.max(sessions.c.last_seen_at))
        .where(theirs)
        .scalar_subquery()
        .label("last_seen_at"),
        select(func.count()).where(theirs, *alive).scalar_subquery().label("browsers"),
    )
