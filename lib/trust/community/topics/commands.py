"""Writes of topics (R14). A topic counts as asked while its post stands in the log of the group."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.members.profiles.queries import candidates_of
from lib.members.profiles.rules import Hint, resolve
from lib.shop.shop import Shop, Tx
from lib.trust.community.topics.rules import MOST_ANSWERS, Details, NewAnswer
from lib.trust.demands.commands import collect_wish
from lib.trust.demands.rules import NewWish, Source

_topic, _answer = schema.topic, schema.topic_answer


def plan_topic(shop: Shop, details: Details) -> int:
    """Plan a question for a day and return the topic's id.

    Raises ``Refused`` without a question and for a day that is over.
    """
    with shop.write("topic.plan") as tx:
        new = details.checked()
        if new.planned_on < tx.today:
            raise Refused(N_("This day is over."))
        tx.result = tx.add(_topic, **_columns(new), created_at=tx.now, created_by=tx.actor.id)
        tx.note(f"topic:{tx.result}", after=_columns(new))
    return int(tx.result)


def change_topic(shop: Shop, topic_id: int, version: int, details: Details) -> None:
    """Change a topic; ``version`` is the one that was seen.

    Raises ``Refused`` without a question or when an asked one would get other words, ``NotFound``,
    and ``Conflict`` when somebody else changed it.
    """
    with shop.write("topic.change") as tx:
        row, new = tx.row(_topic, topic_id), details.checked()
        if row.asked_at is not None and row.question != new.question:
            raise Refused(N_("It was asked in these words already. Plan another topic."))
        old = Details(row.question, row.planned_on, row.note)
        tx.change(_topic, topic_id, version, **_columns(new))
        tx.note(f"topic:{topic_id}", before=_columns(old), after=_columns(new))


def drop_topic(shop: Shop, topic_id: int, version: int) -> None:
    """Take a topic that was never asked out of the plan.

    Raises ``Refused`` for one that was asked or answered, ``NotFound`` for one that is gone.
    """
    with shop.write("topic.drop") as tx:
        row = tx.row(_topic, topic_id)
        answered = select(_answer.c.id).where(_answer.c.topic_id == topic_id)
        if row.asked_at is not None or tx.execute(answered.limit(1)).first() is not None:
            raise Refused(N_("It was asked already: close it instead."))
        tx.change(_topic, topic_id, version)
        tx.execute(delete(_topic).where(_topic.c.id == topic_id))
        tx.note(
            f"topic:{topic_id}", before=_columns(Details(row.question, row.planned_on, row.note))
        )


def close_topic(shop: Shop, topic_id: int, version: int, *, closed: bool = True) -> None:
    """Close a topic, or open it again; its answers stay. ``version`` is the one that was seen."""
    with shop.write("topic.close") as tx:
        row = tx.row(_topic, topic_id)
        tx.change(_topic, topic_id, version, closed_at=tx.now if closed else None)
        was = row.closed_at is not None
        tx.note(f"topic:{topic_id}", before={"closed": was}, after={"closed": closed})


def add_answers(shop: Shop, topic_id: int, answers: Sequence[NewAnswer]) -> int:
    """Take in what was answered and return how many answers were new.

    The same words of the same name count once. A name that only one member bears is taken for that
    member. Raises ``Refused`` for none, too many or an empty one; ``NotFound`` for no such topic.
    """
    with shop.write("topic.answer") as tx:
        tx.row(_topic, topic_id)
        if not answers:
            raise Refused(N_("There is no answer in it."))
        if len(answers) > MOST_ANSWERS:
            raise Refused(N_("At most {count} answers at once."), count=MOST_ANSWERS)
        checked = [answer.checked(tx.now) for answer in answers]
        members = _members(tx, {answer.name for answer in checked} - {""})
        stand = select(_answer.c.name, _answer.c.text).where(_answer.c.topic_id == topic_id)
        there = {(row.name, row.text) for row in tx.execute(stand)}
        new = {(answer.name, answer.text): answer for answer in checked}
        rows = [
            {
                "topic_id": topic_id,
                "member_id": members.get(answer.name),
                "name": answer.name,
                "text": answer.text,
                "at": answer.at,
                "person_id": tx.actor.id,
            }
            for key, answer in new.items()
            if key not in there
        ]
        if rows:
            tx.add_all(_answer, rows)
        tx.result = len(rows)
        tx.note(f"topic:{topic_id}", after={"answers": len(rows)})
    return int(tx.result)


def remove_answer(shop: Shop, answer_id: int) -> None:
    """Take out an answer that was taken in by mistake.

    Raises ``Refused`` when it became a wish, ``NotFound`` when it is gone.
    """
    with shop.write("topic.remove_answer") as tx:
        row = tx.row(_answer, answer_id)
        if row.demand_id is not None:
            raise Refused(N_("It became a wish already."))
        tx.execute(delete(_answer).where(_answer.c.id == answer_id))
        tx.note(f"topic:{row.topic_id}", before={"answers": 1})


def make_demand(
    shop: Shop, answer_ids: Sequence[int], title: str, demand_id: int | None = None
) -> int:
    """Make answers a demand in one step (R14) and return its id.

    All of them go onto one demand: the one a person chose by ``demand_id``, else one called
    ``title``, which joins a standing demand of the very same title. Each answer counts from the
    moment it was given and is marked with the demand. Raises ``Refused`` without a title, and when
    one became a demand already; ``NotFound`` for a missing answer or demand.
    """
    with shop.write("topic.make_demand") as tx:
        rows = _free_answers(tx, answer_ids)
        wishes = [NewWish(row.name, row.text, Source.TOPIC, row.at, row.member_id) for row in rows]
        done = collect_wish(tx, title=title, wishes=wishes, demand_id=demand_id)
        marked = update(_answer).where(_answer.c.id.in_([row.id for row in rows]))
        tx.execute(marked.values(demand_id=done.demand_id))
        tx.result = done.demand_id
        tx.note(f"topic:{rows[0].topic_id}", after={"answers": len(rows), "demand": title})
    return int(tx.result)


def _free_answers(tx: Tx, answer_ids: Sequence[int]) -> list[Row[Any]]:
    wanted = sorted(set(answer_ids))
    rows = list(tx.execute(select(_answer).where(_answer.c.id.in_(wanted)).order_by(_answer.c.id)))
    if not rows:
        raise Refused(N_("Choose the answers that wish for it."))
    if len(rows) != len(wanted):
        raise NotFound(N_("One of the answers was taken out meanwhile."))
    if any(row.demand_id is not None for row in rows):
        raise Refused(N_("One of the answers became a wish already."))
    return rows


def _members(tx: Tx, names: set[str]) -> dict[str, int]:
    """Return the member of every name that only one bears."""
    hints = [Hint(name) for name in sorted(names)]
    known = candidates_of(tx.connection, hints) if hints else []
    found = {hint.nickname: resolve(hint, known) for hint in hints}
    return {
        name: match.member_id
        for name, match in found.items()
        if match.attaches and match.member_id is not None
    }


def _columns(details: Details) -> dict[str, Any]:
    return {
        "question": details.question,
        "planned_on": details.planned_on,
        "note": details.note,
    }
