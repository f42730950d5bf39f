"""Writes of member files. Each command is one transaction and one journal row.

Phone numbers stand masked in the journal: it cannot be erased, and they must be erasable.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.members.profiles.joining.commands import join_rhythm, part_rhythm
from lib.members.profiles.queries import candidates_of, family_ids
from lib.members.profiles.register import Register, bare, usable_phone
from lib.members.profiles.rules import (
    LONGEST_NICKNAME,
    Hint,
    Home,
    masked,
    phone_number,
    reading,
    resolve,
)
from lib.shop.sensitive import refuse_unconfirmed
from lib.shop.shop import Shop, Tx

LONGEST_NOTE = 1000


def add_member(
    shop: Shop,
    nickname: str,
    *,
    phone: str = "",
    home: Home | None = None,
    note: str = "",
    usual_slot: str | None = None,
    confirmed: bool = False,
) -> int:
    """Open a member file and return its id.

    Raises ``Refused`` without a nickname, for a wrong phone number and for one another member has,
    and for a note that tells of health or a child, unless a person ``confirmed`` that it does not.
    """
    refuse_unconfirmed(note, confirmed)
    with shop.write("member.add") as tx:
        member_id = _insert(tx, nickname, phone_number(phone), home or Home())
        extra = {"note": clean(note, LONGEST_NOTE, lines=True), "usual_slot": usual_slot}
        members = schema.member
        tx.execute(update(members).where(members.c.id == member_id).values(**extra))
        tx.note(f"member:{member_id}", after=_said(_row(tx, member_id)))
        tx.result = member_id
    return member_id


def change_member(
    shop: Shop,
    member_id: int,
    version: int,
    *,
    nickname: str,
    home: Home,
    phone: str | None = None,
    note: str = "",
    usual_slot: str | None = None,
    confirmed: bool = False,
) -> None:
    """Change a member file. ``phone`` None leaves the number as it is, ``""`` removes it.

    The old nickname stays findable. Raises ``Refused`` as :func:`add_member`, ``Conflict`` when
    somebody changed the file since ``version``.
    """
    with shop.write("member.change") as tx:
        before = _row(tx, member_id)
        refuse_unconfirmed(note, confirmed, before.note)
        values: dict[str, Any] = {
            **_name_values(nickname),
            **_home_values(home),
            "note": clean(note, LONGEST_NOTE, lines=True),
            "usual_slot": usual_slot,
        }
        if phone is not None:
            values.update(_phone_values(tx, phone_number(phone), member_id))
        tx.change(schema.member, member_id, version, **values)
        if before.folded_nickname != values["folded_nickname"]:
            _remember_name(tx, member_id, before.nickname)
            _forget_name(tx, member_id, values["folded_nickname"])
        tx.note(f"member:{member_id}", before=_said(before), after=_said(_row(tx, member_id)))


def set_usual_slot(shop: Shop, member_id: int, slot: str | None) -> str | None:
    """Remember the slot a resident usually comes in, None for none; returns the one of before.

    It is used for orders that come in without a slot (R21); orders that stand keep theirs. Raises
    ``Refused`` for a slot that does not exist.
    """
    with shop.write("member.usual_slot") as tx:
        row = _row(tx, member_id)
        if slot is not None and tx.settings.slot(slot) is None:
            raise Refused(N_("This pickup slot does not exist. Choose one of the offered."))
        tx.change(schema.member, member_id, row.version, usual_slot=slot)
        before, after = {"usual_slot": row.usual_slot}, {"usual_slot": slot}
        tx.note(f"member:{member_id}", before=before, after=after)
        was: str | None = row.usual_slot
        tx.result = was
    return was


def member_for(
    tx: Tx,
    nickname: str,
    *,
    area: str | None = None,
    building: str | None = None,
    unit: str | None = None,
    room: str | None = None,
    phone: str | None = None,
    member_id: int | None = None,
) -> int:
    """Return the member an order belongs to; open a file when there is none.

    ``member_id`` is a person's choice and stands. Otherwise the order goes to a member only when
    the hint ``attaches`` (see :class:`rules.Match`); everybody else gets a file of their own, and
    a merge is suggested later. The name is remembered; blanks of the file are filled, nothing
    known is overwritten. An unusable phone is left out. It is part of the caller's journal row.
    """
    home, number = Home.of(area, building, unit, room), usable_phone(phone)
    name = clean(nickname, LONGEST_NICKNAME) or str(home) or (masked(number) or "")
    if member_id is None:
        hint = Hint(name, home, number)
        match = resolve(hint, candidates_of(tx.connection, [hint]))
        member_id = match.member_id if match.attaches else None
    else:
        member_id = _standing(tx, member_id)
    if member_id is None:
        taken = number and _owner_of(tx, number)
        return _insert(tx, name, None if taken else number, home)
    _remember_name(tx, member_id, name)
    _fill_blanks(tx, member_id, home, number)
    return member_id


def members_for(tx: Tx, asked: Sequence[tuple[Hint, int | None]]) -> list[int]:
    """Return the members many orders belong to, as :func:`member_for` one after the other would.

    ``asked`` pairs a hint with the member a person chose, None where the hint decides. All who
    come in question are read at once and new files are written together: a chain or an order file
    costs a few statements, not a few per order.
    """
    bared = [(bare(hint), chosen) for hint, chosen in asked]
    register = Register(candidates_of(tx.connection, [hint for hint, _chosen in bared]))
    found = [
        _settled(tx, register, hint) if chosen is None else _for_chosen(tx, hint, chosen)
        for hint, chosen in bared
    ]
    written = _written(tx, register)
    return [written.get(member_id, member_id) for member_id in found]


def _for_chosen(tx: Tx, hint: Hint, member_id: int) -> int:
    home = hint.home
    return member_for(
        tx, hint.nickname, area=home.area, building=home.building, unit=home.unit, room=home.room,
        phone=hint.phone, member_id=member_id,
    )  # fmt: skip


def _settled(tx: Tx, register: Register, hint: Hint) -> int:
    number, known = register.settle(hint)
    if known is None or number < 0:
        return number
    now = register.members[number]
    if now.names != known.names:
        _remember_name(tx, number, hint.nickname)
    if (now.home, now.phone) != (known.home, known.phone):
        _fill_blanks(tx, number, hint.home, hint.phone)
    return number


def _written(tx: Tx, register: Register) -> dict[int, int]:
    """Write the new files; return number for now → id."""
    new = register.new
    if not new:
        return {}
    rows = [
        {
            **_name_values(register.nicknames[one.id][0]),
            **_home_values(one.home),
            "phone": one.phone,
            "phone_tail": one.phone[-4:] if one.phone else None,
            "created_at": tx.now,
        }
        for one in new
    ]
    aliases = schema.member_alias
    ids = tx.add_all(schema.member, rows)
    others = [
        {"member_id": member_id, "folded_nickname": folded(name), "nickname": name}
        for member_id, one in zip(ids, new, strict=True)
        for name in _other_spellings(register.nicknames[one.id])
    ]
    if others:
        tx.execute(insert(aliases), others)
    return dict(zip(register.nicknames, ids, strict=True))


def _other_spellings(names: Sequence[str]) -> list[str]:
    kept = {folded(name): name for name in reversed(names)}
    kept.pop(folded(names[0]), None)
    return [name for key, name in kept.items() if key]


def merge_members(shop: Shop, keep_id: int, drop_id: int, versions: tuple[int, int]) -> int:
    """Make two member files one and return the id of the merge, for taking it back.

    Orders, names and what ``keep`` lacks go over; ledgers stay where they are and are summed over
    both. ``versions`` are those of keep and drop as the person saw them. Raises ``Refused`` for
    one and the same file, ``Conflict`` when one changed meanwhile.
    """
    if keep_id == drop_id:
        raise Refused(N_("Choose two different members."))
    with shop.write("member.merge") as tx:
        keep, drop = _row(tx, keep_id), _row(tx, drop_id)
        if keep.merged_into or drop.merged_into:
            raise Refused(N_("One of the two was merged already."))
        tx.change(schema.member, drop_id, versions[1], merged_into=keep_id)
        filled = _blanks(keep, drop)
        tx.change(schema.member, keep_id, versions[0], **filled)
        moved: dict[str, Any] = {
            "orders": _move_orders(tx, drop_id, keep_id),
            "members": _move_children(tx, drop_id, keep_id),
            "names": _move_names(tx, drop, keep),
            "filled": {name: value for name, value in filled.items() if value is not None},
        }
        join_rhythm(tx, keep_id, drop_id)
        merge_id = tx.add(
            schema.member_merge,
            keep_id=keep_id,
            drop_id=drop_id,
            moved=moved,
            at=tx.now,
            person_id=tx.actor.id,
        )
        after = {"merged": drop.nickname, "orders": len(moved["orders"])}
        tx.note(f"member:{keep_id}", before=_said(keep), after=after, other=f"member:{drop_id}")
        tx.result = merge_id
    return merge_id


def unmerge(shop: Shop, merge_id: int) -> None:
    """Take a merge back: orders, names and filled blanks return to where they came from.

    Orders made since stay with the member that was kept. Raises ``Refused`` when it was taken back
    before, or when one of the two would then have spent the other's balance.
    """
    merges = schema.member_merge
    with shop.write("member.unmerge") as tx:
        row = tx.execute(select(merges).where(merges.c.id == merge_id)).first()
        if row is None:
            raise NotFound(N_("This merge does not exist."))
        done = tx.connection.execute(
            update(merges)
            .where(merges.c.id == merge_id, merges.c.undone_at.is_(None))
            .values(undone_at=tx.now)
        )
        if done.rowcount != 1:
            raise Refused(N_("This merge was taken back already."))
        keep, drop = _row(tx, row.keep_id), _row(tx, row.drop_id)
        if drop.merged_into != keep.id:
            raise Refused(
                N_("{name} was merged further since. Take that back first."), name=keep.nickname
            )
        _give_back(tx, keep, drop, row.moved)
        part_rhythm(tx, keep.id, drop.id)
        for member_id in (keep.id, drop.id):
            _refuse_negative_balance(tx, member_id)
        tx.note(f"member:{keep.id}", before={"merged": drop.nickname}, other=f"member:{drop.id}")


def decline_merge(shop: Shop, one_id: int, other_id: int) -> None:
    """Say that two members are not the same person: the suggestion does not come back."""
    pairs = schema.not_same_member
    first, second = sorted((one_id, other_id))
    with shop.write("member.not_same") as tx:
        known = select(pairs).where(pairs.c.first_id == first, pairs.c.second_id == second)
        if tx.execute(known).first() is None:
            for member_id in (first, second):
                _row(tx, member_id)
            tx.execute(insert(pairs).values(first_id=first, second_id=second, at=tx.now))
        tx.note(f"member:{first}", after="another person", other=f"member:{second}")


def _row(tx: Tx, member_id: int) -> Row[Any]:
    members = schema.member
    row = tx.execute(select(members).where(members.c.id == member_id)).first()
    if row is None:
        raise NotFound(N_("This member does not exist."))
    if row.erased_at is not None:
        raise NotFound(N_("This file was made anonymous."))
    return row


def _standing(tx: Tx, member_id: int) -> int:
    row = _row(tx, member_id)
    return int(row.merged_into or row.id)


def _insert(tx: Tx, nickname: str, phone: str | None, home: Home) -> int:
    values = {**_name_values(nickname), **_home_values(home), **_phone_values(tx, phone, None)}
    return tx.add(schema.member, **values, created_at=tx.now)


def _name_values(nickname: str) -> dict[str, str]:
    name = clean(nickname, LONGEST_NICKNAME)
    if not name.strip("\u200b\u200c\u200d\u2060 "):
        raise Refused(N_("Give the nickname the resident has in the group."))
    sound = reading(name)
    return {
        "nickname": name,
        "folded_nickname": folded(name),
        "initials": sound.initials,
        "pinyin": sound.pinyin,
    }


def _home_values(home: Home) -> dict[str, str | None]:
    bare = Home.of(*home.parts)
    return {"area": bare.area, "building": bare.building, "unit": bare.unit, "room": bare.room}


def _phone_values(tx: Tx, phone: str | None, member_id: int | None) -> dict[str, str | None]:
    owner = _owner_of(tx, phone) if phone else None
    if owner is not None and owner.id != member_id:
        raise Refused(
            N_("This phone number belongs to {name} already. If they are one person, merge them."),
            name=owner.nickname,
        )
    return {"phone": phone, "phone_tail": phone[-4:] if phone else None}


def _owner_of(tx: Tx, phone: str) -> Row[Any] | None:
    members = schema.member
    query = select(members).where(members.c.phone == phone, members.c.merged_into.is_(None))
    return tx.execute(query).first()


def _remember_name(tx: Tx, member_id: int, nickname: str) -> bool:
    """Keep another name of a member; False when it is the name or known already."""
    aliases, name = schema.member_alias, folded(nickname)
    if not name or name == _row(tx, member_id).folded_nickname:
        return False
    known = select(aliases).where(
        aliases.c.member_id == member_id, aliases.c.folded_nickname == name
    )
    if tx.execute(known).first() is not None:
        return False
    tx.execute(
        insert(aliases).values(member_id=member_id, folded_nickname=name, nickname=clean(nickname))
    )
    return True


def _forget_name(tx: Tx, member_id: int, name: str) -> None:
    aliases = schema.member_alias
    tx.execute(
        delete(aliases).where(aliases.c.member_id == member_id, aliases.c.folded_nickname == name)
    )


def _fill_blanks(tx: Tx, member_id: int, home: Home, phone: str | None) -> None:
    row = _row(tx, member_id)
    known = Home(row.area, row.building, row.unit, row.room)
    values: dict[str, Any] = {}
    if home.room and not known.contradicts(home):
        values = {
            name: theirs
            for name, mine, theirs in zip(
                ("area", "building", "unit", "room"), known.parts, home.parts, strict=True
            )
            if theirs and not mine
        }
    if phone and not row.phone and _owner_of(tx, phone) is None:
        values.update(phone=phone, phone_tail=phone[-4:])
    if values:
        tx.change(schema.member, member_id, row.version, **values)


def _blanks(keep: Row[Any], drop: Row[Any]) -> dict[str, Any]:
    """What the kept file lacks and the other has; a home goes over whole or not at all."""
    filled: dict[str, Any] = {}
    if not keep.phone and drop.phone:
        filled.update(phone=drop.phone, phone_tail=drop.phone_tail)
    home = ("area", "building", "unit", "room")
    if not any(getattr(keep, name) for name in home):
        filled.update({name: getattr(drop, name) for name in home if getattr(drop, name)})
    if not keep.usual_slot and drop.usual_slot:
        filled["usual_slot"] = drop.usual_slot
    if drop.note and drop.note not in keep.note:
        filled["note"] = f"{keep.note}\n{drop.note}".strip()[:LONGEST_NOTE]
    return filled


def _move_orders(tx: Tx, source: int, target: int) -> list[int]:
    orders = schema.customer_order
    mine = select(orders.c.id).where(orders.c.member_id == source).order_by(orders.c.id)
    ids = [int(order_id) for order_id in tx.execute(mine).scalars()]
    tx.execute(update(orders).where(orders.c.member_id == source).values(member_id=target))
    return ids


def _move_children(tx: Tx, source: int, target: int) -> list[int]:
    members = schema.member
    mine = select(members.c.id).where(members.c.merged_into == source)
    ids = [int(member_id) for member_id in tx.execute(mine).scalars()]
    tx.execute(update(members).where(members.c.merged_into == source).values(merged_into=target))
    return ids


def _move_names(tx: Tx, drop: Row[Any], keep: Row[Any]) -> list[str]:
    """Let the kept member be found under the other's names; return those that were new to it."""
    aliases = schema.member_alias
    rows = tx.execute(select(aliases.c.nickname).where(aliases.c.member_id == drop.id)).scalars()
    names = [drop.nickname, *rows]
    return [folded(name) for name in names if _remember_name(tx, keep.id, name)]


