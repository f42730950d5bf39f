"""Conditions on rows that are past their time, kind by kind: preview and clean-up share them."""

from sqlalchemy import ColumnElement, Table, and_, exists, func, or_, select, true

from lib.db import schema
from lib.members.clean_up.rules import Borders, Kind

_member, _order, _case = schema.member, schema.customer_order, schema.after_sales_case
_consent, _wish, _demand = schema.consent, schema.demand_wish, schema.demand

TABLES: dict[Kind, Table] = {
    Kind.MEMBERS: schema.member,
    Kind.BIRTHDAYS: schema.birthday,
    Kind.CONSENTS: schema.consent,
    Kind.CHAINS: schema.intake,
    Kind.ENTRIES: schema.customer_order,
    Kind.POSTS: schema.group_post,
    Kind.MESSAGES: schema.message_delivery,
    Kind.LISTS: schema.pickup_notice,
    Kind.WISHES: schema.demand_wish,
    Kind.ANSWERS: schema.topic_answer,
    Kind.HEARD: schema.heard_line,
    Kind.REPORTS: schema.after_sales_case,
    Kind.OPENINGS: schema.member_opening,
}


def past(kind: Kind, limit: Borders) -> ColumnElement[bool]:
    """Return the condition on the rows of ``TABLES[kind]`` that are past their time."""
    return {
        Kind.MEMBERS: lambda: and_(gone(limit), ~held(limit)),
        Kind.BIRTHDAYS: lambda: _forgotten_birthday(limit),
        Kind.CONSENTS: lambda: _ended_long_ago(limit),
        Kind.CHAINS: lambda: _old_chain(limit),
        Kind.ENTRIES: lambda: and_(
            _order.c.placed_at < limit.text_at, _order.c.source_body.is_not(None)
        ),
        Kind.POSTS: lambda: and_(
            schema.group_post.c.at < limit.text_at, schema.group_post.c.text != ""
        ),
        Kind.MESSAGES: lambda: _old_message(limit),
        Kind.LISTS: lambda: schema.pickup_notice.c.day <= limit.text,
        Kind.WISHES: lambda: _old_wish(limit),
        Kind.ANSWERS: lambda: and_(
            schema.topic_answer.c.member_id.is_(None), schema.topic_answer.c.at < limit.text_at
        ),
        Kind.HEARD: lambda: schema.heard_line.c.at < limit.text_at,
        Kind.REPORTS: lambda: _old_report(limit),
        Kind.OPENINGS: lambda: schema.member_opening.c.day <= limit.opening,
    }[kind]()


def gone(limit: Borders) -> ColumnElement[bool]:
    """The condition on members who have not come since the border and whose file is their own."""
    mine, rhythm = _order.c.member_id == _member.c.id, schema.member_rhythm
    # The short cut that is reckoned once a day spares nearly all the look at their orders.
    seen = exists().where(rhythm.c.member_id == _member.c.id, rhythm.c.last_on > limit.visit)
    recent = exists().where(mine, _order.c.placed_at >= limit.visit_at)
    later = exists().where(mine, _order.c.pickup_day > limit.visit)
    return and_(
        _member.c.merged_into.is_(None),
        _member.c.erased_at.is_(None),
        _member.c.created_at < limit.visit_at,
        # An order placed lately is found by index; only of those without one each day is looked at.
        ~seen,
        ~recent,
        ~later,
    )


def held(limit: Borders) -> ColumnElement[bool]:
    """The condition on members with whom the shop is not finished: their file stays for now.

    Money held for them, goods promised, a complaint that is open, a delivery that is agreed, or
    points redeemed lately.
    """
    balance, owed, redeemed = schema.balance_entry, schema.owed_goods, schema.redemption
    need = schema.delivery_need
    held_for = (
        select(func.coalesce(func.sum(balance.c.amount_fen), 0))
        .where(balance.c.member_id.in_(_family()))
        .correlate(_member)
        .scalar_subquery()
    )
    return or_(
        held_for != 0,
        exists().where(
            owed.c.member_id.in_(_family()),
            owed.c.settled_at.is_(None),
            owed.c.cancelled_at.is_(None),
        ),
        exists().where(
            _case.c.member_id.in_(_family()),
            _case.c.status.not_in(("closed", "withdrawn", "merged")),
        ),
        exists().where(
            need.c.member_id.in_(_family()),
            need.c.ended_at.is_(None),
            need.c.until_on >= limit.today,
        ),
        exists().where(redeemed.c.member_id.in_(_family()), redeemed.c.at >= limit.visit_at),
    )


def _family() -> ColumnElement[int]:
    """The ids of a member and of what was merged into it, for ``IN``."""
    relative = schema.member.alias("relative")
    mine = or_(relative.c.id == _member.c.id, relative.c.merged_into == _member.c.id)
    return select(relative.c.id).where(mine).correlate(_member).scalar_subquery()


def _forgotten_birthday(limit: Borders) -> ColumnElement[bool]:
    days = schema.birthday
    owner, relative = _member.alias("owner"), _member.alias("relative")
    kept = func.coalesce(owner.c.merged_into, owner.c.id)
    ordered = (
        select(_order.c.id)
        .join(relative, relative.c.id == _order.c.member_id)
        .join(owner, or_(relative.c.id == kept, relative.c.merged_into == kept))
        .where(owner.c.id == days.c.member_id, _order.c.pickup_day > limit.birthday)
        .correlate(days)
        .exists()
    )
    # Found by index for nearly all; each day is looked at only of those without a late order.
    lately = exists().where(
        _order.c.member_id == days.c.member_id, _order.c.placed_at >= limit.birthday_at
    )
    return and_(days.c.created_at < limit.birthday_at, ~lately, ~ordered)


def _ended_long_ago(limit: Borders) -> ColumnElement[bool]:
    """A consent ends with the next row about the same purpose; a withdrawal with itself."""
    later = _consent.alias("later")
    same = and_(
        later.c.member_id == _consent.c.member_id,
        later.c.purpose == _consent.c.purpose,
        later.c.id > _consent.c.id,
    )
    replaced = exists().where(same, later.c.at < limit.consent_at)
    taken_back = and_(
        _consent.c.given != true(),
        _consent.c.at < limit.consent_at,
        ~exists().where(same),
    )
    erased = exists().where(
        _member.c.id == _consent.c.member_id, _member.c.erased_at < limit.consent_at
    )
    return or_(replaced, taken_back, erased)


def _old_chain(limit: Borders) -> ColumnElement[bool]:
    chain = schema.intake
    return and_(chain.c.at < limit.text_at, or_(chain.c.content != "", chain.c.file_name != ""))


def _old_message(limit: Borders) -> ColumnElement[bool]:
    message = schema.message_delivery
    return and_(
        message.c.created_at < limit.text_at,
        message.c.status.in_(("sent", "cancelled", "failed", "perhaps")),
        or_(message.c.text != "", message.c.whole != ""),
    )


def _old_wish(limit: Borders) -> ColumnElement[bool]:
    finished = exists().where(
        _demand.c.id == _wish.c.demand_id, _demand.c.status.in_(("offered", "declined"))
    )
    return and_(
        _wish.c.asked_at < limit.text_at,
        or_(_wish.c.said != "", _wish.c.name != ""),
        finished,
    )


def _old_report(limit: Borders) -> ColumnElement[bool]:
    return and_(
        _case.c.member_id.is_(None),
        _case.c.closed_at < limit.text_at,
        or_(_case.c.reporter_name != "", _case.c.reporter_home != ""),
    )
