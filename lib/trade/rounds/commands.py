"""Writes of rounds. Owner and staff may run them; orders keep the price they were placed at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.language import translator
from lib.shop.shop import Shop, Tx
from lib.trade.rounds import announcement, rules
from lib.trade.rounds.compared import checked_compared
from lib.trade.rounds.queries import welfare_goods
from lib.trade.rounds.rules import Offered, State, Times


@dataclass(frozen=True)
class Plan:
    """A round as typed: ``title`` may be empty (the shop's usual one is taken)."""

    title: str
    times: Times
    note: str = ""


def open_round(shop: Shop, plan: Plan, offers: Iterable[Offered]) -> int:
    """Open a round (or plan it, when it opens later) and return its id.

    Raises ``Refused`` for times in the past, a closed pickup day, no offers, or a product that is
    archived.
    """
    with shop.write("round.open") as tx:
        tx.result = put_round(tx, plan, offers)
    return int(tx.result)


def copy_round(
    shop: Shop, round_id: int, plan: Plan, *, todays_prices: bool = True, keep_limits: bool = True
) -> int:
    """Open a round with the products of an earlier one and return its id.

    Prices are today's unless ``todays_prices`` is off; products archived or stopped are left out,
    and so are compared prices: they were true of another time, and the round that is copied has
    made new ones. A welfare item is over with its round: its product is offered like any other.
    Raises ``Refused`` when nothing of it is left to offer.
    """
    with shop.write("round.copy") as tx:
        _row(tx, round_id)
        offers = _offers_to_copy(tx, round_id, todays_prices, keep_limits)
        if not offers:
            raise Refused(N_("Nothing of that round is sold any more: nothing is left to copy."))
        tx.result = put_round(tx, plan, offers, copied_from=round_id)
    return int(tx.result)


def change_round(shop: Shop, round_id: int, version: int, plan: Plan) -> None:
    """Change title, note and times of a round that still takes orders or is planned.

    A new pickup day takes the orders along. Raises ``Conflict`` for a stale edit, ``Refused`` for
    a round that is over: extend it first.
    """
    with shop.write("round.change") as tx:
        row = _row(tx, round_id)
        if _state(row, tx.now) not in (State.OPEN, State.PLANNED):
            raise Refused(N_("This round no longer takes orders. Extend it to change it."))
        opens_at = row.opens_at if row.opens_at <= tx.now else plan.times.opens_at
        times = Times(opens_at, plan.times.cut_off_at, plan.times.pickup_day)
        _check_times(tx, times, kept_day=row.pickup_day)
        _change(tx, row, version, title=rules.checked_title(plan.title or row.title),
                note=clean(plan.note, rules.LONGEST_NOTE, lines=True), opens_at=opens_at,
                cut_off_at=times.cut_off_at, pickup_day=times.pickup_day)  # fmt: skip


def extend_round(
    shop: Shop, round_id: int, version: int, cut_off_at: datetime, pickup_day: date | None = None
) -> None:
    """Let a round take orders until ``cut_off_at``, also one that was cut off or closed early.

    ``pickup_day`` moves the pickup and the orders with it; without it the day stays. Raises
    ``Refused`` for a time in the past or after the pickup day.
    """
    with shop.write("round.extend") as tx:
        row = _row(tx, round_id)
        times = Times(row.opens_at, cut_off_at, pickup_day or row.pickup_day)
        if _state(row, tx.now) is State.OPEN and cut_off_at <= row.cut_off_at:
            raise Refused(
                N_("That is not later than the present cut-off. Close the round instead.")
            )
        _check_times(tx, times, kept_day=row.pickup_day)
        _change(
            tx, row, version, cut_off_at=cut_off_at, pickup_day=times.pickup_day, closed_at=None
        )


def close_round(shop: Shop, round_id: int, version: int) -> None:
    """Stop taking orders now, before the cut-off; a planned round is called off that way."""
    with shop.write("round.close") as tx:
        row = _row(tx, round_id)
        if _state(row, tx.now) not in (State.OPEN, State.PLANNED):
            raise Refused(N_("This round no longer takes orders."))
        _change(tx, row, version, closed_at=tx.now)


def add_offers(shop: Shop, round_id: int, offers: Iterable[Offered]) -> None:
    """Offer further products in a round; raises ``Refused`` for one that is already in it."""
    with shop.write("round.add_offers") as tx:
        put_offers(tx, round_id, offers)


def change_offers(shop: Shop, round_id: int, offers: Iterable[Offered]) -> int:
    """Set price, limits and compared price of offers in a round; returns how many changed.

    A new price is for orders from now on: lines that were ordered keep theirs. Raises ``Refused``
    for a compared price that may not stand there (facts 3.3 §16), and for another price or other
    limits of a welfare item: they are set where the item is (R19).
    """
    chosen = rules.checked_offers(offers)
    with shop.write("round.change_offers") as tx:
        row = _row(tx, round_id)
        kept = [_offered(_offer_row(tx, round_id, each.product_id)) for each in chosen]
        wanted = checked_compared(tx, row.opens_at, chosen, kept)
        _keep_welfare(tx, round_id, wanted)
        changed = [each for each in wanted if _change_offer(tx, round_id, each)]
        tx.result = len(changed)
    return int(tx.result)


def remove_offer(shop: Shop, round_id: int, product_id: int) -> None:
    """Take a product out of a round.

    Raises ``Refused`` when somebody ordered it, when it is the only one, and for a welfare item:
    that is taken back where the item is (R19).
    """
    with shop.write("round.remove_offer") as tx:
        if product_id in welfare_goods(tx.connection, round_id):
            raise Refused(
                N_("{product} is a welfare item: take it back on the page Welfare items."),
                product=_product_name(tx, product_id),
            )
        take_out(tx, round_id, product_id)


def take_out(tx: Tx, round_id: int, product_id: int) -> None:
    """Step: take a product out of a round; raises ``Refused`` as :func:`remove_offer` does."""
    _row(tx, round_id)
    offer = _offer_row(tx, round_id, product_id)
    count = _orders_of(tx, round_id, product_id)
    if count:
        raise Refused(
            N_("{count} orders hold this product. Cancel those lines first, or set a limit."),
            count=count,
        )
    table = schema.round_offer
    if len(tx.execute(select(table.c.id).where(table.c.round_id == round_id)).all()) == 1:
        raise Refused(N_("A round needs at least one product. Close the round instead."))
    tx.execute(delete(table).where(table.c.id == offer.id))
    tx.note(f"buying_round:{round_id}", before={"offer": _said(_offered(offer))}, after={})


def set_closed_day(shop: Shop, day: date, reason: str = "") -> None:
    """Mark a day without pickup; raises ``Refused`` for a past day and one that is needed."""
    with shop.write("closed_day.set") as tx:
        if day < tx.today:
            raise Refused(N_("That day is over."))
        _check_day_is_free(tx, day)
        table = schema.closed_day
        kept = clean(reason, 60)
        before = tx.execute(select(table.c.reason).where(table.c.day == day)).scalar()
        if before is None:
            tx.execute(insert(table).values(day=day, reason=kept))
        else:
            tx.execute(update(table).where(table.c.day == day).values(reason=kept))
        tx.note(f"closed_day:{day}", before=before, after=kept)


def remove_closed_day(shop: Shop, day: date) -> None:
    """Open a closed day again; a day that was not closed stays as it is."""
    with shop.write("closed_day.remove") as tx:
        tx.execute(delete(schema.closed_day).where(schema.closed_day.c.day == day))
        tx.note(f"closed_day:{day}", before={"closed": True}, after={"closed": False})


def put_round(
    tx: Tx, plan: Plan, offers: Iterable[Offered], *, copied_from: int | None = None
) -> int:
    """Step: open (or plan) a round with ``offers`` and return its id.

    Raises ``Refused`` as :func:`open_round` does.
    """
    chosen = rules.checked_offers(offers)
    _check_times(tx, plan.times)
    say = translator(tx.settings.language)
    usual = announcement.round_title(plan.times.opens_at, tx.settings, say)
    title = rules.checked_title(plan.title.strip() or usual)
    round_id = tx.add(
        schema.buying_round,
        title=title,
        opens_at=plan.times.opens_at,
        cut_off_at=plan.times.cut_off_at,
        pickup_day=plan.times.pickup_day,
        note=clean(plan.note, rules.LONGEST_NOTE, lines=True),
        copied_from=copied_from,
        created_at=tx.now,
        created_by=tx.actor.id,
    )
    chosen = _put_offers(tx, round_id, plan.times.opens_at, chosen, after=0)
    after = {
        "title": title,
        "cut_off_at": plan.times.cut_off_at,
        "pickup_day": plan.times.pickup_day,
        "copied_from": copied_from,
        "offers": [_said(each) for each in chosen],
    }
    tx.note(f"buying_round:{round_id}", after=after)
    return round_id


def put_offers(tx: Tx, round_id: int, offers: Iterable[Offered]) -> None:
    """Step: offer further products in a round; raises ``Refused`` for one that is already in it."""
    chosen = rules.checked_offers(offers)
    row = _row(tx, round_id)
    table = schema.round_offer
    present = select(table.c.product_id).where(table.c.round_id == round_id)
    taken = set(tx.execute(present).scalars())
    if taken & {offer.product_id for offer in chosen}:
        raise Refused(N_("A product can stand in a round only once."))
    if len(taken) + len(chosen) > rules.MOST_OFFERS:
        raise Refused(N_("At most {count} products in one round."), count=rules.MOST_OFFERS)
    last = select(func.coalesce(func.max(table.c.position), 0)).where(table.c.round_id == round_id)
    after = int(tx.execute(last).scalar_one())
    chosen = _put_offers(tx, round_id, row.opens_at, chosen, after)
    tx.note(f"buying_round:{round_id}", after={"offers": [_said(each) for each in chosen]})


def product_to_offer(tx: Tx, product_id: int) -> Row[Any]:
    """Step: return the row of a product that may be offered.

    Raises ``NotFound``, and ``Refused`` for one that is archived or whose sale is stopped.
    """
    products = schema.product
    row = tx.execute(select(products).where(products.c.id == product_id)).first()
    if row is None:
        raise NotFound(N_("This product does not exist."))
    if row.archived_at is not None:
        raise Refused(N_("{name} is archived. Restore it to offer it."), name=row.name)
    if row.stopped_at is not None:
        raise Refused(
            N_("{name} is not sold at present ({reason}). Release it to offer it."),
            name=row.name,
            reason=row.stop_reason or "—",
        )
    return row


def set_offer(tx: Tx, round_id: int, wanted: Offered) -> None:
    """Step: set price and limits of an offer that stands in a round, whoever else may not."""
    _row(tx, round_id)
    _change_offer(tx, round_id, rules.checked_offers([wanted])[0])


def _keep_welfare(tx: Tx, round_id: int, wanted: Iterable[Offered]) -> None:
    goods = welfare_goods(tx.connection, round_id)
    for each in wanted:
        now = _offered(_offer_row(tx, round_id, each.product_id))
        kept = (now.price, now.household_limit, now.available)
        if each.product_id in goods and kept != (each.price, each.household_limit, each.available):
            raise Refused(
                N_("{product} is a welfare item: its price and limits are on that page."),
                product=_product_name(tx, each.product_id),
            )


def _product_name(tx: Tx, product_id: int) -> str:
    return str(tx.row(schema.product, product_id).name)


def _put_offers(
    tx: Tx, round_id: int, opens_at: datetime, offers: tuple[Offered, ...], after: int
) -> tuple[Offered, ...]:
    chosen = checked_compared(tx, opens_at, offers)
    for position, offer in enumerate(chosen, start=after + 1):
        product_to_offer(tx, offer.product_id)
        tx.add(
            schema.round_offer,
            round_id=round_id,
            position=position,
            **_said(offer),
        )
    return chosen


def _offers_to_copy(
    tx: Tx, round_id: int, todays_prices: bool, keep_limits: bool
) -> tuple[Offered, ...]:
    table, products = schema.round_offer, schema.product
    welfare = welfare_goods(tx.connection, round_id)
    query = (
        select(table, products.c.price_fen.label("todays_price_fen"))
        .join(products, products.c.id == table.c.product_id)
        .where(
            table.c.round_id == round_id,
            products.c.archived_at.is_(None),
            products.c.stopped_at.is_(None),
        )
        .order_by(table.c.position, table.c.id)
    )
    return tuple(
        Offered(
            row.product_id,
            Money(
                row.todays_price_fen
                if todays_prices or row.product_id in welfare
                else row.price_fen
            ),
            row.household_limit if keep_limits and row.product_id not in welfare else None,
            row.available if keep_limits and row.product_id not in welfare else None,
        )
        for row in tx.execute(query)
    )


def _row(tx: Tx, round_id: int) -> Row[Any]:
    table = schema.buying_round
    row = tx.execute(select(table).where(table.c.id == round_id)).first()
    if row is None:
        raise NotFound(N_("This round does not exist."))
    return row


def _state(row: Row[Any], now: datetime) -> State:
    return rules.state_of(row.opens_at, row.cut_off_at, row.closed_at, now)


def _check_times(tx: Tx, times: Times, kept_day: date | None = None) -> None:
    """Check ``times``; a pickup day that a round already has may have been closed since."""
    table = schema.closed_day
    closed = set(tx.execute(select(table.c.day).where(table.c.day >= tx.today)).scalars())
    rules.check_times(times, tx.now, tx.settings.time_zone, closed - {kept_day})


def _change(tx: Tx, row: Row[Any], version: int, **values: Any) -> None:
    tx.change(schema.buying_round, row.id, version, **values)
    before = {name: row._mapping[name] for name in values}
    moved = values.get("pickup_day", row.pickup_day)
    if moved != row.pickup_day:
        _move_orders(tx, row.id, row.pickup_day, moved)
    tx.note(f"buying_round:{row.id}", before=before, after=values)


def _move_orders(tx: Tx, round_id: int, old: date, new: date) -> None:
    """Move the round's orders to the ``new`` pickup day.

    Numbers are unique within a day: an order keeps its own where it is free, else it gets the
    next one.
    """
    table = schema.customer_order
    taken = set(tx.execute(select(table.c.number).where(table.c.pickup_day == new)).scalars())
    moving = select(table.c.id, table.c.number, table.c.version).where(
        table.c.round_id == round_id, table.c.pickup_day == old
    )
    for row in tx.execute(moving.order_by(table.c.number)).all():
        number = row.number if row.number not in taken else max(taken) + 1
        taken.add(number)
        tx.execute(
            update(table)
            .where(table.c.id == row.id)
            .values(pickup_day=new, number=number, version=row.version + 1)
        )


def _change_offer(tx: Tx, round_id: int, wanted: Offered) -> bool:
    row = _offer_row(tx, round_id, wanted.product_id)
    before, after = _said(_offered(row)), _said(wanted)
    if before == after:
        return False
    table = schema.round_offer
    tx.execute(update(table).where(table.c.id == row.id).values(**after))
    tx.note(f"buying_round:{round_id}", before=before, after=after)
    return True


def _offer_row(tx: Tx, round_id: int, product_id: int) -> Row[Any]:
    table = schema.round_offer
    row = tx.execute(
        select(table).where(table.c.round_id == round_id, table.c.product_id == product_id)
    ).first()
    if row is None:
        raise NotFound(N_("This product is not in the round."))
    return row


def _orders_of(tx: Tx, round_id: int, product_id: int) -> int:
    orders, lines = schema.customer_order, schema.order_line
    query = (
        select(func.count(orders.c.id.distinct()))
        .join(lines, lines.c.order_id == orders.c.id)
        .where(
            orders.c.round_id == round_id,
            orders.c.status == "active",
            lines.c.product_id == product_id,
            lines.c.cancelled_at.is_(None),
        )
    )
    return int(tx.execute(query).scalar_one())


def _check_day_is_free(tx: Tx, day: date) -> None:
    rounds, orders = schema.buying_round, schema.customer_order
    taken = tx.execute(
        select(rounds.c.title).where(
            rounds.c.pickup_day == day, rounds.c.closed_at.is_(None), rounds.c.cut_off_at > tx.now
        )
    ).scalar()
    if taken is not None:
        raise Refused(
            N_("{title} is to be collected on that day. Move its pickup day first."), title=taken
        )
    waiting = select(func.count()).where(orders.c.pickup_day == day, orders.c.status == "active")
    count = int(tx.execute(waiting).scalar_one())
    if count:
        raise Refused(
            N_("{count} orders are to be collected on that day. Move their round first."),
            count=count,
        )


def _said(offer: Offered) -> dict[str, Any]:
    """Return an offer as its row and the journal hold it."""
    return {
        "product_id": offer.product_id,
        "price_fen": offer.price.fen,
        "household_limit": offer.household_limit,
        "available": offer.available,
        "compared_fen": None if offer.compared is None else offer.compared.fen,
        "compared_basis": offer.basis,
        "compared_photo": offer.photo,
    }


def _offered(row: Row[Any]) -> Offered:
    return Offered(
        row.product_id,
        Money(row.price_fen),
        row.household_limit,
        row.available,
        None if row.compared_fen is None else Money(row.compared_fen),
        row.compared_basis,
        row.compared_photo,
    )
