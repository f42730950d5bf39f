"""Whether two pictures are the same, by what they show. Pure.

A *look* is 64 marks of a picture as 16 hexadecimal digits (:mod:`lib.shop.files.look`); a copy that
a phone or WeChat saved anew differs in few of them.
"""


def marks_of(look: str) -> int:
    """Return the marks of a look as the bits of a number."""
    return int(look, 16)


def apart(one: str, other: str) -> int | None:
    """Return in how many of 64 marks two looks differ; None where one is not known."""
    if not one or not other:
        return None
    return (marks_of(one) ^ marks_of(other)).bit_count()


def is_same(one: str, other: str, most_bits: int) -> bool:
    """Whether two looks are of the same picture: at most ``most_bits`` marks differ."""
    found = apart(one, other)
    return found is not None and found <= most_bits
