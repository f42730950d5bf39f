"""Wishes: what residents ask for, on offer or answered within three days (R15-R18)."""

from lib.ui import (
    demands,
    demands_board,
    demands_figures,
    demands_in,
    demands_merge,
    demands_notes,
    demands_one,
    session,
)
from lib.ui.demands import View

shop = session.staff()
view = demands.heading(shop)

if view is View.ONE:
    demands_one.draw(shop)
elif view is View.IN:
    demands_in.draw(shop)
elif view is View.SAME:
    demands_merge.draw(shop)
elif view is View.NOTES:
    demands_notes.draw(shop)
elif view is View.FIGURES:
    demands_figures.draw(shop)
else:
    demands_board.draw(shop)
