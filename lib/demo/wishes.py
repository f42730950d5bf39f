"""The wishes of the demo shop, from the chat to the board to who bought (R15-R18).

They come in as pastes of the group's chat, as answers to questions, and from the price page; they
are asked for, offered, told and bought through the program's own commands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial

from lib.demo.cast import Cast, residents_named
from lib.demo.diary import Diary
from lib.demo.goods import Good, details
from lib.demo.pictures import picture
from lib.demo.wishes_told import (
    ASIDE,
    DELAYED,
    HEARD,
    JOINS,
    LATECOMER,
    MERGED,
    MISTAKEN,
    NOTED,
    OFFERS,
    OPEN,
    OVER,
    PHRASES,
    TALK,
    WAITING,
    Delayed,
    Heard,
    Offer,
)
from lib.kernel.clock import local
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.profiles.rules import Home
from lib.service.pickup.commands import hand_over
from lib.shop.language import translator
from lib.shop.messages.demand_events import DEMAND_DECLINED, DEMAND_NOT_YET
from lib.shop.messages.wording import said
from lib.shop.people.rules import LOCAL
from lib.shop.posts import note_post
from lib.shop.shop import RESIDENT
from lib.trade.orders.commands import add_order
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.payments.commands import pay_order
from lib.trade.products.commands import archive_product
from lib.trust.demands import queries, texts
from lib.trust.demands.chat.commands import take_chat
from lib.trust.demands.chat.rules import Pick, read_paste
from lib.trust.demands.commands import add_wishes, move_demand
from lib.trust.demands.launch.commands import (
    NewProduct,
    Place,
    launch_product,
    offer_product,
    tell,
)
from lib.trust.demands.launch.queries import telling
from lib.trust.demands.merging.commands import merge_demands, undo_merge
from lib.trust.demands.notes.commands import leave_note, put_note_aside, take_note
from lib.trust.demands.notes.queries import notes
from lib.trust.demands.notes.rules import checked
from lib.trust.demands.queries import Card
from lib.trust.demands.rules import NewWish, Source, Status
from lib.trust.demands.sources.commands import add_source
from lib.trust.demands.sources.rules import Answer, SourceDetails

READ_AFTER = timedelta(minutes=70)
"""How long after the first wish somebody of the shop reads the chat."""
ASKS, EARLY, LAUNCHES, TELLS = time(10, 15), time(8, 40), time(9, 20), time(9, 50)
ANSWERS = time(20, 40)


@dataclass
class Wishes:
    """The wishes on their way through the shop; ``wishers`` are nicknames by title."""

    diary: Diary
    cast: Cast
    wishers: dict[str, list[str]]
    _read: int = 0
    _merge: int = 0

    def schedule(self) -> None:
        """Note everything that happens to wishes."""
        diary = self.diary
        for heard in HEARD:
            self._listen(diary.moment(heard.ago, heard.wall), heard.title, heard.names)
        for hours, title, names in OPEN:
            self._listen(diary.now - timedelta(hours=hours), title, names)
        for offer in OFFERS:
            asks = (offer.ago, EARLY) if offer.hasty else (offer.ago + 1, ASKS)
            diary.at(*asks, partial(self._ask, offer))
            diary.at(offer.ago, LAUNCHES, partial(self._launch, offer))
            diary.at(offer.ago, TELLS, partial(self._tell, offer.title))
            if offer.in_shop:
                diary.at(offer.ago - 1, time(17, 30), partial(self._sell, offer))
        for delayed in DELAYED:
            diary.at(delayed.ago, ANSWERS, partial(self._delay, delayed))
        for ago, name in OVER:
            diary.at(ago, time(21, 40), partial(self._end, name))
        diary.at(MERGED[0], time(8, 20), partial(self._join, *MERGED[1:]))
        diary.at(MISTAKEN[0], time(21, 10), partial(self._join, *MISTAKEN[1:]))
        diary.at(MISTAKEN[0] - 1, time(8, 40), self._take_apart)
        self._schedule_open()

    def wished(self, title: str, names: tuple[str, ...]) -> None:
        """Hear of a wish that was made of answers."""
        self.wishers.setdefault(title, []).extend(names)

    def _schedule_open(self) -> None:
        diary = self.diary
        diary.before(54, partial(self._call, "新鲜羊奶", (("西溪牧场乳品", Answer.WAITING),)))
        called = (("青禾蔬菜合作社", Answer.CAN), ("勾庄果品行", Answer.WAITING))
        diary.before(28, partial(self._call, "香菇", called))
        for number, (hours, text, name) in enumerate((*WAITING, ASIDE), start=1):
            diary.before(hours, partial(self._write, number, text, name))
        hours, title, text, name = NOTED
        diary.before(hours, partial(self._write, 9, text, name))
        diary.before(hours - 2, partial(self._take_note, title))
        diary.before(4, self._come_late)

    def _listen(self, first: datetime, title: str, names: tuple[str, ...]) -> None:
        heard = partial(self._take, Heard(0, time(0), title, names), first)
        self.diary.at_moment(first + READ_AFTER, heard)

    def _take(self, heard: Heard, first: datetime) -> None:
        """Paste the chat of an evening and take what it wishes for."""
        shop, zone = self.cast.desk, self.cast.shop.settings.time_zone
        found = read_paste(self._chat(heard, local(first, zone)), shop.clock.now(), zone)
        picks = [
            Pick(row.fingerprint, row.title, row.name, row.said, row.at) for row in found.wishes
        ]
        take_chat(shop, picks, [row.fingerprint for row in found.others])
        self.wished(heard.title, heard.names)

    def _chat(self, heard: Heard, first: datetime) -> str:
        """Return what the group wrote, as it is copied on a computer."""
        self._read += 1
        words = [PHRASES[self._read % len(PHRASES)].format(heard.title)]
        words += [JOINS[place % len(JOINS)] for place in range(len(heard.names) - 1)]
        lines = []
        for place, (name, text) in enumerate(zip(heard.names, words, strict=True)):
            at = first + timedelta(minutes=9 * place)
            lines.append(f"{name} {at:%Y/%m/%d %H:%M}\n{text}\n")
        at = first + timedelta(minutes=55)
        lines.append(f"大刘 {at:%Y/%m/%d %H:%M}\n{TALK[self._read % len(TALK)]}")
        return "\n".join(lines)

    def _card(self, title: str) -> Card:
        return next(one for one in queries.found(self.cast.desk, title) if one.title == title)

    def _ask(self, offer: Offer) -> None:
        """Ask who could deliver it."""
        if offer.good is None:
            return
        card = self._card(offer.title)
        if offer.refused:
            said_no = SourceDetails(offer.refused, answer=Answer.CANNOT, note="量太小，不送")
            add_source(self.cast.shop, card.id, said_no)
        add_source(self.cast.shop, card.id, _can(self.cast, offer.supplier, offer.good))
        self._check(card)

    def _call(self, title: str, called: Sequence[tuple[str, Answer]]) -> None:
        card = self._card(title)
        for name, answer in called:
            asked = SourceDetails(supplier_id=self.cast.shelf.known.suppliers[name], answer=answer)
            if answer is Answer.CAN:
                cost, price = Money.of("5.60"), Money.of("7.50")
                asked = replace(asked, unit="份", cost=cost, price=price)
            add_source(self.cast.shop, card.id, asked)
        self._check(card)

    def _check(self, card: Card) -> None:
        if card.status in (Status.NEW, Status.NOT_YET):
            move_demand(self.cast.desk, card.id, card.version, Status.CHECKING)

    def _launch(self, offer: Offer) -> None:
        cast, card = self.cast, self._card(offer.title)
        place = Place() if offer.in_shop else Place(cast.rounds[offer.ago])
        if offer.good is None:
            offer_product(cast.shop, card.id, card.version, cast.products[offer.name], place)
        else:
            supplier = cast.shelf.known.suppliers[offer.supplier]
            new = NewProduct(details(offer.good), supplier)
            photo = (picture(offer.good), "good.png")
            cast.products[offer.name] = launch_product(
                cast.shop, card.id, card.version, new, place, *photo
            )
            cast.wished.append(offer.name)
        if not offer.in_shop:
            cast.eager.setdefault(offer.name, []).extend(self.wishers[offer.title])

    def _tell(self, title: str) -> None:
        shop, this = self.cast.desk, queries.one(self.cast.desk, self._card(title).id)
        for piece in telling(shop, this).pieces:
            tell(shop, this.card.id, piece.wish_ids, piece.text)

    def _sell(self, offer: Offer) -> None:
        """Who wished for what lies in the shop buys it at the counter."""
        shop, cast = self.cast.desk, self.cast
        for one in residents_named(self.wishers[offer.title]):
            home = Home(building=one.building, unit=one.unit, room=one.room)
            wanted = (Wanted(cast.products[offer.name], 2),)
            number = add_order(shop, IncomingOrder(None, one.nickname, wanted, home))
            pay_order(shop, number)
            hand_over(shop, number)

    def _delay(self, delayed: Delayed) -> None:
        """Answer that it takes time, or cannot be had, and why."""
        shop, card = self.cast.desk, self._card(delayed.title)
        status, again = Status.DECLINED, None
        if delayed.again is not None:
            again = self.diary.today - timedelta(days=delayed.again)
            status = Status.NOT_YET
        move_demand(shop, card.id, card.version, status, delayed.reason, again)
        names = self.wishers[delayed.title]
        if again is None:
            event, values = (
                DEMAND_DECLINED,
                texts.declined_values(card.title, names, delayed.reason),
            )
        else:
            say = translator(shop.settings.language)
            event, values = (
                DEMAND_NOT_YET,
                texts.not_yet_values(card.title, names, delayed.reason, again, shop.today, say),
            )
        note_post(shop, event.key, f"demand:{card.id}", said(shop, event, **values))

    def _end(self, name: str) -> None:
        self.cast.wished.remove(name)
        archive_product(self.cast.shop, self.cast.products[name])

    def _join(self, kept: str, dropped: str) -> None:
        keep, drop = self._card(kept), self._card(dropped)
        self._merge = merge_demands(self.cast.desk, keep.id, keep.version, drop.id, drop.version)
        if (kept, dropped) == MERGED[1:]:
            self.wished(kept, tuple(self.wishers[dropped]))

    def _take_apart(self) -> None:
        undo_merge(self.cast.desk, self._merge)

    def _write(self, number: int, text: str, name: str) -> None:
        """A resident writes from the price page; a note that says nothing is put aside."""
        written = checked(text, name)
        leave_note(self.cast.shop.acting(RESIDENT), f"{number:032x}", written, LOCAL)
        if text == ASIDE[1]:
            put_note_aside(self.cast.desk, self._note(text))

    def _take_note(self, title: str) -> None:
        take_note(self.cast.desk, self._note(NOTED[2]), title)

    def _note(self, text: str) -> int:
        return next(one.id for one in notes(self.cast.desk) if one.text == text)

    def _come_late(self) -> None:
        card, now = self._card("饺子皮"), self.cast.shop.clock.now()
        add_wishes(self.cast.desk, card.id, [NewWish(LATECOMER, "我也要", Source.TYPED, now)])


def _can(cast: Cast, supplier: str, good: Good) -> SourceDetails:
    return SourceDetails(
        supplier_id=cast.shelf.known.suppliers[supplier],
        answer=Answer.CAN,
        unit=Unit.named(good.unit).word,
        cost=Money.of(good.purchase),
        price=Money.of(good.price),
        minimum=f"10{good.unit}起送",
    )


def first_names() -> list[str]:
    """Return who wished for something before the last two weeks: they are members by then."""
    return [name for heard in HEARD for name in heard.names if heard.ago > 14]
