"""What the next sheet would say: what the books know, and what the owner typed over it (R20)."""
