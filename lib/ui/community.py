"""The group calendar on screen: what to look at, the quotas, the week day by day (R12-R14)."""

from datetime import date, timedelta

import streamlit as st

from lib.shop.quotas import Standing
from lib.shop.shop import Shop
from lib.trust.community.activities.queries import Activity
from lib.trust.community.activities.rules import STATUS_NAMES, Status
from lib.trust.community.tips import queries as tips
from lib.trust.community.tips.commands import fill_bank
from lib.trust.community.tips.rules import Ratio
from lib.trust.community.topics.queries import Topic
from lib.trust.community.week import queries
from lib.trust.community.week.queries import Day
from lib.trust.community.week.rules import Meter, week_of
from lib.ui import choice, community_tips, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

WEEK, ACTIVITIES, TIPS, TOPICS = "week", "activities", "tips", "topics"
_LABEL_WIDTH = 130
_FURTHEST = timedelta(days=3660)


def heading(shop: Shop) -> str:
    """Draw the title and the choice of parts; return the part to draw."""
    st.title(_("Group calendar"))
    if not tips.is_filled(shop):
        fill_bank(shop)
    names = {
        WEEK: _("Day by day"),
        ACTIVITIES: _("Activities"),
        TIPS: _("Tips"),
        TOPICS: _("Topics"),
    }
    asked = st.query_params.get("view", WEEK)
    if "activity" in st.query_params:
        asked = ACTIVITIES
    elif "topic" in st.query_params:
        asked = TOPICS
    start = asked if asked in names else WEEK
    view = choice.of_views(_("Part of the page"), names, start, f"community-view-{start}")
    if view != start:
        st.query_params.clear()
        st.query_params["view"] = view
        st.rerun()
    return view


def open_one(name: str, row_id: int) -> None:
    """Go to one activity or topic; a callback of buttons."""
    st.query_params.clear()
    st.query_params[name] = str(row_id)


def look_anew(row_id: int, *forms: str) -> None:
    """Show all forms of a row anew after a save of one: its version and its values are others."""
    for name in forms:
        Form(f"{name}-{row_id}").renew()


def back(view: str, label: str) -> None:
    """Draw the way back from one thing to the list."""
    st.button(
        label,
        icon=":material/arrow_back:",
        type="tertiary",
        key=f"back-{view}",
        on_click=_show,
        args=(view,),
    )


def week(shop: Shop) -> None:
    """Draw the chosen week: quotas, then each day with what is planned, sent and missing."""
    day = _asked_day(shop)
    found = queries.week(shop, day)
    _steps(shop, found.first)
    with st.container(key="week-meters"):
        meters(shop, found.topics, found.activities)
    with st.container(key="week", gap="small"):
        for each in found.days:
            key = "week-today" if each.day == shop.today else f"week-{each.day:%m%d}"
            with st.container(border=True, key=key):
                _day(shop, each)


def meters(shop: Shop, topic: Meter, activity: Meter) -> None:
    """Draw the quotas with their words, and tips against offers."""
    with st.container(horizontal=True, gap="small"):
        _meter(_("Topics this week"), topic)
        _meter(_("Activities this month"), activity)
        _ratio(tips.ratios(shop))


def _meter(label: str, meter: Meter) -> None:
    quota = meter.quota
    planned = _("of {count}").format(count=_span(quota.least, quota.most))
    with st.container(border=True, width=260):
        st.markdown(f"{label}  \n**{quota.done}** :small[{planned}]")
        st.progress(min(quota.done / max(quota.most, 1), 1.0))
        with st.container(horizontal=True):
            _standing(meter)
            if meter.planned:
                show.state("quiet", _("{count} more planned").format(count=meter.planned))


def _span(least: int, most: int) -> str:
    return str(most) if least >= most else f"{least}–{most}"


def _standing(meter: Meter) -> None:
    standing = meter.standing
    if standing is Standing.NUDGE:
        show.state("soon", _("none yet: time to plan one"))
    elif standing is Standing.BEYOND:
        show.state("quiet", _("beyond plan"))
    elif standing is Standing.REACHED:
        show.state("good", _("reached"))
    else:
        show.state("quiet", _("still open"))


def _ratio(found: tuple[Ratio, ...]) -> None:
    with st.container(border=True, width=260):
        first = found[0]
        said = _("{tips} tips : {offers} offers").format(tips=first.tips, offers=first.offers)
        st.markdown(f"{_('Sent in {days} days').format(days=first.days)}  \n**{said}**")
        for other in found[1:]:
            text = _("{days} days: {tips} : {offers}")
            st.caption(text.format(days=other.days, tips=other.tips, offers=other.offers))
        if first.is_noisy:
            show.state("soon", _("more offers than tips"))
        elif first.tips:
            show.state("good", _("more tips than offers") if first.tips > first.offers else "1 : 1")


