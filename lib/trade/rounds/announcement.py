"""Texts for the group: opening a round, and reminding of its cut-off. Pure.

The shape follows what groups read (facts of the field, 4.3): the first line carries goods, price
and deadline; few short lines; one emoji per line at most; times as people say them; one call to
action. Nothing stands here that the shop does not know: lines about origin or cost appear only
when they are given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from lib.kernel.clock import local
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.messages.events import Event
from lib.shop.messages.filling import filled
from lib.shop.messages.trade_events import CUT_OFF, ROUND
from lib.shop.settings import Settings
from lib.trade.rounds.rules import WEEKDAYS

Translate = Callable[[str], str]

FIRST_LINE_GOODS = 2
"""Products named in the first line; further ones get a line each below it."""


@dataclass(frozen=True)
class Goods:
    """One offer as the group reads it.

    ``about`` is what the shop says of it (origin, day of harvest), ``cost`` where its price goes;
    both may be empty. ``left`` is what can still be ordered, None without a limit. ``compared`` is
    a price that stands beside it and ``meaning`` what that is: without it, it is not said.
    """

    name: str
    unit: Unit
    price: Money
    household_limit: int | None = None
    left: int | None = None
    about: str = ""
    cost: str = ""
    is_fresh: bool = False
    compared: Money | None = None
    meaning: str = ""


@dataclass(frozen=True)
class Notice:
    """What an announcement says: the round, its goods, and the shop's habits."""

    title: str
    cut_off_at: datetime
    pickup_day: date
    goods: Sequence[Goods]
    note: str = ""


def announcement(notice: Notice, settings: Settings, now: datetime, translate: Translate) -> str:
    """Return the text that opens a round, in the language of ``translate``, at ``now``."""
    goods = notice.goods
    listed = [_goods_line(each, translate) for each in goods] if len(goods) > 1 else []
    values: dict[str, object] = {
        "sign": "🥬" if any(each.is_fresh for each in goods) else "🛒",
        "title": notice.title,
        "goods": _named(goods, translate),
        "cut_off": said_moment(notice.cut_off_at, now, settings.time_zone, translate),
        "day": said_day(notice.pickup_day, _today(now, settings), translate),
        "list": "\n".join(listed),
        "about": "\n".join(line for each in goods for line in _known_of(each, translate)),
        "note": notice.note,
        "pickup": _pickup_line(settings, translate),
        "wanted": _wanted(goods),
    }
    return _said(ROUND, values, translate)


def cut_off_reminder(
    notice: Notice, settings: Settings, now: datetime, translate: Translate
) -> str:
    """Return the short text that says the cut-off is near, with what is left of limited goods."""
    lines = []
    for each in notice.goods:
        if each.left is not None and each.left > 0:
            left = each.unit.said(each.left)
            lines.append(
                translate(N_("{name}: only {left} left")).format(name=each.name, left=left)
            )
        elif each.left is not None:
            lines.append(translate(N_("{name}: sold out")).format(name=each.name))
    values: dict[str, object] = {
        "title": notice.title,
        "when": said_moment(notice.cut_off_at, now, settings.time_zone, translate),
        "day": said_day(notice.pickup_day, _today(now, settings), translate),
        "left": "\n".join(lines),
    }
    return _said(CUT_OFF, values, translate)


def round_title(opens_at: datetime, settings: Settings, translate: Translate) -> str:
    """Return the title a new round gets when nobody types one: ``周五团 9月25日``."""
    day = local(opens_at, settings.time_zone)
    return translate(N_("{weekday} round {month}/{day}")).format(
        weekday=translate(WEEKDAYS[day.weekday()]), month=day.month, day=day.day
    )


def said_moment(moment: datetime, now: datetime, zone_name: str, translate: Translate) -> str:
    """Return a moment as a message says it: 今晚20:00, 明早8:00, 周三11月25日 20:00."""
    here, today = local(moment, zone_name), local(now, zone_name).date()
    clock = f"{here.hour}:{here:%M}"
    ahead = (here.date() - today).days
    if ahead in (0, 1):
        return translate(_PARTS[ahead][_part_of_day(here)]).format(time=clock)
    day = said_day(here.date(), today, translate)
    return translate(N_("{day} {time}")).format(day=day, time=clock)


