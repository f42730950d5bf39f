"""Goods of an order file against the shop's products: which product, and how much one of it is.

A file says ``土鸡蛋 30枚/板`` and counts boards; the shop sells them by 板, 个 or 斤. What is
certain is taken, everything else is a question to a person (practice E1): nothing is guessed.
Pure.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lib.kernel.quantity import WEIGHT_UNITS, Measure
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.trade.orders.sheets import SheetLine, SheetOrder
from lib.trade.products.queries import CatalogueItem

LARGEST_UNITS = Decimal(10_000)
MOST_ANSWERS = 500
_ANY_PACK = frozenset({"", "件", "份", "个商品", "单"})
_WEIGHT = re.compile(
    r"(?P<number>\d+(?:\.\d+)?|[一二两三四五六八十半])\s*(?P<unit>公斤|千克|市斤|斤|两|克|kg|g)(?![a-z])"
    r"(?:\s*[x×*]\s*(?P<times>\d+))?"
)
_RANGE = re.compile(r"\d\s*(?:公斤|千克|斤|两|克|kg|g)?\s*[-~—–至到]\s*\d")
_PIECES = re.compile(r"(?P<number>\d+)\s*(?P<word>[枚个只颗包片粒条支张卷瓶罐听袋盒节])")
_PACK = re.compile(r"/\s*(?P<slash>[^\W\d]{1,2})\s*\)?$|(?P<packed>[盒袋箱板瓶桶提罐筐篮包])装$")
_SPOKEN = {
    "半": Decimal("0.5"), "一": Decimal(1), "二": Decimal(2), "两": Decimal(2), "三": Decimal(3),
    "四": Decimal(4), "五": Decimal(5), "六": Decimal(6), "八": Decimal(8), "十": Decimal(10),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GoodsText:
    """What a file calls one product: base ``name``, ``spec``, and the ``unit`` it is counted in."""

    name: str
    spec: str = ""
    unit: str = ""

    @property
    def key(self) -> str:
        """The text as a key: width, case, blanks and a unit that says nothing do not count."""
        unit = "" if self.unit in _ANY_PACK else self.unit
        return "|".join(
            "".join(unicodedata.normalize("NFKC", part).casefold().split())
            for part in (self.name, self.spec, unit)
        )

    @property
    def said(self) -> str:
        """The words of the file."""
        counted = "" if self.unit in _ANY_PACK else f"({self.unit})"
        return " ".join(part for part in (self.name, self.spec, counted) if part) or "?"


def text_of(line: SheetLine) -> GoodsText:
    """Return the goods text of an order line."""
    return GoodsText(line.product or line.text, line.spec, line.unit)


def unit_of(text: GoodsText) -> str:
    """Return the sale unit a new product of this text would have: its pack word, else 份."""
    return _said(text).pack or "份"


class Fit(StrEnum):
    """How a goods text was matched to a product."""

    EXACT = N_("same name")
    CONTAINED = N_("similar name: please check")
    SEVERAL = N_("several products fit: choose one")
    NONE = N_("no product of this name")
    REMEMBERED = N_("as you chose last time")
    CHOSEN = N_("chosen by you")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The product a text seems to mean; None when none or several fit (then ``candidates``)."""

    product_id: int | None
    fit: Fit
    candidates: tuple[int, ...] = ()


def propose_product(text: GoodsText, products: Sequence[CatalogueItem]) -> Proposal:
    """Return which of ``products`` a text means.

    Name with specification first, then the name alone, each against names and other names folded;
    then the only product whose name stands in the text, or the text in it. Two that fit equally
    well are asked about.
    """
    whole, name = folded(text.name + text.spec), folded(text.name)
    if not name:
        return Proposal(None, Fit.NONE)
    words = {item.product_id: _words(item) for item in products}
    for wanted in (whole, name):
        if found := [number for number, known in words.items() if wanted in known]:
            return _one_of(found, Fit.EXACT)
    found = [number for number, known in words.items() if _shares(name, whole, known)]
    return _one_of(found, Fit.CONTAINED) if found else Proposal(None, Fit.NONE)


def _words(item: CatalogueItem) -> frozenset[str]:
    return frozenset(folded(word) for word in (item.name, *item.aliases) if folded(word))