def _day(shop: Shop, this: Day) -> None:
    is_today = this.day == shop.today
    key = f"weekday-{this.day.weekday()}"
    with st.container(horizontal=True, vertical_alignment="top", key=key):
        with st.container(width=_LABEL_WIDTH, gap="xxsmall", key=f"{key}-label"):
            st.markdown(f"**{show.weekday(this.day.weekday())}** {this.day.month}/{this.day.day}")
            if is_today:
                show.state("good", _("today"))
        with st.container(width="stretch", gap="xsmall"):
            if is_today:
                community_tips.todays(shop)
            else:
                _tip(shop, this)
            for topic in this.topics:
                _topic(shop, topic)
            for activity in this.activities:
                _activity(activity)
            _beside(shop, this)


def _tip(shop: Shop, this: Day) -> None:
    if this.sent:
        for one in this.sent:
            st.markdown(f":material/lightbulb: {plain(one.text)} {_mark('good', _('sent'))}")
    elif this.day < shop.today:
        st.caption(f":material/lightbulb: {_('no tip was sent')}")
    elif this.tip is not None:
        st.caption(f":material/lightbulb: {plain(this.tip.text)} · {_('proposed')}")
    else:
        st.caption(f":material/lightbulb: {_('no tip in the bank fits')}")


def _topic(shop: Shop, this: Topic) -> None:
    if this.closed_at is not None:
        mark = _mark("quiet", _("topic closed"))
    elif this.asked_at is not None:
        mark = _mark("good", _("asked"))
    elif this.planned_on < shop.today:
        mark = _mark("late", _("not asked"))
    else:
        mark = _mark("quiet", _("planned"))
    answers = _("{count} answers").format(count=this.answers) if this.answers else ""
    _line(f":material/forum: {plain(this.question)} {mark} :small[{answers}]", "topic", this.id)


def _activity(this: Activity) -> None:
    kind = {Status.HELD: "good", Status.PLANNED: "quiet", Status.CANCELLED: "quiet"}[this.status]
    mark = _mark(kind, _(STATUS_NAMES[this.status]))
    text = f":material/celebration: {plain(f'{this.details.starts} {this.title}')} {mark}"
    if this.status is Status.PLANNED and this.tasks_open:
        left = _("{count} of {all} still to do").format(count=this.tasks_open, all=this.tasks)
        text += f" :small[{left}]"
    _line(text, "activity", this.id)


def _line(text: str, name: str, row_id: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(text, width="content")
        st.button(
            _("Open"),
            type="tertiary",
            icon=":material/arrow_forward:",
            key=f"week-{name}-{row_id}",
            on_click=open_one,
            args=(name, row_id),
        )


def _beside(shop: Shop, this: Day) -> None:
    said = [
        _("{title} closes {time}").format(
            title=plain(one.title), time=show.moment(one.at, shop).split(" ")[-1]
        )
        for one in this.cut_offs
    ]
    said += [_("Welfare item: {name}").format(name=plain(one.product)) for one in this.welfare]
    if said:
        st.caption(f":material/campaign: {' · '.join(said)}")


def _mark(kind: str, text: str) -> str:
    colour = {"good": "green", "late": "red", "soon": "orange", "quiet": "gray"}[kind]
    icon = {"good": "check_circle", "late": "error", "soon": "schedule", "quiet": "circle"}[kind]
    return f":{colour}-badge[:material/{icon}: {text}]"


def _steps(shop: Shop, first: date) -> None:
    last = first + timedelta(days=6)
    this = week_of(shop.today)[0]
    with st.container(horizontal=True, vertical_alignment="center"):
        _step(":material/chevron_left:", _("Week before"), first - timedelta(days=7))
        span = f"{first.year}  {first.month}/{first.day} – {last.month}/{last.day}"
        st.markdown(f"**{span}**", width="content")
        _step(":material/chevron_right:", _("Week after"), first + timedelta(days=7))
        if first != this:
            _step(":material/today:", _("This week"), this)


def _step(icon: str, label: str, monday: date) -> None:
    st.button(
        label,
        icon=icon,
        type="tertiary",
        key=f"week-step-{icon}",
        on_click=_go_to,
        args=(monday.isoformat(),),
    )


def _go_to(monday: str) -> None:
    st.query_params["week"] = monday


def _show(view: str) -> None:
    st.query_params.clear()
    st.query_params["view"] = view


def _asked_day(shop: Shop) -> date:
    """Return the day that the address names by ``?week=``; today for none or a far one."""
    try:
        day = date.fromisoformat(st.query_params.get("week", ""))
    except ValueError:
        return shop.today
    return day if abs(day - shop.today) <= _FURTHEST else shop.today