def said_day(day: date, today: date, translate: Translate) -> str:
    """Return a day as a message says it: 今天(周五), 明天(周六), 周三11月25日."""
    weekday = translate(WEEKDAYS[day.weekday()])
    if day == today:
        return translate(N_("today ({weekday})")).format(weekday=weekday)
    if day == today + timedelta(days=1):
        return translate(N_("tomorrow ({weekday})")).format(weekday=weekday)
    return translate(N_("{weekday} {month}/{day}")).format(
        weekday=weekday, month=day.month, day=day.day
    )


def said_price(price: Money, unit: Unit, translate: Translate) -> str:
    """Return a price as a message says it: 4.8元/斤."""
    return translate(N_("{price} yuan/{unit}")).format(price=short(price), unit=unit.word)


def short(price: Money) -> str:
    """Return an amount of yuan without needless zeros: 4.8, 5, 12.05."""
    yuan = price.yuan
    return f"{yuan.to_integral_value() if yuan == yuan.to_integral_value() else _trimmed(yuan)}"


def said_cost(parts: Sequence[tuple[str, Money]]) -> str:
    """Return where a price goes: ``进价4.5+损耗0.2+本店留0.1=4.8``, a loss taken off."""
    said = "".join(
        f"{'-' if amount.fen < 0 else '+'}{label}{short(Money(abs(amount.fen)))}"
        for label, amount in parts
    )
    return f"{said.removeprefix('+')}={short(total(amount for _label, amount in parts))}"


_TODAY = (N_("this morning {time}"), N_("today {time}"), N_("tonight {time}"))
_TOMORROW = (N_("tomorrow morning {time}"), N_("tomorrow {time}"), N_("tomorrow evening {time}"))
_PARTS = (_TODAY, _TOMORROW)
_NOON, _EVENING = 11, 18


def _part_of_day(here: datetime) -> int:
    return (here.hour >= _NOON) + (here.hour >= _EVENING)


def _trimmed(yuan: Decimal) -> str:
    return f"{yuan:f}".rstrip("0")


def _today(now: datetime, settings: Settings) -> date:
    return local(now, settings.time_zone).date()


def _said(event: Event, values: dict[str, object], translate: Translate) -> str:
    return filled(translate(event.wording), values)


def _named(goods: Sequence[Goods], translate: Translate) -> str:
    named = translate(N_(", ")).join(
        f"{each.name} {said_price(each.price, each.unit, translate)}"
        for each in goods[:FIRST_LINE_GOODS]
    )
    if len(goods) > FIRST_LINE_GOODS:
        named = translate(N_("{named} and more, {count} goods")).format(
            named=named, count=len(goods)
        )
    return named


def _goods_line(each: Goods, translate: Translate) -> str:
    line = f"· {each.name} {said_price(each.price, each.unit, translate)}"
    return line + _limits(each, translate)


def _limits(each: Goods, translate: Translate) -> str:
    said = []
    if each.household_limit is not None:
        limit = each.unit.said(each.household_limit)
        said.append(translate(N_("{limit} per household")).format(limit=limit))
    if each.left is not None:
        said.append(translate(N_("{left} in all")).format(left=each.unit.said(max(each.left, 0))))
    if not said:
        return ""
    return translate(N_(" ({limits})")).format(limits=translate(N_(", ")).join(said))


def _known_of(each: Goods, translate: Translate) -> list[str]:
    lines = []
    if each.compared is not None and each.meaning:
        lines.append(
            translate(N_("{name}: {meaning} {compared} yuan, now {price}")).format(
                name=each.name,
                meaning=each.meaning,
                compared=short(each.compared),
                price=said_price(each.price, each.unit, translate),
            )
        )
    about = " ".join(each.about.split())
    if about:
        lines.append(translate(N_("{name}: {about}")).format(name=each.name, about=about))
    if each.cost:
        lines.append(
            translate(N_("What {name} costs us: {cost}")).format(name=each.name, cost=each.cost)
        )
    return lines


def _pickup_line(settings: Settings, translate: Translate) -> str:
    slots = " ".join(
        translate(N_("{slot} {hours}")).format(slot=translate(slot.name), hours=slot.hours)
        for slot in settings.slots
    )
    where = settings.pickup_point
    if where:
        return translate(N_("Pickup at {where}: {slots}")).format(where=where, slots=slots)
    return translate(N_("Pickup: {slots}")).format(slots=slots)


def _wanted(goods: Sequence[Goods]) -> str:
    first = goods[0]
    quantity = first.unit.said(first.unit.amount(1))
    return quantity if len(goods) == 1 else f"{first.name}{quantity}"
