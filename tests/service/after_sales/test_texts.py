"""What a resident is told about a complaint, in the words of the shop's language."""

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.after_sales import texts
from lib.service.after_sales.queries import case_of
from lib.service.after_sales.remedies.rules import Kind, Option, Pledge, Remedy
from lib.shop.language import translator
from lib.shop.messages.service_events import CASE_REPLY
from lib.shop.messages.wording import said
from tests.conftest import NOW
from tests.service.after_sales.cast import Bought, opened

TRAY, JIN = Unit.named("板"), Unit.named("斤")
BACK = Remedy(Kind.REFUND, 1, Money(560))
MORE = Remedy(Kind.ONE_MORE, 1)
chinese, english = translator("zh_CN"), translator("en")


def test_what_is_done_in_words() -> None:
    assert texts.said_done([BACK, MORE], TRAY, chinese) == "退5.6元，再下次补1板"
    assert texts.said_done([BACK, MORE], TRAY, english) == (
        "5.6 yuan back and 1板 more with the next order"
    )
    half = Remedy(Kind.ONE_MORE, 250)
    assert texts.said_done([half], JIN, chinese) == "下次补0.5斤"
    returned = Remedy(Kind.RETURN, 1, Money(1200), freight_by_shop=True)
    assert texts.said_done([returned], TRAY, chinese) == "退货，退12元（运费我们出）"
    assert texts.said_done([Remedy(Kind.WORD)], None, chinese) == "已当面说明"
    assert texts.said_done([], None, chinese) == ""


def test_what_nobody_counted_is_said_without_a_number() -> None:
    unknown = [Remedy(Kind.REFUND), Remedy(Kind.ONE_MORE)]
    assert texts.said_done(unknown, None, chinese) == "退钱，再下次补一份"
    assert texts.said_done([Remedy(Kind.EXCHANGE), Remedy(Kind.RETURN)], None, english) == (
        "exchanged and taken back, money back"
    )


def test_a_choice_is_numbered_and_a_single_offer_is_not() -> None:
    two = texts.offered(Pledge((Option((BACK,), "R29"), Option((MORE,), "R29"))), TRAY, chinese)
    assert texts.said_options(two, chinese) == "您选：①退5.6元 ②下次补1板"
    one = texts.offered(Pledge((Option((BACK, MORE), "R10"),)), TRAY, chinese)
    assert texts.said_options(one, chinese) == "给您退5.6元，再下次补1板"
    assert texts.said_options((), chinese) == ""


def test_the_first_reply_asks_for_a_photo_only_where_there_is_none(bought: Bought) -> None:
    case = case_of(bought.shop, opened(bought, 30))
    assert case is not None
    values = texts.reply_values(case, ("退5.6元",), NOW, "Asia/Shanghai", chinese)
    text = said(bought.shop, CASE_REPLY, **values)
    assert text == (
        "@小李 收到，土鸡蛋的事让您费心了，抱歉🙏\n请拍坏的和整盒各1张发我\n"
        "给您退5.6元\n最晚明早10:00前给您办好（单号A0001）"
    )
