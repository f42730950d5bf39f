"""Points: one for each yuan really paid, in a ledger that only grows (R36).

The ledger *is* the balance. Every change of what an order's goods were really paid with writes the
difference per order line, in the same transaction; points wait (``pending``) until the order's
after-sales window has closed.
"""
