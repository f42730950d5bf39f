"""What was posted in the group (E17): the text, who sent it and when.

``topic`` is the kind of text, ``subject`` the row it was about (``batch:12``). A tick set by
mistake is taken back; the journal keeps both. The plan of the group follows the log, whichever way
a text went out: a tip counts as sent (R13) and a topic as asked (R14) while their post stands.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop, Tx

LONGEST_TEXT = 20_000
MOST = 500

TIP, TOPIC = "tip", "topic"
"""Topics of the texts that the plan of the group follows, and the tables of their subjects."""
LAUNCH, DEMAND = "demand_launch", "demand"
"""Topic of the texts that tell who wished that it is on offer (R18), and their subjects' table."""

_post = schema.group_post


@dataclass(frozen=True)
class Post:
    """One text that was sent; ``person`` is empty for somebody no longer known.

    ``robot`` is the name of the robot that sent it, empty when somebody did by hand.
    """

    id: int
    topic: str
    subject: str
    text: str
    at: datetime
    person: str
    robot: str = ""


def note_post(shop: Shop, topic: str, subject: str, text: str) -> int:
    """Note that ``text`` was posted in the group just now; returns the row's id.

    Raises ``Refused`` for an empty text.
    """
    with shop.write("group_post.add") as tx:
        tx.result = add_post(tx, topic, subject, text)
    return int(tx.result)


def add_post(tx: Tx, topic: str, subject: str, text: str, **more: Any) -> int:
    """Put a post into the log and return its id; a step. ``more`` are further columns of its row.

    Raises ``Refused`` for an empty text.
    """
    said = clean(text, LONGEST_TEXT, lines=True)
    if not said:
        raise Refused(N_("There is no text to post."))
    values = {"topic": topic, "subject": subject, "text": said, "person_id": tx.actor.id, **more}
    post_id = tx.add(_post, **values, at=tx.now)
    _follow(tx, post_id, topic, subject)
    _tell_wishers(tx, values)
    tx.note(subject, after={"topic": topic, "text": said})
    return post_id


def take_back_post(shop: Shop, post_id: int) -> None:
    """Take back that a text was posted.

    Raises ``NotFound`` when that was done before, ``Refused`` for what a robot sent: it stands in
    the group.
    """
    with shop.write("group_post.take_back") as tx:
        row = tx.execute(select(_post).where(_post.c.id == post_id)).first()
        if row is None:
            raise NotFound(N_("This post was already taken back."))
        if row.channel_id is not None:
            raise Refused(N_("A robot sent this into the group; that cannot be taken back here."))
        tx.execute(delete(schema.tip_sent).where(schema.tip_sent.c.post_id == post_id))
        tx.execute(delete(_post).where(_post.c.id == post_id))
        _unfollow(tx, row)
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
    people, robots = schema.person, schema.message_channel
    query = (
        select(_post, people.c.name, robots.c.name.label("robot"))
        .outerjoin(people, people.c.id == _post.c.person_id)
        .outerjoin(robots, robots.c.id == _post.c.channel_id)
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
            Post(row.id, row.topic, row.subject, row.text, row.at, row.name or "", row.robot or "")
            for row in connection.execute(query)
        )


def _follow(tx: Tx, post_id: int, topic: str, subject: str) -> None:
    """Let a tip count as sent today, a topic as asked, if ``subject`` names one that is there."""
    row_id = _subject_id(subject, topic)
    if row_id is None:
        return
    topics = schema.topic
    if topic == TOPIC:
        asked = update(topics).where(topics.c.id == row_id, topics.c.asked_at.is_(None))
        tx.execute(asked.values(asked_at=tx.now))
        return
    tips, sent = schema.tip, schema.tip_sent
    known = select(tips.c.id).where(tips.c.id == row_id)
    before = select(sent.c.id).where(sent.c.tip_id == row_id, sent.c.day == tx.today)
    if tx.execute(known).first() is not None and tx.execute(before).first() is None:
        values = {"tip_id": row_id, "day": tx.today, "post_id": post_id}
        tx.add(sent, **values, at=tx.now, person_id=tx.actor.id)


def _tell_wishers(tx: Tx, post: Mapping[str, Any]) -> None:
    """Let everybody whom the text of an offer calls by ``@name`` count as told of their wish.

    So it does not matter who sent the text, a person or a robot. Of names that begin alike the
    longer one is read.
    """
    table, _, number = str(post["subject"]).partition(":")
    if post["topic"] != LAUNCH or table != DEMAND or not number.isdecimal():
        return
    wishes = schema.demand_wish
    untold = select(wishes.c.id, wishes.c.name).where(
        wishes.c.demand_id == int(number), wishes.c.told_at.is_(None), wishes.c.name != ""
    )
    rows = tx.execute(untold).all()
    called = called_in(str(post["text"]), {row.name for row in rows})
    ids = [row.id for row in rows if row.name in called]
    told = update(wishes).where(wishes.c.id.in_(ids))
    tx.execute(told.values(told_at=tx.now, told_by=post["person_id"]))


def called_in(text: str, names: Collection[str]) -> frozenset[str]:
    """Return which of ``names`` stand in ``text`` as ``@name``, whole. Pure."""
    if not names:
        return frozenset()
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return frozenset(re.findall(rf"@({known})(?=\s|$)", text))


def _unfollow(tx: Tx, post: Row[Any]) -> None:
    """Let a topic count as asked when it was first posted besides ``post``, else as not asked."""
    row_id = _subject_id(post.subject, post.topic)
    if row_id is None or post.topic != TOPIC:
        return
    first = select(func.min(_post.c.at)).where(
        _post.c.topic == TOPIC, _post.c.subject == post.subject
    )
    topics = schema.topic
    left = tx.execute(first).scalar()
    tx.execute(update(topics).where(topics.c.id == row_id).values(asked_at=left))


def _subject_id(subject: str, topic: str) -> int | None:
    """Return the row that a tip's or a topic's post is about; None for anything else."""
    table, _, number = subject.partition(":")
    if topic not in (TIP, TOPIC) or table != topic or not number.isdecimal():
        return None
    return int(number)
