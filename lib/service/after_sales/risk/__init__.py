"""Batches of which several residents complain: what may be the matter with all of them."""
