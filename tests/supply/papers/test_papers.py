"""Papers and agreements in the books (R2, R9)."""

from datetime import date, timedelta

import pytest

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.papers import commands, queries
from lib.supply.papers.rules import AgreementDetails, Bearer, Cycle, PaperDetails, Standing
from lib.supply.suppliers.commands import archive_supplier
from lib.supply.suppliers.rules import PaperKind, Stage
from tests.supply.cast import TODAY, add_product, add_supplier, add_term, put

SCAN = "a" * 64
PERMIT = PaperDetails(PaperKind.PRODUCTION_PERMIT, "SC10633010800001", date(2022, 1, 1))


def add_scan(shop: Shop) -> str:
    values = {"media_type": "image/jpeg", "size": 9, "created_at": shop.clock.now()}
    with shop.store.write() as connection:
        connection.execute(schema.blob.insert().values(sha256=SCAN, **values))
    return SCAN


def test_a_paper_is_kept_with_its_usual_end(shop: Shop) -> None:
    supplier, scan = add_supplier(shop), add_scan(shop)
    commands.add_paper(shop, supplier, PERMIT, scan)
    kept = queries.papers_of(shop, supplier)[0]
    assert (kept.valid_until, kept.number, kept.scan) == (date(2026, 12, 31), PERMIT.number, scan)
    assert (kept.stage, kept.published_at) == (Stage.FINE, None)


def test_a_paper_is_corrected_and_keeps_its_scan(shop: Shop) -> None:
    supplier, scan = add_supplier(shop), add_scan(shop)
    paper = commands.add_paper(shop, supplier, PERMIT, scan)
    later = PaperDetails(PERMIT.kind, "SC1", PERMIT.issued_on, date(2027, 1, 5))
    commands.change_paper(shop, paper, 1, later)
    kept = queries.papers_of(shop, supplier)[0]
    assert (kept.details, kept.scan) == (later, scan)
    with pytest.raises(Conflict):
        commands.change_paper(shop, paper, 1, PERMIT)


def test_an_unknown_scan_or_supplier_is_refused(shop: Shop) -> None:
    supplier = add_supplier(shop)
    with pytest.raises(NotFound):
        commands.add_paper(shop, supplier, PERMIT, "b" * 64)
    with pytest.raises(NotFound):
        commands.add_paper(shop, 99, PERMIT)
    assert queries.papers_of(shop, supplier) == ()


def test_a_paper_is_shown_hidden_and_withdrawn(shop: Shop) -> None:
    supplier, scan = add_supplier(shop), add_scan(shop)
    paper = commands.add_paper(shop, supplier, PERMIT, scan)
    commands.publish_paper(shop, paper, published=True)
    assert queries.papers_of(shop, supplier)[0].published_at is not None
    commands.publish_paper(shop, paper, published=False)
    assert queries.papers_of(shop, supplier)[0].published_at is None
    commands.publish_paper(shop, paper, published=True)
    commands.withdraw_paper(shop, paper)
    gone = queries.papers_of(shop, supplier)[0]
    assert gone.withdrawn_at is not None
    assert gone.published_at is None, "what is withdrawn is seen by nobody but the shop"
    with pytest.raises(Refused):
        commands.publish_paper(shop, paper, published=True)


def test_the_missing_paper_list(shop: Shop) -> None:
    trader = add_supplier(shop, "粮油行", kind="trader")
    add_term(shop, trader, add_product(shop, "挂面"))
    grower = add_supplier(shop)
    lacking = [need for need in queries.needs(shop) if need.is_lacking]
    assert [(need.supplier_name, need.asked.kinds[0], need.standing) for need in lacking] == [
        ("粮油行", PaperKind.BUSINESS_LICENCE, Standing.MISSING),
        ("粮油行", PaperKind.OPERATION_PERMIT, Standing.MISSING),
    ]
    assert not [need for need in queries.needs(shop, grower) if need.is_lacking]
    commands.add_paper(shop, trader, PaperDetails(PaperKind.BUSINESS_LICENCE))
    commands.add_paper(shop, trader, PaperDetails(PaperKind.PREPACKAGED_FILING))
    assert not [need for need in queries.needs(shop) if need.is_lacking]


def test_everything_of_papers_is_the_owners(shop: Shop, staff_shop: Shop) -> None:
    supplier = add_supplier(shop)
    with pytest.raises(Refused):
        commands.add_paper(staff_shop, supplier, PERMIT)
    for ask in (queries.papers_of, queries.agreements_of, queries.needs):
        with pytest.raises(Refused):
            ask(staff_shop, supplier)
    with pytest.raises(Refused):
        queries.due(staff_shop)


