"""An order as an export tells it, and what is said about rows that are not orders."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lib.kernel.money import Money, half_up
from lib.trade.orders.sheets.goods import Doubt
from lib.trade.orders.sheets.moments import PickupTime
from lib.trade.orders.sheets.statuses import Meaning

NO_PICKUP = PickupTime()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands in the file: sheet name and row as Excel numbers it (from 1)."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One product of an order.

    ``product`` is the base name, ``spec`` size or grade, ``text`` the words of the file.
    ``quantity`` counts sale units. Prices are fen, ``None`` where the file does not give them.
    """

    product: str
    spec: str
    quantity: Decimal
    text: str
    row: int
    unit: str = ""
    unit_price_fen: int | None = None
    amount_fen: int | None = None

    @property
    def worth_fen(self) -> int | None:
        """The amount of the line in fen: as stated, or price times quantity (half-up)."""
        if self.amount_fen is not None or self.unit_price_fen is None:
            return self.amount_fen
        return half_up(Decimal(self.unit_price_fen) * self.quantity)


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """One order read from a file. Amounts are fen; moments are the shop's local time.

    ``gross_fen`` is what the order cost, ``None`` where the file does not say; ``refund_fen`` what
    was paid back. ``doubts`` are sentences for the owner; an order without doubts was read from
    unambiguous cells.
    """

    platform: str
    order_no: str = ""
    group_no: str = ""
    buyer: str = ""
    receiver: str = ""
    phone: str = ""
    address: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    pickup_point: str = ""
    pickup: PickupTime = NO_PICKUP
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    status: str = ""
    meaning: Meaning = Meaning.COUNTED
    gross_fen: int | None = None
    refund_fen: int = 0
    lines: tuple[SheetLine, ...] = ()
    buyer_remark: str = ""
    seller_remark: str = ""
    origins: tuple[Origin, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    has_refund_column: bool = field(default=False, repr=False)

    @property
    def counts(self) -> bool:
        """Whether goods and money of this order are counted."""
        return self.meaning.counts

    @property
    def gross(self) -> Money | None:
        """What the order cost, ``None`` where the file does not say."""
        return None if self.gross_fen is None else Money(self.gross_fen)

    @property
    def refund(self) -> Money:
        """What was paid back."""
        return Money(self.refund_fen)

    @property
    def net(self) -> Money | None:
        """What the order cost after refunds, ``None`` where the file does not say."""
        return None if self.gross_fen is None else Money(self.gross_fen - self.refund_fen)

    def units(self) -> dict[str, Decimal]:
        """Return base product name → sale units of this order."""
        found: dict[str, Decimal] = {}
        for line in self.lines:
            found[line.product] = found.get(line.product, Decimal(0)) + line.quantity
        return found


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or row that could not be read; ``column`` is its heading, empty for a whole row."""

    origin: Origin
    column: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no order, with the reason (a marked sentence)."""

    origin: Origin
    reason: str
