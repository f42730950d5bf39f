"""Who goes where when two wishes become one, and back. Pure.

Everybody who asked is kept once. Who wished both keeps the earlier moment; the second row stays
with the wish that is hidden, so that taking apart finds it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One resident's row: ``key`` is the folded name as kept (None: nameless)."""

    id: int
    member_id: int | None
    key: str | None
    asked_at: datetime

    @property
    def name(self) -> str | None:
        """The folded name without what tells two members of one name apart."""
        return self.key.rsplit("#", 1)[0] if self.key else None


@dataclass(frozen=True)
class Gain:
    """What the kept row of somebody who wished both takes over from the other."""

    id: int
    asked_before: datetime
    asked_after: datetime
    member_before: int | None
    member_after: int | None


@dataclass(frozen=True)
class Plan:
    """What a merge does: rows that move, by id with their key before and after, and gains."""

    moves: tuple[tuple[int, str | None, str | None], ...] = ()
    gains: tuple[Gain, ...] = ()
    both: int = 0


@dataclass
class _Standing:
    """The rows of the kept wish while others join them."""

    rows: dict[int, Asked]
    by_member: dict[int, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)

    def put(self, row: Asked) -> None:
        self.rows[row.id] = row
        if row.member_id is not None:
            self.by_member[row.member_id] = row.id
        if row.name is not None and row.id not in self.by_name.get(row.name, []):
            self.by_name.setdefault(row.name, []).append(row.id)

    def same_person(self, row: Asked) -> int | None:
        """Return the row of the same resident: by member, else by a name no member contradicts."""
        if row.member_id is not None and row.member_id in self.by_member:
            return self.by_member[row.member_id]
        for place in self.by_name.get(row.name or "", []):
            other = self.rows[place].member_id
            if row.member_id is None or other is None:
                return place
        return None


def plan(keep: Sequence[Asked], drop: Sequence[Asked]) -> Plan:
    """Return how the rows of ``drop`` join those of ``keep``."""
    standing = _Standing({})
    for row in keep:
        standing.put(row)
    keys = {row.key for row in keep}
    moves, before, both = [], dict(standing.rows), 0
    for row in drop:
        same = standing.same_person(row)
        if same is None:
            key = row.key
            if key is not None and key in keys:
                key = f"{row.name}#{row.member_id or row.id}"
            moves.append((row.id, row.key, key))
            keys.add(key)
            continue
        both += 1
        mine = standing.rows[same]
        member = mine.member_id if mine.member_id is not None else row.member_id
        standing.put(Asked(mine.id, member, mine.key, min(mine.asked_at, row.asked_at)))
    gains = [
        Gain(row.id, row.asked_at, now.asked_at, row.member_id, now.member_id)
        for place, row in before.items()
        if (now := standing.rows[place]) != row
    ]
    return Plan(tuple(moves), tuple(gains), both)


def first_after_undo(
    before: datetime, merged: datetime, now_at: datetime, asked: Sequence[datetime]
) -> datetime:
    """Return when the first of the kept wish asked, once the other is taken out of it again.

    ``before`` the merge, right after it (``merged``) and ``now_at``; ``asked`` are its own rows
    now. Somebody who came in meanwhile counts; a row that was taken off meanwhile does not.
    """
    if now_at > merged:
        return min(asked, default=before)
    return min([before, *asked])


def note_of(keep: str, drop: str) -> str:
    """Return the notes of both, each once."""
    if not drop.strip() or drop.strip() in keep:
        return keep
    return f"{keep}\n{drop}" if keep.strip() else drop


def as_moved(
    made: Plan, sources: Sequence[int], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    """Return what is kept in the books of a merge, so that it can be taken back exactly."""
    return {
        "wishes": [list(move) for move in made.moves],
        "gains": [
            {
                "id": gain.id,
                "asked_before": gain.asked_before.isoformat(),
                "asked_after": gain.asked_after.isoformat(),
                "member_before": gain.member_before,
                "member_after": gain.member_after,
            }
            for gain in made.gains
        ],
        "sources": list(sources),
        "before": before,
        "after": after,
        "both": made.both,
    }


def gains_of(moved: dict[str, Any]) -> tuple[Gain, ...]:
    """Return the gains kept by :func:`as_moved`."""
    return tuple(
        Gain(
            gain["id"],
            moment(gain["asked_before"]),
            moment(gain["asked_after"]),
            gain["member_before"],
            gain["member_after"],
        )
        for gain in moved["gains"]
    )


def moment(kept: str) -> datetime:
    """Return a moment kept in the books of a merge."""
    return datetime.fromisoformat(kept)
