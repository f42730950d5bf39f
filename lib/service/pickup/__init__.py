"""Picking and the pickup desk: what to put out, what goes into each bag, what was handed over.

Newcomers start at :mod:`lib.service.pickup.rules`: a line's *outstanding* quantity is decided there
and nowhere else. What was given is a ledger (table ``handover``); what was put out for picking is a
tick per order line (table ``picked_line``).
"""
