"""Door delivery by need, inside the community (R23, R24)."""
