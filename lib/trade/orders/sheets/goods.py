"""Goods as exports write them into one cell: ``水饺 1kg/袋 x2``, ``商品甲(1件);商品乙(5件)``.

A cell is cut into pieces, a piece into name, specification and quantity. Where a cell can be read
in two ways the likelier one is taken and a doubt is attached; no quantity is ever dropped.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from lib.kernel.words import N_
from lib.trade.orders.sheets.values import CHINESE_NUMBER, LARGEST_COUNT, number_of

_NUMBER = rf"\d{{1,6}}(?:\.\d{{1,3}})?|{CHINESE_NUMBER}"
PACK_WORDS = "件份盒袋箱板瓶桶提个只条把根包套打罐支枝捆串块颗粒束卷张筐篮头朵片组双对杯碗听排篓"
_WEIGHT_WORDS = "公斤|千克|市斤|斤|两|克|毫升|升|kg|g|ml|l"
_UNIT = rf"[{PACK_WORDS}]|{_WEIGHT_WORDS}"
_PRICE = (
    r"(?:单价|价格|[@＠=￥¥])\s*[:：]?\s*[￥¥]?\d[\d,]*(?:\.\d+)?\s*(?:元|块)?(?:/\S{1,3})?"
    r"|\d[\d,]*(?:\.\d+)?\s*(?:元|块)(?:/\S{1,3})?"
)
_OPEN, _CLOSE = r"[(\[【{<《]", r"[)\]】}>》]"

_MARKED = re.compile(  # x2, ×2, *2份
    rf"(?P<rest>.*\S)\s*[xX×*✕✖╳]\s*(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?\s*$", re.DOTALL
)
_BRACKETED = re.compile(  # (2件) [数量:2] 【2】
    rf"(?P<rest>.*\S)\s*{_OPEN}\s*(?P<word>数量|件数|份数|共|合计)?\s*[:：]?\s*(?P<mark>[xX×*+])?\s*"
    rf"(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?\s*{_CLOSE}\s*$",
    re.DOTALL,
)
_NAMED = re.compile(  # 数量:2, 共2件
    rf"(?P<rest>.*\S)[\s,，]*(?:数量|件数|份数|共)\s*[:：]?\s*(?P<number>{_NUMBER})\s*"
    rf"(?P<unit>{_UNIT})?\s*$",
    re.DOTALL,
)
_PLUS = re.compile(  # 鸡胸球+2, 豆腐:2份
    rf"(?P<rest>.*\S)\s*[+:：]\s*(?P<number>\d{{1,4}})\s*(?P<unit>{_UNIT})?\s*$", re.DOTALL
)
_TRAILING = re.compile(  # 豆腐 2盒, 豆腐两盒, 豆腐 2
    rf"(?P<rest>.*[^\d.\s约])(?P<gap>\s*)(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?\s*$", re.DOTALL
)
_LEADING = re.compile(  # 2份豆腐, 两盒豆腐, 2x豆腐
    rf"\s*(?P<number>{_NUMBER})\s*(?:(?P<unit>{_UNIT})|[xX×*])\s*(?P<rest>[^\s/xX×*\d].*)$",
    re.DOTALL,
)
_SIZE_BEHIND = re.compile(
    rf"^(?P<rest>.*\S)\s*(?P<mark>[xX×*]\s*\d{{1,4}})\s*(?P<size>\((?!\s*(?:{_NUMBER})\s*件?\s*\))[^()]*\))$",
    re.DOTALL,
)
_GLUED_PRODUCTS = re.compile(rf"\d\s*(?:[{PACK_WORDS}]|斤)(?=[\u4e00-\u9fff]{{2}})")
_SPEC_WORD = re.compile(
    rf"(?:约|净重|每\S)?\d+(?:\.\d+)?(?:[-~]\d+(?:\.\d+)?)?\s*(?:{_UNIT}|枚|抽|层|寸|码|cm|mm|度|年|元)"
    r"\S*|\S*/[\u4e00-\u9fffA-Za-z]{1,3}"
    r"|[A-Za-z0-9一二三特优]{0,4}(?:级|号|等品?|果径?)|[大中小特]{1,2}(?:号|份|果|包|袋|盒|瓶)"
    rf"|[一二两三四五六八十半]+(?:斤|公斤|两|[{PACK_WORDS}])(?:装|/\S+)?|\S{{1,6}}装",
    re.IGNORECASE,
)
_GLUED_SPEC = re.compile(
    rf"(?P<name>.*[^\d\s.约净重(\[【*×])(?P<spec>(?:约|净重)?\d+(?:\.\d+)?(?:[-~]\d+(?:\.\d+)?)?"
    rf"(?:{_WEIGHT_WORDS}|枚|抽|[{PACK_WORDS}])(?:[xX*×]\d+[^\W\d]?)?(?:/[^\W\d]{{1,3}}|装)?)$",
    re.IGNORECASE,
)
_TAIL_BRACKET = re.compile(
    rf"(?P<name>.*\S)\s*{_OPEN}(?P<spec>[^()\[\]【】{{}}<>《》]*){_CLOSE}\s*$"
)

ONE_ASSUMED = N_("no quantity stands beside {text}; it was read as 1")
PACK_OR_COUNT = N_("{text}: the number may be the pack size; it was read as a quantity of {count}")
SPEC_OR_COUNT = N_("{text}: the number was read as the pack size, and the quantity as 1")
COMMA_SPLIT = N_("{text}: it is not certain where one product ends and the next begins")
STATUS_INSIDE = N_("{text}: the words may mean that it is not wanted any more; it was counted")
TOO_MANY = N_("{text}: the quantity is not believable")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A marked sentence with the values for its placeholders."""

    sentence: str
    values: tuple[tuple[str, str], ...] = ()

    def said(self) -> str:
        """Return the English sentence with its values filled in."""
        return self.sentence.format(**dict(self.values))


