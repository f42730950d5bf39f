"""Writes that end a wish well: put on offer in one step, and everybody who asked told.

A new product comes with its supplier's terms, its place in a round and its purchase price, which
its cost sheet is drafted from: one transaction, one journal row (R16). The catalogue is the
owner's; staff put on offer what stands in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.files import photos
from lib.shop.messages.demand_events import DEMAND_LAUNCH
from lib.shop.posts import add_post
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.suppliers.commands import put_terms
from lib.supply.suppliers.rules import TermDetails
from lib.trade.products.commands import put_photo, put_product
from lib.trade.products.rules import Details, checked
from lib.trade.rounds.commands import Plan, product_to_offer, put_offers, put_round
from lib.trade.rounds.rules import Offered, state_of
from lib.trust.demands.commands import check_version, demand_row, status_values
from lib.trust.demands.launch import rules
from lib.trust.demands.rules import Move, Status

_demand, _wish, _post = schema.demand, schema.demand_wish, schema.group_post
_CAN_LAUNCH = (Status.NEW, Status.CHECKING, Status.NOT_YET)


@dataclass(frozen=True)
class Place:
    """Where it is offered: in the standing round ``round_id``, or in a new one planned as ``plan``.

    With neither it lies in the shop and stands in no round.
    """

    round_id: int | None = None
    plan: Plan | None = None

    def __post_init__(self) -> None:
        if self.round_id is not None and self.plan is not None:
            raise Refused(N_("Choose a standing round or a new one, not both."))


@dataclass(frozen=True)
class NewProduct:
    """A product made for a wish: what it is, who delivers it, how much of it there is.

    ``details.price`` is what residents pay for one sale unit and ``details.purchase_price`` what
    the shop pays; limits are grams or sale units, None = no limit.
    """

    details: Details
    supplier_id: int | None = None
    household_limit: int | None = None
    available: int | None = None

    def offered(self, product_id: int) -> Offered:
        """Return the offer in a round."""
        return Offered(product_id, self.details.price, self.household_limit, self.available)


def launch_product(
    shop: Shop,
    demand_id: int,
    version: int,
    new: NewProduct,
    place: Place,
    photo: bytes | None = None,
    photo_name: str = "",
) -> int:
    """Make the product of a wish and put it on offer; returns the product's id. Owner only.

    Raises ``Refused`` for what a product, its terms or a round may not be, ``Conflict`` when
    somebody moved the wish since ``version``, ``NotFound``. Nothing of it stays when one part is
    refused.
    """
    shop.require(OWNER_ONLY)
    details = checked(new.details)
    rules.check_supplier(new.supplier_id, details)
    picture = photos.put(shop.place, photo, photo_name) if photo is not None else None
    with shop.write("demand.launch", by=OWNER_ONLY) as tx:
        row = _launchable(tx, demand_id, version)
        after = _begin(tx, row)
        product_id = put_product(tx, details)
        if picture is not None:
            put_photo(tx, product_id, picture)
        if new.supplier_id is not None and details.purchase_price is not None:
            terms = TermDetails(details.purchase_price, preferred=True)
            put_terms(tx, new.supplier_id, product_id, terms)
        round_id = _put_in_round(tx, place, new.offered(product_id))
        _finish(tx, row, after, product_id, round_id)
        tx.result = product_id
    return int(tx.result)


def offer_product(
    shop: Shop,
    demand_id: int,
    version: int,
    product_id: int,
    place: Place,
    price: Money | None = None,
) -> None:
    """Say that a product of the catalogue is what residents wished for, and is on offer.

    In a round in which it does not stand yet it is offered at ``price`` (None: its own). Raises
    ``Refused`` for a product that is not sold now and a round that takes no orders, ``Conflict``
    and ``NotFound``.
    """
    with shop.write("demand.link") as tx:
        row = _launchable(tx, demand_id, version)
        product = product_to_offer(tx, product_id)
        after = _begin(tx, row)
        asked = rules.price_of(price, Money(product.price_fen))
        round_id = _put_in_round(tx, place, Offered(product_id, asked))
        _finish(tx, row, after, product_id, round_id)


def tell(shop: Shop, demand_id: int, wish_ids: Sequence[int], text: str) -> None:
    """Tick that the message ``text``, which calls the residents of ``wish_ids``, was sent (R18).

    Exactly they count as told. Raises ``Refused`` unless the wish is on offer, for no names, and
    naming who was faster when one of them was told already.
    """
    with shop.write("demand.tell") as tx:
        row = demand_row(tx, demand_id)
        if Status(row.status) is not Status.OFFERED:
            raise Refused(N_("This wish is not on offer: there is nothing to tell yet."))
        wanted = sorted(set(wish_ids))
        if not wanted:
            raise Refused(N_("This message calls nobody."))
        _check_untold(tx, row.id, wanted)
        tx.execute(
            update(_wish).where(_wish.c.id.in_(wanted)).values(told_at=tx.now, told_by=tx.actor.id)
        )
        tx.note(f"demand:{row.id}", after={"wishes": len(wanted)})
        add_post(tx, DEMAND_LAUNCH.key, f"demand:{row.id}", text)


def take_back_tell(shop: Shop, demand_id: int, told_at: datetime) -> int:
    """Take back the tick of the message sent at ``told_at``; returns how many are untold again.

    Raises ``NotFound`` when that was done before, ``Refused`` for what a robot sent.
    """
    with shop.write("demand.untell") as tx:
        row = demand_row(tx, demand_id)
        mine = (
            _post.c.topic == DEMAND_LAUNCH.key,
            _post.c.subject == f"demand:{row.id}",
            _post.c.at == told_at,
        )
        by_robot = select(_post.c.id).where(*mine, _post.c.channel_id.is_not(None))
        if tx.execute(by_robot).first() is not None:
            raise Refused(N_("A robot sent this into the group; that cannot be taken back here."))
        changed = tx.execute(
            update(_wish)
            .where(_wish.c.demand_id == row.id, _wish.c.told_at == told_at)
            .values(told_at=None, told_by=None)
        )
        if changed.rowcount == 0:
            raise NotFound(N_("This post was already taken back."))
        tx.execute(delete(_post).where(*mine))
        tx.note(f"demand:{row.id}", before={"told_at": told_at, "wishes": changed.rowcount})
        tx.result = changed.rowcount
    return int(tx.result)


def _launchable(tx: Tx, demand_id: int, version: int) -> Row[Any]:
    row = demand_row(tx, demand_id)
    check_version(tx, row, version)
    if Status(row.status) not in _CAN_LAUNCH:
        raise Refused(N_("The wish stands elsewhere by now. Look at its new state."))
    return row


def _begin(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    """Note first what becomes of the wish: the first note names the journal row.

    The product is not known yet; what :func:`_finish` adds is read when the row is written.
    """
    after: dict[str, Any] = {"status": Status.OFFERED.value}
    tx.note(f"demand:{row.id}", before={"status": row.status}, after=after)
    return after


def _finish(
    tx: Tx, row: Row[Any], after: dict[str, Any], product_id: int, round_id: int | None
) -> None:
    values = {"product_id": product_id, "round_id": round_id}
    moved = status_values(tx, row, Move(Status.OFFERED))
    tx.change(_demand, row.id, row.version, **moved, **values)
    after.update(values)


def _put_in_round(tx: Tx, place: Place, offered: Offered) -> int | None:
    if place.plan is not None:
        return put_round(tx, place.plan, [offered])
    if place.round_id is None:
        return None
    rounds, offers = schema.buying_round, schema.round_offer
    row = tx.row(rounds, place.round_id)
    state = state_of(row.opens_at, row.cut_off_at, row.closed_at, tx.now)
    rules.check_round(state, row.title)
    stands = select(offers.c.id).where(
        offers.c.round_id == row.id, offers.c.product_id == offered.product_id
    )
    if tx.execute(stands).first() is None:
        put_offers(tx, row.id, [offered])
    return int(row.id)


def _check_untold(tx: Tx, demand_id: int, wish_ids: Sequence[int]) -> None:
    """Raise ``Refused`` when somebody of a message was told, ``NotFound`` when one is gone."""
    people = schema.person
    query = (
        select(_wish.c.name, _wish.c.told_at, people.c.name.label("by_name"))
        .outerjoin(people, people.c.id == _wish.c.told_by)
        .where(_wish.c.id.in_(list(wish_ids)), _wish.c.demand_id == demand_id)
        .order_by(_wish.c.id)
    )
    rows = tx.execute(query).all()
    told = next((row for row in rows if row.told_at is not None), None)
    if told is not None:
        raise Refused(
            N_("{name} told {resident} already. Look at the messages that are left."),
            name=told.by_name or "?",
            resident=told.name,
        )
    if len(rows) < len(wish_ids):
        raise NotFound(N_("This resident's wish was already taken off."))
