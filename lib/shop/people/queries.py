"""Reads of people and sessions."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from lib.db import schema
from lib.db.engine import Store
from lib.shop.shop import Actor, Role, Shop


def token_hash(token: str) -> str:
    """Return what is stored of a secret token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def has_owner(shop: Shop) -> bool:
    """Whether somebody owns this shop; until then the first-run page asks for it."""
    query = select(schema.person.c.id).where(schema.person.c.role == Role.OWNER).limit(1)
    with shop.read() as connection:
        return connection.execute(query).first() is not None


def actor_of_cookie(store: Store, token: str | None, now: datetime) -> Actor | None:
    """Return who signed in with the session cookie ``token``; None for nobody.

    A revoked, expired or forged cookie, or one of a disabled person, is no cookie.
    """
    if not token or len(token) > 200:
        return None
    sessions, people = schema.session, schema.person
    query = (
        select(sessions.c.id.label("session_id"), people.c.id, people.c.name, people.c.role)
        .join(people, people.c.id == sessions.c.person_id)
        .where(
            sessions.c.token_hash == token_hash(token),
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > now,
            people.c.active.is_(True),
        )
    )
    with store.read() as connection:
        row = connection.execute(query).first()
    return Actor(row.id, row.name, Role(row.role), row.session_id) if row else None
