"""Money between residents and the shop (E9, E10).

What an order owes is computed, never stored: lines, delivery, rounding and the payment rows say it.
Payment rows are never changed; a mistake is undone by a row that points at it. A resident's balance
is the sum of its ledger.
"""
