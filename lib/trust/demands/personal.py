"""Phone numbers and addresses out of what residents wrote: nothing of it is needed for a wish."""

import re

from lib.trade.orders.chain.address import strong_address
from lib.trade.orders.chain.glyphs import Folded

_NUMBER = re.compile(
    r"(?:\+?86[\s-]?)?1[3-9][0-9](?:[\s.-]?[0-9]{4}){2}(?![0-9])"
    r"|0[0-9]{2,3}[\s-]?[0-9]{7,8}(?![0-9])|[0-9]{7,}[0-9xX]?"
    r"|(?:微信|wechat|vx|wx)号?\s?(?:[:是]\s?)?[a-z][-_a-z0-9]{5,19}(?![-_a-z0-9])"
)
_LABEL = re.compile(
    r"(?:(?:我的?|联系)?(?:电话|手机号?|号码|微信号?|地址)(?:[:：是]|号码)*\s*|我家(?:住|在)?|我?(?:住|在))$"
)
_LEFT = re.compile(r"\s*[,，、;；]\s*(?=$|[,，、;；。\n])|^[\s,，、;；]+", re.MULTILINE)


def without_numbers(text: str) -> str:
    """Return ``text`` without phone numbers, other long numbers and WeChat names."""
    return _without(text, addresses=False)


def without_personal(text: str) -> str:
    """Return ``text`` without phone numbers and doors (3-201, 5栋1单元302); same text for none."""
    return _without(text, addresses=True)


def _without(text: str, *, addresses: bool) -> str:
    look = Folded(text)
    spans = [look.span(*found.span()) for found in _NUMBER.finditer(look.lower)]
    if addresses:
        spans += _doors(look)
    if not spans:
        return text
    kept, at = "", 0
    for start, end in sorted(spans):
        if start >= at:
            kept = _LABEL.sub("", kept + text[at:start])
            at = end
    kept += text[at:]
    return _LEFT.sub("", kept).strip()


def _doors(look: Folded) -> list[tuple[int, int]]:
    spans, place = [], 0
    while place < len(look.lower):
        found = strong_address(look.lower, place)
        if found is None:
            place += 1
            continue
        spans.append(look.span(found.start, found.end))
        place = max(found.end, place + 1)
    return spans
