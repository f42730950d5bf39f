"""Suppliers: who they are, how far away, what they deliver and on which terms (R1, R9).

The distance is the straight line from the shop unless it was typed with how it was measured. The
one supplier per product that the plan orders from is ``preferred``. What papers and agreements
there are is kept by ``lib.supply.papers``; what expired is told here, because every page that shows
a supplier's goods says so.
"""
