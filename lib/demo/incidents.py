"""What a shop also lives through: a recall, slow goods cleared, the plan, its own label."""

from collections.abc import Mapping
from datetime import timedelta

from lib.kernel.money import Money
from lib.shop.posts import note_post
from lib.shop.shop import Shop
from lib.supply.batches.queries import POSTED, subject
from lib.supply.clearance.commands import Start, start_clearance
from lib.supply.clearance.offers import Kind, Plan
from lib.supply.labels.commands import add_label, move_labels
from lib.supply.labels.rules import Details
from lib.supply.labels.rules import Kind as Labels
from lib.supply.recall.commands import close_recall, start_recall, supplier_told, tell
from lib.supply.recall.queries import buyers, recall
from lib.supply.recall.rules import How
from lib.supply.rhythm.plan.commands import add_staples
from lib.supply.stock.queries import batches_left
from lib.trade.payments.commands import refund_line
from lib.trade.payments.rules import Method

STAPLES = ("土鸡蛋", "小白菜", "菠菜", "老豆腐", "原味酸奶", "红富士苹果")
PRINTED, SPOILED = 300, 6
REASON = "供货商通知：这一批卤水称多了，偏咸偏硬，没有安全问题"
ADVICE = "还没吃的请带回店里，全额退；已经吃了的也退"
REFUND = "召回退款"
DISPOSAL = "剩下的当天倒掉，称重拍照；供货商承担"


def plan(shop: Shop, products: Mapping[str, int]) -> None:
    """Let the plan buy what is asked for every week."""
    add_staples(shop, [products[name] for name in STAPLES])


def label(shop: Shop, products: Mapping[str, int], approval: bytes) -> None:
    """Put the community's own label on the tissues."""
    details = Details(
        "金桂花园邻里抽纸", PRINTED, Money.of("0.12"), Money.of("13.20"), shop.today,
        "小包装，标签上印小区的桂花",
    )  # fmt: skip
    number = add_label(shop, products["原木抽纸"], details, (approval, "label.png"))
    move_labels(shop, number, Labels.PRINTED, PRINTED)
    move_labels(shop, number, Labels.SPOILED, SPOILED, "裁歪了")


def call_back(shop: Shop, batch: int) -> None:
    """Call ``batch``, tofu, back; tell and repay everybody who has goods of it, and close it."""
    number = start_recall(shop, batch, REASON, ADVICE)
    for each in buyers(shop, number):
        tell(shop, number, each.member_id, How.GROUP)
        for one in each.bought:
            if one.refundable:
                refund_line(shop, one.line_id, one.refundable, REFUND, Method.TRANSFER)
    supplier_told(shop, number, recall(shop, number).version)
    close_recall(shop, number, recall(shop, number).version, DISPOSAL)


def clear(shop: Shop, products: Mapping[str, int], name: str, price: str, days: int) -> None:
    """Sell ``name`` at a lower price for some days."""
    ends = shop.today + timedelta(days)
    left = [one for one in batches_left(shop, products[name]) if one.on_hand > 0]
    if left:
        sold = sum(one.on_hand for one in left) * 2 // 3
        text = f"🛒 {name} 剩得不多了，{price} 元先到先得"
        lower = Plan(Kind.DISCOUNT, Money.of(price), days + 1, max(sold, 1))
        start_clearance(shop, Start(products[name], lower, "near_date", ends, text=text))


def post(shop: Shop, batch: int, name: str) -> None:
    """Note that the origin of a batch was posted in the group."""
    note_post(shop, POSTED, subject(batch), f"🌱 {name} 今天到的，扫码看产地和检测报告")
