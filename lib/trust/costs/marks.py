"""What stands beside a product on the price page today, whatever its sheet says.

Sheets never change; marks are live: the batch of the product that lies in the shop now.
"""

from dataclasses import dataclass

from lib.shop.shop import Shop
from lib.supply.origin.queries import current_batches
from lib.supply.origin.rules import Current, newest_per_product


@dataclass(frozen=True)
class Mark:
    """The marks of one product; ``batch`` is the one that came last of those on hand."""

    product_id: int
    batch: Current | None = None


def product_marks(shop: Shop) -> dict[int, Mark]:
    """Return the marks of every product that has any. Public."""
    batches = newest_per_product(current_batches(shop))
    return {batch.product_id: Mark(batch.product_id, batch) for batch in batches}
