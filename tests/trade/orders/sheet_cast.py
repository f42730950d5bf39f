"""The shop of the sample files: its ten products, and a round that offers them."""

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.products.commands import add_product
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.commands import open_round as open_it
from lib.trade.rounds.rules import Offered, Times

SAMPLES = Path(__file__).parents[2] / "samples" / "orders"
GOODS = (
    ("阳光玫瑰葡萄", "盒", "19.9"),
    ("小白菜", "份", "3.5"),
    ("东北大米", "袋", "45"),
    ("土鸡蛋", "板", "28.8"),
    ("菜籽油", "桶", "78"),
    ("五花肉", "斤", "18.8"),
    ("老豆腐", "盒", "3"),
    ("抽纸", "箱", "39.9"),
    ("手工水饺", "袋", "22"),
    ("车厘子", "箱", "399"),
)


def open_round(
    shop: Shop, *, without: Collection[str] = (), not_offered: Collection[str] = ()
) -> int:
    """Open a round with the goods of the samples; some not known, some known but not offered."""
    offers = []
    for name, unit, price in GOODS:
        if name in without:
            continue
        product_id = add_product(shop, Details(name, unit, Money.of(price)))
        if name not in not_offered:
            offers.append(Offered(product_id, Money.of(price)))
    now = shop.clock.now()
    times = Times(now, now + timedelta(hours=8), date(2026, 9, 26))
    return open_it(shop, Plan("周六团", times), offers)
