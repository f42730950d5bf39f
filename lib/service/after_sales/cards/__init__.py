"""Cases as cards: the board, what is due, what a search finds, and which may be doubles."""
