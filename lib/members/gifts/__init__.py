"""Gifts for birthdays and festivals: looked ahead, chosen, bought in time, given once (R34, R35)."""
