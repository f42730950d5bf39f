"""How what was sold is shared by those who delivered it. Pure."""

from collections.abc import Mapping
from fractions import Fraction


def shared(
    sold: Fraction, taken: Mapping[int, int], suppliers: tuple[int, ...]
) -> dict[int, Fraction]:
    """Return what of ``sold`` each of ``suppliers`` bears; the parts add up to it.

    ``taken`` is what left out of the batches of each. One supplier alone bears all; of several, of
    whose batches nothing was taken, all bear equally.
    """
    if len(suppliers) <= 1:
        return dict.fromkeys(suppliers, sold)
    left = {each: max(taken.get(each, 0), 0) for each in suppliers}
    whole = sum(left.values())
    if not whole:
        return dict.fromkeys(suppliers, sold / len(suppliers))
    return {each: sold * part / whole for each, part in left.items()}
