"""Owed goods at the desk: residents who have some coming and no order, and what was given (R29)."""
