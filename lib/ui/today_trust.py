"""What is due in trust as cards of the Today page; the most urgent stand first there."""

from collections.abc import Iterable

from lib.service.today.trust import TrustDue
from lib.shop.quotas import Quota, Standing
from lib.shop.shop import Role, Shop
from lib.trust.community.queries import Due as CommunityDue
from lib.trust.costs.due.queries import SheetDue
from lib.trust.demands.queries import Card as Wish
from lib.trust.demands.queries import Due as WishesDue
from lib.trust.welfare.queries import Due as WelfareDue
from lib.ui import show
from lib.ui.today import Card
from lib.ui.today_supply import named
from lib.ui.words import _, plain

MOST_WISHES = 3
"""Wishes with a card of their own; the others are counted on the last one."""


def cards(shop: Shop, due: TrustDue) -> list[Card]:
    """Return what is due in trust, in no order of urgency."""
    return [
        *_wishes(shop, due.wishes),
        *_notes(due.notes),
        *_community(shop, due.community),
        *_welfare(shop, due.welfare),
        *_messages(due),
        *([_sheet(shop, due.sheet)] if due.sheet is not None else []),
    ]


def _wishes(shop: Shop, due: WishesDue) -> list[Card]:
    running = (*due.late, *due.soon)
    found = [_running(shop, one) for one in running[:MOST_WISHES]]
    more = running[MOST_WISHES:]
    if more:
        late = sum(one in due.late for one in more)
        found.append(
            _wish_card(
                more,
                _("{count} more wishes").format(count=len(more)),
                "late" if late else "soon",
                _("{count} of them late").format(count=late) if late else _("run out soon"),
            )
        )
    if due.came_back:
        found.append(
            _wish_card(
                due.came_back,
                _("{count} wishes").format(count=len(due.came_back)),
                "late" if any(_is_over(one, shop) for one in due.came_back) else "soon",
                _("an answer was promised by today"),
            )
        )
    if due.untold:
        people = sum(one.untold for one in due.untold)
        found.append(
            _wish_card(
                due.untold,
                _("{count} residents").format(count=people),
                "soon",
                _("not told yet that it is on offer"),
            )
        )
    return found


def _running(shop: Shop, one: Wish) -> Card:
    """Draw one wish with its countdown; ``due`` is there while an answer is owed."""
    assert one.due is not None
    left = one.due - shop.clock.now()
    late = left.total_seconds() < 0
    sentence = _("{time} late") if late else _("{time} left to answer")
    return Card(
        value=_("{count} people").format(count=one.people),
        label=_("Wish: {title}").format(title=plain(one.title)),
        state="late" if late else "soon",
        says=sentence.format(time=show.span(left)),
        page="demands",
        link=_("To the wish"),
        query={"demand": str(one.id)},
    )


def _wish_card(wishes: Iterable[Wish], value: str, state: show.State, says: str) -> Card:
    found = list(wishes)
    alone = {"demand": str(found[0].id)} if len(found) == 1 else {}
    return Card(
        value=value,
        label=_("Wishes: {titles}").format(titles=named(one.title for one in found)),
        state=state,
        says=says,
        page="demands",
        link=_("To the wish") if alone else _("To the wishes"),
        query=alone,
    )


def _is_over(one: Wish, shop: Shop) -> bool:
    return one.next_on is not None and one.next_on < shop.today


def _notes(waiting: int) -> list[Card]:
    if not waiting:
        return []
    return [
        Card(
            value=_("{count} notes").format(count=waiting),
            label=_("Wishes that residents sent from the light page"),
            state="soon",
            says=_("not read yet"),
            page="demands",
            link=_("Read them"),
            query={"view": "notes"},
        )
    ]


def _community(shop: Shop, due: CommunityDue) -> list[Card]:
    topic, activity = due.topic_meter, due.activity_meter
    nudges = (
        (topic.is_nudge, topic.quota, _("Topics this week"), "topics"),
        (activity.is_nudge, activity.quota, _("Activities this month"), "activities"),
    )
    return [
        *_tip(due),
        *_topics(shop, due),
        *(
            _nudge(shop, quota, label, "community", {"view": view})
            for is_nudge, quota, label, view in nudges
            if is_nudge
        ),
        *_activities(shop, due),
    ]


def _tip(due: CommunityDue) -> list[Card]:
    if due.tip_sent:
        return []
    return [
        Card(
            value=_("Tip of the day"),
            label=plain(due.tip.text) if due.tip else _("Open the bank of tips and choose one."),
            state="soon",
            says=_("not sent yet"),
            page="community",
            link=_("Send it"),
            query={"view": "tips"},
        )
    ]


