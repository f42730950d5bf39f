"""The demo shop's partners: entered, agreed with, papers and evidence kept, statements paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lib.demo import scenes
from lib.demo.goods import GOODS
from lib.demo.partners import PARTNERS, Partner
from lib.demo.shelf.commands import Known
from lib.kernel.money import Money
from lib.kernel.position import Position
from lib.kernel.quantity import Unit
from lib.shop.files.intake import ALL, take_in
from lib.shop.shop import Shop
from lib.supply.papers.commands import add_agreement, add_paper
from lib.supply.papers.rules import AgreementDetails, PaperDetails
from lib.supply.purchasing.commands import add_orders, send_order
from lib.supply.purchasing.queries import order as purchase_order
from lib.supply.purchasing.rules import WantedLine, WantedOrder
from lib.supply.statements.commands import add_claim, close_statement, mark_paid
from lib.supply.statements.queries import statement
from lib.supply.statements.rules import ClaimDetails
from lib.supply.suppliers.commands import add_supplier, set_term
from lib.supply.suppliers.rules import Details, Kind, TermDetails
from lib.supply.traceability.commands import add_evidence, publish_evidence
from lib.supply.traceability.rules import Kind as Evidence
from lib.supply.traceability.rules import Target

WEEKS_PAID = 8
ORDERED = 10
"""Sale units of an order by hand."""

TESTER = "演示检测站"
OLDER_TESTS = (
    ("菠菜", "小白菜", 130), ("小葱", "小白菜", 20), ("红富士苹果", "小白菜", 45),
    ("阳光玫瑰葡萄", "小白菜", 60), ("原味酸奶", "老豆腐", 75),
)  # fmt: skip
"""Product, whose report stands for it, and days ago."""

CLEAN = (("有机磷", "未检出"), ("氨基甲酸酯", "未检出"), ("拟除虫菊酯", "未检出"))
EGGS = (("氟苯尼考", "未检出"), ("恩诺沙星", "未检出"), ("沙门氏菌", "未检出"))
BEANS = (("大肠菌群", "符合"), ("苯甲酸", "未检出"))
PORK = (("检疫", "合格"), ("非洲猪瘟", "阴性"))


@dataclass(frozen=True)
class Files:
    """Addresses of the evidence files, taken in once."""

    reports: Mapping[str, str]
    scenes: Mapping[str, str]
    clips: Mapping[str, str]


def partners(shop: Shop, products: Mapping[str, int]) -> Known:
    """Enter every partner with its terms, and return the ids by name."""
    units = {good.name: Unit.named(good.unit) for good in GOODS}
    prices = {good.name: Money.of(good.purchase) for good in GOODS}
    ids = {}
    for number, partner in enumerate(PARTNERS, start=1):
        ids[partner.name] = add_supplier(shop, _details(partner, number))
        for goods in partner.goods:
            terms = TermDetails(
                prices[goods.name],
                units[goods.name].amount(goods.case),
                shelf_life_days=goods.shelf_life,
                preferred=True,
            )
            set_term(shop, ids[partner.name], products[goods.name], terms)
    return Known(products, ids)


def _details(partner: Partner, number: int) -> Details:
    return Details(
        partner.name,
        partner.kind,
        contact_name=f"演示联系人{number}",
        phone=f"1990000{number:04}",
        address=f"{partner.district}演示路 {number} 号",
        district=partner.district,
        story=partner.story,
        position=Position.parse(partner.position),
        far_reason=partner.far_reason,
    )


def agree(shop: Shop, known: Known, today: date) -> None:
    """Enter papers and agreements as they stand ``today``."""
    for partner in PARTNERS:
        supplier = known.suppliers[partner.name]
        for paper in partner.papers:
            ends = None if paper.ends is None else today + timedelta(paper.ends)
            details = PaperDetails(paper.kind, paper.number, today - timedelta(paper.issued), ends)
            add_paper(shop, supplier, details, published=True)
        if partner.ends is not None:
            end = today + timedelta(partner.ends)
            agreement = AgreementDetails(
                end - timedelta(days=365),
                end,
                minimum_order=Money.of(partner.minimum),
                spoilage_by=partner.spoilage,
                notice_days=15,
            )
            add_agreement(shop, supplier, agreement)


def files(shop: Shop) -> Files:
    """Paint and take in every evidence file."""
    reports = {
        "土鸡蛋": scenes.report("兽药残留检测报告", "土鸡蛋", EGGS, "合格"),
        "小白菜": scenes.report("农药残留检测报告", "小白菜", CLEAN, "合格"),
        "老豆腐": scenes.report("出厂检验报告", "老豆腐", BEANS, "合格"),
        "五花肉": scenes.report("动物检疫合格证明", "五花肉", PORK, "合格"),
    }
    painted = {
        partner.name: (
            scenes.field(partner.colour)
            if partner.kind is Kind.GROWER
            else scenes.workshop(partner.colour)
        )
        for partner in PARTNERS
        if partner.kind is not Kind.TRADER
    }
    return Files(
        {name: take_in(shop, content, "report.pdf") for name, content in reports.items()},
        {name: take_in(shop, scenes.as_png(image), "scene.png") for name, image in painted.items()},
        {
            partner.name: take_in(shop, scenes.clip(partner.colour), "clip.mp4", kinds=ALL)
            for partner in PARTNERS
            if partner.kind is Kind.GROWER
        },
    )


def show_places(shop: Shop, known: Known, kept: Files) -> None:
    """Publish what the partners' places look like."""
    for partner in PARTNERS:
        if partner.name not in kept.scenes:
            continue
        grower = partner.kind is Kind.GROWER
        kind, title = (
            (Evidence.GROWING, "地里的样子") if grower else (Evidence.WORKSHOP, "车间的样子")
        )
        target = Target(supplier_id=known.suppliers[partner.name])
        _publish(shop, add_evidence(shop, target, kept.scenes[partner.name], kind, title))
        if grower:
            _publish(
                shop, add_evidence(shop, target, kept.clips[partner.name], kind, "清晨（视频）")
            )