@dataclass(frozen=True, slots=True)
class Piece:
    """One product of a goods cell. ``count`` is ``None`` where no quantity is written."""

    text: str
    name: str
    spec: str = ""
    count: Decimal | None = None
    unit: str = ""
    doubts: tuple[Doubt, ...] = ()
    explicit: bool = False


_LONGEST_PIECE = 160
"""Beyond it a text is no product, and looking for one would take time without end."""
_EDGES = " ,，、;；。·-_:"


def normal(text: str) -> str:
    """Return text in ordinary width with single blanks; line ends stay."""
    folded = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    folded = re.sub(r"(?i)<br\s*/?>|\\n", "\n", folded)
    return re.sub(r"[^\S\n]+", " ", folded).strip()


def split_name(text: str) -> tuple[str, str]:
    """Return (base name, specification) of a product text, by form and not by a list.

    The name is what stands before the first word that looks like a size, pack or grade
    (``车厘子 JJ级 5斤/箱`` → ``车厘子``), or before closing brackets, or before a size glued to it.
    """
    whole = normal(text).replace("\n", " ").strip(_EDGES)
    if len(whole) > _LONGEST_PIECE:
        return whole, ""
    # 【次日达】土鸡蛋: a banner in front of the name is not part of it.
    whole = re.sub(r"^(?:[【\[][^】\]]{1,10}[】\]]\s*)+(?=[^\s(\[【])", "", whole)
    words = re.split(r"[ ,、]+", whole)
    for number, word in enumerate(words[1:], 1):
        if _SPEC_WORD.fullmatch(word) or re.match(_OPEN, word):
            name, spec = _unbracketed(" ".join(words[:number]), " ".join(words[number:]))
            return name.strip(_EDGES), spec
    name, spec = _unbracketed(whole, "")
    return name.strip(_EDGES), spec


def _unbracketed(name: str, spec: str) -> tuple[str, str]:
    if (match := _TAIL_BRACKET.fullmatch(name)) and match["name"].strip():
        inner, outer = _unbracketed(match["name"].strip(), match["spec"].strip())
        return inner, " ".join(part for part in (outer, spec) if part).strip()
    if (match := _GLUED_SPEC.fullmatch(name)) and re.search(r"[^\W\d_]", match["name"]):
        return match["name"].strip(), " ".join(part for part in (match["spec"], spec) if part)
    spec = re.sub(rf"^{_OPEN}(?P<inner>[^()\[\]【】]*){_CLOSE}$", r"\g<inner>", spec.strip())
    return name.strip(), spec


