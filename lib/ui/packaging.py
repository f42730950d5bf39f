"""Packaging material on the screen: what is left, what bags take, what was bought (R25)."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from lib.kernel.money import Money
from lib.service.packing import commands, queries, texts
from lib.service.packing.queries import Movement
from lib.service.packing.rules import (
    KIND_NAMES,
    LONGEST_NOTE,
    MOST_IN_A_BAG,
    MOST_PIECES,
    Kind,
    MaterialStock,
    Packed,
    piece_cost,
)
from lib.service.picking.queries import Bag
from lib.service.picking.rules import packaging
from lib.shop.messages.service_events import PACKAGING_ORDER
from lib.shop.messages.wording import said, speaker
from lib.shop.settings_commands import save_settings, stored_settings
from lib.shop.shop import Role, Shop
from lib.trade.packaging.rules import FOR_FRAGILE, PACKAGING_NAMES, Packaging
from lib.ui import feedback, messages_text, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

A_YEAR = 365
"""Days; nobody plans material further ahead."""

_PRICE_OF = {
    Packaging.FRESHNESS_BAG: "freshness_bag_cost",
    Packaging.ICE_PACK: "ice_pack_cost",
    Packaging.BUBBLE_WRAP: "bubble_wrap_cost",
}


def overview(shop: Shop, found: Sequence[MaterialStock]) -> None:
    """Draw one card per material: what is left, for how long, and the rule in force today."""
    for column, one in zip(st.columns(len(found)), found, strict=True):
        with column, st.container(border=True, key=f"material-{one.material}", height="stretch"):
            left = _("not counted yet") if one.on_hand is None else str(one.on_hand)
            st.markdown(f"### {_(PACKAGING_NAMES[one.material])} · {left}")
            with st.container(horizontal=True):
                _standing(one)
            st.markdown(_rule(shop, one))
            st.caption(_use(one))


def _standing(one: MaterialStock) -> None:
    if not one.in_use:
        show.state("quiet", _("rule switched off"))
    elif not one.in_season:
        show.state("quiet", _("not in season"))
    elif one.on_hand is None:
        show.state("soon", _("count it once"))
    elif one.on_hand < 0:
        show.state("late", _("more used than was there"))
    elif one.is_due:
        show.state("late", _("buy again"))
    else:
        show.state("good", _("enough"))


def _rule(shop: Shop, one: MaterialStock) -> str:
    settings = shop.settings
    if not one.in_use:
        return _("Goes into no bag: the rule is switched off in the settings.")
    if one.material in FOR_FRAGILE:
        return _("One per bag with fragile goods.")
    if one.material is Packaging.ICE_PACK:
        months = (settings.ice_pack_from_month, settings.ice_pack_to_month)
        first, last = (show.month_name(number) for number in months)
        if one.in_season:
            said = _("One per bag with fresh goods, {first} to {last}.")
        else:
            said = _("One per bag with fresh goods, {first} to {last}; none now.")
        return said.format(first=first, last=last)
    return _("One per bag with fresh goods.")


def _use(one: MaterialStock) -> str:
    used = _("{count} used in the last {days} days").format(count=one.used, days=one.days)
    parts = [used]
    if one.used:
        parts.append(_("about {count} a day").format(count=f"{float(one.per_day):.1f}"))
    if one.in_season and one.lasts is not None:
        said = _("will do for about {days} days").format(days=one.lasts)
        parts.append(said if one.lasts <= A_YEAR else _("will do for more than a year"))
    parts.append(_("buy again at {count}").format(count=one.reorder_at))
    if one.cost is not None:
        parts.append(_("{amount} apiece").format(amount=show.money(one.cost)))
    return " · ".join(parts)


def order_text(shop: Shop, due: Sequence[MaterialStock], moved: Sequence[Movement]) -> None:
    """Draw the text that orders what is to be bought again, and whether it was sent.

    What was sent before the last purchase is over.
    """
    if not due:
        return
    st.subheader(_("Text for whoever sells it"))
    values = texts.order_values(shop.settings.shop_name, due, speaker(shop))
    last = next((one.id for one in moved if one.kind is Kind.BOUGHT and one.stands), 0)
    text = said(shop, PACKAGING_ORDER, **values)
    messages_text.offer(shop, PACKAGING_ORDER, f"packaging_entry:{last}", text, "packaging-order")


def bought(shop: Shop) -> None:
    """Draw the form for material that was bought."""
    form = Form("material_bought")
    with st.form(form.field("form"), border=False):
        material = _material(form)
        pieces = _pieces(form, _("Pieces"))
        cost = st.number_input(
            _("What all of it cost (¥, optional)"),
            0.0, None, None, 1.0, "%.2f", form.field("cost"), width=260,
        )  # fmt: skip
        note = st.text_input(_("Note"), max_chars=LONGEST_NOTE, key=form.field("note"))
        saved = st.form_submit_button(
            _("Book as bought"), type="primary", icon=":material/add_shopping_cart:",
            key=form.field("save"),
        )  # fmt: skip
    if saved:
        with feedback.saying(_("Material booked"), form):
            paid = None if cost is None else Money.of(f"{cost:.2f}")
            once = form.once(shop, material, pieces, paid, note)
            commands.buy(once, material, pieces, paid, note)


def counted(shop: Shop) -> None:
    """Draw the forms for material that was counted, and for what was thrown away."""
    form = Form("material_counted")
    with st.form(form.field("form"), border=False):
        material = _material(form)
        pieces = _pieces(form, _("Pieces that lie there"))
        saved = st.form_submit_button(
            _("Book this count"), type="primary", icon=":material/fact_check:",
            key=form.field("save"),
        )  # fmt: skip
    if saved:
        with feedback.saying(_("Count booked"), form):
            commands.count(form.once(shop, material, pieces), material, pieces)
    with st.expander(_("Torn or spoiled material"), icon=":material/delete:"):
        _thrown_away(shop)


def _thrown_away(shop: Shop) -> None:
    form = Form("material_thrown_away")
    with st.form(form.field("form"), border=False):
        material = _material(form)
        pieces = _pieces(form, _("Pieces"))
        note = st.text_input(_("Note"), max_chars=LONGEST_NOTE, key=form.field("note"))
        saved = st.form_submit_button(_("Throw away"), key=form.field("save"))
    if saved:
        with feedback.saying(_("Thrown away"), form):
            once = form.once(shop, material, pieces, note)
            commands.throw_away(once, material, pieces, note)


def price_again(shop: Shop, found: Sequence[Movement]) -> None:
    """Offer the owner to use the price of what was bought last in the price sheet (R20)."""
    if shop.actor.role is not Role.OWNER:
        return
    known = stored_settings(shop)
    for material, name in _PRICE_OF.items():
        last = next(
            (
                one
                for one in found
                if one.material is material
                and one.kind is Kind.BOUGHT
                and one.stands
                and one.cost is not None
            ),
            None,
        )
        if last is None or last.cost is None:
            continue
        new, old = piece_cost(last.cost, last.quantity), getattr(shop.settings, name)
        if new == old:
            continue
        form = Form(f"price_of_{material}")
        sentence = _("{material}: bought at {new} apiece, the price sheet reckons with {old}.")
        label = _("Reckon with {amount}").format(amount=show.money(new))
        name_of = _(PACKAGING_NAMES[material])
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                ":material/price_change: "
                + sentence.format(material=name_of, new=show.money(new), old=show.money(old)),
                width="stretch",
            )
            use = st.button(label, key=form.field("use"))
        if use:
            with feedback.saying(_("Price of the material changed"), form):
                version = form.seen("version", known[name].version)
                save_settings(form.once(shop, name, new), {name: new}, {name: version})


def ledger(shop: Shop, found: Sequence[Movement]) -> None:
    """Draw what moved, newest first, and the means to take an entry back."""
    frame = pd.DataFrame(
        {
            _("When"): pd.Series([one.at for one in found], dtype="datetime64[us, UTC]"),
            _("Material"): [_(PACKAGING_NAMES[one.material]) for one in found],
            _("What happened"): [_what(one) for one in found],
            _("Pieces"): [one.quantity for one in found],
            _("Left then"): pd.Series([one.left for one in found], dtype="Int64"),
            _("Order no."): pd.Series([one.number for one in found], dtype="Int64"),
            _("By"): [one.by for one in found],
            _("Note"): [one.note for one in found],
        }
    )
    if shop.may_see_cost:
        paid = [None if one.cost is None else one.cost.fen for one in found]
        frame[_("Cost")] = pd.Series(paid, dtype="Int64")
    show.table(
        frame,
        "packaging",
        shop,
        money_columns=[_("Cost")] if shop.may_see_cost else [],
        moment_columns=[_("When")],
        empty=_("Nothing was bought, counted or used yet."),
    )
    _take_back(shop, found)


def _what(one: Movement) -> str:
    name = _(KIND_NAMES[one.kind])
    if one.takes_back:
        return _("{what}, taken back").format(what=name)
    return name


def _take_back(shop: Shop, found: Sequence[Movement]) -> None:
    for one in [each for each in found if each.can_undo][:3]:
        form = Form(f"material_undo_{one.id}")
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            name = _(PACKAGING_NAMES[one.material])
            what = f"{plain(name)} {one.quantity:+d} · {_(KIND_NAMES[one.kind])}"
            st.markdown(f"{what}  \n{plain(one.by)} {show.moment(one.at, shop)}", width="stretch")
            undo = st.button(_("Undo"), key=form.field("undo"), icon=":material/undo:")
        if undo:
            with feedback.saying(_("Taken back"), form):
                commands.undo_entry(form.once(shop, one.id), one.id)


def slip_ticks(shop: Shop, bag: Bag, packed: dict[Packaging, Packed]) -> None:
    """Draw what goes into a bag on its slip, ticked or not, and the means to say otherwise."""
    ticks = {
        one.material: one.products for one in packaging(bag.lines, shop.settings, bag.day, bag.owed)
    }
    for material in Packaging:
        name = _(PACKAGING_NAMES[material])
        if material in packed and packed[material].quantity:
            st.markdown(f"☑ {name} × {packed[material].quantity}")
        elif material in ticks and not packed:
            st.markdown(f"☐ {name} × 1: {plain('、'.join(ticks[material]))}")
    if not (ticks or packed):
        return
    with st.container(horizontal=True):
        if not packed:
            _as_listed(shop, bag)
        _otherwise(shop, bag, packed, ticks)


def _as_listed(shop: Shop, bag: Bag) -> None:
    form = Form(f"packed_so_{bag.order_id}")
    if st.button(_("Packed as listed"), icon=":material/check:", key=form.field("save")):
        with feedback.saying(_("Bag {number} is packed").format(number=bag.number), form):
            commands.tick(form.once(shop, bag.order_id), bag.order_id, {})


def _otherwise(
    shop: Shop, bag: Bag, packed: Mapping[Packaging, Packed], ticks: Mapping[Packaging, object]
) -> None:
    with st.popover(
        _("Something else went in"), icon=":material/package_2:", key=f"packed-{bag.order_id}"
    ):
        form = Form(f"packed_{bag.order_id}")
        with st.form(form.field("form"), border=False):
            typed = {
                material: st.number_input(
                    _(PACKAGING_NAMES[material]),
                    0,
                    MOST_IN_A_BAG,
                    _proposed(material, packed, ticks),
                    key=form.field(material.value),
                    width=200,
                )
                for material in Packaging
            }
            saved = st.form_submit_button(_("Into this bag"), key=form.field("save"))
        if saved:
            with feedback.saying(_("Bag {number} is packed").format(number=bag.number), form):
                once = form.once(shop, bag.order_id, sorted(typed.items()))
                commands.tick(once, bag.order_id, typed)


def _proposed(
    material: Packaging, packed: Mapping[Packaging, Packed], ticks: Mapping[Packaging, object]
) -> int:
    if packed:
        return packed[material].quantity if material in packed else 0
    return int(material in ticks)


def to_picking() -> None:
    """Lead to the slips on which bags are ticked."""
    st.page_link(navigation.page("pick"), label=_("To the pack slips"), icon=":material/shelves:")


def _material(form: Form) -> Packaging:
    return st.segmented_control(
        _("Material"),
        list(Packaging),
        format_func=lambda one: _(PACKAGING_NAMES[one]),
        default=Packaging.FRESHNESS_BAG,
        required=True,
        key=form.field("material"),
    )


def _pieces(form: Form, label: str) -> int | None:
    return st.number_input(label, 0, MOST_PIECES, None, 1, key=form.field("pieces"), width=200)


def movements(shop: Shop) -> tuple[Movement, ...]:
    """Return the movements this page shows."""
    return queries.movements(shop)
