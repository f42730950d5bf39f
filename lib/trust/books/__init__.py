"""What goods really cost and bring, from the books (R20, E15).

One reading feeds the cost sheets that residents see and the owner's profit report, so the two can
never differ. Everything is computed from order lines, payments, the stock ledger and batches; what
somebody typed by hand joins later (:mod:`lib.trust.costs`). ``sums`` adds a stretch of days up,
:func:`lib.trust.books.queries.measured` makes costs of it.
"""
