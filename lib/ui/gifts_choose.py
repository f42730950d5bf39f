"""Choosing what is given: suggestions with their reasons, or anything else, within the budget."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.gifts.choosing.queries import Choice, Suggestion, choices
from lib.members.gifts.commands import NO_WHY, Why
from lib.members.gifts.rules import LONGEST_NOTE, LONGEST_WHAT, Present
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.ui import feedback, money, quantities, show
from lib.ui.forms import Form
from lib.ui.words import _, language, plain

WORDS, WISHES = "words", "wishes"

Save = Callable[[Shop, Present, Why], object]
"""The command, on a shop bound to the form."""


def ideas(shop: Shop, name: str, found: Sequence[Suggestion], notice: str, save: Save) -> None:
    """Draw what would please somebody, each with its reason and a button that plans it."""
    if not found:
        st.caption(_("Nothing known of what they like is in stock within the budget."))
    for one in found:
        choice = one.choice
        form = Form(f"{name}-idea-{choice.product_id}")
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            goods = f"{plain(choice.name)} {plain(choice.unit.said(one.quantity))}"
            why = plain(one.why(translator(language())))
            cost = "" if choice.cost is None else f" · {show.money(choice.cost)}"
            st.markdown(f"**{goods}**{cost}  \n:small[{why}]", width="stretch")
            pressed = st.button(_("Plan this"), icon=":material/redeem:", key=form.field("save"))
        if pressed:
            present = Present(choice.product_id, one.quantity)
            why_kept = Why(one.because(translator(shop.settings.language)))
            with feedback.saying(notice, form):
                save(form.once(shop, present, why_kept), present, why_kept)


@dataclass(frozen=True)
class Typed:
    """What stands in the form. ``count`` is of sale units of ``unit``, as it was typed.

    ``over``: it may cost more than the budget, as far as can be seen before it is saved.
    """

    product_id: int | None = None
    unit: Unit | None = None
    name: str = ""
    count: float | None = None
    words: str = ""
    cost: Money | None = None
    over: bool = False

    def present(self) -> Present:
        """Return it as a present; raises ``Refused`` for what cannot be measured out."""
        if self.product_id is None or self.unit is None:
            return Present(what=self.words, cost=self.cost)
        return Present(self.product_id, quantities.typed(self.unit, self.count, self.name))


def anything(
    shop: Shop,
    name: str,
    budget: Money,
    notice: str,
    save: Save,
    *,
    start: Present | None = None,
    why: Why = NO_WHY,
    wishes: bool = True,
) -> None:
    """Draw the form for any present: goods out of the stock, something in words, wishes alone.

    ``start`` fills it, ``wishes`` says that good wishes alone may be chosen.
    """
    form = Form(name)
    goods = {one.product_id: one for one in choices(shop, budget)}
    chosen = _what(form, goods, start, wishes=wishes)
    if chosen == WISHES:
        typed = Typed()
    elif chosen == WORDS:
        typed = _words(form, start, budget)
    else:
        typed = _goods(form, int(chosen), goods.get(int(chosen)), start)
    note = st.text_input(
        _("Note for the shop"),
        why.note,
        max_chars=LONGEST_NOTE,
        placeholder=_("e.g. hand it over with the order"),
        key=form.field("note"),
    )
    question = _("It may cost more than the budget of {amount}")
    accepted = typed.over and st.checkbox(
        question.format(amount=show.money(budget)), key=form.field("over")
    )
    label = _("Save changes") if start is not None else _("Plan it")
    if st.button(label, type="primary", key=form.field("save")):
        with feedback.saying(notice, form):
            present, kept = typed.present(), Why(why.reason, note, accepted)
            save(form.once(shop, present, kept), present, kept)


def _what(
    form: Form, goods: Mapping[int, Choice], start: Present | None, *, wishes: bool
) -> int | str:
    """Ask what it is: a product by id, :data:`WORDS` or :data:`WISHES`."""
    left = _("{left} left")
    said: dict[int | str, str] = {
        number: f"{one.name} · {left.format(left=one.unit.said(one.left))}"
        for number, one in goods.items()
    }
    said[WORDS] = _("Something else, in words")
    if wishes:
        said[WISHES] = _("Good wishes alone")
    began: int | str = WORDS
    if start is not None:
        began = start.product_id or (WISHES if start.is_wishes else WORDS)
        said.setdefault(began, start.what)
    return st.selectbox(
        _("What is given"),
        list(said),
        index=list(said).index(began),
        format_func=said.__getitem__,
        key=form.field("what"),
    )


def _words(form: Form, start: Present | None, budget: Money) -> Typed:
    known = start if start is not None and start.product_id is None else Present()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            _("In words"),
            known.what,
            max_chars=LONGEST_WHAT,
            placeholder=_("e.g. a bunch of flowers"),
            key=form.field("words"),
        )
        cost = money.amount(_("What it costs"), form.field("cost"), start=known.cost)
    return Typed(words=words, cost=cost, over=cost > budget)


def _goods(form: Form, chosen: int, choice: Choice | None, start: Present | None) -> Typed:
    """Ask how much of a product; one that ran out since it was planned still stands."""
    same = start if start is not None and start.product_id == chosen else None
    unit = choice.unit if choice is not None else same.unit if same is not None else None
    assert unit is not None, "chosen out of the stock, or planned before"
    name = choice.name if choice is not None else same.what if same is not None else ""
    portion = unit.grams or 1
    amount = same.quantity if same is not None and same.quantity else portion
    count = quantities.field(form.field(f"count-{chosen}"), _("How much"), unit, amount)
    if choice is not None and choice.cost is not None:
        each = _("{amount} for one {unit}")
        said = each.format(amount=show.money(choice.cost), unit=plain(unit.word))
        st.caption(said)
    over = choice is None or not choice.within or quantities.lenient(unit, count) > portion
    return Typed(chosen, unit, name, count, over=over)
