"""The shop object: the first argument of every command and query.

A command owns one transaction::

    def close_round(shop: Shop, round_id: int) -> None:
        with shop.write("round.close") as tx:
            ...
            tx.note(f"buying_round:{round_id}", before={...}, after={...})

``shop.write`` re-reads the actor (a disabled or signed-out person can do nothing, whatever the
screen still shows), begins an immediate transaction, and commits it together with one journal row.
``shop.once(form)`` returns the same shop bound to a form key: the second save of the same form
raises :class:`Repeated` and changes nothing (reliability R6). Commands never call commands; shared
steps take ``tx``.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, Table, func, insert, select, update
from sqlalchemy.sql import Executable

from lib.db import schema
from lib.db.engine import Store
from lib.db.types import canonical
from lib.kernel.clock import Clock, local, local_day
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.words import N_
from lib.shop import incidents, journal
from lib.shop.place import Place
from lib.shop.settings import Settings


class Role(StrEnum):
    """Who somebody is to the shop."""

    OWNER = "owner"
    STAFF = "staff"
    RESIDENT = "resident"
    SYSTEM = "system"


OWNER_ONLY = frozenset({Role.OWNER})
DESK = frozenset({Role.OWNER, Role.STAFF})
SYSTEM_ONLY = frozenset({Role.SYSTEM})


@dataclass(frozen=True)
class Actor:
    """Who acts. ``session_id`` is the signed-in browser; a revoked one can do nothing."""

    id: int | None
    name: str
    role: Role
    session_id: int | None = None


RESIDENT = Actor(None, "resident", Role.RESIDENT)
SYSTEM = Actor(None, "system", Role.SYSTEM)


@dataclass(frozen=True)
class FormKey:
    """One showing of a form: its ``key`` and the fingerprint of the values being saved."""

    key: str
    fingerprint: str = ""

    @classmethod
    def of(cls, key: str, values: object) -> "FormKey":
        """Return the key with a fingerprint of ``values``."""
        body = canonical(journal.plain_values(values))
        return cls(key, hashlib.sha256(body.encode()).hexdigest())


class Repeated(Exception):  # noqa: N818 - not an error: the work was done the first time
    """This very form was saved before; ``result`` is what that save returned. Nothing changed."""

    def __init__(self, result: Any) -> None:
        super().__init__("saved before")
        self.result = result


@dataclass
class Tx:
    """An open write: ``connection``, the one ``now`` of the decision, and the re-read ``actor``."""

    connection: Connection
    now: datetime
    actor: Actor
    settings: Settings
    result: Any = None
    _notes: list[dict[str, Any]] = field(default_factory=list)
    _closing: list[Callable[["Tx"], None]] = field(default_factory=list)
    _afterwards: list[Callable[["Shop"], None]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The shop's calendar day."""
        return local_day(self.now, self.settings.time_zone)

    def execute(self, statement: Executable, *values: Any) -> CursorResult[Any]:
        """Run a statement in this transaction."""
        return self.connection.execute(statement, *values)

    def add(self, table: Table, **values: Any) -> int:
        """Insert one row and return its id."""
        done = self.connection.execute(insert(table).values(**values).returning(table.c.id))
        return int(done.scalar_one())

    def add_all(self, table: Table, rows: list[dict[str, Any]]) -> list[int]:
        """Insert many rows and return their ids in the order given.

        Two statements instead of one per row: there is one writer at a time, so the ids beyond the
        last one are those of ``rows``, rising in their order.
        """
        if len(rows) < 2:
            return [self.add(table, **row) for row in rows]
        last = select(func.coalesce(func.max(table.c.id), 0))
        before = int(self.connection.execute(last).scalar_one())
        self.connection.execute(insert(table), rows)
        new = select(table.c.id).where(table.c.id > before).order_by(table.c.id)
        return [int(row_id) for row_id in self.connection.execute(new).scalars()]

    def at_end(self, step: Callable[["Tx"], None]) -> None:
        """Run ``step`` once, when everything else of this transaction is written, before it ends.

        For what follows from the sum of all that was written, such as points (R36).
        """
        if step not in self._closing:
            self._closing.append(step)

    def afterwards(self, step: Callable[["Shop"], None]) -> None:
        """Run ``step`` once when this transaction is in the books; not at all if it fails.

        For what no database can take back, such as deleting files. A step that fails is logged:
        what it was for is saved.
        """
        if step not in self._afterwards:
            self._afterwards.append(step)

    def row(self, table: Table, row_id: int) -> Row[Any]:
        """Return row ``row_id`` whole; raises ``NotFound`` when it is not there."""
        found = self.connection.execute(select(table).where(table.c.id == row_id)).first()
        if found is None:
            raise NotFound(N_("This entry no longer exists."))
        return found

    def change(self, table: Table, row_id: int, expected: int, **values: Any) -> None:
        """Change row ``row_id`` if it still has version ``expected``.

        Raises ``NotFound`` for a missing row and ``Conflict``, naming who changed it and when.
        """
        changed = self.connection.execute(
            update(table)
            .where(table.c.id == row_id, table.c.version == expected)
            .values(**values, version=expected + 1)
        )
        if changed.rowcount == 1:
            return
        self.row(table, row_id)
        raise self.conflict(f"{table.name}:{row_id}")

    def note(self, subject: str, *, before: Any = None, after: Any = None, **more: Any) -> None:
        """Say what changed; ``subject`` is ``table:id``. The first note names the journal row."""
        self._notes.append({"subject": subject, "before": before, "after": after, **more})

    def conflict(self, subject: str) -> Conflict:
        """Return the conflict about ``subject``, naming who changed it last and when."""
        rows = schema.journal
        last = self.connection.execute(
            select(rows.c.actor, rows.c.at)
            .where(rows.c.subject == subject)
            .order_by(rows.c.id.desc())
            .limit(1)
        ).first()
        if last is None:
            return Conflict(N_("Somebody else changed this meanwhile. Look again, then save."))
        return Conflict(
            N_("{name} changed this at {time}. Look at the new state, then save again."),
            name=last.actor,
            time=f"{local(last.at, self.settings.time_zone):%H:%M}",
        )


