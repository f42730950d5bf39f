"""People under test: cheap password hashes, and an owner with a real password."""

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.shop.people import passwords
from lib.shop.people.entering import Browser
from lib.shop.shop import Shop

PASSWORD = "correct horse battery"
HERE = Browser("203.0.113.0/24", "browser-1")
ELSEWHERE = Browser("198.51.100.0/24", "browser-2")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", 4)


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    """The shop whose owner ``fang`` has :data:`PASSWORD`."""
    set_password(shop, "fang", PASSWORD)
    return shop


def set_password(shop: Shop, login: str, password: str) -> None:
    with shop.store.write() as connection:
        connection.execute(
            update(schema.person)
            .where(schema.person.c.login == login)
            .values(password_hash=passwords.hashed(password))
        )
