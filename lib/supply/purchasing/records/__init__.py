"""The purchase record the law asks for, and how long it is kept (facts of the field, 3.1)."""
