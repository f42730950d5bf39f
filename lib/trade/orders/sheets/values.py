"""What one cell says: money, quantity and phone in the spellings of facts 2 and 4.

A value is read together with a doubt (or ``None``): a marked sentence for the owner. What cannot
be read raises ``ValueError``; a number is never guessed.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from lib.kernel.money import LARGEST_FEN, Money, half_up
from lib.kernel.words import N_
from lib.trade.orders.sheets.tables import Cell, Fault

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")
_DASH = re.compile(r"[-—–─－/\\]{1,4}|无|n/?a|null|none|nan", re.IGNORECASE)


def text_of(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a point, no invisible or outer blanks."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        exact = Decimal(repr(cell))
        return f"{exact:.0f}" if cell.is_integer() else f"{exact:f}"
    return _INVISIBLE.sub("", str(cell)).strip().strip("\u3000'’`").strip()


def folded(cell: Cell) -> str:
    """Return :func:`text_of` with full-width forms turned into ordinary ones."""
    return unicodedata.normalize("NFKC", text_of(cell)).strip()


def is_blank(cell: Cell) -> bool:
    """Return whether a cell says nothing: empty, blanks, or a dash standing for nothing."""
    return cell is None or (isinstance(cell, str) and _says_nothing(cell))


def _says_nothing(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).strip()
    return not plain or bool(_DASH.fullmatch(plain))


def _is_no_number(cell: Cell) -> bool:
    """A fault, a date, or text in which bytes were lost: ``1?0`` must not become 10."""
    if isinstance(cell, str):
        return isinstance(cell, Fault) or "\x00" in cell or "\ufffd" in cell
    return isinstance(cell, bool) or not isinstance(cell, int | float)


class Amount(NamedTuple):
    """Money read from a cell; ``fen`` is ``None`` where the cell says nothing."""

    fen: int | None
    doubt: str | None = None


SUB_FEN = N_("{column}: {text} has more than two decimals and was rounded to the fen")
BRACKET = N_("{column}: of {text} the number before the brackets was taken")
SCIENTIFIC = N_("{column}: {text} is written in scientific notation; check the amount")


def money(cell: Cell) -> Amount:
    """Read an amount of money in fen. Raises ``ValueError``."""
    if is_blank(cell):
        return Amount(None)
    if _is_no_number(cell):
        raise ValueError(f"not an amount of money: {cell!r}")
    if isinstance(cell, int | float):
        return _fen(Decimal(repr(cell)))
    text = folded(cell)
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"not an amount of money: {text[:40]!r}")
    return _money_text(text)


_LONGEST_NUMBER = 80


def _fen(yuan: Decimal) -> Amount:
    if not yuan.is_finite() or abs(yuan) * 100 > LARGEST_FEN:
        raise ValueError(f"not an amount of money: {yuan}")
    fen = half_up(yuan * 100)
    # Sums of binary numbers end in …0000000001; anything coarser is a real third decimal.
    exact = abs(yuan * 100 - fen) < Decimal("0.00001")
    return Amount(fen, None if exact else SUB_FEN)


_REMARK = re.compile(r"(?P<amount>[^()]*\d[^()]*)\((?P<remark>[^()]*)\)")
_SPOKEN = re.compile(r"(?P<yuan>\d+)(?:元|块)(?P<jiao>\d)(?:角|毛)?(?:(?P<fen>\d)分)?")
_JIAO = re.compile(r"(?P<jiao>\d)(?:角|毛)(?:(?P<fen>\d)分)?")
_EXPONENT = re.compile(r"[+-]?\d+(?:\.\d+)?e[+-]?\d{1,2}", re.IGNORECASE)
_WORDS_BEFORE = re.compile(r"^(?:共计?|合计|总计|小计|约|实付|应付|金额)[::]?")


def _money_text(text: str) -> Amount:
    plain = re.sub(r"[\s']", "", text).replace("，", ",").replace("。", ".")
    plain = re.sub(r"^[−–—]", "-", plain)
    remarked = _REMARK.fullmatch(plain)
    if remarked and not plain.startswith("("):
        return Amount(_money_text(remarked["amount"]).fen, BRACKET)
    if _EXPONENT.fullmatch(plain):
        return Amount(_fen(Decimal(plain)).fen, SCIENTIFIC)
    if spoken := _SPOKEN.fullmatch(plain) or _JIAO.fullmatch(plain):
        parts = spoken.groupdict()
        jiao, fen = int(parts.get("jiao") or 0), int(parts.get("fen") or 0)
        return Amount(int(parts.get("yuan") or 0) * 100 + jiao * 10 + fen)
    plain = _WORDS_BEFORE.sub("", plain)
    if not plain:
        raise ValueError(f"not an amount of money: {text!r}")
    if long := re.fullmatch(r"([^\d]*-?\d[\d,]*\.\d\d)(\d+)([^\d]*)", plain):
        rounded = _fen(Decimal(re.sub(r"[^\d.-]", "", long[1] + long[2])))
        Money.parse(long[1] + long[3])  # the rest of the text must be an amount all the same
        return rounded
    return Amount(Money.parse(plain).fen)


def unit_price(cell: Cell) -> Amount:
    """Read a price per unit in fen, such as ``4.8元/斤``. Raises ``ValueError``."""
    if isinstance(cell, str) and not isinstance(cell, Fault):
        return money(re.sub(r"[/／每].{1,6}$", "", cell.strip()) or cell)
    return money(cell)


_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5}
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5}
_TENS = {"十": 10, "百": 100, "千": 1000}
CHINESE_NUMBER = "[零〇一二两俩三四五六七八九十百千半壹贰叁肆伍]+"


def chinese_number(text: str) -> Decimal:
    """Return the number ``text`` spells in Chinese: ``十二``, ``两``, ``半``.

    Raises ``ValueError``.
    """
    if text == "半":
        return Decimal("0.5")
    total, digit = 0, -1
    for sign in text:
        if sign in _DIGITS and digit < 0:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            total += (1 if digit < 0 else digit) * _TENS[sign]
            digit = -1
        elif sign in ("零", "〇"):
            digit = -1
        else:
            raise ValueError(f"not a number: {text!r}")
        if sign in ("零", "〇"):
            digit = -1
    if not text or (not total and digit < 0 and text not in ("零", "〇")):
        raise ValueError(f"not a number: {text!r}")
    return Decimal(total + max(digit, 0))


@dataclass(frozen=True, slots=True)
class Count:
    """A quantity with the unit written beside it (may be empty) and a doubt."""

    number: Decimal
    unit: str = ""
    doubt: str | None = None


_COUNT = re.compile(
    rf"[xX×*✕✖+]?\s*(?P<number>[+-]?\d+(?:,\d{{3}})*(?:\.\d+)?|{CHINESE_NUMBER})\s*"
    r"(?P<unit>[\u4e00-\u9fffa-zA-Z]{0,4})"
)
LARGEST_COUNT = 100_000


def count(cell: Cell) -> Count | None:
    """Read a quantity: ``3``, ``3件``, ``×3``, ``两份``, ``２``, ``半斤``, ``一斤半``.

    Returns ``None`` where the cell says nothing. Raises ``ValueError`` for anything else, for
    negative numbers and for more than :data:`LARGEST_COUNT`.
    """
    if is_blank(cell):
        return None
    if _is_no_number(cell):
        raise ValueError(f"not a quantity: {cell!r}")
    text = folded(cell).strip("[]【】()共计: ")
    match = _COUNT.fullmatch(text)
    if not match:
        raise ValueError(f"not a quantity: {cell!r}")
    number, unit = number_of(match["number"]), match["unit"]
    if unit.endswith("半"):
        number, unit = number + Decimal("0.5"), unit[:-1]
    if not 0 <= number <= LARGEST_COUNT:
        raise ValueError(f"not a quantity: {cell!r}")
    return Count(number, unit)


def number_of(text: str) -> Decimal:
    """Return the number written as digits or in Chinese. Raises ``ValueError``."""
    if re.fullmatch(r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?", text):
        return Decimal(text.replace(",", ""))
    return chinese_number(text)


class Phone(NamedTuple):
    """A telephone number; ``text`` as to be kept, empty where none could be read."""

    text: str
    doubt: str | None = None


PHONE_LOST = N_("the phone number {text} is in scientific notation, its last digits are lost")
PHONE_ODD = N_("{text} is not a usual phone number")
PHONE_TWO = N_("{text} holds several phone numbers, the first one was taken")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:\d{8}|[*xX]{2,8}\d{2,4})(?!\d)")


def phone(cell: Cell) -> Phone:
    """Read a phone number: with tab, blanks, +86, hyphens, masked ``138****0077``."""
    text = folded(cell)
    if _says_nothing(text):
        return Phone("")
    if re.search(r"\d[eE]\+?\d", text):
        return _scientific_phone(text)
    plain = re.sub(r"(?<=[\d*])[\s-](?=[\d*])", "", text)
    plain = re.sub(r"^(?:\+|00)?86(?=1[3-9])", "", plain.replace("+86", "").strip())
    found = _MOBILE.findall(plain)
    if found:
        return Phone(found[0], PHONE_TWO if len(set(found)) > 1 else None)
    if re.fullmatch(r"0\d{9,11}|\d{7,8}|400\d{7}", plain):
        return Phone(text)
    return Phone(text, PHONE_ODD)


def _scientific_phone(text: str) -> Phone:
    """1.3800138000E+10 still holds all eleven digits; 1.38E+10 does not."""
    mantissa = re.sub(r"[eE].*$", "", text).replace(".", "")
    if len(mantissa) == 11 and _MOBILE.fullmatch(mantissa):
        return Phone(mantissa)
    return Phone("", PHONE_LOST)


NUMBER_LOST = N_("{text} has more digits than Excel keeps, its last digits are not reliable")


class Code(NamedTuple):
    """A number that is a name (order number, group number)."""

    text: str
    doubt: str | None = None


def code(cell: Cell) -> Code:
    """Read a code-like cell: leading zeros stay, a tab or quote in front goes."""
    text = folded(cell).lstrip("'")
    if _says_nothing(text):
        return Code("")
    lost = isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**15
    if lost or re.fullmatch(r"\d(?:\.\d+)?[eE]\+\d{2,}", text):
        return Code(text, NUMBER_LOST)
    return Code(re.sub(r"^(\d+)\.0+$", r"\1", text))
