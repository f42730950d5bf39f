"""One reading of gifts for all lists: with who gets them and what is given."""
