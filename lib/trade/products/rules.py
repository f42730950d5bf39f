"""What a product may be: its unit, contents, tags, words, prices. Pure.

A product is sold by weight (斤, 公斤 …: quantities are grams) or by piece (份, 盒, 板 …: quantities
are sale units). 份, 箱, 提 and 板 have no fixed content, so content and conversions belong to the
product (facts of the field, 4.1).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from lib.kernel import quantity
from lib.kernel.errors import Refused
from lib.kernel.money import Money, half_up
from lib.kernel.quantity import WEIGHT_UNITS, Measure, Unit
from lib.kernel.text import clean, folded
from lib.kernel.words import N_

LONGEST_NAME = 40
LONGEST_WORD = 20
LONGEST_DESCRIPTION = 500
MOST_ALIASES = 20
MOST_CONVERSIONS = 10
MOST_LISTED = 200
LARGEST_PRICE: Final = Money(10_000_000)
"""100,000 yuan for one sale unit: beyond it a price is a typing slip."""
LARGEST_AMOUNT = 1_000_000
"""Grams or sale units one package word may hold: a ton."""

COMMON_UNITS = (
    "斤",
    "份",
    "盒",
    "袋",
    "板",
    "箱",
    "瓶",
    "个",
    "只",
    "条",
    "把",
    "根",
    "提",
    "桶",
    "公斤",
)
"""Sale units offered in forms; any other word may be typed."""

_BETWEEN_WORDS = re.compile(r"[,，、;；\n\r\t|/]+")
_CONVERSION = re.compile(r"1?(?P<word>[^\d=＝:：]+?)[=＝:：](?P<number>\d+(?:\.\d+)?)(?P<unit>\D*)")
_NUMBER_IN_WORD = re.compile(r"^[\d\s.,，。~～+*×xX=-]+$")


@dataclass(frozen=True)
class Details:
    """All that is kept of a product, as typed. Only ``name``, ``unit`` and ``price`` are needed.

    ``price`` and ``purchase_price`` are per sale unit; ``content_grams`` is what one sale unit
    weighs, ``content_pieces`` what it holds (30 eggs a tray). ``conversions`` says how many grams
    or sale units a package word means: ``{"箱": 12}``.
    """

    name: str
    unit: str
    price: Money
    category: str = ""
    is_fresh: bool = False
    is_daily: bool = False
    is_fragile: bool = False
    content_grams: int | None = None
    content_pieces: int | None = None
    purchase_price: Money | None = None
    description: str = ""
    aliases: tuple[str, ...] = ()
    conversions: Mapping[str, int] = field(default_factory=dict)

    @property
    def sale_unit(self) -> Unit:
        """The sale unit with its measure."""
        return Unit.named(self.unit)


def checked(details: Details) -> Details:
    """Return ``details`` cleaned, or raise ``Refused`` saying what is wrong and what to write."""
    name, unit = clean(details.name, 200), clean(details.unit, 200)
    _check_name(name)
    _check_unit(unit)
    check_price(details.price)
    if details.purchase_price is not None:
        check_price(details.purchase_price)
    for amount in (details.content_grams, details.content_pieces):
        if amount is not None and not 0 < amount <= LARGEST_AMOUNT:
            raise Refused(N_("The content must be a whole number above 0."))
    by_weight = Unit.named(unit).measure is Measure.WEIGHT
    return replace(
        details,
        name=name,
        unit=unit,
        category=clean(details.category, LONGEST_NAME),
        description=clean(details.description, LONGEST_DESCRIPTION, lines=True),
        content_grams=None if by_weight else details.content_grams,
        aliases=checked_aliases(details.aliases, name),
        conversions=checked_conversions(details.conversions, unit),
    )


def check_price(price: Money) -> None:
    """Raise ``Refused`` for a price below zero or beyond :data:`LARGEST_PRICE`."""
    if price.fen < 0:
        raise Refused(N_("A price cannot be negative."))
    if price > LARGEST_PRICE:
        raise Refused(N_("{price} yuan is too much for one unit. Check the price."), price=price)


def typed_price(text: str) -> Money:
    """Return the price a person typed (``4.8``, ``￥4.80``, ``4.8元``).

    Raises ``Refused`` when it is empty or no amount: a price is never guessed.
    """
    if not text.strip(" -—"):
        raise Refused(N_("Write the price, for example 4.80."))
    try:
        price = Money.parse(text)
    except ValueError as error:
        raise Refused(
            N_("{text} is not a price. Write it like 4.80."), text=clean(text, 40)
        ) from error
    check_price(price)
    return price


def known_price(text: str) -> Money | None:
    """Return the price a person typed, None where nothing is; raises as :func:`typed_price`."""
    return typed_price(text) if text.strip() else None


def aliases_of(text: str) -> tuple[str, ...]:
    """Return the words in ``text``, separated by commas, 、, slashes or line ends, each once."""
    words = (clean(part, 200) for part in _BETWEEN_WORDS.split(text))
    return tuple(dict.fromkeys(word for word in words if word))


def checked_aliases(aliases: Iterable[str], name: str) -> tuple[str, ...]:
    """Return ``aliases`` without empty ones, repeats and the product's own ``name``.

    Two spellings that fold to the same word are one. Raises ``Refused`` for a word that is too
    long or is nothing but a number: "2" as a name would swallow quantities.
    """
    kept: dict[str, str] = {folded(name): ""}
    for alias in (clean(alias, 200) for alias in aliases):
        if len(alias) > LONGEST_WORD:
            raise Refused(N_("The other name {word} is too long."), word=alias)
        if alias and _NUMBER_IN_WORD.match(alias):
            raise Refused(
                N_("{word} cannot be another name: it would be read as a quantity."), word=alias
            )
        if alias:
            kept.setdefault(folded(alias), alias)
    found = tuple(alias for alias in kept.values() if alias)
    if len(found) > MOST_ALIASES:
        raise Refused(N_("At most {count} other names per product."), count=MOST_ALIASES)
    return found


def conversions_of(text: str, unit: str) -> dict[str, int]:
    """Read conversions as people write them: ``1板=30个``, ``箱=12``, ``袋=5斤``.

    Returns grams or sale units per package word. A bare number counts sale units. Raises
    ``Refused`` for a line that cannot be read, for an unlike unit, and for a package that is not
    a whole number of pieces.
    """
    sale = Unit.named(clean(unit, 200))
    conversions: dict[str, int] = {}
    for part in aliases_of(text):
        match = _CONVERSION.fullmatch("".join(part.split()))
        if match is None:
            raise Refused(
                N_("{text} cannot be read. Write it like 1板=30 or 箱=12."), text=clean(part, 40)
            )
        conversions[match["word"]] = _amount(match["number"], match["unit"], sale, part)
    return checked_conversions(conversions, sale.word)


def _amount(number: str, word: str, sale: Unit, said: str) -> int:
    counted = Unit.named(word) if word else sale
    alike = counted.word == sale.word or (
        counted.measure is Measure.WEIGHT and sale.measure is Measure.WEIGHT
    )
    if not alike:
        raise Refused(
            N_("{text}: this product is sold by {unit}, so say how many {unit} that is."),
            text=clean(said, 40),
            unit=sale.word,
        )
    try:
        return counted.amount(Decimal(number))
    except (ValueError, InvalidOperation) as error:
        raise Refused(
            N_("{text} is not a whole quantity of {unit}."), text=clean(said, 40), unit=sale.word
        ) from error


def checked_conversions(conversions: Mapping[str, int], unit: str) -> dict[str, int]:
    """Return ``conversions`` (grams or sale units per word), or raise ``Refused``.

    The sale unit itself and words of weight mean what they mean and cannot be redefined.
    """
    if len(conversions) > MOST_CONVERSIONS:
        raise Refused(N_("At most {count} package words per product."), count=MOST_CONVERSIONS)
    kept: dict[str, int] = {}
    for typed, amount in conversions.items():
        word = clean(typed, 200)
        if not word or len(word) > LONGEST_WORD:
            raise Refused(
                N_("A package word must be one to {count} characters."), count=LONGEST_WORD
            )
        if word == unit or word.lower() in WEIGHT_UNITS:
            raise Refused(N_("{word} already has its own meaning here."), word=word)
        if not 0 < amount <= LARGEST_AMOUNT:
            raise Refused(N_("{word} must hold a whole quantity above 0."), word=word)
        kept[word] = amount
    return kept


def conversions_said(conversions: Mapping[str, int], unit: Unit) -> str:
    """Return conversions as :func:`conversions_of` reads them: ``1板=30个、1箱=360个``."""
    return "、".join(f"1{word}={unit.said(amount)}" for word, amount in conversions.items())


def price_per_jin(price: Money, unit: Unit, content_grams: int | None) -> Money | None:
    """Return what 500 g cost; None when the weight of a sale unit is not known.

    Labels read 元/500g beside the unit people use (facts of the field, 4.1).
    """
    return quantity.price_per_jin(price, unit.grams or content_grams)


@dataclass(frozen=True)
class Margin:
    """What is left of a price after buying: ``amount`` per unit, ``percent`` of the price."""

    amount: Money
    percent: Decimal | None


def margin(price: Money, purchase_price: Money | None) -> Margin | None:
    """Return price minus purchase price; None when the latter is unknown.

    ``percent`` has one decimal and is None for a price of zero.
    """
    if purchase_price is None:
        return None
    left = price - purchase_price
    if not price:
        return Margin(left, None)
    return Margin(left, Decimal(half_up(Decimal(left.fen * 1000) / price.fen)) / 10)


def shared_words(words: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return every name or alias that several products answer to, with those products.

    ``words`` maps a product's name to its aliases. The chain reader asks back at such a word
    instead of guessing. Spellings are compared folded; the first spelling met is returned.
    """
    spelling: dict[str, str] = {}
    owners: dict[str, dict[str, None]] = {}
    for name, aliases in words.items():
        for word in (name, *aliases):
            spelling.setdefault(folded(word), word)
            owners.setdefault(folded(word), {})[name] = None
    return {spelling[key]: tuple(names) for key, names in owners.items() if len(names) > 1}


