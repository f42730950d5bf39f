"""What became of the wishes: in time or not, and who then bought (R16, R18)."""
