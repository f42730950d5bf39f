"""Open prices of the demo shop: a year of sheets, one of them corrected, and welfare items.

A sheet is published every four weeks from the books as they stood then, a welfare item about as
often. What is offered below the usual price today says so beside its price.
"""

from dataclasses import dataclass, replace
from datetime import date, time
from functools import partial

from lib.demo.cast import Cast
from lib.demo.diary import Diary
from lib.demo.rounds import at_own_price
from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.kernel.quantity import Unit
from lib.shop.messages.price_events import PRICE_SHEET
from lib.shop.messages.welfare_events import WELFARE
from lib.shop.messages.wording import said, speaker
from lib.shop.posts import note_post
from lib.trade.products.commands import set_price
from lib.trade.rounds.queries import lowest_now
from lib.trade.rounds.rules import Offered
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.queries import sheet
from lib.trust.costs.rules import Cost, Part
from lib.trust.costs.texts import placeholders
from lib.trust.welfare import queries as welfare
from lib.trust.welfare.commands import change_item, offer_item, plan_item
from lib.trust.welfare.rules import Details, Reason

ADDRESS = "https://linli.example/p/prices"
"""What the posts of the past call the price page; it leads nowhere."""

FIRST_PRICES = {"土鸡蛋": "4.40", "五花肉": "17.60", "老豆腐": "2.80", "红富士苹果": "5.20"}
"""What cost another price two years ago."""
DEARER = (
    (270, "五花肉", "18.20"), (215, "土鸡蛋", "4.60"), (163, "红富士苹果", "5.50"),
    (106, "老豆腐", "3.00"), (106, "土鸡蛋", "4.80"), (66, "五花肉", "18.80"),
)  # fmt: skip
"""Days ago, product, its price from then on."""

SHEETS = (338, 310, 282, 254, 226, 198, 170, 142, 114, 86, 58, 30)
"""Days ago on which a sheet was published; then the daily story tells of further ones."""
MISTAKEN, CORRECTED = 58, 57
MISTAKE = Cost(Money.of("0.30"), basis="进货箱 30 个装 9 元")
SORRY = (
    "老豆腐的包装多写了：那 3 角是进货箱的钱，箱子当天还给豆腐坊了。"
    "现在按账本算，其他商品只多了一天的账。"
)  # fmt: skip

COMPARABLE = ("红富士苹果", "原味酸奶", "五花肉", "菠菜", "小葱")
"""Goods one of which is cheaper today than it was in the days before."""
ELSEWHERE = ("东北大米", "36.80")
"""Goods and what a supermarket asks for them."""


@dataclass(frozen=True)
class Gift:
    """A welfare item offered ``ago`` days ago: ``per_cent`` of its cost, limits in sale units."""

    ago: int
    name: str
    per_cent: int
    reason: Reason
    limit: int
    available: int
    note: str = ""


GIFTS = (
    Gift(88, "东北大米", 92, Reason.THANKS, 1, 20, "开学季，谢谢大家照顾"),
    Gift(60, "菜籽油", 100, Reason.AT_COST, 1, 16, "中秋国庆，按成本给"),
    Gift(32, "原木抽纸", 91, Reason.OVERSTOCK, 2, 30, "仓库腾地方"),
    Gift(7, "小白菜", 90, Reason.FRESH, 3, 60, "地里一下子长起来了"),
    Gift(0, "土鸡蛋", 92, Reason.THANKS, 2, 60, "天冷了，每家补两斤蛋"),
)
NEXT = Gift(0, "红富士苹果", 94, Reason.SEASONAL, 5, 100, "新果上市前，清一清老果")
NEXT_DAY = 10
"""Day of the next month for which an item is planned."""

PLANS, OFFERS, PUBLISHES = time(17, 30), time(9, 5), time(10)
AHEAD_DAYS = 4
"""An item is planned so many days before it is offered."""


def schedule(diary: Diary, cast: Cast) -> None:
    """Note what happened to prices, sheets and welfare items before today."""
    for ago, name, price in DEARER:
        diary.at(ago, time(8), partial(set_price, cast.shop, cast.products[name], Money.of(price)))
    diary.at(MISTAKEN, time(9, 30), partial(_write_a_mistake, cast))
    for ago in SHEETS:
        diary.at(ago, PUBLISHES, partial(publish, cast))
    diary.at(CORRECTED, time(15), partial(_correct, cast))
    for gift in GIFTS:
        diary.at(gift.ago + AHEAD_DAYS, PLANS, partial(_Welfare(cast, gift, diary).plan))


