"""Past figures and the shop's products: whose figures these are, the button that books, undoing."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.shop import Shop
from lib.supply.past import commands, matching, queries
from lib.supply.past.commands import PastProduct, Wanted
from lib.supply.past.joining import Joined, PastGood, fingerprint_of
from lib.supply.past.matching import Choice, Shelf
from lib.supply.past.values import SCALE
from lib.ui import feedback, history, navigation, show
from lib.ui.forms import Form
from lib.ui.history import Reading
from lib.ui.words import _, plain

RESULT = "history_result"
MOST_PROBLEMS = 50


@dataclass
class Desk:
    """What would be booked, and what cannot be."""

    goods: list[PastProduct]
    problems: list[Refused]

    @property
    def days(self) -> int:
        """How many product-days would be booked."""
        return sum(len(good.rows) for good in self.goods)


def goods(shop: Shop, form: Form, reading: Reading, joined: Joined) -> Desk:
    """Show whose figures these are, let the owner choose otherwise, and return what comes of it."""
    if not joined.goods:
        return Desk([], [])
    shelf = queries.shelf(shop)
    _layouts, remembered = queries.remembered(shop)
    proposed = matching.proposed(joined.goods, shelf, remembered)
    st.subheader(_("Whose figures are these?"))
    is_fresh = True
    if any(choice.is_new for choice in proposed.values()):
        is_fresh = st.checkbox(
            _("New products are fresh goods"),
            value=any(good.loss is not None for good in joined.goods),
            key=form.field("fresh"),
        )
    choices = _choices(form, joined, shelf, proposed)
    desk = _desk(reading, joined, shelf, choices, is_fresh=is_fresh)
    for problem in desk.problems[:MOST_PROBLEMS]:
        st.warning(feedback.refusal(problem), icon=":material/rule:")
    if len(desk.problems) > MOST_PROBLEMS:
        st.caption(
            _("… and {count} more like these").format(count=len(desk.problems) - MOST_PROBLEMS)
        )
    return desk


def _choices(
    form: Form, joined: Joined, shelf: tuple[Shelf, ...], proposed: Mapping[str, Choice]
) -> dict[str, Choice]:
    new, out = _("＋ a new product"), _("− leave out")
    names = {each.id: each.name for each in shelf}
    products = {name: product_id for product_id, name in names.items()}
    frame = pd.DataFrame(
        [
            {
                _("In the files"): good.name,
                _("Code"): good.code,
                _("Category"): good.category,
                _("Days with figures"): len(good.figures),
                _("Sold"): good.sold / SCALE,
                _("Product in the shop"): _said(proposed[good.key], names, new, out),
                _("Why"): _(proposed[good.key].fit.value),
            }
            for good in joined.goods
        ]
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=[column for column in frame.columns if column != _("Product in the shop")],
        column_config={
            _("In the files"): st.column_config.TextColumn(pinned=True),
            _("Sold"): st.column_config.NumberColumn(format="plain"),
            _("Product in the shop"): st.column_config.SelectboxColumn(
                options=[new, out, *products], required=True
            ),
        },
        key=form.field("goods"),
    )
    choices = {}
    chosen = edited[_("Product in the shop")]
    for good, said in zip(joined.goods, chosen, strict=True):
        if said == _said(proposed[good.key], names, new, out):
            choices[good.key] = proposed[good.key]
        elif said in products:
            choices[good.key] = Choice(products[said])
        else:
            choices[good.key] = Choice(None, is_new=said == new)
    return choices


def _said(choice: Choice, names: Mapping[int, str], new: str, out: str) -> str:
    if choice.product_id is not None:
        return names[choice.product_id]
    return new if choice.is_new else out


def _desk(
    reading: Reading,
    joined: Joined,
    shelf: tuple[Shelf, ...],
    choices: Mapping[str, Choice],
    *,
    is_fresh: bool,
) -> Desk:
    """Return what would be booked; reckoned once per choice, not in every run."""
    key = (joined.reckoned, is_fresh, tuple(sorted(choices.items(), key=lambda item: item[0])))
    if key not in reading.cache:
        reading.cache.clear()
        reading.cache[key] = _ready(joined, shelf, choices, is_fresh=is_fresh)
    desk: Desk = reading.cache[key]
    return desk


def _ready(
    joined: Joined,
    shelf: tuple[Shelf, ...],
    choices: Mapping[str, Choice],
    *,
    is_fresh: bool,
) -> Desk:
    by_id = {each.id: each for each in shelf}
    twice = matching.twice_chosen(choices)
    desk = Desk([], [])
    for good in joined.goods:
        choice = choices[good.key]
        if choice.product_id in twice:
            name = by_id[choice.product_id].name if choice.product_id else ""
            desk.problems.append(Refused(TWICE, name=name, product=good.name))
        elif choice.product_id is not None:
            mine = by_id[choice.product_id]
            done = matching.booked(good, joined.unit, mine.unit, mine.conversions)
            desk.goods.append(PastProduct(good.key, done.rows, mine.id))
            desk.problems.extend(done.problems)
        elif choice.is_new:
            _ready_new(good, joined.unit, desk, is_fresh=is_fresh)
    return desk


def _ready_new(good: PastGood, unit: str, desk: Desk, *, is_fresh: bool) -> None:
    try:
        nameless = _("No. {code}")
        details = matching.details_of(good, unit, is_fresh=is_fresh, nameless=nameless)
    except Refused as problem:
        desk.problems.append(problem)
        return
    done = matching.booked(good, unit or details.unit, details.sale_unit, {})
    desk.goods.append(PastProduct(good.key, done.rows, new=details))
    desk.problems.extend(done.problems)


def confirm(shop: Shop, form: Form, reading: Reading, joined: Joined, desk: Desk) -> None:
    """Show the button that books everything at once."""
    if not desk.days:
        return
    booked = [good for good in desk.goods if good.rows]
    new = sum(good.new is not None for good in booked)
    text = _("{days} product-days of {products} products; {new} new products.")
    st.markdown(text.format(days=f"{desk.days:,}", products=len(booked), new=new))
    st.caption(
        _("Days that stand there already are left as they are. An import can be undone below.")
    )
    label = _("Bring in {days} product-days").format(days=f"{desk.days:,}")
    if not st.button(
        label, type="primary", key=form.field("book"), icon=":material/download_done:"
    ):
        return
    wanted = Wanted(
        reading.names[:200],
        fingerprint_of(reading.files),
        desk.goods,
        joined.unit,
        joined.reckoned,
        joined.left_out,
    )
    with feedback.saying(_("Past figures are in"), form), st.spinner(_("Booking…")):
        bound = form.once(shop, wanted.fingerprint, desk.days, new, joined.reckoned)
        done = commands.import_past(bound, wanted)
        st.session_state[RESULT] = done
        st.session_state.pop(history.READING, None)


def result() -> None:
    """Say what the last import did, once."""
    done: commands.Imported | None = st.session_state.pop(RESULT, None)
    if done is None:
        return
    said = _("{days} product-days are in, {new} new products.")
    st.success(
        said.format(days=f"{done.days:,}", new=done.new_products), icon=":material/check_circle:"
    )
    if done.known:
        text = _(
            "{known} product-days stood there already and were left as they are; {other} of them "
            "with other figures."
        )
        st.warning(text.format(known=f"{done.known:,}", other=f"{done.other:,}"))
    st.page_link(
        navigation.page("slow"), label=_("See what was slow then"), icon=":material/trending_down:"
    )


def imports(shop: Shop) -> None:
    """Show the imports that stand, each with its undo."""
    st.subheader(_("What came in so far"))
    found = queries.imports(shop)
    if not found:
        show.nothing(
            _("No past figures yet."),
            _("They let the weekly rhythm and the slow-mover rule look back before Linli."),
        )
    for one in found:
        with st.container(border=True, key=f"import-{one.id}"):
            st.markdown(f"**{plain(one.file_name)}**")
            text = _("{days} product-days of {products} products, {first} – {last}; in {when}")
            st.caption(
                text.format(
                    days=f"{one.days:,}",
                    products=one.products,
                    first=f"{one.first_day:%Y-%m-%d}",
                    last=f"{one.last_day:%Y-%m-%d}",
                    when=show.moment(one.at, shop),
                )
            )
            if one.reckoned:
                said = _("prepared reckoned from the loss rate on {count} product-days")
                st.caption(said.format(count=f"{one.reckoned:,}"))
            _undo(shop, one)


def _undo(shop: Shop, one: queries.PastImport) -> None:
    form = Form(f"history_undo_{one.id}")
    with st.popover(_("Undo this import"), icon=":material/undo:"):
        st.markdown(
            _(
                "All its product-days go, and products it made are archived unless something else "
                "was done with them."
            )
        )
        if st.button(_("Undo"), key=form.field("undo")):
            with feedback.saying(_("The import is undone"), form):
                commands.undo_import(form.once(shop, one.id), one.id)


TWICE = N_("{name} is chosen twice: {product} was left out. Choose one of them.")
