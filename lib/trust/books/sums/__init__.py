"""What happened to every product in a stretch of days, added up.

Days that are over are settled once (``settled_day``); the others are read from the ledgers. Both
ways give the same figures, and a test compares them after any history.
"""
