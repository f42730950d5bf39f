"""What to buy on which day: small lots, often (R5)."""
