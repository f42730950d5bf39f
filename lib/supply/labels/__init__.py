"""Goods with the community's own label (R3): versions, approval, and what is left of the print run.

A label in force shows as "only here" on the public price pages, live from these tables. One label
goes on one sale unit. Receiving a batch books nothing here: what labels were used is computed from
the batches that came while a version was the approved one, and from entries by hand, so that a
corrected delivery corrects the labels too.
"""
