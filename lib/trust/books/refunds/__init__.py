"""What residents did not pay after all: refunds, rounding, delivery fees given back (R20, E15)."""
