"""From a wish to an offer in one step, and telling everybody who asked (R16, R18)."""
