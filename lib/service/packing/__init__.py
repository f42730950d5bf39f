"""Packaging material (R25): what went into a bag, what is left, when to buy again."""
