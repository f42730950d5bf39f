"""A resident's data as a file, and its erasure: the books stay, the person is gone from them."""
