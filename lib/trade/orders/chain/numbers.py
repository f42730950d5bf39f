"""Numbers as people write them: 2, 2.5, ½, 两, 廿五, 一百二, 五零二. Pure, stdlib only."""

from decimal import Decimal

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "壹": 1, "贰": 2, "叁": 3, "兩": 2,
}  # fmt: skip
TENS = {"十": 10, "拾": 10, "廿": 20, "卅": 30}
SCALES = {"百": 100, "千": 1000}
FRACTIONS = {
    "½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅕": Decimal("0.2"),
    "⅛": Decimal("0.125"), "⅖": Decimal("0.4"), "⅗": Decimal("0.6"), "⅘": Decimal("0.8"),
}  # fmt: skip
NUMERALS = "".join([*DIGITS, *TENS, *SCALES])


def numeral(word: str) -> int | None:
    """Value of a Chinese numeral, or None when it names no single number.

    一百二 is 120 and 十二 is 12; 两三 (two or three) and 十二三 are None: they are ranges.
    Three digits or more in a row are read digit by digit: 五零二 is 502 (a room).
    """
    if len(word) >= 3 and all(letter in DIGITS for letter in word):
        return int("".join(str(DIGITS[letter]) for letter in word))
    total, last, scale, after_zero = 0, None, 0, False
    for letter in word:
        if letter in DIGITS:
            if last:
                return None
            after_zero = after_zero or letter in "零〇"
            last = DIGITS[letter]
        elif letter in TENS:
            worth = TENS[letter] if last is None else last * TENS[letter]
            if TENS[letter] > 10 and last is not None:
                return None
            total, last, scale = total + worth, None, 10
        elif letter in SCALES:
            if last is None:
                return None
            total, last, scale = total + last * SCALES[letter], None, SCALES[letter]
        else:
            return None
    if last is not None:
        total += last * (scale // 10 if scale >= 100 and not after_zero else 1)
    return total if word else None


def arabic(word: str) -> str:
    """Rewrite a room or building word in Arabic digits: 三 -> 3, 五〇二 -> 502, b -> B."""
    value = numeral(word)
    return str(value) if value is not None else word.upper()
