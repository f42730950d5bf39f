"""A simulated week of service: hundreds of cases, two of staff and the owner, a clock driven here.

Everything is done through commands, in an order that a seed decides. Then every broken promise with
its moment, every fen and every gram in the books is compared with what follows from the diary of
:mod:`tests.service.week`, which shares no arithmetic with the program.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, Refused
from lib.kernel.money import Money
from lib.members.profiles.rules import Home
from lib.service.after_sales import commands as cases
from lib.service.after_sales.merging import commands as merging
from lib.service.after_sales.photos import commands as photos
from lib.service.after_sales.remedies import commands as remedies
from lib.service.after_sales.remedies.rules import Disposal, Kind, Remedy, Solution
from lib.service.after_sales.rules import CountedIn, Defect, NewCase, Result, Source
from lib.service.ledger import queries as ledger
from lib.service.ledger.figures.queries import month_figures
from lib.service.ledger.money.queries import lost
from lib.service.ledger.rules import Wanted as Asked
from lib.service.owed import commands as owed
from lib.service.pickup import commands as pickup
from lib.shop.files import photos as files
from lib.shop.shop import SYSTEM, Actor, Role, Shop
from lib.supply.stock.checks import queries as checks
from lib.trade.orders import commands as orders
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.payments import commands as payments
from lib.trade.payments.queries import money_of
from lib.trust.books.queries import books
from lib.trust.books.rules import Scope
from tests.conftest import add_person
from tests.service.after_sales import cast
from tests.service.cast import TODAY, add_member, add_product
from tests.service.week import (
    BATCH_FEN,
    OWED,
    REPLY,
    Case,
    Diary,
    Done,
    Line,
    Order,
    Owed,
    Turn,
    half_up,
)
from tests.shop.files import samples
from tests.supply.cast import add_batch, add_supplier

GOODS = {"土鸡蛋": ("板", 2880, 1), "番茄": ("斤", 483, 500), "纸巾": ("提", 1990, 1)}
LAST = TODAY + timedelta(days=10)


@dataclass
class Week:
    """The shop, who works in it, and what was done so far."""

    shop: Shop
    clock: FixedClock
    people: Sequence[Actor]
    dice: random.Random
    products: dict[str, int]
    members: list[int]
    told: Diary = field(default_factory=Diary)
    owed_at: dict[int, int] = field(default_factory=dict)
    touches: Counter[str] = field(default_factory=Counter)
    photos: int = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def by(self) -> Shop:
        """The shop before whoever stands at the counter now."""
        return self.shop.acting(self.dice.choice(self.people))

    def refuses(self, deed: Callable[[], object]) -> None:
        """Something that must not be done: it is refused."""
        with pytest.raises((Refused, Conflict)):
            deed()
        self.told.refused += 1


def open_shop(shop: Shop, clock: FixedClock, people: Sequence[Actor], seed: int) -> Week:
    """Goods on the shelf, twelve residents, and what each of them bought yesterday."""
    shop = cast.set_to(shop, owed_days=OWED.days)
    supplier = add_supplier(shop)
    products = {}
    for name, (unit, fen, _base) in GOODS.items():
        fresh = name != "纸巾"
        products[name] = add_product(shop, name, unit, fen, fresh=fresh)
        with shop.store.write() as connection:
            connection.execute(
                schema.product.update()
                .where(schema.product.c.id == products[name])
                .values(content_pieces=30 if name == "土鸡蛋" else None, is_daily=not fresh)
            )
        add_batch(shop, products[name], 500_000, supplier_id=supplier, best_before=LAST)
    members = [add_member(shop, f"邻居{number}") for number in range(12)]
    week = Week(shop, clock, people, random.Random(seed), products, members)
    week.told.stock = dict.fromkeys(GOODS, 500_000)
    week.told.balance = dict.fromkeys(members, 0)
    for member in members:
        payments.top_up_balance(week.by, member, Money(20_000))
        week.told.balance[member] = 20_000
        for _ in range(3):
            buy(week, member)
            collect(week, week.told.orders[-1])
    return week


def buy(week: Week, member: int) -> None:
    """A resident orders some of each of two goods for today or one of the next days."""
    chosen = week.dice.sample(sorted(GOODS), 2)
    amounts = {
        name: week.dice.randint(500, 3000) if name == "番茄" else week.dice.randint(1, 4)
        for name in chosen
    }
    wanted = tuple(Wanted(week.products[name], amount) for name, amount in amounts.items())
    incoming = IncomingOrder(None, "", wanted, Home(), member_id=member)
    day = week.shop.today + timedelta(days=week.dice.randint(0, 2))
    order_id = orders.add_order(week.by, incoming, pickup_day=day)
    lines = []
    for row in rows(week.shop, schema.order_line, order_id=order_id):
        name = next(name for name, number in week.products.items() if number == row.product_id)
        _unit, fen, base = GOODS[name]
        price = half_up(Fraction(fen * amounts[name], base))
        lines.append(Line(row.id, name, base, amounts[name], price, fen))
    week.told.orders.append(Order(order_id, member, lines))


def collect(week: Week, order: Order) -> None:
    """All of an order is handed over, with what the resident is owed besides."""
    joins = [(number, one) for number, one in week.told.owed.items() if one.is_open]
    joins = [(number, one) for number, one in joins if one.case.order.member == order.member]
    ids = pickup.hand_over(week.by, order.id)
    for line in order.lines:
        week.told.stock[line.product] -= line.quantity - line.handed
        line.handed = line.quantity
    for _number, one in joins:
        give(week, one, one.quantity - one.given)
    week.touches["collected with owed goods"] += bool(joins)
    if week.dice.random() < 0.1:
        pickup.undo_handover(week.by, ids)
        for line in order.lines:
            week.told.stock[line.product] += line.quantity
            line.handed = 0
        for _number, one in joins:
            take_back(week, one, one.quantity if one.given == one.quantity else 0)
        week.touches["handing over taken back"] += 1


def give(week: Week, one: Owed, quantity: int) -> None:
    one.given += quantity
    week.told.stock[one.product] -= quantity
    if one.given == one.quantity:
        one.close(week.now)


def take_back(week: Week, one: Owed, quantity: int) -> None:
    one.given -= quantity
    week.told.stock[one.product] += quantity
    if not one.is_open:
        one.open_spans.append([week.now, None])


def rows(shop: Shop, table: Any, **wanted: Any) -> Sequence[Any]:
    """The rows of a table that have the wanted values, in the order they came."""
    query = select(table).where(*(table.c[name] == value for name, value in wanted.items()))
    with shop.read() as connection:
        return connection.execute(query.order_by(table.c.id)).all()


def version(week: Week, case: Case) -> int:
    return int(rows(week.shop, schema.after_sales_case, id=case.id)[0].version)


def report(week: Week, double_of: Case | None = None) -> None:
    """Somebody complains about a purchase, now or told some minutes ago."""
    if double_of is not None:
        order, line = double_of.order, double_of.line
    else:
        bought = [one for one in week.told.orders if any(line.handed for line in one.lines)]
        order = week.dice.choice(bought)
        line = week.dice.choice(order.lines)
    ago = timedelta(minutes=week.dice.choice([0, 0, 0, 7, 59, 60, 61, 150]))
    placed = rows(week.shop, schema.customer_order, id=order.id)[0].placed_at
    said = max(week.now - ago, placed)
    defect, counted, bad, of = "rotten", CountedIn.UNITS, 1, line.quantity
    if line.product == "土鸡蛋" and week.dice.random() < 0.6:
        counted, of = CountedIn.PIECES, 30 * line.quantity
    elif line.product == "番茄":
        counted = CountedIn.GRAMS
    bad = week.dice.randint(1, min(of, 400))
    if line.product == "纸巾":
        defect = "quality"
    elif week.dice.random() < 0.4:
        defect = "damaged"
    about = NewCase(
        source=Source.COUNTER,
        defect=Defect(defect),
        said="坏了",
        line_id=line.id,
        bad=bad,
        counted_in=counted,
        reported_at=said,
    )
    case = Case(order, line, defect, bad, of, said, said + REPLY, [Turn(said)])
    line.cases.append(case)
    case.id = cases.open_case(week.by, about)
    week.told.cases.append(case)


def answered(week: Week, case: Case) -> None:
    case.replied_at = case.replied_at or week.now


def reply(week: Week, case: Case) -> None:
    cases.reply(week.by, case.id, version(week, case), "收到，马上看")
    answered(week, case)
    if case.status == "new":
        case.status = "working"


def ask_photo(week: Week, case: Case) -> None:
    cases.ask_photo(week.by, case.id, version(week, case), "请拍一张")
    answered(week, case)
    if not case.turn.waits:
        case.turn.pauses.append([week.now, None])
    case.status = "waiting"


def photo_or_resume(week: Week, case: Case) -> None:
    if case.status != "waiting":
        week.refuses(lambda: cases.resume(week.by, case.id, version(week, case)))
        return
    if week.photos < 40 and not rows(week.shop, schema.case_photo, case_id=case.id):
        week.photos += 1
        photo = files.put(week.shop.place, samples.photo((64 + week.photos, 48)))
        photos.add_photo(week.by, case.id, photo)
    else:
        cases.resume(week.by, case.id, version(week, case))
    case.turn.goes_on(week.now)
    case.status = "working"


def solve(week: Week, case: Case) -> None:
    """Agree what is promised, sometimes better, sometimes less as the resident wishes."""
    if week.dice.random() < 0.1:
        less_than_promised(week, case)
    method = week.dice.choice(["transfer", "cash", "balance"])
    chosen = week.dice.choice(case.options)
    freight = week.dice.choice([0, 0, 800]) if case.line.product == "纸巾" else 0
    done: list[Done] = []
    below = ""
    for kind, quantity, promised in chosen:
        if kind in ("refund", "return"):
            amount = min(promised, case.line.left)
            if week.dice.random() < 0.2:
                amount = min(amount + week.dice.randint(1, 300), case.line.left)
            if amount and week.dice.random() < 0.1:
                amount = max(amount - week.dice.randint(1, 200), 1)
            if amount < promised:
                below = "居民自己要求少退"
            if amount:
                done.append(Done(kind, quantity, amount, method=method))
        else:
            better = case.line.base if week.dice.random() < 0.1 and kind == "one_more" else 0
            done.append(Done(kind, quantity + better))
    if not done:
        done, below = [Done("word")], "已全部退过，居民同意"
    if done[0].kind in ("return", "exchange"):
        done[0].disposal = week.dice.choice(["kept", "thrown_away", "to_supplier", "to_shelf"])
    done[0].freight = freight
    too_much = Remedy(Kind.REFUND, None, Money(case.line.left + 1))
    if week.dice.random() < 0.15:
        week.refuses(
            lambda: remedies.solve(
                week.by,
                case.id,
                version(week, case),
                Solution((too_much,), below_pledge="居民要", method="cash"),
            )
        )
    agreed = Solution(
        tuple(
            Remedy(Kind(one.kind), one.quantity or None, Money(one.amount) if one.amount else None)
            for one in done
        ),
        method=method,
        freight=Money(freight),
        disposal=Disposal(done[0].disposal),
        below_pledge=below,
        text="已处理",
    )
    remedies.solve(week.by, case.id, version(week, case), agreed)
    for one in done:
        carry_out(week, case, one)
    case.done += done
    for one, row in zip(done, remedies_of(week, case)[-len(done) :], strict=True):
        if one.owed is not None:
            week.told.owed[row.owed_id] = one.owed
    answered(week, case)
    case.turn.goes_on(week.now)
    case.turn.solved_at = week.now
    case.status = "solved"


def remedies_of(week: Week, case: Case) -> Sequence[Any]:
    return rows(week.shop, schema.case_remedy, case_id=case.id)


def less_than_promised(week: Week, case: Case) -> None:
    """Nothing given where something is promised and nobody wished less: it is refused."""
    promised = [
        any(fen or kind in ("one_more", "exchange") for kind, _quantity, fen in option)
        for option in case.options
    ]
    if case.standing or not all(promised):
        return
    nothing = Solution((Remedy(Kind.WORD),))
    week.refuses(lambda: remedies.solve(week.by, case.id, version(week, case), nothing))


def carry_out(week: Week, case: Case, one: Done, sign: int = 1) -> None:
    """What money and goods do when something is agreed, or taken back (``sign`` -1)."""
    line, told = case.line, week.told
    if sign > 0:
        one.off = min(one.amount, max(case.order.owes, 0))
    line.off += sign * one.off
    line.back += sign * (one.amount - one.off)
    if one.method == "balance":
        told.balance[case.order.member] += sign * (one.amount - one.off)
    if one.kind in ("one_more", "exchange") and sign > 0:
        due_at = week.now + OWED
        one.owed = Owed(case, line.product, one.quantity, due_at, open_spans=[[week.now, None]])
    if one.disposal != "kept":
        name = line.product
        told.came_back[name] = told.came_back.get(name, 0) + sign * one.quantity
        if one.disposal == "to_shelf":
            told.stock[name] += sign * one.quantity
        elif one.disposal == "thrown_away":
            told.thrown_away[name] = told.thrown_away.get(name, 0) + sign * one.quantity


def undo(week: Week, case: Case) -> None:
    """One thing that was done is taken back."""
    number = week.dice.choice([i for i, each in enumerate(case.done) if not each.undone])
    one, row = case.done[number], remedies_of(week, case)[number]
    if one.owed is not None and one.owed.given:
        week.refuses(lambda: remedies.undo_remedy(week.by, row.id))
        return
    spent = one.amount - one.off if one.method == "balance" else 0
    if spent > week.told.balance[case.order.member]:
        week.refuses(lambda: remedies.undo_remedy(week.by, row.id))
        return
    remedies.undo_remedy(week.by, row.id)
    one.undone = True
    carry_out(week, case, one, -1)
    if one.owed is not None and one.owed.is_open:
        one.owed.close(week.now)
    if case.status == "solved":
        case.turn.solved_at, case.status = None, "working"


def after(week: Week, case: Case) -> None:
    """A solved case is asked about, opened again, or something of it was a slip."""
    deed = week.dice.random()
    if deed < 0.35 and case.standing:
        undo(week, case)
    elif deed < 0.7:
        result = week.dice.choice(list(Result))
        cases.follow_up(week.by, case.id, version(week, case), result, "")
        if result is Result.SATISFIED:
            case.status = "closed"
        elif result is Result.NOT_SATISFIED:
            opened_again(week, case)
    else:
        cases.reopen(week.by, case.id, version(week, case), "又坏了")
        opened_again(week, case)


def opened_again(week: Week, case: Case) -> None:
    ended = case.withdrawn_at
    if ended is not None and case.replied_at is None and ended <= case.reply_due:
        case.reply_due = week.now + REPLY
    case.withdrawn_at, case.status = None, "working"
    case.turns.append(Turn(week.now))


def withdraw(week: Week, case: Case) -> None:
    given = [
        each
        for each, row in zip(case.done, remedies_of(week, case), strict=True)
        if not each.undone and each.kind != "word" and row.turn == len(case.turns)
    ]

    def deed() -> None:
        cases.withdraw(week.by, case.id, version(week, case), "看错了")

    if given:
        week.refuses(deed)
        return
    deed()
    case.turn.goes_on(week.now)
    case.turn.stopped_at = case.withdrawn_at = week.now
    case.status = "withdrawn"


def join(week: Week, case: Case) -> None:
    """The same complaint comes a second time; the two are joined, sometimes taken apart again."""
    if len(case.turns) > 1 or case.turn.pauses or case.done:
        return
    report(week, case)
    double = week.told.cases[-1]
    if week.dice.random() < 0.5:
        reply(week, double)
    keep, drop = week.dice.sample([case, double], 2)
    keep.look(week.now)
    drop.look(week.now)
    own = (keep.reported_at, keep.reply_due, keep.replied_at, keep.turn.started_at)
    merge_id = merging.merge_cases(week.by, keep.id, drop.id)
    kept_status, drop_status = keep.status, drop.status
    replies = [each.replied_at for each in (keep, drop) if each.replied_at is not None]
    keep.replied_at = min(replies, default=None)
    keep.reported_at = min(keep.reported_at, drop.reported_at)
    keep.reply_due = min(keep.reply_due, drop.reply_due)
    keep.turn.started_at = min(keep.turn.started_at, drop.turn.started_at)
    drop.merged_into, drop.status = keep, "merged"
    week.touches["joined"] += 1
    if week.dice.random() < 0.5:
        return
    week.clock.forward(minutes=week.dice.choice([1, 30, 100]))
    answers = week.dice.random() < 0.5
    if answers:
        reply(week, keep)
    merging.undo_merge(week.by, merge_id)
    keep.reported_at, keep.reply_due, keep.replied_at, keep.turn.started_at = own
    if answers:
        answered(week, keep)
    drop.merged_into, drop.status = None, drop_status
    keep.status = "working" if answers and kept_status == "new" else kept_status
    week.touches["taken apart"] += 1


def owed_goods(week: Week) -> None:
    """Owed goods are given by themselves, in parts, taken back, or owed no more."""
    waiting = [(number, one) for number, one in week.told.owed.items() if one.is_open]
    if not waiting:
        return
    number, one = week.dice.choice(waiting)
    left = one.quantity - one.given
    if week.dice.random() < 0.15:
        row = rows(week.shop, schema.owed_goods, id=number)[0]
        owed.cancel_owed(week.by, number, row.version, "居民不要了")
        one.close(week.now)
        return
    week.refuses(lambda: owed.give_owed(week.by, number, left + 1))
    part = left if week.dice.random() < 0.7 else week.dice.randint(1, left)
    ids = owed.give_owed(week.by, number, part)
    give(week, one, part)
    if week.dice.random() < 0.2:
        week.clock.forward(minutes=week.dice.choice([1, 200]))
        owed.undo_give(week.by, ids)
        take_back(week, one, part)


def money(week: Week) -> None:
    """An order is paid, in part or whole, by one of three ways; or put on the scale."""
    order = week.dice.choice(week.told.orders)
    loose = [line for line in order.lines if line.product == "番茄"]
    if loose and week.dice.random() < 0.3:
        weigh(week, order, loose[0])
        return
    if order.owes <= 0:
        week.refuses(lambda: payments.pay_order(week.by, order.id))
        return
    amount = order.owes if week.dice.random() < 0.6 else week.dice.randint(1, order.owes)
    method = week.dice.choice(["transfer", "cash", "balance"])
    if method == "balance" and amount > week.told.balance[order.member]:
        week.refuses(lambda: payments.pay_order(week.by, order.id, method, Money(amount)))
        return
    payments.pay_order(week.by, order.id, method, Money(amount))
    order.paid += amount
    if method == "balance":
        week.told.balance[order.member] -= amount


def weigh(week: Week, order: Order, line: Line) -> None:
    if line.handed:
        return
    grams = max(line.quantity + week.dice.randint(-120, 120), 100)
    price = half_up(Fraction(line.unit_fen * grams, line.base))
    if line.off > price:
        week.refuses(lambda: payments.weigh_line(week.by, line.id, grams))
        return
    payments.weigh_line(week.by, line.id, grams)
    line.quantity, line.price = grams, price
    week.touches["weighed"] += 1


def something_happens(week: Week) -> None:
    """Let one thing happen, of those that happen in a shop."""
    dice = week.dice
    what = dice.random()
    if what < 0.12:
        money(week)
    elif what < 0.2:
        owed_goods(week)
    elif what < 0.27:
        member = dice.choice(week.members)
        waiting = [one for one in week.told.orders if one.member == member]
        waiting = [one for one in waiting if not all(line.handed for line in one.lines)]
        if waiting:
            collect(week, waiting[0])
        else:
            buy(week, member)
    else:
        case = dice.choice(week.told.cases)
        case.look(week.now)
        happen_to(week, case)


def happen_to(week: Week, case: Case) -> None:
    if case.is_open:
        deeds = (reply, ask_photo, photo_or_resume, solve, solve, solve, withdraw, join)
        week.dice.choice(deeds)(week, case)
    elif case.status == "solved":
        after(week, case)
    elif case.status in ("closed", "withdrawn") and week.dice.random() < 0.3:
        cases.reopen(week.by, case.id, version(week, case), "还是坏的")
        opened_again(week, case)
    elif case.status == "merged":
        week.refuses(lambda: cases.reply(week.by, case.id, version(week, case), "在吗"))


def live(week: Week, steps: int, most_cases: int) -> None:
    """Live through the week; the recorder of broken promises looks whenever it likes."""
    for step in range(steps):
        week.clock.forward(minutes=week.dice.randint(1, max(2 * 7 * 1440 // steps, 2)))
        if not week.told.cases or (step % 4 == 0 and len(week.told.cases) < most_cases):
            report(week)
        else:
            something_happens(week)
        if week.dice.random() < 0.05:
            cases.record_breaches(week.shop.acting(SYSTEM))
    week.clock.forward(hours=week.dice.randint(1, 60))
    cases.record_breaches(week.shop.acting(SYSTEM))
    for case in week.told.cases:
        case.look(week.now)


def check_promises(week: Week) -> None:
    """Every broken promise of every complaint, with the moment at which it ran out."""
    booked: dict[int, set[tuple[str, int, datetime]]] = {case.id: set() for case in week.told.kept}
    late_goods = set()
    roots = {case.id: case.root.id for case in week.told.cases}
    for row in rows(week.shop, schema.case_breach):
        if row.owed_id is not None:
            late_goods.add((row.owed_id, row.due_at))
            continue
        turn = 0 if row.clock == "reply" else row.turn
        booked[roots[row.case_id]].add((row.clock, turn, row.due_at))
    expected: dict[int, set[tuple[str, int, datetime]]] = {
        case.id: set() for case in week.told.kept
    }
    for case in week.told.cases:
        expected[roots[case.id]] |= case.ran_out
    wrong = {
        number: (booked[number] - expected[number], expected[number] - booked[number])
        for number in expected
        if booked[number] != expected[number]
    }
    assert wrong == {}
    goods = week.told.owed.items()
    assert late_goods == {(number, one.due_at) for number, one in goods if one.late(week.now)}


def check_money(week: Week) -> None:
    """Every fen: per case, per line, per order, per resident."""
    told = week.told
    for case in told.cases:
        for one, row in zip(case.done, remedies_of(week, case), strict=True):
            booked = (row.amount_fen, row.taken_off_fen, row.undone_at is not None)
            assert booked == (one.amount, one.off, one.undone), case.id
            assert (row.payment_id is not None) == (one.amount > one.off)
    found = money_of(week.shop, [order.id for order in told.orders])
    for order in told.orders:
        stands = found[order.id]
        assert stands.net.fen == order.kept, order.id
        assert stands.balance.fen == order.owes, order.id
        assert {line: one.left.fen for line, one in stands.lines.items()} == {
            line.id: line.left for line in order.lines
        }
        assert order.kept >= 0
    entries = schema.balance_entry
    with week.shop.read() as connection:
        query = select(entries.c.member_id, func.sum(entries.c.amount_fen))
        held = connection.execute(query.group_by(entries.c.member_id)).all()
    assert dict(map(tuple, held)) == told.balance


def check_goods(week: Week) -> None:
    """What is owed, what was given, and what is left on the shelf."""
    for number, one in week.told.owed.items():
        given = sum(row.quantity for row in rows(week.shop, schema.owed_handover, owed_id=number))
        row = rows(week.shop, schema.owed_goods, id=number)[0]
        is_open = row.settled_at is None and row.cancelled_at is None
        assert (given, row.quantity, is_open) == (one.given, one.quantity, one.is_open)
    levels = {row.product_id: row.on_hand for row in levels_of(week.shop)}
    assert {name: levels[number] for name, number in week.products.items()} == week.told.stock
    assert checks.check_sums(week.shop) == ()


def levels_of(shop: Shop) -> Sequence[Any]:
    with shop.read() as connection:
        return connection.execute(select(schema.stock_level)).all()


def check_books(week: Week) -> None:
    """The pledge and the profit of the week, per product."""
    told = week.told
    found = {each.name: each for each in books(week.shop, Scope(date(2026, 9, 1), LAST))}
    for name, (_unit, _fen, base) in GOODS.items():
        lines = [line for order in told.orders for line in order.lines if line.product == name]
        given = sum(one.given for one in told.owed.values() if one.product == name)
        freight = sum(
            one.freight for case in told.cases if case.line.product == name for one in case.standing
        )
        gone = sum(line.quantity for line in lines) - told.came_back.get(name, 0)
        thrown = told.thrown_away.get(name, 0)
        back = sum(line.price - line.off - line.left for line in lines)
        pledge = half_up(back + freight + Fraction(given * BATCH_FEN, base))
        measured = found[name]
        assert measured.revenue.fen == sum(line.price - line.off for line in lines)
        assert measured.pledge.fen == pledge
        assert measured.purchase.fen == half_up(Fraction(gone * BATCH_FEN, base))
        assert measured.loss.fen == half_up(Fraction(thrown * BATCH_FEN, base))


def check_ledger(week: Week) -> None:
    """What the ledger and the public figure say of the month."""
    told = week.told
    first, last = date(2026, 9, 1), date(2026, 10, 31)
    sums = ledger.sums(week.shop, Asked(first, last))
    refunds = sum(one.amount for one in told.done)
    freight = sum(one.freight for one in told.done)
    goods = sum(
        half_up(Fraction(one.given * BATCH_FEN, one.case.line.base)) for one in told.owed.values()
    )
    assert (sums.count, sums.refunds.fen, sums.freight.fen) == (len(told.kept), refunds, freight)
    assert sums.withdrawn == sum(case.status == "withdrawn" for case in told.kept)
    assert sums.reopened == sum(len(case.turns) > 1 for case in told.kept)
    cost = lost(week.shop, first, last)
    assert (cost.refunds.fen, cost.freight.fen) == (refunds, freight)
    assert cost.goods is not None and sums.goods_cost is not None
    assert abs(cost.goods.fen - goods) <= len(told.owed)
    months = [month_figures(week.shop, each) for each in (first, last)]
    broken = {"reply": 0, "solution": 0}
    whole = {case.id: set(case.ran_out) for case in told.kept}
    for case in told.cases:
        whole[case.root.id] |= case.ran_out
    for case in told.kept:
        clocks = {(clock, min(turn, 2)) for clock, turn, _due in whole[case.id]}
        broken["reply"] += ("reply", 0) in clocks
        broken["solution"] += ("solution", 1) in clocks
    late = {case.id for case in told.kept if whole[case.id]}
    late |= {one.case.root.id for one in told.owed.values() if one.late(week.now)}
    assert sums.late == len(late)
    assert sum(each.answered_late_or_due for each in months) == broken["reply"]
    assert sum(each.solved_late_or_due for each in months) == broken["solution"]


def check(week: Week) -> None:
    check_promises(week)
    check_money(week)
    check_goods(week)
    check_books(week)
    check_ledger(week)


@pytest.fixture
def second(store: Any) -> Actor:
    """The other of the two who stand at the counter."""
    return add_person(store, "xiaozhou", "小周", Role.STAFF)


def test_a_week_agrees_with_its_diary(
    shop: Shop, clock: FixedClock, owner: Actor, staff: Actor, second: Actor
) -> None:
    """Hundreds of cases on SQLite, a smaller week on PostgreSQL."""
    small = not shop.store.is_sqlite
    week = open_shop(shop, clock, (owner, staff, second), seed=20260925)
    live(week, *((260, 40) if small else (900, 200)))
    check(week)
    told = week.told
    assert small or (len(told.cases) >= 200 and told.refused > 20)
    assert all(week.touches.values())
    assert any(one.late(week.now) for one in told.owed.values())
