"""The pickup desk: finding an order, who is still to come, what was handed over.

It works with the bags and lines of :mod:`lib.service.picking`, where a line's *outstanding*
quantity is decided. What was given is a ledger (table ``handover``).
"""
