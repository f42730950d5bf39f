"""Whether every published sheet is as it was published (R20).

``python start.py verify`` and the owner's button ask the same question and hear the same sentences.
Three things must agree: the sheet with its own fingerprint, its fingerprint with the sheet after
it, and both with the row that the journal wrote in the same moment; the journal is sealed with a
key that does not lie in the database. Whoever rewrites a sheet and all that follow it is found by
the journal; whoever rewrites the journal too is found by the seals.
"""
