"""What complaints took off lines that were not paid yet (R29): money, although no payment row.

A line's ``amount_fen`` is what is charged; what a complaint took off it stands in ``case_remedy``.
Whatever works the amount of a line out anew (the scale, a change of the order) takes it off again.
"""
