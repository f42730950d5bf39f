"""Writes of a shortage: everybody's line becomes what the split gives (E6)."""

from collections.abc import Mapping
from datetime import date

from lib.kernel.errors import Conflict, NotFound
from lib.kernel.words import N_
from lib.shop.shop import Shop
from lib.supply.purchasing.shortage.queries import claims_of
from lib.supply.purchasing.shortage.rules import Way, check_shares
from lib.trade.orders.commands import put_quantities


def apply_split(
    shop: Shop,
    day: date,
    product_id: int,
    shares: Mapping[int, int],
    available: int,
    versions: Mapping[int, int],
    way: Way = Way.BY_HAND,
) -> int:
    """Give each order line of ``shares`` (line id → quantity) so much of a product, in one step.

    What was ordered stays on record, so the demand does too; what was paid too much shows with the
    order. A split is undone by another one. ``versions`` are the orders' as the person saw them.
    Returns how many lines changed. Raises ``Refused`` unless the shares add up to ``available``,
    ``Conflict`` when an order changed, came or went meanwhile.
    """
    with shop.write("purchase.share_out") as tx:
        claims = claims_of(tx.connection, day, product_id).get(product_id, [])
        open_claims = [one for one in claims if not one.fixed]
        if not open_claims:
            raise NotFound(N_("Nobody ordered this for that day."))
        by_line = {one.claimant.line_id: one.claimant for one in open_claims}
        now = {one.order_id: one.version for one in by_line.values()}
        if set(by_line) != set(shares) or dict(versions) != now:
            raise Conflict(N_("An order changed meanwhile. Look at the shares again."))
        unit = open_claims[0].unit
        wishes = [one.wish for one in by_line.values()]
        check_shares(available, wishes, [shares[line_id] for line_id in by_line], unit)
        changed = {
            line_id: share
            for line_id, share in shares.items()
            if share != by_line[line_id].quantity
        }
        put_quantities(tx, changed, now)
        tx.note(
            f"product:{product_id}",
            before={f"#{by_line[one].number}": unit.said(by_line[one].quantity) for one in changed},
            after={f"#{by_line[one].number}": unit.said(shares[one]) for one in changed},
            name=open_claims[0].name,
            day=day,
            way=way,
            available=unit.said(available),
        )
        tx.result = len(changed)
    return int(tx.result)
