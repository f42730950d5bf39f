"""Doubles of one complaint joined as one case, and taken apart again exactly (R28)."""
