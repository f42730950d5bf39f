"""The card a resident carries: a random code, as a QR code, that leads to their file (R33).

The code says nothing of anybody. Whoever finds a lost card can do nothing with it: only people of
the shop find a file by it, after signing in, and a new card makes the old one find nothing.
"""