@dataclass(frozen=True)
class ListedLine:
    """One pasted line of a product list: the ``details`` read, or the ``problem`` with it."""

    number: int
    text: str
    details: Details | None
    problem: Refused | None = None


def listed(text: str) -> tuple[ListedLine, ...]:
    """Read a pasted product list, one product a line: name, unit, price, other names.

    ``土鸡蛋 斤 4.8 鸡蛋,柴鸡蛋``; fields are separated by spaces, tabs or ``|``; ``4.8元/斤`` may
    stand for price and unit. A line that cannot be read comes back with its problem; two lines
    with one name are a problem of the second, lines beyond :data:`MOST_LISTED` of themselves.
    """
    typed = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    filled = [(number, line) for number, line in typed if line]
    seen: set[str] = set()
    lines = []
    for number, line in filled[:MOST_LISTED]:
        read = _listed_line(number, line)
        if read.details is not None:
            key = folded(read.details.name)
            if key in seen:
                problem = Refused(N_("{name} stands here twice."), name=read.details.name)
                read = ListedLine(number, read.text, None, problem)
            seen.add(key)
        lines.append(read)
    too_many = Refused(N_("At most {count} products at once."), count=MOST_LISTED)
    lines += [
        ListedLine(number, clean(line, 200), None, too_many)
        for number, line in filled[MOST_LISTED : MOST_LISTED + 1]
    ]
    return tuple(lines)


