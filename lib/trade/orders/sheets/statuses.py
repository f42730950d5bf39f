"""What the status words of the platforms mean for counting."""

import re
from enum import StrEnum

from lib.kernel.words import N_
from lib.trade.orders.sheets.values import folded


class Meaning(StrEnum):
    """What becomes of an order, for units and money."""

    COUNTED = N_("order counted")
    PART_REFUNDED = N_("order part refunded")
    REFUNDED = N_("order refunded")
    CANCELLED = N_("order cancelled")
    UNPAID = N_("order not paid")

    @property
    def counts(self) -> bool:
        """Whether the order's goods and money are counted."""
        return self in (Meaning.COUNTED, Meaning.PART_REFUNDED)


class Hint(StrEnum):
    """What one status cell says by itself."""

    NOTHING = "nothing"
    NORMAL = "normal"
    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    REFUNDED = "refunded"
    REFUND_DONE = "refund done"
    PART_REFUNDED = "part refunded"
    REFUNDING = "refunding"
    WAITING = "waiting"
    UNKNOWN = "unknown"


# The first pattern that fits decides, so refused refunds stand before closed orders.
_WORDS: tuple[tuple[str, Hint], ...] = (
    (
        r"无(退款|售后)|未退款|未申请|没有退款|不退|(退款|售后|退货).*(关闭|失败|拒绝|驳回|撤销|撤回|取消)|"
        r"(拒绝|驳回|撤销|撤回|取消|关闭)(了)?(退款|售后|退货)",
        Hint.NORMAL,
    ),
    (
        r"部分(已)?(退|售后)|部分订单退|部分商品退|退款.{0,3}部分|part(ial|ly)?[ _-]?refund",
        Hint.PART_REFUNDED,
    ),
    (
        r"退款中|退款处理|退货中|退货退款中|申请退|待退|等待.*退款|退款待|退款申请|待.*(同意|处理).*退|"
        r"售后中|售后处理|待售后|维权中|换货中|refunding|refund[ _-]?(pending|requested)",
        Hint.REFUNDING,
    ),
    (
        r"全(部|额)(已)?退|已全(部|额)?退|全退|整单退|已退(款|货|单|钱|清)|^已退$|"
        r"^refunded$|full(y)?[ _-]?refund",
        Hint.REFUNDED,
    ),
    (
        r"(退款|退货|售后|退货退款|退款退货|仅退款)(已)?(成功|完成|完毕|结束)|^退款$|^退货$|^已售后$",
        Hint.REFUND_DONE,
    ),
    (
        r"待(支付|付款|付|买家付款|收款)|未(支付|付款|付|付清|收款|结算)|等待(买家)?(支付|付款)|没付|^否$|"
        r"unpaid|pending[ _-]?payment|not[ _-]?paid|awaiting[ _-]?payment",
        Hint.UNPAID,
    ),
    (
        r"取消|关闭|作废|无效|失效|撤单|撤销|退团|退单|删除|未成团|拼团失败|组团失败|流团|超时|不要了|"
        r"cancel|closed|void|invalid|deleted",
        Hint.CANCELLED,
    ),
    (r"待成团|拼团中|待接单|待审核|待确认|^pending$|^new$", Hint.WAITING),
    (
        r"已(支付|付款|付|发货|送达|完成|收货|签收|提货|自提|核销|成团|接单|确认|收款|结算|取货|评价|下单|"
        r"提交|备货|配货|揽收)|待(发货|收货|提货|自提|取货|核销|配送|送货|评价|备货|配货|处理|使用)|"
        r"完成|成功|支付|付款|正常|有效|进行中|配送中|发货|运输中|备货中|交易中|^是$|提货|签收|^ok$|√|✓|"
        r"paid|shipped|delivered|complete|done|active|processing|confirmed|success|微信|现金|支付宝|转账",
        Hint.NORMAL,
    ),
    (r"^[-—–/]*$|^无$|^否$|^正常$|^none$|^null$", Hint.NOTHING),
)


def hint(cell_text: str) -> Hint:
    """Return what one status cell says; an empty one says nothing."""
    text = re.sub(r"\s+", "", folded(cell_text)[:60]).lower()
    if not text:
        return Hint.NOTHING
    for pattern, found in _WORDS:
        if re.search(pattern, text):
            return found
    return Hint.UNKNOWN


