"""Compared prices of a round's offers, checked inside the write that keeps them (facts 3.3 §16)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.shop import Role, Tx
from lib.trade.charged.queries import Standing, charged_for_offers
from lib.trade.charged.rules import check_compared, checked_basis
from lib.trade.rounds.rules import Offered


def checked_compared(
    tx: Tx, opens_at: datetime, offers: Sequence[Offered], kept: Sequence[Offered] = ()
) -> tuple[Offered, ...]:
    """Step: return ``offers`` of a round that opens at ``opens_at`` as they may be kept.

    ``kept`` are the offers as they stand now; one that stays as it is is not judged anew (what it
    shows is judged whenever it is shown). Raises ``Refused`` for a compared price that is not above
    the price, for one above what was really charged without a written basis, for a basis that says
    nothing or stands without its price, and for staff who would write one.
    """
    known = {each.product_id: each for each in kept}
    wanted = tuple(_cleaned(each) for each in offers)
    changed = [
        each
        for each in wanted
        if each.compared is not None and not _same(each, known.get(each.product_id))
    ]
    asked = {each: Standing(each.product_id, each.price, opens_at) for each in changed}
    days, zone = tx.settings.compared_price_days, tx.settings.time_zone
    limits = charged_for_offers(tx.connection, asked.values(), tx.now, days, zone)
    for each, standing in asked.items():
        if each.compared is None:
            continue
        check_compared(each.price, each.compared, each.basis, limits.get(standing), days)
        if each.basis and tx.actor.role is Role.STAFF:
            raise Refused(N_("Only the owner writes the basis of a compared price."))
    return wanted


def _same(offer: Offered, kept: Offered | None) -> bool:
    """Whether price and comparison are those that stand already; limits may differ."""
    return kept is not None and offer == replace(
        kept, household_limit=offer.household_limit, available=offer.available
    )


def _cleaned(offer: Offered) -> Offered:
    basis = checked_basis(offer.basis)
    if offer.compared is not None:
        return replace(offer, basis=basis)
    if basis:
        raise Refused(
            N_("“{basis}” is the basis of a compared price: write that price, too."), basis=basis
        )
    return replace(offer, basis="", photo=None)
