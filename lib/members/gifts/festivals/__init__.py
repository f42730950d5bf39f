"""Festivals: what every household gets, which households that are, and who has it (R35)."""
