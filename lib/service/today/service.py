"""What is due in service, put together from its topics (R21-R30). Every part is bounded."""

from dataclasses import dataclass
from datetime import datetime

from lib.service.after_sales.queries import AfterSalesDue
from lib.service.after_sales.queries import due as after_sales_due
from lib.service.delivery.queries import DeliveryDue
from lib.service.delivery.queries import due as delivery_due
from lib.service.owed.queries import OwedDue
from lib.service.owed.queries import due as owed_due
from lib.service.packing.queries import due as packing_due
from lib.service.packing.rules import MaterialStock
from lib.service.reminders.queries import Open
from lib.service.reminders.queries import due as reminders_due
from lib.shop.shop import Shop


@dataclass(frozen=True)
class ServiceDue:
    """Everything due in service at ``now``; ``material`` is to be bought again."""

    now: datetime
    cases: AfterSalesDue
    owed: OwedDue
    reminders: tuple[Open, ...]
    delivery: DeliveryDue
    material: tuple[MaterialStock, ...]


def service_due(shop: Shop) -> ServiceDue:
    """Return what is due in service now, for owner or staff."""
    return ServiceDue(
        shop.clock.now(),
        after_sales_due(shop),
        owed_due(shop),
        reminders_due(shop),
        delivery_due(shop),
        packing_due(shop),
    )
