"""Welfare items (R19): goods at or slightly below cost, said aloud."""
