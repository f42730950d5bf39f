"""The words people use for birthdays: calendars, festivals, months, days, and what means nothing.

Everything is compared in simplified characters, half-width and without spaces. Pure.
"""

import re
import unicodedata

from lib.kernel.festivals import LUNAR_DAYS, SOLAR_DAYS, Festival

_TRADITIONAL = str.maketrans(
    "農曆歷陰陽閏臘舊國節號屬龍馬雞豬後頭兩誕個慶證碼過聖婦",
    "农历历阴阳闰腊旧国节号属龙马鸡猪后头两诞个庆证码过圣妇",
)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)(?:\s*[./\-·•・、,_‐‑–—−]\s*|\s+)(?=\d)")
_PUNCTUATION = re.compile(r"[\s()\[\]【】《》「」“”\"'‘’,、。.:;!?~·…]+")

_LUNAR = "(?:农历|阴历|旧历|夏历|古历|老历|老黄历|黄历|中历|lunar|nongli|yinli)"
_SOLAR = "(?:阳历|公历|新历|西历|国历|solar|gregorian|gongli|yangli)"
_NOT = "(?:不是|非|不过|不按|不用)"
NOT_LUNAR = re.compile(f"{_NOT}的?{_LUNAR}(?:生日)?")
NOT_SOLAR = re.compile(f"{_NOT}的?{_SOLAR}(?:生日)?")
LUNAR_NAMED = re.compile(f"{_LUNAR}(?:生日)?")
SOLAR_NAMED = re.compile(f"{_SOLAR}(?:生日)?")
_NUMERAL = "0-9一二三四五六七八九十"
_MARKED = f"(?=[{_NUMERAL}闰润正元冬腊])"
LUNAR_MARK = re.compile(f"^[阴农旧]{_MARKED}|(?<=[{_NUMERAL}日号])[阴农旧]$")
SOLAR_MARK = re.compile(f"^[阳公新]{_MARKED}|(?<=[{_NUMERAL}日号])[阳公新]$")

CHILD = re.compile(
    "儿子|女儿|闺女|孩|宝宝|宝贝|[小男女]娃|娃娃|孙子|孙女|外孙|婴|儿童(?!节)|小朋友"
)
PAPERS = re.compile("身份证(?:号码?)?(?:上面?|里)?(?:写|登记)?")
BOTH_KEPT = re.compile("(?:闰月?(?:的那个|的)?|两个月?|两次|两月)(?:也|都)(?:过|算|要)")
ANIMALS = "鼠牛虎兔龙蛇马羊猴鸡狗猪"
ZODIAC = re.compile(f"属([{ANIMALS}])的?|([{ANIMALS}])年")
EVE = re.compile("(?<![月日号])(?:大?年三十|三十(?:晚上?|夜里?))")
NOISE = re.compile(
    "生日|生辰|诞辰|出生|生于|生的|生人|每年|本人|我|那天|当天|当日|"
    f"早上|早晨|上午|中午|下午|晚上|夜里|半夜|凌晨|[是在的过]|(?<=[日号{_NUMERAL}])生$"
)
LEAP_WORD = re.compile(r"\bleap\b")

ENGLISH_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sept sep", "october oct", "november nov", "december dec"),
        1,
    )
    for name in names.split()
}  # fmt: skip
_NAME = "|".join(sorted(ENGLISH_MONTHS, key=len, reverse=True))
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
ENGLISH = (
    re.compile(rf"(?P<month>{_NAME})\.? {_NUMBER}(?:,? {_YEAR})?"),
    re.compile(rf"{_NUMBER} (?:of )?(?P<month>{_NAME})\.?(?:,? {_YEAR})?"),
)

LUNAR_FESTIVALS = {
    "春": LUNAR_DAYS[Festival.SPRING_FESTIVAL], "大年初一": (1, 1), "年初一": (1, 1),
    "元宵": LUNAR_DAYS[Festival.LANTERN], "上元": (1, 15), "龙抬头": (2, 2), "上巳": (3, 3),
    "端午": LUNAR_DAYS[Festival.DRAGON_BOAT], "端阳": (5, 5),
    "七夕": LUNAR_DAYS[Festival.DOUBLE_SEVENTH], "乞巧": (7, 7),
    "中元": (7, 15), "七月半": (7, 15),
    "中秋": LUNAR_DAYS[Festival.MID_AUTUMN], "八月节": (8, 15),
    "重阳": LUNAR_DAYS[Festival.DOUBLE_NINTH], "下元": (10, 15),
    "腊八": LUNAR_DAYS[Festival.LABA], "除夕": (12, 30),
}  # fmt: skip
"""Festivals people were born on, without 节. New Year's Eve is kept on the month's last day."""

SOLAR_FESTIVALS = {
    "元旦": SOLAR_DAYS[Festival.NEW_YEAR], "情人": (2, 14),
    "妇女": SOLAR_DAYS[Festival.WOMEN], "三八": (3, 8), "三八妇女": (3, 8), "植树": (3, 12),
    "劳动": SOLAR_DAYS[Festival.LABOUR], "五一": (5, 1), "五一劳动": (5, 1), "五四": (5, 4),
    "儿童": SOLAR_DAYS[Festival.CHILDREN], "六一": (6, 1), "六一儿童": (6, 1),
    "七一": (7, 1), "建军": (8, 1), "八一": (8, 1), "八一建军": (8, 1),
    "教师": SOLAR_DAYS[Festival.TEACHERS],
    "国庆": SOLAR_DAYS[Festival.NATIONAL], "十一国庆": (10, 1), "双十一": (11, 11),
    "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip

MOVING = frozenset({"清明", "冬至", "夏至", "立春", "立秋", "立冬", "母亲", "父亲", "感恩", "复活"})
"""Days that people name although they fall on another date every year."""

TWO_DAYS = frozenset({"小年", "小年夜", "祭灶"})


def plain(text: str) -> str:
    """Return ``text`` half-width, in small letters and simplified characters."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_TRADITIONAL)


def joined(text: str) -> str:
    """Return plain ``text`` without spaces and marks; a hyphen stays between two numbers."""
    return _PUNCTUATION.sub("", _BETWEEN_DIGITS.sub("-", text))


_DIGITS = "〇一二三四五六七八九"
_YEAR_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def year_digits(text: str) -> str:
    """Return a year of Chinese or other digits in digits: 一九六五 → 1965, 六五 → 65."""
    return text.translate(_YEAR_DIGITS)


def number(text: str) -> int:
    """Return a number below 40 as it is said of months and days: 正, 十一, 廿三, 卅, 15."""
    if text.isdecimal():
        return int(text)
    text = {"正": "一", "元": "一", "冬": "十一", "腊": "十二"}.get(text, text)
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    if not ten:
        return _DIGITS.index(text)
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
