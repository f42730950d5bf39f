"""Picking: what to put out, and what goes into each resident's bag.

Newcomers start at :mod:`lib.service.picking.rules`: a line's *outstanding* quantity is decided
there and nowhere else. What was put out is a tick per order line (table ``picked_line``). The
pickup desk (:mod:`lib.service.pickup`) stands on this topic, never the other way round.
"""
