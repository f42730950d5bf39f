"""Service (mission part C): pickup, delivery, after-sales."""
