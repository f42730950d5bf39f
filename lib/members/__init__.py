"""Members (mission part D): who the residents are."""
