"""Bad goods that came back, and what became of them (R11; facts 3.4: it is recorded)."""