def _topics(shop: Shop, due: CommunityDue) -> list[Card]:
    planned = [
        Card(
            value=_("Topic"),
            label=plain(one.question),
            state="late" if one.planned_on < shop.today else "soon",
            says=_("planned for {day}").format(day=show.day(one.planned_on, shop)),
            page="community",
            link=_("Ask the group"),
            query={"topic": str(one.id)},
        )
        for one in due.topics
    ]
    return planned + [
        Card(
            value=_("{count} answers").format(count=one.answers),
            label=plain(one.question),
            state="soon",
            says=_("not all looked through"),
            page="community",
            link=_("Read the answers"),
            query={"topic": str(one.id)},
        )
        for one in due.answered
    ]


def _activities(shop: Shop, due: CommunityDue) -> list[Card]:
    found = [
        Card(
            value=f"{one.tasks_done} / {one.tasks}" if one.tasks else _("Activity"),
            label=_("{title}, {day}").format(title=plain(one.title), day=show.day(one.day, shop)),
            state="soon" if one.tasks_done < one.tasks else "good",
            says=_("things are ready") if one.tasks else _("no checklist"),
            page="community",
            link=_("To the activity"),
            query={"activity": str(one.id)},
        )
        for one in due.near
    ]
    return found + [
        Card(
            value=_("Activity"),
            label=_("{title}, {day}").format(title=plain(one.title), day=show.day(one.day, shop)),
            state="soon",
            says=_("how many came?"),
            page="community",
            link=_("Write it down"),
            query={"activity": str(one.id)},
        )
        for one in due.uncounted
    ]


def _welfare(shop: Shop, due: WelfareDue) -> list[Card]:
    owner = shop.actor.role is Role.OWNER
    page = "welfare" if owner else "rounds"
    found = [
        Card(
            value=one.unit.said(max(one.left, 0)),
            label=_("Welfare item {product}: what is left").format(product=plain(one.product)),
            state="good" if one.left > 0 else "soon",
            says=_("until {time}").format(time=show.moment(one.ends_at, shop)),
            page=page,
            link=_("To the welfare item") if owner else _("Open the round"),
            query={} if owner else {"round": str(one.round_id)},
        )
        for one in due.running
    ]
    if not owner:
        return found
    found += [
        Card(
            value=show.money(one.price),
            label=_("Welfare item {product}, planned").format(product=plain(one.product)),
            state="late" if one.is_late else "soon",
            says=_("planned for {day}").format(day=show.day(one.planned_on, shop)),
            page="welfare",
            link=_("Put it on offer"),
        )
        for one in due.waiting
    ]
    if due.quota.standing is Standing.NUDGE:
        found.append(_nudge(shop, due.quota, _("Welfare items this month"), "welfare", {}))
    if due.meter is not None and due.meter.is_exceeded:
        found.append(
            Card(
                value=show.money(-due.meter.left),
                label=_("Welfare of this month beyond its budget"),
                state="late",
                says=_("budget {amount}").format(amount=show.money(due.meter.budget)),
                page="welfare",
                link=_("To the welfare items"),
            )
        )
    return found


def _nudge(shop: Shop, quota: Quota, label: str, page: str, query: dict[str, str]) -> Card:
    return Card(
        value=f"{quota.done} / {quota.least}–{quota.most}",
        label=label,
        state="soon",
        says=_("none so far, until {day}").format(day=show.day(quota.last, shop)),
        page=page,
        link=_("Plan one"),
        query=query,
    )


def _messages(due: TrustDue) -> list[Card]:
    if not due.messages.count:
        return []
    return [
        Card(
            value=_("{count} messages").format(count=due.messages.count),
            label=_("Messages a robot did not send"),
            state="late",
            says=_("{count} of them perhaps sent").format(count=due.messages.perhaps)
            if due.messages.perhaps
            else _("nobody in the group has read them"),
            page="messages",
            link=_("See why"),
        )
    ]


def _sheet(shop: Shop, due: SheetDue) -> Card:
    wrong = due.dearer + due.cheaper
    if due.newest is None:
        value, label, says = _("Price sheet"), _("Nothing published yet"), _("residents see none")
    elif wrong:
        value = _("{count} products").format(count=len(wrong))
        label = _("On offer at another price than published: {names}").format(names=named(wrong))
        says = _("of {day}").format(day=show.day(due.newest, shop))
    elif due.missing:
        value = _("{count} products").format(count=len(due.missing))
        label = _("On offer and on no price sheet: {names}").format(names=named(due.missing))
        says = _("of {day}").format(day=show.day(due.newest, shop))
    else:
        value, label = _("Price sheet"), _("None published this month")
        says = _("of {day}").format(day=show.day(due.newest, shop))
    return Card(
        value=value,
        label=label,
        state="late" if due.dearer else "soon",
        says=says,
        page="costs",
        link=_("Publish a sheet"),
    )
