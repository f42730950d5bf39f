"""What things cost and what residents pay: cost lines and published sheets (R20).

A sheet says for every product where each yuan of its price goes. Published sheets are numbered,
dated and never altered; each carries the fingerprint of the one before it, so that a change to any
of them shows. Everything a resident sees comes from a published sheet and from nowhere else.
"""