@dataclass(frozen=True)
class Shop:
    """The shop as one person sees it at one moment. Frozen; make another with ``acting``."""

    store: Store
    clock: Clock
    actor: Actor
    settings: Settings
    place: Place
    form: FormKey | None = None

    @property
    def today(self) -> date:
        """The shop's calendar day now."""
        return local_day(self.clock.now(), self.settings.time_zone)

    @property
    def may_see_cost(self) -> bool:
        """Whether purchase cost may leave a query for this actor (E14)."""
        if self.actor.role in (Role.OWNER, Role.SYSTEM):
            return True
        return self.actor.role is Role.STAFF and self.settings.staff_may_see_cost

    def acting(self, actor: Actor) -> "Shop":
        """Return the shop as ``actor`` sees it."""
        return replace(self, actor=actor)

    def once(self, form: FormKey) -> "Shop":
        """Return the shop bound to a form key: its next write happens at most once."""
        return replace(self, form=form)

    def require(self, allowed: frozenset[Role]) -> None:
        """Raise ``Refused`` unless the actor's role is in ``allowed``; for queries."""
        if self.actor.role not in allowed:
            raise Refused(N_("This is not for you to see. Sign in as somebody who may."))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read one consistent state of the books."""
        with self.store.read() as connection:
            yield connection

    @contextmanager
    def write(self, action: str, by: frozenset[Role] = DESK) -> Iterator[Tx]:
        """Change the books in one transaction with one journal row named ``action``.

        Raises ``Refused`` when the actor may not, ``Repeated`` when the bound form was saved
        before, ``Conflict`` when its key was used with other values.
        """
        now = self.clock.now()
        with self.store.write() as connection:
            actor = current_actor(connection, self.actor, now)
            if actor.role not in by:
                raise Refused(N_("Only the owner may do this."))
            if self.form is not None:
                _refuse_repeat(connection, self.form)
            tx = Tx(connection, now, actor, self.settings)
            yield tx
            for step in tx._closing:
                step(tx)
            if self.form is not None:
                _keep_form(tx, self.form, action)
            self._journal(tx, action)
        for after in tx._afterwards:
            try:
                after(self)
            except Exception as fault:  # noqa: BLE001 - it is saved: nobody shall do it again
                incidents.record(fault)

    def _journal(self, tx: Tx, action: str) -> None:
        first = tx._notes[0] if tx._notes else {"subject": "", "before": None, "after": None}
        details = {name: value for name, value in first.items() if name != "subject"}
        if len(tx._notes) > 1:
            details["more"] = tx._notes[1:]
        row = {
            "at": tx.now,
            "person_id": tx.actor.id,
            "actor": tx.actor.name,
            "action": action,
            "subject": first["subject"],
            "details": details,
        }
        journal.append(tx.connection, self.place.secret("journal"), row)


def current_actor(connection: Connection, actor: Actor, now: datetime) -> Actor:
    """Return ``actor`` with name and role as they are now.

    Raises ``Refused`` when the person was disabled or the browser signed out since.
    """
    if actor.id is None:
        return actor
    people, sessions = schema.person, schema.session
    row = connection.execute(select(people).where(people.c.id == actor.id)).first()
    if row is None or not row.active:
        raise Refused(N_("Your account was disabled. Ask the owner."))
    if actor.session_id is not None:
        alive = select(sessions.c.id).where(
            sessions.c.id == actor.session_id,
            sessions.c.person_id == actor.id,
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > now,
        )
        if connection.execute(alive).first() is None:
            raise Refused(N_("You were signed out. Sign in again; an unfinished paste is kept."))
    return replace(actor, name=row.name, role=Role(row.role))


def _refuse_repeat(connection: Connection, form: FormKey) -> None:
    keys = schema.form_key
    stored = connection.execute(select(keys).where(keys.c.key == form.key)).first()
    if stored is None:
        return
    if stored.fingerprint != form.fingerprint:
        raise Conflict(
            N_(
                "This form was already saved with other values. "
                "Open it anew and check what is there."
            )
        )
    raise Repeated(stored.result)


def _keep_form(tx: Tx, form: FormKey, action: str) -> None:
    tx.execute(
        insert(schema.form_key).values(
            key=form.key,
            action=action,
            fingerprint=form.fingerprint,
            person_id=tx.actor.id,
            result=journal.plain_values(tx.result),
            at=tx.now,
        )
    )
