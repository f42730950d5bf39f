"""Address hints in all their spellings (contract R7): 3-201, 3号楼2单元501, B座1203, 363弄12号501.

`leading_address` reads one at the start of an entry, where even an odd form is likely an
address; `strong_address` reads one inside the text and accepts only unmistakable forms.
"""

import re
from dataclasses import dataclass

from lib.trade.orders.chain.model import Address
from lib.trade.orders.chain.numbers import arabic

_CN = "[零〇一二三四五六七八九十]"
_NOT_ROOM = (
    r"(?![0-9])(?!\.[0-9])(?!斤|公斤|千克|kg|份|箱|盒|瓶|元|块|年|月|日|点|分钟?|岁|栋|幢|号楼|毫升|ml|:)"
    r"(?!(?:两|克|g|袋|提|板|打|把|根|只|桶|条|个|枚|颗|件|包|罐|米)(?![a-z\u4e00-\u9fff]))"
)
_ROOM = (
    r"(?![0-9])(?!\.[0-9])(?!\s?(?:斤|两|公斤|千克|kg|克|g(?![a-z])|份|盒|箱|袋|提|瓶|板|打|把|根|只|桶|条"
    r"|个|枚|颗|件|包|罐|元|块|岁|点|年|月|日|分|栋|幢|号楼|米|ml|毫升|:))"
)
_ROOM = rf"(?P<room>[a-z]?[0-9]{{2,4}}[a-z]?{_NOT_ROOM}|[零〇一二三四五六七八九]{{3,4}})"
_ROOM3 = rf"(?P<room>[0-9]{{3,4}}[a-z]?{_NOT_ROOM})"
_DOOR = r"(?:室|号房|房间|房|户)?(?![a-z])"
_AREA = rf"(?:(?P<area>(?:[0-9]{{1,2}}|{_CN}{{1,2}}|[a-z]|[东南西北中]{{1,2}})(?:期|区|苑))\s?-?)?"
_ESTATE = (
    rf"(?:(?P<area>(?:[0-9]{{1,2}}|{_CN}{{1,2}}|[a-z]|[东南西北中]{{1,2}})(?:期|区|苑)"
    r"|[\u4e00-\u9fff]{1,6}?(?:花园|小区|家园|新村|公寓|苑|园|城|府|庭|湾|里|村|阁|轩|居|期|区))"
    r"\s?-?)?"
)
_BUILDING = rf"(?P<building>[0-9]{{1,4}}|[a-z][0-9]{{0,2}}|{_CN}{{1,3}})"
_UNIT = rf"(?P<unit>[0-9]{{1,2}}|{_CN}{{1,2}}|[a-z])\s?(?:单元|單元|门(?!口)|梯|座)"
_FLOOR = r"(?:[0-9]{1,2}(?:楼|层)\s?-?)?"
_DASH = r"\s?-\s?"

_WORDED = (
    rf"{_BUILDING}\s?(?:号楼|號樓|栋|棟|幢|座|#楼?)"
    rf"(?:\s?-?{_UNIT})?(?:\s?-?(?P<unit2>[0-9]{{1,2}})(?=-))?"
    rf"(?:(?:\s?-|(?<=[0-9号楼栋棟幢座#元门梯])|\s(?=[0-9]{{3}})){_FLOOR}{_ROOM}{_DOOR})?(?!月)"
)
_LANE = (
    r"(?P<area>[0-9]{1,4})弄\s?(?:(?P<building>[0-9]{1,4})(?:(?:号楼?|幢|栋)\s?-?|-(?=[0-9]{3})))?"
    rf"(?:(?P<unit>[0-9]{{1,3}})(?:单元|号)\s?-?)?(?:{_ROOM}{_DOOR})?"
)
_DASHED3 = (
    r"(?P<building>[0-9]{1,3}|[a-z][0-9]{0,2})"
    rf"{_DASH}(?P<unit>[0-9]{{1,2}})(?:单元)?{_DASH}{_ROOM}{_DOOR}"
)
_DASHED2 = rf"(?P<building>[0-9]{{1,4}}|[a-z][0-9]{{0,2}}){_DASH}{_ROOM3}{_DOOR}"
_DASHED_UNIT = (
    rf"(?P<building>[0-9]{{1,3}}|[a-z]){_DASH}(?P<unit>[0-9]{{1,2}})单元\s?-?{_ROOM}{_DOOR}"
)
_NUMBERED = rf"(?P<building>[0-9]{{1,4}}|{_CN}{{1,3}})(?:号|號|楼)\s?-?{_ROOM3}{_DOOR}"
_UNIT_ROOM = rf"{_UNIT}\s?-?{_ROOM}{_DOOR}"
_SOFT_DASH = rf"(?P<building>[0-9]{{1,3}})[-/](?P<room>[0-9]{{1,4}}[a-z]?{_NOT_ROOM}){_DOOR}(?=\s)"
_SOFT_ROOM = rf"(?:(?P<building>[a-z]))?{_ROOM3}{_DOOR}(?=[\s,、])"

_STRONG_FORMS = (_LANE, _DASHED_UNIT, _DASHED3, _WORDED, _NUMBERED, _DASHED2, _UNIT_ROOM)
_STRONG = tuple(
    re.compile(rf"(?<![0-9a-z.])(?<![0-9]:){'' if form is _LANE else _AREA}{form}")
    for form in _STRONG_FORMS
)
_LEADING = tuple(re.compile(f"{'' if form is _LANE else _ESTATE}{form}") for form in _STRONG_FORMS)
_SOFT = tuple(re.compile(form) for form in (_SOFT_DASH, _SOFT_ROOM))
_SIGN = re.compile("[-栋棟幢座#楼樓号號弄单單门梯]")
_REACH = 16
_DATE = re.compile(r"20[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}|1[3-9][0-9]-[0-9]{4}-[0-9]{4}")


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """An address hint, the folded range it was read from, and whether it asks for a look."""

    address: Address
    start: int
    end: int
    unsure: bool = False


def _hint(match: re.Match[str]) -> Address:
    parts = match.groupdict()
    area = re.sub("(?:小区|期|区)$", "", parts.get("area") or "")
    if re.fullmatch("[东南西北中]苑", area):
        area = area[0]
    unit = parts.get("unit") or parts.get("unit2")
    building, room = parts.get("building"), parts.get("room")
    return Address(
        arabic(area) if area else None,
        arabic(building) if building else None,
        arabic(unit) if unit else None,
        arabic(room) if room else None,
    )


def _first(patterns: tuple[re.Pattern[str], ...], text: str, place: int) -> FoundAddress | None:
    if _DATE.match(text, place):
        return None
    best: re.Match[str] | None = None
    for pattern in patterns:
        match = pattern.match(text, place)
        if match and (best is None or match.end() > best.end()):
            best = match
    return FoundAddress(_hint(best), place, best.end()) if best else None


def strong_address(text: str, place: int) -> FoundAddress | None:
    """Read an unmistakable address at `place` of the folded lower-case text, else None."""
    if not _SIGN.search(text, place, place + _REACH):
        return None
    return _first(_STRONG, text, place)


def leading_address(text: str, place: int) -> FoundAddress | None:
    """Read the address an entry begins with; odd forms (1102 alone) come back as unsure."""
    found = _first(_LEADING, text, place)
    if found:
        return found
    found = _first(_SOFT, text, place)
    return FoundAddress(found.address, found.start, found.end, unsure=True) if found else None
