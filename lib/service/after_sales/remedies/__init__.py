"""What is done about a case: what the pledge promises, what was agreed, and taking it back (R10,
R11, R29).

``rules`` works the pledge out of what went wrong; ``commands.solve`` does all of a solution in one
transaction: money back, goods owed, goods taken back, the clock met.
"""
