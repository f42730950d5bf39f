"""Birthdays as residents keep them: solar or lunar, with or without a year (R34)."""