def _listed_line(number: int, line: str) -> ListedLine:
    shown = clean(line, 200)
    fields = [part for part in re.split(r"[\s|｜]+", line) if part]
    try:
        return ListedLine(number, shown, checked(_listed_details(fields)))
    except Refused as problem:
        return ListedLine(number, shown, None, problem)


def _listed_details(fields: list[str]) -> Details:
    together = (
        re.fullmatch(r"(.*\d)\s*(?:元|块)?[/／](\D+)", fields[1]) if len(fields) > 1 else None
    )
    if together is not None:
        fields = [fields[0], together[2], together[1], *fields[2:]]
    if len(fields) < 3:
        raise Refused(N_("Write name, unit and price, for example: 土鸡蛋 斤 4.8"))
    name, unit, price, *others = fields
    return Details(name, unit, typed_price(price), aliases=aliases_of(",".join(others)))


def _check_name(name: str) -> None:
    if not name:
        raise Refused(N_("Write the name of the product."))
    if len(name) > LONGEST_NAME:
        raise Refused(N_("The name is longer than {count} characters."), count=LONGEST_NAME)
    if _NUMBER_IN_WORD.match(name):
        raise Refused(N_("{name} is a number, not a name."), name=name)


def _check_unit(unit: str) -> None:
    if not unit:
        raise Refused(N_("Write the sale unit, for example 斤 or 份."))
    if len(unit) > LONGEST_WORD:
        raise Refused(N_("The sale unit is longer than {count} characters."), count=LONGEST_WORD)
    if any(map(str.isdigit, unit)) and unit.lower() not in WEIGHT_UNITS:
        raise Refused(
            N_("{unit} is not a unit. Write 份, and its content in the field for it."), unit=unit
        )
