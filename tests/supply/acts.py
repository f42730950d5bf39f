"""Every command of supply once, on one set of books: what to call and with what.

:func:`set_the_stage` makes books in which each of :data:`ACTS` can be done; the tests of double
action and of a program that stops in the middle walk the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.service.pickup.commands import hand_over
from lib.shop.files import intake
from lib.shop.shop import Shop
from lib.supply.clearance import commands as clearance
from lib.supply.clearance.offers import Kind as Offer
from lib.supply.clearance.offers import Plan
from lib.supply.labels import commands as labels
from lib.supply.labels.rules import Details as Label
from lib.supply.labels.rules import Kind as LabelMove
from lib.supply.papers import commands as papers
from lib.supply.papers.rules import AgreementDetails, PaperDetails
from lib.supply.past import commands as past
from lib.supply.past.matching import DayRow
from lib.supply.past.queries import LAYOUTS
from lib.supply.purchasing import commands as purchasing
from lib.supply.purchasing.receiving import commands as receiving
from lib.supply.purchasing.receiving.rules import Arrival, ArrivalLine
from lib.supply.purchasing.rules import WantedLine, WantedOrder
from lib.supply.purchasing.shortage import commands as shortage
from lib.supply.recall import commands as recall
from lib.supply.recall.rules import How
from lib.supply.rhythm.plan import commands as plan
from lib.supply.statements import commands as statements
from lib.supply.statements import queries as statement_queries
from lib.supply.statements.rules import ClaimDetails, ClaimStatus
from lib.supply.stock.rules import Waste
from lib.supply.stock.shelf import commands as shelf
from lib.supply.suppliers import commands as suppliers
from lib.supply.suppliers.rules import Details as Supplier
from lib.supply.suppliers.rules import Kind as SupplierKind
from lib.supply.suppliers.rules import PaperKind, TermDetails
from lib.supply.traceability import commands as traceability
from lib.supply.traceability.rules import Details as Evidence
from lib.supply.traceability.rules import Kind as EvidenceKind
from lib.supply.traceability.rules import Target
from lib.trade.products.rules import Details as Product
from tests.conftest import NOW
from tests.once import Act, Topic
from tests.service.cast import add_member, add_order
from tests.shop.files import samples
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term, put

YESTERDAY = TODAY - timedelta(days=1)
LAST_WEEK, EARLIER = date(2026, 9, 14), date(2026, 9, 7)


@dataclass(frozen=True)
class Stage:
    """Ids of what stands in the books, by a word; ``taken`` is a photo put in place, unbooked."""

    ids: Mapping[str, int]
    photo: str
    other: str
    taken: intake.Taken

    def __getattr__(self, name: str) -> int:
        return self.ids[name]


def set_the_stage(shop: Shop) -> Stage:
    """Fill the books so that every act is possible."""
    ids: dict[str, int] = {}
    _partners(shop, ids)
    _orders(shop, ids)
    _goods(shop, ids)
    photo = intake.take_in(shop, samples.photo((80, 60)), "a.jpg")
    other = intake.take_in(shop, samples.photo((60, 80)), "b.jpg")
    taken = intake.put(shop, samples.photo((90, 50)), "c.jpg")
    _papers(shop, ids, photo)
    _recalls(shop, ids)
    _money(shop, ids)
    return Stage(ids, photo, other, taken)


def _partners(shop: Shop, ids: dict[str, int]) -> None:
    long_ago = NOW - timedelta(days=90)
    ids["farm"] = add_supplier(shop, created_at=long_ago)
    ids["mill"] = add_supplier(shop, "老磨坊", created_at=long_ago)
    ids["gone"] = add_supplier(shop, "旧货商", archived_at=NOW)
    ids["eggs"] = add_product(shop, "土鸡蛋", "盒", 1000, fresh=True)
    ids["tofu"] = add_product(shop, "老豆腐", "盒", 300)
    ids["rice"] = add_product(shop, "大米", "袋", 4500)
    ids["salt"] = add_product(shop, "盐", "袋", 200)
    ids["term"] = add_term(shop, ids["farm"], ids["eggs"], case_quantity=5)
    plan.add_staples(shop, [ids["eggs"]])


def _orders(shop: Shop, ids: dict[str, int]) -> None:
    def order(plan_day: date, status: str) -> int:
        line = WantedLine(ids["eggs"], 10, 10)
        (made,) = purchasing.add_orders(
            shop, [WantedOrder(ids["farm"], TODAY, (line,), plan_day=plan_day)]
        )
        if status == "sent":
            purchasing.send_order(shop, made, 1)
        return made

    ids["draft"] = order(TODAY, "draft")
    ids["sent"] = order(TODAY + timedelta(days=2), "sent")


def _goods(shop: Shop, ids: dict[str, int]) -> None:
    """Batches, three orders of residents, one handed over, and entries made at the shelf."""
    line = ArrivalLine(ids["rice"], 20)
    came = receiving.receive(shop, Arrival(ids["mill"], (line,)))
    ids["delivery"], ids["rice_batch"] = came.delivery_id, came.batch_ids[0]
    ids["batch"] = add_batch(shop, ids["eggs"], 40, supplier_id=ids["farm"])
    ids["later"] = add_batch(shop, ids["eggs"], 40, supplier_id=ids["farm"])
    ids["stopped"] = add_batch(
        shop, ids["eggs"], 5, supplier_id=ids["farm"], stopped_at=NOW, stop_reason="坏"
    )
    ids["called"] = add_batch(shop, ids["eggs"], 9, supplier_id=ids["farm"])
    ids["tofu_batch"] = add_batch(shop, ids["tofu"], 6, supplier_id=ids["mill"])
    for number, name in enumerate(("小李", "王姐"), start=1):
        ids[name] = add_member(shop, name)
        goods = ((ids["tofu"], 5), (ids["eggs"], 4))
        order, lines = add_order(shop, ids[name], number, *goods)
        ids[f"order_{number}"], ids[f"tofu_{number}"], ids[f"eggs_{number}"] = order, *lines
    hand_over(shop, ids["order_1"], {ids["eggs_1"]: 4})
    ids["handover"] = last(shop, schema.handover)
    assert isinstance(shop.clock, FixedClock)
    shop.clock.forward(minutes=1)  # entries of one moment are one entry
    shelf.waste(shop, ids["eggs"], 1, Waste.BROKEN, batch_id=ids["later"])
    ids["wasted"] = last(shop, schema.stock_movement)
    shop.clock.forward(minutes=1)
    shelf.mark_sold_out(shop, ids["eggs"], YESTERDAY)


def _papers(shop: Shop, ids: dict[str, int], photo: str) -> None:
    details = PaperDetails(PaperKind.BUSINESS_LICENCE, "123")
    ids["paper"] = papers.add_paper(shop, ids["farm"], details, photo)
    ids["agreement"] = papers.add_agreement(shop, ids["farm"], AgreementDetails(EARLIER))
    of = Target(batch_id=ids["batch"])
    ids["evidence"] = traceability.add_evidence(shop, of, photo, EvidenceKind.GROWING)
    ids["shown"] = traceability.add_evidence(
        shop, Target(supplier_id=ids["farm"]), photo, EvidenceKind.GROWING
    )
    traceability.publish_evidence(shop, ids["shown"], 1)
    ids["label"] = labels.add_label(shop, ids["rice"], Label("小区大米"))
    labels.move_labels(shop, ids["label"], LabelMove.PRINTED, 100)
    plan_ = Plan(Offer.DISCOUNT, Money(200), 3, 5)
    ids["clearance"] = clearance.start_clearance(
        shop, clearance.Start(ids["tofu"], plan_, "near_date", TODAY + timedelta(days=2))
    )
    ids["import"] = past.import_past(shop, figures(ids["rice"], "old")).import_id or 0


def _recalls(shop: Shop, ids: dict[str, int]) -> None:
    """A recall of what was handed over: one resident told, one to be told."""
    ids["recall"] = recall.start_recall(shop, ids["called"], "变质", "请退回")
    for name, line in (("小李", "eggs_1"), ("王姐", "eggs_2")):
        told = {"told_at": NOW, "told_by": shop.actor.id, "told_how": "phone"}
        put(
            shop, schema.recall_line, recall_id=ids["recall"], line_id=ids[line],
            member_id=ids[name], quantity=4, certain=True, **(told if name == "小李" else {}),
        )  # fmt: skip
    recall.supplier_told(shop, ids["recall"], 1)


def _money(shop: Shop, ids: dict[str, int]) -> None:
    """Two weeks to settle, one of them closed, another paid; three claims."""
    for supplier in ("farm", "mill"):
        for week in (EARLIER, LAST_WEEK):
            add_batch(shop, ids["rice"], 10, supplier_id=ids[supplier], arrived_on=week)
    ids["closed"] = close(shop, ids["mill"], LAST_WEEK)
    ids["paid"] = close(shop, ids["mill"], EARLIER)
    statements.mark_paid(shop, ids["paid"], 1, TODAY, "微信")
    ids["claim"] = statements.add_claim(shop, ids["farm"], ClaimDetails(Money(800), "坏了"))
    ids["answered"] = statements.add_claim(shop, ids["farm"], ClaimDetails(Money(900), "少了"))
    statements.decide_claim(shop, ids["answered"], 1, ClaimStatus.DECLINED)


def close(shop: Shop, supplier: int, week: date) -> int:
    """Close a week as it stands."""
    found = statement_queries.statement(shop, supplier, week)
    assert found is not None
    return statements.close_statement(shop, supplier, week, found.body)


def figures(product: int, fingerprint: str) -> past.Wanted:
    """Two days of a product, and one of a new one."""
    days = [DayRow(LAST_WEEK + timedelta(days=n), 5, 3, False, None, None, None) for n in (0, 1)]
    if fingerprint == "old":
        return past.Wanted("a.csv", fingerprint, [past.PastProduct("大米", days, product)])
    new = past.PastProduct("糙米", days[:1], None, Product("糙米", "袋", Money(100)))
    return past.Wanted("b.csv", fingerprint, [past.PastProduct("土鸡蛋", days, product), new])


def last(shop: Shop, table: Any) -> int:
    """Return the id of the newest row of a table."""
    with shop.read() as connection:
        return int(connection.execute(table.select().order_by(table.c.id.desc())).first().id)


SUPPLIER = Supplier("新棚", SupplierKind.GROWER)


def _wanted(stage: Stage) -> list[WantedOrder]:
    lines = (WantedLine(stage.eggs, 5, 5), WantedLine(stage.rice, 2))
    return [WantedOrder(stage.farm, TODAY, lines), WantedOrder(stage.mill, TODAY, lines)]


def _arrival(stage: Stage) -> Arrival:
    lines = (ArrivalLine(stage.eggs, 8, 2, "破了"), ArrivalLine(stage.salt, 10))
    return Arrival(stage.farm, lines, TODAY, stage.sent, 2, rest_reason="没有了")


def _split(shop: Shop, stage: Stage) -> int:
    shares = {stage.tofu_1: 4, stage.tofu_2: 2}
    seen = {stage.order_1: version(shop, stage.order_1), stage.order_2: 1}
    return shortage.apply_split(shop, TODAY, stage.tofu, shares, 6, seen)


def version(shop: Shop, order: int) -> int:
    """Return the version of a resident's order."""
    orders = schema.customer_order
    with shop.read() as connection:
        return int(connection.execute(orders.select().where(orders.c.id == order)).one().version)


