"""Goods, items and orders of the tests of welfare items."""

from dataclasses import replace
from datetime import date, timedelta

from lib.kernel.money import Money
from lib.members.profiles.rules import Home
from lib.shop.shop import Shop
from lib.trade.orders.commands import add_order
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.products.commands import add_product
from lib.trade.products.rules import Details as Product
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.rules import Offered, Times
from lib.trust.costs.commands import set_costs
from lib.trust.costs.rules import Cost, Part
from lib.trust.welfare import commands
from lib.trust.welfare.rules import Details, Reason

TODAY = date(2026, 9, 25)
JIN = 500


def add_eggs(shop: Shop, purchase: str = "5.00", packaging: str = "0") -> int:
    """Eggs by the jin, bought at ``purchase``; ``packaging`` is all that they cost besides."""
    product = Product("土鸡蛋", "斤", Money.of("5.80"), purchase_price=Money.of(purchase))
    eggs = add_product(shop, product)
    parts = dict.fromkeys((Part.LOSS, Part.DELIVERY, Part.POINTS, Part.PLEDGE, Part.OTHER), "0")
    typed = {**parts, Part.PACKAGING: packaging}
    set_costs(shop, eggs, {part: Cost(Money.of(each)) for part, each in typed.items()}, {})
    return eggs


def add_tofu(shop: Shop) -> int:
    """Tofu by the box: something else in a round."""
    return add_product(shop, Product("老豆腐", "盒", Money.of("3.00"), purchase_price=Money(200)))


def details(product: int, price: str = "4.80", **more: object) -> Details:
    """Sixty jin at ``price``, two per household, for tomorrow."""
    plain = Details(
        product, Money.of(price), 2 * JIN, 60 * JIN, Reason.THANKS, TODAY + timedelta(days=1)
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def times(shop: Shop, hours: int = 8) -> Times:
    """A round that opens now."""
    now = shop.clock.now()
    return Times(now, now + timedelta(hours=hours), shop.today + timedelta(days=1))


def new_round(shop: Shop, *offers: Offered, title: str = "周五团") -> int:
    """Open a round with ``offers``."""
    return open_round(shop, Plan(title, times(shop)), offers)


def offered(shop: Shop, product: int, price: str = "4.80", **more: object) -> tuple[int, int]:
    """Plan an item and offer it in a round of its own; return item and round."""
    item = commands.plan_item(shop, details(product, price, **more))
    return item, commands.offer_item(shop, item, 1, Plan("福利团", times(shop)))


def order(
    shop: Shop, round_id: int, product: int, jin: int, who: str = "小李", room: str = ""
) -> int:
    """Order ``jin`` of a product in a round; return the order."""
    home = Home(building="3", room=room or None) if room else Home()
    wanted = (Wanted(product, jin * JIN),)
    return add_order(shop, IncomingOrder(None, who, wanted, home), round_id=round_id)
