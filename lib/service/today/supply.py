"""What is due in supply, put together from its topics (R1-R9). Every part is a bounded read."""

from dataclasses import dataclass

from lib.shop.shop import Role, Shop
from lib.supply.clearance.queries import Watch, watch
from lib.supply.labels.queries import Label
from lib.supply.labels.queries import due as labels_due
from lib.supply.papers.queries import PapersDue
from lib.supply.papers.queries import due as papers_due
from lib.supply.purchasing.queries import Due as Deliveries
from lib.supply.purchasing.queries import due as deliveries_due
from lib.supply.recall.queries import Recall, open_recalls
from lib.supply.rhythm.plan.queries import PlanDue, plan_due
from lib.supply.statements.queries import StatementsDue
from lib.supply.statements.queries import due as statements_due
from lib.supply.stock.queries import Due as StockDue
from lib.supply.stock.queries import due as stock_due
from lib.supply.traceability.queries import Due as TestsDue
from lib.supply.traceability.queries import due as tests_due


@dataclass(frozen=True)
class ForTheOwner:
    """What only the owner deals with: the plan, papers, statements, printed labels."""

    plan: PlanDue | None
    papers: PapersDue
    statements: StatementsDue
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class SupplyDue:
    """Everything due in supply; ``owner`` is None for staff."""

    deliveries: Deliveries
    stock: StockDue
    slow: Watch
    tests: TestsDue
    recalls: tuple[Recall, ...]
    owner: ForTheOwner | None


def supply_due(shop: Shop) -> SupplyDue:
    """Return what is due in supply now, for owner or staff."""
    return SupplyDue(
        deliveries_due(shop),
        stock_due(shop),
        watch(shop, categories=False),
        tests_due(shop),
        open_recalls(shop),
        _for_the_owner(shop) if shop.actor.role is Role.OWNER else None,
    )


def _for_the_owner(shop: Shop) -> ForTheOwner:
    return ForTheOwner(plan_due(shop), papers_due(shop), statements_due(shop), labels_due(shop))
