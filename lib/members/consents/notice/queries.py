"""The privacy notice of the shop as it stands now. Public."""

from datetime import date, datetime

from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.members.consents.notice.rules import SETTINGS, Notice
from lib.members.consents.notice.texts import notice
from lib.shop.language import Translate
from lib.shop.shop import Shop


def notice_now(shop: Shop, say: Translate) -> Notice:
    """Return the notice in the language of ``say``."""
    return notice(shop.settings, say, changed_on(shop))


def changed_on(shop: Shop) -> date | None:
    """Return the day on which a setting of the notice last changed.

    Before the first change it is the day the shop was set up; None while there is no shop.
    """
    settings, people = schema.setting, schema.person
    last = select(func.max(settings.c.changed_at)).where(settings.c.name.in_(SETTINGS))
    first = select(func.min(people.c.created_at))
    with shop.read() as connection:
        found: datetime | None = connection.execute(last).scalar()
        found = found or connection.execute(first).scalar()
    return local_day(found, shop.settings.time_zone) if found else None
