"""What complaints cost the shop, and what suppliers gave back (R31)."""
