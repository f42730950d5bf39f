"""The products and the round that order tests share: eggs by weight, greens and tofu by piece."""

from datetime import timedelta

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.products.commands import add_products
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.rules import Offered, Times

EGGS, GREENS, TOFU = 1, 2, 3


def stock_up(shop: Shop) -> tuple[int, ...]:
    """Add the three products."""
    return add_products(
        shop,
        [
            Details("土鸡蛋", "斤", Money.of("4.80"), aliases=("鸡蛋",), conversions={"板": 1800}),
            Details("小白菜", "份", Money.of("3.50"), aliases=("白菜",)),
            Details("老豆腐", "盒", Money.of("3.00"), aliases=("豆腐",), is_fragile=True),
        ],
    )


def open_friday(shop: Shop, **limits: int | None) -> int:
    """Open a round with the three products, collected tomorrow."""
    eggs, greens, tofu = stock_up(shop)
    now = shop.clock.now()
    times = Times(now, now + timedelta(hours=8), shop.today + timedelta(days=1))
    return open_round(
        shop,
        Plan("周五团", times),
        [
            Offered(eggs, Money.of("4.80"), **limits),
            Offered(greens, Money.of("3.50")),
            Offered(tofu, Money.of("3.00")),
        ],
    )