def agreed(first: int = -100, last: int | None = 30, **values: object) -> AgreementDetails:
    """An agreement from ``first`` to ``last`` days from today."""
    end = None if last is None else TODAY + timedelta(days=last)
    return AgreementDetails(TODAY + timedelta(days=first), end, **values)  # type: ignore[arg-type]


def test_an_agreement_is_kept_whole(shop: Shop) -> None:
    supplier, scan = add_supplier(shop), add_scan(shop)
    details = agreed(
        cycle=Cycle.FORTNIGHTLY,
        minimum_order=Money(10_000),
        case_note="30 个一板",
        spoilage_by=Bearer.SHARED,
        notice_days=15,
        prepayment=Money(5_000),
        note="周一送",
    )
    commands.add_agreement(shop, supplier, details, scan)
    kept = queries.agreements_of(shop, supplier)
    assert (kept[0].details, kept[0].scan) == (details, scan)
    assert queries.running_on(kept, TODAY) == kept[0]


@pytest.mark.parametrize(
    ("left", "stage", "step"),
    [(31, None, None), (30, Stage.SOON, 30), (8, Stage.SOON, 30), (7, Stage.SOON, 7),
     (0, Stage.LAST_DAY, 0), (-1, Stage.OVER, None)],
)  # fmt: skip
def test_an_agreement_is_warned_of_before_on_and_after_its_end(
    shop: Shop, left: int, stage: Stage | None, step: int | None
) -> None:
    commands.add_agreement(shop, add_supplier(shop), agreed(last=left))
    ending = queries.due(shop).agreements
    found = [(each.stage, each.step) for each in ending]
    assert found == ([] if stage is None else [(stage, step)])


def test_a_following_agreement_silences_the_warning(shop: Shop) -> None:
    supplier = add_supplier(shop)
    commands.add_agreement(shop, supplier, agreed(last=3))
    with pytest.raises(Refused, match="overlaps"):
        commands.add_agreement(shop, supplier, agreed(first=3, last=400))
    commands.add_agreement(shop, supplier, agreed(first=4, last=400))
    assert queries.due(shop).agreements == ()


def test_an_ended_agreement_makes_room_and_is_not_warned_of(shop: Shop) -> None:
    supplier = add_supplier(shop)
    made = commands.add_agreement(shop, supplier, agreed(last=None))
    with pytest.raises(Refused):
        commands.end_agreement(shop, made, TODAY - timedelta(days=101))
    commands.end_agreement(shop, made, TODAY + timedelta(days=2))
    assert queries.due(shop).agreements == ()
    kept = queries.agreements_of(shop, supplier)
    assert queries.running_on(kept, TODAY + timedelta(days=2)) is not None
    assert queries.running_on(kept, TODAY + timedelta(days=3)) is None
    with pytest.raises(Refused):
        commands.change_agreement(shop, made, 2, agreed())
    commands.add_agreement(shop, supplier, agreed(first=3, last=90))


def test_archived_suppliers_are_not_watched(shop: Shop) -> None:
    supplier = add_supplier(shop)
    commands.add_agreement(shop, supplier, agreed(last=-1))
    commands.add_paper(shop, supplier, PaperDetails(PaperKind.OTHER, valid_until=TODAY))
    due = queries.due(shop)
    assert (len(due.papers), len(due.agreements)) == (1, 1)
    archive_supplier(shop, supplier)
    assert queries.due(shop) == queries.PapersDue((), ())


def test_the_cycle_follows_the_agreement_in_force(shop: Shop) -> None:
    supplier = add_supplier(shop)
    put(shop, schema.agreement, supplier_id=supplier, starts_on=TODAY, cycle="monthly",
        spoilage_by="shop", created_at=shop.clock.now())  # fmt: skip
    with shop.read() as connection:
        assert queries.cycles_on(connection, TODAY) == {supplier: Cycle.MONTHLY}
        assert queries.cycles_on(connection, TODAY - timedelta(days=1)) == {}


def test_an_agreement_is_changed_once_per_version(shop: Shop) -> None:
    supplier = add_supplier(shop)
    made = commands.add_agreement(shop, supplier, agreed())
    commands.change_agreement(shop, made, 1, agreed(last=60))
    with pytest.raises(Conflict):
        commands.change_agreement(shop, made, 1, agreed(last=61))
