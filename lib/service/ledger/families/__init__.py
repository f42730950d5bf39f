"""A case with the doubles that were joined with it, however often: one complaint."""
