"""Calling a batch back (facts of the field, 3.1; food safety law, section 63).

The sale is stopped, the supplier and everybody who bought is told, and all of it is recorded. Who
has goods of the batch is read from the stock ledger: an order line whose goods left the very batch
is certain, one whose goods left without a batch while it lay in the shop is possible. What was paid
back is read from the payments and stored nowhere else.
"""
