"""What lies in the shop: an append-only ledger per batch (E4).

``stock_movement`` is the truth; what lies in a batch, of a product, and at the end of a day are its
sums, kept in the same transaction and compared with it by ``checks``. Goods leave earliest
expiry first. A product's stock is kept from its first movement on; before that handing
over moves nothing. More may leave than is booked: the difference is a movement without a batch,
the stock turns negative and every screen says so, because refusing the goods a resident stands
there for would only teach people not to book. Goods of a stopped batch, or past a date printed on
the package, never leave to a resident.
"""