def pieces(cell: str, known: Collection[str] = ()) -> list[Piece]:
    """Cut a goods cell into its products with quantities. Never fails, never drops text.

    ``known`` are product names met elsewhere in the file; they settle whether a comma divides two
    products or belongs to a name.
    """
    found: list[Piece] = []
    for segment in _segments(normal(cell)):
        if len(segment) > _LONGEST_PIECE:
            too_long = Doubt(TOO_MANY, (("text", segment[:60]),))
            found.append(Piece(segment, segment[:60], doubts=(too_long,)))
        else:
            found.extend(_comma_pieces(segment, known))
    marked = sum(piece.explicit for piece in found)
    if marked and marked < len(found):
        found = [_consistent(piece) for piece in found]
    return [_with_default(_with_status(piece)) for piece in found]


def _segments(text: str) -> list[str]:
    # A quantity alone on its line belongs to the product above it.
    text = re.sub(rf"\n\s*([xX×*]\s*(?:{_NUMBER})\s*(?:{_UNIT})?\s*(?:\n|$))", r" \1", text)
    parts = _split_outside_brackets(text, "\n;|")
    return [part for part in (_bare(part) for part in parts) if part]


def _bare(text: str) -> str:
    """Return a piece without list numbers (``1.``, ``2、``, ``①``) and outer punctuation."""
    text = text.strip(" \t,，、;。")
    return re.sub(r"^(?:\d{1,2}[.、)](?!\d)|[①-⑳•·●\-])\s*(?=\D)", "", text).strip()


