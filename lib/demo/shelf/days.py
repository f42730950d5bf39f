"""The last weeks of the demo shop's shelf, lived through the program's own commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lib.demo.partners import PARTNERS, Partner
from lib.demo.shelf.commands import Known
from lib.demo.shelf.simulation import DELIVERY_DAYS, Market
from lib.shop.shop import Shop
from lib.supply.purchasing.commands import add_orders, send_order
from lib.supply.purchasing.queries import order, round_needs
from lib.supply.purchasing.receiving.commands import receive
from lib.supply.purchasing.receiving.rules import Arrival, ArrivalLine
from lib.supply.purchasing.rules import WantedLine, WantedOrder
from lib.supply.stock.queries import batches_left
from lib.supply.stock.rules import Waste
from lib.supply.stock.shelf.commands import mark_sold_out, sell_from_shelf, waste


@dataclass(frozen=True)
class Shelf:
    """The market, and the ids of what is sold and of who brings it."""

    market: Market
    known: Known

    def morning(self, shop: Shop, orders: Sequence[int] = ()) -> None:
        """Throw away what has ended; take in the ordered goods and, on its days, the shelf's.

        ``orders`` are purchase orders of a round that arrive today.
        """
        left: dict[int, int] = {}
        for each in batches_left(shop):
            ended = each.best_before is not None and each.best_before < shop.today
            if ended and each.on_hand > 0:
                waste(shop, each.product_id, each.on_hand, Waste.PAST_DATE, batch_id=each.batch_id)
            else:
                left[each.product_id] = left.get(each.product_id, 0) + each.on_hand
        if shop.today.weekday() in DELIVERY_DAYS:
            for partner in PARTNERS:
                self._deliver(shop, partner, left)
        for number in orders:
            self.take_in(shop, number)

    def evening(self, shop: Shop) -> None:
        """Enter what the shelf sold today, never more than lay there; note what sold out."""
        left: dict[int, int] = {}
        for each in batches_left(shop):
            if each.lot.may_go(shop.today):
                left[each.product_id] = left.get(each.product_id, 0) + each.on_hand
        sold = {}
        for goods in (goods for partner in PARTNERS for goods in partner.goods if goods.demand):
            product = self.known.products[goods.name]
            lying, asked = left.get(product, 0), self.market.asked(goods, shop.today)
            if asked > lying:
                mark_sold_out(shop, product, shop.today)
            if min(asked, lying) > 0:
                sold[product] = min(asked, lying)
        if sold:
            sell_from_shelf(shop, sold)

    def order_for_round(self, shop: Shop, round_id: int, pickup: date) -> list[int]:
        """Order what a round needs, one order a supplier; send them and return their ids."""
        wanted: dict[int, list[WantedLine]] = {}
        for need in round_needs(shop, round_id):
            if need.supplier_id is not None:
                line = WantedLine(need.product_id, need.needed(subtract=False))
                wanted.setdefault(need.supplier_id, []).append(line)
        numbers = add_orders(
            shop,
            [
                WantedOrder(supplier, pickup, tuple(lines), round_id)
                for supplier, lines in wanted.items()
            ],
        )
        for number in numbers:
            send_order(shop, number, order(shop, number).version)
        return numbers

    def _deliver(self, shop: Shop, partner: Partner, left: Mapping[int, int]) -> None:
        lines = []
        for goods in (goods for goods in partner.goods if goods.demand):
            product = self.known.products[goods.name]
            amount = self.market.to_buy(goods, shop.today, left.get(product, 0))
            if amount:
                lines.append(ArrivalLine(product, amount, produced_on=shop.today, on_package=False))
        if lines:
            receive(shop, Arrival(self.known.suppliers[partner.name], tuple(lines)))

    def take_in(self, shop: Shop, number: int) -> None:
        """Receive everything of the purchase order ``number``, as it was ordered."""
        wanted = order(shop, number)
        lines = tuple(
            ArrivalLine(line.product_id, line.quantity, produced_on=shop.today, on_package=False)
            for line in wanted.lines
        )
        arrival = Arrival(wanted.supplier_id, lines, purchase_order_id=number)
        receive(shop, arrival)
