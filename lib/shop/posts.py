"""What was posted in the group (E17): the text, who sent it and when.

``topic`` is the kind of text, ``subject`` the row it was about (``batch:12``). A tick set by
mistake is taken back; the journal keeps both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop

LONGEST_TEXT = 20_000
MOST = 500

_post = schema.group_post


@dataclass(frozen=True)
class Post:
    """One text that was sent; ``person`` is empty for somebody no longer known."""

    id: int
    topic: str
    subject: str
    text: str
    at: datetime
    person: str


def note_post(shop: Shop, topic: str, subject: str, text: str) -> int:
    """Note that ``text`` was posted in the group just now; returns the row's id.

    Raises ``Refused`` for an empty text.
    """
    with shop.write("group_post.add") as tx:
        said = clean(text, LONGEST_TEXT, lines=True)
        if not said:
            raise Refused(N_("There is no text to post."))
        values = {"topic": topic, "subject": subject, "text": said}
        tx.result = tx.add(_post, **values, at=tx.now, person_id=tx.actor.id)
        tx.note(subject, after={"topic": topic, "text": said})
    return int(tx.result)


def take_back_post(shop: Shop, post_id: int) -> None:
    """Take back that a text was posted; raises ``NotFound`` when that was done before."""
    with shop.write("group_post.take_back") as tx:
        row = tx.execute(select(_post).where(_post.c.id == post_id)).first()
        if row is None:
            raise NotFound(N_("This post was already taken back."))
        tx.execute(delete(_post).where(_post.c.id == post_id))
        tx.note(row.subject, before={"topic": row.topic, "text": row.text, "at": row.at})


def posts(
    shop: Shop,
    topic: str,
    *,
    since: datetime | None = None,
    subjects: Iterable[str] | None = None,
    limit: int = MOST,
) -> tuple[Post, ...]:
    """Return what was posted on ``topic``, newest first: ``since`` a moment, about ``subjects``."""
    shop.require(DESK)
    people = schema.person
    query = (
        select(_post, people.c.name)
        .outerjoin(people, people.c.id == _post.c.person_id)
        .where(_post.c.topic == topic)
        .order_by(_post.c.at.desc(), _post.c.id.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(_post.c.at >= since)
    if subjects is not None:
        query = query.where(_post.c.subject.in_(list(subjects)))
    with shop.read() as connection:
        return tuple(
            Post(row.id, row.topic, row.subject, row.text, row.at, row.name or "")
            for row in connection.execute(query)
        )
