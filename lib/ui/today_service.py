"""What is due in service as cards of the Today page; the most urgent stand first there."""

from collections.abc import Sequence
from datetime import timedelta

from lib.service.after_sales.clocks import Clock, State
from lib.service.after_sales.queries import Card as Case
from lib.service.delivery.queries import DeliveryDue
from lib.service.owed.queries import OwedDue
from lib.service.owed.rules import Owed
from lib.service.packing.rules import MaterialStock
from lib.service.reminders.queries import Open
from lib.service.reminders.rules import Kind
from lib.service.today.service import ServiceDue
from lib.shop.shop import Shop
from lib.trade.packaging.rules import PACKAGING_NAMES
from lib.ui import show
from lib.ui.today import Card
from lib.ui.today_supply import named
from lib.ui.words import _, plain

MOST_CASES = 3
"""Cases with a card of their own; the others are counted on the last one."""


def cards(shop: Shop, due: ServiceDue) -> list[Card]:
    """Return what is due in service, in no order of urgency."""
    return [
        *_replies(due),
        *_solutions(shop, due),
        *_unmatched(due.cases.unmatched),
        *_follow_ups(shop, due.cases.follow_ups),
        *_owed(due),
        *_reminders(shop, due.reminders),
        *_delivery(due.delivery),
        *_material(due.material),
    ]


def _replies(due: ServiceDue) -> list[Card]:
    """First replies by minutes: a resident is waiting, so none of them has time."""
    found = [
        _case(due, one, one.reply, timedelta.max, _("First reply to {name}"))
        for one in due.cases.replies[:MOST_CASES]
    ]
    return found + _more(due.cases.replies[MOST_CASES:], _("{count} more wait for a reply"), due)


def _solutions(shop: Shop, due: ServiceDue) -> list[Card]:
    """Solutions that are late or run out; what has time stands on the board."""
    warning = timedelta(hours=shop.settings.solve_warning_hours)
    urgent = [
        one
        for one in due.cases.solutions
        if one.solution.state(due.now, warning) in (State.LATE, State.SOON)
    ]
    found = [
        _case(due, one, one.solution, warning, _("Solution for {name}"))
        for one in urgent[:MOST_CASES]
    ]
    return found + _more(urgent[MOST_CASES:], _("{count} more wait for a solution"), due)


def _case(due: ServiceDue, one: Case, clock: Clock, warning: timedelta, label: str) -> Card:
    left = clock.left(due.now)
    late = left < timedelta()
    name = plain(one.name or _("somebody not known yet"))
    what = label.format(name=name)
    return Card(
        value=one.number,
        label=f"{what} · {plain(one.product)}" if one.product else what,
        state="late" if late else "soon" if left <= warning else "quiet",
        says=(_("{time} late") if late else _("{time} left")).format(time=show.span(left)),
        page="after_sales",
        link=_("Open the case"),
        query={"case": str(one.id)},
    )


def _more(rest: Sequence[Case], sentence: str, due: ServiceDue) -> list[Card]:
    if not rest:
        return []
    late = any(one.next_clock.left(due.now) < timedelta() for one in rest)
    return [
        Card(
            value=sentence.format(count=len(rest)),
            label=named(one.number for one in rest),
            state="late" if late else "soon",
            says=_("some are late") if late else _("run out soon"),
            page="after_sales",
            link=_("To the board"),
        )
    ]


def _unmatched(found: Sequence[Case]) -> list[Card]:
    if not found:
        return []
    return [
        Card(
            value=_("{count} reports").format(count=len(found)),
            label=_("Residents reported something by themselves"),
            state="soon",
            says=_("nobody said yet who it is"),
            page="after_sales",
            link=_("Find out who it is"),
            query={"case": str(found[0].id)} if len(found) == 1 else {},
        )
    ]


def _follow_ups(shop: Shop, found: Sequence[Case]) -> list[Card]:
    if not found:
        return []
    late = any(one.follow_up_on and one.follow_up_on < shop.today for one in found)
    return [
        Card(
            value=_("{count} to ask").format(count=len(found)),
            label=_("Is all well now? {cases}").format(cases=named(one.number for one in found)),
            state="late" if late else "soon",
            says=_("promised for before today") if late else _("to be asked today"),
            page="after_sales",
            link=_("Ask them"),
            query={"case": str(found[0].id)} if len(found) == 1 else {},
        )
    ]


def _owed(due: ServiceDue) -> list[Card]:
    owed: OwedDue = due.owed
    found = (*owed.late, *owed.soon)
    if not found:
        return []
    oldest = found[0]
    left = oldest.due_at - due.now
    says = (_("oldest {time} late") if owed.late else _("{time} left")).format(time=show.span(left))
    return [
        Card(
            value=_("{count} owed").format(count=len(found)),
            label=named(_owed_said(one) for one in found),
            state="late" if owed.late else "soon",
            says=says,
            page="pickup",
            link=_("To the pickup desk"),
        )
    ]


def _owed_said(one: Owed) -> str:
    return f"{one.name} {one.product} {one.unit.said(one.open)}"


def _reminders(shop: Shop, found: Sequence[Open]) -> list[Card]:
    return [
        Card(
            value=_("{count} to come").format(count=one.waiting),
            label=(
                _("Reminder before {slot}")
                if one.kind is Kind.BEFORE
                else _("Not collected: {slot}")
            ).format(slot=show.slot(one.slot, shop)),
            state="soon" if one.kind is Kind.BEFORE else "late",
            says=_("ready since {time}").format(time=show.moment(one.made_at, shop)),
            page="slots",
            link=_("Send the text"),
            query={"slot": one.slot},
        )
        for one in found
    ]


def _delivery(due: DeliveryDue) -> list[Card]:
    found = []
    if due.open or due.late:
        found.append(
            Card(
                value=_("{count} to bring").format(count=due.open + due.late),
                label=_("Door deliveries of today"),
                state="late" if due.late else "soon",
                says=_("{count} of them late").format(count=due.late)
                if due.late
                else _("to the door"),
                page="delivery",
                link=_("To the walk"),
            )
        )
    undecided = due.to_decide + due.proposed
    if undecided:
        found.append(
            Card(
                value=_("{count} to decide").format(count=undecided),
                label=_("To the door, or collected?"),
                state="soon",
                says=_("nobody decided yet"),
                page="delivery",
                link=_("Decide"),
            )
        )
    if due.ending:
        found.append(
            Card(
                value=_("{count} needs").format(count=due.ending),
                label=_("Needs for delivery that end soon"),
                state="soon",
                says=_("ask again"),
                page="delivery",
                link=_("To the needs"),
            )
        )
    return found


def _material(due: Sequence[MaterialStock]) -> list[Card]:
    if not due:
        return []
    return [
        Card(
            value=named(_(PACKAGING_NAMES[one.material]) for one in due),
            label=_("Packaging material runs out: {left} left").format(
                left=" / ".join(str(one.on_hand) for one in due)
            ),
            state="soon",
            says=_("buy again"),
            page="packaging",
            link=_("To the packaging"),
        )
    ]
