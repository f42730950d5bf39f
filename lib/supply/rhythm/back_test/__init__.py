"""Trying the plan on the week that is over, and rules on two years (R5)."""
