"""The logins of the demo shop, shown on its sign-in page and nowhere else."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from lib.db import schema
from lib.kernel.words import N_
from lib.shop.people.passwords import hashed
from lib.shop.shop import SYSTEM_ONLY, Actor, Role, Shop


@dataclass(frozen=True)
class DemoLogin:
    """A made-up person of the demo shop and the password everybody may know."""

    login: str
    password: str
    name: str
    role: str


OWNER = DemoLogin("fang", "linli-demo-owner", "芳姐", N_("Owner"))
STAFF = DemoLogin("xiaowu", "linli-demo-staff", "小吴", N_("Staff"))
DEMO_LOGINS = (OWNER, STAFF)


def move_in(shop: Shop) -> Actor:
    """Put the demo logins into empty books and return the owner; ``shop`` acts as the system."""
    table = schema.person
    with shop.write("demo.people", by=SYSTEM_ONLY) as tx:
        for person in DEMO_LOGINS:
            tx.execute(
                insert(table).values(
                    login=person.login,
                    name=person.name,
                    role=Role.OWNER if person is OWNER else Role.STAFF,
                    password_hash=hashed(person.password),
                    must_change_password=False,
                    active=True,
                    created_at=tx.now,
                    password_changed_at=tx.now,
                )
            )
        owner = tx.execute(select(table).where(table.c.login == OWNER.login)).one()
        tx.note("demo", after=[person.login for person in DEMO_LOGINS])
    return Actor(owner.id, owner.name, Role.OWNER)