def show_old_tests(shop: Shop, known: Known, kept: Files, today: date) -> None:
    """Publish tests of a product that are some months old: some are still fresh, some are not."""
    for name, of, days in OLDER_TESTS:
        made = today - timedelta(days)
        target = Target(product_id=known.products[name])
        row = add_evidence(
            shop, target, kept.reports[of], Evidence.TEST_REPORT, "", made, TESTER, "合格"
        )
        _publish(shop, row)


def show_test(shop: Shop, kept: Files, name: str, batch: int) -> None:
    """Publish the test report of a batch of ``name``, made today."""
    kind = Evidence.QUARANTINE if name == "五花肉" else Evidence.TEST_REPORT
    number = add_evidence(
        shop, Target(batch_id=batch), kept.reports[name], kind, "", shop.today, TESTER, "合格"
    )
    _publish(shop, number)


def _publish(shop: Shop, evidence: int) -> None:
    publish_evidence(shop, evidence, 1)


def pay_week(shop: Shop, known: Known, week: date) -> None:
    """Close and pay every partner's statement of ``week``."""
    for supplier in known.suppliers.values():
        found = statement(shop, supplier, week)
        if found is None or not found.body.payable:
            continue
        number = close_statement(shop, supplier, week, found.body)
        mark_paid(shop, number, 1, shop.today, "微信转账")


def order(shop: Shop, known: Known, supplier: str, day: date) -> None:
    """Order some of everything a partner delivers for ``day``; it does not come by itself."""
    (partner,) = [one for one in PARTNERS if one.name == supplier]
    lines = tuple(WantedLine(known.products[goods.name], ORDERED) for goods in partner.goods)
    (number,) = add_orders(shop, [WantedOrder(known.suppliers[supplier], day, lines)])
    send_order(shop, number, purchase_order(shop, number).version)


def claim(shop: Shop, known: Known) -> None:
    """Ask the fruit trader for the price of a few bad boxes."""
    details = ClaimDetails(Money.of("31.00"), "葡萄两盒压烂，到货当天拍了照")
    add_claim(shop, known.suppliers["勾庄果品行"], details)
