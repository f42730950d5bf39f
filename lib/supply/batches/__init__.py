"""Batches as the shop looks at them: how far each one's evidence is, where its goods went, whether
the group heard of it. What residents see of a batch is :mod:`lib.supply.origin`.
"""
