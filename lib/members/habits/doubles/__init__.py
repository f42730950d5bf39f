"""What becomes of two files when they are merged, before it is done (R33)."""
