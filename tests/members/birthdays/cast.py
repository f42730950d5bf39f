"""Residents with birthdays."""

from typing import Any

from lib.db import schema
from lib.members.birthdays.commands import set_birthday
from lib.members.birthdays.reading import read_birthday
from lib.members.birthdays.rules import Birthday
from lib.members.consents.rules import How
from lib.shop.shop import Shop
from tests.service.cast import add_member


def said(shop: Shop, text: str) -> Birthday:
    """Read a text that means one thing, or the likelier of two."""
    return read_birthday(text, shop.today).possible[0]


def keep(
    shop: Shop, member_id: int, text: str, how: How | None = How.CHAT, version: int = 0
) -> int:
    """Keep the birthday a text says; returns the member."""
    set_birthday(shop, member_id, said(shop, text), how, version)
    return member_id


def resident(shop: Shop, nickname: str, text: str, **values: Any) -> int:
    """Make a resident known with a birthday."""
    return keep(shop, add_member(shop, nickname, **values), text)


def rows(shop: Shop) -> list[Any]:
    """The birthdays in the books."""
    table = schema.birthday
    with shop.read() as connection:
        return list(connection.execute(table.select().order_by(table.c.member_id)))
