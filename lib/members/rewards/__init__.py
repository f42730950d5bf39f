"""Rewards: what points are given for, giving them, taking that back, what is owed (R37)."""