def _split_outside_brackets(text: str, separators: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        if sign in "([【{":
            depth += 1
        elif sign in ")]】}":
            depth = max(0, depth - 1)
        elif sign in separators and (depth == 0 or sign == "\n"):
            number = sign == "," and text[place - 1 : place].isdigit()
            if number and re.match(r",\d{3}(?!\d)", text[place:]):
                continue
            parts.append(text[start:place])
            start, depth = place + 1, 0
    return [*parts, text[start:]]


def _comma_pieces(segment: str, known: Collection[str]) -> list[Piece]:
    """Divide at commas, plus signs or blanks only where each part stands as a product."""
    if repeated := _repeated_marks(segment) or _repeated_counts(segment):
        return [_piece(_bare(part)) for part in repeated]
    if re.search(r"(?:规格|型号|备注)\s*:", segment):
        return [_piece(segment)]
    if each := _EACH.fullmatch(segment):
        names = [name for name in re.split(r"[,、+和 ]+", each["names"]) if name]
        return [_piece(f"{name} x{each['number']}{each['unit'] or ''}") for name in names]
    if blank := _blank_pieces(segment):
        return blank
    for separators in (",，、", "+", "/"):
        if separators == "/" and " / " not in segment:
            break
        parts = [_bare(part) for part in _split_outside_brackets(segment, separators)]
        parts = [part for part in parts if part]
        if len(parts) < 2:
            continue
        read = [_piece(part) for part in parts]
        if all(piece.count is not None and piece.name for piece in read):
            return read
        if separators == "/":
            break
        if separators == "+" and (not read[0].explicit or re.fullmatch(r"\d+\D{0,2}", parts[-1])):
            continue
        if _piece(segment).name in known and not any(piece.name in known for piece in read):
            break
        if any(piece.explicit for piece in read) or all(piece.name in known for piece in read):
            doubt = Doubt(COMMA_SPLIT, (("text", segment[:60]),))
            return [replace(piece, doubts=(*piece.doubts, doubt)) for piece in read]
        if separators == ",，、" and all(re.fullmatch(r"[\u4e00-\u9fff ]{1,8}", p) for p in parts):
            doubt = Doubt(COMMA_SPLIT, (("text", segment[:60]),))
            return [replace(piece, doubts=(*piece.doubts, doubt)) for piece in read]
    return [_piece(segment)]


def _repeated_counts(segment: str) -> list[str]:
    """Cut ``土鸡蛋 2件 小白菜 3件`` after each quantity, where nothing else is left over."""
    found = [match.group() for match in _NAME_AND_COUNT.finditer(segment)]
    rest = _NAME_AND_COUNT.sub("", segment).strip()
    return found if len(found) > 1 and not rest else []


def _blank_pieces(segment: str) -> list[Piece]:
    """Read ``鸡蛋2板 豆腐1盒``: products divided by blanks, each with its own quantity."""
    words = segment.split(" ")
    if len(words) < 2 or not all(_COUNTABLE.search(word) for word in words):
        return []
    if all(re.fullmatch(r"\D*[\u4e00-\u9fff]\d{1,2}", word) for word in words):
        words = [re.sub(r"(\d+)$", r" x\1", word) for word in words]
        doubt = Doubt(COMMA_SPLIT, (("text", segment[:60]),))
        return [replace(_piece(word), doubts=(doubt,)) for word in words]
    read = [_piece(word) for word in words]
    return read if all(piece.name and piece.count is not None for piece in read) else []


_COUNTABLE = re.compile(
    r"[^\W\d_].*[\d一二两俩三四五六七八九十半]|[\d一二两俩三四五六七八九十半].*[^\W\d_]"
)
_NAME_AND_COUNT = re.compile(rf"[^\W\d_]\S* \d{{1,3}}[{PACK_WORDS}](?=\s|$)\s*")
_EACH = re.compile(
    rf"(?P<names>.*[^\s,、]+[,、+和 ]+\S+?)\s*各\s*[xX×*]?\s*"
    rf"(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?"
)
_REPEATED = re.compile(
    rf"\S.*?(?:{_OPEN}\s*(?:数量\s*[:：]?\s*\d+|[xX×*]\s*\d+|\d+\s*件)\s*{_CLOSE}"
    rf"|\s[xX×*]\s?\d+(?![\w/*×.]))"
)


def _repeated_marks(segment: str) -> list[str]:
    """Cut ``甲 [数量:2] 乙 [数量:1]`` and ``甲 x2 乙 x1`` after each mark."""
    found = [match.group() for match in _REPEATED.finditer(segment)]
    rest = _REPEATED.sub("", segment).strip(" ,，、;+")
    named = all(re.match(r"[+,，、\s]*[^\W\d_]", part) for part in found)
    return (
        [part.strip(" ,，、+") for part in found] if len(found) > 1 and not rest and named else []
    )


@lru_cache(maxsize=8_192)
def _piece(text: str) -> Piece:
    """Read one product with its quantity, if one is written."""
    rest = re.sub(r"\s*[(,]?\s*备注\s*:.*$", "", text, flags=re.DOTALL) or text
    rest = re.sub(r"(?:商品名称|商品|品名|名称|规格|型号)\s*:\s*", " ", _without_price(rest))
    # 土鸡蛋*2(30枚/板): the size behind the quantity moves in front of it.
    rest = _SIZE_BEHIND.sub(r"\g<rest> \g<size> \g<mark>", rest.strip())
    for pattern in (_MARKED, _BRACKETED, _NAMED, _PLUS):
        if (match := pattern.fullmatch(rest)) and _is_count(pattern, match):
            return _counted(text, match, explicit=True, doubt=_doubt_of(pattern, match, text))
    for pattern in (_LEADING, _TRAILING):
        if (match := pattern.fullmatch(rest)) and _is_plain_count(match):
            pack = (match["unit"] or "").lower() in _WEIGHTS or not match["unit"]
            doubt = Doubt(PACK_OR_COUNT, (("text", text[:60]), ("count", match["number"])))
            return _counted(text, match, explicit=False, doubt=doubt if pack else None)
    name, spec = split_name(rest)
    return Piece(text, name, spec)


_WEIGHTS = set(_WEIGHT_WORDS.split("|"))


def _without_price(text: str) -> str:
    """Return ``text`` without prices at its end: ``豆腐 x2 ￥6.00`` → ``豆腐 x2``."""
    rest = text
    while True:
        shorter = re.sub(rf"\s*[(\[【]?\s*(?:{_PRICE})\s*[)\]】]?\s*$", "", rest)
        if shorter == rest or not shorter.strip():
            break
        rest = shorter.rstrip(" ,，=")
    inner = re.sub(
        rf"\s*[(\[【]?\s*(?:[@￥¥]\s*\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s*元(?:/\S{{1,3}})?)\s*[)\]】]?"
        rf"(?=\s*(?:[xX×*]|{_OPEN}\s*\d))",
        " ",
        rest,
    )
    return inner if inner.strip() and not re.match(r"\s*[xX×*]", inner) else rest


def _is_count(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    groups = match.groupdict()
    unit = (groups.get("unit") or "").lower()
    if not re.search(r"\w", match["rest"]) or match["rest"].rstrip().endswith("/"):
        return False
    if pattern is _BRACKETED and not groups["word"] and not groups["mark"]:
        # (30枚) and (500g) are sizes, (2件) and (2) are quantities.
        return unit not in _WEIGHTS and not _chinese_alone(match)
    if pattern is _PLUS:
        return not re.search(r"\d$", match["rest"])
    return True


def _chinese_alone(match: re.Match[str]) -> bool:
    return not match["number"][0].isdigit() and not match["unit"]


def _doubt_of(pattern: re.Pattern[str], match: re.Match[str], text: str) -> Doubt | None:
    """Doubt ``可乐330ml*24`` and ``鸡蛋(30个)``: the number may belong to the pack."""
    rest, unit = match["rest"].rstrip(), (match["unit"] or "").lower()
    glued = pattern is _MARKED and re.search(rf"\d(?:{_WEIGHT_WORDS}|枚|抽)$", rest, re.IGNORECASE)
    bracket = pattern is _BRACKETED and not match["word"] and not match["mark"]
    inside = bracket and unit not in ("", "件", "份")
    values = (("text", text[:60]), ("count", match["number"]))
    spaced = glued and re.search(r"\s[xX×*]\s*\S+$", text)
    return Doubt(PACK_OR_COUNT, values) if (glued and not spaced) or inside else None


def _is_plain_count(match: re.Match[str]) -> bool:
    """Accept ``豆腐 2盒`` and ``两瓶消毒液``, not ``五花肉 500g`` or ``98号汽油``."""
    unit, number = (match["unit"] or "").lower(), match["number"]
    if not re.search(r"[^\W\d_]", match["rest"]):
        return False
    if not unit:
        gap = match.groupdict().get("gap")
        return bool(gap) and number.isdigit() and int(number) < 100
    if unit in _WEIGHTS:
        small = unit in ("斤", "市斤", "公斤", "两", "kg", "千克") and "/" not in match["rest"]
        return small and number_or_none(number) not in (None, 500)
    return True


def number_or_none(text: str) -> Decimal | None:
    """Return the number in ``text`` or ``None``."""
    try:
        return number_of(text)
    except ValueError:
        return None


def _counted(text: str, match: re.Match[str], explicit: bool, doubt: Doubt | None) -> Piece:
    count = number_or_none(match["number"])
    # 土鸡蛋 28.80*2: what stands before the mark with two decimals is the price.
    name, spec = split_name(re.sub(r"\s+\d+\.\d\d$", "", match["rest"]))
    if doubt is None and not explicit and _GLUED_PRODUCTS.search(name):
        doubt = Doubt(COMMA_SPLIT, (("text", text[:60]),))
    doubts = (doubt,) if doubt else ()
    if count is None or count > LARGEST_COUNT:
        too_many = Doubt(TOO_MANY, (("text", text[:60]),))
        return Piece(text, name, spec, None, "", (*doubts, too_many), explicit)
    return Piece(text, name, spec, count, match["unit"] or "", doubts, explicit)


def _consistent(piece: Piece) -> Piece:
    """Read an unmarked ``5斤`` as the pack where other products of the cell carry ``x2``."""
    if piece.explicit or piece.count is None:
        return piece
    if piece.unit.lower() not in _WEIGHTS:
        return piece
    name, spec = split_name(piece.text)
    doubt = Doubt(SPEC_OR_COUNT, (("text", piece.text[:60]),))
    return Piece(piece.text, name, spec or piece.text, Decimal(1), "", (doubt,), True)


def _with_status(piece: Piece) -> Piece:
    """Doubt a product whose own words speak of a refund or of being out of stock."""
    if not re.search(r"退款|退货|已退|取消|缺货", piece.text):
        return piece
    doubt = Doubt(STATUS_INSIDE, (("text", piece.text[:60]),))
    return replace(piece, doubts=(*piece.doubts, doubt))


def _with_default(piece: Piece) -> Piece:
    if piece.count is not None or any(d.sentence == TOO_MANY for d in piece.doubts):
        return piece
    doubt = Doubt(ONE_ASSUMED, (("text", piece.text[:60]),))
    return replace(piece, count=Decimal(1), doubts=(*piece.doubts, doubt))
