"""Random months, counted once more by hand: every figure, every fen (R31, R32).

The hand knows only the list of what happened; nothing of it reads the program's statements.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from lib.db import schema
from lib.kernel.money import Money
from lib.service.after_sales.rules import Defect
from lib.service.ledger.causes.queries import month_causes
from lib.service.ledger.causes.rules import Scored
from lib.service.ledger.figures.queries import month_figures
from lib.service.ledger.figures.rules import ServiceFigures
from lib.service.ledger.letters.queries import facts
from lib.service.ledger.money.queries import lost
from lib.service.ledger.queries import ledger, sums
from lib.service.ledger.rules import Kept, Wanted, month_of
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.cast import add_member, add_product
from tests.service.ledger import cast
from tests.service.ledger.cast import DAY, HOUR, add_case, at
from tests.supply.cast import add_batch, add_supplier, put

MONTHS = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))
OURS = {"storage", "packing", "picking", "delivery", "our_word", "resident"}
THEIRS = {"grower", "supplier_goods", "transport"}
CASES = 40


@dataclass
class Thing:
    """A case as the hand knows it."""

    id: int
    told: datetime
    due: datetime
    replied: datetime | None
    solve_due: datetime
    solved: datetime | None
    status: str
    closed: datetime | None
    product: int | None
    supplier: int | None
    cause: str
    defect: str
    bought: int | None
    bad: int | None
    root: int | None = None
    fen: int = 0
    freight: int = 0
    given: list[tuple[date, int]] = field(default_factory=list)
    late_by_books: set[str] = field(default_factory=set)
    batch_fen: int | None = None

    @property
    def day(self) -> date:
        return (self.told + timedelta(hours=8)).date()

    @property
    def month(self) -> date:
        return self.day.replace(day=1)


@dataclass
class World:
    """What happened in three months."""

    shop: Shop
    things: list[Thing]
    eggs: int
    milk: int
    farm: int
    dairy: int
    sold: dict[tuple[date, int], Decimal]
    came: dict[tuple[date, int], int]

    def family(self, root: Thing) -> list[Thing]:
        return [root, *(each for each in self.things if each.root == root.id)]

    @property
    def roots(self) -> list[Thing]:
        return [each for each in self.things if each.root is None]


def fen(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@pytest.fixture
def world(shop: Shop) -> World:
    dice = random.Random(12)
    eggs = add_product(shop, "土鸡蛋", "斤", 480)
    milk = add_product(shop, "牛奶", "盒", 990)
    long_ago = NOW - 300 * DAY
    farm, dairy = (add_supplier(shop, name, created_at=long_ago) for name in ("农场", "奶站"))
    put(shop, schema.agreement, supplier_id=farm, starts_on=MONTHS[0], cycle="weekly",
        spoilage_by="shared", created_at=NOW)  # fmt: skip
    sold: dict[tuple[date, int], Decimal] = {}
    came: dict[tuple[date, int], int] = {}
    batches: dict[int, int] = {}
    number = 1
    for month in MONTHS:
        for product, supplier in ((eggs, farm), (milk, dairy)):
            if (month, product) == (MONTHS[1], milk):
                continue  # nothing came in August
            price = dice.randrange(201, 799)
            batch = add_batch(shop, product, 10_000, supplier_id=supplier,
                              arrived_on=month + 2 * DAY, unit_price_fen=price)  # fmt: skip
            batches[batch] = price
            came[month, supplier] = came.get((month, supplier), 0) + 1
        for product, base in ((eggs, 500), (milk, 1)):
            for _ in range(3):
                quantity = dice.randrange(1, 40) * (base // 10 or 1)
                cast.order(shop, product, quantity, month + dice.randrange(28) * DAY, number)
                number += 1
                key = (month, product)
                sold[key] = sold.get(key, Decimal()) + Decimal(quantity) / base
    made = World(shop, [], eggs, milk, farm, dairy, sold, came)
    for _ in range(CASES):
        made.things.append(add_thing(made, dice, batches, number))
        number += 1
    return made


def add_thing(world: World, dice: random.Random, batches: dict[int, int], number: int) -> Thing:
    shop, month = world.shop, dice.choice(MONTHS)
    told = at(month + dice.randrange(24) * DAY, dice.randrange(24), dice.randrange(60))
    product = dice.choice([world.eggs, world.milk, None])
    supplier = {world.eggs: world.farm, world.milk: world.dairy}.get(product or 0)
    known = supplier is not None and dice.random() < 0.7
    mine = [each for each in batches if known and dice.random() < 0.5]
    batch = None
    bought = bad = line_id = order_id = None
    if product is not None and dice.random() < 0.8:
        bought = dice.randrange(2, 9) * (100 if product == world.eggs else 1)
        day = told.date().replace(day=28)
        order_id, line_id = cast.order(shop, product, bought, day, number)
        key = (day.replace(day=1), product)
        world.sold[key] = world.sold.get(key, Decimal()) + Decimal(bought) / (
            500 if product == world.eggs else 1
        )
        bad = dice.randrange(1, 7)
    if mine:
        batch = batch_of(shop, product, mine)
    reply_after = dice.choice([None, 20, 59, 60, 61, 300])
    replied = told + timedelta(minutes=reply_after) if reply_after else None
    solve_after = dice.choice([2, 24, 25, None]) if replied else None
    solved = told + solve_after * HOUR if solve_after else None
    status = "closed" if solved and dice.random() < 0.6 else "solved" if solved else "working"
    closed = solved if status == "closed" else None
    if not solved and dice.random() < 0.3:
        status, closed = "withdrawn", told + dice.choice([10, 90, 3000]) * timedelta(minutes=1)
    cause = dice.choice(["", "", "grower", "transport", "storage", "resident", "unknown"])
    defect = dice.choice(["rotten", "damaged", "service"])
    roots = [each for each in world.roots if each.status != "withdrawn" and each.month == month]
    root = dice.choice(roots) if roots and dice.random() < 0.15 else None
    if root is not None:
        status, closed = "merged", None
    case_id = add_case(
        shop,
        told,
        product_id=product,
        product_name="",
        supplier_id=supplier if known else None,
        batch_id=batch,
        order_id=order_id,
        line_id=line_id,
        first_reply_at=replied,
        status=status,
        closed_at=closed,
        cause=cause,
        defect=defect,
        merged_into=root.id if root else None,
        turn_values={"solved_at": solved},
        **({"bad": bad, "of_total": 7, "counted_in": "pieces"} if bad else {}),
    )
    thing = Thing(
        case_id, told, told + HOUR, replied, told + DAY, solved, status, closed, product,
        supplier if known else None, cause, defect, bought, bad, root.id if root else None,
        batch_fen=batches.get(batch or 0),
    )  # fmt: skip
    for _ in range(dice.randrange(3)):
        amount, freight = dice.randrange(1000), dice.choice([0, 0, 333])
        undone = dice.random() < 0.2
        cast.remedy(shop, case_id, amount_fen=amount, freight_fen=freight,
                    at=told + HOUR, **({"undone_at": NOW} if undone else {}))  # fmt: skip
        if not undone:
            thing.fen += amount
            thing.freight += freight
    if product is not None and dice.random() < 0.4:
        member = add_member(shop, f"补{number}")
        owed = cast.owe(shop, case_id, member, product, quantity=5, due_at=told + 9 * DAY,
                        settled_at=told + 2 * DAY)  # fmt: skip
        quantity, day = dice.randrange(1, 5), thing.day + 2 * DAY
        cast.give(shop, owed, product, quantity, day)
        per = 500 if product == world.eggs else 1
        thing.given.append((day, fen(Decimal(399 * quantity) / per)))
    if dice.random() < 0.1:
        cast.breach(shop, case_id, "reply", told + HOUR / 2)
        thing.late_by_books.add("reply")
    return thing


def batch_of(shop: Shop, product: int | None, ids: list[int]) -> int | None:
    batch = schema.batch
    with shop.read() as connection:
        rows = connection.execute(batch.select().where(batch.c.id.in_(ids))).all()
    mine = [row.id for row in rows if row.product_id == product]
    return mine[0] if mine else None


def is_late(met: datetime | None, closed: datetime | None, due: datetime) -> bool:
    return (met or closed or NOW) > due


def the_ledger_adds_up_by_hand(world: World) -> None:
    first, last = MONTHS[0], month_of(MONTHS[-1])[1]
    wanted = Wanted(first, last)
    rows = {row.card.id: row for row in ledger(world.shop, wanted, limit=500)}
    assert rows.keys() == {each.id for each in world.roots}
    late = 0
    for thing in world.roots:
        row, family = rows[thing.id], world.family(thing)
        assert row.refund == Money(sum(each.fen for each in family))
        assert row.freight == Money(sum(each.freight for each in family))
        assert row.goods_cost == Money(sum(cost for each in family for _d, cost in each.given))
        stopped = thing.closed if thing.status == "withdrawn" else None
        reply = is_late(thing.replied, stopped, thing.due) or any(
            each.late_by_books for each in family
        )
        solution = is_late(thing.solved, stopped, thing.solve_due)
        assert (row.reply.kept is Kept.LATE) == reply
        assert (row.solution.kept is Kept.LATE) == solution
        late += reply or solution
    found = sums(world.shop, wanted)
    assert found.count == len(world.roots)
    assert found.late == late
    assert found.refunds == Money(sum(each.fen for each in world.things))
    assert found.freight == Money(sum(each.freight for each in world.things))
    assert found.goods_cost == Money(sum(c for each in world.things for _d, c in each.given))
    only_late = ledger(world.shop, Wanted(first, last, late_only=True), limit=500)
    assert len(only_late) == late
    for defect in Defect:
        some = Wanted(first, last, defect=defect)
        mine = [each for each in world.roots if each.defect == defect]
        assert sums(world.shop, some).refunds == Money(
            sum(each.fen for root in mine for each in world.family(root))
        )


def service_figures_by_hand(world: World) -> None:
    for month in MONTHS:
        counts = dict.fromkeys(("reports", "ai", "al", "si", "sl", "run"), 0)
        for thing in world.roots:
            if thing.month != month:
                continue
            gone = thing.status == "withdrawn"
            stopped = thing.closed if gone else None
            broken = any(each.late_by_books for each in world.family(thing))
            reply = broken or is_late(thing.replied, stopped, thing.due)
            solution = is_late(thing.solved, stopped, thing.solve_due)
            if gone and not (reply or solution):
                continue
            counts["reports"] += 1
            counts["al"] += reply
            counts["sl"] += solution
            counts["ai"] += not gone and not reply and thing.replied is not None
            counts["si"] += not gone and not solution and thing.solved is not None
            runs = (thing.replied is None and not reply) or (thing.solved is None and not solution)
            counts["run"] += not gone and runs
        assert month_figures(world.shop, month) == ServiceFigures(month, *counts.values())


def money_lost_by_hand(world: World) -> None:
    total = 0
    for month in MONTHS:
        first, last = month_of(month)
        found = lost(world.shop, first, last)
        paid = [each for each in world.things if within(each.told + HOUR, first, last)]
        assert found.refunds == Money(sum(each.fen for each in paid))
        assert found.freight == Money(sum(each.freight for each in paid))
        goods = sum(c for each in world.things for day, c in each.given if first <= day <= last)
        assert found.goods == Money(goods)
        total += found.lost.fen
    year = lost(world.shop, MONTHS[0], month_of(MONTHS[-1])[1])
    assert year.lost == Money(total)


def within(moment: datetime, first: date, last: date) -> bool:
    return first <= (moment + timedelta(hours=8)).date() <= last


def causes_by_hand(world: World) -> None:
    whose = {world.eggs: world.farm, world.milk: world.dairy}
    for month in MONTHS[1:]:
        found = month_causes(world.shop, month)
        mine = [t for t in world.roots if t.month == month and t.status != "withdrawn"]
        assert found.cases == len(mine)
        for goods in found.goods:
            if goods.product_id is None:
                continue
            assert goods.rate.cases == sum(t.product == goods.product_id for t in mine)
            sold = world.sold.get((month, goods.product_id), Decimal())
            assert Decimal(goods.rate.sold.numerator) / goods.rate.sold.denominator == sold
        for supplier in found.suppliers:
            if supplier.supplier_id is None:
                continue
            theirs = [
                t for t in mine if (t.supplier or whose.get(t.product or 0)) == supplier.supplier_id
            ]
            against = [t for t in theirs if t.cause not in OURS and t.defect != "service"]
            assert supplier.rate.cases == len(against)
            assert supplier.not_theirs == len(theirs) - len(against)
            came = world.came.get((month, supplier.supplier_id), 0)
            assert supplier.deliveries == came
            assert (supplier.rate.scored is Scored.NOTHING_DELIVERED) == (not came)


def claims_by_hand(world: World) -> None:
    halves = {world.farm: 2, world.dairy: None}
    for supplier, product in ((world.farm, world.eggs), (world.dairy, world.milk)):
        for month in MONTHS[1:]:
            found = facts(world.shop, supplier, month)
            lines = {line.case_id: line for line in found.lines}
            mine: list[Any] = [
                t
                for t in world.roots
                if t.month == month
                and t.product == product
                and t.status != "withdrawn"
                and t.cause not in OURS
                and t.defect != "service"
            ]
            assert lines.keys() == {t.id for t in mine}
            for thing in mine:
                part = 1 if thing.cause in THEIRS else halves[supplier]
                carried = sum(each.freight for each in world.family(thing))
                expected = 0
                if part is not None:
                    expected = fen(Decimal(carried) / part)
                    if thing.bad and thing.batch_fen is not None:
                        per = 500 if product == world.eggs else 1
                        exact = Decimal(thing.batch_fen * thing.bought * thing.bad) / (7 * per)
                        expected += fen(exact / part)
                assert lines[thing.id].amount == Money(expected), thing
            assert found.reckoned == Money(sum(line.amount.fen for line in found.lines))


def test_every_figure_and_every_fen_by_hand(world: World) -> None:
    the_ledger_adds_up_by_hand(world)
    service_figures_by_hand(world)
    money_lost_by_hand(world)
    causes_by_hand(world)
    claims_by_hand(world)
