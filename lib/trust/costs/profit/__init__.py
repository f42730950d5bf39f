"""What the shop earned with every product, round and month, after all costs (E15)."""
