"""What people do at the shelf: throw away, send back, take back, sell over the counter, count (E4).

Each command books movements of the ledger (:mod:`lib.supply.stock`) and may be taken back by who
entered it: a row points at the one it reverses, once.
"""
