"""Photos of cases (R28): private, and compared with those of other cases."""