UNKNOWN_STATUS = N_("The status {status} is not known here; the order was counted. Check it.")
REFUND_OPEN = N_(
    "A refund is under way ({status}); the order is counted in full until it is paid back."
)
REFUND_WITHOUT_AMOUNT = N_("The status says {status}, but no refunded amount is given.")
REFUND_NOT_FULL = N_(
    "The status says {status}, but only part of the amount was refunded; it was not counted."
)
REFUND_FULL_BY_AMOUNT = N_("All of the amount was refunded, so the order was not counted.")
REFUND_FULL_BUT_COUNTED = N_(
    "All of the amount was refunded, but the status is {status}: goods counted, money not."
)
REFUND_TOO_LARGE = N_("The refund is larger than the amount of the order.")
CLOSED_KEPT_MONEY = N_(
    "The order is closed with only part of it refunded; it was not counted. Check it."
)
MAYBE_WAITING = N_("The order is not confirmed yet ({status}); it was counted.")


def judge(
    order: str, refund: str, pay: str, gross: int | None, refunded: int
) -> tuple[Meaning, list[str]]:
    """Return what an order's status cells and amounts (fen) mean, with doubts.

    Rules as the sample exports are counted: cancelled, closed, unpaid and fully refunded orders
    are not counted; a part refund keeps its units and subtracts the refund.
    """
    hints = [hint(order), hint(refund), hint(pay) if pay else Hint.NOTHING]
    doubts: list[str] = []
    if gross is not None and refunded > gross >= 0:
        doubts.append(REFUND_TOO_LARGE)
    full = gross is not None and gross > 0 and refunded >= gross
    if Hint.REFUNDED in hints:
        if 0 < refunded < (gross or 0):
            doubts.append(REFUND_NOT_FULL)
        return Meaning.REFUNDED, doubts
    if Hint.CANCELLED in hints[:1]:
        if 0 < refunded < (gross or 0):
            doubts.append(CLOSED_KEPT_MONEY)
        return Meaning.CANCELLED, doubts
    if Hint.UNPAID in (hints[0], hints[2]):
        return Meaning.UNPAID, doubts
    if Hint.CANCELLED in hints:
        return Meaning.CANCELLED, doubts
    if Hint.PART_REFUNDED in hints:
        return _part(refunded, full, doubts)
    if Hint.REFUND_DONE in hints:
        return _done(gross, refunded, full, doubts)
    if Hint.REFUNDING in hints:
        return Meaning.COUNTED, [*doubts, REFUND_OPEN]
    return _by_amount(hints[0], refunded, full, doubts)


def _part(refunded: int, full: bool, doubts: list[str]) -> tuple[Meaning, list[str]]:
    if not refunded:
        doubts.append(REFUND_WITHOUT_AMOUNT)
    elif full:
        doubts.append(REFUND_FULL_BUT_COUNTED)
    return Meaning.PART_REFUNDED, doubts


def _done(
    gross: int | None, refunded: int, full: bool, doubts: list[str]
) -> tuple[Meaning, list[str]]:
    """退款成功 without saying how much of it: the amounts decide."""
    if full or gross is None:
        return Meaning.REFUNDED, doubts
    if refunded:
        return Meaning.PART_REFUNDED, doubts
    return Meaning.REFUNDED, [*doubts, REFUND_WITHOUT_AMOUNT]


def _by_amount(
    order: Hint, refunded: int, full: bool, doubts: list[str]
) -> tuple[Meaning, list[str]]:
    if order is Hint.UNKNOWN:
        doubts.append(UNKNOWN_STATUS)
    elif order is Hint.WAITING:
        doubts.append(MAYBE_WAITING)
    if full and order is Hint.NOTHING:
        return Meaning.REFUNDED, [*doubts, REFUND_FULL_BY_AMOUNT]
    if full:
        return Meaning.PART_REFUNDED, [*doubts, REFUND_FULL_BUT_COUNTED]
    return (Meaning.PART_REFUNDED if refunded > 0 else Meaning.COUNTED), doubts
