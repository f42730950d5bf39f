"""What a resident is told of coupons, in the shop's language (R37). Pure."""

from datetime import date

from lib.kernel.words import N_
from lib.members.coupons.rules import Coupon
from lib.shop.language import Translate
from lib.shop.settings import Settings
from lib.trade.rounds.announcement import short


def coupon_values(name: str, coupon: Coupon, settings: Settings, say: Translate) -> dict[str, str]:
    """Return the values of the texts that give a coupon, and that say when it runs out."""
    from_on = say(N_("from {amount} yuan on")).format(amount=short(coupon.threshold))
    return {
        "who": f"@{name} " if name else "",
        "shop_name": settings.shop_name or say(N_("Linli")),
        "value": short(coupon.value),
        "terms": from_on if coupon.threshold else say(N_("for any order")),
        "code": coupon.said_code,
        "day": said_date(coupon.valid_until, say),
    }


def said_date(day: date, say: Translate) -> str:
    """Return a day with its year: a coupon outlives the month."""
    return say(N_("{year}-{month}-{day}")).format(year=day.year, month=day.month, day=day.day)