def publish(cast: Cast, corrects: int | None = None, correction: str = "") -> int:
    """Publish a sheet of everything that is sold, post it, and return its number."""
    shop = cast.shop
    title = f"{shop.today.year}年{shop.today.month}月{shop.today.day}日价格"
    number = publish_sheet(
        shop, title, shop.today, cast.on_sheet(), corrects=corrects, correction=correction
    )
    values = placeholders(sheet(shop, number), speaker(shop), f"{shop.today:%m-%d}", ADDRESS)
    note_post(shop, PRICE_SHEET.key, f"cost_sheet:{number}", said(shop, PRICE_SHEET, **values))
    return number


def _write_a_mistake(cast: Cast) -> None:
    set_costs(cast.shop, cast.products["老豆腐"], {Part.PACKAGING: MISTAKE}, {})


def _correct(cast: Cast) -> None:
    set_costs(cast.shop, cast.products["老豆腐"], {Part.PACKAGING: None}, {Part.PACKAGING: 1})
    publish(cast, corrects=SHEETS.index(MISTAKEN) + 1, correction=SORRY)


@dataclass
class _Welfare:
    """One welfare item: planned, offered in that day's round, told."""

    cast: Cast
    gift: Gift
    diary: Diary
    _item: int = 0

    def plan(self) -> None:
        day = date.fromordinal(self.cast.shop.today.toordinal() + AHEAD_DAYS)
        self._item = plan_item(self.cast.shop, details(self.cast, self.gift, day))
        if self.gift.ago:
            self.diary.at(self.gift.ago, OFFERS, self._offer_then)
        else:
            self.cast.gift = partial(offer_gift, self.cast, self._item, self.gift)

    def _offer_then(self) -> None:
        offer_gift(self.cast, self._item, self.gift, self.cast.rounds[self.gift.ago])


def details(cast: Cast, gift: Gift, day: date) -> Details:
    """Return ``gift`` as it is planned for ``day`` at what it costs now."""
    product = cast.products[gift.name]
    line = welfare.cost_now(cast.shop, product)
    assert line is not None
    unit = Unit.named(line.unit)
    fen = line.cost.fen if gift.per_cent == 100 else line.cost.fen * gift.per_cent // 1000 * 10
    return Details(
        product, Money(fen), unit.amount(gift.limit), unit.amount(gift.available), gift.reason,
        day, gift.note, far_below=True,
    )  # fmt: skip


def offer_gift(cast: Cast, item_id: int, gift: Gift, round_id: int) -> None:
    """Put the planned item into a round at what it costs now, and post it."""
    shop, item = cast.shop, welfare.item(cast.shop, item_id)
    now = details(cast, gift, item.day)
    if now.price != item.price:
        change_item(shop, item_id, item.version, now)
        item = welfare.item(shop, item_id)
    offer_item(shop, item_id, item.version, round_id, far_below=True)
    cast.gifts[round_id] = gift.name
    text = welfare.announcement(shop, welfare.item(shop, item_id), ADDRESS)
    note_post(shop, WELFARE.key, f"welfare_item:{item_id}", text)


def offer_todays_gift(cast: Cast, round_id: int) -> None:
    """Put today's welfare item into the round that is open now."""
    assert cast.gift is not None
    cast.gift(round_id)


def plan_ahead(cast: Cast) -> None:
    """Plan the welfare item of the next month."""
    day = months_later(cast.shop.today.replace(day=1), 1).replace(day=NEXT_DAY)
    plan_item(cast.shop, details(cast, NEXT, day))


def with_comparisons(cast: Cast, offered: list[Offered]) -> list[Offered]:
    """Return ``offered`` with one price below what was charged lately, and one a shop asks."""
    by_product = {each.product_id: each for each in offered}
    wanted = [cast.products[name] for name in COMPARABLE]
    lowest = lowest_now(cast.shop, wanted)
    known = [one for one in wanted if one in lowest and lowest[one].is_recent]
    if known:
        price = lowest[known[0]].price
        lower = Money(price.fen * 9 // 100 * 10)
        by_product[known[0]] = Offered(known[0], lower, compared=price)
    name, asked = ELSEWHERE
    rice = by_product.get(cast.products[name]) or at_own_price(cast, [name])[0]
    yesterday = date.fromordinal(cast.shop.today.toordinal() - 1)
    basis = f"小区门口超市同款，{yesterday.month}月{yesterday.day}日标价"
    by_product[rice.product_id] = replace(rice, compared=Money.of(asked), basis=basis)
    return list(by_product.values())