def _shares(name: str, whole: str, known: Iterable[str]) -> bool:
    # One character stands in too many names to mean anything.
    return any(len(word) > 1 and (word in whole or (len(name) > 1 and name in word))
               for word in known)  # fmt: skip


def _one_of(found: Sequence[int], fit: Fit) -> Proposal:
    if len(found) == 1:
        return Proposal(found[0], fit, tuple(found))
    return Proposal(None, Fit.SEVERAL, tuple(found))


@dataclass(frozen=True, slots=True)
class Units:
    """How many sale units one of the file's is; ``sure`` says that nobody has to be asked."""

    number: Decimal | None
    sure: bool


ONE = Units(Decimal(1), sure=True)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a specification says of one: its grams, its pieces, its pack word."""

    grams: Decimal | None = None
    pieces: Decimal | None = None
    piece_word: str = ""
    pack: str = ""
    names_weight: bool = False


def _said(text: GoodsText) -> _Said:
    spec = unicodedata.normalize("NFKC", text.spec).lower().strip()
    packed = _PACK.search(spec)
    pack = (packed["slash"] or packed["packed"]) if packed else ""
    counted = text.unit.lower()
    if counted not in _ANY_PACK:
        pack = counted
    weight, pieces = _WEIGHT.search(spec), _PIECES.search(spec)
    grams = None
    if weight is not None and not _RANGE.search(spec):
        number = _SPOKEN.get(weight["number"]) or Decimal(weight["number"])
        grams = number * WEIGHT_UNITS[weight["unit"]] * int(weight["times"] or 1)
    inside = pieces is not None and pieces["word"] != pack
    return _Said(
        grams,
        Decimal(pieces["number"]) if pieces is not None and inside else None,
        pieces["word"] if pieces is not None and inside else "",
        pack,
        weight is not None,
    )


def propose_units(text: GoodsText, item: CatalogueItem) -> Units:
    """Return how many sale units of ``item`` one of ``text`` is.

    One is one sale unit unless the text names a weight, a content or a pack that does not agree
    with the product; then the answer is a proposal at best, and not sure. A package word the owner
    defined for the product (1板 = 30个) is sure.
    """
    counted = text.unit.lower()
    if counted in WEIGHT_UNITS:
        return _of_grams(Decimal(WEIGHT_UNITS[counted]), item, counted_weight=True)
    said = _said(text)
    if said.pack in item.conversions and said.pack != item.unit:
        return Units(Decimal(item.conversions[said.pack]) / (item.unit_grams or 1), sure=True)
    if item.measure is Measure.WEIGHT:
        return _by_weight(said, item)
    return _by_piece(said, item)


def _of_grams(grams: Decimal, item: CatalogueItem, *, counted_weight: bool = False) -> Units:
    base = item.unit_grams or item.content_grams
    if not base:
        return Units(None, sure=False)
    number = grams / base
    exact = counted_weight and item.measure is Measure.WEIGHT
    return Units(number.normalize() + 0, sure=exact or number == 1)


def _by_weight(said: _Said, item: CatalogueItem) -> Units:
    if said.grams is not None:
        return _of_grams(said.grams, item)
    if said.names_weight or said.pieces is not None or said.pack not in {*_ANY_PACK, item.unit}:
        return Units(None, sure=False)
    return ONE


def _by_piece(said: _Said, item: CatalogueItem) -> Units:
    for told, known in ((said.grams, item.content_grams), (said.pieces, item.content_pieces)):
        if told is not None and known:
            ratio = told / known
            whole = ratio == ratio.to_integral_value()
            return ONE if ratio == 1 else Units(ratio if whole else None, sure=False)
    if said.pieces is not None and _same_piece(said.piece_word, item.unit):
        return Units(said.pieces, sure=said.pieces == 1)
    if said.pack in _ANY_PACK or item.unit in _ANY_PACK or said.pack == item.unit:
        return ONE
    return Units(Decimal(1), sure=False)


def _same_piece(one: str, other: str) -> bool:
    alike = {"枚", "个", "只", "颗"}
    return one == other or {one, other} <= alike


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of a goods text: the product (None: leave these lines out), and units.

    ``units`` is how many sale units one of the file's is, ``unit`` the sale unit it was said of.
    """

    product_id: int | None
    units: Decimal = Decimal(1)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """One goods text of a file with everything the preview says about it.

    ``answer`` is in force or proposed; it counts only when ``settled``. ``offered`` says whether
    the product stands in the round. ``quantity`` counts in the file's units.
    """

    text: GoodsText
    orders: int
    quantity: Decimal
    answer: Answer | None
    fit: Fit
    candidates: tuple[int, ...]
    units_sure: bool
    offered: bool
    settled: bool

    @property
    def left_out(self) -> bool:
        """Whether a person said that these lines are not booked."""
        return self.settled and self.answer is not None and self.answer.product_id is None


