"""One festival on screen: what every household gets, who has it, the greeting (R35)."""

import streamlit as st

from lib.kernel.festivals import FESTIVAL_NAMES, Festival
from lib.members.gifts.commands import Why
from lib.members.gifts.festivals.commands import give_festival_gift, plan_festival
from lib.members.gifts.festivals.queries import FestivalList, festival_list
from lib.members.gifts.festivals.rules import CHILDREN_TAGS, Household, Plan
from lib.members.gifts.rules import Present, State
from lib.members.gifts.texts import greeting_values
from lib.shop.language import translator
from lib.shop.messages.member_events import FESTIVAL_GREETING
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.ui import feedback, gifts, gifts_choose, gifts_one, messages_text, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

SHOWN = 30


def draw(shop: Shop, festival: Festival, year: int) -> None:
    """Draw a festival: the numbers, its plan, households in walking order, the greeting."""
    st.page_link(
        navigation.page("gifts"),
        label=_("All birthdays and festivals"),
        icon=":material/arrow_back:",
    )
    found = festival_list(shop, festival, year)
    ahead = found.ahead
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(gifts.title_of(ahead.festival_day), anchor=False, width="content")
        gifts.badge(ahead.state)
        st.caption(gifts.when(shop, ahead.festival_day.day))
    _figures(shop, found)
    if ahead.state is State.SKIPPED:
        show.nothing(_("This festival is left out."), _("Take it in again to plan something."))
        gifts.skip(shop, ahead)
        return
    _plan(shop, found)
    if ahead.plan is not None:
        if not ahead.plan.present.is_wishes:
            _households(shop, found)
        _greeting(shop, found, ahead.plan)


def _figures(shop: Shop, found: FestivalList) -> None:
    ahead = found.ahead
    counted = _("Households that ordered within {days} days. Behind one door is one household.")
    items: list[tuple[str, str] | tuple[str, str, str]] = [
        (
            _("Households"),
            str(ahead.households),
            counted.format(days=shop.settings.festival_household_days),
        ),
        (_("Have it"), str(ahead.given)),
    ]
    if ahead.plan is not None and ahead.plan.present.cost is not None:
        budget = shop.settings.festival_gift_budget
        items += [
            (
                _("For one household"),
                show.money(ahead.plan.present.cost),
                _("The budget is {amount}.").format(amount=show.money(budget)),
            ),
            (_("For all of them"), show.money(found.cost)),
        ]
    show.figures(*items)


def _plan(shop: Shop, found: FestivalList) -> None:
    ahead, plan = found.ahead, found.ahead.plan
    on = ahead.festival_day
    if on.festival is Festival.CHILDREN:
        st.info(
            _(
                "Only households count whose parents asked for the tag {tag}. No name and no age "
                "of a child is kept."
            ).format(tag=CHILDREN_TAGS[0]),
            icon=":material/family_restroom:",
        )
    if plan is not None:
        goods = plain(plan.present.said) or _("Good wishes alone")
        st.markdown(f":material/redeem: **{goods}**")
        if plan.note:
            st.caption(plain(plan.note))
        _enough(found)
    with st.expander(
        _("What every household gets") if plan is None else _("Give something else"),
        expanded=plan is None,
        key=f"plan-{on.festival.value}-{on.year}",
    ):
        _choose(shop, found)
    gifts.skip(shop, ahead)


def _enough(found: FestivalList) -> None:
    plan, left = found.ahead.plan, found.ahead.left
    if plan is None or plan.present.unit is None or found.free is None or not left:
        return
    unit, needed = plan.present.unit, (plan.present.quantity or 0) * left
    if needed <= found.free:
        show.state("good", _("Enough is there: {left}").format(left=unit.said(found.free)))
        return
    missing = _("{missing} missing: {needed} needed, {left} there")
    free = max(found.free, 0)
    show.state(
        "late" if found.ahead.state is State.NOT_READY else "soon",
        missing.format(
            missing=unit.said(needed - free), needed=unit.said(needed), left=unit.said(free)
        ),
    )


def _choose(shop: Shop, found: FestivalList) -> None:
    on, plan = found.ahead.festival_day, found.ahead.plan
    name = f"festival_plan_{on.festival.value}_{on.year}"
    seen = Form(name).seen("version", plan.version if plan else None)

    def save(bound: Shop, what: Present, why: Why) -> None:
        plan_festival(bound, on.festival, on.year, what, why, seen)
        Form(name).keep_up(f"festival_skip_{on.festival.value}_{on.year}")

    gifts_choose.anything(
        shop,
        name,
        shop.settings.festival_gift_budget,
        _("{name} is planned").format(name=_(FESTIVAL_NAMES[on.festival])),
        save,
        start=plan.present if plan else None,
        why=Why(note=plan.note) if plan else Why(),
    )


def _households(shop: Shop, found: FestivalList) -> None:
    st.subheader(_("Households"), anchor=False)
    if not found.households:
        show.nothing(_("No household ordered in these days."))
        return
    open_ones = [one for one in found.households if one.gift is None]
    given = [one for one in found.households if one.gift is not None]
    key = f"households_every_{found.ahead.festival_day.festival.value}"
    every = st.session_state.get(key)
    for one in open_ones if every else open_ones[:SHOWN]:
        _household(shop, found, one)
    if len(open_ones) > SHOWN and not every:
        more = _("All {count} of them").format(count=len(open_ones))
        st.button(more, key=f"{key}_more", on_click=_show_every, args=(key,), width="stretch")
    if given:
        with st.expander(_("Have it ({count})").format(count=len(given)), key=f"{key}_given"):
            for one in given:
                _household(shop, found, one)


def _show_every(key: str) -> None:
    st.session_state[key] = True


def _household(shop: Shop, found: FestivalList, one: Household) -> None:
    on = found.ahead.festival_day
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"household-{one.member_id}"
    ):
        door = plain(one.home) or _("home not known")
        st.markdown(f"**{door}** {plain(one.names)}", width="stretch")
        if one.gift is not None:
            gifts_one.taken(shop, one.gift)
            gifts_one.undo(shop, one.gift)
            return
        if one.orders_then:
            show.state("soon", _("collects an order that day"))
        form = Form(f"festival_give_{on.festival.value}_{on.year}_{one.member_id}")
        if st.button(_("Given"), icon=":material/check:", key=form.field("save")):
            with feedback.saying(_("Given: {name}").format(name=plain(one.names)), form):
                bound = form.once(shop, on.festival, on.year, one.member_id)
                give_festival_gift(bound, on.festival, on.year, one.member_id)


def _greeting(shop: Shop, found: FestivalList, plan: Plan) -> None:
    on = found.ahead.festival_day
    say = translator(shop.settings.language)
    values = greeting_values(shop.settings, on, shop.today, plan.present, say)
    with st.expander(_("Greeting for the group"), icon=":material/forum:", key="greeting"):
        st.caption(_("It names nobody."))
        messages_text.offer(
            shop,
            FESTIVAL_GREETING,
            f"festival_plan:{plan.id}",
            said(shop, FESTIVAL_GREETING, **values),
            f"greeting-{on.festival.value}-{on.year}",
        )
