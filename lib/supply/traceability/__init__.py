"""Traceability: evidence that shows where goods come from, and the way from a batch to it (R8, R9).

Evidence belongs to a supplier, a product or a batch, and is internal until somebody publishes it.
A file is kept once (lib/shop/files); evidence rows point at it. Withdrawing or removing closes the
door at the next look, because ``/files/…`` asks here each time.
"""
