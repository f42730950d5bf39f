"""What is due in supply as cards of the Today page; the most urgent stand first there."""

from collections.abc import Iterable

from lib.kernel.money import total
from lib.service.today.supply import ForTheOwner, SupplyDue
from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.today import Card
from lib.ui.words import _, plain

MOST_NAMED = 3


def cards(shop: Shop, due: SupplyDue) -> list[Card]:
    """Return what is due in supply, in no order of urgency."""
    found = [
        *_recalls(due),
        *_deliveries(due),
        *_stock(shop, due),
        *_slow(shop, due),
        *_tests(due),
    ]
    return found + (_owner(shop, due.owner) if due.owner is not None else [])


def named(names: Iterable[str]) -> str:
    """Return the first few different names, and how many more there are."""
    different = list(dict.fromkeys(names))
    shown = "、".join(plain(name) for name in different[:MOST_NAMED])
    more = len(different) - MOST_NAMED
    return shown + _(" and {count} more").format(count=more) if more > 0 else shown


def _recalls(due: SupplyDue) -> list[Card]:
    return [
        Card(
            value=f"{one.told.told} / {one.told.residents}",
            label=_("Recall of {product}: residents told").format(product=plain(one.product)),
            state="late",
            says=_("batch {code}").format(code=one.code),
            page="recall",
            link=_("To the recall"),
            query={"recall": str(one.id)},
        )
        for one in due.recalls
    ]


def _deliveries(due: SupplyDue) -> list[Card]:
    found = []
    for orders, late in ((due.deliveries.late, True), (due.deliveries.today, False)):
        if orders:
            found.append(
                Card(
                    value=_("{count} deliveries").format(count=len(orders)),
                    label=named(one.supplier_name for one in orders),
                    state="late" if late else "soon",
                    says=_("should have come already") if late else _("expected today"),
                    page="receive",
                    link=_("Receive them"),
                    query={"order": str(orders[0].id)},
                )
            )
    return found


def _stock(shop: Shop, due: SupplyDue) -> list[Card]:
    found = []
    if due.stock.negative:
        found.append(
            Card(
                value=_("{count} products").format(count=len(due.stock.negative)),
                label=named(one.name for one in due.stock.negative),
                state="late",
                says=_("more left than came in"),
                page="stock",
                link=_("Put it right"),
            )
        )
    if due.stock.ending:
        over = [one for one in due.stock.ending if (one.days_left(shop.today) or 0) < 0]
        found.append(
            Card(
                value=_("{count} batches").format(count=len(due.stock.ending)),
                label=named(one.product for one in due.stock.ending),
                state="late" if over else "soon",
                says=_("{count} past their date").format(count=len(over))
                if over
                else _("end within {days} days").format(days=shop.settings.spoil_warning_days),
                page="stock",
                link=_("What ends"),
            )
        )
    return found


def _slow(shop: Shop, due: SupplyDue) -> list[Card]:
    found = []
    movers, early, risk = due.slow.movers, due.slow.early, due.slow.at_risk
    if movers:
        count = _("{count} products").format(count=len(movers))
        found.append(
            Card(
                value=count if risk is None else show.money(risk),
                label=_("Slow: {goods}").format(goods=named(one.name for one in movers)),
                state="late",
                says=_("{days} slow days running").format(days=shop.settings.slow_days),
                page="slow",
                link=_("What to do"),
            )
        )
    if early:
        found.append(
            Card(
                value=_("{count} products").format(count=len(early)),
                label=named(one.name for one in early),
                state="soon",
                says=_("{days} slow days, not more yet").format(days=shop.settings.slow_early_days),
                page="slow",
                link=_("Early notice"),
            )
        )
    return found


def _tests(due: SupplyDue) -> list[Card]:
    lacking = [*due.tests.old, *due.tests.missing]
    if not lacking:
        return []
    return [
        Card(
            value=_("{count} products").format(count=len(lacking)),
            label=named(one.name for one in lacking),
            state="soon",
            says=_("{old} tests old, {missing} missing").format(
                old=len(due.tests.old), missing=len(due.tests.missing)
            ),
            page="evidence",
            link=_("Bring reports"),
        )
    ]


def _owner(shop: Shop, due: ForTheOwner) -> list[Card]:
    return [*_plan(shop, due), *_papers(shop, due), *_statements(due), *_labels(due)]


def _plan(shop: Shop, due: ForTheOwner) -> list[Card]:
    if due.plan is None:
        return []
    return [
        Card(
            value=show.day(due.plan.day, shop),
            label=_("Plan: {count} staples to buy").format(count=due.plan.staples),
            state="late" if due.plan.is_late else "soon",
            says=_("nothing ordered yet"),
            page="plan",
            link=_("To the plan"),
        )
    ]


def _papers(shop: Shop, due: ForTheOwner) -> list[Card]:
    found = []
    papers, agreements = due.papers.papers, due.papers.agreements
    if papers:
        over = sum(one.expired for one in papers)
        found.append(
            Card(
                value=_("{count} papers").format(count=len(papers)),
                label=named(one.supplier_name for one in papers),
                state="late" if over else "soon",
                says=_("{count} expired").format(count=over)
                if over
                else _("first on {day}").format(day=show.day(papers[0].valid_until, shop)),
                page="suppliers",
                link=_("Which papers"),
                query={"supplier": str(papers[0].supplier_id)},
            )
        )
    if agreements:
        ended = any(one.step is None for one in agreements)
        found.append(
            Card(
                value=_("{count} agreements").format(count=len(agreements)),
                label=named(one.supplier_name for one in agreements),
                state="late" if ended else "soon",
                says=_("ended")
                if ended
                else _("first on {day}").format(day=show.day(agreements[0].ends_on, shop)),
                page="suppliers",
                link=_("To the agreement"),
                query={"supplier": str(agreements[0].supplier_id)},
            )
        )
    return found


def _statements(due: ForTheOwner) -> list[Card]:
    found = []
    mine = due.statements
    if mine.to_close:
        found.append(
            Card(
                value=_("{count} statements").format(count=len(mine.to_close)),
                label=named(one.supplier_name for one in mine.to_close),
                state="soon",
                says=_("weeks to close"),
                page="statements",
                link=_("Close them"),
                query={"week": mine.to_close[0].week.isoformat()},
            )
        )
    if mine.to_pay:
        found.append(
            Card(
                value=show.money(total(one.payable for one in mine.to_pay)),
                label=named(one.supplier_name for one in mine.to_pay),
                state="soon",
                says=_("{count} statements to settle").format(count=len(mine.to_pay)),
                page="statements",
                link=_("Settle them"),
                query={"week": mine.to_pay[0].week.isoformat()},
            )
        )
    if mine.open_claims:
        found.append(
            Card(
                value=_("{count} claims").format(count=mine.open_claims),
                label=_("Without an answer from the supplier"),
                state="quiet",
                says=_("ask the suppliers"),
                page="suppliers",
                link=_("To the suppliers"),
            )
        )
    return found


def _labels(due: ForTheOwner) -> list[Card]:
    return [
        Card(
            value=str(one.left),
            label=_("Labels left for {product}").format(product=plain(one.product)),
            state="soon",
            says=_("print again"),
            page="labels",
            link=_("To the labels"),
        )
        for one in due.labels
    ]
