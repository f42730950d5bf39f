"""Who was asked whether they can deliver what residents wish for (R16)."""
