"""Receiving: what came is counted in, what is bad is rejected, and batches are made (E6, R8)."""
