"""Writing down who looked into whose file. The journal has one row per person, file and day."""

from sqlalchemy import insert, select, update

from lib.db import schema
from lib.kernel.clock import local_day
from lib.members.profiles.openings.rules import What
from lib.shop.shop import DESK, Shop

_opening = schema.member_opening


def note_opening(shop: Shop, member_id: int, what: What = What.OPENED) -> None:
    """Write down that the actor opened, exported or printed a member's file.

    The first time of a day is a row of the journal, each further one only counts up. Raises
    ``Refused`` for somebody who does not work in the shop, ``NotFound`` without that member.
    """
    shop.require(DESK)
    if _counted_up(shop, member_id, what):
        return
    with shop.write("member.look") as tx:
        tx.row(schema.member, member_id)
        row = {"person_id": tx.actor.id, "member_id": member_id, "day": tx.today, "what": what}
        # Two tabs may be first at the same moment: there is one writer at a time.
        known = select(_opening.c.id).filter_by(**row)
        if (found := tx.execute(known).scalar()) is None:
            tx.execute(insert(_opening).values(**row, times=1, first_at=tx.now, last_at=tx.now))
        else:
            more = {"times": _opening.c.times + 1, "last_at": tx.now}
            tx.execute(update(_opening).where(_opening.c.id == found).values(**more))
        tx.note(f"member:{member_id}", after={"looked": what})


def note_list(shop: Shop, members: int) -> None:
    """Write into the journal that the actor took out the list of so many members as a file."""
    with shop.write("member.look_all") as tx:
        tx.note("member", after={"looked": What.EXPORTED, "members": members})


def _counted_up(shop: Shop, member_id: int, what: What) -> bool:
    """Count a further look of the same day; False when this is the first."""
    now = shop.clock.now()
    mine = {
        "person_id": shop.actor.id,
        "member_id": member_id,
        "day": local_day(now, shop.settings.time_zone),
        "what": what,
    }
    with shop.read() as connection:
        found = connection.execute(select(_opening.c.id).filter_by(**mine)).scalar()
    if found is None:
        return False
    with shop.store.write() as connection:
        done = connection.execute(
            update(_opening)
            .where(_opening.c.id == found)
            .values(times=_opening.c.times + 1, last_at=now)
        )
    return done.rowcount == 1
