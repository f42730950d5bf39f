"""Products: what the shop sells, what residents call it, and every price it ever had.

``rules`` checks and reads what a person types, ``commands`` writes, ``queries`` reads. Others build
on ``queries.catalogue``: the goods of a round (or all goods) as the chain parser, the file import
and the walk-in counter want them.
"""