ACTS: dict[str, Act] = {
    "suppliers.add_supplier": lambda shop, it: suppliers.add_supplier(shop, SUPPLIER),
    "suppliers.change_supplier": lambda shop, it: suppliers.change_supplier(
        shop, it.mill, 1, SUPPLIER
    ),
    "suppliers.archive_supplier": lambda shop, it: suppliers.archive_supplier(shop, it.farm),
    "suppliers.restore_supplier": lambda shop, it: suppliers.restore_supplier(shop, it.gone),
    "suppliers.set_term": lambda shop, it: suppliers.set_term(
        shop, it.mill, it.eggs, TermDetails(Money(410), preferred=True)
    ),
    "suppliers.end_term": lambda shop, it: suppliers.end_term(shop, it.term),
    "papers.add_paper": lambda shop, it: papers.add_paper(
        shop, it.mill, PaperDetails(PaperKind.OTHER, "9"), it.photo
    ),
    "papers.change_paper": lambda shop, it: papers.change_paper(
        shop, it.paper, 1, PaperDetails(PaperKind.OTHER, "8")
    ),
    "papers.publish_paper": lambda shop, it: papers.publish_paper(shop, it.paper, published=True),
    "papers.withdraw_paper": lambda shop, it: papers.withdraw_paper(shop, it.paper),
    "papers.add_agreement": lambda shop, it: papers.add_agreement(
        shop, it.mill, AgreementDetails(TODAY)
    ),
    "papers.change_agreement": lambda shop, it: papers.change_agreement(
        shop, it.agreement, 1, AgreementDetails(EARLIER, TODAY)
    ),
    "papers.end_agreement": lambda shop, it: papers.end_agreement(shop, it.agreement, TODAY),
    "labels.add_label": lambda shop, it: labels.add_label(
        shop, it.rice, Label("新标签", approved_on=TODAY), (samples.photo(), "l.jpg")
    ),
    "labels.change_label": lambda shop, it: labels.change_label(
        shop, it.label, 1, Label("标签", approved_on=TODAY), (samples.photo(), "l.jpg")
    ),
    "labels.end_label": lambda shop, it: labels.end_label(shop, it.label, 1),
    "labels.move_labels": lambda shop, it: labels.move_labels(shop, it.label, LabelMove.SPOILED, 3),
    "labels.count_labels": lambda shop, it: labels.count_labels(shop, it.label, 90, 100),
    "clearance.start_clearance": lambda shop, it: clearance.start_clearance(
        shop,
        clearance.Start(
            it.eggs, Plan(Offer.DISCOUNT, Money(800), 3, 5), "near_date", TODAY + timedelta(days=1)
        ),
    ),
    "clearance.end_clearance": lambda shop, it: clearance.end_clearance(shop, it.clearance, 1),
    "past.import_past": lambda shop, it: past.import_past(shop, figures(it.eggs, "new")),
    "past.undo_import": lambda shop, it: past.undo_import(shop, it.ids["import"]),
    "past.save_layout": lambda shop, it: past.save_layout(
        shop, f"{LAYOUTS}x", {"columns": {"0": "day"}}
    ),
    "purchasing.add_orders": lambda shop, it: purchasing.add_orders(shop, _wanted(it)),
    "purchasing.change_order": lambda shop, it: purchasing.change_order(
        shop, it.draft, 1, [WantedLine(it.eggs, 15, 15)], TODAY
    ),
    "purchasing.send_order": lambda shop, it: purchasing.send_order(shop, it.draft, 1),
    "purchasing.unsend_order": lambda shop, it: purchasing.unsend_order(shop, it.sent, 2),
    "purchasing.move_order": lambda shop, it: purchasing.move_order(
        shop, it.sent, 2, TODAY + timedelta(days=3)
    ),
    "purchasing.close_order": lambda shop, it: purchasing.close_order(shop, it.sent, 2, "没货"),
    "purchasing.cancel_order": lambda shop, it: purchasing.cancel_order(shop, it.draft, 1, "错"),
    "purchasing.receiving.receive": lambda shop, it: receiving.receive(shop, _arrival(it)),
    "purchasing.receiving.correct_batch": lambda shop, it: receiving.correct_batch(
        shop, it.rice_batch, 1, ArrivalLine(it.rice, 18, 2, "湿了")
    ),
    "purchasing.receiving.undo_receiving": lambda shop, it: receiving.undo_receiving(
        shop, it.delivery, "送错了"
    ),
    "purchasing.shortage.apply_split": _split,
    "recall.stop_sale": lambda shop, it: recall.stop_sale(shop, it.batch, "坏", product=True),
    "recall.release_sale": lambda shop, it: recall.release_sale(shop, it.stopped, "复检合格"),
    "recall.start_recall": lambda shop, it: recall.start_recall(
        shop, it.batch, "坏", "退", stop_product=True
    ),
    "recall.look_again": lambda shop, it: recall.look_again(shop, it.recall),
    "recall.change_recall": lambda shop, it: recall.change_recall(shop, it.recall, 2, "坏了", "退"),
    "recall.tell": lambda shop, it: recall.tell(shop, it.recall, it.王姐, How.PHONE),
    "recall.take_back_tell": lambda shop, it: recall.take_back_tell(shop, it.recall, it.小李),
    "recall.supplier_told": lambda shop, it: recall.supplier_told(shop, it.recall, 2, told=False),
    "recall.close_recall": lambda shop, it: recall.close_recall(shop, it.recall, 2, "销毁"),
    "rhythm.plan.add_staples": lambda shop, it: plan.add_staples(shop, [it.tofu, it.rice]),
    "rhythm.plan.remove_staple": lambda shop, it: plan.remove_staple(shop, it.eggs),
    "rhythm.plan.choose": lambda shop, it: plan.choose(shop, TODAY, {it.eggs: 20}),
    "statements.add_claim": lambda shop, it: statements.add_claim(
        shop, it.farm, ClaimDetails(Money(500), "坏了", 2), it.batch, it.photo
    ),
    "statements.decide_claim": lambda shop, it: statements.decide_claim(
        shop, it.claim, 1, ClaimStatus.ACCEPTED, "认"
    ),
    "statements.reopen_claim": lambda shop, it: statements.reopen_claim(shop, it.answered),
    "statements.close_statement": lambda shop, it: close(shop, it.farm, LAST_WEEK),
    "statements.mark_paid": lambda shop, it: statements.mark_paid(
        shop, it.closed, 1, TODAY, "现金", it.photo
    ),
    "statements.unmark_paid": lambda shop, it: statements.unmark_paid(shop, it.paid),
    "stock.shelf.waste": lambda shop, it: shelf.waste(
        shop, it.eggs, 50, Waste.BROKEN, picture=(samples.photo(), "w.jpg")
    ),
    "stock.shelf.send_back": lambda shop, it: shelf.send_back(shop, it.tofu_batch, 2, "酸了"),
    "stock.shelf.take_return": lambda shop, it: shelf.take_return(
        shop, it.handover, it.batch, 2, "不要了", sellable=False
    ),
    "stock.shelf.sell_from_shelf": lambda shop, it: shelf.sell_from_shelf(
        shop, {it.eggs: 3, it.tofu: 1}, YESTERDAY
    ),
    "stock.shelf.count": lambda shop, it: shelf.count(
        shop, [shelf.Counted(it.tofu, 4, 6), shelf.Counted(it.salt, 7)]
    ),
    "stock.shelf.change_batch": lambda shop, it: shelf.change_batch(
        shop, it.handover, it.batch, it.later, 3
    ),
    "stock.shelf.undo": lambda shop, it: shelf.undo(shop, it.wasted),
    "stock.shelf.mark_sold_out": lambda shop, it: shelf.mark_sold_out(shop, it.eggs, TODAY),
    "stock.shelf.unmark_sold_out": lambda shop, it: shelf.unmark_sold_out(shop, it.eggs, YESTERDAY),
    "traceability.add_evidence": lambda shop, it: traceability.add_evidence(
        shop, Target(batch_id=it.batch), it.other, EvidenceKind.TEST_REPORT
    ),
    "traceability.take_evidence": lambda shop, it: traceability.take_evidence(
        shop, Target(batch_id=it.batch), it.taken, Evidence(EvidenceKind.GROWING)
    ),
    "traceability.change_evidence": lambda shop, it: traceability.change_evidence(
        shop, it.evidence, 1, Evidence(EvidenceKind.TEST_REPORT, "报告", TODAY)
    ),
    "traceability.publish_evidence": lambda shop, it: traceability.publish_evidence(
        shop, it.evidence, 1
    ),
    "traceability.publish_several": lambda shop, it: traceability.publish_several(
        shop, {it.evidence: 1}
    ),
    "traceability.withdraw_evidence": lambda shop, it: traceability.withdraw_evidence(
        shop, it.shown, 2
    ),
    "traceability.remove_evidence": lambda shop, it: traceability.remove_evidence(
        shop, it.evidence, 1
    ),
}
"""By module within ``lib.supply`` and name: the act, done on a stage."""

OWNERS = (
    "labels.", "papers.", "past.", "rhythm.plan.", "statements.", "suppliers.",
    *(f"purchasing.{name}" for name in ("add_", "cancel_", "change_", "close_", "move_", "send_",
                                        "unsend_")),
)  # fmt: skip

SUPPLY = Topic(
    "lib.supply",
    set_the_stage,
    ACTS,
    heavy=(
        "purchasing.add_orders",
        "purchasing.receiving.receive",
        "purchasing.receiving.undo_receiving",
        "purchasing.shortage.apply_split",
        "statements.close_statement",
        "recall.start_recall",
        "past.import_past",
        "stock.shelf.take_return",
        "stock.shelf.count",
        "labels.add_label",
    ),
    owner_only=frozenset(
        {
            "recall.close_recall",
            "recall.release_sale",
            "stock.shelf.undo",
            *(name for name in ACTS if name.startswith(OWNERS)),
        }
    ),
)
