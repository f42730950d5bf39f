"""Taking wishes out of a paste: one confirm is one transaction (R15)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from lib.db import schema
from lib.shop.shop import Shop, Tx
from lib.trust.demands import personal
from lib.trust.demands.chat.rules import Pick, checked_picks
from lib.trust.demands.commands import collect_wish
from lib.trust.demands.rules import NewWish, Source, folded_title

_heard = schema.heard_line


@dataclass(frozen=True)
class Taken:
    """What became of a paste: wishes that are ``new``, ``others`` that got somebody more.

    ``added`` residents asked for the first time, ``known`` had asked before. ``passed_over`` lines
    were taken by somebody else meanwhile.
    """

    new: int
    others: int
    added: int
    known: int
    passed_over: int


def take_chat(shop: Shop, picks: Sequence[Pick], put_aside: Sequence[str] = ()) -> Taken:
    """Take the ticked lines of a paste as wishes, and remember those ``put_aside``.

    Rows of one title become one wish. A line that was heard before adds nothing unless the pick
    says ``again``. Only fingerprints of lines are kept. Raises ``Refused`` and ``NotFound``;
    then nothing of the paste was taken.
    """
    with shop.write("demand.take_chat") as tx:
        checked = checked_picks(picks)
        before = _heard_before(tx, [pick.fingerprint for pick in checked])
        taking = [pick for pick in checked if pick.again or pick.fingerprint not in before]
        new = others = added = known = 0
        for group in _grouped(taking):
            found = collect_wish(
                tx,
                title=personal.without_numbers(group[0].title),
                wishes=[_wish(pick, tx) for pick in group],
                demand_id=group[0].demand_id,
            )
            new, others = new + found.created, others + (not found.created)
            added, known = added + found.added, known + found.known
            _remember(tx, [pick.fingerprint for pick in group], found.demand_id)
        _remember(tx, put_aside, None)
        result = Taken(new, others, added, known, len(checked) - len(taking))
        if not taking:
            tx.note("heard_line", after={"put_aside": len(set(put_aside))})
        tx.result = vars(result)
    return Taken(**tx.result)


def _grouped(picks: Sequence[Pick]) -> list[list[Pick]]:
    groups: dict[object, list[Pick]] = {}
    for pick in picks:
        key = pick.demand_id or folded_title(personal.without_numbers(pick.title))
        groups.setdefault(key, []).append(pick)
    return list(groups.values())


def _wish(pick: Pick, tx: Tx) -> NewWish:
    return NewWish(
        name=personal.without_numbers(pick.name),
        said=personal.without_personal(pick.said),
        source=Source.CHAT,
        asked_at=pick.asked_at or tx.now,
    )


def _heard_before(tx: Tx, fingerprints: Sequence[str]) -> set[str]:
    query = select(_heard.c.fingerprint).where(_heard.c.fingerprint.in_(fingerprints))
    return set(tx.execute(query).scalars())


def _remember(tx: Tx, fingerprints: Sequence[str], demand_id: int | None) -> None:
    known = _heard_before(tx, fingerprints)
    rows = [
        {"fingerprint": mark, "demand_id": demand_id, "at": tx.now, "person_id": tx.actor.id}
        for mark in dict.fromkeys(fingerprints)
        if mark not in known
    ]
    if rows:
        tx.execute(insert(_heard), rows)
