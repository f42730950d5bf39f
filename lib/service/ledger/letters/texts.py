"""What a letter says, in the shop's language: on paper, and short for a chat (R32, E17). Pure.

Only the supplier's own goods, figures and money; case numbers instead of people.
"""

from datetime import date

from babel.dates import format_date

from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.after_sales.rules import (
    CAUSE_NAMES,
    DEFECT_NAMES,
    Cause,
    CountedIn,
    number,
)
from lib.service.ledger.causes.rules import TREND_NAMES, Scored, Trend
from lib.service.ledger.letters.rules import Body, Facts, Line, OfMonth
from lib.shop.language import Translate, locale
from lib.shop.messages.filling import filled
from lib.shop.messages.service_events import SUPPLIER_LETTER
from lib.supply.statements.rules import CLAIM_NAMES

MOST_NAMED = 3


def month_said(month: date, language: str) -> str:
    """Return a month as people write it: 2026年9月, September 2026."""
    pattern = "y年M月" if language == "zh_CN" else "MMMM y"
    return format_date(month, pattern, locale=locale(language))


def day_said(day: date, language: str) -> str:
    """Return a day of the month's table: 9月3日, 3 Sep."""
    return format_date(day, "M月d日" if language == "zh_CN" else "d MMM", locale=locale(language))


def standing(facts: Facts, say: Translate, language: str) -> tuple[str, ...]:
    """Return how the month stands, line by line; a month without deliveries is said, not scored."""
    lines = [rate_said(facts.this, say, language)]
    since = say(N_("Known to us since {day}")).format(day=day_said(facts.known_since, language))
    if facts.this.scored is not Scored.YES:
        return (*lines, since) if facts.known_since >= facts.this.month else tuple(lines)
    if facts.before.scored is not Scored.YES and facts.known_since > facts.before.month:
        return (*lines, since)
    lines.append(rate_said(facts.before, say, language))
    if facts.trend is not Trend.NONE:
        lines.append(say(TREND_NAMES[facts.trend]))
    return tuple(lines)


def rate_said(month: OfMonth, say: Translate, language: str) -> str:
    """Return one month's complaints with their counts."""
    named = month_said(month.month, language)
    if month.scored is Scored.YES and month.few:
        said = say(N_("{month}: {cases} complaints of {sold} sold; too few to judge"))
        return said.format(month=named, cases=month.cases, sold=month.sold)
    if month.scored is Scored.YES:
        said = say(N_("{month}: {rate} complaints per 100 sold ({cases} of {sold})"))
        return said.format(month=named, rate=month.per_100, cases=month.cases, sold=month.sold)
    sentence = {
        Scored.NOTHING_DELIVERED: N_("Nothing was delivered in {month}"),
        Scored.NOTHING_SOLD: N_("Nothing of it was sold in {month}"),
        Scored.NOT_YET: N_("Not yet a supplier in {month}"),
    }[month.scored]
    said = say(sentence).format(month=named)
    if month.cases:
        more = say(N_("; {cases} complaints about goods that came earlier"))
        said += more.format(cases=month.cases)
    return said


def bad_said(line: Line, say: Translate) -> str:
    """Return n bad of m of a complaint; empty when nobody counted."""
    if line.bad is None or line.of_total is None:
        return ""
    if line.counted_in is CountedIn.GRAMS:
        word = say("g")
    elif line.counted_in is CountedIn.PIECES or line.unit is None:
        word = say("pcs")
    else:
        word = line.unit.word
    said = say(N_("{bad} of {total} {unit}"))
    return said.format(bad=line.bad, total=line.of_total, unit=word)


def quantity_said(unit: Unit | None, quantity: int | None) -> str:
    """Return a quantity of a line; empty when nobody counted or it is less than one unit."""
    return unit.said(quantity) if unit is not None and quantity else ""


def cause_said(cause: Cause | None, say: Translate) -> str:
    """Return a cause in words."""
    return say(CAUSE_NAMES[cause]) if cause is not None else say(N_("not found out yet"))


def defects_said(facts: Facts, say: Translate) -> str:
    """Return what was complained about, the most frequent first, with counts."""
    return "、".join(f"{say(DEFECT_NAMES[defect])} {count}" for defect, count in facts.defects)


def last_said(body: Body, say: Translate, language: str) -> tuple[str, ...]:
    """Return what last month's letter asked, what came of it and of its claims."""
    last = body.facts.last
    if last is None:
        return ()
    named = month_said(last.month, language)
    lines = []
    if last.asks:
        lines.append(say(N_("In {month} we asked: {asks}")).format(month=named, asks=last.asks))
    if body.choice.came:
        lines.append(say(N_("What came of it: {came}")).format(came=body.choice.came))
    for amount, answer in last.claims:
        said = say(N_("Claim of {month}: {amount} yuan, {answer}"))
        lines.append(said.format(month=named, amount=amount, answer=say(CLAIM_NAMES[answer])))
    return tuple(lines)


def supplier_text(shop_name: str, body: Body, say: Translate, language: str) -> str:
    """Return the letter as a message for the supplier's chat."""
    facts, choice = body.facts, body.choice
    named = [
        f"{number(line.case_id)} {line.product} {bad_said(line, say)}".strip()
        for line in facts.lines[:MOST_NAMED]
    ]
    rest = len(facts.lines) - len(named)
    if rest > 0:
        named.append(say(N_("… and {count} more, see the letter")).format(count=rest))
    claim = say(N_("We ask {amount} yuan back, off the next weekly statement."))
    values: dict[str, object] = {
        "supplier": facts.supplier,
        "month": month_said(facts.this.month, language),
        "standing": "\n".join(standing(facts, say, language)),
        "causes": defects_said(facts, say),
        "cases": "\n".join(named),
        "claim": claim.format(amount=choice.claim) if choice.claim else "",
        "asks": choice.asks,
        "shop": shop_name,
    }
    return filled(say(SUPPLIER_LETTER.wording), values)