def goods_of(
    orders: Iterable[SheetOrder],
    products: Sequence[CatalogueItem],
    offered: Iterable[int],
    answers: Mapping[str, Answer],
    remembered: Mapping[str, Answer],
    reopened: Collection[str] = (),
) -> tuple[Goods, ...]:
    """Return every goods text of ``orders`` once, questions first.

    ``answers`` are what a person said now, ``remembered`` what was said of an earlier file, both
    by :attr:`GoodsText.key`. Texts in ``reopened`` are asked about whatever fits. Products of the
    round are preferred to others of the same name.
    """
    texts: dict[str, tuple[GoodsText, set[int], Decimal]] = {}
    for number, order in enumerate(orders):
        for line in order.lines:
            text = text_of(line)
            kept, numbers, quantity = texts.get(text.key, (text, set(), Decimal(0)))
            texts[text.key] = (kept, numbers | {number}, quantity + line.quantity)
    shelf = {item.product_id: item for item in products}
    round_offers = frozenset(offered)
    found = []
    for key, (text, numbers, quantity) in texts.items():
        proposal = _proposal(text, shelf, round_offers)
        known = None if key in reopened else _still_valid(answers.get(key), shelf)
        fit = Fit.CHOSEN
        if known is None and key not in reopened:
            known, fit = _still_valid(remembered.get(key), shelf), Fit.REMEMBERED
        answer, sure = (known, True) if known else _proposed(text, proposal, shelf)
        offered_now = answer is None or answer.product_id in {None, *round_offers}
        settled = sure and offered_now and key not in reopened
        found.append(
            Goods(
                text, len(numbers), quantity, answer, fit if known else proposal.fit,
                proposal.candidates, sure, offered_now, settled,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.settled, each.text.said)))


def _still_valid(answer: Answer | None, shelf: Mapping[int, CatalogueItem]) -> Answer | None:
    """Return an answer while its product is there and still sold by the unit it was given for."""
    if answer is None or answer.product_id is None:
        return answer
    item = shelf.get(answer.product_id)
    return answer if item is not None and answer.unit in ("", item.unit) else None


def _proposed(
    text: GoodsText, proposal: Proposal, shelf: Mapping[int, CatalogueItem]
) -> tuple[Answer | None, bool]:
    """Return the proposed answer and whether nobody has to be asked."""
    if proposal.product_id is None:
        return None, False
    units = propose_units(text, shelf[proposal.product_id])
    sure = units.sure and proposal.fit is Fit.EXACT
    return Answer(proposal.product_id, units.number or Decimal(0)), sure


def _proposal(
    text: GoodsText, shelf: Mapping[int, CatalogueItem], offered: frozenset[int]
) -> Proposal:
    """Products of the round come first: the same name outside it is not meant."""
    inside = propose_product(text, [item for key, item in shelf.items() if key in offered])
    if inside.fit is Fit.EXACT:
        return inside
    anywhere = propose_product(text, list(shelf.values()))
    return anywhere if anywhere.fit is Fit.EXACT or inside.fit is Fit.NONE else inside


def answers_document(answers: Mapping[str, Answer]) -> dict[str, list[object]]:
    """Return the newest answers as plain values, for keeping; lines left out are asked again."""
    kept = {
        key: [answer.product_id, str(answer.units), answer.unit]
        for key, answer in answers.items()
        if answer.product_id is not None
    }
    return dict(list(kept.items())[-MOST_ANSWERS:])


def answers_from(document: Mapping[str, Any] | None) -> dict[str, Answer]:
    """Return the answers kept as ``document``; what has another shape is left out."""
    found = {}
    for key, value in (document or {}).items():
        if isinstance(value, list) and len(value) == 3:
            product_id, units, unit = value
            found[str(key)] = Answer(int(product_id), Decimal(str(units)), str(unit))
    return found
