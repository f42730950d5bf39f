"""Owed goods at the pickup desk: on the card of an order, or on one of their own (R29)."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.service.after_sales.rules import number
from lib.service.owed import texts
from lib.service.owed.commands import cancel_owed, give_several, plan_owed
from lib.service.owed.rules import LONGEST_REASON, Age, Owed, Source
from lib.service.pickup.promised.queries import Waiting
from lib.shop.messages.service_events import OWED_READY
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.ui import feedback, messages_text, navigation, quantities, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

ASKED = "owed"
_STATES: dict[Age, show.State] = {Age.LATE: "late", Age.SOON: "soon", Age.IN_ORDER: "quiet"}


def opened() -> int | None:
    """Return the resident whose owed goods the address asks for (``?owed=7``); None for none."""
    asked = st.query_params.get(ASKED, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 else None


def goods(owed: Sequence[Owed]) -> str:
    """Return owed goods as people write them: ``土鸡蛋 1盒、挂面 2包``."""
    return "、".join(f"{one.product} {one.unit.said(one.open)}" for one in owed)


def lines(owed: Sequence[Owed]) -> list[str]:
    """Return owed goods as lines of a card, after what was ordered."""
    return [
        f"- :material/redeem: {plain(one.product)} **{plain(one.unit.said(one.open))}** "
        f"({_('for points, no charge') if one.source is Source.POINTS else _('owed, no charge')})"
        for one in owed
    ]


def ages(shop: Shop, owed: Sequence[Owed]) -> None:
    """Show how owed goods stand with their promise, with the case that says why."""
    for one in owed:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            show.state(_STATES[_age(shop, one)], promise_said(shop, one))
            if one.case_id is not None:
                st.page_link(
                    navigation.page("after_sales"),
                    label=number(one.case_id),
                    icon=":material/support_agent:",
                    query_params={"case": str(one.case_id)},
                )


def promise_said(shop: Shop, one: Owed) -> str:
    """Return until when something is to be given, or how late it is."""
    left = one.due_at - shop.clock.now()
    if _age(shop, one) is Age.LATE:
        return _("{goods}: {time} late").format(goods=plain(one.product), time=show.span(left))
    until = show.moment(one.due_at, shop)
    return _("{goods}: until {day}").format(goods=plain(one.product), day=until)


def fields(form: Form, owed: Sequence[Owed]) -> dict[Owed, float | None]:
    """Draw a field per owed goods in a form that hands over a part."""
    return {
        one: st.number_input(
            f"{plain(one.product)} ({plain(one.unit.word)}) · {_('owed')}",
            min_value=0.0,
            max_value=quantities.shown(one.unit, one.open),
            value=quantities.shown(one.unit, one.open),
            step=0.5 if one.unit.grams is not None else 1.0,
            format="%g",
            key=form.field(f"owed-{one.id}"),
        )
        for one in owed
    }


def chosen(typed: Mapping[Owed, float | None]) -> dict[int, int]:
    """Return what was typed per owed goods, in base quantities; raises ``Refused``."""
    return {one.id: quantities.typed(one.unit, count, one.product) for one, count in typed.items()}


def rows(shop: Shop, found: Sequence[Waiting]) -> None:
    """List who has owed goods and no order to take them with; a touch opens the card."""
    if not found:
        return
    st.markdown(f"**{_('Goods owed, without an order: {count}').format(count=len(found))}**")
    for one in found:
        ages_of = [_age(shop, each) for each in one.owed]
        icon = ":material/error:" if Age.LATE in ages_of else ":material/redeem:"
        parts = (plain(one.home), plain(one.name), plain(goods(one.owed)))
        st.button(
            " · ".join(part for part in parts if part),
            key=f"owed-open-{one.member_id}",
            icon=icon,
            width="stretch",
            on_click=_open,
            args=(one.member_id,),
        )


def _open(member_id: int) -> None:
    st.query_params.from_dict({ASKED: str(member_id)})


def card(shop: Shop, this: Waiting) -> None:
    """Draw what a resident without an order has coming, and the one touch that gives it."""
    with st.container(border=True, key=f"owed-card-{this.member_id}"):
        st.markdown(f"## :material/redeem: {plain(this.name)}")
        tail = _("phone …{tail}").format(tail=this.phone_tail) if this.phone_tail else ""
        st.markdown(" · ".join(part for part in (plain(this.home), tail) if part))
        if this.day > shop.today:
            show.state("soon", _("can be collected {day}").format(day=show.day(this.day, shop)))
        st.markdown("\n".join(lines(this.owed)))
        ages(shop, this.owed)
        _give(shop, this)
        if len(this.owed) > 1 or this.owed[0].open > 1:
            _give_part(shop, this)
        for one in this.owed:
            _other(shop, one)
        with st.expander(
            _("Text for the resident"), key=f"owed-text-{this.member_id}", icon=":material/chat:"
        ):
            text = said(shop, OWED_READY, **texts.ready_values(this.name, this.owed, shop.settings))
            subject = f"member:{this.member_id}"
            messages_text.offer(shop, OWED_READY, subject, text, f"owed-{this.member_id}")


def _give(shop: Shop, this: Waiting) -> None:
    form = Form(f"owed-give-{this.member_id}")
    label = _("Hand over all")
    if st.button(
        label, key=form.field("all"), type="primary", icon=":material/check:", width="stretch"
    ):
        _given(shop, this, form, {one.id: one.open for one in this.owed})


def _give_part(shop: Shop, this: Waiting) -> None:
    with st.expander(_("Hand over a part"), key=f"owed-part-{this.member_id}"):
        form = Form(f"owed-part-{this.member_id}")
        with st.form(form.field("form"), border=False):
            typed = fields(form, this.owed)
            if st.form_submit_button(_("Hand over this"), key=form.field("save"), width="stretch"):
                with feedback.saying(_given_said(this), form):
                    amounts = chosen(typed)
                    give_several(form.once(shop, sorted(amounts.items())), amounts)


def _given(shop: Shop, this: Waiting, form: Form, amounts: dict[int, int]) -> None:
    with feedback.saying(_given_said(this), form):
        give_several(form.once(shop, sorted(amounts.items())), amounts)
        st.query_params.pop(ASKED, None)


def _given_said(this: Waiting) -> str:
    return _("Owed goods given to {name}").format(name=plain(this.name))


def _other(shop: Shop, one: Owed) -> None:
    """Plan another day, or say that it is not owed any more."""
    label = _("{goods}: another day, or not owed any more").format(goods=plain(one.product))
    with st.expander(label, key=f"owed-other-{one.id}"):
        planning = Form(f"owed-plan-{one.id}")
        day = st.date_input(
            _("Give it on"),
            one.pick_day,
            min_value=min(shop.today, one.pick_day),
            format="YYYY-MM-DD",
            key=planning.field("day"),
        )
        if st.button(_("Set this day"), key=planning.field("save"), width="stretch"):
            with feedback.saying(_("The day is set"), planning):
                version = planning.seen("version", one.version)
                plan_owed(planning.once(shop, day), one.id, version, day)
        if one.source is Source.POINTS:
            st.caption(
                _("Given for points: take the redemption back on the page of points and rewards, "
                  "then the points return.")
            )  # fmt: skip
            st.page_link(
                navigation.page("rewards"),
                label=_("Points and rewards"),
                icon=":material/redeem:",
                query_params={"member": str(one.member_id)},
            )
            return
        ending = Form(f"owed-cancel-{one.id}")
        why = st.text_input(
            _("Why it is not owed any more"), max_chars=LONGEST_REASON, key=ending.field("why")
        )
        if st.button(_("Not owed any more"), key=ending.field("save"), width="stretch"):
            with feedback.saying(_("Not owed any more; the reason stands in the books."), ending):
                version = ending.seen("version", one.version)
                cancel_owed(ending.once(shop, why), one.id, version, why)


def _age(shop: Shop, one: Owed) -> Age:
    return one.age(shop.clock.now(), shop.settings)