def _give_back(tx: Tx, keep: Row[Any], drop: Row[Any], moved: Mapping[str, Any]) -> None:
    members, orders = schema.member, schema.customer_order
    for name in moved["names"]:
        _forget_name(tx, keep.id, name)
    values = _as_before(keep, drop, moved["filled"])
    tx.change(members, keep.id, keep.version, **values)
    tx.change(members, drop.id, drop.version, merged_into=None)
    tx.execute(
        update(members)
        .where(members.c.id.in_(moved["members"]), members.c.merged_into == keep.id)
        .values(merged_into=drop.id)
    )
    for start in range(0, len(moved["orders"]), 500):
        part = moved["orders"][start : start + 500]
        mine = orders.c.id.in_(part) & (orders.c.member_id == keep.id)
        tx.execute(update(orders).where(mine).values(member_id=drop.id))


def _as_before(keep: Row[Any], drop: Row[Any], filled: Mapping[str, Any]) -> dict[str, Any]:
    """Empty what the merge filled, unless somebody typed over it since."""
    values: dict[str, Any] = {}
    for name, value in filled.items():
        if getattr(keep, name) != value:
            continue
        if name == "note":
            values[name] = value.removesuffix(drop.note).rstrip()
        else:
            values[name] = None
    return values


def _refuse_negative_balance(tx: Tx, member_id: int) -> None:
    entries = schema.balance_entry
    ids = family_ids(tx.connection, member_id)
    held = select(func.coalesce(func.sum(entries.c.amount_fen), 0)).where(
        entries.c.member_id.in_(ids)
    )
    if int(tx.execute(held).scalar_one()) < 0:
        raise Refused(
            N_("Since the merge one has spent the other's balance; it cannot be taken back.")
        )


def _said(row: Row[Any]) -> dict[str, Any]:
    return {
        "nickname": row.nickname,
        "phone": masked(row.phone),
        "home": str(Home(row.area, row.building, row.unit, row.room)),
        "usual_slot": row.usual_slot,
        "note": row.note,
    }
